"""`kill -9` at any moment changes nothing a reader sees: nothing lost, nothing twice, order and promises kept (R2).

Each test lets a running Colophon be killed at one step, starts another on the same file, and compares what then
stands on Discord and in the file with what an undisturbed run leaves.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from whenever import TimeDelta

from rules.deliveries import LEASE, NONCE_WINDOW
from tests.wire.discord_server import DiscordServer
from tests.wire.faults import Fault, failed_after, struck
from tests.wire.mortals import Mortal, Strike, mortal
from tests.wire.stories import Picture, Story

SOON = LEASE + TimeDelta(seconds=1)
"""When the lease of a killed process has ended, and Discord still knows the nonce."""
LATE = NONCE_WINDOW + LEASE
"""When Discord has forgotten the nonce: the message must be looked for."""


@asynccontextmanager
async def alive(story: Story, strike: Strike | None = None) -> AsyncIterator[Mortal]:
    """A running Colophon on the story's file and Discord."""
    ahead = story.server.ahead.total("seconds")
    async with mortal(story.server.places, story.folder, strike=strike, ahead=ahead) as one:
        yield one


async def lived_through(story: Story) -> Picture:
    """What stands when a Colophon has done all that was due."""
    async with alive(story):
        await story.at_rest()
    return story.picture()


def told(server: DiscordServer, folder: Path) -> Story:
    """A series whose first chapter is due, with a second that waits and whose author gets a notice."""
    story = Story.begin(server, folder)
    story.hand_in("One", "Two")
    return story


_kept: dict[str, Picture] = {}


async def undisturbed(folder: Path) -> Picture:
    """What an undisturbed run leaves; one is enough for all tests of a process."""
    if "told" not in _kept:
        async with DiscordServer() as server:
            _kept["told"] = await lived_through(told(server, folder / "undisturbed"))
    return _kept["told"]


@pytest.fixture
def story(discord_server: DiscordServer, tmp_path: Path) -> Story:
    """What is to be lived through."""
    return told(discord_server, tmp_path / "killed")


async def test_an_undisturbed_run_leaves_everything_once(tmp_path: Path) -> None:
    """The measure of all others."""
    left = await undisturbed(tmp_path)

    assert left.threads == ["The Salt Road"]
    assert [text.split("\n")[0] for text in left.stands["new-chapters"]] == ["published ## The Salt Road: One"]
    assert [text.split()[1] for text in left.stands["The Salt Road"]] == ["The", "One", "The", "The"]
    assert [text.split("\n")[0] for text in left.stands["notices"]] == ["## “Two” is handed in and waits its turn"]
    assert {state for _, state, *_ in left.deliveries} == {"sent"}


def _places(story: Story) -> dict[str, tuple[str, int]]:
    """Where each kind of delivery goes: the path of its request, and how many alike come before it."""
    ids = {channel["name"]: channel_id for channel_id, channel in story.world.channels.items()}
    home = rf"/channels/(?!{ids['notices']}|{ids['new-chapters']})\d+/messages"
    return {
        "thread": (rf"/channels/{ids['stories']}/threads", 0),
        "heading": (home, 0),
        "first part": (home, 1),
        "last part": (home, 2),
        "announcement": (rf"/channels/{ids['new-chapters']}/messages", 0),
        "publish": (r"/channels/\d+/messages/\d+/crosspost", 0),
        "notice": (rf"/channels/{ids['notices']}/messages", 0),
    }


@pytest.mark.parametrize("taken", [False, True], ids=["as it left", "as Discord took it"])
@pytest.mark.parametrize("back", [SOON, LATE], ids=["back soon", "back late"])
@pytest.mark.parametrize("kind", ["thread", "heading", "first part", "last part", "announcement", "publish", "notice"])
async def test_killed_over_a_request(story: Story, tmp_path: Path, kind: str, back: TimeDelta, taken: bool) -> None:
    """The request has left, or Discord has taken it and nobody has heard: by nonce, or found in the history."""
    path, before = _places(story)[kind]
    story.server.fail("POST", path, Fault(done=True), times=before)
    async with alive(story) as victim:
        story.server.fail("POST", path, struck(victim.kill, done=taken))
        await victim.died()
    story.later(back)

    assert await lived_through(story) == await undisturbed(tmp_path)


@pytest.mark.parametrize("committed", [False, True], ids=["before the commit", "after the commit"])
@pytest.mark.parametrize(
    ("function", "kind"),
    [
        ("claim_due", "thread"),
        ("settle", "thread"),
        ("claim_due", "part"),
        ("settle", "part"),
        ("settle", "announcement"),
        ("settle", "publish"),
        ("settle", "notice"),
    ],
)
async def test_killed_over_the_file(story: Story, tmp_path: Path, function: str, kind: str, committed: bool) -> None:
    """Taking a delivery on and writing down what came of it, in the middle of a chapter of several messages too."""
    async with alive(story, Strike(function=function, kind=kind, committed=committed)) as victim:
        await victim.died()
    story.later(SOON)

    assert await lived_through(story) == await undisturbed(tmp_path)


@pytest.mark.parametrize("committed", [False, True], ids=["before the commit", "after the commit"])
async def test_killed_over_a_release(story: Story, tmp_path: Path, committed: bool) -> None:
    """The chapter goes out with all its posts planned, or it waits as before."""
    async with alive(story, Strike(function="release_chapter", committed=committed)) as victim:
        await victim.died()

    assert await lived_through(story) == await undisturbed(tmp_path)


@pytest.mark.parametrize("number", [500, 502, 504])
async def test_a_home_is_opened_once_though_discord_fails_after_it_took_it(
    story: Story, tmp_path: Path, number: int
) -> None:
    """discord.py would ask again by itself, within the same attempt; we look first (R2)."""
    (path, _) = _places(story)["thread"]
    story.server.fail("POST", path, failed_after(number))
    async with alive(story) as victim:
        await story.lost("thread")
        victim.kill()
        await victim.died()
    story.later(SOON)

    assert await lived_through(story) == await undisturbed(tmp_path)
    assert len(story.server.asked("POST", path)) == 1
