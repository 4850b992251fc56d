"""Every button and form of the bot, by the verb and the number in its custom id.

discord.py can keep views and modals in memory and call them back; a restart would lose them.
So nothing is kept: the interaction itself says all, and this one listener finds who answers it.
"""

import logging
from collections.abc import Awaitable, Callable

import discord
from discord.ext import commands

from cogs.answers import answer_error

Handler = Callable[[discord.Interaction, int], Awaitable[None]]
"""Answers a press; gets the number its button carries."""

_log = logging.getLogger(__name__)
_WITH_CUSTOM_ID = {discord.InteractionType.component, discord.InteractionType.modal_submit}


class Presses(commands.Cog):
    """Buttons and forms, before and after any restart."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] = {}

    def on(self, verb: str, handler: Handler) -> None:
        """Let `handler` answer all buttons and forms of one verb."""
        if verb in self._handlers:
            raise ValueError(f"two handlers for {verb}")
        self._handlers[verb] = handler

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Find the handler a custom id names; every error is answered."""
        if interaction.type not in _WITH_CUSTOM_ID or not isinstance(interaction.data, dict):
            return
        verb, _, number = str(interaction.data.get("custom_id", "")).partition(":")
        handler = self._handlers.get(verb)
        if handler is None or not number.isdecimal():
            _log.warning("a press nobody answers: %s", verb)
            return
        try:
            await handler(interaction, int(number))
        except Exception as error:  # noqa: BLE001 - every press is answered, whatever went wrong
            await answer_error(interaction, error)


def form_values(interaction: discord.Interaction) -> dict[str, str]:
    """The fields of a sent form, by their custom ids, as Discord delivers them; of a choice, what was chosen first."""
    values: dict[str, str] = {}
    pending: list[object] = [interaction.data]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if isinstance(node.get("value"), str):
                values[str(node["custom_id"])] = node["value"]
            elif node.get("values"):
                values[str(node["custom_id"])] = str(node["values"][0])
            pending += [node.get("component"), *node.get("components", [])]
    return values
