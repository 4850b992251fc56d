"""A copy while a bot writes, and a copy put back: whole at every moment, and nothing lost that was there before."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from whenever import Instant, TimeDelta

from storage import backups, copies
from storage.backups import UNFINISHED, back_up, replace
from storage.database import Database, read_only
from storage.errors import (
    DatabaseForeignError,
    DatabaseFullError,
    DatabaseLockedError,
    DatabaseNewerError,
    DatabaseUnusableError,
)
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.storage.test_database import add, count
from tests.usecases.build import a_community, a_database, a_series, handed_in

LATER = NEW_YEAR + TimeDelta(hours=30)


async def a_file(path: Path, *numbers: int) -> Path:
    """A database that is closed, with communities of these numbers."""

    def fill(tx: Transaction) -> None:
        for number in numbers:
            add(tx, number)

    async with Database(path) as database:
        await database.write(fill)
    return path


def known(path: Path) -> set[int]:
    """The numbers of the communities in a file."""
    with closing(sqlite3.connect(path)) as connection:
        return {number for (number,) in connection.execute("SELECT id FROM communities")}


def names(folder: Path) -> list[str]:
    """What stands in a folder."""
    return sorted(file.name for file in folder.iterdir())


def spoil(path: Path) -> None:
    """Damage what is behind the first page, as a failing disk does."""
    content = bytearray(path.read_bytes())
    content[4096 + 8 : 4096 * 12] = b"\x55" * (4096 * 11 - 8)
    path.write_bytes(content)


class TestBackingUp:
    """A sound copy of a database in use."""

    async def test_it_holds_what_was_written_last_and_marks_the_moment(self, tmp_path: Path) -> None:
        """What stands in the -wal file only is in it; it is one file."""
        async with Database(tmp_path / "colophon.sqlite3") as database:
            await database.write(add, 1)
            assert (tmp_path / "colophon.sqlite3-wal").stat().st_size
            back_up(database.path, tmp_path / "copy", now=NEW_YEAR)
            await database.write(add, 2)
            assert await database.read(copies.marked) is None
        assert known(tmp_path / "copy") == {1}
        assert read_only(tmp_path / "copy", copies.marked) == NEW_YEAR
        assert names(tmp_path) == ["colophon.sqlite3", "copy"]

    async def test_writers_go_on_beside_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """While the copy is made and looked through, a write is answered."""
        async with Database(tmp_path / "colophon.sqlite3") as database:
            loop, written = asyncio.get_running_loop(), []
            sound = backups._require_sound

            def look(path: Path, connection: sqlite3.Connection) -> None:
                answer = asyncio.run_coroutine_threadsafe(database.write(add, 1), loop)
                written.append(answer.result(timeout=5))
                sound(path, connection)

            monkeypatch.setattr(backups, "_require_sound", look)
            await asyncio.to_thread(back_up, database.path, tmp_path / "copy", now=NEW_YEAR)
            assert written == [1]
            assert await database.read(count) == 1

    async def test_it_takes_the_place_of_an_older_copy_only_when_it_is_whole(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A copy that fails leaves the older one, and nothing else."""
        path = await a_file(tmp_path / "colophon.sqlite3", 1)
        back_up(path, tmp_path / "copy", now=NEW_YEAR)
        await a_file(path, 2)
        with monkeypatch.context() as at_work:
            at_work.setattr(backups, "_require_sound", lambda *_: (_ for _ in ()).throw(DatabaseUnusableError(path)))
            with pytest.raises(DatabaseUnusableError):
                back_up(path, tmp_path / "copy", now=NEW_YEAR)
        assert known(tmp_path / "copy") == {1}
        assert names(tmp_path) == ["colophon.sqlite3", "copy"]
        back_up(path, tmp_path / "copy", now=NEW_YEAR)
        assert known(tmp_path / "copy") == {1, 2}

    async def test_what_stands_beside_an_older_copy_cannot_spoil_the_new_one(self, tmp_path: Path) -> None:
        """Somebody had opened it and was killed."""
        path = await a_file(tmp_path / "colophon.sqlite3", 1)
        async with Database(path) as database:
            await database.write(add, 2)
            (tmp_path / "copy-wal").write_bytes((tmp_path / "colophon.sqlite3-wal").read_bytes())
            await database.write(add, 3)
            back_up(path, tmp_path / "copy", now=NEW_YEAR)
        assert known(tmp_path / "copy") == {1, 2, 3}
        assert names(tmp_path) == ["colophon.sqlite3", "copy"]

    async def test_a_damaged_database_gives_no_copy_and_says_so(self, tmp_path: Path) -> None:
        """A copy that cannot be put back is worse than none."""
        path = await a_file(tmp_path / "colophon.sqlite3", *range(1, 400))
        spoil(path)
        with pytest.raises(DatabaseUnusableError) as told:
            back_up(path, tmp_path / "copy", now=NEW_YEAR)
        assert told.value.path == path
        assert not (tmp_path / "copy").exists()

    async def test_a_full_disk_of_the_copy_is_told_of_the_copy(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Not of the database, whose disk may have room."""
        path = await a_file(tmp_path / "colophon.sqlite3", 1)

        def full(_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("storage.backups.os.fsync", full)
        with pytest.raises(DatabaseFullError) as told:
            back_up(path, tmp_path / "copy", now=NEW_YEAR)
        assert told.value.path == tmp_path / "copy"
        assert names(tmp_path) == ["colophon.sqlite3"]

    async def test_what_a_killed_one_left_goes_after_a_day(self, tmp_path: Path) -> None:
        """A younger one may still be at work."""
        path = await a_file(tmp_path / "colophon.sqlite3", 1)
        left = tmp_path / f"copy.12.{UNFINISHED}"
        left.write_bytes(b"half")
        written = Instant.from_timestamp(left.stat().st_mtime)
        back_up(path, tmp_path / "copy", now=written.add(hours=1))
        assert left.exists()
        back_up(path, tmp_path / "copy", now=written.add(hours=25))
        assert not left.exists()
        assert (tmp_path / "copy").exists()


class TestPuttingBack:
    """A copy takes the place of a database."""

    async def test_the_copy_is_in_its_place_and_what_was_there_is_kept(self, tmp_path: Path) -> None:
        """As copies both, so that either can be put back; the copy itself stays as it was."""
        path = await a_file(tmp_path / "colophon.sqlite3", 1)
        back_up(path, tmp_path / "copy", now=NEW_YEAR)
        before = (tmp_path / "copy").read_bytes()
        await a_file(path, 2)
        kept = replace(path, tmp_path / "copy", now=LATER)
        assert kept == tmp_path / "colophon.before-2026-01-02T060000Z.sqlite3"
        assert (known(path), known(kept)) == ({1}, {1, 2})
        assert (read_only(path, copies.marked), read_only(kept, copies.marked)) == (NEW_YEAR, LATER)
        assert (tmp_path / "copy").read_bytes() == before
        assert names(tmp_path) == [kept.name, "colophon.sqlite3", "copy"]

    async def test_what_a_killed_bot_left_beside_the_old_one_cannot_spoil_the_new_one(self, tmp_path: Path) -> None:
        """What stood in its -wal file is in what is kept, and nowhere else."""
        path = await a_file(tmp_path / "colophon.sqlite3", 1)
        back_up(path, tmp_path / "copy", now=NEW_YEAR)
        killed = tmp_path / "killed"
        killed.mkdir()
        async with Database(path) as database:
            await database.write(add, 2)
            for name in names(tmp_path):
                if name.startswith("colophon"):
                    (killed / name).write_bytes((tmp_path / name).read_bytes())
        victim = killed / "colophon.sqlite3"
        assert (killed / "colophon.sqlite3-wal").stat().st_size
        kept = replace(victim, tmp_path / "copy", now=LATER)
        assert kept is not None
        assert known(kept) == {1, 2}
        async with Database(victim) as database:
            assert await database.read(count) == 1
            await database.write(add, 3)
        assert known(victim) == {1, 3}

    async def test_it_is_refused_while_a_bot_uses_the_database(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Also while the bot is idle; nothing changes for it."""
        monkeypatch.setattr(backups, "_BUSY_SECONDS", 0.1)
        path = await a_file(tmp_path / "colophon.sqlite3", 1)
        back_up(path, tmp_path / "copy", now=NEW_YEAR)
        async with Database(path) as database:
            with pytest.raises(DatabaseLockedError):
                replace(path, tmp_path / "copy", now=LATER)
            await database.write(add, 2)
        assert known(path) == {1, 2}
        assert names(tmp_path) == ["colophon.sqlite3", "copy"]

    async def test_a_bot_that_starts_meanwhile_never_runs_on_the_old_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It had opened the old one and waited for its lock: it is told to start again."""
        path = await a_file(tmp_path / "colophon.sqlite3", 1)
        back_up(path, tmp_path / "copy", now=NEW_YEAR)
        keep, loop, starts = backups._keep_whole, asyncio.get_running_loop(), []

        def start_meanwhile(*given: object, **named: object) -> None:
            starts.append(asyncio.run_coroutine_threadsafe(Database(path).open(), loop))
            with pytest.raises(TimeoutError):
                starts[0].result(timeout=0.5)
            keep(*given, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(backups, "_keep_whole", start_meanwhile)
        await asyncio.to_thread(replace, path, tmp_path / "copy", now=LATER)
        with pytest.raises(DatabaseLockedError):
            await asyncio.wrap_future(starts[0])

    async def test_a_damaged_database_is_kept_byte_for_byte(self, tmp_path: Path) -> None:
        """With what stood beside it; the reason for which most copies are put back."""
        path = await a_file(tmp_path / "colophon.sqlite3", *range(1, 400))
        back_up(path, tmp_path / "copy", now=NEW_YEAR)
        spoil(path)
        damaged = path.read_bytes()
        kept = replace(path, tmp_path / "copy", now=LATER)
        assert kept is not None
        assert len(known(path)) == 399
        assert kept.read_bytes()[4096 : 4096 * 12] == damaged[4096 : 4096 * 12]

    async def test_without_a_database_it_is_put_there(self, tmp_path: Path) -> None:
        """What a lost database left beside it goes out of the way."""
        path = await a_file(tmp_path / "colophon.sqlite3", 1)
        back_up(path, tmp_path / "copy", now=NEW_YEAR)
        path.unlink()
        (tmp_path / "colophon.sqlite3-wal").write_bytes(b"of the old one")
        kept = replace(path, tmp_path / "copy", now=LATER)
        assert kept is not None
        assert known(path) == {1}
        assert (tmp_path / f"{kept.name}-wal").read_bytes() == b"of the old one"
        path.unlink()
        assert replace(path, tmp_path / "copy", now=LATER) is None

    async def test_what_is_no_copy_is_refused_and_the_database_untouched(self, tmp_path: Path) -> None:
        """Another program's, an empty one, none at all, a newer Colophon's, a damaged one."""
        path = await a_file(tmp_path / "colophon.sqlite3", *range(1, 400))
        novel, empty, newer, damaged = (tmp_path / name for name in ("novel", "empty", "newer", "damaged"))
        novel.write_text("It was a dark and stormy night. " * 1000)
        empty.touch()
        for copy in (newer, damaged):
            back_up(path, copy, now=NEW_YEAR)
        with closing(sqlite3.connect(newer)) as connection:
            connection.execute("PRAGMA user_version = 999")
        spoil(damaged)
        before, there = path.read_bytes(), names(tmp_path)
        for copy, refusal in (
            (novel, DatabaseForeignError),
            (empty, DatabaseForeignError),
            (tmp_path / "nowhere", DatabaseUnusableError),
            (newer, DatabaseNewerError),
            (damaged, DatabaseUnusableError),
        ):
            with pytest.raises(refusal) as told:
                replace(path, copy, now=LATER)
            assert told.value.path == copy
        assert path.read_bytes() == before
        assert names(tmp_path) == there

    async def test_another_programs_file_is_never_replaced(self, tmp_path: Path) -> None:
        """A mistyped name costs nothing."""
        back_up(await a_file(tmp_path / "colophon.sqlite3", 1), tmp_path / "copy", now=NEW_YEAR)
        novel = tmp_path / "novel"
        novel.write_text("It was a dark and stormy night. " * 1000)
        with pytest.raises(DatabaseForeignError):
            replace(novel, tmp_path / "copy", now=LATER)
        assert novel.read_text().startswith("It was a dark")

    def test_a_copy_made_by_hand_is_as_old_as_what_it_knows_last(self, tmp_path: Path) -> None:
        """Nothing marked it, and nothing was done between its last row and the copying."""

        def live(tx: Transaction) -> None:
            a_community(tx)
            handed_in(tx, a_series(tx), now=LATER)
            tx.run("COMMIT")

        with a_database(tmp_path) as tx:
            live(tx)
        replace(tmp_path / "new.sqlite3", tmp_path / "colophon.sqlite3", now=LATER.add(hours=9))
        assert read_only(tmp_path / "new.sqlite3", copies.marked) == LATER
