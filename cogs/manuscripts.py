"""Reading what an author hands in: the same for a new chapter and for a new text of an old one."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

import discord

from rules.labels import Declaration
from rules.policy import Policy
from usecases.drafts import Prepared, prepare
from usecases.manuscripts import LARGEST_FILE, STRUCTURED, Manuscript, extension_of
from usecases.manuscripts.apart import read_manuscript_apart
from usecases.refusals import Unreadable, UnreadableManuscriptError

_log = logging.getLogger(__name__)

_AT_ONCE = 2
"""Files of word processors that are read at a time, each in a process of its own; the next ones wait their turn."""
_TURNS = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="manuscript")
"""Only these wait for a slow one: what holds nothing but text is read beside them."""


async def prepared_from(file: discord.Attachment, declaration: Declaration, policy: Policy) -> Prepared:
    """A file's text, read and looked at as the rules will; a long one delays nobody else.

    Raises:
        UnreadableManuscriptError: it cannot be taken in; one that is too large is not even fetched.
    """
    manuscript = await read_attachment(file)
    return await asyncio.to_thread(prepare, manuscript.markdown, declaration, policy)


async def read_attachment(file: discord.Attachment) -> Manuscript:
    """A file's text and its images.

    Raises:
        UnreadableManuscriptError: it cannot be taken in; one that is too large is not even fetched.
    """
    if file.size > LARGEST_FILE:
        raise UnreadableManuscriptError(Unreadable.TOO_LARGE, size=file.size, limit=LARGEST_FILE)
    data = await file.read()
    turns = _TURNS if extension_of(file.filename) in STRUCTURED else None
    try:
        return await asyncio.get_running_loop().run_in_executor(turns, read_manuscript_apart, file.filename, data)
    except UnreadableManuscriptError as error:
        if error.reason is Unreadable.GIVEN_UP:
            _log.warning("gave up reading a file: %s", error.facts)
        raise
