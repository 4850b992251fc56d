"""Which way up a picture is: the one thing in a camera's notes (EXIF) that it needs to look right."""

import struct

UPRIGHT = 1
_ORIENTATION, _SHORT = 0x0112, 3
_ENTRY = 12
_MOST_ENTRIES = 1_000
"""Entries of a directory that are looked at; a camera writes some dozens."""
_PREFIX = b"Exif\0\0"


def orientation_in(notes: bytes) -> int:
    """The orientation in an EXIF block, 1 to 8; upright where it says none that there is."""
    notes = notes.removeprefix(_PREFIX)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(notes[:4])
    if order is None or len(notes) < 8:  # noqa: PLR2004 - its head
        return UPRIGHT
    (at,) = struct.unpack_from(f"{order}I", notes, 4)
    if at + 2 > len(notes):
        return UPRIGHT
    (count,) = struct.unpack_from(f"{order}H", notes, at)
    for number in range(min(count, _MOST_ENTRIES)):
        entry = notes[at + 2 + number * _ENTRY :][:_ENTRY]
        if len(entry) < _ENTRY:
            break
        tag, kind, _, value = struct.unpack(f"{order}HHIH2x", entry)
        if (tag, kind) == (_ORIENTATION, _SHORT):
            return value if UPRIGHT <= value <= 8 else UPRIGHT  # noqa: PLR2004 - two mirrors and four turns
    return UPRIGHT


def exif_of(orientation: int) -> bytes:
    """An EXIF block that says nothing else; empty for a picture that is upright."""
    if orientation == UPRIGHT:
        return b""
    return struct.pack(">4sIHHHIHxxI", b"MM\0*", 8, 1, _ORIENTATION, _SHORT, 1, orientation, 0)
