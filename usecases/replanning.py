"""A waiting chapter's slot is decided anew: what every reason for it shares (C9, E2)."""

from dataclasses import dataclass, replace

from whenever import Instant

from rules.cadence import Because, Lane, LaneKind
from rules.exceptions import Grant, covers, first_open
from rules.verdict import Case, evaluate
from storage import chapters, communities, decisions, exceptions, lanes, series
from storage.chapters import Chapter, ChapterState
from storage.decisions import DecisionKind
from storage.transaction import Transaction
from usecases.posts import promise_moved
from usecases.records import record_verdict


@dataclass(frozen=True, slots=True)
class Moved:
    """A waiting chapter that an exception or a challenge brings out earlier."""

    chapter: Chapter
    before: Instant
    after: Instant
    decided_at: Instant


def apply_grants(
    tx: Transaction, community_id: int, author_id: int, *, by: int, at: Instant | None = None, now: Instant
) -> list[Moved]:
    """E2: let every open grant move the first waiting chapters in its scope that the rules delay.

    Called whenever a grant or a use of one becomes free, so that an open grant always means: nothing waits for it.

    Args:
        tx: the transaction.
        community_id: where.
        author_id: whose grants.
        by: who has set this off.
        at: when it should have happened, if the bot is late (C5); `None` is now.
        now: the present moment.
    """
    moved, since = [], at or now
    for grant in exceptions.open_grants(tx, community_id, author_id, now=since):
        left = grant
        while left.uses_left > 0 and (found := first_delayed(tx, community_id, author_id, left, now=since)):
            chapter, case = found
            moved.append(_move_by_grant(tx, chapter, case, left, by=by, now=now))
            left = replace(left, uses_left=left.uses_left - 1)
    for series_id in {one.chapter.series_id for one in moved}:
        promise_moved(tx, series_id, now=now)
    return moved


def first_delayed(
    tx: Transaction, community_id: int, author_id: int, grant: Grant, *, now: Instant
) -> tuple[Chapter, Case] | None:
    """E2: the first waiting chapter in a grant's scope that it would bring out sooner, and that uses none yet."""
    for chapter in chapters.waiting(tx, community_id, author_id):
        if chapter.exception_id is not None:
            continue
        case = case_again(tx, chapter, now=now)
        if not covers(grant, lane=case.lane.kind, series_id=chapter.series_id):
            continue
        case = replace(case, grant=first_open([grant], lane=case.lane.kind, series_id=chapter.series_id, now=now))
        slot = evaluate(case).slot
        if slot.because is Because.EXCEPTION and chapter.slot is not None and slot.at < chapter.slot:
            return chapter, case
    return None


def case_again(tx: Transaction, chapter: Chapter, *, now: Instant) -> Case:
    """A waiting chapter as it stands now, under the policy it was handed in under (C9)."""
    ahead = lanes.ahead(tx, chapter)
    lane = Lane(LaneKind.SERIES, lanes.start_before(tx, chapter)) if ahead is None else Lane(LaneKind.CHAPTER, ahead)
    policy = communities.policy_version(tx, chapter.community_id, chapter.policy_version)
    return Case(now=now, wanted=chapter.wanted, lane=lane, labels=chapter.labels, policy=policy)


def present_case(tx: Transaction, chapter: Chapter) -> Case:
    """A chapter that was handed in: its promise as it was recorded (C9), under the labels it now has (L9, L10)."""
    decision = decisions.latest_slot(tx, chapter.id)
    if decision is None:
        raise LookupError(f"no decision on chapter {chapter.id}")
    policy = communities.policy_version(tx, chapter.community_id, decision.policy_version)
    case = replace(decisions.case_of(decision.inputs, policy), labels=chapter.labels)
    if chapter.state is not ChapterState.RELEASED:
        return case
    relabelled = decisions.latest(tx, chapter.id, DecisionKind.RELABELLED)
    return case if relabelled is None else replace(case, repair=decisions.case_of(relabelled.inputs, policy).repair)


def _move_by_grant(tx: Transaction, chapter: Chapter, case: Case, grant: Grant, *, by: int, now: Instant) -> Moved:
    verdict = evaluate(case)
    chapters.replan(tx, chapter.id, slot=verdict.slot.at)
    chapters.set_exception(tx, chapter.id, grant.id)
    if case.lane.kind is LaneKind.SERIES:
        series.set_start(tx, chapter.series_id)
    record_verdict(tx, DecisionKind.REPLANNED, chapter, case, verdict, by=by, now=now)
    return Moved(chapter, chapter.slot or verdict.slot.at, verdict.slot.at, now)
