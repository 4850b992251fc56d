"""E1 to E4: what a grant lifts, for whom, how often."""

from hypothesis import given
from hypothesis import strategies as st
from whenever import Instant

from rules.cadence import NEXT_MOMENT, Because, LaneKind, slot_for
from rules.exceptions import Grant, covers, first_open, is_open, is_spent
from rules.labels import Ai
from rules.verdict import evaluate
from tests.rules.build import NEW_YEAR, a_case, a_lane, a_policy, some_labels

days = st.integers(-20, 20).map(lambda days: NEW_YEAR.add(hours=24 * days))
moments = st.integers(-20 * 24, 20 * 24).map(lambda hours: NEW_YEAR.add(hours=hours))


def a_grant(**changes: object) -> Grant:
    """One use, for any chapter of any series, for a fortnight."""
    given: dict[str, object] = {
        "id": 7,
        "lane": LaneKind.CHAPTER,
        "series_id": None,
        "uses_left": 1,
        "ends_at": NEW_YEAR.add(hours=14 * 24),
    }
    return Grant(**(given | changes))  # type: ignore[arg-type]


def test_e1_a_grant_covers_its_lane_and_its_series_and_nothing_else() -> None:
    """Lane, series, uses, end."""
    grant = a_grant(series_id=5)
    assert covers(grant, lane=LaneKind.CHAPTER, series_id=5)
    assert not covers(grant, lane=LaneKind.CHAPTER, series_id=6)
    assert not covers(grant, lane=LaneKind.SERIES, series_id=5)
    assert covers(a_grant(), lane=LaneKind.CHAPTER, series_id=6)
    assert is_open(grant, now=grant.ends_at.subtract(milliseconds=1))
    assert not is_open(grant, now=grant.ends_at)
    assert not is_open(grant, now=grant.ends_at.add(hours=1))
    assert not is_open(a_grant(uses_left=0), now=NEW_YEAR)


def test_e2_the_oldest_open_grant_is_used_first() -> None:
    """Among those in whose scope the chapter is."""
    old, young, other = a_grant(id=1), a_grant(id=2), a_grant(id=0, lane=LaneKind.SERIES)
    found = first_open([young, other, old], lane=LaneKind.CHAPTER, series_id=1, now=NEW_YEAR)
    assert found == old
    assert first_open([other], lane=LaneKind.CHAPTER, series_id=1, now=NEW_YEAR) is None


@given(last=moments, now=moments, wanted=st.none() | moments, kind=st.sampled_from(LaneKind))
def test_e2_an_excepted_chapter_comes_now_or_when_it_is_wanted(
    last: Instant, now: Instant, wanted: Instant | None, kind: LaneKind
) -> None:
    """Never later than without, only after the chapter ahead in its series (C7), and only if the rules delay it."""
    lane, policy = a_lane(last, kind), a_policy()
    ordinary = slot_for(lane, now=now, wanted=wanted, policy=policy)
    excepted = slot_for(lane, now=now, wanted=wanted, policy=policy, excepted=True)
    if ordinary.because is not Because.LANE:
        assert excepted == ordinary
        return
    wish = [now, *([wanted] if wanted else []), *([last + NEXT_MOMENT] if kind is LaneKind.CHAPTER else [])]
    assert excepted.at == max(wish)
    assert excepted.at <= ordinary.at
    assert excepted.because is Because.EXCEPTION


def test_c7_an_excepted_chapter_comes_a_millisecond_behind_the_one_ahead_at_the_soonest() -> None:
    """The least that keeps their order, since slots are whole milliseconds."""
    slot = slot_for(a_lane(NEW_YEAR), now=NEW_YEAR, wanted=None, policy=a_policy(), excepted=True)
    assert slot.at == NEW_YEAR.add(milliseconds=1)


def test_e1_a_grant_never_lifts_a_label_rule() -> None:
    """Time and reach stay apart."""
    case = a_case(lane=a_lane(NEW_YEAR), labels=some_labels(Ai.GENERATED), grant=a_grant())
    verdict = evaluate(case)
    assert verdict.slot.because is Because.EXCEPTION
    assert verdict.restricted
    assert not verdict.delayed


@given(last=st.none() | days, released=days, kind=st.sampled_from(LaneKind))
def test_e3_a_use_is_spent_exactly_where_the_lane_would_still_have_held_the_chapter_back(
    last: Instant | None, released: Instant, kind: LaneKind
) -> None:
    """If time alone brought the slot, it comes back."""
    ordinary = slot_for(a_lane(last, kind), now=released, wanted=None, policy=a_policy())
    assert is_spent(free_from=ordinary.free_from, released_at=released) is (ordinary.because is Because.LANE)


def test_e3_a_use_is_spent_only_when_it_moved_something() -> None:
    """If time alone brought the slot, it comes back."""
    assert is_spent(free_from=NEW_YEAR.add(hours=1), released_at=NEW_YEAR)
    assert not is_spent(free_from=NEW_YEAR, released_at=NEW_YEAR)
    assert not is_spent(free_from=NEW_YEAR, released_at=NEW_YEAR.add(hours=1))
    assert not is_spent(free_from=None, released_at=NEW_YEAR)
