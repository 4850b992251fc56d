"""Reading what an author hands in: the same for a new chapter and for a new text of an old one.

What holds more than text is read at `_READING`, and images are cleaned at `_CLEANING`, so that nobody's picture waits
for somebody's book; what holds text alone is read at once.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import TypeVar

import discord

from cogs.answers import answer
from cogs.places import MOST_MINUTES, Places, Wait
from cogs.replies.cards import shortened
from cogs.replies.manuscripts import waits_to_be_read
from rules.labels import Declaration
from rules.policy import Policy
from usecases.drafts import Prepared, prepare
from usecases.images import LARGEST_IMAGE, NewImage, take_in
from usecases.import_refusals import NoBookError
from usecases.imports import OlderChapter
from usecases.manuscripts import BOOKS, LARGEST_FILE, STRUCTURED, Book, Manuscript, extension_of, read_manuscript
from usecases.manuscripts.apart import (
    clean_images_apart,
    clean_manuscript_apart,
    read_book_apart,
    read_manuscript_apart,
)
from usecases.manuscripts.clean import chapter_name, embedded_name
from usecases.refusals import UnacceptableImageError, Unfit, Unreadable, UnreadableManuscriptError

_log = logging.getLogger(__name__)

Read = TypeVar("Read")
_LONGEST_TITLE = 200
_AT_ONCE = 2
"""Processes of each sort at a time."""
_READING, _CLEANING = Places(_AT_ONCE), Places(_AT_ONCE)
_THREADS = ThreadPoolExecutor(2 * _AT_ONCE, thread_name_prefix="manuscript")
"""One for each process; which file is whose turn is decided before."""


async def manuscript_from(
    interaction: discord.Interaction, file: discord.Attachment, declaration: Declaration, policy: Policy
) -> tuple[Prepared, tuple[NewImage, ...]]:
    """A file's text and images, read and looked at as the rules will; a long one delays nobody else.

    Raises:
        UnreadableManuscriptError: it cannot be taken in; one that is too large is not even fetched.
        UnacceptableImageError: one of its images cannot.
        NoPlaceError: it would wait too long.
    """
    manuscript = await read_attachment(interaction, file)
    images = _taken_in(manuscript, file.filename, largest_in(interaction.guild))
    prepared = await asyncio.to_thread(prepare, manuscript.markdown, declaration, policy)
    return replace(prepared, unshown=manuscript.unshown), images


async def read_attachment(interaction: discord.Interaction, file: discord.Attachment) -> Manuscript:
    """A file's text and its clean images.

    Raises:
        UnreadableManuscriptError: it cannot be taken in; one that is too large is not even fetched.
        UnacceptableImageError: one of its images cannot.
        NoPlaceError: it would wait too long.
    """
    if file.size > LARGEST_FILE:
        raise UnreadableManuscriptError(Unreadable.TOO_LARGE, size=file.size, limit=LARGEST_FILE)
    name = file.filename
    if extension_of(name) in STRUCTURED:
        async with _turn(_READING, interaction, name):
            return await _apart(read_manuscript_apart, name, await file.read())
    read = await asyncio.to_thread(read_manuscript, name, await file.read())
    if not read.images:
        return read
    async with _turn(_CLEANING, interaction, name):
        return await _apart(clean_manuscript_apart, name, read)


async def book_from(
    interaction: discord.Interaction, file: discord.Attachment, declaration: Declaration, policy: Policy
) -> tuple[OlderChapter, ...]:
    """C13: the chapters of a file, each read and looked at as the rules will.

    Raises:
        NoBookError: it is of another kind.
        UnreadableManuscriptError: it cannot be taken in; one that is too large is not even fetched.
        UnacceptableImageError: one of its images cannot.
        NoPlaceError: it would wait too long.
    """
    if extension_of(file.filename) not in BOOKS:
        raise NoBookError
    if file.size > LARGEST_FILE:
        raise UnreadableManuscriptError(Unreadable.TOO_LARGE, size=file.size, limit=LARGEST_FILE)
    async with _turn(_READING, interaction, file.filename):
        book = await _apart(read_book_apart, await file.read())
    return await asyncio.to_thread(_older_chapters, book, declaration, policy, largest_in(interaction.guild))


async def images_from(
    interaction: discord.Interaction, files: Iterable[discord.Attachment | None]
) -> tuple[NewImage, ...]:
    """The attached images, clean; fetched now, since Discord's links expire.

    Raises:
        UnacceptableImageError: one of them cannot be taken in; one that is too large is not even fetched.
        NoPlaceError: they would wait too long.
    """
    given, limit = [file for file in files if file is not None], largest_in(interaction.guild)
    if not given:
        return ()
    for file in given:
        if file.size > limit:
            raise UnacceptableImageError(Unfit.TOO_LARGE, file.filename, size=file.size, limit=limit)
    async with _turn(_CLEANING, interaction, given[0].filename):
        data = await asyncio.gather(*(file.read() for file in given))
        named = [(file.filename, one) for file, one in zip(given, data, strict=True)]
        clean = await _apart(clean_images_apart, named)
    return tuple(take_in(one, file.filename, limit=limit) for one, file in zip(clean, given, strict=True))


def _turn(places: Places, interaction: discord.Interaction, name: str) -> AbstractAsyncContextManager[None]:
    """A place for a file, which is fetched when it has one; whoever waits is told.

    Beside a form that is open nothing is told: its sender looks at the form, and what is wrong comes as ever.
    """

    async def told(wait: Wait) -> None:
        if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
            await answer(interaction, waits_to_be_read(name, own=wait.own, minutes=wait.minutes, longest=MOST_MINUTES))

    return places.place(interaction.user.id, told)


async def _apart(read: Callable[..., Read], *arguments: object) -> Read:
    """What a process of its own reads; whatever it gives up on is logged."""
    try:
        return await asyncio.get_running_loop().run_in_executor(_THREADS, read, *arguments)
    except UnreadableManuscriptError as error:
        if error.reason is Unreadable.GIVEN_UP:
            _log.warning("gave up reading a file: %s", error.facts)
        raise
    except UnacceptableImageError as error:
        if error.reason is Unfit.GIVEN_UP and isinstance(error.__cause__, UnreadableManuscriptError):
            _log.warning("gave up cleaning images: %s", error.__cause__.facts)
        raise


def _older_chapters(book: Book, declaration: Declaration, policy: Policy, limit: int) -> tuple[OlderChapter, ...]:
    return tuple(
        OlderChapter(
            title=shortened(" ".join(chapter.title.split()), _LONGEST_TITLE) or f"Chapter {number}",
            date=chapter.date,
            prepared=replace(
                prepare(chapter.manuscript.markdown, declaration, policy), unshown=chapter.manuscript.unshown
            ),
            images=_taken_in(chapter.manuscript, chapter_name(number), limit),
        )
        for number, chapter in enumerate(book.chapters, start=1)
    )


def _taken_in(manuscript: Manuscript, name: str, limit: int) -> tuple[NewImage, ...]:
    return tuple(
        take_in(one.data, embedded_name(number, name), alt=one.alt, embedded=True, limit=limit)
        for number, one in enumerate(manuscript.images, start=1)
    )


def largest_in(guild: discord.Guild | None) -> int:
    """Bytes of a file that the bot can post in a server; its boosts count, its members' subscriptions don't."""
    return min(LARGEST_IMAGE, guild.filesize_limit if guild else discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES)
