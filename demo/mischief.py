"""What can go wrong on Discord, arranged on a simulated one; for tests alone."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import discord
import simcord
from discord.ext import commands
from simcord import interactions
from simcord.backend import serializers
from simcord.builders import ChannelHandle
from simcord.enums import ComponentType, InteractionType
from simcord.http import client as http_client

INBOX_CLOSED = 50007
"""Discord's code for a person who takes no direct messages; SimCord's people always do."""


async def click_together(
    env: simcord.Env, channel: ChannelHandle, message_id: int, people: Sequence[Any], custom_id: str
) -> None:
    """Several people press one button in the same instant, which SimCord's actors refuse to do."""
    stored = env.backend.get_message(channel.id, message_id)
    for person in people:
        record, payload = interactions.base_payload(
            env.backend,
            type=InteractionType.MESSAGE_COMPONENT,
            channel_id=channel.id,
            guild_id=channel.guild.id if channel.guild else None,
            user_id=person.id,
            data={"custom_id": custom_id, "component_type": ComponentType.BUTTON},
        )
        record.source_message_id = stored.id
        payload["message"] = dict(serializers.message_payload(env.backend, stored))
        env.backend.emit("INTERACTION_CREATE", payload)
    await env.settle()


@contextmanager
def at_once(env: simcord.Env) -> Iterator[None]:
    """Let what people do within this context reach the bot without waiting for what it does; settle afterwards."""
    settling = env._settle_internal  # noqa: SLF001

    async def not_yet(**_options: Any) -> None:
        await asyncio.to_thread(lambda: None)

    env._settle_internal = not_yet  # type: ignore[method-assign]  # noqa: SLF001
    try:
        yield
    finally:
        env._settle_internal = settling  # type: ignore[method-assign]  # noqa: SLF001


def lose_answers(bot: commands.Bot, *, files_only: bool = False) -> Callable[[], None]:
    """Let each message, or each with a file, be posted and its answer be lost on the way; returns the way back."""
    original = bot.http.request

    async def request(route: discord.http.Route, **options: Any) -> Any:
        answer = await original(route, **options)
        if route.method == "POST" and route.path.endswith("/messages") and (options.get("files") or not files_only):
            raise discord.DiscordServerError(http_client._FakeResponse(503), "the answer was lost")  # noqa: SLF001
        return answer

    def undo() -> None:
        bot.http.request = original  # type: ignore[method-assign]

    bot.http.request = request  # type: ignore[method-assign]
    return undo
