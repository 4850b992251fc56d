"""Labels that were shown with what they would do, and wait for their author's confirmation."""

from dataclasses import dataclass

from whenever import Instant

from rules.labels import Ai, Cure, Declaration
from storage.transaction import Transaction, milliseconds


@dataclass(frozen=True, slots=True)
class Proposal:
    """Another label for a chapter, as it was shown."""

    id: int
    chapter_id: int
    declaration: Declaration
    cure: Cure | None
    mark: int
    """What tells the result that was shown from any other."""


_FIND = "SELECT id, chapter_id, ai, disclosure, answered, cure, mark FROM proposals WHERE id = :proposal"

_DROP = "DELETE FROM proposals WHERE id = :proposal"

_DROP_OLD = "DELETE FROM proposals WHERE made_at < :before"


def add(tx: Transaction, proposal: Proposal, *, now: Instant) -> None:
    """Keep what a preview is made of, so that its buttons work after a restart."""
    tx.insert(
        "proposals",
        {
            "id": proposal.id,
            "chapter_id": proposal.chapter_id,
            "ai": proposal.declaration.ai,
            "disclosure": proposal.declaration.disclosure,
            "answered": proposal.declaration.answered,
            "cure": proposal.cure,
            "mark": proposal.mark,
            "made_at": milliseconds(now),
        },
    )


def find(tx: Transaction, proposal_id: int) -> Proposal | None:
    """One proposal, until it is confirmed or dropped."""
    row = tx.one(_FIND, proposal=proposal_id)
    if row is None:
        return None
    declaration = Declaration(Ai(row["ai"]), row["disclosure"], answered=bool(row["answered"]))
    return Proposal(
        row["id"], row["chapter_id"], declaration, None if row["cure"] is None else Cure(row["cure"]), row["mark"]
    )


def drop(tx: Transaction, proposal_id: int) -> bool:
    """Forget a proposal; `False` if somebody has before."""
    return tx.run(_DROP, proposal=proposal_id) == 1


def drop_old(tx: Transaction, *, before: Instant) -> int:
    """Forget proposals that nobody came back to; how many."""
    return tx.run(_DROP_OLD, before=milliseconds(before))
