"""Reading what an author hands in: the same for a new chapter and for a new text of an old one."""

import asyncio

import discord

from rules.labels import Declaration
from rules.policy import Policy
from usecases.drafts import Prepared, prepare
from usecases.manuscripts import LARGEST_FILE, read_manuscript
from usecases.refusals import Unreadable, UnreadableManuscriptError


async def prepared_from(file: discord.Attachment, declaration: Declaration, policy: Policy) -> Prepared:
    """A file's text, read and looked at as the rules will; a long one delays nobody else.

    Raises:
        UnreadableManuscriptError: it cannot be taken in; one that is too large is not even fetched.
    """
    if file.size > LARGEST_FILE:
        raise UnreadableManuscriptError(Unreadable.TOO_LARGE, size=file.size, limit=LARGEST_FILE)
    data = await file.read()
    return await asyncio.to_thread(_read, file.filename, data, declaration, policy)


def _read(filename: str, data: bytes, declaration: Declaration, policy: Policy) -> Prepared:
    return prepare(read_manuscript(filename, data).markdown, declaration, policy)
