"""`/policy try`: a changed policy over what a community's authors have handed in; nothing is written.

A trial is read in pieces, so that nobody waits for it, and counted between them in a thread of its own.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rules.amendments import Change
from rules.labels import Reach
from rules.policy import Policy
from rules.tallies import Tally
from rules.trials import Event, Recorded, Withdrawal, replay
from storage import communities, decisions, trials
from storage.decisions import DecisionKind
from storage.transaction import Transaction, moment
from storage.trials import Entry, HandedIn
from usecases.people import Person, community_of

MOST_CHAPTERS = 10_000
"""How far back a trial goes; what is older is told, and left out."""
_PIECE = 250
"""About so many chapters are read at a time, whole authors each."""
_EVENTS = {
    DecisionKind.SUBMITTED: Event.SLOT,
    DecisionKind.REPLANNED: Event.SLOT,
    DecisionKind.RELEASED: Event.OUT,
    DecisionKind.IMPORTED: Event.OUT,
    DecisionKind.RELABELLED: Event.LABEL,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is tried over what."""

    changes: tuple[Change, ...]
    zone: str
    """Whose weeks are counted: the community's own."""
    policies: dict[int, Policy]
    pieces: tuple[tuple[HandedIn, ...], ...]
    cut: bool
    """There is more than a trial goes back."""
    amended: dict[int, Policy] = field(default_factory=dict)

    def amend(self, policy: Policy) -> Policy:
        """A version as if the changes had held then; also with a pace of its own (C9)."""
        if self.policies.get(policy.version) is policy:
            if policy.version not in self.amended:
                self.amended[policy.version] = self._changed(policy)
            return self.amended[policy.version]
        return self._changed(policy)

    def _changed(self, policy: Policy) -> Policy:
        values: dict[str, Any] = {one.name: one.after for one in self.changes}
        return replace(policy, **values) if values else policy


def plan_trial(tx: Transaction, person: Person, changes: tuple[Change, ...]) -> Plan:
    """What there is to be tried.

    Raises:
        NotSetUpError: the community is not set up.
    """
    community = community_of(tx, person)
    versions = communities.versions(tx, person.community_id)
    found = trials.handed_in(tx, person.community_id, limit=MOST_CHAPTERS + 1)
    return Plan(
        changes,
        community.policy.zone,
        {one.policy.version: one.policy for one in versions},
        _pieces(found[:MOST_CHAPTERS]),
        cut=len(found) > MOST_CHAPTERS,
    )


def decided(tx: Transaction, piece: Sequence[HandedIn]) -> list[Entry]:
    """What was decided on some authors' chapters."""
    return trials.decided(tx, [one.id for one in piece])


def count(plan: Plan, piece: Sequence[HandedIn], entries: Sequence[Entry], tally: Tally) -> None:
    """Decide it all anew, author by author, and count what would have been otherwise."""
    known = {one.id: one for one in piece}
    records: defaultdict[int, list[Recorded | Withdrawal]] = defaultdict(list)
    for entry in entries:
        chapter = known[entry.chapter_id]
        records[chapter.author_id].append(_recorded(entry, chapter, plan.policies[entry.policy_version]))
    for of_author in records.values():
        tally.add(replay(of_author, plan.amend))


def _recorded(entry: Entry, chapter: HandedIn, policy: Policy) -> Recorded | Withdrawal:
    if entry.kind is DecisionKind.WITHDRAWN:
        return Withdrawal(chapter.id, chapter.series_id)
    answer = json.loads(entry.answer)
    return Recorded(
        event=_EVENTS[entry.kind],
        chapter_id=chapter.id,
        series_id=chapter.series_id,
        at=entry.made_at,
        case=decisions.case_of(entry.inputs, policy),
        slot=moment(answer["slot"]),
        reach=Reach(answer["reach"]),
        rules=tuple(rule for rule, *_ in answer["findings"]),
    )


def _pieces(found: Sequence[HandedIn]) -> tuple[tuple[HandedIn, ...], ...]:
    """Whole authors together, since one author's lanes depend on each other (C1, C2) and on nobody else's."""
    authors: defaultdict[int, list[HandedIn]] = defaultdict(list)
    for one in found:
        authors[one.author_id].append(one)
    pieces: list[list[HandedIn]] = [[]]
    for works in authors.values():
        if len(pieces[-1]) >= _PIECE:
            pieces.append([])
        pieces[-1] += works
    return tuple(tuple(piece) for piece in pieces)
