"""Appealing once, and another moderator's answer in words (L12)."""

from collections.abc import Collection
from dataclasses import dataclass

from whenever import Instant

from rules.appeals import Bar, answer_until, bar
from rules.deliveries import Kind
from storage import appeals, communities, decisions, exceptions, matters, questions, rulings
from storage.appeals import Appeal, AppealState
from storage.chapters import Chapter, ChapterState
from storage.decisions import DecisionKind
from storage.exceptions import Request, RequestState
from storage.questions import Outcome
from storage.rulings import Ruling, RulingState
from storage.transaction import Transaction, new_id
from usecases.cards import plan_for_author, plan_for_moderators, renew_cards
from usecases.chapters import own_chapter
from usecases.labels import relabel, undone
from usecases.people import Person, check_own, known_chapter
from usecases.records import record_act
from usecases.requests import RequestView, grant_declined, view_request
from usecases.review_refusals import (
    AppealDecidedError,
    AppealedAlreadyError,
    MatterGoneError,
    NothingToAppealError,
    OwnChapterError,
    OwnDecisionError,
)
from usecases.rulings import RulingView, view_ruling


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal with all that its author or a moderator needs to know."""

    appeal: Appeal
    chapter: Chapter
    against: RulingView | RequestView
    overdue: bool
    taken_by: int | None
    """The moderator who is on it."""


def find_appealable(tx: Transaction, person: Person, text: str) -> int:
    """What `/appeal` is against: the newest ruling or refusal about one's own chapter that was not appealed yet.

    Raises:
        UnknownChapterError, AmbiguousTitleError: it is not clear which chapter is meant.
        AppealedAlreadyError, NothingToAppealError: there is nothing to appeal.
    """
    chapter = own_chapter(tx, person, text)
    ruling, declined = rulings.standing(tx, chapter.id), exceptions.latest_declined(tx, chapter.id)
    acts = sorted((act.id for act in (ruling, declined) if act is not None), reverse=True)
    for act_id in acts:
        if appeals.against(tx, act_id) is None:
            return act_id
    if acts:
        raise AppealedAlreadyError(chapter.title)
    raise NothingToAppealError(chapter.title)


def check_appealable(tx: Transaction, person: Person, act_id: int) -> Chapter:
    """Whether somebody may appeal against a ruling or a declined request: it is theirs, it stands, and only once.

    Raises:
        NotYoursError, NothingToAppealError, AppealedAlreadyError, MatterGoneError: why not.
    """
    act = _act(tx, act_id)
    chapter = known_chapter(tx, act.chapter_id)
    check_own(person, chapter)
    if appeals.against(tx, act_id) is not None:
        raise AppealedAlreadyError(chapter.title)
    if act.state not in {RulingState.STANDING, RequestState.DECLINED} or chapter.state is ChapterState.WITHDRAWN:
        raise NothingToAppealError(chapter.title)
    return chapter


def appeal(tx: Transaction, person: Person, act_id: int, reason: str, *, now: Instant) -> AppealView:
    """L12: appeal once, with words; the moderators get a card, and another one of them answers.

    Raises:
        NotYoursError, NothingToAppealError, AppealedAlreadyError, MatterGoneError: it cannot be appealed.
    """
    chapter = check_appealable(tx, person, act_id)
    policy = communities.policy_version(tx, chapter.community_id, chapter.policy_version)
    is_ruling = isinstance(_act(tx, act_id), Ruling)
    made = Appeal(
        id=new_id(now),
        community_id=chapter.community_id,
        chapter_id=chapter.id,
        ruling_id=act_id if is_ruling else None,
        request_id=None if is_ruling else act_id,
        reason=reason,
        state=AppealState.OPEN,
        asked_at=now,
        due=answer_until(now, policy),
        decided_by=None,
        decided_at=None,
        answer=None,
    )
    appeals.add(tx, made)
    plan_for_moderators(tx, chapter, appeal_id=made.id, now=now)
    renew_cards(tx, chapter.id, act_id, now=now)
    _record(tx, DecisionKind.APPEALED, chapter, made, by=person.id, reason=reason, now=now)
    return view_appeal(tx, made.id, now=now)


def view_appeal(tx: Transaction, appeal_id: int, *, now: Instant) -> AppealView:
    """An appeal as it now stands.

    Raises:
        MatterGoneError: there is no such appeal.
    """
    found = appeals.find(tx, appeal_id)
    if found is None:
        raise MatterGoneError
    against = (
        view_request(tx, found.request_id or 0, now=now)
        if found.ruling_id is None
        else view_ruling(tx, found.ruling_id, now=now)
    )
    return AppealView(
        found,
        known_chapter(tx, found.chapter_id),
        against,
        found.state is AppealState.OPEN and now >= found.due,
        matters.taker(tx, appeal_id, now=now),
    )


def check_answerable(tx: Transaction, moderator: Person, appeal_id: int, *, now: Instant) -> AppealView:
    """Whether a moderator may answer an appeal, still: neither its author nor who has decided before (L12).

    Raises:
        MatterGoneError, AppealDecidedError, OwnChapterError, OwnDecisionError: why not.
    """
    view = view_appeal(tx, appeal_id, now=now)
    found, chapter = view.appeal, view.chapter
    if found.community_id != moderator.community_id or chapter.state is ChapterState.WITHDRAWN:
        raise MatterGoneError
    if found.decided_by is not None:
        raise AppealDecidedError(found.decided_by, granted=found.state is AppealState.GRANTED)
    match bar(moderator.id, author_id=chapter.author_id, judges=_judges(view)):
        case Bar.OWN:
            raise OwnChapterError
        case Bar.JUDGE:
            raise OwnDecisionError
    return view


def answer_appeal(
    tx: Transaction, moderator: Person, appeal_id: int, answer: str, *, granted: bool, now: Instant
) -> AppealView:
    """L12: grant an appeal and undo wholly what it was against, or keep that; with words, once.

    Raises:
        MatterGoneError, AppealDecidedError, OwnChapterError, OwnDecisionError: why not.
    """
    view = check_answerable(tx, moderator, appeal_id, now=now)
    chapter, act_id = view.chapter, view.appeal.ruling_id or view.appeal.request_id or 0
    if granted and isinstance(view.against, RulingView):
        _undo_ruling(tx, view.against.ruling, by=moderator.id, answer=answer, now=now)
    elif granted:
        grant_declined(tx, moderator, act_id, answer, now=now)
    state = AppealState.GRANTED if granted else AppealState.KEPT
    appeals.decide(tx, appeal_id, state, answer, by=moderator.id, now=now)
    plan_for_author(tx, Kind.ANSWER, chapter, appeal_id=appeal_id, now=now)
    for matter_id in (appeal_id, act_id):
        renew_cards(tx, chapter.id, matter_id, now=now)
    kind = DecisionKind.APPEAL_GRANTED if granted else DecisionKind.APPEAL_KEPT
    _record(tx, kind, chapter, view.appeal, by=moderator.id, reason=answer, now=now)
    return view_appeal(tx, appeal_id, now=now)


def reminders_are_due(tx: Transaction, *, now: Instant) -> tuple[bool, Instant | None]:
    """Whether an appeal has become overdue, and when the next one does."""
    return bool(appeals.steps(tx, now=now)), appeals.next_step(tx, now=now)


def remind(tx: Transaction, *, now: Instant) -> None:
    """L12: the moderators are told once of each appeal that is overdue."""
    for overdue in appeals.steps(tx, now=now):
        appeals.rest(tx, overdue.id)
        chapter = known_chapter(tx, overdue.chapter_id)
        if chapter.state is not ChapterState.WITHDRAWN:
            plan_for_moderators(tx, chapter, appeal_id=overdue.id, now=now)


def _undo_ruling(tx: Transaction, ruling: Ruling, *, by: int, answer: str, now: Instant) -> None:
    """L12: the label is what it was, and so is all that followed; a ruling that this one replaced stands again."""
    before = None if ruling.before_id is None else decisions.find(tx, ruling.before_id)
    if before is None:
        raise LookupError(f"nothing says what was before ruling {ruling.id}")
    rulings.end(tx, ruling.id, RulingState.UNDONE)
    earlier = rulings.replaced(tx, ruling.chapter_id)
    if earlier is not None:
        rulings.end(tx, earlier.id, RulingState.STANDING)
        renew_cards(tx, ruling.chapter_id, earlier.id, now=now)
    relabel(tx, ruling.chapter_id, undone(before, by=by, reason=answer), now=now)
    question = questions.latest(tx, ruling.chapter_id)
    if earlier is None and question is not None and question.outcome is Outcome.SET:
        questions.revise(tx, question.id, Outcome.LEFT)


def _act(tx: Transaction, act_id: int) -> Ruling | Request:
    act = rulings.find(tx, act_id) or exceptions.find_request(tx, act_id)
    if act is None:
        raise MatterGoneError
    return act


def _judges(view: AppealView) -> Collection[int]:
    if isinstance(view.against, RulingView):
        return view.against.ruling.judges
    return {view.against.request.decided_by or 0}


def _record(
    tx: Transaction, kind: DecisionKind, chapter: Chapter, made: Appeal, *, by: int, reason: str, now: Instant
) -> None:
    facts = {"appeal": made.id, "against": made.ruling_id or made.request_id, "reason": reason}
    record_act(tx, kind, chapter, facts, by=by, now=now)
