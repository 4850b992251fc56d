"""What a trial reads: the chapters of a community and what was decided on them, in pieces that hold nobody up."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from whenever import Instant

from storage.decisions import DecisionKind
from storage.transaction import Transaction, moment


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One chapter that was handed in."""

    id: int
    series_id: int
    author_id: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision on one chapter, as it is recorded."""

    chapter_id: int
    kind: DecisionKind
    made_at: Instant
    policy_version: int
    inputs: str
    answer: str


_HANDED_IN = """
    SELECT id, series_id, author_id FROM chapters
     WHERE community_id = :community AND state <> 'draft' ORDER BY id DESC LIMIT :limit
"""

_KINDS = (
    *(DecisionKind.SUBMITTED, DecisionKind.REPLANNED, DecisionKind.RELEASED),
    *(DecisionKind.RELABELLED, DecisionKind.IMPORTED, DecisionKind.WITHDRAWN),
)

_DECISIONS = """
    SELECT chapter_id, kind, made_at, policy_version, inputs, answer FROM decisions
     WHERE chapter_id IN (SELECT value FROM json_each(:chapters)) AND kind IN (SELECT value FROM json_each(:kinds))
     ORDER BY id
"""


_WAITING = """
    SELECT series_id, author_id, COUNT(*) AS chapters FROM chapters
     WHERE community_id = :community AND state = 'waiting' GROUP BY series_id, author_id ORDER BY series_id
"""


def waiting_by_series(tx: Transaction, community_id: int) -> list[tuple[int, int, int]]:
    """Each series of which something waits: its id, its author, and how many chapters."""
    rows = tx.all(_WAITING, community=community_id)
    return [(row["series_id"], row["author_id"], row["chapters"]) for row in rows]


def handed_in(tx: Transaction, community_id: int, *, limit: int) -> list[HandedIn]:
    """Everybody's chapters that were ever handed in, the newest first."""
    rows = tx.all(_HANDED_IN, community=community_id, limit=limit)
    return [HandedIn(row["id"], row["series_id"], row["author_id"]) for row in rows]


def decided(tx: Transaction, chapter_ids: Sequence[int]) -> list[Entry]:
    """What gave these chapters their times and their reach, and what ended that; oldest first."""
    rows = tx.all(_DECISIONS, chapters=json.dumps(list(chapter_ids)), kinds=json.dumps(_KINDS))
    return [
        Entry(
            row["chapter_id"],
            DecisionKind(row["kind"]),
            moment(row["made_at"]),
            row["policy_version"],
            row["inputs"],
            row["answer"],
        )
        for row in rows
    ]
