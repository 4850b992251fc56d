"""What the bot has to be allowed in the channels it uses, and what it sees of them.

One home for `/setup`, `/doctor` and `colophon check`.
"""

from collections.abc import Iterable, Mapping, Sequence

import discord
from discord.abc import GuildChannel

from rules.health import ChannelGone, Lacks, Use
from storage.communities import Community

_POSTING = ("view_channel", "send_messages", "read_message_history", "embed_links")
_NEEDED = {
    Use.HOME: ("view_channel", "send_messages", "send_messages_in_threads", "read_message_history", "attach_files"),
    Use.NETWORK: _POSTING,
    Use.MODERATORS: _POSTING,
    Use.NOTICES: _POSTING,
}
_NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages and Create Posts",
    "send_messages_in_threads": "Send Messages in Threads",
    "read_message_history": "Read Message History",
    "attach_files": "Attach Files",
    "embed_links": "Embed Links",
}


def channels_of(community: Community) -> dict[Use, int]:
    """Discord's channel for each use that a community has one for."""
    chosen = {use: getattr(community, f"{use}_id") for use in Use}
    return {use: channel_id for use, channel_id in chosen.items() if channel_id is not None}


def lacking(channel: GuildChannel, member: discord.Member, use: Use) -> tuple[str, ...]:
    """What a member may not do in a channel that its use needs, by the names that Discord's settings show."""
    granted = channel.permissions_for(member)
    return tuple(_NAMES[name] for name in _NEEDED[use] if not getattr(granted, name))


def look_at(
    community: Community, channels: Mapping[int, GuildChannel], member: discord.Member
) -> tuple[list[ChannelGone], list[Lacks]]:
    """Which of a community's channels are gone, and what the bot lacks in the others."""
    gone, lacks = [], []
    for use, channel_id in channels_of(community).items():
        channel = channels.get(channel_id)
        if channel is None:
            gone.append(ChannelGone(use))
        elif missing := lacking(channel, member, use):
            lacks.append(Lacks(use, channel_id, missing))
    return gone, lacks


def missing_in(given: Iterable[tuple[Use, GuildChannel | None]]) -> dict[int, Sequence[str]]:
    """What the bot lacks in channels that somebody wants to use, by channel."""
    chosen = [(channel, lacking(channel, channel.guild.me, use)) for use, channel in given if channel is not None]
    return {channel.id: missing for channel, missing in chosen if missing}
