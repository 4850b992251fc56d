"""A trial in numbers: how much earlier or later, how much further, how much a week (`/policy try`)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median_low

from whenever import Instant, TimeDelta

from rules.labels import Ai, Reach
from rules.trials import Tried


@dataclass(frozen=True, slots=True)
class Shift:
    """Chapters that would have come at another time, and by how much."""

    count: int
    median: TimeDelta
    largest: TimeDelta


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """How much came or comes in one week, and how much would have."""

    monday: date
    came: int
    would: int


@dataclass(frozen=True, slots=True, order=True)
class Other:
    """Chapters that would have travelled, or would not have."""

    travels: bool
    """Whether they would have."""
    ai: Ai
    rule: str
    """The rule that kept them home, or would have."""
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a changed policy would have done, in numbers; equal numbers make equal trials."""

    zone: str
    """Whose weeks are counted."""
    chapters: int
    """Those with a slot, out or waiting."""
    earlier: Shift | None
    later: Shift | None
    given: int
    """Times that a person gave."""
    refused: int
    out: int
    """Those with a reach, older work among them."""
    travelled: int
    would_travel: int
    others: tuple[Other, ...]
    weeks: tuple[Week, ...]
    """Every week between the first and the last one in which something came or would have."""

    @property
    def same(self) -> int:
        """How many would have come when they did."""
        return self.chapters - sum(shift.count for shift in (self.earlier, self.later) if shift is not None)

    @property
    def changes_nothing(self) -> bool:
        """Everything would have come out as it did."""
        return not (self.earlier or self.later or self.others or self.refused)


@dataclass(slots=True)
class Tally:
    """A trial in the making, author by author."""

    zone: str
    given: int = 0
    refused: int = 0
    shifts: list[int] = field(default_factory=list)
    """For each chapter with a slot, the milliseconds by which it would have come later."""
    reaches: Counter[tuple[Reach, Reach]] = field(default_factory=Counter)
    came: Counter[date] = field(default_factory=Counter)
    would: Counter[date] = field(default_factory=Counter)
    others: Counter[tuple[bool, Ai, str]] = field(default_factory=Counter)

    def add(self, tried: Iterable[Tried]) -> None:
        """Count what was tried of one author."""
        for one in tried:
            self.given += one.given
            self.refused += one.refused
            if one.slots is not None:
                slot, would = one.slots
                self.came[_monday(slot, self.zone)] += 1
                self.would[_monday(would, self.zone)] += 1
                self.shifts.append(round((would - slot).total("milliseconds")))
            if one.reaches is not None:
                self._add_reach(one, one.reaches)

    def trial(self) -> Trial:
        """The numbers."""
        return Trial(
            zone=self.zone,
            chapters=len(self.shifts),
            earlier=_shift([-shift for shift in self.shifts if shift < 0]),
            later=_shift([shift for shift in self.shifts if shift > 0]),
            given=self.given,
            refused=self.refused,
            out=self.reaches.total(),
            travelled=self._travels(0),
            would_travel=self._travels(1),
            others=tuple(sorted(Other(*what, count) for what, count in self.others.items())),
            weeks=tuple(Week(day, self.came[day], self.would[day]) for day in _mondays({*self.came, *self.would})),
        )

    def _travels(self, which: int) -> int:
        return sum(count for reaches, count in self.reaches.items() if reaches[which] is Reach.NETWORK)

    def _add_reach(self, one: Tried, reaches: tuple[Reach, Reach]) -> None:
        self.reaches[reaches] += 1
        reach, would = reaches
        if reach is not would:
            rules = one.rules[0] or one.rules[1]  # the one or the other kept it home
            self.others[would is Reach.NETWORK, one.ai, rules[0]] += 1


def _shift(lengths: list[int]) -> Shift | None:
    if not lengths:
        return None
    return Shift(len(lengths), TimeDelta(milliseconds=median_low(lengths)), TimeDelta(milliseconds=max(lengths)))


def _monday(moment: Instant, zone: str) -> date:
    day = moment.to_tz(zone).date().to_stdlib()
    return day - timedelta(days=day.weekday())


def _mondays(some: set[date]) -> Iterator[date]:
    """All Mondays from the first of some to the last."""
    day, last = min(some, default=date.max), max(some, default=date.min)
    while day <= last:
        yield day
        day += timedelta(days=7)
