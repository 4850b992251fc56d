"""The numbers of a community and what they make of a label, read from `rules.md` and from nothing else."""

from dataclasses import dataclass, replace
from typing import Any

from tests.simulation.days import days_later


@dataclass(frozen=True, slots=True)
class Book:
    """One version of a community's numbers (C9, L9)."""

    version: int
    zone: str
    measure: str
    series_days: int
    chapter_days: int
    limit: int
    paragraphs: int
    generated_travels: bool
    challenge_lifts_start: bool

    @classmethod
    def of(cls, policy: Any) -> "Book":
        """The numbers of a policy, as far as the rules name them."""
        return cls(
            version=policy.version,
            zone=policy.zone,
            measure=str(policy.measure),
            series_days=policy.series_days,
            chapter_days=policy.chapter_days,
            limit=policy.waiting_limit,
            paragraphs=policy.disclosure_paragraphs,
            generated_travels=str(policy.generated_travels) == "if_disclosed",
            challenge_lifts_start=policy.challenge_lifts_start,
        )

    def days(self, lane: str) -> int:
        """C1, C2: how many days a lane asks for."""
        return self.series_days if lane == "series" else self.chapter_days

    def after(self, slot: int, lane: str) -> int:
        """C1, C2, C4: when a lane is free again after a slot in it."""
        return days_later(slot, self.days(lane), self.zone, self.measure)

    def at_pace_of(self, other: "Book") -> "Book":
        """C9: with the cadence of another version, and its own labels."""
        cadence = {name: getattr(other, name) for name in ("zone", "measure", "series_days", "chapter_days")}
        return replace(self, **cadence)


@dataclass(frozen=True, slots=True)
class Label:
    """What is true of a text, known because it was written that way."""

    ai: str
    stands_in: int | None
    """The paragraph in which its disclosure stands."""
    names_ai: bool
    lacking: int = 0
    """Images whose label lacks something."""

    def fails(self, book: Book) -> list[str]:
        """L2 to L5, L7: the rules that keep it personal, one for each fault; none where it travels."""
        text = self._text_fails(book)
        return [*([text] if text else []), *["L5"] * self.lacking]

    def _text_fails(self, book: Book) -> str | None:
        if self.ai == "none":
            return None
        if self.ai == "generated" and not book.generated_travels:
            return "L4"
        if not self.names_ai:
            return "L7"
        if self.stands_in is None or self.stands_in > book.paragraphs:
            return "L3"
        return None
