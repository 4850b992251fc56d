"""`/doctor`: each fault is really there, is named with its cure, and is gone from the list once it is mended."""

import shutil
from pathlib import Path

import discord
import pytest
from simcord.backend import serializers
from simcord.backend.errors import SetupError
from simcord.results import InteractionResult
from whenever import Instant, TimeDelta

import bot.clock
from cogs.permissions import channels_of
from rules.deliveries import CHANGED_SINCE_COPY
from storage.transaction import Transaction
from tests.faces.stage import DAY, HOUR, Stage, buttons_of, stage, text_of
from tests.faces.test_setup import deny
from usecases.communities import find_community
from usecases.people import Person

SALT = "The Salt Road"
WELL = "All is well"


async def doctor(scene: Stage) -> InteractionResult:
    """Who manages the server runs `/doctor`."""
    return await scene.moderator.slash(scene.moderation, "doctor")


async def look_again(scene: Stage, shown: InteractionResult) -> str:
    """And presses *Look again* under what it said."""
    return text_of(await scene.press(shown, "Look again", by=scene.moderator))


def entries(shown: InteractionResult) -> list[str]:
    """What it names, in order: the first words of each paragraph, without the title."""
    return [paragraph.split(".")[0][:60] for paragraph in text_of(shown).split("\n\n")[1:]]


def ask_about_what_is_held(tx: Transaction) -> None:
    """As after an older copy of the database was put back."""
    tx.run("UPDATE deliveries SET problem = :problem WHERE state = 'held'", problem=CHANGED_SINCE_COPY)


class TestAllIsWell:
    """Nothing stands in the way."""

    async def test_it_is_one_sentence_seen_by_who_asked(self, tmp_path: Path) -> None:
        """With the database and the room of its disk in it."""
        async with stage(tmp_path) as scene:
            await scene.start_series(SALT)
            await scene.submit(SALT, "One")
            shown = await doctor(scene)
            assert text_of(shown).startswith(f"**{WELL}:** my channels are there")
            assert "\n" not in text_of(shown)
            assert shown.ephemeral
            assert buttons_of(shown) == ["Look again"]

    async def test_only_who_manages_the_server_sees_it(self, tmp_path: Path) -> None:
        """Checked by Discord and by us, and again at its buttons."""
        async with stage(tmp_path) as scene:
            assert "doctor" not in " ".join(scene.author.available_commands(scene.lobby))
            with pytest.raises(SetupError):
                await scene.author.slash(scene.lobby, "doctor")
            shown = await doctor(scene)
            role = next(role for role in scene.guild._guild.roles.values() if role.name == "Moderators")
            scene.env.backend.edit_role(scene.guild.id, role.id, {"permissions": 0})
            assert "That command is not for you here" in text_of(
                await scene.press(shown, "Look again", by=scene.moderator)
            )

    async def test_before_setup_it_says_who_can_mend_that(self, tmp_path: Path) -> None:
        """A sentence, not a failure."""
        async with stage(tmp_path, set_up=False) as scene:
            assert "`/setup`" in text_of(await doctor(scene))

    async def test_its_buttons_are_good_after_a_restart(self, tmp_path: Path) -> None:
        """Nothing of it is kept in memory."""
        async with stage(tmp_path) as scene:
            shown = await doctor(scene)
            await scene.restart()
            assert WELL in await look_again(scene, shown)

    async def test_setup_ends_with_the_same_look(self, tmp_path: Path) -> None:
        """What `/setup` cannot refuse for is named there, too."""
        async with stage(tmp_path) as scene:
            assert "Nothing stands in my way" in text_of(await scene.set_up())
            scene.env.backend.delete_channel(scene.notices.id)
            told = text_of(await scene.set_up(notices=False))
            assert "**The `notices` channel is gone or hidden from me.**" in told
            assert "Nothing stands in my way" not in told


class TestChannels:
    """What nothing gets past comes first."""

    @pytest.mark.parametrize("use", ["home", "network", "moderators", "notices"])
    async def test_a_channel_that_is_gone(self, tmp_path: Path, use: str) -> None:
        """With the option of `/setup` that names another."""
        async with stage(tmp_path) as scene:
            channel = getattr(scene, {"moderators": "moderation"}.get(use, use))
            scene.env.backend.delete_channel(channel.id)
            shown = await scene.moderator.slash(scene.lobby, "doctor")
            assert "## 1 thing to mend" in text_of(shown)
            assert f"**The `{use}` channel is gone or hidden from me.**" in text_of(shown)
            assert f"`/setup` with `{use}`" in text_of(shown)

    async def test_what_it_lacks_in_each_channel(self, tmp_path: Path) -> None:
        """By the names in Discord's settings; mended, it is gone from the list."""
        async with stage(tmp_path) as scene:
            deny(scene, scene.network, discord.Permissions(embed_links=True, read_message_history=True).value)
            deny(scene, scene.home, discord.Permissions.send_messages_in_threads.flag)
            shown = await doctor(scene)
            assert "## 2 things to mend" in text_of(shown)
            assert f"In {scene.network.mention} I lack** **Read Message History**, **Embed Links**" in text_of(shown)
            assert f"In {scene.home.mention} I lack** **Send Messages in Threads**" in text_of(shown)
            deny(scene, scene.network, 0)
            deny(scene, scene.home, 0)
            assert WELL in await look_again(scene, shown)

    async def test_a_forum_that_asks_for_tags(self, tmp_path: Path) -> None:
        """No new home can be opened in it."""
        async with stage(tmp_path) as scene:
            backend = scene.env.backend
            payload = serializers.channel_payload(backend, backend.get_channel(scene.home.id))
            backend.emit("CHANNEL_UPDATE", payload | {"flags": discord.ChannelFlags.require_tag.flag})
            await scene.env.settle()
            assert "asks for a tag on each post" in text_of(await doctor(scene))

    async def test_a_home_that_is_locked(self, tmp_path: Path) -> None:
        """Only where a chapter waits for it, and only if the bot may not open it."""
        async with stage(tmp_path) as scene:
            await scene.start_series(SALT)
            await scene.submit(SALT, "One")
            home = scene.thread(SALT)
            scene.env.backend.edit_channel(home.id, {}, thread_metadata={"locked": True})
            deny(scene, scene.home, discord.Permissions.manage_threads.flag)
            await scene.env.settle()
            assert WELL in text_of(await doctor(scene))
            await scene.submit(SALT, "Two")
            shown = await doctor(scene)
            assert f"**The home <#{home.id}> is locked**, and chapters wait for it." in text_of(shown)
            deny(scene, scene.home, 0)
            assert WELL in await look_again(scene, shown)

    async def test_a_home_that_is_gone_or_asleep(self, tmp_path: Path) -> None:
        """A chapter wakes an archived one by itself; a deleted one takes nothing any more."""
        async with stage(tmp_path) as scene:
            await scene.start_series(SALT)
            await scene.submit(SALT, "One")
            await scene.submit(SALT, "Two")
            home = scene.thread(SALT)
            scene.env.backend.edit_channel(home.id, {}, thread_metadata={"archived": True})
            await scene.env.settle()
            assert WELL in text_of(await doctor(scene))
            scene.env.backend.delete_channel(home.id)
            assert f"**The home <#{home.id}> is gone or hidden from me**" in text_of(await doctor(scene))

    async def test_the_bot_in_time_out(self, tmp_path: Path) -> None:
        """It can post nothing, and who can end it is told."""
        async with stage(tmp_path) as scene:
            me = scene.guild._guild.members[scene.bot.user.id]  # type: ignore[union-attr]
            me.timed_out_until = (scene.now + TimeDelta(hours=1)).format_iso()
            await scene.restart()
            assert "I am in time-out until" in text_of(await doctor(scene))


class TestWhatIsStuck:
    """Held and overdue posts, late chapters."""

    async def test_held_posts_with_a_way_to_them(self, tmp_path: Path) -> None:
        """The cause is mended, one press tries them all; the button is there only while it does something."""
        async with stage(tmp_path) as scene:
            await scene.start_series(SALT)
            deny(scene, scene.network, discord.Permissions.send_messages.flag)
            await scene.submit(SALT, "One")
            shown, other = await doctor(scene), await doctor(scene)
            assert entries(shown)[0].startswith(f"**In {scene.network.mention} I lack**")
            assert entries(shown)[1].startswith("**1 post held** until somebody mends the cause")
            assert "`/review queue`" in text_of(shown)
            assert buttons_of(shown) == ["Try what is held again", "Look again"]
            deny(scene, scene.network, 0)
            await scene.restart()
            tried = await scene.press(shown, "Try what is held again", by=scene.moderator)
            assert "I am trying 1 post again now" in text_of(tried)
            assert len(scene.network.history()) == 1
            assert WELL in await look_again(scene, tried)
            again = await scene.press(other, "Try what is held again", by=scene.moderator)
            assert "Nothing is held that I could try by myself" in text_of(again)

    async def test_what_a_person_must_decide_about_is_not_tried_by_itself(self, tmp_path: Path) -> None:
        """It is named, and the way to it is the queue."""
        async with stage(tmp_path) as scene:
            await scene.start_series(SALT)
            deny(scene, scene.network, discord.Permissions.send_messages.flag)
            await scene.submit(SALT, "One")
            deny(scene, scene.network, 0)
            await scene.bot.database.write(ask_about_what_is_held)
            shown = await doctor(scene)
            assert "1 post of them must be decided about one by one" in text_of(shown)
            assert buttons_of(shown) == ["Look again"]

    async def test_overdue_posts_and_late_chapters(self, tmp_path: Path) -> None:
        """A bot whose rounds hang: the oldest and since when, and what happens by itself."""
        async with stage(tmp_path) as scene:
            await scene.start_series(SALT)
            await scene.submit(SALT, "One", wanted="in 1 hour")
            promised = scene.now + TimeDelta(hours=1)
            await scene.bot._rounds.stop(within=0)
            await scene.start_series("Lanterns")
            await scene.pass_time(HOUR + 120)
            shown = await doctor(scene)
            assert "## 2 things to mend" in text_of(shown)
            assert "**1 post is overdue**, the oldest <t:" in text_of(shown)
            assert f"**1 chapter is late**, the oldest was promised for <t:{promised.timestamp()}:F>" in text_of(shown)
            await scene.restart()
            told = await look_again(scene, shown)
            assert "## Nothing to mend, something to know" in told
            assert "1 chapter came out late in the last 7 days, by 2 minutes at most" in told
            await scene.pass_time(8 * DAY)
            assert WELL in text_of(await doctor(scene))

    async def test_a_chapter_that_moderators_hold_is_not_late(self, tmp_path: Path) -> None:
        """Somebody wants it so."""
        async with stage(tmp_path) as scene:
            await scene.start_series(SALT)
            await scene.submit(SALT, "One", wanted="in 1 hour")
            await scene.moderator.slash(scene.moderation, "review hold", chapter="One", reason="A talk first")
            await scene.pass_time(2 * HOUR)
            assert WELL in text_of(await doctor(scene))


class TestMachine:
    """Clock and disk of the machine on which the bot runs."""

    @pytest.mark.parametrize(
        ("ahead", "words"),
        [
            (TimeDelta(minutes=5), "is 5 minutes ahead of Discord's**, so chapters come out that much too early"),
            (TimeDelta(seconds=-40), "is 40 seconds behind Discord's**, so chapters come out that much too late"),
            (TimeDelta(seconds=4), WELL),
        ],
    )
    async def test_a_clock_that_is_wrong(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ahead: TimeDelta, words: str
    ) -> None:
        """Seen by the time that Discord gives to the command itself."""
        async with stage(tmp_path) as scene:
            right = bot.clock.Clock.now

            def wrong(clock: bot.clock.Clock) -> Instant:
                return right(clock) + ahead

            monkeypatch.setattr(bot.clock.Clock, "now", wrong)
            assert words in text_of(await doctor(scene))

    async def test_a_disk_that_is_nearly_full(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is left, and what happens when it is full."""
        async with stage(tmp_path) as scene:
            real = shutil.disk_usage
            monkeypatch.setattr("shutil.disk_usage", lambda path: real(path)._replace(free=80_000_000))
            assert "**My disk is nearly full:** 80 MB left beside a database of" in text_of(await doctor(scene))


class TestLimits:
    """What is near, and needs nobody."""

    async def test_publishes_near_their_limit(self, tmp_path: Path) -> None:
        """R4: how many of the hour's, and how many wait."""
        async with stage(tmp_path) as scene:
            for number in range(11):
                author = scene.guild.add_member(scene.env.create_user(f"author{number}"))
                await scene.start_series(f"Road {number}", author)
                await scene.submit(f"Road {number}", "One", author=author)
            shown = await doctor(scene)
            assert "## Nothing to mend, something to know" in text_of(shown)
            assert f"{scene.network.mention} had 10 of the 10 publishes an hour" in text_of(shown)
            assert ", and 1 wait their turn." in text_of(shown)
            await scene.pass_time(HOUR + 60)
            assert WELL in await look_again(scene, shown)

    async def test_a_home_with_as_many_members_as_discord_allows(self, tmp_path: Path) -> None:
        """And other ways to follow it; followers' closed inboxes are nobody's fault, and not named."""
        async with stage(tmp_path) as scene:
            await scene.start_series(SALT)
            await scene.submit(SALT, "One")
            home = scene.thread(SALT)
            scene.env.inject_error(
                "PUT",
                f"/channels/{home.id}/thread-members/{scene.reader.id}",
                status=400,
                code=30033,
                message="Maximum number of thread participants has been reached (1000)",
            )
            await scene.reader.slash(scene.lobby, "follow", series="salt", how="thread")
            told = text_of(await doctor(scene))
            assert f"The home <#{home.id}> has as many members as Discord allows; 1 follower could not be added" in told


async def test_with_many_faults_the_worst_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    """Readable in five seconds: five at most."""
    async with stage(tmp_path) as scene:
        await scene.start_series(SALT)
        deny(scene, scene.network, discord.Permissions.send_messages.flag)
        await scene.submit(SALT, "One")
        for channel in (scene.home, scene.moderation, scene.notices):
            deny(scene, channel, discord.Permissions.send_messages.flag)
        await scene.bot._rounds.stop(within=0)
        await scene.start_series("Lanterns")
        await scene.submit(SALT, "Two", wanted="in 4 days")
        await scene.pass_time(5 * DAY)
        shown = await doctor(scene)
        assert "## 7 things to mend" in text_of(shown)
        assert [entry[:5] for entry in entries(shown)[:4]] == ["**In "] * 4
        assert len(entries(shown)) == 6
        assert entries(shown)[5] == "-# And 2 lesser things; look again when these are mended"
        assert len(text_of(shown)) < 1500


async def test_each_use_of_a_channel_is_looked_at(tmp_path: Path) -> None:
    """The settings' columns and the uses have the same names."""
    async with stage(tmp_path) as scene:
        community = await scene.bot.database.read(find_community, Person(scene.guild.id, 1))
        assert community is not None
        assert [*channels_of(community).values()] == [
            *(scene.home.id, scene.network.id, scene.moderation.id, scene.notices.id)
        ]
