"""How the bot's answers look: a card of text with a row of buttons, and the small words every card uses."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui
from whenever import Instant, TimeDelta

from storage.belongings import ERASED

QUIET = discord.Colour(0x8C7851)
"""A plain answer."""
GOOD = discord.Colour(0x2E8B57)
"""Done, and nothing holds it back."""
WAITS = discord.Colour(0xD9A441)
"""Done, and it waits or stays at home."""
NOT_SO = discord.Colour(0xB5523B)
"""A refusal, with what to do instead."""

MOST_TEXT = 4000
"""Characters a card may hold in all."""
_BUTTONS_IN_A_ROW = 5
_NO_TEXT = "\u200b"
_SPELLED = {2: "two", 3: "three"}
_ERASED = "somebody who has left no name"


@dataclass(frozen=True, slots=True)
class Press:
    """One button: its label is public, its verb and number say what it does after any restart."""

    label: str
    verb: str
    number: int
    style: discord.ButtonStyle = discord.ButtonStyle.secondary

    def button(self) -> ui.Button[ui.LayoutView]:
        """The button as discord.py wants it."""
        return ui.Button(label=self.label, style=self.style, custom_id=f"{self.verb}:{self.number}")


def card(
    *paragraphs: str | None,
    colour: discord.Colour = QUIET,
    picture: discord.File | None = None,
    presses: Iterable[Press] = (),
) -> ui.LayoutView:
    """A card of paragraphs, those that are `None` left out, with a picture that is among its answer's files.

    The view is stopped at once: nothing of it is kept in memory, its buttons come back through `cogs/presses.py`.
    """
    view = ui.LayoutView(timeout=None)
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph).replace(f"<@{ERASED}>", _ERASED)
    container: ui.Container[ui.LayoutView] = ui.Container(
        ui.TextDisplay(shortened(text, MOST_TEXT) or _NO_TEXT), accent_colour=colour
    )
    if picture is not None:
        container.add_item(gallery(picture))
    buttons = [press.button() for press in presses]
    for first in range(0, len(buttons), _BUTTONS_IN_A_ROW):
        container.add_item(ui.ActionRow(*buttons[first : first + _BUTTONS_IN_A_ROW]))
    view.add_item(container)
    view.stop()
    return view


def words_of(components: Iterable[Any]) -> list[str]:
    """All words of a card that stands somewhere, in order."""
    words: list[str] = []
    for component in components:
        payload: Any = component.to_dict() if isinstance(component, discord.Component) else component
        words += str(payload.get("content") or "").split()
        words += words_of(payload.get("components", []))
    return words


def gallery(picture: discord.File) -> ui.MediaGallery[ui.LayoutView]:
    """The place of a picture in an answer that has it among its files."""
    return ui.MediaGallery(discord.MediaGalleryItem(picture.uri, description=picture.description))


def plain(text: str) -> str:
    """Somebody's words inside ours: shown as they were typed, never as formatting, never as a mention."""
    return discord.utils.escape_mentions(discord.utils.escape_markdown(text))


def quoted(title: str) -> str:
    """A title in quotation marks."""
    return f"“{plain(title)}”"


def listed(titles: Iterable[str]) -> str:
    """Several titles in a sentence."""
    return ", ".join(quoted(title) for title in titles)


def i_know(titles: tuple[str, ...]) -> str:
    """What there is to choose from."""
    return f"I know {listed(titles)}." if titles else "There is none yet."


def shortened(text: str, most: int) -> str:
    """At most `most` characters, with a mark where some are missing."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def full_time(moment: Instant) -> str:
    """A moment in the reader's own zone, in full."""
    return f"<t:{moment.timestamp()}:F>"


def short_time(moment: Instant) -> str:
    """A moment in the reader's own zone, short."""
    return f"<t:{moment.timestamp()}:f>"


def countdown(moment: Instant) -> str:
    """How far away a moment is, as Discord counts it for each reader."""
    return f"<t:{moment.timestamp()}:R>"


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def on_it(taken_by: int | None, *, decided_by: int | None = None) -> str | None:
    """Who has taken a matter on; once it is decided, only if that was somebody else."""
    if taken_by is None or taken_by == decided_by:
        return None
    return f"<@{taken_by}> {'is' if decided_by is None else 'was'} on it."


def every(days: int) -> str:
    """A pace: every day, every 2nd day, every 21st day."""
    return "every day" if days == 1 else f"every {ordinal(days)} day"


def ordinal(number: int) -> str:
    """1st, 2nd, 21st."""
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def paragraphs(number: int) -> str:
    """So many opening paragraphs, as they are spoken of."""
    return "paragraph" if number == 1 else f"{_SPELLED.get(number, str(number))} paragraphs"


def span(length: TimeDelta) -> str:
    """A length of time, in the two largest of its parts."""
    minutes = round(length.total("minutes"))
    parts = [
        counted(number, name)
        for number, name in ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
        if number
    ]
    return " ".join(parts[:2]) or "a moment"
