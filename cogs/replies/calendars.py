"""A calendar in an answer: the picture, and the words for who does not see pictures."""

from datetime import date

from cogs.replies.cards import shortened
from usecases.calendars import Calendar, MarkKind, SeriesOnCalendar

PICTURE = "queue.png"
"""What the picture is called among an answer's files."""
MOST_ALT = 1024
"""Characters Discord takes as the description of a picture."""
_LONGEST_NAME = 60
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_KINDS = {
    MarkKind.OUT: "out {}",
    MarkKind.PROMISED: "promised {}",
    MarkKind.FREE: "next free {}",
}


def alt_text(calendar: Calendar) -> str:
    """What the picture shows, in short: each series with its days, the series lane, the deadlines."""
    head = (
        f"Calendar of {_day(calendar.first)} {calendar.first.year} to {_day(calendar.last)} {calendar.last.year}, "
        f"days in {calendar.zone}."
    )
    start = [mark.day for mark in calendar.marks if mark.kind is MarkKind.START]
    deadline = [mark.day for mark in calendar.marks if mark.kind is MarkKind.DEADLINE]
    parts = [
        head,
        *(_of_series(calendar, at, one) for at, one in enumerate(calendar.series)),
        f"A new series could start {_days(start)}." if start else "",
        f"Deadline {_days(deadline)}." if deadline else "",
        f"{calendar.later} more promised after {_day(calendar.last)}." if calendar.later else "",
    ]
    return shortened(" ".join(part for part in parts if part), MOST_ALT)


def _of_series(calendar: Calendar, at: int, one: SeriesOnCalendar) -> str:
    facts = []
    for kind, words in _KINDS.items():
        days = [mark.day for mark in calendar.marks if (mark.kind, mark.series) == (kind, at)]
        if days:
            facts.append(words.format(_days(days)))
    name = f"{one.key}, {one.title}" if one.key else one.title
    return f"{shortened(name, _LONGEST_NAME)}: {'; '.join(facts)}." if facts else ""


def _days(days: list[date]) -> str:
    """Days with each month named once: 1, 4, 7 December, 2 January."""
    said = [str(day.day) for day in days]
    for place, day in enumerate(days):
        if place + 1 == len(days) or (days[place + 1].year, days[place + 1].month) != (day.year, day.month):
            said[place] = _day(day)
    return ", ".join(said)


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"
