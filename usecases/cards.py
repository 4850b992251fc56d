"""The bot's cards for authors and for moderators; each shows what holds, also when it was decided somewhere else."""

from whenever import Instant

from rules.deliveries import Kind
from storage import cards, communities, deliveries, series
from storage.chapters import Chapter
from storage.transaction import Transaction
from usecases.notices import place_for
from usecases.posts import correct


def plan_for_author(
    tx: Transaction,
    kind: Kind,
    chapter: Chapter,
    *,
    question_id: int | None = None,
    ruling_id: int | None = None,
    appeal_id: int | None = None,
    now: Instant,
) -> None:
    """N3, N5: what an author shall read about a chapter, in the notices channel or else in its series' home."""
    place = place_for(tx, communities.find(tx, chapter.community_id), series.find(tx, chapter.series_id))
    deliveries.plan(
        tx,
        kind,
        community_id=chapter.community_id,
        target_id=place.target_id,
        series_id=chapter.series_id,
        chapter_id=chapter.id,
        after_id=place.after_id,
        question_id=question_id,
        ruling_id=ruling_id,
        appeal_id=appeal_id,
        now=now,
    )


def plan_for_moderators(
    tx: Transaction,
    chapter: Chapter,
    *,
    question_id: int | None = None,
    ruling_id: int | None = None,
    appeal_id: int | None = None,
    now: Instant,
) -> None:
    """What waits for a moderator's decision, as a card in their channel."""
    community = communities.find(tx, chapter.community_id)
    deliveries.plan(
        tx,
        Kind.REQUEST,
        community_id=chapter.community_id,
        target_id=community.moderators_id if community else None,
        series_id=chapter.series_id,
        chapter_id=chapter.id,
        question_id=question_id,
        ruling_id=ruling_id,
        appeal_id=appeal_id,
        now=now,
    )


def renew_cards(tx: Transaction, chapter_id: int, matter_id: int, *, now: Instant) -> None:
    """Let the cards about a matter, a request or another, say what now holds."""
    for card in cards.of_matter(tx, chapter_id, matter_id):
        correct(tx, card, now=now)
