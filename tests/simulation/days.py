"""C4 in the plainest way there is; shares nothing with `rules/civil.py`, which it judges."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain
from zoneinfo import ZoneInfo

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AROUND = (-27 * HOUR, 27 * HOUR)
"""Far enough from a local time, whatever its zone, to see the offsets before and after a change of clocks."""


def utc(year: int, month: int, day: int, hour: int = 0) -> int:
    """A moment in UTC."""
    return (datetime(year, month, day, hour, tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)


@lru_cache(maxsize=200_000)
def wall(at: int, zone: str) -> datetime:
    """What the clocks on a zone's walls show."""
    return (_EPOCH + timedelta(milliseconds=at)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@lru_cache(maxsize=200_000)
def days_later(start: int, days: int, zone: str, measure: str) -> int:
    """C4: so many days later, as one counts on the calendar on the wall."""
    if measure == "elapsed":
        return start + days * DAY
    local = wall(start, zone)
    clock = time() if measure == "midnight" else local.time()
    return first_at(local.date() + timedelta(days=days), clock, zone)


def first_at(day: date, clock: time, zone: str) -> int:
    """The first instant at which the wall shows a time; the first after the gap if clocks skip it."""
    wanted = datetime.combine(day, clock)
    as_utc = (wanted.replace(tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)
    offsets = [_offset(as_utc + around, zone) for around in _AROUND]
    showing = [as_utc - offset for offset in offsets if wall(as_utc - offset, zone) == wanted]
    if showing:
        return min(showing)
    before, after = as_utc - max(offsets), as_utc - min(offsets)  # around the change itself
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle, zone) == offsets[0]:
            before = middle
        else:
            after = middle
    return after


def spoken(at: int, zone: str = "UTC") -> str:
    """A moment for people, to the millisecond where that matters."""
    local = wall(at, zone)
    shown = local.isoformat(sep=" ", timespec="milliseconds" if local.microsecond else "seconds")
    return f"{shown} {zone}"


def span(length: int) -> str:
    """A length of time for people."""
    parts = []
    left = abs(length)
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s"), (1, "ms")):
        count, left = divmod(left, unit)
        parts.append(f"{count} {name}" if count else "")
    return ("-" if length < 0 else "") + (" ".join(filter(None, chain(parts))) or "0 s")


def _offset(at: int, zone: str) -> int:
    shown = wall(at, zone).replace(tzinfo=UTC)
    return (shown - _EPOCH) // timedelta(milliseconds=1) - at
