"""The log: what was decided, by whom, from what; and whether it would be decided so again (the fifth law)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial

from rules.verdict import evaluate
from storage import chapters, communities, decisions
from storage.decisions import Decision, DecisionKind
from storage.transaction import Transaction
from usecases.people import Person

_SHOWN = 15
_EVALUATED = {DecisionKind.SUBMITTED, DecisionKind.REPLANNED, DecisionKind.RELEASED}
"""The kinds whose answer is a verdict; the others record an act and its reason."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log, with the chapter it is about."""

    decision: Decision
    title: str | None


@dataclass(frozen=True, slots=True)
class Audit:
    """What re-evaluating a whole database gave."""

    counts: Mapping[DecisionKind, int]
    evaluated: int
    different: tuple[Decision, ...]
    """Decisions that would not be made so again; there must be none."""


def read_log(tx: Transaction, moderator: Person, author_id: int | None, chapter_id: int | None) -> list[Entry]:
    """`/review audit`: the newest decisions of a community, of one author, or on one chapter."""
    found = decisions.newest(tx, moderator.community_id, author_id=author_id, chapter_id=chapter_id, limit=_SHOWN)
    return [Entry(decision, _title(tx, decision.chapter_id)) for decision in found]


def audit_database(tx: Transaction) -> Audit:
    """Evaluate every recorded decision again, from its recorded inputs and the policy version it names."""
    policy_of = cache(partial(communities.policy_version, tx))
    counts: Counter[DecisionKind] = Counter()
    different: list[Decision] = []
    for community_id, decision in decisions.each(tx):
        counts[decision.kind] += 1
        if decision.kind in _EVALUATED:
            policy = policy_of(community_id, decision.policy_version)
            if decisions.answer_of(evaluate(decisions.case_of(decision.inputs, policy))) != decision.answer:
                different.append(decision)
    evaluated = sum(counts[kind] for kind in _EVALUATED)
    return Audit(counts, evaluated, tuple(different))


def _title(tx: Transaction, chapter_id: int | None) -> str | None:
    chapter = None if chapter_id is None else chapters.find(tx, chapter_id)
    return chapter.title if chapter else None
