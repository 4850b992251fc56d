"""WebP, also an animated one: chunks in one frame of RIFF."""

import struct
from collections.abc import Iterator

from usecases.cleaning.exif import UPRIGHT, exif_of, orientation_in
from usecases.cleaning.pieces import BrokenImageError, Cursor
from usecases.cleaning.profiles import wordless

_RIFF, _WEBP = 8, b"WEBP"
_DRAWING = frozenset((b"ALPH", b"VP8 ", b"VP8L"))
_FRAME = b"ANMF"
_FRAME_HEAD, _FEATURES = 16, 10
"""Bytes of what is said of a frame, and of a file."""
_HAS_PROFILE, _HAS_EXIF, _HAS_XMP = 0x20, 0x08, 0x04
"""Bits of the first byte of a `VP8X`, which says what a file has."""


def clean_webp(data: bytes, packet: bytes) -> bytes:
    """A WebP's picture, the way up it is, its colours, and an XMP packet of ours.

    Raises:
        BrokenImageError: it cannot be followed to its end.
    """
    size = int.from_bytes(data[4:_RIFF], "little")
    if size + _RIFF > len(data):
        raise BrokenImageError
    features, profile, orientation, picture = b"", b"", UPRIGHT, list[bytes]()
    for name, content in _chunks(data[_RIFF + len(_WEBP) : _RIFF + size]):
        if name == b"VP8X" and not features:
            features = content
        elif name == b"ICCP" and not profile:
            profile = wordless(content)
        elif name == b"EXIF":
            orientation = orientation_in(content)
        elif name == _FRAME:
            picture.append(_chunk(name, _frame(content)))
        elif name in _DRAWING or name == b"ANIM":
            picture.append(_chunk(name, content))
    if not any(chunk[:4] in _DRAWING or chunk[:4] == _FRAME for chunk in picture):
        raise BrokenImageError
    if features and len(features) != _FEATURES:
        raise BrokenImageError
    exif = exif_of(orientation) if features else b""  # without a `VP8X` nobody looks for it
    told = [
        _chunk(b"VP8X", _said(features, profile=profile, exif=exif, packet=packet)) if features else b"",
        _chunk(b"ICCP", profile) if profile else b"",
    ]
    behind = [_chunk(b"EXIF", exif) if exif else b"", _chunk(b"XMP ", packet) if packet else b""]
    body = b"".join([_WEBP, *told, *picture, *behind])
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _said(features: bytes, *, profile: bytes, exif: bytes, packet: bytes) -> bytes:
    """A `VP8X` that says what the file now has."""
    bits = features[0] & ~(_HAS_PROFILE | _HAS_EXIF | _HAS_XMP)
    bits |= (_HAS_PROFILE if profile else 0) | (_HAS_EXIF if exif else 0) | (_HAS_XMP if packet else 0)
    return bytes([bits]) + features[1:]


def _frame(content: bytes) -> bytes:
    """A frame of an animation, of which each has chunks of its own."""
    drawing = [_chunk(name, inner) for name, inner in _chunks(content[_FRAME_HEAD:]) if name in _DRAWING]
    if not drawing:
        raise BrokenImageError
    return b"".join([content[:_FRAME_HEAD], *drawing])


def _chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    cursor = Cursor(body)
    while not cursor.is_done:
        name, size = struct.unpack("<4sI", cursor.take(8))
        yield name, cursor.take(size)
        if size % 2 and not cursor.is_done:
            cursor.take(1)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
