"""What Discord's errors mean for a delivery: the codes of its reference, one line each (R2, R3)."""

import aiohttp
import discord
from whenever import TimeDelta

from rules.deliveries import CLOSED_INBOX, Event, Outcome
from storage.memberships import Membership

_DONE = {
    40033: "already published",
}
_GONE = "it does not exist any more; choose another with /setup"
_REFUSED = {
    10003: f"the channel is gone: {_GONE}",
    10004: f"the server is gone: {_GONE}",
    10008: "the message was deleted by somebody",
    40005: "the file is larger than this server lets me post; its boosts decide that",
    40058: "the forum takes no messages of its own; that is a fault of mine, please report it",
    40067: "the forum asks for a tag on each post; switch that off in the forum's settings",
    50007: CLOSED_INBOX,
    50278: CLOSED_INBOX,
    10013: CLOSED_INBOX,
    50001: "I cannot see the channel; give my role View Channel there",
    50006: "the message would be empty; that is a fault of mine, please report it",
    50013: "I lack a permission there; run /setup again with this channel to see which",
    50024: "the channel is of another kind now; choose another with /setup",
    50035: "Discord calls the message malformed; that is a fault of mine, please report it",
    160005: "the thread is locked; unlock it, or give my role Manage Threads",
    160006: "this server has as many open threads as Discord allows; archive some",
    200000: "the server's AutoMod blocks the text; exempt my role from that rule",
    240000: "Discord blocks a link in the text",
}
_ARCHIVED = 50083
_LATER = {_ARCHIVED, 20016, 20022, 20028, 20029, 30046, 40004, 40006, 40062, 130000}
"""Discord says "not now": slow mode, write limits, a feature switched off, overload, a thread asleep."""
_LONG_PAUSES = {40003: TimeDelta(minutes=15), 20026: TimeDelta(hours=24)}
"""Too many direct messages: Discord slows the whole bot down, or takes it for a spammer."""
_NOT_THERE = {10003, 10008}
"""The channel or the message is not there (any more)."""
_OBSTACLES = {
    _ARCHIVED: Membership.ASLEEP,
    30033: Membership.FULL,
    10003: Membership.REFUSED,
    10013: Membership.REFUSED,
    50001: Membership.REFUSED,
    50013: Membership.REFUSED,
    160005: Membership.REFUSED,
}
"""Adding somebody to a thread: asleep, full, or gone, unseen or locked."""
_TOO_MANY = 429
_SERVER_FAULT = 500


def is_archived(error: BaseException) -> bool:
    """The thread is asleep and must be woken first."""
    return isinstance(error, discord.HTTPException) and error.code == _ARCHIVED


def is_gone(error: discord.HTTPException) -> bool:
    """What was to be taken down or corrected is not there any more."""
    return error.code in _NOT_THERE


def obstacle_of(error: discord.HTTPException) -> Membership | None:
    """What keeps a reader out of a thread for now or for good; `None` if the error says nothing about that."""
    return _OBSTACLES.get(error.code)


def outcome_of(error: Exception) -> Outcome:
    """What an error during an attempt means.

    A clear "no" is `REFUSE`, a "not now" is `POSTPONE`; whatever leaves it open whether Discord took it is `LOST`.
    """
    if isinstance(error, discord.RateLimited):
        return _postponed("Discord asks to slow down", error.retry_after)
    if isinstance(error, discord.HTTPException):
        return _answered(error)
    if isinstance(error, aiohttp.ClientConnectorError):
        return _postponed("Discord cannot be reached")
    if isinstance(error, (aiohttp.ClientError, TimeoutError, OSError)):
        return Outcome(Event.LOST, problem=f"no answer: {type(error).__name__}")
    raise error


def _answered(error: discord.HTTPException) -> Outcome:
    if error.code in _DONE:
        return Outcome(Event.DONE)
    if error.status >= _SERVER_FAULT:
        return Outcome(Event.LOST, problem=f"no answer: Discord failed with {error.status}")
    if error.code in _LONG_PAUSES:
        problem = f"Discord stops direct messages ({error.code})"
        return Outcome(Event.POSTPONE, retry_after=_LONG_PAUSES[error.code], problem=problem)
    if error.code in _LATER or error.status == _TOO_MANY:
        return _postponed(f"Discord answered {error.code or error.status}", _retry_after(error))
    known = _REFUSED.get(error.code)
    return Outcome(Event.REFUSE, problem=known or f"Discord refused it ({error.status}, code {error.code})")


def _retry_after(error: discord.HTTPException) -> float | None:
    after = error.response.headers.get("Retry-After") if hasattr(error.response, "headers") else None
    return float(after) if after and after.replace(".", "", 1).isdigit() else None


def _postponed(problem: str, seconds: float | None = None) -> Outcome:
    return Outcome(
        Event.POSTPONE,
        retry_after=None if seconds is None else TimeDelta(seconds=seconds),
        problem=problem,
    )
