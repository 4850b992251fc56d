"""What has come out in a community, newest first, as one reader may see it."""

from dataclasses import dataclass

from whenever import Instant

from rules.labels import Ai, Reach
from rules.less import LabelKind, label_kinds
from storage import images
from storage.transaction import Row, Transaction, milliseconds, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """A release, with what decides whether a reader's feed shows it."""

    chapter_id: int
    series_id: int
    author_id: int
    tags: str | None
    labels: tuple[LabelKind, ...]
    reach: Reach
    released_at: Instant
    followed: bool
    """The reader follows its series or its author."""


_OUT = f"""
    SELECT c.id, c.series_id, c.author_id, s.tags, c.ai, {images.LABELS_OF_CHAPTER} AS images, c.reach, c.released_at,
           EXISTS (SELECT 1 FROM follows f
                    WHERE f.community_id = c.community_id AND f.reader_id = :reader AND f.author_id = c.author_id
                      AND COALESCE(f.series_id, 0) IN (0, c.series_id)) AS followed
      FROM chapters c CROSS JOIN series s ON s.id = c.series_id
     WHERE c.community_id = :community AND c.state = 'released' AND (c.released_at, c.id) < (:before, :chapter)
     ORDER BY c.released_at DESC, c.id DESC LIMIT :limit
"""  # noqa: S608


def out_before(
    tx: Transaction, community_id: int, reader_id: int, *, before: Instant, chapter_id: int, limit: int
) -> list[Out]:
    """What came out before a moment, newest first; of two that came at the same, the one handed in last is first."""
    rows = tx.all(
        _OUT, community=community_id, reader=reader_id, before=milliseconds(before), chapter=chapter_id, limit=limit
    )
    return [_out(row) for row in rows]


def _out(row: Row) -> Out:
    return Out(
        chapter_id=row["id"],
        series_id=row["series_id"],
        author_id=row["author_id"],
        tags=row["tags"],
        labels=label_kinds(Ai(row["ai"]), images.labels_in(row["images"])),
        reach=Reach(row["reach"]),
        released_at=moment(row["released_at"]),
        followed=bool(row["followed"]),
    )
