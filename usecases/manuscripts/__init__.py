"""Manuscripts: what authors hand in, read as one Markdown text (see `markup` for its form) and its images.

Each kind of file has a reader of its own, chosen by the file's name and checked against its content. Readers of
structured kinds go one road, by HTML (`hypertext`); a new kind is one more line in `_READERS`.
"""

import unicodedata
from collections.abc import Callable

from usecases.manuscripts.decoding import decode, tidy
from usecases.manuscripts.gallery import Image, Manuscript
from usecases.manuscripts.marked import read_marked
from usecases.manuscripts.markup import LONGEST_MANUSCRIPT, SCENE_BREAK
from usecases.manuscripts.plain import read_plain
from usecases.manuscripts.word import read_word
from usecases.refusals import Unreadable, UnreadableManuscriptError

__all__ = ["ACCEPTED", "LARGEST_FILE", "LONGEST_MANUSCRIPT", "Image", "Manuscript", "read_manuscript", "read_pasted"]

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes of a handed-in file: a chapter in Word with a few pictures; what Discord lets anybody upload is little more."""

_READERS: dict[str, Callable[[bytes], Manuscript]] = {
    ".md": lambda data: read_marked(decode(data), _bounded),
    ".markdown": lambda data: read_marked(decode(data), _bounded),
    ".txt": lambda data: Manuscript(read_plain(_bounded(decode(data)))),
    ".docx": read_word,
}
ACCEPTED = tuple(_READERS)
"""The endings of names we read, with their dot and in lower case."""

_BLANKS = frozenset("\N{BRAILLE PATTERN BLANK}\N{HANGUL FILLER}\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}")
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Mn", "Zl", "Zp", "Zs"})


def read_manuscript(filename: str, data: bytes) -> Manuscript:
    """A handed-in file as one Markdown text and its images.

    Args:
        filename: as the author named it; only its ending matters.
        data: the whole file.

    Raises:
        UnreadableManuscriptError: with its reason and facts; nothing else, whatever the bytes.
    """
    _, dot, ending = filename.rpartition(".")
    extension = (dot + ending).lower() if dot else ""
    reader = _READERS.get(extension)
    if reader is None:
        raise UnreadableManuscriptError(Unreadable.WRONG_TYPE, extension=extension, accepted=ACCEPTED)
    if len(data) > LARGEST_FILE:
        raise UnreadableManuscriptError(Unreadable.TOO_LARGE, size=len(data), limit=LARGEST_FILE)
    if not data:
        raise UnreadableManuscriptError(Unreadable.EMPTY)
    manuscript = reader(data)
    _checked(manuscript.markdown)
    return manuscript


def read_pasted(text: str) -> str:
    """A text from a form as one Markdown text: plain text, with Discord's own headings and quotes.

    Raises:
        UnreadableManuscriptError: `empty` or `too_long`.
    """
    return _checked(read_plain(_bounded(tidy(text)), chat=True))


def _checked(markdown: str) -> str:
    """The text, if there is something to read in it and not too much."""
    if not any(map(_is_seen, markdown.replace(SCENE_BREAK, ""))):
        raise UnreadableManuscriptError(Unreadable.EMPTY)
    return _bounded(markdown)


def _bounded(text: str) -> str:
    """The text, if it is not too long; asked before the work and after it."""
    if len(text) > LONGEST_MANUSCRIPT:
        raise UnreadableManuscriptError(Unreadable.TOO_LONG, length=len(text), limit=LONGEST_MANUSCRIPT)
    return text


def _is_seen(character: str) -> bool:
    return character not in _BLANKS and unicodedata.category(character) not in _UNSEEN_CATEGORIES
