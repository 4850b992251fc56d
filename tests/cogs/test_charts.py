"""Drawing a trial: what must be there, and what must not."""

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from time import perf_counter

import pytest
from PIL import Image
from whenever import TimeDelta

from cogs import charts, paper
from cogs.charts import draw_trial
from cogs.paper import WIDTH
from cogs.replies.calendars import MOST_ALT
from cogs.replies.cards import MOST_TEXT
from cogs.replies.trials import MOST_WEEKS, alt_text, numbers, tried
from rules.amendments import changes
from rules.labels import Ai
from rules.policy import AI_WORDS, GeneratedTravels, Measure, Policy
from rules.tallies import Other, Shift, Trial, Week
from tests.cogs.test_pictures import LARGEST, SLOWEST, contrast
from tests.faces.stage import text_of_view

MONDAY = date(2026, 11, 2)


def a_trial(number: int = 4, **changes: object) -> Trial:
    """Two hundred chapters in so many weeks, most of them earlier."""
    trial = Trial(
        zone="Europe/Berlin",
        chapters=200,
        earlier=Shift(150, TimeDelta(hours=48), TimeDelta(hours=24 * 20)),
        later=Shift(3, TimeDelta(minutes=90), TimeDelta(hours=26)),
        given=2,
        refused=4,
        out=180,
        travelled=120,
        would_travel=130,
        others=(
            Other(travels=False, ai=Ai.ASSISTED, rule="L3", count=2),
            Other(travels=True, ai=Ai.GENERATED, rule="L4", count=12),
        ),
        weeks=tuple(Week(MONDAY + timedelta(days=7 * at), at % 9, (at * 5) % 11) for at in range(number)),
    )
    return replace(trial, **changes)  # type: ignore[arg-type]


CASES = {
    "a few weeks": a_trial(),
    "many weeks": a_trial(200),
    "one week": a_trial(1),
    "nothing out": a_trial(out=0, travelled=0, would_travel=0, others=()),
    "older work alone": a_trial(chapters=0, earlier=None, later=None, weeks=()),
    "nothing else": a_trial(earlier=None, later=None, others=(), would_travel=120),
    "thousands": a_trial(
        chapters=10_000, out=9_999, earlier=Shift(9_990, TimeDelta(hours=2400), TimeDelta(hours=99_999))
    ),
}
every_case = pytest.mark.parametrize("trial", CASES.values(), ids=CASES.keys())


def opened(trial: Trial) -> Image.Image:
    """The picture as it would be shown."""
    image = Image.open(BytesIO(draw_trial(trial)))
    image.load()
    return image.convert("RGBA")


@every_case
def test_it_is_a_small_opaque_png_of_the_promised_width(trial: Trial) -> None:
    """Opaque, so that the theme behind it makes no difference; no taller than a phone."""
    assert len(draw_trial(trial)) < LARGEST
    image = opened(trial)
    assert image.width == WIDTH
    assert 250 < image.height < 1.7 * WIDTH
    assert image.getchannel("A").getextrema() == (255, 255)


@every_case
def test_nothing_is_drawn_beyond_the_edge_of_the_paper(trial: Trial) -> None:
    """However large the numbers."""
    image = opened(trial).convert("RGB")
    for box in ((0, 0, 8, image.height), (image.width - 8, 0, image.width, image.height)):
        assert len(image.crop(box).getcolors() or ()) == 1


def test_it_is_quick_and_a_function_of_its_facts_alone() -> None:
    """Once the library is loaded."""
    assert draw_trial(a_trial()) == draw_trial(a_trial())
    began = perf_counter()
    assert draw_trial(a_trial(30)) != draw_trial(a_trial(40))
    assert perf_counter() - began < 2 * SLOWEST


def test_what_came_and_what_would_have_can_be_told_without_colours() -> None:
    """One is pale, the other solid; in shades of grey they differ as much as words from their ground."""
    for colour in (charts._BLUE, charts._GREEN, charts._RED):
        assert contrast(colour, paper.pale(colour)) >= 4.5
        assert contrast(colour, paper.LEAF) >= 4.5
        assert contrast(colour, paper.PAPER) >= 3
    assert contrast(paper.INK, paper.pale(charts._BLUE)) >= 4.5


def test_drawing_is_loaded_only_when_something_is_drawn() -> None:
    """The bot starts without it."""
    said = subprocess.run(
        [sys.executable, "-c", "import sys, bot.app; print('PIL' in sys.modules, 'cogs.charts' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "False False"


class TestWords:
    """The same in text, for who does not see the picture."""

    def test_all_that_is_drawn_is_said(self) -> None:
        """Numbers, and the weeks that are drawn."""
        said = "\n".join(numbers(a_trial()))
        assert "**150 earlier**, by 2 days in the middle (median) and 20 days at most" in said
        assert "**3 later**, by 1 hour 30 minutes in the middle (median) and 1 day 2 hours at most" in said
        assert "47 at the same time" in said
        assert "Of 180 chapters that are out 120 travelled; it would have been **130**:" in said
        assert "2 labelled `assisted` would have stayed home (rule L3)" in said
        assert "12 labelled `generated` would have travelled (rule L4 kept them home)" in said
        assert "4 chapters would have been refused" in said
        text = text_of_view(tried(a_trial(), changes(Policy(), Policy(chapter_days=2)), cut=False))
        assert "2 Nov: 0→0 · 9: 1→5 · 16: 2→10 · 23: 3→4" in text
        assert alt_text(a_trial()).endswith("2 Nov: 0→0 · 9: 1→5 · 16: 2→10 · 23: 3→4.")

    def test_it_always_fits(self) -> None:
        """Everything changed, everything cut, as many weeks as there may be."""
        words = tuple(f"{'Machine' * 7} {number}" for number in range(60))
        after = Policy(
            zone="America/Argentina/ComodRivadavia",
            measure=Measure.ELAPSED,
            series_days=365,
            chapter_days=365,
            waiting_limit=500,
            disclosure_paragraphs=20,
            generated_travels=GeneratedTravels.IF_DISCLOSED,
            repair_days=365,
            standard_disclosure="AI " * 160,
            challenge_days=60,
            challenge_lifts_start=True,
            question_hours=720,
            appeal_days=60,
            ai_words=(*AI_WORDS, *words),
        )
        view = tried(a_trial(200), changes(Policy(), after), cut=True)
        assert len(text_of_view(view)) <= MOST_TEXT
        assert "Nothing was changed by this." in text_of_view(view)
        assert "Only the newest 10,000 chapters were tried." in text_of_view(view)
        assert len(alt_text(a_trial(200))) <= MOST_ALT
        assert alt_text(a_trial(200)).count("→") == MOST_WEEKS
