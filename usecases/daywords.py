"""The words that many languages have for days, months and lengths of time, by dateparser.

dateparser takes much for a date ("a", "may", "12"), so each question here is put so that only a real answer passes.
It never learns what time it is: every answer counts from a base that is given to it.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

_PROBES = (datetime(2024, 1, 31, 12), datetime(2025, 6, 16, 12))  # noqa: DTZ001 - dateparser wants local times
_WEEK = timedelta(days=7)
_NUMBER = re.compile(r"\d+")
_GAP = re.compile(r"[\W\d]+")
_SHORTEST_MONTH = 3
"""Letters; dateparser takes `a` for one, and one for January."""


def weekday(words: str, languages: Sequence[str]) -> int | None:
    """The number of a weekday (Monday is 1), if the words are its name.

    Only such a name means, whatever the day, the same weekday within a week: so it is asked twice.
    """
    found = {_weekday_after(probe, _parse(words, languages, probe, "absolute-time")) for probe in _PROBES}
    return found.pop() if len(found) == 1 else None


def day(words: str, languages: Sequence[str], *, base: date) -> date | None:
    """A day with the name of its month, and maybe of its weekday, which must then be the right one.

    Without a year in the words it is a year of dateparser's choice.
    """
    start = datetime(base.year, base.month, base.day)  # noqa: DTZ001 - dateparser wants local times
    then = _parse(words, languages, start, "absolute-time", parts=("day", "month"))
    if then is None or then.time() != start.time():
        return None
    names = [word for word in _GAP.split(words) if len(word) >= _SHORTEST_MONTH]
    months = {_month(name, languages) for name in names}
    weekdays = {weekday(name, languages) for name in names} - {None}
    return then.date() if then.month in months and weekdays <= {then.isoweekday()} else None


def distance(words: str, languages: Sequence[str], *, base: datetime) -> timedelta | None:
    """How far ahead of `base` (a local time) the words lead: "in 5 days", "tomorrow", "2 hours ago"."""
    then = _parse(words, languages, base, "relative-time")
    if then is None:
        return None
    unit = _NUMBER.sub("", words)
    if unit != words and _parse(unit, languages, base, "relative-time") is not None:
        return None  # "31 tomorrow": the number belongs to nothing
    return then - base


def _month(word: str, languages: Sequence[str]) -> int | None:
    """The number of a month, if the word is its name."""
    then = _parse(word, languages, _PROBES[0], "absolute-time", parts=("month",))
    return then.month if then else None


def _weekday_after(probe: datetime, then: datetime | None) -> int | None:
    return then.isoweekday() if then is not None and timedelta(0) < then - probe <= _WEEK else None


def _parse(
    words: str, languages: Sequence[str], base: datetime, parser: str, *, parts: tuple[str, ...] = ()
) -> datetime | None:
    """What dateparser makes of the words, in the first of the languages that has a meaning for them."""
    import dateparser  # noqa: PLC0415 - a quarter of a second at start-up, and few commands need it

    settings = {
        "PARSERS": [parser],
        "PREFER_DATES_FROM": "future",
        "RELATIVE_BASE": base,
        "REQUIRE_PARTS": list(parts),
        "TIMEZONE": "UTC",
    }
    for language in languages:
        try:
            then: datetime | None = dateparser.parse(words, languages=[language.split("-")[0]], settings=settings)
        except ValueError:  # a language that dateparser has no words of
            continue
        if then is not None:
            return None if then.tzinfo else then  # a zone we would have to guess from three letters
    return None
