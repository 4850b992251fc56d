"""A reader says that a label may be wrong; a moderator reads it, and the reader sees what came of it."""

from dataclasses import dataclass

from whenever import Instant

from rules.doubts import WEEK, opens_again, shown_number
from storage import doubts, questions
from storage.chapters import Chapter, ChapterState
from storage.decisions import DecisionKind
from storage.doubts import Doubt, DoubtOutcome
from storage.questions import Outcome
from storage.transaction import Transaction, new_id
from usecases.follows import of_chapter
from usecases.people import Person, known_chapter
from usecases.questions import QuestionView, ask_about_label
from usecases.records import record_act
from usecases.refusals import ChapterGoneError
from usecases.review_refusals import (
    DoubtedAlreadyError,
    EnoughDoubtsError,
    MatterGoneError,
    OwnChapterError,
)


@dataclass(frozen=True, slots=True)
class Crowd:
    """R6: what readers' presses add up to, as far as it may be told; `None` below the floor."""

    doubting: int | None
    """At least so many readers say that the chapter's label may be wrong."""
    fewer: int | None
    """At least so many asked to see less of its series."""


@dataclass(frozen=True, slots=True)
class DoubtView:
    """All unread doubts about one chapter, as one matter; who said them is shown to nobody."""

    first: Doubt
    words: tuple[str, ...]
    chapter: Chapter


@dataclass(frozen=True, slots=True)
class OwnDoubt:
    """What became of a reader's own doubt."""

    doubt: Doubt
    settled: Outcome | None
    """If the author was asked because of it: how that ended."""


def check_doubt(tx: Transaction, person: Person, chapter_id: int, *, now: Instant) -> Chapter:
    """Whether a reader may doubt a chapter's label: once for each chapter, and a few times a week.

    Raises:
        ChapterGoneError, OwnChapterError, DoubtedAlreadyError, EnoughDoubtsError: why not.
    """
    chapter = of_chapter(tx, person, chapter_id)
    if chapter.state is not ChapterState.RELEASED:
        raise ChapterGoneError
    if chapter.author_id == person.id:
        raise OwnChapterError
    if doubts.of_reader(tx, chapter.id, person.id) is not None:
        raise DoubtedAlreadyError(chapter.title)
    again = opens_again(doubts.said_since(tx, person.community_id, person.id, now - WEEK), now=now)
    if again is not None:
        raise EnoughDoubtsError(again)
    return chapter


def say_doubt(tx: Transaction, person: Person, chapter_id: int, words: str, *, now: Instant) -> Chapter:
    """Keep a reader's doubt for the moderators to read; it changes nothing by itself (R6).

    Raises:
        ChapterGoneError, OwnChapterError, DoubtedAlreadyError, EnoughDoubtsError: why not.
    """
    chapter = check_doubt(tx, person, chapter_id, now=now)
    doubt = Doubt(
        id=new_id(now),
        community_id=chapter.community_id,
        chapter_id=chapter.id,
        reader_id=person.id,
        words=words,
        ai=chapter.declaration.ai,
        said_at=now,
    )
    doubts.add(tx, doubt)
    return chapter


def own_doubt(tx: Transaction, person: Person, chapter: Chapter) -> OwnDoubt | None:
    """What became of a reader's doubt about a chapter's label, if there is one."""
    doubt = doubts.of_reader(tx, chapter.id, person.id)
    if doubt is None:
        return None
    question = questions.latest(tx, chapter.id) if doubt.outcome is DoubtOutcome.ASKED else None
    return OwnDoubt(doubt, question.outcome if question else None)


def view_doubts(tx: Transaction, doubt_id: int) -> DoubtView | None:
    """All that is unread about a chapter's label, by any of it; `None` if a moderator has read it."""
    found = doubts.unread(tx, doubt_id)
    if not found:
        return None
    return DoubtView(found[0], tuple(one.words for one in found), known_chapter(tx, found[0].chapter_id))


def crowd_of(tx: Transaction, chapter_id: int) -> Crowd:
    """R6: what presses add up to for one chapter; shown to moderators, read by no rule."""
    chapter = known_chapter(tx, chapter_id)
    return Crowd(
        shown_number(doubts.count_readers(tx, chapter.id)),
        shown_number(doubts.count_fewer(tx, chapter.community_id, chapter.series_id)),
    )


def keep_label(tx: Transaction, moderator: Person, doubt_id: int, answer: str, *, now: Instant) -> DoubtView:
    """A moderator has read the doubts about a chapter, and leaves its label; those readers see the words.

    Raises:
        MatterGoneError, OwnChapterError: another has read them; it is the moderator's own chapter.
    """
    view = _readable(tx, moderator, doubt_id)
    _close(tx, view, moderator, DoubtOutcome.KEPT, answer, now=now)
    return view


def ask_because_of_doubts(
    tx: Transaction, moderator: Person, doubt_id: int, question: str, *, now: Instant
) -> QuestionView:
    """A moderator has read the doubts about a chapter, and asks its author (L11), who hears nothing of who doubted.

    Raises:
        MatterGoneError, OwnChapterError, AskedBeforeError: why not.
    """
    view = _readable(tx, moderator, doubt_id)
    asked = ask_about_label(tx, moderator, str(view.chapter.id), question, now=now)
    _close(tx, view, moderator, DoubtOutcome.ASKED, "", now=now)
    return asked


def _readable(tx: Transaction, moderator: Person, doubt_id: int) -> DoubtView:
    view = view_doubts(tx, doubt_id)
    if view is None or view.chapter.community_id != moderator.community_id:
        raise MatterGoneError
    if view.chapter.author_id == moderator.id:
        raise OwnChapterError
    return view


def _close(
    tx: Transaction, view: DoubtView, moderator: Person, outcome: DoubtOutcome, answer: str, *, now: Instant
) -> None:
    doubts.close(tx, view.first, outcome, answer, by=moderator.id, now=now)
    facts = {"reason": answer, "outcome": outcome}
    record_act(tx, DecisionKind.DOUBTS_READ, view.chapter, facts, by=moderator.id, now=now)
