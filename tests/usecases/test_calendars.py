"""A queue on the days of a calendar."""

from datetime import date

from rules.labels import Reach
from storage import chapters, series
from storage.calendars import Out
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import INES, RUI, a_community, a_series, handed_in
from tests.usecases.test_challenges import LATER, a_challenge, a_queue
from usecases.calendars import FEWEST_WEEKS, MOST_SERIES, MOST_WEEKS, Calendar, Mark, MarkKind, calendar_of
from usecases.calendars import queue_on_calendar as on_calendar
from usecases.challenges import enter_challenge
from usecases.chapters import Queue

DAY = 24
NEW_YEARS_DAY = date(2026, 1, 1)
"""A Thursday."""


def calendar(tx: Transaction, series_text: str | None = None, *, days: float = 0) -> Calendar:
    """What Ines sees so many days after New Year; there must be something."""
    _, shown = on_calendar(tx, INES, series_text, now=NEW_YEAR.add(hours=DAY * days))
    assert shown is not None
    return shown


def out(tx: Transaction, chapter_id: int, *, days: float = 0) -> None:
    """A chapter went out."""
    assert chapters.release(tx, chapter_id, reach=Reach.NETWORK, now=NEW_YEAR.add(hours=DAY * days))


def days_of(shown: Calendar, kind: MarkKind, at: int | None = 0) -> list[int]:
    """The days of the month that hold such a mark of a series."""
    return [mark.day.day for mark in shown.marks if (mark.kind, mark.series) == (kind, at)]


def test_what_is_out_what_is_promised_and_what_is_free_stand_on_their_days(tx: Transaction) -> None:
    """C1, C2: one series, four weeks from the Monday of this week."""
    story = a_series(tx)
    first = handed_in(tx, story)
    out(tx, first.chapter.id)
    for title in ("Two", "Three"):
        handed_in(tx, story, title=title)
    shown = calendar(tx)
    assert (shown.today, shown.first, shown.weeks) == (NEW_YEARS_DAY, date(2025, 12, 29), FEWEST_WEEKS)
    assert shown.marks == (
        Mark(NEW_YEARS_DAY, MarkKind.OUT, 0),
        Mark(date(2026, 1, 4), MarkKind.PROMISED, 0, 1),
        Mark(date(2026, 1, 7), MarkKind.PROMISED, 0, 2),
        Mark(date(2026, 1, 10), MarkKind.FREE, 0),
        Mark(date(2026, 1, 15), MarkKind.START),
    )
    assert [(one.title, one.key, one.waiting) for one in shown.series] == [("The Salt Road", "", 2)]


def test_days_are_those_of_the_communitys_zone(tx: Transaction) -> None:
    """Midnight in London is still the old year in New York."""
    a_community(tx, zone="America/New_York")
    handed_in(tx, a_series(tx))
    shown = calendar(tx)
    assert shown.today == date(2025, 12, 31)
    assert days_of(shown, MarkKind.PROMISED) == [31]


def test_several_series_get_letters_and_one_alone_needs_none(tx: Transaction) -> None:
    """Newest first, as the list has them; asked for one of them, its own days only."""
    handed_in(tx, a_series(tx))
    handed_in(tx, a_series(tx, "Lanterns"))
    assert [(one.title, one.key) for one in calendar(tx).series] == [("Lanterns", "A"), ("The Salt Road", "B")]
    alone = calendar(tx, "The Salt Road")
    assert [(one.title, one.key) for one in alone.series] == [("The Salt Road", "")]
    assert {mark.series for mark in alone.marks} == {0, None}


def test_promises_beyond_the_last_week_are_counted(tx: Transaction) -> None:
    """And the picture does not grow beyond what a phone shows."""
    story = a_series(tx)
    for number in range(30):
        handed_in(tx, story, title=str(number))
    shown = calendar(tx)
    assert shown.weeks == MOST_WEEKS
    assert shown.last == date(2026, 2, 22)
    promised = [mark for mark in shown.marks if mark.kind is MarkKind.PROMISED]
    assert (len(promised), shown.later) == (18, 12)
    assert days_of(shown, MarkKind.FREE) == []


def test_what_is_to_come_is_worth_more_than_what_was(tx: Transaction) -> None:
    """Weeks of past releases go first when room is short."""
    story = a_series(tx)
    out(tx, handed_in(tx, story).chapter.id)
    assert calendar(tx, days=13).first == date(2025, 12, 29)
    for number in range(20):
        handed_in(tx, story, title=str(number), now=NEW_YEAR.add(hours=13 * DAY))
    assert calendar(tx, days=13).first == date(2026, 1, 12)


def test_nothing_waiting_still_shows_what_went_out_lately_and_what_is_free(tx: Transaction) -> None:
    """For two weeks; a slot that is free already stands on today."""
    out(tx, handed_in(tx, a_series(tx)).chapter.id)
    shown = calendar(tx, days=8)
    assert days_of(shown, MarkKind.OUT) == [1]
    assert days_of(shown, MarkKind.FREE) == [9]
    assert days_of(shown, MarkKind.START, None) == [15]
    assert on_calendar(tx, INES, None, now=NEW_YEAR.add(hours=15 * DAY))[1] is None


def test_without_anything_to_show_there_is_no_calendar(tx: Transaction) -> None:
    """And what others hand in shows on none of mine."""
    a_series(tx)
    handed_in(tx, a_series(tx, "Elsewhere", person=RUI), person=RUI)
    assert on_calendar(tx, INES, None, now=NEW_YEAR)[1] is None


def test_a_finished_series_offers_no_free_slot(tx: Transaction) -> None:
    """What waits of it is still promised."""
    story = a_series(tx)
    handed_in(tx, story)
    series.finish(tx, story.id)
    shown = calendar(tx)
    assert days_of(shown, MarkKind.PROMISED) == [1]
    assert days_of(shown, MarkKind.FREE) == []


def test_more_series_than_the_eye_can_tell_apart_are_counted(tx: Transaction) -> None:
    """The newest are drawn."""
    for number in range(MOST_SERIES + 2):
        handed_in(tx, a_series(tx, f"Story {number}"))
    shown = calendar(tx)
    assert (len(shown.series), shown.other_series) == (MOST_SERIES, 2)


def test_a_deadline_stands_first_on_its_day(tx: Transaction) -> None:
    """Whatever else that day holds."""
    handed_in(tx, a_series(tx))
    queue, _ = on_calendar(tx, INES, None, now=NEW_YEAR)
    shown = calendar_of(queue, [], zone="UTC", now=NEW_YEAR, deadlines=[NEW_YEAR.add(hours=1)])
    assert shown is not None
    assert shown.marks[0] == Mark(NEW_YEARS_DAY, MarkKind.DEADLINE)


def test_equal_facts_make_equal_calendars(tx: Transaction) -> None:
    """So that one that is drawn already is not drawn again on the same day."""
    handed_in(tx, a_series(tx))
    assert calendar(tx) == calendar(tx, days=0.5)
    assert hash(calendar(tx)) == hash(calendar(tx, days=0.5))
    assert calendar(tx) != calendar(tx, days=1)


def test_a_series_that_is_not_the_authors_any_more_is_left_out() -> None:
    """What went out of a series that the queue does not name has no place."""
    assert calendar_of(Queue((), None), [Out(1, NEW_YEAR)], zone="UTC", now=NEW_YEAR) is None


def test_the_deadline_of_a_challenge_it_is_in_stands_on_its_day(tx: Transaction) -> None:
    """H1: of the series shown, and of no other."""
    entered = a_queue(tx, 2)
    a_challenge(tx)
    assert MarkKind.DEADLINE not in {mark.kind for mark in calendar(tx).marks}
    enter_challenge(tx, INES, entered.title, "Winter", now=LATER)
    assert [mark.day.day for mark in calendar(tx).marks if mark.kind is MarkKind.DEADLINE] == [6]
