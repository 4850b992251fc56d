"""What can happen to a request on its way, as one value each."""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET, socket
from typing import Any

from aiohttp import web


@dataclass(frozen=True)
class Fault:
    """Instead of the true answer: an answer of its own (`status`), or none (`hang_up`), or a late one.

    `strike` is called when the request has arrived and, if it is `done`, has taken effect; nobody answers then.
    """

    status: int = 0
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    done: bool = False
    """Whether the request takes effect all the same."""
    hang_up: bool = False
    reset: bool = False
    """Hang up with RST, so that the other side meets ECONNRESET instead of an end of file."""
    strike: Callable[[], None] | None = None


def status(number: int, code: int = 0, message: str = "") -> Fault:
    """Refuse or fail, without effect: 500, 502, 503, 403…; `code` is Discord's own."""
    return Fault(status=number, body={"message": message or f"{number}: made up", "code": code})


def rate_limit(retry_after: float, *, via: bool = True, shared: bool = False, everywhere: bool = False) -> Fault:
    """429; without `Via` it is Cloudflare's, which discord.py raises at once."""
    headers = {"Via": "1.1 google"} if via else {}
    headers["X-RateLimit-Scope"] = "global" if everywhere else "shared" if shared else "user"
    body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": everywhere}
    return Fault(status=429, headers=headers, body=body)


def failed_after(number: int) -> Fault:
    """It took effect, and Discord answers that it has failed (500, 502, 503)."""
    return Fault(status=number, body={"message": f"{number}: made up", "code": 0}, done=True)


def struck(strike: Callable[[], None], *, done: bool) -> Fault:
    """Whoever asked is struck dead when the request has left, or when it has taken effect."""
    return Fault(done=done, hang_up=True, strike=strike)


def lost_answer() -> Fault:
    """It took effect, and nobody hears of it."""
    return Fault(done=True, hang_up=True)


def lost_request() -> Fault:
    """It never arrived."""
    return Fault(hang_up=True)


def reset(*, done: bool = False) -> Fault:
    """The connection is reset, before or after the effect."""
    return Fault(done=done, hang_up=True, reset=True)


def slow(seconds: float) -> Fault:
    """The true answer, late."""
    return Fault(done=True, seconds=seconds)


def hang_up(request: web.Request, *, reset: bool) -> None:
    """End the connection under a request."""
    if request.transport is None:
        return
    raw = request.transport.get_extra_info("socket")
    if reset and raw is not None:
        with socket(fileno=raw.fileno()) as same:
            same.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            same.detach()
    request.transport.abort()
