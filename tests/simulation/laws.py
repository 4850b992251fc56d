"""The laws, checked wherever something happens: what is, against what the model says."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rules.labels import Reach
from rules.verdict import Verdict, evaluate
from storage import chapters, communities, decisions
from storage.decisions import DecisionKind
from storage.transaction import Transaction
from tests.simulation.days import MINUTE, SECOND, span, spoken
from tests.simulation.lawbook import BrokenLawError, Law, broken
from tests.simulation.model import CATCH_UP, LATE, Chapter, Grant, Model, Series, State
from tests.simulation.plans import Expected, Move
from usecases.chapters import Receipt
from usecases.drafts import Preview

if TYPE_CHECKING:
    from tests.simulation.process import Process

_WAITING = "SELECT id, slot_at, exception_id FROM chapters WHERE state = 'waiting'"
_NOTICES = "SELECT COUNT(*) AS n FROM deliveries WHERE chapter_id = :id AND kind = 'notice'"

_MAY_BE_LATER = {Law.HOLD, Law.MOVED}
"""C9: a moderator's hold, and the author's own act."""
PROMPT = 40 * SECOND
"""How soon a bot at work lets a chapter out; less than `LATE`, more than one attempt that must be repeated."""
_IDLE_ROUNDS = 100
NODDING = 15 * MINUTE
"""How long a process sleeps at most; what another process promised it learns of only then."""


class Laws:
    """Checks that need no more than the model and what has just happened."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def previewed(self, shown: Preview, receipt: Receipt) -> None:
        """N4, where both were made at the same moment."""
        if shown.verdict != receipt.verdict:
            raise BrokenLawError(Law.PREVIEW, f"shown {shown.verdict}, decided {receipt.verdict}")

    def handed_in(self, tx: Transaction, chapter: Chapter, expected: Expected, receipt: Receipt) -> None:
        """C1 to C8, law 5 and the notices, for a chapter that was just handed in."""
        slot, zone = receipt.verdict.slot, chapter.book.zone
        at = slot.at.timestamp(unit="millisecond")
        lane, days = expected.lane.kind, chapter.book.days(expected.lane.kind)
        counted = slot.lane.last and slot.lane.last.slot.timestamp(unit="millisecond")
        counts_from = expected.lane.slot
        if counted != counts_from:
            told = [one and spoken(one, zone) for one in (counted, counts_from)]
            broken(Law.COUNTED, chapter, f"the {lane} lane counts from {told[0]}, by the rules from {told[1]}")
        if at != expected.slot:
            ahead = f" after {spoken(counts_from, zone)}" if counts_from else ""
            broken(
                Law.SLOT,
                chapter,
                f"promised {spoken(at, zone)} because {slot.because}; the rules give {spoken(expected.slot, zone)} "
                f"because {expected.reason.because} ({lane} lane, {days} days {chapter.book.measure}{ahead}); "
                f"it is {span(at - expected.slot)} off",
            )
        found, right = (str(slot.because), str(slot.lane.kind)), (expected.reason.because, lane)
        if found != right:
            broken(Law.RECORD, chapter, f"the reason is {found}, by the rules it is {right}")
        self._recorded(tx, chapter, DecisionKind.SUBMITTED, receipt.verdict)
        self.reach(chapter, receipt.verdict)
        planned = tx.one(_NOTICES, id=chapter.id)
        if planned is None or planned["n"] != int(chapter.notice):
            broken(Law.NOTICE, chapter, f"{planned and planned['n']} planned, not {int(chapter.notice)}")

    def reach(self, chapter: Chapter, verdict: Verdict) -> None:
        """L2 to L5, L7, L9, L10: how far a chapter would travel now, and by which rule it does not."""
        fails = chapter.fails()
        right = Reach.PERSONAL if fails else Reach.NETWORK
        rules = [finding.rule for finding in verdict.label_findings]
        if verdict.reach is not right or rules != fails:
            law = Law.REPAIR if chapter.repaired else Law.REACH
            broken(law, chapter, f"{verdict.reach} by {rules}; by the rules {right}, {fails} ({chapter.label})")

    def refused(self, chapters_waiting: int, limit: int, *, refused: bool) -> None:
        """C7: one more is refused exactly when so many wait."""
        if refused is not (chapters_waiting >= limit):
            raise BrokenLawError(Law.LIMIT, f"{chapters_waiting} wait, {limit} may; refused: {refused}")

    def promises_stand(self, tx: Transaction) -> None:
        """C9: after anybody's act, what waits is what waited, at the same slots, with the same exceptions."""
        stored = {row["id"]: (row["slot_at"], row["exception_id"]) for row in tx.all(_WAITING)}
        right = {
            chapter.id: (chapter.slot, chapter.grant and chapter.grant.id) for chapter in self._model.waiting.values()
        }
        if stored == right:
            return
        for chapter in self._model.waiting.values():
            found, use = stored.pop(chapter.id, (None, None))
            if found != chapter.slot:
                where = "gone" if found is None else spoken(found, chapter.book.zone)
                broken(Law.PROMISE, chapter, f"promised {spoken(chapter.slot, chapter.book.zone)}, now {where}")
            if use != right[chapter.id][1]:
                broken(Law.GRANT, chapter, f"it uses the exception {use}, by the rules {right[chapter.id][1]}")
        raise BrokenLawError(Law.PROMISE, f"{len(stored)} chapters wait that should not: {list(stored)}")

    def replanned(self, tx: Transaction, moves: Sequence[Move]) -> None:
        """C9 and law 5: each promise has moved where the rules say, later only as they allow, with its reason."""
        for move in {move.chapter: move for move in moves}.values():
            chapter, zone = move.chapter, move.chapter.book.zone
            found = chapters.find(tx, chapter.id)
            at = found and found.slot and found.slot.timestamp(unit="millisecond")
            if at != move.slot:
                told = f"promised {spoken(move.before, zone)}, now {at and spoken(at, zone)}"
                right = f"{spoken(move.slot, zone)} because {move.reason.because}"
                broken(move.law, chapter, f"{told}; by the rules {right}; {span((at or 0) - move.slot)} off")
            if at > move.before and move.law not in _MAY_BE_LATER:
                broken(Law.PROMISE, chapter, f"promised {spoken(move.before, zone)}, now {spoken(at, zone)}")
            self._explained(tx, chapter)
        moved_by_hand = {move.chapter.series for move in moves if move.law is Law.MOVED}
        for series in {move.chapter.series: None for move in moves}:
            if series not in moved_by_hand:
                self._in_order(series, moves)

    def _explained(self, tx: Transaction, chapter: Chapter) -> None:
        """Law 5: the last record of a slot gives it, with the reason and the lane that the rules give."""
        record = decisions.latest_slot(tx, chapter.id)
        if record is None:
            broken(Law.RECORD, chapter, "nothing says why it has its slot")
        policy = communities.policy_version(tx, chapter.series.community.id, record.policy_version)
        verdict = evaluate(decisions.case_of(record.inputs, policy))
        if decisions.answer_of(verdict) != record.answer or record.policy_version != chapter.book.version:
            broken(Law.RECORD, chapter, f"recorded {record.answer}, evaluated again {decisions.answer_of(verdict)}")
        slot = verdict.slot
        free = slot.free_from and slot.free_from.timestamp(unit="millisecond")
        told = (slot.at.timestamp(unit="millisecond"), str(slot.because), str(slot.lane.kind), free, verdict.delayed)
        reason = chapter.reason
        right = (chapter.slot, reason.because, reason.lane, reason.free, reason.delayed)
        if told != right:
            broken(Law.RECORD, chapter, f"the record says {told}, by the rules it is {right}")

    @staticmethod
    def _in_order(series: Series, moves: Sequence[Move]) -> None:
        """C7, where nobody has moved a chapter to another place."""
        before: dict[Chapter, int] = {}
        for move in moves:
            before.setdefault(move.chapter, move.before)
        waiting = series.waiting()
        once = sorted(waiting, key=lambda chapter: (before.get(chapter, chapter.slot), chapter.id))
        if once != waiting:
            raise BrokenLawError(
                Law.KEEPS_ORDER,
                f"{[one.key for one in once]} of {series.title!r} became {[one.key for one in waiting]}",
                series.author,
            )

    def released(self, tx: Transaction, chapter: Chapter, verdict: Verdict, *, up_since: int, now: int) -> None:
        """Laws 1, 2 and 5, for a chapter that goes out; the model does not know it yet."""
        zone, before = chapter.book.zone, chapter.series.last_release()
        if chapter.state is not State.WAITING:
            broken(Law.ONCE, chapter, f"it goes out while {chapter.state}")
        if now < chapter.slot:
            broken(Law.EARLY, chapter, f"out at {spoken(now, zone)}, promised {spoken(chapter.slot, zone)}")
        if now - chapter.slot > LATE and before is not None and now - before < CATCH_UP:
            broken(Law.CATCH_UP, chapter, f"{span(now - chapter.slot)} late, {span(now - before)} after the last")
        if chapter.series.keeps_back(chapter):
            broken(Law.EARLY, chapter, "it goes out while a moderator holds it back")
        if verdict.slot.at.timestamp(unit="millisecond") != chapter.slot:
            broken(Law.RECORD, chapter, f"released for {verdict.slot}, promised {spoken(chapter.slot, zone)}")
        self._prompt(chapter, up_since=up_since, patience=PROMPT, now=now)
        self.reach(chapter, verdict)
        self._recorded(tx, chapter, DecisionKind.RELEASED, verdict)

    @staticmethod
    def used(tx: Transaction, grant: Grant) -> None:
        """E1, E3: a grant is used as often as it moved something, and never more often than it was granted."""
        row = tx.one("SELECT spent FROM exceptions WHERE id = :id", id=grant.id)
        spent = row and row["spent"]
        if spent != grant.spent or grant.spent > grant.uses:
            numbers = f"{spent} uses spent of {grant.uses}, by the rules {grant.spent}"
            raise BrokenLawError(Law.GRANT, numbers, grant.author)

    def in_slot_order(self, due: tuple[int, ...]) -> None:
        """C14, for what goes out in one go."""
        slots = [self._model.chapters[one].slot for one in due if one in self._model.chapters]
        if slots != sorted(slots):
            raise BrokenLawError(Law.SLOT_ORDER, " then ".join(map(spoken, slots)))

    @staticmethod
    def not_restless(rounds: int, happenings: int) -> None:
        """A round follows something that happened or brings something about; so many at most lead to nothing."""
        if rounds > happenings + _IDLE_ROUNDS:
            raise BrokenLawError(Law.RESTLESS, f"{rounds} rounds, and only {happenings} things happened")

    def nothing_overdue(self, process: "Process", *, now: int) -> None:
        """C6: a process that looks around finds nothing it should have let out long ago."""
        if process.up_since is None:
            return
        patience = PROMPT + (NODDING if process.had_company else 0)
        for chapter in self._model.due(now):
            self._prompt(chapter, up_since=process.up_since, patience=patience, now=now)

    def _prompt(self, chapter: Chapter, *, up_since: int, patience: int, now: int) -> None:
        ready = self._model.ready(chapter, up_since=up_since)
        if now - ready > patience and not chapter.raced:
            broken(
                Law.PROMPT,
                chapter,
                f"promised {spoken(chapter.slot, chapter.book.zone)}; it could have gone out {span(now - ready)} ago",
            )

    def _recorded(self, tx: Transaction, chapter: Chapter, kind: DecisionKind, verdict: Verdict) -> None:
        record = decisions.latest(tx, chapter.id, kind)
        if record is None:
            broken(Law.RECORD, chapter, f"nothing says why it was {kind}")
        policy = communities.policy_version(tx, chapter.series.community.id, record.policy_version)
        again = decisions.answer_of(evaluate(decisions.case_of(record.inputs, policy)))
        if not again == record.answer == decisions.answer_of(verdict) or record.policy_version != chapter.book.version:
            broken(Law.RECORD, chapter, f"recorded {record.answer}, evaluated again {again}, told {verdict}")
