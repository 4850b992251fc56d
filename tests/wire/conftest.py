"""A loopback Discord for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.wire.discord_server import DiscordServer
from tests.wire.openapi import discord_openapi


@pytest.fixture
async def discord_server() -> AsyncIterator[DiscordServer]:
    """A loopback Discord without any guild."""
    async with DiscordServer() as server:
        yield server


@pytest.fixture
async def strict_server() -> AsyncIterator[DiscordServer]:
    """The same, which also holds what we send against Discord's OpenAPI, and ends without a complaint."""
    async with DiscordServer(openapi=discord_openapi()) as server:
        yield server
    assert server.complaints == []
