"""Who follows which series or author, and how they want to hear of it."""

from dataclasses import dataclass
from enum import StrEnum

from whenever import Instant

from storage.memberships import Membership
from storage.transaction import Row, Transaction, milliseconds, moment


class How(StrEnum):
    """How a reader hears of a release."""

    THREAD = "thread"
    """As a member of the home thread, by Discord's own notifications."""
    MESSAGE = "message"
    """By direct message; only for who asked for it."""
    FEED = "feed"
    """In `/feed` alone, where each of the others stands as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """One reader follows one series, or all of an author."""

    author_id: int
    series_id: int | None
    """`None`: all of the author's series."""
    series_title: str | None
    how: How
    since: Instant
    kept_out: Membership | None = None
    """Why Discord keeps the reader out of its home, if they wanted to hear of it there."""


_COLUMNS = "f.author_id, f.series_id, s.title AS series_title, f.how, f.since_at"

_OF_READER = f"""
    SELECT {_COLUMNS} FROM follows f LEFT JOIN series s ON s.id = f.series_id
     WHERE f.community_id = :community AND f.reader_id = :reader ORDER BY f.since_at DESC, f.rowid DESC
"""  # noqa: S608

_FIND = f"""
    SELECT {_COLUMNS} FROM follows f LEFT JOIN series s ON s.id = f.series_id
     WHERE f.community_id = :community AND f.reader_id = :reader AND f.author_id = :author
       AND COALESCE(f.series_id, 0) = COALESCE(:series, 0)
"""  # noqa: S608

_SAVE = """
    INSERT INTO follows (community_id, reader_id, author_id, series_id, how, since_at)
    VALUES (:community, :reader, :author, :series, :how, :now)
        ON CONFLICT (community_id, reader_id, author_id, COALESCE(series_id, 0)) DO UPDATE SET how = :how
"""

_DROP = """
    DELETE FROM follows
     WHERE community_id = :community AND reader_id = :reader AND author_id = :author
       AND COALESCE(series_id, 0) = COALESCE(:series, 0)
"""

_STOP_MESSAGES = """
    UPDATE follows SET how = 'feed' WHERE community_id = :community AND reader_id = :reader AND how = 'message'
"""

_WRITTEN_TO = """
    SELECT COUNT(DISTINCT reader_id) AS readers FROM follows
     WHERE community_id = :community AND author_id = :author AND COALESCE(series_id, 0) IN (0, :series)
       AND how = 'message'
"""

_IN_THREAD = """
    SELECT 1 FROM follows
     WHERE community_id = :community AND reader_id = :reader AND author_id = :author
       AND COALESCE(series_id, 0) IN (0, :series) AND how = 'thread'
"""


def find(tx: Transaction, community_id: int, reader_id: int, author_id: int, series_id: int | None) -> Follow | None:
    """Whether and how a reader follows a series, or with `None` all of an author."""
    row = tx.one(_FIND, community=community_id, reader=reader_id, author=author_id, series=series_id)
    return None if row is None else _follow(row)


def of_reader(tx: Transaction, community_id: int, reader_id: int) -> list[Follow]:
    """All that a reader follows in a community, newest first."""
    return [_follow(row) for row in tx.all(_OF_READER, community=community_id, reader=reader_id)]


def save(
    tx: Transaction,
    community_id: int,
    reader_id: int,
    *,
    author_id: int,
    series_id: int | None,
    how: How,
    now: Instant,
) -> None:
    """Keep that a reader follows something, or that they want to hear of it in another way."""
    values = {"author": author_id, "series": series_id, "how": how, "now": milliseconds(now)}
    tx.run(_SAVE, community=community_id, reader=reader_id, **values)


def drop(tx: Transaction, community_id: int, reader_id: int, author_id: int, series_id: int | None) -> bool:
    """A reader follows something no more; `False` if they did not."""
    return tx.run(_DROP, community=community_id, reader=reader_id, author=author_id, series=series_id) == 1


def stop_messages(tx: Transaction, community_id: int, reader_id: int) -> int:
    """What a reader followed by direct message they follow in the feed alone; how much that is."""
    return tx.run(_STOP_MESSAGES, community=community_id, reader=reader_id)


def written_to(tx: Transaction, community_id: int, author_id: int, series_id: int | None) -> int:
    """How many readers are sent a message of each chapter of a series, or of all of an author's."""
    row = tx.one(_WRITTEN_TO, community=community_id, author=author_id, series=series_id or 0)
    return 0 if row is None else int(row["readers"])


def wants_thread(tx: Transaction, community_id: int, reader_id: int, author_id: int, series_id: int) -> bool:
    """Whether a reader wants to be in the home thread of a series, because of it or because of its author."""
    found = tx.one(_IN_THREAD, community=community_id, reader=reader_id, author=author_id, series=series_id)
    return found is not None


def _follow(row: Row) -> Follow:
    return Follow(
        author_id=row["author_id"],
        series_id=row["series_id"],
        series_title=row["series_title"],
        how=How(row["how"]),
        since=moment(row["since_at"]),
    )
