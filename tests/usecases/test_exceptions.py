"""Asking, granting, declining, revoking on the real database: E1 to E7."""

import pytest

from rules.cadence import LaneKind
from rules.deliveries import Kind
from rules.verdict import evaluate
from storage import chapters, decisions, exceptions
from storage import series as stored
from storage.chapters import Chapter
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, MODERATORS, NOTICES, RUI, a_draft, a_series, handed_in
from tests.usecases.test_releases import carry, release_all
from usecases.chapters import withdraw_chapter
from usecases.drafts import preview
from usecases.exceptions import Granted, GrantException, grant_exception, list_exceptions, revoke_exception
from usecases.people import Person, known_chapter
from usecases.promises import move_chapter
from usecases.refusals import (
    AskedAlreadyError,
    DecidedAlreadyError,
    ExceptionOverError,
    NothingToExceptError,
    NotWaitingError,
    NotYoursError,
    OwnGrantError,
    RefusalError,
    UnknownExceptionError,
    UnknownSeriesError,
)
from usecases.replanning import present_case
from usecases.requests import approve_request, ask_exception, decline_request, view_request

MO, MARGE = Person(GUILD, 1), Person(GUILD, 2)
DAY = 24
LATER = NEW_YEAR.add(hours=5)


def a_queue(tx: Transaction, count: int = 3) -> list[Chapter]:
    """A series with a chapter out and the rest waiting."""
    series = a_series(tx)
    found = [handed_in(tx, series, title=f"Chapter {n}").chapter for n in range(count)]
    release_all(tx, NEW_YEAR)
    carry(tx, NEW_YEAR)
    return found


def grant(tx: Transaction, **changes: object) -> Granted:
    """Mo grants Ines one chapter."""
    given: dict[str, object] = {
        "moderator": MO,
        "author_id": INES.id,
        "lane": LaneKind.CHAPTER,
        "reason": "a holiday",
    }
    return grant_exception(tx, GrantException(**(given | changes)), now=LATER)  # type: ignore[arg-type]


class TestGranting:
    """E1 to E5, E7."""

    def test_it_moves_the_first_waiting_chapter_at_once_and_no_other(self, tx: Transaction) -> None:
        """E2, E4: promises behind it stand; the decision is recorded and re-evaluates to itself."""
        queue = a_queue(tx)
        done = grant(tx)
        (moved,) = done.moved
        assert (moved.chapter.id, moved.before, moved.after) == (queue[1].id, queue[1].slot, LATER)
        assert known_chapter(tx, queue[2].id).slot == queue[2].slot
        record = decisions.latest_slot(tx, queue[1].id)
        assert record is not None
        assert record.actor_id == MO.id
        assert decisions.answer_of(evaluate(present_case(tx, known_chapter(tx, queue[1].id)))) == record.answer

    def test_it_restarts_its_lanes_clock_for_what_is_handed_in_next(self, tx: Transaction) -> None:
        """E4: after the excepted release, C2 counts from it."""
        queue = a_queue(tx, 2)
        grant(tx)
        assert known_chapter(tx, queue[1].id).slot == LATER
        series = queue[1].series_id
        third = handed_in(tx, stored.find(tx, series), title="next", now=LATER)
        assert third.chapter.slot == LATER.add(hours=3 * DAY)

    def test_given_before_it_is_needed_the_preview_shows_it_and_submitting_uses_it(self, tx: Transaction) -> None:
        """E7, N4."""
        series = a_series(tx)
        handed_in(tx, series)
        assert grant(tx).moved == ()
        draft = a_draft(tx, series, title="Two", now=LATER)
        assert preview(tx, INES, draft, now=LATER).verdict.slot.at == LATER
        receipt = handed_in(tx, series, title="Two", now=LATER)
        assert receipt.chapter.slot == LATER
        assert handed_in(tx, series, title="Three", now=LATER).chapter.slot == LATER.add(hours=3 * DAY)

    def test_a_series_start_is_lifted_by_a_series_grant_alone(self, tx: Transaction) -> None:
        """E1: C1 or C2."""
        handed_in(tx, a_series(tx, "A"))
        start = handed_in(tx, a_series(tx, "B")).chapter
        assert grant(tx).moved == ()
        (moved,) = grant(tx, lane=LaneKind.SERIES).moved
        assert moved.chapter.id == start.id
        assert handed_in(tx, a_series(tx, "C")).chapter.slot == LATER.add(hours=14 * DAY)

    def test_for_one_series_it_leaves_the_others_alone(self, tx: Transaction) -> None:
        """E1: one series or all."""
        one, other = a_series(tx, "A"), a_series(tx, "B")
        for series in (one, other):
            handed_in(tx, series)
            handed_in(tx, series, title="Two")
        (moved,) = grant(tx, series="B").moved
        assert moved.chapter.series_title == "B"
        with pytest.raises(UnknownSeriesError):
            grant(tx, series="C")

    def test_a_use_is_spent_at_release_and_comes_back_at_withdrawal(self, tx: Transaction) -> None:
        """E3: and then moves what waits next."""
        queue = a_queue(tx)
        exception = grant(tx).exception
        withdraw_chapter(tx, INES, queue[1].id, now=LATER)
        assert known_chapter(tx, queue[2].id).slot == LATER
        release_all(tx, LATER)
        (found,) = list_exceptions(tx, MO, INES.id)
        assert (found.exception.grant.id, found.exception.grant.uses_left) == (exception.grant.id, 0)
        assert [(use.title, use.spent) for use in found.uses] == [(queue[2].title, True)]
        assert tx.all("SELECT spent FROM exceptions")[0]["spent"] == 1

    def test_a_late_release_that_time_alone_had_brought_gives_the_use_back(self, tx: Transaction) -> None:
        """E3: an outage of a week after the grant."""
        a_queue(tx, 2)
        grant(tx, days=30)
        release_all(tx, LATER.add(hours=7 * DAY))
        (found,) = list_exceptions(tx, MO, INES.id)
        assert (found.exception.grant.uses_left, found.uses) == (1, ())

    def test_a_use_that_comes_back_at_a_late_release_moves_what_waits_next(self, tx: Transaction) -> None:
        """E2, E3: an open grant always means that nothing waits for it."""
        queue = a_queue(tx, 3)
        grant(tx, days=30)
        late = NEW_YEAR.add(hours=3 * DAY + 1)
        assert release_all(tx, late) == [queue[1].id]
        (found,) = list_exceptions(tx, MO, INES.id)
        assert (found.exception.grant.uses_left, [use.title for use in found.uses]) == (0, [queue[2].title])
        assert known_chapter(tx, queue[2].id).slot == late

    def test_what_becomes_a_start_by_a_withdrawal_uses_the_exception_that_is_kept_for_one(
        self, tx: Transaction
    ) -> None:
        """E2: the second chapter of a series is its first now, and C1 delays it."""
        handed_in(tx, a_series(tx))
        other = a_series(tx, "Lanterns")
        first, second = (handed_in(tx, other, title=title, wanted=LATER.add(hours=DAY)).chapter for title in "AB")
        withdraw_chapter(tx, INES, first.id, now=LATER)
        exception = grant(tx, lane=LaneKind.SERIES).exception
        assert known_chapter(tx, second.id).slot == LATER.add(hours=DAY)
        third = handed_in(tx, other, title="C", now=LATER).chapter
        withdraw_chapter(tx, INES, second.id, now=LATER)
        assert known_chapter(tx, third.id).slot == LATER
        assert known_chapter(tx, third.id).exception_id == exception.grant.id

    def test_c7_excepted_chapters_keep_the_order_that_their_author_gave_them(self, tx: Transaction) -> None:
        """Also when the last comes first: no two have the same slot."""
        queue = a_queue(tx, 4)
        move_chapter(tx, INES, queue[3].id, 1, now=LATER)
        grant(tx, uses=3)
        waiting = [one.title for one in chapters.waiting_in_series(tx, queue[0].series_id)]
        assert waiting == ["Chapter 3", "Chapter 1", "Chapter 2"]

    def test_a_chapter_uses_one_exception_and_not_two(self, tx: Transaction) -> None:
        """E2: one that comes back goes on to the next chapter that uses none."""
        queue = a_queue(tx, 4)
        first, second = (grant(tx).exception.grant.id for _ in range(2))
        withdraw_chapter(tx, INES, queue[1].id, now=LATER)
        users = {one.title: one.exception_id for one in chapters.waiting_in_series(tx, queue[0].series_id)}
        assert users == {"Chapter 2": second, "Chapter 3": first}

    def test_several_uses_move_the_first_chapters_that_wait(self, tx: Transaction) -> None:
        """E2, once for each use; never out of order (C7)."""
        queue = a_queue(tx, 4)
        done = grant(tx, uses=2)
        assert [moved.chapter.id for moved in done.moved] == [queue[1].id, queue[2].id]
        assert known_chapter(tx, queue[3].id).slot == queue[3].slot

    def test_an_ended_grant_moves_nothing(self, tx: Transaction) -> None:
        """E1: it has an end."""
        series = a_series(tx)
        handed_in(tx, series)
        grant(tx, days=1)
        late = LATER.add(hours=25)
        assert handed_in(tx, series, title="Two", now=late).chapter.slot == NEW_YEAR.add(hours=3 * DAY)

    def test_nobody_grants_to_themselves(self, tx: Transaction) -> None:
        """E5: by command; the card is tested below."""
        with pytest.raises(OwnGrantError):
            grant(tx, moderator=Person(GUILD, INES.id))

    def test_it_can_be_revoked_until_it_is_spent_and_what_it_moved_keeps_its_time(self, tx: Transaction) -> None:
        """E7, C9."""
        queue = a_queue(tx, 2)
        exception = grant(tx, uses=2).exception
        assert revoke_exception(tx, MARGE, "a holiday", "a mistake", now=LATER).revoked_at == LATER
        assert known_chapter(tx, queue[1].id).slot == LATER
        with pytest.raises(ExceptionOverError):
            revoke_exception(tx, MARGE, str(exception.grant.id), "again", now=LATER)
        with pytest.raises(UnknownExceptionError):
            revoke_exception(tx, MARGE, "no such reason", "x", now=LATER)
        assert exceptions.open_grants(tx, GUILD, INES.id, now=LATER) == []


class TestAsking:
    """E6: with words; one decision wins; the author hears either way."""

    def test_the_card_has_all_a_volunteer_needs(self, tx: Transaction) -> None:
        """Who, which rule, which earlier release, what it would do, earlier grants."""
        queue = a_queue(tx)
        request = ask_exception(tx, INES, queue[1].id, "I fly on Friday", now=LATER)
        shown = view_request(tx, request.id, now=LATER)
        assert shown.request.reason == "I fly on Friday"
        assert shown.verdict.slot.lane.last is not None
        assert shown.verdict.slot.lane.last.title == "Chapter 0"
        assert shown.moves is not None
        assert (shown.moves.chapter.id, shown.moves.after, shown.behind) == (queue[1].id, LATER, 1)
        (card,) = carry(tx, LATER)
        assert (card.delivery.kind, card.delivery.target_id) == (Kind.REQUEST, MODERATORS)

    def test_approving_does_what_the_card_said_and_tells_the_author(self, tx: Transaction) -> None:
        """Once; the second moderator hears who decided."""
        queue = a_queue(tx)
        request = ask_exception(tx, INES, queue[1].id, "please", now=LATER)
        expected = view_request(tx, request.id, now=LATER).moves
        done = approve_request(tx, MO, request.id, now=LATER)
        assert done.moved == (expected,)
        with pytest.raises(DecidedAlreadyError) as told:
            approve_request(tx, MARGE, request.id, now=LATER)
        assert (told.value.decided_by, told.value.approved) == (MO.id, True)
        with pytest.raises(DecidedAlreadyError):
            decline_request(tx, MARGE, request.id, "no", now=LATER)
        answers = [one for one in carry(tx, LATER) if one.delivery.kind is Kind.ANSWER]
        assert [one.delivery.target_id for one in answers] == [NOTICES]

    def test_declining_carries_its_reason_and_changes_nothing(self, tx: Transaction) -> None:
        """And the author may ask again."""
        queue = a_queue(tx)
        request = ask_exception(tx, INES, queue[1].id, "please", now=LATER)
        declined = decline_request(tx, MO, request.id, "twice this week already", now=LATER)
        assert declined.answer == "twice this week already"
        assert known_chapter(tx, queue[1].id).slot == queue[1].slot
        assert ask_exception(tx, INES, queue[1].id, "really", now=LATER).id != request.id

    def test_a_moderators_own_request_needs_another_moderator(self, tx: Transaction) -> None:
        """E5: also through the card."""
        queue = a_queue(tx)
        request = ask_exception(tx, INES, queue[1].id, "please", now=LATER)
        with pytest.raises(OwnGrantError):
            approve_request(tx, INES, request.id, now=LATER)
        with pytest.raises(OwnGrantError):
            decline_request(tx, INES, request.id, "no", now=LATER)
        approve_request(tx, MO, request.id, now=LATER)

    @pytest.mark.parametrize(
        ("which", "who", "error"),
        [
            (0, INES, NotWaitingError),
            (1, RUI, NotYoursError),
        ],
    )
    def test_what_cannot_be_asked_for_is_refused(
        self, tx: Transaction, which: int, who: Person, error: type[RefusalError]
    ) -> None:
        """What is out; what is somebody else's."""
        queue = a_queue(tx)
        with pytest.raises(error):
            ask_exception(tx, who, queue[which].id, "please", now=LATER)

    def test_one_request_a_chapter_and_only_where_a_rule_delays_it(self, tx: Transaction) -> None:
        """Asked twice; asked for a wish."""
        queue = a_queue(tx, 2)
        ask_exception(tx, INES, queue[1].id, "please", now=LATER)
        with pytest.raises(AskedAlreadyError):
            ask_exception(tx, INES, queue[1].id, "please", now=LATER)
        wished = handed_in(tx, a_series(tx, "B"), wanted=NEW_YEAR.add(hours=20 * DAY)).chapter
        with pytest.raises(NothingToExceptError):
            ask_exception(tx, INES, wished.id, "please", now=LATER)
