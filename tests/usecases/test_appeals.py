"""L12 on the real database: once, by another moderator, in words, and undone wholly."""

import pytest

from rules.deliveries import Kind
from rules.labels import Ai, Reach
from rules.matters import MatterKind
from storage import questions
from storage.appeals import AppealState
from storage.chapters import Chapter
from storage.exceptions import RequestState
from storage.questions import Outcome
from storage.rulings import RulingState
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, MODERATORS, NETWORK, NOTICES, RUI
from tests.usecases.test_exceptions import MARGE, MO, a_queue
from tests.usecases.test_matters import listed
from tests.usecases.test_questions import DUE, go_on, refuses, sent
from tests.usecases.test_releases import carry, release_all
from tests.usecases.test_rulings import PROMPT, TWO, a_doubted_chapter, ruled
from usecases.appealable import find_appealable
from usecases.appeals import AppealView, answer_appeal, appeal, check_answerable, view_appeal
from usecases.audits import audit_database
from usecases.chapters import withdraw_chapter
from usecases.people import Person, known_chapter
from usecases.refusals import NotYoursError
from usecases.requests import ask_exception, decline_request, view_request
from usecases.review_refusals import (
    AppealDecidedError,
    AppealedAlreadyError,
    AppealOpenError,
    MatterGoneError,
    NothingToAppealError,
    OwnChapterError,
    OwnDecisionError,
    RulingObstacleError,
)
from usecases.rulings import confirm_ruling, view_ruling
from usecases.timetable import timetable

WEEK = 7 * 24
ANSWER_BY = DUE.add(hours=WEEK)


def appealed(tx: Transaction, chapter: Chapter, reason: str = "I wrote it all") -> AppealView:
    """Ines appeals by command."""
    return appeal(tx, INES, find_appealable(tx, INES, str(chapter.id), now=DUE), reason, now=DUE)


def answered(tx: Transaction, view: AppealView, *, granted: bool, by: Person = MARGE) -> AppealView:
    """Marge answers."""
    return answer_appeal(tx, by, view.appeal.id, "I have read it", granted=granted, now=DUE)


class TestAgainstALabel:
    """A label that a moderator has set."""

    def test_it_reaches_the_moderators_and_changes_nothing_yet(self, tx: Transaction) -> None:
        """A card, a matter with an end, the author's own card without its button."""
        chapter = ruled(tx, a_doubted_chapter(tx)).chapter
        carry(tx, DUE)
        view = appealed(tx, chapter)
        assert sorted(sent(carry(tx, DUE))) == [(Kind.EDIT, NOTICES), (Kind.REQUEST, MODERATORS)]
        (matter,) = listed(tx, now=DUE).matters
        assert (matter.kind, matter.id, matter.due) == (MatterKind.APPEAL, view.appeal.id, ANSWER_BY)
        assert known_chapter(tx, chapter.id) == chapter

    @pytest.mark.parametrize("late", [0, 400])
    def test_won_it_is_undone_wholly_and_counts_nowhere(self, tx: Transaction, late: int) -> None:
        """Label, reach and announcement are as if it had never been set, however long that took (L10)."""
        before = a_doubted_chapter(tx)
        ruling = ruled(tx, before).ruling
        carry(tx, DUE)
        view = appealed(tx, before)
        carry(tx, DUE)
        end = DUE.add(hours=24 * late)
        answer_appeal(tx, MARGE, view.appeal.id, "You did", granted=True, now=end)
        after = known_chapter(tx, before.id)
        assert (after.declaration, after.reach, after.labels) == (before.declaration, Reach.NETWORK, before.labels)
        done = sent(carry(tx, end))
        assert (Kind.EDIT, NETWORK) in done
        assert (Kind.ANSWER, NOTICES) in done
        assert Kind.ANNOUNCEMENT not in [kind for kind, _ in done]
        assert view_ruling(tx, ruling.id, now=end).ruling.state is RulingState.UNDONE
        question = questions.latest(tx, before.id)
        assert question is not None
        assert question.outcome is Outcome.LEFT
        assert audit_database(tx).different == ()

    def test_after_a_won_appeal_a_moderator_who_doubts_asks_first_again(self, tx: Transaction) -> None:
        """And the author has nothing to appeal."""
        chapter = ruled(tx, a_doubted_chapter(tx)).chapter
        answered(tx, appealed(tx, chapter), granted=True)
        refuses(RulingObstacleError, lambda: ruled(tx, chapter))
        refuses(NothingToAppealError, lambda: appealed(tx, chapter))

    def test_won_against_a_later_ruling_the_earlier_one_stands_again(self, tx: Transaction) -> None:
        """One appeal undoes one act, and the other can be appealed in its turn."""
        chapter = a_doubted_chapter(tx)
        first = ruled(tx, chapter, ai=Ai.GENERATED).ruling
        ruled(tx, chapter, ai=Ai.ASSISTED)
        answered(tx, appealed(tx, chapter), granted=True)
        assert known_chapter(tx, chapter.id).declaration.ai is Ai.GENERATED
        assert view_ruling(tx, first.id, now=DUE).ruling.state is RulingState.STANDING
        answered(tx, appealed(tx, chapter), granted=True)
        assert known_chapter(tx, chapter.id).declaration == chapter.declaration
        assert audit_database(tx).different == ()

    def test_a_chapter_that_was_released_at_home_by_the_ruling_is_announced_once(self, tx: Transaction) -> None:
        """What it missed, it gets."""
        waiting = a_doubted_chapter(tx, out=False)
        view = ruled(tx, waiting)
        carry(tx, DUE)
        assert waiting.slot is not None
        out = waiting.slot.add(hours=24)
        release_all(tx, out.subtract(hours=2))
        assert release_all(tx, out) == [waiting.id]
        carry(tx, out)
        assert known_chapter(tx, waiting.id).reach is Reach.PERSONAL
        late = out.add(hours=24 * 100)
        made = appeal(tx, INES, view.ruling.id, "mine", now=late)
        answer_appeal(tx, MARGE, made.appeal.id, "yours", granted=True, now=late)
        announced = [kind for kind, _ in sent(carry(tx, late)) if kind is Kind.ANNOUNCEMENT]
        assert (known_chapter(tx, waiting.id).reach, len(announced)) == (Reach.NETWORK, 1)
        assert audit_database(tx).different == ()

    def test_kept_it_stands_and_cannot_be_appealed_again(self, tx: Transaction) -> None:
        """Once; the author hears the words."""
        chapter = ruled(tx, a_doubted_chapter(tx)).chapter
        view = appealed(tx, chapter)
        carry(tx, DUE)
        done = answered(tx, view, granted=False)
        assert (done.appeal.state, done.appeal.answer) == (AppealState.KEPT, "I have read it")
        assert known_chapter(tx, chapter.id) == chapter
        assert (Kind.ANSWER, NOTICES) in sent(carry(tx, DUE))
        refuses(AppealedAlreadyError, lambda: appealed(tx, chapter))

    def test_another_moderator_answers_and_only_once(self, tx: Transaction) -> None:
        """Neither of two readers, nor the author, nor another community; the second is told who was first."""
        chapter = a_doubted_chapter(tx)
        view = ruled(tx, chapter, reason=TWO)
        confirm_ruling(tx, MARGE, view.ruling.id, now=DUE)
        made = appealed(tx, chapter)
        other, third = Person(GUILD, 3), Person(GUILD, 4)
        for judge in (MO, MARGE):
            refuses(OwnDecisionError, lambda judge=judge: answered(tx, made, granted=False, by=judge))
        refuses(OwnChapterError, lambda: answered(tx, made, granted=True, by=INES))
        refuses(MatterGoneError, lambda: answered(tx, made, granted=True, by=Person(GUILD + 1, 3)))
        answered(tx, made, granted=True, by=other)
        with pytest.raises(AppealDecidedError) as refused:
            check_answerable(tx, third, made.appeal.id, now=DUE)
        assert (refused.value.decided_by, refused.value.granted) == (other.id, True)

    def test_while_it_is_open_nobody_sets_another_label(self, tx: Transaction) -> None:
        """It is answered first."""
        chapter = ruled(tx, a_doubted_chapter(tx)).chapter
        appealed(tx, chapter)
        refuses(AppealOpenError, lambda: ruled(tx, chapter, by=MARGE, ai=Ai.GENERATED, reason=PROMPT))

    def test_an_overdue_one_is_told_once_and_rises(self, tx: Transaction) -> None:
        """Nothing else happens by itself."""
        chapter = ruled(tx, a_doubted_chapter(tx)).chapter
        carry(tx, DUE)
        appealed(tx, chapter)
        carry(tx, DUE)
        assert timetable(tx, now=DUE).next_at == ANSWER_BY
        assert go_on(tx, ANSWER_BY.subtract(milliseconds=1)) == []
        assert sent(go_on(tx, ANSWER_BY)) == [(Kind.REQUEST, MODERATORS)]
        assert go_on(tx, ANSWER_BY.add(hours=999)) == []
        assert known_chapter(tx, chapter.id) == chapter

    def test_only_its_author_appeals_what_stands(self, tx: Transaction) -> None:
        """Nothing else, nobody else."""
        chapter = a_doubted_chapter(tx)
        refuses(NothingToAppealError, lambda: appealed(tx, chapter))
        first = ruled(tx, chapter, ai=Ai.GENERATED).ruling
        refuses(NotYoursError, lambda: appeal(tx, RUI, first.id, "x", now=DUE))
        refuses(MatterGoneError, lambda: appeal(tx, INES, 1, "x", now=DUE))
        ruled(tx, chapter, by=MARGE)
        refuses(NothingToAppealError, lambda: appeal(tx, INES, first.id, "x", now=DUE))

    def test_of_a_withdrawn_chapter_nothing_waits(self, tx: Transaction) -> None:
        """And nothing can be appealed."""
        waiting = a_doubted_chapter(tx, out=False)
        ruling = ruled(tx, waiting).ruling
        made = appeal(tx, INES, ruling.id, "x", now=DUE)
        withdraw_chapter(tx, INES, waiting.id, now=DUE)
        assert MatterKind.APPEAL not in {one.kind for one in listed(tx, now=DUE).matters}
        refuses(MatterGoneError, lambda: answered(tx, made, granted=True))
        carry(tx, DUE)
        assert go_on(tx, ANSWER_BY.add(hours=1)) == []


class TestAgainstARefusal:
    """A request for an exception that was declined."""

    def declined(self, tx: Transaction) -> tuple[Chapter, int]:
        """Chapter 1 waits, and may not come sooner."""
        chapter = a_queue(tx)[1]
        request = ask_exception(tx, INES, chapter.id, "a festival", now=NEW_YEAR)
        decline_request(tx, MO, request.id, "not now", now=NEW_YEAR)
        carry(tx, NEW_YEAR)
        return chapter, request.id

    def test_won_the_request_is_approved(self, tx: Transaction) -> None:
        """The chapter comes as if it had been approved."""
        chapter, request_id = self.declined(tx)
        made = appeal(tx, INES, find_appealable(tx, INES, "Chapter 1", now=NEW_YEAR), "please", now=NEW_YEAR)
        assert made.appeal.request_id == request_id
        refuses(OwnDecisionError, lambda: answered(tx, made, granted=True, by=MO))
        answer_appeal(tx, MARGE, made.appeal.id, "go on", granted=True, now=NEW_YEAR.add(hours=1))
        request = view_request(tx, request_id, now=NEW_YEAR).request
        assert (request.state, request.decided_by) == (RequestState.APPROVED, MARGE.id)
        assert known_chapter(tx, chapter.id).slot == NEW_YEAR.add(hours=1)
        assert release_all(tx, NEW_YEAR.add(hours=1)) == [chapter.id]
        assert audit_database(tx).different == ()

    def test_won_after_the_chapter_is_out_it_serves_the_next_one(self, tx: Transaction) -> None:
        """E2."""
        chapter, _ = self.declined(tx)
        made = appeal(tx, INES, find_appealable(tx, INES, "Chapter 1", now=NEW_YEAR), "please", now=NEW_YEAR)
        assert chapter.slot is not None
        release_all(tx, chapter.slot)
        after = chapter.slot.add(hours=1)
        answer_appeal(tx, MARGE, made.appeal.id, "go on", granted=True, now=after)
        assert release_all(tx, after) != []

    def test_kept_it_stays_declined(self, tx: Transaction) -> None:
        """And is settled."""
        chapter, request_id = self.declined(tx)
        made = appeal(tx, INES, request_id, "please", now=NEW_YEAR)
        answer_appeal(tx, MARGE, made.appeal.id, "no", granted=False, now=NEW_YEAR)
        assert view_request(tx, request_id, now=NEW_YEAR).request.state is RequestState.DECLINED
        assert known_chapter(tx, chapter.id).slot == chapter.slot
        refuses(AppealedAlreadyError, lambda: find_appealable(tx, INES, "Chapter 1", now=NEW_YEAR))
        assert not view_appeal(tx, made.appeal.id, now=ANSWER_BY.add(hours=999)).overdue
