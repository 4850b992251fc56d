"""The log: what was decided, by whom, from what; and whether it would be decided so again (the fifth law)."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, partial

from rules.verdict import evaluate
from storage import appeals, chapters, communities, decisions, rulings
from storage.appeals import AppealState
from storage.chapters import Chapter
from storage.decisions import Decision, DecisionKind, Deed, Logged
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


_APPEALABLE = {
    DecisionKind.RELABELLED,
    DecisionKind.READ,
    DecisionKind.REQUEST_DECLINED,
    DecisionKind.IMPORT_DECLINED,
}
"""The kinds of which an appeal may have undone one (L12)."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What re-evaluating a whole database gave."""

    counts: Mapping[DecisionKind, int]
    evaluated: int
    different: tuple[Decision, ...]
    """Decisions that would not be made so again; there must be none."""


def read_log(tx: Transaction, moderator: Person, author_id: int | None, chapter_text: str | None) -> list[Logged]:
    """`/review audit`: the newest decisions of a community, on one author's work, or on one chapter.

    What a won appeal has undone says so, and so does the appeal (L12); the rows themselves are never changed.

    Raises:
        UnknownWorkError, AmbiguousTitleError: it is not clear which chapter is meant.
    """
    chapter_id = None
    if chapter_text is not None:
        found = pick_chapter(chapter_text, _handed_in(tx, moderator))
        if found is None:
            raise UnknownWorkError(chapter_text)
        chapter_id = found.id
    logged = decisions.newest(tx, moderator.community_id, author_id=author_id, chapter_id=chapter_id, limit=_SHOWN)
    return [_with_appeal(tx, entry) for entry in logged]


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


def _with_appeal(tx: Transaction, entry: Logged) -> Logged:
    decision = entry.decision
    if decision.kind not in _APPEALABLE | {DecisionKind.APPEAL_GRANTED}:
        return entry
    inputs = json.loads(decision.inputs)
    if decision.kind is DecisionKind.APPEAL_GRANTED:
        before = _appealed(tx, decision.chapter_id, inputs["against"])
        return entry if before is None else replace(entry, undoes=Deed(before.actor_id, before.made_at))
    act_id = _act_of(tx, decision, inputs)
    appeal = None if act_id is None else appeals.against(tx, act_id)
    if appeal is None or appeal.state is not AppealState.GRANTED or not appeal.decided_by or not appeal.decided_at:
        return entry
    return replace(entry, undone=Deed(appeal.decided_by, appeal.decided_at))


def _act_of(tx: Transaction, decision: Decision, inputs: Mapping[str, int]) -> int | None:
    """What an appeal against a decision names: a ruling, a request or an import."""
    if decision.kind is DecisionKind.RELABELLED and decision.chapter_id is not None:
        set_by = rulings.set_by(tx, decision.chapter_id, decision.id)
        return None if set_by is None else set_by.id
    return next((inputs[act] for act in ("ruling", "request", "import") if act in inputs), None)


def _appealed(tx: Transaction, chapter_id: int | None, act_id: int) -> Decision | None:
    """The decision that an appeal was against: a set label, a declined request or a declined import."""
    ruling = rulings.find(tx, act_id)
    if ruling is None:
        return decisions.declined(tx, chapter_id, act_id)
    return None if ruling.before_id is None else decisions.find(tx, ruling.before_id)


def _handed_in(tx: Transaction, moderator: Person) -> list[Chapter]:
    return chapters.handed_in_in_community(tx, moderator.community_id)
