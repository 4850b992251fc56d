"""R2, C14: a bot that was set back to an older copy of its database posts nothing twice and loses nothing.

Each test lets one life of the bot go on after a copy was made, and another begin on the copy, on the same Discord.
"""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import create_bot
from cogs.deliveries import Carried, Hands
from storage import backups
from tests.faces.stage import DAY, HOUR, STORY, Stage, settings, stage, text_of
from tests.images import a_png
from usecases.deliveries import Errand

SALT = "The Salt Road"


@asynccontextmanager
async def another_life(scene: Stage) -> AsyncIterator[None]:
    """A copy is made; what is done meanwhile is forgotten, for then the copy is put back."""
    backups.back_up(scene.database, scene.database.with_name("copy"), now=scene.now)
    yield
    await put_back(scene)


async def put_back(scene: Stage) -> None:
    """The bot stops, the copy takes the place of its database, and the bot starts."""
    await scene.bot.close()
    assert backups.replace(scene.database, scene.database.with_name("copy"), now=scene.now) is not None
    await scene.env.restart_bot(create_bot(settings(scene.database)))
    await scene.env.settle()


def dms(scene: Stage) -> list[str]:
    """What the reader got by direct message."""
    return [message.content for message in scene.reader.user.dm_channel.history()]


def said(scene: Stage) -> Counter[str]:
    """Every message of the bot on the server, with what it says without its mark; cards of the moderators left out."""
    channels = [scene.network, scene.notices, *scene.home.threads]
    texts = [text_of(message).partition("№")[0] for channel in channels for message in channel.history()]
    return Counter(texts)


def headings(scene: Stage) -> list[str]:
    """The first and the third lines of what begins a chapter in its home; the third says if it was late."""
    lines = [message.content.splitlines() for message in scene.thread(SALT).history()]
    return [
        " ".join([first, *(line for line in rest if "Late" in line)]) for first, *rest in lines if first[:3] == "## "
    ]


def of_moderators(scene: Stage) -> list[str]:
    """What the moderators were told."""
    return [text_of(message) for message in scene.moderation.history()]


async def ask(scene: Stage, sql: str) -> list[tuple[object, ...]]:
    """What the database says."""
    return await scene.bot.database.read(lambda tx: [tuple(row) for row in tx.all(sql)])


async def test_what_came_out_since_the_copy_is_found_and_not_posted_again(tmp_path: Path) -> None:
    """Headings, parts, images, announcements, direct messages; nothing is called late, and all times are true."""
    async with stage(tmp_path) as scene:
        await scene.start_series(SALT)
        await scene.submit(SALT, "One")
        await scene.reader.slash(scene.lobby, "follow", series="salt", how="message")
        await scene.submit(SALT, "Two", image1=("map.png", a_png("map")))
        await scene.submit(SALT, "Three", text="Long paragraph, with words. " * 160 + "\n\n" + STORY)
        async with another_life(scene):
            await scene.pass_time(6 * DAY + HOUR)
            before, told = said(scene), len(dms(scene))
            out = await ask(scene, "SELECT title, state, reach, released_at / 60000 FROM chapters ORDER BY title")
        await scene.pass_time(HOUR)
        assert said(scene) == before
        assert headings(scene) == ["## One", "## Two", "## Three"]
        assert len(dms(scene)) == told == 2
        assert await ask(scene, "SELECT title, state, reach, released_at / 60000 FROM chapters ORDER BY title") == out
        assert {state for (state,) in await ask(scene, "SELECT state FROM deliveries")} == {"sent"}
        await scene.submit(SALT, "Four")
        await scene.pass_time(4 * DAY)
        assert headings(scene) == ["## One", "## Two", "## Three", "## Four"]
        announced = [message.content.split("\n")[0] for message in scene.network.history()]
        assert announced == [f"## {SALT}: {title}" for title in ("One", "Three", "Four")]  # Two's image has no label


async def test_the_moderators_are_told_what_to_look_at_once(tmp_path: Path) -> None:
    """With the gap; another restart says nothing more."""
    async with stage(tmp_path) as scene:
        async with another_life(scene):
            await scene.pass_time(DAY)
        (told,) = of_moderators(scene)
        assert "I was set back to an older copy" in told
        assert f"<t:{scene.now.timestamp() - DAY}:F> to <t:{scene.now.timestamp()}:F>" in told
        await scene.restart(offline=DAY)
        assert len(of_moderators(scene)) == 1


async def test_c14_what_did_not_come_out_comes_out_late_says_so_and_is_no_flood(tmp_path: Path) -> None:
    """The other life ended after the first of four; those of one series come an hour apart from then on."""
    async with stage(tmp_path) as scene:
        await scene.start_series(SALT)
        for title in ("One", "Two", "Three", "Four"):
            await scene.submit(SALT, title)
        async with another_life(scene):
            await scene.pass_time(3 * DAY + HOUR)
            assert headings(scene) == ["## One", "## Two"]
            await scene.bot.close()
            scene.env.backend.clock.advance(9 * DAY)
        one, two, three = headings(scene)
        assert (one, two) == ("## One", "## Two")
        assert three.startswith("## Three -# Late: it was promised for")
        await scene.pass_time(HOUR - 60)
        assert len(headings(scene)) == 3
        await scene.pass_time(120)
        assert headings(scene)[3].startswith("## Four -# Late: it was promised for")
        assert len(scene.network.history()) == 4


async def test_a_copy_and_its_restore_within_minutes_post_nothing_twice(tmp_path: Path) -> None:
    """Discord still knows the nonces, but those of the other life were others."""
    async with stage(tmp_path) as scene:
        await scene.start_series(SALT)
        shown = await scene.preview(SALT, "One", wanted="in 1 hour")
        await scene.press(shown, "Submit")
        await scene.pass_time(HOUR - 30)
        async with another_life(scene):
            await scene.pass_time(40)
            assert headings(scene) == ["## One"]
            before = said(scene)
        assert said(scene) == before


async def test_what_was_being_posted_when_the_copy_was_made_is_found_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The home was about to be opened; Discord has it since."""
    async with stage(tmp_path) as scene:
        copy, carry_out = tmp_path / "copy", Hands.carry_out

        async def copy_first(hands: Hands, errand: Errand) -> Carried:
            if not copy.exists():
                backups.back_up(scene.database, copy, now=scene.now)
            return await carry_out(hands, errand)

        monkeypatch.setattr(Hands, "carry_out", copy_first)
        await scene.start_series(SALT)
        await put_back(scene)
        await scene.pass_time(HOUR)
        assert len(scene.home.threads) == 1
        await scene.submit(SALT, "One")
        assert headings(scene) == ["## One"]


class TestWhatChangedSince:
    """What people did in the gap is not known; where it shows on Discord, a moderator is asked."""

    async def test_r2_a_taken_back_announcement_is_not_announced_again_but_asked_about(self, tmp_path: Path) -> None:
        """L10: its label was made stricter in the other life; the heading in its home says so."""
        async with stage(tmp_path) as scene:
            await scene.start_series(SALT)
            await scene.submit(SALT, "One", wanted="in 2 hours")
            async with another_life(scene):
                await scene.pass_time(2 * HOUR)
                shown = await scene.author.slash(scene.lobby, "chapter label", chapter="One", ai="generated")
                await scene.press(shown, "Change it")
                (neutral,) = [message.content for message in scene.network.history()]
                assert "One" not in neutral
            assert [message.content for message in scene.network.history()] == [neutral]
            assert headings(scene) == ["## One"]
            assert "no longer says what my older copy says" in of_moderators(scene)[-1]
            pressed = await scene.moderator.click(scene.moderation.history()[-1], label="Try again")
            assert "trying it again" in text_of(pressed) or "again now" in text_of(pressed)
            assert "One" in scene.network.history()[-1].content

    async def test_another_text_in_the_gap_is_not_mixed_with_the_old_one(self, tmp_path: Path) -> None:
        """The old text's messages are not put under the new one's."""
        async with stage(tmp_path) as scene:
            await scene.start_series(SALT)
            await scene.submit(SALT, "One", wanted="in 2 hours")
            async with another_life(scene):
                new = ("One.md", b"Quite another text, with other words in it.\n")
                await scene.author.slash(scene.lobby, "chapter replace", chapter="One", file=new)
                await scene.pass_time(2 * HOUR)
                before = said(scene)
            assert said(scene) == before
            assert "no longer says what my older copy says" in of_moderators(scene)[-1]

    async def test_a_channel_with_too_much_in_it_is_asked_about(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """R2: what cannot be known is never guessed; a moderator who looked lets it be sent."""
        async with stage(tmp_path) as scene:
            await scene.start_series(SALT)
            await scene.submit(SALT, "One", wanted="in 2 hours")
            async with another_life(scene):
                await scene.bot.close()
                scene.env.backend.clock.advance(3 * HOUR)
                for _ in range(12):
                    await scene.reader.send(scene.thread(SALT), "When does it go on?")
                monkeypatch.setattr("cogs.traces._LOOKED_THROUGH", 10)
            assert headings(scene) == []
            assert "more was written since than I can look through" in of_moderators(scene)[-1]
            await scene.moderator.click(scene.moderation.history()[-1], label="Try again")
            assert headings(scene)[0].startswith("## One -# Late")


async def test_a_reader_hears_only_of_what_no_message_has_told_yet(tmp_path: Path) -> None:
    """One chapter was told of in the other life; the next, which never came out there, is told of alone."""
    async with stage(tmp_path) as scene:
        await scene.start_series(SALT)
        await scene.submit(SALT, "Zero")
        await scene.reader.slash(scene.lobby, "follow", series="salt", how="message")
        await scene.submit(SALT, "One")
        await scene.submit(SALT, "Two")
        async with another_life(scene):
            await scene.pass_time(3 * DAY + HOUR)
            assert len(dms(scene)) == 1
            await scene.bot.close()
            scene.env.backend.clock.advance(4 * DAY)
        await scene.pass_time(HOUR)
        first, second = dms(scene)
        assert ": One" in first
        assert ": Two" in second
        assert ": One" not in second


async def test_what_time_alone_brought_is_not_told_twice(tmp_path: Path) -> None:
    """A hold ended in the other life, and its author heard; the copy ends it again."""
    async with stage(tmp_path) as scene:
        await scene.start_series(SALT)
        await scene.submit(SALT, "One", wanted="in 5 days")
        held = await scene.moderator.slash(
            scene.moderation, "review hold", chapter="One", reason="Please wait", until="in 1 day"
        )
        assert "paused" in text_of(held).lower()
        async with another_life(scene):
            await scene.pass_time(DAY + HOUR)
            before = said(scene)
        assert said(scene) == before
