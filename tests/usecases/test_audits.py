"""The fifth law: every decision is recorded with its reason, and would be made so again."""

import json

import pytest

from cogs.replies import audits
from rules.cadence import LaneKind
from rules.labels import Ai
from storage.decisions import DecisionKind, Deed
from storage.transaction import Transaction
from tests.faces.stage import text_of_view
from tests.rules.build import NEW_YEAR
from tests.usecases.build import GUILD, INES, RUI, a_community, a_series, handed_in
from tests.usecases.test_exceptions import MARGE, MO, grant
from tests.usecases.test_questions import DUE
from tests.usecases.test_releases import release_all
from tests.usecases.test_rulings import TWO, a_doubted_chapter, ruled
from usecases.appealable import find_appealable
from usecases.appeals import answer_appeal, appeal
from usecases.audits import audit_database, read_log
from usecases.chapters import withdraw_chapter
from usecases.exceptions import revoke_exception
from usecases.holds import HoldWork, hold_work
from usecases.people import Person
from usecases.refusals import UnknownWorkError
from usecases.requests import ask_exception, decline_request
from usecases.rulings import confirm_ruling


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
    assert audit.counts[DecisionKind.POLICY_CHANGED] == 1
    assert audit.evaluated == sum(audit.counts.values()) - 3


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


def test_l12_the_log_says_of_a_set_label_that_an_appeal_has_undone_it(tx: Transaction) -> None:
    """In both entries, and in no other; the rows are as they were made."""
    chapter = ruled(tx, a_doubted_chapter(tx)).chapter
    rows = [tuple(row) for row in tx.all("SELECT * FROM decisions ORDER BY id")]
    made = appeal(tx, INES, find_appealable(tx, INES, str(chapter.id), now=DUE), "I wrote it all", now=DUE)
    assert not [one for one in read_log(tx, MO, None, None) if one.undone or one.undoes]
    answer_appeal(tx, MARGE, made.appeal.id, "I have read it", granted=True, now=DUE.add(hours=1))

    log = read_log(tx, MO, None, str(chapter.id))

    assert {one.decision.kind: one.undone for one in log if one.undone} == {
        DecisionKind.RELABELLED: Deed(MARGE.id, DUE.add(hours=1))
    }
    assert {one.decision.kind: one.undoes for one in log if one.undoes} == {
        DecisionKind.APPEAL_GRANTED: Deed(MO.id, DUE)
    }
    assert [tuple(row) for row in tx.all("SELECT * FROM decisions ORDER BY id")][: len(rows)] == rows
    text = text_of_view(audits.log(log))
    assert text.count(f"**undone** <t:{DUE.add(hours=1).timestamp()}:f>: <@{MARGE.id}> granted an appeal") == 1
    assert text.count(f"undoes what <@{MO.id}> decided <t:{DUE.timestamp()}:f>") == 1
    assert text.count("given back by a won appeal") == 1


def test_l12_so_it_does_of_both_readers_and_of_a_declined_request(tx: Transaction) -> None:
    """What the first of two has read is undone as well."""
    chapter = a_doubted_chapter(tx)
    proposed = ruled(tx, chapter, reason=TWO)
    confirm_ruling(tx, RUI, proposed.ruling.id, now=DUE)
    made = appeal(tx, INES, find_appealable(tx, INES, str(chapter.id), now=DUE), "I wrote it all", now=DUE)
    answer_appeal(tx, MARGE, made.appeal.id, "I have read it", granted=True, now=DUE)
    kinds = [one.decision.kind for one in read_log(tx, MO, None, str(chapter.id)) if one.undone]
    assert kinds == [DecisionKind.RELABELLED, DecisionKind.READ]

    waiting = handed_in(tx, a_series(tx, "Lanterns"), title="L1", now=DUE).chapter
    asked = ask_exception(tx, INES, waiting.id, "please", now=DUE)
    decline_request(tx, MO, asked.id, "you had one", now=DUE)
    made = appeal(tx, INES, asked.id, "please", now=DUE)
    answer_appeal(tx, MARGE, made.appeal.id, "go on", granted=True, now=DUE)
    log = read_log(tx, MO, None, str(waiting.id))
    assert [one.decision.kind for one in log if one.undone] == [DecisionKind.REQUEST_DECLINED]
    assert [one.undoes for one in log if one.undoes] == [Deed(MO.id, DUE)]


def test_l12_what_stands_after_an_appeal_is_not_called_undone(tx: Transaction) -> None:
    """It was kept."""
    chapter = ruled(tx, a_doubted_chapter(tx)).chapter
    made = appeal(tx, INES, find_appealable(tx, INES, str(chapter.id), now=DUE), "I wrote it all", now=DUE)
    answer_appeal(tx, MARGE, made.appeal.id, "no", granted=False, now=DUE)
    assert not [one for one in read_log(tx, MO, None, None) if one.undone or one.undoes]


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
