"""A changed policy, run over what was decided: what would have come out differently (`/policy try`).

Each recorded case is evaluated once more by the one evaluator, with the changed policy and with the lane as the trial
has left it. Nobody can know when authors would have handed in under other rules, so everything stays when it was.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from whenever import Instant

from rules.cadence import Lane, next_free
from rules.labels import Ai, Reach, under_other_words
from rules.policy import Policy
from rules.verdict import Case, evaluate

Amend = Callable[[Policy], Policy]
"""Makes of each version of a policy what is tried instead."""


class Event(StrEnum):
    """What was recorded of a chapter."""

    SLOT = "slot"
    """It was given its slot, or another one."""
    OUT = "out"
    """It came out; older work that was let in has come out, too."""
    LABEL = "label"
    """Its label was decided anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One decision on one chapter: what it was made from, and what it said."""

    event: Event
    chapter_id: int
    series_id: int
    at: Instant
    """When it was made."""
    case: Case
    slot: Instant
    reach: Reach
    rules: tuple[str, ...] = ()
    """The rules that kept it personal."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A chapter was withdrawn, or taken down."""

    chapter_id: int
    series_id: int


@dataclass(slots=True)
class Tried:
    """One chapter: what was decided in the end, and what would have been; each as a pair."""

    ai: Ai
    slots: tuple[Instant, Instant] | None = None
    """`None` for older work, which no rule gives its time (C13)."""
    reaches: tuple[Reach, Reach] | None = None
    """`None` while it is not out."""
    rules: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    """The rules that keep it personal."""
    given: bool = False
    """A person gave it its time: its author by another place, a moderator by ending a hold."""
    refused: bool = False
    """C7: it would have been refused, since too many of its series waited."""


def replay(records: Iterable[Recorded | Withdrawal], amend: Amend) -> tuple[Tried, ...]:
    """Decide anew what was recorded of one author, in the order in which it was; what was withdrawn is left out.

    Args:
        records: all decisions that gave a slot or a reach, oldest first.
        amend: makes of the version that a decision was made under what is tried instead.
    """
    replayed = _Replay(amend)
    for one in records:
        replayed.take(one)
    return tuple(replayed.tried.values())


@dataclass(slots=True)
class _Replay:
    """A replay in the making."""

    amend: Amend
    tried: dict[int, Tried] = field(default_factory=dict)
    known: dict[tuple[int, Instant], Instant] = field(default_factory=dict)
    """For each slot that a chapter ever had: what the trial gave it then."""
    waiting: defaultdict[int, dict[int, Instant]] = field(default_factory=lambda: defaultdict(dict))
    """What waits of each series in the trial, and some that does so no more, with its slots."""

    def take(self, one: Recorded | Withdrawal) -> None:
        """The next decision."""
        if isinstance(one, Withdrawal):
            self.tried.pop(one.chapter_id, None)
            self.waiting[one.series_id].pop(one.chapter_id, None)
            return
        chapter = self.tried.setdefault(one.chapter_id, Tried(one.case.labels.ai))
        if one.event is Event.SLOT:
            self._slot(one, chapter)
        else:
            self._reach(one, chapter)

    def _slot(self, one: Recorded, chapter: Tried) -> None:
        tried = self._amended(one.case)
        if chapter.slots is None:
            chapter.refused = self._waiting(one.series_id, one.at) >= tried.policy.waiting_limit
            would = evaluate(tried).slot.at
        else:
            was, before = chapter.slots
            would = _promised(before, tried, one.at, moved=one.slot > was or tried.place is not None)
        chapter.given = one.case.place is not None or one.case.resumed is not None
        chapter.slots = (one.slot, would)
        self.known[one.chapter_id, one.slot] = self.waiting[one.series_id][one.chapter_id] = would

    def _reach(self, one: Recorded, chapter: Tried) -> None:
        if one.event is Event.LABEL and chapter.reaches is None:
            return  # it waits: what counts are the labels with which it goes out (L9)
        case, tried = one.case, self._amended(one.case)
        if case.repair is not None and chapter.reaches is not None and chapter.reaches[0] is not chapter.reaches[1]:
            announced = chapter.reaches[1] is Reach.NETWORK
            tried = replace(tried, repair=replace(case.repair, announced=announced))
        verdict = evaluate(tried)
        chapter.ai = case.labels.ai
        chapter.reaches = (one.reach, verdict.reach)
        chapter.rules = (one.rules, tuple(finding.rule for finding in verdict.label_findings))

    def _amended(self, case: Case) -> Case:
        """The case with the changed policy, its lane as the trial left it, and a person's time where it still can be.

        A time that a person gave stays, but for a lane that would be free only later than it was.
        """
        policy = self.amend(case.policy)
        pace = None if case.pace is None else self.amend(case.pace)
        lane = self._lane(case.lane)
        free = next_free(case.lane, case.pace or case.policy) or case.now
        would = next_free(lane, pace or policy) or case.now
        least = would if would > free else None
        return replace(
            case,
            policy=policy,
            pace=pace,
            lane=lane,
            place=_at_least(case.place, least),
            resumed=_at_least(case.resumed, least),
            labels=under_other_words(case.labels, case.policy, policy),
        )

    def _lane(self, lane: Lane) -> Lane:
        if lane.last is None:
            return lane
        slot = self.known.get((lane.last.chapter_id, lane.last.slot), lane.last.slot)
        return Lane(lane.kind, replace(lane.last, slot=slot))

    def _waiting(self, series_id: int, now: Instant) -> int:
        """C7: how many of a series wait in the trial; it forgets those that are out by then."""
        self.waiting[series_id] = {number: slot for number, slot in self.waiting[series_id].items() if slot > now}
        return len(self.waiting[series_id])


def _promised(before: Instant, tried: Case, at: Instant, *, moved: bool) -> Instant:
    """C9: a promise comes earlier or stays, unless a person has `moved` it; what is out by then stays out.

    A turn in a challenge counts from the moment that it was planned from, which a late bot plans from later (C5).
    """
    slot = evaluate(tried).slot.at
    if tried.resumed is not None:
        return slot
    if before <= (at if tried.turn is None else tried.turn.planned_at):
        return before
    return slot if moved and tried.turn is None else min(before, slot)


def _at_least(moment: Instant | None, least: Instant | None) -> Instant | None:
    return moment if moment is None or least is None else max(moment, least)
