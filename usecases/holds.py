"""Pausing a chapter or a series, and letting it go on: C9, N5."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from whenever import Instant

from rules.deliveries import Kind
from rules.holds import slots_after_hold
from rules.verdict import evaluate
from storage import chapters, communities, decisions, deliveries, holds, releases, series
from storage.chapters import Chapter
from storage.decisions import THE_BOT, DecisionKind
from storage.holds import Hold
from storage.series import Series
from storage.transaction import Transaction, milliseconds, new_id
from usecases.cards import place_for
from usecases.people import Person, community_of, matching, pick, pick_chapter
from usecases.posts import promise_moved
from usecases.records import record_verdict
from usecases.refusals import HeldAlreadyError, NotHeldBackError, UnknownWorkError
from usecases.replanning import Moved, apply_grants, present_case
from usecases.review_refusals import MatterGoneError
from usecases.turns import Standing, replan, standing_now


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldWork:
    """What `/review hold` was given: a chapter or a series, as it was picked or typed."""

    moderator: Person
    chapter: str | None
    series: str | None
    reason: str
    until: Instant | None


@dataclass(frozen=True, slots=True)
class Held:
    """A new hold, and how many waiting chapters it keeps back."""

    hold: Hold
    kept_back: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """A hold that has ended, and the promises that moved by it."""

    hold: Hold
    moved: tuple[Moved, ...]
    standing: Standing | None = None
    """In an entered series: how much fits before the deadline (H4)."""


def hold_work(tx: Transaction, request: HoldWork, *, now: Instant) -> Held:
    """Keep a chapter, and those behind it, or a whole series back; the author is told why and until when.

    Raises:
        UnknownWorkError, AmbiguousTitleError: it is not clear what is meant.
        HeldAlreadyError: it is paused already.
    """
    community_of(tx, request.moderator)
    story, chapter = _work_meant(tx, request)
    if holds.is_held(tx, story.id, chapter.id if chapter else None):
        raise HeldAlreadyError(chapter.title if chapter else story.title)
    hold = Hold(
        id=new_id(now),
        community_id=story.community_id,
        author_id=story.author_id,
        series_id=story.id,
        series_title=story.title,
        chapter_id=chapter.id if chapter else None,
        chapter_title=chapter.title if chapter else None,
        reason=request.reason,
        until=request.until,
        held_by=request.moderator.id,
        held_at=now,
        ended_at=None,
    )
    holds.add(tx, hold)
    promise_moved(tx, story.id, now=now)
    _record(tx, hold, DecisionKind.HELD, by=request.moderator.id, reason=request.reason, now=now)
    _tell_author(tx, hold, story, now=now)
    return Held(hold, len(_kept_back(tx, hold)))


def resume_work(
    tx: Transaction, moderator: Person, text: str, reason: str, *, whole_series: bool, now: Instant
) -> Resumed:
    """End a hold before its return date; promises behind it are replanned as C9 and an entered challenge allow.

    Raises:
        NotHeldBackError, AmbiguousTitleError: nothing that is paused is meant.
    """
    known = [one for one in open_holds(tx, moderator) if (one.chapter_id is None) == whole_series]
    found = pick(text, known, key=lambda one: one.id, names=_names)
    if found is None:
        raise NotHeldBackError(text)
    return _end(tx, found, by=moderator.id, reason=reason, now=now)


def end_hold(tx: Transaction, moderator: Person, hold_id: int, reason: str, *, now: Instant) -> Resumed:
    """End a hold that was opened from the list of what waits.

    Raises:
        MatterGoneError: it has ended already.
    """
    hold = holds.find(tx, hold_id)
    if hold is None or hold.community_id != moderator.community_id or hold.ended_at is not None:
        raise MatterGoneError
    return _end(tx, hold, by=moderator.id, reason=reason, now=now)


def end_due_holds(tx: Transaction, *, come_by: Instant | None = None, now: Instant) -> list[Resumed]:
    """The return date of some holds has come; what they kept back counts from it, however late the bot is (C5).

    `come_by` leaves out those whose date came later.
    """
    return [_end(tx, hold, by=THE_BOT, reason="", now=now) for hold in holds.ending(tx, now=come_by or now)]


def end_with_chapter(tx: Transaction, withdrawn: Chapter, *, by: int, now: Instant) -> tuple[Moved, ...] | None:
    """C9, C10: a paused chapter is withdrawn, so that its hold has ended; `None` if there was none.

    What waits behind it goes on as after any other end: in its rhythm, not all at once.
    """
    hold = holds.on_chapter(tx, withdrawn.id)
    if hold is None or withdrawn.slot is None:
        return None
    place = (withdrawn.slot, withdrawn.id)
    waiting = chapters.waiting_in_series(tx, withdrawn.series_id)
    behind = [one for one in waiting if one.slot is not None and (one.slot, one.id) > place]
    _, moved = _let_go(tx, hold, behind, by=by, reason="", now=now)
    return moved


def holds_are_due(tx: Transaction, *, now: Instant) -> tuple[bool, Instant | None]:
    """Whether a return date has come, and when the next one does."""
    return bool(holds.ending(tx, now=now)), holds.next_ending(tx, now=now)


def open_holds(tx: Transaction, moderator: Person) -> list[Hold]:
    """What is paused in a community, oldest first."""
    return holds.every_open(tx, moderator.community_id)


def suggest_waiting(tx: Transaction, moderator: Person, typed: str) -> list[Chapter]:
    """Everybody's waiting chapters whose title holds what was typed so far."""
    known = chapters.waiting_in_community(tx, moderator.community_id)
    return matching(typed, known)


def suggest_any_series(tx: Transaction, moderator: Person, typed: str) -> list[Series]:
    """Everybody's series whose title holds what was typed so far."""
    known = series.of_community(tx, moderator.community_id)
    return [one for one in known if typed.strip().casefold() in one.title.casefold()]


def _end(tx: Transaction, hold: Hold, *, by: int, reason: str, now: Instant) -> Resumed:
    kept_back = _kept_back(tx, hold)
    ended, moved = _let_go(tx, hold, kept_back, by=by, reason=reason, now=now)
    free = any(not releases.is_held(tx, one.id) for one in kept_back)
    stands = standing_now(tx, hold.series_id, now=now) if free else None
    _tell_author(tx, ended, series.find(tx, hold.series_id), stands, now=now)
    return Resumed(ended, moved, stands)


def _let_go(
    tx: Transaction, hold: Hold, kept_back: Sequence[Chapter], *, by: int, reason: str, now: Instant
) -> tuple[Hold, tuple[Moved, ...]]:
    """C9, C5: a hold is over, since its return date if that has come: the promises that move by it."""
    at = now if hold.until is None else min(hold.until, now)
    holds.end(tx, hold.id, by=by, now=now)
    promise_moved(tx, hold.series_id, now=now)
    ended = replace(hold, ended_at=now)
    _record(tx, ended, DecisionKind.RESUMED, by=by, reason=reason, now=now)
    free = any(not releases.is_held(tx, one.id) for one in kept_back)
    by_hold = _replan(tx, kept_back if free else (), ended=at, by=by, now=now)  # what another holds stays behind (C7)
    moved = _joined(by_hold, replan(tx, hold.series_id, by=by, at=at, now=now))  # it takes its turn again (H2)
    if moved:  # one that was pushed may be what an exception is kept for (E2)
        apply_grants(tx, hold.community_id, hold.author_id, by=by, at=at, now=now)
    return ended, moved


def _joined(by_hold: Sequence[Moved], by_turn: Sequence[Moved]) -> tuple[Moved, ...]:
    """What moved in all, each chapter once: from what it was promised to what it is promised now."""
    turned = {one.chapter.id: one for one in by_turn}
    both = [replace(one, after=turned.pop(one.chapter.id, one).after) for one in by_hold]
    moved = [one for one in (*both, *turned.values()) if one.after != one.before]
    return tuple(sorted(moved, key=lambda one: one.after))


def _replan(tx: Transaction, kept_back: Sequence[Chapter], *, ended: Instant, by: int, now: Instant) -> list[Moved]:
    """C9: what the hold made late comes later, and not by more than it must."""
    if not kept_back:
        return []
    policies = [communities.policy_version(tx, one.community_id, one.policy_version) for one in kept_back]
    promises = [chapter.slot or now for chapter in kept_back]
    slots = slots_after_hold(promises, ended=ended, policies=policies)
    moved = []
    for chapter, before, after in zip(kept_back, promises, slots, strict=True):
        if after == before:
            continue
        case = replace(present_case(tx, chapter), resumed=after)
        chapters.replan(tx, chapter.id, slot=after)
        record_verdict(tx, DecisionKind.REPLANNED, chapter, case, evaluate(case), by=by, now=now)
        moved.append(Moved(chapter, before, after, now))
    series.set_start(tx, kept_back[0].series_id)
    return moved


def _kept_back(tx: Transaction, hold: Hold) -> list[Chapter]:
    """The waiting chapters that a hold concerns: the held one and those behind it, or all of the series."""
    waiting = [
        one for one in chapters.waiting(tx, hold.community_id, hold.author_id) if one.series_id == hold.series_id
    ]
    if hold.chapter_id is None:
        return waiting
    ids = [one.id for one in waiting]
    return waiting[ids.index(hold.chapter_id) :] if hold.chapter_id in ids else []


def _work_meant(tx: Transaction, request: HoldWork) -> tuple[Series, Chapter | None]:
    if request.chapter is not None:
        known = chapters.waiting_in_community(tx, request.moderator.community_id)
        chapter = pick_chapter(request.chapter, known)
        if chapter is None:
            raise UnknownWorkError(request.chapter)
        return series.find(tx, chapter.series_id), chapter
    text = request.series or ""
    stories = series.of_community(tx, request.moderator.community_id)
    story = pick(text, stories, key=lambda one: one.id, names=lambda one: (one.title,)) if text else None
    if story is None:
        raise UnknownWorkError(text)
    return story, None


def _record(tx: Transaction, hold: Hold, kind: DecisionKind, *, by: int, reason: str, now: Instant) -> None:
    community = communities.find(tx, hold.community_id)
    facts = {
        "hold": hold.id,
        "series": hold.series_id,
        "reason": reason,
        "until": None if hold.until is None else milliseconds(hold.until),
    }
    decisions.record(
        tx,
        kind,
        community_id=hold.community_id,
        chapter_id=hold.chapter_id,
        actor_id=by,
        policy_version=community.policy.version if community else 1,
        inputs=json.dumps(facts, ensure_ascii=False),
        now=now,
    )


def _tell_author(tx: Transaction, hold: Hold, story: Series, standing: Standing | None = None, *, now: Instant) -> None:
    """N5, H4: every act of a moderator on somebody's work reaches that person with its reason, and with what fits."""
    place = place_for(tx, communities.find(tx, hold.community_id), story)
    deliveries.plan(
        tx,
        Kind.ANSWER,
        community_id=hold.community_id,
        target_id=place.target_id,
        series_id=hold.series_id,
        chapter_id=hold.chapter_id,
        after_id=place.after_id,
        hold_id=hold.id,
        challenge_id=standing.challenge.terms.id if standing else None,
        now=now,
    )


def _names(hold: Hold) -> tuple[str, ...]:
    return (hold.series_title,) if hold.chapter_title is None else (hold.chapter_title, _full_name(hold))


def _full_name(hold: Hold) -> str:
    return f"{hold.series_title} · {hold.chapter_title}"
