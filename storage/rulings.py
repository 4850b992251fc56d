"""Rulings: labels that moderators have set, for which reason, and what became of them (L11, L12)."""

from dataclasses import dataclass
from enum import StrEnum

from whenever import Instant

from rules.labels import Ai
from rules.rulings import RulingReason
from storage.transaction import Row, Transaction, maybe_moment, milliseconds, moment


class RulingState(StrEnum):
    """Where a ruling stands."""

    PROPOSED = "proposed"
    """One of two has read it so; nothing has changed."""
    STANDING = "standing"
    DROPPED = "dropped"
    """The second reader reads it otherwise."""
    REPLACED = "replaced"
    """A later ruling stands in its place."""
    UNDONE = "undone"
    """An appeal was won (L12)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """One label that a moderator has set, or one of two wants to set."""

    id: int
    community_id: int
    chapter_id: int
    ai: Ai
    reason: RulingReason
    note: str | None
    state: RulingState
    read_by: int
    read_at: Instant
    confirmed_by: int | None
    """The second reader, whichever way they read it."""
    set_at: Instant | None
    before_id: int | None
    """The decision that knows what the label said before, which a won appeal gives back."""

    @property
    def judges(self) -> frozenset[int]:
        """Who has set it; none of them decides an appeal against it (L12)."""
        return frozenset({self.read_by, self.confirmed_by} - {None})  # type: ignore[arg-type]


_COLUMNS = """
    id, community_id, chapter_id, ai, reason, note, state, read_by, read_at, confirmed_by, set_at, before_id
"""

_RULING = f"SELECT {_COLUMNS} FROM rulings WHERE id = :ruling"  # noqa: S608

_IN_STATE = f"SELECT {_COLUMNS} FROM rulings WHERE chapter_id = :chapter AND state = :state"  # noqa: S608

_REPLACED = f"""
    SELECT {_COLUMNS} FROM rulings WHERE chapter_id = :chapter AND state = 'replaced' ORDER BY id DESC LIMIT 1
"""  # noqa: S608

_SET_BY = f"SELECT {_COLUMNS} FROM rulings WHERE chapter_id = :chapter AND before_id = :decision"  # noqa: S608

_STAND = """
    UPDATE rulings SET state = 'standing', confirmed_by = :person, set_at = :now, before_id = :before WHERE id = :ruling
"""

_DROP = "UPDATE rulings SET state = 'dropped', confirmed_by = :person WHERE id = :ruling"

_END = "UPDATE rulings SET state = :state WHERE id = :ruling"


def find(tx: Transaction, ruling_id: int) -> Ruling | None:
    """One ruling."""
    row = tx.one(_RULING, ruling=ruling_id)
    return None if row is None else _ruling(row)


def standing(tx: Transaction, chapter_id: int) -> Ruling | None:
    """The ruling that holds for a chapter."""
    row = tx.one(_IN_STATE, chapter=chapter_id, state=RulingState.STANDING)
    return None if row is None else _ruling(row)


def proposed(tx: Transaction, chapter_id: int) -> Ruling | None:
    """What one of two has read, and waits for the other."""
    row = tx.one(_IN_STATE, chapter=chapter_id, state=RulingState.PROPOSED)
    return None if row is None else _ruling(row)


def replaced(tx: Transaction, chapter_id: int) -> Ruling | None:
    """The ruling that the last one of a chapter has replaced."""
    row = tx.one(_REPLACED, chapter=chapter_id)
    return None if row is None else _ruling(row)


def set_by(tx: Transaction, chapter_id: int, decision_id: int) -> Ruling | None:
    """The ruling that a recorded change of a label belongs to."""
    row = tx.one(_SET_BY, chapter=chapter_id, decision=decision_id)
    return None if row is None else _ruling(row)


def add(tx: Transaction, ruling: Ruling) -> None:
    """Keep what somebody proposes; `stand` makes it hold."""
    tx.insert(
        "rulings",
        {
            "id": ruling.id,
            "community_id": ruling.community_id,
            "chapter_id": ruling.chapter_id,
            "ai": ruling.ai,
            "reason": ruling.reason,
            "note": ruling.note,
            "state": ruling.state,
            "read_by": ruling.read_by,
            "read_at": milliseconds(ruling.read_at),
        },
    )


def stand(tx: Transaction, ruling_id: int, *, confirmed_by: int | None, before_id: int, now: Instant) -> None:
    """It holds from now on."""
    tx.run(_STAND, ruling=ruling_id, person=confirmed_by, before=before_id, now=milliseconds(now))


def drop(tx: Transaction, ruling_id: int, *, by: int) -> None:
    """The second reader reads it otherwise."""
    tx.run(_DROP, ruling=ruling_id, person=by)


def end(tx: Transaction, ruling_id: int, state: RulingState) -> None:
    """It holds no more, replaced or undone; or what had replaced it was undone, and it holds again."""
    tx.run(_END, ruling=ruling_id, state=state)


def _ruling(row: Row) -> Ruling:
    return Ruling(
        id=row["id"],
        community_id=row["community_id"],
        chapter_id=row["chapter_id"],
        ai=Ai(row["ai"]),
        reason=RulingReason(row["reason"]),
        note=row["note"],
        state=RulingState(row["state"]),
        read_by=row["read_by"],
        read_at=moment(row["read_at"]),
        confirmed_by=row["confirmed_by"],
        set_at=maybe_moment(row["set_at"]),
        before_id=row["before_id"],
    )
