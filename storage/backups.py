"""Whole database files: a sound copy of one while a bot writes to it, and a copy put in the place of another.

Why SQLite's online backup in one step: each writer goes on beside it, as beside any reader. In several steps it
begins anew whenever a bot writes, and never ends. `VACUUM INTO` makes writers wait as little and takes longer.
"""

import errno
import os
import shutil
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path

from whenever import Instant, TimeDelta

from storage import copies
from storage.database import check_owner, storage_error
from storage.errors import (
    DatabaseForeignError,
    DatabaseFullError,
    DatabaseLockedError,
    DatabaseUnusableError,
    StorageError,
)
from storage.migrations import APPLICATION_ID
from storage.transaction import Transaction

UNFINISHED = "part"
"""How the name of a copy ends while it is written."""
LEFT_BEHIND_AFTER = TimeDelta(hours=24)
"""From when such a file is taken for what a killed process has left."""

_BUSY_SECONDS = 2.0
_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database; by its name it would be taken for the new one's."""
_MARK_AT = struct.Struct(">68xI")
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def back_up(source: Path, target: Path, *, now: Instant) -> None:
    """Write a sound copy of a database under its final name, in one step: it is there whole, or not at all.

    Args:
        source: the database; a bot may be running on it.
        target: the copy; what has this name is replaced.
        now: the moment of the copy, by which it is marked.

    Raises:
        StorageError: of the source or the target, as its path says; nothing has the target's name then but what had.
    """
    with _unfinished(target, like=source, now=now) as part:
        with closing(_connect(source)) as connection:
            _write_copy(source, connection, part, as_of=now)
        for suffix in _BESIDE:  # of an older copy that somebody has opened
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        part.replace(target)
        _flush_folder(target)


def replace(database: Path, copy: Path, *, now: Instant) -> Path | None:
    """Put a copy in the place of a database; whole at every moment, the one or the other.

    Args:
        database: the database that a bot will run on; it need not be there.
        copy: the copy, which stays where it is.
        now: the present moment, after which what is replaced is named.

    Returns:
        Under which name what it replaces is kept; `None` if there was nothing.

    Raises:
        StorageError: of the copy or the database, as its path says; the database is untouched then.
    """
    kept = _free_name(database, now=now)
    with _unfinished(database, like=database, now=now) as part:
        with closing(_connect(copy)) as connection:
            _write_copy(copy, connection, part, as_of=None)
        if _is_damaged_or_absent(database):
            something = _keep_as_it_is(database, kept)
            part.replace(database)
        else:
            something = True
            with _alone_with(database) as connection:
                _keep_whole(database, connection, kept, now=now)
                part.replace(database)
        _flush_folder(database)
    return kept if something else None


def _write_copy(source: Path, connection: sqlite3.Connection, part: Path, *, as_of: Instant | None) -> None:
    """Copy, look whether it is sound, and mark it; without a moment, as of the last one of which it knows."""
    with _errors_of(source):
        _require_ours(source, connection)
    with closing(_connect(part)) as copied:
        with _errors_of(source, full=part):
            connection.backup(copied)
        with _errors_of(part):
            copied.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
        with _errors_of(source):
            _require_sound(source, copied)
        with _errors_of(part):
            copied.execute("BEGIN")
            _mark(Transaction(copied), as_of)
            copied.execute("COMMIT")
    _flush(part)


def _mark(tx: Transaction, as_of: Instant | None) -> None:
    """A copy that was made by hand, or long ago, is as old as what it knows last."""
    at = as_of or (None if copies.marked(tx) else copies.last_known(tx))
    if at is not None:
        copies.mark(tx, at)


def _require_ours(path: Path, connection: sqlite3.Connection) -> None:
    """Refuse another program's file, an empty one, and a newer Colophon's."""
    check_owner(path, connection)
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise DatabaseForeignError(path)


def _require_sound(path: Path, connection: sqlite3.Connection) -> None:
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found == "ok" and connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        found = "a row belongs to one that is missing"
    if found != "ok":
        raise DatabaseUnusableError(path, f"it is damaged: {found.splitlines()[-1]}")


@contextmanager
def _alone_with(database: Path) -> Iterator[sqlite3.Connection]:
    """Nobody else has the database open, or can open it, until the end; nothing of it stands in a file beside it.

    Raises:
        DatabaseLockedError: somebody has it open; a bot has, from its start to its end.
    """
    with closing(_connect(database)) as connection:
        with _errors_of(database):
            connection.execute("PRAGMA journal_mode = DELETE")  # refused while anybody else has it open
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")  # the lock stays until the connection is closed
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "delete":
                raise DatabaseLockedError(database, "another program has just opened it")
        yield connection


def _keep_whole(database: Path, connection: sqlite3.Connection, kept: Path, *, now: Instant) -> None:
    """Keep a copy of a database that is in order; it is marked like any, so that it can be put back, too."""
    with _unfinished(kept, like=database, now=now) as part:
        try:
            _write_copy(database, connection, part, as_of=now)
        except DatabaseUnusableError:
            _keep_as_it_is(database, kept)
        else:
            part.replace(kept)


def _keep_as_it_is(database: Path, kept: Path) -> bool:
    """Keep a damaged database byte for byte, with what stands beside it, which must not be the new one's."""
    found = [suffix for suffix in ("", *_BESIDE) if Path(f"{database}{suffix}").exists()]
    for suffix in found:
        shutil.copy2(f"{database}{suffix}", f"{kept}{suffix}")
        _flush(Path(f"{kept}{suffix}"))
    for suffix in found:
        if suffix:
            Path(f"{database}{suffix}").unlink()
    return bool(found)


def _is_damaged_or_absent(database: Path) -> bool:
    """Whether there is no database to be opened: no file, an empty one, or ours but damaged.

    Raises:
        DatabaseLockedError: a bot is using it.
        DatabaseForeignError: the file is another program's.
    """
    try:
        with database.open("rb") as file:
            header = file.read(_MARK_AT.size)
    except FileNotFoundError:
        return True
    except OSError as error:
        raise DatabaseUnusableError(database, error.strerror or str(error)) from error
    if not header:
        return True
    if len(header) < _MARK_AT.size or _MARK_AT.unpack(header)[0] != APPLICATION_ID:
        raise DatabaseForeignError(database)
    try:
        with _alone_with(database) as connection:
            connection.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()
    except (DatabaseLockedError, DatabaseFullError):
        raise
    except (StorageError, sqlite3.DatabaseError):
        return True
    return False


def _connect(path: Path) -> sqlite3.Connection:
    """Open a file that is there; it is never made. One that may not be written is opened for reading."""
    try:
        uri = f"{path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
        connection.row_factory = sqlite3.Row
    except sqlite3.Error as error:
        raise storage_error(path, error) from error
    return connection


@contextmanager
def _errors_of(path: Path, *, full: Path | None = None) -> Iterator[None]:
    """SQLite's errors as ours; without room it is the disk of `full`."""
    try:
        yield
    except sqlite3.Error as error:
        found = storage_error(path, error)
        raise (DatabaseFullError(full, found.reason) if full and isinstance(found, DatabaseFullError) else found) from (
            error
        )


@contextmanager
def _unfinished(target: Path, *, like: Path, now: Instant) -> Iterator[Path]:
    """An empty file beside the target, with the owner and the rights of another; it is gone at the end."""
    _forget_left_behind(target, now=now)
    part = target.with_name(f"{target.name}.{os.getpid()}-{_in_a_name(now)}.{UNFINISHED}")
    try:
        part.touch(0o600, exist_ok=False)
        if like.exists():
            _give_to_owner_of(like, part)
        yield part
    except OSError as error:
        raise _file_error(target, error) from error
    finally:
        for suffix in ("", *_BESIDE):
            Path(f"{part}{suffix}").unlink(missing_ok=True)


def _give_to_owner_of(like: Path, part: Path) -> None:
    """Who may use the one may use the other, though an administrator makes it."""
    shutil.copymode(like, part)
    if hasattr(os, "chown"):
        wanted, has = like.stat(), part.stat()
        if (wanted.st_uid, wanted.st_gid) != (has.st_uid, has.st_gid):
            with suppress(OSError):  # not everybody may give files away, nor knows every user
                os.chown(part, wanted.st_uid, wanted.st_gid)


def _forget_left_behind(target: Path, *, now: Instant) -> None:
    """Remove what processes that were killed have left long ago; a younger one may be at work."""
    before = (now - LEFT_BEHIND_AFTER).timestamp()
    if not target.parent.is_dir():
        return
    for file in target.parent.iterdir():
        if file.name.startswith(f"{target.name}.") and f".{UNFINISHED}" in file.name and file.stat().st_mtime < before:
            file.unlink(missing_ok=True)


def _file_error(path: Path, error: OSError) -> StorageError:
    """What the system says of a file, as one of ours."""
    kind = DatabaseFullError if error.errno in _NO_ROOM else DatabaseUnusableError
    return kind(path, error.strerror or str(error))


def _free_name(database: Path, *, now: Instant) -> Path:
    """The dated name under which a database is kept; no older one loses it."""
    name = f"{database.stem}.before-{_in_a_name(now)}"
    names = (f"{name}{f'-{number}' if number > 1 else ''}{database.suffix}" for number in count(1))
    return next(path for path in map(database.with_name, names) if not path.exists())


def _in_a_name(moment: Instant) -> str:
    return f"{moment.to_stdlib():%Y-%m-%dT%H%M%SZ}"


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_folder(path: Path) -> None:
    """A name is on the disk only with its folder; Windows does that by itself."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    folder = os.open(path.absolute().parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
