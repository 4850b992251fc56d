"""What readers asked to see less of (R6): private to each of them, and read for nothing but their own feed."""

from dataclasses import dataclass

from whenever import Instant

from rules.less import Key, LessKind
from storage.transaction import Row, Transaction, milliseconds, moment, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Less:
    """One wish of one reader."""

    id: int
    key: Key
    since: Instant
    series_title: str | None
    """With a series: what it is called now."""


_COLUMNS = """
    l.id, l.kind, l.value, l.since_at,
    CASE WHEN l.kind = 'series' THEN (SELECT title FROM series WHERE id = CAST(l.value AS INTEGER)) END AS series_title
"""

_OF_READER = f"""
    SELECT {_COLUMNS} FROM less l WHERE l.community_id = :community AND l.reader_id = :reader ORDER BY l.id DESC
"""  # noqa: S608

_KEYS = "SELECT kind, value FROM less WHERE community_id = :community AND reader_id = :reader"

_FIND = f"""
    SELECT {_COLUMNS} FROM less l
     WHERE l.id = :less AND l.community_id = :community AND l.reader_id = :reader
"""  # noqa: S608

_ADD = """
    INSERT INTO less (id, community_id, reader_id, kind, value, since_at)
    VALUES (:less, :community, :reader, :kind, :value, :now)
        ON CONFLICT (community_id, reader_id, kind, value) DO UPDATE SET since_at = since_at
    RETURNING id
"""

_DROP = "DELETE FROM less WHERE id = :less AND community_id = :community AND reader_id = :reader"

_DROP_KEY = """
    DELETE FROM less
     WHERE community_id = :community AND reader_id = :reader AND kind = :kind AND value = :value
"""


def add(tx: Transaction, community_id: int, reader_id: int, key: Key, *, now: Instant) -> int:
    """Keep a wish; its id, the same one if it was kept before."""
    values = {"less": new_id(now), "now": milliseconds(now), "kind": key.kind, "value": key.value}
    row = tx.one(_ADD, community=community_id, reader=reader_id, **values)
    if row is None:
        raise LookupError(str(key))
    return int(row["id"])


def find(tx: Transaction, community_id: int, reader_id: int, less_id: int) -> Less | None:
    """One wish of this reader, if it is kept."""
    row = tx.one(_FIND, less=less_id, community=community_id, reader=reader_id)
    return None if row is None else _less(row)


def of_reader(tx: Transaction, community_id: int, reader_id: int) -> list[Less]:
    """All wishes of a reader, newest first."""
    return [_less(row) for row in tx.all(_OF_READER, community=community_id, reader=reader_id)]


def keys(tx: Transaction, community_id: int, reader_id: int) -> frozenset[Key]:
    """What a reader's feed and messages leave out."""
    rows = tx.all(_KEYS, community=community_id, reader=reader_id)
    return frozenset(Key(LessKind(row["kind"]), row["value"]) for row in rows)


def drop(tx: Transaction, community_id: int, reader_id: int, less_id: int) -> bool:
    """Forget a wish; `False` if it was forgotten before."""
    return tx.run(_DROP, less=less_id, community=community_id, reader=reader_id) == 1


def drop_key(tx: Transaction, community_id: int, reader_id: int, key: Key) -> bool:
    """Forget the wish for one thing; `False` if there is none."""
    return tx.run(_DROP_KEY, community=community_id, reader=reader_id, kind=key.kind, value=key.value) == 1


def _less(row: Row) -> Less:
    return Less(
        id=row["id"],
        key=Key(LessKind(row["kind"]), row["value"]),
        since=moment(row["since_at"]),
        series_title=row["series_title"],
    )
