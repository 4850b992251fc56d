"""C13 on the real database: older work is dated, confirmed, posted one at a time, and touches no lane."""

import pytest
from whenever import Date, Instant

from rules.cadence import Because
from rules.deliveries import Event, Kind, Outcome, State
from rules.imports import PACE
from rules.labels import Ai, Declaration, Reach
from rules.matters import MatterKind
from rules.policy import Policy
from storage import chapters, deliveries, imports, lanes, posts, series
from storage.decisions import DecisionKind
from storage.follows import How
from storage.imports import ImportState
from storage.series import Series
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import (
    GUILD,
    INES,
    MODERATORS,
    NETWORK,
    NOTICES,
    RUI,
    STORY,
    a_community,
    a_series,
    an_image,
    handed_in,
)
from tests.usecases.test_exceptions import MARGE, MO
from tests.usecases.test_matters import listed
from tests.usecases.test_releases import carry, kinds, release_all
from usecases.announcements import explain_message
from usecases.arrivals import import_schedule, release_imported
from usecases.audits import audit_database, read_log
from usecases.chapters import waiting_chapters, why, withdraw_chapter
from usecases.deliveries import Errand, claim_due, next_due, settle
from usecases.describing import claim_images
from usecases.drafts import cured, prepare
from usecases.feeds import look_at_feed
from usecases.follows import FollowRequest, follow
from usecases.holds import HoldWork, hold_work, resume_work
from usecases.images import NewImage, sweep_images
from usecases.import_decisions import confirm_import, decline_import
from usecases.import_drafts import set_dates, set_texts, texts_to_cure
from usecases.import_refusals import (
    ImportAskedError,
    ImportDecidedError,
    ImportGoneError,
    ImportRefusalError,
    ImportUnderWayError,
    ImpossibleDateError,
    OwnImportError,
    UndatedError,
)
from usecases.imports import (
    ImportView,
    OlderChapter,
    OpenImport,
    ask_import,
    cancel_import,
    desk_for_import,
    open_import,
    sweep_imports,
    view_import,
)
from usecases.labels import Cause, Change, relabel
from usecases.matters import list_matters, open_matter, take_matter
from usecases.people import Person
from usecases.refusals import NotWaitingError, NotYoursError
from usecases.releases import Release, Schedule, chapter_text
from usecases.takedowns import take_down
from usecases.timetable import keep_timetable, timetable

MARCH = Date(2024, 3, 5)
TITLES = ("First", "Second", "Third")


def older(
    title: str, date: Date | None = MARCH, *, ai: Ai = Ai.NONE, text: str = STORY, images: tuple[NewImage, ...] = ()
) -> OlderChapter:
    """A chapter as it was read."""
    prepared = prepare(text, Declaration(ai, None), Policy())
    return OlderChapter(title=title, date=date, prepared=prepared, images=images)


def drafted(
    tx: Transaction, story: Series, *given: OlderChapter, ai: Ai = Ai.NONE, person: Person = INES
) -> ImportView:
    """A preview, of three chapters a month apart."""
    known = given or tuple(older(title, MARCH.add(months=number), ai=ai) for number, title in enumerate(TITLES))
    request = OpenImport(person=person, series=story, declaration=Declaration(ai, None), chapters=known)
    return view_import(tx, open_import(tx, request, now=NEW_YEAR), now=NEW_YEAR)


def asked(tx: Transaction, story: Series, *given: OlderChapter, ai: Ai = Ai.NONE, person: Person = INES) -> ImportView:
    """A moderator is asked."""
    return ask_import(tx, person, drafted(tx, story, *given, ai=ai, person=person).imported.id, now=NEW_YEAR)


def confirmed(tx: Transaction, story: Series, *given: OlderChapter, ai: Ai = Ai.NONE, person: Person = INES) -> int:
    """A moderator has confirmed."""
    number = asked(tx, story, *given, ai=ai, person=person).imported.id
    confirm_import(tx, MO, number, now=NEW_YEAR)
    return number


def a_round(tx: Transaction, now: Instant) -> list[Errand]:
    """What the rounds do at a moment."""
    keep_timetable(tx, now=now)
    for chapter_id in import_schedule(tx, now=now).due:
        _, markdown, images = chapter_text(tx, chapter_id)
        release_imported(tx, Release(chapter_id, markdown, ("a page", *images)), now=now)
    return carry(tx, now)


def rounds(tx: Transaction, count: int, *, start: Instant = NEW_YEAR) -> list[Errand]:
    """So many turns, one pace apart."""
    return [one for turn in range(count) for one in a_round(tx, start + turn * PACE)]


class TestUntilAModeratorConfirms:
    """Read, dated, asked."""

    def test_a_preview_has_the_dates_of_the_file_in_their_order(self, tx: Transaction) -> None:
        """An unknown date stands first, and one that is to come is none."""
        view = drafted(
            tx, a_series(tx), older("B", Date(2024, 5, 1)), older("A"), older("C", Date(2027, 1, 1)), older("D", None)
        )
        assert [one.title for one in view.chapters] == ["C", "D", "A", "B"]
        assert [one.title for one in view.undated] == ["C", "D"]
        assert view.chapters[2].released_at == Instant.from_utc(2024, 3, 5, 12)

    def test_dates_are_mended_in_one_go_by_the_places_in_the_file(self, tx: Transaction) -> None:
        """What is not named keeps its own; what stands behind a date is for who reads it."""
        view = drafted(tx, a_series(tx), older("A", None), older("B"), older("C"))
        text = "1. 2025-01-02 | 3. 2020-01-01\n2. ? | B\n 3) 2023/7/4\nwhatever"
        mended = set_dates(tx, INES, view.imported.id, text, now=NEW_YEAR)
        assert [(one.title, one.released_at) for one in mended.chapters] == [
            ("C", Instant.from_utc(2023, 7, 4, 12)),
            ("B", Instant.from_utc(2024, 3, 5, 12)),
            ("A", Instant.from_utc(2025, 1, 2, 12)),
        ]

    @pytest.mark.parametrize("line", ["1. 2027-01-01", "1. 2024-02-30", "1. 1066-10-14", "9. 2024-01-01", "1. 5 May"])
    def test_an_impossible_date_changes_none(self, tx: Transaction, line: str) -> None:
        """And the line is named."""
        view = drafted(tx, a_series(tx), older("A"), older("B"))
        with pytest.raises(ImpossibleDateError) as refused:
            set_dates(tx, INES, view.imported.id, f"2. 2020-01-01\n{line}", now=NEW_YEAR)
        assert refused.value.line == line
        assert view_import(tx, view.imported.id, now=NEW_YEAR) == view

    def test_without_a_date_nobody_is_asked(self, tx: Transaction) -> None:
        """The chapters are named."""
        with pytest.raises(UndatedError) as refused:
            asked(tx, a_series(tx), older("A", None), older("B"))
        assert refused.value.titles == ("A",)

    def test_nothing_is_posted_before_and_the_moderators_get_one_card(self, tx: Transaction) -> None:
        """Also where it is pressed twice; it stands in their list."""
        number = asked(tx, a_series(tx)).imported.id
        ask_import(tx, INES, number, now=NEW_YEAR)
        done = a_round(tx, NEW_YEAR)
        assert kinds(done) == [Kind.THREAD, Kind.REQUEST]
        assert done[1].delivery.target_id == MODERATORS
        (matter,) = listed(tx).matters
        assert (matter.kind, matter.id, matter.title, matter.author_id) == (
            MatterKind.IMPORT,
            number,
            "The Salt Road",
            INES.id,
        )
        opened = open_matter(tx, MO, number, now=NEW_YEAR)
        assert isinstance(opened.subject, ImportView)
        take_matter(tx, MO, number, now=NEW_YEAR)
        (edit,) = carry(tx, NEW_YEAR)
        assert edit.imported is not None
        assert (edit.delivery.kind, edit.imported.taken_by) == (Kind.EDIT, MO.id)

    def test_one_import_of_a_series_at_a_time(self, tx: Transaction) -> None:
        """Said before the file is read, and again where two previews stand side by side."""
        story = a_series(tx)
        second = drafted(tx, story)
        asked(tx, story)
        with pytest.raises(ImportUnderWayError):
            desk_for_import(tx, INES, "salt")
        with pytest.raises(ImportUnderWayError):
            ask_import(tx, INES, second.imported.id, now=NEW_YEAR)

    def test_only_its_author_changes_or_asks_and_only_until_then(self, tx: Transaction) -> None:
        """Not another member, not afterwards."""
        number = drafted(tx, a_series(tx)).imported.id
        with pytest.raises(NotYoursError):
            set_dates(tx, RUI, number, "", now=NEW_YEAR)
        with pytest.raises(NotYoursError):
            ask_import(tx, RUI, number, now=NEW_YEAR)
        ask_import(tx, INES, number, now=NEW_YEAR)
        with pytest.raises(ImportAskedError):
            set_dates(tx, INES, number, "", now=NEW_YEAR)

    def test_cancelled_nothing_is_left_and_nobody_can_decide(self, tx: Transaction) -> None:
        """Also when a moderator is asked already."""
        number = asked(tx, a_series(tx)).imported.id
        a_round(tx, NEW_YEAR)
        cancel_import(tx, INES, number, now=NEW_YEAR)
        assert view_import(tx, number, now=NEW_YEAR).chapters == ()
        assert listed(tx).matters == ()
        assert kinds(carry(tx, NEW_YEAR)) == [Kind.EDIT]
        with pytest.raises(ImportGoneError):
            confirm_import(tx, MO, number, now=NEW_YEAR)

    def test_a_preview_is_forgotten_after_a_day_and_what_is_asked_never(self, tx: Transaction) -> None:
        """With its texts."""
        story = a_series(tx)
        left, kept = drafted(tx, story).imported.id, asked(tx, story).imported.id
        assert sweep_imports(tx, now=NEW_YEAR.add(hours=25)) == 1
        assert imports.find(tx, left) is None
        assert chapters.drop_old_drafts(tx, before=NEW_YEAR.add(hours=25)) == 0
        assert len(view_import(tx, kept, now=NEW_YEAR).chapters) == 3

    def test_l8_one_press_puts_the_label_into_every_text_that_lacks_it(self, tx: Transaction) -> None:
        """And the reach is that of the label."""
        view = drafted(tx, a_series(tx), ai=Ai.ASSISTED)
        assert all(verdict.reach is Reach.PERSONAL for _, verdict in view.listed)
        policy, failing = texts_to_cure(tx, INES, view.imported.id, now=NEW_YEAR)
        mended = {one.id: cured(text, one, cure, policy) for one, cure, text in failing}
        after = set_texts(tx, INES, view.imported.id, mended, now=NEW_YEAR)
        assert all(verdict.reach is Reach.NETWORK for _, verdict in after.listed)


class TestTheDecision:
    """One wins, and its author hears."""

    @pytest.mark.parametrize("confirms", [True, False])
    def test_one_decision_wins_and_the_author_hears(self, tx: Transaction, confirms: bool) -> None:
        """Who presses second is told who decided; the card says so."""
        number = asked(tx, a_series(tx)).imported.id
        carry(tx, NEW_YEAR)
        if confirms:
            confirm_import(tx, MO, number, now=NEW_YEAR)
        else:
            decline_import(tx, MO, number, "These are not yours.", now=NEW_YEAR)
        with pytest.raises(ImportDecidedError) as refused:
            confirm_import(tx, MARGE, number, now=NEW_YEAR)
        assert (refused.value.decided_by, refused.value.confirmed) == (MO.id, confirms)
        done = carry(tx, NEW_YEAR)
        assert sorted(kinds(done)) == sorted([Kind.ANSWER, Kind.EDIT])
        (answer,) = [one for one in done if one.delivery.kind is Kind.ANSWER]
        assert answer.delivery.target_id == NOTICES
        log = read_log(tx, MO, INES.id, None)
        right = DecisionKind.IMPORT_CONFIRMED if confirms else DecisionKind.IMPORT_DECLINED
        assert [one.decision.kind for one in log] == [right, DecisionKind.IMPORT_ASKED]

    def test_declined_nothing_is_posted(self, tx: Transaction) -> None:
        """The words stay; how long the texts do, `test_import_appeals` says."""
        number = asked(tx, a_series(tx)).imported.id
        view = decline_import(tx, MO, number, "Not yet.", now=NEW_YEAR)
        assert view.imported.answer == "Not yet."
        assert Kind.HEADING not in kinds(rounds(tx, 3))
        assert drafted(tx, series.find(tx, view.imported.series_id)).imported.state is ImportState.DRAFT

    def test_nobody_decides_for_themselves_or_elsewhere(self, tx: Transaction) -> None:
        """A moderator who is its author, and one of another community."""
        number = asked(tx, a_series(tx)).imported.id
        refusals: list[tuple[Person, type[ImportRefusalError]]] = [
            (INES, OwnImportError),
            (Person(GUILD + 1, MO.id), ImportGoneError),
        ]
        for person, refusal in refusals:
            with pytest.raises(refusal):
                confirm_import(tx, person, number, now=NEW_YEAR)
            with pytest.raises(refusal):
                decline_import(tx, person, number, "No.", now=NEW_YEAR)


class TestPosting:
    """One at a time, in the order of the original dates, announced once."""

    def test_one_a_turn_and_the_announcement_when_all_stand(self, tx: Transaction) -> None:
        """Then nothing more."""
        number = confirmed(tx, a_series(tx))
        a_round(tx, NEW_YEAR)
        assert import_schedule(tx, now=NEW_YEAR).next_at == NEW_YEAR + PACE
        early = (NEW_YEAR + PACE).subtract(milliseconds=1)
        assert a_round(tx, early) == []
        done = rounds(tx, 9, start=NEW_YEAR + PACE)
        assert kinds(done) == [Kind.HEADING, Kind.PART, Kind.HEADING, Kind.PART, Kind.ANNOUNCEMENT]
        assert done[-1].delivery.target_id == NETWORK
        told = done[-1].imported
        assert told is not None
        assert [one.title for one in told.announced] == list(TITLES)
        assert told.first_message_id == posts.heading_message(tx, told.announced[0].id)
        assert view_import(tx, number, now=NEW_YEAR).imported.state is ImportState.DONE
        assert next_due(tx, now=NEW_YEAR) is None

    def test_each_is_out_with_its_original_date_and_why_tells_the_truth(self, tx: Transaction) -> None:
        """C13; the records evaluate to themselves (law 5)."""
        confirmed(tx, a_series(tx))
        rounds(tx, 4)
        shown = why(tx, INES, "First")
        assert shown.chapter.released_at == Instant.from_utc(2024, 3, 5, 12)
        assert (shown.verdict.slot.because, shown.verdict.slot.at) == (Because.IMPORTED, shown.chapter.released_at)
        assert (shown.chapter.slot, shown.chapter.here_since) == (None, NEW_YEAR)
        audit = audit_database(tx)
        assert audit.counts[DecisionKind.IMPORTED] == 3
        assert audit.different == ()
        assert [one.chapter.title for one in look_at_feed(tx, RUI, now=NEW_YEAR.add(hours=1)).entries] == list(
            reversed(TITLES)
        )

    def test_it_waits_while_a_post_is_held(self, tx: Transaction) -> None:
        """R3: one report, not one a chapter; it goes on where it was."""
        confirmed(tx, a_series(tx))
        keep_timetable(tx, now=NEW_YEAR)
        (first,) = import_schedule(tx, now=NEW_YEAR).due
        release_imported(tx, Release(first, chapter_text(tx, first)[1], ("a page",)), now=NEW_YEAR)
        while errands := claim_due(tx, now=NEW_YEAR):
            for one in errands:
                refused = one.delivery.kind is Kind.HEADING
                event = Outcome(Event.REFUSE, problem="locked") if refused else Outcome(Event.DONE, message_id=9)
                settle(tx, one.delivery, event, now=NEW_YEAR)
        assert kinds(rounds(tx, 3, start=NEW_YEAR + PACE)) == []
        assert not timetable(tx, now=NEW_YEAR + 4 * PACE).due
        assert import_schedule(tx, now=NEW_YEAR + 4 * PACE) == Schedule((), None)  # nothing to look up for
        (held,) = [one for one in posts.of_chapter(tx, first) if one.state is State.HELD]
        deliveries.resume(tx, held, target_id=held.target_id, due=NEW_YEAR)
        later = rounds(tx, 7, start=NEW_YEAR + 5 * PACE)
        assert kinds(later) == [Kind.HEADING, Kind.PART] * 3 + [Kind.ANNOUNCEMENT]

    def test_it_waits_while_its_series_is_paused(self, tx: Transaction) -> None:
        """As everything of a series does; nobody looks up for it meanwhile, and it goes on when the pause ends."""
        story = a_series(tx)
        confirmed(tx, story)
        wanted = HoldWork(moderator=MO, series=str(story.id), chapter=None, reason="x", until=None)
        pause = hold_work(tx, wanted, now=NEW_YEAR).hold
        assert Kind.HEADING not in kinds(rounds(tx, 4))
        assert import_schedule(tx, now=NEW_YEAR + 4 * PACE) == Schedule((), None)
        resume_work(tx, MO, str(pause.id), "It is settled.", whole_series=True, now=NEW_YEAR + 5 * PACE)
        assert kinds(rounds(tx, 1, start=NEW_YEAR + 5 * PACE))[-2:] == [Kind.HEADING, Kind.PART]

    def test_what_has_changed_or_has_had_its_turn_is_not_posted(self, tx: Transaction) -> None:
        """R2: two processes at work post it once."""
        confirmed(tx, a_series(tx))
        (first,) = import_schedule(tx, now=NEW_YEAR).due
        text = chapter_text(tx, first)[1]
        assert release_imported(tx, Release(first, "another text", ("x",)), now=NEW_YEAR) is None
        assert release_imported(tx, Release(first, text, ("x",)), now=NEW_YEAR) is not None
        assert release_imported(tx, Release(first, text, ("x",)), now=NEW_YEAR) is None

    def test_who_follows_by_message_is_not_written_to_for_each(self, tx: Transaction) -> None:
        """It is told of as a whole."""
        story = a_series(tx)
        wish = FollowRequest(person=RUI, author_id=INES.id, series_id=story.id, how=How.MESSAGE)
        follow(tx, wish, now=NEW_YEAR)
        confirmed(tx, story)
        rounds(tx, 4)
        assert Kind.DIRECT not in kinds(carry(tx, NEW_YEAR.add(hours=1)))


class TestNoLaneIsTouched:
    """Every question that cadence asks answers as if nothing had come in."""

    def test_neither_lane_counts_it(self, tx: Transaction) -> None:
        """C1 and C2: the next chapter is a start, and at once; another series too."""
        story = a_series(tx)
        confirmed(tx, story, older("A", Date(2025, 12, 31)), older("B", Date(2026, 1, 1)))
        rounds(tx, 4)
        assert lanes.last_in_series(tx, story.id) is None
        assert lanes.last_start(tx, GUILD, INES.id) is None
        assert series.find(tx, story.id).starts_at is None
        receipt = handed_in(tx, story, now=NEW_YEAR)
        assert receipt.verdict.slot.at == NEW_YEAR

    def test_a_running_series_keeps_every_promise(self, tx: Transaction) -> None:
        """Also a chapter that is overdue goes out without the hour of C14 between it and older work."""
        story = a_series(tx)
        handed_in(tx, story)
        release_all(tx, NEW_YEAR)
        second = handed_in(tx, story, title="Two").chapter
        carry(tx, NEW_YEAR)
        before = waiting_chapters(tx, INES, None, now=NEW_YEAR)
        confirmed(tx, story, older("A", Date(2026, 1, 1)))
        rounds(tx, 3)
        after = waiting_chapters(tx, INES, None, now=NEW_YEAR)
        assert (after.series[0].waiting, after.series[0].next_free, after.next_start) == (
            before.series[0].waiting,
            before.series[0].next_free,
            before.next_start,
        )
        assert second.slot is not None
        late = second.slot.add(hours=5)
        number = asked(tx, story, older("B", Date(2025, 12, 31))).imported.id
        confirm_import(tx, MO, number, now=late)
        a_round(tx, late)
        assert release_all(tx, late) == [second.id]

    def test_taken_down_gives_no_slot_back_and_takes_none(self, tx: Transaction) -> None:
        """C11 has nothing to decide."""
        story = a_series(tx)
        confirmed(tx, story)
        rounds(tx, 4)
        done = take_down(tx, INES, why(tx, INES, "First").chapter.id, now=NEW_YEAR.add(hours=3))
        assert (done.counts, done.offer) == (False, None)
        assert lanes.last_in_series(tx, story.id) is None


class TestReach:
    """The second law, and labels that change afterwards."""

    def test_what_stays_home_is_not_told_of(self, tx: Transaction) -> None:
        """L5: one image without an answer keeps its chapter home, and only that."""
        confirmed(tx, a_series(tx), older("A", images=(an_image(),)), older("B", MARCH.add(days=1)))
        (announcement,) = [one for one in rounds(tx, 4) if one.delivery.kind is Kind.ANNOUNCEMENT]
        assert announcement.imported is not None
        assert [one.title for one in announcement.imported.announced] == ["B"]

    def test_nothing_is_announced_while_all_of_it_stays_home_and_then_once(self, tx: Transaction) -> None:
        """L10: described within 14 days after it came to its home, however old it is."""
        confirmed(tx, a_series(tx), older("A", images=(an_image(),)))
        assert Kind.ANNOUNCEMENT not in kinds(rounds(tx, 4))
        chapter = why(tx, INES, "A").chapter
        assert sweep_images(tx, now=NEW_YEAR.add(hours=24 * 13)) == 0
        claim_images(tx, INES, chapter.id, now=NEW_YEAR.add(hours=24 * 13))
        done = carry(tx, NEW_YEAR.add(hours=24 * 13))
        assert kinds(done).count(Kind.ANNOUNCEMENT) == 1

    @pytest.mark.parametrize("sent", [True, False])
    def test_made_stricter_it_is_told_of_no_more(self, tx: Transaction, sent: bool) -> None:
        """L10: before it is sent there is nothing to send; afterwards a neutral line."""
        number = confirmed(tx, a_series(tx), older("A"))
        rounds(tx, 1)
        end = NEW_YEAR + PACE
        keep_timetable(tx, now=end)
        if sent:
            assert kinds(carry(tx, end)) == [Kind.ANNOUNCEMENT]
        (announcement,) = posts.of_import(tx, number, Kind.ANNOUNCEMENT)
        if sent:
            assert announcement.message_id is not None
            assert explain_message(tx, RUI, announcement.message_id).chapter.title == "A"
        change = Change(by=INES.id, cause=Cause.AUTHOR, declaration=Declaration(Ai.GENERATED, None))
        relabel(tx, why(tx, INES, "A").chapter.id, change, now=end)
        errands = claim_due(tx, now=end)
        told = [one for one in errands if one.imported is not None]
        assert [one.delivery.kind for one in told] == [Kind.EDIT if sent else Kind.ANNOUNCEMENT]
        assert told[0].imported is not None
        assert told[0].imported.announced == ()
        assert told[0].moot is not sent
        if not sent:
            assert settle(tx, told[0].delivery, Outcome(Event.CANCEL), now=end) is State.CANCELLED

    def test_a_publish_of_what_travels_no_more_is_taken_back(self, tx: Transaction) -> None:
        """The second law, on other servers."""
        confirmed(tx, a_series(tx), older("A"))
        rounds(tx, 1)
        end = NEW_YEAR + PACE
        keep_timetable(tx, now=end)
        (errand,) = claim_due(tx, now=end)
        settle(tx, errand.delivery, Outcome(Event.DONE, message_id=77), publish=True, now=end)
        change = Change(by=INES.id, cause=Cause.AUTHOR, declaration=Declaration(Ai.GENERATED, None))
        relabel(tx, why(tx, INES, "A").chapter.id, change, now=end)
        assert Kind.PUBLISH not in kinds(carry(tx, end))


def test_before_its_turn_a_chapter_cannot_be_withdrawn_as_if_it_waited(tx: Transaction) -> None:
    """It is no waiting chapter; `/chapter queue` says nothing of it."""
    number = confirmed(tx, a_series(tx))
    first = view_import(tx, number, now=NEW_YEAR).chapters[0]
    assert waiting_chapters(tx, INES, None, now=NEW_YEAR).series[0].waiting == ()
    with pytest.raises(NotWaitingError):
        withdraw_chapter(tx, INES, first.id, now=NEW_YEAR)


def test_another_community_setting_it_up_sees_nothing_of_it(tx: Transaction) -> None:
    """The list is each community's own."""
    asked(tx, a_series(tx))
    a_community(tx, person=Person(GUILD + 1, 1))
    assert list_matters(tx, Person(GUILD + 1, 9), 0, now=NEW_YEAR).matters == ()
