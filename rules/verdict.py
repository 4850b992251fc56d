"""One evaluator: preview, decision, notice and `/why` are this one computation (N4)."""

from dataclasses import dataclass, replace

from whenever import Instant

from rules.cadence import Because, Lane, Slot, slot_for
from rules.exceptions import Grant
from rules.labels import LabelFinding, Labels, Reach, label_findings, reach_of
from rules.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything a verdict is made from, and nothing else; what is recorded re-evaluates to the same answer."""

    now: Instant
    wanted: Instant | None
    lane: Lane
    labels: Labels
    policy: Policy
    grant: Grant | None = None
    """The exception it would use if the lane delayed it (E2)."""
    pace: Policy | None = None
    """A looser policy that sets its time alone, because its author took the earlier slot (C9)."""
    place: Instant | None = None
    """The slot of the place to which its author moved it (C9)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """When a chapter goes out and how far it travels, each with its reasons."""

    slot: Slot
    reach: Reach
    label_findings: tuple[LabelFinding, ...]

    @property
    def delayed(self) -> bool:
        """C6: the rules, not the author, hold the chapter back."""
        return self.slot.because is Because.LANE

    @property
    def restricted(self) -> bool:
        """The labels keep the chapter in its home (N2)."""
        return self.reach is Reach.PERSONAL


def evaluate(case: Case) -> Verdict:
    """C6 to C9, E2, L2 to L4: the slot from the lane alone, the reach from the labels alone (C12, L13)."""
    pace = case.pace or case.policy
    slot = slot_for(case.lane, now=case.now, wanted=case.wanted, policy=pace, excepted=case.grant is not None)
    if case.place is not None:
        slot = replace(slot, at=case.place, because=Because.MOVED)
    findings = label_findings(case.labels, case.policy)
    return Verdict(slot, reach_of(findings), findings)
