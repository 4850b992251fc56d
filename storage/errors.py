"""What can be wrong with the database itself; each error carries facts, the sentences live in the floors above."""

from pathlib import Path


class StorageError(Exception):
    """Something is wrong with the database, not with what was asked of it."""

    def __init__(self, path: Path, reason: str = "") -> None:
        super().__init__(f"{type(self).__name__}: {path} {reason}".rstrip())
        self.path = path
        self.reason = reason


class DatabaseLockedError(StorageError):
    """Another process holds the write lock for longer than we wait."""


class DatabaseFullError(StorageError):
    """The disk (or the quota) has no room for the next page."""


class DatabaseForeignError(StorageError):
    """The file is there, but it is not a Colophon database."""


class DatabaseNewerError(StorageError):
    """A newer Colophon made this database; this one would not understand it."""

    def __init__(self, path: Path, *, found: int, known: int) -> None:
        super().__init__(path, f"schema {found}, this program knows {known}")
        self.found = found
        self.known = known


class DatabaseOlderError(StorageError):
    """An older Colophon made this database, and no newer one has opened it for writing since."""

    def __init__(self, path: Path, *, found: int, known: int) -> None:
        super().__init__(path, f"schema {found}, this program knows {known}")
        self.found = found
        self.known = known


class DatabaseUnusableError(StorageError):
    """The file cannot be opened, read or written (`reason` is SQLite's own word for it)."""
