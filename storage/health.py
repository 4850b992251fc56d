"""How a community's bot is doing, counted: what is held, overdue, late or full."""

from whenever import Instant

from rules.deliveries import DECIDED_BY_TRYING
from rules.health import CameLate, Held, HomeFull, Late, Overdue
from storage.releases import HELD
from storage.transaction import Transaction, milliseconds, moment

_HELD = """
    SELECT d.target_id, d.claimed_at, d.problem FROM deliveries d
     WHERE d.community_id = :community AND d.state = 'held' ORDER BY d.id
"""

# One that waits for another is not overdue by itself, nor is what comes to single readers.
_OVERDUE = """
    SELECT COUNT(*) AS count, MIN(d.due_at) AS due_at, MAX(d.problem) AS problem FROM deliveries d
     WHERE d.state IN ('planned', 'sending') AND d.due_at <= :before AND d.community_id = :community
       AND d.reader_id IS NULL
       AND (d.after_id IS NULL OR EXISTS (SELECT 1 FROM deliveries a WHERE a.id = d.after_id AND a.state = 'sent'))
"""

_LATE = f"""
    SELECT COUNT(*) AS count, MIN(c.slot_at) AS slot_at FROM chapters c
     WHERE c.state = 'waiting' AND c.slot_at <= :before AND c.community_id = :community AND NOT ({HELD})
"""  # noqa: S608

_CAME_LATE = """
    SELECT COUNT(*) AS count, MAX(released_at - slot_at) AS worst, MAX(released_at) AS last_at FROM chapters
     WHERE community_id = :community AND state = 'released' AND import_id IS NULL
       AND released_at > :since AND released_at - slot_at > :late
"""

_PUBLISHES_WAITING = """
    SELECT COUNT(*) AS count FROM deliveries
     WHERE state = 'planned' AND kind = 'publish' AND target_id = :target AND due_at > :now
"""

_FULL = """
    SELECT s.thread_id, COUNT(*) AS count FROM memberships m JOIN series s ON s.id = m.series_id
     WHERE m.state = 'full' AND s.community_id = :community AND s.thread_id IS NOT NULL
     GROUP BY s.id ORDER BY count DESC
"""

_HOMES_IN_USE = """
    SELECT s.thread_id, MIN(c.slot_at) AS slot_at FROM chapters c JOIN series s ON s.id = c.series_id
     WHERE c.state = 'waiting' AND c.community_id = :community AND s.thread_id IS NOT NULL
     GROUP BY s.id ORDER BY slot_at LIMIT :limit
"""


def held(tx: Transaction, community_id: int) -> Held | None:
    """R3: what is held, and since when the first of it is."""
    rows = tx.all(_HELD, community=community_id)
    if not rows:
        return None
    to_decide = sum(row["problem"] in DECIDED_BY_TRYING for row in rows)
    first = rows[0]
    return Held(len(rows), moment(first["claimed_at"]), first["target_id"], first["problem"], to_decide)


def overdue(tx: Transaction, community_id: int, *, before: Instant) -> Overdue | None:
    """What was due before a moment, and could have been carried out."""
    row = tx.one(_OVERDUE, community=community_id, before=milliseconds(before))
    return Overdue(row["count"], moment(row["due_at"]), row["problem"]) if row and row["count"] else None


def late(tx: Transaction, community_id: int, *, before: Instant) -> Late | None:
    """Chapters whose slot was before a moment, and that no hold keeps back."""
    row = tx.one(_LATE, community=community_id, before=milliseconds(before))
    return Late(row["count"], moment(row["slot_at"])) if row and row["count"] else None


def came_late(tx: Transaction, community_id: int, *, since: Instant, late_ms: int) -> CameLate | None:
    """Chapters that came out since a moment, so many milliseconds or more after their slot."""
    row = tx.one(_CAME_LATE, community=community_id, since=milliseconds(since), late=late_ms)
    if row is None or not row["count"]:
        return None
    return CameLate(row["count"], moment(row["worst"]) - moment(0), moment(row["last_at"]))


def publishes_waiting(tx: Transaction, target_id: int, *, now: Instant) -> int:
    """R4: how many publishes of a channel wait for the hour's budget."""
    row = tx.one(_PUBLISHES_WAITING, target=target_id, now=milliseconds(now))
    return 0 if row is None else int(row["count"])


def full_homes(tx: Transaction, community_id: int) -> tuple[HomeFull, ...]:
    """Home threads that take no more members, the ones with most followers outside first."""
    return tuple(HomeFull(row["thread_id"], row["count"]) for row in tx.all(_FULL, community=community_id))


def homes_in_use(tx: Transaction, community_id: int, *, limit: int) -> tuple[int, ...]:
    """The home threads in which chapters will appear next."""
    return tuple(row["thread_id"] for row in tx.all(_HOMES_IN_USE, community=community_id, limit=limit))
