"""The texts of chapters, in a table of their own, so that the rows that are read all day stay small."""

from storage.transaction import Transaction

_SAVE = """
    INSERT INTO manuscripts (chapter_id, markdown) VALUES (:chapter, :markdown)
        ON CONFLICT (chapter_id) DO UPDATE SET markdown = :markdown
"""

_TEXT = "SELECT markdown FROM manuscripts WHERE chapter_id = :chapter"


def save(tx: Transaction, chapter_id: int, markdown: str) -> None:
    """Keep the text of a chapter, or another one."""
    tx.run(_SAVE, chapter=chapter_id, markdown=markdown)


def text(tx: Transaction, chapter_id: int) -> str | None:
    """A chapter's text, or `None` for a draft whose form was never sent."""
    row = tx.one(_TEXT, chapter=chapter_id)
    return None if row is None else str(row["markdown"])
