"""Drawing what a changed policy would have done; imported when something is drawn.

Three parts, each with its numbers in words beside it: when, how far, and week by week. What is so is pale with an edge,
what is tried is solid, earlier and later have a pointer each; so nobody needs to tell colours apart.
"""

from typing import NamedTuple

from cogs.paper import (
    COLOURS,
    FADED,
    INK,
    LARGE,
    LEAF,
    MARGIN,
    MEDIUM,
    MONTHS,
    SMALL,
    WIDTH,
    Box,
    Colour,
    Page,
    a_page,
    font,
    mixed,
    pale,
    png,
)
from cogs.replies.trials import MOST_WEEKS
from rules.tallies import Shift, Trial, Week

_LEFT, _ROOM = MARGIN + 6, WIDTH - 2 * MARGIN - 12
_HEAD, _PART, _BAR = 128, 62, 50
_CHART, _AXIS = 250, 64
_WHEN, _FAR, _WEEKS = _PART + _BAR + 158, _PART + 2 * (_BAR + 54) + 10, _PART + 48 + _CHART + _AXIS
"""Heights of the three parts."""
_AS_IT_IS = "as it is"
_EDGE = 3
_DAY = 24
_SIDE = 28
"""Of a sign in a legend."""
_BLUE, _RED, _GREEN = COLOURS[0], COLOURS[1], COLOURS[2]


class _Piece(NamedTuple):
    """A part of a bar."""

    number: int
    colour: Colour
    solid: bool


def draw_trial(trial: Trial) -> bytes:
    """A trial as a PNG, `WIDTH` of `cogs/paper.py` wide; parts about which there is nothing to say are left out."""
    shown = trial.weeks[-MOST_WEEKS:]
    height = _HEAD + (_WHEN if trial.chapters else 0) + (_FAR if trial.out else 0)
    page = a_page(height + (_WEEKS if shown else 0) + 20)
    page.write(_LEFT, 54, "What would have come out", size=LARGE, bold=True)
    page.write(_LEFT, 102, _span(trial.weeks) or "nothing has come out yet", colour=FADED)
    y = _HEAD
    if trial.chapters:
        y = _draw_when(page, y, trial)
    if trial.out:
        y = _draw_far(page, y, trial)
    if shown:
        _draw_weeks(page, y, trial, shown)
    return png(page)


def _draw_when(page: Page, y: int, trial: Trial) -> int:
    """One bar of all chapters: earlier, the same, later; and by how much."""
    _head(page, y, "When?", f"{trial.chapters:,} chapter{'' if trial.chapters == 1 else 's'}")
    earlier, later = _count(trial.earlier), _count(trial.later)
    pieces = (_Piece(earlier, _GREEN, True), _Piece(trial.same, FADED, False), _Piece(later, _RED, True))
    _draw_bar(page, y + _PART, pieces)
    y += _PART + _BAR + 30
    page.shape("left", Box(_LEFT, y - _SIDE // 2, _SIDE, _SIDE), _GREEN)
    page.write(_LEFT + 40, y, _shifted(trial.earlier, "earlier"))
    page.shape("right", Box(_LEFT, y + 44 - _SIDE // 2, _SIDE, _SIDE), _RED)
    page.write(_LEFT + 40, y + 44, _shifted(trial.later, "later"))
    _swatch(page, _LEFT, y + 88, _Piece(0, FADED, False))
    page.write(_LEFT + 40, y + 88, f"{trial.same:,} at the same time")
    return y + 88 + 40


def _draw_far(page: Page, y: int, trial: Trial) -> int:
    """Two bars of all that is out: what travelled, and what would have."""
    _head(page, y, "How far?", f"{trial.out:,} out")
    y += _PART
    for words, count, solid in (
        ("travelled", trial.travelled, False),
        ("would have travelled", trial.would_travel, True),
    ):
        _draw_bar(page, y, (_Piece(count, _BLUE, solid), _Piece(trial.out - count, LEAF, True)))
        page.write(_LEFT, y + _BAR + 24, f"{count:,} {words}, {trial.out - count:,} at home only")
        y += _BAR + 54
    return y + 10


def _draw_weeks(page: Page, y: int, trial: Trial, shown: tuple[Week, ...]) -> None:
    """Two bars a week, as high as there were chapters."""
    left_out = len(trial.weeks) - len(shown)
    _head(page, y, "Each week", f"the last {len(shown)} of {len(trial.weeks)}" if left_out else "")
    y += _PART + 8
    x = _swatch(page, _LEFT, y, _Piece(0, _BLUE, False))
    page.write(x, y, _AS_IT_IS)
    x = _swatch(page, x + int(font(SMALL).getlength(_AS_IT_IS)) + 30, y, _Piece(0, _BLUE, True))
    page.write(x, y, "as tried")
    bottom = y + 40 + _CHART
    most = max(max(week.came, week.would) for week in shown)
    left = _LEFT + int(font(SMALL).getlength(f"{most:,}")) + 14
    for count in sorted({0, most // 2, most} if most > 1 else {0, most}):
        line = bottom - _height(count, most)
        page.draw.line((left, line, _LEFT + _ROOM, line), FADED if count == 0 else mixed(FADED, LEAF, 0.35), 2)
        page.write(left - 10, line, f"{count:,}", colour=FADED, at="rm")
    step = (_LEFT + _ROOM - left) / len(shown)
    wide = min(30, int(step * 0.4))
    named = left - 100.0
    for at, week in enumerate(shown):
        middle = left + step * (at + 0.5)
        for start, count, solid in ((middle - wide - 1, week.came, False), (middle + 1, week.would, True)):
            if count:
                corners = (start, bottom - _height(count, most), start + wide, bottom)
                _block(page, corners, _Piece(count, _BLUE, solid))
        name = f"{week.monday.day} {MONTHS[week.monday.month - 1]}"
        half = font(SMALL).getlength(name) / 2
        if middle - half > named and middle + half <= WIDTH - MARGIN / 2:
            page.draw.line((middle, bottom, middle, bottom + 8), FADED, 2)
            page.write(middle, bottom + 30, name, colour=FADED, at="mm")
            named = middle + half + 24
    page.draw.line((left, bottom, _LEFT + _ROOM, bottom), INK, 2)


def _head(page: Page, y: int, words: str, beside: str) -> None:
    page.write(_LEFT, y + 28, words, size=MEDIUM, bold=True)
    page.write(_LEFT + _ROOM, y + 28, beside, colour=FADED, at="rm")


def _draw_bar(page: Page, y: int, pieces: tuple[_Piece, ...]) -> None:
    """As wide as the page; what is there at all is seen, however little it is."""
    total = sum(piece.number for piece in pieces)
    x = float(_LEFT)
    for piece in pieces:
        if not piece.number:
            continue
        width = max(8.0, _ROOM * piece.number / total)
        end = min(x + width, _LEFT + _ROOM)
        _block(page, (end - width if end < x + width else x, y, end, y + _BAR), piece)
        words = f"{piece.number:,}"
        if font(SMALL).getlength(words) + 16 < width:
            dark = piece.solid and piece.colour != LEAF
            page.write(x + width / 2, y + _BAR / 2, words, colour=LEAF if dark else INK, at="mm", bold=True)
        x += width


def _block(page: Page, corners: tuple[float, float, float, float], piece: _Piece) -> None:
    """Solid, or pale with an edge."""
    colour = piece.colour if piece.solid else pale(piece.colour)
    page.draw.rectangle(corners, colour, FADED if piece.colour == LEAF else piece.colour, _EDGE)


def _swatch(page: Page, x: int, y: int, piece: _Piece) -> int:
    """A sample of a bar; where its words begin."""
    _block(page, (x, y - _SIDE // 2, x + _SIDE, y + _SIDE // 2), piece)
    return x + 40


def _height(count: int, most: int) -> float:
    return (_CHART - 10) * count / max(1, most)


def _count(shift: Shift | None) -> int:
    return 0 if shift is None else shift.count


def _shifted(shift: Shift | None, words: str) -> str:
    if shift is None:
        return f"0 {words}"
    median, largest = _days(shift.median.total("hours")), _days(shift.largest.total("hours"))
    return f"{shift.count:,} {words}, median {median}, at most {largest}"


def _days(hours: float) -> str:
    """Short, for a picture: its text has it in full."""
    if hours >= _DAY:
        days = round(hours / _DAY, 1)
        return f"{days:g} day{'' if days == 1 else 's'}"
    return f"{hours:.0f} h" if hours >= 1 else f"{hours * 60:.0f} min"


def _span(shown: tuple[Week, ...]) -> str:
    if not shown:
        return ""
    first, last = shown[0].monday, shown[-1].monday
    year = f" {first.year}" if first.year != last.year else ""
    return f"weeks from {first.day} {MONTHS[first.month - 1]}{year} to {last.day} {MONTHS[last.month - 1]} {last.year}"
