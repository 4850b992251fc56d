"""What the network reads of a chapter: announced once, corrected to what then holds, taken back and put back (R1, L10).

A correction is planned without its words: whoever carries it out renders what holds at that moment. So one planned
correction of a post is enough, and corrections may come in any order.
"""

from collections.abc import Collection

from whenever import Instant

from rules.deliveries import PROMISE_SETTLES, UNHURRIED, Kind, State
from storage import communities, deliveries, images, imports, posts
from storage.chapters import Chapter
from storage.deliveries import Delivery
from storage.imports import ImportState
from storage.transaction import Transaction


def announce(tx: Transaction, chapter: Chapter, *, after_id: int | None, now: Instant) -> None:
    """R1: announce a chapter in the network channel, after all that stands of it in its home."""
    community = communities.find(tx, chapter.community_id)
    deliveries.plan(
        tx,
        Kind.ANNOUNCEMENT,
        community_id=chapter.community_id,
        target_id=community.network_id if community else None,
        series_id=chapter.series_id,
        chapter_id=chapter.id,
        after_id=after_id,
        now=now,
    )


def correct(tx: Transaction, made: Delivery, *, now: Instant) -> int | None:
    """Let a post say what now holds; the correction, or `None` where the post itself will say so when it is sent."""
    if _never_sent(made):
        return None
    planned = posts.planned_edit(tx, made.id)
    if planned is None:
        return _plan_edit(tx, made, None, now=now)
    posts.bring_forward(tx, planned, due=now)
    return planned


def promise_moved(tx: Transaction, series_id: int, *, now: Instant) -> None:
    """R5: let a series' newest announcement say when the next chapter now comes, some time after that was changed.

    Authors who tidy their queue change it several times in a row, and Discord lets announcements be edited seldom.
    """
    for made in posts.announced(tx, series_id)[:1]:
        if posts.planned_edit(tx, made.id) is None:
            edit = _plan_edit(tx, made, UNHURRIED, now=now)
            deliveries.postpone(tx, edit, due=now + PROMISE_SETTLES)


def _plan_edit(tx: Transaction, made: Delivery, body: str | None, *, now: Instant) -> int:
    return deliveries.plan(
        tx,
        Kind.EDIT,
        community_id=made.community_id,
        target_id=made.message_id if made.kind is Kind.THREAD else made.target_id,  # a home is its own channel
        series_id=made.series_id,
        chapter_id=made.chapter_id,
        after_id=made.id,
        subject_id=made.id,
        request_id=made.request_id,
        question_id=made.question_id,
        ruling_id=made.ruling_id,
        appeal_id=made.appeal_id,
        body=body,
        import_id=made.import_id,
        now=now,
    )


def correct_posts(tx: Transaction, chapter_id: int, *, now: Instant) -> None:
    """Let the heading and the announcements of a chapter that is out say what now holds."""
    for made in posts.of_chapter(tx, chapter_id):
        if made.kind not in {Kind.PART, Kind.IMAGE}:
            correct(tx, made, now=now)


def correct_images(tx: Transaction, chapter_id: int, numbers: Collection[int], *, now: Instant) -> None:
    """L5, L10: let the posted images of these numbers say what is now said of them; their alt texts stay."""
    ids = {image.id for image in images.of_chapter(tx, chapter_id) if image.label.number in numbers}
    for made in posts.of_chapter(tx, chapter_id):
        if made.image_id in ids:
            correct(tx, made, now=now)


def take_back(tx: Transaction, chapter_id: int) -> None:
    """L10: what is not yet announced of a chapter never will be; what stands is left to `correct_posts`."""
    for made in (*_announcements(tx, chapter_id), *posts.publishes(tx, chapter_id)):
        if _never_sent(made):
            deliveries.cancel(tx, made)


def put_back(tx: Transaction, chapter_id: int, *, now: Instant) -> bool:
    """L10: what was taken back is an announcement again, and no second one; `False` if none of it ever stood."""
    standing = _announcements(tx, chapter_id)
    for made in standing:
        edit = correct(tx, made, now=now)
        about = [one.state for one in posts.publishes(tx, chapter_id) if one.subject_id == made.id]
        if about and all(state is State.CANCELLED for state in about):
            deliveries.plan(
                tx,
                Kind.PUBLISH,
                community_id=made.community_id,
                target_id=made.target_id,
                series_id=made.series_id,
                chapter_id=made.chapter_id,
                after_id=edit or made.id,
                subject_id=made.id,
                now=now,
            )
    return bool(standing)


def tell_of_import(tx: Transaction, import_id: int, *, now: Instant) -> None:
    """C13: announce an import as a whole, once; where that is done, let the announcement say what now holds of it.

    Before everything of it is posted, and as long as nothing of it travels (the second law), nothing is announced.
    """
    made = posts.of_import(tx, import_id, Kind.ANNOUNCEMENT)
    for one in made:
        correct(tx, one, now=now)
    found = imports.find(tx, import_id)
    if made or found is None or found.state is not ImportState.DONE or not imports.travels(tx, import_id):
        return
    community = communities.find(tx, found.community_id)
    deliveries.plan(
        tx,
        Kind.ANNOUNCEMENT,
        community_id=found.community_id,
        target_id=community.network_id if community else None,
        series_id=found.series_id,
        import_id=import_id,
        now=now,
    )


def last_post(tx: Transaction, chapter_id: int) -> int | None:
    """The delivery with which a released chapter ends in its home."""
    home = [made.id for made in posts.of_chapter(tx, chapter_id) if made.kind is not Kind.ANNOUNCEMENT]
    return home[-1] if home else None


def _announcements(tx: Transaction, chapter_id: int) -> list[Delivery]:
    return [made for made in posts.of_chapter(tx, chapter_id) if made.kind is Kind.ANNOUNCEMENT]


def _never_sent(made: Delivery) -> bool:
    """Nothing of it can stand on Discord yet."""
    return made.state in {State.PLANNED, State.HELD} and made.lost_at is None
