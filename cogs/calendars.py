"""The picture beside a queue; an answer is never kept back for the lack of one."""

import asyncio
import logging
from io import BytesIO

import discord

from cogs.replies.calendars import PICTURE, alt_text
from usecases.calendars import Calendar

_KEPT = 64
"""Drawn calendars that are kept: who looks again on the same day mostly sees the same one."""
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
            try:
                drawn = await asyncio.to_thread(_draw, calendar), alt_text(calendar)
            except ImportError as missing:
                _log.info("queues go without a picture: %s", missing)
                return []
            except Exception:  # noqa: BLE001 - the list in words is worth more than its picture
                _log.exception("a calendar could not be drawn")
                return []
        self._keep(calendar, drawn)
        picture, alt = drawn
        return [discord.File(BytesIO(picture), PICTURE, description=alt)]

    def _keep(self, calendar: Calendar, drawn: tuple[bytes, str]) -> None:
        self._kept[calendar] = drawn
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]


def _draw(calendar: Calendar) -> bytes:
    """In a thread of its own, and there first the import: what draws takes longer to load than a queue to answer."""
    from cogs.pictures import draw_calendar  # noqa: PLC0415

    return draw_calendar(calendar)
