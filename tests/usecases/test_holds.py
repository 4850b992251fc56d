"""C9, N5: pausing and letting go on, on the real database."""

import pytest

from rules.cadence import Because, LaneKind
from rules.deliveries import Kind
from rules.verdict import evaluate
from storage.chapters import Chapter, waiting_in_series
from storage.decisions import DecisionKind, Logged
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import INES, NOTICES, a_community, a_series, handed_in
from tests.usecases.test_exceptions import MO
from tests.usecases.test_releases import THREAD, carry, kinds, release_all
from usecases.audits import audit_database, read_log
from usecases.chapters import withdraw_chapter
from usecases.exceptions import GrantException, grant_exception
from usecases.holds import Held, HoldWork, end_due_holds, hold_work, holds_are_due, open_holds, resume_work
from usecases.people import Person, known_chapter
from usecases.refusals import HeldAlreadyError, NotHeldBackError, UnknownWorkError
from usecases.replanning import present_case
from usecases.series import list_series

DAY = 24


def a_queue(tx: Transaction) -> list[Chapter]:
    """Five chapters of one series: at the new year and every third day."""
    series = a_series(tx)
    return [handed_in(tx, series, title=f"Chapter {n}").chapter for n in range(5)]


def hold(tx: Transaction, *, chapter: str | None = None, series: str | None = None, days: int | None = None) -> Held:
    """Mo pauses something."""
    until = None if days is None else NEW_YEAR.add(hours=DAY * days)
    request = HoldWork(moderator=MO, chapter=chapter, series=series, reason="a question of rights", until=until)
    return hold_work(tx, request, now=NEW_YEAR)


def test_a_held_chapter_and_those_behind_it_wait_and_those_before_go_out(tx: Transaction) -> None:
    """C7 keeps their order."""
    queue = a_queue(tx)
    assert hold(tx, chapter="Chapter 2").kept_back == 3
    out = [one for day in range(0, 20, 3) for one in release_all(tx, NEW_YEAR.add(hours=DAY * day))]
    assert out == [queue[0].id, queue[1].id]


def test_a_paused_series_names_no_next_chapter(tx: Transaction) -> None:
    """R5: in its author's list neither, whose slot may have passed meanwhile."""
    queue = a_queue(tx)
    (shown,) = list_series(tx, INES, now=NEW_YEAR).series
    assert shown.next_promise == queue[0].slot
    hold(tx, series="Salt")
    (shown,) = list_series(tx, INES, now=NEW_YEAR.add(hours=DAY)).series
    assert (shown.waiting, shown.next_promise) == (5, None)


def test_its_end_replans_what_was_made_late_and_no_more(tx: Transaction) -> None:
    """C9: recorded, and evaluated again the same; the author hears both times."""
    queue = a_queue(tx)
    hold(tx, chapter="Chapter 2")
    release_all(tx, NEW_YEAR)
    carry(tx, NEW_YEAR)
    release_all(tx, NEW_YEAR.add(hours=DAY * 3))
    resumed = NEW_YEAR.add(hours=DAY * 7)
    done = resume_work(tx, MO, "chapter 2", "cleared", whole_series=False, now=resumed)
    assert [(one.chapter.id, one.after) for one in done.moved] == [
        (queue[2].id, resumed),
        (queue[3].id, resumed.add(hours=DAY * 3)),
        (queue[4].id, resumed.add(hours=DAY * 6)),
    ]
    verdict = evaluate(present_case(tx, known_chapter(tx, queue[2].id)))
    assert (verdict.slot.at, verdict.slot.because) == (resumed, Because.HOLD)
    assert audit_database(tx).different == ()
    assert release_all(tx, resumed) == [queue[2].id]
    answers = [one for one in carry(tx, resumed) if one.delivery.kind is Kind.ANSWER]
    assert [(one.delivery.target_id, one.hold is not None) for one in answers] == [(NOTICES, True)]


def test_a_whole_series_waits_until_its_return_date_and_goes_on_by_itself(tx: Transaction) -> None:
    """With a date."""
    queue = a_queue(tx)
    assert hold(tx, series="Salt", days=5).kept_back == 5
    assert release_all(tx, NEW_YEAR.add(hours=DAY * 4)) == []
    ends = NEW_YEAR.add(hours=DAY * 5)
    assert holds_are_due(tx, now=NEW_YEAR) == (False, ends)
    (resumed,) = end_due_holds(tx, now=ends)
    assert [one.after for one in resumed.moved] == [ends.add(hours=DAY * 3 * n) for n in range(5)]
    assert end_due_holds(tx, now=ends) == []
    assert release_all(tx, ends) == [queue[0].id]


def test_c5_a_return_date_that_passes_while_the_bot_is_down_counts_all_the_same(tx: Transaction) -> None:
    """A late bot costs no author anything: what was paused counts from the date, and the first comes out late."""
    queue = a_queue(tx)
    hold(tx, series="Salt", days=5)
    ends, back = NEW_YEAR.add(hours=DAY * 5), NEW_YEAR.add(hours=DAY * 7)
    (resumed,) = end_due_holds(tx, now=back)
    assert [one.after for one in resumed.moved] == [ends.add(hours=DAY * 3 * n) for n in range(5)]
    assert release_all(tx, back) == [queue[0].id]
    assert audit_database(tx).different == ()


def test_e2_what_a_hold_pushes_uses_the_exception_that_is_kept_for_it(tx: Transaction) -> None:
    """Each had its wish and needed none; pushed behind Chapter 1, the rules delay Chapter 2."""
    series = a_series(tx)
    wishes = [NEW_YEAR.add(hours=DAY * day) for day in (0, 3, 6)]
    queue = [handed_in(tx, series, title=f"Chapter {n}", wanted=wish).chapter for n, wish in enumerate(wishes)]
    release_all(tx, NEW_YEAR)
    hold(tx, chapter="Chapter 1", days=5)
    grant = GrantException(moderator=MO, author_id=INES.id, lane=LaneKind.CHAPTER, reason="a fair", days=30)
    exception = grant_exception(tx, grant, now=NEW_YEAR).exception
    end_due_holds(tx, now=NEW_YEAR.add(hours=DAY * 5))
    pushed, excepted = (known_chapter(tx, one.id) for one in queue[1:])
    assert (pushed.slot, pushed.exception_id) == (NEW_YEAR.add(hours=DAY * 5), None)
    assert (excepted.slot, excepted.exception_id) == (wishes[2], exception.grant.id)


def test_c7_what_another_hold_keeps_back_stays_behind_what_goes_on(tx: Transaction) -> None:
    """The series goes on after its promises have passed; its last chapter is still held, and still its last."""
    queue = a_queue(tx)
    hold(tx, series="Salt")
    hold(tx, chapter="Chapter 4", days=40)
    resume_work(tx, MO, "Salt", "cleared", whole_series=True, now=NEW_YEAR.add(hours=DAY * 30))
    waiting = waiting_in_series(tx, queue[0].series_id)
    assert [one.title for one in waiting] == [f"Chapter {number}" for number in range(5)]


def test_an_early_end_moves_nothing(tx: Transaction) -> None:
    """Promises that have not come yet stand."""
    a_queue(tx)
    hold(tx, chapter="Chapter 3")
    assert resume_work(tx, MO, "Chapter 3", "sorry", whole_series=False, now=NEW_YEAR.add(hours=1)).moved == ()


def test_withdrawing_the_held_chapter_lets_those_behind_it_go(tx: Transaction) -> None:
    """The hold was on that one."""
    queue = a_queue(tx)
    hold(tx, chapter="Chapter 1")
    withdraw_chapter(tx, INES, queue[1].id, now=NEW_YEAR)
    release_all(tx, NEW_YEAR)
    assert release_all(tx, NEW_YEAR.add(hours=DAY * 6)) == [queue[2].id]


def test_c9_c10_withdrawing_what_was_paused_lets_those_behind_it_come_in_their_rhythm(tx: Transaction) -> None:
    """As after any other end of a hold, not an hour apart as after an outage (C14); the hold is over, and logged so."""
    queue = a_queue(tx)
    hold(tx, chapter="Chapter 1")
    release_all(tx, NEW_YEAR)
    then = NEW_YEAR.add(hours=DAY * 8)
    done = withdraw_chapter(tx, INES, queue[1].id, now=then)
    assert [(one.chapter.id, one.after) for one in done.moved] == [
        (one.id, then.add(hours=DAY * 3 * number)) for number, one in enumerate(queue[2:])
    ]
    assert done.behind == 0
    assert open_holds(tx, MO) == []
    assert [one.decision.actor_id for one in read_log(tx, MO, None, str(queue[1].id)) if is_resumed(one)] == [INES.id]
    assert release_all(tx, then) == [queue[2].id]
    assert release_all(tx, then.add(hours=DAY * 3 - 1)) == []
    assert release_all(tx, then.add(hours=DAY * 3)) == [queue[3].id]
    assert audit_database(tx).different == ()


def is_resumed(entry: Logged) -> bool:
    """Something went on."""
    return entry.decision.kind is DecisionKind.RESUMED


def test_c9_behind_a_withdrawn_chapter_a_promise_that_has_not_come_stands(tx: Transaction) -> None:
    """C10: nothing had been made late."""
    queue = a_queue(tx)
    hold(tx, chapter="Chapter 1", days=40)
    done = withdraw_chapter(tx, INES, queue[1].id, now=NEW_YEAR)
    assert (done.moved, done.behind) == ((), 3)
    assert end_due_holds(tx, now=NEW_YEAR.add(hours=DAY * 41)) == []


def test_c7_what_a_series_hold_keeps_back_goes_on_only_with_the_series(tx: Transaction) -> None:
    """Withdrawing one paused chapter frees nothing then; what was late comes when the series goes on."""
    queue = a_queue(tx)
    hold(tx, series="Salt")
    hold(tx, chapter="Chapter 0")
    withdraw_chapter(tx, INES, queue[0].id, now=NEW_YEAR.add(hours=DAY * 20))
    assert release_all(tx, NEW_YEAR.add(hours=DAY * 20)) == []
    ends = NEW_YEAR.add(hours=DAY * 30)
    done = resume_work(tx, MO, "Salt", "cleared", whole_series=True, now=ends)
    assert [one.after for one in done.moved] == [ends.add(hours=DAY * 3 * n) for n in range(4)]


def test_what_is_not_there_or_paused_already_is_refused(tx: Transaction) -> None:
    """With a sentence each."""
    a_queue(tx)
    with pytest.raises(UnknownWorkError):
        hold(tx, chapter="Nothing")
    with pytest.raises(UnknownWorkError):
        hold(tx)
    with pytest.raises(NotHeldBackError):
        resume_work(tx, MO, "Chapter 1", "x", whole_series=False, now=NEW_YEAR)
    hold(tx, series="salt")
    with pytest.raises(HeldAlreadyError):
        hold(tx, series="salt")
    assert Kind.HEADING not in kinds(carry(tx, NEW_YEAR))


def test_n3_without_a_notices_channel_the_author_hears_once_the_home_is_open(tx: Transaction) -> None:
    """Nothing is held for want of a channel that is about to be opened (R3)."""
    a_community(tx, person=Person(20, 1), notices_id=None)
    author = Person(20, INES.id)
    handed_in(tx, a_series(tx, person=author), person=author)
    request = HoldWork(moderator=Person(20, 1), chapter=None, series="Salt", reason="a question", until=None)
    hold_work(tx, request, now=NEW_YEAR)
    answers = [one for one in carry(tx, NEW_YEAR) if one.delivery.kind is Kind.ANSWER]
    assert [one.delivery.target_id for one in answers] == [THREAD]
