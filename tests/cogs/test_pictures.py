"""Drawing a calendar: what must be there, and what must not."""

import subprocess
import sys
from datetime import date, timedelta
from io import BytesIO
from time import perf_counter

import pytest
from PIL import Image

from cogs import paper
from cogs.paper import WIDTH
from cogs.pictures import draw_calendar
from cogs.replies.calendars import MOST_ALT, alt_text
from usecases.calendars import MOST_SERIES, Calendar, Mark, MarkKind, SeriesOnCalendar

MONDAY = date(2026, 12, 21)
LARGEST = 60_000
"""Bytes a phone loads at once."""
SLOWEST = 0.25
"""Seconds; five times what it may take, for a machine that does other work too."""


def a_calendar(
    titles: tuple[str, ...] = ("The Salt Road",), *, chapters: int = 8, weeks: int = 4, later: int = 0
) -> Calendar:
    """Series with a chapter every third day over the turn of the year, one out, free slots, a deadline."""
    last = MONDAY + timedelta(days=7 * weeks - 1)
    marks = [Mark(MONDAY + timedelta(days=5), MarkKind.DEADLINE), Mark(last, MarkKind.START)]
    for at in range(len(titles)):
        marks += [Mark(MONDAY, MarkKind.OUT, at), Mark(last, MarkKind.FREE, at)]
        marks += [Mark(MONDAY + timedelta(days=3 * n), MarkKind.PROMISED, at, n) for n in range(1, chapters + 1)]
    letters = ("",) if len(titles) == 1 else "ABCDEFGH"
    return Calendar(
        zone="Europe/Berlin",
        today=MONDAY + timedelta(days=1),
        first=MONDAY,
        weeks=weeks,
        series=tuple(
            SeriesOnCalendar(at, title, key, chapters)
            for at, (title, key) in enumerate(zip(titles, letters, strict=False))
        ),
        marks=tuple(sorted((one for one in marks if one.day <= last), key=lambda one: one.day)),
        later=later,
    )


def opened(calendar: Calendar) -> Image.Image:
    """The picture as it would be shown."""
    image = Image.open(BytesIO(draw_calendar(calendar)))
    image.load()
    return image.convert("RGBA")


CASES = {
    "one series": a_calendar(),
    "one chapter": a_calendar(chapters=1),
    "many weeks": a_calendar(chapters=20, weeks=8, later=3),
    "three series": a_calendar(("The Salt Road", "Соль и дорога", "Lanterns over the long, the very long water")),
    "as many as are drawn": a_calendar(tuple(f"Story {at}" for at in range(MOST_SERIES)), chapters=12, weeks=8),
    "nothing": Calendar("UTC", MONDAY, MONDAY, 4),
}


@pytest.mark.parametrize("calendar", CASES.values(), ids=CASES.keys())
def test_it_is_a_small_opaque_png_of_the_promised_width(calendar: Calendar) -> None:
    """Opaque, so that the theme behind it makes no difference."""
    drawn = draw_calendar(calendar)
    assert drawn.startswith(b"\x89PNG\r\n")
    assert len(drawn) < LARGEST
    image = opened(calendar)
    assert image.width == WIDTH
    assert 400 < image.height < 2.4 * WIDTH
    assert image.getchannel("A").getextrema() == (255, 255)


def test_it_is_quick() -> None:
    """Once the library is loaded."""
    draw_calendar(CASES["many weeks"])
    began = perf_counter()
    draw_calendar(CASES["three series"])
    assert perf_counter() - began < SLOWEST


def test_equal_calendars_give_equal_pictures_and_other_facts_others() -> None:
    """A function of its facts alone."""
    assert draw_calendar(a_calendar()) == draw_calendar(a_calendar())
    assert draw_calendar(a_calendar()) != draw_calendar(a_calendar(chapters=7))


def test_a_title_with_letters_that_the_font_lacks_leaves_no_boxes() -> None:
    """Not even one; its series goes by its letter, and the title stands in the text."""
    assert paper.fitting("The Salt Road", 300) == "The Salt Road"
    assert paper.fitting("Salt \u2013 a road", 300) == "Salt - a road"
    for title in ("Соль", "塩の道", "طريق الملح", "Sélène", "🧂 Road", "\u200bRoad", "Road\n", "A\u0301"):
        assert paper.fitting(title, 300) == "", title


def test_a_long_title_is_cut_where_room_ends() -> None:
    """With a mark that says so."""
    cut = paper.fitting("Lanterns over the long, the very long water", 280)
    assert cut.endswith("…")
    assert paper.font(paper.SMALL).getlength(cut) <= 280


def test_no_letter_is_too_small_for_a_phone() -> None:
    """Which shows the picture at half its width."""
    assert min(paper.SMALL, paper.MEDIUM, paper.LARGE) >= 26


def test_every_mark_can_be_told_by_its_shape_alone() -> None:
    """In shades of grey no two kinds look alike."""
    seen = set()
    for kind in MarkKind:
        number = 1 if kind is MarkKind.PROMISED else None
        mark = Mark(MONDAY, kind, None if kind in {MarkKind.START, MarkKind.DEADLINE} else 0, number)
        calendar = Calendar("UTC", MONDAY, MONDAY, 4, (SeriesOnCalendar(1, "A", "", 1),), (mark,))
        cell = opened(calendar).crop((29, 146, 135, 240)).convert("L")
        seen.add(cell.point([0] * 200 + [255] * 56).tobytes())
    assert len(seen) == len(MarkKind)


def test_words_are_readable_on_their_ground() -> None:
    """WCAG's 4.5 to 1, for every colour that carries text."""
    for colour in paper.COLOURS:
        assert contrast(colour, paper.LEAF) >= 4.5
        assert contrast(colour, paper.pale(colour)) >= 4.5
    assert contrast(paper.FADED, paper.PAPER) >= 4.5
    assert contrast(paper.INK, paper.PAPER) >= 4.5


def test_drawing_is_loaded_only_when_something_is_drawn() -> None:
    """The bot starts without it."""
    said = subprocess.run(
        [sys.executable, "-c", "import sys, bot.app; print('PIL' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "False"


class TestAltText:
    """The same in short, for who does not see the picture."""

    def test_it_names_the_days_of_each_series_and_of_the_series_lane(self) -> None:
        """Months once for the days they have."""
        assert alt_text(a_calendar(chapters=5, later=2)) == (
            "Calendar of 21 December 2026 to 17 January 2027, days in Europe/Berlin. "
            "The Salt Road: out 21 December; promised 24, 27, 30 December, 2, 5 January; next free 17 January. "
            "A new series could start 17 January. Deadline 26 December. 2 more promised after 17 January."
        )

    def test_it_names_the_letters_that_stand_on_the_days(self) -> None:
        """Where there are several series."""
        assert "B, Соль и дорога: out" in alt_text(CASES["three series"])

    def test_it_never_gets_longer_than_discord_takes(self) -> None:
        """However much there is to say."""
        assert len(alt_text(a_calendar(tuple("x" * 200 for _ in range(8)), chapters=18, weeks=8))) <= MOST_ALT


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """WCAG's contrast ratio of two colours."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def luminance(colour: tuple[int, int, int]) -> float:
    """WCAG's relative luminance."""
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
