"""What the rules give, read from `rules.md` and from nothing else: lanes, slots, reach, limits."""

import heapq
from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import takewhile

from rules.pages import Page
from tests.simulation.books import Book, Label
from tests.simulation.days import HOUR, MINUTE, days_later

LATE = MINUTE
"""C14: from when a release counts as late."""
REPAIR_DAYS = 14
"""L10: how long after a personal release a mended label is news."""
CATCH_UP = HOUR
"""C14: what overdue chapters of one series keep between them."""


class State(StrEnum):
    """Where a chapter stands."""

    WAITING = "waiting"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


@dataclass(slots=True, eq=False)
class Series:
    """A story."""

    id: int
    community: "Community"
    author: int
    title: str
    thread: int | None = None
    """Its home, once it is open."""
    chapters: list["Chapter"] = field(default_factory=list)
    coming: list[tuple["Chapter", str | None]] = field(default_factory=list)
    """What must come to stand in its home, in order; `None` for a heading."""
    skipped: list[tuple["Chapter", str | None]] = field(default_factory=list)
    """What should stand already, because something behind it does."""
    troubled: bool = False
    """Something of it was held once: then the rest goes on without it (R3)."""
    challenge: "Challenge | None" = None
    """The last one it was entered in (H1)."""
    entered_at: int = 0
    holds: list["Hold"] = field(default_factory=list)
    """What moderators keep back of it at present (C9)."""
    freed_at: int = 0
    """When something was last let go that a hold had kept back."""

    def counted(self) -> list["Chapter"]:
        """What its lane counts: promised, out, or taken down too late (C11)."""
        return [chapter for chapter in self.chapters if chapter.state is not State.WITHDRAWN or chapter.counts]

    def start(self) -> "Chapter | None":
        """C3: what the series lane counts of it."""
        return min(self.counted(), key=place, default=None)

    def waiting(self) -> list["Chapter"]:
        """C7: what waits, in its order."""
        return sorted((chapter for chapter in self.chapters if chapter.state is State.WAITING), key=place)

    def unheld(self) -> list["Chapter"]:
        """C9: what waits, as far as no hold keeps it back."""
        return list(takewhile(lambda chapter: not self.keeps_back(chapter), self.waiting()))

    def keeps_back(self, chapter: "Chapter") -> bool:
        """C7, C9: whether a hold is on the series, on the chapter, or on one ahead of it."""
        return any(
            hold.chapter is None or (hold.chapter.state is State.WAITING and place(hold.chapter) <= place(chapter))
            for hold in self.holds
        )

    def last_release(self) -> int | None:
        """When its last chapter really went out."""
        out = (chapter for chapter in self.chapters if chapter.state is State.RELEASED)
        return max((chapter.released_at for chapter in out if chapter.released_at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a chapter has its slot: what decided it, and what its lane then was."""

    because: str
    lane: str
    free: int | None
    """When the lane alone would have let it out; `None` for an empty lane."""
    spread: bool = False
    """A challenge slot that has to wait for its turn (H3)."""

    @property
    def delayed(self) -> bool:
        """C6: the rules hold it back."""
        return self.because == "lane" or self.spread


@dataclass(slots=True, eq=False)
class Chapter:
    """A chapter that was handed in."""

    id: int
    key: str
    """Its name in the history; its title may be another's too."""
    series: Series
    book: Book
    slot: int
    wanted: int | None
    reason: Reason
    label: Label
    notice: bool
    """C6, N2: its author had to be told something."""
    handed_in: int = 0
    grant: "Grant | None" = None
    """The exception it uses (E2)."""
    asked: "int | None" = None
    """The request about it that nobody has decided yet (E6)."""
    state: State = State.WAITING
    released_at: int | None = None
    travels: bool | None = None
    pages: tuple[str, ...] = ()
    raced: bool = False
    """Its text changed while it was being laid out, so that it was tried again."""
    counts: bool = False
    """C11: taken down, and its slot stays taken."""
    carried: bool = False
    """L10: its heading carries the disclosure as its first paragraph."""
    known: bool = False
    """L10: the network was told of it, now or before."""
    ruled: bool = False
    """L11: a moderator has set its label, and no appeal was won against that."""
    appealed: bool = False
    """L12: an appeal about it waits for an answer."""
    relabelled: int = 0
    """How often its label or its text has changed before the release; each may take back a notice, or plan one."""
    repaired: int = 0
    """How often its label has changed after the release."""
    kept_home: list[str] | None = None
    """The rules that keep it home since the last of these."""
    mended_at: int | None = None
    """L10: when one of these brought it to everybody, of whom nobody had been told of it."""
    let_out_at: list[int] = field(default_factory=list)
    """When these let it travel again: news, if its announcement was taken back before it came to stand."""
    told_home: int | None = None
    """N2: when its author last had to hear that one of their own keeps it home, if it still does."""

    def relabel(self, ai: str, times: int) -> None:
        """L9: another declaration while it waits."""
        self.label = replace(self.label, ai=ai)
        self.relabelled += times

    def fails(self) -> list[str]:
        """L2 to L5, L7, L10: the rules that keep it home, one for each fault."""
        return self.label.fails(self.book) if self.kept_home is None else self.kept_home

    def repair(self, ai: str, *, cured: bool, now: int, excused: bool = False) -> None:
        """L10: another declaration after the release; `excused` when an appeal has brought it (L12)."""
        before = self.fails()
        self.label, self.repaired = replace(self.label, ai=ai), self.repaired + 1
        self.carried = ai != "none" and (cured or self.carried)
        seen = replace(self.label, stands_in=1) if self.carried else self.label
        last = days_later(self.released_at or now, REPAIR_DAYS, self.book.zone, "civil")
        late = not (self.known or excused or now <= last)
        self.kept_home = seen.fails(self.book) or ["L10"] * late
        if excused or not self.kept_home:
            self.told_home = None
        elif self.kept_home not in (before, ["L10"]):
            self.told_home = now
        if not self.kept_home and not self.travels:
            self.let_out_at.append(now)
            self.mended_at = self.mended_at if self.known else now
        self.travels = not self.kept_home
        self.known = self.known or self.travels

    @property
    def taken_down(self) -> bool:
        """C11: whether it was out, and is no more."""
        return self.state is State.WITHDRAWN and self.released_at is not None


def place(chapter: Chapter) -> tuple[int, int]:
    """C7: what orders the chapters of a series."""
    return chapter.slot, chapter.id


@dataclass(slots=True, eq=False)
class Grant:
    """E1: whose lane goes faster, how often and how long."""

    id: int
    community: "Community"
    author: int
    lane: str
    series: Series | None
    uses: int
    ends_at: int
    spent: int = 0
    revoked: bool = False

    def is_open(self, now: int) -> bool:
        """E1, E7: neither ended, taken back nor spent."""
        return now < self.ends_at and not self.revoked and self.spent < self.uses

    def covers(self, lane: str, series: Series) -> bool:
        """E1: one lane of one series, or of all."""
        return self.lane == lane and self.series in {None, series}


@dataclass(slots=True, eq=False)
class Challenge:
    """H1: a community event with a deadline."""

    id: int
    name: str
    opens: int
    deadline: int
    zone: str
    window_days: int
    closed: bool = False
    window_due: int | None = None
    """When its window opens, until what waits is planned for that (H2)."""
    entries: list[Series] = field(default_factory=list)
    told: Counter[tuple[int, str]] = field(default_factory=Counter)
    """H4, N5: of which change the author of which series had to hear, how often."""

    def is_over(self, now: int) -> bool:
        """H7: closed, or its deadline has passed."""
        return self.closed or now >= self.deadline

    def await_window(self, now: int) -> None:
        """H2: its deadline is new: what waits is planned once more when its window opens."""
        self.window_due = self.window_opens if self.window_opens > now else None

    @property
    def window_opens(self) -> int:
        """H2: from when C2 is lifted."""
        return days_later(self.deadline, -self.window_days, self.zone, "civil")


@dataclass(slots=True, eq=False)
class Hold:
    """C9: what a moderator keeps back, until when."""

    id: int
    series: Series
    chapter: Chapter | None
    """`None` for the whole series."""
    until: int | None

    def kept_back(self) -> list[Chapter]:
        """The held chapter and those behind it, or all that waits of the series."""
        waiting = self.series.waiting()
        if self.chapter is None:
            return waiting
        return waiting[waiting.index(self.chapter) :] if self.chapter in waiting else []


def image_says(chapter_id: int, number: int) -> str:
    """What an image's message is known by."""
    return f"image {number} of {chapter_id}"


@dataclass(slots=True, eq=False)
class Community:
    """A Discord server, its channels and its policy."""

    number: int
    id: int
    network: int
    notices: int | None
    followed: bool
    book: Book
    series: list[Series] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    challenges: list[Challenge] = field(default_factory=list)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    """N5, E6: how often an author had to hear of a request, an exception or a hold, by its number."""
    requests: int = 0
    """E6: how many cards the moderators had to get."""
    kept: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """C1: the starts that a deletion has kept of authors, each with the moment at which it lapses."""

    def kept_starts(self, author: int) -> list[int]:
        """C1: from what an author's series lane counts beside what is still known."""
        return [slot for slot, _ in self.kept.get(author, ())]

    def of_author(self, author: int) -> list[Series]:
        """An author's series, oldest first."""
        return [series for series in self.series if series.author == author]


class Model:
    """Everything that should be, kept beside everything that is."""

    def __init__(self) -> None:
        self.communities: list[Community] = []
        self.series: dict[int, Series] = {}
        self.chapters: dict[int, Chapter] = {}
        self.waiting: dict[int, Chapter] = {}
        """Everything that is promised and not out yet."""
        self.holds: list[Hold] = []
        """What is kept back at present."""
        self.asked_for_messages: set[int] = set()
        """Readers who have ever wanted direct messages."""
        self.erased: set[int] = set()
        """Series that were deleted with their authors' data."""
        self.to_go: set[int] = set()
        """Messages that such a deletion takes down."""
        self._by_slot: list[tuple[int, int]] = []
        self._due: list[Chapter] = []

    def hand_in(self, chapter: Chapter) -> None:
        """A chapter has its promise."""
        self.chapters[chapter.id] = self.waiting[chapter.id] = chapter
        chapter.series.chapters.append(chapter)
        heapq.heappush(self._by_slot, (chapter.slot, chapter.id))

    def release(self, chapter: Chapter, laid: tuple[Page, ...], *, now: int) -> None:
        """L9: a chapter goes out, under the labels it now has and the policy it was handed in under."""
        del self.waiting[chapter.id]
        pages = tuple(page if isinstance(page, str) else image_says(chapter.id, page) for page in laid)
        chapter.state, chapter.released_at, chapter.pages = State.RELEASED, now, pages
        chapter.travels = chapter.known = not chapter.label.fails(chapter.book)
        if chapter.grant is not None:  # E3: a use is spent only when it moved something
            chapter.grant.spent += chapter.reason.free is not None and now < chapter.reason.free
        chapter.series.coming += [(chapter, None), *((chapter, page) for page in pages)]

    def replan(self, chapter: Chapter, slot: int, reason: Reason) -> None:
        """A waiting chapter has another promise: for exceptions, challenges, closed gaps, moves, holds."""
        chapter.slot, chapter.reason = slot, reason
        heapq.heappush(self._by_slot, (slot, chapter.id))

    def withdraw(self, chapter: Chapter) -> None:
        """C10: a waiting chapter is taken back; its slot is free."""
        del self.waiting[chapter.id]
        chapter.state = State.WITHDRAWN

    def take_down(self, chapter: Chapter, *, counts: bool, now: int) -> None:
        """C11: a released chapter is taken back; what of it does not stand yet never will, and nothing waits for it."""
        chapter.state, chapter.counts = State.WITHDRAWN, counts
        series = chapter.series
        series.freed_at = now
        series.coming = [piece for piece in series.coming if piece[0] is not chapter]
        series.skipped = [piece for piece in series.skipped if piece[0] is not chapter]

    def holds_ending(self, now: int) -> list[Hold]:
        """C9: the holds whose return date has come, in the order of those."""
        ending = [hold for hold in self.holds if hold.until is not None and hold.until <= now]
        return sorted(ending, key=lambda hold: hold.until or 0)

    def windows_opening(self, now: int) -> list[Challenge]:
        """H2: the challenges whose window has opened, in the order in which they do."""
        every = (one for community in self.communities for one in community.challenges)
        return sorted(
            (one for one in every if one.window_due is not None and one.window_due <= now),
            key=lambda one: (one.window_due or 0, one.id),
        )

    def hold(self, hold: Hold) -> None:
        """Something is kept back."""
        self.holds.append(hold)
        hold.series.holds.append(hold)

    def end_hold(self, hold: Hold, *, now: int) -> None:
        """Something goes on."""
        self.holds.remove(hold)
        hold.series.holds.remove(hold)
        hold.series.freed_at = now

    def due(self, now: int) -> list[Chapter]:
        """Waiting chapters whose slot has come, the first of each series, if no hold keeps it back."""
        while self._by_slot and self._by_slot[0][0] <= now:
            slot, chapter_id = heapq.heappop(self._by_slot)
            chapter = self.chapters.get(chapter_id)  # none that was deleted
            if chapter is not None and chapter.slot == slot:
                self._due.append(chapter)
        self._due = [chapter for chapter in self._due if chapter.state is State.WAITING and chapter.slot <= now]
        firsts: dict[Series, Chapter] = {}
        for chapter in self._due:
            if place(chapter) < place(firsts.setdefault(chapter.series, chapter)):
                firsts[chapter.series] = chapter
        return [chapter for chapter in firsts.values() if not chapter.series.keeps_back(chapter)]

    @staticmethod
    def ready(chapter: Chapter, *, up_since: int) -> int:
        """C14: from when the next chapter of a series could go out, with a bot that is at work since a moment."""
        before = chapter.series.last_release()
        at = max(chapter.slot, up_since, before or 0, chapter.series.freed_at)
        if at - chapter.slot > LATE and before is not None:
            return max(at, before + CATCH_UP)
        return at
