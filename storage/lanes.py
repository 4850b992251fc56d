"""What cadence limits count: an author's series lane, a series' chapter lane, and how many chapters wait in it."""

from whenever import Instant

from rules.cadence import Earlier
from storage import kept_starts
from storage.chapters import Chapter
from storage.transaction import Row, Transaction, maybe_milliseconds, moment

# Promised, out, or taken down too late (C11); in the words of the index of these.
_COUNTED = "(c.state IN ('waiting', 'released') OR c.counts = 1)"

# Older work has no slot, so that no lane finds it (C13).
_LAST_IN_SERIES = f"""
    SELECT c.id, c.title, s.title AS series_title, c.slot_at
      FROM chapters c JOIN series s ON s.id = c.series_id
     WHERE c.series_id = :series AND {_COUNTED} AND c.slot_at IS NOT NULL
     ORDER BY c.slot_at DESC, c.id DESC LIMIT 1
"""  # noqa: S608

_LAST_START = f"""
    SELECT c.id, c.title, s.title AS series_title, c.slot_at
      FROM series s JOIN chapters c
        ON c.series_id = s.id AND c.slot_at = s.starts_at AND {_COUNTED}
     WHERE s.community_id = :community AND s.author_id = :author AND s.starts_at IS NOT NULL
     ORDER BY s.starts_at DESC, c.id DESC LIMIT 1
"""  # noqa: S608

# The chapter ahead of a waiting one, as C7 orders them.
_AHEAD = f"""
    SELECT c.id, c.title, s.title AS series_title, c.slot_at
      FROM chapters c JOIN series s ON s.id = c.series_id
     WHERE c.series_id = :series AND {_COUNTED}
       AND (c.slot_at, c.id) < (:slot, :chapter)
     ORDER BY c.slot_at DESC, c.id DESC LIMIT 1
"""  # noqa: S608

_START_BEFORE = f"""
    SELECT c.id, c.title, s.title AS series_title, c.slot_at
      FROM series s JOIN chapters c
        ON c.series_id = s.id AND c.slot_at = s.starts_at AND {_COUNTED}
     WHERE s.community_id = :community AND s.author_id = :author AND s.id <> :series AND s.starts_at <= :slot
     ORDER BY s.starts_at DESC, c.id DESC LIMIT 1
"""  # noqa: S608

# With slack what waits may come earlier than it was promised: something was withdrawn, or the policy is another (C9).
_ROOM = """
    SELECT COUNT(*) AS waiting,
           COALESCE(MAX(policy_version <> :version), 0)
             OR EXISTS (SELECT 1 FROM chapters WHERE series_id = :series AND state = 'withdrawn') AS slack
      FROM chapters WHERE series_id = :series AND state = 'waiting'
"""

_COUNT_WAITING = "SELECT COUNT(*) AS waiting FROM chapters WHERE series_id = :series AND state = 'waiting'"


def last_in_series(tx: Transaction, series_id: int) -> Earlier | None:
    """What C2 counts from: the last chapter of a series, promised or out."""
    return _earlier(tx.one(_LAST_IN_SERIES, series=series_id))


def last_start(tx: Transaction, community_id: int, author_id: int) -> Earlier | None:
    """What C1 counts from: the last first chapter of an author, promised or out."""
    known = _earlier(tx.one(_LAST_START, community=community_id, author=author_id))
    return _or_kept(known, kept_starts.latest(tx, community_id, author_id))


def ahead(tx: Transaction, chapter: Chapter) -> Earlier | None:
    """C7: the chapter ahead of a waiting one in its series."""
    slot = maybe_milliseconds(chapter.slot)
    return _earlier(tx.one(_AHEAD, series=chapter.series_id, slot=slot, chapter=chapter.id))


def start_before(tx: Transaction, chapter: Chapter) -> Earlier | None:
    """C1: the start of another series of the author that comes before a waiting first chapter."""
    known = _earlier(
        tx.one(
            _START_BEFORE,
            community=chapter.community_id,
            author=chapter.author_id,
            series=chapter.series_id,
            slot=maybe_milliseconds(chapter.slot),
        )
    )
    return _or_kept(known, kept_starts.latest(tx, chapter.community_id, chapter.author_id, until=chapter.slot))


def room(tx: Transaction, series_id: int, *, policy_version: int) -> tuple[int, bool]:
    """How many chapters of a series wait (C7), and whether some of them might come earlier (C9, C10)."""
    row = tx.one(_ROOM, series=series_id, version=policy_version)
    return (0, False) if row is None else (row["waiting"], bool(row["slack"]))


def count_waiting(tx: Transaction, series_id: int) -> int:
    """How many chapters of a series wait (C7)."""
    row = tx.one(_COUNT_WAITING, series=series_id)
    return 0 if row is None else int(row["waiting"])


def _or_kept(known: Earlier | None, kept: Instant | None) -> Earlier | None:
    """C1: the later of a start and one whose chapter was deleted, of which only the date is left."""
    if kept is None or (known is not None and known.slot >= kept):
        return known
    return Earlier(0, "", "", kept)


def _earlier(row: Row | None) -> Earlier | None:
    return None if row is None else Earlier(row["id"], row["title"], row["series_title"], moment(row["slot_at"]))
