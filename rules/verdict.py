"""One evaluator: preview, decision, notice and `/why` are this one computation (N4)."""

from dataclasses import dataclass

from whenever import Instant

from rules.cadence import Because, Lane, Slot, slot_for
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
    """C6, C7, C8, L2 to L4: the slot from the lane alone, the reach from the labels alone (C12, L13)."""
    slot = slot_for(case.lane, now=case.now, wanted=case.wanted, policy=case.policy)
    findings = label_findings(case.labels, case.policy)
    return Verdict(slot, reach_of(findings), findings)
