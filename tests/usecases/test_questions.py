"""L11 on the real database: asking, reminding, answering, leaving it as it is."""

import pytest
from whenever import Instant

from rules.deliveries import Event, Kind, Outcome
from rules.labels import Ai, Reach
from rules.matters import MatterKind
from storage.chapters import Chapter
from storage.decisions import DecisionKind
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, MODERATORS, NOTICES, RUI, a_community, a_series, handed_in
from tests.usecases.test_exceptions import MARGE, MO
from tests.usecases.test_matters import listed
from tests.usecases.test_releases import carry, kinds, release_all
from usecases.audits import audit_database, read_log
from usecases.chapters import withdraw_chapter
from usecases.deliveries import Errand, claim_due, resume, settle
from usecases.people import Person, known_chapter
from usecases.questions import (
    QuestionView,
    answer_question,
    ask_about_label,
    leave_label,
    suggest_labelled,
    view_question,
)
from usecases.refusals import NotYoursError, RefusalError
from usecases.review_refusals import (
    AnsweredAlreadyError,
    AskedBeforeError,
    MatterGoneError,
    OwnChapterError,
    QuestionClosedError,
    UnknownTitleError,
)
from usecases.timetable import keep_timetable, timetable

ASKED = NEW_YEAR.add(hours=1)
REMINDED = ASKED.add(hours=48)
DUE = ASKED.add(hours=72)


def a_chapter(tx: Transaction, *, out: bool = True, ai: Ai = Ai.NONE) -> Chapter:
    """A chapter of Ines, out or waiting."""
    series = a_series(tx)
    first = handed_in(tx, series, ai=ai).chapter
    if out:
        release_all(tx, NEW_YEAR)
        carry(tx, NEW_YEAR)
        return known_chapter(tx, first.id)
    return handed_in(tx, series, title="Two", ai=ai).chapter


def asked(tx: Transaction, chapter: Chapter, *, by: Person = MO, delivered: bool = True) -> QuestionView:
    """Mo has asked, and Ines can read it."""
    view = ask_about_label(tx, by, str(chapter.id), "Who wrote this?", now=ASKED)
    if delivered:
        carry(tx, ASKED)
    return view_question(tx, view.question.id, now=ASKED)


def go_on(tx: Transaction, now: Instant) -> list[Errand]:
    """A round: what time alone brings, and its posts."""
    if timetable(tx, now=now).due:
        keep_timetable(tx, now=now)
    return carry(tx, now)


def sent(errands: list[Errand]) -> list[tuple[Kind, int | None]]:
    """What was posted, and where."""
    return [(one.delivery.kind, one.delivery.target_id) for one in errands]


@pytest.mark.parametrize("out", [True, False])
def test_asking_changes_nothing_and_the_author_is_asked(tx: Transaction, out: bool) -> None:
    """The chapter keeps its state; the question goes to the author's channel, and into the log."""
    number = a_chapter(tx, out=out).id
    carry(tx, ASKED)
    chapter = known_chapter(tx, number)
    ask_about_label(tx, MO, chapter.title, "Who wrote this?", now=ASKED)
    (errand,) = carry(tx, ASKED)
    assert sent([errand]) == [(Kind.QUESTION, NOTICES)]
    assert errand.question is not None
    assert errand.question.question.question == "Who wrote this?"
    assert known_chapter(tx, chapter.id) == chapter
    assert read_log(tx, MO, None, str(chapter.id))[0].decision.kind is DecisionKind.ASKED


def test_without_a_notices_channel_it_goes_to_the_series_home(tx: Transaction) -> None:
    """N3; also while the home is not open yet."""
    tx.run("UPDATE communities SET notices_id = NULL")
    chapter = handed_in(tx, a_series(tx)).chapter
    ask_about_label(tx, MO, str(chapter.id), "Who?", now=NEW_YEAR)
    assert kinds(carry(tx, NEW_YEAR)) == [Kind.THREAD, Kind.QUESTION]


def test_the_time_runs_from_when_the_author_can_read_it(tx: Transaction) -> None:
    """A question that Discord has not taken starts no clock."""
    view = asked(tx, a_chapter(tx), delivered=False)
    (errand,) = claim_due(tx, now=ASKED)
    settle(tx, errand.delivery, Outcome(Event.REFUSE, problem="no"), now=ASKED)
    assert not view_question(tx, view.question.id, now=DUE.add(hours=999)).may_be_decided
    assert Kind.REMINDER not in kinds(go_on(tx, DUE))
    resume(tx, MO, errand.delivery.id, now=DUE)
    carry(tx, DUE)
    assert view_question(tx, view.question.id, now=DUE).question.due == DUE.add(hours=72)


def test_an_author_is_reminded_once_and_then_the_moderators_are_told_once(tx: Transaction) -> None:
    """And nothing happens by itself."""
    chapter = a_chapter(tx)
    view = asked(tx, chapter)
    assert timetable(tx, now=ASKED).next_at == REMINDED
    assert go_on(tx, REMINDED.subtract(milliseconds=1)) == []
    assert sent(go_on(tx, REMINDED)) == [(Kind.REMINDER, NOTICES)]
    assert go_on(tx, REMINDED) == []
    assert timetable(tx, now=REMINDED).next_at == DUE
    assert sent(go_on(tx, DUE)) == [(Kind.REQUEST, MODERATORS)]
    assert go_on(tx, DUE.add(hours=999)) == []
    assert timetable(tx, now=DUE).next_at is None
    assert view_question(tx, view.question.id, now=DUE).may_be_decided
    assert known_chapter(tx, chapter.id) == chapter


def test_a_bot_that_was_away_takes_nothing_from_the_authors_time(tx: Transaction) -> None:
    """A late reminder gives a day, as one in time does."""
    view = asked(tx, a_chapter(tx))
    late = DUE.add(hours=30)
    assert kinds(go_on(tx, late)) == [Kind.REMINDER]
    assert view_question(tx, view.question.id, now=late).question.due == late.add(hours=24)
    assert kinds(go_on(tx, late.add(hours=24))) == [Kind.REQUEST]


def test_an_answer_reaches_the_moderators_and_nobody_is_reminded(tx: Transaction) -> None:
    """Also a reminder that was due but not sent; the posted question says that it is answered."""
    view = asked(tx, a_chapter(tx))
    keep_timetable(tx, now=REMINDED)
    done = answer_question(tx, INES, view.question.id, "I did", None, now=REMINDED)
    assert done.relabelled is None
    errands = carry(tx, REMINDED)
    assert sorted(sent(errands)) == [(Kind.EDIT, NOTICES), (Kind.REQUEST, MODERATORS)]
    assert {one.question.question.answer for one in errands if one.question} == {"I did"}
    assert go_on(tx, DUE.add(hours=999)) == []
    assert [entry.decision.kind for entry in read_log(tx, MO, None, None)][:2] == [
        DecisionKind.ANSWERED,
        DecisionKind.ASKED,
    ]


def test_an_answer_may_come_late_as_long_as_nobody_has_decided(tx: Transaction) -> None:
    """Kindness costs nothing."""
    view = asked(tx, a_chapter(tx))
    go_on(tx, REMINDED)
    go_on(tx, DUE)
    assert answer_question(tx, INES, view.question.id, "sorry, late", None, now=DUE.add(hours=9)).view.may_be_decided


def test_a_label_that_comes_with_the_answer_is_the_authors_own_act(tx: Transaction) -> None:
    """It takes effect at once, is judged as any, and re-evaluates to itself."""
    chapter = a_chapter(tx)
    view = asked(tx, chapter)
    done = answer_question(tx, INES, view.question.id, "A tool helped", Ai.ASSISTED, now=REMINDED)
    assert done.relabelled is not None
    assert done.view.chapter.declaration.ai is Ai.ASSISTED
    assert done.view.question.corrected is Ai.ASSISTED
    assert known_chapter(tx, chapter.id).reach is Reach.PERSONAL
    assert audit_database(tx).different == ()


def test_the_same_label_is_no_correction(tx: Transaction) -> None:
    """Nothing is recorded as one."""
    view = asked(tx, a_chapter(tx))
    done = answer_question(tx, INES, view.question.id, "It is right", Ai.NONE, now=REMINDED)
    assert (done.relabelled, done.view.question.corrected) == (None, None)


def test_left_as_it_is_tells_the_author_and_renews_every_card(tx: Transaction) -> None:
    """N5; also before the author has answered."""
    view = asked(tx, a_chapter(tx))
    answer_question(tx, INES, view.question.id, "I did", None, now=REMINDED)
    carry(tx, REMINDED)
    assert leave_label(tx, MARGE, view.question.id, now=DUE).question.closed_by == MARGE.id
    assert sorted(sent(carry(tx, DUE))) == [(Kind.ANSWER, NOTICES), (Kind.EDIT, MODERATORS), (Kind.EDIT, NOTICES)]
    assert listed(tx).total == 0
    again = asked(tx, known_chapter(tx, view.chapter.id))
    leave_label(tx, MO, again.question.id, now=ASKED)
    assert go_on(tx, REMINDED) != []
    assert go_on(tx, DUE) == []


def test_who_may_not_is_told_why(tx: Transaction) -> None:
    """Own chapters, strangers, second answers, second decisions, other communities."""
    chapter = a_chapter(tx)
    a_community(tx, person=Person(GUILD + 1, 1))
    elsewhere = Person(GUILD + 1, 1)
    refuses(OwnChapterError, lambda: ask_about_label(tx, INES, "One", "?", now=ASKED))
    refuses(UnknownTitleError, lambda: ask_about_label(tx, elsewhere, str(chapter.id), "?", now=ASKED))
    refuses(UnknownTitleError, lambda: ask_about_label(tx, MO, "9" * 40, "?", now=ASKED))
    number = asked(tx, chapter).question.id
    refuses(AskedBeforeError, lambda: ask_about_label(tx, MARGE, "One", "?", now=ASKED))
    refuses(NotYoursError, lambda: answer_question(tx, RUI, number, "x", None, now=ASKED))
    refuses(OwnChapterError, lambda: leave_label(tx, INES, number, now=ASKED))
    refuses(MatterGoneError, lambda: leave_label(tx, elsewhere, number, now=ASKED))
    refuses(MatterGoneError, lambda: leave_label(tx, MO, 1, now=ASKED))
    answer_question(tx, INES, number, "x", None, now=ASKED)
    refuses(AnsweredAlreadyError, lambda: answer_question(tx, INES, number, "y", None, now=ASKED))
    leave_label(tx, MO, number, now=ASKED)
    refuses(QuestionClosedError, lambda: leave_label(tx, MARGE, number, now=ASKED))
    refuses(QuestionClosedError, lambda: answer_question(tx, INES, number, "y", None, now=ASKED))


def test_a_withdrawn_chapter_has_no_open_question(tx: Transaction) -> None:
    """Nobody is reminded, nothing waits, nothing can be decided."""
    chapter = a_chapter(tx, out=False)
    carry(tx, NEW_YEAR)
    number = asked(tx, chapter).question.id
    withdraw_chapter(tx, INES, chapter.id, now=ASKED)
    carry(tx, ASKED)
    assert go_on(tx, REMINDED) == []
    assert go_on(tx, DUE) == []
    assert MatterKind.QUESTION not in {one.kind for one in listed(tx).matters}
    refuses(MatterGoneError, lambda: answer_question(tx, INES, number, "x", None, now=ASKED))
    refuses(MatterGoneError, lambda: leave_label(tx, MO, number, now=ASKED))


def test_the_list_shows_for_whom_a_question_waits(tx: Transaction) -> None:
    """For its author last, overdue first, answered among the others."""
    number = asked(tx, a_chapter(tx)).question.id
    (matter,) = listed(tx, now=ASKED).matters
    assert (matter.kind, matter.for_author, matter.due) == (MatterKind.QUESTION, True, DUE)
    answer_question(tx, INES, number, "x", None, now=REMINDED)
    (matter,) = listed(tx, now=REMINDED).matters
    assert (matter.for_author, matter.due, matter.since) == (False, None, REMINDED)


def test_chapters_that_wait_or_are_out_are_suggested_newest_first(tx: Transaction) -> None:
    """By any part of their titles."""
    first = a_chapter(tx)
    second = handed_in(tx, a_series(tx, "The Lamp", person=RUI), person=RUI, title="Zwei").chapter
    assert [one.id for one in suggest_labelled(tx, MO, "")] == [second.id, first.id]
    assert [one.id for one in suggest_labelled(tx, MO, "salt")] == [first.id]


def refuses(kind: type[RefusalError], do: object) -> None:
    """It is refused, and nothing else."""
    assert callable(do)
    with pytest.raises(kind):
        do()
