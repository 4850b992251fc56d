"""Where a line that is too long for a message is cut: after a sentence, else at a space, else between characters."""

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from rules.discord_markdown import Piece, size, with_live_links, write
from rules.spans import is_visible

_SENTENCE_END = re.compile(
    r"""[.!?\u2026]["'\u2019\u201d\xbb)\]*]*\s+ | [\u3002\uff01\uff1f]["\u300d\u300f\u2019\u201d\uff09]*""",
    re.VERBOSE,
)
_SHORTEST = 3
"""A cut after a sentence uses at least one part in so many of the room there is."""
_LONGEST_CHARACTER = 32
"""Code points that are kept together, as in a flag or a family."""
_JOINER = "\N{ZERO WIDTH JOINER}"


def written(line: Iterable[Piece], room: int) -> list[str]:
    """A line in Discord's Markdown, in as few parts as fit the room; each opens and closes its own styles.

    Args:
        line: without line breaks.
        room: how long a part may be, as Discord counts; enough for the signs and a character.
    """
    return [part for part in _parts(deque(with_live_links(line)), room) if is_visible(part)]


def _parts(rest: deque[Piece], room: int) -> Iterator[str]:
    while rest:
        window = _window(rest, room)
        part = write(window)
        if rest or size(part) > room:
            text = "".join(piece.text for piece in window)
            at = _best_cut(text, _longest(window, len(text), room))
            part = write(_slice(window, 0, at))
            rest.extendleft(reversed(_slice(window, at, len(text))))
        yield part


def _window(rest: deque[Piece], room: int) -> list[Piece]:
    """A character more than could ever fit, from the left: nothing but space is shorter when written."""
    window: list[Piece] = []
    left = room + 1
    while rest and left > 0:
        piece = rest.popleft()
        if len(piece.text) > left:
            rest.appendleft(Piece(piece.text[left:], piece.styles))
            piece = Piece(piece.text[:left], piece.styles)
        window.append(piece)
        left -= len(piece.text)
    return window


def _slice(pieces: Sequence[Piece], start: int, end: int) -> list[Piece]:
    """The pieces of `text[start:end]`."""
    found, at = [], 0
    for piece in pieces:
        text = piece.text[max(start - at, 0) : max(end - at, 0)]
        at += len(piece.text)
        if text:
            found.append(Piece(text, piece.styles))
    return found


def _longest(pieces: Sequence[Piece], length: int, room: int) -> int:
    """How many characters fit when written: a guess from what the whole needs, made smaller until it is true."""
    while length > 1:
        needed = size(write(_slice(pieces, 0, length)))
        if needed <= room:
            break
        length = min(length - 1, length * room // needed)
    return max(length, 1)


def _best_cut(text: str, longest: int) -> int:
    """Where to cut so that no more than `longest` characters stand before; space at the cut is nobody's."""
    near = text[: longest + 1]
    ends = [found.end() for found in _SENTENCE_END.finditer(near)]
    if ends and ends[-1] > longest // _SHORTEST:
        return ends[-1]
    if near[-1].isspace():
        return len(near)
    words = near.rsplit(None, 1)
    if len(words) > 1 and words[0]:
        return len(near) - len(words[1])
    at = longest
    while at > max(longest - _LONGEST_CHARACTER, 1) and _continues(text, at):
        at -= 1
    return at if at > 1 and not _continues(text, at) else longest


def _continues(text: str, at: int) -> bool:
    """Whether `text[at]` belongs to the character before it, as accents and joined emoji do."""
    if at >= len(text):
        return False
    return (
        unicodedata.category(text[at])[0] == "M"
        or _JOINER in text[at - 1 : at + 1]
        or "\U0001f3fb" <= text[at] <= "\U0001f3ff"
    )
