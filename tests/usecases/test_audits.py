"""The fifth law: every decision is recorded with its reason, and would be made so again."""

import json

import pytest

from rules.cadence import LaneKind
from rules.labels import Ai
from storage.decisions import DecisionKind
from storage.transaction import Transaction
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, RUI, a_community, a_series, handed_in
from tests.usecases.test_exceptions import MO, grant
from tests.usecases.test_releases import release_all
from usecases.audits import audit_database, read_log
from usecases.chapters import withdraw_chapter
from usecases.exceptions import revoke_exception
from usecases.holds import HoldWork, hold_work
from usecases.people import Person
from usecases.refusals import UnknownWorkError
from usecases.requests import ask_exception, decline_request


def some_history(tx: Transaction) -> None:
    """Chapters of two authors under two policies, an exception, a withdrawal, releases."""
    series = a_series(tx)
    for number, ai in enumerate(Ai):
        handed_in(tx, series, title=str(number), ai=ai)
    grant(tx)
    a_community(tx, zone="Europe/Berlin")
    theirs = a_series(tx, "B", person=RUI)
    last = [handed_in(tx, theirs, title=f"B{n}", person=RUI, wanted=NEW_YEAR.add(hours=n)) for n in range(2)][-1]
    withdraw_chapter(tx, RUI, last.chapter.id, now=NEW_YEAR)
    for day in range(4):
        release_all(tx, NEW_YEAR.add(hours=24 * day + 6))


def test_every_decision_of_a_database_re_evaluates_to_itself(tx: Transaction) -> None:
    """With the counts."""
    some_history(tx)
    audit = audit_database(tx)
    assert audit.different == ()
    assert audit.counts[DecisionKind.SUBMITTED] == 5
    assert audit.counts[DecisionKind.REPLANNED] == 1
    assert audit.counts[DecisionKind.WITHDRAWN] == 1
    assert audit.counts[DecisionKind.EXCEPTION_GRANTED] == 1
    assert audit.evaluated == sum(audit.counts.values()) - 2


def test_a_decision_that_was_tampered_with_is_found(tx: Transaction) -> None:
    """The audit can fail."""
    some_history(tx)
    tx.run("UPDATE decisions SET answer = replace(answer, 'network', 'personal') WHERE kind = 'submitted'")
    assert audit_database(tx).different != ()


def test_the_log_is_read_newest_first_whole_by_author_or_by_chapter(tx: Transaction) -> None:
    """`/review audit`; another community's is not shown."""
    some_history(tx)
    everything = read_log(tx, MO, None, None)
    ids = [entry.decision.id for entry in everything]
    assert ids == sorted(ids, reverse=True)
    assert {entry.chapter_title for entry in read_log(tx, MO, INES.id, None)} == {"0", "1", "2", None}
    first = everything[-1].decision.chapter_id
    assert {entry.decision.chapter_id for entry in read_log(tx, MO, None, str(first))} == {first}
    assert {entry.chapter_title for entry in read_log(tx, MO, None, "b1")} == {"B1"}  # withdrawn
    with pytest.raises(UnknownWorkError):
        read_log(tx, MO, None, "Nothing")
    assert read_log(tx, Person(GUILD + 1, 1), None, None) == []


def test_n5_every_act_of_a_moderator_stands_in_the_log_with_its_reason_and_whose_work_it_concerns(
    tx: Transaction,
) -> None:
    """Grants, refusals, revocations, pauses: also those that are about no chapter."""
    series = a_series(tx)
    queue = [handed_in(tx, series, title=title).chapter for title in ("One", "Two")]
    granted = grant(tx, lane=LaneKind.SERIES, reason="a festival")
    revoke_exception(tx, MO, str(granted.exception.grant.id), "it was cancelled", now=NEW_YEAR)
    asked = ask_exception(tx, INES, queue[1].id, "please", now=NEW_YEAR)
    decline_request(tx, MO, asked.id, "you had one", now=NEW_YEAR)
    work = HoldWork(moderator=MO, chapter=None, series="salt", reason="rights", until=None)
    hold_work(tx, work, now=NEW_YEAR)

    acts = [entry for entry in read_log(tx, MO, INES.id, None) if entry.decision.actor_id == MO.id]

    assert [(one.decision.kind, json.loads(one.decision.inputs)["reason"]) for one in acts] == [
        (DecisionKind.HELD, "rights"),
        (DecisionKind.REQUEST_DECLINED, "you had one"),
        (DecisionKind.EXCEPTION_REVOKED, "it was cancelled"),
        (DecisionKind.EXCEPTION_GRANTED, "a festival"),
    ]
    assert {one.author_id for one in acts} == {INES.id}
    assert [one.series_title for one in acts] == ["The Salt Road", "The Salt Road", None, None]
