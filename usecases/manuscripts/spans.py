"""Emphasis, strike and links over a stretch of text, written so that CommonMark reads them back.

Word processors put emphasis anywhere: over half a word, over the space after it, across a link.
CommonMark takes `*` for emphasis only beside the right characters ("flanking", spec 0.31, 6.2).
So spans first move off white space and, within words, off punctuation; what crosses is cut.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from usecases.manuscripts.markup import special

ATOM = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands in a text for an image or a note reference, which are written as they are."""


MOST_SPANS = 500
"""Marks of one paragraph that are worth keeping; one with more was made by a machine, and keeps only its links."""


class Mark(StrEnum):
    """What a span means; the value is its delimiter."""

    EMPHASIS = "*"
    STRONG = "**"
    STRIKE = "~~"
    LINK = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A mark over `text[start:end]`; a link has a target."""

    mark: Mark
    start: int
    end: int
    target: str = ""

    @property
    def opening(self) -> str:
        """What stands before it."""
        return "[" if self.mark is Mark.LINK else self.mark.value

    @property
    def closing(self) -> str:
        """What stands after it."""
        return f"]({self.target})" if self.mark is Mark.LINK else self.mark.value


def render(text: str, spans: Iterable[Span], atoms: Sequence[str] = ()) -> str:
    """The text as CommonMark.

    Args:
        text: what a reader shall see, with `ATOM` for each of `atoms` and newlines for hard breaks.
        spans: marks over it, in any order, also overlapping.
        atoms: markup to put in, in order.
    """
    settled = settle(text, spans)
    escapes = {*special(text)}
    escapes |= {at for span in settled if span.mark is Mark.LINK for at in _brackets(text, span)}
    cuts = {at for span in settled for at in (span.start, span.end)}
    waiting = list(reversed(settled))
    rest = iter(atoms)
    inside: list[Span] = []
    written: list[str] = []
    last = 0
    for at in sorted(escapes | cuts | {i for i, sign in enumerate(text) if sign == ATOM} | {len(text)}):
        written.append(text[last:at])
        last = at
        while inside and inside[-1].end == at:
            written.append(inside.pop().closing)
        while waiting and waiting[-1].start == at:
            inside.append(waiting.pop())
            written.append(inside[-1].opening)
        if at in escapes:
            written.append("\\")
        elif text[at : at + 1] == ATOM:
            written.append(next(rest, ""))
            last = at + 1
    return "".join(written)


def settle(text: str, spans: Iterable[Span]) -> list[Span]:
    """The spans nested in each other and placed where CommonMark accepts them, outer ones first."""
    spans = list(spans)
    links = [span for span in _merged(spans, Mark.LINK) if text[span.start : span.end].strip()]
    if len(spans) > MOST_SPANS:
        return links
    others = [
        _trimmed(text, piece)
        for mark in (Mark.STRIKE, Mark.STRONG, Mark.EMPHASIS)
        for span in _merged(spans, mark)
        for piece in _cut(span, links)
    ]
    nested: list[Span] = []
    open_until: list[int] = []
    for span in sorted((*links, *filter(_full, others)), key=lambda span: (span.start, -span.end)):
        while open_until and open_until[-1] <= span.start:
            open_until.pop()
        fitting = span
        if open_until and open_until[-1] < span.end:
            fitting = _trimmed(text, replace(span, end=open_until[-1]))
        if _full(fitting) and fitting.start == span.start:
            nested.append(fitting)
            open_until.append(fitting.end)
    return [span for span in nested if not _jammed(text, span, nested) and not _entangled(text, span, nested)]


def _full(span: Span) -> bool:
    return span.start < span.end


def _merged(spans: Iterable[Span], mark: Mark) -> list[Span]:
    """The spans of one mark, where they touch or overlap made one; a link inside a link is left out."""
    merged: list[Span] = []
    for span in sorted((s for s in spans if s.mark is mark and _full(s)), key=lambda s: (s.start, -s.end)):
        if mark is Mark.LINK:
            if not merged or merged[-1].end <= span.start:
                merged.append(span)
        elif merged and merged[-1].end >= span.start:
            merged[-1] = replace(merged[-1], end=max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _cut(span: Span, links: list[Span]) -> list[Span]:
    """A span as pieces that lie wholly inside, around or outside each link."""
    pieces = [span]
    for link in links:
        if link.start < span.end < link.end:
            pieces = [p for piece in pieces for p in _split(piece, link.start)]
        if link.start < span.start < link.end:
            pieces = [p for piece in pieces for p in _split(piece, link.end)]
    return pieces


def _split(span: Span, at: int) -> list[Span]:
    if not span.start < at < span.end:
        return [span]
    return [replace(span, end=at), replace(span, start=at)]


def _trimmed(text: str, span: Span) -> Span:
    """The span without the edges at which its delimiter would not be one."""
    start, end = span.start, span.end
    while start < end and (text[start].isspace() or (_is_sign(text[start]) and _is_letter(text[start - 1 : start]))):
        start += 1
    while start < end and (text[end - 1].isspace() or (_is_sign(text[end - 1]) and _is_letter(text[end : end + 1]))):
        end -= 1
    return replace(span, start=start, end=end)


def _jammed(text: str, span: Span, others: list[Span]) -> bool:
    """Whether it begins or ends within a word together with a span of another delimiter: then neither would count."""
    if span.mark is Mark.LINK:
        return False
    inner = [
        other
        for other in others
        if other.mark not in (span.mark, _TWIN.get(span.mark)) and span.start <= other.start <= other.end <= span.end
    ]
    return (_is_letter(text[span.start - 1 : span.start]) and any(o.start == span.start for o in inner)) or (
        _is_letter(text[span.end : span.end + 1]) and any(o.end == span.end for o in inner)
    )


_TWIN = {Mark.EMPHASIS: Mark.STRONG, Mark.STRONG: Mark.EMPHASIS}
"""Two marks of one delimiter. They may begin or end together anywhere, but one must not follow on the other."""


def _entangled(text: str, span: Span, others: list[Span]) -> bool:
    """Whether its opening asterisks would be read as closing: right after others, or in a run that opened as three."""
    if span.mark not in _TWIN:
        return False
    starred = [other for other in others if other.mark in _TWIN and other.start < span.start]
    if any(other.end == span.start for other in starred):
        return True
    starts = [other.start for other in starred]
    in_three = any(other.end > span.start and starts.count(other.start) > 1 for other in starred)
    alone = not any(span.start in (other.start, other.end) for other in others if other.mark not in _TWIN)
    return in_three and not (alone and text[span.start - 1].isspace())


def _brackets(text: str, link: Span) -> list[int]:
    """Where a bracket stands in a link's own text, and a sign before it that would make its first bracket another's."""
    before = [link.start - 1] if text[link.start - 1 : link.start] in ("!", "^") else []
    return before + [at for at in range(link.start, link.end) if text[at] in "[]"]


def _is_sign(character: str) -> bool:
    """Punctuation or symbol, as CommonMark counts them."""
    return unicodedata.category(character)[0] in "PS"


def _is_letter(character: str) -> bool:
    """Neither white space nor a sign, and not the edge of the text."""
    return bool(character) and not character.isspace() and not _is_sign(character)
