"""What is decided about a chapter, kept in the log with what it was decided from (N4, N5)."""

import json
from collections.abc import Mapping

from whenever import Instant

from rules.verdict import Case, Verdict
from storage import decisions
from storage.chapters import Chapter
from storage.decisions import DecisionKind
from storage.transaction import Transaction


def record_act(
    tx: Transaction, kind: DecisionKind, chapter: Chapter, facts: Mapping[str, object], *, by: int, now: Instant
) -> None:
    """N5: what somebody did about a chapter, with their reason among the facts."""
    decisions.record(
        tx,
        kind,
        community_id=chapter.community_id,
        chapter_id=chapter.id,
        actor_id=by,
        policy_version=chapter.policy_version,
        inputs=json.dumps(facts, ensure_ascii=False),
        now=now,
    )


def record_verdict(
    tx: Transaction, kind: DecisionKind, chapter: Chapter, case: Case, verdict: Verdict, *, by: int, now: Instant
) -> None:
    """N4: what the rules said of a chapter, so that evaluating the case again says the same."""
    decisions.record(
        tx,
        kind,
        community_id=chapter.community_id,
        chapter_id=chapter.id,
        actor_id=by,
        policy_version=chapter.policy_version,
        inputs=decisions.inputs_of(case),
        answer=decisions.answer_of(verdict),
        now=now,
    )
