"""C13: the dates of older work, and its pace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whenever import Date, Instant, TimeDelta

from rules.cadence import Because
from rules.imports import PACE, last_turn, original_moment
from rules.verdict import evaluate
from tests.rules.build import NEW_YEAR, a_case

DAYS = st.dates().map(Date)


@pytest.mark.parametrize(
    ("date", "zone", "moment"),
    [
        (Date(2024, 3, 5), "UTC", Instant.from_utc(2024, 3, 5, 12)),
        (Date(2024, 3, 5), "Europe/Berlin", Instant.from_utc(2024, 3, 5, 11)),
        (Date(1900, 1, 1), "UTC", Instant.from_utc(1900, 1, 1, 12)),
        (Date(1899, 12, 31), "UTC", None),
        (None, "UTC", None),
    ],
)
def test_a_day_is_told_as_its_noon(date: Date | None, zone: str, moment: Instant | None) -> None:
    """In the community's zone; a slip of the pen is no date."""
    assert original_moment(date, zone=zone, now=NEW_YEAR) == moment


def test_today_is_now_and_tomorrow_is_no_date() -> None:
    """Whatever the zone calls today."""
    late = Instant.from_utc(2026, 1, 1, 11)
    assert original_moment(Date(2026, 1, 1), zone="UTC", now=late) == late
    assert original_moment(Date(2026, 1, 2), zone="UTC", now=late) is None
    assert original_moment(Date(2026, 1, 2), zone="Pacific/Kiritimati", now=late) is not None


@given(DAYS, st.sampled_from(["UTC", "Pacific/Kiritimati", "America/New_York", "Europe/Berlin"]))
def test_a_moment_is_on_its_day_and_never_to_come(date: Date, zone: str) -> None:
    """The plain wording: original dates, none in the future."""
    moment = original_moment(date, zone=zone, now=NEW_YEAR)
    today = NEW_YEAR.to_tz(zone).date()
    assert (moment is not None) is (Date(1900, 1, 1) <= date <= today)
    if moment is not None:
        assert moment <= NEW_YEAR
        assert moment.to_tz(zone).date() == date


def test_the_last_one_comes_one_pace_after_the_one_before_it() -> None:
    """One at a time."""
    assert last_turn(0, start=NEW_YEAR) == last_turn(1, start=NEW_YEAR) == NEW_YEAR
    assert last_turn(12, start=NEW_YEAR) == NEW_YEAR + 11 * PACE
    assert TimeDelta(minutes=1) == PACE


def test_older_work_is_out_when_it_first_came_out_whatever_else_is_said_of_it() -> None:
    """And nothing holds it back."""
    first_out = Instant.from_utc(2020, 5, 5)
    verdict = evaluate(a_case(imported=first_out, resumed=NEW_YEAR))
    assert (verdict.slot.at, verdict.slot.because, verdict.delayed) == (first_out, Because.IMPORTED, False)
