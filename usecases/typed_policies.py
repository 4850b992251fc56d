"""What people type into the forms of `/policy edit`: read into a policy, or told what is wrong with it, by field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from rules.amendments import BadWords, Fault, faults
from rules.labels import own_words, with_own_words
from rules.policy import GeneratedTravels, Measure, OutOfRange, Policy
from usecases.communities import known_zone
from usecases.refusals import UnknownZoneError

_NUMBER = re.compile(r"\+?(\d{1,9})(?:\s*(?:d|h|days?|hours?|chapters?|paragraphs?))?\.?", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"[\n,;]")
_YES, _NO = "yes", "no"


class Misread(StrEnum):
    """Why what was typed says nothing that a policy could hold."""

    NO_NUMBER = "no_number"
    """There is no whole number: `least`, `most`."""
    OUT_OF_RANGE = "out_of_range"
    """A number that the rules cannot bear: `least`, `most`."""
    UNKNOWN_ZONE = "unknown_zone"
    NO_CHOICE = "no_choice"
    """None of the words between which there is a choice."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one field; what was typed is kept."""

    name: str
    text: str
    fault: Misread | Fault
    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class _Kind:
    """How the text of a field is read and written; what cannot be read gives why."""

    read: Callable[[Policy, str], Any]
    write: Callable[[Policy], str]


def read_typed(policy: Policy, typed: Mapping[str, str]) -> tuple[Policy, tuple[Mistake, ...]]:
    """A policy with what was typed in it; where that is wrong, the field stays as it was and there is a mistake."""
    values: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for name, text in typed.items():
        if name not in FIELDS:
            continue
        value = FIELDS[name].read(policy, text)
        if isinstance(value, Misread):
            least, most = _range(name)
            mistakes.append(Mistake(name, text, value, least, most))
        else:
            values[name] = value
    while found := _unblamed(replace(policy, **values), mistakes):  # a word less can make a sentence name AI no more
        for fault in found:
            values.pop(fault.name, None)
            mistakes.append(_mistake(fault, typed.get(fault.name)))
    return replace(policy, **values), tuple(sorted(mistakes, key=lambda one: list(FIELDS).index(one.name)))


def text_of(policy: Policy, name: str) -> str:
    """What a form shows of a policy's field: the same text, read again, is the same value."""
    return FIELDS[name].write(policy)


def _unblamed(policy: Policy, mistakes: list[Mistake]) -> list[OutOfRange | BadWords]:
    blamed = {one.name for one in mistakes}
    return [one for one in faults(policy) if one.name not in blamed]


def _mistake(fault: OutOfRange | BadWords, text: str | None) -> Mistake:
    if isinstance(fault, OutOfRange):
        return Mistake(fault.name, text or str(fault.value), Misread.OUT_OF_RANGE, fault.least, fault.most)
    return Mistake(fault.name, fault.words, fault.fault, most=fault.most)


def _range(name: str) -> tuple[int, int]:
    (allowed,) = (one.metadata.get("range") for one in fields(Policy) if one.name == name)
    return (0, 0) if allowed is None else (allowed[0], allowed[-1])


def _number(name: str) -> _Kind:
    def read(_: Policy, text: str) -> int | Misread:
        found = _NUMBER.fullmatch(text.strip())
        return Misread.NO_NUMBER if found is None else int(found[1])

    return _Kind(read, lambda policy: str(getattr(policy, name)))


def _choice(name: str, choices: Mapping[str, Any]) -> _Kind:
    def read(_: Policy, text: str) -> Any:
        return choices.get(text.strip().casefold(), Misread.NO_CHOICE)

    def write(policy: Policy) -> str:
        return next(word for word, value in choices.items() if value == getattr(policy, name))

    return _Kind(read, write)


def _read_zone(_: Policy, text: str) -> str | Misread:
    try:
        return known_zone(text)
    except UnknownZoneError:
        return Misread.UNKNOWN_ZONE


def _read_words(policy: Policy, text: str) -> tuple[str, ...]:
    words = (" ".join(word.split()) for word in _BETWEEN_WORDS.split(text))
    return with_own_words(policy, tuple(word for word in words if word))


FIELDS: dict[str, _Kind] = {
    "chapter_days": _number("chapter_days"),
    "series_days": _number("series_days"),
    "measure": _choice("measure", {one.value: one for one in Measure}),
    "zone": _Kind(_read_zone, lambda policy: policy.zone),
    "waiting_limit": _number("waiting_limit"),
    "generated_travels": _choice("generated_travels", {one.value: one for one in GeneratedTravels}),
    "disclosure_paragraphs": _number("disclosure_paragraphs"),
    "repair_days": _number("repair_days"),
    "standard_disclosure": _Kind(lambda _, text: " ".join(text.split()), lambda policy: policy.standard_disclosure),
    "ai_words": _Kind(_read_words, lambda policy: "\n".join(own_words(policy))),
    "challenge_days": _number("challenge_days"),
    "challenge_lifts_start": _choice("challenge_lifts_start", {_YES: True, _NO: False}),
    "question_hours": _number("question_hours"),
    "appeal_days": _number("appeal_days"),
}
"""Everything that a community may change, in the order in which it is shown."""
