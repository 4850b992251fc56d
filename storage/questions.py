"""Questions about labels: what was asked, what the author said, and what became of it (L11)."""

from dataclasses import dataclass
from enum import StrEnum

from whenever import Instant

from rules.labels import Ai
from storage.transaction import Row, Transaction, maybe_moment, milliseconds, moment


class Outcome(StrEnum):
    """What a moderator decided in the end."""

    LEFT = "left"
    """The label stays as it is."""
    SET = "set"
    """A moderator has set the label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question about one chapter's label."""

    id: int
    community_id: int
    chapter_id: int
    question: str
    asked_by: int
    asked_at: Instant
    due: Instant | None
    """Until when its author has time; `None` until they can read it."""
    reminded_at: Instant | None
    answer: str | None
    corrected: Ai | None
    """The label that the author gave it with the answer."""
    answered_at: Instant | None
    closed_by: int | None
    closed_at: Instant | None
    outcome: Outcome | None


_COLUMNS = """
    id, community_id, chapter_id, question, asked_by, asked_at, due_at, reminded_at, answer, corrected, answered_at,
    closed_by, closed_at, outcome
"""

_QUESTION = f"SELECT {_COLUMNS} FROM questions WHERE id = :question"  # noqa: S608

_LATEST = f"SELECT {_COLUMNS} FROM questions WHERE chapter_id = :chapter ORDER BY id DESC LIMIT 1"  # noqa: S608

_STEPS = f"SELECT {_COLUMNS} FROM questions WHERE next_at <= :now ORDER BY next_at"  # noqa: S608

_NEXT_STEP = "SELECT MIN(next_at) AS next_at FROM questions WHERE next_at > :now"

_START = "UPDATE questions SET due_at = :due, next_at = :next WHERE id = :question AND due_at IS NULL"

_REMINDED = "UPDATE questions SET reminded_at = :now, due_at = :due, next_at = :due WHERE id = :question"

_REST = "UPDATE questions SET next_at = NULL WHERE id = :question"

_ANSWER = """
    UPDATE questions SET answer = :answer, corrected = :corrected, answered_at = :now, next_at = NULL
     WHERE id = :question
"""

_CLOSE = """
    UPDATE questions SET closed_by = :person, closed_at = :now, outcome = :outcome, next_at = NULL
     WHERE id = :question
"""

_REVISE = "UPDATE questions SET outcome = :outcome WHERE id = :question"


def find(tx: Transaction, question_id: int) -> Question | None:
    """One question."""
    row = tx.one(_QUESTION, question=question_id)
    return None if row is None else _question(row)


def latest(tx: Transaction, chapter_id: int) -> Question | None:
    """The last question about a chapter; only the last one can be open."""
    row = tx.one(_LATEST, chapter=chapter_id)
    return None if row is None else _question(row)


def steps(tx: Transaction, *, now: Instant) -> list[Question]:
    """The questions about which the bot itself has something to do now."""
    return [_question(row) for row in tx.all(_STEPS, now=milliseconds(now))]


def next_step(tx: Transaction, *, now: Instant) -> Instant | None:
    """When the bot next has something to do about a question."""
    row = tx.one(_NEXT_STEP, now=milliseconds(now))
    return None if row is None else maybe_moment(row["next_at"])


def add(tx: Transaction, question: Question) -> None:
    """Keep a new question."""
    tx.insert(
        "questions",
        {
            "id": question.id,
            "community_id": question.community_id,
            "chapter_id": question.chapter_id,
            "question": question.question,
            "asked_by": question.asked_by,
            "asked_at": milliseconds(question.asked_at),
        },
    )


def start(tx: Transaction, question_id: int, *, due: Instant, remind: Instant) -> None:
    """Its author can read it: their time runs."""
    tx.run(_START, question=question_id, due=milliseconds(due), next=milliseconds(remind))


def reminded(tx: Transaction, question_id: int, *, due: Instant, now: Instant) -> None:
    """Its author is reminded, and has time until `due`."""
    tx.run(_REMINDED, question=question_id, due=milliseconds(due), now=milliseconds(now))


def rest(tx: Transaction, question_id: int) -> None:
    """The bot itself has nothing more to do about it."""
    tx.run(_REST, question=question_id)


def answer(tx: Transaction, question_id: int, text: str, corrected: Ai | None, *, now: Instant) -> None:
    """Its author has answered."""
    tx.run(_ANSWER, question=question_id, answer=text, corrected=corrected, now=milliseconds(now))


def close(tx: Transaction, question_id: int, outcome: Outcome, *, by: int, now: Instant) -> None:
    """A moderator has decided."""
    tx.run(_CLOSE, question=question_id, outcome=outcome, person=by, now=milliseconds(now))


def revise(tx: Transaction, question_id: int, outcome: Outcome) -> None:
    """What was decided is undone (L12)."""
    tx.run(_REVISE, question=question_id, outcome=outcome)


def _question(row: Row) -> Question:
    return Question(
        id=row["id"],
        community_id=row["community_id"],
        chapter_id=row["chapter_id"],
        question=row["question"],
        asked_by=row["asked_by"],
        asked_at=moment(row["asked_at"]),
        due=maybe_moment(row["due_at"]),
        reminded_at=maybe_moment(row["reminded_at"]),
        answer=row["answer"],
        corrected=None if row["corrected"] is None else Ai(row["corrected"]),
        answered_at=maybe_moment(row["answered_at"]),
        closed_by=row["closed_by"],
        closed_at=maybe_moment(row["closed_at"]),
        outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
    )
