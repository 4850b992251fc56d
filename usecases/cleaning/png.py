"""PNG, also an animated one: chunks."""

import struct
import zlib

from usecases.cleaning.exif import UPRIGHT, exif_of, orientation_in
from usecases.cleaning.pieces import BrokenImageError, Cursor
from usecases.cleaning.profiles import wordless

_HEAD = b"\x89PNG\r\n\x1a\n"
_DRAWING = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs acTL fcTL fdAT".split()
)
"""The picture, its frames, its transparency and what its colours mean."""
_LARGEST_PROFILE = 4 * 1024 * 1024
"""Bytes of a colour profile that is unpacked; those of printers have about two millions."""
_XMP = b"XML:com.adobe.xmp\0\0\0\0\0"
_LOWER = 0x20
"""The bit of a chunk's first letter that says that a picture can be shown without it."""


def clean_png(data: bytes, packet: bytes) -> bytes:
    """A PNG's picture, the way up it is, its colours, and an XMP packet of ours.

    Raises:
        BrokenImageError: it cannot be followed to its end.
    """
    cursor = Cursor(data, len(_HEAD))
    head, picture, orientation, profile = b"", list[bytes](), UPRIGHT, b""
    while True:
        start = cursor.at
        size, name = struct.unpack(">I4s", cursor.take(8))
        content = cursor.take(size)
        cursor.take(4)  # its checksum
        if (name == b"IHDR") == bool(head):  # it comes first, and once
            raise BrokenImageError
        if name == b"IHDR":
            head = data[start : cursor.at]
        elif name == b"iCCP":
            profile = profile or _profile(content)
        elif name == b"eXIf":
            orientation = orientation_in(content)
        elif name in _DRAWING:
            picture.append(data[start : cursor.at])
        elif not name[0] & _LOWER:
            raise BrokenImageError
        if name == b"IEND":
            break
    if not any(chunk[4:8] == b"IDAT" for chunk in picture):
        raise BrokenImageError
    exif = exif_of(orientation)
    told = [
        _chunk(b"iCCP", b"icc\0\0" + zlib.compress(profile, 9)) if profile else b"",
        _chunk(b"eXIf", exif) if exif else b"",
        _chunk(b"iTXt", _XMP + packet) if packet else b"",
    ]
    return b"".join([_HEAD, head, *told, *picture])


def _profile(content: bytes) -> bytes:
    """A colour profile unpacked, without its words."""
    _, _, packed = content.partition(b"\0")
    unpacking = zlib.decompressobj()
    try:
        profile = unpacking.decompress(packed[1:], _LARGEST_PROFILE)
    except zlib.error:
        return b""
    return wordless(profile) if unpacking.eof else b""


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content), name) + content + struct.pack(">I", zlib.crc32(name + content))
