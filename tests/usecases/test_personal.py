"""Export and deletion: every table is walked, so that a forgotten column fails by itself."""

import json
import re
from pathlib import Path

import pytest
from whenever import Instant

from rules.cadence import LaneKind
from storage import deliveries, exceptions, kept_starts, lanes
from storage.belongings import ERASED, TABLES
from storage.decisions import THE_BOT
from storage.follows import How
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.simulation.history import draw
from tests.simulation.setting import Setting
from tests.simulation.trial import a_world
from tests.usecases.build import (
    GUILD,
    INES,
    MODERATORS,
    NETWORK,
    RUI,
    a_community,
    a_database,
    a_draft,
    a_series,
    an_image,
    handed_in,
)
from tests.usecases.test_imports import asked, older
from tests.usecases.test_releases import carry, release_all
from usecases import takedowns
from usecases.amendments import open_amendment, type_in
from usecases.appeals import appeal
from usecases.audits import audit_database
from usecases.challenges import ProposeChallenge, enter_challenge, open_challenge, propose_challenge
from usecases.deadlines import Deadline
from usecases.doubts import say_doubt
from usecases.exceptions import GrantException, grant_exception, revoke_exception
from usecases.follows import FollowRequest, follow
from usecases.holds import HoldWork, end_hold, hold_work
from usecases.import_decisions import decline_import
from usecases.less import ask_less
from usecases.matters import take_matter
from usecases.people import Person
from usecases.personal import File, collect, erase, outlook, sweep_kept_starts
from usecases.questions import answer_question, ask_about_label
from usecases.refusals import StillPostingError
from usecases.requests import ask_exception, decline_request

HELENE = Person(GUILD, 7_000_000_000_000_000_007)
"""Author, moderator and reader, with an id that is nothing else's."""
JUDGE = Person(GUILD, 6_000_000_000_000_000_006)
FAN = Person(GUILD, 5_000_000_000_000_000_005)
NAMED = re.compile(r"(_id|_by|author|reader|actor|person|moderator)$")
LATER = NEW_YEAR.add(hours=1)
MINE = "zephyrine"
"""Stands in each of Helene's own words."""


def everything_about(tx: Transaction, whom: Person) -> None:
    """She has written, asked, appealed, followed and moderated; and others have judged her and follow her."""
    story = a_series(tx, f"{MINE} roads", person=whom)
    first = handed_in(tx, story, person=whom, text=f"{MINE} rang.", title=f"{MINE} one")
    release_all(tx, LATER)
    carry(tx, LATER)
    picture = an_image(MINE)
    second = handed_in(tx, story, person=whom, text=f"{MINE} again.", title=f"{MINE} two", images=(picture,), now=LATER)
    a_draft(tx, story, person=whom, title=f"{MINE} draft", now=LATER)
    request = ask_exception(tx, whom, second.chapter.id, f"{MINE} please", now=LATER)
    take_matter(tx, JUDGE, request.id, now=LATER)
    decline_request(tx, JUDGE, request.id, "not this time", now=LATER)
    appeal(tx, whom, request.id, f"{MINE} again, please", now=LATER)
    typed = open_amendment(tx, whom, None, now=LATER).amendment
    type_in(tx, whom, typed.id, {"standard_disclosure": f"{MINE} used AI."}, now=LATER)
    question = ask_about_label(tx, JUDGE, str(first.chapter.id), "Who wrote it?", now=LATER)
    carry(tx, LATER)
    answer_question(tx, whom, question.question.id, f"{MINE} did", None, now=LATER)
    for _ in range(2):
        grant = GrantException(
            moderator=JUDGE, author_id=whom.id, lane=LaneKind.SERIES, reason="for the feast", series=None
        )
        grant_exception(tx, grant, now=LATER)
    draft = propose_challenge(tx, a_challenge(whom), now=LATER)
    open_challenge(tx, whom, draft.terms.id, now=LATER)
    enter_challenge(tx, whom, story.title, draft.terms.name, now=LATER)
    hold_work(
        tx, HoldWork(moderator=JUDGE, chapter=None, series=str(story.id), reason="a pause", until=None), now=LATER
    )
    other = a_series(tx, "The Salt Road")
    theirs = handed_in(tx, other, title="One")
    release_all(tx, LATER)
    carry(tx, LATER)
    follow(tx, FollowRequest(person=whom, author_id=INES.id, series_id=other.id, how=How.THREAD), now=LATER)
    follow(tx, FollowRequest(person=FAN, author_id=whom.id, series_id=None, how=How.MESSAGE), now=LATER)
    follow(tx, FollowRequest(person=FAN, author_id=whom.id, series_id=story.id, how=How.THREAD), now=LATER)
    ask_less(tx, whom, theirs.chapter.id, f"author:{INES.id}", now=LATER)
    ask_less(tx, FAN, first.chapter.id, f"author:{whom.id}", now=LATER)
    say_doubt(tx, FAN, first.chapter.id, "between me and you", now=LATER)
    say_doubt(tx, whom, theirs.chapter.id, f"{MINE} wonders", now=LATER)
    waits = handed_in(tx, other, title="Two", now=LATER)
    hold = HoldWork(moderator=whom, chapter=str(waits.chapter.id), series=None, reason="until Monday", until=None)
    held = hold_work(tx, hold, now=LATER)
    end_hold(tx, whom, held.hold.id, "it is Monday", now=LATER)
    theirs_asked = ask_exception(tx, INES, waits.chapter.id, "my words to all", now=LATER)
    decline_request(tx, whom, theirs_asked.id, "her answer", now=LATER)
    given = GrantException(moderator=whom, author_id=INES.id, lane=LaneKind.SERIES, reason="her reason", series=None)
    revoked = grant_exception(tx, given, now=LATER)
    revoke_exception(tx, whom, str(revoked.exception.grant.id), "her second thought", now=LATER)
    grant_exception(tx, given, now=LATER)
    ask_about_label(tx, whom, str(theirs.chapter.id), "her question", now=LATER)
    mine = asked(tx, story, older(f"{MINE} before", text=f"{MINE} of old."), person=whom).imported
    decline_import(tx, JUDGE, mine.id, "Whose is it?", now=LATER)
    appeal(tx, whom, mine.id, f"{MINE} says: mine", now=LATER)
    decline_import(tx, whom, asked(tx, other).imported.id, "her refusal", now=LATER)
    carry(tx, LATER)


def a_challenge(moderator: Person) -> ProposeChallenge:
    """Ends in a month."""
    deadline = Deadline(NEW_YEAR.add(hours=30 * 24), "UTC", whole_day=False)
    return ProposeChallenge(
        moderator=moderator, name="Winter", deadline=deadline, opens=None, window_days=None, about=None
    )


def tables(tx: Transaction) -> list[str]:
    """Every table there is."""
    return [
        row["name"] for row in tx.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    ]


def names(tx: Transaction, needle: object) -> list[str]:
    """Where a person's id or word stands, in any column of any table."""
    found = []
    for table in tables(tx):
        for row in tx.all(f"SELECT * FROM {table}"):
            found += [
                f"{table}.{column}"
                for column, value in dict(row).items()
                if value == needle or (isinstance(value, str) and str(needle) in value)
            ]
    return found


class TestTheRegistry:
    """`storage/belongings.py` knows every column that could concern a person."""

    def test_every_such_column_of_every_table_is_declared_once(self, tx: Transaction) -> None:
        """A new table, or a new column that names a person or holds text, fails here until it says whose it is."""
        undeclared = []
        for name in tables(tx):
            table = TABLES.get(name)
            declared = (*table.people, *table.actors, *table.words, *table.said, *table.plain) if table else ()
            assert len(declared) == len(set(declared)), name
            links = {row["from"] for row in tx.all(f"PRAGMA foreign_key_list({name})")}
            columns = {row["name"]: row["type"] for row in tx.all(f"PRAGMA table_info({name})")}
            assert set(declared) <= set(columns), name
            undeclared += [
                f"{name}.{column}"
                for column, kind in columns.items()
                if (NAMED.search(column) or kind in {"TEXT", "BLOB"})
                if column not in declared and column not in links
            ]
            assert table is not None, f"{name} is in no registry"
        assert undeclared == []
        assert set(TABLES) == set(tables(tx))

    def test_words_of_who_acted_name_an_actor(self) -> None:
        """So that nobody is given another's words as theirs."""
        for table in TABLES.values():
            assert set(table.said.values()) <= set(table.actors)


class TestExport:
    """Everything about oneself, nothing of others."""

    def test_it_holds_texts_images_and_what_was_said(self, tx: Transaction) -> None:
        """As files that people can read."""
        everything_about(tx, HELENE)
        files = {file.name: file.data.decode(errors="replace") for file in collect(tx, HELENE)}
        assert sum(name.startswith("texts/") for name in files) == 4
        assert f"{MINE} rang." in files[f"texts/001 {MINE} roads - {MINE} one.md"]
        assert any(name.startswith("images/") and name.endswith(".png") for name in files)
        assert "not this time" in files["requests.json"]
        assert json.loads(files["requests.json"])[0]["decided_by"] == "somebody else"
        assert "for the feast" in files["exceptions.json"]
        assert "Who wrote it?" in files["questions.json"]
        assert {"follows.json", "less.json", "memberships.json", "series.json", "decisions.json"} <= set(files)
        assert "her answer" in files["acts/requests.json"]
        assert "until Monday" in files["acts/holds.json"]
        assert "Whose is it?" in files["imports.json"]
        assert "her refusal" in files["acts/imports.json"]
        assert f"{MINE} says: mine" in files["appeals.json"]

    def test_it_holds_nobody_elses_id_or_words(self, tx: Transaction) -> None:
        """Neither of who judged one's work or follows it, nor of whose work one judged."""
        everything_about(tx, HELENE)
        told = b"".join(file.data for file in collect(tx, HELENE)).decode(errors="replace")
        assert str(HELENE.id) in told
        assert str(JUDGE.id) not in told
        assert str(FAN.id) not in told
        assert "my words to all" not in told
        assert "between me and you" not in told
        assert f"{MINE} wonders" in told

    def test_who_has_nothing_here_gets_nothing(self, tx: Transaction) -> None:
        """And their outlook says so."""
        everything_about(tx, HELENE)
        nobody = Person(GUILD, 5)
        assert collect(tx, nobody) == []
        assert outlook(tx, nobody, now=LATER).holdings.empty


class TestDeletion:
    """No row names the person, and everybody else's work goes on."""

    @pytest.mark.parametrize("take_down", [False, True])
    def test_no_row_names_the_person_or_holds_their_words(self, tx: Transaction, take_down: bool) -> None:
        """Every table, every column."""
        everything_about(tx, HELENE)
        assert set(names(tx, HELENE.id)) >= {"series.author_id", "less.value", "decisions.actor_id", "holds.held_by"}
        assert names(tx, MINE)
        collect(tx, HELENE)
        erase(tx, HELENE, take_down=take_down, now=LATER)
        assert names(tx, HELENE.id) == []
        assert names(tx, MINE) == []
        assert outlook(tx, HELENE, now=LATER).holdings.empty
        assert collect(tx, HELENE) == []
        assert tx.all("PRAGMA foreign_key_check") == []

    def test_the_file_itself_holds_nothing_of_it_any_more(self, tmp_path: Path) -> None:
        """Not in pages that SQLite keeps for later use either."""
        with a_database(tmp_path) as tx:
            a_community(tx)
            everything_about(tx, HELENE)
            tx.run("COMMIT")
            tx.all("PRAGMA wal_checkpoint(TRUNCATE)")
            assert MINE.encode() in (tmp_path / "colophon.sqlite3").read_bytes()
            tx.run("BEGIN")
            erase(tx, HELENE, take_down=True, now=LATER)
            tx.run("COMMIT")
            tx.all("PRAGMA wal_checkpoint(TRUNCATE)")
            assert MINE.encode() not in (tmp_path / "colophon.sqlite3").read_bytes()

    def test_what_others_rely_on_stays_without_the_name(self, tx: Transaction) -> None:
        """Acts and reasons, a grant that still works, a log that evaluates to itself."""
        everything_about(tx, HELENE)
        before = exceptions.open_grants(tx, GUILD, INES.id, now=LATER)
        erase(tx, HELENE, take_down=False, now=LATER)
        assert exceptions.open_grants(tx, GUILD, INES.id, now=LATER) == before != []
        assert "her answer" in [row["answer"] for row in tx.all("SELECT answer FROM requests")]
        assert {row["decided_by"] for row in tx.all("SELECT decided_by FROM requests")} == {ERASED}
        assert audit_database(tx).different == ()
        assert carry(tx, LATER)

    def test_nothing_of_another_community_is_touched(self, tx: Transaction) -> None:
        """A person in a server: this server's."""
        elsewhere = Person(GUILD + 1000, HELENE.id)
        a_community(tx, person=Person(elsewhere.community_id, 1))
        a_series(tx, person=elsewhere)
        everything_about(tx, HELENE)
        erase(tx, HELENE, take_down=True, now=LATER)
        assert names(tx, HELENE.id) == ["series.author_id"]

    @pytest.mark.parametrize("take_down", [False, True])
    def test_what_stands_of_the_chapters_goes_if_wanted_and_cards_go_in_any_case(
        self, tx: Transaction, take_down: bool
    ) -> None:
        """By deliveries of their own that name nobody; a home's opening comes last, under its thread's id."""
        everything_about(tx, HELENE)
        done = erase(tx, HELENE, take_down=take_down, now=LATER)
        planned = tx.all("SELECT * FROM deliveries WHERE kind = 'remove' ORDER BY id")
        assert done.removals == len(planned) > 0
        targets = [row["target_id"] for row in planned]
        assert MODERATORS in targets
        assert (targets[0] == NETWORK) is take_down
        assert (planned[-1]["target_id"] == planned[-1]["message_id"]) is take_down
        assert all(row["series_id"] is None and row["message_id"] for row in planned)

    def test_what_was_being_taken_down_goes_on_being_taken_down(self, tx: Transaction) -> None:
        """A withdrawn chapter's removals survive the deletion of all that is known of it."""
        story = a_series(tx, person=HELENE)
        chapter = handed_in(tx, story, person=HELENE).chapter
        release_all(tx, NEW_YEAR)
        carry(tx, NEW_YEAR)
        takedowns.take_down(tx, HELENE, chapter.id, now=NEW_YEAR)
        done = erase(tx, HELENE, take_down=False, now=NEW_YEAR)
        assert done.removals >= 2

    def test_while_something_is_on_its_way_nothing_is_deleted(self, tx: Transaction) -> None:
        """Or it would stand where nobody knows of it."""
        story = a_series(tx, person=HELENE)
        handed_in(tx, story, person=HELENE)
        release_all(tx, NEW_YEAR)
        (first, *_) = deliveries.claimable(tx, now=NEW_YEAR, limit=1)
        deliveries.claim(tx, first, now=NEW_YEAR)
        with pytest.raises(StillPostingError):
            erase(tx, HELENE, take_down=True, now=NEW_YEAR)
        assert names(tx, HELENE.id)

    def test_a_second_press_finds_nothing_more(self, tx: Transaction) -> None:
        """And plans nothing twice."""
        everything_about(tx, HELENE)
        erase(tx, HELENE, take_down=True, now=LATER)
        again = erase(tx, HELENE, take_down=True, now=LATER)
        assert again.outlook.holdings.empty
        assert again.removals == 0
        assert len(tx.all("SELECT 1 FROM kept_starts")) == 1


class TestTheLaneGoesOn:
    """C1: deleting one's data resets no clock."""

    def test_who_comes_back_waits_as_before(self, tx: Transaction) -> None:
        """To the second, and through a second deletion; the notice has no title to name."""
        handed_in(tx, a_series(tx, person=HELENE), person=HELENE)
        release_all(tx, NEW_YEAR)
        carry(tx, NEW_YEAR)
        kept = outlook(tx, HELENE, now=LATER).kept_until
        erase(tx, HELENE, take_down=True, now=LATER)
        again = handed_in(tx, a_series(tx, "Lanterns", person=HELENE), person=HELENE, now=LATER)
        assert again.verdict.slot.at == kept == NEW_YEAR.add(hours=14 * 24)
        assert again.verdict.slot.lane.last is not None
        assert again.verdict.slot.lane.last.title == ""
        assert audit_database(tx).different == ()
        erase(tx, HELENE, take_down=True, now=LATER)
        assert last_start(tx, HELENE) == NEW_YEAR
        assert last_start(tx, RUI) is None

    def test_a_promise_that_is_withdrawn_with_all_else_is_not_counted(self, tx: Transaction) -> None:
        """C10: it frees its slot."""
        handed_in(tx, a_series(tx, person=HELENE), person=HELENE, wanted=NEW_YEAR.add(hours=48))
        assert outlook(tx, HELENE, now=LATER).kept_until is None
        erase(tx, HELENE, take_down=False, now=LATER)
        assert last_start(tx, HELENE) is None

    def test_the_date_goes_when_the_rule_no_longer_needs_it(self, tx: Transaction) -> None:
        """Not a moment sooner."""
        handed_in(tx, a_series(tx, person=HELENE), person=HELENE)
        release_all(tx, NEW_YEAR)
        carry(tx, NEW_YEAR)
        erase(tx, HELENE, take_down=False, now=LATER)
        lapses = NEW_YEAR.add(hours=14 * 24)
        assert sweep_kept_starts(tx, now=lapses.subtract(seconds=1)) == 0
        assert sweep_kept_starts(tx, now=lapses) == 1
        assert tx.all("SELECT 1 FROM kept_starts") == []

    def test_two_rows_of_one_person_have_nothing_in_common(self, tx: Transaction) -> None:
        """Each has a key of its own."""
        for days in (1, 2):
            slot = NEW_YEAR.add(hours=24 * days)
            kept_starts.keep(tx, GUILD, HELENE.id, slot=slot, lapses=slot, now=NEW_YEAR)
        rows = tx.all("SELECT key, author_hash FROM kept_starts")
        assert len({row["key"] for row in rows}) == len({row["author_hash"] for row in rows}) == 2


def last_start(tx: Transaction, person: Person) -> Instant | None:
    """What C1 counts from."""
    found = lanes.last_start(tx, person.community_id, person.id)
    return None if found is None else found.slot


def test_after_a_simulated_year_everybody_can_be_exported_and_erased() -> None:
    """Whatever their year has left: no column that can name a person names one, and the log is as good as before."""
    setting = Setting(4, authors=10, days=200)
    with a_world(setting) as world:
        world.live(draw(setting))
        world.bot().write(_erase_everybody)


def _erase_everybody(tx: Transaction) -> None:
    people = {
        Person(community["id"], row["person"])
        for community in tx.all("SELECT id FROM communities")
        for name, table in TABLES.items()
        for column in (*table.people, *table.actors)
        for row in tx.all(f"SELECT DISTINCT {column} AS person FROM {name}")
        if isinstance(row["person"], int) and row["person"] > 0
    }
    now = Instant.from_utc(2030, 1, 1)
    assert len(people) > 10
    assert any(collect(tx, person) for person in people)
    for person in people:
        erase(tx, person, take_down=True, now=now)
        assert collect(tx, person) == []
    for name, table in TABLES.items():
        for column in (*table.people, *table.actors):
            left = {row["person"] for row in tx.all(f"SELECT DISTINCT {column} AS person FROM {name}")}
            assert left <= {ERASED, THE_BOT, None}, (name, column)
    assert audit_database(tx).different == ()
    assert tx.all("SELECT 1 FROM deliveries WHERE kind <> 'remove' AND series_id IS NOT NULL") == []


def test_files_have_names_that_every_system_takes(tx: Transaction) -> None:
    """Whatever a title holds."""
    story = a_series(tx, "../\\ up: <and> away?", person=HELENE)
    handed_in(tx, story, person=HELENE, title="CON|*\n" + "x" * 200)
    (text,) = [file for file in collect(tx, HELENE) if file.name.startswith("texts/")]
    assert isinstance(text, File)
    assert re.fullmatch(r"texts/[\w .,'()-]{1,60}\.md", text.name)
