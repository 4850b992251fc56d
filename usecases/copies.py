"""The bot was set back to a copy of its database: what it may have done since, and no longer knows (R2).

From the moment of the copy until a bot starts on it lies a gap. Whatever was open in the copy, and whatever comes
later of what stood in it already, may have been done in the gap: it is looked for on Discord before it is done.
"""

from whenever import Instant

from rules.deliveries import Kind, State
from storage import communities, copies, deliveries, news
from storage.copies import Gap
from storage.deliveries import Delivery
from storage.transaction import Transaction, milliseconds, moment


def take_up(tx: Transaction, *, now: Instant) -> Gap | None:
    """The first start on a copy: doubt all that is open, and let the moderators know; `None` if it is no copy."""
    copied = copies.marked(tx)
    if copied is None:
        return None
    copies.take_up(tx, now=now)
    copies.doubt_open(tx, copied)
    for community in communities.every(tx):
        deliveries.plan(
            tx,
            Kind.SET_BACK,
            community_id=community.id,
            target_id=community.moderators_id,
            body=str(milliseconds(copied)),
            now=now,
        )
    return Gap(copied, now)


def forgotten(tx: Transaction, delivery: Delivery) -> Gap | None:
    """R2: the gap in which a delivery that was never attempted here may have been done; `None` if there is none."""
    if delivery.lost_at is not None or delivery.state is not State.PLANNED or delivery.attempts:
        return None
    if delivery.kind is Kind.DIRECT:
        told = news.chapters_of(tx, delivery.id)
        return copies.gap_of(tx, min(told)) if told else None
    known = (
        *(delivery.appeal_id, delivery.question_id, delivery.ruling_id, delivery.hold_id, delivery.challenge_id),
        *(delivery.import_id, delivery.chapter_id),
    )
    about = next((one for one in known if one is not None), None)
    return None if about is None else copies.gap_of(tx, about)


def gap_of(tx: Transaction, delivery: Delivery) -> Gap | None:
    """The gap in which a delivery may have been done, or that it tells of."""
    if delivery.kind is Kind.SET_BACK and delivery.body is not None:
        return copies.gap_after(tx, moment(int(delivery.body)))
    return None if delivery.lost_at is None else copies.gap_after(tx, delivery.lost_at)
