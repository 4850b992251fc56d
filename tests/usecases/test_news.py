"""R6: who is written to, when, and what of many is one message; planned in a few statements for any number."""

from collections.abc import Sequence
from typing import Any

import pytest
from whenever import Instant, TimeDelta

from rules.deliveries import CLOSED_INBOX, DIRECT_GAP, DIRECT_GATHERS, Event, Kind, Outcome, State, direct_turn
from rules.less import LabelKind
from rules.pages import pages
from storage import chapters, deliveries, news, posts, readers
from storage.follows import How
from storage.series import Series
from storage.transaction import Row, Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, RUI, STORY, a_series, handed_in
from tests.usecases.test_readers import LIA, follows, out
from usecases.deliveries import Errand, claim_due, next_due, settle
from usecases.follows import FollowRequest, follow
from usecases.less import ask_less_of_label
from usecases.news import FORGOTTEN_AFTER, forget_old, stop_messages, tell_followers, write_again
from usecases.people import Person
from usecases.releases import Release, release_chapter

SOON = NEW_YEAR + DIRECT_GATHERS


def followed_by(tx: Transaction, people: Sequence[Person]) -> list[int]:
    """Two chapters that have just come to their homes and that these people follow by message."""
    series = a_series(tx)
    out(tx, series)
    for person in people:
        follow(tx, follows(series, person, How.MESSAGE), now=NEW_YEAR)
        of_author = FollowRequest(person=person, author_id=INES.id, series_id=None, how=How.MESSAGE)
        follow(tx, of_author, now=NEW_YEAR)
    return [comes(tx, series, "Two"), comes(tx, a_series(tx, "Lanterns"), "One")]


def comes(tx: Transaction, series: Series, title: str) -> int:
    """A chapter has come to its home; what else there is to post of it is left out."""
    chapter = handed_in(tx, series, title=title).chapter
    assert chapter.slot is not None
    release_chapter(tx, Release(chapter.id, STORY, pages(STORY, title=title)), now=chapter.slot)
    posts.cancel(tx, chapter.id)
    released = chapters.find(tx, chapter.id)
    assert released is not None
    tell_followers(tx, released, now=NEW_YEAR)
    return chapter.id


def turn(tx: Transaction, *, now: Instant) -> list[Errand]:
    """The direct messages that may go out now."""
    return [errand for errand in claim_due(tx, now=now) if errand.delivery.kind is Kind.DIRECT]


class TestTurn:
    """One line for the whole bot."""

    def test_the_first_in_line_goes_out_when_it_is_due_and_the_last_one_is_long_enough_ago(self) -> None:
        """Whichever is later."""
        late = NEW_YEAR.add(seconds=2)
        assert direct_turn(due=NEW_YEAR, last=None) == NEW_YEAR
        assert direct_turn(due=NEW_YEAR, last=late) == late + DIRECT_GAP
        assert direct_turn(due=late + DIRECT_GAP * 2, last=late) == late + DIRECT_GAP * 2

    def test_one_at_a_time_with_a_pause_between_any_two(self, tx: Transaction) -> None:
        """Also through a restart: what was attempted last stands in the database."""
        people = [Person(GUILD, 500 + number) for number in range(5)]
        followed_by(tx, people)
        at, told = SOON, []
        for _ in people:
            (errand,) = turn(tx, now=at)
            assert turn(tx, now=at) == []
            settle(tx, errand.delivery, Outcome(Event.DONE, message_id=1), now=at)
            assert turn(tx, now=at + DIRECT_GAP - TimeDelta(milliseconds=1)) == []
            told.append(errand.delivery.reader_id)
            if len(told) < len(people):
                assert next_due(tx, now=at) == at + DIRECT_GAP
            at += DIRECT_GAP
        assert sorted(reader for reader in told if reader) == [person.id for person in people]
        assert turn(tx, now=at.add(hours=1)) == []

    def test_when_discord_wants_no_more_of_them_all_wait(self, tx: Transaction) -> None:
        """Its patience is one for all."""
        followed_by(tx, [RUI, LIA])
        at = SOON
        (errand,) = turn(tx, now=at)
        postponed = Outcome(Event.POSTPONE, retry_after=TimeDelta(hours=24), problem="quarantine")
        settle(tx, errand.delivery, postponed, now=at)
        assert turn(tx, now=at.add(hours=23)) == []
        (again,) = turn(tx, now=at.add(hours=24))
        assert again.delivery.id == errand.delivery.id


class TestFairness:
    """One popular series does not hold up the followers of others."""

    def crowd(self, tx: Transaction, title: str, readers: Sequence[int]) -> Series:
        """A series that many follow by message, with a chapter that has just come."""
        series = a_series(tx, title)
        for reader in readers:
            follow(tx, follows(series, Person(GUILD, reader), How.MESSAGE), now=NEW_YEAR)
        comes(tx, series, "One")
        return series

    def order(self, tx: Transaction, count: int, *, at: Instant = SOON) -> list[int]:
        """Who is written to, one after another."""
        told = []
        for number in range(count):
            now = at + DIRECT_GAP * number
            (errand,) = turn(tx, now=now)
            settle(tx, errand.delivery, Outcome(Event.DONE, message_id=1), now=now)
            told.append(errand.delivery.reader_id or 0)
        return told

    def test_a_crowd_and_a_few_take_turns(self, tx: Transaction) -> None:
        """Fifty wait for one chapter; the three of another come in between, though theirs came later."""
        self.crowd(tx, "Popular", range(1000, 1050))
        self.crowd(tx, "Quiet", range(2000, 2003))
        told = self.order(tx, 53)
        assert [place for place, reader in enumerate(told) if reader >= 2000] == [1, 3, 5]
        assert len(set(told)) == 53

    def test_a_chapter_that_comes_later_begins_where_the_line_is(self, tx: Transaction) -> None:
        """It neither waits for the whole crowd nor pushes the rest of it back for ever."""
        self.crowd(tx, "Popular", range(1000, 1020))
        first = self.order(tx, 10)
        self.crowd(tx, "Quiet", range(2000, 2003))
        later = SOON + DIRECT_GATHERS
        rest = self.order(tx, 13, at=later)
        assert [place for place, reader in enumerate(rest) if reader >= 2000] == [1, 3, 5]
        assert len({*first, *rest}) == 23

    def test_what_still_gathers_holds_up_nothing_that_is_due(self, tx: Transaction) -> None:
        """A place ahead of others counts only once its message is due."""
        self.crowd(tx, "Popular", range(1000, 1005))
        first = self.order(tx, 1)
        self.crowd(tx, "Quiet", [2000])
        tx.run("UPDATE deliveries SET due_at = due_at + 3600000 WHERE reader_id = 2000")
        told = self.order(tx, 4, at=SOON + DIRECT_GAP)
        assert sorted(first + told) == list(range(1000, 1005))

    def test_nobody_is_always_the_last(self, tx: Transaction) -> None:
        """Another chapter, another order."""
        series = self.crowd(tx, "Popular", range(1000, 1030))
        first = self.order(tx, 30)
        comes(tx, series, "Two")
        assert self.order(tx, 30, at=SOON.add(hours=1)) != first


class TestGathering:
    """Several releases are one message, and what was said once is said so again."""

    def test_what_comes_while_a_message_waits_joins_it(self, tx: Transaction) -> None:
        """Each chapter once, however many reasons there are to tell of it."""
        told = followed_by(tx, [RUI])
        (errand,) = turn(tx, now=SOON)
        assert [one.chapter.id for one in errand.news] == told

    def test_a_message_that_was_attempted_takes_nothing_more_in(self, tx: Transaction) -> None:
        """A repeated attempt says what the first one said."""
        told = followed_by(tx, [RUI])
        at = SOON
        (errand,) = turn(tx, now=at)
        settle(tx, errand.delivery, Outcome(Event.POSTPONE, problem="not now"), now=at)
        later = comes(tx, a_series(tx, "A third"), "One")
        (again,) = turn(tx, now=at.add(hours=24 * 30))
        assert [one.chapter.id for one in again.news] == told
        settle(tx, again.delivery, Outcome(Event.DONE, message_id=1), now=at.add(hours=24 * 30))
        (new,) = turn(tx, now=at.add(hours=24 * 31))
        assert [one.chapter.id for one in new.news] == [later]


class TestWhom:
    """Only who asked for it, and only what they want."""

    def test_less_is_heeded(self, tx: Transaction) -> None:
        """As in the feed."""
        ask_less_of_label(tx, RUI, LabelKind.NONE, now=NEW_YEAR)
        followed_by(tx, [RUI, LIA])
        (errand,) = turn(tx, now=SOON)
        assert errand.delivery.reader_id == LIA.id

    def test_a_closed_inbox_ends_it_and_only_asking_again_begins_anew(self, tx: Transaction) -> None:
        """What waits for this reader is taken back; other people's goes on."""
        followed_by(tx, [RUI, LIA])
        at = SOON
        (errand,) = turn(tx, now=at)
        closed = Outcome(Event.REFUSE, problem=CLOSED_INBOX)
        assert settle(tx, errand.delivery, closed, now=at) is State.CANCELLED
        reader = Person(GUILD, errand.delivery.reader_id or 0)
        assert readers.find(tx, GUILD, reader.id).closed == at
        comes(tx, a_series(tx, "A third"), "One")
        (other,) = turn(tx, now=at.add(hours=24 * 30))
        assert other.delivery.reader_id != reader.id
        settle(tx, other.delivery, Outcome(Event.DONE, message_id=1), now=at)
        assert write_again(tx, reader)
        assert not write_again(tx, reader)
        assert readers.find(tx, GUILD, reader.id).closed is None

    def test_another_refusal_costs_one_message_and_not_the_reader(self, tx: Transaction) -> None:
        """A fault of ours is not their closed inbox."""
        followed_by(tx, [RUI])
        at = SOON
        (errand,) = turn(tx, now=at)
        assert settle(tx, errand.delivery, Outcome(Event.REFUSE, problem="malformed"), now=at) is State.CANCELLED
        assert readers.find(tx, GUILD, RUI.id).closed is None

    def test_stopped_by_the_reader_all_stays_in_the_feed(self, tx: Transaction) -> None:
        """And nothing that waited is sent."""
        followed_by(tx, [RUI])
        assert stop_messages(tx, RUI) == 2
        assert stop_messages(tx, RUI) == 0
        assert turn(tx, now=SOON) == []


class TestScale:
    """A crowd costs a few statements."""

    def test_a_crowd_of_followers_is_planned_with_as_many_statements_as_one(
        self, tx: Transaction, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """And the next release joins the messages that wait."""
        series = a_series(tx)
        out(tx, series)
        ran: list[str] = []
        run, read = Transaction.run, Transaction.all

        def running(self: Transaction, sql: str, /, **values: Any) -> int:
            ran.append(sql)
            return run(self, sql, **values)

        def reading(self: Transaction, sql: str, /, **values: Any) -> list[Row]:
            ran.append(sql)
            return read(self, sql, **values)

        monkeypatch.setattr(Transaction, "run", running)
        monkeypatch.setattr(Transaction, "all", reading)
        counts = []
        for number in (1, 300):
            for one in range(number):
                follow(tx, follows(series, Person(GUILD, 1000 + one), How.MESSAGE), now=NEW_YEAR)
            ran.clear()
            comes(tx, series, f"Part {number}")
            counts.append(len(ran))
        assert counts[0] == counts[1]
        row = tx.one("SELECT COUNT(*) AS n FROM deliveries WHERE kind = 'direct'")
        assert row is not None
        assert row["n"] == 300

    @pytest.mark.parametrize(
        "name",
        ["_TRIED", "_DUE", "_SOONEST", "_PLACE", "_LAST", "_FORGET", "_TO_TELL", "_ADD", "_CHAPTERS", "_TAKE_BACK"],
    )
    def test_every_question_has_its_index(self, tx: Transaction, name: str) -> None:
        """No table is walked through."""
        sql: str = getattr(news, name)
        names = (
            *("community", "author", "series", "keys", "readers", "chapter", "delivery", "reader"),
            *("before", "limit", "now"),
        )
        plan = [row["detail"] for row in tx.all(f"EXPLAIN QUERY PLAN {sql}", **dict.fromkeys(names, 1))]
        walked = [step for step in plan if step.startswith("SCAN") and "json_each" not in step]
        assert [step for step in walked if "USING" not in step and "VIRTUAL" not in step] == []

    def test_direct_messages_that_wait_are_none_of_the_other_deliveries_business(self, tx: Transaction) -> None:
        """What is due is found without walking past them."""
        plan = " ".join(row["detail"] for row in tx.all(f"EXPLAIN QUERY PLAN {deliveries._CLAIMABLE}", now=1, limit=1))
        assert "d USING INDEX deliveries_open" in plan

    def test_what_was_done_for_single_readers_is_forgotten_after_a_while(self, tx: Transaction) -> None:
        """Not what still waits."""
        followed_by(tx, [RUI, LIA])
        at = SOON
        (errand,) = turn(tx, now=at)
        settle(tx, errand.delivery, Outcome(Event.DONE, message_id=1), now=at)
        assert not forget_old(tx, now=at + FORGOTTEN_AFTER + TimeDelta(minutes=1))
        rows = tx.all("SELECT state FROM deliveries WHERE kind = 'direct'")
        assert [row["state"] for row in rows] == [State.PLANNED]
