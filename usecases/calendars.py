"""A queue laid out on the days of a calendar: what is out, what is promised, what is free."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from string import ascii_uppercase

from whenever import Instant

from storage import calendars, challenges
from storage.transaction import Transaction
from usecases.chapters import Queue, QueueOfSeries, waiting_chapters
from usecases.people import Person, community_of

LOOK_BACK_DAYS = 14
"""How long a release stays to be seen; also what the series lane counts in (C1)."""
FEWEST_WEEKS = 4
MOST_WEEKS = 8
"""What a phone still shows large enough to read."""
MOST_SERIES = 8
"""What the eye can still tell apart."""
_WEEK = timedelta(days=7)


class MarkKind(StrEnum):
    """What a day of the calendar holds."""

    OUT = "out"
    PROMISED = "promised"
    FREE = "free"
    """The chapter lane's next free slot (C2)."""
    START = "start"
    """The series lane's next free slot (C1)."""
    DEADLINE = "deadline"
    """A challenge ends."""


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """One thing on one day."""

    day: date
    """The community's local date."""
    kind: MarkKind
    series: int | None = None
    """Which of the calendar's series, counted from 0; `None` for what belongs to none."""
    number: int | None = None
    """A promised chapter's place in the list of its series, counted from 1."""


@dataclass(frozen=True, slots=True)
class SeriesOnCalendar:
    """A series that has something on the calendar."""

    id: int
    title: str
    key: str
    """The letter it goes by on the days; none where it is the only one."""
    waiting: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days from a Monday on, and what they hold; equal facts make equal calendars."""

    zone: str
    today: date
    first: date
    """A Monday."""
    weeks: int
    series: tuple[SeriesOnCalendar, ...] = ()
    marks: tuple[Mark, ...] = ()
    """In the order of their days, none before `first` and none after `last`."""
    later: int = 0
    """Promises after `last`."""
    other_series: int = 0
    """Series that have something to show and no room."""

    @property
    def last(self) -> date:
        """The last day, a Sunday."""
        return self.first + self.weeks * _WEEK - timedelta(days=1)


def queue_on_calendar(
    tx: Transaction, person: Person, series_text: str | None, *, now: Instant
) -> tuple[Queue, Calendar | None]:
    """C7: what waits, and the same on a calendar; without one where its days would be empty.

    Raises:
        NotSetUpError, NoSeriesError, UnknownSeriesError, AmbiguousTitleError: there is nothing to show.
    """
    shown = waiting_chapters(tx, person, series_text, now=now)
    since = now.subtract(hours=24 * LOOK_BACK_DAYS)
    out = calendars.out_since(tx, person.community_id, person.id, since=since)
    entered = (challenges.entry(tx, one.series.id, now=now) for one in shown.series)
    deadlines = {one.terms.deadline for one in entered if one is not None}
    zone = community_of(tx, person).policy.zone
    return shown, calendar_of(shown, out, zone=zone, now=now, deadlines=sorted(deadlines))


def calendar_of(
    shown: Queue, out: Iterable[calendars.Out], *, zone: str, now: Instant, deadlines: Iterable[Instant] = ()
) -> Calendar | None:
    """Lay a queue, what went out lately and the deadlines that concern it out on local days."""
    gone: dict[int, list[date]] = {}
    for one in out:
        gone.setdefault(one.series_id, []).append(_day(one.released_at, zone))
    lively = [one for one in shown.series if one.waiting or one.series.id in gone]
    if not lively:
        return None
    today = _day(now, zone)
    drawn = lively[:MOST_SERIES]
    marks = [mark for at, one in enumerate(drawn) for mark in _marks(at, one, gone.get(one.series.id, []), zone, today)]
    marks.append(Mark(today if shown.next_start is None else _day(shown.next_start, zone), MarkKind.START))
    marks += [Mark(_day(deadline, zone), MarkKind.DEADLINE) for deadline in deadlines]
    first, weeks = _span(marks, today)
    last = first + weeks * _WEEK - timedelta(days=1)
    return Calendar(
        zone=zone,
        today=today,
        first=first,
        weeks=weeks,
        series=tuple(
            SeriesOnCalendar(one.series.id, one.series.title, key if len(drawn) > 1 else "", len(one.waiting))
            for one, key in zip(drawn, ascii_uppercase, strict=False)
        ),
        marks=tuple(sorted((mark for mark in marks if first <= mark.day <= last), key=_place)),
        later=sum(mark.kind is MarkKind.PROMISED and mark.day > last for mark in marks),
        other_series=len(lively) - len(drawn),
    )


def _marks(at: int, one: QueueOfSeries, gone: Iterable[date], zone: str, today: date) -> Iterable[Mark]:
    for day in gone:
        yield Mark(day, MarkKind.OUT, at)
    for number, chapter in enumerate(one.waiting, 1):
        if chapter.slot is not None:
            yield Mark(_day(chapter.slot, zone), MarkKind.PROMISED, at, number)
    if not one.series.complete:
        yield Mark(today if one.next_free is None else _day(one.next_free, zone), MarkKind.FREE, at)


def _span(marks: Iterable[Mark], today: date) -> tuple[date, int]:
    """The Monday to begin with and how many weeks: from what went out lately, as far as room allows."""
    days = [mark.day for mark in marks]
    first = _monday(min(today, *days))
    wanted = max(FEWEST_WEEKS, (max(today, *days) - first) // _WEEK + 1)
    if wanted > MOST_WEEKS:  # what is to come is worth more than what was
        past = min((_monday(today) - first) // _WEEK, wanted - MOST_WEEKS)
        first += past * _WEEK
        wanted -= past
    return first, min(wanted, MOST_WEEKS)


def _place(mark: Mark) -> tuple[date, bool, int, int]:
    """Day by day, the deadline first, then series by series."""
    series = MOST_SERIES if mark.series is None else mark.series
    return mark.day, mark.kind is not MarkKind.DEADLINE, series, mark.number or 0


def _day(moment: Instant, zone: str) -> date:
    return moment.to_tz(zone).date().to_stdlib()


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
