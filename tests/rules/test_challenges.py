"""H2 to H7: challenge slots, spread over the time left; earlier or not at all."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whenever import Instant, TimeDelta

from rules.cadence import Because, LaneKind, slot_for
from rules.challenges import (
    Challenge,
    Entrant,
    Planned,
    Turn,
    challenge_slot,
    challenge_slots,
    counts_as_entered,
    joining_turn,
)
from rules.exceptions import Grant
from rules.policy import Measure
from rules.verdict import evaluate
from tests.rules.build import NEW_YEAR, a_case, a_lane, a_policy, at

HOUR = TimeDelta(hours=1)
DAY = TimeDelta(hours=24)


def a_challenge(deadline: Instant = NEW_YEAR + 5 * DAY, *, window_days: int = 7, zone: str = "UTC") -> Challenge:
    """A challenge that is open, with its deadline in five days."""
    opens = NEW_YEAR - 30 * DAY
    return Challenge(id=1, name="Winter", opens=opens, deadline=deadline, zone=zone, window_days=window_days)


def entrants(*promises: Instant, wanted: Instant | None = None, **policy: object) -> list[Entrant]:
    """Waiting chapters with these promises; the last of them with a wish."""
    rules = a_policy(**policy)
    return [
        Entrant(promise=promise, wanted=wanted if promise is promises[-1] else None, policy=rules)
        for promise in promises
    ]


def every_third_day(number: int, start: Instant = NEW_YEAR) -> list[Entrant]:
    """What C2 promises to so many chapters behind a first one."""
    return entrants(*(start + 3 * n * DAY for n in range(1, number + 1)))


def slots(planned: tuple[Planned, ...]) -> list[Instant]:
    """When each chapter comes."""
    return [one.slot for one in planned]


class TestTheSpread:
    """H3, with its numbers."""

    def test_waiting_chapters_share_the_time_left_but_its_last_half_hour(self) -> None:
        """Two hours after the first: from now on, in four equal steps to half an hour before the deadline."""
        now = NEW_YEAR + 2 * HOUR
        step = (5 * DAY - TimeDelta(minutes=30) - 2 * HOUR) / 4
        planned = challenge_slots(every_third_day(4), a_challenge(), last_slot=NEW_YEAR, now=now)
        assert slots(planned) == [now, now + step, now + 2 * step, now + 3 * step]

    def test_it_begins_an_hour_after_the_last_slot_at_the_earliest(self) -> None:
        """Just after a release."""
        planned = challenge_slots(
            every_third_day(1), a_challenge(), last_slot=NEW_YEAR, now=NEW_YEAR + TimeDelta(minutes=5)
        )
        assert slots(planned) == [NEW_YEAR + HOUR]

    def test_it_begins_when_the_window_opens_and_what_is_promised_before_stays(self) -> None:
        """H2: the earlier of the two, each: ten chapters, the window from day 13 on."""
        waiting = every_third_day(10)
        challenge = a_challenge(NEW_YEAR + 20 * DAY)
        planned = challenge_slots(waiting, challenge, last_slot=NEW_YEAR, now=NEW_YEAR)
        assert challenge.window_opens == NEW_YEAR + 13 * DAY
        assert slots(planned)[:4] == [NEW_YEAR + 3 * n * DAY for n in range(1, 5)]
        assert all(before.slot < challenge.deadline for before in planned)
        assert slots(planned)[9] == NEW_YEAR + 13 * DAY + (7 * DAY - TimeDelta(minutes=30)) * 9 / 10

    def test_steps_are_never_over_the_normal_gap(self) -> None:
        """Two chapters, and weeks of time: from the window's opening, every third day."""
        waiting = entrants(NEW_YEAR + 60 * DAY, NEW_YEAR + 63 * DAY)
        planned = challenge_slots(
            waiting, a_challenge(NEW_YEAR + 28 * DAY, window_days=28), last_slot=None, now=NEW_YEAR
        )
        held = challenge_slots(
            waiting, a_challenge(NEW_YEAR + 28 * DAY, window_days=28), last_slot=NEW_YEAR - DAY, now=NEW_YEAR
        )
        assert slots(planned) == [NEW_YEAR + 60 * DAY, NEW_YEAR + 63 * DAY], "a start keeps its promise (H5)"
        assert slots(held) == [NEW_YEAR, NEW_YEAR + 3 * DAY]

    def test_h4_steps_are_never_under_an_hour_and_what_does_not_fit_keeps_its_promise(self) -> None:
        """Five hours left and ten chapters: five fit, an hour apart."""
        waiting = every_third_day(10)
        now = NEW_YEAR + 2 * HOUR
        planned = challenge_slots(waiting, a_challenge(now + 5 * HOUR), last_slot=NEW_YEAR, now=now)
        assert slots(planned)[:5] == [now + n * HOUR for n in range(5)]
        assert slots(planned)[5:] == [one.promise for one in waiting[5:]]

    def test_c4_the_normal_gap_is_measured_as_the_policy_measures(self) -> None:
        """Berlin springs forward on 29 March 2026: three times 24 hours later it is 19:00."""
        zone, now = "Europe/Berlin", at("2026-03-28 18:00", "Europe/Berlin")
        waiting = entrants(now + 60 * DAY, now + 63 * DAY, zone=zone, measure=Measure.ELAPSED)
        challenge = a_challenge(now + 28 * DAY, window_days=30)
        planned = challenge_slots(waiting, challenge, last_slot=now - DAY, now=now)
        assert slots(planned) == [now, at("2026-03-31 19:00", zone)]

    def test_a_window_is_counted_in_civil_days_of_the_challenges_zone(self) -> None:
        """Berlin springs forward on 29 March 2026: the same wall-clock time a week before."""
        challenge = a_challenge(at("2026-03-31 23:59", "Europe/Berlin"), zone="Europe/Berlin")
        assert challenge.window_opens == at("2026-03-24 23:59", "Europe/Berlin")


class TestWhatStands:
    """C7, C8, C9, H5, H7."""

    def test_c8_a_chapter_never_comes_before_its_own_wish_nor_one_behind_it_before_it(self) -> None:
        """The wish is kept, and the order too."""
        wish = NEW_YEAR + 3 * DAY
        waiting = [*entrants(wish, wanted=wish), *entrants(NEW_YEAR + 6 * DAY)]
        planned = challenge_slots(waiting, a_challenge(NEW_YEAR + 4 * DAY), last_slot=NEW_YEAR, now=NEW_YEAR)
        assert slots(planned) == [wish, wish + HOUR]

    def test_h5_a_start_keeps_its_promise_and_those_behind_it_count_from_it(self) -> None:
        """C1 is not lifted: the challenge begins for the others an hour after it."""
        waiting = entrants(NEW_YEAR + 2 * DAY, NEW_YEAR + 5 * DAY, NEW_YEAR + 8 * DAY)
        planned = challenge_slots(waiting, a_challenge(), last_slot=None, now=NEW_YEAR)
        begin = NEW_YEAR + 2 * DAY + HOUR
        step = (3 * DAY - HOUR - TimeDelta(minutes=30)) / 2
        assert slots(planned) == [NEW_YEAR + 2 * DAY, begin, begin + step]
        assert planned[0].turn is None

    def test_h5_the_switch_lets_a_start_go_with_the_others(self) -> None:
        """A community may want that."""
        waiting = entrants(NEW_YEAR + 9 * DAY, NEW_YEAR + 12 * DAY, challenge_lifts_start=True)
        planned = challenge_slots(waiting, a_challenge(), last_slot=None, now=NEW_YEAR)
        assert slots(planned)[0] == NEW_YEAR

    def test_h5_the_switch_is_the_one_of_the_starts_own_policy(self) -> None:
        """C9: a policy that came later binds those behind it, not the start."""
        start, behind = entrants(NEW_YEAR + 9 * DAY), entrants(NEW_YEAR + 12 * DAY, challenge_lifts_start=True)
        planned = challenge_slots([*start, *behind], a_challenge(), last_slot=None, now=NEW_YEAR)
        assert slots(planned)[0] == NEW_YEAR + 9 * DAY

    def test_h7_a_later_deadline_moves_no_promise_later(self) -> None:
        """What was brought forward stays forward."""
        early = challenge_slots(every_third_day(4), a_challenge(), last_slot=NEW_YEAR, now=NEW_YEAR)
        again = challenge_slots(
            entrants(*slots(early)), a_challenge(NEW_YEAR + 9 * DAY), last_slot=NEW_YEAR, now=NEW_YEAR
        )
        assert slots(again) == slots(early)

    def test_h7_an_earlier_deadline_moves_promises_earlier(self) -> None:
        """The same chapters, closer together."""
        late = challenge_slots(every_third_day(4), a_challenge(), last_slot=NEW_YEAR, now=NEW_YEAR)
        again = challenge_slots(
            entrants(*slots(late)), a_challenge(NEW_YEAR + 2 * DAY), last_slot=NEW_YEAR, now=NEW_YEAR
        )
        assert all(after < before for before, after in zip(slots(late)[1:], slots(again)[1:], strict=True))

    def test_c9_what_a_hold_keeps_back_keeps_its_promise_and_its_place(self) -> None:
        """H2: it takes its turn when the hold has ended; those before it are spread as if it were there too."""
        waiting = every_third_day(4)
        paused = [*waiting[:2], *(replace(one, paused=True) for one in waiting[2:])]
        challenge = a_challenge()
        free, held = (challenge_slots(some, challenge, last_slot=NEW_YEAR, now=NEW_YEAR) for some in (waiting, paused))
        assert slots(held)[:2] == slots(free)[:2]
        assert slots(held)[2:] == [one.promise for one in paused[2:]]
        assert slots(free)[2:] != slots(held)[2:]

    def test_h6_a_chapter_counts_by_when_it_was_handed_in(self) -> None:
        """However late the bot lets it out; what was out before the challenge is none of it."""
        challenge = a_challenge()
        assert counts_as_entered(NEW_YEAR, NEW_YEAR, challenge)
        assert counts_as_entered(challenge.opens - DAY, challenge.opens, challenge)
        assert counts_as_entered(challenge.deadline, challenge.deadline + 9 * DAY, challenge)
        assert not counts_as_entered(
            challenge.deadline + TimeDelta(milliseconds=1), challenge.deadline + DAY, challenge
        )
        assert not counts_as_entered(challenge.opens - DAY, challenge.opens - HOUR, challenge)


moments = st.integers(-20 * 86_400_000, 20 * 86_400_000).map(lambda ms: NEW_YEAR + TimeDelta(milliseconds=ms))
gaps = st.lists(st.integers(3_600_000, 6 * 86_400_000), max_size=12)


@given(
    gaps=gaps,
    now=moments,
    last=moments,
    left=st.integers(1, 30 * 86_400_000),
    window=st.integers(1, 30),
    days=st.integers(1, 5),
)
def test_h3_in_its_plain_wording(
    gaps: list[int], now: Instant, last: Instant, left: int, window: int, days: int
) -> None:
    """*s* is the latest of three moments; equal steps, never under an hour, never over the gap; the earlier of two."""
    challenge = a_challenge(now + TimeDelta(milliseconds=left), window_days=window)
    promises, at_ = [], last
    for gap in gaps:
        at_ += TimeDelta(milliseconds=gap)
        promises.append(at_)

    planned = slots(challenge_slots(entrants(*promises, chapter_days=days), challenge, last_slot=last, now=now))

    s = max(now, challenge.deadline - window * DAY, last + HOUR)
    milliseconds = (challenge.deadline - TimeDelta(minutes=30) - s).total("milliseconds")
    step = min(max(milliseconds / max(1, len(promises)), 3_600_000), days * 86_400_000)
    for number, (slot, promise) in enumerate(zip(planned, promises, strict=True)):
        in_turn = s + TimeDelta(milliseconds=int(number * step))
        expected = promise if in_turn >= challenge.deadline else min(promise, in_turn)
        assert abs((slot - expected).total("milliseconds")) <= number + 1
        assert slot <= promise
    assert all(later - sooner >= HOUR for sooner, later in pairwise(planned))


@given(gaps=gaps, wish=st.none() | moments, now=moments, last=st.none() | moments)
def test_whatever_waits_no_promise_moves_later_no_wish_is_undercut_and_the_order_stands(
    gaps: list[int], wish: Instant | None, now: Instant, last: Instant | None
) -> None:
    """C7, C8, C9."""
    promises, at_ = [], last or now
    for gap in gaps:
        at_ = max(at_ + TimeDelta(milliseconds=gap), wish or at_)
        promises.append(at_)
    waiting = entrants(*promises, wanted=wish)
    planned = slots(challenge_slots(waiting, a_challenge(now + 5 * DAY), last_slot=last, now=now))
    assert planned == sorted(planned)
    for slot, one in zip(planned, waiting, strict=True):
        assert slot <= one.promise
        assert one.wanted is None or slot >= one.wanted


@given(gaps=gaps, now=moments, last=st.none() | moments, left=st.integers(1, 30 * 24), lifts=st.booleans())
def test_h2_h5_a_chapter_that_is_handed_in_behind_the_others_gets_the_slot_it_would_have_among_them(
    gaps: list[int], now: Instant, last: Instant | None, left: int, *, lifts: bool
) -> None:
    """N4: what the preview says is what planning says, whether a start is held or not."""
    challenge = a_challenge(now + left * HOUR, window_days=30)
    promises, at_ = [], last or now
    for gap in gaps:
        at_ += TimeDelta(milliseconds=gap)
        promises.append(at_)
    waiting = entrants(*promises, challenge_lifts_start=lifts)
    if last is None and not waiting:
        return  # a start; whether that is held is the verdict's own affair (H5)
    (joining,) = entrants(challenge.deadline + 90 * DAY)

    planned = challenge_slots(waiting, challenge, last_slot=last, now=now, joining=1)
    turn = joining_turn(planned, challenge, last_slot=last, now=now)
    among_them = challenge_slots([*waiting, joining], challenge, last_slot=last, now=now)

    assert planned == among_them[:-1]
    assert turn == among_them[-1].turn
    assert (challenge_slot(turn, wanted=None, policy=joining.policy) or joining.promise) == among_them[-1].slot


class TestVerdicts:
    """N4: the same evaluator."""

    def turn(self) -> Turn:
        """The turn of a second chapter, two hours after the first."""
        challenge = a_challenge()
        return joining_turn((), challenge, last_slot=NEW_YEAR, now=NEW_YEAR + 2 * HOUR)

    def test_h2_the_earlier_of_two_slots_and_why(self) -> None:
        """The challenge lets a chapter out that C2 would delay."""
        now = NEW_YEAR + 2 * HOUR
        slot = evaluate(a_case(now=now, lane=a_lane(NEW_YEAR), turn=self.turn())).slot
        assert (slot.at, slot.because, slot.free_from) == (now, Because.CHALLENGE, NEW_YEAR + 3 * DAY)

    @given(last=moments, now=moments, wanted=st.none() | moments, kind=st.sampled_from(LaneKind), lifts=st.booleans())
    def test_h2_h5_a_slot_is_exactly_the_earlier_of_two_but_for_a_start(
        self, last: Instant, now: Instant, wanted: Instant | None, kind: LaneKind, *, lifts: bool
    ) -> None:
        """And it is never before now, nor before the author's wish (C8)."""
        policy = a_policy(challenge_lifts_start=lifts)
        turn = joining_turn((), a_challenge(now + 10 * DAY), last_slot=last, now=now)
        slot = evaluate(a_case(now=now, wanted=wanted, lane=a_lane(last, kind), policy=policy, turn=turn)).slot
        lane = slot_for(a_lane(last, kind), now=now, wanted=wanted, policy=policy)
        challenge = challenge_slot(turn, wanted=wanted, policy=policy)
        exempt = challenge is not None and (lifts or kind is LaneKind.CHAPTER)
        assert slot.at == (min(lane.at, challenge) if exempt and challenge else lane.at)
        assert slot.at >= max(now, wanted or now)

    def test_h5_a_start_is_held_by_c1_all_the_same(self) -> None:
        """Until the switch is on."""
        now = NEW_YEAR + 2 * HOUR
        lane = a_lane(NEW_YEAR, LaneKind.SERIES)
        turn = joining_turn((), a_challenge(), last_slot=None, now=now)
        held = evaluate(a_case(now=now, lane=lane, turn=turn))
        free = evaluate(a_case(now=now, lane=lane, turn=turn, policy=a_policy(challenge_lifts_start=True)))
        assert (held.slot.because, held.slot.at, held.delayed) == (Because.LANE, NEW_YEAR + 14 * DAY, True)
        assert (free.slot.because, free.slot.at, free.delayed) == (Because.CHALLENGE, now, False)

    def test_h2_where_both_slots_are_the_same_nothing_is_owed_to_the_challenge(self) -> None:
        """The lane is free; the author is not told of a challenge that did nothing."""
        now = NEW_YEAR + 2 * HOUR
        slot = evaluate(a_case(now=now, turn=self.turn())).slot
        assert (slot.at, slot.because, slot.turn) == (now, Because.NOW, self.turn())

    def test_h2_h4_a_challenge_slot_that_is_later_or_does_not_fit_leaves_the_lanes(self) -> None:
        """The earlier of two; before the deadline or not at all."""
        now = NEW_YEAR + 2 * HOUR
        late = replace(self.turn(), ahead=NEW_YEAR + 4 * DAY)
        never = replace(self.turn(), ahead=NEW_YEAR + 9 * DAY)
        for turn in (late, never):
            slot = evaluate(a_case(now=now, lane=a_lane(NEW_YEAR), turn=turn)).slot
            assert (slot.at, slot.because) == (NEW_YEAR + 3 * DAY, Because.LANE)

    def test_e3_a_challenge_that_lets_a_chapter_out_uses_up_no_exception(self) -> None:
        """What it would move, moves anyway."""
        now = NEW_YEAR + 2 * HOUR
        grant = Grant(id=1, lane=LaneKind.CHAPTER, series_id=None, uses_left=1, ends_at=NEW_YEAR + 14 * DAY)
        slot = evaluate(a_case(now=now, lane=a_lane(NEW_YEAR), turn=self.turn(), grant=grant)).slot
        assert slot.because is Because.CHALLENGE

    @pytest.mark.parametrize(("hours", "delayed"), [(0, False), (30, True)])
    def test_c6_a_chapter_that_waits_for_its_challenge_slot_is_delayed(self, hours: int, delayed: bool) -> None:
        """Its author gets the notice."""
        now = NEW_YEAR + 2 * HOUR
        planned = (Planned(self.turn(), now),) * (1 if hours else 0)
        turn = joining_turn(planned, a_challenge(), last_slot=NEW_YEAR, now=now)
        assert evaluate(a_case(now=now, lane=a_lane(NEW_YEAR + hours * HOUR), turn=turn)).delayed is delayed
