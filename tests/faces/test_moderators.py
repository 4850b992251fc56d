"""Who decides for a community: who sees its moderators' channel (E5, N5)."""

from pathlib import Path

import discord
from simcord.actors import MemberActor
from simcord.builders import RoleHandle

from tests.faces.stage import MODERATION, Stage, stage, text_of

MESSAGES = discord.Permissions(manage_messages=True)


def a_member(scene: Stage, name: str, *roles: RoleHandle) -> MemberActor:
    """Somebody with these roles."""
    return scene.guild.add_member(scene.env.create_user(name), roles=list(roles))


async def decides(scene: Stage, member: MemberActor) -> bool:
    """Whether the bot lets somebody open a challenge, in a channel that everybody sees."""
    shown = await member.slash(scene.lobby, "challenge open", name="Winter", deadline="in 5 days")
    assert shown.ephemeral
    return "Only moderators" not in text_of(shown)


async def test_who_sees_the_moderators_channel_decides_whatever_else_they_may(tmp_path: Path) -> None:
    """Without any right of Discord's; and the right to manage messages elsewhere is not enough."""
    async with stage(tmp_path) as scene:
        insiders = scene.close_moderation()
        helpers = scene.guild.create_role("Helpers", permissions=MESSAGES)
        keepers = scene.guild.create_role("Keepers", permissions=discord.Permissions(manage_guild=True))
        assert await decides(scene, a_member(scene, "insider", insiders))
        assert await decides(scene, a_member(scene, "keeper", keepers))
        assert not await decides(scene, a_member(scene, "helper", helpers))
        assert not await decides(scene, scene.author)


async def test_an_insider_approves_on_the_card_as_long_as_that_means_something(tmp_path: Path) -> None:
    """E6: checked at each press, also under a card that was posted before."""
    async with stage(tmp_path) as scene:
        insiders = scene.close_moderation()
        await scene.start_series("The Salt Road")
        for title in ("One", "Two", "Three"):
            await scene.submit("The Salt Road", title)
        for title in ("Two", "Three"):
            await scene.author.slash(scene.lobby, "chapter ask", chapter=title, reason="I fly on Friday")
        insider = a_member(scene, "insider", insiders)
        first, second = scene.moderation.history()[-2:]
        await insider.click(first, label="Approve")
        assert "Approved** by" in text_of(scene.moderation.history()[-2])
        scene.env.backend.delete_overwrite(scene.moderation.id, scene.guild.id)  # now everybody sees it
        refused = await insider.click(second, label="Approve")
        assert "Only moderators" in text_of(refused)


async def test_where_everybody_sees_that_channel_it_takes_manage_messages_in_it(tmp_path: Path) -> None:
    """Otherwise everybody would decide; `/setup` says which of the two holds."""
    async with stage(tmp_path) as scene:
        helpers = scene.guild.create_role("Helpers", permissions=MESSAGES)
        assert await decides(scene, a_member(scene, "helper", helpers))
        assert not await decides(scene, scene.author)
        assert "everybody sees" in text_of(await scene.set_up())
        scene.close_moderation()
        closed = await scene.moderator.slash(scene.lobby, "setup", zone="UTC")
        assert "whoever sees" in text_of(closed)


async def test_while_the_channel_is_gone_only_who_can_choose_another_decides(tmp_path: Path) -> None:
    """*Manage Server*: the same people who can run `/setup`."""
    async with stage(tmp_path) as scene:
        insiders = scene.close_moderation()
        insider = a_member(scene, "insider", insiders)
        helpers = scene.guild.create_role("Helpers", permissions=MESSAGES)
        scene.env.backend.delete_channel(scene.moderation.id)
        assert not await decides(scene, insider)
        assert not await decides(scene, a_member(scene, "helper", helpers))
        assert await decides(scene, a_member(scene, "keeper", scene.guild.create_role("K", permissions=MODERATION)))
