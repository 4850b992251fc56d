"""What people are told of their work and asked to decide: cards, and what nobody has seen yet of notices."""

from storage.deliveries import COLUMNS, Delivery, from_row
from storage.transaction import Transaction

_OF_MATTER = f"""
    SELECT {COLUMNS} FROM deliveries d
     WHERE d.chapter_id = :chapter AND d.kind IN ('request', 'answer', 'question', 'reminder')
       AND d.state <> 'cancelled' AND :matter IN (d.request_id, d.question_id, d.ruling_id, d.appeal_id)
"""  # noqa: S608

_CANCEL_NOTICES = """
    UPDATE deliveries SET state = 'cancelled' WHERE chapter_id = :chapter AND kind = 'notice' AND state = 'planned'
"""

_CANCEL_REMINDERS = """
    UPDATE deliveries SET state = 'cancelled'
     WHERE chapter_id = :chapter AND kind = 'reminder' AND question_id = :question AND state IN ('planned', 'held')
"""

_CANCEL_CHANGE = """
    UPDATE deliveries SET state = 'cancelled'
     WHERE series_id = :series AND challenge_id = :challenge AND kind = 'challenge' AND body = :change
       AND state = 'planned'
"""


def of_matter(tx: Transaction, chapter_id: int, matter_id: int) -> list[Delivery]:
    """The cards about something that waits for a decision."""
    return [from_row(row) for row in tx.all(_OF_MATTER, chapter=chapter_id, matter=matter_id)]


def cancel_notices(tx: Transaction, chapter_id: int) -> int:
    """Take back notices of a chapter that nobody has seen yet; how many."""
    return tx.run(_CANCEL_NOTICES, chapter=chapter_id)


def cancel_reminders(tx: Transaction, chapter_id: int, question_id: int) -> int:
    """Take back what its author need not be reminded of any more; how many."""
    return tx.run(_CANCEL_REMINDERS, chapter=chapter_id, question=question_id)


def cancel_change(tx: Transaction, series_id: int, challenge_id: int, change: str) -> int:
    """Take back what an author has not heard yet of a like change in the same challenge; how many."""
    return tx.run(_CANCEL_CHANGE, series=series_id, challenge=challenge_id, change=change)
