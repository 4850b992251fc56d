"""Challenges: what waits of an entered series goes faster towards a deadline. H2 to H7."""

from collections.abc import Sequence
from dataclasses import dataclass

from whenever import Instant, TimeDelta

from rules.civil import days_later
from rules.policy import Policy

SPARE = TimeDelta(minutes=30)
"""H3: the end of the time left that is not planned for."""
SHORTEST_STEP = TimeDelta(hours=1)
"""H3: challenge slots of one series keep this distance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What the rules need to know of a challenge (H1)."""

    id: int
    name: str
    opens: Instant
    """From when series may be entered."""
    deadline: Instant
    zone: str
    """The zone its deadline was said in, an IANA name; its days are counted there."""
    window_days: int

    @property
    def window_opens(self) -> Instant:
        """H2: from when C2 is lifted: the deadline's wall-clock time, so many civil days before it."""
        return days_later(self.deadline, -self.window_days, zone=self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Everything that one chapter's challenge slot is made from (H3)."""

    challenge: Challenge
    planned_at: Instant
    last_slot: Instant | None
    """The last slot of the series ahead of all that are spread; `None` if there is none."""
    number: int
    """How many waiting chapters are spread."""
    position: int
    """This one's place among them, from 0."""
    ahead: Instant | None
    """The slot that the chapter ahead of it now has, so that the order stands (C7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """A waiting chapter of an entered series, as planning finds it."""

    promise: Instant
    wanted: Instant | None
    policy: Policy
    """The version it was handed in under (C9)."""
    paused: bool = False
    """A hold keeps it back: it keeps its promise, and takes its turn when the hold has ended (C9)."""


@dataclass(frozen=True, slots=True)
class Planned:
    """The same chapter as planning leaves it."""

    turn: Turn | None
    """`None` for a start that C1 holds (H5)."""
    slot: Instant


def counts_as_entered(handed_in: Instant, slot: Instant, challenge: Challenge) -> bool:
    """H6: whether a chapter of an entered series is part of its entry, by when it was handed in.

    When it really comes out is no matter, so that a late bot disqualifies nobody; what was out before is none of it.
    """
    return handed_in <= challenge.deadline and slot >= challenge.opens


def challenge_slot(turn: Turn, *, wanted: Instant | None, policy: Policy) -> Instant | None:
    """H2, H3: a chapter's challenge slot; `None` if it does not fit before the deadline.

    Never before its author's wanted time (C8), and an hour at least after the chapter ahead.
    """
    first = turn.planned_at if turn.last_slot is None else max(turn.planned_at, turn.last_slot + SHORTEST_STEP)
    at = _nth_slot(max(first, turn.challenge.window_opens), turn, policy)
    if turn.ahead is not None:
        at = max(at, turn.ahead + SHORTEST_STEP)
    if wanted is not None:
        at = max(at, wanted)
    return at if at < turn.challenge.deadline else None


def challenge_slots(
    waiting: Sequence[Entrant],
    challenge: Challenge,
    *,
    last_slot: Instant | None,
    now: Instant,
    joining: int = 0,
) -> tuple[Planned, ...]:
    """H2, H3, H7, C9: plan what waits of an entered series; each keeps the earlier of promise and challenge slot.

    Args:
        waiting: the series' waiting chapters in their order.
        challenge: what the series is entered in.
        last_slot: the slot of the series' last released chapter; `None` if the first of `waiting` starts the series,
            which then keeps its promise, and those after it count from it (H5).
        now: the present moment.
        joining: how many are about to be handed in behind them.
    """
    planned: list[Planned] = []
    if last_slot is None and waiting and not waiting[0].policy.challenge_lifts_start:
        last_slot = waiting[0].promise
        planned.append(Planned(None, last_slot))
    number = len(waiting) - len(planned) + joining
    ahead = last_slot
    for position, one in enumerate(waiting[len(planned) :]):
        turn = Turn(
            challenge=challenge,
            planned_at=now,
            last_slot=last_slot,
            number=number,
            position=position,
            ahead=ahead,
        )
        slot = None if one.paused else challenge_slot(turn, wanted=one.wanted, policy=one.policy)
        ahead = one.promise if slot is None else min(slot, one.promise)
        planned.append(Planned(turn, ahead))
    return tuple(planned)


def joining_turn(planned: Sequence[Planned], challenge: Challenge, *, last_slot: Instant | None, now: Instant) -> Turn:
    """H2, H3: the turn of a chapter that is handed in behind what was planned with `joining=1`."""
    held = [one.slot for one in planned if one.turn is None]
    return Turn(
        challenge=challenge,
        planned_at=now,
        last_slot=held[0] if held else last_slot,
        number=len(planned) - len(held) + 1,
        position=len(planned) - len(held),
        ahead=planned[-1].slot if planned else last_slot,
    )


def _nth_slot(first: Instant, turn: Turn, policy: Policy) -> Instant:
    """H3: spread over the time left, in steps never under an hour and never over the normal gap."""
    left = (turn.challenge.deadline - SPARE - first).total("milliseconds")
    at = first
    for place in range(1, turn.position + 1):
        share = TimeDelta(milliseconds=int(left) * place // turn.number)
        normal = days_later(at, policy.chapter_days, zone=policy.zone, measure=policy.measure)
        at = min(first + max(share, SHORTEST_STEP * place), normal)
    return at
