"""Taking a stretch out of a block's Markdown, so that what is left stays as it was, in its styles."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.blocks import Block, BlockKind, is_prose
from rules.spans import Role, Span

_BLANKS = " \t\r\n"
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+\Z")
_BLOCK_SIGN = re.compile(r"#{1,6}(?:\s|\Z)|[-+*](?:\s|\Z)|>|=+\s*\Z|\[[^\]]{1,999}\]:")
"""What would begin a block, were it to stand at the beginning of a line."""
_LITERAL = re.compile(r"[\\`*_\[\]<~]|&(?=#?\w)|\A[-#>+=]|(?<=[0-9])[.)](?=\s|\Z)")


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch that was taken out of a manuscript."""

    taken: str
    """Its Markdown, on one line, to be a paragraph of its own."""
    shown: str
    """What it shows."""
    rest: str
    """The manuscript without it."""
    left: str | None
    """What its block still shows; `None` where nothing of the block is left."""


def lines_of(markdown: str) -> list[str]:
    """The lines as the parser counts them, with their ends."""
    return _LINE.findall(markdown)


def literal(text: str) -> str:
    """A text as Markdown that shows just this, on one line, as a paragraph."""
    return _LITERAL.sub(r"\\\g<0>", " ".join(text.replace("\0", "").split()))


def cut(markdown: str, block: Block, start: int, end: int) -> Cut:
    """Take `block.text[start:end]` out of the manuscript, with the space that parted it from the rest.

    The whole block goes where nothing but punctuation would be left of it. Emphasis and links that begin and end
    within the stretch go with it; those that reach beyond stay with the rest.
    """
    lines = lines_of(markdown)
    wide = _with_space(block.text, start, end)
    left = block.text[: wide[0]] + block.text[wide[1] :]
    if is_prose(left) or any(span.role is Role.IMAGE for span in block.spans):
        stretches = [(first, last) for first, last, _ in _stretches(block, *wide)]
        shown = block.text[start:end]
        return Cut(_taken(block, start, end), shown, _without_stretches(lines, block, stretches), left)
    return Cut(_taken(block, 0, len(block.text)), block.text, _without_lines(lines, block), None)


def _with_space(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch, and the space after it; or the one before it, at the end of a block."""
    after, before = text[end:], text[:start]
    if not after.strip():
        return len(before.rstrip()), len(text)
    if before and not before[-1].isspace():
        return start, end
    return start, len(text) - len(after.lstrip())


def _taken(block: Block, start: int, end: int) -> str:
    """The Markdown of `block.text[start:end]` as a paragraph on one line."""
    if block.kind is BlockKind.CODE:
        return literal(block.text[start:end])
    parts = (
        " " if role in (Role.SOFT_BREAK, Role.HARD_BREAK) else block.content[first:last]
        for first, last, role in _stretches(block, start, end)
    )
    taken = "".join(parts).strip()
    return "\\" + taken if _BLOCK_SIGN.match(taken) else taken


def _stretches(block: Block, start: int, end: int) -> Iterator[tuple[int, int, Role]]:
    """The parts of the content that show `block.text[start:end]`, with the pairs of signs and the notes among them."""
    at, inside = 0, []
    for span in block.spans:
        first, at = at, at + len(span.shown)
        if span.shown:
            if first < end and start < at:
                inside.append((span, max(start - first, 0), min(end, at) - first))
        elif start <= at <= end if span.role is Role.SIGN or start == 0 else start < at <= end:
            inside.append((span, 0, 0))
    halves = Counter(span.pair for span, _, _ in inside)
    for span, first, last in inside:
        if not span.pair or halves[span.pair] > 1:
            yield (*_in_content(span, first, last), span.role)


def _in_content(span: Span, first: int, last: int) -> tuple[int, int]:
    """Where a part of a span stands in the content; an escape or a break is whole or not there."""
    if span.end - span.start == len(span.shown):
        return span.start + first, span.start + last
    return span.start, span.end


def _without_lines(lines: Sequence[str], block: Block) -> str:
    """The manuscript without the block, and without one of the blank lines that parted it."""
    end = block.end_line
    parted = block.first_line == 0 or not lines[block.first_line - 1].strip(_BLANKS)
    if parted and end < len(lines) and not lines[end].strip(_BLANKS):
        end += 1
    return "".join([*lines[: block.first_line], *lines[end:]])


def _without_stretches(lines: Sequence[str], block: Block, stretches: Sequence[tuple[int, int]]) -> str:
    """The manuscript without some stretches of a block's content."""
    first_line = block.first_line + (block.kind is BlockKind.CODE)
    source = "".join(lines[first_line : block.end_line])
    starts, places = _line_places(lines[first_line : block.end_line], block.content.split("\n"))

    def in_source(position: int) -> int:
        line = bisect_right(starts, position) - 1
        return places[line] + position - starts[line]

    kept, at = [], 0
    for first, last in stretches:
        kept.append(source[at : in_source(first)])
        at = in_source(last)
    before, after = block.content[: stretches[0][0]].rstrip(" \t"), source[at:]
    if (not before or before.endswith("\n")) and _BLOCK_SIGN.match(after):
        kept.append("\\")
    return "".join([*lines[:first_line], *kept, after, *lines[block.end_line :]])


def _line_places(lines: Sequence[str], content: Sequence[str]) -> tuple[list[int], list[int]]:
    """Where each line of the content begins, in the content and in the source's joined lines.

    Quote signs and margins are only in the source, so that lines are aligned by their ends.
    """
    starts, places, at, place = [], [], 0, 0
    for line, part in zip(lines, content, strict=False):
        starts.append(at)
        places.append(place + len(line.rstrip(_BLANKS)) - len(part.rstrip(_BLANKS)))
        at, place = at + len(part) + 1, place + len(line)
    return starts, places
