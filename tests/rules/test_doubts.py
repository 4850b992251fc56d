"""R6: what presses add up to is shown above a floor only, and one reader doubts a few labels a week."""

from hypothesis import given
from hypothesis import strategies as some
from whenever import Instant, TimeDelta

from rules.doubts import DOUBTS_A_WEEK, FLOOR, WEEK, opens_again, shown_number
from tests.rules.build import NEW_YEAR


def test_r6_below_the_floor_no_number_is_shown() -> None:
    """Four are nobody; from five on in steps of five."""
    assert [shown_number(readers) for readers in (0, 1, 4, 5, 6, 9, 10)] == [None, None, None, 5, 5, 5, 10]


@given(some.integers(0, 10_000))
def test_r6_a_number_never_says_more_than_there_are_and_hides_each_single_press(readers: int) -> None:
    """Whoever sees it before and after most presses sees the same."""
    number = shown_number(readers)
    assert (number is None) == (readers < FLOOR)
    assert number is None or (number <= readers < number + FLOOR and number % FLOOR == 0)


def test_three_doubts_a_week_and_the_next_when_the_first_of_them_is_a_week_old() -> None:
    """To the second; a reader who has somehow said more waits for the third last."""
    hours = [NEW_YEAR.add(hours=hour) for hour in range(4)]
    assert opens_again(hours[:2], now=hours[2]) is None
    assert opens_again(hours[:3], now=hours[3]) == NEW_YEAR.add(hours=7 * 24)
    assert opens_again(hours, now=hours[3]) == NEW_YEAR.add(hours=7 * 24 + 1)


@given(some.lists(some.integers(0, 30 * 24 * 60), max_size=12))
def test_one_reader_never_doubts_more_than_so_many_labels_in_any_week(minutes: list[int]) -> None:
    """Told when it opens again, and it does open then."""
    said: list[Instant] = []
    for minute in sorted(minutes):
        now = NEW_YEAR + TimeDelta(minutes=minute)
        again = opens_again(said, now=now)
        if again is None:
            said.append(now)
        else:
            assert again > now
            assert opens_again(said, now=again - TimeDelta(milliseconds=1)) == again
            assert opens_again(said, now=again) is None
        assert len([at for at in said if at > now - WEEK]) <= DOUBTS_A_WEEK
