"""A submit transaction against bare `sqlite3` doing the same statements, `synchronous=FULL`, in the same process."""

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter
from typing import Any

from whenever import Instant

from bench.figures import Figure
from rules.labels import Ai, Declaration
from storage.database import Database
from storage.transaction import Row, Transaction
from usecases.chapters import submit_chapter
from usecases.communities import SetUp, set_up
from usecases.drafts import OpenDraft, open_draft, prepare
from usecases.people import Person
from usecases.series import StartSeries, start_series

NOW = Instant.from_utc(2026, 1, 1)
GUILD = 10
AUTHORS = 40
CHAPTERS = 20
AT_ONCE = 8
TEXT = "The bell rang twice, and nobody came.\n\n" * 40

Statements = list[tuple[str, dict[str, Any]]]
Draft = tuple[Person, int]


class Recorder(Transaction):
    """A transaction that remembers its statements."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(_Listening(connection, self))  # type: ignore[arg-type]
        self.statements: Statements = []


class _Listening:
    """A connection's `execute`, with a note of each call."""

    def __init__(self, connection: sqlite3.Connection, recorder: Recorder) -> None:
        self._connection = connection
        self._recorder = recorder

    def execute(self, sql: str, values: dict[str, Any]) -> sqlite3.Cursor:
        self._recorder.statements.append((sql, dict(values)))
        return self._connection.execute(sql, values)


def figures() -> Iterable[Figure]:
    """Alone, and with eight submitters at once."""
    with tempfile.TemporaryDirectory(prefix="colophon-bench-") as folder:
        alone, together = asyncio.run(_measure(Path(folder)))
    yield Figure("submit, alone", alone, 0.7, at_most=False)
    yield Figure("submit, eight at once", together, 2.0, at_most=False)


async def _measure(folder: Path) -> tuple[float, float]:
    drafts = await _prepare(folder / "prepared.sqlite3")
    recorded = _record(_copy(folder, "recorded"), drafts)
    half = len(drafts) // 2
    bare = _connect(_copy(folder, "bare"))
    spent = {"bare": 0.0, "alone": 0.0, "together": 0.0, "bare again": 0.0}
    async with Database(_copy(folder, "ours")) as database:
        for at in range(0, half, AT_ONCE):
            chunk = slice(at, at + AT_ONCE)
            spent["bare"] += _replay(bare, recorded[chunk])
            began = perf_counter()
            for person, draft in drafts[chunk]:
                await database.write(submit_chapter, person, draft, now=NOW)
            spent["alone"] += perf_counter() - began
        for at in range(half, len(drafts), AT_ONCE):
            chunk = slice(at, at + AT_ONCE)
            spent["bare again"] += _replay(bare, recorded[chunk])
            began = perf_counter()
            await asyncio.gather(
                *(database.write(submit_chapter, person, draft, now=NOW) for person, draft in drafts[chunk])
            )
            spent["together"] += perf_counter() - began
    bare.close()
    return spent["bare"] / spent["alone"], spent["bare again"] / spent["together"]


async def _prepare(path: Path) -> list[Draft]:
    """A community whose authors have drafts, in the order in which they will submit them."""
    async with Database(path) as database:
        return await database.write(_fill)


def _fill(tx: Transaction) -> list[Draft]:
    community = SetUp(person=Person(GUILD, 1), home_id=11, network_id=12, moderators_id=13, notices_id=14)
    policy = set_up(tx, community, now=NOW).policy
    declaration = Declaration(Ai.NONE)
    prepared = prepare(TEXT, declaration, policy)
    people = [Person(GUILD, 100 + number) for number in range(AUTHORS)]
    series = {
        person: start_series(tx, StartSeries(person=person, request_id=person.id, title="A series"), now=NOW)
        for person in people
    }
    return [
        (
            person,
            open_draft(
                tx,
                OpenDraft(
                    person=person,
                    series=series[person],
                    title=f"Chapter {number}",
                    declaration=declaration,
                    wanted=None,
                    prepared=prepared,
                ),
                now=NOW,
            ),
        )
        for number in range(CHAPTERS)
        for person in people
    ]


def _record(path: Path, drafts: list[Draft]) -> list[Statements]:
    """The statements of each submission, as our own code asks them."""
    connection = _connect(path)
    recorded = []
    for person, draft in drafts:
        recorder = Recorder(connection)
        connection.execute("BEGIN IMMEDIATE")
        submit_chapter(recorder, person, draft, now=NOW)
        connection.execute("COMMIT")
        recorded.append(recorder.statements)
    connection.close()
    return recorded


def _replay(connection: sqlite3.Connection, submissions: list[Statements]) -> float:
    """Seconds that the same statements take without us."""
    began = perf_counter()
    for statements in submissions:
        connection.execute("BEGIN IMMEDIATE")
        for sql, values in statements:
            cursor = connection.execute(sql, values)
            if sql.lstrip().startswith("SELECT"):
                cursor.fetchone()
        connection.execute("COMMIT")
    return perf_counter() - began


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = Row
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _copy(folder: Path, name: str) -> Path:
    copied = folder / f"{name}.sqlite3"
    shutil.copy(folder / "prepared.sqlite3", copied)
    return copied
