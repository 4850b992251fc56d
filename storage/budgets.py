"""How much of what Discord lets through a channel has had lately (R4); each question has an index of its own."""

from whenever import Instant

from storage.transaction import Row, Transaction, maybe_moment, milliseconds

_PUBLISHED_SINCE = """
    SELECT COUNT(*) AS made, MIN(sent_at) AS oldest FROM deliveries
     WHERE kind = 'publish' AND target_id = :target AND state = 'sent' AND sent_at > :since
"""

_EDITED_SINCE = """
    SELECT COUNT(*) AS made, MIN(sent_at) AS oldest FROM deliveries
     WHERE kind = 'edit' AND target_id = :target AND state = 'sent' AND sent_at > :since
"""


def published_since(tx: Transaction, target_id: int, since: Instant) -> tuple[int, Instant | None]:
    """R4: how many publishes a channel has had since a moment, and when the oldest of them was."""
    return _counted(tx.one(_PUBLISHED_SINCE, target=target_id, since=milliseconds(since)))


def edited_since(tx: Transaction, target_id: int, since: Instant) -> tuple[int, Instant | None]:
    """R4: how many corrections a channel has had since a moment, and when the oldest of them was."""
    return _counted(tx.one(_EDITED_SINCE, target=target_id, since=milliseconds(since)))


def _counted(row: Row | None) -> tuple[int, Instant | None]:
    return (0, None) if row is None else (row["made"], maybe_moment(row["oldest"]))
