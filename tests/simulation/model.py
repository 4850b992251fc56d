"""What the rules give, read from `rules.md` and from nothing else: lanes, slots, reach, limits."""

import heapq
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.simulation.days import HOUR, MINUTE, days_later

LATE = MINUTE
"""C14: from when a release counts as late."""
CATCH_UP = HOUR
"""C14: what overdue chapters of one series keep between them."""


class State(StrEnum):
    """Where a chapter stands."""

    WAITING = "waiting"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Book:
    """One version of a community's numbers (C9, L9)."""

    version: int
    zone: str
    measure: str
    series_days: int
    chapter_days: int
    limit: int
    paragraphs: int
    generated_travels: bool

    @classmethod
    def of(cls, policy: Any) -> "Book":
        """The numbers of a policy, as far as the rules name them."""
        return cls(
            version=policy.version,
            zone=policy.zone,
            measure=str(policy.measure),
            series_days=policy.series_days,
            chapter_days=policy.chapter_days,
            limit=policy.waiting_limit,
            paragraphs=policy.disclosure_paragraphs,
            generated_travels=str(policy.generated_travels) == "if_disclosed",
        )


@dataclass(frozen=True, slots=True)
class Label:
    """What is true of a text, known because it was written that way."""

    ai: str
    stands_in: int | None
    """The paragraph in which its disclosure stands."""
    names_ai: bool

    def fails(self, book: Book) -> str | None:
        """L2, L3, L4, L7: the rule that keeps it personal; `None` where it travels."""
        if self.ai == "none":
            return None
        if self.ai == "generated" and not book.generated_travels:
            return "L4"
        if not self.names_ai:
            return "L7"
        if self.stands_in is None or self.stands_in > book.paragraphs:
            return "L3"
        return None


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

    def counted(self) -> list["Chapter"]:
        """What its lane counts: promised or out."""
        return [chapter for chapter in self.chapters if chapter.state is not State.WITHDRAWN]

    def waiting(self) -> int:
        """C7: how many wait."""
        return sum(chapter.state is State.WAITING for chapter in self.chapters)

    def last_release(self) -> int | None:
        """When its last chapter really went out."""
        return max((c.released_at for c in self.chapters if c.released_at is not None), default=None)


@dataclass(slots=True, eq=False)
class Chapter:
    """A chapter that was handed in."""

    id: int
    key: str
    """Its name in the history; its title may be another's too."""
    series: Series
    book: Book
    slot: int
    label: Label
    notice: bool
    """C6, N2: its author had to be told something."""
    state: State = State.WAITING
    released_at: int | None = None
    travels: bool | None = None
    pages: tuple[str, ...] = ()
    raced: bool = False
    """Its text changed while it was being laid out, so that it was tried again."""


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


@dataclass(frozen=True, slots=True)
class Expected:
    """The slot that the rules give, and how they come to it."""

    slot: int
    because: str
    lane: str
    free: int | None
    counts_from: Chapter | None


class Model:
    """Everything that should be, kept beside everything that is."""

    def __init__(self) -> None:
        self.communities: list[Community] = []
        self.series: dict[int, Series] = {}
        self.chapters: dict[int, Chapter] = {}
        self.waiting: dict[int, Chapter] = {}
        """Everything that is promised and not out yet."""
        self._by_slot: list[tuple[int, int]] = []
        self._due: list[Chapter] = []

    def own_series(self, author: int, community: Community) -> list[Series]:
        """An author's series there, oldest first."""
        return [series for series in community.series if series.author == author]

    def expect(self, series: Series, *, now: int, wanted: int | None) -> Expected:
        """C1, C2, C3, C5, C7, C8: the latest of now, the wanted time and the lane's next free instant."""
        book = series.community.book
        counted = series.counted()
        ahead: Chapter | None
        if counted:
            lane, days, ahead = "chapter", book.chapter_days, max(counted, key=lambda chapter: chapter.slot)
        else:
            starts = [one.counted() for one in self.own_series(series.author, series.community)]
            firsts = [min(chapters, key=lambda chapter: chapter.slot) for chapters in starts if chapters]
            lane, days = "series", book.series_days
            ahead = max(firsts, key=lambda chapter: chapter.slot, default=None)
        free = None if ahead is None else days_later(ahead.slot, days, book.zone, book.measure)
        slot = max(now, wanted or now, free or now)
        because = "now" if slot == now else "wanted" if slot == wanted else "lane"
        return Expected(slot, because, lane, free, ahead)

    def hand_in(self, chapter: Chapter) -> None:
        """A chapter has its promise."""
        self.chapters[chapter.id] = self.waiting[chapter.id] = chapter
        chapter.series.chapters.append(chapter)
        heapq.heappush(self._by_slot, (chapter.slot, chapter.id))

    def release(self, chapter: Chapter, pages: tuple[str, ...], *, now: int) -> None:
        """L9: a chapter goes out, under the labels it now has and the policy it was handed in under."""
        del self.waiting[chapter.id]
        chapter.state, chapter.released_at, chapter.pages = State.RELEASED, now, pages
        chapter.travels = chapter.label.fails(chapter.book) is None
        chapter.series.coming += [(chapter, None), *((chapter, page) for page in pages)]

    def replan(self, chapter: Chapter, slot: int) -> None:
        """A waiting chapter has another promise: for exceptions, challenges, closed gaps, moves, holds."""
        chapter.slot = slot
        heapq.heappush(self._by_slot, (slot, chapter.id))

    def withdraw(self, chapter: Chapter) -> None:
        """C10: a waiting chapter is taken back; its slot is free."""
        del self.waiting[chapter.id]
        chapter.state = State.WITHDRAWN

    def due(self, now: int) -> list[Chapter]:
        """Waiting chapters whose slot has come, the first of each series."""
        while self._by_slot and self._by_slot[0][0] <= now:
            slot, chapter_id = heapq.heappop(self._by_slot)
            chapter = self.chapters[chapter_id]
            if chapter.slot == slot:
                self._due.append(chapter)
        self._due = [chapter for chapter in self._due if chapter.state is State.WAITING and chapter.slot <= now]
        firsts: dict[Series, Chapter] = {}
        for chapter in self._due:
            if chapter.slot < firsts.setdefault(chapter.series, chapter).slot:
                firsts[chapter.series] = chapter
        return list(firsts.values())

    @staticmethod
    def ready(chapter: Chapter, *, up_since: int) -> int:
        """C14: from when the next chapter of a series could go out, with a bot that is at work since a moment."""
        before = chapter.series.last_release()
        at = max(chapter.slot, up_since, before or 0)
        if at - chapter.slot > LATE and before is not None:
            return max(at, before + CATCH_UP)
        return at
