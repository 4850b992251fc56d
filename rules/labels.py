"""How far does a chapter travel? L1 to L8, L14: declared, never detected."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from rules import prose
from rules.images import ImageLabel, Lack, lacks
from rules.policy import AI_WORDS, GeneratedTravels, Policy


class Ai(StrEnum):
    """What an author says of a chapter's text (L1)."""

    NONE = "none"
    ASSISTED = "assisted"
    GENERATED = "generated"


@dataclass(frozen=True, slots=True)
class Declaration:
    """The author's word: how AI was used, and the sentence that tells readers (L1, L7)."""

    ai: Ai
    disclosure: str | None = None
    answered: bool = False
    """L14: asked what the sentence means beside `none`, the author has said that no AI was used."""

    def said(self, ai: Ai) -> "Declaration":
        """Another word beside the same sentence, by somebody who knows that sentence: L14 asks no more."""
        return replace(self, ai=ai, answered=ai is Ai.NONE)

    def sentence(self, policy: Policy) -> str:
        """L7: the author's own sentence, or the community's standard one."""
        return self.disclosure or policy.standard_disclosure


@dataclass(frozen=True, slots=True)
class Labels:
    """What the label rules need to know of a chapter; made once per text, small enough to keep beside it."""

    ai: Ai
    sentence: str
    """The sentence that was looked for."""
    stands_in: int | None
    """The number (from 1) of the paragraph it stands in, as L6 counts; `None` where it stands nowhere."""
    names_ai: bool
    """Whether the sentence names AI in one of the policy's words (L7); with `none`, the author's own one (L14)."""
    images: tuple[ImageLabel, ...] = ()
    """What its author says of each image (L5)."""
    answered: bool = False
    """Whether the author has answered the question of L14."""


class Fault(StrEnum):
    """Why a label keeps a chapter in its home."""

    NOT_DISCLOSED = "not_disclosed"
    """L3: the sentence stands nowhere in the text."""
    DISCLOSED_TOO_LATE = "disclosed_too_late"
    """L3: the sentence stands after the opening paragraphs."""
    NOT_NAMING_AI = "not_naming_ai"
    """L7: the sentence does not name AI."""
    GENERATED = "generated"
    """L4: text mostly written by AI stays with its author's own followers."""
    SAYS_OTHERWISE = "says_otherwise"
    """L14: the form says `none`, and the sentence speaks of AI; the author is asked."""
    MENDED_TOO_LATE = "mended_too_late"
    """L10: its labels are complete now, but were not while a repair still brought it to the network."""


class Cure(StrEnum):
    """The one press that mends a label (L8)."""

    ADD_LABEL = "add_label"
    MOVE_UP = "move_up"
    DESCRIBE_IMAGES = "describe_images"
    ANSWER = "answer"
    """L14: by one of two presses the author says which of the two it is."""


class Reach(StrEnum):
    """Where a chapter appears."""

    PERSONAL = "personal"
    """In its home only."""
    NETWORK = "network"
    """In its home and in the network channels."""


@dataclass(frozen=True, slots=True)
class LabelFinding:
    """One failing label: its rule, what is wrong, where, and what mends it (N2)."""

    rule: str
    fault: Fault | Lack
    paragraph: int | None = None
    cure: Cure | None = None
    image: int | None = None


def inspect(
    declaration: Declaration, blocks: Sequence[prose.Block], policy: Policy, images: Iterable[ImageLabel] = ()
) -> Labels:
    """L6, L7: look for the disclosure sentence, and for nothing else, in the text as readers will see it.

    What was said of the images stays said; their captions are judged by the policy's words (L5).
    """
    sentence, judged = declaration.sentence(policy), tuple(image_label(image, policy) for image in images)
    if declaration.ai is Ai.NONE:
        otherwise = declaration.disclosure is not None and names_ai(sentence, policy.ai_words)
        answered = declaration.answered
        return Labels(declaration.ai, sentence, None, names_ai=otherwise, images=judged, answered=answered)
    return Labels(
        declaration.ai,
        sentence,
        prose.standing(sentence, blocks),
        names_ai=names_ai(sentence, policy.ai_words),
        images=judged,
    )


def names_ai(sentence: str, words: tuple[str, ...]) -> bool:
    """L7: does a disclosure name AI in one of the policy's words, in any language?"""
    return _pattern(words).search(prose.plain(sentence)) is not None


def discloses(sentence: str, policy: Policy) -> bool:
    """L7: does a disclosure name AI in one of a policy's words?"""
    return names_ai(sentence, policy.ai_words)


def under_other_words(labels: Labels, before: Policy, after: Policy) -> Labels:
    """L5, L7: the same labels, with what was said held against the words of another policy.

    Of `none` only an author's own sentence is asked about (L14), and the standard one is nobody's own.
    """
    if after.ai_words == before.ai_words:
        return labels
    sentence = labels.sentence
    asked = labels.ai is not Ai.NONE or sentence != before.standard_disclosure
    return replace(
        labels,
        names_ai=discloses(sentence, after) if asked else labels.names_ai,
        images=tuple(image_label(image, after) for image in labels.images),
    )


def built_in_words(policy: Policy) -> tuple[str, ...]:
    """L7: the words that name AI which a policy has from us."""
    return tuple(word for word in policy.ai_words if word in AI_WORDS)


def own_words(policy: Policy) -> tuple[str, ...]:
    """L7: the words that name AI which a community has added."""
    return tuple(word for word in policy.ai_words if word not in AI_WORDS)


def with_own_words(policy: Policy, words: tuple[str, ...]) -> tuple[str, ...]:
    """L7: a policy's words with others of the community's own; what is built in stays."""
    return (*built_in_words(policy), *(word for word in dict.fromkeys(words) if word not in AI_WORDS))


def image_label(label: ImageLabel, policy: Policy) -> ImageLabel:
    """L5, L7: an image's label under a policy: does its caption name AI in one of its words?"""
    return replace(label, names_ai=names_ai(label.caption, policy.ai_words))


def label_findings(labels: Labels, policy: Policy) -> tuple[LabelFinding, ...]:
    """L2 to L5, L7, L8, L14: everything that keeps a chapter personal; nothing for one that may travel."""
    return (*_text_findings(labels, policy), *_image_findings(labels))


def reach_of(findings: Sequence[LabelFinding]) -> Reach:
    """L2 to L5: the network for a chapter without a failing label, its home for any other."""
    return Reach.PERSONAL if findings else Reach.NETWORK


def _text_findings(labels: Labels, policy: Policy) -> tuple[LabelFinding, ...]:
    """L2, L3, L4, L7, L14: what is wrong with the label of the text."""
    if labels.ai is Ai.NONE:
        unclear = labels.names_ai and not labels.answered
        return (LabelFinding("L14", Fault.SAYS_OTHERWISE, cure=Cure.ANSWER),) if unclear else ()
    if labels.ai is Ai.GENERATED and policy.generated_travels is GeneratedTravels.NEVER:
        return (LabelFinding("L4", Fault.GENERATED),)
    if not labels.names_ai:
        return (LabelFinding("L7", Fault.NOT_NAMING_AI),)
    if labels.stands_in is None:
        return (LabelFinding("L3", Fault.NOT_DISCLOSED, cure=Cure.ADD_LABEL),)
    if labels.stands_in > policy.disclosure_paragraphs:
        return (LabelFinding("L3", Fault.DISCLOSED_TOO_LATE, labels.stands_in, Cure.MOVE_UP),)
    return ()


def _image_findings(labels: Labels) -> tuple[LabelFinding, ...]:
    """L5: what the labels of the images lack, each with its image's number."""
    return tuple(
        LabelFinding("L5", lack, cure=Cure.DESCRIBE_IMAGES, image=image.number)
        for image in labels.images
        for lack in lacks(image)
    )


_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\ud7af]")
"""Letters of scripts that set no space around a word: Thai, Lao, Burmese, Khmer, Japanese, Chinese, Korean."""


_NOTHING = r"(?!)"
"""Matches no text at all."""


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for all words: whole words where a script has them, anywhere where it writes none.

    A word of nothing that shows names nothing; without any word no sentence names AI.
    """
    plain = [prose.plain(word) for word in words]
    return re.compile("|".join(_whole(word) for word in plain if word) or _NOTHING)


def _whole(word: str) -> str:
    return re.escape(word) if _SPACELESS.search(word) else rf"(?<!\w){re.escape(word)}(?!\w)"
