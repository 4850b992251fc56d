"""The last series starts of authors who had their data deleted: dates that C1 still counts from, under no name."""

import hmac
import secrets

from whenever import Instant

from storage.transaction import Transaction, milliseconds, moment, new_id

_KEY_BYTES = 32

_OF_COMMUNITY = """
    SELECT key, author_hash, slot_at FROM kept_starts
     WHERE community_id = :community AND (:until IS NULL OR slot_at <= :until) ORDER BY slot_at DESC
"""

_DROP_LAPSED = "DELETE FROM kept_starts WHERE lapses_at <= :now"


def keep(tx: Transaction, community_id: int, author_id: int, *, slot: Instant, lapses: Instant, now: Instant) -> None:
    """Remember a start without its author: only who asks with the same id finds it again."""
    key = secrets.token_bytes(_KEY_BYTES)
    tx.insert(
        "kept_starts",
        {
            "id": new_id(now),
            "community_id": community_id,
            "key": key,
            "author_hash": _hash(key, author_id),
            "slot_at": milliseconds(slot),
            "lapses_at": milliseconds(lapses),
        },
    )


def latest(tx: Transaction, community_id: int, author_id: int, *, until: Instant | None = None) -> Instant | None:
    """The last start that was kept of an author, not later than a moment if one is given."""
    rows = tx.all(_OF_COMMUNITY, community=community_id, until=None if until is None else milliseconds(until))
    known = (row["slot_at"] for row in rows if hmac.compare_digest(_hash(row["key"], author_id), row["author_hash"]))
    return next((moment(slot) for slot in known), None)


def drop_lapsed(tx: Transaction, *, now: Instant) -> int:
    """Forget the starts that hold nobody up any more; how many."""
    return tx.run(_DROP_LAPSED, now=milliseconds(now))


def _hash(key: bytes, author_id: int) -> bytes:
    return hmac.digest(key, str(author_id).encode(), "sha256")
