"""Colour profiles (ICC): their numbers stay, their words go; a screen's own profile may name its owner and its serial.

Everything keeps its place and its size, so that whoever reads a profile still finds each thing where it was.
"""

import struct

_HEAD, _COUNT, _ENTRY, _TYPED = 128, 4, 12, 8
"""Bytes of a profile's head, of the number of its tags, of an entry in their table, and of a tag that say its type."""
_MOST_TAGS = 200
_SIGNED = slice(36, 40)
_TOLD = ((24, 36), (48, 56), (80, 100))
"""In the head: when it was made; for whose machine, and which; with which program, and the sum of all its bytes."""
_COLOURS = frozenset(
    b"rXYZ gXYZ bXYZ rTRC gTRC bTRC kTRC wtpt bkpt chad lumi cicp A2B0 A2B1 A2B2 B2A0 B2A1 B2A2 D2B0 D2B1 D2B2 D2B3 "
    b"B2D0 B2D1 B2D2 B2D3 gamt aarg aagg aabg".split()
)
"""The tags from which colours are made."""
_NO_WORDS = b"mluc", struct.pack(">II", 0, 12)
"""A text in several languages: of none, in records of the size they have to have."""


def wordless(profile: bytes) -> bytes:
    """A profile with the same colours and nothing else in it; empty where there is none, or only a broken one."""
    if len(profile) < _HEAD + _COUNT or profile[_SIGNED] != b"acsp":
        return b""
    (count,) = struct.unpack_from(">I", profile, _HEAD)
    table_ends = _HEAD + _COUNT + count * _ENTRY
    if count > _MOST_TAGS or table_ends > len(profile):
        return b""
    kept = bytearray(len(profile))
    kept[:table_ends] = profile[:table_ends]
    for start, end in _TOLD:
        kept[start:end] = bytes(end - start)
    tags = list(struct.iter_unpack(">4sII", profile[_HEAD + _COUNT : table_ends]))
    for name, start, size in sorted(tags, key=lambda tag: tag[0] in _COLOURS):  # where two overlap, colours win
        end = min(len(profile), start + (size if name in _COLOURS else min(size, _TYPED)))
        if start < table_ends:
            return b""
        kept[start:end] = profile[start:end]
        if name not in _COLOURS and profile[start : start + 4] == _NO_WORDS[0] and size >= 2 * _TYPED:
            kept[end : end + _TYPED] = _NO_WORDS[1]
    return bytes(kept[: len(profile)])
