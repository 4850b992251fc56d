"""What is promised may come earlier, never later by itself: C7 to C11 for chapters that wait."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from whenever import Instant, TimeDelta

from rules.cadence import Because, Earlier, Lane, LaneKind, Slot, next_free, slot_for
from rules.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A waiting chapter with its promise."""

    chapter_id: int
    title: str
    series_title: str
    slot: Instant
    wanted: Instant | None
    policy: Policy
    """The one it was handed in under; a stricter one never binds it (C9)."""

    def as_ahead(self, slot: Instant) -> Lane:
        """The lane of the chapter behind it, once it has this slot (C2)."""
        return Lane(LaneKind.CHAPTER, Earlier(self.chapter_id, self.title, self.series_title, slot))


@dataclass(frozen=True, slots=True)
class Step:
    """What a plan would do to one waiting chapter."""

    waiting: Waiting
    lane: Lane
    """The chapter ahead of it, as the plan leaves that one."""
    after: Instant
    pace: Policy | None = None
    """The looser policy that lets it out sooner than its own, if one does."""
    at_once: bool = False
    """Nothing holds it back any more: it goes out when the plan is carried out."""
    floats: bool = False
    """Its new slot counts from the moment at which the plan is carried out."""
    place: Instant | None = None
    """With another order: the slot of its new place."""

    @property
    def before(self) -> Instant:
        """The promise as it stands."""
        return self.waiting.slot

    @property
    def moves(self) -> bool:
        """Whether the plan changes it."""
        return self.after != self.before

    @property
    def pushed_by(self) -> TimeDelta | None:
        """How much later it comes than its place's slot, where a wish pushes it (C8)."""
        return self.after - self.place if self.place is not None and self.after > self.place else None


def at_pace_of(policy: Policy, other: Policy) -> Policy:
    """A policy with the cadence of another; its labels stay its own (L9)."""
    return replace(
        policy,
        zone=other.zone,
        measure=other.measure,
        series_days=other.series_days,
        chapter_days=other.chapter_days,
    )


def earliest(lane: Lane, waiting: Sequence[Waiting], *, policy: Policy | None, now: Instant) -> tuple[Step, ...]:
    """C7 to C10: the earliest slot of each waiting chapter of a series, never later than its promise.

    They keep their order, and no wish is undercut. Each counts by the looser of two policies: the one it was handed
    in under, and the one in force.

    Args:
        lane: what the first of them counts from.
        waiting: in the order of their slots.
        policy: the one in force; `None` leaves each with its own.
        now: the present moment.
    """
    return tuple(_earliest(lane, waiting, policy, now))


def _earliest(lane: Lane, waiting: Iterable[Waiting], policy: Policy | None, now: Instant) -> Iterator[Step]:
    ahead_floats = False
    for one in waiting:
        slot, pace = _soonest(lane, one, policy, now)
        if slot.at < one.slot:
            at_once = slot.because is Because.NOW
            floats = at_once or (slot.because is Because.LANE and ahead_floats)
            step = Step(one, lane, slot.at, pace, at_once=at_once, floats=floats)
        else:
            step = Step(one, lane, one.slot)
        yield step
        lane, ahead_floats = one.as_ahead(step.after), step.floats


def _soonest(lane: Lane, one: Waiting, policy: Policy | None, now: Instant) -> tuple[Slot, Policy | None]:
    own = slot_for(lane, now=now, wanted=one.wanted, policy=one.policy)
    if policy is None:
        return own, None
    pace = at_pace_of(one.policy, policy)
    other = slot_for(lane, now=now, wanted=one.wanted, policy=pace)
    return (other, pace) if other.at < own.at else (own, None)


class Cause(StrEnum):
    """Why something that waits could come earlier (C9)."""

    GAP = "gap"
    """A slot before it is free again (C10)."""
    LOOSER = "looser"
    """The policy in force asks for less than the one it was handed in under."""


def cause_of(lane: Lane, waiting: Sequence[Waiting], *, policy: Policy, now: Instant) -> Cause | None:
    """C9: what would let any of these come earlier; `None` where nothing would."""
    if any(step.moves for step in earliest(lane, waiting, policy=None, now=now)):
        return Cause.GAP
    if any(step.moves for step in earliest(lane, waiting, policy=policy, now=now)):
        return Cause.LOOSER
    return None


def reordered(lane: Lane, waiting: Sequence[Waiting], chapter_id: int, position: int) -> tuple[Step, ...]:
    """C7 to C9: one chapter takes another place; the slots stay, and the titles move over them.

    No chapter goes out before its own wish: it then takes its wished time instead of its place's slot, and those
    behind it come so much later that their distances hold.

    Args:
        lane: what the first of them counts from.
        waiting: those whose places may change, in the order of their slots.
        chapter_id: the one that moves.
        position: its new place, from 1.
    """
    return tuple(_reordered(lane, waiting, chapter_id, position))


def _reordered(lane: Lane, waiting: Sequence[Waiting], chapter_id: int, position: int) -> Iterator[Step]:
    order = [one for one in waiting if one.chapter_id != chapter_id]
    order[position - 1 : position - 1] = [one for one in waiting if one.chapter_id == chapter_id]
    pushed = False
    for one, place in zip(order, waiting, strict=True):
        after = max(place.slot, one.wanted or place.slot)
        free_from = next_free(lane, one.policy)
        if pushed and free_from is not None:
            after = max(after, free_from)
        yield Step(one, lane, after, place=place.slot)
        lane, pushed = one.as_ahead(after), after > place.slot


def mark(steps: Iterable[Step]) -> int:
    """What tells a plan from every other one: the same plan has the same mark, however often it is made.

    A slot that counts from the moment of carrying out is the same at any such moment.
    """
    facts = [
        (step.waiting.chapter_id, step.before, None if step.floats else step.after) for step in steps if step.moves
    ]
    text = "|".join(f"{number} {_stamp(before)} {_stamp(after)}" for number, before, after in facts)
    return zlib.crc32(text.encode())


def _stamp(moment: Instant | None) -> str:
    return "then" if moment is None else str(moment.timestamp(unit="millisecond"))


GIVEN_BACK_WITHIN = TimeDelta(minutes=30)
"""C11: how long after its release a withdrawn chapter gives its slot back."""


def stays_counted(*, released_at: Instant, copied: bool, now: Instant) -> bool:
    """C11: whether the slot of a released chapter that is withdrawn stays taken.

    `copied`: another server has a copy of its announcement, or may have one.
    """
    return copied or now - released_at > GIVEN_BACK_WITHIN
