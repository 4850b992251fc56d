"""A reader tells the moderators privately that a label may be wrong, and sees what came of it (R6, L11)."""

from pathlib import Path

import pytest

from tests.faces.stage import HOUR, buttons_of, stage, text_of
from tests.faces.test_matters import listed, opened
from tests.faces.test_readers import another_reader, feed, one_out


@pytest.mark.parametrize("restart", [False, True])
async def test_said_privately_read_by_a_moderator_and_answered(tmp_path: Path, restart: bool) -> None:
    """Each step through a restart; no name anywhere, nothing in any channel, and once a chapter."""
    async with stage(tmp_path) as scene:
        announced = await one_out(scene)
        await feed(scene)
        why = await scene.reader.click(announced, label="Why am I seeing this?")
        assert "The label may be wrong" in buttons_of(why)
        form = await scene.press(why, "The label may be wrong", by=scene.reader)
        if restart:
            await scene.restart()
        told = await scene.reader.submit_modal(form, {"words": "It ends with “as you asked”."})
        assert told.ephemeral
        assert "without your name" in text_of(told)
        again = await scene.reader.click(announced, label="Why am I seeing this?")
        assert "No moderator has read it yet" in text_of(again)
        assert "The label may be wrong" not in buttons_of(again)
        assert "may be wrong" not in text_of(
            await another_reader(scene).click(announced, label="Why am I seeing this?")
        )
        assert "Readers about a label" in text_of(await listed(scene))
        if restart:
            await scene.restart()
        await scene.pass_time(HOUR)
        item = await opened(scene, "Readers about a label")
        assert "as you asked" in text_of(item)
        assert scene.reader.mention not in text_of(item)
        form = await scene.press(item, "Leave it", by=scene.moderator)
        done = await scene.moderator.submit_modal(form, {"words": "It is a letter in the story."})
        assert "stays as it is" in text_of(done)
        assert "what you said of the label of “One”" in await feed(scene)
        await scene.pass_time(HOUR)
        assert "what you said" not in await feed(scene)
        after = text_of(await scene.reader.click(announced, label="Why am I seeing this?"))
        assert "left the label as it is: “It is a letter in the story.”" in after
        assert scene.moderation.history() == []
        assert "the label of “One” read" in text_of(await scene.moderator.slash(scene.moderation, "review audit"))


async def test_the_author_is_asked_and_reads_no_name(tmp_path: Path) -> None:
    """The question is the moderator's; the author's own chapter has no such button for them."""
    async with stage(tmp_path) as scene:
        announced = await one_out(scene)
        own = await scene.author.click(announced, label="Why am I seeing this?")
        assert "The label may be wrong" not in buttons_of(own)
        why = await scene.reader.click(announced, label="Why am I seeing this?")
        form = await scene.press(why, "The label may be wrong", by=scene.reader)
        await scene.reader.submit_modal(form, {"words": "She said so elsewhere."})
        form = await scene.press(await opened(scene, "Readers about a label"), "Ask the author", by=scene.moderator)
        asked = await scene.moderator.submit_modal(form, {"words": "Did AI help you with it?"})
        assert "I am asking the author" in text_of(asked)
        question = text_of(scene.notices.history()[-1])
        assert "Did AI help you with it?" in question
        assert scene.reader.mention not in question
        assert "She said so elsewhere" not in question
        after = text_of(await scene.reader.click(announced, label="Why am I seeing this?"))
        assert "asked its author" in after
