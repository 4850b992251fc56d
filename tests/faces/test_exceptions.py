"""Exceptions in chat: asked on the notice, decided on a card, granted by command and on a member (E1 to E7)."""

from pathlib import Path

import discord
import pytest
from simcord.actors import MemberActor
from simcord.backend.errors import SetupError

from demo import mischief
from tests.faces.stage import DAY, MODERATION, Stage, buttons_of, custom_id_of, stage, text_of

WHY = {"reason": "I fly on Friday"}


async def delayed(scene: Stage) -> discord.Message:
    """A chapter is out, a second waits; its notice in the notices channel."""
    await scene.start_series("The Salt Road")
    await scene.submit("The Salt Road", "One")
    await scene.submit("The Salt Road", "Two")
    return scene.notices.history()[-1]


async def asked(scene: Stage) -> discord.Message:
    """The author has asked; the card in the moderators' channel."""
    notice = await delayed(scene)
    form = await scene.author.click(notice, label="Ask for an exception")
    answer = await scene.author.submit_modal(form, WHY)
    assert "asked the moderators" in text_of(answer)
    return scene.moderation.history()[-1]


def released(scene: Stage) -> list[str]:
    """The headings in the home."""
    posts = (message.content for message in scene.thread("The Salt Road").history())
    return [post.splitlines()[0] for post in posts if post.startswith("## ")]


def another_moderator(scene: Stage) -> MemberActor:
    """Marge."""
    role = scene.guild.create_role("More moderators", permissions=MODERATION)
    return scene.guild.add_member(scene.env.create_user("marge"), roles=[role])


@pytest.mark.parametrize("restart", [False, True])
async def test_asked_on_the_notice_approved_on_the_card_and_out_at_once(tmp_path: Path, restart: bool) -> None:
    """E6, E2: the author hears, with words; also after a restart."""
    async with stage(tmp_path) as scene:
        card = await asked(scene)
        for fact in (scene.author.mention, "I fly on Friday", "rule C2", "“One”", "comes out at once", "nothing yet"):
            assert fact in text_of(card)
        assert buttons_of(card) == ["Approve", "Decline"]
        if restart:
            await scene.restart()
        await scene.moderator.click(card, label="Approve")
        assert released(scene) == ["## One", "## Two"]
        decided = scene.moderation.history()[-1]
        assert f"Approved** by {scene.moderator.mention}" in text_of(decided)
        assert buttons_of(decided) == []
        told = text_of(scene.notices.history()[-1])
        assert "your exception is granted" in told
        assert scene.author.mention in told


async def test_declined_with_a_reason_that_the_author_reads(tmp_path: Path) -> None:
    """E6: a refusal carries its reason; the promise stands."""
    async with stage(tmp_path) as scene:
        card = await asked(scene)
        form = await scene.moderator.click(card, label="Decline")
        await scene.restart()
        await scene.moderator.submit_modal(form, {"reason": "You had one last week."})
        assert released(scene) == ["## One"]
        assert "You had one last week." in text_of(scene.notices.history()[-1])
        assert "Declined" in text_of(scene.moderation.history()[-1])
        await scene.pass_time(3 * DAY)
        assert released(scene) == ["## One", "## Two"]


async def test_two_moderators_press_at_the_same_moment_and_one_decision_wins(tmp_path: Path) -> None:
    """E6: the other gets a polite answer."""
    async with stage(tmp_path) as scene:
        card = await asked(scene)
        marge = another_moderator(scene)
        approve = custom_id_of(card, "Approve")
        await mischief.click_together(scene.env, scene.moderation, card.id, [scene.moderator, marge], approve)
        assert released(scene) == ["## One", "## Two"]
        answers = [
            text
            for person in (scene.moderator, marge)
            for message in scene.moderation.history(viewer=person)
            if "has approved this already" in (text := text_of(message))
        ]
        assert len(answers) == 1


async def test_nobody_grants_to_themselves_through_any_door(tmp_path: Path) -> None:
    """E5: card, command, context menu."""
    async with stage(tmp_path) as scene:
        both = another_moderator(scene)
        await scene.start_series("Mine", author=both)
        await scene.submit("Mine", "One", author=both)
        await scene.submit("Mine", "Two", author=both)
        form = await both.click(scene.notices.history()[-1], label="Ask for an exception")
        await both.submit_modal(form, WHY)
        card = scene.moderation.history()[-1]
        for label in ("Approve", "Decline"):
            assert "rule E5" in text_of(await both.click(card, label=label))
        by_command = await both.slash(scene.moderation, "exception grant", author=both, lane="chapter", reason="me")
        assert "rule E5" in text_of(by_command)
        menu = await both.context_menu(scene.moderation, "Grant an exception", both)
        assert "rule E5" in text_of(await both.submit_modal(menu, {"lane": ["chapter"], "reason": "me"}))
        assert len([post for post in scene.thread("Mine").history() if post.content.startswith("## ")]) == 1


async def test_only_moderators_decide_whoever_sees_the_card(tmp_path: Path) -> None:
    """Checked at the button, on our side; commands are hidden by Discord."""
    async with stage(tmp_path) as scene:
        card = await asked(scene)
        for label in ("Approve", "Decline"):
            assert "Only moderators" in text_of(await scene.reader.click(card, label=label))
        with pytest.raises(SetupError):
            await scene.author.slash(scene.lobby, "exception list")
        assert released(scene) == ["## One"]


async def test_granted_by_command_before_it_is_needed_listed_and_revoked(tmp_path: Path) -> None:
    """E7: the author is told; the next chapter would use it; revoked, it waits again."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        await scene.submit("The Salt Road", "One")
        done = await scene.moderator.slash(
            scene.moderation,
            "exception grant",
            author=scene.author,
            lane="chapter",
            reason="A festival",
            series="salt",
        )
        assert "kept for the next chapter" in text_of(done)
        assert "A festival" in text_of(scene.notices.history()[-1])
        shown = await scene.preview("The Salt Road", "Two")
        assert "by a moderator's exception (rule E2)" in text_of(shown)
        listed = await scene.moderator.slash(scene.moderation, "exception list")
        assert "0 of 1 used" in text_of(listed)
        revoked = await scene.moderator.slash(
            scene.moderation, "exception revoke", exception="a festival", reason="It was cancelled"
        )
        assert "is revoked" in text_of(revoked)
        assert "It was cancelled" in text_of(scene.notices.history()[-1])  # N5
        after = text_of(await scene.moderator.slash(scene.moderation, "exception list"))
        for fact in ("revoked <t:", f"revoked by {scene.moderator.mention}: “It was cancelled”", "“A festival”"):
            assert fact in after
        waits = await scene.press(shown, "Submit")
        assert "waits its turn" in text_of(waits)


async def test_e6_the_card_says_why_it_waits_to_a_moderator_not_to_its_author(tmp_path: Path) -> None:
    """A start counts from *their* last one; in a challenge the card says so."""
    async with stage(tmp_path) as scene:
        await delayed(scene)
        await scene.start_series("Lanterns")
        await scene.submit("Lanterns", "Beginning")
        await scene.author.slash(scene.lobby, "chapter ask", chapter="Beginning", reason="please")
        card = text_of(scene.moderation.history()[-1])
        assert f"Lanterns · <@{scene.author.id}> asks: “please”" in card
        assert "counted from their “The Salt Road”" in card
        opened = await scene.moderator.slash(
            scene.moderation, "challenge open", name="Winter", deadline="in 5 days", window=5
        )
        await scene.press(opened, "Open the challenge", by=scene.moderator)
        await scene.author.slash(scene.lobby, "series enter", series="salt", challenge="Winter")
        await scene.submit("The Salt Road", "Three")
        await scene.author.slash(scene.lobby, "chapter ask", chapter="Three", reason="please")
        assert "It is part of “Winter”" in text_of(scene.moderation.history()[-1])


async def test_the_list_says_what_became_of_every_exception(tmp_path: Path) -> None:
    """E2, E3: open, in use, used up, ended; and for which chapter."""
    async with stage(tmp_path) as scene:
        await delayed(scene)
        options = {"author": scene.author, "lane": "chapter", "reason": "A festival", "uses": 2, "days": 5}
        await scene.moderator.slash(scene.moderation, "exception grant", **options)
        await scene.submit("The Salt Road", "Three", wanted="in 2 days")

        async def listed() -> str:
            return text_of(await scene.moderator.slash(scene.moderation, "exception list", author=scene.author))

        shown = await listed()
        for fact in ("2 of 2 used · used up", "let “Two” out <t:", "lets “Three” out <t:", scene.moderator.mention):
            assert fact in shown
        await scene.author.slash(scene.lobby, "chapter withdraw", chapter="Three")
        assert "1 of 2 used · open until" in await listed()
        await scene.pass_time(5 * DAY)
        shown = await listed()
        assert "1 of 2 used · ended <t:" in shown
        assert "Three" not in shown
        choices = await scene.moderator.autocomplete(scene.moderation, "exception revoke", "exception", "")
        assert choices == []


async def test_granted_on_a_member_by_right_click(tmp_path: Path) -> None:
    """*Grant an exception*."""
    async with stage(tmp_path) as scene:
        await delayed(scene)
        form = await scene.moderator.context_menu(scene.moderation, "Grant an exception", scene.author)
        done = await scene.moderator.submit_modal(form, {"lane": ["chapter"], "reason": "Well earned"})
        assert "“Two” comes out at once" in text_of(done)
        assert released(scene) == ["## One", "## Two"]


async def test_asked_by_command(tmp_path: Path) -> None:
    """`/chapter ask`, once."""
    async with stage(tmp_path) as scene:
        await delayed(scene)
        asking = {"chapter": "Two", "reason": "please"}
        assert "asked the moderators" in text_of(await scene.author.slash(scene.lobby, "chapter ask", **asking))
        assert "have your request" in text_of(await scene.author.slash(scene.lobby, "chapter ask", **asking))
        assert len(scene.moderation.history()) == 1
