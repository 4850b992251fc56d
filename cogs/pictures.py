"""Drawing a calendar as an image; imported when something is drawn.

Shape says what a mark is and colour whose it is, so that nobody needs to tell colours apart.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
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
    fitting,
    font,
    mixed,
    pale,
    png,
)
from usecases.calendars import Calendar, Mark, MarkKind

_COLUMN = (WIDTH - 2 * MARGIN) // 7
_TITLE_HEIGHT, _WEEKDAYS_HEIGHT = 100, 46
_DATE_HEIGHT, _PILL, _PILL_STEP = 42, 38, 44
_FEWEST_MARKS, _MOST_MARKS, _MOST_IN_COLUMN = 1, 4, 24
"""Marks a day has room for: one always, so that the weeks look alike; more only in a week that needs it, and fewer
where there are many weeks, so that the picture stays less tall than a phone."""
_LEGEND_STEP, _LEGEND_PILL, _LEGEND_WORDS, _LEGEND_GAP = 50, 56, 66, 20
_GAP = 3
"""Half the space between two days."""

_OTHER_DAY = (0xF8, 0xF1, 0xE2)
"""Days of the next month."""
_GOLD = (0xD9, 0xA4, 0x41)
_RING = 0.55
"""How much of its series' colour is in the edge of what is out."""
_SIGN = 26
"""The side of a sign within a mark."""
_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MEANING = {
    MarkKind.OUT: "out",
    MarkKind.PROMISED: "promised",
    MarkKind.FREE: "next free",
    MarkKind.START: "new series",
    MarkKind.DEADLINE: "deadline",
}


class _Look(NamedTuple):
    """How one mark is drawn."""

    kind: MarkKind
    text: str
    colour: Colour


class _Item(NamedTuple):
    """One thing of the legend: a mark with its meaning, a series with its title, or a remark."""

    x: int
    look: _Look | None
    words: str


def draw_calendar(calendar: Calendar) -> bytes:
    """A calendar as a PNG, `WIDTH` of `cogs/paper.py` wide."""
    heights = _week_heights(calendar)
    rows = _legend_rows(calendar)
    grid = _TITLE_HEIGHT + _WEEKDAYS_HEIGHT
    height = grid + sum(heights) + 20 + len(rows) * _LEGEND_STEP + 24
    page = a_page(height)
    _draw_head(page, calendar)
    y = grid
    for week, room in enumerate(heights):
        for weekday in range(7):
            day = calendar.first + timedelta(days=7 * week + weekday)
            _draw_day(page, Box(MARGIN + weekday * _COLUMN, y, _COLUMN, room), day, calendar)
        y += room
    y += 20
    for row in rows:
        for item in row:
            _draw_item(page, item, y + _LEGEND_STEP // 2)
        y += _LEGEND_STEP
    return png(page)


def _draw_head(page: Page, calendar: Calendar) -> None:
    page.write(MARGIN + 6, 54, _months(calendar), size=LARGE, bold=True)
    room = WIDTH - 2 * MARGIN - 12 - font(LARGE).getlength(_months(calendar)) - 30
    zone = calendar.zone.replace("_", " ")
    if font(SMALL).getlength(zone) > room:
        zone = zone.rpartition("/")[-1]
    page.write(WIDTH - MARGIN - 6, 58, zone, colour=FADED, at="rm")
    for weekday, name in enumerate(_WEEKDAYS):
        middle = MARGIN + weekday * _COLUMN + _COLUMN / 2
        page.write(middle, _TITLE_HEIGHT + 22, name, colour=FADED, at="mm")


def _draw_day(page: Page, box: Box, day: date, calendar: Calendar) -> None:
    cell = Box(box.x + _GAP, box.y + _GAP, box.width - 2 * _GAP, box.height - 2 * _GAP)
    past = day < calendar.today
    if not past:
        page.shape("cell", cell, LEAF if (day.month - calendar.today.month) % 2 == 0 else _OTHER_DAY)
    _draw_date(page, cell, day, calendar.today)
    looks = [_look(mark, calendar) for mark in calendar.marks if mark.day == day]
    most = _most_marks(calendar)
    shown = looks if len(looks) <= most else looks[: most - 1]
    mark = Box(cell.x + 5, cell.y + _DATE_HEIGHT, cell.width - 10, _PILL)
    for look in shown:
        _draw_mark(page, mark, look)
        mark = mark._replace(y=mark.y + _PILL_STEP)
    if len(looks) > len(shown):
        more = f"+{len(looks) - len(shown)}"
        page.write(mark.x + mark.width / 2, mark.y + mark.height / 2, more, at="mm", bold=True)


def _draw_date(page: Page, cell: Box, day: date, today: date) -> None:
    name = f"{day.day} {MONTHS[day.month - 1]}" if day.day == 1 else str(day.day)
    y = cell.y + 22
    if day == today:
        width = int(font(SMALL).getlength(name)) + 26
        page.shape("pill", Box(cell.x + 5, y - 17, width, 34), INK)
        page.write(cell.x + 5 + width / 2, y, name, colour=LEAF, at="mm", bold=True)
    else:
        page.write(cell.x + 11, y, name, colour=FADED if day < today else INK, bold=day.day == 1)


def _look(mark: Mark, calendar: Calendar) -> _Look:
    if mark.series is None:
        return _Look(mark.kind, "", INK if mark.kind is MarkKind.DEADLINE else FADED)
    key = calendar.series[mark.series].key
    return _Look(mark.kind, f"{key}{mark.number or ''}", COLOURS[mark.series])


def _draw_mark(page: Page, box: Box, look: _Look) -> None:
    """Solid with a number: promised; pale with a tick: out; dashed: free, with a cross or a star; a flag: deadline."""
    match look.kind:
        case MarkKind.PROMISED:
            page.shape("pill", box, look.colour)
            _fill(page, box, look._replace(colour=LEAF))
        case MarkKind.OUT:
            page.shape("pill", box, pale(look.colour))
            page.shape("ring", box, mixed(look.colour, LEAF, _RING))
            _fill(page, box, look, "tick")
        case MarkKind.FREE:
            page.shape("dashes", box, look.colour)
            _fill(page, box, look, "plus")
        case MarkKind.START:
            page.shape("dashes", box, look.colour)
            _fill(page, box, look, "star")
        case MarkKind.DEADLINE:
            page.shape("square", box, look.colour)
            _fill(page, box, look._replace(colour=_GOLD), "flag")


def _fill(page: Page, box: Box, look: _Look, sign: str = "") -> None:
    """A text, a sign, or one after the other, in the middle of a mark."""
    side = _SIGN if sign else 0
    both = font(MEDIUM).getlength(look.text) + side + (7 if look.text and sign else 0)
    x, y = box.x + (box.width - both) / 2, box.y + box.height // 2
    if look.text:
        page.write(x, y - 1, look.text, size=MEDIUM, colour=look.colour, bold=True)
    if sign:
        page.shape(sign, Box(round(x + both - side), y - side // 2, side, side), look.colour)


def _draw_item(page: Page, item: _Item, y: int) -> None:
    if item.look is None:
        page.write(item.x, y, item.words, colour=FADED)
        return
    _draw_mark(page, Box(item.x, y - _PILL // 2, _LEGEND_PILL, _PILL), item.look)
    page.write(item.x + _LEGEND_WORDS, y, item.words)


def _week_heights(calendar: Calendar) -> list[int]:
    counts = Counter(mark.day for mark in calendar.marks)
    heights = []
    for week in range(calendar.weeks):
        days = (calendar.first + timedelta(days=7 * week + weekday) for weekday in range(7))
        marks = min(max(_FEWEST_MARKS, *(counts[day] for day in days)), _most_marks(calendar))
        heights.append(_DATE_HEIGHT + marks * _PILL_STEP + 2 * _GAP)
    return heights


def _most_marks(calendar: Calendar) -> int:
    return min(_MOST_MARKS, _MOST_IN_COLUMN // calendar.weeks)


def _legend_rows(calendar: Calendar) -> list[list[_Item]]:
    """What the marks mean, whose they are, and what had no room."""
    present = {mark.kind: mark for mark in reversed(calendar.marks)}
    rows: list[list[_Item]] = [[]]
    x = MARGIN + 6
    for kind, words in _MEANING.items():
        if kind not in present:
            continue
        width = _LEGEND_WORDS + int(font(SMALL).getlength(words))
        if x + width > WIDTH - MARGIN:
            rows.append([])
            x = MARGIN + 6
        rows[-1].append(_Item(x, _sample(present[kind], calendar), words))
        x += width + _LEGEND_GAP
    if len(calendar.series) > 1:
        half = (WIDTH - 2 * MARGIN) // 2
        named = [
            _Item(
                MARGIN + 6 + at % 2 * half,
                _Look(MarkKind.PROMISED, one.key, COLOURS[at]),
                fitting(one.title, half - _LEGEND_WORDS - _LEGEND_GAP) or f"{one.waiting} waiting",
            )
            for at, one in enumerate(calendar.series)
        ]
        rows += [named[at : at + 2] for at in range(0, len(named), 2)]
    return rows + [[_Item(MARGIN + 6, None, words)] for words in _remarks(calendar)]


def _sample(mark: Mark, calendar: Calendar) -> _Look:
    """A mark of one's own series as it is; with several series one that is none of them."""
    if len(calendar.series) == 1 or mark.series is None:
        return _look(mark, calendar)
    return _Look(mark.kind, "1" if mark.kind is MarkKind.PROMISED else "", FADED)


def _remarks(calendar: Calendar) -> Iterable[str]:
    if calendar.later:
        yield f"…and {calendar.later} more after {calendar.last.day} {MONTHS[calendar.last.month - 1]}"
    if calendar.other_series:
        yield f"…and {calendar.other_series} more series"


def _months(calendar: Calendar) -> str:
    first, last = calendar.first, calendar.last
    if (first.year, first.month) == (last.year, last.month):
        return f"{MONTHS[first.month - 1]} {first.year}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{MONTHS[first.month - 1]}{year} to {MONTHS[last.month - 1]} {last.year}"
