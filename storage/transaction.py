"""One transaction: what a query function is given."""

import random
import sqlite3
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

from whenever import Instant

Row = sqlite3.Row
"""One row; its columns are read by name."""

_IDS_BEGIN = Instant.from_utc(2026, 1, 1)
_IDS_PER_MILLISECOND = 1 << 20
_salt = random.SystemRandom().randrange(_IDS_PER_MILLISECOND // 2)
_last = 0
_counting = threading.Lock()


class Transaction:
    """Statements that take effect together or not at all; lives in the database's own thread, never outlives it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def one(self, sql: str, /, **values: Any) -> Row | None:
        """The first row of an answer, `None` for an empty one."""
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, /, **values: Any) -> list[Row]:
        """All rows of an answer."""
        return self._connection.execute(sql, values).fetchall()

    def run(self, sql: str, /, **values: Any) -> int:
        """Change something; how many rows it changed."""
        return self._connection.execute(sql, values).rowcount

    def insert(self, table: str, values: Mapping[str, Any]) -> None:
        """Add one row; `table` and the keys come from our own code, never from a person."""
        self._connection.execute(_insertion(table, tuple(values)), values)


@cache
def _insertion(table: str, names: tuple[str, ...]) -> str:
    """One statement for each shape of row, so that SQLite finds it prepared."""
    slots = ", ".join(f":{name}" for name in names)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({slots})"  # noqa: S608


def new_id(now: Instant) -> int:
    """An id of our own: 64-bit, ordered by time, and within one process always larger than the one before."""
    return new_ids(now, 1)


def new_ids(now: Instant, count: int, *, after: int = 0) -> int:
    """The first of `count` ids in a row, larger than `after`."""
    global _last  # noqa: PLW0603 - one counter for the process is the point
    since = milliseconds(now) - milliseconds(_IDS_BEGIN)
    with _counting:
        first = max(since * _IDS_PER_MILLISECOND + _salt, _last + 1, after + 1)
        _last = first + count - 1
        return first


def next_ids(tx: Transaction, table: str, now: Instant, count: int = 1) -> int:
    """The first of `count` ids for a table whose ids are an order: larger than all that stand in it.

    Another process may have written in the same millisecond, and a clock may have been set back since.
    """
    row = tx.one(f"SELECT MAX(id) AS id FROM {table}")  # noqa: S608 - our own name
    return new_ids(now, count, after=row["id"] or 0 if row else 0)


def milliseconds(moment: Instant) -> int:
    """A moment as it is stored: whole milliseconds UTC."""
    return moment.timestamp(unit="millisecond")


def maybe_milliseconds(moment: Instant | None) -> int | None:
    """A moment that may be missing, as it is stored."""
    return None if moment is None else milliseconds(moment)


def moment(stored: int) -> Instant:
    """A stored moment."""
    return Instant.from_timestamp(stored, unit="millisecond")


def maybe_moment(stored: int | None) -> Instant | None:
    """A stored moment that may be missing."""
    return None if stored is None else moment(stored)
