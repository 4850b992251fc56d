"""Asking for an exception, granting, declining, revoking: E1 to E7."""

import json
from dataclasses import dataclass, replace

from whenever import Instant, TimeDelta

from rules.cadence import LaneKind
from rules.deliveries import Kind
from rules.exceptions import Grant
from rules.policy import Policy
from rules.verdict import Verdict, evaluate
from storage import appeals, communities, decisions, deliveries, exceptions, lanes, matters, series
from storage.chapters import Chapter, ChapterState
from storage.communities import Community
from storage.decisions import DecisionKind
from storage.exceptions import GrantedException, Request, RequestState, Use
from storage.transaction import Transaction, milliseconds, new_id
from usecases.cards import place_for, renew_cards
from usecases.people import Person, community_of, known_chapter, own_by_id, pick
from usecases.refusals import (
    AskedAlreadyError,
    DecidedAlreadyError,
    ExceptionOverError,
    NothingToExceptError,
    NotWaitingError,
    OwnGrantError,
    RequestGoneError,
    UnknownExceptionError,
    UnknownSeriesError,
)
from usecases.replanning import Moved, apply_grants, first_delayed, present_case

USES = 1
DAYS = 14
"""E1: what a grant has where its moderator says nothing else."""
_LISTED = 100
_KNOWN = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantException:
    """What `/exception grant` was given; `series` as it was typed, `None` for all of the author's."""

    moderator: Person
    author_id: int
    lane: LaneKind
    reason: str
    series: str | None = None
    uses: int = USES
    days: int = DAYS


@dataclass(frozen=True, slots=True)
class Granted:
    """A new exception, and what it moved at once (E2)."""

    exception: GrantedException
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class ListedException:
    """A grant with the chapters it moves or has moved."""

    exception: GrantedException
    uses: tuple[Use, ...]


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
    deliveries.plan(
        tx,
        Kind.REQUEST,
        community_id=person.community_id,
        target_id=community_of(tx, person).moderators_id,
        series_id=chapter.series_id,
        chapter_id=chapter_id,
        request_id=request.id,
        now=now,
    )
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
    granted = _grant(tx, scope, moderator, request.author_id, request.reason, chapter=chapter, now=now)
    exceptions.decide(
        tx, request_id, RequestState.APPROVED, by=moderator.id, answer=None, exception_id=scope.id, now=now
    )
    community = community_of(tx, moderator)
    _plan_answer(tx, community, request.author_id, chapter, request_id=request_id, now=now)
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
    community = community_of(tx, moderator)
    _plan_answer(tx, community, request.author_id, chapter, request_id=request_id, now=now)
    renew_cards(tx, chapter.id, request_id, now=now)
    _record(tx, DecisionKind.REQUEST_DECLINED, moderator, reason=reason, chapter=chapter, now=now)
    return replace(request, state=RequestState.DECLINED, decided_by=moderator.id, answer=reason)


def grant_declined(tx: Transaction, moderator: Person, request_id: int, answer: str, *, now: Instant) -> Granted:
    """L12: an appeal was won: what was declined is granted, for the next chapter if this one is out already (E2)."""
    request = exceptions.find_request(tx, request_id)
    if request is None:
        raise RequestGoneError
    chapter = known_chapter(tx, request.chapter_id)
    scope = _grant_for(evaluate(present_case(tx, chapter)), chapter, now=now)
    granted = _grant(tx, scope, moderator, request.author_id, request.reason, chapter=chapter, now=now)
    exceptions.overturn(tx, request_id, by=moderator.id, answer=answer, exception_id=scope.id, now=now)
    return granted


def grant_exception(tx: Transaction, request: GrantException, *, now: Instant) -> Granted:
    """E1, E2, E5, E7: grant an exception, also before it is needed; the author hears of it.

    Raises:
        OwnGrantError: nobody grants to themselves.
        UnknownSeriesError, AmbiguousTitleError: it is not clear which series is meant.
    """
    community = community_of(tx, request.moderator)
    if request.author_id == request.moderator.id:
        raise OwnGrantError
    series_id = _series_meant(tx, community.id, request.author_id, request.series)
    grant = Grant(
        id=new_id(now),
        lane=request.lane,
        series_id=series_id,
        uses_left=request.uses,
        ends_at=now + TimeDelta(hours=24 * request.days),
    )
    granted = _grant(tx, grant, request.moderator, request.author_id, request.reason, now=now)
    moved = granted.moved[0].chapter if granted.moved else None
    _plan_answer(tx, community, request.author_id, moved, exception_id=grant.id, now=now)
    return granted


def list_exceptions(tx: Transaction, moderator: Person, author_id: int | None) -> list[ListedException]:
    """The newest exceptions of a community, or of one author, whatever has become of them."""
    found = (
        exceptions.of_community(tx, moderator.community_id, limit=_LISTED)
        if author_id is None
        else exceptions.of_author(tx, moderator.community_id, author_id)
    )
    uses = exceptions.uses(tx, moderator.community_id, author_id)
    return [ListedException(one, tuple(use for use in uses if use.exception_id == one.grant.id)) for one in found]


def suggest_revocable(tx: Transaction, moderator: Person, typed: str, *, now: Instant) -> list[GrantedException]:
    """E7: grants that are neither spent, revoked nor ended, and whose reason holds what was typed so far."""
    return [
        one
        for one in exceptions.of_community(tx, moderator.community_id, limit=_KNOWN)
        if one.revoked_at is None and one.grant.uses_left > 0 and one.grant.ends_at > now
        if typed.strip().casefold() in one.reason.casefold()
    ]


def revoke_exception(tx: Transaction, moderator: Person, text: str, reason: str, *, now: Instant) -> GrantedException:
    """E7: take an exception back, until it is spent; a chapter it has moved already keeps its promise (C9).

    Raises:
        UnknownExceptionError: none is meant by the text.
        ExceptionOverError: it is spent, or revoked already.
    """
    known = exceptions.of_community(tx, moderator.community_id, limit=_KNOWN)
    found = pick(text, known, key=lambda one: one.grant.id, names=lambda one: (one.reason,))
    if found is None:
        raise UnknownExceptionError(text)
    if not exceptions.revoke(tx, found.grant.id, by=moderator.id, reason=reason, now=now):
        raise ExceptionOverError
    community = community_of(tx, moderator)
    _plan_answer(tx, community, found.author_id, None, exception_id=found.grant.id, now=now)
    _record(tx, DecisionKind.EXCEPTION_REVOKED, moderator, reason=reason, exception=found, now=now)
    return replace(found, revoked_at=now, revoked_by=moderator.id, revoke_reason=reason)


def _grant(
    tx: Transaction,
    grant: Grant,
    moderator: Person,
    author_id: int,
    reason: str,
    *,
    chapter: Chapter | None = None,
    now: Instant,
) -> Granted:
    """E1, E2: keep a grant and let it move what waits for it; `chapter` is the one it was asked for."""
    title = None if grant.series_id is None else series.find(tx, grant.series_id).title
    granted = GrantedException(
        grant=grant,
        community_id=moderator.community_id,
        author_id=author_id,
        series_title=title,
        uses=grant.uses_left,
        reason=reason,
        granted_by=moderator.id,
        granted_at=now,
        revoked_at=None,
    )
    exceptions.add(tx, granted)
    _record(tx, DecisionKind.EXCEPTION_GRANTED, moderator, reason=reason, exception=granted, chapter=chapter, now=now)
    moved = apply_grants(tx, moderator.community_id, author_id, by=moderator.id, now=now)
    return Granted(granted, tuple(moved))


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


def _series_meant(tx: Transaction, community_id: int, author_id: int, text: str | None) -> int | None:
    if text is None:
        return None
    theirs = series.of_author(tx, community_id, author_id)
    found = pick(text, theirs, key=lambda one: one.id, names=lambda one: (one.title,))
    if found is None:
        raise UnknownSeriesError(text, tuple(one.title for one in theirs[:10]))
    return found.id


def _record(
    tx: Transaction,
    kind: DecisionKind,
    moderator: Person,
    *,
    reason: str,
    exception: GrantedException | None = None,
    chapter: Chapter | None = None,
    now: Instant,
) -> None:
    """N5: the act stands in the log, with its reason."""
    facts: dict[str, object] = {"reason": reason}
    if exception is not None:
        facts |= {
            "exception": exception.grant.id,
            "lane": exception.grant.lane,
            "uses": exception.uses,
            "ends": milliseconds(exception.grant.ends_at),
        }
    decisions.record(
        tx,
        kind,
        community_id=moderator.community_id,
        chapter_id=chapter.id if chapter else None,
        actor_id=moderator.id,
        policy_version=community_of(tx, moderator).policy.version,
        inputs=json.dumps(facts, ensure_ascii=False),
        now=now,
    )


def _plan_answer(
    tx: Transaction,
    community: Community,
    author_id: int,
    chapter: Chapter | None,
    *,
    request_id: int | None = None,
    exception_id: int | None = None,
    now: Instant,
) -> None:
    """N5, E6: the author hears: about a chapter in its home, else in that of the newest series."""
    theirs = [] if chapter else series.of_author(tx, community.id, author_id)
    story = series.find(tx, chapter.series_id) if chapter else next(iter(theirs), None)
    place = place_for(tx, community, story)
    deliveries.plan(
        tx,
        Kind.ANSWER,
        community_id=community.id,
        target_id=place.target_id,
        series_id=story.id if story else None,
        chapter_id=chapter.id if chapter else None,
        after_id=place.after_id,
        request_id=request_id,
        exception_id=exception_id,
        now=now,
    )
