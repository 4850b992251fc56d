"""JPEG: segments before the picture and between its scans; a phone hides whole further pictures behind its end."""

import re
import struct
from dataclasses import dataclass, field

from usecases.cleaning.exif import UPRIGHT, exif_of, orientation_in
from usecases.cleaning.pieces import BrokenImageError
from usecases.cleaning.profiles import wordless

_BEGIN, _END, _SCAN = 0xD8, 0xD9, 0xDA
_ALONE = frozenset({0x01, *range(0xD0, _END)})
"""Markers without a segment; those within a scan are a part of it."""
_DRAWING = frozenset({*range(0xC0, 0xD0), *range(_SCAN, 0xE0)})
"""Frames, tables and scans."""
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_TELLING = frozenset({*range(_APP0, 0xF0), 0xFE})
"""What applications add, and comments."""

_BETWEEN = re.compile(rb"\xff([\x01-\xfe])")
_IN_SCAN = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
"""The next marker; in a scan a byte 0xFF of its own is followed by a zero, and restarts belong to it."""

_JFIF, _JFIF_WITHOUT_THUMBNAIL = b"JFIF\0", 12
_ADOBE, _ADOBE_SIZE = b"Adobe", 12
"""Which colours the numbers mean; some programs write more behind it."""
_EXIF = b"Exif\0\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_PROFILE = b"ICC_PROFILE\0"
_LONGEST = 65_533
"""Bytes of a segment's content."""


@dataclass(slots=True)
class _Found:
    """What is kept of the segments that applications add."""

    jfif: bytes = b""
    orientation: int = UPRIGHT
    profile: dict[int, bytes] = field(default_factory=dict)
    profile_count: int = 0


def clean_jpeg(data: bytes, packet: bytes) -> bytes:
    """A JPEG's tables and scans, the way up it is, its colours, and an XMP packet of ours.

    Raises:
        BrokenImageError: it cannot be followed to its end.
    """
    found, picture = _Found(), list[bytes]()
    at, scanning, has_scan = 2, False, False
    while mark := (_IN_SCAN if scanning else _BETWEEN).search(data, at):
        marker = mark[1][0]
        if scanning:
            picture.append(data[at : mark.start()])
        at = mark.end()
        if marker == _END:
            if not has_scan:
                break
            return b"".join([b"\xff\xd8", *_told(found, packet), *picture, b"\xff\xd9"])
        if marker in _ALONE and not scanning:
            continue
        content, at = _content(data, at)
        if marker in _DRAWING:
            picture.append(_segment(marker, content))
        elif marker == _APP14 and content.startswith(_ADOBE) and len(content) >= _ADOBE_SIZE:
            picture.append(_segment(marker, content[:_ADOBE_SIZE]))
        elif marker in _TELLING:
            _note(found, marker, content)
        else:
            break
        scanning = marker == _SCAN
        has_scan = has_scan or scanning
    raise BrokenImageError


def _content(data: bytes, at: int) -> tuple[bytes, int]:
    """A segment's content, and where the next one may begin."""
    size = int.from_bytes(data[at : at + 2], "big")
    if size < 2 or at + size > len(data):  # noqa: PLR2004 - it counts itself
        raise BrokenImageError
    return data[at + 2 : at + size], at + size


def _note(found: _Found, marker: int, content: bytes) -> None:
    if marker == _APP0 and content.startswith(_JFIF) and not found.jfif:
        without = content[:_JFIF_WITHOUT_THUMBNAIL]
        found.jfif = without + b"\0\0" if len(without) == _JFIF_WITHOUT_THUMBNAIL else b""
    elif marker == _APP1 and content.startswith(_EXIF) and found.orientation == UPRIGHT:
        found.orientation = orientation_in(content)
    elif marker == _APP2 and content.startswith(_PROFILE) and len(content) > len(_PROFILE) + 2:
        number, found.profile_count = content[len(_PROFILE) : len(_PROFILE) + 2]
        found.profile[number] = content[len(_PROFILE) + 2 :]


def _told(found: _Found, packet: bytes) -> list[bytes]:
    """What stands before the picture."""
    exif = exif_of(found.orientation)
    whole = sorted(found.profile) == list(range(1, found.profile_count + 1))
    profile = wordless(b"".join(found.profile[number] for number in sorted(found.profile))) if whole else b""
    room = _LONGEST - len(_PROFILE) - 2
    pieces = [profile[start : start + room] for start in range(0, len(profile), room)]
    return [
        _segment(_APP0, found.jfif) if found.jfif else b"",
        _segment(_APP1, _EXIF + exif) if exif else b"",
        _segment(_APP1, _XMP + packet) if packet else b"",
        *(
            _segment(_APP2, _PROFILE + bytes((number, len(pieces))) + piece)
            for number, piece in enumerate(pieces, start=1)
        ),
    ]


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content
