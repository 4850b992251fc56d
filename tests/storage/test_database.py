"""One transaction is one plain function; what was answered is on the disk."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import (
    DatabaseForeignError,
    DatabaseFullError,
    DatabaseLockedError,
    DatabaseNewerError,
    DatabaseUnusableError,
)
from storage.migrations import APPLICATION_ID, newest_version
from storage.transaction import Transaction, new_id
from tests.rules.build import NEW_YEAR


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An open, empty database."""
    async with Database(tmp_path / "colophon.sqlite3") as opened:
        yield opened


def add(tx: Transaction, number: int, *, then_raise: BaseException | None = None) -> int:
    """Add a community with a number for all its columns."""
    tx.run("INSERT INTO communities VALUES (:n, :n, :n, :n, :n, :n, :n, :n)", n=number)
    if then_raise is not None:
        raise then_raise
    return number


def count(tx: Transaction) -> int:
    """How many communities there are."""
    row = tx.one("SELECT COUNT(*) AS n FROM communities")
    assert row is not None
    return int(row["n"])


class TestWriting:
    """All or nothing, alone or in a crowd."""

    async def test_a_transaction_that_raises_leaves_nothing(self, database: Database) -> None:
        """Its caller gets what it raised."""
        with pytest.raises(KeyError):
            await database.write(add, 1, then_raise=KeyError("no"))
        assert await database.read(count) == 0

    async def test_writers_that_arrive_together_succeed_and_fail_each_alone(self, database: Database) -> None:
        """A savepoint each, one commit for all."""
        writers = [
            database.write(add, number, then_raise=ValueError(number) if number % 5 == 0 else None)
            for number in range(1, 201)
        ]
        results = await asyncio.gather(*writers, return_exceptions=True)
        assert [r for r in results if not isinstance(r, ValueError)] == [n for n in range(1, 201) if n % 5]
        assert await database.read(count) == 160

    async def test_a_cancelled_caller_leaves_the_transaction_whole(self, database: Database) -> None:
        """Never half of it."""
        task = asyncio.create_task(database.write(add, 1))
        await asyncio.sleep(0)  # noqa: TID251 - lets the task begin
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await database.write(add, 2)
        assert await database.read(count) == 2

    async def test_what_was_answered_is_on_the_disk(self, database: Database) -> None:
        """Another connection sees it at once."""
        await database.write(add, 1)
        with sqlite3.connect(database.path) as other:
            assert other.execute("SELECT COUNT(*) FROM communities").fetchone() == (1,)
            assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        other.close()

    async def test_a_reader_sees_one_snapshot_and_cannot_write(self, database: Database) -> None:
        """Reading is only reading."""
        with pytest.raises(DatabaseUnusableError):
            await database.read(add, 1)

    async def test_writing_to_a_closed_database_is_refused(self, tmp_path: Path) -> None:
        """Nobody waits for ever."""
        database = Database(tmp_path / "closed.sqlite3")
        with pytest.raises(DatabaseUnusableError):
            await database.write(add, 1)
        with pytest.raises(DatabaseUnusableError):
            await database.read(count)
        await database.close()


class TestBadWeather:
    """What is wrong is told by its kind, and nothing is touched."""

    async def test_a_full_disk_undoes_the_whole_batch_and_says_so(self, database: Database) -> None:
        """And the next write, with room again, succeeds."""

        def limit(tx: Transaction, pages: int) -> None:
            tx.all(f"PRAGMA max_page_count = {pages}")

        def fill(tx: Transaction) -> None:
            for number in range(1, 5000):
                add(tx, number)

        await database.write(limit, 1)
        results = await asyncio.gather(
            database.write(add, 7000), database.write(fill), database.write(add, 7001), return_exceptions=True
        )
        assert any(isinstance(result, DatabaseFullError) for result in results)
        await database.write(limit, 1_000_000)
        await database.write(add, 8000)
        assert await database.read(count) == 1 + sum(not isinstance(r, BaseException) for r in results)

    async def test_a_database_that_somebody_else_locks_is_named_so(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """After waiting for a while."""
        monkeypatch.setattr("storage.database._BUSY_SECONDS", 0.05)
        async with Database(tmp_path / "a.sqlite3") as database:
            other = sqlite3.connect(database.path, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseLockedError):
                await database.write(add, 1)
            other.execute("ROLLBACK")
            other.close()
            assert await database.write(add, 1) == 1

    async def test_a_file_of_another_program_is_refused_untouched(self, tmp_path: Path) -> None:
        """A database that is not ours, and a file that is none."""
        foreign = tmp_path / "foreign.sqlite3"
        with sqlite3.connect(foreign) as other:
            other.execute("CREATE TABLE recipes (name TEXT)")
        other.close()
        text = tmp_path / "novel.txt"
        text.write_text("It was a dark and stormy night. " * 100)
        for path in (foreign, text):
            before = path.read_bytes()
            with pytest.raises(DatabaseForeignError):
                await Database(path).open()
            assert path.read_bytes() == before

    async def test_a_newer_colophons_database_is_refused(self, database: Database) -> None:
        """With both numbers."""
        await database.close()
        with sqlite3.connect(database.path) as other:
            other.execute("PRAGMA user_version = 999")
        other.close()
        with pytest.raises(DatabaseNewerError) as told:
            await Database(database.path).open()
        assert (told.value.found, told.value.known) == (999, newest_version())

    async def test_a_folder_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        """With SQLite's own reason."""
        with pytest.raises(DatabaseUnusableError, match="unable to open"):
            await Database(tmp_path / "nowhere" / "a.sqlite3").open()


class TestSchema:
    """The steps from an empty file to the present schema."""

    async def test_a_new_file_is_marked_as_ours_with_its_version(self, database: Database) -> None:
        """SQLite's own marks."""

        def marks(tx: Transaction) -> tuple[int, int]:
            application, version = tx.one("PRAGMA application_id"), tx.one("PRAGMA user_version")
            assert application is not None
            assert version is not None
            return application[0], version[0]

        assert await database.read(marks) == (APPLICATION_ID, newest_version())

    async def test_opening_again_changes_nothing(self, database: Database) -> None:
        """Migrations run once."""
        await database.write(add, 1)
        await database.close()
        async with Database(database.path) as again:
            assert await again.read(count) == 1


def test_ids_are_distinct_positive_64_bit_numbers_in_the_order_of_time() -> None:
    """Ours, not Discord's."""
    ids = [new_id(NEW_YEAR.add(milliseconds=number // 10)) for number in range(10_000)]
    ids += [new_id(NEW_YEAR) for _ in range(10)]  # also when the clock is set back
    assert ids == sorted(set(ids))
    assert all(0 <= one < 2**63 for one in ids)
