"""When may a chapter go out? C1 to C8."""

from dataclasses import dataclass
from enum import StrEnum

from whenever import Instant, TimeDelta

from rules.challenges import Turn
from rules.civil import days_later
from rules.policy import Policy


class LaneKind(StrEnum):
    """What a cadence limit counts."""

    SERIES = "series"
    """An author's starts of series (C1)."""
    CHAPTER = "chapter"
    """The chapters of one series (C2)."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The release a lane counts from: the last chapter in it, promised or out (C5).

    Of a start that its author had deleted only the date is left: its titles are empty then.
    """

    chapter_id: int
    title: str
    series_title: str
    slot: Instant


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane as a new chapter finds it; an empty lane holds nobody up (C3)."""

    kind: LaneKind
    last: Earlier | None = None


class Because(StrEnum):
    """Which of the three moments of C7 decided a slot."""

    NOW = "now"
    WANTED = "wanted"
    LANE = "lane"
    EXCEPTION = "exception"
    """A moderator's grant has lifted the lane's limit (E2)."""
    CHALLENGE = "challenge"
    """A challenge slot is earlier than the lane's (H2)."""
    HOLD = "hold"
    """A moderator's hold kept it back, and has ended (C9)."""
    MOVED = "moved"
    """Its author has given it another place among what waits (C9)."""
    IMPORTED = "imported"
    """It is older work, which no lane holds back and no lane counts (C13)."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The instant at which the rules let a chapter out, and what decided it."""

    at: Instant
    because: Because
    lane: Lane
    free_from: Instant | None
    """The lane's next free instant; `None` for an empty lane."""
    turn: Turn | None = None
    """What its challenge slot is made from, in an entered series, whether that decided it or not (H3)."""


_RULE_OF_LANE = {LaneKind.SERIES: "C1", LaneKind.CHAPTER: "C2"}


def rule_of(lane: LaneKind) -> str:
    """The number of the rule that limits a lane."""
    return _RULE_OF_LANE[lane]


def gap_days(lane: LaneKind, policy: Policy) -> int:
    """C1, C2: the days a lane asks for between two of its chapters."""
    return policy.series_days if lane is LaneKind.SERIES else policy.chapter_days


def next_free(lane: Lane, policy: Policy) -> Instant | None:
    """C1, C2, C5: when a lane is free again, counted from its last slot; `None` when it never held anything."""
    if lane.last is None:
        return None
    days = gap_days(lane.kind, policy)
    return days_later(lane.last.slot, days, zone=policy.zone, measure=policy.measure)


def slot_for(lane: Lane, *, now: Instant, wanted: Instant | None, policy: Policy, excepted: bool = False) -> Slot:
    """C6, C7, C8: the latest of now, the wanted time and the lane's next free instant.

    A wanted time earlier than the others changes nothing; one later than the others is kept.
    E2: with `excepted`, a chapter that the lane would delay goes out now or at its wanted time instead,
    though only after the chapter ahead of it in its series (C7).
    """
    free_from = next_free(lane, policy)
    at, because = now, Because.NOW
    if wanted is not None and wanted > at:
        at, because = wanted, Because.WANTED
    if free_from is not None and free_from > at:
        at, because = (_excepted(lane, at), Because.EXCEPTION) if excepted else (free_from, Because.LANE)
    return Slot(at, because, lane, free_from)


def _excepted(lane: Lane, at: Instant) -> Instant:
    if lane.last is None or lane.kind is LaneKind.SERIES:
        return at
    return max(at, lane.last.slot + NEXT_MOMENT)


NEXT_MOMENT = TimeDelta(milliseconds=1)
"""C7: no two chapters of a series have the same slot, so that slots alone order them; slots are whole milliseconds."""


LATE_AFTER = TimeDelta(minutes=1)
"""From when a release is called late; less than this is a bot that draws breath."""
CATCH_UP_GAP = TimeDelta(hours=1)
"""C14: overdue chapters of one series keep this distance."""


def is_late(slot: Instant, released_at: Instant) -> bool:
    """C14: did a chapter go out noticeably after its slot?"""
    return released_at - slot > LATE_AFTER


def release_moment(slot: Instant, *, previous_release: Instant | None, now: Instant) -> Instant:
    """C5, C14: when a waiting chapter really goes out.

    At its slot; an overdue one at once, but no sooner than an hour after its series' last release.
    """
    if previous_release is None or not is_late(slot, now):
        return slot
    return max(slot, previous_release + CATCH_UP_GAP)
