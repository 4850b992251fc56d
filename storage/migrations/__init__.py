"""The steps from an empty file to the present schema: numbered plain SQL, forward only."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

APPLICATION_ID = 0x436F6C6F
"""SQLite's mark of whose file it is: "Colo"."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step; its file's header says why it is there."""

    version: int
    name: str
    sql: str


def migrations() -> tuple[Migration, ...]:
    """All steps in order; their numbers run from 1 without a gap."""
    files = (file for file in resources.files(__name__).iterdir() if file.name.endswith(".sql"))
    return tuple(
        Migration(int(file.name[:4]), file.name[5:-4], file.read_text(encoding="utf-8"))
        for file in sorted(files, key=lambda file: file.name)
    )


def newest_version() -> int:
    """The schema this program knows."""
    return migrations()[-1].version


def migrate(connection: sqlite3.Connection, found: int) -> None:
    """Bring a database from version `found` to the newest, each step in its own transaction with its version."""
    for migration in migrations()[found:]:
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in _statements(migration.sql):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {migration.version}")
        except BaseException:
            connection.rollback()
            raise
        connection.execute("COMMIT")


def _statements(sql: str) -> Iterator[str]:
    """The single statements of a file; a semicolon inside a comment does not end one."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
