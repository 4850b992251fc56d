"""Two-command bots for what the demo does with any bot: they crash, and they speak up by themselves."""

import asyncio

import discord
from discord import app_commands
from discord.ext import commands

from bot.config import Settings

REMINDER_SECONDS = 2 * 60 * 60


class SmallBot(commands.Bot):
    """`/crash` raises; `/remind` speaks two hours later in the channel where it was asked."""

    def __init__(self) -> None:
        super().__init__(command_prefix=(), intents=discord.Intents(guilds=True))
        self.reminders: set[asyncio.Task[discord.Message]] = set()

    async def setup_hook(self) -> None:
        """Register both commands."""
        self.tree.add_command(crash)
        self.tree.add_command(remind)
        await self.tree.sync()

    def speak_later(self, channel: discord.abc.Messageable) -> None:
        """Set a timer, as a scheduler does."""
        loop = asyncio.get_running_loop()
        loop.call_later(REMINDER_SECONDS, lambda: self.reminders.add(loop.create_task(channel.send("It is time."))))


@app_commands.command(description="Raise an error")
async def crash(_: discord.Interaction[SmallBot]) -> None:
    raise LookupError("the third shelf is empty")


@app_commands.command(description="Speak up in two hours")
async def remind(interaction: discord.Interaction[SmallBot]) -> None:
    assert isinstance(interaction.channel, discord.TextChannel)
    interaction.client.speak_later(interaction.channel)
    await interaction.response.send_message("I will.", ephemeral=True)


def small_bot(_: Settings) -> commands.Bot:
    return SmallBot()
