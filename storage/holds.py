"""Holds: what moderators have paused, why, and until when."""

from dataclasses import dataclass

from whenever import Instant

from storage.transaction import Row, Transaction, maybe_milliseconds, maybe_moment, milliseconds, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One pause of a chapter or of a whole series."""

    id: int
    community_id: int
    author_id: int
    series_id: int
    series_title: str
    chapter_id: int | None
    chapter_title: str | None
    """`None` for the whole series."""
    reason: str
    until: Instant | None
    held_by: int
    held_at: Instant
    ended_at: Instant | None


_COLUMNS = """
    h.id, h.community_id, s.author_id, h.series_id, s.title AS series_title, h.chapter_id, c.title AS chapter_title,
    h.reason, h.until_at, h.held_by, h.held_at, h.ended_at
"""
_FROM = "FROM holds h JOIN series s ON s.id = h.series_id LEFT JOIN chapters c ON c.id = h.chapter_id"

_HOLD = f"SELECT {_COLUMNS} {_FROM} WHERE h.id = :hold"

_OPEN = f"""
    SELECT {_COLUMNS} {_FROM} WHERE h.community_id = :community AND h.ended_at IS NULL ORDER BY h.id
"""

_ENDING = f"SELECT {_COLUMNS} {_FROM} WHERE h.ended_at IS NULL AND h.until_at <= :now ORDER BY h.until_at"

_NEXT_ENDING = "SELECT MIN(until_at) AS until_at FROM holds WHERE ended_at IS NULL AND until_at > :now"

_ON_CHAPTER = f"SELECT {_COLUMNS} {_FROM} WHERE h.chapter_id = :chapter AND h.ended_at IS NULL"

_OPEN_ON = """
    SELECT 1 FROM holds
     WHERE series_id = :series AND COALESCE(chapter_id, 0) = COALESCE(:chapter, 0) AND ended_at IS NULL
"""

_END = "UPDATE holds SET ended_at = :now, ended_by = :person WHERE id = :hold AND ended_at IS NULL"


def find(tx: Transaction, hold_id: int) -> Hold | None:
    """One hold."""
    row = tx.one(_HOLD, hold=hold_id)
    return None if row is None else _hold(row)


def is_held(tx: Transaction, series_id: int, chapter_id: int | None) -> bool:
    """Whether just this is paused already."""
    return tx.one(_OPEN_ON, series=series_id, chapter=chapter_id) is not None


def on_chapter(tx: Transaction, chapter_id: int) -> Hold | None:
    """What pauses just this chapter, and with it those behind it."""
    row = tx.one(_ON_CHAPTER, chapter=chapter_id)
    return None if row is None else _hold(row)


def every_open(tx: Transaction, community_id: int) -> list[Hold]:
    """What is paused in a community, oldest first."""
    return [_hold(row) for row in tx.all(_OPEN, community=community_id)]


def ending(tx: Transaction, *, now: Instant) -> list[Hold]:
    """The holds whose return date has come."""
    return [_hold(row) for row in tx.all(_ENDING, now=milliseconds(now))]


def next_ending(tx: Transaction, *, now: Instant) -> Instant | None:
    """The next return date of any hold."""
    row = tx.one(_NEXT_ENDING, now=milliseconds(now))
    return None if row is None else maybe_moment(row["until_at"])


def add(tx: Transaction, hold: Hold) -> None:
    """Keep a new hold."""
    tx.insert(
        "holds",
        {
            "id": hold.id,
            "community_id": hold.community_id,
            "series_id": hold.series_id,
            "chapter_id": hold.chapter_id,
            "reason": hold.reason,
            "until_at": maybe_milliseconds(hold.until),
            "held_by": hold.held_by,
            "held_at": milliseconds(hold.held_at),
        },
    )


def end(tx: Transaction, hold_id: int, *, by: int, now: Instant) -> bool:
    """A hold is over; `False` if it was already."""
    return tx.run(_END, hold=hold_id, person=by, now=milliseconds(now)) == 1


def _hold(row: Row) -> Hold:
    return Hold(
        id=row["id"],
        community_id=row["community_id"],
        author_id=row["author_id"],
        series_id=row["series_id"],
        series_title=row["series_title"],
        chapter_id=row["chapter_id"],
        chapter_title=row["chapter_title"],
        reason=row["reason"],
        until=maybe_moment(row["until_at"]),
        held_by=row["held_by"],
        held_at=moment(row["held_at"]),
        ended_at=maybe_moment(row["ended_at"]),
    )
