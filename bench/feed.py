"""A page of `/feed` for a reader with 500 follows over 100,000 releases, against one with 5 over 1,000."""

import asyncio
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from whenever import Instant, TimeDelta

from bench.figures import Figure
from storage.database import Database
from storage.transaction import Transaction
from usecases.communities import SetUp, set_up
from usecases.feeds import read_feed
from usecases.people import Person

BEGIN = Instant.from_utc(2026, 1, 1)
BETWEEN = TimeDelta(minutes=29)
"""Fifty releases a day."""
READER = Person(10, 2)
CHAPTERS_OF_A_SERIES = 20
ROUNDS = 40
PAGES_A_ROUND = 5

_SERIES = """
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)
    INSERT INTO series (id, community_id, author_id, title, tags, thread_id, request_id, made_at)
    SELECT n, 10, 1000 + n / 3, 'Series ' || n, 'sea, slow', 50000 + n, n, 0 FROM numbers
"""
_CHAPTERS = """
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)
    INSERT INTO chapters (id, community_id, author_id, series_id, title, state, ai, sentence, names_ai, words,
                          policy_version, drafted_at, handed_in_at, slot_at, released_at, reach)
    SELECT n, 10, 1000 + (n % :series + 1) / 3, n % :series + 1, 'Chapter ' || n, 'released',
           CASE WHEN n % 9 = 0 THEN 'generated' ELSE 'none' END, '', 0, 1500, 1, 0, 0, :begin + n * :step,
           :begin + n * :step, CASE WHEN n % 9 = 0 THEN 'personal' ELSE 'network' END
      FROM numbers
"""
_HEADINGS = """
    INSERT INTO deliveries (id, community_id, kind, state, target_id, series_id, chapter_id, due_at, message_id)
    SELECT id, 10, 'heading', 'sent', 1, series_id, id, released_at, 900000 + id FROM chapters
"""
_FOLLOWS = """
    INSERT INTO follows (community_id, reader_id, author_id, series_id, how, since_at)
    SELECT 10, :reader, author_id, id, 'thread', 0 FROM series ORDER BY id * 7919 % 10007 LIMIT :count
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much has come out, and how much of it the reader follows."""

    releases: int
    follows: int


SMALL, LARGE = Size(1_000, 5), Size(100_000, 500)


def figures() -> Iterable[Figure]:
    """The newest page of everything, and of what is followed alone."""
    with tempfile.TemporaryDirectory(prefix="colophon-bench-") as folder:
        everything, followed = asyncio.run(_measure(Path(folder)))
    yield Figure("/feed over 100,000 releases against 1,000", everything, 3.0, at_most=True)
    yield Figure("/feed of 500 follows against 5", followed, 3.0, at_most=True)


async def _measure(folder: Path) -> tuple[float, float]:
    async with Database(folder / "small.sqlite3") as small, Database(folder / "large.sqlite3") as large:
        sizes = ((small, SMALL), (large, LARGE))
        spent: dict[tuple[Size, bool], float] = {}
        for database, size in sizes:
            await database.write(_fill, size)
        for turn in range(ROUNDS + 1):
            for database, size in sizes:
                for followed_only in (False, True):
                    took = await _pages(database, size, followed_only=followed_only)
                    key = (size, followed_only)
                    spent[key] = spent.get(key, 0.0) + took if turn else 0.0  # the first round warms up
    return tuple(spent[LARGE, only] / spent[SMALL, only] for only in (False, True))  # type: ignore[return-value]


async def _pages(database: Database, size: Size, *, followed_only: bool) -> float:
    """Seconds for a few pages."""
    now = BEGIN + BETWEEN * (size.releases + 1)
    began = perf_counter()
    for _ in range(PAGES_A_ROUND):
        await database.read(read_feed, READER, after=None, followed_only=followed_only, now=now)
    return perf_counter() - began


def _fill(tx: Transaction, size: Size) -> None:
    series = size.releases // CHAPTERS_OF_A_SERIES
    set_up(
        tx,
        SetUp(person=Person(READER.community_id, 1), home_id=11, network_id=12, moderators_id=13, notices_id=14),
        now=BEGIN,
    )
    tx.run(_SERIES, count=series)
    step = BETWEEN.total("milliseconds")
    tx.run(_CHAPTERS, count=size.releases, series=series, begin=BEGIN.timestamp(unit="millisecond"), step=int(step))
    tx.run(_HEADINGS)
    tx.run(_FOLLOWS, reader=READER.id, count=size.follows)
