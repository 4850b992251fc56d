"""The embedded database: one transaction is one plain function, run whole in the database's own thread.

Why not statement by statement with `await`: the reading and the writing of one decision could be interleaved
with another's, a cancelled task could leave half a transaction, and every statement would cost a thread hop.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from storage.errors import (
    DatabaseForeignError,
    DatabaseFullError,
    DatabaseLockedError,
    DatabaseNewerError,
    DatabaseOlderError,
    DatabaseUnusableError,
    StorageError,
)
from storage.migrations import APPLICATION_ID, migrate, newest_version
from storage.transaction import Transaction

P = ParamSpec("P")
T = TypeVar("T")

_BUSY_SECONDS = 5.0
"""How long we wait for another process's lock."""
_LARGEST_BATCH = 64
"""Writers that share one commit at most, so that the first of them is not kept waiting by a crowd."""


@dataclass(slots=True)
class _Writer:
    """One waiting transaction and the future its caller awaits."""

    function: Callable[[Transaction], Any]
    answer: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


@dataclass(frozen=True, slots=True)
class _Failure:
    """What a transaction raised, carried back from the thread."""

    error: BaseException


class Database:
    """One SQLite file with a writer and a reader, each a connection in a thread of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._waiting: list[_Writer] = []
        self._driver: asyncio.Task[None] | None = None
        self._threads: tuple[ThreadPoolExecutor, ThreadPoolExecutor] | None = None
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Open the file, making or migrating it as needed.

        Raises:
            StorageError: the kind says what is wrong; nothing stays open then.
        """
        self._threads = (ThreadPoolExecutor(1, "database-writer"), ThreadPoolExecutor(1, "database-reader"))
        try:
            self._writer = await self._in_thread(0, partial(_open_writer, self.path))
            self._reader = await self._in_thread(1, partial(_open_reader, self.path))
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Finish what waits and close the file; a second call does nothing."""
        threads = self._threads
        if threads is None:
            return
        if self._driver is not None:
            await asyncio.wait({self._driver})
        for index, connection in enumerate((self._writer, self._reader)):
            if connection is not None:
                await self._in_thread(index, connection.close)
        self._threads = self._writer = self._reader = None
        for thread in threads:
            thread.shutdown(wait=False)

    async def __aenter__(self) -> Self:
        """Open."""
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        await self.close()

    async def write(
        self, function: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `function(transaction, …)` under the write lock: all of it takes effect, or nothing.

        Writers that arrive together share one commit; one that raises undoes itself alone.
        The answer comes after the commit is on the disk. A cancelled caller leaves the transaction whole.

        Raises:
            StorageError: the database could not take it; nothing of it took effect.
        """
        writer = _Writer(partial(_call, function, args, kwargs))
        self._waiting.append(writer)
        if self._driver is None:
            self._driver = asyncio.get_running_loop().create_task(self._drive())
        result: T = await asyncio.shield(writer.answer)
        return result

    async def read(self, function: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function(transaction, …)` on one snapshot of the database, never waiting for a writer."""
        if self._reader is None:
            raise DatabaseUnusableError(self.path, "it is not open")
        call = partial(_read, self.path, self._reader, partial(_call, function, args, kwargs))
        result: T = await self._in_thread(1, call)
        return result

    async def room(self) -> tuple[int, int]:
        """The size of the database and the room its disk has left, in bytes."""
        return await asyncio.to_thread(_room, self.path)

    async def _drive(self) -> None:
        """Run batches until nobody waits; whoever arrives during a commit is in the next batch."""
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_LARGEST_BATCH], self._waiting[_LARGEST_BATCH:]
                await self._run_batch(batch)
        finally:
            self._driver = None

    async def _run_batch(self, batch: list[_Writer]) -> None:
        try:
            if self._writer is None:
                raise DatabaseUnusableError(self.path, "it is not open")  # noqa: TRY301 - one way out for all
            functions = [writer.function for writer in batch]
            results = await self._in_thread(0, partial(_write, self.path, self._writer, functions))
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
            results = [_Failure(error)] * len(batch)
        for writer, result in zip(batch, results, strict=True):
            if writer.answer.cancelled():
                continue
            if isinstance(result, _Failure):
                writer.answer.set_exception(result.error)
            else:
                writer.answer.set_result(result)

    async def _in_thread(self, index: int, function: Callable[[], T]) -> T:
        if self._threads is None:
            raise DatabaseUnusableError(self.path, "it is not open")
        return await asyncio.get_running_loop().run_in_executor(self._threads[index], function)


def _room(path: Path) -> tuple[int, int]:
    files = (Path(f"{path}{suffix}") for suffix in ("", "-wal"))
    return sum(file.stat().st_size for file in files if file.exists()), shutil.disk_usage(path.absolute().parent).free


def read_only(path: Path, function: Callable[[Transaction], T]) -> T:
    """Ask a database something without changing a byte of it, also while a bot runs on it; no event loop needed.

    Raises:
        StorageError: it cannot be read, or was made by an older Colophon and was not brought up to date since.
    """
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS)
    except sqlite3.Error as error:
        raise storage_error(path, error) from error
    try:
        connection.isolation_level = None
        connection.row_factory = sqlite3.Row
        check_owner(path, connection)
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if found < newest_version():
            raise DatabaseOlderError(path, found=found, known=newest_version())
        return _read(path, connection, function)
    except sqlite3.Error as error:
        raise storage_error(path, error) from error
    finally:
        connection.close()


def _call(
    function: Callable[Concatenate[Transaction, P], T],
    args: Any,
    kwargs: Any,
    transaction: Transaction,
) -> T:
    return function(transaction, *args, **kwargs)


def _write(
    path: Path, connection: sqlite3.Connection, functions: Sequence[Callable[[Transaction], Any]]
) -> Sequence[Any]:
    """In the writer's thread: all functions in one commit, each in its own savepoint."""
    transaction = Transaction(connection)
    try:
        connection.execute("BEGIN IMMEDIATE")
        if len(functions) == 1:  # alone it needs no savepoint: what it raises undoes the whole
            results = [functions[0](transaction)]
        else:
            results = [_in_savepoint(connection, function, transaction) for function in functions]
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.rollback()
        return [_Failure(storage_error(path, error))] * len(functions)
    except Exception as error:  # noqa: BLE001 - it is its caller's, who gets it back
        connection.rollback()
        return [_Failure(error)]
    return [
        _Failure(storage_error(path, result.error))
        if isinstance(result, _Failure) and isinstance(result.error, sqlite3.Error)
        else result
        for result in results
    ]


def _in_savepoint(
    connection: sqlite3.Connection, function: Callable[[Transaction], Any], transaction: Transaction
) -> Any:
    connection.execute("SAVEPOINT writer")
    try:
        result = function(transaction)
    except Exception as error:
        if not connection.in_transaction:
            raise  # SQLite has undone the whole batch by itself, as it does when the disk is full
        connection.execute("ROLLBACK TO writer")
        result = _Failure(error)
    connection.execute("RELEASE writer")
    return result


def _read(path: Path, connection: sqlite3.Connection, function: Callable[[Transaction], T]) -> T:
    """In the reader's thread: one snapshot for all that the function asks."""
    try:
        connection.execute("BEGIN")
        try:
            return function(Transaction(connection))
        finally:
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        raise storage_error(path, error) from error


def _open_writer(path: Path) -> sqlite3.Connection:
    connection = None
    try:
        connection = _connect(path)
        check_owner(path, connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is gone from the file, too
        migrate(connection, connection.execute("PRAGMA user_version").fetchone()[0])
    except (sqlite3.Error, StorageError) as error:
        if connection is not None:
            connection.close()
        raise storage_error(path, error) from error
    return connection


def _open_reader(path: Path) -> sqlite3.Connection:
    try:
        return _connect(path, "query_only = ON")
    except sqlite3.Error as error:
        raise storage_error(path, error) from error


def _connect(path: Path, *settings: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    try:  # synchronous: what was acknowledged survives a power cut
        for setting in ("synchronous = FULL", "foreign_keys = ON", *settings):
            connection.execute(f"PRAGMA {setting}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def check_owner(path: Path, connection: sqlite3.Connection) -> None:
    """Refuse a file that is another program's, or a newer Colophon's, before anything in it is touched."""
    application: int = connection.execute("PRAGMA application_id").fetchone()[0]
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    empty = connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None
    if application != APPLICATION_ID and not (empty and application == 0 and version == 0):
        raise DatabaseForeignError(path)
    if version > newest_version():
        raise DatabaseNewerError(path, found=version, known=newest_version())


def storage_error(path: Path, error: BaseException) -> StorageError:
    """SQLite's error as one of ours, by its code and not by its words."""
    if isinstance(error, StorageError):
        return error
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_READONLY_DBMOVED")):  # moved: a copy took its place
        return DatabaseLockedError(path, str(error))
    if name.startswith("SQLITE_FULL"):
        return DatabaseFullError(path, str(error))
    if name.startswith("SQLITE_NOTADB"):
        return DatabaseForeignError(path, str(error))
    return DatabaseUnusableError(path, str(error))
