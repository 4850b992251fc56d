"""What waits of an entered series gets its challenge slots, planned anew at each change (H2, H3, H7)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from whenever import Instant

from rules.cadence import Because, Lane
from rules.challenges import Challenge, Entrant, Planned, Turn, challenge_slot, challenge_slots, joining_turn
from rules.deliveries import Kind
from rules.policy import Policy
from rules.verdict import evaluate
from storage import cards, challenges, chapters, communities, deliveries, lanes, releases, series
from storage.challenges import CommunityChallenge
from storage.chapters import Chapter
from storage.decisions import THE_BOT, DecisionKind
from storage.transaction import Transaction
from usecases.cards import place_for
from usecases.posts import promise_moved
from usecases.records import record_verdict
from usecases.replanning import Moved, apply_grants, present_case


class Change(StrEnum):
    """What has changed for an entered series (H4)."""

    MOVED = "moved"
    """A moderator gave the challenge another deadline."""
    CLOSED = "closed"
    """A moderator ended it before its deadline."""
    HANDED_IN = "handed_in"
    WITHDRAWN = "withdrawn"
    WITHDRAWN_PAUSED = "withdrawn_paused"
    """A hold was on the chapter, so that what waited behind it goes on."""
    WINDOW_OPENED = "window_opened"
    """The time has come from which C2 is lifted (H2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """H4: where an entered series stands: what waits of it, and how much comes out before the deadline."""

    challenge: CommunityChallenge
    author_id: int
    series_title: str
    dates: tuple[tuple[str, Instant], ...]
    """The titles of its waiting chapters, in order, each with its promise, or with what it would become."""
    sooner: int = 0
    """How many of them would be brought forward."""
    start: Chapter | None = None
    """A start that waits, to which C1 applies all the same (H5)."""

    @property
    def fits(self) -> int:
        """How many of them come out before the deadline."""
        return sum(slot < self.challenge.terms.deadline for _, slot in self.dates)

    @property
    def all_fit(self) -> bool:
        """Whether nothing of it is left for after the deadline."""
        return self.fits == len(self.dates)


def next_turn(tx: Transaction, series_id: int, lane: Lane, *, now: Instant) -> tuple[Lane, Turn | None]:
    """H2: a chapter that is handed in now: its lane as planning leaves what is ahead of it, and its turn."""
    entered = challenges.entry(tx, series_id, now=now)
    if entered is None:
        return lane, None
    waiting = chapters.waiting_in_series(tx, series_id)
    last_slot = _last_slot(tx, series_id, waiting)
    planned = _plan(tx, waiting, entered.terms, last_slot=last_slot, joining=1, now=now)
    turn = joining_turn(planned, entered.terms, last_slot=last_slot, now=now)
    if lane.last is not None and waiting and lane.last.chapter_id == waiting[-1].id:
        lane = replace(lane, last=replace(lane.last, slot=planned[-1].slot))
    return lane, turn


def next_free_in_challenge(
    tx: Transaction, series_id: int, free: Instant | None, policy: Policy, *, now: Instant
) -> Instant | None:
    """H2: from when a chapter handed in now could be out: the earlier of its lane's next free instant and its turn."""
    entered = challenges.entry(tx, series_id, now=now)
    last = lanes.last_in_series(tx, series_id)
    if free is None or entered is None or last is None:
        return free
    waiting = chapters.waiting_in_series(tx, series_id)
    last_slot = _last_slot(tx, series_id, waiting)
    planned = _plan(tx, waiting, entered.terms, last_slot=last_slot, joining=1, now=now)
    at = challenge_slot(joining_turn(planned, entered.terms, last_slot=last_slot, now=now), wanted=None, policy=policy)
    return free if at is None else min(free, at)


def replan(
    tx: Transaction, series_id: int, *, by: int, joining: int = 0, at: Instant | None = None, now: Instant
) -> tuple[Moved, ...]:
    """H2, H7: give what waits of an entered series its challenge slots; earlier or not at all (C9).

    Each change is a recorded decision: what its slot was made from before, and its turn.

    Args:
        tx: the transaction.
        series_id: the series.
        by: who has set this off.
        joining: how many are handed in right after this, so that they find those ahead of them where they then are.
        at: the moment it is planned from where that has passed: a late bot costs nobody anything (C5); `None` is now.
        now: the present moment.
    """
    entered = challenges.entry(tx, series_id, now=at or now)
    if entered is None:
        return ()
    waiting = chapters.waiting_in_series(tx, series_id)
    since = now if at is None else _since(tx, series_id, entered.terms, waiting, at)
    if at is not None:
        waiting = _not_out_by(tx, waiting, since)
    last_slot = _last_slot(tx, series_id, waiting)
    planned = _plan(tx, waiting, entered.terms, last_slot=last_slot, joining=joining, now=since)
    moved = [
        _take_turn(tx, chapter, one.turn, before=chapter.slot, by=by, now=now)
        for chapter, one in zip(waiting, planned, strict=True)
        if one.turn is not None and chapter.slot is not None and one.slot < chapter.slot
    ]
    if moved:
        series.set_start(tx, series_id)
        promise_moved(tx, series_id, now=now)
    if any(one.chapter.exception_id is not None for one in moved):
        apply_grants(tx, entered.community_id, moved[0].chapter.author_id, by=by, at=since, now=now)
    return tuple(moved)


def plan_due_windows(tx: Transaction, *, come_by: Instant | None = None, now: Instant) -> tuple[Moved, ...]:
    """H2, C5: some windows have opened: what waits is spread over the time left from then on, once a window.

    What was planned before counted with chapters that are out or withdrawn by now. Authors hear where that moved
    something (H4). `come_by` leaves out the windows that opened later.
    """
    every: list[Moved] = []
    for challenge in challenges.windows_due(tx, now=come_by or now):
        challenges.window_done(tx, challenge.terms.id)
        for series_id in challenges.entered(tx, challenge.terms.id):
            moved = replan(tx, series_id, by=THE_BOT, at=challenge.terms.window_opens, now=now)
            if moved:
                tell(tx, series_id, challenge, Change.WINDOW_OPENED, now=now)
            every += moved
    return tuple(every)


def windows_are_due(tx: Transaction, *, now: Instant) -> tuple[bool, Instant | None]:
    """Whether a challenge's window has opened, and when the next one does."""
    return bool(challenges.windows_due(tx, now=now)), challenges.next_window(tx, now=now)


def standing(tx: Transaction, series_id: int, entered: CommunityChallenge) -> Standing:
    """H4: what waits of a series that is, or was, in a challenge, each with its promise."""
    return _standing(tx, series_id, entered, None, None)


def standing_now(tx: Transaction, series_id: int, *, now: Instant) -> Standing | None:
    """H4: where a series stands in the challenge it is in; `None` if it is in none."""
    entered = challenges.entry(tx, series_id, now=now)
    return None if entered is None else standing(tx, series_id, entered)


def outlook_now(tx: Transaction, series_id: int, *, joining: tuple[str, Instant], now: Instant) -> Standing | None:
    """H4: where a series would stand in the challenge it is in with one more chapter; `None` if it is in none."""
    entered = challenges.entry(tx, series_id, now=now)
    return None if entered is None else outlook(tx, series_id, entered, joining=joining, now=now)


def outlook(
    tx: Transaction,
    series_id: int,
    entered: CommunityChallenge,
    *,
    joining: tuple[str, Instant] | None = None,
    now: Instant,
) -> Standing:
    """H4: what planning would make of what waits of a series.

    Args:
        tx: the transaction.
        series_id: an entered series.
        entered: its challenge, maybe with another deadline than it has yet.
        joining: title and slot of a chapter that would be handed in behind what waits.
        now: the present moment.
    """
    waiting = chapters.waiting_in_series(tx, series_id)
    last_slot = _last_slot(tx, series_id, waiting)
    planned = _plan(tx, waiting, entered.terms, last_slot=last_slot, joining=1 if joining else 0, now=now)
    return _standing(tx, series_id, entered, planned, joining)


def tell(tx: Transaction, series_id: int, of: CommunityChallenge, change: Change, *, now: Instant) -> None:
    """H4, N5: the author hears of a change, in the notices channel or else in the series' home (N3).

    It replaces what nobody has posted yet of a like change in the same challenge, since it says what then holds.
    """
    place = place_for(tx, communities.find(tx, of.community_id), series.find(tx, series_id))
    cards.cancel_change(tx, series_id, of.terms.id, change)
    deliveries.plan(
        tx,
        Kind.CHALLENGE,
        community_id=of.community_id,
        target_id=place.target_id,
        series_id=series_id,
        after_id=place.after_id,
        challenge_id=of.terms.id,
        body=change,
        now=now,
    )


def _standing(
    tx: Transaction,
    series_id: int,
    entered: CommunityChallenge,
    planned: tuple[Planned, ...] | None,
    joining: tuple[str, Instant] | None,
) -> Standing:
    of = series.find(tx, series_id)
    waiting = [one for one in chapters.waiting_in_series(tx, series_id) if one.slot is not None]
    promises = [one.slot for one in waiting if one.slot is not None]
    slots = [one.slot for one in planned] if planned is not None else promises
    dates = [(one.title, slot) for one, slot in zip(waiting, slots, strict=True)]
    held = [one for one in waiting[:1] if lanes.ahead(tx, one) is None and not _policy(tx, one).challenge_lifts_start]
    return Standing(
        challenge=entered,
        author_id=of.author_id,
        series_title=of.title,
        dates=(*dates, joining) if joining else tuple(dates),
        sooner=sum(slot < promise for slot, promise in zip(slots, promises, strict=True)),
        start=held[0] if held else None,
    )


def _plan(
    tx: Transaction,
    waiting: Sequence[Chapter],
    challenge: Challenge,
    *,
    last_slot: Instant | None,
    joining: int,
    now: Instant,
) -> tuple[Planned, ...]:
    paused = releases.held_in_series(tx, waiting[0].series_id) if waiting else frozenset()
    entrants = [
        Entrant(
            promise=one.slot or now,
            wanted=one.wanted,
            policy=_policy(tx, one),
            paused=one.id in paused,
        )
        for one in waiting
    ]
    return challenge_slots(entrants, challenge, last_slot=last_slot, now=now, joining=joining)


def _policy(tx: Transaction, chapter: Chapter) -> Policy:
    """The version it was handed in under (C9)."""
    return communities.policy_version(tx, chapter.community_id, chapter.policy_version)


def _since(tx: Transaction, series_id: int, terms: Challenge, waiting: Sequence[Chapter], at: Instant) -> Instant:
    """C5: the moment that planning counts from when it comes late; never before all of it was there."""
    entered_at = challenges.entered_at(tx, terms.id, series_id)
    there = (entered_at, *(one.handed_in_at for one in waiting))
    return max([at, *(moment for moment in there if moment is not None)])


def _not_out_by(tx: Transaction, waiting: Sequence[Chapter], moment: Instant) -> list[Chapter]:
    """C5: what would still have waited at a moment, had the bot been there: all but what was due before it."""
    held = releases.held_in_series(tx, waiting[0].series_id) if waiting else frozenset()
    return [one for one in waiting if one.id in held or one.slot is None or one.slot >= moment]


def _last_slot(tx: Transaction, series_id: int, waiting: Sequence[Chapter]) -> Instant | None:
    """H3: the last slot of a series ahead of what waits."""
    last = lanes.ahead(tx, waiting[0]) if waiting else lanes.last_in_series(tx, series_id)
    return None if last is None else last.slot


def _take_turn(tx: Transaction, chapter: Chapter, turn: Turn, *, before: Instant, by: int, now: Instant) -> Moved:
    case = replace(present_case(tx, chapter), turn=turn)
    if case.resumed is not None:  # a hold's end gave it its place; the turn is weighed against that
        case = replace(case, place=case.resumed, resumed=None)
    verdict = evaluate(case)
    chapters.replan(tx, chapter.id, slot=verdict.slot.at)
    if chapter.exception_id is not None and verdict.slot.because is not Because.EXCEPTION:
        chapters.set_exception(tx, chapter.id, None)  # its use has moved nothing (E3)
    record_verdict(tx, DecisionKind.REPLANNED, chapter, case, verdict, by=by, now=now)
    return Moved(chapter, before, verdict.slot.at, now)
