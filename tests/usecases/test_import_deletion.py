"""An author has their data deleted while their older work is being posted: nothing after it, nothing lost or twice."""

from collections import Counter

import pytest
from whenever import Instant

from rules.deliveries import LEASE, Event, Kind, Outcome
from rules.imports import PACE
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import INES, RUI, a_series, an_image
from tests.usecases.test_imports import MARCH, a_round, confirmed, older
from tests.usecases.test_personal import names
from tests.usecases.test_questions import refuses
from tests.usecases.test_releases import THREAD, carry
from usecases.arrivals import import_schedule, release_imported
from usecases.audits import audit_database
from usecases.deliveries import Errand, claim_due, next_due, settle
from usecases.feeds import look_at_feed
from usecases.personal import collect, erase
from usecases.refusals import StillPostingError
from usecases.releases import Release, chapter_text
from usecases.timetable import keep_timetable, timetable

TICKS = 13
"""Of a bot that carries one thing out at a time, until two chapters with an image each are in and announced."""
END = NEW_YEAR + 9 * PACE


def an_import(tx: Transaction) -> int:
    """Two older chapters, confirmed just now."""
    first, second = older("First", images=(an_image("a"),)), older("Second", MARCH.add(days=1))
    return confirmed(tx, a_series(tx), first, second)


def tick(tx: Transaction, now: Instant) -> list[Errand]:
    """What is due comes out; one thing for each channel is carried to Discord."""
    keep_timetable(tx, now=now)
    for chapter_id in import_schedule(tx, now=now).due:
        release_imported(tx, prepared(tx, chapter_id), now=now)
    return carry(tx, now, most=1)


def prepared(tx: Transaction, chapter_id: int) -> Release:
    """A chapter laid out, as the rounds do it before they write."""
    _, markdown, numbers = chapter_text(tx, chapter_id)
    return Release(chapter_id, markdown, ("a page", "another", *numbers))


def lived(tx: Transaction, ticks: int) -> tuple[list[Errand], Instant]:
    """So many ticks, time going on wherever nothing is left to do; what was done, and when that is."""
    done: list[Errand] = []
    now = NEW_YEAR
    for _ in range(ticks):
        while not (errands := tick(tx, now)) and now < END:
            now += PACE
        done += errands
    return done, now


def standing(done: list[Errand]) -> Counter[int]:
    """The messages that came to stand."""
    return Counter(one.delivery.id % 10**9 for one in done if one.delivery.kind is not Kind.THREAD)


def test_the_ticks_reach_from_the_first_card_to_the_announcement(tx: Transaction) -> None:
    """So that the test below deletes at every step there is."""
    an_import(tx)
    done, now = lived(tx, TICKS)
    assert done[-1].delivery.kind is Kind.ANNOUNCEMENT
    assert tick(tx, now) == []
    assert Counter(one.delivery.kind for one in done)[Kind.PART] == 4


@pytest.mark.parametrize("ticks", range(TICKS + 1))
def test_at_every_step_nothing_comes_after_it_and_all_that_stands_goes_once(tx: Transaction, ticks: int) -> None:
    """And no row names its author."""
    an_import(tx)
    done, now = lived(tx, ticks)
    erased = erase(tx, INES, take_down=True, now=now)
    assert names(tx, INES.id) == []
    after = [one for later in range(9) for one in a_round(tx, now + later * PACE)]
    assert {one.delivery.kind for one in after} <= {Kind.REMOVE}
    opened = any(one.delivery.kind is Kind.THREAD for one in done)
    removed = Counter(one.delivery.message_id or 0 for one in after)
    assert removed == standing(done) + Counter([THREAD] if opened else [])
    assert erased.removals == len(after)
    assert timetable(tx, now=END).next_at is None
    assert (import_schedule(tx, now=END).next_at, next_due(tx, now=END)) == (None, None)
    assert look_at_feed(tx, RUI, now=END).entries == ()
    assert collect(tx, INES) == []
    assert audit_database(tx).different == ()
    assert tx.all("PRAGMA foreign_key_check") == []


def test_what_is_on_its_way_is_waited_for_and_then_taken_down_too(tx: Transaction) -> None:
    """Also after its lease, until somebody has looked whether it stands."""
    an_import(tx)
    done, now = lived(tx, 3)
    (errand,) = claim_due(tx, now=now)
    for later in (now, now + 2 * LEASE):
        refuses(StillPostingError, lambda later=later: erase(tx, INES, take_down=True, now=later))
    assert names(tx, INES.id)
    settle(tx, errand.delivery, Outcome(Event.DONE, message_id=errand.delivery.id % 10**9), now=now)
    erase(tx, INES, take_down=True, now=now)
    removed = Counter(one.delivery.message_id or 0 for one in carry(tx, now))
    assert removed == standing([*done, errand]) + Counter([THREAD])


def test_a_chapter_that_was_laid_out_meanwhile_does_not_come_out(tx: Transaction) -> None:
    """The round that has read it finds nothing to release, and nobody else's work waits for it."""
    an_import(tx)
    confirmed(tx, a_series(tx, "Lanterns", person=RUI), older("Theirs"), person=RUI)
    (mine, theirs) = (prepared(tx, chapter_id) for chapter_id in import_schedule(tx, now=NEW_YEAR).due)
    erase(tx, INES, take_down=False, now=NEW_YEAR)
    assert release_imported(tx, mine, now=NEW_YEAR) is None
    assert release_imported(tx, theirs, now=NEW_YEAR) is not None
    done = carry(tx, NEW_YEAR)
    assert {one.series.author_id for one in done if one.series is not None} == {RUI.id}
    assert Counter(one.delivery.kind for one in done)[Kind.HEADING] == 1
