"""Who may decide for the community: checked on our side, at the command and at the button, each time."""

import discord

from cogs.answers import person_of
from storage.database import Database
from usecases.communities import require_community
from usecases.policy_refusals import NotOwnerError
from usecases.refusals import NotModeratorError, RefusalError


async def require_moderator(interaction: discord.Interaction, database: Database) -> None:
    """Let only moderators pass: who sees the moderators' channel, and who manages the server.

    Raises:
        NotSetUpError: no channel is chosen yet.
        NotModeratorError: this person is none.
    """
    community = await database.read(require_community, person_of(interaction))
    if not _decides(interaction, community.moderators_id):
        raise NotModeratorError


async def is_moderator(interaction: discord.Interaction, database: Database) -> bool:
    """The same as an answer, for what is only offered."""
    try:
        await require_moderator(interaction, database)
    except RefusalError:
        return False
    return True


def require_owner(interaction: discord.Interaction) -> None:
    """Let only those pass who manage the server, as for `/setup`; the interaction carries what Discord lets them do.

    Raises:
        NotOwnerError: this person does not.
    """
    if not manages_server(interaction):
        raise NotOwnerError


def manages_server(interaction: discord.Interaction) -> bool:
    """Whether a person manages the server, by their roles at this moment."""
    return interaction.permissions.administrator or interaction.permissions.manage_guild


def is_open_to_all(channel: discord.abc.GuildChannel) -> bool:
    """Whether everybody on the server sees a channel, so that seeing it makes nobody a moderator."""
    return channel.permissions_for(channel.guild.default_role).view_channel


def _decides(interaction: discord.Interaction, channel_id: int) -> bool:
    """From what the interaction itself carries of the person's roles, and the channel as the gateway told us of it.

    While the channel is gone, only those who can choose another decide.
    """
    person = interaction.user
    if manages_server(interaction):
        return True
    channel = interaction.guild.get_channel(channel_id) if interaction.guild else None
    if channel is None or not isinstance(person, discord.Member):
        return False
    rights = channel.permissions_for(person)
    return rights.view_channel and (rights.manage_messages or not is_open_to_all(channel))
