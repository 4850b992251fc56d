"""What waits for a moderator, of every kind, as one list; and who has said "I am on it"."""

from dataclasses import dataclass

from whenever import Instant

from rules.matters import MatterKind, taken_since
from storage.transaction import Row, Transaction, maybe_moment, milliseconds, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing that waits."""

    kind: MatterKind
    id: int
    """Of the request, the hold, …; of what is held in a channel, the first delivery's."""
    since: Instant
    due: Instant | None
    """When it should be done; it rises from then on."""
    for_author: bool
    """Its author is asked; a moderator need not do anything until it is due."""
    count: int
    """How many deliveries are held; 1 for every other kind."""
    target_id: int | None
    """Discord's channel in which they are held."""
    chapter_id: int | None
    author_id: int | None
    title: str | None
    """Of the chapter it is about, else of the series."""
    slot: Instant | None
    """The chapter's promise."""
    taken_by: int | None


# One entry a kind; each finds what waits by an index of just that, however much is done already.
_SOURCES = {
    MatterKind.REQUEST: """
        SELECT 'request' AS kind, r.id, r.asked_at AS since_at, NULL AS due_at, 1 AS count, NULL AS target_id,
               c.series_id, c.id AS chapter_id, 0 AS for_author
          FROM requests r JOIN chapters c ON c.id = r.chapter_id
         WHERE r.community_id = :community AND r.state = 'open' AND c.state = 'waiting'
    """,
    MatterKind.QUESTION: """
        SELECT 'question' AS kind, q.id, COALESCE(q.answered_at, q.asked_at) AS since_at,
               CASE WHEN q.answered_at IS NULL THEN q.due_at END AS due_at, 1 AS count, NULL AS target_id,
               c.series_id, c.id AS chapter_id, q.answered_at IS NULL AS for_author
          FROM questions q JOIN chapters c ON c.id = q.chapter_id
         WHERE q.community_id = :community AND q.closed_at IS NULL AND c.state IN ('waiting', 'released')
    """,
    MatterKind.READING: """
        SELECT 'reading' AS kind, u.id, u.read_at AS since_at, NULL AS due_at, 1 AS count, NULL AS target_id,
               c.series_id, c.id AS chapter_id, 0 AS for_author
          FROM rulings u JOIN chapters c ON c.id = u.chapter_id
         WHERE u.community_id = :community AND u.state = 'proposed' AND c.state IN ('waiting', 'released')
    """,
    MatterKind.DOUBT: """
        SELECT 'doubt' AS kind, MIN(b.id) AS id, MIN(b.said_at) AS since_at, NULL AS due_at, 1 AS count,
               NULL AS target_id, c.series_id, c.id AS chapter_id, 0 AS for_author
          FROM doubts b JOIN chapters c ON c.id = b.chapter_id
         WHERE b.community_id = :community AND b.read_at IS NULL AND c.state = 'released'
         GROUP BY b.chapter_id
    """,
    MatterKind.APPEAL: """
        SELECT 'appeal' AS kind, a.id, a.asked_at AS since_at, a.due_at, 1 AS count, NULL AS target_id,
               COALESCE(c.series_id, m.series_id) AS series_id, c.id AS chapter_id, 0 AS for_author
          FROM appeals a LEFT JOIN chapters c ON c.id = a.chapter_id LEFT JOIN imports m ON m.id = a.import_id
         WHERE a.community_id = :community AND a.state = 'open'
           AND (c.state IN ('waiting', 'released') OR m.state = 'declined')
    """,
    MatterKind.DELIVERY: """
        SELECT 'delivery' AS kind, MIN(d.id) AS id, MIN(d.claimed_at) AS since_at, NULL AS due_at, COUNT(*) AS count,
               d.target_id, NULL AS series_id, NULL AS chapter_id, 0 AS for_author
          FROM deliveries d
         WHERE d.community_id = :community AND d.state = 'held'
         GROUP BY d.target_id
    """,
    MatterKind.HOLD: """
        SELECT 'hold' AS kind, h.id, h.held_at AS since_at, NULL AS due_at, 1 AS count, NULL AS target_id,
               h.series_id, h.chapter_id, 0 AS for_author
          FROM holds h
         WHERE h.community_id = :community AND h.ended_at IS NULL AND h.until_at IS NULL
    """,
    MatterKind.IMPORT: """
        SELECT 'import' AS kind, m.id, m.asked_at AS since_at, NULL AS due_at, 1 AS count, NULL AS target_id,
               m.series_id, NULL AS chapter_id, 0 AS for_author
          FROM imports m
         WHERE m.community_id = :community AND m.state = 'open'
    """,
}

_WAITING = f"({' UNION ALL '.join(_SOURCES.values())})"

_MATTERS = f"""
    SELECT m.kind, m.id, m.since_at, m.due_at, m.count, m.target_id, m.chapter_id, m.for_author,
           s.author_id, COALESCE(c.title, s.title) AS title, c.slot_at, t.taken_by
      FROM {_WAITING} m
      LEFT JOIN chapters c ON c.id = m.chapter_id
      LEFT JOIN series s ON s.id = m.series_id
      LEFT JOIN takes t ON t.matter_id = m.id AND t.taken_at > :taken_since
"""  # noqa: S608

# What is overdue before all others, what waits for its author alone behind them, each the oldest first.
_PAGE = f"""
    SELECT * FROM ({_MATTERS})
     ORDER BY CASE WHEN due_at <= :now THEN 0 WHEN for_author THEN 2 ELSE 1 END, since_at, id
     LIMIT :limit OFFSET :offset
"""  # noqa: S608

_COUNT = f"SELECT COUNT(*) AS number FROM {_WAITING}"  # noqa: S608

_MATTER = f"SELECT * FROM ({_MATTERS}) WHERE id = :matter"  # noqa: S608

_TAKER = "SELECT taken_by FROM takes WHERE matter_id = :matter AND taken_at > :taken_since"

_TAKE = """
    INSERT INTO takes (matter_id, community_id, taken_by, taken_at) VALUES (:matter, :community, :person, :now)
        ON CONFLICT (matter_id) DO UPDATE SET taken_by = :person, taken_at = :now
"""

_PUT_BACK = "DELETE FROM takes WHERE matter_id = :matter"

_FORGET = "DELETE FROM takes WHERE taken_at <= :taken_since"


def page(tx: Transaction, community_id: int, *, limit: int, offset: int, now: Instant) -> list[Matter]:
    """What waits in a community: what is overdue, what waits for moderators, what waits for its author."""
    moments = {"now": milliseconds(now), "taken_since": milliseconds(taken_since(now))}
    return [_matter(row) for row in tx.all(_PAGE, community=community_id, limit=limit, offset=offset, **moments)]


def count(tx: Transaction, community_id: int) -> int:
    """How much waits in a community."""
    row = tx.one(_COUNT, community=community_id)
    return 0 if row is None else int(row["number"])


def find(tx: Transaction, community_id: int, matter_id: int, *, now: Instant) -> Matter | None:
    """One thing that still waits there."""
    since = milliseconds(taken_since(now))
    row = tx.one(_MATTER, community=community_id, matter=matter_id, taken_since=since)
    return None if row is None else _matter(row)


def taker(tx: Transaction, matter_id: int, *, now: Instant) -> int | None:
    """Who is on it."""
    row = tx.one(_TAKER, matter=matter_id, taken_since=milliseconds(taken_since(now)))
    return None if row is None else int(row["taken_by"])


def take(tx: Transaction, community_id: int, matter_id: int, *, by: int, now: Instant) -> None:
    """Somebody is on it; those who said so long ago are forgotten."""
    tx.run(_FORGET, taken_since=milliseconds(taken_since(now)))
    tx.run(_TAKE, matter=matter_id, community=community_id, person=by, now=milliseconds(now))


def put_back(tx: Transaction, matter_id: int) -> None:
    """Nobody is on it."""
    tx.run(_PUT_BACK, matter=matter_id)


def _matter(row: Row) -> Matter:
    return Matter(
        kind=MatterKind(row["kind"]),
        id=row["id"],
        since=moment(row["since_at"]),
        due=maybe_moment(row["due_at"]),
        for_author=bool(row["for_author"]),
        count=row["count"],
        target_id=row["target_id"],
        chapter_id=row["chapter_id"],
        author_id=row["author_id"],
        title=row["title"],
        slot=maybe_moment(row["slot_at"]),
        taken_by=row["taken_by"],
    )
