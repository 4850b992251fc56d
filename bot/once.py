"""What may not be asked twice is not repeated behind our back.

After some of Discord's faults discord.py sends a request again by itself, though Discord may have taken the first one.
For a message its nonce makes that harmless; the opening of a forum post has none, and a series would get two homes.
"""

import re
from types import SimpleNamespace

import aiohttp

_NOT_TWICE = re.compile(r"POST .*/channels/\d+/threads")
_SERVER_FAULT = 500


class UnansweredError(aiohttp.ClientError):
    """Discord failed over a request and may have taken it all the same: its delivery looks before it tries again."""


def at_most_once() -> aiohttp.TraceConfig:
    """For `discord.Client(http_trace=…)`: end such a request where discord.py would repeat it."""
    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(_end)
    return trace


async def _end(session: aiohttp.ClientSession, context: SimpleNamespace, told: aiohttp.TraceRequestEndParams) -> None:
    del session, context
    if told.response.status >= _SERVER_FAULT and _NOT_TWICE.fullmatch(f"{told.method} {told.url.path}"):
        raise UnansweredError(f"Discord failed with {told.response.status}")
