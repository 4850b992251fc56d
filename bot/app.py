"""The one place where everything is put together."""

import discord
from discord.ext import commands

from bot.config import Settings


def create_bot(settings: Settings) -> commands.Bot:
    """Put the bot together and open nothing; the database opens in `setup_hook` and closes in `close()`."""
    del settings
    return commands.Bot(command_prefix=(), intents=discord.Intents(guilds=True))
