"""The simulated server: its channels, its people with their rights, and the story so far."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import simcord
from simcord.actors import MemberActor
from simcord.backend.models import Overwrite
from simcord.builders import ChannelHandle, GuildHandle, RoleHandle
from simcord.enums import ChannelType, OverwriteType

STORIES = Path(__file__).with_name("stories")
SERIES = "The Salt Road"

HOUR = 3600
DAY = 24 * HOUR
MORNING = 4 * DAY + 9 * HOUR
"""SimCord's clock starts on Thursday 1 January 2026; the first chapter goes out on Monday at nine."""
UNTIL_EVENING = 8 * HOUR

EVERYONE = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    add_reactions=True,
    attach_files=True,
    embed_links=True,
    use_application_commands=True,
)
MODERATORS = discord.Permissions(
    manage_guild=True, manage_channels=True, manage_messages=True, manage_threads=True, moderate_members=True
)
BOT = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    manage_threads=True,
    read_message_history=True,
    attach_files=True,
    embed_links=True,
)
"""What Colophon asks for when it is invited, and no more, so that the demo shows what these rights can do."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A manuscript that comes with the demo."""

    title: str
    file: str
    text: bytes


def _written(title: str, file: str) -> Chapter:
    return Chapter(title, file, (STORIES / file).read_bytes())


FIRST_CHAPTER = _written("The Weighing House", "the-salt-road-1.md")
SECOND_CHAPTER = _written("What the Lamp-Keeper Kept", "the-salt-road-2.md")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the visitor can be."""

    key: str
    name: str
    part: str
    colour: int
    actor: MemberActor


@dataclass(frozen=True, slots=True)
class World:
    """Handles to everything that was built."""

    env: simcord.Env
    guild: GuildHandle
    author: Person
    moderator: Person
    reader: Person
    lobby: ChannelHandle
    stories: ChannelHandle
    announcements: ChannelHandle
    notices: ChannelHandle
    moderators: ChannelHandle

    @property
    def people(self) -> dict[str, Person]:
        """Everybody, by their short name."""
        return {person.key: person for person in (self.author, self.moderator, self.reader)}


def build(env: simcord.Env) -> World:
    """Make the server, its channels and its people; nobody has said a word yet."""
    guild = env.create_guild("The Lantern Room", description="Serial stories, one lamp, no hurry.")
    env.backend.edit_bot_profile("Colophon").avatar = "colophon"
    env.backend.edit_role(guild.id, guild.id, {"permissions": EVERYONE.value})
    env.backend.edit_role(guild.id, _bot_role(guild).id, {"name": "Colophon", "permissions": BOT.value})
    writers = guild.create_role("Writers", color=0xE8A33D, position=2)
    mods = guild.create_role("Moderators", permissions=MODERATORS, color=0x57C7A3, position=3)
    return World(
        env=env,
        guild=guild,
        author=_person(guild, "ines", "Ines", "author", 0xE8A33D, writers),
        moderator=_person(guild, "mo", "Mo", "moderator", 0x57C7A3, mods),
        reader=_person(guild, "rui", "Rui", "reader", 0x7AA2F7),
        lobby=guild.create_text_channel("lobby", topic="Talk, and commands: type / to see them."),
        stories=_read_only(guild, "stories", ChannelType.FORUM, "Each story has a thread of its own."),
        announcements=_read_only(guild, "new-chapters", ChannelType.NEWS, "What the whole community reads."),
        notices=_read_only(guild, "notices", ChannelType.TEXT, "What Colophon has to say to an author."),
        moderators=_closed(guild, mods),
    )


async def open_story(world: World) -> None:
    """Set the bot up and release the first chapter, by the same commands that a visitor would use."""
    env = world.env
    await env.advance_time(MORNING)
    await world.moderator.actor.slash(
        world.moderators,
        "setup",
        home=world.stories,
        network=world.announcements,
        moderators=world.moderators,
        notices=world.notices,
    )
    await world.author.actor.slash(
        world.lobby,
        "series start",
        title=SERIES,
        blurb="A gate, a stone, and something under it that breathes.",
    )
    preview = await hand_in(world, FIRST_CHAPTER)
    await world.author.actor.click(preview.response, label="Submit")
    await env.advance_time(UNTIL_EVENING)
    forget_ephemeral_answers(env)
    await _talk(world)


async def hand_in(world: World, chapter: Chapter) -> Any:
    """The author runs `/chapter submit` in the lobby; returns what SimCord says of the interaction."""
    return await world.author.actor.slash(
        world.lobby,
        "chapter submit",
        series=SERIES,
        title=chapter.title,
        ai="none",
        file=(chapter.file, chapter.text),
    )


def forget_ephemeral_answers(env: simcord.Env) -> None:
    """Drop what only one person saw, as a client does when it is opened anew."""
    for messages in env.backend.messages.values():
        for message in [message for message in messages.values() if message.is_ephemeral]:
            del messages[message.id]


async def _talk(world: World) -> None:
    """A few words in the lobby, so that the visitor arrives in the middle of something."""
    await world.moderator.actor.send(world.lobby, "Chapter one of *The Salt Road* is out. The lamp is on.")
    await world.reader.actor.send(world.lobby, "Read it over lunch. That stone! When is chapter two?")
    await world.author.actor.send(
        world.lobby, "It is finished already. I'll hand it in now and let Colophon pick the day."
    )


def _person(guild: GuildHandle, key: str, name: str, part: str, colour: int, *roles: RoleHandle) -> Person:
    user = guild._env.create_user(key, global_name=name, avatar=key)  # noqa: SLF001 - handles know their world
    return Person(key, name, part, colour, guild.add_member(user, roles=roles))


def _bot_role(guild: GuildHandle) -> Any:
    return next(role for role in guild._guild.roles.values() if role.managed)  # noqa: SLF001


def _read_only(guild: GuildHandle, name: str, kind: ChannelType, topic: str) -> ChannelHandle:
    """A channel in which only the bot posts; people may still write in its threads."""
    return _channel(
        guild,
        name,
        kind,
        topic,
        Overwrite(guild.id, OverwriteType.ROLE, deny=discord.Permissions.send_messages.flag),
        Overwrite(_bot_role(guild).id, OverwriteType.ROLE, allow=discord.Permissions.send_messages.flag),
    )


def _closed(guild: GuildHandle, moderators: RoleHandle) -> ChannelHandle:
    """A channel that only moderators and the bot can see."""
    view = discord.Permissions.view_channel.flag
    return _channel(
        guild,
        "moderators",
        ChannelType.TEXT,
        "Requests and reports; only moderators see this.",
        Overwrite(guild.id, OverwriteType.ROLE, deny=view),
        Overwrite(moderators.id, OverwriteType.ROLE, allow=view),
        Overwrite(_bot_role(guild).id, OverwriteType.ROLE, allow=view),
    )


def _channel(guild: GuildHandle, name: str, kind: ChannelType, topic: str, *overwrites: Overwrite) -> ChannelHandle:
    """SimCord's builders give a forum or an announcement channel neither a topic nor rights of its own."""
    env = guild._env  # noqa: SLF001
    channel = env.backend.create_channel(guild.id, name, type=kind, overwrites=list(overwrites), topic=topic)
    return ChannelHandle(env, guild, channel)
