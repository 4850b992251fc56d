"""Changing a policy: typed, shown, confirmed; nothing typed is lost, and no promise moves (C9)."""

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.amendments import Fault, faults
from rules.policy import AI_WORDS, GeneratedTravels, Measure, Policy
from storage.decisions import DecisionKind
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, RUI, a_community, a_database, a_series, handed_in
from usecases.amendments import (
    Amended,
    AmendmentView,
    Outlook,
    confirm_amendment,
    drop_amendment,
    look_at,
    open_amendment,
    see_amendment,
    type_in,
    what_waits,
)
from usecases.audits import read_log
from usecases.chapters import waiting_chapters
from usecases.communities import make_policy, require_community
from usecases.drafts import sweep_drafts
from usecases.people import Person
from usecases.policies import policy_versions, two_versions
from usecases.policy_refusals import AmendmentGoneError, PolicyRangeError, UnknownVersionError
from usecases.promises import earlier_plan, release_earlier
from usecases.refusals import NotSetUpError, UnknownZoneError
from usecases.typed_policies import FIELDS, Misread, read_typed, text_of

OWNER, OTHER = Person(GUILD, 1), Person(GUILD, 2)


def typed(tx: Transaction, owner: Person = OWNER, **texts: str) -> AmendmentView:
    """What an owner has typed into the forms."""
    view = open_amendment(tx, owner, None, now=NEW_YEAR)
    return type_in(tx, owner, view.amendment.id, texts, now=NEW_YEAR)


def changed(tx: Transaction, owner: Person = OWNER, **texts: str) -> Amended | AmendmentView:
    """The same, confirmed."""
    return confirm_amendment(tx, owner, typed(tx, owner, **texts).amendment.id, now=NEW_YEAR)


def outlook(tx: Transaction, before: Policy, after: Policy) -> Outlook:
    """What a change would offer."""
    return look_at(tx, before, after, what_waits(tx, OWNER), Outlook(), now=NEW_YEAR)


class TestTyping:
    """What people type, and what it is read as."""

    def test_every_field_of_a_policy_can_be_typed(self) -> None:
        """A new one, too."""
        assert set(FIELDS) == {one.name for one in fields(Policy)} - {"version"}

    @given(
        policy=st.builds(
            Policy,
            measure=st.sampled_from(Measure),
            chapter_days=st.integers(1, 365),
            generated_travels=st.sampled_from(GeneratedTravels),
            challenge_lifts_start=st.booleans(),
            zone=st.sampled_from(("UTC", "Europe/Berlin", "America/Port_of_Spain")),
            ai_words=st.just((*AI_WORDS, "Quillbot", "the quill machine")),
        )
    )
    def test_what_a_form_shows_is_read_as_what_holds(self, policy: Policy) -> None:
        """Sent as it was opened, a form changes nothing."""
        texts = {name: text_of(policy, name) for name in FIELDS}
        assert read_typed(policy, texts) == (policy, ())
        assert read_typed(Policy(), texts)[0] == policy

    @pytest.mark.parametrize("text", ["2", " 2 ", "2 days", "2d", "+2", "２", "02"])
    def test_a_number_is_read_as_people_write_it(self, text: str) -> None:
        """With its unit, or wide."""
        assert read_typed(Policy(), {"chapter_days": text}) == (replace(Policy(), chapter_days=2), ())

    @pytest.mark.parametrize(
        ("name", "text", "fault"),
        [
            ("chapter_days", "two", Misread.NO_NUMBER),
            ("chapter_days", "2.5", Misread.NO_NUMBER),
            ("chapter_days", "", Misread.NO_NUMBER),
            ("chapter_days", "1 to 3", Misread.NO_NUMBER),
            ("chapter_days", "0", Misread.OUT_OF_RANGE),
            ("chapter_days", "-3", Misread.NO_NUMBER),
            ("chapter_days", "366", Misread.OUT_OF_RANGE),
            ("zone", "Middle Earth", Misread.UNKNOWN_ZONE),
            ("measure", "roughly", Misread.NO_CHOICE),
            ("standard_disclosure", "I wrote this.", Fault.NOT_NAMING_AI),
            ("standard_disclosure", "...", Fault.NO_SENTENCE),
            ("ai_words", "Quillbot\n-/-", Fault.SAYS_NOTHING),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field_and_changes_nothing(self, name: str, text: str, fault: Any) -> None:
        """With what was typed, and what would be right."""
        policy, (mistake,) = read_typed(Policy(), {name: text, "series_days": "9"})
        assert (mistake.name, mistake.fault) == (name, fault)
        assert policy == replace(Policy(), series_days=9)

    def test_a_sentence_may_name_ai_in_a_word_that_is_typed_beside_it(self) -> None:
        """And not in one that is taken out with it."""
        both = {"standard_disclosure": "Quillbot helped me.", "ai_words": "Quillbot, Feder"}
        policy, mistakes = read_typed(Policy(), both)
        assert mistakes == ()
        assert policy.ai_words == (*AI_WORDS, "Quillbot", "Feder")
        _, (mistake,) = read_typed(policy, {"ai_words": "Feder"})
        assert (mistake.name, mistake.fault) == ("standard_disclosure", Fault.NOT_NAMING_AI)

    def test_l7_built_in_words_cannot_be_taken_out(self) -> None:
        """The form shows a community's own alone."""
        policy, _ = read_typed(Policy(), {"ai_words": "Quillbot\nquill machine;Feder"})
        assert read_typed(policy, {"ai_words": ""}) == (Policy(), ())


class TestTheChange:
    """From the first form to the new version."""

    def test_it_holds_from_its_confirmation_on_and_stands_in_the_log(self, tmp_path: Path) -> None:
        """N5: with what it said before and after."""
        with a_database(tmp_path) as tx:
            a_community(tx)
            done = changed(tx, chapter_days="2", measure="elapsed")
            assert isinstance(done, Amended)
            assert (
                require_community(tx, OWNER).policy
                == done.policy
                == Policy(version=2, chapter_days=2, measure=Measure.ELAPSED)
            )
            (logged,) = read_log(tx, OWNER, None, None)
            assert (logged.decision.kind, logged.decision.actor_id) == (DecisionKind.POLICY_CHANGED, OWNER.id)
            assert json.loads(logged.decision.inputs)["policy"] == {
                "measure": ["civil", "elapsed"],
                "chapter_days": [3, 2],
            }
            assert [one.policy.version for one in policy_versions(tx, OWNER)] == [2, 1]

    def test_only_what_is_typed_otherwise_is_a_change(self, tmp_path: Path) -> None:
        """A form comes with all its fields."""
        with a_database(tmp_path) as tx:
            a_community(tx)
            view = typed(tx, chapter_days="2", series_days="14", zone="utc", measure="civil")
            assert view.amendment.typed == {"chapter_days": "2"}
            again = typed(tx, chapter_days="3 days")
            assert (again.amendment.typed, again.changes, again.confirmable) == ({}, (), False)

    def test_what_is_typed_is_kept_right_or_wrong_until_it_is_mended(self, tmp_path: Path) -> None:
        """Nothing typed is lost by a mistake, or by closing the card."""
        with a_database(tmp_path) as tx:
            a_community(tx)
            view = typed(tx, chapter_days="soon", series_days="7")
            assert [(one.name, one.text) for one in view.mistakes] == [("chapter_days", "soon")]
            assert not view.confirmable
            assert confirm_amendment(tx, OWNER, view.amendment.id, now=NEW_YEAR) == view
            later = open_amendment(tx, OWNER, None, now=NEW_YEAR.add(hours=5))
            form = see_amendment(tx, OWNER, later.amendment.id)
            assert (form.texts["chapter_days"], form.texts["series_days"]) == ("soon", "7")
            mended = type_in(tx, OWNER, later.amendment.id, {"chapter_days": "1"}, now=NEW_YEAR)
            assert {one.name for one in mended.changes} == {"chapter_days", "series_days"}
            assert require_community(tx, OWNER).policy == Policy()

    def test_the_second_of_two_owners_sees_that_the_policy_has_changed_meanwhile(self, tmp_path: Path) -> None:
        """Their change is kept, shown against the new version, and done only after that."""
        with a_database(tmp_path) as tx:
            a_community(tx)
            one, two = typed(tx, chapter_days="2"), typed(tx, OTHER, chapter_days="5", series_days="20")
            confirm_amendment(tx, OWNER, one.amendment.id, now=NEW_YEAR)
            shown = confirm_amendment(tx, OTHER, two.amendment.id, now=NEW_YEAR)
            assert isinstance(shown, AmendmentView)
            assert shown.meanwhile
            assert (shown.base.policy.version, shown.base.made_by) == (2, OWNER.id)
            assert [(one.before, one.after) for one in shown.changes] == [(14, 20), (2, 5)]
            assert require_community(tx, OWNER).policy == Policy(version=2, chapter_days=2)
            done = confirm_amendment(tx, OTHER, two.amendment.id, now=NEW_YEAR)
            assert isinstance(done, Amended)
            assert done.policy == Policy(version=3, chapter_days=5, series_days=20)

    def test_a_field_that_was_not_touched_follows_what_somebody_else_has_made_of_it(self, tmp_path: Path) -> None:
        """A form that was open meanwhile sends the old number along; that is nobody's wish."""
        with a_database(tmp_path) as tx:
            a_community(tx)
            view = open_amendment(tx, OTHER, None, now=NEW_YEAR)
            changed(tx, chapter_days="2")
            shown = type_in(tx, OTHER, view.amendment.id, {"chapter_days": "3", "series_days": "20"}, now=NEW_YEAR)
            assert shown.meanwhile
            assert shown.amendment.typed == {"series_days": "20"}
            assert shown.after == Policy(version=3, chapter_days=2, series_days=20)

    def test_who_wanted_the_same_has_nothing_left_to_change(self, tmp_path: Path) -> None:
        """It is as they want it."""
        with a_database(tmp_path) as tx:
            a_community(tx)
            view = typed(tx, OTHER, chapter_days="2")
            changed(tx, chapter_days="2")
            shown = confirm_amendment(tx, OTHER, view.amendment.id, now=NEW_YEAR)
            assert isinstance(shown, AmendmentView)
            assert (shown.meanwhile, shown.changes, shown.amendment.typed) == (True, (), {})

    def test_a_change_of_zone_by_setup_counts_as_meanwhile(self, tmp_path: Path) -> None:
        """It makes a version too, and stands in the log."""
        with a_database(tmp_path) as tx:
            a_community(tx)
            view = typed(tx, OTHER, chapter_days="2")
            a_community(tx, zone="Europe/Berlin")
            assert [one.decision.kind for one in read_log(tx, OWNER, None, None)] == [DecisionKind.POLICY_CHANGED]
            shown = confirm_amendment(tx, OTHER, view.amendment.id, now=NEW_YEAR)
            assert isinstance(shown, AmendmentView)
            assert shown.after == Policy(version=3, chapter_days=2, zone="Europe/Berlin")

    def test_an_earlier_version_can_be_begun_with(self, tmp_path: Path) -> None:
        """Going back is a change like any other, and a new version."""
        with a_database(tmp_path) as tx:
            a_community(tx)
            changed(tx, chapter_days="2", ai_words="Quillbot", challenge_lifts_start="yes")
            view = open_amendment(tx, OWNER, 1, now=NEW_YEAR)
            assert view.after == Policy(version=3)
            confirm_amendment(tx, OWNER, view.amendment.id, now=NEW_YEAR)
            assert require_community(tx, OWNER).policy == Policy(version=3)
            with pytest.raises(UnknownVersionError):
                open_amendment(tx, OWNER, 9, now=NEW_YEAR)

    def test_confirmed_dropped_forgotten_or_another_owners_it_is_gone(self, tmp_path: Path) -> None:
        """Pressed twice, it does nothing the second time."""
        with a_database(tmp_path) as tx:
            a_community(tx)
            first = typed(tx, chapter_days="2").amendment.id
            with pytest.raises(AmendmentGoneError):
                confirm_amendment(tx, OTHER, first, now=NEW_YEAR)
            confirm_amendment(tx, OWNER, first, now=NEW_YEAR)
            second = typed(tx, chapter_days="4").amendment.id
            drop_amendment(tx, OWNER, second)
            third = typed(tx, chapter_days="5").amendment.id
            sweep_drafts(tx, now=NEW_YEAR.add(hours=25))
            for gone in (first, second, third):
                with pytest.raises(AmendmentGoneError):
                    confirm_amendment(tx, OWNER, gone, now=NEW_YEAR)
            assert require_community(tx, OWNER).policy.version == 2

    def test_no_policy_is_made_that_the_rules_could_not_be_kept_with(self, tmp_path: Path) -> None:
        """Whoever makes it."""
        with a_database(tmp_path) as tx:
            a_community(tx)
            with pytest.raises(PolicyRangeError):
                make_policy(tx, OWNER, Policy(version=2, standard_disclosure="By hand."), now=NEW_YEAR)
            with pytest.raises(UnknownZoneError):
                make_policy(tx, OWNER, Policy(version=2, zone="Middle Earth"), now=NEW_YEAR)
            assert faults(require_community(tx, OWNER).policy) == ()

    def test_before_setup_there_is_nothing_to_change(self, tmp_path: Path) -> None:
        """Or to see."""
        with a_database(tmp_path) as tx:
            for ask in (lambda: open_amendment(tx, OWNER, None, now=NEW_YEAR), lambda: policy_versions(tx, OWNER)):
                with pytest.raises(NotSetUpError):
                    ask()


class TestWhatWaits:
    """C9: promises stand, and what could come earlier is offered."""

    def test_a_looser_policy_offers_earlier_slots_and_a_stricter_one_moves_nothing(self, tmp_path: Path) -> None:
        """By chapters and by authors, before it is confirmed and after."""
        with a_database(tmp_path) as tx:
            a_community(tx)
            for person, number in ((INES, 4), (RUI, 1)):
                series = a_series(tx, f"Series {person.id}", person=person)
                for chapter in range(number):
                    handed_in(tx, series, person=person, title=str(chapter))
            before = [one.slot for one in waiting_chapters(tx, INES, None, now=NEW_YEAR).series[0].waiting]
            view = typed(tx, chapter_days="1")
            offered = outlook(tx, view.base.policy, view.after)
            assert (offered.waiting, len(offered.authors)) == (5, 2)
            assert (offered.earlier, offered.offered) == (3, frozenset({INES.id}))
            strict = outlook(tx, view.base.policy, replace(view.after, chapter_days=9))
            assert (strict.earlier, strict.offered) == (0, frozenset())
            confirm_amendment(tx, OWNER, view.amendment.id, now=NEW_YEAR)
            (queue,) = waiting_chapters(tx, INES, None, now=NEW_YEAR).series
            assert [one.slot for one in queue.waiting] == before
            assert queue.offer is not None
            plan = earlier_plan(tx, INES, queue.offer.number, NEW_YEAR)
            assert len(plan.moving) == offered.earlier
            assert release_earlier(tx, INES, queue.offer.number, plan.mark, now=NEW_YEAR).done

    def test_a_gap_that_could_be_closed_already_is_no_news(self, tmp_path: Path) -> None:
        """Only what the change itself would offer is counted."""
        with a_database(tmp_path) as tx:
            a_community(tx)
            series = a_series(tx)
            handed_in(tx, series)
            handed_in(tx, series, title="Two")
            same = require_community(tx, OWNER).policy
            assert outlook(tx, same, replace(same, appeal_days=9)).earlier == 0


class TestTwoVersions:
    """`/policy diff`."""

    def test_the_last_two_without_being_asked_and_any_others_by_their_numbers(self, tmp_path: Path) -> None:
        """In the order in which they are named."""
        with a_database(tmp_path) as tx:
            a_community(tx)
            assert two_versions(tx, OWNER, None, None) is None
            for days in ("2", "4", "5"):
                changed(tx, chapter_days=days)

            def numbers(before: int | None, after: int | None) -> tuple[int, int]:
                pair = two_versions(tx, OWNER, before, after)
                assert pair is not None
                return pair[0].policy.version, pair[1].policy.version

            assert numbers(None, None) == (3, 4)
            assert numbers(1, None) == (1, 4)
            assert numbers(None, 2) == (1, 2)
            assert numbers(4, 2) == (4, 2)
            with pytest.raises(UnknownVersionError):
                two_versions(tx, OWNER, 9, None)
