"""The one file that asks for the time, and the one that waits.

Time is read through discord.py's own helper, so that a simulated Discord drives us as the real one does.
"""

import discord
from whenever import Instant


def now() -> Instant:
    """The present moment, cut to whole milliseconds as it is stored."""
    moment = Instant(discord.utils.utcnow())  # noqa: TID251 - this is the place
    return Instant.from_timestamp_millis(moment.timestamp_millis())
