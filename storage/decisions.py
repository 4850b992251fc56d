"""The log: every decision with the inputs it was made from, so that evaluating them again gives the same answer."""

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from whenever import Instant

from rules.cadence import Earlier, Lane, LaneKind
from rules.exceptions import Grant
from rules.labels import Ai, Labels
from rules.policy import Measure, Policy
from rules.verdict import Case, Verdict
from storage.transaction import Row, Transaction, maybe_milliseconds, maybe_moment, milliseconds, moment, new_id

THE_BOT = 0
"""The actor of what nobody pressed."""


class DecisionKind(StrEnum):
    """What was decided."""

    SUBMITTED = "submitted"
    REPLANNED = "replanned"
    """The slot of a waiting chapter was decided anew: an exception, a closed gap, a challenge."""
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the log."""

    id: int
    chapter_id: int | None
    kind: DecisionKind
    actor_id: int
    made_at: Instant
    policy_version: int
    inputs: str
    answer: str


_LATEST_SLOT = """
    SELECT id, chapter_id, kind, actor_id, made_at, policy_version, inputs, answer FROM decisions
     WHERE chapter_id = :chapter AND kind IN ('submitted', 'replanned') ORDER BY id DESC LIMIT 1
"""

_LATEST = """
    SELECT id, chapter_id, kind, actor_id, made_at, policy_version, inputs, answer FROM decisions
     WHERE chapter_id = :chapter AND kind = :kind ORDER BY id DESC LIMIT 1
"""


def record(
    tx: Transaction,
    kind: DecisionKind,
    *,
    community_id: int,
    chapter_id: int,
    actor_id: int,
    policy_version: int,
    inputs: str = "{}",
    answer: str = "{}",
    now: Instant,
) -> None:
    """Add a row; rows are never changed."""
    tx.insert(
        "decisions",
        {
            "id": new_id(now),
            "community_id": community_id,
            "chapter_id": chapter_id,
            "kind": kind,
            "actor_id": actor_id,
            "made_at": milliseconds(now),
            "policy_version": policy_version,
            "inputs": inputs,
            "answer": answer,
        },
    )


def latest(tx: Transaction, chapter_id: int, kind: DecisionKind) -> Decision | None:
    """The last decision of one kind on a chapter."""
    return _decision(tx.one(_LATEST, chapter=chapter_id, kind=kind))


def latest_slot(tx: Transaction, chapter_id: int) -> Decision | None:
    """The decision that gave a chapter the slot it now has."""
    return _decision(tx.one(_LATEST_SLOT, chapter=chapter_id))


def _decision(row: Row | None) -> Decision | None:
    if row is None:
        return None
    return Decision(
        row["id"],
        row["chapter_id"],
        DecisionKind(row["kind"]),
        row["actor_id"],
        moment(row["made_at"]),
        row["policy_version"],
        row["inputs"],
        row["answer"],
    )


def inputs_of(case: Case) -> str:
    """A case as it is recorded; its policy is recorded by its version."""
    last, labels, grant, pace = case.lane.last, case.labels, case.grant, case.pace
    return json.dumps(
        {
            "now": milliseconds(case.now),
            "wanted": maybe_milliseconds(case.wanted),
            "lane": case.lane.kind,
            "last": last and [last.chapter_id, last.title, last.series_title, milliseconds(last.slot)],
            "grant": grant and [grant.id, grant.lane, grant.series_id, grant.uses_left, milliseconds(grant.ends_at)],
            "pace": pace and [pace.zone, pace.measure, pace.series_days, pace.chapter_days],
            "place": maybe_milliseconds(case.place),
            "labels": [labels.ai, labels.sentence, labels.stands_in, labels.names_ai],
        },
        ensure_ascii=False,
    )


def answer_of(verdict: Verdict) -> str:
    """A verdict as it is recorded: two verdicts are the same exactly when these are."""
    return json.dumps(
        {
            "slot": milliseconds(verdict.slot.at),
            "because": verdict.slot.because,
            "free_from": maybe_milliseconds(verdict.slot.free_from),
            "reach": verdict.reach,
            "findings": [[f.rule, f.fault, f.paragraph, f.cure] for f in verdict.label_findings],
        },
        ensure_ascii=False,
    )


def case_of(inputs: str, policy: Policy) -> Case:
    """A recorded case, ready to be evaluated again."""
    document: dict[str, Any] = json.loads(inputs)
    last = document["last"]
    ai, sentence, stands_in, names_ai = document["labels"]
    return Case(
        now=moment(document["now"]),
        wanted=maybe_moment(document["wanted"]),
        lane=Lane(
            LaneKind(document["lane"]),
            None if last is None else Earlier(last[0], last[1], last[2], moment(last[3])),
        ),
        labels=Labels(Ai(ai), sentence, stands_in, names_ai=names_ai),
        policy=policy,
        grant=_grant(document.get("grant")),
        pace=_pace(document.get("pace"), policy),
        place=maybe_moment(document.get("place")),
    )


def _pace(recorded: list[Any] | None, policy: Policy) -> Policy | None:
    if recorded is None:
        return None
    zone, measure, series_days, chapter_days = recorded
    return replace(
        policy, zone=zone, measure=Measure(measure), series_days=series_days, chapter_days=chapter_days
    )


def _grant(recorded: list[Any] | None) -> Grant | None:
    if recorded is None:
        return None
    number, lane, series_id, uses_left, ends_at = recorded
    return Grant(id=number, lane=LaneKind(lane), series_id=series_id, uses_left=uses_left, ends_at=moment(ends_at))
