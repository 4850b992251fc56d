"""Closing a gap, releasing earlier, moving, taking down, editing, finishing: on the real database."""

from dataclasses import replace
from typing import Any

import pytest
from whenever import Instant

from rules.cadence import Because, LaneKind
from rules.deliveries import Event, Kind, Outcome
from rules.labels import Ai
from rules.promises import Cause
from rules.verdict import evaluate
from storage import chapters, communities, decisions, exceptions, lanes, posts
from storage.chapters import Chapter, ChapterState
from storage.decisions import DecisionKind
from storage.series import Series
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, NETWORK, RUI, STORY, a_series, handed_in
from usecases.chapters import own_withdrawable, submit_chapter, waiting_chapters, why, withdraw_chapter
from usecases.deliveries import claim_due, settle
from usecases.exceptions import GrantException, grant_exception
from usecases.holds import HoldWork, hold_work
from usecases.people import Person
from usecases.promises import (
    close_gap,
    earlier_plan,
    gap_plan,
    move_chapter,
    offer_of_chapter,
    release_earlier,
)
from usecases.refusals import (
    AmbiguousTitleError,
    NothingToChangeError,
    NotReleasedError,
    NotWaitingError,
    NotYoursError,
    PausedError,
    PlaceError,
    UnknownChapterError,
)
from usecases.releases import Release, release_chapter, release_schedule
from usecases.replanning import present_case
from usecases.series import CORRECTED_ANNOUNCEMENTS, EditSeries, edit_series, finish_series, list_series
from usecases.takedowns import take_down

DAY = 24


def day(number: float) -> Instant:
    """So many days after the new year."""
    return NEW_YEAR.add(hours=DAY * number)


def a_queue(tx: Transaction, *titles: str, series: Series | None = None, **changes: Any) -> list[Chapter]:
    """Chapters of one series, all handed in at the new year; the first is out at once, the others wait."""
    of = series or a_series(tx)
    return [handed_in(tx, of, title=title, **changes).chapter for title in titles]


def queue(tx: Transaction, now: Instant = NEW_YEAR, person: Person = INES) -> dict[str, float]:
    """What waits of an author, by the days of its promises."""
    return {
        chapter.title: (chapter.slot - NEW_YEAR).total("hours") / DAY
        for one in waiting_chapters(tx, person, None, now=now).series
        for chapter in one.waiting
        if chapter.slot is not None
    }


def in_force(tx: Transaction, **changes: Any) -> None:
    """A new version of the policy."""
    community = communities.find(tx, GUILD)
    assert community is not None
    policy = replace(community.policy, version=community.policy.version + 1, **changes)
    communities.save_policy(tx, GUILD, policy, by=1, now=NEW_YEAR)
    communities.save(tx, replace(community, policy=policy), by=1, now=NEW_YEAR)


def release_due(tx: Transaction, now: Instant) -> None:
    """Let out what is due, and carry everything to a Discord that takes it all and whose network is followed."""
    for chapter_id in release_schedule(tx, now=now).due:
        release_chapter(tx, Release(chapter_id, STORY, ("page",)), now=now)
    carry(tx, now)


def carry(tx: Transaction, now: Instant) -> list[tuple[Kind, int | None]]:
    """Carry out what is due until nothing is: what was done, and to which message."""
    done: list[tuple[Kind, int | None]] = []
    while errands := claim_due(tx, now=now):
        for errand in errands:
            own = errand.delivery.kind not in {Kind.PUBLISH, Kind.EDIT, Kind.REMOVE}
            message = errand.delivery.id % 10**9 if own else None
            publish = errand.delivery.kind is Kind.ANNOUNCEMENT
            settle(tx, errand.delivery, Outcome(Event.DONE, message_id=message), publish=publish, now=now)
            done.append((errand.delivery.kind, errand.subject.message_id if errand.subject else message))
    return done


def re_evaluates(tx: Transaction, chapter_id: int) -> bool:
    """The fifth law: the record of a slot gives that slot again."""
    chapter = chapters.find(tx, chapter_id)
    record = decisions.latest_slot(tx, chapter_id)
    assert chapter is not None
    assert record is not None
    verdict = evaluate(present_case(tx, chapter))
    return decisions.answer_of(verdict) == record.answer and verdict.slot.at == chapter.slot


class TestClosingAGap:
    """C9, C10: offered, shown, and taken by one press."""

    def test_withdrawing_offers_it_and_changes_nothing_by_itself(self, tx: Transaction) -> None:
        """The others keep their promises until the author presses."""
        _, two, *_ = a_queue(tx, "One", "Two", "Three", "Four")
        done = withdraw_chapter(tx, INES, two.id, now=day(1))
        assert done.offer is not None
        assert (done.offer.cause, done.offer.number) == (Cause.GAP, two.series_id)
        assert queue(tx) == {"One": 0, "Three": 6, "Four": 9}

    def test_the_last_chapter_leaves_no_gap(self, tx: Transaction) -> None:
        """Nothing is behind it."""
        *_, three = a_queue(tx, "One", "Two", "Three")
        assert withdraw_chapter(tx, INES, three.id, now=day(1)).offer is None

    def test_the_plan_that_was_shown_is_carried_out_and_recorded(self, tx: Transaction) -> None:
        """From day 6 and 9 to day 3 and 6; /why says so."""
        _, two, three, four = a_queue(tx, "One", "Two", "Three", "Four")
        withdraw_chapter(tx, INES, two.id, now=day(1))
        plan = gap_plan(tx, INES, two.series_id, day(1))
        assert [(step.before, step.after) for step in plan.moving] == [(day(6), day(3)), (day(9), day(6))]
        assert queue(tx) == {"One": 0, "Three": 6, "Four": 9}, "a plan changes nothing"
        done = close_gap(tx, INES, two.series_id, plan.mark, now=day(1))
        assert done.done
        assert queue(tx) == {"One": 0, "Three": 3, "Four": 6}
        for chapter in (three, four):
            assert re_evaluates(tx, chapter.id)
        record = decisions.latest(tx, four.id, DecisionKind.REPLANNED)
        assert record is not None
        assert record.actor_id == INES.id
        assert why(tx, INES, "Four").verdict.slot.at == day(6)

    def test_a_plan_that_changed_meanwhile_is_shown_again_and_not_carried_out(self, tx: Transaction) -> None:
        """A further chapter was withdrawn before the press."""
        _, two, three, _ = a_queue(tx, "One", "Two", "Three", "Four")
        withdraw_chapter(tx, INES, two.id, now=day(1))
        shown = gap_plan(tx, INES, two.series_id, day(1)).mark
        withdraw_chapter(tx, INES, three.id, now=day(1))
        refused = close_gap(tx, INES, two.series_id, shown, now=day(1))
        assert not refused.done
        assert refused.mark != shown
        assert queue(tx) == {"One": 0, "Four": 9}
        assert close_gap(tx, INES, two.series_id, refused.mark, now=day(1)).done
        assert queue(tx) == {"One": 0, "Four": 3}

    def test_pressing_twice_does_it_once(self, tx: Transaction) -> None:
        """The second press finds nothing to do, and records nothing."""
        _, two, _ = a_queue(tx, "One", "Two", "Three")
        withdraw_chapter(tx, INES, two.id, now=day(1))
        shown = gap_plan(tx, INES, two.series_id, day(1)).mark
        close_gap(tx, INES, two.series_id, shown, now=day(1))
        before = len(tx.all("SELECT id FROM decisions"))
        again = close_gap(tx, INES, two.series_id, shown, now=day(1))
        assert (again.done, again.moving) == (False, ())
        assert len(tx.all("SELECT id FROM decisions")) == before

    def test_a_gap_that_has_begun_lets_the_next_one_out_at_once(self, tx: Transaction) -> None:
        """A minute between showing and pressing makes no other plan."""
        _, two, three, _ = a_queue(tx, "One", "Two", "Three", "Four")
        release_due(tx, day(0))
        withdraw_chapter(tx, INES, two.id, now=day(4))
        shown = gap_plan(tx, INES, two.series_id, day(4)).mark
        pressed = day(4).add(minutes=1)
        assert close_gap(tx, INES, two.series_id, shown, now=pressed).done
        assert release_schedule(tx, now=pressed).due == (three.id,)
        (four,) = [c for c in chapters.waiting(tx, GUILD, INES.id) if c.title == "Four"]
        assert four.slot == pressed.add(hours=3 * DAY)

    def test_c8_a_wish_is_never_undercut(self, tx: Transaction) -> None:
        """Three was wanted on day 5."""
        series = a_series(tx)
        _, two = a_queue(tx, "One", "Two", series=series)
        handed_in(tx, series, title="Three", wanted=day(5))
        withdraw_chapter(tx, INES, two.id, now=day(1))
        plan = gap_plan(tx, INES, series.id, day(1))
        close_gap(tx, INES, series.id, plan.mark, now=day(1))
        assert queue(tx) == {"One": 0, "Three": 5}

    def test_c1_a_withdrawn_start_offers_its_slot_to_the_next_series(self, tx: Transaction) -> None:
        """Starts on day 0, 14, 28; the one of day 14 is withdrawn, with all of its series behind it."""
        a_queue(tx, "A1", series=a_series(tx, "A"))
        (b1,) = a_queue(tx, "B1", series=a_series(tx, "B"))
        third = a_series(tx, "C")
        a_queue(tx, "C1", "C2", series=third)
        done = withdraw_chapter(tx, INES, b1.id, now=day(1))
        assert done.offer is not None
        assert done.offer.number == third.id
        plan = gap_plan(tx, INES, third.id, day(1))
        close_gap(tx, INES, third.id, plan.mark, now=day(1))
        assert queue(tx) == {"A1": 0, "C1": 14, "C2": 17}
        (started,) = [one for one in list_series(tx, INES, now=day(1)).series if one.series.id == third.id]
        assert started.series.starts_at == day(14)
        assert handed_in(tx, a_series(tx, "D"), title="D1", now=day(1)).chapter.slot == day(28)

    def test_only_its_author_sees_or_takes_a_plan(self, tx: Transaction) -> None:
        """Whoever guesses a number gets nowhere; nor does the author from another server."""
        one, two, _ = a_queue(tx, "One", "Two", "Three")
        withdraw_chapter(tx, INES, two.id, now=day(1))
        mark = gap_plan(tx, INES, two.series_id, day(1)).mark
        for stranger in (RUI, Person(GUILD + 1, INES.id)):
            with pytest.raises(NotYoursError):
                gap_plan(tx, stranger, two.series_id, day(1))
            with pytest.raises(NotYoursError):
                close_gap(tx, stranger, two.series_id, mark, now=day(1))
            with pytest.raises(NotYoursError):
                earlier_plan(tx, stranger, one.id, day(1))
            with pytest.raises(NotYoursError):
                move_chapter(tx, stranger, one.id, 1, now=day(1))

    def test_a_chapter_handed_in_behind_a_gap_is_told_of_it(self, tx: Transaction) -> None:
        """On its receipt, and in the queue."""
        series = a_series(tx)
        _, two, _ = a_queue(tx, "One", "Two", "Three", series=series)
        withdraw_chapter(tx, INES, two.id, now=day(1))
        receipt = handed_in(tx, series, title="Four", now=day(1))
        assert receipt.offer is not None
        assert receipt.offer.cause is Cause.GAP
        assert submit_chapter(tx, INES, receipt.chapter.id, now=day(1)).offer == receipt.offer
        (shown,) = waiting_chapters(tx, INES, None, now=day(1)).series
        assert shown.offer == receipt.offer


class TestReleasingEarlier:
    """C9: where a looser policy lets it out sooner."""

    def test_a_looser_policy_is_offered_and_never_taken_by_itself(self, tx: Transaction) -> None:
        """Every day instead of every third."""
        _, two, three, _ = a_queue(tx, "One", "Two", "Three", "Four")
        in_force(tx, chapter_days=1)
        (shown,) = waiting_chapters(tx, INES, None, now=day(0.5)).series
        assert shown.offer is not None
        assert shown.offer.cause is Cause.LOOSER
        plan = earlier_plan(tx, INES, three.id, day(0.5))
        assert [step.waiting.chapter_id for step in plan.moving] == [two.id, three.id]
        assert release_earlier(tx, INES, three.id, plan.mark, now=day(0.5)).done
        assert queue(tx, day(0.5)) == {"One": 0, "Two": 1, "Three": 2, "Four": 9}
        assert re_evaluates(tx, two.id)
        assert re_evaluates(tx, three.id)

    def test_its_reach_is_still_judged_by_the_policy_it_was_handed_in_under(self, tx: Transaction) -> None:
        """L9, L13: the pace is the new one's, the labels are the old one's; also at the release."""
        _, two = a_queue(tx, "One", "Two", ai=Ai.ASSISTED, disclosure="I used AI.", text=f"A.\n\nI used AI.\n\n{STORY}")
        in_force(tx, chapter_days=1, disclosure_paragraphs=1)
        plan = earlier_plan(tx, INES, two.id, day(0.5))
        release_earlier(tx, INES, two.id, plan.mark, now=day(0.5))
        shown = why(tx, INES, "Two")
        assert shown.policy.chapter_days == 1
        assert not shown.verdict.restricted
        assert shown.policy.version == 1

    def test_a_promise_stays_when_the_policy_is_made_stricter_again(self, tx: Transaction) -> None:
        """C9: taken is taken."""
        _, two = a_queue(tx, "One", "Two")
        in_force(tx, chapter_days=1)
        release_earlier(tx, INES, two.id, earlier_plan(tx, INES, two.id, day(0.5)).mark, now=day(0.5))
        in_force(tx, chapter_days=30)
        assert queue(tx, day(0.5)) == {"One": 0, "Two": 1}
        assert gap_plan(tx, INES, two.series_id, day(0.5)).moving == ()
        assert re_evaluates(tx, two.id)

    def test_a_stricter_policy_binds_no_gap_behind_what_was_handed_in_before_it(self, tx: Transaction) -> None:
        """C9: the gap is closed by the pace of the old one."""
        _, two, _ = a_queue(tx, "One", "Two", "Three")
        in_force(tx, chapter_days=30)
        withdraw_chapter(tx, INES, two.id, now=day(1))
        close_gap(tx, INES, two.series_id, gap_plan(tx, INES, two.series_id, day(1)).mark, now=day(1))
        assert queue(tx) == {"One": 0, "Three": 3}

    def test_what_is_out_or_withdrawn_is_told(self, tx: Transaction) -> None:
        """A button on an old notice."""
        one, two = a_queue(tx, "One", "Two")
        release_due(tx, day(0))
        withdraw_chapter(tx, INES, two.id, now=day(1))
        for chapter, released in ((one, True), (two, False)):
            with pytest.raises(NotWaitingError) as told:
                earlier_plan(tx, INES, chapter.id, day(1))
            assert told.value.released is released

    def test_the_offer_of_a_chapter_is_about_that_chapter(self, tx: Transaction) -> None:
        """Three was wanted late, so only Two could come earlier."""
        series = a_series(tx)
        a_queue(tx, "One", "Two", series=series)
        handed_in(tx, series, title="Three", wanted=day(20))
        in_force(tx, chapter_days=1)
        community = communities.find(tx, GUILD)
        assert community is not None
        _, two, three = chapters.waiting_in_series(tx, series.id)
        assert offer_of_chapter(tx, two, community.policy, now=day(0.5)) is not None
        assert offer_of_chapter(tx, three, community.policy, now=day(0.5)) is None


class TestMoving:
    """C7 to C9: the slots stay, the titles move over them."""

    def test_a_chapter_takes_another_place_and_those_between_take_theirs(self, tx: Transaction) -> None:
        """The first one is out; of Two, Three, Four the last comes first."""
        _, two, three, four = a_queue(tx, "One", "Two", "Three", "Four")
        release_due(tx, day(0))
        plan = move_chapter(tx, INES, four.id, 1, now=day(1))
        assert [step.waiting.title for step in plan.steps] == ["Four", "Two", "Three"]
        assert queue(tx) == {"Four": 3, "Two": 6, "Three": 9}
        for chapter in (two, three, four):
            assert re_evaluates(tx, chapter.id)
        move_chapter(tx, INES, four.id, 3, now=day(1))
        assert queue(tx) == {"Two": 3, "Three": 6, "Four": 9}

    def test_its_reason_is_the_rule_where_the_rule_explains_it_and_else_its_place(self, tx: Transaction) -> None:
        """/why tells the truth: behind a gap that was never closed, the slot is the place's."""
        _, two, three, four = a_queue(tx, "One", "Two", "Three", "Four")
        release_due(tx, day(0))
        withdraw_chapter(tx, INES, two.id, now=day(1))
        move_chapter(tx, INES, four.id, 1, now=day(1))
        assert queue(tx) == {"Four": 6, "Three": 9}
        assert why(tx, INES, "Four").verdict.slot.because is Because.MOVED
        assert why(tx, INES, "Three").verdict.slot.because is Because.LANE
        assert re_evaluates(tx, three.id)

    def test_c8_a_wish_pushes_those_behind_it_and_the_plan_says_by_how_much(self, tx: Transaction) -> None:
        """Four wants day 12: moved to the front it still comes on day 12."""
        series = a_series(tx)
        a_queue(tx, "One", "Two", "Three", series=series)
        four = handed_in(tx, series, title="Four", wanted=day(12)).chapter
        release_due(tx, day(0))
        plan = move_chapter(tx, INES, four.id, 1, now=day(1))
        assert queue(tx) == {"Four": 12, "Two": 15, "Three": 18}
        pushed = [step.pushed_by.total("hours") / DAY for step in plan.steps if step.pushed_by]
        assert pushed == [9, 9, 6]
        move_chapter(tx, INES, four.id, 3, now=day(1))
        plan = gap_plan(tx, INES, series.id, day(1))
        close_gap(tx, INES, series.id, plan.mark, now=day(1))
        assert queue(tx) == {"Two": 3, "Three": 6, "Four": 12}, "put back, and what was lost is offered again"

    def test_another_first_chapter_keeps_the_start_of_the_series(self, tx: Transaction) -> None:
        """C1, C3: the series lane counts from the same slot."""
        a_queue(tx, "A1", series=a_series(tx, "A"))
        series = a_series(tx, "B")
        b1, b2 = a_queue(tx, "B1", "B2", series=series)
        move_chapter(tx, INES, b2.id, 1, now=day(1))
        assert queue(tx) == {"A1": 0, "B2": 14, "B1": 17}
        assert re_evaluates(tx, b1.id)
        assert re_evaluates(tx, b2.id)
        assert handed_in(tx, a_series(tx, "C"), title="C1", now=day(1)).chapter.slot == day(28)

    @pytest.mark.parametrize("position", [0, 4, 99])
    def test_a_place_that_is_not_there_is_refused_with_those_that_are(self, tx: Transaction, position: int) -> None:
        """Nothing is changed."""
        _, two, *_ = a_queue(tx, "One", "Two", "Three", "Four")
        release_due(tx, day(0))
        with pytest.raises(PlaceError) as told:
            move_chapter(tx, INES, two.id, position, now=day(1))
        assert (told.value.first, told.value.last) == (1, 3)
        assert queue(tx) == {"Two": 3, "Three": 6, "Four": 9}

    def test_what_is_on_its_way_out_keeps_its_place(self, tx: Transaction) -> None:
        """After an outage: Two is overdue, so nobody comes before it."""
        _, two, _, four = a_queue(tx, "One", "Two", "Three", "Four")
        release_due(tx, day(0))
        with pytest.raises(PlaceError) as told:
            move_chapter(tx, INES, four.id, 1, now=day(4))
        assert (told.value.first, told.value.last) == (2, 3)
        with pytest.raises(NotWaitingError):
            move_chapter(tx, INES, two.id, 3, now=day(4))
        move_chapter(tx, INES, four.id, 2, now=day(4))
        assert queue(tx) == {"Two": 3, "Four": 6, "Three": 9}

    def test_e2_an_exception_stays_with_the_slot_it_brought(self, tx: Transaction) -> None:
        """Two was let out on day 1; Three takes that slot, and with it the use, so that nothing is had for nothing."""
        series = a_series(tx)
        a_queue(tx, "One", series=series)
        release_due(tx, day(0))
        two = handed_in(tx, series, title="Two", wanted=day(1)).chapter
        three = handed_in(tx, series, title="Three").chapter
        grant = GrantException(moderator=Person(GUILD, 1), author_id=INES.id, lane=LaneKind.CHAPTER, reason="a fair")
        granted = grant_exception(tx, grant, now=day(0.5)).exception.grant
        assert queue(tx) == {"Two": 1, "Three": 6}
        move_chapter(tx, INES, three.id, 1, now=day(0.5))
        assert queue(tx) == {"Three": 1, "Two": 6}
        users = {one.title: one.exception_id for one in chapters.waiting_in_series(tx, series.id)}
        assert users == {"Three": granted.id, "Two": None}
        release_due(tx, day(1))
        found = exceptions.find(tx, granted.id)
        assert found is not None
        assert found.grant.uses_left == 0
        assert re_evaluates(tx, two.id)

    def test_c9_what_a_moderator_has_paused_takes_no_other_place_and_no_earlier_slot(self, tx: Transaction) -> None:
        """Nor does what is behind it; what is ahead of it may."""
        series = a_series(tx)
        _, two, three, four, five = a_queue(tx, "One", "Two", "Three", "Four", "Five", series=series)
        release_due(tx, day(0))
        hold = HoldWork(
            moderator=Person(GUILD, 1), chapter=str(four.id), series=None, reason="a question", until=day(30)
        )
        hold_work(tx, hold, now=day(0.5))
        with pytest.raises(PausedError):
            move_chapter(tx, INES, five.id, 1, now=day(0.5))
        with pytest.raises(PlaceError) as told:
            move_chapter(tx, INES, two.id, 3, now=day(0.5))
        assert (told.value.first, told.value.last) == (1, 2)
        withdraw_chapter(tx, INES, two.id, now=day(0.5))
        plan = gap_plan(tx, INES, series.id, day(0.5))
        assert [step.waiting.chapter_id for step in plan.moving] == [three.id]

    def test_its_own_place_changes_nothing(self, tx: Transaction) -> None:
        """And records nothing."""
        _, two, _ = a_queue(tx, "One", "Two", "Three")
        release_due(tx, day(0))
        before = len(tx.all("SELECT id FROM decisions"))
        assert move_chapter(tx, INES, two.id, 1, now=day(1)).moving == ()
        assert len(tx.all("SELECT id FROM decisions")) == before


class TestTakingDown:
    """C11: a released chapter is withdrawn."""

    def test_within_half_an_hour_its_slot_is_free_again(self, tx: Transaction) -> None:
        """C1, C2: as if it had never been."""
        (one,) = a_queue(tx, "One")
        release_chapter(tx, Release(one.id, STORY, ("page",)), now=day(0))
        done = take_down(tx, INES, one.id, now=day(0).add(minutes=30))
        assert (done.counts, done.copied) == (False, False)
        assert handed_in(tx, a_series(tx, "B"), now=day(1)).chapter.slot == day(1)

    def test_later_its_slot_stays_counted_in_both_lanes(self, tx: Transaction) -> None:
        """C1 and C2 count from it, though it is gone."""
        series = a_series(tx)
        (one,) = a_queue(tx, "One", series=series, ai=Ai.GENERATED)
        release_due(tx, day(0))
        done = take_down(tx, INES, one.id, now=day(1))
        assert (done.counts, done.copied, done.announced) == (True, False, False)
        assert handed_in(tx, series, title="Two", now=day(1)).chapter.slot == day(3)
        assert handed_in(tx, a_series(tx, "B"), now=day(1)).chapter.slot == day(14)
        record = decisions.latest(tx, one.id, DecisionKind.WITHDRAWN)
        assert record is not None
        assert record.answer == '{"counts": true}'

    def test_a_copy_on_another_server_keeps_it_counted_from_the_first_minute(self, tx: Transaction) -> None:
        """Published at once."""
        (one,) = a_queue(tx, "One")
        release_due(tx, day(0))
        done = take_down(tx, INES, one.id, now=day(0).add(minutes=1))
        assert (done.counts, done.copied, done.announced) == (True, True, True)

    def test_a_slot_that_is_given_back_is_offered_to_those_behind(self, tx: Transaction) -> None:
        """C10."""
        one, _, _ = a_queue(tx, "One", "Two", "Three", ai=Ai.GENERATED)
        release_due(tx, day(0))
        now = day(0).add(minutes=10)
        done = take_down(tx, INES, one.id, now=now)
        assert done.offer is not None
        close_gap(tx, INES, one.series_id, gap_plan(tx, INES, one.series_id, now).mark, now=now)
        assert [chapter.slot for chapter in chapters.waiting(tx, GUILD, INES.id)] == [now, now.add(hours=3 * DAY)]

    def test_its_announcement_is_taken_down_first_then_its_home(self, tx: Transaction) -> None:
        """Each message once; the thread stays."""
        (one,) = a_queue(tx, "One")
        release_due(tx, day(0))
        posted = {post.message_id: post for post in posts.of_chapter(tx, one.id)}
        take_down(tx, INES, one.id, now=day(1))
        done = carry(tx, day(1))
        assert [kind for kind, _ in done] == [Kind.REMOVE] * 3
        removed = [posted[message].kind for _, message in done]
        assert removed == [Kind.ANNOUNCEMENT, Kind.PART, Kind.HEADING]

    def test_what_is_not_yet_posted_never_is(self, tx: Transaction) -> None:
        """Withdrawn between its heading and its text."""
        (one,) = a_queue(tx, "One")
        carry(tx, day(0))
        release_chapter(tx, Release(one.id, STORY, ("page",)), now=day(0))
        (heading,) = claim_due(tx, now=day(0))
        take_down(tx, INES, one.id, now=day(0))
        assert claim_due(tx, now=day(0)) == []
        settle(tx, heading.delivery, Outcome(Event.DONE, message_id=77), now=day(0))
        assert carry(tx, day(0)) == [(Kind.REMOVE, 77)]

    def test_what_discord_did_not_take_is_not_tried_again(self, tx: Transaction) -> None:
        """Its heading was postponed when it was withdrawn; nothing is left to be taken down."""
        (one,) = a_queue(tx, "One")
        carry(tx, day(0))
        release_chapter(tx, Release(one.id, STORY, ("page",)), now=day(0))
        (heading,) = claim_due(tx, now=day(0))
        take_down(tx, INES, one.id, now=day(0))
        settle(tx, heading.delivery, Outcome(Event.POSTPONE), now=day(0))
        assert carry(tx, day(1)) == [(Kind.REMOVE, None)]

    def test_what_cannot_be_removed_is_reported_and_the_home_is_taken_down_all_the_same(self, tx: Transaction) -> None:
        """R3."""
        (one,) = a_queue(tx, "One")
        release_due(tx, day(0))
        take_down(tx, INES, one.id, now=day(1))
        (announcement,) = claim_due(tx, now=day(1))
        settle(tx, announcement.delivery, Outcome(Event.REFUSE, problem="I cannot see the channel"), now=day(1))
        assert [kind for kind, _ in carry(tx, day(1))].count(Kind.REMOVE) == 2
        (held,) = tx.all("SELECT kind, problem FROM deliveries WHERE state = 'held'")
        assert tuple(held) == ("remove", "I cannot see the channel")

    def test_only_its_author_takes_it_down_and_only_once(self, tx: Transaction) -> None:
        """And only what is out."""
        one, two = a_queue(tx, "One", "Two")
        release_due(tx, day(0))
        with pytest.raises(NotYoursError):
            take_down(tx, RUI, one.id, now=day(1))
        with pytest.raises(NotReleasedError):
            take_down(tx, INES, two.id, now=day(1))
        take_down(tx, INES, one.id, now=day(1))
        with pytest.raises(NotReleasedError):
            take_down(tx, INES, one.id, now=day(1))

    def test_what_is_out_is_meant_by_its_full_name_only(self, tx: Transaction) -> None:
        """A piece of a title may mean what waits, never what is out; of two with one name, the waiting one."""
        series = a_series(tx)
        one, two = a_queue(tx, "The bell", "The baker", series=series)
        release_due(tx, day(0))
        assert own_withdrawable(tx, INES, "baker").id == two.id
        assert own_withdrawable(tx, INES, "the bell").id == one.id
        assert own_withdrawable(tx, INES, str(one.id)).id == one.id
        with pytest.raises(UnknownChapterError) as told:
            own_withdrawable(tx, INES, "bell")
        assert told.value.known == ("The Salt Road · The bell",)
        again = handed_in(tx, series, title="The bell", now=day(1)).chapter
        assert own_withdrawable(tx, INES, "The bell").id == again.id
        handed_in(tx, series, title="The bell", now=day(1))
        with pytest.raises(AmbiguousTitleError):
            own_withdrawable(tx, INES, "The bell")


class TestEditing:
    """A series' words, in its home and in what was announced."""

    def test_its_home_and_its_announcements_are_corrected(self, tx: Transaction) -> None:
        """Only what was given changes."""
        series = a_series(tx)
        a_queue(tx, "One", series=series)
        release_due(tx, day(0))
        done = edit_series(tx, EditSeries(person=INES, series="salt", title=" The  Salt Sea "), now=day(1))
        assert (done.after.title, done.after.blurb) == ("The Salt Sea", series.blurb)
        assert (done.corrected, done.left) == (1, 0)
        edits = [errand for errand in claim_due(tx, now=day(1)) if errand.delivery.kind is Kind.EDIT]
        assert [(e.subject and e.subject.kind, e.delivery.target_id) for e in edits] == [
            (Kind.THREAD, done.after.thread_id),
            (Kind.ANNOUNCEMENT, NETWORK),
        ]
        assert all(errand.series == done.after for errand in edits)

    def test_only_the_newest_announcements_are_corrected(self, tx: Transaction) -> None:
        """And the rest is counted."""
        series = a_series(tx)
        a_queue(tx, *(str(number) for number in range(CORRECTED_ANNOUNCEMENTS + 3)), series=series)
        tx.run("UPDATE chapters SET slot_at = 0")
        for number in range(CORRECTED_ANNOUNCEMENTS + 3):
            release_due(tx, day(number + 1))
        done = edit_series(tx, EditSeries(person=INES, series="salt", rating="teen"), now=day(40))
        assert (done.corrected, done.left) == (CORRECTED_ANNOUNCEMENTS, 3)
        edited = [message for kind, message in carry(tx, day(40)) if kind is Kind.EDIT]
        newest = [made.message_id for made in posts.announced(tx, series.id)][:CORRECTED_ANNOUNCEMENTS]
        assert set(newest) < set(edited)
        assert len(edited) == CORRECTED_ANNOUNCEMENTS + 1

    def test_a_second_edit_replaces_the_first_and_postponed_ones_hold_up_no_announcement(self, tx: Transaction) -> None:
        """R4: Discord lets old announcements be edited seldom."""
        series = a_series(tx)
        a_queue(tx, "One", series=series)
        release_due(tx, day(0))
        edit_series(tx, EditSeries(person=INES, series="salt", tags="sea"), now=day(1))
        edit_series(tx, EditSeries(person=INES, series="salt", tags="sea, slow"), now=day(1))
        edits = claim_due(tx, now=day(1))
        assert [errand.delivery.kind for errand in edits] == [Kind.EDIT, Kind.EDIT]
        for errand in edits:
            settle(tx, errand.delivery, Outcome(Event.POSTPONE), now=day(1))
        handed_in(tx, series, title="Two", now=day(4))
        for chapter_id in release_schedule(tx, now=day(4)).due:
            release_chapter(tx, Release(chapter_id, STORY, ("page",)), now=day(4))
        assert Kind.ANNOUNCEMENT in {kind for kind, _ in carry(tx, day(4))}

    def test_a_home_that_is_not_open_yet_opens_with_the_new_words(self, tx: Transaction) -> None:
        """It needs no correction, but where it is on its way already: then the correction waits for it."""
        a_series(tx)
        edit_series(tx, EditSeries(person=INES, series="salt", title="The Salt Sea"), now=NEW_YEAR)
        (opening,) = claim_due(tx, now=NEW_YEAR)
        assert opening.series is not None
        assert opening.series.title == "The Salt Sea"
        edit_series(tx, EditSeries(person=INES, series="salt", title="The Salt Lake"), now=NEW_YEAR)
        assert claim_due(tx, now=NEW_YEAR) == []
        settle(tx, opening.delivery, Outcome(Event.DONE, message_id=5), now=NEW_YEAR)
        (edit,) = claim_due(tx, now=NEW_YEAR)
        assert (edit.delivery.kind, edit.delivery.target_id) == (Kind.EDIT, 5)

    def test_a_dash_empties_a_field(self, tx: Transaction) -> None:
        """But the title, without which a series is nothing."""
        a_series(tx)
        edit_series(tx, EditSeries(person=INES, series="salt", blurb="Two friends.", tags="sea"), now=NEW_YEAR)
        done = edit_series(tx, EditSeries(person=INES, series="salt", blurb=" - ", tags="\N{EN DASH}"), now=NEW_YEAR)
        assert (done.after.blurb, done.after.tags, done.after.title) == (None, None, "The Salt Road")

    def test_an_edit_of_nothing_is_refused(self, tx: Transaction) -> None:
        """With what could be given."""
        a_series(tx)
        with pytest.raises(NothingToChangeError):
            edit_series(tx, EditSeries(person=INES, series="salt"), now=NEW_YEAR)

    def test_finishing_marks_it_and_changes_nothing_else(self, tx: Transaction) -> None:
        """What waits still comes; a second time says so."""
        _, two = a_queue(tx, "One", "Two")
        release_due(tx, day(0))
        done = finish_series(tx, INES, "salt")
        assert (done.series.complete, done.waiting, done.news) == (True, 1, True)
        assert not finish_series(tx, INES, "salt").news
        assert queue(tx) == {"Two": 3}
        chapter = chapters.find(tx, two.id)
        assert chapter is not None
        assert chapter.state is ChapterState.WAITING


def test_lanes_still_find_their_last_chapter_by_an_index(tx: Transaction) -> None:
    """C11 made the condition longer; the index was made for it."""
    plan = tx.all(f"EXPLAIN QUERY PLAN {lanes._LAST_IN_SERIES}", series=1)
    assert any("chapters_of_series" in row["detail"] for row in plan)
