"""Releases and deliveries on the real database: once, in order, as far as the labels allow."""

import pytest
from whenever import Instant

from rules.deliveries import Approach, Event, Kind, Outcome, State
from rules.labels import Ai, Reach
from storage import budgets, chapters, deliveries
from storage.transaction import Transaction, milliseconds
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, HOME, INES, MODERATORS, NETWORK, RUI, STORY, a_series, handed_in
from usecases.chapters import withdraw_chapter
from usecases.deliveries import Errand, claim_due, next_due, settle
from usecases.releases import Release, chapter_text, release_chapter, release_schedule

THREAD = 500


def release_all(tx: Transaction, now: Instant) -> list[int]:
    """Let out everything that may go out at a moment, one round."""
    schedule = release_schedule(tx, now=now)
    for chapter_id in schedule.due:
        _, markdown, _ = chapter_text(tx, chapter_id)
        release_chapter(tx, Release(chapter_id, markdown, ("page one", "page two")), now=now)
    return list(schedule.due)


def carry(tx: Transaction, now: Instant, *, most: int = 99) -> list[Errand]:
    """Carry out what is due until nothing is, as a Discord that takes everything."""
    carried: list[Errand] = []
    while len(carried) < most and (errands := claim_due(tx, now=now)):
        for errand in errands:
            message = THREAD if errand.delivery.kind is Kind.THREAD else errand.delivery.id % 10**9
            settle(tx, errand.delivery, Outcome(Event.DONE, message_id=message), now=now)
            carried.append(errand)
    return carried


def kinds(errands: list[Errand]) -> list[Kind]:
    """What was done, in order."""
    return [errand.delivery.kind for errand in errands]


def test_r1_home_first_message_after_message_then_the_network(tx: Transaction) -> None:
    """The thread, the heading, the pages in order, the announcement."""
    handed_in(tx, a_series(tx))
    release_all(tx, NEW_YEAR)
    done = carry(tx, NEW_YEAR)
    assert kinds(done) == [Kind.THREAD, Kind.HEADING, Kind.PART, Kind.PART, Kind.ANNOUNCEMENT]
    assert [one.delivery.target_id for one in done] == [HOME, THREAD, THREAD, THREAD, NETWORK]
    assert [one.delivery.body for one in done[2:4]] == ["page one", "page two"]
    assert done[-1].heading_id == done[1].delivery.id % 10**9


def test_a_chapter_with_personal_reach_plans_no_announcement(tx: Transaction) -> None:
    """The second law: nothing with personal reach ever stands in a network channel."""
    receipt = handed_in(tx, a_series(tx), ai=Ai.GENERATED)
    release_all(tx, NEW_YEAR)
    assert Kind.ANNOUNCEMENT not in kinds(carry(tx, NEW_YEAR))
    chapter = chapters.find(tx, receipt.chapter.id)
    assert chapter is not None
    assert chapter.reach is Reach.PERSONAL


def test_a_chapter_goes_out_once_and_never_before_its_slot(tx: Transaction) -> None:
    """The first and the fourth law."""
    series = a_series(tx)
    handed_in(tx, series)
    second = handed_in(tx, series, title="Two").chapter
    assert second.slot is not None
    release_all(tx, NEW_YEAR)
    early = second.slot.subtract(milliseconds=1)
    assert release_schedule(tx, now=early).due == ()
    assert release_schedule(tx, now=early).next_at == second.slot
    assert release_chapter(tx, Release(second.id, STORY, ("x",)), now=early) is None
    assert release_all(tx, second.slot) == [second.id]
    assert release_chapter(tx, Release(second.id, STORY, ("x",)), now=second.slot) is None


def test_a_text_that_changed_while_it_was_rendered_is_not_sent_in_its_old_form(tx: Transaction) -> None:
    """The next round takes the new one."""
    chapter = handed_in(tx, a_series(tx)).chapter
    assert release_chapter(tx, Release(chapter.id, "an older text", ("x",)), now=NEW_YEAR) is None


def test_a_withdrawn_chapter_does_not_go_out_and_its_unseen_notice_is_taken_back(tx: Transaction) -> None:
    """C10."""
    series = a_series(tx)
    handed_in(tx, series)
    second = handed_in(tx, series, title="Two").chapter
    withdraw_chapter(tx, INES, second.id, now=NEW_YEAR)
    release_all(tx, NEW_YEAR)
    assert Kind.NOTICE not in kinds(carry(tx, NEW_YEAR))
    assert release_schedule(tx, now=NEW_YEAR.add(hours=999)).due == ()


def test_c14_overdue_chapters_of_a_series_go_out_an_hour_apart_in_order(tx: Transaction) -> None:
    """After ten days offline; each series for itself."""
    one, other = a_series(tx, "A"), a_series(tx, "B")
    mine = [handed_in(tx, one, title=str(n)).chapter.id for n in range(3)]
    back = NEW_YEAR.add(hours=24 * 20)
    theirs = handed_in(tx, other, title="B1").chapter.id
    assert release_all(tx, back) == [mine[0], theirs]
    assert release_schedule(tx, now=back).due == ()
    assert release_schedule(tx, now=back).next_at == back.add(hours=1)
    assert release_all(tx, back.add(hours=1)) == [mine[1]]
    assert release_all(tx, back.add(hours=2)) == [mine[2]]


def test_one_channel_has_one_sender_and_keeps_its_order(tx: Transaction) -> None:
    """Two threads for one forum: one after the other, while other channels go on beside it."""
    handed_in(tx, a_series(tx, "A"))
    series = a_series(tx, "B", person=INES)
    handed_in(tx, series)
    first = claim_due(tx, now=NEW_YEAR)
    assert kinds(first) == [Kind.THREAD, Kind.NOTICE], "both threads go to one forum, the notice elsewhere"
    assert claim_due(tx, now=NEW_YEAR) == []
    settle(tx, first[0].delivery, Outcome(Event.DONE, message_id=1), now=NEW_YEAR)
    (second,) = [one for one in claim_due(tx, now=NEW_YEAR) if one.delivery.kind is Kind.THREAD]
    assert second.delivery.id > first[0].delivery.id


def test_what_becomes_ready_meanwhile_waits_for_what_is_on_its_way(tx: Transaction) -> None:
    """One sender a channel: an older announcement whose chapter took longer lets the younger one finish."""
    long, short = a_series(tx, "Long"), a_series(tx, "Short", person=RUI)
    first = handed_in(tx, long).chapter
    second = handed_in(tx, short, person=RUI).chapter
    carry(tx, NEW_YEAR)
    tx.run("UPDATE series SET thread_id = id")  # each its own home
    release_chapter(tx, Release(first.id, STORY, ("one", "two", "three")), now=NEW_YEAR)
    release_chapter(tx, Release(second.id, STORY, ("one",)), now=NEW_YEAR)
    younger = None
    for _ in range(9):
        for errand in claim_due(tx, now=NEW_YEAR):
            if errand.delivery.kind is Kind.ANNOUNCEMENT and younger is None:
                younger = errand  # stays on its way
                continue
            assert errand.delivery.kind is not Kind.ANNOUNCEMENT
            settle(tx, errand.delivery, Outcome(Event.DONE, message_id=errand.delivery.id % 10**9), now=NEW_YEAR)
    assert younger is not None
    assert younger.delivery.chapter_id == second.id
    settle(tx, younger.delivery, Outcome(Event.DONE, message_id=7), now=NEW_YEAR)
    assert kinds(claim_due(tx, now=NEW_YEAR)) == [Kind.ANNOUNCEMENT]


class TestTrouble:
    """R2, R3: a crash, a lost answer, a refusal."""

    def test_a_claimed_delivery_is_due_again_when_its_lease_ends(self, tx: Transaction) -> None:
        """By then its answer is lost: a thread is looked for first, it has no nonce."""
        a_series(tx)
        (claimed,) = claim_due(tx, now=NEW_YEAR)
        assert claimed.approach is Approach.SEND
        assert claim_due(tx, now=NEW_YEAR.add(seconds=59)) == []
        (again,) = claim_due(tx, now=NEW_YEAR.add(seconds=61))
        assert again.approach is Approach.LOOK_FIRST
        assert again.delivery.attempts == 2

    def test_a_message_is_sent_again_with_its_nonce_and_later_looked_for(self, tx: Transaction) -> None:
        """Within the nonce's window, and after it."""
        handed_in(tx, a_series(tx))
        carry(tx, NEW_YEAR)
        release_all(tx, NEW_YEAR)
        (heading,) = claim_due(tx, now=NEW_YEAR)
        settle(tx, heading.delivery, Outcome(Event.LOST), now=NEW_YEAR.add(seconds=1))
        (soon,) = claim_due(tx, now=NEW_YEAR.add(seconds=20))
        assert soon.approach is Approach.SEND
        settle(tx, soon.delivery, Outcome(Event.POSTPONE), now=NEW_YEAR.add(seconds=21))
        (late,) = claim_due(tx, now=NEW_YEAR.add(minutes=9))
        assert late.approach is Approach.LOOK_FIRST, "an answer to the first attempt never came"

    def test_a_late_answer_of_an_overtaken_attempt_counts_only_if_it_is_done(self, tx: Transaction) -> None:
        """Two processes at work."""
        a_series(tx)
        (mine,) = claim_due(tx, now=NEW_YEAR)
        (theirs,) = claim_due(tx, now=NEW_YEAR.add(minutes=2))
        refused = Outcome(Event.REFUSE, problem="no")
        assert settle(tx, mine.delivery, refused, now=NEW_YEAR.add(minutes=2)) is State.SENDING
        done = Outcome(Event.DONE, message_id=THREAD)
        assert settle(tx, mine.delivery, done, now=NEW_YEAR.add(minutes=2)) is State.SENT
        assert settle(tx, theirs.delivery, refused, now=NEW_YEAR.add(minutes=2)) is State.SENT

    def test_what_fails_for_good_is_held_and_reported_and_everything_else_goes_on(self, tx: Transaction) -> None:
        """R3."""
        handed_in(tx, a_series(tx))
        release_all(tx, NEW_YEAR)
        carry(tx, NEW_YEAR, most=1)
        (heading,) = claim_due(tx, now=NEW_YEAR)
        settle(tx, heading.delivery, Outcome(Event.REFUSE, problem="I lack a permission"), now=NEW_YEAR)
        (report,) = claim_due(tx, now=NEW_YEAR)
        assert (report.delivery.kind, report.delivery.target_id) == (Kind.REPORT, MODERATORS)
        assert report.subject is not None
        assert report.subject.problem == "I lack a permission"
        settle(tx, report.delivery, Outcome(Event.DONE, message_id=9), now=NEW_YEAR)
        a_series(tx, "Another")
        assert kinds(claim_due(tx, now=NEW_YEAR.add(hours=1))) == [Kind.THREAD]

    def test_r4_the_eleventh_publish_of_an_hour_waits_its_turn_and_blocks_no_announcement(
        self, tx: Transaction
    ) -> None:
        """Ten an hour and channel, counted in the database."""
        for number in range(11):
            series = a_series(tx, f"S{number}")
            handed_in(tx, series)
        tx.run("UPDATE chapters SET slot_at = slot_at * 0 + 1")
        tx.run("UPDATE series SET thread_id = id")
        tx.run("UPDATE deliveries SET state = 'sent', message_id = id WHERE kind = 'thread'")
        tx.run("UPDATE deliveries SET state = 'cancelled' WHERE kind = 'notice'")
        now = NEW_YEAR.add(minutes=5)
        release_all(tx, now)
        published = []
        while errands := claim_due(tx, now=now):
            for errand in errands:
                publish = errand.delivery.kind is Kind.ANNOUNCEMENT
                settle(tx, errand.delivery, Outcome(Event.DONE, message_id=1), publish=publish, now=now)
                published += [errand] if errand.delivery.kind is Kind.PUBLISH else []
        assert len(published) == 10
        assert next_due(tx, now=now) == now.add(hours=1)
        assert kinds(claim_due(tx, now=now.add(hours=1))) == [Kind.PUBLISH]


@pytest.mark.parametrize("hours", [0, 1, 500])
def test_nothing_is_due_where_nothing_was_handed_in(tx: Transaction, hours: int) -> None:
    """A quiet community costs nothing."""
    now = NEW_YEAR.add(hours=hours)
    assert release_schedule(tx, now=now).due == ()
    assert claim_due(tx, now=now) == []
    assert next_due(tx, now=now) is None


def test_looking_what_is_due_never_walks_through_what_was_sent(tx: Transaction) -> None:
    """A round costs the same after years: each question is answered from an index."""
    asked = {
        deliveries._CLAIMABLE: {"now": 1, "limit": 9},
        budgets._PUBLISHED_SINCE: {"target": 1, "since": 1},
        budgets._EDITED_SINCE: {"target": 1, "since": 1},
    }
    for sql, values in asked.items():
        plan = [str(row["detail"]) for row in tx.all(f"EXPLAIN QUERY PLAN {sql}", **values)]
        assert plan
        assert not [step for step in plan if step.startswith("SCAN") and "INDEX" not in step], plan


def test_r4_a_crowd_over_its_budget_holds_up_nobody(tx: Transaction) -> None:
    """More channels than are sent to at a time have spent their hour; what is due behind them goes on at once."""
    for channel in range(1000, 1040):
        for number in range(11):
            one = deliveries.plan(tx, Kind.PUBLISH, community_id=GUILD, target_id=channel, now=NEW_YEAR)
            if number < 10:
                done = {"one": one, "at": milliseconds(NEW_YEAR)}
                tx.run("UPDATE deliveries SET state = 'sent', sent_at = :at WHERE id = :one", **done)
    a_series(tx)
    assert kinds(claim_due(tx, now=NEW_YEAR.add(minutes=1))) == [Kind.THREAD]
    assert next_due(tx, now=NEW_YEAR.add(minutes=1)) == NEW_YEAR.add(minutes=2)
