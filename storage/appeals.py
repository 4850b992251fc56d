"""Appeals against set labels, declined requests and declined imports, and how they were answered (L12)."""

from dataclasses import dataclass
from enum import StrEnum

from whenever import Instant

from storage.transaction import Row, Transaction, maybe_moment, milliseconds, moment


class AppealState(StrEnum):
    """Where an appeal stands."""

    OPEN = "open"
    GRANTED = "granted"
    """What it was against is undone wholly."""
    KEPT = "kept"
    """What it was against stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """One appeal: against a ruling or a declined request, about a chapter, or against a declined import."""

    id: int
    community_id: int
    chapter_id: int | None
    ruling_id: int | None
    request_id: int | None
    import_id: int | None
    reason: str
    state: AppealState
    asked_at: Instant
    due: Instant
    decided_by: int | None
    decided_at: Instant | None
    answer: str | None

    @property
    def act_id(self) -> int:
        """What it is against."""
        return next(one for one in (self.ruling_id, self.request_id, self.import_id) if one is not None)


_COLUMNS = """
    id, community_id, chapter_id, ruling_id, request_id, import_id, reason, state, asked_at, due_at, decided_by,
    decided_at, answer
"""

_APPEAL = f"SELECT {_COLUMNS} FROM appeals WHERE id = :appeal"  # noqa: S608

_AGAINST = f"""
    SELECT {_COLUMNS} FROM appeals WHERE ruling_id = :act OR request_id = :act OR import_id = :act
"""  # noqa: S608

_STEPS = f"SELECT {_COLUMNS} FROM appeals WHERE next_at <= :now ORDER BY next_at"  # noqa: S608

_NEXT_STEP = "SELECT MIN(next_at) AS next_at FROM appeals WHERE next_at > :now"

_REST = "UPDATE appeals SET next_at = NULL WHERE id = :appeal"

_DECIDE = """
    UPDATE appeals SET state = :state, decided_by = :person, decided_at = :now, answer = :answer, next_at = NULL
     WHERE id = :appeal
"""


def find(tx: Transaction, appeal_id: int) -> Appeal | None:
    """One appeal."""
    row = tx.one(_APPEAL, appeal=appeal_id)
    return None if row is None else _appeal(row)


def against(tx: Transaction, act_id: int) -> Appeal | None:
    """The appeal against a ruling, a declined request or a declined import; there is at most one (L12)."""
    row = tx.one(_AGAINST, act=act_id)
    return None if row is None else _appeal(row)


def steps(tx: Transaction, *, now: Instant) -> list[Appeal]:
    """The appeals about which the bot itself has something to do now."""
    return [_appeal(row) for row in tx.all(_STEPS, now=milliseconds(now))]


def next_step(tx: Transaction, *, now: Instant) -> Instant | None:
    """When the bot next has something to do about an appeal."""
    row = tx.one(_NEXT_STEP, now=milliseconds(now))
    return None if row is None else maybe_moment(row["next_at"])


def rest(tx: Transaction, appeal_id: int) -> None:
    """The bot itself has nothing more to do about it."""
    tx.run(_REST, appeal=appeal_id)


def add(tx: Transaction, appeal: Appeal) -> None:
    """Keep a new appeal."""
    tx.insert(
        "appeals",
        {
            "id": appeal.id,
            "community_id": appeal.community_id,
            "chapter_id": appeal.chapter_id,
            "ruling_id": appeal.ruling_id,
            "request_id": appeal.request_id,
            "import_id": appeal.import_id,
            "reason": appeal.reason,
            "state": appeal.state,
            "asked_at": milliseconds(appeal.asked_at),
            "due_at": milliseconds(appeal.due),
            "next_at": milliseconds(appeal.due),
        },
    )


def decide(tx: Transaction, appeal_id: int, state: AppealState, answer: str, *, by: int, now: Instant) -> None:
    """It is answered."""
    tx.run(_DECIDE, appeal=appeal_id, state=state, answer=answer, person=by, now=milliseconds(now))


def _appeal(row: Row) -> Appeal:
    return Appeal(
        id=row["id"],
        community_id=row["community_id"],
        chapter_id=row["chapter_id"],
        ruling_id=row["ruling_id"],
        request_id=row["request_id"],
        import_id=row["import_id"],
        reason=row["reason"],
        state=AppealState(row["state"]),
        asked_at=moment(row["asked_at"]),
        due=moment(row["due_at"]),
        decided_by=row["decided_by"],
        decided_at=maybe_moment(row["decided_at"]),
        answer=row["answer"],
    )
