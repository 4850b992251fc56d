"""What is sent in a reader's month, held against Discord's own description of it."""

from pathlib import Path

from tests.faces.stage import DAY, stage
from tests.faces.test_readers import one_out
from tests.wire.openapi import discord_openapi


async def test_what_readers_are_sent_stands_up_to_discords_own_description(tmp_path: Path) -> None:
    """The row under an announcement, the menu, the feed, a direct message."""
    openapi = discord_openapi()
    async with stage(tmp_path) as scene:
        announced = await one_out(scene)
        for label in ("Follow", "Show less like this", "Why am I seeing this?"):
            await scene.reader.click(announced, label=label)
        await scene.reader.slash(scene.lobby, "follow", author=scene.author, how="message")
        await scene.reader.slash(scene.lobby, "feed")
        await scene.submit("The Salt Road", "Two")
        await scene.pass_time(4 * DAY)
        bodies = [one for one in scene.env.http_requests if "'components'" in str(one.json)]
        # discord.py writes whom a notice pings as numbers; Discord takes them, its description knows only strings
        sent = [one for one in bodies if f"'users': [{scene.author.id}]" not in str(one.json)]
        assert any("Stop direct messages" in str(one.json) for one in sent)
        assert any("Why am I seeing this?" in str(one.json) for one in sent)
        assert [problem for one in sent for problem in openapi.problems(one.method, one.path, one.json)] == []
