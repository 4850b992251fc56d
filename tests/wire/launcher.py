"""Run `colophon` in a child process against the loopback Discord instead of the real one.

    python -m tests.wire.launcher '{"rest": "http://…/api/v10", "gateway": "ws://…"}' run --database …

The product knows no other Discord than the real one, so discord.py is turned here, before anything is started.
"""

import json
import sys
from importlib import import_module
from typing import Any

import discord
import yarl


def turn(places: dict[str, Any]) -> None:
    """Point discord.py at `rest` and `gateway`, for every later import; `patience` shortens waits by their names."""
    discord.http.Route.BASE = places["rest"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(places["gateway"])
    for dotted, value in places.get("patience", {}).items():
        module, _, name = dotted.rpartition(".")
        setattr(import_module(module), name, value)
    if "intents" in places:
        _ask_for(places["intents"])


def _ask_for(intents: list[str]) -> None:
    """Let the bot ask for more than it does."""
    check = import_module("bot.check")
    create_bot = check.create_bot

    def create_asking_bot(settings: Any) -> Any:
        bot = create_bot(settings)
        for name in intents:
            setattr(bot._connection._intents, name, True)
        return bot

    vars(check)["create_bot"] = create_asking_bot


if __name__ == "__main__":
    turn(json.loads(sys.argv.pop(1)))
    from bot.cli import main

    sys.argv[0] = "colophon"
    main()
