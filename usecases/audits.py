"""The log: what was decided, by whom, from what; and whether it would be decided so again (the fifth law)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial

from rules.verdict import evaluate
from storage import chapters, communities, decisions
from storage.chapters import Chapter
from storage.decisions import Decision, DecisionKind, Logged
from storage.transaction import Transaction
from usecases.people import Person, matching, pick_chapter
from usecases.refusals import UnknownWorkError

_SHOWN = 15
_EVALUATED = {
    DecisionKind.SUBMITTED,
    DecisionKind.REPLANNED,
    DecisionKind.RELEASED,
    DecisionKind.RELABELLED,
    DecisionKind.IMPORTED,
}
"""The kinds whose answer is a verdict; the others record an act and its reason."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What re-evaluating a whole database gave."""

    counts: Mapping[DecisionKind, int]
    evaluated: int
    different: tuple[Decision, ...]
    """Decisions that would not be made so again; there must be none."""


def read_log(tx: Transaction, moderator: Person, author_id: int | None, chapter_text: str | None) -> list[Logged]:
    """`/review audit`: the newest decisions of a community, on one author's work, or on one chapter.

    Raises:
        UnknownWorkError, AmbiguousTitleError: it is not clear which chapter is meant.
    """
    chapter_id = None
    if chapter_text is not None:
        found = pick_chapter(chapter_text, _handed_in(tx, moderator))
        if found is None:
            raise UnknownWorkError(chapter_text)
        chapter_id = found.id
    return decisions.newest(tx, moderator.community_id, author_id=author_id, chapter_id=chapter_id, limit=_SHOWN)


def suggest_logged(tx: Transaction, moderator: Person, typed: str) -> list[Chapter]:
    """Everybody's chapters that were ever handed in and whose title holds what was typed so far, the newest first."""
    return matching(typed, _handed_in(tx, moderator))


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


def _handed_in(tx: Transaction, moderator: Person) -> list[Chapter]:
    return chapters.handed_in_in_community(tx, moderator.community_id)
