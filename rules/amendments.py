"""What a community changes about its policy, and whether the rules can bear it (C9, L7)."""

from dataclasses import dataclass, fields
from enum import StrEnum

from rules import prose
from rules.labels import discloses, own_words
from rules.policy import OutOfRange, Policy, out_of_range

LONGEST_SENTENCE = 500
"""Characters of the standard disclosure; an author's own has as much room."""
LONGEST_WORD = 60
"""Characters of one word that names AI."""
MOST_OWN_WORDS = 60
"""Words that name AI which a community may add to the built-in ones."""
_CADENCE = {"zone", "measure", "series_days", "chapter_days"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a policy that two versions fill differently."""

    name: str
    before: object
    after: object


class Fault(StrEnum):
    """Why words of a policy cannot hold."""

    NOT_NAMING_AI = "not_naming_ai"
    """L7: the standard disclosure names AI in none of the policy's words, so no chapter could travel with it."""
    NO_SENTENCE = "no_sentence"
    """L6, L7: the standard disclosure is no paragraph of prose, so it would be found in no text."""
    SAYS_NOTHING = "says_nothing"
    """L7: a word of which nothing shows."""
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class BadWords:
    """Words of a policy with which the rules could not be kept."""

    name: str
    fault: Fault
    words: str
    most: int = 0
    """With a limit: what it is."""


def changes(before: Policy, after: Policy) -> tuple[Change, ...]:
    """What differs, in the order of the fields; the version's number is no difference."""
    return tuple(
        Change(one.name, getattr(before, one.name), getattr(after, one.name))
        for one in fields(Policy)
        if one.name != "version" and getattr(before, one.name) != getattr(after, one.name)
    )


def moves_slots(change: Change) -> bool:
    """C1, C2, C4: whether a change can give a chapter another time; a challenge's starts apart (H5)."""
    return change.name in _CADENCE or change.name == "challenge_lifts_start"


def moves_reach(change: Change) -> bool:
    """L3, L4, L7, L10: whether a change can let a chapter travel otherwise."""
    return change.name in {"generated_travels", "disclosure_paragraphs", "repair_days", "ai_words"}


def faults(policy: Policy) -> tuple[OutOfRange | BadWords, ...]:
    """What must be changed before a policy can hold; nothing where the rules can be kept with it."""
    return (*out_of_range(policy), *_faults_of_words(policy), *_faults_of_sentence(policy))


def _faults_of_words(policy: Policy) -> tuple[BadWords, ...]:
    own = own_words(policy)
    if len(own) > MOST_OWN_WORDS:
        return (BadWords("ai_words", Fault.TOO_MANY, own[MOST_OWN_WORDS], MOST_OWN_WORDS),)
    found = []
    for word in own:
        if not any(letter.isalnum() for letter in prose.plain(word)):
            found.append(BadWords("ai_words", Fault.SAYS_NOTHING, word))
        elif len(word) > LONGEST_WORD:
            found.append(BadWords("ai_words", Fault.TOO_LONG, word, LONGEST_WORD))
    return tuple(found)


def _faults_of_sentence(policy: Policy) -> tuple[BadWords, ...]:
    """The sentence is put before a text as the cure of L8 does it, and looked for there."""
    sentence = policy.standard_disclosure
    if len(sentence) > LONGEST_SENTENCE:
        return (BadWords("standard_disclosure", Fault.TOO_LONG, sentence, LONGEST_SENTENCE),)
    if prose.standing(sentence, prose.read(prose.with_label("And so it began.", sentence))) != 1:
        return (BadWords("standard_disclosure", Fault.NO_SENTENCE, sentence),)
    if not discloses(sentence, policy):
        return (BadWords("standard_disclosure", Fault.NOT_NAMING_AI, sentence),)
    return ()
