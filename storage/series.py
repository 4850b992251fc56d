"""Series: a story, its author, its home thread."""

from dataclasses import dataclass

from whenever import Instant

from storage.transaction import Row, Transaction, maybe_moment, milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A story; its chapters are elsewhere."""

    id: int
    community_id: int
    author_id: int
    title: str
    blurb: str | None
    tags: str | None
    rating: str | None
    complete: bool
    starts_at: Instant | None
    """The slot of its first chapter, promised or past (C1)."""
    thread_id: int | None
    """Its home thread, once it is open."""


_COLUMNS = "id, community_id, author_id, title, blurb, tags, rating, complete, starts_at, thread_id"

_SERIES = f"SELECT {_COLUMNS} FROM series WHERE id = :series"  # noqa: S608

_OF_AUTHOR = f"""
    SELECT {_COLUMNS} FROM series WHERE community_id = :community AND author_id = :author ORDER BY id DESC
"""  # noqa: S608

_OF_COMMUNITY = f"""
    SELECT {_COLUMNS} FROM series WHERE community_id = :community ORDER BY id DESC LIMIT :limit
"""  # noqa: S608

_BY_REQUEST = f"SELECT {_COLUMNS} FROM series WHERE request_id = :request"  # noqa: S608

_IS_OUT = """
    EXISTS (SELECT 1 FROM chapters c
             WHERE c.series_id = series.id AND (c.state IN ('waiting', 'released') OR c.counts = 1)
               AND c.state = 'released')
"""

_OUT_LIKE = f"""
    SELECT {_COLUMNS} FROM series
     WHERE community_id = :community AND title LIKE :like ESCAPE '!' AND {_IS_OUT} ORDER BY id DESC LIMIT :limit
"""  # noqa: S608

_OUT_BY_ID = f"SELECT {_COLUMNS} FROM series WHERE id = :series AND community_id = :community AND {_IS_OUT}"  # noqa: S608

_HAS_OUT = f"""
    SELECT 1 FROM series WHERE community_id = :community AND author_id = :author AND {_IS_OUT} LIMIT 1
"""  # noqa: S608

_SET_THREAD = "UPDATE series SET thread_id = :thread WHERE id = :series"

_SET_START = """
    UPDATE series
       SET starts_at = (SELECT MIN(slot_at) FROM chapters
                         WHERE series_id = :series AND (state IN ('waiting', 'released') OR counts = 1))
     WHERE id = :series
"""

_EDIT = "UPDATE series SET title = :title, blurb = :blurb, tags = :tags, rating = :rating WHERE id = :series"

_FINISH = "UPDATE series SET complete = 1 WHERE id = :series AND complete = 0"


def find(tx: Transaction, series_id: int) -> Series:
    """One series that is known to exist."""
    found = find_maybe(tx, series_id)
    if found is None:
        raise LookupError(f"series {series_id}")
    return found


def find_maybe(tx: Transaction, series_id: int) -> Series | None:
    """One series, if it exists."""
    row = tx.one(_SERIES, series=series_id)
    return None if row is None else _series(row)


def of_author(tx: Transaction, community_id: int, author_id: int) -> list[Series]:
    """An author's series in one community, newest first."""
    return [_series(row) for row in tx.all(_OF_AUTHOR, community=community_id, author=author_id)]


def of_community(tx: Transaction, community_id: int, *, limit: int = 500) -> list[Series]:
    """Everybody's series, newest first."""
    return [_series(row) for row in tx.all(_OF_COMMUNITY, community=community_id, limit=limit)]


def by_request(tx: Transaction, request_id: int) -> Series | None:
    """The series that one interaction has made already, if Discord repeats itself."""
    row = tx.one(_BY_REQUEST, request=request_id)
    return None if row is None else _series(row)


def out_like(tx: Transaction, community_id: int, words: str, *, limit: int) -> list[Series]:
    """Series of which something is out and whose title holds these words, newest first."""
    escaped = "".join(f"!{letter}" if letter in "!%_" else letter for letter in words)
    return [_series(row) for row in tx.all(_OUT_LIKE, community=community_id, like=f"%{escaped}%", limit=limit)]


def out_by_id(tx: Transaction, community_id: int, series_id: int) -> Series | None:
    """A series of this community, if something of it is out."""
    row = tx.one(_OUT_BY_ID, community=community_id, series=series_id)
    return None if row is None else _series(row)


def has_out(tx: Transaction, community_id: int, author_id: int) -> bool:
    """Whether anything of an author is out in a community."""
    return tx.one(_HAS_OUT, community=community_id, author=author_id) is not None


def add(tx: Transaction, series: Series, *, request_id: int, now: Instant) -> None:
    """Keep a new series; its clocks stand still until its first chapter (C3)."""
    tx.insert(
        "series",
        {
            "id": series.id,
            "community_id": series.community_id,
            "author_id": series.author_id,
            "title": series.title,
            "blurb": series.blurb,
            "tags": series.tags,
            "rating": series.rating,
            "request_id": request_id,
            "made_at": milliseconds(now),
        },
    )


def set_thread(tx: Transaction, series_id: int, thread_id: int) -> None:
    """Its home thread is open."""
    tx.run(_SET_THREAD, series=series_id, thread=thread_id)


def set_start(tx: Transaction, series_id: int) -> None:
    """After its chapters changed: find the slot of its first chapter anew (C1)."""
    tx.run(_SET_START, series=series_id)


def edit(tx: Transaction, series: Series) -> None:
    """Keep a series' words as they now are."""
    tx.run(_EDIT, series=series.id, title=series.title, blurb=series.blurb, tags=series.tags, rating=series.rating)


def finish(tx: Transaction, series_id: int) -> bool:
    """A series is complete; `False` if it was already."""
    return tx.run(_FINISH, series=series_id) == 1


def _series(row: Row) -> Series:
    return Series(
        id=row["id"],
        community_id=row["community_id"],
        author_id=row["author_id"],
        title=row["title"],
        blurb=row["blurb"],
        tags=row["tags"],
        rating=row["rating"],
        complete=bool(row["complete"]),
        starts_at=maybe_moment(row["starts_at"]),
        thread_id=row["thread_id"],
    )
