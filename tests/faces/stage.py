"""A community on a simulated Discord, and people who press what a test tells them to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import discord
import simcord
from simcord.actors import MemberActor
from simcord.backend.models import Overwrite
from simcord.builders import ChannelHandle, GuildHandle, RoleHandle
from simcord.enums import OverwriteType
from simcord.results import InteractionResult, ResponseMessage
from whenever import Instant

from bot.app import Colophon, create_bot
from bot.config import Secret, Settings
from demo import shims

shims.apply()

HOUR = 3600
DAY = 24 * HOUR
STORY = "The bell rang twice.\n\nNobody came, and then somebody did.\n\nIt was the baker.\n"
MODERATION = discord.Permissions(manage_guild=True, manage_messages=True)


class Stage:
    """One guild with its channels, its people and the bot; made by `stage()`."""

    def __init__(self, env: simcord.Env, database: Path) -> None:
        self.env = env
        self.database = database
        self.guild: GuildHandle = env.create_guild("The Lantern Room")
        moderators = self.guild.create_role("Moderators", permissions=MODERATION)
        self.moderator = self.guild.add_member(env.create_user("mo"), roles=[moderators])
        self.author = self.guild.add_member(env.create_user("ines"))
        self.reader = self.guild.add_member(env.create_user("rui"))
        self.home = self.guild.create_forum_channel("stories")
        self.network = self.guild.create_news_channel("new-chapters")
        self.moderation = self.guild.create_text_channel("moderators")
        self.notices = self.guild.create_text_channel("notices")
        self.lobby = self.guild.create_text_channel("lobby")

    @property
    def now(self) -> Instant:
        """The simulated moment."""
        return Instant(self.env.now())

    def close_moderation(self) -> RoleHandle:
        """Only who has the role that is returned sees the moderators' channel, and the bot."""
        insiders = self.guild.create_role("Insiders")
        backend, channel = self.env.backend, self.moderation.id
        view = discord.Permissions.view_channel.flag
        backend.set_overwrite(channel, Overwrite(self.guild.id, OverwriteType.ROLE, deny=view))
        for role_id in (insiders.id, *(role.id for role in self.guild._guild.roles.values() if role.managed)):
            backend.set_overwrite(channel, Overwrite(role_id, OverwriteType.ROLE, allow=view))
        return insiders

    async def set_up(self, *, notices: bool = True, **options: Any) -> InteractionResult:
        """The moderator runs `/setup`."""
        if notices:
            options["notices"] = self.notices
        channels = {"home": self.home, "network": self.network, "moderators": self.moderation}
        return await self.moderator.slash(self.moderation, "setup", **(channels | options))

    async def start_series(self, title: str, author: MemberActor | None = None, **options: Any) -> InteractionResult:
        """An author runs `/series start`."""
        return await (author or self.author).slash(self.lobby, "series start", title=title, **options)

    async def preview(
        self, series: str, title: str, *, text: str = STORY, author: MemberActor | None = None, **options: Any
    ) -> InteractionResult:
        """An author runs `/chapter submit` with a file."""
        given = {"ai": "none", "file": (f"{title}.md", text.encode())} | options
        return await (author or self.author).slash(self.lobby, "chapter submit", series=series, title=title, **given)

    async def submit(self, series: str, title: str, **options: Any) -> InteractionResult:
        """An author hands a chapter in and presses **Submit**."""
        author = options.get("author") or self.author
        shown = await self.preview(series, title, **options)
        return await self.press(shown, "Submit", by=author)

    async def press(self, shown: InteractionResult, label: str, *, by: MemberActor | None = None) -> InteractionResult:
        """Somebody, the author by default, presses a button under an answer."""
        assert shown.response is not None
        return await (by or self.author).click(shown.response, label=label)

    async def pass_time(self, seconds: float) -> None:
        """Turn the clock, a day at a time, as SimCord's budget wants it."""
        while seconds > 0:
            step = min(seconds, DAY)
            await self.env.advance_time(step)
            seconds -= step

    async def restart(self, *, offline: float = 0) -> None:
        """Stop the bot, let time pass without it, and start another one on the same database."""
        await self.bot.close()
        self.env.backend.clock.advance(offline)
        await self.env.restart_bot(create_bot(settings(self.database)))
        await self.env.settle()

    @property
    def bot(self) -> Colophon:
        """The bot of the moment."""
        assert isinstance(self.env.bot, Colophon)
        return self.env.bot

    def thread(self, series: str) -> ChannelHandle:
        """The home thread of a series, by its title; there must be just one."""
        (found,) = [thread for thread in self.home.threads if thread.name == series]
        return found


def settings(database: Path) -> Settings:
    """What every test's bot runs with."""
    return Settings(token=Secret("simulated"), database=database)


@asynccontextmanager
async def stage(folder: Path, *, set_up: bool = True) -> AsyncIterator[Stage]:
    """A community whose bot is set up, on a database in `folder`."""
    database = folder / "colophon.sqlite3"
    async with simcord.run(create_bot(settings(database))) as env:
        scene = Stage(env, database)
        try:
            if set_up:
                await scene.set_up()
            yield scene
        finally:
            await scene.bot.close()


def text_of(message: ResponseMessage | discord.Message | InteractionResult | None) -> str:
    """Everything a person can read on a message: its content, its cards, its embeds."""
    if isinstance(message, InteractionResult):
        parts = [message.response, *message.followups]
        return "\n".join(text_of(part) for part in parts if part is not None)
    if message is None:
        return ""
    texts = [message.content]
    for component in message.components:
        payload = component.to_dict() if isinstance(component, discord.Component) else component
        texts += _texts(payload)
    return "\n".join(text for text in texts if text)


def text_of_view(view: discord.ui.LayoutView) -> str:
    """Everything a person could read on a card that was never sent."""
    payloads = [child.to_component_dict() for child in view.children]
    return "\n".join(text for payload in payloads for text in _texts(payload))


def buttons_of(message: ResponseMessage | discord.Message | InteractionResult | None) -> list[str]:
    """The labels of the buttons on a message, in order."""
    if isinstance(message, InteractionResult):
        return buttons_of(message.response)
    return [] if message is None else [button["label"] for button in _buttons(message)]


def custom_id_of(message: ResponseMessage | discord.Message, label: str) -> str:
    """The custom id behind a button, for presses that SimCord's actors cannot make."""
    (found,) = [button["custom_id"] for button in _buttons(message) if button["label"] == label]
    return str(found)


def choices_of(message: ResponseMessage | discord.Message | InteractionResult | None) -> dict[str, str]:
    """What the only select menu on a message offers: labels and values."""
    if isinstance(message, InteractionResult):
        return choices_of(message.response)
    assert message is not None
    (menu,) = _of_type(message, discord.ComponentType.string_select)
    return {option["label"]: option["value"] for option in menu["options"]}


def _buttons(message: ResponseMessage | discord.Message) -> list[dict[str, Any]]:
    return _of_type(message, discord.ComponentType.button)


def _of_type(message: ResponseMessage | discord.Message, kind: discord.ComponentType) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    pending: list[Any] = list(message.components)
    while pending:
        one = pending.pop(0)
        payload: Any = one.to_dict() if isinstance(one, discord.Component) else one
        if payload.get("type") == kind.value:
            found.append(payload)
        pending = [*payload.get("components", []), *pending]
    return found


def _texts(payload: Any) -> list[str]:
    own = [payload["content"]] if isinstance(payload.get("content"), str) else []
    return own + [text for child in payload.get("components", []) for text in _texts(child)]


def stamp(moment: Instant) -> str:
    """A moment as a full Discord timestamp."""
    return f"<t:{moment.timestamp()}:F>"
