"""Manuscripts: what authors hand in, read as one Markdown text (see `markup` for its form) and its images.

Each kind of file has a reader of its own, chosen by the file's name and checked against its content. Readers of
structured kinds go one road, by HTML (`hypertext`); a new kind is one more line in `_READERS`.
"""

import unicodedata
from collections.abc import Callable

from usecases.manuscripts.archives import unpack
from usecases.manuscripts.books import date_in, read_zip
from usecases.manuscripts.decoding import decode, tidy
from usecases.manuscripts.forms import Book, BookChapter, Image, Manuscript
from usecases.manuscripts.marked import front_matter, read_marked, without_front_matter
from usecases.manuscripts.markup import LONGEST_MANUSCRIPT, SCENE_BREAK
from usecases.manuscripts.opendocument import read_opendocument
from usecases.manuscripts.plain import read_plain
from usecases.manuscripts.word import read_word
from usecases.refusals import Unreadable, UnreadableManuscriptError

__all__ = [
    "ACCEPTED",
    "BOOKS",
    "LARGEST_FILE",
    "LONGEST_MANUSCRIPT",
    "Book",
    "BookChapter",
    "Image",
    "Manuscript",
    "read_book",
    "read_manuscript",
    "read_pasted",
]

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes of a handed-in file: a chapter in Word with a few pictures; what Discord lets anybody upload is little more."""


def _read_page(data: bytes) -> Manuscript:
    from usecases.manuscripts.webpages import read_page  # noqa: PLC0415 - its parser is for those who need it

    return read_page(data)


def _read_one(data: bytes) -> Manuscript:
    """A book's only chapter.

    Raises:
        UnreadableManuscriptError: `several`, or why the book cannot be read.
    """
    chapters = read_book(data).chapters
    if len(chapters) > 1:
        raise UnreadableManuscriptError(Unreadable.SEVERAL, chapters=len(chapters))
    return chapters[0].manuscript


_TEXTS: dict[str, Callable[[bytes], Manuscript]] = {
    ".md": lambda data: read_marked(decode(data), _bounded),
    ".txt": lambda data: Manuscript(read_plain(_bounded(without_front_matter(decode(data))))),
}
_READERS = _TEXTS | {
    ".docx": read_word,
    ".odt": read_opendocument,
    ".html": _read_page,
    ".epub": _read_one,
    ".zip": _read_one,
}
_ALIASES = {".markdown": ".md", ".htm": ".html", ".xhtml": ".html"}
ACCEPTED = (".md", ".txt", ".docx", ".odt", ".html", ".epub")
"""The endings of names that we ask for, with their dot; a zip is taken too, as Google Docs makes one of a web page."""
BOOKS = (".zip", ".epub")
"""The endings of files of several chapters."""
STRUCTURED = tuple(ending for ending in _READERS if ending not in _TEXTS)
"""Those whose files are more than text, and may be hostile."""
_CHAPTERS = tuple(ending for ending in (*_READERS, *_ALIASES) if ending not in (".epub", ".zip"))
"""Those of which a book may be made."""

_BLANKS = frozenset("\N{BRAILLE PATTERN BLANK}\N{HANGUL FILLER}\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}")
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Mn", "Zl", "Zp", "Zs"})


def extension_of(filename: str) -> str:
    """The ending of a name, with its dot and in lower case, by its usual name; empty when there is none."""
    _, dot, ending = filename.rpartition(".")
    extension = (dot + ending).lower() if dot else ""
    return _ALIASES.get(extension, extension)


def read_manuscript(filename: str, data: bytes) -> Manuscript:
    """A handed-in file as one Markdown text and its images.

    Args:
        filename: as the author named it; only its ending matters.
        data: the whole file.

    Raises:
        UnreadableManuscriptError: with its reason and facts; nothing else, whatever the bytes.
    """
    extension = extension_of(filename)
    reader = _READERS.get(extension)
    if reader is None:
        raise UnreadableManuscriptError(Unreadable.WRONG_TYPE, extension=extension, accepted=ACCEPTED)
    _check_file(data)
    return _checked(reader(data))


def read_book(data: bytes) -> Book:
    """An .epub, or a zip of files that are a chapter each.

    Raises:
        UnreadableManuscriptError: with its reason and facts, and `member` where one file of several is at fault.
    """
    _check_file(data)
    if unpack(data, "META-INF/container.xml".__eq__):
        from usecases.manuscripts.epub import read_epub  # noqa: PLC0415 - its parser is for those who need it

        book = read_epub(data)
    else:
        book = read_zip(data, _CHAPTERS, _read_member)
    for chapter in book.chapters:
        _checked(chapter.manuscript)
    return book


def _read_member(name: str, data: bytes, find: Callable[[str], bytes | None]) -> BookChapter:
    """One file of an archive."""
    extension = extension_of(name)
    if extension == ".html":
        from usecases.manuscripts.webpages import read_page  # noqa: PLC0415 - its parser is for those who need it

        return BookChapter("", _checked(read_page(data, name, find)))
    said = front_matter(decode(data)) if extension in _TEXTS else {}
    return BookChapter(said.get("title", ""), read_manuscript(name, data), date_in(said.get("date", "")))


def read_pasted(text: str) -> str:
    """A text from a form as one Markdown text: plain text, with Discord's own headings and quotes.

    Raises:
        UnreadableManuscriptError: `empty` or `too_long`.
    """
    return _checked(Manuscript(read_plain(_bounded(tidy(text)), chat=True))).markdown


def _check_file(data: bytes) -> None:
    if len(data) > LARGEST_FILE:
        raise UnreadableManuscriptError(Unreadable.TOO_LARGE, size=len(data), limit=LARGEST_FILE)
    if not data:
        raise UnreadableManuscriptError(Unreadable.EMPTY)


def _checked(manuscript: Manuscript) -> Manuscript:
    """The manuscript, if there is something to read in it and not too much."""
    if not any(map(_is_seen, manuscript.markdown.replace(SCENE_BREAK, ""))):
        raise UnreadableManuscriptError(Unreadable.EMPTY)
    _bounded(manuscript.markdown)
    return manuscript


def _bounded(text: str) -> str:
    """The text, if it is not too long; asked before the work and after it."""
    if len(text) > LONGEST_MANUSCRIPT:
        raise UnreadableManuscriptError(Unreadable.TOO_LONG, length=len(text), limit=LONGEST_MANUSCRIPT)
    return text


def _is_seen(character: str) -> bool:
    return character not in _BLANKS and unicodedata.category(character) not in _UNSEEN_CATEGORIES
