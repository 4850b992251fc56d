"""What files are read as."""

from dataclasses import dataclass

from whenever import Date

from rules.images import Unshown


@dataclass(frozen=True, slots=True)
class Image:
    """An image embedded in a file: PNG, JPEG, GIF or WebP by its first bytes; its pixels were never looked at."""

    data: bytes
    media_type: str
    alt: str | None
    """What the file says it shows; `None` when it says nothing."""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What a file is read as."""

    markdown: str
    """Our one form (see `markup`). An image is a block of its own, `![alt](image:N)`; one shown again has its number
    again."""
    images: tuple[Image, ...] = ()
    """Number N is `images[N - 1]`; numbers follow the order in which they are first shown."""
    unshown: tuple[Unshown, ...] = ()
    """The images that readers will not see, for their author to know; those on the network are links, and not here."""


@dataclass(frozen=True, slots=True)
class BookChapter:
    """One chapter of a book."""

    title: str
    """As the file says it; empty where it doesn't."""
    manuscript: Manuscript
    date: Date | None = None
    """When it was written or first appeared, if the file says so."""


@dataclass(frozen=True, slots=True)
class Book:
    """Several chapters in one file, in reading order."""

    title: str
    """Empty where the file has none."""
    chapters: tuple[BookChapter, ...]
