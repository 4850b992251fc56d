"""Asking for an exception, and deciding that: E6."""

import json
from dataclasses import dataclass, replace

from whenever import Instant, TimeDelta

from rules.deliveries import Kind
from rules.exceptions import Grant
from rules.policy import Policy
from rules.verdict import Verdict, evaluate
from storage import appeals, communities, decisions, exceptions, lanes, matters
from storage.chapters import Chapter, ChapterState
from storage.decisions import DecisionKind
from storage.exceptions import GrantedException, Request, RequestState
from storage.transaction import Transaction, new_id
from usecases.cards import plan_for_author, plan_for_moderators, renew_cards
from usecases.exceptions import DAYS, USES, Granted, keep_grant
from usecases.people import Person, community_of, known_chapter, own_by_id
from usecases.refusals import (
    AskedAlreadyError,
    DecidedAlreadyError,
    NothingToExceptError,
    NotWaitingError,
    OwnGrantError,
    RequestGoneError,
)
from usecases.replanning import Moved, first_delayed, present_case


@dataclass(frozen=True, slots=True)
class RequestView:
    """E6: all a volunteer needs to decide a request without looking anything up."""

    request: Request
    chapter: Chapter
    verdict: Verdict
    """Why it waits: the rule, and the earlier release it counts from."""
    policy: Policy
    moves: Moved | None
    """What approving would do now; `None` if nothing waits that it would move."""
    behind: int
    """Chapters of the series waiting behind the one that moves; their promises stand (E4)."""
    earlier: tuple[GrantedException, ...]
    """What was granted to this author before, newest first."""
    taken_by: int | None
    """The moderator who is on it."""
    appealed: bool
    """Its refusal was appealed against (L12)."""


def ask_exception(tx: Transaction, person: Person, chapter_id: int, reason: str, *, now: Instant) -> Request:
    """E6: ask for an exception, with words; the moderators get a card.

    Raises:
        NotYoursError, NotWaitingError, NothingToExceptError, AskedAlreadyError: it cannot be asked for.
    """
    chapter, _ = check_askable(tx, person, chapter_id, now=now)
    request = Request(
        id=new_id(now),
        community_id=person.community_id,
        author_id=person.id,
        chapter_id=chapter_id,
        reason=reason,
        state=RequestState.OPEN,
        asked_at=now,
        decided_by=None,
        answer=None,
    )
    exceptions.add_request(tx, request)
    plan_for_moderators(tx, chapter, request_id=request.id, now=now)
    return request


def check_askable(tx: Transaction, person: Person, chapter_id: int, *, now: Instant) -> tuple[Chapter, Verdict]:
    """Whether an exception can be asked for: somebody's own waiting chapter that a rule delays.

    Raises:
        NotYoursError, NotWaitingError, NothingToExceptError, AskedAlreadyError: why not.
    """
    chapter = own_by_id(tx, person, chapter_id)
    if chapter.state is not ChapterState.WAITING or chapter.slot is None or chapter.slot <= now:
        raise NotWaitingError(chapter.title, released=chapter.state is not ChapterState.WITHDRAWN)
    verdict = evaluate(present_case(tx, chapter))
    if not verdict.delayed:
        raise NothingToExceptError(chapter.title)
    if exceptions.open_request(tx, chapter_id) is not None:
        raise AskedAlreadyError(chapter.title)
    return chapter, verdict


def view_request(tx: Transaction, request_id: int, *, now: Instant) -> RequestView:
    """What the card shows.

    Raises:
        RequestGoneError: there is no such request.
    """
    request = exceptions.find_request(tx, request_id)
    if request is None:
        raise RequestGoneError
    chapter = known_chapter(tx, request.chapter_id)
    verdict = evaluate(present_case(tx, chapter))
    scope = _grant_for(verdict, chapter, now=now)
    moves = _first_move(tx, chapter, scope, now=now)
    return RequestView(
        request,
        chapter,
        verdict,
        communities.policy_version(tx, chapter.community_id, chapter.policy_version),
        moves,
        max(0, lanes.count_waiting(tx, moves.chapter.series_id) - 1) if moves else 0,
        tuple(exceptions.of_author(tx, request.community_id, request.author_id)),
        matters.taker(tx, request_id, now=now),
        appeals.against(tx, request_id) is not None,
    )


def check_decidable(tx: Transaction, moderator: Person, request_id: int) -> Request:
    """Whether a moderator may decide a request, still.

    Raises:
        RequestGoneError, DecidedAlreadyError, OwnGrantError: why not.
    """
    request = exceptions.find_request(tx, request_id)
    if request is None or request.community_id != moderator.community_id:
        raise RequestGoneError
    if request.decided_by is not None:
        raise DecidedAlreadyError(request.decided_by, approved=request.state is RequestState.APPROVED)
    if request.author_id == moderator.id:
        raise OwnGrantError
    return request


def approve_request(tx: Transaction, moderator: Person, request_id: int, *, now: Instant) -> Granted:
    """E6: grant what was asked for, once, and tell the author.

    Raises:
        RequestGoneError, DecidedAlreadyError, OwnGrantError: why not.
        NotWaitingError: the chapter is out or withdrawn meanwhile.
    """
    request = check_decidable(tx, moderator, request_id)
    chapter = known_chapter(tx, request.chapter_id)
    if chapter.state is not ChapterState.WAITING:
        raise NotWaitingError(chapter.title, released=chapter.state is ChapterState.RELEASED)
    scope = _grant_for(evaluate(present_case(tx, chapter)), chapter, now=now)
    granted = keep_grant(tx, scope, moderator, request.author_id, request.reason, chapter=chapter, now=now)
    exceptions.decide(
        tx, request_id, RequestState.APPROVED, by=moderator.id, answer=None, exception_id=scope.id, now=now
    )
    plan_for_author(tx, Kind.ANSWER, chapter, request_id=request_id, now=now)
    renew_cards(tx, chapter.id, request_id, now=now)
    return granted


def decline_request(tx: Transaction, moderator: Person, request_id: int, reason: str, *, now: Instant) -> Request:
    """E6: refuse what was asked for, with a reason, once, and tell the author.

    Raises:
        RequestGoneError, DecidedAlreadyError, OwnGrantError: why not.
    """
    request = check_decidable(tx, moderator, request_id)
    exceptions.decide(tx, request_id, RequestState.DECLINED, by=moderator.id, answer=reason, exception_id=None, now=now)
    chapter = known_chapter(tx, request.chapter_id)
    plan_for_author(tx, Kind.ANSWER, chapter, request_id=request_id, now=now)
    renew_cards(tx, chapter.id, request_id, now=now)
    decisions.record(
        tx,
        DecisionKind.REQUEST_DECLINED,
        community_id=chapter.community_id,
        chapter_id=chapter.id,
        actor_id=moderator.id,
        policy_version=community_of(tx, moderator).policy.version,
        inputs=json.dumps({"reason": reason, "request": request_id}, ensure_ascii=False),
        now=now,
    )
    return replace(request, state=RequestState.DECLINED, decided_by=moderator.id, answer=reason)


def grant_declined(tx: Transaction, moderator: Person, request_id: int, answer: str, *, now: Instant) -> Granted:
    """L12: an appeal was won: what was declined is granted, for the next chapter if this one is out already (E2)."""
    request = exceptions.find_request(tx, request_id)
    if request is None:
        raise RequestGoneError
    chapter = known_chapter(tx, request.chapter_id)
    scope = _grant_for(evaluate(present_case(tx, chapter)), chapter, now=now)
    granted = keep_grant(tx, scope, moderator, request.author_id, request.reason, chapter=chapter, now=now)
    exceptions.overturn(tx, request_id, by=moderator.id, answer=answer, exception_id=scope.id, now=now)
    return granted


def _grant_for(verdict: Verdict, chapter: Chapter, *, now: Instant) -> Grant:
    """The grant that a request about a delayed chapter asks for: its lane, its series, once."""
    lane = verdict.slot.lane.kind
    return Grant(
        id=new_id(now),
        lane=lane,
        series_id=chapter.series_id,
        uses_left=USES,
        ends_at=now + TimeDelta(hours=24 * DAYS),
    )


def _first_move(tx: Transaction, chapter: Chapter, grant: Grant, *, now: Instant) -> Moved | None:
    found = first_delayed(tx, chapter.community_id, chapter.author_id, grant, now=now)
    if found is None or found[0].slot is None:
        return None
    return Moved(found[0], found[0].slot, evaluate(found[1]).slot.at, now)
