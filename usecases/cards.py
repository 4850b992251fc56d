"""The bot's cards and notices, for authors and for moderators, and where a lasting one goes (N3).

Each shows what holds, also when it was decided somewhere else.
"""

from dataclasses import dataclass

from whenever import Instant

from rules.deliveries import Kind
from storage import cards, communities, deliveries, posts, series
from storage.chapters import Chapter
from storage.communities import Community
from storage.imports import Import
from storage.series import Series
from storage.transaction import Transaction
from usecases.posts import correct


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, and the delivery that opens it, if it is a home that may not be open yet."""

    target_id: int | None
    after_id: int | None


def place_for(tx: Transaction, community: Community | None, story: Series | None) -> Place:
    """N3: the community's notices channel, or else the home of a series, once it is open.

    Without either there is no place; the hands cannot carry it out, and the moderators are told (R3).
    """
    if community is not None and community.notices_id is not None:
        return Place(community.notices_id, None)
    if story is None:
        return Place(None, None)
    return Place(story.thread_id, posts.thread_of_series(tx, story.id))


def plan_for_author(
    tx: Transaction,
    kind: Kind,
    work: Chapter | Import,
    *,
    request_id: int | None = None,
    question_id: int | None = None,
    ruling_id: int | None = None,
    appeal_id: int | None = None,
    now: Instant,
) -> None:
    """N3, N5: what an author shall read about their work, in the notices channel or else in its series' home."""
    place = place_for(tx, communities.find(tx, work.community_id), series.find(tx, work.series_id))
    deliveries.plan(
        tx,
        kind,
        community_id=work.community_id,
        target_id=place.target_id,
        series_id=work.series_id,
        chapter_id=work.id if isinstance(work, Chapter) else None,
        after_id=place.after_id,
        request_id=request_id,
        question_id=question_id,
        ruling_id=ruling_id,
        appeal_id=appeal_id,
        import_id=work.id if isinstance(work, Import) else None,
        now=now,
    )


def plan_for_moderators(
    tx: Transaction,
    work: Chapter | Import,
    *,
    request_id: int | None = None,
    question_id: int | None = None,
    ruling_id: int | None = None,
    appeal_id: int | None = None,
    now: Instant,
) -> None:
    """What waits for a moderator's decision, as a card in their channel."""
    community = communities.find(tx, work.community_id)
    deliveries.plan(
        tx,
        Kind.REQUEST,
        community_id=work.community_id,
        target_id=community.moderators_id if community else None,
        series_id=work.series_id,
        chapter_id=work.id if isinstance(work, Chapter) else None,
        request_id=request_id,
        question_id=question_id,
        ruling_id=ruling_id,
        appeal_id=appeal_id,
        import_id=work.id if isinstance(work, Import) else None,
        now=now,
    )


def renew_cards(tx: Transaction, chapter_id: int, matter_id: int, *, now: Instant) -> None:
    """Let the cards about a matter, a request or another, say what now holds."""
    for card in cards.of_matter(tx, chapter_id, matter_id):
        correct(tx, card, now=now)
