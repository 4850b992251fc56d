"""A chapter goes out: at its slot, once, as far as its labels then let it travel (R1, L9)."""

from dataclasses import dataclass

from whenever import Instant

from rules.cadence import release_moment
from rules.deliveries import Kind
from rules.exceptions import is_spent
from rules.labels import Reach
from rules.pages import Page
from rules.verdict import Verdict, evaluate
from storage import chapters, deliveries, exceptions, images, manuscripts, posts, releases
from storage.chapters import Chapter, ChapterState
from storage.decisions import THE_BOT, DecisionKind
from storage.transaction import Transaction
from usecases.people import known_chapter
from usecases.posts import announce
from usecases.records import record_verdict
from usecases.replanning import apply_grants, present_case


@dataclass(frozen=True, slots=True)
class Schedule:
    """What may go out now, in order, and the next moment at which something may."""

    due: tuple[int, ...]
    """Chapters, at most one of a series."""
    next_at: Instant | None


@dataclass(frozen=True, slots=True)
class Release:
    """A chapter to let out; `pages` are the messages of `markdown`, as Discord will show them."""

    chapter_id: int
    markdown: str
    pages: tuple[Page, ...]


def release_schedule(tx: Transaction, *, now: Instant) -> Schedule:
    """C14: overdue chapters in slot order, those of one series an hour apart."""
    due: list[int] = []
    later: list[Instant] = []
    seen: set[int] = set()
    for one in releases.due(tx, now=now):
        if one.series_id in seen:
            continue
        seen.add(one.series_id)
        at = release_moment(one.slot, previous_release=one.previous_release, now=now)
        if at <= now:
            due.append(one.chapter_id)
        else:
            later.append(at)
    upcoming = releases.next_slot(tx, now=now)
    return Schedule(tuple(due), min([*later, *([upcoming] if upcoming else [])], default=None))


def chapter_text(tx: Transaction, chapter_id: int) -> tuple[str, str, tuple[int, ...]]:
    """The title and the manuscript of a chapter, and the numbers of its images."""
    chapter = known_chapter(tx, chapter_id)
    numbers = tuple(image.number for image in chapter.labels.images)
    return chapter.title, manuscripts.text(tx, chapter_id) or "", numbers


def release_chapter(tx: Transaction, request: Release, *, now: Instant) -> Verdict | None:
    """Let a waiting chapter out and plan its posts; `None` if it waits no more, or has changed meanwhile (R2)."""
    chapter = chapters.find(tx, request.chapter_id)
    if chapter is None or chapter.state is not ChapterState.WAITING or chapter.slot is None or chapter.slot > now:
        return None
    if releases.is_held(tx, chapter.id) or manuscripts.text(tx, chapter.id) != request.markdown:
        return None
    if {page for page in request.pages if isinstance(page, int)} != {one.number for one in chapter.labels.images}:
        return None
    case = present_case(tx, chapter)
    verdict = evaluate(case)
    chapters.release(tx, chapter.id, reach=verdict.reach, now=now)
    if chapter.exception_id is not None:
        _settle_use(tx, chapter, chapter.exception_id, verdict, now=now)
    record_verdict(tx, DecisionKind.RELEASED, chapter, case, verdict, by=THE_BOT, now=now)
    _plan_posts(tx, chapter, request.pages, verdict.reach, now=now)
    return verdict


def _settle_use(tx: Transaction, chapter: Chapter, exception_id: int, verdict: Verdict, *, now: Instant) -> None:
    """E3: the use is spent if it moved something; otherwise it is free for what waits next (E2)."""
    if is_spent(free_from=verdict.slot.free_from, released_at=now):
        exceptions.spend(tx, exception_id)
        return
    chapters.set_exception(tx, chapter.id, None)
    apply_grants(tx, chapter.community_id, chapter.author_id, by=THE_BOT, now=now)


def _plan_posts(tx: Transaction, chapter: Chapter, pages: tuple[Page, ...], reach: Reach, *, now: Instant) -> None:
    """R1: its home first, then, if it may travel, the network channel."""
    last = plan_home(tx, chapter, pages, now=now)
    if reach is Reach.NETWORK:
        announce(tx, chapter, after_id=last, now=now)


def plan_home(tx: Transaction, chapter: Chapter, pages: tuple[Page, ...], *, now: Instant) -> int | None:
    """R1: a chapter that is out comes to its home, message after message; the last of them."""
    last = posts.thread_of_series(tx, chapter.series_id)
    ids = {image.label.number: image.id for image in images.of_chapter(tx, chapter.id)}
    for page in (None, *pages):
        last = deliveries.plan(
            tx,
            Kind.HEADING if page is None else Kind.PART if isinstance(page, str) else Kind.IMAGE,
            community_id=chapter.community_id,
            target_id=chapter.thread_id,
            series_id=chapter.series_id,
            chapter_id=chapter.id,
            after_id=last,
            image_id=ids[page] if isinstance(page, int) else None,
            body=page if isinstance(page, str) else None,
            now=now,
        )
    return last
