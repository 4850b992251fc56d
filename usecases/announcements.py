"""Why a reader sees something: how it was labelled, under which rules, and what they can do."""

from dataclasses import dataclass

from whenever import Instant

from rules.deliveries import Kind
from rules.labels import LabelFinding
from rules.less import Key, hidden_by
from rules.policy import Policy
from rules.verdict import evaluate
from storage import deliveries, follows, less, rulings
from storage.chapters import Chapter, ChapterState
from storage.follows import How
from storage.transaction import Transaction
from usecases.arrivals import told_of
from usecases.doubts import OwnDoubt, own_doubt
from usecases.follows import of_chapter
from usecases.less import keys_of_chapter
from usecases.people import Person
from usecases.refusals import NotOursError
from usecases.replanning import present_case


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a chapter stands where a reader sees it; nothing in it is about anybody else but what the label says."""

    chapter: Chapter
    findings: tuple[LabelFinding, ...]
    """What keeps it home, under the label it now has (L10)."""
    policy: Policy
    """The version it was handed in under (L9)."""
    ruled_at: Instant | None
    """When the moderators set its label, if it is not its author's word that stands (L11)."""
    at_home: bool
    """It is seen in its home, not in the network channel."""
    withdrawn: bool
    handed_in_at: Instant | None
    """Not known of older work, which came in as a whole (C13)."""
    how: How | None
    """How this reader follows the series or, if not the series, its author."""
    left_out: tuple[Key, ...]
    """What this reader asked to see less of, so that it stays out of their feed."""
    doubt: OwnDoubt | None
    """What became of this reader's own doubt about its label."""
    own: bool
    """This reader is its author."""


def explain(tx: Transaction, person: Person, chapter_id: int, *, at_home: bool = False) -> Explanation:
    """Why a reader sees the announcement of a chapter, or its home.

    Raises:
        ChapterGoneError: nothing is known of it here any more.
    """
    chapter = of_chapter(tx, person, chapter_id)
    case = present_case(tx, chapter)
    ruling = rulings.standing(tx, chapter.id)
    of_series = follows.find(tx, person.community_id, person.id, chapter.author_id, chapter.series_id)
    of_author = follows.find(tx, person.community_id, person.id, chapter.author_id, None)
    follow = of_series or of_author
    return Explanation(
        chapter=chapter,
        findings=evaluate(case).label_findings,
        policy=case.policy,
        ruled_at=ruling.set_at if ruling else None,
        at_home=at_home,
        withdrawn=chapter.state is ChapterState.WITHDRAWN,
        handed_in_at=chapter.handed_in_at if chapter.import_id is None else None,
        how=follow.how if follow else None,
        left_out=hidden_by(less.keys(tx, person.community_id, person.id), keys_of_chapter(tx, chapter)),
        doubt=own_doubt(tx, person, chapter),
        own=chapter.author_id == person.id,
    )


def explain_message(tx: Transaction, person: Person, message_id: int) -> Explanation:
    """*Why is this here?* on any message.

    Raises:
        NotOursError: no chapter stands there, as far as is known.
        ChapterGoneError: nothing is known of the chapter here any more.
    """
    delivery = deliveries.of_message(tx, message_id)
    chapter_id = delivery.chapter_id if delivery else None
    if delivery is not None and delivery.import_id is not None:  # older work as a whole: the first of it (C13)
        chapter_id = next((one.id for one in told_of(tx, delivery.import_id)), None)
    kinds = {Kind.ANNOUNCEMENT, Kind.HEADING, Kind.PART, Kind.IMAGE}
    if delivery is None or delivery.community_id != person.community_id:
        raise NotOursError
    if delivery.kind not in kinds or chapter_id is None:
        raise NotOursError
    return explain(tx, person, chapter_id, at_home=delivery.kind is not Kind.ANNOUNCEMENT)
