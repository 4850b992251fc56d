"""The loopback Discord meets discord.py as Discord does, where our deliveries depend on it.

Each test is a fact about the library or the service that the rules of delivery rest on; when one changes with a new
discord.py, the delivery code has to be looked at.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
import pytest
import yarl
from aiohttp import ClientError

from tests.wire.discord_server import TOKEN, DiscordServer
from tests.wire.faults import Fault, lost_answer, lost_request, rate_limit, reset, status
from tests.wire.payloads import ANNOUNCEMENT, FORUM, TEXT

SEND = r"/channels/\d+/messages"


@asynccontextmanager
async def logged_in(server: DiscordServer, patch: pytest.MonkeyPatch) -> AsyncIterator[discord.Client]:
    """A client in this process that knows no other Discord than `server`."""
    patch.setattr(discord.http.Route, "BASE", server.places["rest"])
    patch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.places["gateway"]))
    async with discord.Client(intents=discord.Intents(guilds=True), max_ratelimit_timeout=30.0) as client:
        await client.login(TOKEN)
        yield client


@pytest.fixture
async def client(strict_server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[discord.Client]:
    """A logged-in client."""
    async with logged_in(strict_server, monkeypatch) as one:
        yield one


@pytest.fixture
def place(strict_server: DiscordServer, client: discord.Client) -> discord.PartialMessageable:
    """A text channel."""
    return client.get_partial_messageable(strict_server.add_channel(strict_server.add_guild(), TEXT, "tales"))


def standing(server: DiscordServer, place: discord.PartialMessageable) -> list[str]:
    """What stands in a channel."""
    return [message["content"] for message in server.world.messages.get(place.id, {}).values()]


async def test_the_same_nonce_is_the_same_message(
    strict_server: DiscordServer, place: discord.PartialMessageable
) -> None:
    first = await place.send("Chapter 1", nonce="colophon1")
    again = await place.send("Chapter 1", nonce="colophon1")

    assert again.id == first.id
    assert standing(strict_server, place) == ["Chapter 1"]


async def test_after_its_window_the_same_nonce_is_a_second_message(
    strict_server: DiscordServer, place: discord.PartialMessageable
) -> None:
    strict_server.nonce_seconds = 0.0
    await place.send("Chapter 1", nonce="colophon1")
    await place.send("Chapter 1", nonce="colophon1")

    assert standing(strict_server, place) == ["Chapter 1", "Chapter 1"]


async def test_the_nonce_of_a_deleted_message_is_refused(place: discord.PartialMessageable) -> None:
    message = await place.send("Chapter 1", nonce="colophon1")
    await message.delete()

    with pytest.raises(discord.NotFound) as caught:
        await place.send("Chapter 1", nonce="colophon1")
    assert caught.value.code == 10008


async def test_a_server_error_is_tried_again_with_the_same_nonce(
    strict_server: DiscordServer, place: discord.PartialMessageable
) -> None:
    strict_server.fail("POST", SEND, status(500))

    await place.send("Chapter 1", nonce="colophon1")

    sent = strict_server.asked("POST", SEND)
    assert [one.body["nonce"] for one in sent] == ["colophon1", "colophon1"]
    assert standing(strict_server, place) == ["Chapter 1"]


async def test_a_503_is_not_tried_again(strict_server: DiscordServer, place: discord.PartialMessageable) -> None:
    strict_server.fail("POST", SEND, status(503))

    with pytest.raises(discord.DiscordServerError):
        await place.send("Chapter 1")
    assert len(strict_server.asked("POST", SEND)) == 1


@pytest.mark.parametrize("fault", [lost_answer(), reset(done=True)], ids=["hung up", "reset"])
async def test_after_a_lost_answer_nobody_knows_and_the_nonce_finds_out(
    strict_server: DiscordServer, place: discord.PartialMessageable, fault: Fault
) -> None:
    strict_server.fail("POST", SEND, fault)

    with pytest.raises((ClientError, OSError)):
        await place.send("Chapter 1", nonce="colophon1")
    assert standing(strict_server, place) == ["Chapter 1"]

    await place.send("Chapter 1", nonce="colophon1")
    assert standing(strict_server, place) == ["Chapter 1"]


async def test_a_lost_request_looks_the_same_from_here(
    strict_server: DiscordServer, place: discord.PartialMessageable
) -> None:
    strict_server.fail("POST", SEND, lost_request())

    with pytest.raises((ClientError, OSError)):
        await place.send("Chapter 1")
    assert standing(strict_server, place) == []


async def test_a_short_limit_is_waited_for(strict_server: DiscordServer, place: discord.PartialMessageable) -> None:
    strict_server.fail("POST", SEND, rate_limit(0.05))

    await place.send("Chapter 1")

    assert [one.status for one in strict_server.asked("POST", SEND)] == [429, 200]


async def test_a_long_limit_is_raised_at_once(strict_server: DiscordServer, place: discord.PartialMessageable) -> None:
    strict_server.fail("POST", SEND, rate_limit(3600))

    with pytest.raises(discord.RateLimited) as caught:
        await place.send("Chapter 1")
    assert caught.value.retry_after == 3600


async def test_without_via_a_limit_is_cloudflares(
    strict_server: DiscordServer, place: discord.PartialMessageable
) -> None:
    strict_server.fail("POST", SEND, rate_limit(1, via=False))

    with pytest.raises(discord.HTTPException) as caught:
        await place.send("Chapter 1")
    assert caught.value.status == 429


async def test_a_forums_post_has_no_nonce_so_one_server_error_doubles_it(
    strict_server: DiscordServer, client: discord.Client
) -> None:
    """Why a thread's creation is looked up before it is tried again."""
    guild = strict_server.add_guild()
    forum = await client.fetch_channel(strict_server.add_channel(guild, FORUM, "stories"))
    assert isinstance(forum, discord.ForumChannel)
    strict_server.fail("POST", r"/channels/\d+/threads", status(502))

    await forum.create_thread(name="The Long Way", content="A story")

    assert len(strict_server.asked("POST", r"/channels/\d+/threads")) == 2
    assert len(strict_server.channels_of(guild, threads=True)) == 1


async def test_a_second_publish_is_told_apart(strict_server: DiscordServer, client: discord.Client) -> None:
    channel_id = strict_server.add_channel(strict_server.add_guild(), ANNOUNCEMENT, "news")
    message = await client.get_partial_messageable(channel_id).send("Out now")
    await message.publish()

    with pytest.raises(discord.HTTPException) as caught:
        await message.publish()
    assert caught.value.code == 40033


async def test_history_since_a_moment_comes_oldest_first(place: discord.PartialMessageable) -> None:
    sent = [await place.send(f"Part {number}") for number in range(4)]

    found = [message.content async for message in place.history(after=discord.Object(sent[1].id), oldest_first=True)]

    assert found == ["Part 2", "Part 3"]


async def test_a_file_goes_with_its_description(
    strict_server: DiscordServer,
    client: discord.Client,
    place: discord.PartialMessageable,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    del client
    picture = tmp_path_factory.mktemp("files") / "cover.png"
    picture.write_bytes(b"\x89PNG")

    await place.send("The cover", file=discord.File(picture, description="A lighthouse"))

    assert strict_server.asked("POST", SEND)[0].body["attachments"][0]["description"] == "A lighthouse"


async def test_a_body_discord_would_not_take_is_a_complaint(strict_server: DiscordServer) -> None:
    openapi = strict_server.openapi
    assert openapi is not None

    assert openapi.problems("POST", "/channels/1/messages", {"content": "x" * 4001, "nonce": "n" * 26}) != []
    assert openapi.problems("POST", "/channels/1/messages", {"content": "fine"}) == []
    assert openapi.problems("POST", "/no/such/place", {"content": "fine"}) != []
