"""The one list of what waits for a moderator: looking, opening one matter, saying "I am on it"."""

from collections.abc import Callable
from dataclasses import dataclass

from whenever import Instant

from rules.matters import MatterKind
from storage import deliveries, holds, matters, series
from storage.deliveries import Delivery
from storage.holds import Hold
from storage.matters import Matter
from storage.transaction import Transaction
from usecases.appeals import AppealView, view_appeal
from usecases.cards import renew_cards
from usecases.doubts import Crowd, DoubtView, crowd_of, view_doubts
from usecases.imports import ImportView, renew_import_cards, view_import
from usecases.people import Person, community_of, known_chapter
from usecases.questions import QuestionView, view_question
from usecases.requests import RequestView, view_request
from usecases.review_refusals import MatterGoneError, OwnChapterError, TakenError
from usecases.rulings import RulingView, view_ruling

A_PAGE = 10
"""Matters that are shown at a time."""


@dataclass(frozen=True, slots=True)
class HeldPosts:
    """R3: the first of what is held in a channel, and the title of what that belongs to."""

    first: Delivery
    title: str | None


Subject = RequestView | QuestionView | RulingView | DoubtView | AppealView | HeldPosts | Hold | ImportView
"""What a matter is about, with all that is needed to decide it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One matter, ready to be decided."""

    matter: Matter
    subject: Subject
    crowd: Crowd | None
    """What readers' presses add up to for the chapter it is about, if it is about one (R6)."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list and its number, from 0; how much waits in all, on how many pages."""

    matters: tuple[Matter, ...]
    total: int
    number: int
    pages: int


def list_matters(tx: Transaction, moderator: Person, number: int, *, now: Instant) -> Listed:
    """What waits for a moderator: what is overdue, then the oldest first; the last page for one that is gone."""
    community_of(tx, moderator)
    total = matters.count(tx, moderator.community_id)
    pages = max(1, -(-total // A_PAGE))
    number = min(number, pages - 1)
    shown = matters.page(tx, moderator.community_id, limit=A_PAGE, offset=number * A_PAGE, now=now)
    return Listed(tuple(shown), total, number, pages)


def open_matter(tx: Transaction, moderator: Person, matter_id: int, *, now: Instant) -> Opened:
    """One thing that waits, with all that is needed to decide it.

    Raises:
        MatterGoneError: it waits no more.
        OwnChapterError: readers say something privately of the moderator's own chapter.
    """
    matter = matters.find(tx, moderator.community_id, matter_id, now=now)
    subject = None if matter is None else _SUBJECTS[matter.kind](tx, matter_id, now)
    if matter is None or subject is None:
        raise MatterGoneError
    if isinstance(subject, DoubtView) and subject.chapter.author_id == moderator.id:
        raise OwnChapterError
    return Opened(matter, subject, None if matter.chapter_id is None else crowd_of(tx, matter.chapter_id))


def take_matter(tx: Transaction, moderator: Person, matter_id: int, *, now: Instant) -> Opened:
    """Say "I am on it"; it locks nothing, another's decision counts all the same.

    Raises:
        MatterGoneError: it waits no more.
        TakenError: another moderator is on it.
    """
    matter = _free_for(tx, moderator, matter_id, now=now)
    matters.take(tx, moderator.community_id, matter_id, by=moderator.id, now=now)
    return _with_cards(tx, moderator, matter, now=now)


def put_matter_back(tx: Transaction, moderator: Person, matter_id: int, *, now: Instant) -> Opened:
    """Say "I am not on it any more".

    Raises:
        MatterGoneError: it waits no more.
        TakenError: another moderator is on it.
    """
    matter = _free_for(tx, moderator, matter_id, now=now)
    matters.put_back(tx, matter_id)
    return _with_cards(tx, moderator, matter, now=now)


def _free_for(tx: Transaction, moderator: Person, matter_id: int, *, now: Instant) -> Matter:
    matter = open_matter(tx, moderator, matter_id, now=now).matter
    if matter.taken_by is not None and matter.taken_by != moderator.id:
        raise TakenError(matter.taken_by)
    return matter


def _with_cards(tx: Transaction, moderator: Person, matter: Matter, *, now: Instant) -> Opened:
    """The matter as it now stands; its card in the moderators' channel shows the same to everybody."""
    if matter.chapter_id is not None:
        renew_cards(tx, matter.chapter_id, matter.id, now=now)
    opened = open_matter(tx, moderator, matter.id, now=now)
    about = opened.subject.against if isinstance(opened.subject, AppealView) else opened.subject
    if isinstance(about, ImportView):
        renew_import_cards(tx, about.imported.id, matter.id, now=now)
    return opened


def _held_posts(tx: Transaction, delivery_id: int) -> HeldPosts:
    first = deliveries.find(tx, delivery_id)
    if first.chapter_id is not None:
        return HeldPosts(first, known_chapter(tx, first.chapter_id).title)
    return HeldPosts(first, None if first.series_id is None else series.find(tx, first.series_id).title)


_SUBJECTS: dict[MatterKind, Callable[[Transaction, int, Instant], Subject | None]] = {
    MatterKind.REQUEST: lambda tx, number, now: view_request(tx, number, now=now),
    MatterKind.QUESTION: lambda tx, number, now: view_question(tx, number, now=now),
    MatterKind.READING: lambda tx, number, now: view_ruling(tx, number, now=now),
    MatterKind.DOUBT: lambda tx, number, _: view_doubts(tx, number),
    MatterKind.APPEAL: lambda tx, number, now: view_appeal(tx, number, now=now),
    MatterKind.DELIVERY: lambda tx, number, _: _held_posts(tx, number),
    MatterKind.HOLD: lambda tx, number, _: holds.find(tx, number),
    MatterKind.IMPORT: lambda tx, number, now: view_import(tx, number, now=now),
}
