"""The texts of chapters, in a table of their own, so that the rows that are read all day stay small."""

import json
from collections.abc import Iterable
from dataclasses import astuple

from rules.images import Unshown
from storage.transaction import Transaction

_SAVE = """
    INSERT INTO manuscripts (chapter_id, markdown) VALUES (:chapter, :markdown)
        ON CONFLICT (chapter_id) DO UPDATE SET markdown = :markdown
"""

_TEXT = "SELECT markdown FROM manuscripts WHERE chapter_id = :chapter"

_SET_UNSHOWN = "UPDATE manuscripts SET unshown = :unshown WHERE chapter_id = :chapter"

_UNSHOWN = "SELECT unshown FROM manuscripts WHERE chapter_id = :chapter"

_UNSHOWN_OF_IMPORT = """
    SELECT m.chapter_id, m.unshown FROM chapters c JOIN manuscripts m ON m.chapter_id = c.id
     WHERE c.import_id = :import AND m.unshown <> '[]'
"""


def save(tx: Transaction, chapter_id: int, markdown: str) -> None:
    """Keep the text of a chapter, or another one."""
    tx.run(_SAVE, chapter=chapter_id, markdown=markdown)


def text(tx: Transaction, chapter_id: int) -> str | None:
    """A chapter's text, or `None` for a draft whose form was never sent."""
    row = tx.one(_TEXT, chapter=chapter_id)
    return None if row is None else str(row["markdown"])


def set_unshown(tx: Transaction, chapter_id: int, unshown: Iterable[Unshown]) -> None:
    """Keep which images of a chapter's file readers will not see."""
    tx.run(_SET_UNSHOWN, chapter=chapter_id, unshown=json.dumps([astuple(one) for one in unshown], ensure_ascii=False))


def unshown(tx: Transaction, chapter_id: int) -> tuple[Unshown, ...]:
    """The images of a chapter's file that readers will not see, in their order."""
    row = tx.one(_UNSHOWN, chapter=chapter_id)
    return () if row is None else _read(row["unshown"])


def unshown_of_import(tx: Transaction, import_id: int) -> dict[int, tuple[Unshown, ...]]:
    """Those of each chapter of an import that has some."""
    return {row["chapter_id"]: _read(row["unshown"]) for row in tx.all(_UNSHOWN_OF_IMPORT, **{"import": import_id})}


def _read(document: str) -> tuple[Unshown, ...]:
    return tuple(Unshown(*one) for one in json.loads(document))
