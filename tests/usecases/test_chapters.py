"""Handing in, taking back, seeing what waits, asking why: on the real database, without an event loop."""

from dataclasses import replace

import pytest

from rules.labels import Ai, Cure, Reach
from rules.verdict import evaluate
from storage import communities, decisions, deliveries
from storage.chapters import ChapterState
from storage.decisions import DecisionKind
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, NOTICES, RUI, a_community, a_draft, a_series, handed_in
from usecases.chapters import (
    own_chapter,
    submit_chapter,
    waiting_chapters,
    why,
    withdraw_chapter,
)
from usecases.drafts import cancel_draft, cured, find_desk, preview, read_text, set_text, sweep_drafts
from usecases.people import Person
from usecases.refusals import (
    AmbiguousTitleError,
    DraftGoneError,
    NoSeriesError,
    NotSetUpError,
    NotWaitingError,
    NotYoursError,
    QueueFullError,
    UnknownChapterError,
    UnknownSeriesError,
)
from usecases.replanning import present_case

DAY = 24


class TestSubmitting:
    """One transaction, or nothing."""

    def test_twenty_chapters_get_their_dates_at_once(self, tx: Transaction) -> None:
        """C2, C5, C7: every third day, in the order they were handed in."""
        series = a_series(tx)
        slots = [handed_in(tx, series, title=str(n), now=NEW_YEAR.add(seconds=n)).chapter.slot for n in range(20)]
        assert slots == [NEW_YEAR.add(hours=3 * DAY * n) for n in range(20)]

    def test_a_preview_says_what_submitting_decides(self, tx: Transaction) -> None:
        """N4: preview, decision and /why are one computation."""
        series = a_series(tx)
        handed_in(tx, series)
        now = NEW_YEAR.add(hours=5)
        draft = a_draft(tx, series, now=now, ai=Ai.ASSISTED, title="Two")
        shown = preview(tx, INES, draft, now=now)
        receipt = submit_chapter(tx, INES, draft, now=now)
        asked = why(tx, INES, "Two")
        assert shown.verdict == receipt.verdict == asked.verdict
        assert receipt.chapter.slot == receipt.verdict.slot.at

    def test_pressing_submit_twice_decides_once(self, tx: Transaction) -> None:
        """The second press is answered like the first, and plans nothing."""
        series = a_series(tx)
        handed_in(tx, series)
        draft = a_draft(tx, series, title="Two")
        first = submit_chapter(tx, INES, draft, now=NEW_YEAR.add(seconds=1))
        again = submit_chapter(tx, INES, draft, now=NEW_YEAR.add(hours=30))
        assert first == again
        notices = [d for d in deliveries.claimable(tx, now=NEW_YEAR.add(hours=99), limit=99) if d.kind == "notice"]
        assert [(one.chapter_id, one.target_id) for one in notices] == [(draft, NOTICES)]

    def test_the_sixty_first_waiting_chapter_is_refused_and_nothing_is_kept_of_it(self, tx: Transaction) -> None:
        """C7: with a clear refusal, at the desk and at the press."""
        series = a_series(tx)
        late_draft = a_draft(tx, series, title="too many")
        for number in range(60):
            handed_in(tx, series, title=str(number))
        with pytest.raises(QueueFullError):
            find_desk(tx, INES, series.title)
        with pytest.raises(QueueFullError):
            submit_chapter(tx, INES, late_draft, now=NEW_YEAR)
        assert len(waiting_chapters(tx, INES, None, now=NEW_YEAR).series[0].waiting) == 60

    def test_a_new_series_counts_from_the_last_start_even_if_that_is_still_promised(self, tx: Transaction) -> None:
        """C1, C5: day 0, 14, 28, however soon they are handed in."""
        slots = [handed_in(tx, a_series(tx, title)).chapter.slot for title in ("A", "B", "C")]
        assert slots == [NEW_YEAR.add(hours=14 * DAY * n) for n in range(3)]

    def test_each_series_has_a_lane_of_its_own(self, tx: Transaction) -> None:
        """C3: several series at once are several chapter lanes."""
        one, other = a_series(tx, "A"), a_series(tx, "B")
        handed_in(tx, one)
        handed_in(tx, other)
        assert handed_in(tx, one, title="A2").chapter.slot == NEW_YEAR.add(hours=3 * DAY)
        assert handed_in(tx, other, title="B2").chapter.slot == NEW_YEAR.add(hours=17 * DAY)

    def test_another_authors_releases_hold_nobody_up(self, tx: Transaction) -> None:
        """C1 is an author's lane."""
        handed_in(tx, a_series(tx, "A"))
        assert handed_in(tx, a_series(tx, "B", person=RUI), person=RUI).chapter.slot == NEW_YEAR

    def test_every_decision_is_recorded_and_re_evaluates_to_itself(self, tx: Transaction) -> None:
        """The fifth law."""
        series = a_series(tx)
        for number, ai in enumerate(Ai):
            receipt = handed_in(tx, series, title=str(number), ai=ai, wanted=NEW_YEAR.add(hours=number))
            record = decisions.latest(tx, receipt.chapter.id, DecisionKind.SUBMITTED)
            assert record is not None
            assert decisions.answer_of(evaluate(present_case(tx, receipt.chapter))) == record.answer
            assert decisions.inputs_of(decisions.case_of(record.inputs, receipt.policy)) == record.inputs

    def test_only_its_author_can_submit_look_at_or_cancel_a_draft(self, tx: Transaction) -> None:
        """Whoever guesses a number gets nowhere; nor does the author from another server."""
        draft = a_draft(tx, a_series(tx))
        for stranger in (RUI, Person(GUILD + 1, INES.id)):
            for act in (cancel_draft, read_text):
                with pytest.raises(NotYoursError):
                    act(tx, stranger, draft)
            with pytest.raises((NotYoursError, NotSetUpError)):
                submit_chapter(tx, stranger, draft, now=NEW_YEAR)

    def test_a_cancelled_or_forgotten_draft_is_gone_with_its_text(self, tx: Transaction) -> None:
        """Nothing is left behind."""
        series = a_series(tx)
        cancelled, forgotten = a_draft(tx, series), a_draft(tx, series)
        cancel_draft(tx, INES, cancelled)
        assert sweep_drafts(tx, now=NEW_YEAR.add(hours=25)) == 1
        for draft in (cancelled, forgotten):
            with pytest.raises(DraftGoneError):
                submit_chapter(tx, INES, draft, now=NEW_YEAR)
        assert tx.all("SELECT * FROM manuscripts") == []


class TestWithdrawing:
    """C10, without its button."""

    def test_it_frees_its_slot_and_the_others_keep_their_promises(self, tx: Transaction) -> None:
        """C9: the gap stays."""
        series = a_series(tx)
        receipts = [handed_in(tx, series, title=str(n)) for n in range(4)]
        done = withdraw_chapter(tx, INES, receipts[2].chapter.id, now=NEW_YEAR)
        (queue,) = waiting_chapters(tx, INES, None, now=NEW_YEAR).series
        assert done.behind == 1
        assert [c.slot for c in queue.waiting] == [receipts[n].chapter.slot for n in (0, 1, 3)]

    def test_a_withdrawn_last_chapter_gives_its_slot_to_the_next(self, tx: Transaction) -> None:
        """The lane counts from what is left."""
        series = a_series(tx)
        handed_in(tx, series)
        second = handed_in(tx, series, title="Two")
        withdraw_chapter(tx, INES, second.chapter.id, now=NEW_YEAR)
        assert handed_in(tx, series, title="Three").chapter.slot == second.chapter.slot

    def test_a_withdrawn_start_gives_the_series_lane_back(self, tx: Transaction) -> None:
        """C1 counts only what is promised or out."""
        first = handed_in(tx, a_series(tx, "A"))
        withdraw_chapter(tx, INES, first.chapter.id, now=NEW_YEAR)
        assert handed_in(tx, a_series(tx, "B")).chapter.slot == NEW_YEAR

    def test_only_its_author_withdraws_and_only_once(self, tx: Transaction) -> None:
        """The second press is told."""
        chapter = handed_in(tx, a_series(tx)).chapter
        with pytest.raises(NotYoursError):
            withdraw_chapter(tx, RUI, chapter.id, now=NEW_YEAR)
        withdraw_chapter(tx, INES, chapter.id, now=NEW_YEAR)
        with pytest.raises(NotWaitingError) as told:
            withdraw_chapter(tx, INES, chapter.id, now=NEW_YEAR)
        assert not told.value.released


class TestCures:
    """L8, L9: mended in one press, also while it waits."""

    def test_a_waiting_chapter_can_be_mended_and_nothing_is_recorded_of_it(self, tx: Transaction) -> None:
        """L9: what was repaired before leaves no trace."""
        series = a_series(tx)
        handed_in(tx, series)
        chapter = handed_in(tx, series, title="Two", ai=Ai.ASSISTED).chapter
        before = len(tx.all("SELECT id FROM decisions"))
        found, markdown, policy = read_text(tx, INES, chapter.id)
        set_text(tx, INES, chapter.id, cured(markdown, found, Cure.ADD_LABEL, policy))
        assert why(tx, INES, "Two").verdict.reach is Reach.NETWORK
        assert len(tx.all("SELECT id FROM decisions")) == before


class TestFinding:
    """What a person means by a title."""

    def test_a_series_is_found_by_its_id_its_title_its_beginning_or_a_piece_of_it(self, tx: Transaction) -> None:
        """Also what was typed instead of picked."""
        series = a_series(tx, "The Salt Road")
        a_series(tx, "Lanterns")
        for text in (str(series.id), "the salt road", "The Salt", "salt"):
            assert find_desk(tx, INES, text).series == series

    def test_a_full_title_wins_over_a_longer_one_that_holds_it(self, tx: Transaction) -> None:
        """Otherwise the shorter one could never be named."""
        short = a_series(tx, "Salt")
        a_series(tx, "Salt and Smoke")
        assert find_desk(tx, INES, "salt").series == short

    def test_what_fits_several_is_asked_back(self, tx: Transaction) -> None:
        """With their titles."""
        a_series(tx, "Salt Road")
        a_series(tx, "Salt Sea")
        with pytest.raises(AmbiguousTitleError) as told:
            find_desk(tx, INES, "salt")
        assert set(told.value.matches) == {"Salt Road", "Salt Sea"}

    def test_what_fits_nothing_is_told_with_what_there_is(self, tx: Transaction) -> None:
        """Series and chapters."""
        with pytest.raises(NoSeriesError):
            find_desk(tx, INES, "salt")
        series = a_series(tx, "Lanterns")
        handed_in(tx, series)
        with pytest.raises(UnknownSeriesError) as told:
            find_desk(tx, INES, "salt")
        assert told.value.known == ("Lanterns",)
        with pytest.raises(UnknownChapterError):
            own_chapter(tx, INES, "Zwei")
        assert own_chapter(tx, INES, "Lanterns · One").state is ChapterState.WAITING

    def test_other_peoples_work_is_not_found(self, tx: Transaction) -> None:
        """Titles are an author's own."""
        handed_in(tx, a_series(tx))
        with pytest.raises(UnknownChapterError):
            own_chapter(tx, RUI, "One")


def test_a_stricter_policy_binds_only_what_is_handed_in_after_it(tx: Transaction) -> None:
    """C9: a new version of the policy; the earlier promise stands, and /why tells the old one."""
    series = a_series(tx)
    handed_in(tx, series)
    second = handed_in(tx, series, title="Two")
    a_community(tx, zone="Europe/Berlin")
    third = handed_in(tx, series, title="Three")
    assert (second.policy.version, third.policy.version) == (1, 2)
    assert why(tx, INES, "Two").policy.zone == "UTC"
    assert why(tx, INES, "Two").chapter.slot == second.chapter.slot


def test_a_draft_is_judged_by_the_policy_it_is_handed_in_under(tx: Transaction) -> None:
    """L9, N4: also when the policy changed while its author looked at the preview."""
    series = a_series(tx)
    sentence = "Grok named the gulls."
    draft = a_draft(tx, series, ai=Ai.ASSISTED, disclosure=sentence, text=f"{sentence}\n\nTwo.\n")
    assert preview(tx, INES, draft, now=NEW_YEAR).verdict.restricted
    community = communities.find(tx, GUILD)
    assert community is not None
    policy = replace(community.policy, version=2, ai_words=("Grok",))
    communities.save_policy(tx, GUILD, policy, by=1, now=NEW_YEAR)
    communities.save(tx, replace(community, policy=policy), by=1, now=NEW_YEAR)

    assert preview(tx, INES, draft, now=NEW_YEAR).verdict.reach is Reach.NETWORK
    receipt = submit_chapter(tx, INES, draft, now=NEW_YEAR)
    assert receipt.verdict.reach is Reach.NETWORK
    assert why(tx, INES, "One").verdict == receipt.verdict
