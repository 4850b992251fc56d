"""What readers told the moderators of labels, privately; and how many readers have done a thing."""

from dataclasses import dataclass
from enum import StrEnum

from whenever import Instant

from rules.labels import Ai
from storage.transaction import Row, Transaction, maybe_moment, milliseconds, moment


class DoubtOutcome(StrEnum):
    """What a moderator who has read it does."""

    KEPT = "kept"
    """Nothing: the label stays as it is."""
    ASKED = "asked"
    """The author is asked about the label (L11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One reader's doubt about one chapter's label."""

    id: int
    community_id: int
    chapter_id: int
    reader_id: int
    words: str
    ai: Ai
    """What the label said then."""
    said_at: Instant
    read_at: Instant | None = None
    outcome: DoubtOutcome | None = None
    answer: str | None = None
    """What the moderator who has read it says to the reader."""


_COLUMNS = "id, community_id, chapter_id, reader_id, words, ai, said_at, read_at, outcome, answer"

_OF_READER = f"SELECT {_COLUMNS} FROM doubts WHERE chapter_id = :chapter AND reader_id = :reader"  # noqa: S608

_SAID = "SELECT said_at FROM doubts WHERE community_id = :community AND reader_id = :reader AND said_at > :since"

_UNREAD = f"""
    SELECT {_COLUMNS} FROM doubts
     WHERE community_id = :community AND chapter_id = :chapter AND read_at IS NULL ORDER BY id
"""  # noqa: S608

_CHAPTER = "SELECT community_id, chapter_id FROM doubts WHERE id = :doubt"

_READ_SINCE = """
    SELECT c.title FROM doubts b JOIN chapters c ON c.id = b.chapter_id
     WHERE b.community_id = :community AND b.reader_id = :reader AND b.read_at > :since ORDER BY b.read_at
"""

_CLOSE = """
    UPDATE doubts SET read_at = :now, read_by = :moderator, outcome = :outcome, answer = :answer
     WHERE community_id = :community AND chapter_id = :chapter AND read_at IS NULL
"""

_READERS = "SELECT COUNT(*) AS readers FROM doubts WHERE chapter_id = :chapter"

_FEWER = """
    SELECT COUNT(*) AS readers FROM less WHERE community_id = :community AND kind = 'series' AND value = :series
"""


def add(tx: Transaction, doubt: Doubt) -> None:
    """Keep a new doubt."""
    tx.insert(
        "doubts",
        {
            "id": doubt.id,
            "community_id": doubt.community_id,
            "chapter_id": doubt.chapter_id,
            "reader_id": doubt.reader_id,
            "words": doubt.words,
            "ai": doubt.ai,
            "said_at": milliseconds(doubt.said_at),
        },
    )


def of_reader(tx: Transaction, chapter_id: int, reader_id: int) -> Doubt | None:
    """What a reader said of a chapter's label."""
    row = tx.one(_OF_READER, chapter=chapter_id, reader=reader_id)
    return None if row is None else _doubt(row)


def said_since(tx: Transaction, community_id: int, reader_id: int, since: Instant) -> list[Instant]:
    """When a reader doubted labels, lately."""
    rows = tx.all(_SAID, community=community_id, reader=reader_id, since=milliseconds(since))
    return [moment(row["said_at"]) for row in rows]


def unread(tx: Transaction, doubt_id: int) -> list[Doubt]:
    """All unread doubts about the chapter that one of them is about, oldest first."""
    row = tx.one(_CHAPTER, doubt=doubt_id)
    if row is None:
        return []
    rows = tx.all(_UNREAD, community=row["community_id"], chapter=row["chapter_id"])
    return [_doubt(row) for row in rows]


def read_since(tx: Transaction, community_id: int, reader_id: int, since: Instant) -> list[str]:
    """The titles of chapters of which a moderator has read a reader's doubt since then."""
    rows = tx.all(_READ_SINCE, community=community_id, reader=reader_id, since=milliseconds(since))
    return [row["title"] for row in rows]


def close(tx: Transaction, doubt: Doubt, outcome: DoubtOutcome, answer: str, *, by: int, now: Instant) -> int:
    """A moderator has read all that is unread about the chapter of a doubt; how many they are."""
    return tx.run(
        _CLOSE,
        community=doubt.community_id,
        chapter=doubt.chapter_id,
        outcome=outcome,
        answer=answer,
        moderator=by,
        now=milliseconds(now),
    )


def count_readers(tx: Transaction, chapter_id: int) -> int:
    """How many readers have ever doubted a chapter's label."""
    row = tx.one(_READERS, chapter=chapter_id)
    return 0 if row is None else int(row["readers"])


def count_fewer(tx: Transaction, community_id: int, series_id: int) -> int:
    """How many readers asked to see less of a series."""
    row = tx.one(_FEWER, community=community_id, series=str(series_id))
    return 0 if row is None else int(row["readers"])


def _doubt(row: Row) -> Doubt:
    return Doubt(
        id=row["id"],
        community_id=row["community_id"],
        chapter_id=row["chapter_id"],
        reader_id=row["reader_id"],
        words=row["words"],
        ai=Ai(row["ai"]),
        said_at=moment(row["said_at"]),
        read_at=maybe_moment(row["read_at"]),
        outcome=None if row["outcome"] is None else DoubtOutcome(row["outcome"]),
        answer=row["answer"],
    )
