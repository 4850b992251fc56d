"""What an author would change about a label: shown with its result first, and done when it is confirmed (N4, L8)."""

from dataclasses import dataclass, replace

from whenever import Instant

from rules import prose
from rules.labels import Ai, Cure, Declaration
from storage import proposals
from storage.chapters import Chapter, ChapterState
from storage.proposals import Proposal
from storage.transaction import Transaction, new_id
from usecases.chapters import own_chapter
from usecases.labels import Cause, Change, Relabelled, own_labelled, relabel, would_relabel
from usecases.people import Person, emptied
from usecases.refusals import ProposalGoneError

_OPENING_CHARACTERS = 280


@dataclass(frozen=True, slots=True)
class Proposed:
    """Another label for a chapter with all it would do; nothing of it counts yet."""

    id: int
    result: Relabelled
    opening: str
    """How the text would then begin."""
    cured: bool
    """Its sentence would be put where it counts (L8)."""


def give_label(
    tx: Transaction, person: Person, chapter_text: str, ai: Ai | None, disclosure: str | None, *, now: Instant
) -> Relabelled | Proposed:
    """`/chapter label`: another declaration for one of a person's chapters; what is not given stays.

    With `none` and no sentence beside it, the question of L14 is answered.

    Raises:
        UnknownChapterError, AmbiguousTitleError: it is not clear which chapter is meant.
    """
    chapter = own_chapter(tx, person, chapter_text)
    before = chapter.declaration
    sentence = before.disclosure if disclosure is None else emptied(disclosure)
    answered = disclosure is None and sentence is not None and (before.answered or ai is Ai.NONE)
    return _mend(tx, person, chapter, Declaration(ai or before.ai, sentence, answered=answered), None, now=now)


def answer_label(tx: Transaction, person: Person, chapter_id: int, ai: Ai, *, now: Instant) -> Relabelled | Proposed:
    """L14: what an author says when form and sentence differ.

    Raises:
        DraftGoneError, NotYoursError, NotReleasedError: it is not this person's to change, or not any more.
    """
    chapter = own_labelled(tx, person, chapter_id)
    declaration = chapter.declaration.said(ai)
    return _mend(tx, person, chapter, declaration, None, now=now)


def cure_label(tx: Transaction, person: Person, chapter_id: int, cure: Cure, *, now: Instant) -> Relabelled | Proposed:
    """L8: put the sentence where it counts.

    Raises:
        DraftGoneError, NotYoursError, NotReleasedError: it is not this person's to change, or not any more.
    """
    chapter = own_labelled(tx, person, chapter_id)
    return _mend(tx, person, chapter, chapter.declaration, cure, now=now)


def cure_proposal(tx: Transaction, person: Person, proposal_id: int, cure: Cure, *, now: Instant) -> Proposed:
    """L8: the same declaration, with its sentence put where it counts.

    Raises:
        ProposalGoneError: it was confirmed or dropped already, or forgotten.
        DraftGoneError, NotYoursError, NotReleasedError: it is not this person's to change, or not any more.
    """
    proposal = _own(tx, person, proposal_id)
    proposals.drop(tx, proposal_id)
    return _shown(tx, person, replace(proposal, id=new_id(now), cure=cure), now=now)


def confirm(tx: Transaction, person: Person, proposal_id: int, *, now: Instant) -> Relabelled | Proposed:
    """Do what was shown; if that would now do something else, show it anew and do nothing.

    Raises:
        ProposalGoneError: it was confirmed or dropped already, or forgotten.
        DraftGoneError, NotYoursError, NotReleasedError: it is not this person's to change, or not any more.
    """
    proposal = _own(tx, person, proposal_id)
    proposals.drop(tx, proposal_id)
    change = _change(person, proposal)
    if would_relabel(tx, proposal.chapter_id, change, now=now).mark != proposal.mark:
        return _shown(tx, person, replace(proposal, id=new_id(now)), now=now)
    return relabel(tx, proposal.chapter_id, change, now=now)


def drop_proposal(tx: Transaction, person: Person, proposal_id: int) -> Chapter:
    """Leave the label as it is.

    Raises:
        ProposalGoneError: it was confirmed or dropped already, or forgotten.
        DraftGoneError, NotYoursError, NotReleasedError: it is not this person's to change, or not any more.
    """
    proposal = _own(tx, person, proposal_id)
    proposals.drop(tx, proposal_id)
    return own_labelled(tx, person, proposal.chapter_id)


def _mend(
    tx: Transaction, person: Person, chapter: Chapter, declaration: Declaration, cure: Cure | None, *, now: Instant
) -> Relabelled | Proposed:
    """At once where nobody sees a difference yet; what changes a text that is handed in, or a post, is shown first."""
    unseen = chapter.state is ChapterState.DRAFT or (chapter.state is ChapterState.WAITING and cure is None)
    proposal = Proposal(new_id(now), chapter.id, declaration, cure, mark=0)
    if unseen:
        return relabel(tx, chapter.id, _change(person, proposal), now=now)
    return _shown(tx, person, proposal, now=now)


def _shown(tx: Transaction, person: Person, proposal: Proposal, *, now: Instant) -> Proposed:
    result = would_relabel(tx, proposal.chapter_id, _change(person, proposal), now=now)
    if result.changed:
        proposals.add(tx, replace(proposal, mark=result.mark), now=now)
    begins = prose.read(result.shown[: 4 * _OPENING_CHARACTERS])
    opening = prose.opening(begins, _OPENING_CHARACTERS)
    return Proposed(proposal.id, result, opening, cured=proposal.cure is not None)


def _change(person: Person, proposal: Proposal) -> Change:
    return Change(by=person.id, cause=Cause.AUTHOR, declaration=proposal.declaration, cure=proposal.cure)


def _own(tx: Transaction, person: Person, proposal_id: int) -> Proposal:
    proposal = proposals.find(tx, proposal_id)
    if proposal is None:
        raise ProposalGoneError
    own_labelled(tx, person, proposal.chapter_id)
    return proposal
