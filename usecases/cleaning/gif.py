"""GIF, also an animated one: blocks."""

from usecases.cleaning.pieces import BrokenImageError, Cursor

_HEAD, _SCREEN, _PLACE = 6, 7, 9
"""Bytes of the signature, of the screen's description, and of an image's."""
_IMAGE, _EXTENSION, _END, _PADDING = 0x2C, 0x21, 0x3B, 0x00
_CONTROL, _APPLICATION, _TEXT = 0xF9, 0xFF, 0x01
_HAS_COLOURS, _COLOURS_SIZE = 0x80, 0x07
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
"""The applications that say how often an animation is shown."""
_LOOP = 1


def clean_gif(data: bytes) -> bytes:
    """A GIF's images, how long each is shown, and how often all of them are.

    Raises:
        BrokenImageError: it cannot be followed to its end.
    """
    cursor = Cursor(data)
    kept = [cursor.take(_HEAD), _with_colours(cursor, _SCREEN, flags_at=4)]
    control, has_image = b"", False
    while (sign := cursor.byte()) != _END:
        if sign == _IMAGE:
            kept += [control, bytes([sign]), _with_colours(cursor, _PLACE, flags_at=8), cursor.take(1), _blocks(cursor)]
            control, has_image = b"", True
        elif sign == _EXTENSION:
            kind, blocks = cursor.byte(), _blocks(cursor)
            if kind == _CONTROL:
                control = _control(blocks)
            elif kind == _APPLICATION:
                kept.append(_loop(blocks))
            elif kind == _TEXT:
                control = b""  # it was about that
        elif sign != _PADDING:
            raise BrokenImageError
    if not has_image:
        raise BrokenImageError
    return b"".join([*kept, bytes([_END])])


def _with_colours(cursor: Cursor, size: int, *, flags_at: int) -> bytes:
    """A description, and the table of colours that may follow it."""
    description = cursor.take(size)
    flags = description[flags_at]
    return description + (cursor.take(3 << ((flags & _COLOURS_SIZE) + 1)) if flags & _HAS_COLOURS else b"")


def _blocks(cursor: Cursor) -> bytes:
    """The blocks that follow, with their sizes, to the empty one that ends them."""
    found = []
    while size := cursor.byte():
        found.append(bytes([size]) + cursor.take(size))
    return b"".join([*found, b"\0"])


def _control(blocks: bytes) -> bytes:
    """How long the next image is shown, and which of its colours is none."""
    return bytes([_EXTENSION, _CONTROL]) + blocks[:5] + b"\0" if blocks[0] == 4 else b""  # noqa: PLR2004 - its size


def _loop(blocks: bytes) -> bytes:
    """The block of an application that says how often an animation is shown, and nothing else of it."""
    cursor = Cursor(blocks)
    name = cursor.take(cursor.byte())
    while name in _LOOPS and (size := cursor.byte()):
        said = cursor.take(size)
        if size == 3 and said[0] == _LOOP:  # noqa: PLR2004 - its sign and a number
            return bytes([_EXTENSION, _APPLICATION, len(name)]) + name + bytes([size]) + said + b"\0"
    return b""
