"""C9: what the end of a hold does to promises."""

from hypothesis import given
from hypothesis import strategies as st

from rules.holds import slots_after_hold
from rules.policy import Measure
from tests.rules.build import NEW_YEAR, a_policy, at

DAY = 24


def test_c9_a_passed_promise_comes_now_and_pushes_those_behind_it_by_no_more_than_the_lane_asks() -> None:
    """Held until day 4: 0, 3, 6 become 4, 7, 10; a far one stands."""
    promises = [NEW_YEAR.add(hours=DAY * day) for day in (0, 3, 6, 30)]
    now = NEW_YEAR.add(hours=DAY * 4)
    expected = [NEW_YEAR.add(hours=DAY * day) for day in (4, 7, 10, 30)]
    assert list(slots_after_hold(promises, ended=now, policies=[a_policy()] * len(promises))) == expected


def test_c9_what_has_not_come_yet_stands() -> None:
    """A hold that ends in time moves nothing."""
    promises = tuple(NEW_YEAR.add(hours=DAY * day) for day in (3, 6))
    assert slots_after_hold(promises, ended=NEW_YEAR, policies=[a_policy()] * 2) == promises


def test_c9_each_is_pushed_by_the_policy_it_was_handed_in_under() -> None:
    """A stricter one came between: 0, 1, 11 become 4, 5, 15, and not 4, 5, 6."""
    promises = [NEW_YEAR.add(hours=DAY * day) for day in (0, 1, 11)]
    policies = [a_policy(chapter_days=1), a_policy(chapter_days=1), a_policy(chapter_days=10)]
    slots = slots_after_hold(promises, ended=NEW_YEAR.add(hours=DAY * 4), policies=policies)
    assert list(slots) == [NEW_YEAR.add(hours=DAY * day) for day in (4, 5, 15)]


def test_c4_c9_a_push_is_measured_as_the_policy_measures() -> None:
    """Berlin springs forward on 29 March 2026: three times 24 hours later it is 19:00."""
    promises = [at(f"2026-03-{day} 12:00", "Europe/Berlin") for day in (20, 24)]
    now = at("2026-03-28 18:00", "Europe/Berlin")
    policy = a_policy(zone="Europe/Berlin", measure=Measure.ELAPSED)
    assert slots_after_hold(promises, ended=now, policies=[policy] * 2) == (
        now,
        at("2026-03-31 19:00", "Europe/Berlin"),
    )


@given(gaps=st.lists(st.integers(0, 10 * DAY), min_size=1, max_size=12), late=st.integers(-100, 20 * DAY))
def test_c9_no_promise_comes_sooner_order_stays_and_no_gap_widens_beyond_the_lane(gaps: list[int], late: int) -> None:
    """In the plain wording of the rule."""
    promises, at = [], NEW_YEAR
    for gap in gaps:
        at = at.add(hours=gap)
        promises.append(at)
    now = NEW_YEAR.add(hours=late)
    slots = slots_after_hold(promises, ended=now, policies=[a_policy()] * len(promises))
    assert all(slot >= promise for slot, promise in zip(slots, promises, strict=True))
    assert list(slots) == sorted(slots)
    assert slots[0] == max(promises[0], now)
    for number in range(1, len(slots)):
        distance = slots[number] - slots[number - 1]
        own = promises[number] - promises[number - 1]
        assert distance >= min(own, NEW_YEAR.add(hours=3 * DAY) - NEW_YEAR)
        assert slots[number] == promises[number] or distance == min(own, NEW_YEAR.add(hours=3 * DAY) - NEW_YEAR)
