"""`/policy try`: what would have come out differently, by the one evaluator."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st
from whenever import Instant

from rules.cadence import Earlier, Lane, LaneKind
from rules.challenges import Challenge, Turn
from rules.exceptions import Grant
from rules.images import ImageLabel, Origin
from rules.labels import Ai, Labels, Reach
from rules.policy import GeneratedTravels, Measure, Policy
from rules.repairs import Repair
from rules.tallies import Tally
from rules.trials import Event, Recorded, Tried, Withdrawal, replay
from rules.verdict import Case, evaluate
from tests.rules.build import NEW_YEAR, a_case, a_lane, a_policy, some_labels


def day(number: float) -> Instant:
    """So many days after the new year."""
    return NEW_YEAR.add(seconds=round(number * 86_400))


def recorded(chapter: int, case: Case, *, event: Event = Event.SLOT, at: Instant | None = None) -> Recorded:
    """A decision as the log keeps it: with what the evaluator said."""
    verdict = evaluate(case)
    return Recorded(
        event=event,
        chapter_id=chapter,
        series_id=1,
        at=at or case.now,
        case=case,
        slot=verdict.slot.at,
        reach=verdict.reach,
        rules=tuple(finding.rule for finding in verdict.label_findings),
    )


def with_days(days: int) -> object:
    """Another pace for chapters."""
    return lambda policy: replace(policy, chapter_days=days)


def a_run(number: int, policy: Policy) -> list[Recorded]:
    """So many chapters of one series, all handed in at the new year."""
    records: list[Recorded] = []
    for chapter in range(1, number + 1):
        last = Earlier(chapter - 1, "", "", records[-1].slot) if records else None
        lane = Lane(LaneKind.CHAPTER if records else LaneKind.SERIES, last)
        records.append(recorded(chapter, a_case(lane=lane, policy=policy)))
    return records


def would(records: Sequence[Recorded], amend: object) -> list[float]:
    """The days on which chapters would have come."""
    tried = replay(records, amend)  # type: ignore[arg-type]
    return [(one.slots[1] - NEW_YEAR).total("hours") / 24 for one in tried if one.slots is not None]


@dataclass(frozen=True)
class HandIn:
    """One chapter, as an author brings it."""

    after: int
    """Seconds after the one before."""
    series: int
    wish: int | None
    ai: Ai
    stands_in: int | None


hand_ins = st.lists(
    st.builds(
        HandIn,
        st.integers(0, 5 * 86_400),
        st.integers(1, 3),
        st.none() | st.integers(0, 40 * 86_400),
        st.sampled_from(Ai),
        st.none() | st.integers(1, 5),
    ),
    max_size=9,
)
policies = st.builds(
    Policy,
    zone=st.sampled_from(("UTC", "Europe/Berlin", "America/New_York")),
    measure=st.sampled_from(Measure),
    series_days=st.integers(1, 20),
    chapter_days=st.integers(1, 9),
    waiting_limit=st.integers(1, 6) | st.just(500),
    disclosure_paragraphs=st.integers(1, 4),
    generated_travels=st.sampled_from(GeneratedTravels),
)


def history(handed_in: Sequence[HandIn], policy: Policy) -> Iterator[Recorded]:
    """What the log holds after an author has brought all this under one policy, read from C1 to C8."""
    now = NEW_YEAR
    starts: Earlier | None = None
    last: dict[int, Earlier] = {}
    for number, one in enumerate(handed_in, 1):
        now = now.add(seconds=one.after)
        lane = Lane(LaneKind.CHAPTER, last[one.series]) if one.series in last else Lane(LaneKind.SERIES, starts)
        case = a_case(
            now=now,
            wanted=None if one.wish is None else now.add(seconds=one.wish),
            lane=lane,
            labels=some_labels(one.ai, stands_in=one.stands_in),
            policy=policy,
        )
        record = replace(recorded(number, case), series_id=one.series)
        yield record
        yield replace(record, event=Event.OUT)
        last[one.series] = Earlier(number, "", "", record.slot)
        if lane.kind is LaneKind.SERIES:
            starts = last[one.series]


class TestTimes:
    """C1 to C9."""

    def test_every_chapter_of_a_run_counts_from_the_one_before_it_as_the_trial_has_it(self) -> None:
        """Every day instead of every third: 0, 3, 6, 9 becomes 0, 1, 2, 3."""
        run = a_run(4, a_policy())
        assert would(run, with_days(1)) == [0, 1, 2, 3]
        assert would(run, with_days(7)) == [0, 7, 14, 21]

    def test_e2_what_an_exception_moved_needs_none_where_the_tried_pace_lets_it_out(self) -> None:
        """And keeps the exception's slot where it does not."""
        grant = Grant(id=1, lane=LaneKind.CHAPTER, series_id=None, uses_left=1, ends_at=day(99))
        excepted = recorded(2, a_case(now=day(1), lane=a_lane(NEW_YEAR), grant=grant))
        assert would([excepted], with_days(1)) == [1]
        assert would([excepted], with_days(30)) == [1]

    def test_c9_a_replanned_chapter_comes_earlier_or_stays(self) -> None:
        """At day 2 a gap before it was closed; by then a faster pace has let it out at day 1."""
        first, second = a_run(2, a_policy())
        closed = recorded(2, a_case(now=day(2), lane=a_lane(day(-5))), at=day(2))
        assert would([first, second, closed], lambda version: version) == [0, 2]
        assert would([first, second, closed], with_days(1)) == [0, 1]

    def test_c5_a_window_that_a_late_bot_missed_is_tried_from_its_opening_as_it_was_planned(self) -> None:
        """It opened on day 1; the bot came back on day 8, when the third chapter's promise of day 6 was past."""
        run = a_run(3, a_policy())
        challenge = Challenge(id=1, name="", opens=NEW_YEAR, deadline=day(5), zone="UTC", window_days=4)
        turn = Turn(challenge=challenge, planned_at=day(1), last_slot=day(0), number=2, position=1, ahead=day(2))
        missed = recorded(3, a_case(lane=a_lane(day(3)), turn=turn), at=day(8))
        assert missed.slot < day(5)
        (_, _, tried) = replay([*run, missed], lambda version: version)
        assert tried.slots == (missed.slot, missed.slot)

    def test_c9_a_place_and_the_end_of_a_hold_stay_where_the_tried_pace_allows_them(self) -> None:
        """A slower one pushes them as far as it must."""
        for given_time in ({"place": day(5)}, {"resumed": day(5)}):
            run = [*a_run(2, a_policy()), recorded(2, a_case(lane=a_lane(NEW_YEAR), **given_time), at=day(0.5))]
            assert would(run, with_days(1)) == [0, 5]
            assert would(run, with_days(9)) == [0, 9]
            assert [one.given for one in replay(run, lambda version: version)] == [False, True]

    def test_c9_a_place_is_given_to_nothing_that_is_out_by_then(self) -> None:
        """It was moved on day 2, or at the very moment; the tried pace had let it out at day 1."""
        for moved in (2, 1):
            run = [*a_run(2, a_policy()), recorded(2, a_case(lane=a_lane(NEW_YEAR), place=day(5)), at=day(moved))]
            assert would(run, with_days(1)) == [0, 1]

    def test_c9_a_chapter_that_its_author_moved_behind_another_comes_after_that_one(self) -> None:
        """Its new slot is what its lane gives there, so it is recorded as just that."""
        behind = a_case(lane=Lane(LaneKind.CHAPTER, Earlier(9, "", "", day(3))))
        run = [*a_run(2, a_policy()), recorded(2, behind, at=day(0.5))]
        assert would(run, lambda version: version) == [0, 6]
        assert would(run, with_days(1)) == [0, 4]

    def test_c9_a_place_ahead_of_its_lane_stays_where_it_is(self) -> None:
        """As it did when it was given; a pace that is no slower pushes nothing."""
        early = [recorded(2, a_case(lane=a_lane(NEW_YEAR), place=day(1)))]
        for days in (2, 3):
            assert would(early, with_days(days)) == [1]

    def test_c9_a_slower_pace_makes_no_promise_later_than_it_was_given(self) -> None:
        """Its gap was closed behind a chapter that the slower pace has moved far away."""
        for since, slot in ((-4, -1), (-3, 0)):
            other = recorded(7, a_case(now=day(-9), lane=a_lane(day(since))))
            gap = a_case(now=day(1), lane=Lane(LaneKind.CHAPTER, Earlier(7, "", "", day(slot))))
            run = [other, recorded(2, a_case(lane=a_lane(NEW_YEAR))), recorded(2, gap)]
            assert would(run, lambda version: version) == [slot, slot + 3]
            assert would(run, with_days(30)) == [since + 30, 30]

    def test_c9_a_hold_counts_also_where_the_tried_slot_had_come_before_it(self) -> None:
        """Nobody knows when else the moderator would have acted."""
        run = [*a_run(2, a_policy()), recorded(2, a_case(lane=a_lane(NEW_YEAR), resumed=day(8)), at=day(8))]
        assert would(run, with_days(1)) == [0, 8]

    def test_c9_a_looser_pace_that_an_author_took_is_tried_with_the_same_changes(self) -> None:
        """It gave the slot, so the change is one of it."""
        taken = recorded(2, a_case(lane=a_lane(NEW_YEAR), pace=a_policy(chapter_days=2)), at=day(1))
        run = [*a_run(2, a_policy()), taken]
        assert would(run, lambda version: replace(version, series_days=1)) == [0, 2]
        assert would(run, with_days(1)) == [0, 1]
        assert would([taken], with_days(1)) == [1]

    def test_c10_what_was_withdrawn_is_left_out_and_takes_no_place(self) -> None:
        """Also where a full queue is counted (C7)."""
        first, second, third = a_run(3, a_policy())
        gone = Withdrawal(2, 1)
        tried = replay([first, second, gone, third], lambda version: replace(version, waiting_limit=1))
        assert [one.refused for one in tried] == [False, False]
        tried = replay(a_run(4, a_policy()), lambda version: replace(version, waiting_limit=1))
        assert [one.refused for one in tried] == [False, False, True, True]

    def test_c7_what_is_out_by_then_takes_no_place(self) -> None:
        """The second is handed in when the first is out for days."""
        later = recorded(2, a_case(now=day(5), lane=a_lane(NEW_YEAR)))
        tried = replay([*a_run(1, a_policy()), later], lambda version: replace(version, waiting_limit=1))
        assert [one.refused for one in tried] == [False, False]

    def test_a_lane_that_counts_from_what_is_not_recorded_keeps_its_slot(self) -> None:
        """A start whose author had it deleted has a date and nothing else."""
        case = a_case(now=day(1), lane=a_lane(NEW_YEAR))
        assert would([recorded(2, case)], with_days(2)) == [2]

    def test_c13_older_work_has_no_slot_and_a_reach_all_the_same(self) -> None:
        """No rule gives it its time."""
        older = recorded(1, a_case(imported=day(-99), labels=some_labels(Ai.GENERATED)), event=Event.OUT)
        (tried,) = replay([older], lambda version: replace(version, generated_travels=GeneratedTravels.IF_DISCLOSED))
        assert (tried.slots, tried.reaches) == (None, (Reach.PERSONAL, Reach.PERSONAL))
        assert tried.rules == (("L4",), ("L3",))
        assert (tried.given, tried.refused) == (False, False)


class TestReach:
    """L2 to L10."""

    def out(self, labels: Labels, **changes: object) -> Tried:
        """A chapter that is out, under a changed policy."""
        (tried,) = replay(
            [recorded(1, a_case(labels=labels), event=Event.OUT)],
            lambda policy: replace(policy, **changes),  # type: ignore[arg-type]
        )
        return tried

    def test_l3_l4_the_tried_policy_judges_the_labels_with_which_it_went_out(self) -> None:
        """One paragraph more or less, and generated text."""
        third, first = some_labels(Ai.ASSISTED, stands_in=3), some_labels(Ai.GENERATED, stands_in=1)
        assert self.out(third, disclosure_paragraphs=3).reaches == (Reach.PERSONAL, Reach.NETWORK)
        assert self.out(third, disclosure_paragraphs=1).reaches == (Reach.PERSONAL, Reach.PERSONAL)
        assert self.out(first).reaches == (Reach.PERSONAL, Reach.PERSONAL)
        assert self.out(first, generated_travels=GeneratedTravels.IF_DISCLOSED).reaches == (
            Reach.PERSONAL,
            Reach.NETWORK,
        )

    def test_l7_other_words_are_looked_for_in_the_recorded_sentence(self) -> None:
        """And in the captions of images (L5)."""
        said = Labels(Ai.ASSISTED, "Written with Quillbot.", 1, names_ai=False)
        for words in (("Quillbot",), ("AA", "Quillbot")):
            assert self.out(said, ai_words=words).reaches == (Reach.PERSONAL, Reach.NETWORK)
        assert self.out(some_labels(Ai.ASSISTED, stands_in=1), ai_words=("Quillbot",)).rules[1] == ("L7",)
        image = ImageLabel(1, Origin.AI, "Made by Quillbot", "Quillbot, Ines", names_ai=False)
        pictured = Labels(Ai.NONE, "", None, names_ai=False, images=(image,))
        assert self.out(pictured).reaches == (Reach.PERSONAL, Reach.PERSONAL)
        assert self.out(pictured, ai_words=("Quillbot",)).reaches == (Reach.PERSONAL, Reach.NETWORK)

    def test_l14_of_none_only_an_own_sentence_is_asked_about(self) -> None:
        """The standard one is nobody's own, and names AI always."""
        standard = Labels(Ai.NONE, a_policy().standard_disclosure, None, names_ai=False)
        own = Labels(Ai.NONE, "Quillbot helped.", None, names_ai=False)
        assert self.out(standard, ai_words=("AI", "Quillbot")).reaches == (Reach.NETWORK, Reach.NETWORK)
        assert self.out(own, ai_words=("AI", "Quillbot")).rules[1] == ("L14",)
        late = Labels(Ai.NONE, "With a quillbot.", None, names_ai=False)
        assert self.out(late, ai_words=("AI", "Quillbot")).rules[1] == ("L14",)

    def test_l10_a_mended_label_brings_it_to_the_network_for_as_long_as_is_tried(self) -> None:
        """Mended after ten days: in time within 14, too late within 7."""
        late, good = some_labels(Ai.ASSISTED), some_labels(Ai.ASSISTED, stands_in=1)
        records = [
            recorded(1, a_case(labels=late), event=Event.OUT),
            recorded(
                1,
                a_case(labels=good, repair=Repair(NEW_YEAR, day(10), announced=False)),
                event=Event.LABEL,
                at=day(10),
            ),
        ]
        for days, reach in ((14, Reach.NETWORK), (7, Reach.PERSONAL)):
            (tried,) = replay(records, lambda policy, days=days: replace(policy, repair_days=days))  # type: ignore[misc]
            assert tried.reaches == (Reach.NETWORK, reach)

    def test_l10_what_would_have_been_announced_at_its_release_is_mended_in_time_for_ever(self) -> None:
        """It would be no news; so it stays in the network whenever its label was mended."""
        third, first = some_labels(Ai.ASSISTED, stands_in=3), some_labels(Ai.ASSISTED, stands_in=1)
        repair = Repair(NEW_YEAR, day(99), announced=False)
        records = [
            recorded(1, a_case(labels=third), event=Event.OUT),
            recorded(1, a_case(labels=first, repair=repair), event=Event.LABEL, at=day(99)),
        ]
        (tried,) = replay(records, lambda policy: replace(policy, disclosure_paragraphs=3))
        assert tried.reaches == (Reach.PERSONAL, Reach.NETWORK)

    def test_l10_what_was_announced_once_is_put_back_however_late(self) -> None:
        """Taken back on day 1 and mended on day 99, as it was recorded."""
        labels = (some_labels(), some_labels(Ai.GENERATED), some_labels())
        repairs = (None, Repair(NEW_YEAR, day(1), announced=True), Repair(NEW_YEAR, day(99), announced=True))
        records = [
            recorded(1, a_case(labels=label, repair=repair), event=Event.LABEL if repair else Event.OUT)
            for label, repair in zip(labels, repairs, strict=True)
        ]
        (tried,) = replay(records, lambda policy: replace(policy, repair_days=1))
        assert tried.reaches == (Reach.NETWORK, Reach.NETWORK)
        (taken_back,) = replay(records[:2], lambda policy: policy)
        assert (taken_back.ai, taken_back.reaches) == (Ai.GENERATED, (Reach.PERSONAL, Reach.PERSONAL))

    def test_l9_a_label_that_was_set_while_it_waited_counts_for_nothing_yet(self) -> None:
        """It may be another one at the release."""
        waits = recorded(1, a_case(labels=some_labels(Ai.GENERATED)), event=Event.LABEL)
        (tried,) = replay([*a_run(1, a_policy()), waits], lambda policy: policy)
        assert tried.reaches is None


class TestAgainstTheHistoryThatWouldHaveBeen:
    """A trial is what the same acts would have led to."""

    @settings(max_examples=60, deadline=None)
    @given(handed_in=hand_ins, policy=policies)
    def test_trying_the_same_policy_changes_nothing(self, handed_in: list[HandIn], policy: Policy) -> None:
        """Recorded decisions evaluate to themselves, and so does the whole of them."""
        open_house = replace(policy, waiting_limit=500)
        records = list(history(handed_in, open_house))
        assert all(evaluate(one.case).slot.at == one.slot for one in records)
        tally = Tally("UTC")
        tally.add(replay(records, lambda version: version))
        assert tally.trial().changes_nothing
        assert tally.trial().chapters == len(handed_in)
        tally.add(replay(records, lambda version: replace(version, version=2)))
        assert tally.trial().changes_nothing

    @settings(max_examples=60, deadline=None)
    @given(handed_in=hand_ins, policy=policies, other=policies)
    def test_trying_another_policy_gives_what_the_same_hand_ins_would_have_led_to_under_it(
        self, handed_in: list[HandIn], policy: Policy, other: Policy
    ) -> None:
        """Slot by slot, through all that builds on earlier slots, and reach by reach."""
        tried = replay(history(handed_in, policy), lambda _: other)
        expected = [one for one in history(handed_in, other) if one.event is Event.OUT]
        assert [(one.slots and one.slots[1], one.reaches and one.reaches[1], one.rules[1]) for one in tried] == [
            (one.slot, one.reach, one.rules) for one in expected
        ]
        limits = other.waiting_limit
        for place, (one, record) in enumerate(zip(tried, expected, strict=True)):
            ahead = [
                before
                for before in expected[:place]
                if before.series_id == record.series_id and before.slot > record.at
            ]
            assert one.refused is (len(ahead) >= limits)
