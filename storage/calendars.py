"""What a calendar shows of the past: chapters that are out."""

from dataclasses import dataclass

from whenever import Instant

from storage.transaction import Transaction, milliseconds, moment

_OUT_SINCE = """
    SELECT series_id, released_at FROM chapters
     WHERE community_id = :community AND author_id = :author AND state = 'released' AND slot_at >= :since
     ORDER BY released_at, id
"""


@dataclass(frozen=True, slots=True)
class Out:
    """One chapter that went out, and when."""

    series_id: int
    released_at: Instant


def out_since(tx: Transaction, community_id: int, author_id: int, *, since: Instant) -> list[Out]:
    """An author's chapters whose slot was not before `since` and that are out, in the order they went."""
    rows = tx.all(_OUT_SINCE, community=community_id, author=author_id, since=milliseconds(since))
    return [Out(row["series_id"], moment(row["released_at"])) for row in rows]
