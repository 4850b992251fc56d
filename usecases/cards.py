"""The moderators' cards: each shows what holds, also when it was decided somewhere else."""

from whenever import Instant

from rules.deliveries import Kind
from storage import deliveries
from storage.transaction import Transaction


def renew_cards(tx: Transaction, chapter_id: int, matter_id: int, *, now: Instant) -> None:
    """Let the cards about a matter, a request or another, say what now holds."""
    for card in deliveries.cards(tx, chapter_id, matter_id):
        deliveries.cancel_renewals(tx, chapter_id, card.id)
        deliveries.plan(
            tx,
            Kind.EDIT,
            community_id=card.community_id,
            target_id=card.target_id,
            chapter_id=card.chapter_id,
            after_id=card.id,
            subject_id=card.id,
            request_id=card.request_id,
            now=now,
        )
