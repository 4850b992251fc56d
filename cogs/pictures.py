"""Drawing a calendar as an image; the one file that needs Pillow, imported when something is drawn.

Everything is drawn for a phone, which shows the picture at half its width: no letter is set smaller than `_SMALL`.
Shape says what a mark is and colour whose it is, so that nobody needs to tell colours apart; the ground is opaque
paper, so that Discord's dark and light theme make no difference. Pillow's own font knows little beyond ASCII: words
of people are drawn only where it has every letter, and are left to the text of the answer elsewhere.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from io import BytesIO
from math import cos, pi, sin
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from usecases.calendars import Calendar, Mark, MarkKind

WIDTH = 800
_MARGIN = 29
_COLUMN = (WIDTH - 2 * _MARGIN) // 7
_SMALL, _MEDIUM, _LARGE = 27, 30, 42
_TITLE_HEIGHT, _WEEKDAYS_HEIGHT = 100, 46
_DATE_HEIGHT, _PILL, _PILL_STEP = 42, 38, 44
_FEWEST_MARKS, _MOST_MARKS, _MOST_IN_COLUMN = 1, 4, 24
"""Marks a day has room for: one always, so that the weeks look alike; more only in a week that needs it, and fewer
where there are many weeks, so that the picture stays less tall than a phone."""
_LEGEND_STEP, _LEGEND_PILL, _LEGEND_WORDS, _LEGEND_GAP = 50, 56, 66, 20
_GAP = 3
"""Half the space between two days."""

_PAPER = (0xEF, 0xE6, 0xD5)
_DAY, _OTHER_DAY = (0xFF, 0xFC, 0xF5), (0xF8, 0xF1, 0xE2)
"""Days of one month and of the next."""
_INK, _FADED = (0x33, 0x2C, 0x22), (0x6C, 0x5F, 0x4B)
_GOLD = (0xD9, 0xA4, 0x41)
_SERIES = (
    (0x2A, 0x62, 0x88),
    (0xA4, 0x47, 0x2F),
    (0x22, 0x6C, 0x44),
    (0x6B, 0x48, 0x84),
    (0x86, 0x60, 0x0E),
    (0x9C, 0x38, 0x61),
    (0x43, 0x5C, 0x66),
    (0x6E, 0x53, 0x42),
)
_FILL, _RING = 0.13, 0.55
"""How much of its series' colour is in what is out."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MEANING = {
    MarkKind.OUT: "out",
    MarkKind.PROMISED: "promised",
    MarkKind.FREE: "next free",
    MarkKind.START: "new series",
    MarkKind.DEADLINE: "deadline",
}
_SAME_LETTER = {"\u2013": "-", "\u2014": "-", "\u00a0": " "}
"""Letters of titles that the font lacks and that another one stands for without loss."""
_SIGN = 26
_SIGNS = {
    "tick": ((0.05, 0.55), (0.18, 0.42), (0.38, 0.62), (0.82, 0.16), (0.95, 0.29), (0.38, 0.88)),
    "plus": (
        *((0.42, 0.12), (0.58, 0.12), (0.58, 0.42), (0.88, 0.42), (0.88, 0.58), (0.58, 0.58)),
        *((0.58, 0.88), (0.42, 0.88), (0.42, 0.58), (0.12, 0.58), (0.12, 0.42), (0.42, 0.42)),
    ),
    "star": tuple(
        (0.5 + radius * sin(turn * pi / 5), 0.53 - radius * cos(turn * pi / 5))
        for turn, radius in zip(range(10), (0.5, 0.21) * 5, strict=True)
    ),
    "flag": ((0.18, 0.02), (0.92, 0.3), (0.3, 0.56), (0.3, 0.98), (0.18, 0.98)),
}
"""Their corners, in parts of a side."""
_FINER = 4
"""Shapes are drawn so many times larger and made smaller, for smooth edges."""
_COLOURS = 128
_NO_LETTER = "\uffff"

_Colour = tuple[int, int, int]


class _Box(NamedTuple):
    """A place in the picture."""

    x: int
    y: int
    width: int
    height: int


class _Look(NamedTuple):
    """How one mark is drawn."""

    kind: MarkKind
    text: str
    colour: _Colour


class _Item(NamedTuple):
    """One thing of the legend: a mark with its meaning, a series with its title, or a remark."""

    x: int
    look: _Look | None
    words: str


@dataclass(frozen=True, slots=True)
class _Page:
    """The picture in the making."""

    image: Image.Image
    draw: ImageDraw.ImageDraw

    def write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: int = _SMALL,
        colour: _Colour = _INK,
        at: str = "lm",
        bold: bool = False,
    ) -> None:
        """Words at a point; `at` is Pillow's anchor."""
        self.draw.text((x, y), text, colour, _font(size), at, stroke_width=0.6 if bold else 0, stroke_fill=colour)

    def shape(self, name: str, box: _Box, colour: _Colour) -> None:
        """One of the shapes below, in one colour."""
        self.image.paste(colour, (box.x, box.y), _shape(name, box.width, box.height))


def draw_calendar(calendar: Calendar) -> bytes:
    """A calendar as a PNG, `WIDTH` wide."""
    heights = _week_heights(calendar)
    rows = _legend_rows(calendar)
    grid = _TITLE_HEIGHT + _WEEKDAYS_HEIGHT
    height = grid + sum(heights) + 20 + len(rows) * _LEGEND_STEP + 24
    image = Image.new("RGB", (WIDTH, height), _PAPER)
    page = _Page(image, ImageDraw.Draw(image))
    _draw_head(page, calendar)
    y = grid
    for week, room in enumerate(heights):
        for weekday in range(7):
            day = calendar.first + timedelta(days=7 * week + weekday)
            _draw_day(page, _Box(_MARGIN + weekday * _COLUMN, y, _COLUMN, room), day, calendar)
        y += room
    y += 20
    for row in rows:
        for item in row:
            _draw_item(page, item, y + _LEGEND_STEP // 2)
        y += _LEGEND_STEP
    return _png(image)


def _draw_head(page: _Page, calendar: Calendar) -> None:
    page.write(_MARGIN + 6, 54, _months(calendar), size=_LARGE, bold=True)
    room = WIDTH - 2 * _MARGIN - 12 - _font(_LARGE).getlength(_months(calendar)) - 30
    zone = calendar.zone.replace("_", " ")
    if _font(_SMALL).getlength(zone) > room:
        zone = zone.rpartition("/")[-1]
    page.write(WIDTH - _MARGIN - 6, 58, zone, colour=_FADED, at="rm")
    for weekday, name in enumerate(_WEEKDAYS):
        middle = _MARGIN + weekday * _COLUMN + _COLUMN / 2
        page.write(middle, _TITLE_HEIGHT + 22, name, colour=_FADED, at="mm")


def _draw_day(page: _Page, box: _Box, day: date, calendar: Calendar) -> None:
    cell = _Box(box.x + _GAP, box.y + _GAP, box.width - 2 * _GAP, box.height - 2 * _GAP)
    past = day < calendar.today
    if not past:
        page.shape("cell", cell, _DAY if (day.month - calendar.today.month) % 2 == 0 else _OTHER_DAY)
    _draw_date(page, cell, day, calendar.today)
    looks = [_look(mark, calendar) for mark in calendar.marks if mark.day == day]
    most = _most_marks(calendar)
    shown = looks if len(looks) <= most else looks[: most - 1]
    mark = _Box(cell.x + 5, cell.y + _DATE_HEIGHT, cell.width - 10, _PILL)
    for look in shown:
        _draw_mark(page, mark, look)
        mark = mark._replace(y=mark.y + _PILL_STEP)
    if len(looks) > len(shown):
        more = f"+{len(looks) - len(shown)}"
        page.write(mark.x + mark.width / 2, mark.y + mark.height / 2, more, at="mm", bold=True)


def _draw_date(page: _Page, cell: _Box, day: date, today: date) -> None:
    name = f"{day.day} {_MONTHS[day.month - 1]}" if day.day == 1 else str(day.day)
    y = cell.y + 22
    if day == today:
        width = int(_font(_SMALL).getlength(name)) + 26
        page.shape("pill", _Box(cell.x + 5, y - 17, width, 34), _INK)
        page.write(cell.x + 5 + width / 2, y, name, colour=_DAY, at="mm", bold=True)
    else:
        page.write(cell.x + 11, y, name, colour=_FADED if day < today else _INK, bold=day.day == 1)


def _look(mark: Mark, calendar: Calendar) -> _Look:
    if mark.series is None:
        return _Look(mark.kind, "", _INK if mark.kind is MarkKind.DEADLINE else _FADED)
    key = calendar.series[mark.series].key
    return _Look(mark.kind, f"{key}{mark.number or ''}", _SERIES[mark.series])


def _draw_mark(page: _Page, box: _Box, look: _Look) -> None:
    """Solid with a number: promised; pale with a tick: out; dashed: free, with a cross or a star; a flag: deadline."""
    match look.kind:
        case MarkKind.PROMISED:
            page.shape("pill", box, look.colour)
            _fill(page, box, look._replace(colour=_DAY))
        case MarkKind.OUT:
            page.shape("pill", box, _pale(look.colour))
            page.shape("ring", box, _mixed(look.colour, _DAY, _RING))
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


def _fill(page: _Page, box: _Box, look: _Look, sign: str = "") -> None:
    """A text, a sign, or one after the other, in the middle of a mark."""
    side = _SIGN if sign else 0
    both = _font(_MEDIUM).getlength(look.text) + side + (7 if look.text and sign else 0)
    x, y = box.x + (box.width - both) / 2, box.y + box.height // 2
    if look.text:
        page.write(x, y - 1, look.text, size=_MEDIUM, colour=look.colour, bold=True)
    if sign:
        page.shape(sign, _Box(round(x + both - side), y - side // 2, side, side), look.colour)


def _draw_item(page: _Page, item: _Item, y: int) -> None:
    if item.look is None:
        page.write(item.x, y, item.words, colour=_FADED)
        return
    _draw_mark(page, _Box(item.x, y - _PILL // 2, _LEGEND_PILL, _PILL), item.look)
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
    x = _MARGIN + 6
    for kind, words in _MEANING.items():
        if kind not in present:
            continue
        width = _LEGEND_WORDS + int(_font(_SMALL).getlength(words))
        if x + width > WIDTH - _MARGIN:
            rows.append([])
            x = _MARGIN + 6
        rows[-1].append(_Item(x, _sample(present[kind], calendar), words))
        x += width + _LEGEND_GAP
    if len(calendar.series) > 1:
        half = (WIDTH - 2 * _MARGIN) // 2
        named = [
            _Item(
                _MARGIN + 6 + at % 2 * half,
                _Look(MarkKind.PROMISED, one.key, _SERIES[at]),
                _fitting(one.title, half - _LEGEND_WORDS - _LEGEND_GAP) or f"{one.waiting} waiting",
            )
            for at, one in enumerate(calendar.series)
        ]
        rows += [named[at : at + 2] for at in range(0, len(named), 2)]
    return rows + [[_Item(_MARGIN + 6, None, words)] for words in _remarks(calendar)]


def _sample(mark: Mark, calendar: Calendar) -> _Look:
    """A mark of one's own series as it is; with several series one that is none of them."""
    if len(calendar.series) == 1 or mark.series is None:
        return _look(mark, calendar)
    return _Look(mark.kind, "1" if mark.kind is MarkKind.PROMISED else "", _FADED)


def _remarks(calendar: Calendar) -> Iterable[str]:
    if calendar.later:
        yield f"…and {calendar.later} more after {calendar.last.day} {_MONTHS[calendar.last.month - 1]}"
    if calendar.other_series:
        yield f"…and {calendar.other_series} more series"


def _months(calendar: Calendar) -> str:
    first, last = calendar.first, calendar.last
    if (first.year, first.month) == (last.year, last.month):
        return f"{_MONTHS[first.month - 1]} {first.year}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{_MONTHS[first.month - 1]}{year} to {_MONTHS[last.month - 1]} {last.year}"


def _fitting(words: str, width: float) -> str:
    """As much of a title as fits, or nothing where the font lacks one of its letters."""
    known = "".join(_SAME_LETTER.get(letter, letter) for letter in words)
    if not all(_has(letter) for letter in known):
        return ""
    font = _font(_SMALL)
    if font.getlength(known) <= width:
        return known
    while known and font.getlength(known + "…") > width:
        known = known[:-1].rstrip()
    return known + "…"


@lru_cache(maxsize=2048)
def _has(letter: str) -> bool:
    """Whether the font draws it, and not the box that stands for what it lacks."""
    return letter == " " or bytes(_font(_SMALL).getmask(letter)) != bytes(_font(_SMALL).getmask(_NO_LETTER))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):  # Pillow built without FreeType has tiny letters only
        raise ImportError("Pillow lacks FreeType")  # noqa: TRY004 - to who asked it is as if it were missing
    return font


@lru_cache(maxsize=256)
def _shape(name: str, width: int, height: int) -> Image.Image:
    """A shape as a mask."""
    wide, high = width * _FINER, height * _FINER
    mask = Image.new("L", (wide, high))
    draw = ImageDraw.Draw(mask)
    match name:
        case "cell":
            draw.rounded_rectangle((0, 0, wide - 1, high - 1), 14 * _FINER, 255)
        case "pill":
            draw.rounded_rectangle((0, 0, wide - 1, high - 1), high // 2, 255)
        case "square":
            draw.rounded_rectangle((0, 0, wide - 1, high - 1), 5 * _FINER, 255)
        case "ring":
            draw.rounded_rectangle((0, 0, wide - 1, high - 1), high // 2, None, 255, 2 * _FINER)
        case "dashes":
            draw.rounded_rectangle((0, 0, wide - 1, high - 1), high // 2, None, 255, 3 * _FINER)
            gaps = max(1, (wide - high) // (11 * _FINER))
            for at in range(gaps):
                middle = high // 2 + (wide - high) * (2 * at + 1) / (2 * gaps)
                draw.rectangle((middle - 2.5 * _FINER, 0, middle + 2.5 * _FINER, high), 0)
        case _:
            points = [(round(x * wide), round(y * high)) for x, y in _SIGNS[name]]
            draw.polygon(points, 255)
    return mask.reduce(_FINER)


def _pale(colour: _Colour) -> _Colour:
    return _mixed(colour, _DAY, _FILL)


def _mixed(colour: _Colour, ground: _Colour, part: float) -> _Colour:
    red, green, blue = (round(one * part + other * (1 - part)) for one, other in zip(colour, ground, strict=True))
    return red, green, blue


def _png(image: Image.Image) -> bytes:
    packed = BytesIO()
    image.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(packed, "PNG")
    return packed.getvalue()
