"""The picture beside a queue; an answer is never kept back for the lack of one."""

import asyncio
import logging
from collections.abc import Callable
from io import BytesIO
from typing import TypeVar

import discord

from cogs.replies.calendars import PICTURE, alt_text
from usecases.calendars import Calendar

_KEPT = 64
"""Drawn calendars that are kept: who looks again on the same day mostly sees the same one."""
T = TypeVar("T")
_log = logging.getLogger(__name__)


class Pictures:
    """Draws calendars, each once, beside everything else that goes on."""

    def __init__(self) -> None:
        self._kept: dict[Calendar, tuple[bytes, str]] = {}

    async def of(self, calendar: Calendar | None) -> list[discord.File]:
        """The calendar as a file to send; none where its days are empty, or where it cannot be drawn."""
        if calendar is None:
            return []
        drawn = self._kept.pop(calendar, None)
        if drawn is None:
            picture = await drawn_apart(_draw, calendar)
            if picture is None:
                return []
            drawn = picture, alt_text(calendar)
        self._keep(calendar, drawn)
        picture, alt = drawn
        return [discord.File(BytesIO(picture), PICTURE, description=alt)]

    def _keep(self, calendar: Calendar, drawn: tuple[bytes, str]) -> None:
        self._kept[calendar] = drawn
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]


async def drawn_apart(draw: Callable[[T], bytes], what: T) -> bytes | None:
    """A picture, drawn in a thread of its own; `None` where it cannot be, for words are worth more than a picture."""
    try:
        return await asyncio.to_thread(draw, what)
    except ImportError as missing:
        _log.info("answers go without a picture: %s", missing)
    except Exception:  # noqa: BLE001 - the words are worth more than their picture
        _log.exception("a picture could not be drawn")
    return None


def _draw(calendar: Calendar) -> bytes:
    """In a thread of its own, and there first the import: what draws takes longer to load than a queue to answer."""
    from cogs.pictures import draw_calendar  # noqa: PLC0415

    return draw_calendar(calendar)
