"""A label that is set, and an appeal, as people meet them: question, label, appeal, answer (L11, L12)."""

from pathlib import Path

import discord
import pytest
from simcord.actors import MemberActor
from simcord.backend.errors import SetupError
from simcord.results import InteractionResult

from demo import mischief
from tests.faces.stage import DAY, HOUR, Stage, buttons_of, custom_id_of, stage, text_of
from tests.faces.test_exceptions import another_moderator
from tests.faces.test_exceptions import asked as request_asked
from tests.faces.test_matters import listed, opened
from tests.faces.test_questions import asked

SET = {"chapter": "one", "ai": "assisted", "reason": "leftover_prompt", "note": "“Here is your chapter” in line 9"}


async def answered(scene: Stage) -> discord.Message:
    """A question was asked and answered; the moderators' card."""
    form = await scene.author.click(await asked(scene), label="Answer")
    await scene.author.submit_modal(form, {"answer": "I did.", "ai": ["as-it-is"]})
    return scene.moderation.history()[-1]


async def label(scene: Stage, by: MemberActor | None = None, **changes: str) -> InteractionResult:
    """A moderator runs `/review label`."""
    return await (by or scene.moderator).slash(scene.moderation, "review label", **(SET | changes))


async def ruled(scene: Stage) -> discord.Message:
    """A label was set; what the author reads."""
    await answered(scene)
    await label(scene)
    return scene.notices.history()[-1]


async def appealed(scene: Stage, *, restart: bool = False) -> discord.Message:
    """The author has appealed; the moderators' card."""
    told = await ruled(scene)
    if restart:
        await scene.restart()
    form = await scene.author.click(told, label="Appeal")
    if restart:
        await scene.restart()
    receipt = await scene.author.submit_modal(form, {"reason": "Line 9 is a letter in the story."})
    assert "is with the moderators" in text_of(receipt)
    return scene.moderation.history()[-1]


def network(scene: Stage) -> str:
    """What the network reads of the chapter."""
    (post,) = scene.network.history()
    return post.content


@pytest.mark.parametrize("restart", [False, True])
async def test_a_label_is_set_appealed_and_given_back(tmp_path: Path, restart: bool) -> None:
    """N5: the author hears each act with its reason; everything is as before in the end, through restarts."""
    async with stage(tmp_path) as scene:
        card = await appealed(scene, restart=restart)
        marge = another_moderator(scene)
        assert "The Salt Road: One" not in network(scene)
        told = [text_of(one) for one in scene.notices.history()]
        (set_so,) = [one for one in told if "has set the label" in one]
        for fact in ("leftover prompt text", "line 9", "You have appealed", scene.author.mention):
            assert fact in set_so
        for fact in (
            "Line 9 is a letter in the story.",
            "from “Written without AI” to “Written with the help of AI”",
            "leftover prompt text",
        ):
            assert fact in text_of(card)
        assert buttons_of(card) == ["Grant the appeal", "Keep it"]
        refused = await scene.moderator.click(card, label="Grant the appeal")
        assert "another moderator than the one who has decided" in text_of(refused)
        form = await marge.click(card, label="Grant the appeal")
        if restart:
            await scene.restart()
        await marge.submit_modal(form, {"reason": "It is a letter; sorry."})
        decided = scene.moderation.history()[-1]
        assert f"**Granted** by {marge.mention}" in text_of(decided)
        assert buttons_of(decided) == []
        assert "The Salt Road: One" in network(scene)
        answer = text_of(scene.notices.history()[-1])
        for fact in ("won your appeal", "It is a letter; sorry.", "“Written without AI” again", "counts nowhere"):
            assert fact in answer
        log = text_of(await scene.moderator.slash(scene.moderation, "review audit"))
        for fact in ("leftover prompt text", "appeal about “One” made", "appeal about “One” granted"):
            assert fact in log
        assert "Nothing waits" in text_of(await listed(scene))


async def test_kept_with_words_and_not_to_be_appealed_twice(tmp_path: Path) -> None:
    """By the same button, and by command."""
    async with stage(tmp_path) as scene:
        told = await ruled(scene)
        form = await scene.author.click(told, label="Appeal")
        await scene.author.submit_modal(form, {"reason": "No."})
        marge = another_moderator(scene)
        form = await marge.click(scene.moderation.history()[-1], label="Keep it")
        await marge.submit_modal(form, {"reason": "Line 9 says so itself."})
        answer = text_of(scene.notices.history()[-1])
        assert "it stays as decided" in answer
        assert "Line 9 says so itself." in answer
        again = await scene.author.slash(scene.lobby, "appeal", chapter="One", reason="please")
        assert "can be appealed once" in text_of(again)


async def test_the_label_is_set_from_the_questions_card_by_a_form(tmp_path: Path) -> None:
    """To what, for which reason of the list, with a note; the form outlives a restart."""
    async with stage(tmp_path) as scene:
        card = await answered(scene)
        assert buttons_of(card) == ["Leave as it is", "Set the label"]
        form = await scene.moderator.click(card, label="Set the label")
        await scene.restart()
        values = {"ai": ["generated"], "reason": ["author_said_so"], "note": ""}
        done = await scene.moderator.submit_modal(form, values)
        assert "now says “Mostly written by AI”" in text_of(done)
        decided = scene.moderation.history()[-1]
        assert "**The label was set**" in text_of(decided)
        assert buttons_of(decided) == []
        assert "rule L4" in text_of(scene.notices.history()[-1])


async def test_a_label_cannot_be_set_before_the_author_was_asked_nor_for_a_score(tmp_path: Path) -> None:
    """L11: the list has no place for a detector."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        await scene.submit("The Salt Road", "One")
        assert "Please ask first" in text_of(await label(scene))
        with pytest.raises(SetupError):
            await label(scene, reason="GPTZero says 97 %")
        command = next(one for one in scene.bot.tree.walk_commands() if one.qualified_name == "review label")
        assert isinstance(command, discord.app_commands.Command)
        options = {option.name: option for option in command.parameters}
        assert "detector's score is no reason" in str(options["note"].description)
        assert [choice.value for choice in options["reason"].choices] == [
            "author_said_so",
            "leftover_prompt",
            "file_metadata",
            "two_readers",
        ]


async def test_two_people_read_it_so(tmp_path: Path) -> None:
    """The second by a press, after a restart; the author hears only then."""
    async with stage(tmp_path) as scene:
        await answered(scene)
        heard = len(scene.notices.history())
        assert "It takes two" in text_of(await label(scene, reason="two_readers"))
        card = scene.moderation.history()[-1]
        assert buttons_of(card) == ["I read it so too", "I read it otherwise"]
        assert "another moderator has to read it too" in text_of(
            await scene.moderator.click(card, label="I read it so too")
        )
        assert len(scene.notices.history()) == heard
        await scene.restart()
        marge = another_moderator(scene)
        assert "Label to be read by a second moderator" in text_of(await listed(scene, marge))
        await marge.click(card, label="I read it so too")
        assert "**The label is set**" in text_of(scene.moderation.history()[-1])
        told = text_of(scene.notices.history()[-1])
        assert f"{scene.moderator.mention} and {marge.mention} have set it" in told
        assert "two people read it so" in told


async def test_read_otherwise_nothing_changes(tmp_path: Path) -> None:
    """And the card says who."""
    async with stage(tmp_path) as scene:
        await answered(scene)
        await label(scene, reason="two_readers")
        marge = another_moderator(scene)
        await marge.click(scene.moderation.history()[-1], label="I read it otherwise")
        assert f"{marge.mention} reads it otherwise" in text_of(scene.moderation.history()[-1])
        assert "The Salt Road: One" in network(scene)


async def test_a_declined_request_is_appealed_on_its_notice_and_granted(tmp_path: Path) -> None:
    """L12: every refusal; the chapter comes out as if the request had been approved."""
    async with stage(tmp_path) as scene:
        card = await request_asked(scene)
        form = await scene.moderator.click(card, label="Decline")
        await scene.moderator.submit_modal(form, {"reason": "Not this week."})
        told = scene.notices.history()[-1]
        assert "you can appeal once" in text_of(told)
        await scene.restart()
        form = await scene.author.click(told, label="Appeal")
        await scene.author.submit_modal(form, {"reason": "The festival is this week."})
        marge = another_moderator(scene)
        appeal = scene.moderation.history()[-1]
        for fact in ("The festival is this week.", "Not this week.", "I fly on Friday"):
            assert fact in text_of(appeal)
        form = await marge.click(appeal, label="Grant the appeal")
        await marge.submit_modal(form, {"reason": "Go."})
        assert "## Two" in [post.content.splitlines()[0] for post in scene.thread("The Salt Road").history()]
        assert "won your appeal" in text_of(scene.notices.history()[-1])
        again = await scene.author.slash(scene.lobby, "appeal", chapter="Two", reason="More.")
        assert "nothing to appeal" in text_of(again)


async def test_an_overdue_appeal_is_told_once_and_rises_in_the_list(tmp_path: Path) -> None:
    """Through an outage over its end."""
    async with stage(tmp_path) as scene:
        await appealed(scene)
        await scene.restart(offline=8 * DAY)
        await scene.pass_time(HOUR)
        overdue = [one for one in scene.moderation.history() if "Overdue: an appeal" in text_of(one)]
        assert len(overdue) == 1
        await scene.pass_time(2 * DAY)
        assert len([one for one in scene.moderation.history() if "Overdue: an appeal" in text_of(one)]) == 1
        item = await opened(scene, "Appeal")
        assert buttons_of(item) == ["Grant the appeal", "Keep it", "Take"]


async def test_two_moderators_answer_at_once_and_one_answer_wins(tmp_path: Path) -> None:
    """The other is told politely who it was; strangers get nowhere."""
    async with stage(tmp_path) as scene:
        card = await appealed(scene)
        marge, maud = another_moderator(scene), another_moderator(scene)
        assert "Only moderators" in text_of(await scene.reader.click(card, label="Keep it"))
        forms = [(one, await one.click(card, label="Keep it")) for one in (marge, maud)]
        texts = [text_of(await one.submit_modal(form, {"reason": "It stays."})) for one, form in forms]
        assert [f"{marge.mention} has answered this appeal already" in text for text in texts] == [False, True]
        assert len([one for one in scene.notices.history() if "it stays as decided" in text_of(one)]) == 1


async def test_two_readers_press_at_once_and_one_outcome_holds(tmp_path: Path) -> None:
    """One says so too, the other is told."""
    async with stage(tmp_path) as scene:
        await answered(scene)
        await label(scene, reason="two_readers")
        card = scene.moderation.history()[-1]
        people = [another_moderator(scene), another_moderator(scene)]
        press = custom_id_of(card, "I read it so too")
        await mischief.click_together(scene.env, scene.moderation, card.id, people, press)
        told = [
            text
            for person in people
            for message in scene.moderation.history(viewer=person)
            if "has read it so too, and the label is set" in (text := text_of(message))
        ]
        assert len(told) == 1
        assert len([one for one in scene.notices.history() if "has set the label" in text_of(one)]) == 1
