"""A question about a label, as its author and the moderators meet it (L11)."""

from pathlib import Path

import discord
import pytest

from demo import mischief
from tests.faces.stage import DAY, HOUR, Stage, buttons_of, stage, text_of
from tests.faces.test_exceptions import another_moderator
from tests.faces.test_matters import listed, opened

QUESTION = "It reads like two people. Who wrote it?"


async def asked(scene: Stage) -> discord.Message:
    """A chapter is out, and its author is asked; the question in the notices channel."""
    await scene.start_series("The Salt Road")
    await scene.submit("The Salt Road", "One")
    done = await scene.moderator.slash(scene.moderation, "review ask", chapter="one", question=QUESTION)
    assert "I am asking the author of “One”" in text_of(done)
    return scene.notices.history()[-1]


@pytest.mark.parametrize("restart", [False, True])
async def test_asked_answered_in_words_and_left_as_it_is(tmp_path: Path, restart: bool) -> None:
    """Each step through a restart; every card shows what holds."""
    async with stage(tmp_path) as scene:
        question = await asked(scene)
        for fact in (scene.author.mention, QUESTION, "“Written without AI”", "rule L11", "no detector's score"):
            assert fact in text_of(question)
        assert buttons_of(question) == ["Answer"]
        if restart:
            await scene.restart()
        form = await scene.author.click(question, label="Answer")
        if restart:
            await scene.restart()
        thanks = await scene.author.submit_modal(form, {"answer": "My sister and I.", "ai": ["as-it-is"]})
        assert thanks.ephemeral
        assert "is with the moderators" in text_of(thanks)
        answered = scene.notices.history()[-1]
        assert "You have answered" in text_of(answered)
        assert buttons_of(answered) == []
        card = scene.moderation.history()[-1]
        for fact in ("My sister and I.", QUESTION, scene.author.mention, "Written without AI"):
            assert fact in text_of(card)
        if restart:
            await scene.restart()
        await scene.moderator.click(card, label="Leave as it is")
        decided = scene.moderation.history()[-1]
        assert f"**Left as it is** by {scene.moderator.mention}" in text_of(decided)
        assert buttons_of(decided) == []
        assert "stays as it is" in text_of(scene.notices.history()[-1])
        log = text_of(await scene.moderator.slash(scene.moderation, "review audit"))
        for fact in (
            "author of “One” asked about",
            "about “One” answered",
            "label of “One” left as it is",
            "My sister and I.",
        ):
            assert fact in log


async def test_reminded_once_overdue_told_once_and_risen_in_the_list(tmp_path: Path) -> None:
    """Through a restart between any two; nothing happens by itself."""
    async with stage(tmp_path) as scene:
        await asked(scene)
        assert "Waits for its author" in text_of(await listed(scene))
        await scene.restart(offline=HOUR)
        await scene.pass_time(2 * DAY)
        reminders = [text_of(one) for one in scene.notices.history() if "Still open" in text_of(one)]
        assert len(reminders) == 1
        assert scene.author.mention in reminders[0]
        await scene.restart(offline=DAY)
        await scene.pass_time(3 * DAY)
        assert len([one for one in scene.notices.history() if "Still open" in text_of(one)]) == 1
        (card,) = [one for one in scene.moderation.history() if "A question about" in text_of(one)]
        assert "No answer came" in text_of(card)
        assert "silence alone is none" in text_of(card)
        item = await opened(scene, "Question about a label")
        assert "Leave as it is" in buttons_of(item)
        assert [one.content for one in scene.network.history()] != []


async def test_the_answer_can_bring_another_label_with_its_cure(tmp_path: Path) -> None:
    """L8: what the label then lacks is mended by one press."""
    async with stage(tmp_path) as scene:
        question = await asked(scene)
        form = await scene.author.click(question, label="Answer")
        thanks = await scene.author.submit_modal(form, {"answer": "A tool helped.", "ai": ["assisted"]})
        assert "now says “Written with the help of AI”" in text_of(thanks)
        assert "rule L3" in text_of(thanks)
        card = text_of(scene.moderation.history()[-1])
        assert "They have set the label to “Written with the help of AI”" in card


async def test_only_the_author_answers_and_only_moderators_decide(tmp_path: Path) -> None:
    """Checked at the press."""
    async with stage(tmp_path) as scene:
        question = await asked(scene)
        assert "Only its author" in text_of(await scene.reader.click(question, label="Answer"))
        form = await scene.author.click(question, label="Answer")
        await scene.author.submit_modal(form, {"answer": "I did.", "ai": ["as-it-is"]})
        card = scene.moderation.history()[-1]
        assert "Only moderators" in text_of(await scene.reader.click(card, label="Leave as it is"))


async def test_two_moderators_at_once_give_one_decision_and_one_polite_answer(tmp_path: Path) -> None:
    """It says who decided."""
    async with stage(tmp_path) as scene:
        question = await asked(scene)
        form = await scene.author.click(question, label="Answer")
        await scene.author.submit_modal(form, {"answer": "I did.", "ai": ["as-it-is"]})
        card = scene.moderation.history()[-1]
        marge = another_moderator(scene)
        press = f"leave-label:{await question_id(scene)}"
        await mischief.click_together(scene.env, scene.moderation, card.id, [scene.moderator, marge], press)
        told = [
            text
            for person in (scene.moderator, marge)
            for message in scene.moderation.history(viewer=person)
            if "has decided about this question already" in (text := text_of(message))
        ]
        assert len(told) == 1
        assert len([one for one in scene.notices.history() if "stays as it is" in text_of(one)]) == 1


async def question_id(scene: Stage) -> int:
    """The number of the only question."""
    row = await scene.bot.database.read(lambda tx: tx.one("SELECT id FROM questions"))
    assert row is not None
    return int(row["id"])
