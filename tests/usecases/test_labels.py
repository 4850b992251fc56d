"""L9, L10, law 2: labels mended before and after the release, on the real database."""

import json
from dataclasses import replace

import pytest
from whenever import Instant

from cogs.replies import posts
from rules.deliveries import Approach, Event, Kind, Outcome, State
from rules.labels import Ai, Cure, Declaration, Reach
from rules.repairs import Effect
from storage import chapters, decisions
from storage.chapters import Chapter
from storage.decisions import DecisionKind
from storage.posts import of_chapter
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import INES, NETWORK, NOTICES, RUI, STORY, a_draft, a_series, handed_in
from tests.usecases.test_releases import carry, kinds, release_all
from usecases.announcements import explain
from usecases.audits import audit_database
from usecases.chapters import why, withdraw_chapter
from usecases.deliveries import Errand, claim_due, settle
from usecases.labels import Cause, Change, Relabelled, relabel, undone, would_relabel
from usecases.people import known_chapter
from usecases.refusals import DraftGoneError, NotReleasedError

SENTENCE = "I used AI to find the names."
NONE = Declaration(Ai.NONE)
ASSISTED = Declaration(Ai.ASSISTED, SENTENCE)
GENERATED = Declaration(Ai.GENERATED, SENTENCE)
DISCLOSED = f"{SENTENCE}\n\n{STORY}"
MO = 999


def day(number: float) -> Instant:
    """So many days after the new year."""
    return NEW_YEAR.add(hours=24 * number)


def out(tx: Transaction, declaration: Declaration = NONE, text: str = STORY) -> Chapter:
    """A chapter that is out, with everything posted."""
    receipt = handed_in(tx, a_series(tx), ai=declaration.ai, disclosure=declaration.disclosure, text=text)
    release_all(tx, NEW_YEAR)
    carry(tx, NEW_YEAR)
    return known_chapter(tx, receipt.chapter.id)


def give(
    tx: Transaction, chapter: Chapter, declaration: Declaration, *, now: Instant, cure: Cure | None = None
) -> Relabelled:
    """Its author gives it a label."""
    change = Change(by=INES.id, cause=Cause.AUTHOR, declaration=declaration, cure=cure)
    shown = would_relabel(tx, chapter.id, change, now=now)
    done = relabel(tx, chapter.id, change, now=now)
    assert shown == done, "what is shown is what is done (N4)"
    return done


def said(errand: Errand) -> str:
    """What an errand makes stand in the network channel."""
    assert errand.chapter is not None
    assert errand.series is not None
    return posts.announcement(errand, errand.chapter, errand.series)


def network(errands: list[Errand]) -> list[Errand]:
    """What was done in the network channel."""
    return [one for one in errands if one.delivery.target_id == NETWORK]


class TestBefore:
    """L9: what is repaired before the release leaves no trace."""

    def test_l9_a_waiting_chapter_is_looked_at_again_and_nothing_is_recorded(self, tx: Transaction) -> None:
        """Restricted when it was handed in, in the network when it goes out."""
        receipt = handed_in(tx, a_series(tx), ai=Ai.GENERATED, text=DISCLOSED)
        done = give(tx, receipt.chapter, ASSISTED, now=NEW_YEAR)
        assert (done.before.reach, done.verdict.reach) == (Reach.PERSONAL, Reach.NETWORK)
        assert decisions.latest(tx, receipt.chapter.id, DecisionKind.RELABELLED) is None
        release_all(tx, NEW_YEAR)
        assert kinds(carry(tx, NEW_YEAR))[-1] is Kind.ANNOUNCEMENT

    def test_n3_a_notice_that_nobody_has_seen_is_taken_back_when_all_is_mended(self, tx: Transaction) -> None:
        """And planned where a label fails that did not before."""
        chapter = handed_in(tx, a_series(tx), ai=Ai.GENERATED, wanted=day(3)).chapter
        give(tx, chapter, NONE, now=NEW_YEAR)
        assert Kind.NOTICE not in kinds(carry(tx, NEW_YEAR))
        give(tx, chapter, GENERATED, now=NEW_YEAR)
        assert kinds(carry(tx, NEW_YEAR)) == [Kind.NOTICE]

    def test_l8_a_cure_changes_the_text_of_what_waits(self, tx: Transaction) -> None:
        """The sentence stands first, where L3 wants it."""
        chapter = handed_in(tx, a_series(tx), wanted=day(3)).chapter
        done = give(tx, chapter, ASSISTED, now=NEW_YEAR, cure=Cure.ADD_LABEL)
        assert done.verdict.reach is Reach.NETWORK
        assert done.markdown.startswith(SENTENCE)
        assert known_chapter(tx, chapter.id).labels.stands_in == 1

    def test_a_moderators_act_on_what_waits_is_recorded_with_its_reason(self, tx: Transaction) -> None:
        """N5, law 5."""
        chapter = handed_in(tx, a_series(tx), wanted=day(3)).chapter
        change = Change(by=MO, cause=Cause.MODERATOR, declaration=GENERATED, reason="the author said so")
        relabel(tx, chapter.id, change, now=NEW_YEAR)
        decision = decisions.latest(tx, chapter.id, DecisionKind.RELABELLED)
        assert decision is not None
        assert (decision.actor_id, json.loads(decision.inputs)["reason"]) == (MO, "the author said so")
        assert audit_database(tx).different == ()

    def test_a_draft_is_given_another_label(self, tx: Transaction) -> None:
        """Nothing is promised, nothing recorded."""
        draft = a_draft(tx, a_series(tx))
        change = Change(by=INES.id, cause=Cause.AUTHOR, declaration=GENERATED)
        assert relabel(tx, draft, change, now=NEW_YEAR).verdict.reach is Reach.PERSONAL
        found = chapters.find(tx, draft)
        assert found is not None
        assert found.declaration == GENERATED
        assert audit_database(tx).evaluated == 0


class TestRepaired:
    """L10: mended after a personal release."""

    def test_l10_it_is_announced_once_marked_as_mended(self, tx: Transaction) -> None:
        """The heading at home says so too; another repair is no second news."""
        chapter = out(tx, GENERATED, DISCLOSED)
        done = give(tx, chapter, ASSISTED, now=day(14))
        assert done.effect is Effect.ANNOUNCED
        errands = carry(tx, day(14))
        assert kinds(errands) == [Kind.EDIT, Kind.ANNOUNCEMENT]
        assert "Labels mended" in said(errands[1])
        assert give(tx, chapter, Declaration(Ai.NONE), now=day(15)).effect is Effect.NONE
        assert kinds(carry(tx, day(15))) == [Kind.EDIT, Kind.EDIT]

    def test_l3_the_label_that_is_added_after_the_release_stands_in_the_heading(self, tx: Transaction) -> None:
        """Readers meet it before the first paragraph; what is posted of the text stays."""
        chapter = out(tx, ASSISTED)
        assert give(tx, chapter, ASSISTED, now=day(1)).changed is False
        done = give(tx, chapter, ASSISTED, now=day(1), cure=Cure.ADD_LABEL)
        assert (done.effect, done.chapter.labels.stands_in) == (Effect.ANNOUNCED, 1)
        assert done.markdown == STORY
        assert posts.heading(known_chapter(tx, chapter.id)).endswith(f"\n{SENTENCE}")
        other = Declaration(Ai.ASSISTED, "ChatGPT found the names.")
        again = give(tx, chapter, other, now=day(2))
        assert again.verdict.reach is Reach.NETWORK, "another sentence takes its place"
        assert posts.heading(known_chapter(tx, chapter.id)).endswith(f"\n{other.disclosure}")
        give(tx, chapter, NONE, now=day(3))
        assert known_chapter(tx, chapter.id).heading_label is None

    def test_l10_a_day_later_its_label_is_corrected_and_its_reach_stays(self, tx: Transaction) -> None:
        """And the answer says so, also if it is asked again."""
        chapter = out(tx, GENERATED, DISCLOSED)
        done = give(tx, chapter, ASSISTED, now=day(15))
        assert [finding.rule for finding in done.verdict.label_findings] == ["L10"]
        assert kinds(carry(tx, day(15))) == [Kind.EDIT]
        assert known_chapter(tx, chapter.id).reach is Reach.PERSONAL
        assert [finding.rule for finding in why(tx, INES, "One").verdict.label_findings] == ["L10"]
        assert [finding.rule for finding in explain(tx, RUI, chapter.id).findings] == ["L10"], "readers are told so too"

    def test_a_repair_while_the_chapter_is_still_being_posted_is_announced_behind_it(self, tx: Transaction) -> None:
        """R1: home first."""
        receipt = handed_in(tx, a_series(tx), ai=Ai.GENERATED, text=DISCLOSED)
        carry(tx, NEW_YEAR)
        release_all(tx, NEW_YEAR)
        give(tx, receipt.chapter, ASSISTED, now=NEW_YEAR)
        assert kinds(carry(tx, NEW_YEAR)) == [Kind.HEADING, Kind.PART, Kind.PART, Kind.ANNOUNCEMENT]


class TestStricter:
    """L10, law 2: made stricter after a network release."""

    def test_l10_a_neutral_line_takes_the_place_of_the_announcement_and_home_keeps_the_chapter(
        self, tx: Transaction
    ) -> None:
        """It names neither the chapter nor its author."""
        chapter = out(tx)
        assert give(tx, chapter, GENERATED, now=day(1)).effect is Effect.TAKEN_BACK
        errands = carry(tx, day(1))
        assert kinds(errands) == [Kind.EDIT, Kind.EDIT, Kind.NOTICE]
        (edit,) = network(errands)
        assert said(edit) == posts.TAKEN_BACK
        assert "Mostly written by AI" in posts.heading(known_chapter(tx, chapter.id))

    def test_n2_its_author_finds_a_lasting_notice_of_it(self, tx: Transaction) -> None:
        """N3: once for each new reason; none of what is mended, nor of what a moderator tells in other words."""
        chapter = out(tx)
        give(tx, chapter, GENERATED, now=day(1))
        (notice,) = [one for one in carry(tx, day(1)) if one.delivery.kind is Kind.NOTICE]
        assert (notice.delivery.target_id, notice.receipt is not None) == (NOTICES, True)
        give(tx, chapter, replace(GENERATED, disclosure="AI wrote it."), now=day(2))
        assert Kind.NOTICE not in kinds(carry(tx, day(2)))
        give(tx, chapter, ASSISTED, now=day(3))
        assert kinds(carry(tx, day(3))).count(Kind.NOTICE) == 1
        give(tx, chapter, NONE, now=day(4))
        give(tx, chapter, GENERATED, now=day(4))
        give(tx, chapter, NONE, now=day(4))
        assert Kind.NOTICE not in kinds(carry(tx, day(4)))
        change = Change(by=MO, cause=Cause.MODERATOR, declaration=GENERATED, reason="the author said so")
        relabel(tx, chapter.id, change, now=day(5))
        assert Kind.NOTICE not in kinds(carry(tx, day(5)))

    @pytest.mark.parametrize("days", [2, 300])
    def test_l10_after_that_a_repair_puts_the_announcement_back_and_posts_no_other(
        self, tx: Transaction, days: int
    ) -> None:
        """However often, however late: it is no news."""
        chapter = out(tx)
        for number in range(3):
            give(tx, chapter, GENERATED, now=day(1 + number / 10))
            assert give(tx, chapter, NONE, now=day(days + number)).effect is Effect.PUT_BACK
        (edit,) = network(carry(tx, day(days + 3)))
        assert edit.delivery.kind is Kind.EDIT, "one correction is enough"
        assert "The Salt Road: One" in said(edit)
        assert "mended" not in said(edit)

    def test_law_2_an_announcement_that_is_still_planned_is_cancelled(self, tx: Transaction) -> None:
        """And after a repair it is announced, for the first time."""
        receipt = handed_in(tx, a_series(tx))
        release_all(tx, NEW_YEAR)
        give(tx, receipt.chapter, GENERATED, now=NEW_YEAR)
        assert network(carry(tx, NEW_YEAR)) == []
        give(tx, receipt.chapter, NONE, now=day(20))
        assert kinds(network(carry(tx, day(20)))) == [Kind.ANNOUNCEMENT]

    def test_law_2_what_is_on_its_way_is_corrected_and_not_published(self, tx: Transaction) -> None:
        """Also to servers that follow; after a repair it is published."""
        receipt = handed_in(tx, a_series(tx))
        release_all(tx, NEW_YEAR)
        carry(tx, NEW_YEAR, most=4)
        (announcement,) = claim_due(tx, now=NEW_YEAR)
        give(tx, receipt.chapter, GENERATED, now=NEW_YEAR)
        settle(tx, announcement.delivery, Outcome(Event.DONE, message_id=7), publish=True, now=NEW_YEAR)
        errands = network(carry(tx, NEW_YEAR))
        assert kinds(errands) == [Kind.EDIT]
        assert said(errands[0]) == posts.TAKEN_BACK
        give(tx, receipt.chapter, NONE, now=day(1))
        assert kinds(network(carry(tx, day(1)))) == [Kind.EDIT, Kind.PUBLISH]

    def test_law_2_a_lost_announcement_is_looked_for_and_never_sent_again(self, tx: Transaction) -> None:
        """Found, it is corrected; not found, nothing is left to do."""
        lost = self._a_lost_announcement(tx)
        (errand,) = network(claim_due(tx, now=NEW_YEAR.add(seconds=30)))
        assert (errand.moot, errand.approach) == (True, Approach.LOOK_FIRST)
        gone = Outcome(Event.CANCEL)
        assert settle(tx, errand.delivery, gone, now=NEW_YEAR.add(seconds=31)) is State.CANCELLED
        assert network(carry(tx, day(1))) == []
        give(tx, lost, NONE, now=day(2))
        assert kinds(network(carry(tx, day(2)))) == [Kind.ANNOUNCEMENT]

    def test_a_repair_while_it_is_looked_for_announces_it_after_all(self, tx: Transaction) -> None:
        """Whichever comes first."""
        lost = self._a_lost_announcement(tx)
        (errand,) = network(claim_due(tx, now=NEW_YEAR.add(seconds=30)))
        give(tx, lost, NONE, now=NEW_YEAR.add(seconds=31))
        assert settle(tx, errand.delivery, Outcome(Event.CANCEL), now=NEW_YEAR.add(seconds=32)) is State.PLANNED
        assert Kind.ANNOUNCEMENT in kinds(network(carry(tx, day(1))))

    def test_r4_a_correction_that_discord_puts_off_holds_up_no_other(self, tx: Transaction) -> None:
        """The one of another chapter goes on, whatever is planned before it."""
        chapter = out(tx)
        give(tx, chapter, GENERATED, now=day(1))
        for errand in claim_due(tx, now=day(1)):
            settle(tx, errand.delivery, Outcome(Event.POSTPONE), now=day(1))
        other = handed_in(tx, a_series(tx, "Another"), now=day(20)).chapter
        release_all(tx, day(20))
        carry(tx, day(20))
        tx.run("UPDATE deliveries SET state = 'planned', due_at = due_at * 2 WHERE chapter_id = :it AND kind = 'edit'",
               it=chapter.id)  # fmt: skip
        give(tx, other, GENERATED, now=day(21))
        assert kinds(network(carry(tx, day(21)))) == [Kind.EDIT]

    @staticmethod
    def _a_lost_announcement(tx: Transaction) -> Chapter:
        receipt = handed_in(tx, a_series(tx))
        release_all(tx, NEW_YEAR)
        carry(tx, NEW_YEAR, most=4)
        (announcement,) = claim_due(tx, now=NEW_YEAR)
        settle(tx, announcement.delivery, Outcome(Event.LOST), now=NEW_YEAR)
        give(tx, receipt.chapter, GENERATED, now=NEW_YEAR)
        return receipt.chapter


def test_every_change_after_the_release_is_recorded_and_evaluates_to_itself(tx: Transaction) -> None:
    """Law 5: with who, why and what was before; the audit counts it."""
    chapter = out(tx)
    for number, declaration in enumerate((GENERATED, ASSISTED, NONE, GENERATED), start=1):
        give(tx, chapter, declaration, now=day(number), cure=Cure.ADD_LABEL if number == 2 else None)
    audit = audit_database(tx)
    assert audit.different == ()
    assert audit.counts[DecisionKind.RELABELLED] == 4
    decision = decisions.latest(tx, chapter.id, DecisionKind.RELABELLED)
    assert decision is not None
    inputs = json.loads(decision.inputs)
    assert (inputs["cause"], inputs["before"]["ai"], inputs["effect"]) == ("author", "none", "taken_back")


def test_l12_an_undone_judgement_gives_the_label_back_wholly_whatever_time_it_took(tx: Transaction) -> None:
    """Also the label in its heading, also after the fourteen days."""
    chapter = handed_in(tx, a_series(tx), ai=Ai.ASSISTED, disclosure=SENTENCE, text=DISCLOSED).chapter
    change = Change(by=MO, cause=Cause.MODERATOR, declaration=GENERATED, reason="two people read it so")
    relabel(tx, chapter.id, change, now=NEW_YEAR)
    release_all(tx, NEW_YEAR)
    assert network(carry(tx, NEW_YEAR)) == []
    judged = decisions.latest(tx, chapter.id, DecisionKind.RELABELLED)
    assert judged is not None
    done = relabel(tx, chapter.id, undone(judged, by=MO + 1, reason="they were right"), now=day(30))
    assert (done.effect, done.chapter.declaration) == (Effect.ANNOUNCED, ASSISTED)
    assert kinds(network(carry(tx, day(30)))) == [Kind.ANNOUNCEMENT]
    assert audit_database(tx).different == ()


def test_labels_move_no_promise(tx: Transaction) -> None:
    """Law 3, through every change, waiting or out."""
    series = a_series(tx)
    mine = [handed_in(tx, series, title=title).chapter for title in ("One", "Two")]
    release_all(tx, NEW_YEAR)
    for declaration in (GENERATED, NONE, ASSISTED):
        for chapter in mine:
            give(tx, chapter, declaration, now=day(1))
            assert known_chapter(tx, chapter.id).slot == chapter.slot


def test_what_is_withdrawn_or_unknown_has_no_label_to_mend(tx: Transaction) -> None:
    """Both are refused."""
    chapter = handed_in(tx, a_series(tx)).chapter
    withdraw_chapter(tx, INES, chapter.id, now=NEW_YEAR)
    with pytest.raises(NotReleasedError):
        give(tx, chapter, GENERATED, now=NEW_YEAR)
    with pytest.raises(DraftGoneError):
        relabel(tx, 1, Change(by=INES.id, cause=Cause.AUTHOR, declaration=NONE), now=NEW_YEAR)


def test_one_correction_of_a_post_is_planned_at_a_time(tx: Transaction) -> None:
    """It says what holds when it is made."""
    chapter = out(tx)
    for declaration in (GENERATED, NONE, GENERATED, NONE):
        give(tx, chapter, declaration, now=day(1))
    assert kinds(carry(tx, day(1))) == [Kind.EDIT, Kind.EDIT]
    assert of_chapter(tx, chapter.id)[-1].state is State.SENT
