"""Reading attachments: a slow one delays nobody but those of its kind."""

import asyncio
import threading
from unittest import mock

import discord
import pytest

from cogs.manuscripts import read_attachment
from usecases.manuscripts import LARGEST_FILE, Manuscript
from usecases.refusals import Unreadable, UnreadableManuscriptError


def an_attachment(filename: str, size: int = 1) -> mock.Mock:
    """What Discord says of an uploaded file."""
    file = mock.Mock(spec=discord.Attachment, filename=filename, size=size)
    file.read = mock.AsyncMock(spec=discord.Attachment.read, return_value=b"x")
    return file


def from_person(person_id: int) -> mock.Mock:
    """A command that was heard."""
    heard = discord.InteractionResponseType.deferred_channel_message
    response = mock.Mock(spec=discord.InteractionResponse, type=heard)
    return mock.Mock(spec=discord.Interaction, user=mock.Mock(spec=discord.User, id=person_id), response=response)


async def test_slow_files_wait_for_their_turn_and_texts_and_everything_else_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[str] = []
    go_on = threading.Event()

    def read(filename: str, _data: bytes) -> Manuscript:
        begun.append(filename)
        assert go_on.wait(30)
        return Manuscript(filename)

    monkeypatch.setattr("cogs.manuscripts.read_manuscript_apart", read)
    slow = [
        asyncio.create_task(read_attachment(from_person(number), an_attachment(f"{number}.docx")))
        for number in range(4)
    ]
    assert (await read_attachment(from_person(0), an_attachment("a.md"))).markdown == "x"
    while len(begun) < 2:
        await asyncio.to_thread(lambda: None)
    assert begun == ["0.docx", "1.docx"]
    assert not any(task.done() for task in slow)
    go_on.set()
    assert [read.markdown for read in await asyncio.gather(*slow)] == [f"{number}.docx" for number in range(4)]


async def test_too_large_a_file_is_not_even_fetched() -> None:
    file = an_attachment("a.docx", LARGEST_FILE + 1)
    with pytest.raises(UnreadableManuscriptError) as caught:
        await read_attachment(from_person(1), file)
    assert caught.value.reason is Unreadable.TOO_LARGE
    file.read.assert_not_called()
