"""C4: what "N days later" means where clocks change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whenever import Instant, Time

from rules.civil import days_later
from rules.policy import Measure
from tests.rules.build import at, midnight

ZONES = (
    *("UTC", "Europe/Berlin", "Europe/Dublin", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia"),
    *("America/New_York", "America/St_Johns", "Asia/Kathmandu", "Asia/Tehran", "Pacific/Kiritimati"),
    *("America/Sao_Paulo", "Pacific/Chatham", "Antarctica/Troll", "America/Havana"),
)
moments = st.integers(min_value=1_000_000_000_000, max_value=2_200_000_000_000).map(
    lambda stored: Instant.from_timestamp(stored, unit="millisecond")
)


@pytest.mark.parametrize(
    ("zone", "start", "days", "expected"),
    [
        ("UTC", "2026-01-01 12:34:56", 3, at("2026-01-04 12:34:56")),
        ("UTC", "2028-02-27 18:00", 3, at("2028-03-01 18:00")),  # a leap day between
        ("UTC", "2027-02-27 18:00", 3, at("2027-03-02 18:00")),
        ("Europe/Berlin", "2026-03-28 18:00", 3, at("2026-03-31 18:00", "Europe/Berlin")),  # 71 hours
        ("Europe/Berlin", "2026-10-24 18:00", 3, at("2026-10-27 18:00", "Europe/Berlin")),  # 73 hours
        ("Europe/Berlin", "2026-03-26 02:30", 3, at("2026-03-29 03:00", "Europe/Berlin")),  # skipped
        ("Europe/Berlin", "2026-10-22 02:30", 3, at("2026-10-25 00:30")),  # doubled: its first
        ("Europe/Dublin", "2026-10-22 01:30", 3, at("2026-10-25 00:30")),  # winter is the exception there
        ("Europe/Dublin", "2026-03-26 01:30", 3, at("2026-03-29 01:00")),
        ("Australia/Lord_Howe", "2026-10-01 02:15", 3, at("2026-10-03 15:30")),  # half an hour is skipped
        ("Australia/Lord_Howe", "2026-04-02 01:45", 3, at("2026-04-04 14:45")),  # and doubled
        ("Pacific/Apia", "2011-12-27 10:00", 3, at("2011-12-30 10:00")),  # the 30th never was
        ("Africa/Casablanca", "2026-02-12 02:30", 3, at("2026-02-15 01:30")),  # Ramadan time: doubled
        ("Africa/Casablanca", "2026-03-19 02:30", 3, at("2026-03-22 02:00")),  # and back: skipped
        ("America/Sao_Paulo", "2018-11-01 00:30", 3, at("2018-11-04 03:00")),  # midnight itself is skipped
    ],
)
def test_c4_days_later_is_the_same_time_on_the_wall(zone: str, start: str, days: int, expected: Instant) -> None:
    """A table of hard zones and dates."""
    assert days_later(at(start, zone), days, zone=zone) == expected


@given(
    start=moments,
    days=st.integers(-60, 60),
    zone=st.sampled_from(ZONES),
    measure=st.sampled_from([Measure.CIVIL, Measure.MIDNIGHT]),
)
def test_c4_reads_as_the_rule_is_written(start: Instant, days: int, zone: str, measure: Measure) -> None:
    """Same wall-clock time (or midnight) N civil days later; else the first instant after the gap; the first of two."""
    local = start.to_tz(zone)
    wanted = local.date().add(days=days).at(Time(0) if measure is Measure.MIDNIGHT else local.time())

    found = days_later(start, days, zone=zone, measure=measure)

    shown = found.to_tz(zone)
    if shown.to_plain() == wanted:
        assert wanted.assume_tz(zone, disambiguation="earlier").to_instant() == found
    else:
        before = found.subtract(nanoseconds=1).to_tz(zone).to_plain()
        assert before < wanted < shown.to_plain(), "only a time that never was may move, and to the end of its gap"


@pytest.mark.parametrize(
    ("zone", "start", "expected"),
    [
        ("UTC", "2028-02-27 18:00", at("2028-03-01 18:00")),  # a leap day between
        ("Europe/Berlin", "2026-03-28 18:00", at("2026-03-31 19:00", "Europe/Berlin")),
        ("Europe/Dublin", "2026-03-26 01:30", at("2026-03-29 02:30", "Europe/Dublin")),
        ("Australia/Lord_Howe", "2026-10-01 02:15", at("2026-10-04 02:45", "Australia/Lord_Howe")),
        ("Pacific/Apia", "2011-12-27 10:00", at("2011-12-31 10:00", "Pacific/Apia")),  # the 30th never was
        ("Africa/Casablanca", "2026-02-12 02:30", at("2026-02-15 01:30")),
    ],
)
def test_c4_three_times_24_hours_later_the_wall_may_say_something_else(
    zone: str, start: str, expected: Instant
) -> None:
    """`measure = "elapsed"`: the same hard zones and dates."""
    assert days_later(at(start, zone), 3, zone=zone, measure=Measure.ELAPSED) == expected


@given(start=moments, days=st.integers(-60, 60), zone=st.sampled_from(ZONES))
def test_c4_elapsed_counts_hours_whatever_the_clocks_do(start: Instant, days: int, zone: str) -> None:
    """`measure = "elapsed"`: N times 24 hours."""
    assert (days_later(start, days, zone=zone, measure=Measure.ELAPSED) - start).total("hours") == 24 * days


@pytest.mark.parametrize(
    ("zone", "start", "expected"),
    [
        ("UTC", "2028-02-26 18:00", at("2028-02-29 00:00")),  # a leap day itself
        ("Europe/Berlin", "2026-03-28 18:00", midnight("2026-03-31", "Europe/Berlin")),
        ("Europe/Dublin", "2026-10-22 18:00", at("2026-10-24 23:00")),  # the night in which summer ends
        ("Australia/Lord_Howe", "2026-10-01 18:00", at("2026-10-03 13:30")),
        ("Pacific/Apia", "2011-12-27 18:00", at("2011-12-30 10:00")),  # the 30th never was: the 31st begins
        ("Africa/Casablanca", "2026-02-12 18:00", at("2026-02-14 23:00")),
        ("America/Sao_Paulo", "2018-11-01 18:00", at("2018-11-04 03:00")),  # skipped: that day began at one
        ("America/Havana", "2026-10-29 18:00", at("2026-11-01 04:00")),  # doubled: its first
    ],
)
def test_c4_midnight_opens_at_the_local_start_of_the_day(zone: str, start: str, expected: Instant) -> None:
    """`measure = "midnight"`: the same hard zones, also where midnight is skipped or comes twice."""
    assert days_later(at(start, zone), 3, zone=zone, measure=Measure.MIDNIGHT) == expected
