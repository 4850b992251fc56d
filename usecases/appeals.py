"""Appealing once, and another moderator's answer in words (L12)."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from whenever import Instant

from rules.appeals import Bar, answer_until, bar
from rules.deliveries import Kind
from rules.policy import Policy
from storage import appeals, communities, decisions, imports, matters, questions, rulings
from storage.appeals import Appeal, AppealState
from storage.decisions import DecisionKind
from storage.exceptions import Request
from storage.imports import Import
from storage.questions import Outcome
from storage.rulings import Ruling, RulingState
from storage.transaction import Transaction, new_id
from usecases.appealable import Subject, act_of, check_appealable, subject_of
from usecases.cards import plan_for_author, plan_for_moderators, renew_cards
from usecases.import_decisions import forget_declined, let_declined_in
from usecases.imports import ImportView, renew_import_cards, view_import
from usecases.labels import relabel, undone
from usecases.people import Person, community_of
from usecases.records import record_act
from usecases.requests import RequestView, grant_declined, view_request
from usecases.review_refusals import AppealDecidedError, MatterGoneError, OwnChapterError, OwnDecisionError
from usecases.rulings import RulingView, view_ruling


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal with all that its author or a moderator needs to know."""

    appeal: Appeal
    subject: Subject
    against: RulingView | RequestView | ImportView
    overdue: bool
    taken_by: int | None
    """The moderator who is on it."""


def appeal(tx: Transaction, person: Person, act_id: int, reason: str, *, now: Instant) -> AppealView:
    """L12: appeal once, with words; the moderators get a card, and another one of them answers.

    Raises:
        NotYoursError, NothingToAppealError, AppealedAlreadyError, MatterGoneError: it cannot be appealed.
        AppealTooLateError, OtherImportError: an import cannot be appealed any more, or not yet.
    """
    subject, act = check_appealable(tx, person, act_id, now=now), act_of(tx, act_id)
    made = Appeal(
        id=new_id(now),
        community_id=person.community_id,
        chapter_id=subject.chapter.id if subject.chapter else None,
        ruling_id=act_id if isinstance(act, Ruling) else None,
        request_id=act_id if isinstance(act, Request) else None,
        import_id=act_id if isinstance(act, Import) else None,
        reason=reason,
        state=AppealState.OPEN,
        asked_at=now,
        due=answer_until(now, _policy(tx, subject)),
        decided_by=None,
        decided_at=None,
        answer=None,
    )
    appeals.add(tx, made)
    if isinstance(act, Import):
        imports.keep(tx, act_id)
    plan_for_moderators(tx, subject.work, appeal_id=made.id, now=now)
    _renew(tx, subject, act_id, now=now)
    _record(tx, DecisionKind.APPEALED, subject, made, by=person.id, reason=reason, now=now)
    return view_appeal(tx, made.id, now=now)


def view_appeal(tx: Transaction, appeal_id: int, *, now: Instant) -> AppealView:
    """An appeal as it now stands.

    Raises:
        MatterGoneError: there is no such appeal.
    """
    found = appeals.find(tx, appeal_id)
    if found is None:
        raise MatterGoneError
    subject = subject_of(tx, act_of(tx, found.act_id))
    return AppealView(
        found,
        subject,
        _against(tx, found, now=now),
        found.state is AppealState.OPEN and now >= found.due and not subject.gone,
        matters.taker(tx, appeal_id, now=now),
    )


def check_answerable(tx: Transaction, moderator: Person, appeal_id: int, *, now: Instant) -> AppealView:
    """Whether a moderator may answer an appeal, still: neither its author nor who has decided before (L12).

    Raises:
        MatterGoneError, AppealDecidedError, OwnChapterError, OwnDecisionError: why not.
    """
    view = view_appeal(tx, appeal_id, now=now)
    found, subject = view.appeal, view.subject
    if found.community_id != moderator.community_id or subject.gone:
        raise MatterGoneError
    if found.decided_by is not None:
        raise AppealDecidedError(found.decided_by, granted=found.state is AppealState.GRANTED)
    match bar(moderator.id, author_id=subject.work.author_id, judges=_judges(view)):
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
    act_id, against = view.appeal.act_id, view.against
    if isinstance(against, ImportView):
        if granted:
            let_declined_in(tx, moderator, against.imported, answer, now=now)
        else:
            forget_declined(tx, against.imported)
    elif granted and isinstance(against, RulingView):
        _undo_ruling(tx, against.ruling, by=moderator.id, answer=answer, now=now)
    elif granted:
        grant_declined(tx, moderator, act_id, answer, now=now)
    state = AppealState.GRANTED if granted else AppealState.KEPT
    appeals.decide(tx, appeal_id, state, answer, by=moderator.id, now=now)
    plan_for_author(tx, Kind.ANSWER, view.subject.work, appeal_id=appeal_id, now=now)
    for matter_id in (appeal_id, act_id):
        _renew(tx, view.subject, matter_id, now=now)
    kind = DecisionKind.APPEAL_GRANTED if granted else DecisionKind.APPEAL_KEPT
    _record(tx, kind, view.subject, view.appeal, by=moderator.id, reason=answer, now=now)
    return view_appeal(tx, appeal_id, now=now)


def reminders_are_due(tx: Transaction, *, now: Instant) -> tuple[bool, Instant | None]:
    """Whether an appeal has become overdue, and when the next one does."""
    return bool(appeals.steps(tx, now=now)), appeals.next_step(tx, now=now)


def remind(tx: Transaction, *, now: Instant) -> None:
    """L12: the moderators are told once of each appeal that is overdue."""
    for overdue in appeals.steps(tx, now=now):
        appeals.rest(tx, overdue.id)
        subject = subject_of(tx, act_of(tx, overdue.act_id))
        if not subject.gone:
            plan_for_moderators(tx, subject.work, appeal_id=overdue.id, now=now)


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


def _against(tx: Transaction, made: Appeal, *, now: Instant) -> RulingView | RequestView | ImportView:
    if made.ruling_id is not None:
        return view_ruling(tx, made.ruling_id, now=now)
    if made.request_id is not None:
        return view_request(tx, made.request_id, now=now)
    return view_import(tx, made.act_id, now=now)


def _judges(view: AppealView) -> Collection[int]:
    match view.against:
        case RulingView(ruling=ruling):
            return ruling.judges
        case RequestView(request=decided) | ImportView(imported=decided):
            return {decided.decided_by or 0}


def _renew(tx: Transaction, subject: Subject, matter_id: int, *, now: Instant) -> None:
    """Let the cards about an act, or about the appeal against it, say what now holds."""
    if subject.chapter is not None:
        renew_cards(tx, subject.chapter.id, matter_id, now=now)
    else:
        renew_import_cards(tx, subject.work.id, matter_id, now=now)


def _policy(tx: Transaction, subject: Subject) -> Policy:
    """A chapter's own; of older work, which may have none of its chapters left, the one now in force."""
    work = subject.work
    if subject.chapter is not None:
        return communities.policy_version(tx, work.community_id, subject.chapter.policy_version)
    return community_of(tx, Person(work.community_id, work.author_id)).policy


def _record(
    tx: Transaction, kind: DecisionKind, subject: Subject, made: Appeal, *, by: int, reason: str, now: Instant
) -> None:
    facts: dict[str, object] = {"appeal": made.id, "against": made.act_id, "reason": reason}
    if subject.chapter is not None:
        record_act(tx, kind, subject.chapter, facts, by=by, now=now)
    if subject.imported is None:
        return
    facts |= {"series": subject.imported.series_id, "chapters": subject.imported.chapters}
    decisions.record(
        tx,
        kind,
        community_id=made.community_id,
        chapter_id=None,
        actor_id=by,
        policy_version=_policy(tx, subject).version,
        inputs=json.dumps(facts, ensure_ascii=False),
        now=now,
    )
