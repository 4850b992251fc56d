"""What time alone brings: holds end, windows open, authors are reminded, appeals become overdue, imports are done."""

from dataclasses import dataclass

from whenever import Instant

from storage import challenges, holds
from storage.transaction import Transaction
from usecases import appeals, arrivals, questions
from usecases.holds import end_due_holds, holds_are_due
from usecases.turns import plan_due_windows, windows_are_due


@dataclass(frozen=True, slots=True)
class Timetable:
    """Whether anything has come, and when the next thing will."""

    due: bool
    next_at: Instant | None


def timetable(tx: Transaction, *, now: Instant) -> Timetable:
    """What has come by itself and is not done yet."""
    found = (
        holds_are_due(tx, now=now),
        windows_are_due(tx, now=now),
        questions.reminders_are_due(tx, now=now),
        appeals.reminders_are_due(tx, now=now),
        arrivals.ends_are_due(tx, now=now),
    )
    return Timetable(any(due for due, _ in found), min((at for _, at in found if at is not None), default=None))


def keep_timetable(tx: Transaction, *, now: Instant) -> None:
    """Do what has come, each thing once (C9, C13, H2, L11, L12).

    What moves promises is done in the order in which it came, each from its own moment: however late the bot is, all
    stands as if it had been there (C5).
    """
    for moment in _moments(tx, now=now):
        end_due_holds(tx, come_by=moment, now=now)
        plan_due_windows(tx, come_by=moment, now=now)
    questions.remind(tx, now=now)
    appeals.remind(tx, now=now)
    arrivals.end_whole_imports(tx, now=now)


def _moments(tx: Transaction, *, now: Instant) -> list[Instant]:
    """When holds have ended and windows have opened, as far as nothing was done about it yet."""
    ended = {hold.until for hold in holds.ending(tx, now=now) if hold.until is not None}
    opened = {challenge.terms.window_opens for challenge in challenges.windows_due(tx, now=now)}
    return sorted(ended | opened)
