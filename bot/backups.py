"""`colophon backup` and its twin `colophon restore`: what they refuse, and the sentence with which they end."""

from pathlib import Path

from whenever import Instant

from bot.clock import Clock
from bot.troubles import Exit, TroubleError, explain
from storage import backups
from storage.copies import marked
from storage.database import read_only
from storage.errors import DatabaseFullError, DatabaseLockedError, DatabaseOlderError, DatabaseUnusableError

_A_MEGABYTE = 1_000_000


def back_up(database: Path, file: Path, *, overwrite: bool) -> str:
    """Make the copy; the sentence that says where it is.

    Raises:
        TroubleError, StorageError: there is none; whatever had the copy's name is as it was.
    """
    _require_a_database(database)
    _require_another(database, file)
    if file.is_dir():
        raise TroubleError(f"{file} is a folder; name the file that the copy is to be.", Exit.COPY)
    if file.exists() and not overwrite:
        raise TroubleError(f"{file} is there already; choose another name, or add --overwrite.", Exit.COPY)
    now = Clock().now()
    try:
        backups.back_up(database, file, now=now)
    except (DatabaseFullError, DatabaseUnusableError) as error:
        if error.path != file:
            raise
        raise TroubleError(_unwritable(file, error), _code_of(error)) from error
    size = file.stat().st_size / _A_MEGABYTE
    return f"{file} is a whole copy of {database}, as of {_told(now)} ({size:,.1f} MB)."


def restore(database: Path, file: Path) -> str:
    """Put a copy in the database's place; the sentences that say what holds now.

    Raises:
        TroubleError, StorageError: the database is as it was.
    """
    if not file.is_file():
        raise TroubleError(f"There is no file {file}; name a copy that `colophon backup` has made.", Exit.COPY)
    _require_another(database, file)
    if not database.absolute().parent.is_dir():
        raise DatabaseUnusableError(database)
    try:
        kept = backups.replace(database, file, now=Clock().now())
    except DatabaseLockedError as error:
        if error.path != database:
            raise
        raise TroubleError(
            f"A bot is using {database}; stop it, then restore again. Nothing was changed.", Exit.LOCKED
        ) from error
    except DatabaseUnusableError as error:
        if error.path != file:
            raise
        raise TroubleError(
            f"{file} cannot be restored: {error.reason}. Take another copy; nothing was changed.", Exit.DATABASE
        ) from error
    before = f" What it replaced is kept as {kept}." if kept else ""
    return (
        f"{database} is now the copy{_age(database)}.{before}\n"
        "Start the bot: it looks on Discord for all it may have done since the copy was made, and does it only if it "
        "is not there. It tells the moderators of each community what they should look at."
    )


def _require_a_database(database: Path) -> None:
    if not database.is_file():
        raise TroubleError(
            f"There is no database {database}; name the one that the bot runs on with --database.", Exit.DATABASE
        )


def _require_another(database: Path, file: Path) -> None:
    """A copy is no copy if it is the database itself, or one of the files that belong to it."""
    belonging = [Path(f"{database}{suffix}").absolute() for suffix in ("", "-wal", "-shm", "-journal")]
    if file.absolute() in belonging or (file.exists() and database.exists() and file.samefile(database)):
        raise TroubleError(f"{file} belongs to the database itself; name another file.", Exit.COPY)


def _unwritable(file: Path, error: DatabaseFullError | DatabaseUnusableError) -> str:
    if isinstance(error, DatabaseFullError):
        return f"The disk has no room for the copy {file}; free some space, or name another place."
    if not file.absolute().parent.is_dir():
        return f"There is no folder {file.absolute().parent} for the copy; make it, or name another place."
    return f"The copy {file} cannot be written ({error.reason}); mend the rights of its folder, or name another place."


def _code_of(error: DatabaseFullError | DatabaseUnusableError) -> Exit:
    return explain(error).exit if isinstance(error, DatabaseFullError) else Exit.COPY


def _age(database: Path) -> str:
    """Of which moment a copy is; an older Colophon's is asked only once it is brought up to date."""
    try:
        at = read_only(database, marked)
    except DatabaseOlderError:
        return ""
    return f" of {_told(at)}" if at else ""


def _told(moment: Instant) -> str:
    return f"{moment.to_stdlib():%Y-%m-%d %H:%M:%S} UTC"
