"""Handing a chapter in, taking it back, seeing what waits, and asking why."""

from dataclasses import dataclass, replace

from whenever import Instant

from rules.cadence import Because, Lane, LaneKind, next_free
from rules.deliveries import Kind
from rules.policy import Policy
from rules.verdict import Case, Verdict, evaluate
from storage import chapters, communities, decisions, deliveries, series
from storage.chapters import Chapter, ChapterState
from storage.communities import Community
from storage.decisions import DecisionKind
from storage.series import Series
from storage.transaction import Transaction
from usecases.drafts import check_room, load_case
from usecases.people import Person, community_of, pick
from usecases.refusals import DraftGoneError, NotWaitingError, NotYoursError, UnknownChapterError
from usecases.replanning import apply_grants
from usecases.series import future, own_series


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was decided when a chapter was handed in."""

    chapter: Chapter
    verdict: Verdict
    policy: Policy
    notices_id: int | None
    """Where the lasting copy of the notice goes; `None` means the series' home (N3)."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A chapter taken back, and how many behind it keep their promises (C10)."""

    chapter: Chapter
    behind: int


@dataclass(frozen=True, slots=True)
class QueueOfSeries:
    """What waits of one series, and from when its lane is free after that."""

    series: Series
    waiting: tuple[Chapter, ...]
    next_free: Instant | None


@dataclass(frozen=True, slots=True)
class Queue:
    """Everything of an author that waits, and each lane's next free slot."""

    series: tuple[QueueOfSeries, ...]
    next_start: Instant | None
    """From when a further series may start; `None` means at once (C1)."""


@dataclass(frozen=True, slots=True)
class Why:
    """The rule trace of a chapter: the recorded decision, evaluated again."""

    chapter: Chapter
    verdict: Verdict
    policy: Policy
    chapter_message_id: int | None
    """The message at which it begins, once it is out."""


def submit_chapter(tx: Transaction, person: Person, draft_id: int, *, now: Instant) -> Receipt:
    """Take the chapter in and promise its slot: one transaction, or nothing. Pressed twice, it answers the same.

    Raises:
        NotYoursError, DraftGoneError: there is no such draft of this person.
        QueueFullError: C7, too many wait already.
    """
    draft = chapters.find(tx, draft_id)
    if draft is None:
        raise DraftGoneError
    if (draft.community_id, draft.author_id) != (person.community_id, person.id):
        raise NotYoursError
    community = community_of(tx, person)
    if draft.state is not ChapterState.DRAFT:
        return receipt_of(tx, draft, community)
    policy = community.policy
    check_room(tx, draft.series_id, draft.series_title, policy)
    case = load_case(tx, draft, policy, now=now)
    verdict = evaluate(case)
    chapters.hand_in(tx, draft_id, slot=verdict.slot.at, policy_version=policy.version, now=now)
    if case.lane.kind is LaneKind.SERIES:
        series.set_start(tx, draft.series_id)
    if case.grant is not None and verdict.slot.because is Because.EXCEPTION:
        chapters.set_exception(tx, draft_id, case.grant.id)
    decisions.record(
        tx,
        DecisionKind.SUBMITTED,
        community_id=community.id,
        chapter_id=draft_id,
        actor_id=person.id,
        policy_version=policy.version,
        inputs=decisions.inputs_of(case),
        answer=decisions.answer_of(verdict),
        now=now,
    )
    if verdict.delayed or verdict.restricted:
        _plan_notice(tx, draft, community, now=now)
    chapter = replace(
        draft,
        state=ChapterState.WAITING,
        policy_version=policy.version,
        handed_in_at=now,
        slot=verdict.slot.at,
    )
    return Receipt(chapter, verdict, policy, community.notices_id)


def find_receipt(tx: Transaction, person: Person, chapter_id: int) -> Receipt:
    """What holds for a chapter that was handed in, under the labels it now has.

    Raises:
        NotYoursError: it is somebody else's.
    """
    chapter = known_chapter(tx, chapter_id)
    if (chapter.community_id, chapter.author_id) != (person.community_id, person.id):
        raise NotYoursError
    return receipt_of(tx, chapter, community_of(tx, person))


def withdraw_chapter(tx: Transaction, person: Person, chapter_id: int, *, now: Instant) -> Withdrawn:
    """C10: take a waiting chapter back; those behind it keep their promises (C9).

    Raises:
        NotYoursError: it is somebody else's.
        NotWaitingError: it is out, or withdrawn already.
    """
    chapter = known_chapter(tx, chapter_id)
    if (chapter.community_id, chapter.author_id) != (person.community_id, person.id):
        raise NotYoursError
    if chapter.slot is None or not chapters.withdraw(tx, chapter_id, now=now):
        raise NotWaitingError(chapter.title, released=chapter.state is ChapterState.RELEASED)
    series.set_start(tx, chapter.series_id)
    deliveries.cancel_notices(tx, chapter_id)
    decisions.record(
        tx,
        DecisionKind.WITHDRAWN,
        community_id=chapter.community_id,
        chapter_id=chapter_id,
        actor_id=person.id,
        policy_version=chapter.policy_version,
        now=now,
    )
    if chapter.exception_id is not None:  # its use is free again (E3)
        apply_grants(tx, person.community_id, person.id, by=person.id, now=now)
    waiting = chapters.waiting(tx, person.community_id, person.id)
    behind = [c for c in waiting if c.series_id == chapter.series_id and c.slot and c.slot > chapter.slot]
    return Withdrawn(chapter, len(behind))


def waiting_chapters(tx: Transaction, person: Person, series_text: str | None, *, now: Instant) -> Queue:
    """C7: what waits, each with its promise, and each lane's next free slot; of one series, or of all.

    Raises:
        NotSetUpError, NoSeriesError, UnknownSeriesError, AmbiguousTitleError: there is nothing to show.
    """
    policy = community_of(tx, person).policy
    shown = (
        series.of_author(tx, person.community_id, person.id)
        if series_text is None
        else [own_series(tx, person, series_text)]
    )
    waiting = chapters.waiting(tx, person.community_id, person.id)
    start = next_free(Lane(LaneKind.SERIES, chapters.last_start(tx, person.community_id, person.id)), policy)
    queues = []
    for one in shown:
        last = chapters.last_in_series(tx, one.id)
        free = start if last is None else next_free(Lane(LaneKind.CHAPTER, last), policy)
        mine = tuple(chapter for chapter in waiting if chapter.series_id == one.id)
        queues.append(QueueOfSeries(one, mine, future(free, now)))
    return Queue(tuple(queues), future(start, now))


def own_chapter(tx: Transaction, person: Person, text: str, *, waiting: bool = False) -> Chapter:
    """The one of a person's chapters that a text means; with `waiting`, of those that wait.

    Raises:
        UnknownChapterError: none is called so.
        AmbiguousTitleError: several are.
    """
    mine = suggest_chapters(tx, person, "", waiting=waiting)
    found = pick(text, mine, key=lambda one: one.id, names=_names)
    if found is None:
        raise UnknownChapterError(text, tuple(_names(one)[-1] for one in mine[:10]))
    return found


def suggest_chapters(tx: Transaction, person: Person, typed: str, *, waiting: bool = False) -> list[Chapter]:
    """An author's chapters whose title holds what was typed so far: what waits in order, or the newest first."""
    mine = (
        chapters.waiting(tx, person.community_id, person.id)
        if waiting
        else chapters.of_author(tx, person.community_id, person.id)
    )
    return [one for one in mine if typed.strip().casefold() in _names(one)[-1].casefold()]


def why(tx: Transaction, person: Person, chapter_text: str) -> Why:
    """N4: the rule trace of a chapter's time and reach, from the recorded decision.

    Raises:
        UnknownChapterError, AmbiguousTitleError: it is not clear which chapter is meant.
    """
    chapter = own_chapter(tx, person, chapter_text)
    receipt = receipt_of(tx, chapter, community_of(tx, person))
    return Why(chapter, receipt.verdict, receipt.policy, deliveries.heading_message(tx, chapter.id))


def known_chapter(tx: Transaction, chapter_id: int) -> Chapter:
    """One chapter that is known to exist."""
    chapter = chapters.find(tx, chapter_id)
    if chapter is None:
        raise DraftGoneError
    return chapter


def present_case(tx: Transaction, chapter: Chapter) -> Case:
    """A chapter that was handed in: its promise as it was recorded (C9), under the labels it now has (L9)."""
    decision = decisions.latest_slot(tx, chapter.id)
    if decision is None:
        raise LookupError(f"no decision on chapter {chapter.id}")
    policy = communities.policy_version(tx, chapter.community_id, decision.policy_version)
    return replace(decisions.case_of(decision.inputs, policy), labels=chapter.labels)


def receipt_of(tx: Transaction, chapter: Chapter, community: Community) -> Receipt:
    """What holds for a chapter that was handed in, under the labels it now has."""
    policy = communities.policy_version(tx, chapter.community_id, chapter.policy_version)
    return Receipt(chapter, evaluate(present_case(tx, chapter)), policy, community.notices_id)


def _plan_notice(tx: Transaction, chapter: Chapter, community: Community, *, now: Instant) -> None:
    """N3: the lasting copy, in the notices channel or else in the series' home."""
    home = None if community.notices_id else deliveries.thread_of_series(tx, chapter.series_id)
    deliveries.plan(
        tx,
        Kind.NOTICE,
        community_id=community.id,
        target_id=community.notices_id or chapter.thread_id,
        series_id=chapter.series_id,
        chapter_id=chapter.id,
        after_id=home,
        now=now,
    )


def _names(chapter: Chapter) -> tuple[str, str]:
    return (chapter.title, f"{chapter.series_title} · {chapter.title}")
