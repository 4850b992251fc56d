"""`/review queue` as moderators meet it."""

from pathlib import Path

import discord
import pytest
from simcord.actors import MemberActor
from simcord.backend.errors import SetupError
from simcord.results import InteractionResult

from demo import mischief
from tests.faces.stage import Stage, buttons_of, choices_of, stage, text_of
from tests.faces.test_exceptions import another_moderator, asked, released
from tests.faces.test_setup import deny


async def listed(scene: Stage, by: MemberActor | None = None) -> InteractionResult:
    """A moderator runs `/review queue`."""
    return await (by or scene.moderator).slash(scene.moderation, "review queue")


async def opened(scene: Stage, part: str, by: MemberActor | None = None) -> InteractionResult:
    """A moderator opens the one matter whose label holds these words."""
    shown = await listed(scene, by)
    (value,) = [value for label, value in choices_of(shown).items() if part in label]
    assert shown.response is not None
    return await (by or scene.moderator).select(shown.response, [value])


async def test_an_empty_list_is_a_kind_sentence(tmp_path: Path) -> None:
    """Nothing to press."""
    async with stage(tmp_path) as scene:
        shown = await listed(scene)
        assert shown.ephemeral
        assert "Nothing waits for you" in text_of(shown)
        assert buttons_of(shown) == []


async def test_a_request_is_opened_taken_and_decided_and_every_card_says_so(tmp_path: Path) -> None:
    """Another moderator sees who is on it, and may decide all the same; through a restart."""
    async with stage(tmp_path) as scene:
        await asked(scene)
        marge = another_moderator(scene)
        shown = await listed(scene)
        for fact in ("1 matter waiting", "“Two”", scene.author.mention, "If nobody acts: it comes out as promised"):
            assert fact in text_of(shown)
        item = await opened(scene, "Two")
        assert item.ephemeral
        assert buttons_of(item) == ["Approve", "Decline", "Take"]
        taken = await scene.press(item, "Take", by=scene.moderator)
        assert buttons_of(taken) == ["Approve", "Decline", "Put back"]
        on_it = f"{scene.moderator.mention} is on it"
        assert on_it in text_of(taken)
        assert on_it in text_of(scene.moderation.history()[-1])
        await scene.restart()
        assert on_it in text_of(await listed(scene, marge))
        hers = await opened(scene, "Two", marge)
        refused = await scene.press(hers, "Take", by=marge)
        assert on_it in text_of(refused)
        decided = await scene.press(hers, "Approve", by=marge)
        assert f"Approved** by {marge.mention}" in text_of(decided)
        assert released(scene) == ["## One", "## Two"]
        card = scene.moderation.history()[-1]
        for fact in (f"Approved** by {marge.mention}", f"{scene.moderator.mention} was on it"):
            assert fact in text_of(card)
        assert buttons_of(card) == []
        late = await scene.press(taken, "Put back", by=scene.moderator)
        assert "Somebody has seen to this already" in text_of(late)
        assert "Nothing waits for you" in text_of(await listed(scene))


async def test_put_back_and_refreshed(tmp_path: Path) -> None:
    """Nobody is on it then."""
    async with stage(tmp_path) as scene:
        await asked(scene)
        shown = await listed(scene)
        taken = await scene.press(await opened(scene, "Two"), "Take", by=scene.moderator)
        assert "is on it" in text_of(await scene.press(shown, "Refresh", by=scene.moderator))
        back = await scene.press(taken, "Put back", by=scene.moderator)
        assert buttons_of(back) == ["Approve", "Decline", "Take"]
        assert "is on it" not in text_of(scene.moderation.history()[-1])


async def test_held_posts_are_one_matter_and_tried_again_from_there(tmp_path: Path) -> None:
    """R3: with the cause; what is mended goes on."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        deny(scene, scene.notices, discord.Permissions.send_messages.flag)
        for title in ("One", "Two", "Three"):
            await scene.submit("The Salt Road", title)
        item = await opened(scene, "Held posts, 2")
        for fact in (
            scene.notices.mention,
            "I lack a permission",
            "With it 1 post more",
            "If nobody acts: they stay held",
        ):
            assert fact in text_of(item)
        role = next(role for role in scene.guild._guild.roles.values() if role.managed)
        scene.env.backend.delete_overwrite(scene.notices.id, role.id)
        tried = await scene.press(item, "Try again", by=scene.moderator)
        assert "all 2 posts" in text_of(tried)
        assert len(scene.notices.history()) == 2
        assert "Nothing waits for you" in text_of(await listed(scene))


async def test_a_pause_without_an_end_is_ended_from_there(tmp_path: Path) -> None:
    """With a reason, by a form that outlives a restart."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        for title in ("One", "Two"):
            await scene.submit("The Salt Road", title)
        await scene.moderator.slash(scene.moderation, "review hold", series="salt", reason="Let us talk")
        item = await opened(scene, "The Salt Road")
        assert "Let us talk" in text_of(item)
        form = await scene.press(item, "Resume", by=scene.moderator)
        await scene.restart()
        done = await scene.moderator.submit_modal(form, {"reason": "We have talked"})
        assert "goes on" in text_of(done)
        assert "Nothing waits for you" in text_of(await listed(scene))


async def test_only_moderators_may_look_take_and_open(tmp_path: Path) -> None:
    """Hidden by Discord, checked by us at each press."""
    async with stage(tmp_path) as scene:
        card = await asked(scene)
        with pytest.raises(SetupError):
            await scene.author.slash(scene.lobby, "review queue")
        for verb in ("matters", "matter", "take", "put-back", "end-hold", "end-hold-form"):
            await mischief.click_together(scene.env, scene.moderation, card.id, [scene.reader], f"{verb}:1")
        answers = [text_of(message) for message in scene.moderation.history(viewer=scene.reader)]
        assert sum("Only moderators" in answer for answer in answers) == 6
