"""Deadlines as people write them, seen from a Wednesday noon in UTC, one o'clock in Berlin."""

import pytest
from whenever import Instant

from usecases.deadlines import ANYWHERE_ON_EARTH, read_deadline, read_zone
from usecases.refusals import UnknownZoneError, UnreadableMomentError

BERLIN = "Europe/Berlin"
NOW = Instant.from_utc(2026, 11, 25, 12)


@pytest.mark.parametrize(
    ("text", "expected", "zone"),
    [
        # A day without a time is its last second, also today.
        ("2026-12-01", "2026-12-01T23:59:59", BERLIN),
        ("1 december", "2026-12-01T23:59:59", BERLIN),
        ("sunday", "2026-11-29T23:59:59", BERLIN),
        ("today", "2026-11-25T23:59:59", BERLIN),
        ("tomorrow", "2026-11-26T23:59:59", BERLIN),
        # A time that was said is kept.
        ("2026-12-01 18:00", "2026-12-01T18:00:00", BERLIN),
        ("sunday at noon", "2026-11-29T12:00:00", BERLIN),
        ("in 5 days", "2026-11-30T13:00:00", BERLIN),
        # A zone that was said goes before the other.
        ("2026-12-01 AoE", "2026-12-01T23:59:59", ANYWHERE_ON_EARTH),
        ("sunday, anywhere on earth", "2026-11-29T23:59:59", ANYWHERE_ON_EARTH),
        ("2026-12-01 23:59 (aoe)", "2026-12-01T23:59:00", ANYWHERE_ON_EARTH),
        ("2026-12-01 18:00 America/New_York", "2026-12-01T18:00:00", "America/New_York"),
        ("2026-12-01 UTC", "2026-12-01T23:59:59", "UTC"),
    ],
)
def test_a_deadline_is_read_in_its_zone(text: str, expected: str, zone: str) -> None:
    """To the second."""
    meant = read_deadline(text, now=NOW, zone=BERLIN)
    assert meant.zone == zone
    assert meant.at.to_tz(zone).format_iso()[:19] == expected
    assert meant.whole_day is expected.endswith("23:59:59")


def test_anywhere_on_earth_ends_last_of_all() -> None:
    """Noon of the next day, UTC."""
    assert read_deadline("2026-12-01 AoE", now=NOW, zone=BERLIN).at == Instant.from_utc(2026, 12, 2, 11, 59, 59)


@pytest.mark.parametrize(
    ("text", "zone"),
    [("AoE", ANYWHERE_ON_EARTH), ("anywhere on earth", ANYWHERE_ON_EARTH), (" europe/berlin", BERLIN), ("utc", "UTC")],
)
def test_a_zone_is_read_by_its_name(text: str, zone: str) -> None:
    """Whatever its case."""
    assert read_zone(text) == zone


def test_what_cannot_be_read_is_refused() -> None:
    """A zone that there is not, words that are no time."""
    with pytest.raises(UnknownZoneError):
        read_deadline("2026-12-01 Middle/Earth", now=NOW, zone=BERLIN)
    with pytest.raises(UnreadableMomentError):
        read_deadline("when pigs fly", now=NOW, zone=BERLIN)
