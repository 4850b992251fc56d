"""Handing a chapter in, taking it back, seeing what waits, and asking why."""

from dataclasses import dataclass, replace

from whenever import Instant

from rules.cadence import Because, Lane, LaneKind, next_free
from rules.deliveries import Kind
from rules.labels import Fault
from rules.policy import Policy
from rules.repairs import Repair
from rules.verdict import Verdict, evaluate
from storage import cards, chapters, decisions, images, imports, lanes, manuscripts, posts, series
from storage.chapters import Chapter, ChapterState
from storage.communities import Community
from storage.decisions import DecisionKind
from storage.imports import OlderWork
from storage.series import Series
from storage.transaction import Transaction
from usecases.cards import plan_for_author
from usecases.drafts import check_room, judged_by, load_case
from usecases.holds import end_with_chapter
from usecases.people import Person, community_of, matching, names_of, own_by_id, pick_chapter
from usecases.posts import promise_moved
from usecases.promises import Offer, offer_after, offer_of_chapter, offer_of_series
from usecases.records import record_verdict
from usecases.refusals import (
    AmbiguousTitleError,
    DraftGoneError,
    NotWaitingError,
    UnknownChapterError,
)
from usecases.replanning import Moved, apply_grants, present_case
from usecases.series import future, own_series
from usecases.turns import Change, Standing, next_free_in_challenge, replan, standing_now, tell


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was decided when a chapter was handed in."""

    chapter: Chapter
    verdict: Verdict
    policy: Policy
    notices_id: int | None
    """Where the lasting copy of the notice goes; `None` means the series' home (N3)."""
    offer: Offer | None = None
    """What would bring it out earlier by one press (C9)."""
    standing: Standing | None = None
    """In an entered series: how much fits before the deadline (H4)."""
    repair: Repair | None = None
    """Its label has changed since it went out (L10)."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A chapter taken back, and how many behind it keep their promises (C10)."""

    chapter: Chapter
    behind: int
    offer: Offer | None
    """What could come earlier now."""
    standing: Standing | None = None
    """In an entered series: how much fits before the deadline (H4)."""
    moved: tuple[Moved, ...] = ()
    """It was paused, and what waited behind it goes on: the promises that have moved by that (C9)."""


@dataclass(frozen=True, slots=True)
class QueueOfSeries:
    """What waits of one series, and from when its lane is free after that."""

    series: Series
    waiting: tuple[Chapter, ...]
    next_free: Instant | None
    offer: Offer | None
    """What could come earlier by one press (C9)."""
    older: OlderWork
    """What came out before and was brought in, or is on its way (C13)."""
    standing: Standing | None = None
    """In an entered series: how much fits before the deadline (H4)."""


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
    announced: bool
    """It was let into the network, at its release or later."""


def submit_chapter(tx: Transaction, person: Person, draft_id: int, *, now: Instant) -> Receipt:
    """Take the chapter in and promise its slot: one transaction, or nothing. Pressed twice, it answers the same.

    Raises:
        NotYoursError, DraftGoneError: there is no such draft of this person.
        QueueFullError: C7, too many wait already.
    """
    draft = own_by_id(tx, person, draft_id)
    if draft.import_id is not None:  # older work comes in as a whole (C13)
        raise DraftGoneError
    community = community_of(tx, person)
    if draft.state is not ChapterState.DRAFT:
        return receipt_of(tx, draft, community, now=now)
    policy = community.policy
    slack = check_room(tx, draft.series_id, draft.series_title, policy)
    judged = judged_by(tx, draft, policy)
    if judged is not draft:
        chapters.set_text(tx, draft_id, manuscripts.text(tx, draft_id) or "", judged.labels, judged.words)
        for label in judged.labels.images:
            images.set_label(tx, draft_id, label)
        draft = judged
    case = load_case(tx, draft, policy, now=now)
    verdict = evaluate(case)
    entered = case.turn is not None
    brought_forward = replan(tx, draft.series_id, by=person.id, joining=1, now=now) if entered else ()
    chapters.hand_in(tx, draft_id, slot=verdict.slot.at, policy_version=policy.version, now=now)
    if case.lane.kind is LaneKind.SERIES:
        series.set_start(tx, draft.series_id)
    if case.grant is not None and verdict.slot.because is Because.EXCEPTION:
        chapters.set_exception(tx, draft_id, case.grant.id)
    chapter = replace(
        draft,
        state=ChapterState.WAITING,
        policy_version=policy.version,
        handed_in_at=now,
        slot=verdict.slot.at,
    )
    record_verdict(tx, DecisionKind.SUBMITTED, chapter, case, verdict, by=person.id, now=now)
    standing = standing_now(tx, draft.series_id, now=now) if entered else None
    if verdict.delayed or verdict.restricted:  # the notice also says where the series stands
        plan_for_author(tx, Kind.NOTICE, chapter, now=now)
    elif standing is not None and (brought_forward or not standing.all_fit):
        tell(tx, draft.series_id, standing.challenge, Change.HANDED_IN, now=now)
    offer = offer_of_chapter(tx, chapter, policy, now=now) if slack else None
    return Receipt(chapter, verdict, policy, community.notices_id, offer, standing)


def find_receipt(tx: Transaction, person: Person, chapter_id: int, *, now: Instant) -> Receipt:
    """What holds for a chapter that was handed in, under the labels it now has.

    Raises:
        NotYoursError: it is somebody else's.
    """
    chapter = own_by_id(tx, person, chapter_id)
    return receipt_of(tx, chapter, community_of(tx, person), now=now)


def withdraw_chapter(tx: Transaction, person: Person, chapter_id: int, *, now: Instant) -> Withdrawn:
    """C10: take a waiting chapter back; those behind it keep their promises (C9).

    Raises:
        NotYoursError: it is somebody else's.
        NotWaitingError: it is out, or withdrawn already.
    """
    chapter = own_by_id(tx, person, chapter_id)
    if chapter.slot is None or not chapters.withdraw(tx, chapter_id, now=now):
        raise NotWaitingError(chapter.title, released=chapter.state is ChapterState.RELEASED)
    series.set_start(tx, chapter.series_id)
    promise_moved(tx, chapter.series_id, now=now)
    cards.cancel_notices(tx, chapter_id)
    decisions.record(
        tx,
        DecisionKind.WITHDRAWN,
        community_id=chapter.community_id,
        chapter_id=chapter_id,
        actor_id=person.id,
        policy_version=chapter.policy_version,
        now=now,
    )
    moved = end_with_chapter(tx, chapter, by=person.id, now=now)
    apply_grants(tx, person.community_id, person.id, by=person.id, now=now)  # its use is free again (E3)
    waiting = chapters.waiting_in_series(tx, chapter.series_id)
    gone = {one.chapter.id for one in moved or ()}
    behind = [one for one in waiting if one.slot and one.slot > chapter.slot and one.id not in gone]
    policy = community_of(tx, person).policy
    standing = standing_now(tx, chapter.series_id, now=now)
    if standing is not None and (moved or not standing.all_fit):
        change = Change.WITHDRAWN if moved is None else Change.WITHDRAWN_PAUSED
        tell(tx, chapter.series_id, standing.challenge, change, now=now)
    offer = offer_after(tx, person, chapter.series_id, policy, now=now)
    return Withdrawn(chapter, len(behind), offer, standing, moved or ())


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
    start = next_free(Lane(LaneKind.SERIES, lanes.last_start(tx, person.community_id, person.id)), policy)
    queues = []
    for one in shown:
        last = lanes.last_in_series(tx, one.id)
        free = start if last is None else next_free(Lane(LaneKind.CHAPTER, last), policy)
        mine = tuple(chapter for chapter in waiting if chapter.series_id == one.id)
        _, slack = lanes.room(tx, one.id, policy_version=policy.version)
        offer = offer_of_series(tx, one, policy, now=now) if slack else None
        free = next_free_in_challenge(tx, one.id, free, policy, now=now)
        older, standing = imports.older(tx, one.id), standing_now(tx, one.id, now=now)
        queues.append(QueueOfSeries(one, mine, future(free, now), offer, older, standing))
    return Queue(tuple(queues), future(start, now))


def own_chapter(tx: Transaction, person: Person, text: str, *, waiting: bool = False) -> Chapter:
    """The one of a person's chapters that a text means; with `waiting`, of those that wait.

    Raises:
        UnknownChapterError: none is called so.
        AmbiguousTitleError: several are.
    """
    mine = suggest_chapters(tx, person, "", waiting=waiting)
    found = pick_chapter(text, mine)
    if found is None:
        raise UnknownChapterError(text, tuple(names_of(one)[-1] for one in mine[:10]))
    return found


def own_withdrawable(tx: Transaction, person: Person, text: str) -> Chapter:
    """The one of a person's chapters that is to be withdrawn; one that is out only by its full name, never by a piece.

    Raises:
        UnknownChapterError: none is called so.
        AmbiguousTitleError: several are.
    """
    try:
        found = own_chapter(tx, person, text)
    except AmbiguousTitleError as several:
        try:
            found = own_chapter(tx, person, text, waiting=True)
        except UnknownChapterError:
            raise several from None
    exact = {str(found.id), *(name.casefold() for name in names_of(found))}
    if found.state is ChapterState.RELEASED and text.strip().casefold() not in exact:
        raise UnknownChapterError(text, (names_of(found)[-1],))
    return found


def suggest_chapters(tx: Transaction, person: Person, typed: str, *, waiting: bool = False) -> list[Chapter]:
    """An author's chapters whose title holds what was typed so far: what waits in order, or the newest first."""
    mine = (
        chapters.waiting(tx, person.community_id, person.id)
        if waiting
        else chapters.of_author(tx, person.community_id, person.id)
    )
    return matching(typed, mine)


def why(tx: Transaction, person: Person, chapter_text: str) -> Why:
    """N4: the rule trace of a chapter's time and reach, from the recorded decision.

    Raises:
        UnknownChapterError, AmbiguousTitleError: it is not clear which chapter is meant.
    """
    chapter = own_chapter(tx, person, chapter_text)
    case = present_case(tx, chapter)
    return Why(
        chapter,
        evaluate(case),
        case.pace or case.policy,
        posts.heading_message(tx, chapter.id),
        posts.was_announced(tx, chapter.id),
    )


def receipt_of(tx: Transaction, chapter: Chapter, community: Community, *, now: Instant) -> Receipt:
    """What holds for a chapter that was handed in, under the labels it now has."""
    case = present_case(tx, chapter)
    offer = offer_of_chapter(tx, chapter, community.policy, now=now)
    standing = standing_now(tx, chapter.series_id, now=now) if chapter.state is ChapterState.WAITING else None
    policy = case.pace or case.policy
    return Receipt(chapter, evaluate(case), policy, community.notices_id, offer, standing, case.repair)


def renew_notice(tx: Transaction, chapter: Chapter, *, before: Verdict, after: Verdict, now: Instant) -> None:
    """N2, N3: an author has changed a label: what now keeps the chapter home is told, what is mended is not.

    Also after its release: whoever looks for it later finds why it is at home, and what brings it back.
    """
    faulty = [finding for finding in after.label_findings if finding.fault is not Fault.MENDED_TOO_LATE]
    if faulty and after.label_findings != before.label_findings:
        cards.cancel_notices(tx, chapter.id)
        plan_for_author(tx, Kind.NOTICE, chapter, now=now)
    elif not after.restricted and not after.delayed:
        cards.cancel_notices(tx, chapter.id)
