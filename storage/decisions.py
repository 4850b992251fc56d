"""The log: every decision with the inputs it was made from, so that evaluating them again gives the same answer."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from whenever import Instant

from rules.cadence import Earlier, Lane, LaneKind
from rules.labels import Ai, Labels
from rules.policy import Policy
from rules.verdict import Case, Verdict
from storage.transaction import Transaction, maybe_milliseconds, maybe_moment, milliseconds, moment, new_id

THE_BOT = 0
"""The actor of what nobody pressed."""


class DecisionKind(StrEnum):
    """What was decided."""

    SUBMITTED = "submitted"
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
    row = tx.one(_LATEST, chapter=chapter_id, kind=kind)
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
    last, labels = case.lane.last, case.labels
    return json.dumps(
        {
            "now": milliseconds(case.now),
            "wanted": maybe_milliseconds(case.wanted),
            "lane": case.lane.kind,
            "last": last and [last.chapter_id, last.title, last.series_title, milliseconds(last.slot)],
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
    )
