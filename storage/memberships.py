"""Whom the bot has added to which home thread, as far as it knows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from storage.transaction import Transaction


class Membership(StrEnum):
    """How a reader stands to a home thread."""

    ASKED = "asked"
    """Being added."""
    ADDED = "added"
    """Added by the bot, which may remove them again."""
    OWN = "own"
    """There by themselves: never removed."""
    LEAVING = "leaving"
    """Being removed."""
    ASLEEP = "asleep"
    """The thread is archived and takes nobody; its next chapter wakes it, and they are added then."""
    FULL = "full"
    """The thread has as many members as Discord allows."""
    REFUSED = "refused"
    """Discord will not have it: the thread is locked, or the reader or the bot may not see it."""


_FIND = "SELECT state FROM memberships WHERE series_id = :series AND reader_id = :reader"

_SAVE = """
    INSERT INTO memberships (series_id, reader_id, state)
    SELECT :series, value, :state FROM json_each(:readers) WHERE true
        ON CONFLICT (series_id, reader_id) DO UPDATE SET state = excluded.state
"""

_TURN = """
    UPDATE memberships SET state = :after
     WHERE series_id = :series AND reader_id = :reader AND state IN (SELECT value FROM json_each(:before))
"""

_DROP = "DELETE FROM memberships WHERE series_id = :series AND reader_id = :reader AND state = :state"

_OF_READER = """
    SELECT m.series_id FROM memberships m JOIN series s ON s.id = m.series_id
     WHERE m.reader_id = :reader AND s.community_id = :community AND s.author_id = :author
"""

_WANTING = """
    SELECT f.reader_id FROM follows f
     WHERE f.community_id = :community AND f.author_id = :author AND COALESCE(f.series_id, 0) IN (0, :series)
       AND f.how = 'thread'
       AND NOT EXISTS (SELECT 1 FROM memberships m
                        WHERE m.series_id = :series AND m.reader_id = f.reader_id
                          AND m.state NOT IN ('asleep', 'full', 'refused'))
     GROUP BY f.reader_id ORDER BY MIN(f.since_at) LIMIT :limit
"""

_UNWILLING = """
    SELECT m.reader_id FROM memberships m
     WHERE m.series_id = :series AND m.state = 'added'
       AND NOT EXISTS (SELECT 1 FROM follows f
                        WHERE f.community_id = :community AND f.reader_id = m.reader_id AND f.author_id = :author
                          AND COALESCE(f.series_id, 0) IN (0, :series) AND f.how = 'thread')
     LIMIT :limit
"""

_CANCEL_JOIN = """
    UPDATE deliveries SET state = 'cancelled'
     WHERE reader_id = :reader AND community_id = :community AND series_id = :series
       AND kind = 'join' AND state = 'planned' AND lost_at IS NULL
"""


_ASKED_FOR = """
    SELECT reader_id FROM deliveries
     WHERE target_id = :thread AND kind = 'join' AND state = 'planned' AND lost_at IS NULL
"""

_CANCEL_ASKED_FOR = """
    UPDATE deliveries SET state = 'cancelled'
     WHERE target_id = :thread AND kind = 'join' AND state = 'planned' AND lost_at IS NULL
"""

_KEPT_OUT = """
    SELECT DISTINCT s.id, s.title, m.state FROM memberships m JOIN series s ON s.id = m.series_id
      JOIN follows f ON f.community_id = s.community_id AND f.reader_id = m.reader_id AND f.author_id = s.author_id
                    AND COALESCE(f.series_id, 0) IN (0, s.id) AND f.how = 'thread'
     WHERE m.reader_id = :reader AND s.community_id = :community AND m.state IN ('full', 'refused')
     ORDER BY s.id DESC
"""


@dataclass(frozen=True, slots=True)
class KeptOut:
    """A series whose home a reader wants to be in, and is not."""

    series_id: int
    series_title: str
    why: Membership


def find(tx: Transaction, series_id: int, reader_id: int) -> Membership | None:
    """How a reader stands to the home of a series, if the bot ever had to do with it."""
    row = tx.one(_FIND, series=series_id, reader=reader_id)
    return None if row is None else Membership(row["state"])


def save(tx: Transaction, series_id: int, readers: Sequence[int], state: Membership) -> None:
    """Write down how some readers stand to the home of a series."""
    tx.run(_SAVE, series=series_id, readers=json.dumps(list(readers)), state=state)


def turn(tx: Transaction, series_id: int, reader_id: int, *, before: Sequence[Membership], after: Membership) -> None:
    """Write down what came of adding or removing a reader, unless they have wanted otherwise meanwhile."""
    tx.run(_TURN, series=series_id, reader=reader_id, before=json.dumps(list(before)), after=after)


def drop(tx: Transaction, series_id: int, reader_id: int, state: Membership) -> None:
    """A reader in this state has no more to do with the thread."""
    tx.run(_DROP, series=series_id, reader=reader_id, state=state)


def series_of_author(tx: Transaction, community_id: int, reader_id: int, author_id: int) -> list[int]:
    """The author's series with whose homes the bot ever had to do because of this reader."""
    rows = tx.all(_OF_READER, community=community_id, reader=reader_id, author=author_id)
    return [row["series_id"] for row in rows]


def wanting(tx: Transaction, community_id: int, author_id: int, series_id: int, *, limit: int) -> list[int]:
    """Readers who want to be in the home of a series and are not; who has followed longest is the first."""
    rows = tx.all(_WANTING, community=community_id, author=author_id, series=series_id, limit=limit)
    return [row["reader_id"] for row in rows]


def asked_for(tx: Transaction, thread_id: int) -> list[int]:
    """Readers who are to be added to a home thread, and for whom Discord was not asked yet."""
    return [row["reader_id"] for row in tx.all(_ASKED_FOR, thread=thread_id)]


def ask_for_nobody(tx: Transaction, thread_id: int) -> int:
    """Add nobody more to a home thread for now; how many were to be."""
    return tx.run(_CANCEL_ASKED_FOR, thread=thread_id)


def kept_out(tx: Transaction, community_id: int, reader_id: int) -> list[KeptOut]:
    """The homes that a reader wants to be in and that Discord keeps them out of."""
    rows = tx.all(_KEPT_OUT, community=community_id, reader=reader_id)
    return [KeptOut(row["id"], row["title"], Membership(row["state"])) for row in rows]


def unwilling(tx: Transaction, community_id: int, author_id: int, series_id: int, *, limit: int) -> list[int]:
    """Readers whom the bot has added to the home of a series and who do not want that any more."""
    rows = tx.all(_UNWILLING, community=community_id, author=author_id, series=series_id, limit=limit)
    return [row["reader_id"] for row in rows]


def cancel_join(tx: Transaction, community_id: int, reader_id: int, series_id: int) -> bool:
    """A reader who was to be added to a home thread is not; `False` if that is under way or done."""
    return tx.run(_CANCEL_JOIN, community=community_id, reader=reader_id, series=series_id) > 0
