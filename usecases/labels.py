"""A chapter is given another label: by its author, by a moderator, by a won appeal (L9, L10)."""

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from zlib import crc32

from whenever import Instant

from rules import prose
from rules.images import ImageLabel
from rules.labels import Ai, Cure, Declaration, inspect
from rules.policy import Policy
from rules.repairs import Effect, Repair, effect_of
from rules.verdict import Case, Verdict, evaluate
from storage import chapters, decisions, images, manuscripts, posts, rulings
from storage.chapters import Chapter, ChapterState
from storage.decisions import Decision, DecisionKind
from storage.transaction import Transaction
from usecases.chapters import renew_notice
from usecases.drafts import Prepared, cured, judged_by, load_case, prepare, set_text
from usecases.images import NewImage, replace_embedded
from usecases.people import Person, check_own, community_of, known_chapter
from usecases.posts import announce, correct_images, correct_posts, last_post, put_back, take_back, tell_of_import
from usecases.refusals import NotReleasedError
from usecases.replanning import present_case
from usecases.review_refusals import RuledError


class Cause(StrEnum):
    """By what act a chapter has another label."""

    AUTHOR = "author"
    MODERATOR = "moderator"
    """A moderator has set it (L11)."""
    APPEAL = "appeal"
    """What a moderator had set is undone; the time that took is not counted (L12)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Another label for a chapter: who gives it, and why."""

    by: int
    """Discord's user."""
    cause: Cause
    declaration: Declaration
    images: tuple[ImageLabel, ...] | None = None
    """L5: what is now said of its images, all of them; `None` leaves that as it is."""
    cure: Cure | None = None
    """L8: its sentence is put where it counts as well; of a chapter that is out, into its heading."""
    reason: str = ""
    ground: str = ""
    """By a moderator: which reason of the list (L11)."""


@dataclass(frozen=True, slots=True)
class Relabelled:
    """What another label has done to a chapter, or would do."""

    was: Chapter
    chapter: Chapter
    before: Verdict
    verdict: Verdict
    effect: Effect
    """What becomes of its announcement; `NONE` before the release."""
    case: Case
    markdown: str
    """Its text, with the label where a cure has put it."""

    @property
    def announced(self) -> bool:
        """It is out, and was let into the network before."""
        return self.case.repair is not None and self.case.repair.announced

    @property
    def changed(self) -> bool:
        """Anything is different."""
        return (self.was, self.before) != (self.chapter, self.verdict)

    @property
    def shown(self) -> str:
        """The text as readers meet it, with what its heading carries."""
        return _as_posted(self.markdown, self.chapter.heading_label)

    @property
    def mark(self) -> int:
        """What tells it from every other result."""
        was = self.was
        told = (was.state, was.declaration, was.heading_label, was.reach, self.markdown, self.verdict.label_findings)
        return crc32(repr(told).encode())

    @property
    def policy(self) -> Policy:
        """What it is judged by."""
        return self.case.policy


def relabel(tx: Transaction, chapter_id: int, change: Change, *, now: Instant) -> Relabelled:
    """Give a chapter another label and do all that follows from it, in this transaction.

    A draft or a waiting chapter is looked at again; that is recorded only where it was not its author's act (L9).
    A chapter that is out is corrected at home, and announced, taken back or put back as L10 says.

    Raises:
        DraftGoneError: there is no such chapter.
        NotReleasedError: it was withdrawn.
        RuledError: a moderator has set the label, and its author would set another.
    """
    done = would_relabel(tx, chapter_id, change, now=now)
    if not done.changed:
        return done
    chapter = done.chapter
    out = chapter.state is ChapterState.RELEASED
    if change.cure is not None and not out:
        chapters.set_text(tx, chapter_id, done.markdown, chapter.labels, chapter.words)
    chapters.relabel(tx, chapter_id, chapter.declaration, chapter.labels, chapter.heading_label)
    for label in _new_images(done):
        images.set_label(tx, chapter_id, label)
    if out:
        _correct(tx, done, now=now)
    if chapter.state is not ChapterState.DRAFT and change.cause is Cause.AUTHOR:  # others tell it in their own words
        renew_notice(tx, chapter, before=done.before, after=done.verdict, now=now)
    if out or change.cause is not Cause.AUTHOR:
        _record(tx, done, change, now=now)
    return done


def would_relabel(tx: Transaction, chapter_id: int, change: Change, *, now: Instant) -> Relabelled:
    """N4: what `relabel` would do now; nothing is written.

    Raises:
        DraftGoneError: there is no such chapter.
        NotReleasedError: it was withdrawn.
        RuledError: a moderator has set the label, and its author would set another.
    """
    was = _known(tx, chapter_id)
    ruled = change.cause is Cause.AUTHOR and change.declaration.ai is not was.declaration.ai
    if ruled and rulings.standing(tx, chapter_id) is not None:
        raise RuledError(was.title)
    said = was.labels.images if change.images is None else change.images
    markdown = manuscripts.text(tx, chapter_id) or ""
    if was.state is ChapterState.RELEASED:
        return _repaired(tx, was, markdown, change, said, now=now)
    if was.state is ChapterState.DRAFT:
        policy = community_of(tx, Person(was.community_id, was.author_id)).policy
        case = load_case(tx, judged_by(tx, was, policy), policy, now=now)
    else:
        case = present_case(tx, was)
    asked = replace(was, declaration=change.declaration, labels=replace(was.labels, images=said))
    prepared = _looked_at(markdown, asked, change.cure, case.policy)
    chapter = replace(was, declaration=change.declaration, labels=prepared.labels, words=prepared.words)
    after = replace(case, labels=prepared.labels)
    return Relabelled(was, chapter, evaluate(case), evaluate(after), Effect.NONE, after, prepared.markdown)


def undone(decision: Decision, *, by: int, reason: str) -> Change:
    """L12: what gives a chapter back the label that it had before a recorded change."""
    before = json.loads(decision.inputs)["before"]
    return Change(
        by=by,
        cause=Cause.APPEAL,
        declaration=Declaration(Ai(before["ai"]), before["disclosure"], answered=before["answered"]),
        cure=Cure.ADD_LABEL if before["heading_label"] else None,
        reason=reason,
    )


def replace_text(
    tx: Transaction, person: Person, chapter_id: int, prepared: Prepared, new: tuple[NewImage, ...], *, now: Instant
) -> None:
    """`/chapter replace`: the text and the images of another file; what was attached stays.

    What waits is looked at again, and what is new against it is told (N3).

    Raises:
        NotYoursError, DraftGoneError, NotWaitingError: it is not this person's to change, or not any more.
        UnacceptableImageError: there are too many images, or they are too large.
    """
    was = set_text(tx, person, chapter_id, prepared)
    manuscripts.set_unshown(tx, chapter_id, prepared.unshown)
    replace_embedded(tx, chapter_id, was.community_id, new, now=now)
    if was.state is ChapterState.WAITING:
        before, chapter = evaluate(present_case(tx, was)), _known(tx, chapter_id)
        renew_notice(tx, chapter, before=before, after=evaluate(present_case(tx, chapter)), now=now)


def own_labelled(tx: Transaction, person: Person, chapter_id: int) -> Chapter:
    """A draft, or a chapter that waits or is out, for its author alone.

    Raises:
        DraftGoneError, NotYoursError: there is no such chapter of this person.
        NotReleasedError: it was withdrawn.
    """
    chapter = _known(tx, chapter_id)
    check_own(person, chapter)
    return chapter


def _repaired(
    tx: Transaction, was: Chapter, markdown: str, change: Change, said: tuple[ImageLabel, ...], *, now: Instant
) -> Relabelled:
    """L3, L10: what is posted of the text stays as it is; a label that is added stands in the heading before it."""
    case, declaration = present_case(tx, was), change.declaration
    carried = declaration.ai is not Ai.NONE and (change.cure is not None or was.heading_label is not None)
    heading_label = declaration.sentence(case.policy) if carried else None
    labels = inspect(declaration, prose.read(_as_posted(markdown, heading_label)), case.policy, said)
    repair = Repair(
        was.here_since or now,
        now,
        announced=posts.was_announced(tx, was.id),
        excused=change.cause is Cause.APPEAL,
    )
    after = replace(case, labels=labels, repair=repair)
    verdict = evaluate(after)
    effect = effect_of(was.reach or verdict.reach, verdict.reach, announced=repair.announced)
    chapter = replace(was, declaration=declaration, labels=labels, heading_label=heading_label, reach=verdict.reach)
    return Relabelled(was, chapter, evaluate(case), verdict, effect, after, markdown)


def _as_posted(markdown: str, heading_label: str | None) -> str:
    return prose.with_label(markdown, heading_label) if heading_label else markdown


def _looked_at(markdown: str, chapter: Chapter, cure: Cure | None, policy: Policy) -> Prepared:
    if cure is not None:
        return cured(markdown, chapter, cure, policy)
    return prepare(markdown, chapter.declaration, policy, chapter.labels.images)


def _correct(tx: Transaction, done: Relabelled, *, now: Instant) -> None:
    """L10: the reach that now holds, and all that stands of the chapter on Discord."""
    chapter, news = done.chapter, done.effect is Effect.ANNOUNCED
    if done.effect is Effect.TAKEN_BACK:
        take_back(tx, chapter.id)
    elif done.effect is Effect.PUT_BACK:
        news = not put_back(tx, chapter.id, now=now)
    chapters.set_reach(tx, chapter.id, done.verdict.reach, mended_at=now if news else None)
    correct_posts(tx, chapter.id, now=now)
    correct_images(tx, chapter.id, {label.number for label in _new_images(done)}, now=now)
    if chapter.import_id is not None:
        tell_of_import(tx, chapter.import_id, now=now)
    elif news:
        announce(tx, chapter, after_id=last_post(tx, chapter.id), now=now)


def _new_images(done: Relabelled) -> tuple[ImageLabel, ...]:
    """The images of which something else is said now."""
    return tuple(label for label in done.chapter.labels.images if label not in done.was.labels.images)


def _record(tx: Transaction, done: Relabelled, change: Change, *, now: Instant) -> None:
    was, chapter = done.was, done.chapter
    facts = {
        "cause": change.cause,
        "reason": change.reason,
        "ground": change.ground,
        "before": {
            "ai": was.declaration.ai,
            "disclosure": was.declaration.disclosure,
            "answered": was.declaration.answered,
            "heading_label": was.heading_label,
            "reach": was.reach,
        },
        "effect": done.effect,
    }
    decisions.record(
        tx,
        DecisionKind.RELABELLED,
        community_id=chapter.community_id,
        chapter_id=chapter.id,
        actor_id=change.by,
        policy_version=done.policy.version,
        inputs=decisions.inputs_of(done.case, facts),
        answer=decisions.answer_of(done.verdict),
        now=now,
    )


def _known(tx: Transaction, chapter_id: int) -> Chapter:
    chapter = known_chapter(tx, chapter_id)
    if chapter.state is ChapterState.WITHDRAWN:
        raise NotReleasedError(chapter.title)
    return chapter
