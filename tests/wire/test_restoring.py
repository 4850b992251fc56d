"""A copy that was made at any moment is put back after all was posted: nothing a reader sees changes (R2).

Three lives: one is killed at a step, at which the copy is made; another ends what was due; the third runs on the copy.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from whenever import TimeDelta

from rules.deliveries import LEASE, NONCE_WINDOW
from storage import backups
from tests.wire.discord_server import DiscordServer
from tests.wire.faults import Fault, struck
from tests.wire.stories import Picture, Story
from tests.wire.test_kills import LATE, SOON, _places, alive, lived_through, told, undisturbed

_KINDS = ["thread", "heading", "first part", "last part", "announcement", "publish", "notice"]


def set_back(story: Story, copy: Path) -> None:
    """The copy takes the place of the story's database."""
    assert backups.replace(story.folder / "colophon.sqlite3", copy, now=story.server.moment()) is not None


def without_the_news_of_it(left: Picture) -> Picture:
    """What stands but for the card that tells the moderators of the copy, which must be there once."""
    (news,) = left.stands["moderators"]
    assert news.startswith("## I was set back to an older copy")
    deliveries = [one for one in left.deliveries if one[0] != "set-back"]
    stands = {name: texts for name, texts in left.stands.items() if name != "moderators"}
    return replace(left, stands=stands, deliveries=deliveries)


@pytest.mark.parametrize("taken", [False, True], ids=["as it left", "as Discord took it"])
@pytest.mark.parametrize("kind", _KINDS)
async def test_set_back_to_a_copy_of_the_moment_of_a_request(
    discord_server: DiscordServer, tmp_path: Path, kind: str, taken: bool
) -> None:
    """However far the copy is behind, all that was posted since is found, and nothing is posted twice."""
    story, copy = told(discord_server, tmp_path / "copied"), tmp_path / "copy"
    path, before = _places(story)[kind]
    story.server.fail("POST", path, Fault(done=True), times=before)
    async with alive(story) as victim:

        def copy_and_kill() -> None:
            victim.kill()
            backups.back_up(story.folder / "colophon.sqlite3", copy, now=story.server.moment())

        story.server.fail("POST", path, struck(copy_and_kill, done=taken))
        await victim.died()
    story.later(SOON)
    await lived_through(story)
    story.later(LATE)
    set_back(story, copy)

    left = await lived_through(story)

    assert without_the_news_of_it(left) == await undisturbed(tmp_path)


async def test_set_back_to_a_copy_from_before_anything_was_posted(
    discord_server: DiscordServer, tmp_path: Path
) -> None:
    """Within minutes, while Discord still knows the nonces of the other life, which are of no use here."""
    story, copy = told(discord_server, tmp_path / "copied"), tmp_path / "copy"
    backups.back_up(story.folder / "colophon.sqlite3", copy, now=story.server.moment())
    await lived_through(story)
    set_back(story, copy)

    assert without_the_news_of_it(await lived_through(story)) == await undisturbed(tmp_path)


@pytest.mark.parametrize("kind", ["heading", "last part", "announcement"])
async def test_killed_over_a_request_after_it_was_set_back(
    discord_server: DiscordServer, tmp_path: Path, kind: str
) -> None:
    """What this life had begun itself is found as well, beside what the forgotten one had done."""
    story, copy = told(discord_server, tmp_path / "copied"), tmp_path / "copy"
    backups.back_up(story.folder / "colophon.sqlite3", copy, now=story.server.moment())
    story.later(NONCE_WINDOW + LEASE)
    set_back(story, copy)
    path, before = _places(story)[kind]
    story.server.fail("POST", path, Fault(done=True), times=before)
    async with alive(story) as victim:
        story.server.fail("POST", path, struck(victim.kill, done=True))
        await victim.died()
    story.later(SOON + TimeDelta(seconds=1))

    left = without_the_news_of_it(await lived_through(story))
    calm = await undisturbed(tmp_path)

    assert {name: len(texts) for name, texts in left.stands.items()} == {
        name: len(texts) for name, texts in calm.stands.items()
    }
    assert left.deliveries == calm.deliveries
