"""What who manages the server reads of everything that stands in the way (`/doctor`)."""

from collections.abc import Callable, Sequence
from typing import Any

import discord
from discord import ui

from cogs.replies.cards import GOOD, NOT_SO, WAITS, Press, card, countdown, counted, full_time, plain
from rules.deliveries import PUBLISHES_AN_HOUR
from rules.health import (
    MOST_THREADS,
    AsksForTag,
    CameLate,
    ChannelGone,
    ClockOff,
    Finding,
    Held,
    HomeFull,
    HomesShut,
    Lacks,
    Late,
    ManyThreads,
    Overdue,
    Publishes,
    Room,
    TimedOut,
)

_SHOWN = 5
"""Findings that are told at a time; what is mended makes room for the next."""
_HOMES_NAMED = 5
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_UNITS = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
_LOOK_AGAIN = Press("Look again", "doctor", 0)
_NOTED = (CameLate, Publishes, HomeFull, ManyThreads)
"""What nobody need do anything about today."""


def seen(found: Sequence[Finding], room: Room) -> ui.LayoutView:
    """All that stands in the way, or that nothing does."""
    if not found:
        return card(well(room), colour=GOOD, presses=[_LOOK_AGAIN])
    pressing = [one for one in found if not isinstance(one, _NOTED)]
    title = f"{counted(len(pressing), 'thing')} to mend" if pressing else "Nothing to mend, something to know"
    held = next((one for one in found if isinstance(one, Held)), None)
    tries = [Press("Try what is held again", "try-held", 0, discord.ButtonStyle.primary)]
    return card(
        f"## {title}",
        *told(found),
        colour=NOT_SO if pressing else WAITS,
        presses=[*(tries if held and held.count > held.to_decide else []), _LOOK_AGAIN],
    )


def well(room: Room) -> str:
    """That nothing stands in the way, in one sentence."""
    return (
        "**All is well:** my channels are there and open to me, nothing is held or late, my clock is right, and my "
        f"database ({_bytes(room.size)}) has {_bytes(room.free)} of room."
    )


def told(found: Sequence[Finding]) -> list[str]:
    """The first findings, each with its cure, and how many there are besides."""
    shown = [_SENTENCES[type(one)](one) for one in found[:_SHOWN]]
    more = len(found) - _SHOWN
    rest = f"-# And {counted(more, 'lesser thing')}; look again when these are mended."
    return shown if more <= 0 else [*shown, rest]


def tried(count: int) -> ui.LayoutView:
    """R3: what was held is on its way again."""
    if not count:
        return card(
            "Nothing is held that I could try by myself; what waits for a decision stands in `/review queue`.",
            colour=WAITS,
            presses=[_LOOK_AGAIN],
        )
    return card(
        f"I am trying {counted(count, 'post')} again now. What fails once more is told in the moderators' channel "
        "within a minute.",
        colour=GOOD,
        presses=[_LOOK_AGAIN],
    )


def _gone(one: ChannelGone) -> str:
    return (
        f"**The `{one.use}` channel is gone or hidden from me.** Let my role see it, or name another: "
        f"`/setup` with `{one.use}`."
    )


def _timed_out(one: TimedOut) -> str:
    return (
        f"**I am in time-out until {full_time(one.until)}** and can post nothing. "
        "Somebody with Moderate Members ends it: right-click on me, Remove Time-out."
    )


def _lacks(one: Lacks) -> str:
    names = ", ".join(f"**{name}**" for name in one.permissions)
    return f"**In <#{one.channel_id}> I lack** {names}. Allow my role that in the channel's settings, Permissions."


def _shut(one: HomesShut) -> str:
    parts = []
    if one.locked:
        parts.append(
            f"**{_homes(one.locked)} locked**, and chapters wait for it. Unlock it, or give my role **Manage Threads** "
            "in the forum; then I can post in locked threads."
        )
    if one.gone:
        parts.append(
            f"**{_homes(one.gone)} gone or hidden from me**, and chapters wait for it. If it was deleted, its author "
            "withdraws what waits and starts the series anew."
        )
    return "\n".join(parts)


def _homes(threads: tuple[int, ...]) -> str:
    names = ", ".join(f"<#{thread}>" for thread in threads[:_HOMES_NAMED])
    more = f" and {len(threads) - _HOMES_NAMED} more" if len(threads) > _HOMES_NAMED else ""
    return f"The home {names} is" if len(threads) == 1 else f"The homes {names}{more} are"


def _tag(one: AsksForTag) -> str:
    return (
        f"**The forum <#{one.channel_id}> asks for a tag on each post**, so I can open no home for a new series. "
        "Switch off *Require tags* in its settings."
    )


def _held(one: Held) -> str:
    where = f" in <#{one.target_id}>" if one.target_id else ""
    first = f"The first, {countdown(one.since)}{where}: {plain(one.problem or 'Discord did not say why')}."
    decide = f" {counted(one.to_decide, 'post')} of them must be decided about one by one." if one.to_decide else ""
    return (
        f"**{counted(one.count, 'post')} held** until somebody mends the cause. {first} "
        f"Then try again here, or one channel at a time in `/review queue`.{decide}"
    )


def _room(one: Room) -> str:
    return (
        f"**My disk is nearly full:** {_bytes(one.free)} left beside a database of {_bytes(one.size)}. When it is full "
        "I can take nothing in; ask the person who runs me to free some space."
    )


def _clock(one: ClockOff) -> str:
    seconds = one.ahead.total("seconds")
    way = "ahead of" if seconds > 0 else "behind"
    early = "early" if seconds > 0 else "late"
    return (
        f"**My clock is {_duration(abs(seconds))} {way} Discord's**, so chapters come out that much too {early}. "
        "Ask the person who runs me to let the machine's clock be set by the network (NTP)."
    )


def _overdue(one: Overdue) -> str:
    why = f" The reason I last saw: {plain(one.problem)}." if one.problem else ""
    are = "post is" if one.count == 1 else "posts are"
    return (
        f"**{one.count:,} {are} overdue**, the oldest {countdown(one.since)}.{why} I try again by myself; if it is "
        "still here in ten minutes, ask the person who runs me to look at my log."
    )


def _late(one: Late) -> str:
    are = "chapter is" if one.count == 1 else "chapters are"
    return (
        f"**{one.count:,} {are} late**, the oldest was promised for {full_time(one.oldest)}. They come out by "
        "themselves, those of one series an hour apart, and say that the delay is mine (rule C14)."
    )


def _came_late(one: CameLate) -> str:
    return (
        f"{counted(one.count, 'chapter')} came out late in the last 7 days, by {_duration(one.worst.total('seconds'))} "
        f"at most, the last {countdown(one.last)}. I was not running or could not reach Discord then."
    )


def _publishes(one: Publishes) -> str:
    waiting = f", and {one.waiting:,} wait their turn" if one.waiting else ""
    turn = f" The next turn comes {countdown(one.free_at)}." if one.free_at and one.made >= PUBLISHES_AN_HOUR else ""
    return (
        f"<#{one.channel_id}> had {one.made:,} of the {PUBLISHES_AN_HOUR} publishes an hour that Discord lets "
        f"through{waiting}.{turn} Nothing is lost, and its announcements stand here already (rule R4)."
    )


def _full(one: HomeFull) -> str:
    return (
        f"The home <#{one.thread_id}> has as many members as Discord allows; {counted(one.left_out, 'follower')} could "
        "not be added. They can follow by direct message or in their `/feed` instead."
    )


def _threads(one: ManyThreads) -> str:
    return (
        f"This server has {one.count:,} open threads, and Discord allows {MOST_THREADS:,}. Archive some, or no new "
        "home can be opened."
    )


_SENTENCES: dict[type, Callable[[Any], str]] = {
    ChannelGone: _gone,
    TimedOut: _timed_out,
    Lacks: _lacks,
    HomesShut: _shut,
    AsksForTag: _tag,
    Held: _held,
    Room: _room,
    ClockOff: _clock,
    Overdue: _overdue,
    Late: _late,
    CameLate: _came_late,
    Publishes: _publishes,
    HomeFull: _full,
    ManyThreads: _threads,
}


def _bytes(number: int) -> str:
    for size, name in _UNITS:
        if number >= size:
            return f"{number / size:,.1f} {name}" if number < 10 * size else f"{number / size:,.0f} {name}"
    return counted(number, "byte")


def _duration(seconds: float) -> str:
    """A time in its largest unit, for people."""
    if seconds < 2 * _MINUTE:
        return counted(round(seconds), "second")
    if seconds < 2 * _HOUR:
        return counted(round(seconds / _MINUTE), "minute")
    if seconds < 2 * _DAY:
        return counted(round(seconds / _HOUR), "hour")
    return counted(round(seconds / _DAY), "day")
