"""L11: how long an author has, and when a reminder comes."""

from hypothesis import given
from hypothesis import strategies as st
from whenever import TimeDelta

from rules.policy import Policy
from rules.questions import due_after_reminder, may_be_decided, times
from tests.rules.build import NEW_YEAR

HOURS = st.integers(min_value=1, max_value=1000)
LATER = st.integers(min_value=0, max_value=5000)


def test_three_days_to_answer_and_a_reminder_after_two() -> None:
    """The default."""
    found = times(NEW_YEAR, Policy())
    assert (found.remind, found.due) == (NEW_YEAR.add(hours=48), NEW_YEAR.add(hours=72))


def test_a_reminder_in_time_moves_nothing_and_a_late_one_gives_its_day_back() -> None:
    """A bot that was away takes nothing from its author."""
    due = NEW_YEAR.add(hours=72)
    assert due_after_reminder(due, reminded=NEW_YEAR.add(hours=48), policy=Policy()) == due
    late = NEW_YEAR.add(hours=100)
    assert due_after_reminder(due, reminded=late, policy=Policy()) == late.add(hours=24)


@given(HOURS, LATER)
def test_whoever_is_reminded_has_a_third_of_the_time_left_and_never_less_than_all_of_it(hours: int, late: int) -> None:
    """The property of L11."""
    policy = Policy(question_hours=hours)
    found = times(NEW_YEAR, policy)
    reminded = found.remind.add(minutes=late)
    due = due_after_reminder(found.due, reminded=reminded, policy=policy)
    assert due >= found.due == NEW_YEAR.add(hours=hours)
    assert due - reminded >= TimeDelta(hours=hours) / 3
    assert NEW_YEAR < found.remind < found.due


def test_a_question_may_be_decided_once_it_is_answered_or_its_time_is_over() -> None:
    """Never before, and never while its author cannot read it."""
    due = NEW_YEAR.add(hours=72)
    assert may_be_decided(answered=True, due=due, now=NEW_YEAR)
    assert not may_be_decided(answered=False, due=due, now=due.subtract(milliseconds=1))
    assert may_be_decided(answered=False, due=due, now=due)
    assert may_be_decided(answered=False, due=due, now=due.add(hours=1))
    assert not may_be_decided(answered=False, due=None, now=due)
