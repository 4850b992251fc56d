"""A policy in plain words: what each of its fields is called, what it says, what differs, what is wrong with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from cogs.replies.cards import counted, plain, quoted, shortened
from rules.amendments import LONGEST_SENTENCE, Change, Fault
from rules.labels import built_in_words, own_words
from rules.policy import GeneratedTravels, Measure, Policy
from usecases.typed_policies import FIELDS, Misread, Mistake

TITLES = {
    "chapter_days": "Days between chapters of a series",
    "series_days": "Days between an author's series starts",
    "measure": "How days are counted",
    "zone": "Time zone",
    "waiting_limit": "Chapters of a series that may wait",
    "generated_travels": "Text mostly written by AI",
    "disclosure_paragraphs": "Paragraphs within which a disclosure counts",
    "repair_days": "Days in which a mended label is still news",
    "standard_disclosure": "The standard disclosure",
    "ai_words": "Your own words that name AI",
    "challenge_days": "Days before a deadline that go faster",
    "challenge_lifts_start": "A challenge lets its series start sooner",
    "question_hours": "Hours to answer about a label",
    "appeal_days": "Days to answer an appeal",
}
"""Short enough to stand over a field of a form."""
RULES = {
    "chapter_days": "C2",
    "series_days": "C1",
    "measure": "C4",
    "zone": "C4",
    "waiting_limit": "C7",
    "generated_travels": "L4",
    "disclosure_paragraphs": "L3",
    "repair_days": "L10",
    "standard_disclosure": "L7",
    "ai_words": "L7",
    "challenge_days": "H1",
    "challenge_lifts_start": "H5",
    "question_hours": "L11",
    "appeal_days": "L12",
}
MEASURES = {
    Measure.CIVIL: "the same time on the clock, so many days later",
    Measure.ELAPSED: "24 hours a day, also when clocks change",
    Measure.MIDNIGHT: "the last day opens at midnight",
}
GENERATED = {
    GeneratedTravels.NEVER: "stays at home",
    GeneratedTravels.IF_DISCLOSED: "travels if its disclosure stands where it counts",
}
YES_NO = {True: "yes", False: "no"}
_UNITS = {
    "chapter_days": "day",
    "series_days": "day",
    "waiting_limit": "chapter",
    "disclosure_paragraphs": "paragraph",
    "repair_days": "day",
    "challenge_days": "day",
    "question_hours": "hour",
    "appeal_days": "day",
}
_LONGEST_WORDS = 160
_LONGEST_TYPED = 80
_WHEN, _FAR = tuple(FIELDS)[:5], tuple(FIELDS)[5:10]
_REST = tuple(FIELDS)[10:]


def policy_lines(policy: Policy) -> list[str]:
    """All that a policy says, in three parts."""
    parts = {"When may a chapter go out?": _WHEN, "How far does it travel?": _FAR, "Challenges and answers": _REST}
    return [
        "\n".join([f"**{head}**", *(f"- {title(name)}: {_said(policy, name)}" for name in names)])
        for head, names in parts.items()
    ]


def title(name: str) -> str:
    """What a field is called, with its rule."""
    return f"{TITLES[name]} (rule {RULES[name]})"


def change_lines(changed: Sequence[Change]) -> str:
    """Each field that differs: what it says before and after."""
    return "\n".join(f"- {change_words(one)}" for one in changed)


def change_words(change: Change) -> str:
    """One field that differs, in words."""
    if change.name == "ai_words":
        return f"{title(change.name)}: {_words_changed(change)}"
    before, after = _value(change.name, change.before), _value(change.name, change.after)
    return f"{title(change.name)}: {before} → **{after}**"


def recorded_changes(recorded: Mapping[str, Sequence[Any]]) -> list[Change]:
    """Changes as the log keeps them: by field, what it said before and after."""
    return [Change(name, _known(name, before), _known(name, after)) for name, (before, after) in recorded.items()]


def mistake_line(mistake: Mistake) -> str:
    """What is wrong with a field, and what would be right."""
    typed = quoted(shortened(mistake.text, _LONGEST_TYPED)) if mistake.text.strip() else "nothing"
    return f"- {title(mistake.name)}: you typed {typed}. {plain(mistake_words(mistake))}"


def mistake_words(mistake: Mistake) -> str:  # noqa: PLR0911 - one case a fault, flat and complete
    """The same in one short sentence, as it stands at the field; without formatting."""
    match mistake.fault:
        case Misread.NO_NUMBER:
            return f"This wants one whole number, {mistake.least} to {mistake.most}."
        case Misread.OUT_OF_RANGE:
            return f"The rules can bear {mistake.least} to {mistake.most} here."
        case Misread.UNKNOWN_ZONE:
            return "I know no such zone. Use a name such as Europe/Berlin, America/New_York or UTC."
        case Misread.NO_CHOICE:
            return "Pick one of the choices."
        case Fault.NOT_NAMING_AI:
            return "It must name AI in one of the policy's words, or no chapter could travel with it."
        case Fault.NO_SENTENCE:
            return "It must read as one sentence of plain text, or it would be found in no chapter."
        case Fault.SAYS_NOTHING:
            return f"A word needs a letter or a digit; “{shortened(mistake.text, 20)}” has none."
        case Fault.TOO_MANY:
            return f"At most {mistake.most} words of your own."
        case _:
            what = "sentence" if mistake.most == LONGEST_SENTENCE else "word"
            return f"At most {mistake.most} characters for a {what}."


def _said(policy: Policy, name: str) -> str:
    if name == "ai_words":
        own = own_words(policy)
        built_in = counted(len(built_in_words(policy)), "word")
        listed = f"{_listed(own)}, beside" if own else "none, beside"
        return f"{listed} {built_in} in many languages that are built in"
    return f"**{_value(name, getattr(policy, name))}**"


def _known(name: str, value: Any) -> Any:
    match name:
        case "measure":
            return Measure(value)
        case "generated_travels":
            return GeneratedTravels(value)
    return value


def _value(name: str, value: Any) -> str:
    if name in _UNITS:
        return counted(value, _UNITS[name])
    match value:
        case Measure():
            return MEASURES[value]
        case GeneratedTravels():
            return GENERATED[value]
        case bool():
            return YES_NO[value]
    return quoted(shortened(value, _LONGEST_WORDS)) if name == "standard_disclosure" else plain(str(value))


def _words_changed(change: Change) -> str:
    before, after = _as_words(change.before), _as_words(change.after)
    more = tuple(word for word in after if word not in before)
    less = tuple(word for word in before if word not in after)
    parts = [f"**{_listed(more)}** added" if more else "", f"{_listed(less)} taken out" if less else ""]
    return ", ".join(part for part in parts if part) or "in another order"


def _as_words(value: object) -> tuple[str, ...]:
    return tuple(str(word) for word in value) if isinstance(value, tuple | list) else ()


def _listed(words: Sequence[str]) -> str:
    return shortened(", ".join(quoted(word) for word in words), _LONGEST_WORDS)
