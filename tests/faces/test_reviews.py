"""Holds and the log as moderators and authors meet them (C9, N5)."""

from pathlib import Path

import pytest
from simcord.backend.errors import SetupError

from tests.faces.stage import DAY, HOUR, Stage, stage, text_of


async def a_queue(scene: Stage) -> None:
    """One chapter out, two waiting."""
    await scene.start_series("The Salt Road")
    for title in ("One", "Two", "Three"):
        await scene.submit("The Salt Road", title)


def released(scene: Stage) -> list[str]:
    """The headings in the home."""
    posts = (message.content for message in scene.thread("The Salt Road").history())
    return [post.splitlines()[0].removeprefix("## ") for post in posts if post.startswith("## ")]


async def test_a_paused_chapter_waits_its_author_is_told_and_it_goes_on_by_itself(tmp_path: Path) -> None:
    """With a reason and a return date, through a restart."""
    async with stage(tmp_path) as scene:
        await a_queue(scene)
        done = await scene.moderator.slash(
            scene.moderation, "review hold", chapter="two", reason="A question of rights", until="in 5 days"
        )
        assert "keeps 2 waiting chapters back" in text_of(done)
        told = text_of(scene.notices.history()[-1])
        assert "A question of rights" in told
        assert scene.author.mention in told
        await scene.pass_time(4 * DAY)
        assert released(scene) == ["One"]
        await scene.restart()
        await scene.pass_time(DAY + HOUR)
        assert released(scene) == ["One", "Two"]
        assert "goes on" in text_of(scene.notices.history()[-1])
        assert "pause kept it back" in text_of(await scene.author.slash(scene.lobby, "why", chapter="Two"))
        await scene.pass_time(3 * DAY)
        assert released(scene) == ["One", "Two", "Three"]


async def test_a_paused_series_is_resumed_by_hand_and_the_log_tells_all_of_it(tmp_path: Path) -> None:
    """`/review resume`, `/review audit`."""
    async with stage(tmp_path) as scene:
        await a_queue(scene)
        await scene.moderator.slash(scene.moderation, "review hold", series="salt", reason="Let us talk")
        await scene.pass_time(4 * DAY)
        assert released(scene) == ["One"]
        done = await scene.moderator.slash(scene.moderation, "review resume", series="salt", reason="We have talked")
        assert "“Two”" in text_of(done)
        assert released(scene) == ["One", "Two"]
        log = text_of(await scene.moderator.slash(scene.moderation, "review audit"))
        for fact in ("paused by", "resumed by", "We have talked", "“Two” given another time", "policy 1"):
            assert fact in log
        of_author = text_of(await scene.moderator.slash(scene.moderation, "review audit", author=scene.author))
        assert "“One” released by the bot" in of_author


async def test_c9_withdrawing_what_is_paused_tells_when_the_rest_goes_on(tmp_path: Path) -> None:
    """C10: the author sees the new times, and they come in their rhythm."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        for title in ("One", "Two", "Three", "Four"):
            await scene.submit("The Salt Road", title)
        await scene.moderator.slash(scene.moderation, "review hold", chapter="two", reason="A question of rights")
        await scene.pass_time(10 * DAY)
        assert released(scene) == ["One"]
        done = text_of(await scene.author.slash(scene.lobby, "chapter withdraw", chapter="Two"))
        assert "The pause that was on it is over, so what waited behind it goes on (rule C9)" in done
        assert f"“Four”: <t:{scene.now.subtract(hours=24).timestamp()}:f> → " in done
        assert "keep" not in done
        await scene.pass_time(2 * DAY)
        assert released(scene) == ["One", "Three"]
        await scene.pass_time(DAY)
        assert released(scene) == ["One", "Three", "Four"]
        queue = text_of(await scene.moderator.slash(scene.moderation, "review queue"))
        assert "“Two”" not in queue


async def test_only_moderators_may(tmp_path: Path) -> None:
    """Hidden by Discord, checked by us."""
    async with stage(tmp_path) as scene:
        await a_queue(scene)
        with pytest.raises(SetupError):
            await scene.author.slash(scene.lobby, "review hold", series="salt", reason="x")
        refused = await scene.moderator.slash(scene.moderation, "review hold", chapter="Nothing", reason="x")
        assert "I know nothing called" in text_of(refused)
