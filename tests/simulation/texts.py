"""Manuscripts of which it is known beforehand where their disclosure stands, because they are written so."""

from dataclasses import dataclass
from random import Random

from rules.images import Origin
from rules.labels import Ai, Declaration
from rules.policy import Policy
from tests.simulation.books import Label
from usecases.describing import Answers

_PARAGRAPHS = (
    "The bell rang twice.",
    "Nobody came, and the candle burned down to its brass, and the baker's cat went home along the wall.",
    "It was the baker after all.",
    "> We said no more of it.",
    "Rain on the slates; rain on the boats; rain.",
    "It was the baker after all.",
)
"""Two are alike, so that a chapter may hold the same message twice."""
_BETWEEN = ("", "", "", "***", "## Later", "\N{ZERO WIDTH SPACE}")
"""What is no paragraph (L6)."""
_NAMING = ("I used AI to find the names.", "Übersetzt mit künstlicher Intelligenz.", None)
_NOT_NAMING = ("My cousin helped me with the commas.",)
_LATEST = 4
_COMPLETE: tuple[Answers | None, ...] = (
    Answers(origin=Origin.OWN, caption="", source="", alt="A cat"),
    Answers(origin=Origin.OTHERS, caption="A map", source="Rui, by permission", alt=""),
    Answers(origin=Origin.AI, caption="Gemalt von KI", source="A model, asked by me", alt=""),
)
_LACKING: tuple[Answers | None, ...] = (
    Answers(origin=Origin.AI, caption="My cover", source="A model, asked by me", alt=""),
    Answers(origin=Origin.OTHERS, caption="A map", source="", alt=""),
    None,
)
"""Each lacks one thing that L5 asks for."""


@dataclass(frozen=True, slots=True)
class Text:
    """A manuscript with what its author says of it, and what is true of it."""

    markdown: str
    declaration: Declaration
    label: Label
    images: tuple[Answers | None, ...]
    """What its author says of each; `None` where they forget."""


def write_text(story: Random, labels: Random) -> Text:
    """Some text; `labels` alone decides all that has to do with AI."""
    body, between = _body(story)
    images = _images("".join(body), labels)
    ai = labels.choice((Ai.NONE, Ai.NONE, Ai.NONE, Ai.ASSISTED, Ai.ASSISTED, Ai.GENERATED))
    names = labels.random() < 0.85
    own = labels.choice(_NAMING if names else _NOT_NAMING)
    stands_in = labels.choice((None, *range(1, _LATEST + 1)))
    sentence = own or Policy().standard_disclosure
    if ai is Ai.NONE:
        own = stands_in = None
    if stands_in is not None:
        body.insert(stands_in - 1, f"*{sentence}* The cat knew." if labels.random() < 0.3 else sentence)
        between.insert(stands_in - 1, "")
    names = names or ai is Ai.NONE  # beside the standard sentence, should it be called otherwise one day
    label = Label(ai.value, stands_in, names, lacking=sum(said in _LACKING for said in images))
    return Text(_joined(body, between), Declaration(ai, own), label, images)


def write_again(story: Random, labels: Random, sentence: str | None) -> tuple[str, int | None]:
    """Another text, and where a sentence stands in it, if one is to stand anywhere."""
    body, between = _body(story)
    stands_in = labels.choice((None, *range(1, _LATEST + 1)))
    if sentence is None or stands_in is None:
        return _joined(body, between), None
    body.insert(stands_in - 1, sentence)
    between.insert(stands_in - 1, "")
    return _joined(body, between), stands_in


def _images(story: str, labels: Random) -> tuple[Answers | None, ...]:
    """As many images as the story has, by itself; what is said of each."""
    (count,) = Random(story).choices((0, 1, 2), (80, 15, 5))
    return tuple(labels.choice(_COMPLETE if labels.random() < 0.8 else _LACKING) for _ in range(count))


def _body(story: Random) -> tuple[list[str], list[str]]:
    body = [story.choice(_PARAGRAPHS) for _ in range(story.randrange(4, 7))]
    return body, [story.choice(_BETWEEN) for _ in body]


def _joined(body: list[str], between: list[str]) -> str:
    blocks = [block for pair in zip(between, body, strict=True) for block in pair if block]
    return "\n\n".join(blocks) + "\n"
