"""Exceptions that moderators granted, and the requests of authors that led to them."""

from dataclasses import dataclass
from enum import StrEnum

from whenever import Instant

from rules.cadence import LaneKind
from rules.exceptions import Grant
from storage.transaction import Row, Transaction, maybe_moment, milliseconds, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedException:
    """E1: one grant, with what has become of it."""

    grant: Grant
    community_id: int
    author_id: int
    series_title: str | None
    uses: int
    reason: str
    granted_by: int
    granted_at: Instant
    revoked_at: Instant | None
    revoked_by: int | None = None
    revoke_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """E2, E3: a chapter that a grant moves, or has moved."""

    exception_id: int
    title: str
    slot: Instant
    spent: bool
    """It is out, and the use with it; one that waits gives it back if it is withdrawn."""


class RequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """E6: what an author asked for, and who decided it."""

    id: int
    community_id: int
    author_id: int
    chapter_id: int
    reason: str
    state: RequestState
    asked_at: Instant
    decided_by: int | None
    answer: str | None


# A waiting chapter holds its use without having spent it; a withdrawn one has given it back (E3).
_COLUMNS = """
    e.id, e.community_id, e.author_id, e.lane, e.series_id, s.title AS series_title, e.uses, e.ends_at, e.reason,
    e.granted_by, e.granted_at, e.revoked_at, e.revoked_by, e.revoke_reason,
    e.uses - e.spent - (SELECT COUNT(*) FROM chapters c WHERE c.exception_id = e.id AND c.state = 'waiting')
        AS uses_left
"""

_EXCEPTION = f"""
    SELECT {_COLUMNS} FROM exceptions e LEFT JOIN series s ON s.id = e.series_id WHERE e.id = :exception
"""  # noqa: S608

_OF_AUTHOR = f"""
    SELECT {_COLUMNS} FROM exceptions e LEFT JOIN series s ON s.id = e.series_id
     WHERE e.community_id = :community AND e.author_id = :author ORDER BY e.id DESC
"""  # noqa: S608

_OF_COMMUNITY = f"""
    SELECT {_COLUMNS} FROM exceptions e LEFT JOIN series s ON s.id = e.series_id
     WHERE e.community_id = :community ORDER BY e.id DESC LIMIT :limit
"""  # noqa: S608

_OPEN = f"""
    SELECT {_COLUMNS} FROM exceptions e LEFT JOIN series s ON s.id = e.series_id
     WHERE e.community_id = :community AND e.author_id = :author
       AND e.revoked_at IS NULL AND e.ends_at > :now AND e.spent < e.uses
     ORDER BY e.id
"""  # noqa: S608

_USES = """
    SELECT c.exception_id, c.title, c.slot_at, c.state = 'released' AS spent
      FROM chapters c JOIN exceptions e ON e.id = c.exception_id
     WHERE e.community_id = :community AND (:author IS NULL OR e.author_id = :author)
       AND c.state IN ('waiting', 'released')
     ORDER BY c.slot_at, c.id
"""

_REVOKE = """
    UPDATE exceptions SET revoked_at = :now, revoked_by = :person, revoke_reason = :reason
     WHERE id = :exception AND revoked_at IS NULL AND spent < uses
"""

_SPEND = "UPDATE exceptions SET spent = spent + 1 WHERE id = :exception"

_REQUEST_COLUMNS = "id, community_id, author_id, chapter_id, reason, state, asked_at, decided_by, answer"

_REQUEST = f"SELECT {_REQUEST_COLUMNS} FROM requests WHERE id = :request"  # noqa: S608

_OPEN_REQUEST = f"SELECT {_REQUEST_COLUMNS} FROM requests WHERE chapter_id = :chapter AND state = 'open'"  # noqa: S608

_LATEST_DECLINED = f"""
    SELECT {_REQUEST_COLUMNS} FROM requests WHERE chapter_id = :chapter AND state = 'declined' ORDER BY id DESC LIMIT 1
"""  # noqa: S608

_OVERTURN = """
    UPDATE requests
       SET state = 'approved', decided_by = :person, decided_at = :now, answer = :answer, exception_id = :exception
     WHERE id = :request AND state = 'declined'
"""

_DECIDE = """
    UPDATE requests
       SET state = :state, decided_by = :person, decided_at = :now, answer = :answer, exception_id = :exception
     WHERE id = :request AND state = 'open'
"""


def find(tx: Transaction, exception_id: int) -> GrantedException | None:
    """One exception."""
    row = tx.one(_EXCEPTION, exception=exception_id)
    return None if row is None else _exception(row)


def of_author(tx: Transaction, community_id: int, author_id: int) -> list[GrantedException]:
    """All that was ever granted to an author, newest first."""
    return [_exception(row) for row in tx.all(_OF_AUTHOR, community=community_id, author=author_id)]


def of_community(tx: Transaction, community_id: int, *, limit: int) -> list[GrantedException]:
    """The newest grants of a community."""
    return [_exception(row) for row in tx.all(_OF_COMMUNITY, community=community_id, limit=limit)]


def open_grants(tx: Transaction, community_id: int, author_id: int, *, now: Instant) -> list[Grant]:
    """An author's grants that are neither ended, revoked nor spent, oldest first."""
    rows = tx.all(_OPEN, community=community_id, author=author_id, now=milliseconds(now))
    return [_exception(row).grant for row in rows]


def uses(tx: Transaction, community_id: int, author_id: int | None = None) -> list[Use]:
    """E3: the chapters that a community's grants move or have moved, of one author or of all."""
    rows = tx.all(_USES, community=community_id, author=author_id)
    return [Use(row["exception_id"], row["title"], moment(row["slot_at"]), bool(row["spent"])) for row in rows]


def add(tx: Transaction, granted: GrantedException) -> None:
    """Keep a new grant."""
    tx.insert(
        "exceptions",
        {
            "id": granted.grant.id,
            "community_id": granted.community_id,
            "author_id": granted.author_id,
            "lane": granted.grant.lane,
            "series_id": granted.grant.series_id,
            "uses": granted.uses,
            "ends_at": milliseconds(granted.grant.ends_at),
            "reason": granted.reason,
            "granted_by": granted.granted_by,
            "granted_at": milliseconds(granted.granted_at),
        },
    )


def revoke(tx: Transaction, exception_id: int, *, by: int, reason: str, now: Instant) -> bool:
    """E7: take a grant back; `False` if it is spent or revoked already."""
    return tx.run(_REVOKE, exception=exception_id, person=by, reason=reason, now=milliseconds(now)) == 1


def spend(tx: Transaction, exception_id: int) -> None:
    """E3: one use has moved something."""
    tx.run(_SPEND, exception=exception_id)


def find_request(tx: Transaction, request_id: int) -> Request | None:
    """One request."""
    row = tx.one(_REQUEST, request=request_id)
    return None if row is None else _request(row)


def open_request(tx: Transaction, chapter_id: int) -> Request | None:
    """The request about a chapter that nobody has decided yet."""
    row = tx.one(_OPEN_REQUEST, chapter=chapter_id)
    return None if row is None else _request(row)


def latest_declined(tx: Transaction, chapter_id: int) -> Request | None:
    """The last request about a chapter that was declined."""
    row = tx.one(_LATEST_DECLINED, chapter=chapter_id)
    return None if row is None else _request(row)


def overturn(tx: Transaction, request_id: int, *, by: int, answer: str, exception_id: int, now: Instant) -> None:
    """L12: an appeal was won: what was declined is approved."""
    tx.run(_OVERTURN, request=request_id, person=by, answer=answer, exception=exception_id, now=milliseconds(now))


def add_request(tx: Transaction, request: Request) -> None:
    """Keep a new request."""
    tx.insert(
        "requests",
        {
            "id": request.id,
            "community_id": request.community_id,
            "author_id": request.author_id,
            "chapter_id": request.chapter_id,
            "reason": request.reason,
            "state": request.state,
            "asked_at": milliseconds(request.asked_at),
        },
    )


def decide(
    tx: Transaction,
    request_id: int,
    state: RequestState,
    *,
    by: int,
    answer: str | None,
    exception_id: int | None,
    now: Instant,
) -> bool:
    """E6: decide a request; `False` if somebody else was faster."""
    return (
        tx.run(
            _DECIDE,
            request=request_id,
            state=state,
            person=by,
            answer=answer,
            exception=exception_id,
            now=milliseconds(now),
        )
        == 1
    )


def _exception(row: Row) -> GrantedException:
    return GrantedException(
        grant=Grant(
            id=row["id"],
            lane=LaneKind(row["lane"]),
            series_id=row["series_id"],
            uses_left=row["uses_left"],
            ends_at=moment(row["ends_at"]),
        ),
        community_id=row["community_id"],
        author_id=row["author_id"],
        series_title=row["series_title"],
        uses=row["uses"],
        reason=row["reason"],
        granted_by=row["granted_by"],
        granted_at=moment(row["granted_at"]),
        revoked_at=maybe_moment(row["revoked_at"]),
        revoked_by=row["revoked_by"],
        revoke_reason=row["revoke_reason"],
    )


def _request(row: Row) -> Request:
    return Request(
        id=row["id"],
        community_id=row["community_id"],
        author_id=row["author_id"],
        chapter_id=row["chapter_id"],
        reason=row["reason"],
        state=RequestState(row["state"]),
        asked_at=moment(row["asked_at"]),
        decided_by=row["decided_by"],
        answer=row["answer"],
    )
