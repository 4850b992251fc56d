"""Taking down what is out: C11."""

from dataclasses import dataclass

from whenever import Instant

from rules.deliveries import Kind, State
from rules.promises import stays_counted
from storage import chapters, decisions, deliveries, posts, series
from storage.chapters import Chapter, ChapterState
from storage.decisions import DecisionKind
from storage.transaction import Transaction
from usecases.people import Person, community_of, own_by_id
from usecases.posts import promise_moved, tell_of_import
from usecases.promises import Offer, offer_after
from usecases.refusals import NotReleasedError
from usecases.replanning import apply_grants


@dataclass(frozen=True, slots=True)
class TakenDown:
    """A released chapter that was withdrawn (C11)."""

    chapter: Chapter
    counts: bool
    """Its slot stays taken."""
    copied: bool
    """Other servers have its announcement, or may have it."""
    announced: bool
    offer: Offer | None


def take_down(tx: Transaction, person: Person, chapter_id: int, *, now: Instant) -> TakenDown:
    """C11: withdraw a chapter that is out: announcements first, then its home; its slot is free again, or stays taken.

    Raises:
        NotYoursError: it is somebody else's.
        NotReleasedError: it is not out, or not any more.
    """
    chapter = own_by_id(tx, person, chapter_id)
    copied = posts.is_copied(tx, chapter_id)
    if chapter.state is not ChapterState.RELEASED or chapter.released_at is None:
        raise NotReleasedError(chapter.title)
    laned = chapter.slot is not None  # older work has no slot to give back (C13)
    counts = laned and stays_counted(released_at=chapter.released_at, copied=copied, now=now)
    chapters.take_down(tx, chapter_id, counts=counts, now=now)
    series.set_start(tx, chapter.series_id)
    promise_moved(tx, chapter.series_id, now=now)
    decisions.record(
        tx,
        DecisionKind.WITHDRAWN,
        community_id=chapter.community_id,
        chapter_id=chapter_id,
        actor_id=person.id,
        policy_version=chapter.policy_version,
        inputs=decisions.withdrawal_of(chapter.released_at, copied=copied, laned=laned, now=now),
        answer=decisions.counting_of(counts=counts),
        now=now,
    )
    apply_grants(tx, person.community_id, person.id, by=person.id, now=now)  # the next may be a start now (E2)
    announced = _plan_removals(tx, chapter, now=now)
    if chapter.import_id is not None:
        tell_of_import(tx, chapter.import_id, now=now)
    policy = community_of(tx, person).policy
    offer = None if counts or not laned else offer_after(tx, person, chapter.series_id, policy, now=now)
    return TakenDown(chapter, counts, copied, announced, offer)


def _plan_removals(tx: Transaction, chapter: Chapter, *, now: Instant) -> bool:
    """C11: announcements first, then the home from its end; whether it was announced."""
    posts.cancel(tx, chapter.id)
    standing = posts.of_chapter(tx, chapter.id)
    announcements = [one for one in standing if one.kind is Kind.ANNOUNCEMENT]
    before: int | None = None
    for post in [*announcements, *(one for one in reversed(standing) if one.kind is not Kind.ANNOUNCEMENT)]:
        removal = deliveries.plan(
            tx,
            Kind.REMOVE,
            community_id=chapter.community_id,
            target_id=post.target_id,
            series_id=chapter.series_id,
            chapter_id=chapter.id,
            after_id=before if post.state is State.SENT else post.id,
            subject_id=post.id,
            now=now,
        )
        if post.kind is Kind.ANNOUNCEMENT:
            before = removal
    return bool(announcements)
