"""Who may decide for the community: checked on our side, at the command and at the button, each time."""

import discord

from usecases.refusals import NotModeratorError


def is_moderator(interaction: discord.Interaction) -> bool:
    """Whether Discord gives this member a moderator's rights, where the interaction took place."""
    rights = interaction.permissions
    return rights.administrator or rights.manage_guild or rights.manage_messages


def require_moderator(interaction: discord.Interaction) -> None:
    """Let only moderators pass.

    Raises:
        NotModeratorError: this person is none.
    """
    if not is_moderator(interaction):
        raise NotModeratorError
