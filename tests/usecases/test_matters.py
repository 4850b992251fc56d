"""The one list of what waits for a moderator, on the real database."""

import pytest
from whenever import Instant

from rules.deliveries import Event, Kind, Outcome, State
from rules.matters import TAKEN_FOR, MatterKind
from storage import deliveries
from storage.matters import Matter
from storage.transaction import Transaction, new_id
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, MODERATORS, NETWORK, a_community, a_series, handed_in
from tests.usecases.test_exceptions import MARGE, MO, a_queue
from tests.usecases.test_holds import hold
from tests.usecases.test_releases import carry, release_all
from usecases.chapters import withdraw_chapter
from usecases.deliveries import claim_due, resume, settle
from usecases.holds import end_hold
from usecases.matters import HeldPosts, Listed, list_matters, open_matter, put_matter_back, take_matter
from usecases.people import Person
from usecases.refusals import NotHeldError
from usecases.requests import approve_request, ask_exception, decline_request, view_request
from usecases.review_refusals import MatterGoneError, TakenError

LATER = NEW_YEAR.add(hours=24)


def listed(tx: Transaction, *, number: int = 0, now: Instant = LATER) -> Listed:
    """What Mo sees."""
    return list_matters(tx, MO, number, now=now)


def only(tx: Transaction, *, now: Instant = LATER) -> Matter:
    """The one thing that waits."""
    (matter,) = listed(tx, now=now).matters
    return matter


def held_posts(tx: Transaction, count: int, *, now: Instant = NEW_YEAR) -> list[int]:
    """So many deliveries that Discord has refused in the network channel."""
    found = []
    for _ in range(count):
        number = deliveries.plan(tx, Kind.REPORT, community_id=GUILD, target_id=NETWORK, now=now)
        (errand,) = [one for one in claim_due(tx, now=now) if one.delivery.id == number]
        settle(tx, errand.delivery, Outcome(Event.REFUSE, problem="no permission"), now=now)
        found.append(number)
    return found


def state_of(tx: Transaction, delivery_id: int) -> State:
    """Where a delivery stands."""
    return deliveries.find(tx, delivery_id).state


def test_nothing_waits_at_first(tx: Transaction) -> None:
    """One page, and it is empty."""
    assert listed(tx) == Listed((), 0, 0, 1)


def test_everything_that_waits_stands_in_one_list_oldest_first(tx: Transaction) -> None:
    """A request, held posts, a pause without an end; with age, author, title and promise."""
    queue = a_queue(tx)
    ask_exception(tx, INES, queue[2].id, "please", now=NEW_YEAR.add(hours=2))
    held_posts(tx, 3, now=NEW_YEAR.add(hours=1))
    hold(tx, chapter="Chapter 1")
    shown = listed(tx).matters
    assert [one.kind for one in shown] == [MatterKind.HOLD, MatterKind.DELIVERY, MatterKind.REQUEST]
    assert [one.since for one in shown] == [NEW_YEAR.add(hours=n) for n in range(3)]
    assert (shown[1].count, shown[1].target_id, shown[1].title) == (3, NETWORK, None)
    assert (shown[2].author_id, shown[2].title, shown[2].slot) == (INES.id, "Chapter 2", queue[2].slot)
    assert shown[0].title == "Chapter 1"


def test_a_pause_with_a_return_date_waits_for_nobody(tx: Transaction) -> None:
    """It ends by itself."""
    a_queue(tx)
    hold(tx, chapter="Chapter 1", days=3)
    assert listed(tx).total == 0


def test_what_is_decided_withdrawn_out_or_ended_waits_no_more(tx: Transaction) -> None:
    """And cannot be opened, with a word for it."""
    queue = a_queue(tx, 4)
    requests = [ask_exception(tx, INES, chapter.id, "please", now=NEW_YEAR) for chapter in queue[1:]]
    hold(tx, series="Salt")
    paused = next(one for one in listed(tx).matters if one.kind is MatterKind.HOLD)
    decline_request(tx, MO, requests[2].id, "no", now=NEW_YEAR)
    withdraw_chapter(tx, INES, queue[2].id, now=NEW_YEAR)
    end_hold(tx, MO, paused.id, "enough", now=NEW_YEAR)
    assert [one.id for one in listed(tx).matters] == [requests[0].id]
    assert queue[1].slot is not None
    assert release_all(tx, queue[1].slot) == [queue[1].id]
    assert listed(tx).total == 0
    for gone in (*(one.id for one in requests), paused.id, 1):
        with pytest.raises(MatterGoneError):
            open_matter(tx, MO, gone, now=LATER)
    with pytest.raises(MatterGoneError):
        end_hold(tx, MO, paused.id, "enough", now=NEW_YEAR)


def test_another_communitys_matters_are_not_shown(tx: Transaction) -> None:
    """Nor opened, nor taken."""
    request = ask_exception(tx, INES, a_queue(tx)[1].id, "please", now=NEW_YEAR)
    a_community(tx, person=Person(GUILD + 1, 1))
    elsewhere = Person(GUILD + 1, MO.id)
    assert list_matters(tx, elsewhere, 0, now=LATER).total == 0
    with pytest.raises(MatterGoneError):
        take_matter(tx, elsewhere, request.id, now=LATER)


def test_a_long_list_is_turned_page_by_page(tx: Transaction) -> None:
    """The last page is what a page that is gone shows."""
    for number in range(23):
        series = a_series(tx, f"Story {number}")
        handed_in(tx, series)
        hold(tx, series=f"Story {number}")
    pages = [listed(tx, number=number) for number in range(4)]
    assert [(len(page.matters), page.number, page.pages, page.total) for page in pages] == [
        (10, 0, 3, 23),
        (10, 1, 3, 23),
        (3, 2, 3, 23),
        (3, 2, 3, 23),
    ]
    assert len({one.id for page in pages for one in page.matters}) == 23


class TestTaking:
    """It says who is on it, and locks nothing."""

    def test_others_see_it_until_it_is_put_back(self, tx: Transaction) -> None:
        """And are told politely whose it is."""
        request = ask_exception(tx, INES, a_queue(tx)[1].id, "please", now=NEW_YEAR)
        assert take_matter(tx, MARGE, request.id, now=NEW_YEAR).matter.taken_by == MARGE.id
        assert only(tx, now=NEW_YEAR).taken_by == MARGE.id
        for press in (take_matter, put_matter_back):
            with pytest.raises(TakenError) as refused:
                press(tx, MO, request.id, now=NEW_YEAR)
            assert refused.value.taken_by == MARGE.id
        assert put_matter_back(tx, MARGE, request.id, now=NEW_YEAR).matter.taken_by is None
        assert take_matter(tx, MO, request.id, now=NEW_YEAR).matter.taken_by == MO.id

    def test_it_lasts_some_hours_and_can_be_renewed(self, tx: Transaction) -> None:
        """Whoever forgets it keeps nobody away."""
        request = ask_exception(tx, INES, a_queue(tx)[1].id, "please", now=NEW_YEAR)
        take_matter(tx, MARGE, request.id, now=NEW_YEAR)
        renewed = NEW_YEAR.add(hours=1)
        take_matter(tx, MARGE, request.id, now=renewed)
        assert only(tx, now=NEW_YEAR + TAKEN_FOR).taken_by == MARGE.id
        assert only(tx, now=renewed + TAKEN_FOR).taken_by is None
        assert take_matter(tx, MO, request.id, now=renewed + TAKEN_FOR).matter.taken_by == MO.id

    def test_anothers_decision_counts_and_names_who_was_on_it(self, tx: Transaction) -> None:
        """The card says both."""
        request = ask_exception(tx, INES, a_queue(tx)[1].id, "please", now=NEW_YEAR)
        take_matter(tx, MARGE, request.id, now=NEW_YEAR)
        approve_request(tx, MO, request.id, now=NEW_YEAR)
        shown = view_request(tx, request.id, now=NEW_YEAR)
        assert (shown.request.decided_by, shown.taken_by) == (MO.id, MARGE.id)

    def test_the_posted_card_is_renewed_each_time_and_only_its_last_state_is_sent(self, tx: Transaction) -> None:
        """Taken, put back, decided: one correction; a card that does not stand yet needs none."""
        request = ask_exception(tx, INES, a_queue(tx)[1].id, "please", now=NEW_YEAR)
        take_matter(tx, MARGE, request.id, now=NEW_YEAR)
        (card,) = carry(tx, NEW_YEAR)
        assert card.request is not None
        assert card.request.taken_by == MARGE.id
        put_matter_back(tx, MARGE, request.id, now=NEW_YEAR)
        take_matter(tx, MO, request.id, now=NEW_YEAR)
        decline_request(tx, MO, request.id, "no", now=NEW_YEAR)
        edits = [one for one in carry(tx, NEW_YEAR) if one.delivery.kind is Kind.EDIT]
        assert [(one.subject and one.subject.id, one.delivery.target_id) for one in edits] == [
            (card.delivery.id, MODERATORS)
        ]
        assert edits[0].request is not None
        assert edits[0].request.request.decided_by == MO.id


def test_all_that_is_held_in_a_channel_is_one_matter_and_tried_again_by_one_press(tx: Transaction) -> None:
    """R3: nobody handles the same trouble twice."""
    numbers = held_posts(tx, 3)
    matter = only(tx)
    opened = open_matter(tx, MO, matter.id, now=LATER)
    assert isinstance(opened.subject, HeldPosts)
    assert opened.subject.first.id == numbers[0]
    assert resume(tx, MO, matter.id, now=LATER) == 3
    assert {state_of(tx, number) for number in numbers} == {State.PLANNED}
    with pytest.raises(NotHeldError):
        resume(tx, MO, numbers[1], now=LATER)
    assert listed(tx).total == 0


def steps_of_listing(tx: Transaction) -> int:
    """How much SQLite does for the list, in tens of its own steps."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1

    tx._connection.set_progress_handler(step, 10)
    assert listed(tx).total == 2
    tx._connection.set_progress_handler(None, 10)
    return count


def test_the_list_is_found_by_indexes_however_much_is_done_already(tx: Transaction) -> None:
    """Thousands of decided requests and sent posts are not looked at."""
    queue = a_queue(tx)
    request = ask_exception(tx, INES, queue[1].id, "please", now=NEW_YEAR)
    carry(tx, NEW_YEAR)
    held_posts(tx, 1)
    steps = steps_of_listing(tx)
    for _ in range(3000):
        tx.run(
            "INSERT INTO requests SELECT :id, community_id, author_id, chapter_id, reason, 'declined', asked_at, 1, 1, "
            "'no', NULL FROM requests WHERE id = :like",
            id=new_id(NEW_YEAR),
            like=request.id,
        )
        sent = deliveries.plan(tx, Kind.REPORT, community_id=GUILD, target_id=NETWORK, now=NEW_YEAR)
        tx.run("UPDATE deliveries SET state = 'sent' WHERE id = :id", id=sent)
    assert steps_of_listing(tx) < 2 * steps
