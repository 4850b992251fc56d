"""How far a reader has looked into the feed, and whether their inbox is closed."""

from dataclasses import dataclass

from whenever import Instant

from storage.transaction import Transaction, maybe_moment, milliseconds


@dataclass(frozen=True, slots=True)
class Reader:
    """What is kept of a reader beside what they chose."""

    seen: Instant | None
    """The last look into the feed but one: what came out since then is new in the present one."""
    closed: Instant | None
    """Since when no direct message reaches them, so that none is sent."""


NOBODY_YET = Reader(None, None)
"""A reader of whom nothing is kept."""

_FIND = """
    SELECT seen_at, closed_at FROM readers WHERE community_id = :community AND reader_id = :reader
"""

_LOOK = """
    INSERT INTO readers (community_id, reader_id, looked_at) VALUES (:community, :reader, :now)
        ON CONFLICT (community_id, reader_id) DO UPDATE SET seen_at = looked_at, looked_at = :now
"""

_CLOSE = """
    INSERT INTO readers (community_id, reader_id, closed_at) VALUES (:community, :reader, :now)
        ON CONFLICT (community_id, reader_id) DO UPDATE SET closed_at = COALESCE(closed_at, :now)
"""

_OPEN = """
    UPDATE readers SET closed_at = NULL
     WHERE community_id = :community AND reader_id = :reader AND closed_at IS NOT NULL
"""


def find(tx: Transaction, community_id: int, reader_id: int) -> Reader:
    """What is kept of a reader in a community."""
    row = tx.one(_FIND, community=community_id, reader=reader_id)
    if row is None:
        return NOBODY_YET
    return Reader(maybe_moment(row["seen_at"]), maybe_moment(row["closed_at"]))


def look(tx: Transaction, community_id: int, reader_id: int, *, now: Instant) -> None:
    """The reader looks into the feed now."""
    tx.run(_LOOK, community=community_id, reader=reader_id, now=milliseconds(now))


def close_inbox(tx: Transaction, community_id: int, reader_id: int, *, now: Instant) -> None:
    """Write to this reader no more."""
    tx.run(_CLOSE, community=community_id, reader=reader_id, now=milliseconds(now))


def open_inbox(tx: Transaction, community_id: int, reader_id: int) -> bool:
    """Write to this reader again; `False` if nothing was stopped."""
    return tx.run(_OPEN, community=community_id, reader=reader_id) == 1
