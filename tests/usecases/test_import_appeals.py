"""L12 for older work: a declined import is appealed once, in time; won, it comes in, lost, it is forgotten (C13)."""

import json

import pytest
from whenever import Instant

from rules.deliveries import Kind
from rules.imports import PACE
from rules.matters import MatterKind
from storage import imports, lanes, series
from storage.appeals import AppealState
from storage.decisions import DecisionKind, Deed
from storage.imports import ImportState
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, MODERATORS, NETWORK, NOTICES, RUI, a_series, handed_in
from tests.usecases.test_exceptions import MARGE, MO
from tests.usecases.test_imports import TITLES, a_round, asked, drafted, rounds
from tests.usecases.test_matters import listed
from tests.usecases.test_questions import go_on, refuses, sent
from tests.usecases.test_releases import carry, kinds, release_all
from usecases.appealable import find_appealable, suggest_imports
from usecases.appeals import AppealView, answer_appeal, appeal
from usecases.audits import audit_database, read_log
from usecases.import_decisions import confirm_import, decline_import
from usecases.import_refusals import (
    AppealTooLateError,
    ImportDecidedError,
    ImportUnderWayError,
    OtherImportError,
)
from usecases.imports import ask_import, cancel_import, desk_for_import, sweep_imports, view_import
from usecases.matters import open_matter, take_matter
from usecases.people import Person
from usecases.personal import collect, erase
from usecases.refusals import NotYoursError, UnknownChapterError
from usecases.review_refusals import (
    AppealDecidedError,
    AppealedAlreadyError,
    MatterGoneError,
    NothingToAppealError,
    OwnChapterError,
    OwnDecisionError,
)
from usecases.timetable import timetable

WEEK = NEW_YEAR.add(hours=7 * 24)


def declined(tx: Transaction) -> int:
    """Mo has declined three chapters; everybody has heard."""
    number = asked(tx, a_series(tx)).imported.id
    decline_import(tx, MO, number, "Whose are these?", now=NEW_YEAR)
    carry(tx, NEW_YEAR)
    return number


def appealed(tx: Transaction, number: int, *, now: Instant = NEW_YEAR) -> AppealView:
    """Ines appeals."""
    made = appeal(tx, INES, number, "They are mine.", now=now)
    carry(tx, now)
    return made


def answered(tx: Transaction, made: AppealView, *, granted: bool, by: Person = MARGE) -> AppealView:
    """Marge answers."""
    return answer_appeal(tx, by, made.appeal.id, "I have looked", granted=granted, now=NEW_YEAR)


class TestAppealing:
    """Once, in time, one's own."""

    def test_it_reaches_the_moderators_and_posts_nothing_yet(self, tx: Transaction) -> None:
        """A card, a matter with an end, the author's card without its button."""
        number = declined(tx)
        made = appeal(tx, INES, number, "They are mine.", now=NEW_YEAR)
        assert sorted(sent(carry(tx, NEW_YEAR))) == [
            (Kind.EDIT, MODERATORS),
            (Kind.EDIT, NOTICES),
            (Kind.REQUEST, MODERATORS),
        ]
        (matter,) = listed(tx).matters
        assert (matter.kind, matter.id, matter.due) == (MatterKind.APPEAL, made.appeal.id, WEEK)
        assert (matter.title, matter.author_id) == ("The Salt Road", INES.id)
        assert isinstance(open_matter(tx, MARGE, matter.id, now=NEW_YEAR).subject, AppealView)
        assert Kind.HEADING not in kinds(rounds(tx, 3))

    def test_taking_it_renews_its_card_alone(self, tx: Transaction) -> None:
        """The import's own cards have nothing new to say."""
        made = appealed(tx, declined(tx))
        take_matter(tx, MARGE, made.appeal.id, now=NEW_YEAR)
        (edit,) = carry(tx, NEW_YEAR)
        assert edit.appeal is not None
        assert (edit.delivery.kind, edit.appeal.taken_by) == (Kind.EDIT, MARGE.id)

    def test_the_command_finds_it_by_id_or_by_its_series(self, tx: Transaction) -> None:
        """And a chapter that fits goes before it."""
        number = declined(tx)
        assert [one.id for one in suggest_imports(tx, INES, "salt", now=NEW_YEAR)] == [number]
        assert suggest_imports(tx, INES, "lantern", now=NEW_YEAR) == []
        assert suggest_imports(tx, RUI, "", now=NEW_YEAR) == []
        for text in (str(number), "the salt road"):
            assert find_appealable(tx, INES, text, now=NEW_YEAR) == number
        refuses(UnknownChapterError, lambda: find_appealable(tx, INES, "nothing", now=NEW_YEAR))
        handed_in(tx, series.find(tx, view_import(tx, number, now=NEW_YEAR).imported.series_id), title="One")
        refuses(NothingToAppealError, lambda: find_appealable(tx, INES, "the salt road", now=NEW_YEAR))

    def test_once_and_only_by_its_author(self, tx: Transaction) -> None:
        """Whatever came of it."""
        number = declined(tx)
        refuses(NotYoursError, lambda: appeal(tx, RUI, number, "x", now=NEW_YEAR))
        refuses(NotYoursError, lambda: appeal(tx, Person(GUILD + 1, INES.id), number, "x", now=NEW_YEAR))
        made = appealed(tx, number)
        refuses(AppealedAlreadyError, lambda: appealed(tx, number))
        answered(tx, made, granted=False)
        refuses(AppealedAlreadyError, lambda: appealed(tx, number))

    @pytest.mark.parametrize("swept", [False, True])
    def test_in_time_to_the_millisecond_and_then_it_is_forgotten(self, tx: Transaction, swept: bool) -> None:
        """Sweeping it away changes nothing about who is told what."""
        number = declined(tx)
        early = WEEK.subtract(milliseconds=1)
        sweep_imports(tx, now=early)
        assert len(view_import(tx, number, now=early).chapters) == 3
        if swept:
            assert sweep_imports(tx, now=WEEK) == 1
            assert view_import(tx, number, now=WEEK).chapters == ()
            assert sweep_imports(tx, now=WEEK.add(hours=1)) == 0
        refuses(AppealTooLateError, lambda: appealed(tx, number, now=WEEK))
        assert suggest_imports(tx, INES, "", now=WEEK) == []
        assert suggest_imports(tx, INES, "", now=early) == ([] if swept else [imports.find(tx, number)])

    def test_what_is_appealed_is_kept_until_the_answer_however_late(self, tx: Transaction) -> None:
        """An overdue one is told once."""
        number = declined(tx)
        made = appealed(tx, number, now=WEEK.subtract(milliseconds=1))
        due = made.appeal.due
        sweep_imports(tx, now=due.add(hours=9999))
        assert len(view_import(tx, number, now=due).chapters) == 3
        assert timetable(tx, now=due.subtract(milliseconds=1)).next_at == due
        assert sent(go_on(tx, due)) == [(Kind.REQUEST, MODERATORS)]
        assert go_on(tx, due.add(hours=999)) == []

    def test_only_a_declined_import_can_be_appealed(self, tx: Transaction) -> None:
        """Neither a preview, nor one that waits, nor one that came in."""
        view = drafted(tx, a_series(tx))
        refuses(NothingToAppealError, lambda: appealed(tx, view.imported.id))
        ask_import(tx, INES, view.imported.id, now=NEW_YEAR)
        refuses(NothingToAppealError, lambda: appealed(tx, view.imported.id))
        confirm_import(tx, MO, view.imported.id, now=NEW_YEAR)
        refuses(NothingToAppealError, lambda: appealed(tx, view.imported.id))


class TestTheAnswer:
    """By another moderator, in words."""

    def test_won_they_come_in_as_if_confirmed(self, tx: Transaction) -> None:
        """One at a time with their dates, announced once; whoever presses an old card is told who has decided."""
        number = declined(tx)
        answered(tx, appealed(tx, number), granted=True)
        done = a_round(tx, NEW_YEAR)
        assert (Kind.ANSWER, NOTICES) in sent(done)
        done += rounds(tx, 9, start=NEW_YEAR + PACE)
        assert kinds(done).count(Kind.HEADING) == 3
        assert [one.delivery.target_id for one in done if one.delivery.kind is Kind.ANNOUNCEMENT] == [NETWORK]
        view = view_import(tx, number, now=NEW_YEAR)
        assert view.imported.state is ImportState.DONE
        assert [one.title for one in view.announced] == list(TITLES)
        assert lanes.last_in_series(tx, view.imported.series_id) is None
        with pytest.raises(ImportDecidedError) as refused:
            confirm_import(tx, MO, number, now=NEW_YEAR)
        assert (refused.value.decided_by, refused.value.confirmed) == (MARGE.id, True)
        assert audit_database(tx).different == ()

    def test_kept_what_was_read_is_forgotten_at_once(self, tx: Transaction) -> None:
        """The words stay, and what is handed in anew is looked at anew."""
        number = declined(tx)
        done = answered(tx, appealed(tx, number), granted=False)
        assert (done.appeal.state, done.appeal.answer) == (AppealState.KEPT, "I have looked")
        view = view_import(tx, number, now=NEW_YEAR)
        assert (view.chapters, view.imported.answer) == ((), "Whose are these?")
        assert sorted(sent(carry(tx, NEW_YEAR))).count((Kind.ANSWER, NOTICES)) == 1
        assert Kind.HEADING not in kinds(rounds(tx, 3))
        assert asked(tx, series.find(tx, view.imported.series_id)).imported.state is ImportState.OPEN

    def test_by_another_moderator_and_only_once(self, tx: Transaction) -> None:
        """Neither who declined, nor its author, nor another community."""
        made = appealed(tx, declined(tx))
        refuses(OwnDecisionError, lambda: answered(tx, made, granted=True, by=MO))
        refuses(OwnChapterError, lambda: answered(tx, made, granted=True, by=INES))
        refuses(MatterGoneError, lambda: answered(tx, made, granted=True, by=Person(GUILD + 1, 3)))
        answered(tx, made, granted=False)
        refuses(AppealDecidedError, lambda: answered(tx, made, granted=True, by=Person(GUILD, 3)))

    @pytest.mark.parametrize("granted", [True, False])
    def test_all_of_it_stands_in_the_log_of_its_author(self, tx: Transaction, granted: bool) -> None:
        """N5: with who decided; the records evaluate to themselves."""
        answered(tx, appealed(tx, declined(tx)), granted=granted)
        log = [(one.decision.kind, one.decision.actor_id) for one in read_log(tx, MO, INES.id, None)]
        came_in = [(DecisionKind.IMPORT_CONFIRMED, MARGE.id)] if granted else []
        answer = DecisionKind.APPEAL_GRANTED if granted else DecisionKind.APPEAL_KEPT
        assert log == [
            (answer, MARGE.id),
            *came_in,
            (DecisionKind.APPEALED, INES.id),
            (DecisionKind.IMPORT_DECLINED, MO.id),
            (DecisionKind.IMPORT_ASKED, INES.id),
        ]


class TestBesideOtherImports:
    """One import of a series at a time, an appealed one included."""

    def test_while_an_appeal_is_open_no_other_is_begun(self, tx: Transaction) -> None:
        """Nor asked, where its preview stood already."""
        number = declined(tx)
        story = series.find(tx, view_import(tx, number, now=NEW_YEAR).imported.series_id)
        preview = drafted(tx, story)
        appealed(tx, number)
        refuses(ImportUnderWayError, lambda: desk_for_import(tx, INES, "salt"))
        refuses(ImportUnderWayError, lambda: ask_import(tx, INES, preview.imported.id, now=NEW_YEAR))

    def test_while_another_is_under_way_nothing_is_appealed(self, tx: Transaction) -> None:
        """When that is over there may be time left."""
        number = declined(tx)
        story = series.find(tx, view_import(tx, number, now=NEW_YEAR).imported.series_id)
        other = asked(tx, story).imported.id
        with pytest.raises(OtherImportError) as refused:
            appealed(tx, number)
        assert refused.value.until == WEEK
        cancel_import(tx, INES, other, now=NEW_YEAR)
        answered(tx, appealed(tx, number), granted=True)
        assert kinds(rounds(tx, 9)).count(Kind.HEADING) == 3

    def test_cancelled_by_its_author_nothing_of_it_waits(self, tx: Transaction) -> None:
        """Also with the appeal open: its card says so, and nobody can answer."""
        number = declined(tx)
        refuses(ImportDecidedError, lambda: cancel_import(tx, INES, number, now=NEW_YEAR))
        made = appealed(tx, number)
        cancel_import(tx, INES, number, now=NEW_YEAR)
        assert view_import(tx, number, now=NEW_YEAR).chapters == ()
        assert listed(tx).matters == ()
        assert [one.appeal is not None for one in carry(tx, NEW_YEAR)].count(True) == 1
        refuses(MatterGoneError, lambda: answered(tx, made, granted=True))
        assert go_on(tx, made.appeal.due.add(hours=1)) == []
        assert asked(tx, series.find(tx, view_import(tx, number, now=NEW_YEAR).imported.series_id)).chapters


def test_what_is_kept_for_an_appeal_is_exported_and_deleted_with_its_author(tx: Transaction) -> None:
    """The texts, the words of the appeal, the log; and no other person's id."""
    number = declined(tx)
    made = appealed(tx, number)
    files = {file.name: file.data.decode() for file in collect(tx, INES)}
    assert sum(name.startswith("texts/") for name in files) == 3
    assert "They are mine." in files["appeals.json"]
    assert "Whose are these?" in files["imports.json"]
    assert json.loads(files["imports.json"])[0]["decided_by"] == "somebody else"
    erase(tx, INES, take_down=True, now=NEW_YEAR)
    for table in ("imports", "appeals", "chapters"):
        assert tx.all(f"SELECT 1 FROM {table}") == []
    refuses(MatterGoneError, lambda: answered(tx, made, granted=True))
    assert release_all(tx, WEEK) == []
    assert listed(tx, now=WEEK).matters == ()


def test_the_log_says_that_a_won_appeal_has_undone_the_refusal(tx: Transaction) -> None:
    """L12: in both entries; kept, in neither."""
    answered(tx, appealed(tx, declined(tx)), granted=True)
    log = read_log(tx, MO, None, None)
    assert [one.decision.kind for one in log if one.undone] == [DecisionKind.IMPORT_DECLINED]
    assert [one.undoes for one in log if one.undoes] == [Deed(MO.id, NEW_YEAR)]


def test_the_log_calls_nothing_undone_that_stands(tx: Transaction) -> None:
    """Marge has looked, and agrees with Mo."""
    answered(tx, appealed(tx, declined(tx)), granted=False)
    assert not [one for one in read_log(tx, MO, None, None) if one.undone or one.undoes]
