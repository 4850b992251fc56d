"""Granting exceptions, listing and revoking them: E1 to E5, E7."""

import json
from dataclasses import dataclass, replace

from whenever import Instant, TimeDelta

from rules.cadence import LaneKind
from rules.deliveries import Kind
from rules.exceptions import Grant
from storage import decisions, deliveries, exceptions, series
from storage.chapters import Chapter
from storage.communities import Community
from storage.decisions import DecisionKind
from storage.exceptions import GrantedException, Use
from storage.transaction import Transaction, milliseconds, new_id
from usecases.cards import place_for
from usecases.people import Person, community_of, pick
from usecases.refusals import (
    ExceptionOverError,
    OwnGrantError,
    UnknownExceptionError,
    UnknownSeriesError,
)
from usecases.replanning import Moved, apply_grants

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
    granted = keep_grant(tx, grant, request.moderator, request.author_id, request.reason, now=now)
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
    _record(tx, DecisionKind.EXCEPTION_REVOKED, found, moderator, reason=reason, now=now)
    return replace(found, revoked_at=now, revoked_by=moderator.id, revoke_reason=reason)


def keep_grant(
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
    _record(tx, DecisionKind.EXCEPTION_GRANTED, granted, moderator, reason=reason, chapter=chapter, now=now)
    moved = apply_grants(tx, moderator.community_id, author_id, by=moderator.id, now=now)
    return Granted(granted, tuple(moved))


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
    exception: GrantedException,
    moderator: Person,
    *,
    reason: str,
    chapter: Chapter | None = None,
    now: Instant,
) -> None:
    """N5: the act stands in the log, with its reason."""
    facts = {
        "reason": reason,
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
    exception_id: int,
    now: Instant,
) -> None:
    """N5: the author hears: about a chapter in its home, else in that of the newest series."""
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
        exception_id=exception_id,
        now=now,
    )
