"""`/policy try` in numbers."""

from collections.abc import Sequence
from dataclasses import replace

from whenever import TimeDelta

from rules.images import ImageLabel
from rules.labels import Ai, Reach
from rules.policy import GeneratedTravels
from rules.tallies import Other, Shift, Tally, Trial
from rules.trials import Event, Recorded, Tried, replay
from tests.rules.build import NEW_YEAR, a_case, a_policy, some_labels
from tests.rules.test_trials import a_run, day, recorded, with_days


class TestNumbers:
    """What is shown."""

    def counted(self, run: Sequence[Recorded], amend: object, zone: str = "UTC") -> Trial:
        """The numbers of one author."""
        tally = Tally(zone)
        tally.add(replay(run, amend))  # type: ignore[arg-type]
        return tally.trial()

    def test_earlier_and_later_with_the_median_and_the_largest(self) -> None:
        """0, 3, 6, 9, 12 becomes 0, 1, 2, 3, 4: by 2, 4, 6 and 8 days; and two that come later, one by a moment."""
        trial = self.counted(a_run(5, a_policy()), with_days(1))
        assert trial.earlier is not None
        assert (trial.earlier.count, trial.same, trial.later) == (4, 1, None)
        assert (trial.earlier.median, trial.earlier.largest) == (TimeDelta(hours=96), TimeDelta(hours=192))
        moment = TimeDelta(milliseconds=1)
        times = [(NEW_YEAR, NEW_YEAR + moment), (day(1), day(4)), (day(4), day(4) - moment), (day(5), day(5))]
        tally = Tally("UTC")
        tally.add([Tried(Ai.NONE, slots=pair) for pair in times])
        assert tally.trial().later == Shift(2, moment, TimeDelta(hours=72))
        assert tally.trial().earlier == Shift(1, moment, moment)

    def test_any_difference_is_one(self) -> None:
        """Earlier alone, later alone, a reach alone, a refusal alone."""
        same = Tried(Ai.NONE, slots=(NEW_YEAR, NEW_YEAR), reaches=(Reach.NETWORK, Reach.NETWORK))
        others = (
            replace(same, slots=(NEW_YEAR, day(1))),
            replace(same, slots=(day(1), NEW_YEAR)),
            replace(same, reaches=(Reach.NETWORK, Reach.PERSONAL), rules=((), ("L3", "L5"))),
            replace(same, refused=True),
        )
        for one, nothing in ((same, True), *((other, False) for other in others)):
            tally = Tally("UTC")
            tally.add([one])
            assert tally.trial().changes_nothing is nothing
        both_rules = Tally("UTC")
        both_rules.add([others[2]])
        assert both_rules.trial().others == (Other(travels=False, ai=Ai.NONE, rule="L3", count=1),)

    def test_times_that_a_person_gave_and_refusals_are_counted(self) -> None:
        """For what is said beside the numbers."""
        tally = Tally("UTC")
        tally.add([Tried(Ai.NONE, given=True), Tried(Ai.NONE, given=True, refused=True), Tried(Ai.NONE)])
        assert (tally.trial().given, tally.trial().refused) == (2, 1)

    def test_weeks_begin_on_monday_in_the_communitys_zone_and_none_is_left_out_between(self) -> None:
        """1 January 2026 is a Thursday; in New York it is still Wednesday."""
        trial = self.counted(a_run(3, a_policy(chapter_days=8)), with_days(1))
        assert [(f"{week.monday}", week.came, week.would) for week in trial.weeks] == [
            ("2025-12-29", 1, 3),
            ("2026-01-05", 1, 0),
            ("2026-01-12", 1, 0),
        ]
        quiet = self.counted(a_run(2, a_policy(chapter_days=30)), with_days(30))
        assert [week.came for week in quiet.weeks] == [1, 0, 0, 0, 1]
        years = self.counted(a_run(2, a_policy(chapter_days=300)), with_days(300))
        assert len(years.weeks) == 44

    def test_what_would_travel_is_told_by_label_and_rule(self) -> None:
        """Not by author, and not by title."""
        bare = replace(some_labels(Ai.ASSISTED, stands_in=2), images=(ImageLabel(1, None, "", "", names_ai=False),))
        labels = [some_labels(Ai.ASSISTED, stands_in=2), some_labels(Ai.GENERATED, stands_in=1), some_labels(), bare]
        labels.append(labels[0])
        run = [recorded(number, a_case(labels=one), event=Event.OUT) for number, one in enumerate(labels)]
        trial = self.counted(
            run,
            lambda policy: replace(policy, disclosure_paragraphs=1, generated_travels=GeneratedTravels.IF_DISCLOSED),
        )
        assert (trial.out, trial.travelled, trial.would_travel) == (5, 3, 2)
        assert set(trial.others) == {
            Other(travels=False, ai=Ai.ASSISTED, rule="L3", count=2),
            Other(travels=True, ai=Ai.GENERATED, rule="L4", count=1),
        }

    def test_nothing_handed_in_is_nothing_tried(self) -> None:
        """No weeks, no shifts."""
        trial = Tally("UTC").trial()
        assert (trial.chapters, trial.out, trial.weeks, trial.changes_nothing) == (0, 0, (), True)
