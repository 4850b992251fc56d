"""Opening, moving, closing, entering: on the real database, without an event loop."""

import contextlib
import json
import random
from typing import Any

import pytest
from whenever import Instant, TimeDelta

from rules.cadence import Because, LaneKind
from rules.deliveries import Kind
from rules.exceptions import Grant
from rules.verdict import evaluate
from storage import chapters, decisions, deliveries, exceptions, manuscripts, posts, releases
from storage.challenges import ChallengeState, CommunityChallenge
from storage.decisions import DecisionKind
from storage.deliveries import Delivery
from storage.exceptions import GrantedException
from storage.series import Series
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, NOTICES, RUI, a_community, a_draft, a_series, handed_in
from usecases.audits import audit_database
from usecases.challenge_refusals import (
    ChallengeGoneError,
    ChallengeNameTakenError,
    ChallengeNotOpenError,
    ChallengeOverError,
    DeadlinePastError,
    InChallengeError,
    OpensTooLateError,
    UnknownChallengeError,
)
from usecases.challenges import (
    ProposeChallenge,
    cancel_challenge,
    cancel_move,
    close_challenge,
    enter_challenge,
    list_challenges,
    move_deadline,
    open_challenge,
    propose_challenge,
    propose_move,
    suggest_challenges,
)
from usecases.chapters import submit_chapter, waiting_chapters, why, withdraw_chapter
from usecases.deadlines import Deadline
from usecases.drafts import preview
from usecases.holds import HoldWork, end_due_holds, hold_work
from usecases.people import Person, known_chapter
from usecases.releases import Release, release_chapter, release_schedule
from usecases.replanning import present_case
from usecases.timetable import keep_timetable, timetable
from usecases.turns import plan_due_windows, windows_are_due

MO = Person(GUILD, 1)
HOUR = TimeDelta(hours=1)
DAY = TimeDelta(hours=24)
LATER = NEW_YEAR + 2 * HOUR
DEADLINE = NEW_YEAR + 5 * DAY


def until(deadline: Instant) -> Deadline:
    """A deadline in UTC."""
    return Deadline(deadline, "UTC", whole_day=False)


def a_challenge(
    tx: Transaction, name: str = "Winter", deadline: Instant = DEADLINE, *, now: Instant = NEW_YEAR, **changes: Any
) -> CommunityChallenge:
    """A challenge that is open, with its deadline in five days."""
    request = ProposeChallenge(moderator=MO, name=name, deadline=until(deadline), **changes)
    return open_challenge(tx, MO, propose_challenge(tx, request, now=now).terms.id, now=now)


def a_queue(tx: Transaction, waiting: int, title: str = "The Salt Road", *, person: Person = INES) -> Series:
    """A series whose first chapter is out since the new year, and so many that wait."""
    series = a_series(tx, title, person=person)
    first = handed_in(tx, series, title="0", person=person).chapter
    released(tx, first.id, now=NEW_YEAR)
    for number in range(1, waiting + 1):
        handed_in(tx, series, title=str(number), person=person)
    return series


def released(tx: Transaction, chapter_id: int, *, now: Instant) -> None:
    """A chapter goes out."""
    text = manuscripts.text(tx, chapter_id) or ""
    assert release_chapter(tx, Release(chapter_id, text, (text,)), now=now) is not None


def slots(tx: Transaction, series: Series) -> list[Instant]:
    """The promises of what waits."""
    return [one.slot for one in chapters.waiting_in_series(tx, series.id) if one.slot is not None]


def planned(tx: Transaction, kind: str) -> list[Delivery]:
    """What the bot is going to post, of one kind."""
    rows = tx.all("SELECT id FROM deliveries WHERE kind = :kind AND state = 'planned' ORDER BY id", kind=kind)
    return [deliveries.find(tx, row["id"]) for row in rows]


def told(tx: Transaction) -> list[Delivery]:
    """What authors will hear of challenges."""
    return planned(tx, "challenge")


def pause(tx: Transaction, name: str, *, ends: Instant | None = None) -> None:
    """Mo pauses a series, or one waiting chapter by its full title."""
    chapter, series = (None, name) if " " in name else (f"The Salt Road · {name}", None)
    hold_work(tx, HoldWork(moderator=MO, chapter=chapter, series=series, reason="rights", until=ends), now=LATER)


def spread(number: int, *, start: Instant = LATER, deadline: Instant = DEADLINE) -> list[Instant]:
    """H3 in its plain wording."""
    step = (deadline - TimeDelta(minutes=30) - start) / number
    return [start + n * step for n in range(number)]


def same(found: list[Instant], expected: list[Instant]) -> bool:
    """To the millisecond."""
    return len(found) == len(expected) and all(
        abs((one - other).total("milliseconds")) <= 1 for one, other in zip(found, expected, strict=True)
    )


class TestOpening:
    """H1: previewed, then opened, once."""

    def test_nothing_is_open_before_the_press_and_pressing_twice_opens_once(self, tx: Transaction) -> None:
        """The draft is kept; the second press is answered like the first."""
        request = ProposeChallenge(moderator=MO, name=" Winter  Sprint ", deadline=until(DEADLINE), about="Snow.")
        draft = propose_challenge(tx, request, now=NEW_YEAR)
        assert list_challenges(tx, INES, now=NEW_YEAR) == []
        first = open_challenge(tx, MO, draft.terms.id, now=NEW_YEAR)
        assert open_challenge(tx, MO, draft.terms.id, now=LATER) == first
        (listed,) = list_challenges(tx, INES, now=NEW_YEAR)
        assert (listed.challenge.terms.name, listed.challenge.terms.window_days) == ("Winter Sprint", 7)
        assert len(tx.all("SELECT id FROM decisions WHERE kind = 'challenge_opened'")) == 1

    def test_a_deadline_in_the_past_is_refused_also_at_the_press(self, tx: Transaction) -> None:
        """And an opening after the deadline."""
        with pytest.raises(DeadlinePastError):
            a_challenge(tx, deadline=NEW_YEAR)
        with pytest.raises(OpensTooLateError):
            a_challenge(tx, opens=DEADLINE)
        draft = propose_challenge(
            tx, ProposeChallenge(moderator=MO, name="Winter", deadline=until(DEADLINE)), now=NEW_YEAR
        )
        with pytest.raises(DeadlinePastError):
            open_challenge(tx, MO, draft.terms.id, now=DEADLINE)

    def test_two_of_a_name_cannot_be_open_at_once_but_one_a_year_can(self, tx: Transaction) -> None:
        """Last year's is not meant."""
        a_challenge(tx)
        with pytest.raises(ChallengeNameTakenError):
            a_challenge(tx, "winter")
        again = a_challenge(tx, deadline=DEADLINE + 365 * DAY, now=DEADLINE)
        series = a_series(tx)
        standing = enter_challenge(tx, INES, series.title, "winter", now=DEADLINE)
        assert standing.challenge.terms.id == again.terms.id

    def test_a_cancelled_or_forgotten_draft_and_anothers_are_gone(self, tx: Transaction) -> None:
        """Nothing is left behind."""
        request = ProposeChallenge(moderator=MO, name="Winter", deadline=until(DEADLINE))
        cancelled = propose_challenge(tx, request, now=NEW_YEAR)
        cancel_challenge(tx, MO, cancelled.terms.id)
        forgotten = propose_challenge(tx, request, now=NEW_YEAR)
        propose_challenge(tx, request, now=NEW_YEAR + 25 * HOUR)
        for draft in (cancelled, forgotten):
            with pytest.raises(ChallengeGoneError):
                open_challenge(tx, MO, draft.terms.id, now=NEW_YEAR)
        elsewhere = propose_challenge(tx, request, now=NEW_YEAR)
        with pytest.raises(ChallengeGoneError):
            cancel_challenge(tx, Person(GUILD + 1, MO.id), elsewhere.terms.id)


class TestEntering:
    """H1, H2, H4."""

    def test_what_waits_is_spread_over_the_time_left_and_every_change_is_recorded(self, tx: Transaction) -> None:
        """H2, H3, and the fifth law."""
        a_challenge(tx)
        series = a_queue(tx, 4)
        standing = enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        assert same(slots(tx, series), spread(4))
        assert [slot for _, slot in standing.dates] == slots(tx, series)
        assert (standing.fits, standing.all_fit) == (4, True)
        for chapter in chapters.waiting_in_series(tx, series.id):
            record = decisions.latest_slot(tx, chapter.id)
            assert record is not None
            assert (record.kind, record.actor_id) == (DecisionKind.REPLANNED, INES.id)
            case = present_case(tx, chapter)
            assert evaluate(case).slot.at == chapter.slot
            assert decisions.answer_of(evaluate(case)) == record.answer
            assert decisions.inputs_of(decisions.case_of(record.inputs, case.policy)) == record.inputs

    def test_h4_the_author_hears_how_many_fit(self, tx: Transaction) -> None:
        """Five hours left, and ten wait."""
        a_challenge(tx, deadline=LATER + 5 * HOUR)
        series = a_queue(tx, 10)
        before = slots(tx, series)
        standing = enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        assert (standing.fits, len(standing.dates), standing.all_fit) == (5, 10, False)
        assert slots(tx, series)[5:] == before[5:]

    def test_entering_twice_answers_the_same_and_another_one_is_refused(self, tx: Transaction) -> None:
        """H1: a series is in one open challenge at a time."""
        a_challenge(tx)
        a_challenge(tx, "Spring", DEADLINE + 40 * DAY)
        series = a_queue(tx, 3)
        first = enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        assert enter_challenge(tx, INES, series.title, "Winter", now=LATER + HOUR) == first
        with pytest.raises(InChallengeError) as refused:
            enter_challenge(tx, INES, series.title, "Spring", now=LATER)
        assert refused.value.name == "Winter"
        assert enter_challenge(tx, INES, series.title, "Spring", now=DEADLINE).challenge.terms.name == "Spring"

    def test_too_early_too_late_closed_or_unknown_is_refused(self, tx: Transaction) -> None:
        """H1, each with its own sentence."""
        a_challenge(tx, "Winter", opens=LATER)
        a_challenge(tx, "Brief", NEW_YEAR + HOUR)
        a_challenge(tx, "Closed")
        close_challenge(tx, MO, "Closed", now=NEW_YEAR)
        series = a_series(tx)
        with pytest.raises(ChallengeNotOpenError):
            enter_challenge(tx, INES, series.title, "Winter", now=NEW_YEAR)
        for name, closed in (("Brief", False), ("Closed", True)):
            with pytest.raises(ChallengeOverError) as over:
                enter_challenge(tx, INES, series.title, name, now=LATER)
            assert over.value.closed is closed
        with pytest.raises(UnknownChallengeError) as unknown:
            enter_challenge(tx, INES, series.title, "Summer", now=LATER)
        assert unknown.value.known == ("Winter",)
        assert [one.terms.name for one in suggest_challenges(tx, INES, "", enterable=True, now=NEW_YEAR)] == ["Brief"]

    def test_h5_a_start_that_waits_keeps_its_date_and_the_author_sees_it(self, tx: Transaction) -> None:
        """C1 stays; those behind come after it."""
        a_queue(tx, 0, "First")
        second = a_series(tx, "Second")
        start = handed_in(tx, second, title="Start").chapter
        handed_in(tx, second, title="Next")
        a_challenge(tx, deadline=NEW_YEAR + 16 * DAY)
        standing = enter_challenge(tx, INES, "Second", "Winter", now=LATER)
        assert standing.start is not None
        assert standing.start.id == start.id
        assert slots(tx, second) == [NEW_YEAR + 14 * DAY, NEW_YEAR + 14 * DAY + HOUR]


class TestHandingIn:
    """H2, H3: a chapter that is handed in to an entered series."""

    def test_the_preview_says_what_submitting_does_also_to_those_ahead(self, tx: Transaction) -> None:
        """N4: the new one fits in, the others come closer together, and nobody comes later."""
        a_challenge(tx)
        series = a_queue(tx, 3)
        enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        before = slots(tx, series)
        draft = a_draft(tx, series, title="New", now=LATER)
        shown = preview(tx, INES, draft, now=LATER)
        receipt = submit_chapter(tx, INES, draft, now=LATER)
        assert shown.verdict == receipt.verdict == why(tx, INES, "New").verdict
        assert receipt.verdict.slot.because is Because.CHALLENGE
        assert shown.standing is not None
        assert receipt.standing is not None
        assert shown.standing.sooner == 2
        assert shown.standing.dates == receipt.standing.dates
        assert same(slots(tx, series), spread(4))
        assert all(after <= promise for after, promise in zip(slots(tx, series), before, strict=False))

    def test_outside_the_window_and_after_the_deadline_c2_decides(self, tx: Transaction) -> None:
        """H2, H7: what is left returns to it, and nothing is owed for what went faster."""
        a_challenge(tx, deadline=NEW_YEAR + 30 * DAY)
        series = a_queue(tx, 0)
        enter_challenge(tx, INES, series.title, "Winter", now=NEW_YEAR)
        early = handed_in(tx, series, title="1", now=LATER).verdict
        assert (early.slot.at, early.slot.because) == (NEW_YEAR + 3 * DAY, Because.LANE)
        released(tx, chapters.waiting_in_series(tx, series.id)[0].id, now=NEW_YEAR + 3 * DAY)
        soon = NEW_YEAR + 29 * DAY
        fast = [handed_in(tx, series, title=str(n), now=soon).chapter.slot for n in range(2, 5)]
        assert None not in fast
        for chapter in chapters.waiting_in_series(tx, series.id):
            released(tx, chapter.id, now=NEW_YEAR + 30 * DAY)
        last = slots_of_released(tx, series)[-1]
        late = handed_in(tx, series, title="5", now=NEW_YEAR + 30 * DAY).verdict
        assert (late.slot.at, late.slot.because) == (last + 3 * DAY, Because.LANE)
        assert late.slot.turn is None

    def test_a_first_chapter_is_told_why_the_challenge_does_not_help_it(self, tx: Transaction) -> None:
        """H5: its lane is C1's."""
        a_queue(tx, 0, "First")
        a_challenge(tx)
        second = a_series(tx, "Second")
        enter_challenge(tx, INES, "Second", "Winter", now=LATER)
        verdict = handed_in(tx, second, title="Start", now=LATER).verdict
        assert (verdict.slot.because, verdict.slot.at) == (Because.LANE, NEW_YEAR + 14 * DAY)
        assert verdict.slot.turn is not None

    def test_the_queue_says_from_when_the_next_one_could_be_out(self, tx: Transaction) -> None:
        """Its challenge slot, not C2's."""
        a_challenge(tx)
        series = a_queue(tx, 3)
        enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        (queue,) = waiting_chapters(tx, INES, None, now=LATER).series
        assert queue.standing is not None
        assert (queue.standing.challenge.terms.name, queue.standing.fits) == ("Winter", 3)
        assert queue.next_free == handed_in(tx, series, title="New", now=LATER).chapter.slot

    def test_an_exception_is_kept_for_a_chapter_that_the_challenge_does_not_help(self, tx: Transaction) -> None:
        """E2, E3: what comes at once by the challenge uses none."""
        a_challenge(tx)
        series = a_queue(tx, 0)
        enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        grant = Grant(id=77, lane=LaneKind.CHAPTER, series_id=None, uses_left=1, ends_at=NEW_YEAR + 14 * DAY)
        exceptions.add(
            tx,
            GrantedException(
                grant=grant,
                community_id=GUILD,
                author_id=INES.id,
                series_title=None,
                uses=1,
                reason="because",
                granted_by=MO.id,
                granted_at=NEW_YEAR,
                revoked_at=None,
            ),
        )
        receipt = handed_in(tx, series, title="1", now=LATER)
        assert (receipt.verdict.slot.at, receipt.verdict.slot.because) == (LATER, Because.CHALLENGE)
        assert known_chapter(tx, receipt.chapter.id).exception_id is None


class TestWithdrawing:
    """C10 and H4."""

    def test_the_others_keep_their_promises_and_the_author_hears_how_many_fit(self, tx: Transaction) -> None:
        """A lasting copy only where not all fit."""
        a_challenge(tx, deadline=LATER + 5 * HOUR)
        series = a_queue(tx, 8)
        enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        before = slots(tx, series)
        gone = chapters.waiting_in_series(tx, series.id)[2]
        done = withdraw_chapter(tx, INES, gone.id, now=LATER)
        assert slots(tx, series) == before[:2] + before[3:]
        assert done.standing is not None
        assert (done.standing.fits, len(done.standing.dates)) == (4, 7)
        assert [one.body for one in told(tx)] == ["withdrawn"]

    def test_what_was_paused_lets_those_behind_it_take_their_turns(self, tx: Transaction) -> None:
        """C9, H2: the pause ends with the chapter it was on, and the author hears the new times."""
        a_challenge(tx)
        series = a_queue(tx, 4)
        enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        pause(tx, "1")
        then = DEADLINE - 6 * HOUR
        done = withdraw_chapter(tx, INES, chapters.waiting_in_series(tx, series.id)[0].id, now=then)
        assert same([one.after for one in done.moved], spread(3, start=then))
        assert same(slots(tx, series), spread(3, start=then))
        assert [one.body for one in told(tx)] == ["withdrawn_paused"]


class TestMoving:
    """H7: another deadline, previewed, then confirmed once."""

    def test_an_earlier_one_brings_chapters_forward_as_the_preview_said(self, tx: Transaction) -> None:
        """Recorded as the moderator's act, and every author hears of it."""
        a_challenge(tx)
        series = a_queue(tx, 4)
        enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        before = slots(tx, series)
        shown = propose_move(tx, MO, "Winter", until(NEW_YEAR + 2 * DAY), now=LATER)
        assert slots(tx, series) == before
        assert (len(shown.standings), shown.standings[0].sooner, shown.before) == (1, 3, DEADLINE)
        done = move_deadline(tx, MO, shown.move.id, now=LATER)
        assert (done.series, done.chapters) == (1, 3)
        assert same(slots(tx, series), spread(4, deadline=NEW_YEAR + 2 * DAY))
        record = decisions.latest_slot(tx, chapters.waiting_in_series(tx, series.id)[1].id)
        assert record is not None
        assert record.actor_id == MO.id
        (notice,) = told(tx)
        assert (notice.kind, notice.target_id, notice.body) == (Kind.CHALLENGE, NOTICES, "moved")
        with pytest.raises(ChallengeGoneError):
            move_deadline(tx, MO, shown.move.id, now=LATER)

    def test_a_later_one_moves_no_promise_and_lets_more_fit(self, tx: Transaction) -> None:
        """C9, H4."""
        a_challenge(tx, deadline=LATER + 5 * HOUR)
        series = a_queue(tx, 10)
        enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        before = slots(tx, series)
        move_deadline(tx, MO, propose_move(tx, MO, "Winter", until(DEADLINE), now=LATER).move.id, now=LATER)
        after = slots(tx, series)
        assert after[:5] == before[:5]
        assert all(slot < DEADLINE for slot in after)

    def test_h4_a_newer_message_replaces_a_like_one_of_the_same_challenge_alone(self, tx: Transaction) -> None:
        """Nobody has heard of anything yet: of each challenge's moves the last one is told, and none is missed."""
        winter = a_challenge(tx).terms.id
        series = a_queue(tx, 2)
        enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        for days in (2, 3):
            move = propose_move(tx, MO, "Winter", until(NEW_YEAR + days * DAY), now=LATER)
            move_deadline(tx, MO, move.move.id, now=LATER)
        over = NEW_YEAR + 4 * DAY
        spring = a_challenge(tx, "Spring", NEW_YEAR + 9 * DAY, now=over).terms.id
        enter_challenge(tx, INES, series.title, "Spring", now=over)
        move = propose_move(tx, MO, "Spring", until(NEW_YEAR + 8 * DAY), now=over)
        move_deadline(tx, MO, move.move.id, now=over)
        assert [(one.body, one.challenge_id) for one in told(tx)] == [("moved", winter), ("moved", spring)]

    def test_a_past_deadline_a_closed_challenge_or_a_cancelled_move_changes_nothing(self, tx: Transaction) -> None:
        """Each is refused."""
        a_challenge(tx)
        with pytest.raises(DeadlinePastError):
            propose_move(tx, MO, "Winter", until(NEW_YEAR), now=NEW_YEAR)
        cancelled = propose_move(tx, MO, "Winter", until(DEADLINE + DAY), now=NEW_YEAR)
        assert cancel_move(tx, MO, cancelled.move.id).terms.deadline == DEADLINE
        with pytest.raises(ChallengeGoneError):
            move_deadline(tx, MO, cancelled.move.id, now=NEW_YEAR)
        shown = propose_move(tx, MO, "Winter", until(DEADLINE + DAY), now=NEW_YEAR)
        close_challenge(tx, MO, "Winter", now=NEW_YEAR)
        with pytest.raises(ChallengeOverError):
            move_deadline(tx, MO, shown.move.id, now=NEW_YEAR)


class TestWindow:
    """H2: from when C2 is lifted, what waits is planned as it then waits."""

    OPENS = NEW_YEAR + 13 * DAY
    DEADLINE = NEW_YEAR + 20 * DAY

    def entered(self, tx: Transaction, waiting: int = 6) -> Series:
        """A series that was entered long before the window opens."""
        a_challenge(tx, deadline=self.DEADLINE)
        series = a_queue(tx, waiting)
        enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        return series

    def test_what_waits_when_it_opens_is_spread_anew_once_and_never_later(self, tx: Transaction) -> None:
        """H2, H3, C9: four of the six are out by then; told to the author, recorded as the bot's own act."""
        series = self.entered(tx)
        for chapter in chapters.waiting_in_series(tx, series.id)[:4]:
            assert chapter.slot is not None
            released(tx, chapter.id, now=chapter.slot)
        before = slots(tx, series)
        assert windows_are_due(tx, now=self.OPENS - HOUR) == (False, self.OPENS)
        assert plan_due_windows(tx, now=self.OPENS - HOUR) == ()
        assert windows_are_due(tx, now=self.OPENS) == (True, None)

        moved = plan_due_windows(tx, now=self.OPENS)

        assert slots(tx, series) == [self.OPENS, self.OPENS + 3 * DAY]  # never over the normal gap
        assert [one.before for one in moved] == before
        assert [one.body for one in told(tx)] == ["window_opened"]
        record = decisions.latest_slot(tx, moved[0].chapter.id)
        assert record is not None
        assert record.actor_id == decisions.THE_BOT
        assert plan_due_windows(tx, now=self.OPENS + HOUR) == ()
        assert audit_database(tx).different == ()

    @pytest.mark.parametrize("back", [OPENS + 2 * DAY, DEADLINE + DAY])
    def test_c5_after_an_outage_it_is_spread_as_if_the_bot_had_been_there(self, tx: Transaction, back: Instant) -> None:
        """H2, H3: from the window's opening, also when the deadline has passed meanwhile; the author hears of it."""
        series = self.entered(tx)
        for chapter in chapters.waiting_in_series(tx, series.id)[:4]:
            withdraw_chapter(tx, INES, chapter.id, now=LATER)
        assert windows_are_due(tx, now=back) == (True, None)
        keep_timetable(tx, now=back)
        assert slots(tx, series) == [self.OPENS, self.OPENS + 3 * DAY]
        assert [one.body for one in told(tx)] == ["window_opened"]
        assert release_schedule(tx, now=back).due == (chapters.waiting_in_series(tx, series.id)[0].id,)
        assert timetable(tx, now=back).due is False
        assert audit_database(tx).different == ()

    def test_c5_what_was_due_before_it_opened_takes_no_turn(self, tx: Transaction) -> None:
        """H3: a bot that was away for all of it spreads what would have waited when the window opened."""
        series = self.entered(tx)
        before = slots(tx, series)
        assert [slot < self.OPENS for slot in before] == [True] * 4 + [False] * 2
        keep_timetable(tx, now=self.OPENS + 2 * DAY)
        assert slots(tx, series) == [*before[:4], self.OPENS, self.OPENS + 3 * DAY]
        assert audit_database(tx).different == ()

    def test_c5_what_came_or_was_handed_in_after_it_opened_is_planned_from_then(self, tx: Transaction) -> None:
        """Authors may be quicker than a bot that is just back: nobody gets a slot from before they were there."""
        series = self.entered(tx, waiting=1)
        withdraw_chapter(tx, INES, chapters.waiting_in_series(tx, series.id)[0].id, now=LATER)
        handed_in(tx, series, title="far", wanted=self.DEADLINE - DAY, now=LATER)
        handed_in(tx, series, title="new", now=self.OPENS + DAY)
        late = a_queue(tx, 6, "Lanterns", person=RUI)
        for chapter in chapters.waiting_in_series(tx, late.id)[:4]:
            withdraw_chapter(tx, RUI, chapter.id, now=LATER)
        enter_challenge(tx, RUI, late.title, "Winter", now=self.OPENS + DAY)
        before = slots(tx, late), slots(tx, series)
        keep_timetable(tx, now=self.OPENS + 2 * DAY)
        assert (slots(tx, late), slots(tx, series)) == before
        assert same(before[0], spread(2, start=self.OPENS + DAY, deadline=self.DEADLINE))

    def test_c5_what_time_brings_is_done_in_its_order(self, tx: Transaction) -> None:
        """C9, H2: a pause that ended in the window, all of it while the bot was down, gives no slot from before."""
        series = self.entered(tx)
        for chapter in chapters.waiting_in_series(tx, series.id)[:4]:
            withdraw_chapter(tx, INES, chapter.id, now=LATER)
        ends = self.OPENS + DAY
        pause(tx, series.title, ends=ends)
        keep_timetable(tx, now=self.OPENS + 3 * DAY)
        assert same(slots(tx, series), spread(2, start=ends, deadline=self.DEADLINE))
        assert audit_database(tx).different == ()

    def test_a_moved_deadline_moves_the_window_and_a_closed_challenge_has_none(self, tx: Transaction) -> None:
        """H7: once for each opening, also where it opens a second time."""
        self.entered(tx)
        plan_due_windows(tx, now=self.OPENS)
        later = propose_move(tx, MO, "Winter", until(self.DEADLINE + 10 * DAY), now=self.OPENS)
        move_deadline(tx, MO, later.move.id, now=self.OPENS)
        assert windows_are_due(tx, now=self.OPENS) == (False, self.OPENS + 10 * DAY)
        earlier = propose_move(tx, MO, "Winter", until(self.DEADLINE), now=self.OPENS)
        move_deadline(tx, MO, earlier.move.id, now=self.OPENS)
        assert windows_are_due(tx, now=self.OPENS) == (False, None)
        again = propose_move(tx, MO, "Winter", until(self.DEADLINE + DAY), now=self.OPENS)
        move_deadline(tx, MO, again.move.id, now=self.OPENS)
        close_challenge(tx, MO, "Winter", now=self.OPENS)
        assert windows_are_due(tx, now=self.OPENS + 2 * DAY) == (False, None)


class TestPaused:
    """H2 and C9: a hold in an entered series."""

    def test_while_it_is_paused_nothing_comes_earlier_and_its_order_stands(self, tx: Transaction) -> None:
        """C7, C9: neither by a moved deadline nor by a chapter handed in behind it."""
        a_challenge(tx)
        series = a_queue(tx, 4)
        enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        before = slots(tx, series)
        pause(tx, "3")
        moved = propose_move(tx, MO, "Winter", until(NEW_YEAR + 2 * DAY), now=LATER)
        move_deadline(tx, MO, moved.move.id, now=LATER)
        assert slots(tx, series)[2:] == before[2:]
        assert slots(tx, series)[1] < before[1]
        new = handed_in(tx, series, title="New", now=LATER).chapter.slot
        assert new is not None
        assert new > before[-1]

    def test_when_it_ends_what_waits_takes_its_turn_at_once(self, tx: Transaction) -> None:
        """H2, H3, H4: spread over the time left, in order; by the bot itself, and the author hears what fits."""
        a_challenge(tx)
        series = a_queue(tx, 4)
        enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        pause(tx, series.title, ends=DEADLINE - 6 * HOUR)
        promised = slots(tx, series)

        (resumed,) = end_due_holds(tx, now=DEADLINE - 6 * HOUR)

        expected = spread(4, start=DEADLINE - 6 * HOUR)
        assert same(slots(tx, series), expected)
        assert [one.before for one in resumed.moved] == promised
        assert same([one.after for one in resumed.moved], expected)
        assert resumed.standing is not None
        assert resumed.standing.all_fit
        (answer,) = [one for one in planned(tx, "answer") if one.challenge_id][-1:]
        assert answer.challenge_id == resumed.standing.challenge.terms.id
        assert end_due_holds(tx, now=DEADLINE) == []
        assert audit_database(tx).different == ()

    def test_its_end_outside_of_any_challenge_moves_what_c9_says(self, tx: Transaction) -> None:
        """H7: after the deadline nothing goes faster."""
        a_challenge(tx)
        series = a_queue(tx, 2)
        enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        pause(tx, series.title, ends=DEADLINE + DAY)
        distance = slots(tx, series)[1] - slots(tx, series)[0]
        (resumed,) = end_due_holds(tx, now=DEADLINE + DAY)
        assert slots(tx, series) == [DEADLINE + DAY, DEADLINE + DAY + distance]
        assert resumed.standing is None


class TestClosing:
    """An early end."""

    def test_every_promise_stands_and_authors_hear_of_it(self, tx: Transaction) -> None:
        """C9, H7, N5."""
        a_challenge(tx)
        series = a_queue(tx, 4)
        enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        before = slots(tx, series)
        closed = close_challenge(tx, MO, "Winter", now=LATER)
        assert (closed.series, closed.challenge.state) == (1, ChallengeState.CLOSED)
        assert slots(tx, series) == before
        assert [one.body for one in told(tx)] == ["closed"]
        assert handed_in(tx, series, title="New", now=LATER).verdict.slot.at == before[-1] + 3 * DAY
        with pytest.raises(ChallengeOverError):
            close_challenge(tx, MO, "Winter", now=LATER)

    def test_the_log_has_every_act(self, tx: Transaction) -> None:
        """With what the challenge then was."""
        a_challenge(tx)
        series = a_series(tx)
        enter_challenge(tx, INES, series.title, "Winter", now=LATER)
        close_challenge(tx, MO, "Winter", now=LATER)
        rows = tx.all("SELECT kind, actor_id, inputs FROM decisions WHERE kind LIKE 'challenge%' ORDER BY id")
        assert [(row["kind"], row["actor_id"]) for row in rows] == [
            ("challenge_opened", MO.id),
            ("challenge_entered", INES.id),
            ("challenge_closed", MO.id),
        ]
        assert [json.loads(row["inputs"])["series"] for row in rows] == [None, series.id, None]


class TestListing:
    """For everybody."""

    def test_it_counts_series_and_chapters_by_when_they_were_handed_in(self, tx: Transaction) -> None:
        """H6: also what waits beyond the deadline; and names one's own."""
        a_challenge(tx, deadline=LATER + 5 * HOUR)
        ines, rui = a_queue(tx, 8), a_queue(tx, 1, "Lanterns", person=RUI)
        enter_challenge(tx, INES, ines.title, "Winter", now=LATER)
        enter_challenge(tx, RUI, rui.title, "Winter", now=LATER)
        (listed,) = list_challenges(tx, RUI, now=LATER)
        assert (listed.series, listed.chapters, listed.mine) == (2, 11, ("Lanterns",))
        assert sorted(listed.entrants) == [(INES.id, 1), (RUI.id, 1)]

    def test_what_ended_lately_stays_to_be_seen_a_few_of_it_the_last_first(self, tx: Transaction) -> None:
        """By its deadline or by a moderator, with who entered how many series; behind what is open."""
        for number in range(4):
            a_challenge(tx, f"Brief {number}", NEW_YEAR + (number + 3) * HOUR)
        for title in ("A", "B"):
            enter_challenge(tx, INES, a_series(tx, title).title, "Brief 3", now=LATER)
        a_challenge(tx)
        a_challenge(tx, "Closed")
        close_challenge(tx, MO, "Closed", now=NEW_YEAR + 4 * HOUR + HOUR / 2)
        shown = list_challenges(tx, RUI, now=DEADLINE - DAY)
        assert [one.challenge.terms.name for one in shown] == ["Winter", "Brief 3", "Brief 2", "Closed"]
        assert [one.entrants for one in shown] == [(), ((INES.id, 2),), (), ()]
        assert list_challenges(tx, RUI, now=DEADLINE + 61 * DAY) == []


def test_without_a_notices_channel_the_author_hears_in_the_series_home(tx: Transaction) -> None:
    """N3: when that is open."""
    tx.run("UPDATE communities SET notices_id = NULL")
    a_challenge(tx)
    series = a_queue(tx, 1)
    enter_challenge(tx, INES, series.title, "Winter", now=LATER)
    close_challenge(tx, MO, "Winter", now=LATER)
    tx.run("UPDATE series SET thread_id = 5")
    (notice,) = told(tx)
    row = tx.one("SELECT after_id FROM deliveries WHERE id = :id", id=notice.id)
    assert row is not None
    assert row["after_id"] == posts.thread_of_series(tx, series.id)


def test_a_stricter_policy_in_between_does_not_loosen_what_was_promised(tx: Transaction) -> None:
    """C9: each chapter is planned under the version it was handed in under."""
    a_challenge(tx, deadline=NEW_YEAR + 30 * DAY, window_days=29)
    series = a_queue(tx, 2)
    a_community(tx, zone="Europe/Berlin")
    enter_challenge(tx, INES, series.title, "Winter", now=LATER)
    assert all(evaluate(present_case(tx, one)).slot.at == one.slot for one in chapters.waiting_in_series(tx, series.id))


@pytest.mark.parametrize("seed", range(8))
def test_through_a_season_of_changes_no_promise_moves_later_and_every_one_is_explained(
    tx: Transaction, seed: int
) -> None:
    """C7, C9, H7 and the fifth law, whatever people do: at each step, for each chapter that waits."""
    chance = random.Random(seed)
    series = a_queue(tx, 2)
    now, numbers = LATER, iter(range(1, 1000))
    order: list[int] = [one.id for one in chapters.waiting_in_series(tx, series.id)]
    for _ in range(60):
        now += chance.randint(1, 1800) * TimeDelta(minutes=1)
        before = {one.id: one.slot for one in chapters.waiting_in_series(tx, series.id)}
        for due in releases.due(tx, now=now):
            released(tx, due.chapter_id, now=now)
        _anything(tx, series, chance, f"{next(numbers)}", now)
        waiting = chapters.waiting_in_series(tx, series.id)
        order += [one.id for one in waiting if one.id not in order]
        assert [one.id for one in waiting] == [number for number in order if number in {one.id for one in waiting}]
        for one in waiting:
            promise = before.get(one.id)
            assert one.slot is not None
            assert promise is None or one.slot <= promise, seed
            verdict, record = evaluate(present_case(tx, one)), decisions.latest_slot(tx, one.id)
            assert verdict.slot.at == one.slot, seed
            assert record is not None
            assert decisions.answer_of(verdict) == record.answer, seed


def _anything(tx: Transaction, series: Series, chance: random.Random, name: str, now: Instant) -> None:
    """One thing that an author or a moderator may do."""
    running = suggest_challenges(tx, INES, "", now=now)
    waiting = chapters.waiting_in_series(tx, series.id)
    later = now + chance.randint(1, 400) * HOUR
    match chance.randrange(8):
        case 0:
            a_challenge(tx, name, later, now=now, window_days=chance.randint(1, 9))
        case 1 if running:
            with contextlib.suppress(InChallengeError):
                enter_challenge(tx, INES, series.title, running[0].terms.name, now=now)
        case 2 if running:
            move_deadline(tx, MO, propose_move(tx, MO, running[0].terms.name, until(later), now=now).move.id, now=now)
        case 3 if running and chance.random() < 0.3:
            close_challenge(tx, MO, running[0].terms.name, now=now)
        case 4 if waiting:
            withdraw_chapter(tx, INES, chance.choice(waiting).id, now=now)
        case _:
            wanted = later if chance.random() < 0.2 else None
            handed_in(tx, series, title=name, wanted=wanted, now=now)


def slots_of_released(tx: Transaction, series: Series) -> list[Instant]:
    """The slots of what is out, in order."""
    out = chapters.of_author(tx, GUILD, INES.id)
    return sorted(one.slot for one in out if one.series_id == series.id and one.released_at and one.slot)
