"""Older work comes in: its dates, and the pace at which it is posted (C13)."""

from whenever import Date, Instant, Time, TimeDelta

from rules.civil import first_valid

PACE = TimeDelta(minutes=1)
"""Between two older chapters of one import, so that their home stays readable and everything else has its turn."""
EARLIEST = Date(1900, 1, 1)
"""A date before this day is a slip of the pen."""
_NOON = Time(12)
"""A day that is told as its noon is the same day for nearly every reader."""


def original_moment(date: Date | None, *, zone: str, now: Instant) -> Instant | None:
    """C13: the moment that stands for the day on which a chapter first came out; `None` for one that cannot be.

    Args:
        date: a day in the community's zone; `None` where nobody has said it.
        zone: an IANA name.
        now: nothing older comes from after it.
    """
    if date is None or not EARLIEST <= date <= now.to_tz(zone).date():
        return None
    return min(first_valid(date.at(_NOON), zone), now)


def last_turn(chapters: int, *, start: Instant) -> Instant:
    """C13: when the last of so many chapters is posted, if nothing holds them up."""
    return start + PACE * max(0, chapters - 1)
