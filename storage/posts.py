"""What stands of chapters on Discord, or is to stand: homes, headings, parts, announcements, and their corrections."""

from whenever import Instant

from rules.deliveries import Kind
from storage.deliveries import COLUMNS, Delivery, from_row
from storage.transaction import Transaction, milliseconds

_OF_CHAPTER = f"""
    SELECT {COLUMNS} FROM deliveries d
     WHERE d.chapter_id = :chapter AND d.kind IN ('heading', 'part', 'image', 'announcement') AND d.state <> 'cancelled'
     ORDER BY d.id
"""  # noqa: S608

_HEADING = "SELECT message_id FROM deliveries WHERE chapter_id = :chapter AND kind = 'heading'"

_THREAD_OF_SERIES = "SELECT id FROM deliveries WHERE series_id = :series AND kind = 'thread'"

# The first condition on chapters is wider than the others: it is what their index is of.
_ANNOUNCED = f"""
    SELECT {COLUMNS} FROM deliveries d JOIN chapters c ON c.id = d.chapter_id
     WHERE c.series_id = :series AND (c.state IN ('waiting', 'released') OR c.counts = 1)
       AND c.state = 'released' AND c.reach = 'network'
       AND d.kind = 'announcement' AND d.state IN ('sending', 'sent')
     ORDER BY d.id DESC
"""  # noqa: S608

_PUBLISHES = f"""
    SELECT {COLUMNS} FROM deliveries d WHERE d.chapter_id = :chapter AND d.kind = 'publish' ORDER BY d.id
"""  # noqa: S608

_COPIED = """
    SELECT 1 FROM deliveries
     WHERE chapter_id = :chapter AND kind = 'publish' AND (state IN ('sending', 'sent') OR lost_at IS NOT NULL)
"""

_WAS_ANNOUNCED = "SELECT 1 FROM deliveries WHERE chapter_id = :chapter AND kind = 'announcement'"

_OF_IMPORT = f"""
    SELECT {COLUMNS} FROM deliveries d
     WHERE d.import_id = :number AND d.kind = :kind AND d.state <> 'cancelled' ORDER BY d.id
"""  # noqa: S608

_PLANNED_EDIT = "SELECT id FROM deliveries WHERE subject_id = :subject AND kind = 'edit' AND state = 'planned'"

# One that Discord has put off keeps its time.
_BRING_FORWARD = """
    UPDATE deliveries
       SET body = NULL, due_at = CASE WHEN attempts = 0 AND due_at > :due THEN :due ELSE due_at END
     WHERE id = :delivery
"""

# What was lost may stand on Discord: it is found or sent first, and then taken down.
_CANCEL = """
    UPDATE deliveries SET state = 'cancelled'
     WHERE chapter_id = :chapter AND state IN ('planned', 'held') AND lost_at IS NULL
       AND kind IN ('heading', 'part', 'image', 'announcement', 'publish', 'notice', 'edit')
"""


def of_chapter(tx: Transaction, chapter_id: int) -> list[Delivery]:
    """What stands of a chapter on Discord, or may stand: its posts and announcements, oldest first."""
    return [from_row(row) for row in tx.all(_OF_CHAPTER, chapter=chapter_id)]


def heading_message(tx: Transaction, chapter_id: int) -> int | None:
    """The message at which a released chapter begins: where its link leads."""
    row = tx.one(_HEADING, chapter=chapter_id)
    return None if row is None else row["message_id"]


def thread_of_series(tx: Transaction, series_id: int) -> int | None:
    """The delivery that opens the home thread of a series."""
    row = tx.one(_THREAD_OF_SERIES, series=series_id)
    return None if row is None else int(row["id"])


def announced(tx: Transaction, series_id: int) -> list[Delivery]:
    """The announcements of a series' chapters that are made, or being made, newest first."""
    return [from_row(row) for row in tx.all(_ANNOUNCED, series=series_id)]


def publishes(tx: Transaction, chapter_id: int) -> list[Delivery]:
    """The publishing of a chapter's announcements, whatever became of it, oldest first."""
    return [from_row(row) for row in tx.all(_PUBLISHES, chapter=chapter_id)]


def is_copied(tx: Transaction, chapter_id: int) -> bool:
    """C11: whether another server has a copy of a chapter's announcement, or may have one."""
    return tx.one(_COPIED, chapter=chapter_id) is not None


def was_announced(tx: Transaction, chapter_id: int) -> bool:
    """L10: whether a chapter was let into the network at any time, though its announcement may not stand there."""
    return tx.one(_WAS_ANNOUNCED, chapter=chapter_id) is not None


def of_import(tx: Transaction, import_id: int, kind: Kind) -> list[Delivery]:
    """What was posted about an import as a whole, or will be: its card, its announcement."""
    return [from_row(row) for row in tx.all(_OF_IMPORT, number=import_id, kind=kind)]


def planned_edit(tx: Transaction, subject_id: int) -> int | None:
    """The correction of a post that is planned already."""
    row = tx.one(_PLANNED_EDIT, subject=subject_id)
    return None if row is None else int(row["id"])


def bring_forward(tx: Transaction, edit_id: int, *, due: Instant) -> None:
    """Let a planned correction wait no longer than until a moment, but for what Discord has put off."""
    tx.run(_BRING_FORWARD, delivery=edit_id, due=milliseconds(due))


def cancel(tx: Transaction, chapter_id: int) -> int:
    """C11: what is not yet posted of a withdrawn chapter never will be; how many."""
    return tx.run(_CANCEL, chapter=chapter_id)
