"""Wanted times, as people write them, seen from a Wednesday noon in UTC, one o'clock in Berlin."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whenever import Instant

from usecases.moments import read_moment
from usecases.refusals import RefusalError, UnreadableMomentError

BERLIN = "Europe/Berlin"
NOW = Instant.from_utc(2026, 11, 25, 12)


def read(text: str, *, languages: tuple[str, ...] = ("en",), zone: str = BERLIN, now: Instant = NOW) -> str:
    """The local reading, to the minute."""
    return read_moment(text, now=now, zone=zone, languages=languages).to_tz(zone).format_iso()[:16]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A weekday is the next such day; with a time still ahead it may be today.
        ("friday 18:00", "2026-11-27T18:00"),
        ("18:00 friday", "2026-11-27T18:00"),
        ("Friday at 18", "2026-11-27T18:00"),
        ("fri 6 pm", "2026-11-27T18:00"),
        ("on monday", "2026-11-30T00:00"),
        ("wednesday", "2026-12-02T00:00"),
        ("wednesday 18:00", "2026-11-25T18:00"),
        ("wednesday 09:00", "2026-12-02T09:00"),
        # "Next" is the next week's.
        ("next friday", "2026-12-04T00:00"),
        ("next friday at 6pm", "2026-12-04T18:00"),
        ("next monday", "2026-11-30T00:00"),
        # Dates in figures.
        ("2026-12-01", "2026-12-01T00:00"),
        ("2026-12-01 18:00", "2026-12-01T18:00"),
        ("2026-12-01T18:00", "2026-12-01T18:00"),
        ("2026/12/1", "2026-12-01T00:00"),
        ("01.12.2026 18:00", "2026-12-01T18:00"),
        ("1.12.", "2026-12-01T00:00"),
        ("1.11.", "2027-11-01T00:00"),
        ("13/12/2026", "2026-12-13T00:00"),
        ("12/13/2026", "2026-12-13T00:00"),
        ("29.2.", "2028-02-29T00:00"),
        # Dates in words.
        ("1 december", "2026-12-01T00:00"),
        ("December 1st, 18:00", "2026-12-01T18:00"),
        ("1st of december 2027 at noon", "2027-12-01T12:00"),
        ("sat 5 dec", "2026-12-05T00:00"),
        ("25 november", "2026-11-25T13:00"),
        ("24 november", "2027-11-24T00:00"),
        # Days named from today.
        ("today", "2026-11-25T13:00"),
        ("now", "2026-11-25T13:00"),
        ("today 20:00", "2026-11-25T20:00"),
        ("tonight", "2026-11-25T21:00"),
        ("tomorrow", "2026-11-26T00:00"),
        ("tomorrow evening", "2026-11-26T18:00"),
        ("tomorrow morning at 10:30", "2026-11-26T10:30"),
        ("the day after tomorrow, 9am", "2026-11-27T09:00"),
        # Lengths of time.
        ("in 5 days", "2026-11-30T13:00"),
        ("in 5 days at 10:00", "2026-11-30T10:00"),
        ("in a week", "2026-12-02T13:00"),
        ("in 5 hours", "2026-11-25T18:00"),
        ("in 90 minutes", "2026-11-25T14:30"),
        # Times of day.
        ("18:00", "2026-11-25T18:00"),
        ("11:00", "2026-11-26T11:00"),
        ("12 am", "2026-11-26T00:00"),
        ("12 pm", "2026-11-26T12:00"),
        ("midnight", "2026-11-26T00:00"),
        ("friday midnight", "2026-11-28T00:00"),
        ("friday 24:00", "2026-11-28T00:00"),
        # What says its own zone.
        ("2026-12-01T18:00:00+05:30", "2026-12-01T13:30"),
        ("2026-12-01 18:00Z", "2026-12-01T19:00"),
        ("2026-12-01 18:00 UTC", "2026-12-01T19:00"),
        ("<t:1796144400:F>", "2026-12-01T18:00"),
        ("<t:1796144400>", "2026-12-01T18:00"),
        # Full-width figures, and what lies in the past.
        ("２０２６-１２-０１", "2026-12-01T00:00"),
        ("2020-01-01", "2020-01-01T00:00"),
        ("yesterday 12:00", "2026-11-24T12:00"),
    ],
)
def test_what_people_write_means_what_they_mean(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "freitag 18 uhr", "2026-11-27T18:00"),
        ("de", "am Freitag um 18.30 Uhr", "2026-11-27T18:30"),
        ("de", "übermorgen", "2026-11-27T00:00"),
        ("de", "in 5 Tagen", "2026-11-30T13:00"),
        ("de", "1. Dezember 18:30", "2026-12-01T18:30"),
        ("fr", "vendredi à 18h30", "2026-11-27T18:30"),
        ("fr", "dans 5 jours", "2026-11-30T13:00"),
        ("es-ES", "viernes a las 18:00", "2026-11-27T18:00"),
        ("ru", "в пятницу 18:00", "2026-11-27T18:00"),
        ("ru", "1 декабря", "2026-12-01T00:00"),
        ("fr", "le 1er décembre à 9h", "2026-12-01T09:00"),
        ("ja", "明日 18:00", "2026-11-26T18:00"),
        ("ja", "12月1日 18:00", "2026-12-01T18:00"),
        ("de", "friday 18:00", "2026-11-27T18:00"),
        ("xx", "friday 18:00", "2026-11-27T18:00"),
    ],
)
def test_the_authors_language_is_understood_and_english_always(language: str, text: str, expected: str) -> None:
    assert read(text, languages=(language,)) == expected


@pytest.mark.parametrize(
    ("languages", "expected"),
    [(("en-US",), "2026-12-01T00:00"), (("en-GB",), "2026-01-12T00:00"), (("de", "en"), "2026-01-12T00:00")],
)
def test_slashes_are_read_as_the_authors_country_has_them(languages: tuple[str, ...], expected: str) -> None:
    assert read("12/01/2026", languages=languages) == expected


@pytest.mark.parametrize(
    ("text", "readings"),
    [("12/01/2026", ("2026-01-12", "2026-12-01")), ("friday at 6", ("06:00", "18:00"))],
)
def test_two_readings_are_refused_with_both(text: str, readings: tuple[str, str]) -> None:
    with pytest.raises(UnreadableMomentError) as refusal:
        read(text)
    assert (refusal.value.text, refusal.value.readings) == (text, readings)
    assert isinstance(refusal.value, RefusalError)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "a", "s", "an", "may", "12", "5", "2026", "maybe", "soon", "banana", "friday banana", "not friday"),
        *("every friday", "last friday", "monday tuesday", "december", "end of november", "5 december 18"),
        *("31 february", "32.12.", "2026-13-01", "25:00", "18:60", "13pm", "friday 25:00", "18:00 18:00"),
        *(
            "friday EST",
            "tomorrow est",
            "31 tomorrow",
            "a 29",
            "1.5 31 /",
            "fri 5 dec",
            "9999-12-31",
            "in 100000 days",
            "in 999999999999 days",
            "<t:99999999999999:F>",
        ),
        *("\0", "🐉", "friday " * 100, "1" * 5000, "<t:999999999999>"),
    ],
)
def test_what_names_no_moment_is_refused(text: str) -> None:
    """A weekday that does not fit its date, and a zone we would have to guess, are no moments either."""
    with pytest.raises(UnreadableMomentError):
        read(text)


def test_c4_a_skipped_local_time_becomes_the_first_valid_instant_after_it() -> None:
    """Berlin springs forward on 29 March 2026 at two."""
    assert read("2026-03-29 02:30") == "2026-03-29T03:00"


def test_c4_a_doubled_local_time_means_its_first() -> None:
    moment = read_moment("25 october 2026 02:30", now=NOW, zone=BERLIN)
    assert moment == Instant.from_utc(2026, 10, 25, 0, 30)


def test_c4_five_days_later_is_the_same_hour_across_a_clock_change_and_five_hours_are_five_hours() -> None:
    evening = Instant.from_utc(2027, 3, 27, 20)
    assert read("in 5 days", now=evening) == "2027-04-01T21:00"
    assert read_moment("in 5 hours", now=evening, zone=BERLIN) == evening.add(hours=5)


def test_a_day_that_begins_at_one_begins_at_one() -> None:
    """São Paulo used to skip midnight itself."""
    assert read("2018-11-04", zone="America/Sao_Paulo") == "2018-11-04T01:00"


def test_the_answer_depends_on_the_given_now_alone() -> None:
    """Whatever the machine's clock says, a reading from 2031 is a reading from 2031."""
    assert read("friday 18:00", now=Instant.from_utc(2031, 2, 3, 8)) == "2031-02-07T18:00"
    assert read("tomorrow", now=Instant.from_utc(2031, 2, 3, 8)) == "2031-02-04T00:00"
    assert read("1 march", now=Instant.from_utc(2031, 2, 3, 8)) == "2031-03-01T00:00"


@given(st.text(max_size=40) | st.from_regex(r"(next )?(fri|in|at|1)[a-z0-9 :./-]{0,12}", fullmatch=True))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_moment_or_a_refusal(text: str) -> None:
    try:
        moment = read_moment(text, now=NOW, zone=BERLIN, languages=("de", "en"))
    except UnreadableMomentError:
        return
    assert isinstance(moment, Instant)


def test_a_wrong_zone_is_our_fault_and_not_the_authors() -> None:
    with pytest.raises(ValueError, match="Nowhere"):
        read_moment("friday", now=NOW, zone="Nowhere/Land")


def test_dateparser_is_not_loaded_before_somebody_writes_words() -> None:
    """Start-up time is a figure of the product."""
    code = "import sys, usecases.moments; sys.exit('dateparser' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own code
