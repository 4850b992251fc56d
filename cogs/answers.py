"""Answering an interaction: first that we heard, then what we have to say, also when something went wrong."""

import logging
from collections.abc import Sequence

import discord
from discord import app_commands, ui

from cogs.replies import refusals
from storage.errors import StorageError
from usecases.people import Person
from usecases.refusals import RefusalError

_log = logging.getLogger(__name__)
_TOO_LATE_CODES = {10062, 40060, 50027}
"""Discord no longer takes an answer to this interaction; nobody is there to be told."""

_STAYS = {discord.InteractionResponseType.deferred_message_update, discord.InteractionResponseType.modal}
"""After these, an error is told beside what the person sees: the card that was pressed, or the form that is open."""


def person_of(interaction: discord.Interaction) -> Person:
    """Who acts, and in which community."""
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    return Person(interaction.guild_id, interaction.user.id)


async def hear(interaction: discord.Interaction, *, fresh: bool = False, in_place: bool = False) -> None:
    """Take an interaction on, within Discord's three seconds; the answer follows by `answer`.

    A command, a form, and a press under a message that others see are answered by a message of their own which only
    the person sees; a press under such a message changes it in place, unless `fresh`, and so does a form that was
    opened there, if `in_place`.
    """
    message = interaction.message
    changing = in_place or (interaction.type is discord.InteractionType.component and not fresh)
    if changing and message and message.flags.ephemeral:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)


async def answer(interaction: discord.Interaction, view: ui.LayoutView, files: Sequence[discord.File] = ()) -> None:
    """Say what we have to say, to the person alone; `files` take the place of those that were there."""
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view, attachments=files)
    else:
        await interaction.response.send_message(view=view, files=files, ephemeral=True)


async def answer_error(interaction: discord.Interaction, error: BaseException) -> None:
    """The one place where errors of commands, presses and forms become words.

    In this order: what discord.py wrapped is unwrapped; a refusal is explained; trouble with the database is
    admitted; an interaction that Discord has given up on is let go; all else is ours, logged and apologised for.
    """
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, discord.HTTPException) and error.code in _TOO_LATE_CODES:
        _log.warning("an answer came too late: %s", error)
        return
    if isinstance(error, RefusalError):
        view = refusals.refused(error)
    elif isinstance(error, StorageError):
        _log.error("the database refused: %s", error)
        view = refusals.database_trouble()
    elif isinstance(error, app_commands.AppCommandError):
        _log.info("a command was refused: %s", error)
        view = refusals.not_allowed()
    else:
        _log.error("an interaction failed", exc_info=error)
        view = refusals.our_fault()
    try:
        await _say(interaction, view)
    except discord.HTTPException as failed:
        _log.warning("an error could not be told: %s", failed)


async def _say(interaction: discord.Interaction, view: ui.LayoutView) -> None:
    if interaction.response.type in _STAYS:
        await interaction.followup.send(view=view, ephemeral=True)
    else:
        await answer(interaction, view)
