"""What has come out in a community, newest first, as one reader may see it."""

from dataclasses import dataclass

from whenever import Instant

from rules.labels import Ai, Reach
from rules.less import LabelKind, label_kinds
from storage import images
from storage.transaction import Row, Transaction, maybe_moment, milliseconds, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """A release, with what decides whether a reader's feed shows it."""

    chapter_id: int
    series_id: int
    author_id: int
    tags: str | None
    labels: tuple[LabelKind, ...]
    reach: Reach
    since: Instant
    """From when this reader could see it: its release, or when a mended label brought it to everybody (L10)."""
    followed: bool
    """The reader follows its series or its author."""


# Left alone, SQLite would walk through everybody who follows the author.
_FOLLOWED = """
    EXISTS (SELECT 1 FROM follows f INDEXED BY follows_of_reader
             WHERE f.community_id = c.community_id AND f.reader_id = :reader AND f.author_id = c.author_id
               AND COALESCE(f.series_id, 0) IN (0, c.series_id))
"""

# Older work that is mended is no news (C13).
_MENDED = "c.mended_at IS NOT NULL AND c.import_id IS NULL"

_COLUMNS = f"""
    c.id AS id, c.series_id, c.author_id, s.tags, c.ai, {images.LABELS_OF_CHAPTER} AS images, c.reach,
    {_FOLLOWED} AS followed
"""

# Each half is in order by its index, so that nothing is sorted.
_OUT = f"""
    SELECT {_COLUMNS}, c.released_at AS since_at
      FROM chapters c CROSS JOIN series s ON s.id = c.series_id
     WHERE c.community_id = :community AND c.state = 'released' AND (c.released_at, c.id) < (:before, :chapter)
       AND NOT ({_MENDED} AND NOT {_FOLLOWED})
    UNION ALL
    SELECT {_COLUMNS}, c.mended_at AS since_at
      FROM chapters c CROSS JOIN series s ON s.id = c.series_id
     WHERE c.community_id = :community AND c.state = 'released' AND (c.mended_at, c.id) < (:before, :chapter)
       AND {_MENDED} AND NOT {_FOLLOWED}
     ORDER BY since_at DESC, id DESC LIMIT :limit
"""  # noqa: S608

_SINCE = f"""
    SELECT CASE WHEN {_MENDED} AND NOT {_FOLLOWED} THEN c.mended_at ELSE c.released_at END AS since_at
      FROM chapters c WHERE c.id = :chapter AND c.community_id = :community
"""  # noqa: S608


def out_before(
    tx: Transaction, community_id: int, reader_id: int, *, before: Instant, chapter_id: int, limit: int
) -> list[Out]:
    """What a reader could see before a moment, newest first; of two at the same, the one handed in last is first."""
    rows = tx.all(
        _OUT, community=community_id, reader=reader_id, before=milliseconds(before), chapter=chapter_id, limit=limit
    )
    return [_out(row) for row in rows]


def since(tx: Transaction, community_id: int, reader_id: int, chapter_id: int) -> Instant | None:
    """From when a reader could see a chapter; `None` if it is not of this community, or not out."""
    row = tx.one(_SINCE, community=community_id, reader=reader_id, chapter=chapter_id)
    return None if row is None else maybe_moment(row["since_at"])


def _out(row: Row) -> Out:
    return Out(
        chapter_id=row["id"],
        series_id=row["series_id"],
        author_id=row["author_id"],
        tags=row["tags"],
        labels=label_kinds(Ai(row["ai"]), images.labels_in(row["images"])),
        reach=Reach(row["reach"]),
        since=moment(row["since_at"]),
        followed=bool(row["followed"]),
    )
