"""Setting a label: after the author was asked, for a reason from the list, by two where it takes two (L11)."""

import json
from dataclasses import dataclass, replace

from whenever import Instant

from rules.deliveries import Kind
from rules.labels import Ai
from rules.policy import Policy
from rules.rulings import Asked, RulingReason, needs_second_reader, obstacle
from rules.verdict import Verdict, evaluate
from storage import appeals, decisions, matters, questions, rulings
from storage.appeals import Appeal, AppealState
from storage.chapters import Chapter, ChapterState
from storage.decisions import DecisionKind
from storage.questions import Outcome
from storage.rulings import Ruling, RulingState
from storage.transaction import Transaction, new_id
from usecases.cards import plan_for_author, plan_for_moderators, renew_cards
from usecases.labels import Cause, Change, relabel
from usecases.people import Person, known_chapter
from usecases.questions import close_question, labelled_chapter, view_question
from usecases.records import record_act
from usecases.replanning import present_case
from usecases.review_refusals import (
    AppealOpenError,
    MatterGoneError,
    OwnChapterError,
    OwnReadingError,
    ReadAlreadyError,
    RulingObstacleError,
    RulingSettledError,
    SaysSoAlreadyError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLabel:
    """What `/review label` was given, or the form behind **Set the label**; `chapter` as it was picked or typed."""

    moderator: Person
    chapter: str
    ai: Ai
    reason: RulingReason
    note: str | None


@dataclass(frozen=True, slots=True)
class RulingView:
    """A ruling with all that its author, a moderator or an appeal needs to know."""

    ruling: Ruling
    chapter: Chapter
    before: Ai
    """What the label said before."""
    verdict: Verdict
    policy: Policy
    appeal: Appeal | None
    taken_by: int | None
    """The moderator who is on it, while it waits for a second reader."""


def set_label(tx: Transaction, request: SetLabel, *, now: Instant) -> RulingView:
    """L11: set a label, or be the first of two who read it so; the author hears with the reason, and can appeal.

    Raises:
        UnknownTitleError, AmbiguousTitleError: it is not clear which chapter is meant.
        OwnChapterError, SaysSoAlreadyError, RulingObstacleError, AppealOpenError, ReadAlreadyError: why not.
    """
    moderator = request.moderator
    chapter = labelled_chapter(tx, moderator, request.chapter)
    _check(tx, chapter, request, moderator, now=now)
    proposed = rulings.proposed(tx, chapter.id)
    two = needs_second_reader(request.reason)
    if proposed is not None and two and proposed.ai is request.ai:
        if proposed.read_by == moderator.id:
            raise ReadAlreadyError(chapter.title)
        return confirm_ruling(tx, moderator, proposed.id, now=now)
    if proposed is not None:  # whoever sets it now has read it otherwise, or has a better reason
        _drop(tx, proposed, by=moderator.id, now=now)
    ruling = Ruling(
        id=new_id(now),
        community_id=chapter.community_id,
        chapter_id=chapter.id,
        ai=request.ai,
        reason=request.reason,
        note=request.note,
        state=RulingState.PROPOSED,
        read_by=moderator.id,
        read_at=now,
        confirmed_by=None,
        set_at=None,
        before_id=None,
    )
    rulings.add(tx, ruling)
    if two:
        plan_for_moderators(tx, chapter, ruling_id=ruling.id, now=now)
        _record(tx, DecisionKind.READ, chapter, ruling, by=moderator.id, now=now)
    else:
        _stand(tx, chapter, ruling, confirmed_by=None, now=now)
    return view_ruling(tx, ruling.id, now=now)


def confirm_ruling(tx: Transaction, moderator: Person, ruling_id: int, *, now: Instant) -> RulingView:
    """L11: a second moderator reads it so too; the label is set.

    Raises:
        MatterGoneError, RulingSettledError, OwnChapterError, OwnReadingError: why not.
        SaysSoAlreadyError, RulingObstacleError, AppealOpenError: what has changed since it was proposed.
    """
    ruling, chapter = _check_second(tx, moderator, ruling_id)
    _check(tx, chapter, ruling, moderator, now=now)
    _stand(tx, chapter, ruling, confirmed_by=moderator.id, now=now)
    return view_ruling(tx, ruling_id, now=now)


def drop_ruling(tx: Transaction, moderator: Person, ruling_id: int, *, now: Instant) -> RulingView:
    """L11: a second moderator reads it otherwise; nothing changes.

    Raises:
        MatterGoneError, RulingSettledError, OwnChapterError, OwnReadingError: why not.
    """
    ruling, _ = _check_second(tx, moderator, ruling_id)
    _drop(tx, ruling, by=moderator.id, now=now)
    return view_ruling(tx, ruling_id, now=now)


def view_ruling(tx: Transaction, ruling_id: int, *, now: Instant) -> RulingView:
    """A ruling as it now stands.

    Raises:
        MatterGoneError: there is no such ruling.
    """
    ruling = rulings.find(tx, ruling_id)
    if ruling is None:
        raise MatterGoneError
    chapter = known_chapter(tx, ruling.chapter_id)
    case = present_case(tx, chapter)
    return RulingView(
        ruling,
        chapter,
        _before(tx, ruling) or chapter.declaration.ai,
        evaluate(case),
        case.policy,
        appeals.against(tx, ruling_id),
        matters.taker(tx, ruling_id, now=now),
    )


def _check(tx: Transaction, chapter: Chapter, wanted: SetLabel | Ruling, moderator: Person, *, now: Instant) -> None:
    if chapter.author_id == moderator.id:
        raise OwnChapterError
    if chapter.declaration.ai is wanted.ai:
        raise SaysSoAlreadyError(chapter.title, wanted.ai)
    last = questions.latest(tx, chapter.id)
    asked, due = None, None
    if last is not None:
        due = last.due
        may = view_question(tx, last.id, now=now).may_be_decided
        asked = Asked(answered=last.answer is not None, may_be_decided=may, left=last.outcome is Outcome.LEFT)
    hindrance = obstacle(wanted.reason, asked, noted=bool(wanted.note))
    if hindrance is not None:
        raise RulingObstacleError(hindrance, chapter.title, due)
    standing = rulings.standing(tx, chapter.id)
    appeal = None if standing is None else appeals.against(tx, standing.id)
    if appeal is not None and appeal.state is AppealState.OPEN:
        raise AppealOpenError(chapter.title)


def _check_second(tx: Transaction, moderator: Person, ruling_id: int) -> tuple[Ruling, Chapter]:
    ruling = rulings.find(tx, ruling_id)
    if ruling is None or ruling.community_id != moderator.community_id:
        raise MatterGoneError
    chapter = known_chapter(tx, ruling.chapter_id)
    if ruling.state is not RulingState.PROPOSED:
        raise RulingSettledError(ruling.confirmed_by, set_so=ruling.set_at is not None)
    if chapter.state is ChapterState.WITHDRAWN:
        raise MatterGoneError
    if chapter.author_id == moderator.id:
        raise OwnChapterError
    if ruling.read_by == moderator.id:
        raise OwnReadingError
    return ruling, chapter


def _stand(tx: Transaction, chapter: Chapter, ruling: Ruling, *, confirmed_by: int | None, now: Instant) -> None:
    """The label is set: the author hears why, and every card about it says so."""
    by = confirmed_by or ruling.read_by
    declaration = chapter.declaration.said(ruling.ai)
    change = Change(
        by=by, cause=Cause.MODERATOR, declaration=declaration, reason=ruling.note or "", ground=ruling.reason
    )
    relabel(tx, chapter.id, change, now=now)
    made = decisions.latest(tx, chapter.id, DecisionKind.RELABELLED)
    if made is None:
        raise LookupError(f"nothing says why chapter {chapter.id} has another label")
    earlier = rulings.standing(tx, chapter.id)
    if earlier is not None:
        rulings.end(tx, earlier.id, RulingState.REPLACED)
    rulings.stand(tx, ruling.id, confirmed_by=confirmed_by, before_id=made.id, now=now)
    question = questions.latest(tx, chapter.id)
    if question is not None and question.closed_at is None:
        close_question(tx, question, Outcome.SET, by=by, now=now)
    plan_for_author(tx, Kind.ANSWER, chapter, ruling_id=ruling.id, now=now)
    for changed in (ruling, earlier):
        if changed is not None:
            renew_cards(tx, chapter.id, changed.id, now=now)


def _drop(tx: Transaction, ruling: Ruling, *, by: int, now: Instant) -> None:
    rulings.drop(tx, ruling.id, by=by)
    renew_cards(tx, ruling.chapter_id, ruling.id, now=now)
    chapter = known_chapter(tx, ruling.chapter_id)
    _record(tx, DecisionKind.READ_OTHERWISE, chapter, replace(ruling, confirmed_by=by), by=by, now=now)


def _before(tx: Transaction, ruling: Ruling) -> Ai | None:
    """What the label said before it was set."""
    made = None if ruling.before_id is None else decisions.find(tx, ruling.before_id)
    return None if made is None else Ai(json.loads(made.inputs)["before"]["ai"])


def _record(tx: Transaction, kind: DecisionKind, chapter: Chapter, ruling: Ruling, *, by: int, now: Instant) -> None:
    facts = {"ruling": ruling.id, "ai": ruling.ai, "ground": ruling.reason, "reason": ruling.note or ""}
    record_act(tx, kind, chapter, facts, by=by, now=now)
