"""Reading what an author hands in: the same for a new chapter and for a new text of an old one."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

import discord

from cogs.replies.cards import shortened
from rules.labels import Declaration
from rules.policy import Policy
from usecases.drafts import Prepared, prepare
from usecases.images import LARGEST_IMAGE, NewImage, take_in
from usecases.import_refusals import NoBookError
from usecases.imports import OlderChapter
from usecases.manuscripts import BOOKS, LARGEST_FILE, STRUCTURED, Book, Manuscript, extension_of
from usecases.manuscripts.apart import clean_images_apart, read_book_apart, read_manuscript_apart
from usecases.manuscripts.clean import chapter_name, embedded_name
from usecases.refusals import UnacceptableImageError, Unfit, Unreadable, UnreadableManuscriptError

_log = logging.getLogger(__name__)

Read = TypeVar("Read")
_LONGEST_TITLE = 200
_AT_ONCE = 2
"""Files of word processors that are read at a time, each in a process of its own; the next ones wait their turn."""
_TURNS = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="manuscript")
"""Only these wait for a slow one: what holds nothing but text is read beside them."""


async def manuscript_from(
    file: discord.Attachment, declaration: Declaration, policy: Policy, guild: discord.Guild | None
) -> tuple[Prepared, tuple[NewImage, ...]]:
    """A file's text and images, read and looked at as the rules will; a long one delays nobody else.

    Raises:
        UnreadableManuscriptError: it cannot be taken in; one that is too large is not even fetched.
        UnacceptableImageError: one of its images cannot.
    """
    manuscript, limit = await read_attachment(file), largest_in(guild)
    images = _taken_in(manuscript, file.filename, limit)
    prepared = await asyncio.to_thread(prepare, manuscript.markdown, declaration, policy)
    return replace(prepared, unshown=manuscript.unshown), images


async def read_attachment(file: discord.Attachment) -> Manuscript:
    """A file's text and its clean images.

    Raises:
        UnreadableManuscriptError: it cannot be taken in; one that is too large is not even fetched.
        UnacceptableImageError: one of its images cannot.
    """
    if file.size > LARGEST_FILE:
        raise UnreadableManuscriptError(Unreadable.TOO_LARGE, size=file.size, limit=LARGEST_FILE)
    data = await file.read()
    if extension_of(file.filename) not in STRUCTURED:
        return await asyncio.to_thread(read_manuscript_apart, file.filename, data)
    return await _in_turn(read_manuscript_apart, file.filename, data)


async def book_from(
    file: discord.Attachment, declaration: Declaration, policy: Policy, guild: discord.Guild | None
) -> tuple[OlderChapter, ...]:
    """C13: the chapters of a file, each read and looked at as the rules will.

    Raises:
        NoBookError: it is of another kind.
        UnreadableManuscriptError: it cannot be taken in; one that is too large is not even fetched.
        UnacceptableImageError: one of its images cannot.
    """
    if extension_of(file.filename) not in BOOKS:
        raise NoBookError
    if file.size > LARGEST_FILE:
        raise UnreadableManuscriptError(Unreadable.TOO_LARGE, size=file.size, limit=LARGEST_FILE)
    data = await file.read()
    book = await _in_turn(read_book_apart, data)
    return await asyncio.to_thread(_older_chapters, book, declaration, policy, largest_in(guild))


async def images_from(files: Iterable[discord.Attachment | None], guild: discord.Guild | None) -> tuple[NewImage, ...]:
    """The attached images, clean; fetched at once, since Discord's links expire.

    Raises:
        UnacceptableImageError: one of them cannot be taken in; one that is too large is not even fetched.
    """
    given, limit = [file for file in files if file is not None], largest_in(guild)
    for file in given:
        if file.size > limit:
            raise UnacceptableImageError(Unfit.TOO_LARGE, file.filename, size=file.size, limit=limit)
    data = await asyncio.gather(*(file.read() for file in given))
    clean = await _in_turn(clean_images_apart, [(file.filename, one) for file, one in zip(given, data, strict=True)])
    return tuple(take_in(one, file.filename, limit=limit) for one, file in zip(clean, given, strict=True))


async def _in_turn(read: Callable[..., Read], *arguments: object) -> Read:
    """What a process of its own reads, when its turn comes; whatever it gives up on is logged."""
    try:
        return await asyncio.get_running_loop().run_in_executor(_TURNS, read, *arguments)
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
