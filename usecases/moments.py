"""Wanted times, as people write them.

Figures, clocks and ISO forms are read here, the words of many languages for days and months by `daywords`. What a
text means is decided as follows, and the result is shown to its author in full before it counts:

- A day without a time is the first instant of that day, or now, if that day is today.
- A time without a day is its next occurrence. A weekday is the next such day; today counts only with a time that is
  still ahead. "Next friday" is the Friday of the next week (weeks begin on Monday): where people differ, the later
  reading releases nothing too early.
- A day and a month without a year are the next such day, today included.
- "In 5 days" is the same time of day then (C4), "in 5 hours" is that long.
- "Midnight" is the end of the day it is said of.
- A deadline (`ends`) is read like a wish, but a day without a time is its last second, also today.
- `2026-12-01` is year first and `01.12.` day first. `12/01` is as the author's first language has it: American month
  first, all others day first, but plain English does not say, and is refused with both readings; so is "at 6".
"""

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from whenever import Date, Instant, Time, ZonedDateTime

from rules.civil import days_later, first_valid
from usecases import daywords
from usecases.refusals import UnreadableMomentError

LONGEST_MOMENT = 100
"""Characters; people need fifty, and dateparser's patience has an end."""
FURTHEST_YEARS = 10
"""What lies further ahead is a slip of the pen."""

_DISCORD = re.compile(r"<t:(-?\d{1,12})(?::[a-z])?>")
_WITH_OFFSET = re.compile(r"(\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?) ?(z|[+-]\d\d:?\d\d)")
_ISO_SEPARATOR = re.compile(r"(?<=^\d{4}-\d\d-\d\d)t(?=\d)")
_UTC = re.compile(r"\s*\(?\b(?:utc|gmt)\)?$")

_LEAD = r"(?<![\w.:/-])(?P<lead>(?:at|um|@|kl|à|alle|às|a las)\b\s*|@\s*)"
_HALF = r"(?P<half>[ap])\.?m\.?"
_PART_OF_DAY = r"\b(?:in the )?(?P<word>morning|afternoon|evening|night)\b"
_CLOCKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_LEAD}?\b(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\s*(?:{_HALF}|uhr))?(?![\w:/])",
        rf"{_LEAD}?\b(?P<hour>\d\d?)(?:\.(?P<minute>\d\d))?\s*(?:{_HALF}|uhr|o'clock)(?!\w)",
        rf"{_LEAD}?\b(?<!in )(?<!en )(?<!em )(?<!dans )(?P<hour>\d\d?)h(?P<minute>\d\d)?(?!\w)",
        rf"{_LEAD}(?P<bare>\d\d?)(?![\w:/.-])",
        r"\b(?:at )?(?P<word>noon|midday|midnight)\b",
        _PART_OF_DAY,
    )
)
_WORDS = {"morning": 9, "noon": 12, "midday": 12, "afternoon": 15, "evening": 18, "night": 21, "midnight": 24}
_NOON = 12
_HOUR = 3600
_DAY = 24 * _HOUR

_ISO_DATE = re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d\d?)\2(?P<day>\d\d?)")
_DOTTED = re.compile(r"(?P<day>\d\d?)\. ?(?P<month>\d\d?)(?:\.|\. ?(?P<year>\d{4}|\d\d))?")
_SLASHED = re.compile(r"(?P<one>\d\d?)([-/])(?P<other>\d\d?)(?:\2(?P<year>\d{4}|\d\d))?")
_KANJI = re.compile(r"(?:(?P<year>\d{4})年 ?)?(?P<month>\d\d?)月 ?(?P<day>\d\d?)日")
_CENTURY = 2000
_LEAP_YEAR = 2000
_LEAP_YEARS_APART = 8
"""At most: around 2100."""
_FILLER = re.compile(r"^(?:(?:on|this|coming|am|den|le|el)\s+)+")
_NEXT = "next "
_NUMBER = re.compile(r"\d+")
_NAMED_DAYS = timedelta(days=2)
"""How far words without a number reach that mean a day ("the day after tomorrow") and not a length of time."""


class _AmbiguousError(ValueError):
    """More than one reading."""

    def __init__(self, *readings: str) -> None:
        super().__init__(readings)
        self.readings = readings


def read_moment(
    text: str, *, now: Instant, zone: str, languages: Sequence[str] = ("en",), ends: bool = False
) -> Instant:
    """The instant that somebody's words name; it may lie in the past, which the caller judges.

    Args:
        text: as typed.
        now: what "today" and "in 5 days" count from.
        zone: IANA name of the zone the author thinks in; an offset or "UTC" in the text goes before it.
        languages: codes such as `de` or `en-GB`, the author's own first; English is always understood.
        ends: it is a deadline, so that a day without a time means its end.

    Raises:
        UnreadableMomentError: nothing we understand, or (with `readings`) more than one thing.
    """
    local = now.to_tz(zone)
    phrase = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    try:
        moment = None if len(text) > LONGEST_MOMENT else _exact(phrase) or _spoken(phrase, local, languages, ends=ends)
    except _AmbiguousError as error:
        raise UnreadableMomentError(text, error.readings) from error
    except (ValueError, OverflowError) as error:
        raise UnreadableMomentError(text) from error
    if moment is None or moment.to_tz("UTC").year > now.to_tz("UTC").year + FURTHEST_YEARS:
        raise UnreadableMomentError(text)
    return moment


def _exact(phrase: str) -> Instant | None:
    """A Discord timestamp, or an ISO time with its offset."""
    if discord := _DISCORD.fullmatch(phrase):
        return Instant.from_timestamp(int(discord[1]))
    if iso := _WITH_OFFSET.fullmatch(phrase):
        return Instant.parse_iso(f"{iso[1]}{iso[2]}".upper())
    return None


def _spoken(phrase: str, now: ZonedDateTime, languages: Sequence[str], *, ends: bool) -> Instant | None:
    """A day, a time, or both, in any order; `None` for anything else."""
    if _UTC.search(phrase):
        phrase, now = _UTC.sub("", phrase), now.to_instant().to_tz("UTC")
    rest, clock = _split_clock(_ISO_SEPARATOR.sub(" ", phrase).replace("tonight", "today night"))
    words = _FILLER.sub("", " ".join(rest.replace(",", " ").split()))
    asked = _Asked(words, clock, now, tuple(dict.fromkeys((*languages, "en"))), ends)
    if not words:
        return asked.next_time()
    if (day := asked.numeric_day() or asked.weekday()) is not None:
        return asked.on(day)
    return asked.relative() or asked.worded_day()


def _split_clock(phrase: str) -> tuple[str, int | None]:
    """What is left of a phrase without its time of day, and that time in seconds (24:00 is one), if it has one."""
    for pattern in _CLOCKS:
        if match := pattern.search(phrase):
            rest = f"{phrase[: match.start()]} {phrase[match.end() :]}"
            return re.sub(_PART_OF_DAY, "", rest), _seconds(match.groupdict())
    return phrase, None


def _seconds(parts: dict[str, str | None]) -> int:
    """Seconds since the day began."""
    if word := parts.get("word"):
        return _WORDS[word] * _HOUR
    if bare := parts.get("bare"):
        if (parts["lead"] or "").startswith(("at", "@")) and 0 < int(bare) < _NOON:
            raise _AmbiguousError(f"{int(bare):02}:00", f"{int(bare) + _NOON:02}:00")
        return int(bare) * _HOUR
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if half := parts.get("half"):
        if not 1 <= hour <= _NOON:
            raise ValueError(hour)
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    if (hour, minute, second) != (24, 0, 0):
        Time(hour, minute, second)  # raises where there is no such time
    return hour * _HOUR + minute * 60 + second


@dataclass(frozen=True, slots=True)
class _Asked:
    """Words about a day, the time of day beside them in seconds, and what they are read against."""

    words: str
    clock: int | None
    now: ZonedDateTime
    languages: tuple[str, ...]
    ends: bool
    """A day without a time means its last second."""

    def on(self, day: Date) -> Instant:
        """The wanted time on that day; its first instant that is not past, if none was named."""
        if self.clock is None and self.ends:
            return self._at(day, _DAY - 1)
        moment = self._at(day, self.clock or 0)
        return max(moment, self.now.to_instant()) if self.clock is None and day == self.now.date() else moment

    def next_time(self) -> Instant | None:
        """A time of day alone."""
        if self.clock is None:
            return None
        today = self.on(self.now.date())
        return today if today >= self.now.to_instant() else self.on(self.now.date().add(days=1))

    def numeric_day(self) -> Date | None:
        """A date in figures."""
        if match := next(filter(None, (form.fullmatch(self.words) for form in (_ISO_DATE, _DOTTED, _KANJI))), None):
            return self._day(match["day"], match["month"], match["year"])
        if match := _SLASHED.fullmatch(self.words):
            one, other, year = match["one"], match["other"], match["year"]
            if int(other) > _NOON or int(one) > _NOON or one == other:
                return self._day(*((one, other) if int(one) > _NOON else (other, one)), year)
            language = self.languages[0].casefold()
            if language == "en":
                readings = (self._day(one, other, year), self._day(other, one, year))
                raise _AmbiguousError(*(day.format_iso() for day in readings))
            return self._day(*((other, one) if language == "en-us" else (one, other)), year)
        return None

    def weekday(self) -> Date | None:
        """A day of the week, in any of the languages."""
        today = self.now.date()
        number = daywords.weekday(self.words.removeprefix(_NEXT), self.languages)
        if number is None:
            return None
        today_number = today.day_of_week().value
        if self.words.startswith(_NEXT):
            return today.add(days=7 - today_number + number)
        day = today.add(days=(number - today_number) % 7)
        ahead = self.clock is not None and self._at(day, self.clock) >= self.now.to_instant()
        return day if day > today or ahead else day.add(days=7)

    def relative(self) -> Instant | None:
        """A distance from now, or a day named by one ("tomorrow")."""
        base = self.now.to_plain().to_stdlib().replace(microsecond=0)
        distance = daywords.distance(self.words, self.languages, base=base)
        if distance is None:
            return None
        if distance % timedelta(days=1):
            return None if self.clock is not None else self.now.to_instant().add(seconds=distance.total_seconds())
        is_day = self.clock is not None or (not _NUMBER.search(self.words) and abs(distance) <= _NAMED_DAYS)
        if is_day:
            return self.on(self.now.date().add(days=distance.days))
        return days_later(self.now.to_instant(), distance.days, zone=self.now.tz_id or "UTC")

    def worded_day(self) -> Instant | None:
        """A day with the name of its month."""
        day = daywords.day(self.words, self.languages, base=self.now.date().to_stdlib())
        if day is None:
            return None
        has_year = len(_NUMBER.findall(self.words)) > 1
        return self.on(self._day(day.day, day.month, day.year if has_year else None))

    def _at(self, day: Date, seconds: int) -> Instant:
        later, rest = divmod(seconds, _DAY)
        local = day.add(days=later).at(Time(rest // _HOUR, rest // 60 % 60, rest % 60))
        return first_valid(local, self.now.tz_id or "UTC")

    def _day(self, day: str | int, month: str | int, year: str | int | None) -> Date:
        """A date; without a year the next such day, for the 29th of February maybe years ahead."""
        if year is not None:
            whole = int(year) if len(str(year)) > len("26") else _CENTURY + int(year)
            return Date(whole, int(month), int(day))
        Date(_LEAP_YEAR, int(month), int(day))  # raises where no year has that day
        today = self.now.date()
        for later in range(_LEAP_YEARS_APART + 1):
            with suppress(ValueError):
                if (coming := Date(today.year + later, int(month), int(day))) >= today:
                    return coming
        raise AssertionError(month, day)
