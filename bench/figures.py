"""What the bench prints: a ratio between two things measured in the same run, and what it aims at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One ratio; `at_most` says on which side of the aim is good."""

    name: str
    ratio: float
    aim: float
    at_most: bool

    @property
    def ok(self) -> bool:
        """Whether the aim is reached."""
        return self.ratio <= self.aim if self.at_most else self.ratio >= self.aim

    def __str__(self) -> str:
        sign = "≤" if self.at_most else "≥"
        return f"{self.name}: {self.ratio:.2f} (aim {sign} {self.aim}) {'ok' if self.ok else 'short'}"
