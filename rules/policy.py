"""The numbers and switches of one community, in numbered versions (the bold numbers of the rules)."""

from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

AI_WORDS = (
    *("AI", "A.I.", "artificial intelligence", "language model", "LLM", "machine translation"),
    *("machine-translated", "ChatGPT", "GPT", "Claude", "Gemini", "DeepL", "Google Translate"),
    *("KI", "künstliche Intelligenz", "künstlicher Intelligenz", "maschinelle Übersetzung"),  # German
    *("IA", "intelligence artificielle", "traduction automatique"),  # French; "IA" serves Romance at large
    *("inteligencia artificial", "inteligência artificial", "intelligenza artificiale"),
    *("kunstmatige intelligentie", "sztuczna inteligencja", "sztucznej inteligencji", "SI"),
    *("tekoäly", "tekoälyn", "tekoälyllä", "yapay zekâ", "yapay zeka", "trí tuệ nhân tạo", "kecerdasan buatan"),
    *("ИИ", "искусственный интеллект", "искусственного интеллекта", "искусственным интеллектом"),
    *("ШІ", "штучний інтелект", "штучного інтелекту", "τεχνητή νοημοσύνη", "τεχνητής νοημοσύνης"),
    *("人工智能", "人工知能", "生成AI", "인공지능", "الذكاء الاصطناعي", "בינה מלאכותית", "ปัญญาประดิษฐ์"),
)
"""Words by which a disclosure may name AI (L7); a community may add its own."""


class Measure(StrEnum):
    """How "N days later" is counted (C4)."""

    CIVIL = "civil"
    """The same wall-clock time, N civil days later."""
    ELAPSED = "elapsed"
    """N times 24 hours later."""
    MIDNIGHT = "midnight"
    """At local midnight of the N-th day."""


class GeneratedTravels(StrEnum):
    """Whether text mostly written by AI may reach the network (L4)."""

    NEVER = "never"
    IF_DISCLOSED = "if_disclosed"


def _number(default: int, *, least: int, most: int) -> Any:
    """A number that a community may choose, within what the rules can bear: a lane of 0 days would hold nobody up."""
    return field(default=default, metadata={"range": range(least, most + 1)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of a community's policy; a chapter is judged by the version it was handed in under (C9, L9)."""

    version: int = 1
    zone: str = "UTC"
    """The community's time zone, an IANA name (C4)."""
    measure: Measure = Measure.CIVIL
    series_days: int = _number(14, least=1, most=365)
    """Days between one author's series starts (C1)."""
    chapter_days: int = _number(3, least=1, most=365)
    """Days between chapters of one series (C2)."""
    waiting_limit: int = _number(60, least=1, most=500)
    """Chapters of one series that may wait at a time (C7)."""
    disclosure_paragraphs: int = _number(2, least=1, most=20)
    """The disclosure must stand within this many opening paragraphs (L3)."""
    generated_travels: GeneratedTravels = GeneratedTravels.NEVER
    repair_days: int = _number(14, least=1, most=365)
    """Days after a personal release within which a mended label still brings a chapter to the network (L10)."""
    standard_disclosure: str = "This chapter was written with the help of AI."
    """The sentence that counts when the author gives none (L7)."""
    challenge_days: int = _number(7, least=1, most=60)
    """Days before its deadline from which a challenge lifts C2, where its moderator says nothing else (H1)."""
    challenge_lifts_start: bool = False
    """Whether a challenge lifts C1 too, for the start of an entered series (H5)."""
    question_hours: int = _number(72, least=1, most=720)
    """Hours that an author has to answer a question about a label (L11)."""
    appeal_days: int = _number(7, least=1, most=60)
    """Days in which an appeal is to be answered, and for which a declined import is kept for one (L12, C13)."""
    ai_words: tuple[str, ...] = AI_WORDS


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """A number of a policy that the rules cannot bear."""

    name: str
    value: object
    least: int
    most: int


def out_of_range(policy: Policy) -> tuple[OutOfRange, ...]:
    """What must be changed before a policy can hold."""
    found = []
    for one in fields(policy):
        allowed, value = one.metadata.get("range"), getattr(policy, one.name)
        if allowed is not None and not (type(value) is int and value in allowed):
            found.append(OutOfRange(one.name, value, allowed[0], allowed[-1]))
    return tuple(found)


def within_range(policy: Policy) -> Policy:
    """The nearest policy that can hold, for one that somebody has written into the database by hand."""
    changes: dict[str, Any] = {
        one.name: min(max(one.value, one.least), one.most) if type(one.value) is int else getattr(Policy(), one.name)
        for one in out_of_range(policy)
    }
    return replace(policy, **changes)
