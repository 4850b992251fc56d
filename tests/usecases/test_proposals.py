"""L8, L14, N4: what is shown of a changed label, confirmed once, kept for a day."""

import pytest

from rules.labels import Ai, Cure, Declaration, Fault, Reach
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import INES, RUI, STORY, a_draft, a_series, handed_in
from tests.usecases.test_labels import DISCLOSED, GENERATED, SENTENCE, day, out
from usecases.drafts import preview, sweep_drafts
from usecases.labels import Relabelled
from usecases.people import known_chapter
from usecases.proposals import (
    Proposed,
    answer_label,
    confirm,
    cure_label,
    cure_proposal,
    drop_proposal,
    give_label,
)
from usecases.refusals import NotYoursError, ProposalGoneError


def proposed(result: Relabelled | Proposed) -> Proposed:
    """Something that is shown first."""
    assert isinstance(result, Proposed)
    return result


def done(result: Relabelled | Proposed) -> Relabelled:
    """Something that counts."""
    assert isinstance(result, Relabelled)
    return result


def test_n4_what_was_shown_is_done_once(tx: Transaction) -> None:
    """A second press is told so, whoever was first."""
    chapter = out(tx)
    shown = proposed(give_label(tx, INES, "One", Ai.GENERATED, None, now=day(1)))
    assert known_chapter(tx, chapter.id).declaration.ai is Ai.NONE
    assert done(confirm(tx, INES, shown.id, now=day(1))).verdict == shown.result.verdict
    with pytest.raises(ProposalGoneError):
        confirm(tx, INES, shown.id, now=day(1))


def test_n4_what_would_now_do_something_else_is_shown_anew(tx: Transaction) -> None:
    """Midnight of the fourteenth day passes between the two presses."""
    out(tx, GENERATED, DISCLOSED)
    shown = proposed(give_label(tx, INES, "One", Ai.ASSISTED, None, now=day(14)))
    again = proposed(confirm(tx, INES, shown.id, now=day(14).add(seconds=1)))
    assert [finding.rule for finding in again.result.verdict.label_findings] == ["L10"]
    assert done(confirm(tx, INES, again.id, now=day(14).add(seconds=2))).chapter.declaration.ai is Ai.ASSISTED


def test_only_its_author_confirms_cures_or_drops(tx: Transaction) -> None:
    """Whoever holds the number of a button."""
    out(tx)
    shown = proposed(give_label(tx, INES, "One", Ai.ASSISTED, SENTENCE, now=day(1)))
    with pytest.raises(NotYoursError):
        confirm(tx, RUI, shown.id, now=day(1))
    with pytest.raises(NotYoursError):
        cure_proposal(tx, RUI, shown.id, Cure.ADD_LABEL, now=day(1))
    with pytest.raises(NotYoursError):
        drop_proposal(tx, RUI, shown.id)
    cured = cure_proposal(tx, INES, shown.id, Cure.ADD_LABEL, now=day(1))
    assert cured.opening.startswith(SENTENCE)
    drop_proposal(tx, INES, cured.id)
    with pytest.raises(ProposalGoneError):
        drop_proposal(tx, INES, cured.id)


def test_a_proposal_nobody_comes_back_to_is_forgotten_after_a_day(tx: Transaction) -> None:
    """With the drafts."""
    out(tx)
    shown = proposed(give_label(tx, INES, "One", Ai.GENERATED, None, now=day(1)))
    sweep_drafts(tx, now=day(1.9))
    sweep_drafts(tx, now=day(2.1))
    with pytest.raises(ProposalGoneError):
        confirm(tx, INES, shown.id, now=day(2.1))


def test_a_cure_for_what_waits_is_shown_and_a_cure_for_a_draft_is_there_at_once(tx: Transaction) -> None:
    """The draft's preview shows it anyway."""
    series = a_series(tx)
    waiting = handed_in(tx, series, ai=Ai.ASSISTED, disclosure=SENTENCE, wanted=day(9)).chapter
    shown = proposed(cure_label(tx, INES, waiting.id, Cure.ADD_LABEL, now=NEW_YEAR))
    assert known_chapter(tx, waiting.id).labels.stands_in is None
    confirm(tx, INES, shown.id, now=NEW_YEAR)
    assert known_chapter(tx, waiting.id).labels.stands_in == 1
    draft = a_draft(tx, series, ai=Ai.ASSISTED, disclosure=SENTENCE)
    assert done(cure_label(tx, INES, draft, Cure.ADD_LABEL, now=NEW_YEAR)).verdict.reach is Reach.NETWORK
    assert preview(tx, INES, draft, now=NEW_YEAR).opening.startswith(SENTENCE)


def test_a_dash_stands_for_the_communitys_own_sentence(tx: Transaction) -> None:
    """What is not given stays."""
    chapter = handed_in(tx, a_series(tx), ai=Ai.ASSISTED, disclosure=SENTENCE, wanted=day(9)).chapter
    give_label(tx, INES, "One", Ai.GENERATED, None, now=NEW_YEAR)
    assert known_chapter(tx, chapter.id).declaration == Declaration(Ai.GENERATED, SENTENCE)
    give_label(tx, INES, "One", None, "-", now=NEW_YEAR)
    assert known_chapter(tx, chapter.id).declaration == Declaration(Ai.GENERATED)


class TestAsked:
    """L14: the form says `none`, the sentence says otherwise."""

    @pytest.mark.parametrize("sentence", [SENTENCE, "No AI was used.", "Ohne KI geschrieben."])
    def test_l14_until_answered_the_stricter_holds_and_the_answer_is_recorded_in_the_case(
        self, tx: Transaction, sentence: str
    ) -> None:
        """A negation is asked about like any other: kindly, never judged."""
        draft = a_draft(tx, a_series(tx), disclosure=sentence)
        shown = preview(tx, INES, draft, now=NEW_YEAR).verdict
        assert [(finding.rule, finding.fault) for finding in shown.label_findings] == [("L14", Fault.SAYS_OTHERWISE)]
        assert shown.reach is Reach.PERSONAL
        answered = done(answer_label(tx, INES, draft, Ai.NONE, now=NEW_YEAR))
        assert answered.verdict.reach is Reach.NETWORK
        assert answered.case.labels.answered

    def test_l14_the_answer_assisted_keeps_the_sentence(self, tx: Transaction) -> None:
        """By L3 from then on."""
        draft = a_draft(tx, a_series(tx), disclosure=SENTENCE, text=DISCLOSED)
        answered = done(answer_label(tx, INES, draft, Ai.ASSISTED, now=NEW_YEAR))
        assert answered.chapter.declaration == Declaration(Ai.ASSISTED, SENTENCE)
        assert answered.verdict.reach is Reach.NETWORK

    def test_l14_a_sentence_that_does_not_name_ai_asks_nothing(self, tx: Transaction) -> None:
        """Whatever the text says: only the disclosure field is read."""
        draft = a_draft(tx, a_series(tx), disclosure="My sister found the commas.", text=f"An AI wrote.\n\n{STORY}")
        assert preview(tx, INES, draft, now=NEW_YEAR).verdict.label_findings == ()

    def test_l14_none_by_command_answers_and_a_new_sentence_asks_anew(self, tx: Transaction) -> None:
        """The sentence of before stays for later; one given beside `none` is asked about."""
        chapter = handed_in(tx, a_series(tx), ai=Ai.ASSISTED, disclosure=SENTENCE, wanted=day(9)).chapter
        assert done(give_label(tx, INES, "One", Ai.NONE, None, now=NEW_YEAR)).verdict.reach is Reach.NETWORK
        again = done(give_label(tx, INES, "One", None, "ChatGPT helped me.", now=NEW_YEAR))
        assert [finding.rule for finding in again.verdict.label_findings] == ["L14"]
        assert known_chapter(tx, chapter.id).declaration == Declaration(Ai.NONE, "ChatGPT helped me.")
