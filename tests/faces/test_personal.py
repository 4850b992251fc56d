"""`/my-data`: a copy that only the person sees, and a deletion that says first what it does."""

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from simcord.results import InteractionResult

from cogs.personal import packages
from cogs.replies.cards import card
from storage.belongings import ERASED
from storage.transaction import Transaction
from tests.faces.stage import DAY, HOUR, STORY, Stage, buttons_of, custom_id_of, stage, text_of, text_of_view
from tests.faces.test_imports import asked as asked_to_bring_in
from tests.faces.test_imports import headings
from usecases.personal import File

BOTH = ["Delete my data", "Delete my data and take my chapters down", "Keep it"]


async def a_life(scene: Stage) -> None:
    """One chapter out, one waiting; a reader who follows."""
    await scene.start_series("The Salt Road")
    await scene.submit("The Salt Road", "One")
    await scene.submit("The Salt Road", "Two")
    await scene.reader.click(scene.network.history()[-1], label="Follow")
    await scene.env.settle()


def kept(tx: Transaction) -> int:
    """How many starts are kept without a name."""
    return len(tx.all("SELECT 1 FROM kept_starts"))


async def unpacked(answer: InteractionResult) -> dict[str, bytes]:
    """All files of a copy."""
    files: dict[str, bytes] = {}
    for message in answer.followups:
        assert message.ephemeral
        for attachment in message.attachments:
            with ZipFile(BytesIO(await attachment.read())) as package:
                files |= {name: package.read(name) for name in package.namelist()}
    return files


async def test_an_author_gets_a_copy_that_only_they_see(tmp_path: Path) -> None:
    """Texts as they were written, and a page that says what is what."""
    async with stage(tmp_path) as scene:
        await a_life(scene)
        answer = await scene.author.slash(scene.lobby, "my-data export")
        assert answer.ephemeral
        assert "this server" in text_of(answer)
        files = await unpacked(answer)
        assert files["texts/001 The Salt Road - One.md"].decode() == STORY.strip()
        assert {"README.txt", "chapters.json", "decisions.json"} <= set(files)
        assert str(scene.reader.id).encode() not in b"".join(files.values())
        theirs = await unpacked(await scene.reader.slash(scene.lobby, "my-data export"))
        assert json.loads(theirs["follows.json"])[0]["author_id"] == scene.author.id
        assert not any(name.startswith("texts/") for name in theirs)


async def test_who_has_nothing_here_is_told_so(tmp_path: Path) -> None:
    """By both commands, without a button."""
    async with stage(tmp_path) as scene:
        for command in ("my-data export", "my-data delete"):
            answer = await scene.reader.slash(scene.lobby, command)
            assert "I keep nothing of yours" in text_of(answer)
            assert buttons_of(answer) == []


@pytest.mark.parametrize("restart", [False, True])
async def test_delete_says_first_what_it_does_and_then_does_it(tmp_path: Path, restart: bool) -> None:
    """Also after a restart; what stands on Discord stays, what waits never comes, and the lane's date binds on."""
    async with stage(tmp_path) as scene:
        await a_life(scene)
        asked = await scene.author.slash(scene.lobby, "my-data delete")
        assert buttons_of(asked) == BOTH
        for told in ("1 waiting chapter", "1 chapter that came out", "rule C1", "cannot be undone", "3 messages"):
            assert told in text_of(asked), told
        if restart:
            await scene.restart()
        assert asked.response is not None
        assert custom_id_of(asked.response, BOTH[0]).endswith(f":{scene.author.id}")
        done = await scene.press(asked, BOTH[0])
        assert "is deleted" in text_of(done)
        await scene.env.settle()
        await scene.pass_time(4 * DAY)
        assert len(scene.network.history()) == 1
        assert len(scene.thread("The Salt Road").history()) == 3
        assert scene.notices.history() == []
        assert "I keep nothing" in text_of(await scene.author.slash(scene.lobby, "my-data delete"))
        await scene.start_series("Lanterns")
        shown = text_of(await scene.preview("Lanterns", "One"))
        assert "was deleted since" in shown
        gone = await scene.reader.click(scene.network.history()[-1], label="Follow")
        assert "nothing" in text_of(gone).lower()


async def test_the_kept_date_is_swept_when_it_has_lapsed(tmp_path: Path) -> None:
    """By the bot's own rounds; then nothing at all is left of the person."""
    async with stage(tmp_path) as scene:
        await a_life(scene)
        await scene.press(await scene.author.slash(scene.lobby, "my-data delete"), BOTH[1])
        assert await scene.bot.database.read(kept) == 1
        await scene.restart(offline=13 * DAY)
        assert await scene.bot.database.read(kept) == 1
        await scene.restart(offline=2 * DAY)
        assert await scene.bot.database.read(kept) == 0


async def test_with_the_second_button_the_chapters_are_taken_down_too(tmp_path: Path) -> None:
    """The announcement, the posts, the opening; the thread loses its name and keeps what others wrote there."""
    async with stage(tmp_path) as scene:
        await a_life(scene)
        home = scene.thread("The Salt Road")
        asked = await scene.author.slash(scene.lobby, "my-data delete")
        done = await scene.press(asked, BOTH[1])
        assert "taking down" in text_of(done)
        await scene.env.settle()
        assert scene.network.history() == []
        assert scene.notices.history() == []
        assert home.history() == []
        assert [thread.name for thread in scene.home.threads] == ["A series whose author has deleted it"]
        assert scene.moderation.history() == []


async def test_keep_it_deletes_nothing(tmp_path: Path) -> None:
    """All is there as before."""
    async with stage(tmp_path) as scene:
        await a_life(scene)
        asked = await scene.author.slash(scene.lobby, "my-data delete")
        assert "Nothing was deleted" in text_of(await scene.press(asked, "Keep it"))
        assert await unpacked(await scene.author.slash(scene.lobby, "my-data export"))


def test_a_large_copy_comes_in_several_files_within_the_limit() -> None:
    """Nothing is lost between them."""
    files = [File(f"{number}.bin", bytes(range(256)) * 40 + number.to_bytes(2, "big")) for number in range(20)]
    packed = packages(files, 4000)
    assert len(packed) > 1
    assert all(len(one) <= 4000 for one in packed)
    names = [name for one in packed for name in ZipFile(BytesIO(one)).namelist()]
    assert names == [file.name for file in files]


def test_nobody_who_was_erased_is_mentioned() -> None:
    """A card says so in words, wherever the name would stand."""
    assert text_of_view(card(f"<@{ERASED}> has paused it.")) == "somebody who has left no name has paused it."


async def test_deleted_while_older_work_is_posted_the_rest_never_comes(tmp_path: Path) -> None:
    """C13: what is not at home yet is named before, nothing is posted afterwards, and all that stood is gone."""
    async with stage(tmp_path) as scene:
        card = await asked_to_bring_in(scene)
        await scene.moderator.click(card, label="Confirm")
        assert headings(scene) == ["The Bell"]
        shown = await scene.author.slash(scene.lobby, "my-data delete")
        for told in ("2 older chapters not at home yet", "1 chapter that came out"):
            assert told in text_of(shown), told
        home = scene.thread("The Salt Road")
        done = await scene.press(shown, "Delete my data and take my chapters down")
        assert "is deleted" in text_of(done)
        await scene.pass_time(HOUR)
        left = [message.content for message in home.history()]
        assert not any("## " in text for text in left)
        assert scene.network.history() == []
        assert scene.moderation.history() == []
        assert "I keep nothing of yours" in text_of(await scene.author.slash(scene.lobby, "my-data export"))
