"""One evaluator: preview, decision, notice and `/why` are this one computation (N4)."""

from dataclasses import dataclass, replace

from whenever import Instant

from rules.cadence import Because, Lane, LaneKind, Slot, slot_for
from rules.challenges import Turn, challenge_slot
from rules.exceptions import Grant
from rules.labels import LabelFinding, Labels, Reach, label_findings, reach_of
from rules.policy import Policy
from rules.repairs import Repair, repair_findings


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
    resumed: Instant | None = None
    """The slot that the end of a hold gave it (C9)."""
    place: Instant | None = None
    """The slot of the place to which its author moved it (C9)."""
    imported: Instant | None = None
    """Older work: when it first came out (C13)."""
    turn: Turn | None = None
    """What its challenge slot is made from, in an entered series (H3)."""
    repair: Repair | None = None
    """Its label has changed after it went out (L10)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """When a chapter goes out and how far it travels, each with its reasons."""

    slot: Slot
    reach: Reach
    label_findings: tuple[LabelFinding, ...]

    @property
    def delayed(self) -> bool:
        """C6: the rules, not the author, hold the chapter back."""
        slot = self.slot
        spread = slot.because is Because.CHALLENGE and slot.turn is not None and slot.at > slot.turn.planned_at
        return slot.because is Because.LANE or spread

    @property
    def restricted(self) -> bool:
        """The labels keep the chapter in its home (N2)."""
        return self.reach is Reach.PERSONAL


def evaluate(case: Case) -> Verdict:
    """C6 to C9, C13, E2, L2 to L5, L10: the slot from the lane alone, the reach from the labels alone (C12, L13)."""
    pace = case.pace or case.policy
    slot = slot_for(case.lane, now=case.now, wanted=case.wanted, policy=pace, excepted=case.grant is not None)
    if case.place is not None:
        slot = replace(slot, at=case.place, because=Because.MOVED)
    if case.turn is not None:
        slot = _in_challenge(slot, case.turn, case)
    if case.resumed is not None:
        slot = replace(slot, at=case.resumed, because=Because.HOLD)
    if case.imported is not None:
        slot = replace(slot, at=case.imported, because=Because.IMPORTED)
    findings = label_findings(case.labels, case.policy) or repair_findings(case.repair, case.policy)
    return Verdict(slot, reach_of(findings), findings)


def _in_challenge(slot: Slot, turn: Turn, case: Case) -> Slot:
    """H2, H5: the earlier of two slots; a start is not exempt from C1 but by the policy's switch.

    Where both are the same, an exception is not used up (E3).
    """
    slot = replace(slot, turn=turn)
    if case.lane.kind is LaneKind.SERIES and not case.policy.challenge_lifts_start:
        return slot
    at = challenge_slot(turn, wanted=case.wanted, policy=case.policy)
    if at is None or at > slot.at or (at == slot.at and slot.because is not Because.EXCEPTION):
        return slot
    return replace(slot, at=at, because=Because.WANTED if at == case.wanted else Because.CHALLENGE)
