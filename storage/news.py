"""Direct messages to readers who asked for them: one line for the whole bot, and the chapters each of them names."""

import json
from collections.abc import Iterable, Sequence

from whenever import Instant

from rules.less import Key
from storage.transaction import Transaction, maybe_moment, milliseconds, moment

_TO_TELL = """
    SELECT DISTINCT f.reader_id FROM follows f
     WHERE f.community_id = :community AND f.author_id = :author AND COALESCE(f.series_id, 0) IN (0, :series)
       AND f.how = 'message'
       AND NOT EXISTS (SELECT 1 FROM readers r
                        WHERE r.community_id = f.community_id AND r.reader_id = f.reader_id AND r.closed_at IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM less l
                        WHERE l.community_id = f.community_id AND l.reader_id = f.reader_id
                          AND l.kind || ':' || l.value IN (SELECT value FROM json_each(:keys)))
"""

# A message that was attempted once says what it says, so that a repeated attempt says the same.
_GATHERING = """
    d.community_id = :community AND d.kind = 'direct' AND d.state = 'planned' AND d.attempts = 0
"""

_WITHOUT_MESSAGE = f"""
    SELECT r.value AS reader_id FROM json_each(:readers) r
     WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.reader_id = r.value AND {_GATHERING})
"""  # noqa: S608

_ADD = f"""
    INSERT INTO news (delivery_id, chapter_id)
    SELECT d.id, :chapter FROM json_each(:readers) r JOIN deliveries d ON d.reader_id = r.value AND {_GATHERING}
     WHERE true ON CONFLICT (delivery_id, chapter_id) DO NOTHING
"""  # noqa: S608

_CHAPTERS = """
    SELECT n.chapter_id FROM news n JOIN chapters c ON c.id = n.chapter_id
     WHERE n.delivery_id = :delivery AND c.state = 'released' ORDER BY c.released_at, c.id
"""

# What was tried goes on first: while Discord has put it off, all wait.
_TRIED = """
    SELECT id, due_at FROM deliveries
     WHERE state IN ('planned', 'sending') AND kind = 'direct' AND attempts > 0 ORDER BY id LIMIT 1
"""

_DUE = """
    SELECT id, due_at FROM deliveries
     WHERE state IN ('planned', 'sending') AND kind = 'direct' AND due_at <= :now ORDER BY place, id LIMIT 1
"""

# All gather equally long, so that what was planned first is due first.
_SOONEST = """
    SELECT id, due_at FROM deliveries WHERE state IN ('planned', 'sending') AND kind = 'direct' ORDER BY id LIMIT 1
"""

_PLACE = """
    SELECT COALESCE(MIN(place), 0) AS place FROM deliveries WHERE state IN ('planned', 'sending') AND kind = 'direct'
"""

_LAST = "SELECT MAX(claimed_at) AS claimed_at FROM deliveries WHERE kind = 'direct' AND claimed_at IS NOT NULL"

_TAKE_BACK = """
    UPDATE deliveries SET state = 'cancelled'
     WHERE reader_id = :reader AND community_id = :community AND kind = 'direct' AND state = 'planned'
       AND lost_at IS NULL
"""

_FORGET = """
    DELETE FROM deliveries
     WHERE id IN (SELECT id FROM deliveries
                   WHERE state IN ('sent', 'cancelled') AND reader_id IS NOT NULL AND due_at < :before LIMIT :limit)
"""


def readers_to_tell(
    tx: Transaction, community_id: int, author_id: int, series_id: int, keys: Iterable[Key]
) -> list[int]:
    """Who wants a direct message of a release, once each: without closed inboxes, and who asked to see less of it."""
    given = json.dumps([str(key) for key in keys])
    rows = tx.all(_TO_TELL, community=community_id, author=author_id, series=series_id, keys=given)
    return [row["reader_id"] for row in rows]


def without_message(tx: Transaction, community_id: int, readers: Sequence[int]) -> list[int]:
    """Those for whom no message is being gathered."""
    rows = tx.all(_WITHOUT_MESSAGE, community=community_id, readers=json.dumps(list(readers)))
    return [row["reader_id"] for row in rows]


def add(tx: Transaction, community_id: int, readers: Sequence[int], chapter_id: int) -> None:
    """Let the message that is gathered for each of these readers name a chapter."""
    tx.run(_ADD, community=community_id, readers=json.dumps(list(readers)), chapter=chapter_id)


def chapters_of(tx: Transaction, delivery_id: int) -> list[int]:
    """The chapters a message names, in the order in which they came out; without those withdrawn since."""
    return [row["chapter_id"] for row in tx.all(_CHAPTERS, delivery=delivery_id)]


def first_in_line(tx: Transaction, *, now: Instant) -> tuple[int, Instant] | None:
    """The first message in line and when it is due, also while it is under way."""
    row = tx.one(_TRIED) or tx.one(_DUE, now=milliseconds(now)) or tx.one(_SOONEST)
    return None if row is None else (row["id"], moment(row["due_at"]))


def front(tx: Transaction) -> int:
    """The place at which the line of messages has arrived."""
    row = tx.one(_PLACE)
    return 0 if row is None else int(row["place"])


def last_attempt(tx: Transaction) -> Instant | None:
    """The latest attempt at any message."""
    row = tx.one(_LAST)
    return None if row is None else maybe_moment(row["claimed_at"])


def take_back(tx: Transaction, community_id: int, reader_id: int) -> int:
    """A reader is sent none of what waits for them; how many messages."""
    return tx.run(_TAKE_BACK, community=community_id, reader=reader_id)


def forget(tx: Transaction, *, before: Instant, limit: int) -> int:
    """Forget what was done for single readers before a moment; how many rows."""
    return tx.run(_FORGET, before=milliseconds(before), limit=limit)
