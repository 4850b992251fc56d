"""R4, R5: the newest announcement says when the next chapter comes, and is corrected seldom."""

import pytest
from whenever import Instant

from cogs.replies import posts
from rules.deliveries import EDITS_AN_HOUR, PROMISE_SETTLES, UNHURRIED, Event, Kind, Outcome
from storage import deliveries, transaction
from storage.chapters import Chapter
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, NETWORK, a_series, handed_in
from tests.usecases.test_labels import GENERATED, day, give, network
from tests.usecases.test_releases import carry, kinds, release_all
from usecases.chapters import withdraw_chapter
from usecases.deliveries import Errand, claim_due, settle
from usecases.holds import HoldWork, hold_work, resume_work
from usecases.people import Person
from usecases.posts import promise_moved
from usecases.promises import close_gap, gap_plan, move_chapter

MO = Person(GUILD, 999)
SETTLED = NEW_YEAR + PROMISE_SETTLES


def a_queue(tx: Transaction) -> list[Chapter]:
    """One chapter is out and announced, three wait."""
    series = a_series(tx)
    mine = [handed_in(tx, series, title=title).chapter for title in ("One", "Two", "Three", "Four")]
    release_all(tx, NEW_YEAR)
    carry(tx, NEW_YEAR)
    return mine


def corrected(tx: Transaction, now: Instant) -> Errand:
    """The one correction that is made in the network channel at a moment."""
    (edit,) = network(carry(tx, now))
    assert edit.delivery.kind is Kind.EDIT
    return edit


def said(errand: Errand) -> str:
    """What an announcement then says."""
    assert errand.chapter is not None
    assert errand.series is not None
    return posts.announcement(errand, errand.chapter, errand.series)


def test_r5_withdrawing_what_was_next_is_told_once_after_a_while(tx: Transaction) -> None:
    """Several changes make one correction, and it says what then holds."""
    one, two, three, four = a_queue(tx)
    withdraw_chapter(tx, INES, two.id, now=NEW_YEAR)
    withdraw_chapter(tx, INES, three.id, now=NEW_YEAR.add(minutes=5))
    assert network(carry(tx, SETTLED.subtract(seconds=1))) == []
    edit = corrected(tx, SETTLED)
    assert (edit.delivery.chapter_id, edit.next_promise) == (one.id, four.slot)
    assert network(carry(tx, SETTLED.add(hours=1))) == []


def test_r5_every_way_in_which_a_promise_moves_is_told(tx: Transaction) -> None:
    """Another order, a closed gap, a hold and its end; what is paused is promised to nobody."""
    _, two, three, _ = a_queue(tx)
    move_chapter(tx, INES, three.id, 1, now=NEW_YEAR)
    assert corrected(tx, SETTLED).next_promise == two.slot
    withdraw_chapter(tx, INES, three.id, now=day(0.1))
    close_gap(tx, INES, two.series_id, gap_plan(tx, INES, two.series_id, day(0.1)).mark, now=day(0.1))
    assert corrected(tx, day(0.2)).next_promise == two.slot
    request = HoldWork(moderator=MO, chapter=None, series="The Salt Road", reason="a question", until=None)
    hold_work(tx, request, now=day(0.3))
    edit = corrected(tx, day(0.4))
    assert edit.next_promise is None
    assert "Next chapter" not in said(edit)
    resume_work(tx, MO, "The Salt Road", "answered", whole_series=True, now=day(0.5))
    assert corrected(tx, day(0.6)).next_promise == two.slot


def test_r4_promises_are_corrected_so_often_an_hour_and_a_neutral_line_finds_room(tx: Transaction) -> None:
    """Whatever else is corrected in the channel."""
    one, two, *_ = a_queue(tx)
    spent = [
        deliveries.plan(tx, Kind.EDIT, community_id=GUILD, target_id=NETWORK, now=NEW_YEAR)
        for _ in range(EDITS_AN_HOUR)
    ]
    for edit in spent:
        tx.run("UPDATE deliveries SET state = 'sent', sent_at = due_at WHERE id = :edit", edit=edit)
    withdraw_chapter(tx, INES, two.id, now=NEW_YEAR)
    assert network(carry(tx, SETTLED)) == []
    give(tx, one, GENERATED, now=SETTLED)
    assert said(corrected(tx, SETTLED)) == posts.TAKEN_BACK


def test_r4_a_promise_over_the_budget_is_corrected_an_hour_later(tx: Transaction) -> None:
    """It is put off, not dropped."""
    _, two, *_ = a_queue(tx)
    for _ in range(EDITS_AN_HOUR):
        one = deliveries.plan(tx, Kind.EDIT, community_id=GUILD, target_id=NETWORK, now=NEW_YEAR)
        tx.run("UPDATE deliveries SET state = 'sent', sent_at = due_at WHERE id = :one", one=one)
    withdraw_chapter(tx, INES, two.id, now=NEW_YEAR)
    assert network(carry(tx, NEW_YEAR.add(minutes=59))) == []
    assert corrected(tx, NEW_YEAR.add(hours=1)).delivery.body == UNHURRIED


def test_what_was_taken_back_promises_nothing(tx: Transaction) -> None:
    """Its neutral line needs no correction."""
    one, two, *_ = a_queue(tx)
    give(tx, one, GENERATED, now=NEW_YEAR)
    carry(tx, NEW_YEAR)
    withdraw_chapter(tx, INES, two.id, now=NEW_YEAR)
    assert kinds(network(carry(tx, SETTLED))) == []


@pytest.mark.parametrize("outcome", [Event.POSTPONE, Event.LOST])
def test_a_correction_that_discord_puts_off_keeps_its_time(tx: Transaction, outcome: Event) -> None:
    """Nothing that comes meanwhile makes it knock again sooner."""
    one, *_ = a_queue(tx)
    give(tx, one, GENERATED, now=NEW_YEAR)
    for errand in claim_due(tx, now=NEW_YEAR):
        settle(tx, errand.delivery, Outcome(outcome), now=NEW_YEAR)
    promise_moved(tx, one.series_id, now=NEW_YEAR)
    give(tx, one, GENERATED, now=NEW_YEAR)
    assert claim_due(tx, now=NEW_YEAR.add(seconds=9)) == []


class TestOrder:
    """R1: what was planned first comes first, whoever planned it."""

    def test_another_process_in_the_same_millisecond_or_an_older_clock_plans_behind(
        self, tx: Transaction, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each process has ids of its own: a smaller salt, and nothing given out yet."""
        planned: list[int] = []
        for now in (NEW_YEAR, NEW_YEAR, NEW_YEAR.subtract(hours=1)):
            monkeypatch.setattr(transaction, "_salt", 1_000 - len(planned))
            monkeypatch.setattr(transaction, "_last", 0)
            planned.append(deliveries.plan(tx, Kind.EDIT, community_id=GUILD, target_id=NETWORK, now=now))
        assert planned == sorted(set(planned))
