"""Earlier slots for what waits, and another order: always by the author's own act (C9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from whenever import Instant

from rules.cadence import Lane
from rules.policy import Policy
from rules.promises import Cause, Step, Waiting, cause_of, earliest, mark, reordered
from rules.verdict import Case, evaluate
from storage import chapters, communities, releases, series
from storage.chapters import Chapter, ChapterState
from storage.decisions import DecisionKind
from storage.series import Series
from storage.transaction import Transaction
from usecases.people import Person, check_own, community_of, own_by_id
from usecases.posts import promise_moved
from usecases.records import record_verdict
from usecases.refusals import (
    NotWaitingError,
    PausedError,
    PlaceError,
)
from usecases.replanning import apply_grants, case_again


@dataclass(frozen=True, slots=True)
class Offer:
    """C9: something that waits could come earlier, by one press."""

    cause: Cause
    number: int
    """What the press carries: with a gap the series, with a looser policy the chapter."""
    series_title: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a press would do, or has done, to the waiting chapters of a series."""

    series: Series
    steps: tuple[Step, ...]
    """All that wait, in their new order; also those that stay."""
    done: bool = False
    offer: Offer | None = None
    """What could come earlier after it."""
    first: int = 1
    """The place of the first of them among what waits of the series."""

    @property
    def moving(self) -> tuple[Step, ...]:
        """What it changes."""
        return tuple(step for step in self.steps if step.moves)

    @property
    def mark(self) -> int:
        """What tells it from every other plan."""
        return mark(self.steps)


def gap_plan(tx: Transaction, person: Person, series_id: int, now: Instant) -> Plan:
    """C10: what closing the gap would do to the waiting chapters of a series.

    Raises:
        NotYoursError: it is somebody else's.
    """
    return _plan(tx, _own_series(tx, person, series_id), person, None, now)


def close_gap(tx: Transaction, person: Person, series_id: int, shown: int, *, now: Instant) -> Plan:
    """C10: bring the waiting chapters of a series to their earliest slots, if that is the plan that was shown.

    Args:
        tx: the transaction.
        person: who pressed.
        series_id: whose gap it is.
        shown: the mark of the plan that the person saw; another plan than that is returned and not carried out.
        now: the present moment.

    Raises:
        NotYoursError: it is somebody else's.
    """
    return _carry_out(tx, gap_plan(tx, person, series_id, now), person, shown, now=now)


def earlier_plan(tx: Transaction, person: Person, chapter_id: int, now: Instant) -> Plan:
    """C9: what releasing a chapter earlier would do: to it, and to those ahead of it, since they keep their order.

    Raises:
        NotYoursError: it is somebody else's.
        NotWaitingError: it is out, or withdrawn.
    """
    chapter = _own_waiting(tx, person, chapter_id)
    return _plan(tx, series.find(tx, chapter.series_id), person, chapter_id, now)


def release_earlier(tx: Transaction, person: Person, chapter_id: int, shown: int, *, now: Instant) -> Plan:
    """C9: bring a chapter, and those ahead of it, to the earliest slots, if that is the plan that was shown.

    Raises:
        NotYoursError: it is somebody else's.
        NotWaitingError: it is out, or withdrawn.
    """
    return _carry_out(tx, earlier_plan(tx, person, chapter_id, now), person, shown, now=now)


def move_chapter(tx: Transaction, person: Person, chapter_id: int, position: int, *, now: Instant) -> Plan:
    """C7 to C9: give a waiting chapter another place in its series; the slots stay, the titles move over them.

    An exception stays with the slot it brought (E2), and is free again where that slot is left.

    Raises:
        NotYoursError, NotWaitingError: it is not this person's to move, or not any more.
        PausedError: a moderator's hold keeps it back.
        PlaceError: there is no such place to move to.
    """
    chapter = _own_waiting(tx, person, chapter_id)
    unpaused = _unpaused(tx, chapters.waiting_in_series(tx, chapter.series_id))
    if chapter_id not in {one.id for one in unpaused}:
        raise PausedError(chapter.title)
    free = [one for one in unpaused if one.slot is not None and one.slot > now]
    due = len(unpaused) - len(free)
    if chapter_id not in {one.id for one in free}:
        raise NotWaitingError(chapter.title, released=True)
    if not due < position <= len(unpaused):
        raise PlaceError(chapter.title, chapter.series_title, first=due + 1, last=len(unpaused))
    steps = reordered(_lane_of(tx, free[0], now), _promises(tx, free), chapter_id, position - due)
    exceptions = [one.exception_id for one in free]
    moved = {one.id: one for one in free}
    for step, place, exception_id in zip(steps, free, exceptions, strict=True):
        kept = exception_id if step.after == place.slot else None
        if moved[step.waiting.chapter_id].exception_id != kept:
            chapters.set_exception(tx, step.waiting.chapter_id, kept)
        if step.moves:
            _replan(tx, step, person, now=now)
    series.set_start(tx, chapter.series_id)
    promise_moved(tx, chapter.series_id, now=now)
    apply_grants(tx, person.community_id, person.id, by=person.id, now=now)
    policy = community_of(tx, person).policy
    of = series.find(tx, chapter.series_id)
    return Plan(of, steps, done=True, offer=offer_of_series(tx, of, policy, now=now), first=due + 1)


def find_offer(tx: Transaction, person: Person, chapter_id: int, *, now: Instant) -> Offer | None:
    """C9, C10: whether a person's chapter could come earlier.

    Raises:
        NotYoursError: it is somebody else's.
    """
    chapter = own_by_id(tx, person, chapter_id)
    return offer_of_chapter(tx, chapter, community_of(tx, person).policy, now=now)


def offer_of_series(tx: Transaction, of: Series, policy: Policy, *, now: Instant) -> Offer | None:
    """C9, C10: whether anything that waits of a series could come earlier."""
    return _offer(tx, _unpaused(tx, chapters.waiting_in_series(tx, of.id)), policy, now=now)


def offer_of_chapter(tx: Transaction, chapter: Chapter, policy: Policy, *, now: Instant) -> Offer | None:
    """C9, C10: whether this waiting chapter could come earlier."""
    waiting = _unpaused(tx, chapters.waiting_in_series(tx, chapter.series_id))
    steps = _steps(tx, waiting, chapter.id, policy, now)
    if not steps or not steps[-1].moves:
        return None
    return _offer(tx, waiting[: len(steps)], policy, now=now)


def offer_after(tx: Transaction, person: Person, series_id: int, policy: Policy, *, now: Instant) -> Offer | None:
    """C10: what could come earlier after a series has changed: its own chapters, or the start of another (C1)."""
    mine = series.of_author(tx, person.community_id, person.id)
    for one in sorted(mine, key=lambda one: (one.id != series_id, one.starts_at or now)):
        offer = offer_of_series(tx, one, policy, now=now)
        if offer is not None:
            return offer
    return None


def earlier_with(tx: Transaction, series_id: int, before: Policy, after: Policy, *, now: Instant) -> int:
    """C9: how many waiting chapters of a series another policy would offer an earlier slot than the present one."""
    waiting = _unpaused(tx, chapters.waiting_in_series(tx, series_id))
    if not waiting:
        return 0
    lane, promises = _lane_of(tx, waiting[0], now), _promises(tx, waiting)
    offered = [earliest(lane, promises, policy=policy, now=now) for policy in (before, after)]
    return sum(then.after < present.after for present, then in zip(*offered, strict=True))


def _plan(tx: Transaction, of: Series, person: Person, last_id: int | None, now: Instant) -> Plan:
    waiting = _unpaused(tx, chapters.waiting_in_series(tx, of.id))
    return Plan(of, _steps(tx, waiting, last_id, community_of(tx, person).policy, now))


def _steps(
    tx: Transaction, waiting: Sequence[Chapter], last_id: int | None, policy: Policy, now: Instant
) -> tuple[Step, ...]:
    """The earliest slots of what waits, of all or as far as the chapter `last_id`; of none if that is not there."""
    ids = [one.id for one in waiting]
    last = len(ids) - 1 if last_id is None else ids.index(last_id) if last_id in ids else -1
    meant = waiting[: last + 1]
    if not meant:
        return ()
    return earliest(_lane_of(tx, meant[0], now), _promises(tx, meant), policy=policy, now=now)


def _carry_out(tx: Transaction, plan: Plan, person: Person, shown: int, *, now: Instant) -> Plan:
    if plan.mark != shown or not plan.moving:
        return plan
    for step in plan.moving:
        _replan(tx, step, person, now=now)
    series.set_start(tx, plan.series.id)
    promise_moved(tx, plan.series.id, now=now)
    policy = community_of(tx, person).policy
    return Plan(plan.series, plan.steps, done=True, offer=offer_after(tx, person, plan.series.id, policy, now=now))


def _replan(tx: Transaction, step: Step, person: Person, *, now: Instant) -> None:
    """Give a waiting chapter its new slot, and record why it has it: the rules, or else its place."""
    chapter = _own_waiting(tx, person, step.waiting.chapter_id)
    case = Case(
        now=now,
        wanted=chapter.wanted,
        lane=step.lane,
        labels=chapter.labels,
        policy=step.waiting.policy,
        pace=step.pace,
    )
    verdict = evaluate(case)
    if verdict.slot.at != step.after:
        case = replace(case, pace=None, place=step.after)
        verdict = evaluate(case)
    chapters.replan(tx, chapter.id, slot=step.after)
    record_verdict(tx, DecisionKind.REPLANNED, chapter, case, verdict, by=person.id, now=now)


def _offer(tx: Transaction, waiting: Sequence[Chapter], policy: Policy, *, now: Instant) -> Offer | None:
    if not waiting:
        return None
    lane, promises = _lane_of(tx, waiting[0], now), _promises(tx, waiting)
    match cause_of(lane, promises, policy=policy, now=now):
        case Cause.GAP:
            return Offer(Cause.GAP, waiting[0].series_id, waiting[0].series_title)
        case Cause.LOOSER:
            moving = [step for step in earliest(lane, promises, policy=policy, now=now) if step.moves]
            return Offer(Cause.LOOSER, moving[-1].waiting.chapter_id, waiting[0].series_title)
    return None


def _unpaused(tx: Transaction, waiting: Sequence[Chapter]) -> list[Chapter]:
    """What waits as far as a moderator's hold: what is paused takes no earlier slot and no other place (C9)."""
    return list(takewhile(lambda one: not releases.is_held(tx, one.id), waiting))


def _lane_of(tx: Transaction, first: Chapter, now: Instant) -> Lane:
    """What the first of a series' waiting chapters counts from."""
    return case_again(tx, first, now=now).lane


def _promises(tx: Transaction, waiting: Sequence[Chapter]) -> list[Waiting]:
    return [
        Waiting(
            chapter_id=one.id,
            title=one.title,
            series_title=one.series_title,
            slot=one.slot,
            wanted=one.wanted,
            policy=communities.policy_version(tx, one.community_id, one.policy_version),
        )
        for one in waiting
        if one.slot is not None
    ]


def _own_series(tx: Transaction, person: Person, series_id: int) -> Series:
    found = series.find(tx, series_id)
    check_own(person, found)
    return found


def _own_waiting(tx: Transaction, person: Person, chapter_id: int) -> Chapter:
    chapter = own_by_id(tx, person, chapter_id)
    if chapter.state is not ChapterState.WAITING:
        raise NotWaitingError(chapter.title, released=chapter.state is ChapterState.RELEASED)
    return chapter
