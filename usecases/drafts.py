"""A chapter before it is handed in: what its author sees is what will happen (N4)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from whenever import Instant, TimeDelta

from rules import prose
from rules.cadence import Lane, LaneKind
from rules.exceptions import first_open
from rules.images import ImageLabel, Unshown
from rules.labels import Cure, Declaration, Labels, inspect
from rules.policy import Policy
from rules.verdict import Case, Verdict, evaluate
from storage import amendments, chapters, communities, exceptions, images, lanes, manuscripts, proposals
from storage.chapters import Chapter, ChapterState
from storage.images import Image
from storage.series import Series
from storage.transaction import Transaction, new_id
from usecases.images import NewImage, keep
from usecases.people import Person, check_own, community_of, own_by_id
from usecases.refusals import DraftGoneError, NotWaitingError, QueueFullError
from usecases.series import own_series
from usecases.turns import Standing, next_turn, outlook_now

DRAFTS_KEPT = TimeDelta(hours=24)
"""How long a preview's buttons work; after that the text is forgotten."""
_OPENING_CHARACTERS = 280


@dataclass(frozen=True, slots=True)
class Prepared:
    """A manuscript read and looked at, ready to be kept."""

    markdown: str
    words: int
    labels: Labels
    unshown: tuple[Unshown, ...] = ()
    """The images of its file that readers will not see."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a chapter is handed in: the series it belongs to and the policy it is judged by."""

    series: Series
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDraft:
    """What `/chapter submit` was given; without `prepared` the text follows by form."""

    person: Person
    series: Series
    title: str
    declaration: Declaration
    wanted: Instant | None
    prepared: Prepared | None
    images: tuple[NewImage, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen if the draft were handed in now."""

    draft: Chapter
    verdict: Verdict
    opening: str
    policy: Policy
    wanted_in_past: bool
    images: tuple[Image, ...] = ()
    """What it shows beside its text."""
    unshown: tuple[Unshown, ...] = ()
    """The images of its file that readers will not see."""
    standing: Standing | None = None
    """In an entered series: how much would then fit before the deadline (H4)."""


def prepare(markdown: str, declaration: Declaration, policy: Policy, said: Iterable[ImageLabel] = ()) -> Prepared:
    """Look at a manuscript as the rules will; takes a while on a long one and needs no database.

    Args:
        markdown: the manuscript.
        declaration: what its author says of it.
        policy: what it is judged by.
        said: what its author has said of its images so far.
    """
    blocks = prose.read(markdown)
    return Prepared(markdown, prose.words(blocks), inspect(declaration, blocks, policy, said))


def cured(markdown: str, draft: Chapter, cure: Cure, policy: Policy) -> Prepared:
    """L8: the manuscript with its label mended, looked at again; the author's other words stay as they are."""
    sentence = draft.declaration.sentence(policy)
    moved = prose.moved_up(markdown, sentence) if cure is Cure.MOVE_UP else None
    return prepare(moved or prose.with_label(markdown, sentence), draft.declaration, policy, draft.labels.images)


def find_desk(tx: Transaction, person: Person, series_text: str) -> Desk:
    """Where a chapter would be handed in.

    Raises:
        NotSetUpError, NoSeriesError, UnknownSeriesError, AmbiguousTitleError: it is not clear where.
        QueueFullError: C7, too many wait already.
    """
    policy = community_of(tx, person).policy
    series = own_series(tx, person, series_text)
    check_room(tx, series.id, series.title, policy)
    return Desk(series, policy)


def check_room(tx: Transaction, series_id: int, series_title: str, policy: Policy) -> bool:
    """C7: a series may have so many chapters waiting, and no more; whether some of them might come earlier (C9).

    Raises:
        QueueFullError: they are that many already.
    """
    waiting, slack = lanes.room(tx, series_id, policy_version=policy.version)
    if waiting >= policy.waiting_limit:
        raise QueueFullError(series_title, policy.waiting_limit)
    return slack


def open_draft(tx: Transaction, request: OpenDraft, *, now: Instant) -> int:
    """Keep a draft with its images; its id.

    Raises:
        UnacceptableImageError: there are too many images, or they are too large.
    """
    policy = community_of(tx, request.person).policy
    prepared = request.prepared or Prepared("", 0, inspect(request.declaration, (), policy))
    draft = Chapter(
        id=new_id(now),
        community_id=request.person.community_id,
        author_id=request.person.id,
        series_id=request.series.id,
        series_title=request.series.title,
        thread_id=request.series.thread_id,
        title=" ".join(request.title.split()),
        state=ChapterState.DRAFT,
        declaration=request.declaration,
        labels=prepared.labels,
        words=prepared.words,
        policy_version=policy.version,
        wanted=request.wanted,
        handed_in_at=None,
        slot=None,
        released_at=None,
        reach=None,
    )
    chapters.add_draft(tx, draft, prepared.markdown if request.prepared else None, now=now)
    manuscripts.set_unshown(tx, draft.id, prepared.unshown)
    keep(tx, draft.id, draft.community_id, request.images, now=now)
    return draft.id


def attach_images(tx: Transaction, person: Person, draft_id: int, new: tuple[NewImage, ...], *, now: Instant) -> None:
    """Give a draft further images, behind its text.

    Raises:
        NotYoursError, DraftGoneError: there is no such draft of this person.
        UnacceptableImageError: there are too many of them, or they are too large.
    """
    draft = own_draft(tx, person, draft_id)
    keep(tx, draft.id, draft.community_id, new, now=now)


def set_text(tx: Transaction, person: Person, chapter_id: int, prepared: Prepared) -> Chapter:
    """Give a draft its text, by form or by a cure; or cure a chapter that waits (L9: it leaves no trace).

    Raises:
        NotYoursError, DraftGoneError, NotWaitingError: it is not this person's to change, or not any more.
    """
    chapter = own_unreleased(tx, person, chapter_id)
    chapters.set_text(tx, chapter_id, prepared.markdown, prepared.labels, prepared.words)
    return chapter


def read_text(tx: Transaction, person: Person, chapter_id: int) -> tuple[Chapter, str, Policy]:
    """A draft or waiting chapter, its text, and the policy it is judged by.

    Raises:
        NotYoursError, DraftGoneError, NotWaitingError: it is not this person's to change, or not any more.
    """
    chapter = own_unreleased(tx, person, chapter_id)
    policy = communities.policy_version(tx, chapter.community_id, chapter.policy_version)
    return chapter, manuscripts.text(tx, chapter_id) or "", policy


def preview(tx: Transaction, person: Person, draft_id: int, *, now: Instant) -> Preview:
    """N4: what would happen if the draft were submitted now, and why.

    Raises:
        NotYoursError, DraftGoneError: there is no such draft of this person.
    """
    policy = community_of(tx, person).policy
    draft = judged_by(tx, own_draft(tx, person, draft_id), policy)
    markdown = manuscripts.text(tx, draft_id) or ""
    verdict = evaluate(load_case(tx, draft, policy, now=now))
    return Preview(
        draft,
        verdict,
        prose.opening(prose.read(markdown[: 4 * _OPENING_CHARACTERS]), _OPENING_CHARACTERS),
        policy,
        wanted_in_past=draft.wanted is not None and draft.wanted < now,
        images=tuple(images.of_chapter(tx, draft_id)),
        unshown=manuscripts.unshown(tx, draft_id),
        standing=outlook_now(tx, draft.series_id, joining=(draft.title, verdict.slot.at), now=now),
    )


def state_of(tx: Transaction, chapter_id: int) -> ChapterState:
    """Where a chapter stands; of one that was forgotten, a draft."""
    chapter = chapters.find(tx, chapter_id)
    return ChapterState.DRAFT if chapter is None else chapter.state


def cancel_draft(tx: Transaction, person: Person, draft_id: int) -> Chapter:
    """Forget a draft and its text.

    Raises:
        NotYoursError, DraftGoneError: there is no such draft of this person.
    """
    draft = own_draft(tx, person, draft_id)
    chapters.drop_draft(tx, draft_id)
    return draft


def sweep_drafts(tx: Transaction, *, now: Instant) -> int:
    """Forget the drafts nobody came back to, and the labels and policies nobody confirmed; how many drafts."""
    proposals.drop_old(tx, before=now - DRAFTS_KEPT)
    amendments.drop_old(tx, before=now - DRAFTS_KEPT)
    return chapters.drop_old_drafts(tx, before=now - DRAFTS_KEPT)


def judged_by(tx: Transaction, draft: Chapter, policy: Policy) -> Chapter:
    """L9: a draft under the policy now in force; looked at again if it was made under another."""
    if draft.policy_version == policy.version:
        return draft
    prepared = prepare(manuscripts.text(tx, draft.id) or "", draft.declaration, policy, draft.labels.images)
    return replace(draft, labels=prepared.labels, policy_version=policy.version)


def load_case(tx: Transaction, draft: Chapter, policy: Policy, *, now: Instant) -> Case:
    """C3: a first chapter uses its author's series lane, any later one its series' chapter lane."""
    last = lanes.last_in_series(tx, draft.series_id)
    lane = (
        Lane(LaneKind.SERIES, lanes.last_start(tx, draft.community_id, draft.author_id))
        if last is None
        else Lane(LaneKind.CHAPTER, last)
    )
    lane, turn = next_turn(tx, draft.series_id, lane, now=now)
    grants = exceptions.open_grants(tx, draft.community_id, draft.author_id, now=now)
    return Case(
        now=now,
        wanted=draft.wanted,
        lane=lane,
        labels=draft.labels,
        policy=policy,
        grant=first_open(grants, lane=lane.kind, series_id=draft.series_id, now=now),
        turn=turn,
    )


def own_draft(tx: Transaction, person: Person, draft_id: int) -> Chapter:
    """A draft, for the person who made it alone; the drafts of an import are never handed in one by one (C13).

    Raises:
        NotYoursError, DraftGoneError: there is no such draft of this person.
    """
    draft = chapters.find(tx, draft_id)
    if draft is None or draft.state is not ChapterState.DRAFT or draft.import_id is not None:
        raise DraftGoneError
    check_own(person, draft)
    return draft


def own_unreleased(tx: Transaction, person: Person, chapter_id: int) -> Chapter:
    """A draft or a waiting chapter, for its author alone.

    Raises:
        NotYoursError, DraftGoneError, NotWaitingError: it is not this person's to change, or not any more.
    """
    chapter = own_by_id(tx, person, chapter_id)
    if chapter.state not in {ChapterState.DRAFT, ChapterState.WAITING}:
        raise NotWaitingError(chapter.title, released=chapter.state is ChapterState.RELEASED)
    return chapter
