"""R2: what a bot does not know after it was set back to a copy of its database."""

from pathlib import Path

import pytest
from whenever import TimeDelta

from rules.deliveries import CHANGED_SINCE_COPY, Approach, Event, Kind, Outcome
from storage import chapters, copies, deliveries, posts
from storage.copies import Gap
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, MODERATORS, RUI, a_community, a_database, a_draft, a_series, handed_in
from tests.usecases.test_releases import carry, release_all
from usecases.chapters import submit_chapter
from usecases.copies import take_up
from usecases.deliveries import Errand, claim_due, resume, settle
from usecases.people import Person

COPIED = NEW_YEAR + TimeDelta(hours=1)
BACK = NEW_YEAR + TimeDelta(hours=90)
MODERATOR = Person(GUILD, 1)


def set_back(tx: Transaction) -> Gap | None:
    """The file is a copy of an hour after New Year, and a bot starts on it some days later."""
    copies.mark(tx, COPIED)
    return take_up(tx, now=BACK)


def errands(tx: Transaction) -> dict[Kind, Errand]:
    """What is claimed now, by its kind."""
    return {errand.delivery.kind: errand for errand in claim_due(tx, now=BACK)}


@pytest.fixture
def tx(tmp_path: Path) -> object:
    """A community with a series whose home is open and whose first chapter is out."""
    with a_database(tmp_path) as tx:
        a_community(tx)
        handed_in(tx, a_series(tx))
        release_all(tx, now=NEW_YEAR)
        carry(tx, now=NEW_YEAR)
        yield tx


def test_a_database_that_is_no_copy_is_started_as_ever(tx: Transaction) -> None:
    """Nothing is doubted, nobody is told."""
    assert take_up(tx, now=BACK) is None
    assert claim_due(tx, now=BACK) == []


def test_a_copy_is_taken_up_once_and_its_moderators_are_told(tx: Transaction) -> None:
    """A second start is a start like any."""
    assert set_back(tx) == Gap(COPIED, BACK)
    assert take_up(tx, now=BACK) is None
    told = errands(tx)[Kind.SET_BACK]
    assert (told.delivery.target_id, told.gap, told.approach) == (MODERATORS, Gap(COPIED, BACK), Approach.SEND)


def test_what_was_open_in_the_copy_is_looked_for(tx: Transaction) -> None:
    """From the moment of the copy on; what was under way then, from its own attempt on."""
    lamp = handed_in(tx, a_series(tx, "Lanterns", person=RUI), title="Lamp", person=RUI).chapter
    release_all(tx, now=NEW_YEAR)
    (opening,) = claim_due(tx, now=NEW_YEAR)
    set_back(tx)
    again = errands(tx)[Kind.THREAD]
    assert (again.delivery.id, again.delivery.lost_at) == (opening.delivery.id, NEW_YEAR)
    assert (again.approach, again.gap) == (Approach.LOOK_FIRST, Gap(COPIED, BACK))
    assert {made.lost_at for made in posts.of_chapter(tx, lamp.id)} == {COPIED}


def test_what_is_planned_later_of_what_stood_in_the_copy_is_looked_for(tx: Transaction) -> None:
    """Also months later; what was handed in after the copy was taken up is posted as ever."""
    story = a_series(tx, "Lanterns", person=RUI)
    known = a_draft(tx, story, person=RUI)
    carry(tx, now=NEW_YEAR)
    set_back(tx)
    carry(tx, now=BACK)
    new = a_draft(tx, story, now=BACK, person=RUI)
    for draft, approach, days in ((known, Approach.LOOK_FIRST, 40), (new, Approach.SEND, 50)):
        at = BACK + TimeDelta(hours=24 * days)
        submit_chapter(tx, RUI, draft, now=at)
        release_all(tx, now=at)
        (heading,) = [one for one in claim_due(tx, now=at) if one.delivery.kind is Kind.HEADING]
        assert (heading.delivery.chapter_id, heading.approach) == (draft, approach)
        settle(tx, heading.delivery, Outcome(Event.DONE, message_id=draft % 10**9), now=at)
        carry(tx, now=at)


def test_c14_a_found_heading_gives_its_chapter_its_true_time(tx: Transaction) -> None:
    """Nothing is late that was not; older work keeps its dates, and a time that is later changes nothing."""
    receipt = handed_in(tx, a_series(tx, "Lanterns", person=RUI), title="Lamp", person=RUI, wanted=COPIED.add(hours=1))
    carry(tx, now=NEW_YEAR)
    set_back(tx)
    release_all(tx, now=BACK)
    heading = errands(tx)[Kind.HEADING].delivery
    out = COPIED.add(hours=2)
    settle(tx, heading, Outcome(Event.DONE, message_id=77, stood_since=out), now=BACK)
    chapter = chapters.find(tx, receipt.chapter.id)
    assert chapter is not None
    assert chapter.released_at == out


def test_a_person_who_lets_it_be_tried_again_has_decided(tx: Transaction) -> None:
    """What was held because nobody could know is sent then; what may be found out is looked for once more."""
    handed_in(tx, a_series(tx, "Lanterns", person=RUI), title="Lamp", person=RUI, wanted=COPIED.add(hours=1))
    carry(tx, now=NEW_YEAR)
    set_back(tx)
    release_all(tx, now=BACK)
    heading = errands(tx)[Kind.HEADING].delivery
    for problem, approach in (("I may not read the channel", Approach.LOOK_FIRST), (CHANGED_SINCE_COPY, Approach.SEND)):
        settle(tx, heading, Outcome(Event.DOUBT, problem=problem), now=BACK)
        resume(tx, MODERATOR, heading.id, now=BACK)
        heading, how = next(
            (one.delivery, one.approach) for one in claim_due(tx, now=BACK) if one.delivery.id == heading.id
        )
        assert how is approach
    assert deliveries.find(tx, heading.id).lost_at is None
