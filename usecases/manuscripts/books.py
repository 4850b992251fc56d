"""A zip of files that each hold a chapter, as a book; Google Docs' zipped web page is one of a single chapter."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import replace

from whenever import Date

from usecases.manuscripts.archives import entry_dates, unpack
from usecases.manuscripts.forms import Book, BookChapter
from usecases.refusals import Unreadable, UnreadableManuscriptError

MOST_CHAPTERS = 400
"""Chapters of one book; the longest serials have as many in one file."""
LONGEST_BOOK = 5_000_000
"""Characters of a book: some ten long novels."""
LARGEST_PICTURES = 32 * 1024 * 1024
"""Bytes of all images of a book together, each chapter's counted anew."""

Find = Callable[[str], bytes | None]
"""The bytes of another file of the archive, by its path; `None` when there is none."""

_BESIDE = re.compile(r".*\.(?:css|png|jpe?g|gif|webp)", re.IGNORECASE)
"""What an HTML file may refer to."""
_JUNK = re.compile(r"(?:^|/)(?:\.|__MACOSX/|Thumbs\.db)")
_DATE = re.compile(r"[\"']?(?P<year>\d{4})[-_.]?(?P<month>\d\d)[-_.]?(?P<day>\d\d)(?!\d)")
_ORDINAL = re.compile(r"\W*\d{1,4}\W+(?=\w)")
_NUMBERS = re.compile(r"(\d{1,9})")


def read_zip(data: bytes, chapter_endings: tuple[str, ...], read: Callable[[str, bytes, Find], BookChapter]) -> Book:
    """A zip of chapters, in the order of their names, in which 2 comes before 10.

    A chapter's title is its own, or its name without a date and a number before it; its date is its own, or that
    before its name, or the day the archive has for it.

    Args:
        data: the whole archive.
        chapter_endings: of the names that are chapters, in lower case.
        read: how one is read; what it lacks of title and date is filled in here.

    Raises:
        UnreadableManuscriptError: why a chapter cannot be read, with its name as `member`; `empty` without any.
    """
    files = unpack(data, lambda name: _is_wanted(name, chapter_endings))
    dates = entry_dates(data)
    chapters = []
    for name in sorted(filter(lambda name: name.lower().endswith(chapter_endings), files), key=_natural):
        try:
            chapter = read(name, files[name], files.get)
        except UnreadableManuscriptError as error:
            raise UnreadableManuscriptError(error.reason, **error.facts | {"member": name}) from error
        stem = posixpath.splitext(posixpath.basename(name))[0]
        dated = _DATE.match(stem)
        named = stem[dated.end() :] if dated else stem
        title = _ORDINAL.sub("", named.replace("_", " "), count=1).strip(" -.") or stem
        date = chapter.date or date_in(stem) or dates.get(name)
        chapters.append(replace(chapter, title=chapter.title or title, date=date))
        check_size(chapters)
    if not chapters:
        raise UnreadableManuscriptError(Unreadable.EMPTY)
    return Book("", tuple(chapters))


def check_size(chapters: list[BookChapter]) -> None:
    """Refuse a book that grows beyond its limits.

    Raises:
        UnreadableManuscriptError: `bomb` or `too_long`.
    """
    if len(chapters) > MOST_CHAPTERS:
        raise UnreadableManuscriptError(Unreadable.BOMB, measure="chapters", limit=MOST_CHAPTERS)
    length = sum(len(chapter.manuscript.markdown) for chapter in chapters)
    if length > LONGEST_BOOK:
        raise UnreadableManuscriptError(Unreadable.TOO_LONG, length=length, limit=LONGEST_BOOK)
    pictures = sum(len(image.data) for chapter in chapters for image in chapter.manuscript.images)
    if pictures > LARGEST_PICTURES:
        raise UnreadableManuscriptError(Unreadable.BOMB, measure="bytes", limit=LARGEST_PICTURES)


def date_in(text: str) -> Date | None:
    """The day that a text begins with, as in `2024-03-05`, `20240305` or `2024-03-05T12:00:00Z`."""
    found = _DATE.match(text.strip())
    try:
        return Date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    except ValueError:
        return None


def _is_wanted(name: str, endings: tuple[str, ...]) -> bool:
    return not _JUNK.search(name) and (name.lower().endswith(endings) or _BESIDE.fullmatch(name) is not None)


def _natural(name: str) -> list[tuple[int, str]]:
    """A key by which 2 comes before 10."""
    return [(int(part), "") if part.isdecimal() else (0, part.casefold()) for part in _NUMBERS.split(name)]
