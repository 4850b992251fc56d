"""R6, L11: a reader's doubt goes to people, once, without a name, and changes nothing by itself."""

import pytest
from whenever import TimeDelta

from rules.doubts import DOUBTS_A_WEEK, FLOOR, WEEK
from rules.less import Key, LessKind
from rules.matters import MatterKind
from storage import less
from storage.doubts import DoubtOutcome
from storage.questions import Outcome
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, RUI, a_series
from tests.usecases.test_exceptions import MO
from tests.usecases.test_readers import LIA, out
from usecases.doubts import ask_because_of_doubts, crowd_of, keep_label, own_doubt, say_doubt, view_doubts
from usecases.feeds import look_at_feed
from usecases.follows import of_chapter
from usecases.matters import list_matters, open_matter
from usecases.people import Person
from usecases.questions import leave_label
from usecases.refusals import ChapterGoneError
from usecases.review_refusals import (
    AskedBeforeError,
    DoubtedAlreadyError,
    EnoughDoubtsError,
    MatterGoneError,
    OwnChapterError,
)

A_MINUTE = TimeDelta(minutes=1)


def readers(number: int) -> list[Person]:
    """So many readers."""
    return [Person(GUILD, 7000 + one) for one in range(number)]


def test_all_doubts_about_a_chapter_are_one_matter_in_their_words(tx: Transaction) -> None:
    """And no row of it for the author, or a moderator who is its author."""
    chapter = out(tx, a_series(tx))
    say_doubt(tx, RUI, chapter, "It ends with “as you asked”.", now=NEW_YEAR)
    say_doubt(tx, LIA, chapter, "She said so elsewhere.", now=NEW_YEAR + A_MINUTE)
    (matter,) = list_matters(tx, MO, 0, now=NEW_YEAR).matters
    assert matter.kind is MatterKind.DOUBT
    subject = open_matter(tx, MO, matter.id, now=NEW_YEAR).subject
    assert subject == view_doubts(tx, matter.id)
    assert view_doubts(tx, matter.id).words == ("It ends with “as you asked”.", "She said so elsewhere.")  # type: ignore[union-attr]
    with pytest.raises(OwnChapterError):
        open_matter(tx, INES, matter.id, now=NEW_YEAR)
    with pytest.raises(OwnChapterError):
        keep_label(tx, INES, matter.id, "no", now=NEW_YEAR)
    with pytest.raises(MatterGoneError):
        keep_label(tx, Person(GUILD + 1, MO.id), matter.id, "no", now=NEW_YEAR)


def test_the_reader_sees_that_it_was_read_and_what_came_of_it(tx: Transaction) -> None:
    """Once in the feed, and under the chapter for good; another reader sees nothing of it."""
    chapter_id = out(tx, a_series(tx))
    chapter = of_chapter(tx, RUI, chapter_id)
    say_doubt(tx, RUI, chapter_id, "Hm.", now=NEW_YEAR)
    assert look_at_feed(tx, RUI, now=NEW_YEAR).read_doubts == ()
    (matter,) = list_matters(tx, MO, 0, now=NEW_YEAR).matters
    keep_label(tx, MO, matter.id, "It is a letter in the story.", now=NEW_YEAR + A_MINUTE)
    with pytest.raises(MatterGoneError):
        keep_label(tx, MO, matter.id, "again", now=NEW_YEAR + A_MINUTE)
    own = own_doubt(tx, RUI, chapter)
    assert own is not None
    assert (own.doubt.outcome, own.doubt.answer) == (DoubtOutcome.KEPT, "It is a letter in the story.")
    assert own_doubt(tx, LIA, chapter) is None
    assert look_at_feed(tx, RUI, now=NEW_YEAR + 2 * A_MINUTE).read_doubts == (chapter.title,)
    assert look_at_feed(tx, RUI, now=NEW_YEAR + 3 * A_MINUTE).read_doubts == ()
    assert list_matters(tx, MO, 0, now=NEW_YEAR).total == 0


def test_l11_the_author_is_asked_and_hears_no_names(tx: Transaction) -> None:
    """How the question ends is what came of the doubt; a question that is open already refuses another."""
    chapter_id = out(tx, a_series(tx))
    say_doubt(tx, RUI, chapter_id, "Hm.", now=NEW_YEAR)
    (matter,) = list_matters(tx, MO, 0, now=NEW_YEAR).matters
    asked = ask_because_of_doubts(tx, MO, matter.id, "Did AI help?", now=NEW_YEAR)
    own = own_doubt(tx, RUI, asked.chapter)
    assert own is not None
    assert (own.doubt.outcome, own.settled) == (DoubtOutcome.ASKED, None)
    say_doubt(tx, LIA, chapter_id, "I wonder, too.", now=NEW_YEAR)
    waiting = {one.kind: one.id for one in list_matters(tx, MO, 0, now=NEW_YEAR).matters}
    with pytest.raises(AskedBeforeError):
        ask_because_of_doubts(tx, MO, waiting[MatterKind.DOUBT], "Did it?", now=NEW_YEAR)
    leave_label(tx, MO, asked.question.id, now=NEW_YEAR)
    own = own_doubt(tx, RUI, asked.chapter)
    assert own is not None
    assert own.settled is Outcome.LEFT


def test_once_a_chapter_a_few_times_a_week_and_never_ones_own(tx: Transaction) -> None:
    """Refused in words, and open again after a week."""
    series = a_series(tx)
    chapters = [out(tx, series, title=f"Part {n}", now=NEW_YEAR) for n in range(DOUBTS_A_WEEK + 1)]
    with pytest.raises(OwnChapterError):
        say_doubt(tx, INES, chapters[0], "Mine.", now=NEW_YEAR)
    for chapter in chapters[:-1]:
        say_doubt(tx, RUI, chapter, "Hm.", now=NEW_YEAR)
    with pytest.raises(DoubtedAlreadyError):
        say_doubt(tx, RUI, chapters[0], "Again.", now=NEW_YEAR)
    with pytest.raises(EnoughDoubtsError) as refused:
        say_doubt(tx, RUI, chapters[-1], "One more.", now=NEW_YEAR)
    assert refused.value.again == NEW_YEAR + WEEK
    say_doubt(tx, LIA, chapters[-1], "Another reader may.", now=NEW_YEAR)
    say_doubt(tx, RUI, chapters[-1], "Now I may.", now=NEW_YEAR + WEEK)
    with pytest.raises(ChapterGoneError):
        say_doubt(tx, Person(GUILD + 1, RUI.id), chapters[0], "Elsewhere.", now=NEW_YEAR + WEEK)


def test_r6_numbers_are_shown_from_the_floor_on_and_change_nothing(tx: Transaction) -> None:
    """Nor does any number of doubts change a chapter, a decision on it, or what anybody is sent."""
    series = a_series(tx)
    chapter = out(tx, series)
    before = [
        tuple(row) for table in ("chapters", "decisions", "deliveries") for row in tx.all(f"SELECT * FROM {table}")
    ]
    crowd = readers(FLOOR)
    for reader in crowd[:-1]:
        say_doubt(tx, reader, chapter, "Hm.", now=NEW_YEAR)
        less.add(tx, GUILD, reader.id, Key(LessKind.SERIES, str(series.id)), now=NEW_YEAR)
    assert (crowd_of(tx, chapter).doubting, crowd_of(tx, chapter).fewer) == (None, None)
    say_doubt(tx, crowd[-1], chapter, "Hm.", now=NEW_YEAR)
    less.add(tx, GUILD, crowd[-1].id, Key(LessKind.SERIES, str(series.id)), now=NEW_YEAR)
    assert (crowd_of(tx, chapter).doubting, crowd_of(tx, chapter).fewer) == (FLOOR, FLOOR)
    after = [
        tuple(row) for table in ("chapters", "decisions", "deliveries") for row in tx.all(f"SELECT * FROM {table}")
    ]
    assert after == before


def test_what_a_reader_and_a_moderator_ask_for_is_found_by_indexes(tx: Transaction) -> None:
    """However many doubts there have ever been."""
    for query in (
        "SELECT said_at FROM doubts WHERE community_id = 1 AND reader_id = 2 AND said_at > 3",
        "SELECT id FROM doubts WHERE community_id = 1 AND read_at IS NULL",
        "SELECT COUNT(*) FROM less WHERE community_id = 1 AND kind = 'series' AND value = '2'",
    ):
        (plan,) = tx.all(f"EXPLAIN QUERY PLAN {query}")
        assert "SEARCH" in plan["detail"]
