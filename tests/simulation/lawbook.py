"""The laws by their names, and what is raised where one does not hold."""

from enum import StrEnum
from typing import NoReturn

from tests.simulation.model import Chapter


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
    REPAIR = "L10: a repair is news once and in time; what is made stricter is taken back"
    INDEPENDENT = "3: labels change no time"
    ONCE = "4: no message is posted twice"
    NOT_LOST = "4: no message is lost"
    ORDER = "R1: what stands in a channel stands in order"
    ONE_SENDER = "R1, R4 (architecture, deliveries 5): a channel has one sender at a time"
    BUDGET = "R4: publishing keeps to Discord's limit"
    HELD = "R3: what is held is reported, once each time"
    GRANT = "E1-E4: a grant moves the first chapter that the rules delay, as often as granted"
    DECIDED = "E5-E7: one decision wins, and nobody decides for themselves"
    CHALLENGE = "H2, H3, H7: challenge slots are spread over the time left, never later than promised"
    ENTERED = "H1, H4: who enters when, and what they are told"
    HOLD = "C9: the end of a hold makes late what it kept back, and no more than it must"
    TIMETABLE = "C9, H2: what time alone brings is seen when it comes"
    EARLIER = "C9, C10: what waits comes earlier by its author's press, as the plan said"
    MOVED = "C7-C9: another place takes its slot, and pushes others only for a wish"
    KEEPS_ORDER = "C7: a series' waiting chapters keep their order"
    TAKEN_DOWN = "C11: what is taken down gives its slot back within 30 minutes and while nobody has a copy"
    IMPORTED = "C13: older work comes once, in the order of its dates, announced as a whole, and touches no lane"
    ERASED = "C1 (my-data): a deletion leaves no name, nothing comes after it, and the last start goes on counting"
    ANSWERED = "N5: every act of a moderator on somebody's work reaches that person, once"
    ASKED = "L11, L12: a question is posed once, reminded of once, and rises once, as an appeal does"
    RECORD = "5: every decision is recorded with its reason and evaluates to the same answer"
    NOTICE = "C6, N2: every delayed or restricted submission plans exactly one notice"
    PREVIEW = "N4: the preview is the decision"
    READERS = "R6: what readers press concerns them alone, and reaches no chapter"
    RESTLESS = "a bot at rest rests: it looks up when something comes, not again and again for what cannot go on"
    SOUND = "no act ever meets a fault of ours"


class BrokenLawError(Exception):
    """A law that does not hold, with the numbers."""

    def __init__(self, law: Law, numbers: str, author: int | None = None) -> None:
        super().__init__(law, numbers)
        self.law = law
        self.numbers = numbers
        self.author = author


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
