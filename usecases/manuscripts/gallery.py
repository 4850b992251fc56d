"""Images in a manuscript: each is kept once, numbered in reading order, and shown as a block of its own.

What stands in the file itself is kept. What stands on the network is never fetched: it stays a link. What leads
nowhere, or is of a kind that Discord does not show, leaves its alt text, and is noted for its author.
"""

import base64
import binascii
import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from rules.images import Unshown
from usecases.image_files import has_shown_name, media_type, other_kind
from usecases.manuscripts.forms import Image
from usecases.manuscripts.markup import escape
from usecases.refusals import Unreadable, UnreadableManuscriptError

MOST_IMAGES = 60
"""Different images of one chapter: six messages full of them."""
LARGEST_IMAGES = 16 * 1024 * 1024
"""Bytes of all images of a chapter together; a file has less, but may hold them packed."""

MOST_UNSHOWN = 60
"""Images that are not shown, of which is told."""
_LONGEST_NOTE = 100
"""Characters of an image's name, and of its alt text, in what is told of it."""

_DATA = re.compile(r"data:image/[\w.+-]+(?P<attributes>(?:;[\w.+=-]+)*),(?P<content>.*)", re.IGNORECASE | re.DOTALL)
_BRACKET = re.compile(r"(?=[\[\]])")
_ESCAPED = r"\\"


class Gallery:
    """The images of one file, taken in as its text shows them.

    Args:
        find: the bytes behind a reference, `None` when it leads nowhere.
    """

    def __init__(self, find: Callable[[str], bytes | None] = lambda _source: None) -> None:
        self._find = find
        self._images: list[Image] = []
        self._numbers: dict[bytes, int] = {}
        self._left = LARGEST_IMAGES
        self._met = 0
        self._unshown: list[Unshown] = []

    @property
    def images(self) -> tuple[Image, ...]:
        """Those that were shown, in order."""
        return tuple(self._images)

    @property
    def unshown(self) -> tuple[Unshown, ...]:
        """Those that were not, in order."""
        return tuple(self._unshown)

    def can_show(self, source: str) -> bool:
        """Whether there is an image behind a reference, of a kind that Discord shows."""
        data = self._bytes_of(source)
        return data is not None and media_type(data) is not None

    def leave_out(self, source: str, alt: str) -> None:
        """Note that the image that was met last is not shown."""
        if not source or len(self._unshown) >= MOST_UNSHOWN:
            return
        data, in_place = self._bytes_of(source), source[:5].lower() == "data:"
        name = "" if in_place else source.rpartition("/")[2][:_LONGEST_NOTE]
        kind = other_kind(data or b"", name)
        there = data is not None or not has_shown_name(name)
        self._unshown.append(Unshown(self._met, name, kind, alt[:_LONGEST_NOTE], there=there))

    def _bytes_of(self, source: str) -> bytes | None:
        return embedded(source) if source[:5].lower() == "data:" else self._find(source)

    def show(self, source: str, alt: str) -> str | None:
        """The block that shows the image behind a reference; `None` when there is none we can show.

        Raises:
            UnreadableManuscriptError: `too_many_images`.
        """
        self._met += 1
        data = self._bytes_of(source)
        kind = media_type(data) if data else None
        if data is None or kind is None:
            return None
        if data not in self._numbers:
            self._left -= len(data)
            if len(self._images) >= MOST_IMAGES or self._left < 0:
                raise UnreadableManuscriptError(Unreadable.TOO_MANY_IMAGES, limit=MOST_IMAGES, largest=LARGEST_IMAGES)
            self._images.append(Image(data, kind, alt or None))
            self._numbers[data] = len(self._images)
        return f"![{_BRACKET.sub(_ESCAPED, escape(alt, keep='[]'))}](image:{self._numbers[data]})"


def embedded(address: str) -> bytes | None:
    """The bytes of an image that stands in its own address (RFC 2397); `None` when it is none, or damaged."""
    found = _DATA.fullmatch(address)
    if found is None:
        return None
    content = unquote_to_bytes(found["content"])
    if ";base64" not in found["attributes"].lower():
        return content
    try:
        return base64.b64decode(content)
    except binascii.Error:
        return None
