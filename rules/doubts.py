"""Readers who doubt a label tell the moderators, and what presses add up to: read by people, decided by nobody (R6)."""

from collections.abc import Sequence

from whenever import Instant, TimeDelta

FLOOR = 5
"""Readers from whom on a number is shown: below it a count would tell what a single one did."""
DOUBTS_A_WEEK = 3
"""How often one reader may doubt labels."""
WEEK = TimeDelta(hours=7 * 24)


def shown_number(readers: int) -> int | None:
    """R6: how many readers have done something, in steps of the floor, so that no press of one of them can be seen."""
    return readers // FLOOR * FLOOR or None


def opens_again(said: Sequence[Instant], *, now: Instant) -> Instant | None:
    """When a reader who has said enough for a week may doubt a label again; `None` if at once."""
    lately = sorted(at for at in said if at > now - WEEK)
    return lately[-DOUBTS_A_WEEK] + WEEK if len(lately) >= DOUBTS_A_WEEK else None
