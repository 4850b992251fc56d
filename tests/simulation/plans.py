"""What the rules give for what is handed in and for what waits, read from `rules.md` and from nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulation.books import Book
from tests.simulation.days import HOUR, MINUTE
from tests.simulation.lawbook import Law
from tests.simulation.model import Challenge, Chapter, Community, Grant, Hold, Model, Reason, Series, place

NEXT_MOMENT = 1
"""C7: no two chapters of a series have the same slot."""
_SPARE = 30 * MINUTE
"""H3: the end of the time left that is not planned for."""


@dataclass(frozen=True, slots=True)
class Lane:
    """C3: what a chapter counts from."""

    kind: str
    last: Chapter | None
    slot: int | None
    """Of the last one in it, as it stands or will stand."""

    def free(self, book: Book) -> int | None:
        """C1, C2: when it is free again."""
        return None if self.slot is None else book.after(self.slot, self.kind)


@dataclass(frozen=True, slots=True)
class Move:
    """A promise that changes, and the rule by which it may."""

    chapter: Chapter
    before: int
    slot: int
    reason: Reason
    law: Law


@dataclass(frozen=True, slots=True)
class Expected:
    """The slot that the rules give to a chapter that is handed in, and how they come to it."""

    slot: int
    reason: Reason
    lane: Lane
    grant: Grant | None = None


def expect(series: Series, *, now: int, wanted: int | None, excepting: bool = True) -> Expected:
    """C1 to C8, E2, H2, H3: the latest of now, the wanted time and the lane's next free instant, or sooner."""
    book, lane = series.community.book, _lane_behind(series)
    challenge = entered(series, now)
    turns = [] if challenge is None else _turns(series, challenge, now=now, joining=1)
    if turns and lane.last is turns[-1][0]:
        lane = Lane(lane.kind, lane.last, turns[-1][1])
    slot, grant = _latest(lane, book, now=now, wanted=wanted), None
    if excepting and slot.because == "lane":
        grant = _first_open(series.community, series.author, lane.kind, series, now=now)
        if grant is not None:
            slot = _excepted(lane, slot, now=now, wanted=wanted)
    reason = Reason(slot.because, lane.kind, slot.free)
    if challenge is not None and (lane.kind == "chapter" or book.challenge_lifts_start):
        at = _joining(series, challenge, turns, now=now, wanted=wanted)
        if at is not None and (at < slot.at or (at == slot.at and grant is not None)):
            because = "wanted" if at == wanted else "challenge"
            spread = because == "challenge" and at > now
            return Expected(at, Reason(because, lane.kind, slot.free, spread), lane)
    return Expected(slot.at, reason, lane, grant)


def grants(model: Model, community: Community, author: int, *, now: int) -> list[Move]:
    """E2: each open use moves the first waiting chapter in its scope that the rules would delay."""
    moves: list[Move] = []
    for grant in community.grants:
        if grant.author != author or not grant.is_open(now):
            continue
        while uses_left(grant) > 0 and (found := _first_delayed(grant, now=now)):
            chapter, slot, reason = found
            chapter.grant = grant
            moves.append(_move(model, chapter, slot, reason, Law.GRANT))
    return moves


def uses_left(grant: Grant) -> int:
    """E3: what waiting chapters hold is not spent yet, and not free."""
    theirs = [chapter for series in grant.community.of_author(grant.author) for chapter in series.waiting()]
    return grant.uses - grant.spent - sum(chapter.grant is grant for chapter in theirs)


def late_challenge_slots(model: Model, series: Series, *, at: int) -> list[Move]:
    """C5: the same, from a moment that may have passed; never from before all that it spreads was there."""
    moment = max([at, series.entered_at, *(chapter.handed_in for chapter in series.waiting())])
    return challenge_slots(model, series, now=moment, entry_at=at, out_by=moment)


def challenge_slots(
    model: Model, series: Series, *, now: int, joining: int = 0, entry_at: int | None = None, out_by: int = 0
) -> list[Move]:
    """H2, H3, H7: what waits of an entered series is spread over the time left, each never later than promised.

    What was due before `out_by` would be out by then, and is not spread (C5).
    """
    challenge = entered(series, now if entry_at is None else entry_at)
    moves: list[Move] = []
    turns = [] if challenge is None else _turns(series, challenge, now=now, joining=joining, out_by=out_by)
    for chapter, slot in turns:
        if slot < chapter.slot:
            because = "wanted" if slot == chapter.wanted else "challenge"
            spread = because == "challenge" and slot > now
            reason = Reason(because, chapter.reason.lane, chapter.reason.free, spread)
            moves.append(_move(model, chapter, slot, reason, Law.CHALLENGE))
            chapter.grant = None  # E3: its use has moved nothing
    return moves


def hold_ended(model: Model, hold: Hold, *, at: int, now: int, behind: Sequence[Chapter] | None = None) -> list[Move]:
    """C9, H2: what has passed meanwhile comes at the hold's end, those behind it no later than they must.

    `behind` is what it kept back, where the chapter it was on is withdrawn.
    """
    kept_back = hold.kept_back() if behind is None else list(behind)
    model.end_hold(hold, now=now)
    moves: list[Move] = []
    promised = slot = 0
    if kept_back and kept_back[0].series.keeps_back(kept_back[0]):
        kept_back = []  # another hold is on all of it
    for number, chapter in enumerate(kept_back):
        distance, promised = chapter.slot - promised, chapter.slot
        least = at if number == 0 else min(chapter.book.after(slot, "chapter"), slot + distance)
        slot = max(promised, least)
        if slot > promised:
            reason = Reason("hold", chapter.reason.lane, chapter.reason.free)
            moves.append(_move(model, chapter, slot, reason, Law.HOLD))
    return moves + late_challenge_slots(model, hold.series, at=at)


def earliest(series: Series, last: Chapter | None, *, now: int) -> list[tuple[Chapter, int, Reason]]:
    """C7 to C10: the earliest slot of each that waits, in order, by the looser of its own policy and the present one.

    Args:
        series: whose chapters.
        last: the last one that is meant; `None` for all.
        now: the present moment.
    """
    waiting = series.unheld()
    if last is not None:
        waiting = waiting[: waiting.index(last) + 1] if last in waiting else []
    plan: list[tuple[Chapter, int, Reason]] = []
    lane = lane_of(waiting[0]) if waiting else None
    for chapter in waiting:
        assert lane is not None
        books = (chapter.book, chapter.book.at_pace_of(series.community.book))
        own, other = (_latest(lane, book, now=now, wanted=chapter.wanted) for book in books)
        best = other if other.at < own.at else own
        if best.at < chapter.slot:
            plan.append((chapter, best.at, Reason(best.because, lane.kind, best.free)))
        lane = Lane("chapter", chapter, min(best.at, chapter.slot))
    return plan


def brought_forward(model: Model, plan: Sequence[tuple[Chapter, int, Reason]]) -> list[Move]:
    """C9: the author has pressed."""
    return [_move(model, chapter, slot, reason, Law.EARLIER) for chapter, slot, reason in plan]


def reordered(model: Model, chapter: Chapter, position: int, *, now: int) -> list[Move]:
    """C7 to C9: a chapter takes another place, from 1 on; the slots stay and the titles move over them.

    A wish (C8) pushes what is behind it as far as its lane asks for. An exception stays with its slot (E2).
    """
    places = [one for one in chapter.series.unheld() if one.slot > now]
    slots, uses = [one.slot for one in places], [one.grant for one in places]
    order = [one for one in places if one is not chapter]
    order.insert(position - 1, chapter)
    lane, pushed = lane_of(places[0]), False
    plan: list[tuple[Chapter, int, Reason, Grant | None]] = []
    for one, slot, use in zip(order, slots, uses, strict=True):
        free = lane.free(one.book)
        after = max(slot, one.wanted or slot)
        if pushed and free is not None:
            after = max(after, free)
        natural = _latest(lane, one.book, now=now, wanted=one.wanted)
        because = natural.because if natural.at == after else "moved"
        plan.append((one, after, Reason(because, lane.kind, free), use if after == slot else None))
        lane, pushed = Lane("chapter", one, after), after > slot
    moves = []
    for one, after, reason, use in plan:
        one.grant = use
        if after != one.slot:
            moves.append(_move(model, one, after, reason, Law.MOVED))
    return moves


def lane_of(chapter: Chapter) -> Lane:
    """C3, C7: what a waiting chapter counts from as things now stand."""
    ahead = max((one for one in chapter.series.counted() if place(one) < place(chapter)), key=place, default=None)
    if ahead is not None:
        return Lane("chapter", ahead, ahead.slot)
    return _series_lane(chapter.series, until=chapter.slot)


@dataclass(frozen=True, slots=True)
class _Natural:
    """The latest of three moments (C7)."""

    at: int
    because: str
    free: int | None


def _latest(lane: Lane, book: Book, *, now: int, wanted: int | None) -> _Natural:
    free = lane.free(book)
    at = max(now, wanted or now, free or now)
    return _Natural(at, "now" if at == now else "wanted" if at == wanted else "lane", free)


def _excepted(lane: Lane, delayed: _Natural, *, now: int, wanted: int | None) -> _Natural:
    """E2: now, or the wanted time; only after the chapter ahead (C7)."""
    after = lane.slot + NEXT_MOMENT if lane.kind == "chapter" and lane.slot is not None else now
    return _Natural(max(now, wanted or now, after), "exception", delayed.free)


def _lane_behind(series: Series) -> Lane:
    """C3: what a chapter counts from that is handed in now."""
    last = max(series.counted(), key=place, default=None)
    if last is not None:
        return Lane("chapter", last, last.slot)
    return _series_lane(series)


def _series_lane(series: Series, *, until: int | None = None) -> Lane:
    """C1: where the last other series of the author starts, or did before it was deleted."""
    others = (one.start() for one in series.community.of_author(series.author) if one is not series)
    last = max((one for one in others if one and (until is None or one.slot <= until)), key=place, default=None)
    kept = [slot for slot in series.community.kept_starts(series.author) if until is None or slot <= until]
    if kept and (last is None or last.slot < max(kept)):
        return Lane("series", None, max(kept))
    return Lane("series", last, None if last is None else last.slot)


def _first_open(community: Community, author: int, lane: str, series: Series, *, now: int) -> Grant | None:
    for grant in community.grants:
        if grant.author == author and grant.is_open(now) and grant.covers(lane, series) and uses_left(grant) > 0:
            return grant
    return None


def _first_delayed(grant: Grant, *, now: int) -> tuple[Chapter, int, Reason] | None:
    theirs = [chapter for series in grant.community.of_author(grant.author) for chapter in series.waiting()]
    for chapter in sorted(theirs, key=place):
        lane = lane_of(chapter)
        natural = _latest(lane, chapter.book, now=now, wanted=chapter.wanted)
        if chapter.grant is not None or natural.because != "lane" or not grant.covers(lane.kind, chapter.series):
            continue
        slot = _excepted(lane, natural, now=now, wanted=chapter.wanted)
        if slot.at < chapter.slot:
            return chapter, slot.at, Reason("exception", lane.kind, slot.free)
    return None


def entered(series: Series, now: int) -> Challenge | None:
    """H1: the open challenge that a series is in."""
    return None if series.challenge is None or series.challenge.is_over(now) else series.challenge


def _turns(
    series: Series, challenge: Challenge, *, now: int, joining: int, out_by: int = 0
) -> list[tuple[Chapter, int]]:
    """H3: what each that waits would have; the earlier of its promise and its challenge slot."""
    waiting = [one for one in series.waiting() if one.slot >= out_by or series.keeps_back(one)]
    last, held = _ahead_of_all(series, waiting)
    spread = waiting[1:] if held else waiting
    planned = [(one, one.slot) for one in waiting[:1] if held]
    before = last
    for position, one in enumerate(spread):
        of = (position, len(spread) + joining)
        slot = None
        if not series.keeps_back(one):  # it takes its turn when the hold has ended
            slot = _turn(challenge, of, last=last, before=before, wanted=one.wanted, book=one.book, now=now)
        before = one.slot if slot is None else min(slot, one.slot)
        planned.append((one, before))
    return planned


def _joining(
    series: Series, challenge: Challenge, planned: Sequence[tuple[Chapter, int]], *, now: int, wanted: int | None
) -> int | None:
    """H3: the turn of a chapter behind all that waits."""
    last, held = _ahead_of_all(series, series.waiting())
    position = len(planned) - held
    before = planned[-1][1] if planned else last
    of = (position, position + 1)
    return _turn(challenge, of, last=last, before=before, wanted=wanted, book=series.community.book, now=now)


def _ahead_of_all(series: Series, waiting: Sequence[Chapter]) -> tuple[int | None, bool]:
    """H3, H5: the last slot ahead of all that are spread, and whether that is a start which C1 holds."""
    counted = series.counted()
    ahead = [one for one in counted if not waiting or place(one) < place(waiting[0])]
    if not ahead and waiting and not waiting[0].book.challenge_lifts_start:
        return waiting[0].slot, True
    return max((one.slot for one in ahead), default=None), False


def _turn(
    challenge: Challenge,
    of: tuple[int, int],
    *,
    last: int | None,
    before: int | None,
    wanted: int | None,
    book: Book,
    now: int,
) -> int | None:
    """H3: the challenge slot of the so manieth of so many; `None` if it does not fit before the deadline."""
    position, number = of
    first = max(now, challenge.window_opens, now if last is None else last + HOUR)
    left = max(0, challenge.deadline - _SPARE - first)
    at = first
    for nth in range(1, position + 1):
        at = min(first + max(left * nth // number, nth * HOUR), book.after(at, "chapter"))
    at = max(at, at if before is None else before + HOUR, wanted or at)
    return at if at < challenge.deadline else None


def _move(model: Model, chapter: Chapter, slot: int, reason: Reason, law: Law) -> Move:
    move = Move(chapter, chapter.slot, slot, reason, law)
    model.replan(chapter, slot, reason)
    return move
