"""Each shim closes a gap of SimCord, and the gap is still there when the shim is not."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import discord
import pytest
import pytest_asyncio
import simcord
from discord.ext import commands

from demo import shims
from tests.demo.held import held


class Scene:
    """A guild with one channel of each kind that the shims are about."""

    def __init__(self, env: simcord.Env) -> None:
        self.env = env
        self.guild = env.create_guild("Shims")
        self.text = self.guild.create_text_channel("text")
        self.news = self.guild.create_news_channel("news")
        self.forum = self.guild.create_forum_channel("forum")

    def channel(self, handle: Any) -> Any:
        """What the bot itself holds for a channel."""
        found = self.env.bot.get_channel(handle.id)
        assert found is not None
        return found

    def take_from_everybody(self, right: str) -> None:
        """No role gives this right any more."""
        for role in list(self.guild._guild.roles.values()):
            allowed = discord.Permissions(role.permissions)
            allowed.update(**{right: False})
            self.env.backend.edit_role(self.guild.id, role.id, {"permissions": allowed.value})


@pytest_asyncio.fixture
async def scene() -> AsyncIterator[Scene]:
    shims.apply()
    bot = commands.Bot(command_prefix=(), intents=discord.Intents(guilds=True))
    async with held(simcord.run(bot)) as env:
        yield Scene(env)


async def test_a_forum_post_and_its_starter_share_one_id(scene: Scene) -> None:
    post = await scene.channel(scene.forum).create_thread(name="One", content="Once")
    assert post.thread.id == post.message.id
    assert (await post.thread.fetch_message(post.thread.id)).content == "Once"

    with shims.unshimmed():
        post = await scene.channel(scene.forum).create_thread(name="Two", content="Twice")
    assert post.thread.id != post.message.id


async def test_a_published_message_says_so(scene: Scene) -> None:
    async def publish() -> bool:
        message = await scene.channel(scene.news).send("News")
        await message.publish()
        return bool((await message.fetch()).flags.crossposted)

    assert await publish()
    with shims.unshimmed():
        assert not await publish()


async def test_the_eleventh_publish_of_an_hour_waits(scene: Scene) -> None:
    channel = scene.channel(scene.news)
    sent = [await channel.send(f"News {number}") for number in range(shims.PUBLISHES_PER_HOUR + 2)]
    for message in sent[: shims.PUBLISHES_PER_HOUR]:
        await message.publish()
    with pytest.raises(discord.HTTPException) as refused:
        await sent[-2].publish()
    assert refused.value.status == 429

    with shims.unshimmed():
        await sent[-1].publish()
    await scene.env.advance_time(60 * 60)
    await sent[-2].publish()


async def test_the_same_nonce_is_answered_with_the_same_message(scene: Scene) -> None:
    channel = scene.channel(scene.text)
    first, again = [await channel.send("Once", nonce="r1") for _ in range(2)]
    assert (first.id, again.nonce) == (again.id, "r1")
    assert len(scene.text.history()) == 1

    await scene.env.advance_time(shims.NONCE_WINDOW_SECONDS)
    assert (await channel.send("Once", nonce="r1")).id != first.id
    with shims.unshimmed():
        assert (await channel.send("Once", nonce="r1")).id != (await channel.send("Once", nonce="r1")).id


async def test_a_nonce_whose_message_was_deleted_is_an_unknown_message(scene: Scene) -> None:
    channel = scene.channel(scene.text)
    await (await channel.send("Once", nonce="r2")).delete()
    with pytest.raises(discord.NotFound):
        await channel.send("Once", nonce="r2")


async def test_an_error_of_the_server_has_its_own_class(scene: Scene) -> None:
    async def fail() -> discord.HTTPException:
        scene.env.inject_error("POST", shims.MESSAGES, status=503)
        with pytest.raises(discord.HTTPException) as failure:
            await scene.channel(scene.text).send("Lost")
        return failure.value

    assert isinstance(await fail(), discord.DiscordServerError)
    with shims.unshimmed():
        assert not isinstance(await fail(), discord.DiscordServerError)


@pytest.mark.parametrize(
    ("right", "what"),
    [
        ("attach_files", lambda: {"file": discord.File(__file__)}),
        ("embed_links", lambda: {"embed": discord.Embed(title="Title")}),
    ],
)
async def test_files_and_embeds_need_their_permission(
    scene: Scene, right: str, what: Callable[[], dict[str, Any]]
) -> None:
    await scene.channel(scene.text).send(**what())
    scene.take_from_everybody(right)
    with pytest.raises(discord.Forbidden):
        await scene.channel(scene.text).send(**what())
    with pytest.raises(discord.Forbidden):
        await scene.channel(scene.forum).create_thread(name="Three", content="Thrice", **what())
    with shims.unshimmed():
        await scene.channel(scene.text).send(**what())


async def test_a_forum_takes_posts_and_no_messages(scene: Scene) -> None:
    async def send() -> None:
        await scene.env.bot.http.request(
            discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=scene.forum.id),
            json={"content": "In the wrong place"},
        )

    with pytest.raises(discord.HTTPException) as refused:
        await send()
    assert refused.value.code == shims.CANNOT_SEND_IN_THIS_CHANNEL
    with shims.unshimmed():
        await send()
