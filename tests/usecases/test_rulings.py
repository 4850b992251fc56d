"""L11 on the real database: setting a label, alone or by two, and what follows from it."""

import json

import pytest

from rules.deliveries import Kind
from rules.labels import Ai, Declaration, Reach
from rules.matters import MatterKind
from rules.rulings import Obstacle, RulingReason
from storage import decisions
from storage.chapters import Chapter
from storage.decisions import DecisionKind
from storage.questions import Outcome
from storage.rulings import RulingState
from storage.transaction import Transaction
from tests.usecases.build import INES, MODERATORS, NETWORK, NOTICES
from tests.usecases.test_exceptions import MARGE, MO
from tests.usecases.test_matters import listed
from tests.usecases.test_questions import ASKED, DUE, REMINDED, a_chapter, asked, go_on, refuses, sent
from tests.usecases.test_releases import carry
from usecases.audits import audit_database
from usecases.labels import Cause, Change, relabel
from usecases.people import Person, known_chapter
from usecases.questions import answer_question, leave_label, view_question
from usecases.review_refusals import (
    MatterGoneError,
    OwnChapterError,
    OwnReadingError,
    ReadAlreadyError,
    RuledError,
    RulingObstacleError,
    RulingSettledError,
    SaysSoAlreadyError,
)
from usecases.rulings import RulingView, SetLabel, confirm_ruling, drop_ruling, set_label, view_ruling

PROMPT = RulingReason.LEFTOVER_PROMPT
TWO = RulingReason.TWO_READERS


def ruled(
    tx: Transaction,
    chapter: Chapter,
    *,
    by: Person = MO,
    ai: Ai = Ai.ASSISTED,
    reason: RulingReason = PROMPT,
    note: str | None = "see paragraph 3",
) -> RulingView:
    """Mo sets the label, once the author's time is over."""
    request = SetLabel(moderator=by, chapter=str(chapter.id), ai=ai, reason=reason, note=note)
    return set_label(tx, request, now=DUE)


def a_doubted_chapter(tx: Transaction, *, out: bool = True, ai: Ai = Ai.NONE) -> Chapter:
    """A chapter whose author was asked, and was silent."""
    chapter = a_chapter(tx, out=out, ai=ai)
    carry(tx, ASKED)
    asked(tx, chapter)
    go_on(tx, REMINDED)
    go_on(tx, DUE)
    return known_chapter(tx, chapter.id)


def test_a_set_label_takes_the_chapter_back_from_the_network_and_its_author_hears(tx: Transaction) -> None:
    """L10, N5: recorded with its reason, and re-evaluating to itself."""
    chapter = a_doubted_chapter(tx)
    assert chapter.reach is Reach.NETWORK
    view = ruled(tx, chapter)
    assert (view.ruling.state, view.before, view.chapter.declaration.ai) == (RulingState.STANDING, Ai.NONE, Ai.ASSISTED)
    assert known_chapter(tx, chapter.id).reach is Reach.PERSONAL
    done = sent(carry(tx, DUE))
    assert (Kind.ANSWER, NOTICES) in done
    assert (Kind.EDIT, NETWORK) in done
    record = decisions.latest(tx, chapter.id, DecisionKind.RELABELLED)
    assert record is not None
    assert (record.actor_id, json.loads(record.inputs)["ground"]) == (MO.id, PROMPT)
    assert audit_database(tx).different == ()


def test_of_a_waiting_chapter_the_author_hears_once(tx: Transaction) -> None:
    """The words of the ruling say what the notice would."""
    chapter = a_chapter(tx, out=False)
    carry(tx, ASKED)
    view = asked(tx, chapter)
    answer_question(tx, INES, view.question.id, "hm", None, now=ASKED)
    carry(tx, ASKED)
    ruled(tx, chapter)
    assert [kind for kind, target in sent(carry(tx, DUE)) if target == NOTICES and kind is not Kind.EDIT] == [
        Kind.ANSWER
    ]


def test_it_settles_the_question(tx: Transaction) -> None:
    """Nothing waits any more."""
    chapter = a_chapter(tx)
    question = asked(tx, chapter).question
    answer_question(tx, INES, question.id, "A tool did half of it", None, now=REMINDED)
    ruled(tx, chapter, reason=RulingReason.AUTHOR_SAID_SO, note=None)
    closed = view_question(tx, question.id, now=DUE).question
    assert (closed.outcome, closed.closed_by) == (Outcome.SET, MO.id)
    assert listed(tx, now=DUE).total == 0


def test_what_stands_in_the_way_is_told(tx: Transaction) -> None:
    """L11: not asked, still time, left as it is, said nowhere, the same label, one's own chapter."""
    chapter = a_chapter(tx)
    assert obstacle_of(tx, chapter) is Obstacle.NOT_ASKED
    question = asked(tx, chapter, delivered=False).question
    assert obstacle_of(tx, chapter) is Obstacle.TIME_LEFT
    go_on(tx, DUE)
    assert obstacle_of(tx, chapter) is Obstacle.TIME_LEFT
    assert obstacle_of(tx, chapter, reason=RulingReason.AUTHOR_SAID_SO, note=None) is Obstacle.SAID_WHERE
    leave_label(tx, MO, question.id, now=DUE)
    assert obstacle_of(tx, chapter) is Obstacle.NOT_ASKED
    refuses(SaysSoAlreadyError, lambda: ruled(tx, chapter, ai=Ai.NONE))
    refuses(OwnChapterError, lambda: ruled(tx, chapter, by=INES))
    assert known_chapter(tx, chapter.id).declaration.ai is Ai.NONE


def test_what_the_author_has_said_somewhere_needs_no_question_but_words(tx: Transaction) -> None:
    """L11: the note names where."""
    view = ruled(tx, a_chapter(tx), reason=RulingReason.AUTHOR_SAID_SO, note="in the lobby, on Sunday")
    assert view.ruling.state is RulingState.STANDING


class TestTwoReaders:
    """L11: "two people read it so"."""

    def test_nothing_changes_until_a_second_moderator_reads_it_so_too(self, tx: Transaction) -> None:
        """The first one cannot be both; the card goes to the moderators, the matter waits."""
        chapter = a_doubted_chapter(tx)
        view = ruled(tx, chapter, reason=TWO)
        assert view.ruling.state is RulingState.PROPOSED
        assert known_chapter(tx, chapter.id) == chapter
        assert sent(carry(tx, DUE)) == [(Kind.REQUEST, MODERATORS)]
        assert MatterKind.READING in {one.kind for one in listed(tx, now=DUE).matters}
        refuses(OwnReadingError, lambda: confirm_ruling(tx, MO, view.ruling.id, now=DUE))
        refuses(OwnReadingError, lambda: drop_ruling(tx, MO, view.ruling.id, now=DUE))
        refuses(OwnChapterError, lambda: confirm_ruling(tx, INES, view.ruling.id, now=DUE))
        refuses(ReadAlreadyError, lambda: ruled(tx, chapter, reason=TWO))
        done = confirm_ruling(tx, MARGE, view.ruling.id, now=DUE)
        assert (done.ruling.state, done.ruling.judges) == (RulingState.STANDING, frozenset({MO.id, MARGE.id}))
        assert known_chapter(tx, chapter.id).declaration.ai is Ai.ASSISTED
        assert listed(tx, now=DUE).total == 0
        refuses(RulingSettledError, lambda: drop_ruling(tx, MARGE, view.ruling.id, now=DUE))
        assert audit_database(tx).different == ()

    def test_the_same_command_by_another_moderator_confirms(self, tx: Transaction) -> None:
        """Two who found it each alone are two."""
        chapter = a_doubted_chapter(tx)
        ruled(tx, chapter, reason=TWO)
        assert ruled(tx, chapter, by=MARGE, reason=TWO).ruling.state is RulingState.STANDING

    def test_read_otherwise_changes_nothing(self, tx: Transaction) -> None:
        """And says who did."""
        chapter = a_doubted_chapter(tx)
        view = ruled(tx, chapter, reason=TWO)
        done = drop_ruling(tx, MARGE, view.ruling.id, now=DUE)
        assert (done.ruling.state, done.ruling.confirmed_by) == (RulingState.DROPPED, MARGE.id)
        assert known_chapter(tx, chapter.id) == chapter
        refuses(RulingSettledError, lambda: confirm_ruling(tx, MARGE, view.ruling.id, now=DUE))
        refuses(MatterGoneError, lambda: confirm_ruling(tx, MARGE, 1, now=DUE))

    def test_what_was_settled_for_the_author_meanwhile_is_not_set(self, tx: Transaction) -> None:
        """Left as it is: the second reader asks first, again."""
        chapter = a_doubted_chapter(tx)
        view = ruled(tx, chapter, reason=TWO)
        question = next(one for one in listed(tx, now=DUE).matters if one.kind is MatterKind.QUESTION)
        leave_label(tx, MARGE, question.id, now=DUE)
        refuses(RulingObstacleError, lambda: confirm_ruling(tx, MARGE, view.ruling.id, now=DUE))

    def test_another_reason_takes_the_place_of_the_first_reading(self, tx: Transaction) -> None:
        """Nobody is left waiting for a second reader."""
        chapter = a_doubted_chapter(tx)
        first = ruled(tx, chapter, reason=TWO)
        ruled(tx, chapter, by=MARGE, ai=Ai.GENERATED)
        assert listed(tx, now=DUE).total == 0
        refuses(RulingSettledError, lambda: confirm_ruling(tx, MARGE, first.ruling.id, now=DUE))


def test_an_author_cannot_set_another_label_over_it_but_can_change_the_sentence(tx: Transaction) -> None:
    """L12: the way is an appeal; the cure stays theirs (L8)."""
    chapter = ruled(tx, a_doubted_chapter(tx)).chapter
    for ai in (Ai.NONE, Ai.GENERATED):
        change = Change(by=INES.id, cause=Cause.AUTHOR, declaration=Declaration(ai))
        with pytest.raises(RuledError):
            relabel(tx, chapter.id, change, now=DUE)
    change = Change(by=INES.id, cause=Cause.AUTHOR, declaration=Declaration(Ai.ASSISTED, "An AI helped me."))
    assert relabel(tx, chapter.id, change, now=DUE).changed


def test_a_moderator_can_set_it_right_again(tx: Transaction) -> None:
    """A later ruling replaces the first."""
    chapter = a_doubted_chapter(tx)
    first = ruled(tx, chapter, ai=Ai.GENERATED)
    second = ruled(tx, chapter, by=MARGE, ai=Ai.ASSISTED)
    assert second.before is Ai.GENERATED
    assert view_ruling(tx, first.ruling.id, now=DUE).ruling.state is RulingState.REPLACED
    assert audit_database(tx).different == ()


def obstacle_of(
    tx: Transaction, chapter: Chapter, *, reason: RulingReason = PROMPT, note: str | None = "x"
) -> Obstacle:
    """What stands in the way."""
    with pytest.raises(RulingObstacleError) as refused:
        ruled(tx, chapter, reason=reason, note=note)
    return refused.value.obstacle
