"""Asking an author about a label, answering, and leaving it as it is (L11)."""

from dataclasses import dataclass

from whenever import Instant

from rules.deliveries import Kind
from rules.labels import Ai
from rules.questions import due_after_reminder, may_be_decided, times
from storage import cards, chapters, communities, matters, questions
from storage.chapters import Chapter, ChapterState
from storage.decisions import DecisionKind
from storage.questions import Outcome, Question
from storage.transaction import Transaction, new_id
from usecases.cards import plan_for_author, plan_for_moderators, renew_cards
from usecases.labels import Cause, Change, Relabelled, relabel
from usecases.people import Person, check_own, community_of, known_chapter, matching, pick_chapter
from usecases.records import record_act
from usecases.review_refusals import (
    AnsweredAlreadyError,
    AskedBeforeError,
    MatterGoneError,
    OwnChapterError,
    QuestionClosedError,
    UnknownTitleError,
)

_LABELLED = {ChapterState.WAITING, ChapterState.RELEASED}
_LONGER_THAN_IDS = 19
_KNOWN = 1000
"""As many of a community's chapters can be meant by a title; an older one by its number."""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with all that its author or a moderator needs to know."""

    question: Question
    chapter: Chapter
    due: Instant
    """Until when its author has time; as if they read it now, if they cannot yet."""
    may_be_decided: bool
    """It is answered, or its author's time is over (L11)."""
    taken_by: int | None
    """The moderator who is on it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an answer; `relabelled` if another label came with it."""

    view: QuestionView
    relabelled: Relabelled | None


def ask_about_label(tx: Transaction, moderator: Person, text: str, question: str, *, now: Instant) -> QuestionView:
    """L11: ask the author of a chapter about its label; nothing changes until a moderator decides.

    Raises:
        UnknownTitleError, AmbiguousTitleError: it is not clear which chapter is meant.
        OwnChapterError: nobody judges their own.
        AskedBeforeError: a question about it is open already.
    """
    chapter = labelled_chapter(tx, moderator, text)
    if chapter.author_id == moderator.id:
        raise OwnChapterError
    before = questions.latest(tx, chapter.id)
    if before is not None and before.closed_at is None:
        raise AskedBeforeError(chapter.title, before.asked_by)
    asked = Question(
        id=new_id(now),
        community_id=chapter.community_id,
        chapter_id=chapter.id,
        question=question,
        asked_by=moderator.id,
        asked_at=now,
        due=None,
        reminded_at=None,
        answer=None,
        corrected=None,
        answered_at=None,
        closed_by=None,
        closed_at=None,
        outcome=None,
    )
    questions.add(tx, asked)
    plan_for_author(tx, Kind.QUESTION, chapter, question_id=asked.id, now=now)
    _record(tx, DecisionKind.ASKED, chapter, asked, by=moderator.id, reason=question, now=now)
    return view_question(tx, asked.id, now=now)


def view_question(tx: Transaction, question_id: int, *, now: Instant) -> QuestionView:
    """A question as it now stands.

    Raises:
        MatterGoneError: there is no such question.
    """
    question = questions.find(tx, question_id)
    if question is None:
        raise MatterGoneError
    chapter = known_chapter(tx, question.chapter_id)
    policy = communities.policy_version(tx, chapter.community_id, chapter.policy_version)
    return QuestionView(
        question,
        chapter,
        question.due or times(now, policy).due,
        may_be_decided(answered=question.answer is not None, due=question.due, now=now),
        matters.taker(tx, question_id, now=now),
    )


def check_answerable(tx: Transaction, person: Person, question_id: int, *, now: Instant) -> QuestionView:
    """Whether a person may answer a question, still: its author, once, also when their time is over.

    Raises:
        MatterGoneError, NotYoursError, QuestionClosedError, AnsweredAlreadyError: why not.
    """
    view = view_question(tx, question_id, now=now)
    chapter, question = view.chapter, view.question
    check_own(person, chapter)
    if question.closed_by is not None:
        raise QuestionClosedError(question.closed_by)
    if question.answer is not None:
        raise AnsweredAlreadyError(chapter.title)
    if chapter.state not in _LABELLED:
        raise MatterGoneError
    return view


def answer_question(
    tx: Transaction, person: Person, question_id: int, text: str, corrected: Ai | None, *, now: Instant
) -> Answered:
    """L11: an author answers in words, and mends the label if they want; the moderators get a card.

    Raises:
        MatterGoneError, NotYoursError, QuestionClosedError, AnsweredAlreadyError: it cannot be answered.
    """
    chapter = check_answerable(tx, person, question_id, now=now).chapter
    if corrected is chapter.declaration.ai:
        corrected = None
    done = None
    if corrected is not None:
        declaration = chapter.declaration.said(corrected)
        change = Change(by=person.id, cause=Cause.AUTHOR, declaration=declaration, reason=text)
        done = relabel(tx, chapter.id, change, now=now)
    questions.answer(tx, question_id, text, corrected, now=now)
    view = view_question(tx, question_id, now=now)
    cards.cancel_reminders(tx, chapter.id, question_id)
    renew_cards(tx, chapter.id, question_id, now=now)
    plan_for_moderators(tx, chapter, question_id=question_id, now=now)
    _record(tx, DecisionKind.ANSWERED, chapter, view.question, by=person.id, reason=text, now=now)
    return Answered(view, done)


def leave_label(tx: Transaction, moderator: Person, question_id: int, *, now: Instant) -> QuestionView:
    """L11: the label stays as it is, and its author hears so.

    Raises:
        MatterGoneError, QuestionClosedError, OwnChapterError: why not.
    """
    view = check_closable(tx, moderator, question_id, now=now)
    close_question(tx, view.question, Outcome.LEFT, by=moderator.id, now=now)
    plan_for_author(tx, Kind.ANSWER, view.chapter, question_id=question_id, now=now)
    _record(tx, DecisionKind.LEFT, view.chapter, view.question, by=moderator.id, reason="", now=now)
    return view_question(tx, question_id, now=now)


def check_closable(tx: Transaction, moderator: Person, question_id: int, *, now: Instant) -> QuestionView:
    """Whether a moderator may decide about a question, still.

    Raises:
        MatterGoneError, QuestionClosedError, OwnChapterError: why not.
    """
    view = view_question(tx, question_id, now=now)
    if view.question.community_id != moderator.community_id or view.chapter.state not in _LABELLED:
        raise MatterGoneError
    if view.question.closed_by is not None:
        raise QuestionClosedError(view.question.closed_by)
    if view.chapter.author_id == moderator.id:
        raise OwnChapterError
    return view


def close_question(tx: Transaction, question: Question, outcome: Outcome, *, by: int, now: Instant) -> None:
    """A question has had its end: every card about it shows so, and nobody is reminded any more."""
    questions.close(tx, question.id, outcome, by=by, now=now)
    cards.cancel_reminders(tx, question.chapter_id, question.id)
    renew_cards(tx, question.chapter_id, question.id, now=now)


def start_question(tx: Transaction, question_id: int, *, now: Instant) -> None:
    """L11: its author can read it, so their time runs from now on."""
    view = view_question(tx, question_id, now=now)
    policy = communities.policy_version(tx, view.chapter.community_id, view.chapter.policy_version)
    when = times(now, policy)
    questions.start(tx, question_id, due=when.due, remind=when.remind)


def reminders_are_due(tx: Transaction, *, now: Instant) -> tuple[bool, Instant | None]:
    """Whether the bot itself has something to do about a question now, and when it next has."""
    return bool(questions.steps(tx, now=now)), questions.next_step(tx, now=now)


def remind(tx: Transaction, *, now: Instant) -> None:
    """L11: remind each author once; when their time is over, tell the moderators once."""
    for question in questions.steps(tx, now=now):
        _take_step(tx, question, now=now)


def labelled_chapter(tx: Transaction, moderator: Person, text: str) -> Chapter:
    """The chapter of the community, waiting or out, that a text means.

    Raises:
        UnknownTitleError, AmbiguousTitleError: it is not clear which.
    """
    community_of(tx, moderator)
    number = text.strip()
    chosen = chapters.find(tx, int(number)) if number.isdecimal() and len(number) < _LONGER_THAN_IDS else None
    if chosen and chosen.community_id == moderator.community_id and chosen.state in _LABELLED:
        return chosen
    known = chapters.labelled(tx, moderator.community_id, limit=_KNOWN)
    found = pick_chapter(text, known)
    if found is None:
        raise UnknownTitleError(text)
    return found


def suggest_labelled(tx: Transaction, moderator: Person, typed: str) -> list[Chapter]:
    """The community's chapters, waiting or out, whose title holds what was typed so far, newest first."""
    known = chapters.labelled(tx, moderator.community_id, limit=_KNOWN)
    return matching(typed, known)


def _take_step(tx: Transaction, question: Question, *, now: Instant) -> None:
    chapter = known_chapter(tx, question.chapter_id)
    if chapter.state not in _LABELLED or question.due is None:
        questions.rest(tx, question.id)
    elif question.reminded_at is None:
        policy = communities.policy_version(tx, chapter.community_id, chapter.policy_version)
        due = due_after_reminder(question.due, reminded=now, policy=policy)
        questions.reminded(tx, question.id, due=due, now=now)
        plan_for_author(tx, Kind.REMINDER, chapter, question_id=question.id, now=now)
    else:
        questions.rest(tx, question.id)
        plan_for_moderators(tx, chapter, question_id=question.id, now=now)


def _record(
    tx: Transaction, kind: DecisionKind, chapter: Chapter, question: Question, *, by: int, reason: str, now: Instant
) -> None:
    facts = {"question": question.id, "reason": reason}
    record_act(tx, kind, chapter, facts, by=by, now=now)
