"""The laws, checked wherever something happens: what is, against what the model says."""

from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn

from rules.labels import Reach
from rules.verdict import Verdict, evaluate
from storage import communities, decisions
from storage.decisions import DecisionKind
from storage.transaction import Transaction
from tests.simulation.days import MINUTE, SECOND, span, spoken
from tests.simulation.model import CATCH_UP, LATE, Chapter, Expected, Model, State
from usecases.chapters import Receipt
from usecases.drafts import Preview

if TYPE_CHECKING:
    from tests.simulation.process import Process

_NOTICES = "SELECT COUNT(*) AS n FROM deliveries WHERE chapter_id = :id AND kind = 'notice'"

PROMPT = 40 * SECOND
"""How soon a bot at work lets a chapter out; less than `LATE`, more than one attempt that must be repeated."""
NODDING = 15 * MINUTE
"""How long a process sleeps at most; what another process promised it learns of only then."""


class Law(StrEnum):
    """What must always hold; the number is the law's at the end of `rules.md`, or the rule's."""

    SLOT = "1 (C1-C8): every slot is exactly the earliest the rules give"
    COUNTED = "1 (C1, C2, C5): a lane counts from the slot of the last chapter in it"
    PROMISE = "1 (C9): no promise moves by itself"
    EARLY = "1: no chapter goes out before its slot"
    PROMPT = "1 (C6): a chapter goes out when its time has come"
    LIMIT = "C7: so many chapters of a series wait, and no more"
    CATCH_UP = "C14: overdue chapters of a series keep an hour between them"
    SLOT_ORDER = "C14: overdue chapters go out in slot order"
    REACH = "2 (L2-L4, L9): nothing with personal reach ever stands in a network channel"
    INDEPENDENT = "3: labels change no time"
    ONCE = "4: no message is posted twice"
    NOT_LOST = "4: no message is lost"
    ORDER = "R1: what stands in a channel stands in order"
    ONE_SENDER = "R1, R4 (architecture, deliveries 5): a channel has one sender at a time"
    BUDGET = "R4: publishing keeps to Discord's limit"
    HELD = "R3: what is held is reported, once each time"
    RECORD = "5: every decision is recorded with its reason and evaluates to the same answer"
    NOTICE = "C6, N2: every delayed or restricted submission plans exactly one notice"
    PREVIEW = "N4: the preview is the decision"
    SOUND = "no act ever meets a fault of ours"


class BrokenLawError(Exception):
    """A law that does not hold, with the numbers."""

    def __init__(self, law: Law, numbers: str, author: int | None = None) -> None:
        super().__init__(law, numbers)
        self.law = law
        self.numbers = numbers
        self.author = author


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
        lane, days = expected.lane, chapter.book.chapter_days
        if lane == "series":
            days = chapter.book.series_days
        counted = slot.lane.last and slot.lane.last.slot.timestamp(unit="millisecond")
        counts_from = expected.counts_from and expected.counts_from.slot
        if counted != counts_from:
            told = [one and spoken(one, zone) for one in (counted, counts_from)]
            broken(Law.COUNTED, chapter, f"the {lane} lane counts from {told[0]}, by the rules from {told[1]}")
        if at != expected.slot:
            ahead = f" after {spoken(expected.counts_from.slot, zone)}" if expected.counts_from else ""
            broken(
                Law.SLOT,
                chapter,
                f"promised {spoken(at, zone)} because {slot.because}; the rules give {spoken(expected.slot, zone)} "
                f"because {expected.because} ({lane} lane, {days} days {chapter.book.measure}{ahead}); "
                f"it is {span(at - expected.slot)} off",
            )
        found, right = (str(slot.because), str(slot.lane.kind)), (expected.because, lane)
        if found != right:
            broken(Law.RECORD, chapter, f"the reason is {found}, by the rules it is {right}")
        self._recorded(tx, chapter, DecisionKind.SUBMITTED, receipt.verdict)
        self.reach(chapter, receipt.verdict)
        planned = tx.one(_NOTICES, id=chapter.id)
        if planned is None or planned["n"] != int(chapter.notice):
            broken(Law.NOTICE, chapter, f"{planned and planned['n']} planned, not {int(chapter.notice)}")

    def reach(self, chapter: Chapter, verdict: Verdict) -> None:
        """L2, L3, L4, L7, L9: how far a chapter would travel now, and by which rule it does not."""
        fails = chapter.label.fails(chapter.book)
        right = Reach.NETWORK if fails is None else Reach.PERSONAL
        rules = [finding.rule for finding in verdict.label_findings]
        if verdict.reach is not right or rules != [fails] * (fails is not None):
            broken(Law.REACH, chapter, f"{verdict.reach} by {rules}; by the rules {right}, {fails} ({chapter.label})")

    def refused(self, chapters_waiting: int, limit: int, *, refused: bool) -> None:
        """C7: one more is refused exactly when so many wait."""
        if refused is not (chapters_waiting >= limit):
            raise BrokenLawError(Law.LIMIT, f"{chapters_waiting} wait, {limit} may; refused: {refused}")

    def promises_stand(self, tx: Transaction) -> None:
        """C9: after anybody's act, what waits is what waited, at the same slots."""
        rows = tx.all("SELECT id, slot_at FROM chapters WHERE state = 'waiting'")
        stored = {row["id"]: row["slot_at"] for row in rows}
        if len(stored) == len(self._model.waiting) and all(
            stored.get(chapter.id) == chapter.slot for chapter in self._model.waiting.values()
        ):
            return
        for chapter in self._model.waiting.values():
            found = stored.pop(chapter.id, None)
            if found != chapter.slot:
                where = "gone" if found is None else spoken(found, chapter.book.zone)
                broken(Law.PROMISE, chapter, f"promised {spoken(chapter.slot, chapter.book.zone)}, now {where}")
        raise BrokenLawError(Law.PROMISE, f"{len(stored)} chapters wait that should not: {list(stored)}")

    def released(self, tx: Transaction, chapter: Chapter, verdict: Verdict, *, up_since: int, now: int) -> None:
        """Laws 1, 2 and 5, for a chapter that goes out; the model does not know it yet."""
        zone, before = chapter.book.zone, chapter.series.last_release()
        if chapter.state is not State.WAITING:
            broken(Law.ONCE, chapter, f"it goes out while {chapter.state}")
        if now < chapter.slot:
            broken(Law.EARLY, chapter, f"out at {spoken(now, zone)}, promised {spoken(chapter.slot, zone)}")
        if now - chapter.slot > LATE and before is not None and now - before < CATCH_UP:
            broken(Law.CATCH_UP, chapter, f"{span(now - chapter.slot)} late, {span(now - before)} after the last")
        self._prompt(chapter, up_since=up_since, patience=PROMPT, now=now)
        self.reach(chapter, verdict)
        self._recorded(tx, chapter, DecisionKind.RELEASED, verdict)

    def in_slot_order(self, due: tuple[int, ...]) -> None:
        """C14, for what goes out in one go."""
        slots = [self._model.chapters[one].slot for one in due if one in self._model.chapters]
        if slots != sorted(slots):
            raise BrokenLawError(Law.SLOT_ORDER, " then ".join(map(spoken, slots)))

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


def broken(law: Law, chapter: Chapter, numbers: str) -> NoReturn:
    """Say which chapter it is about.

    Raises:
        BrokenLawError: always.
    """
    name = f"{chapter.key!r} of {chapter.series.title!r} by author {chapter.series.author}"
    raise BrokenLawError(law, f"{name}: {numbers}", chapter.series.author)


def author_of(chapter: Chapter | None) -> int | None:
    """Whose chapter it is."""
    return None if chapter is None else chapter.series.author
