"""`kill -9` at any moment changes nothing a reader sees: nothing lost, nothing twice, order and promises kept (R2).

Each test lets a running Colophon be killed at one step, starts another on the same file, and compares what then
stands on Discord and in the file with what an undisturbed run leaves.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from whenever import TimeDelta

from rules.deliveries import LEASE, NONCE_WINDOW
from tests.wire.discord_server import DiscordServer
from tests.wire.faults import Fault, failed_after, struck
from tests.wire.mortals import Mortal, Strike, mortal
from tests.wire.stories import Picture, Story
from usecases.people import Person
from usecases.series import EditSeries, edit_series
from usecases.takedowns import take_down

T = TypeVar("T")

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


_kept: dict[str, Any] = {}


async def once(name: str, live: Callable[[DiscordServer], Awaitable[T]]) -> T:
    """What an undisturbed run leaves; one is enough for all tests of a process."""
    if name not in _kept:
        async with DiscordServer() as server:
            _kept[name] = await live(server)
    left: T = _kept[name]
    return left


async def undisturbed(folder: Path) -> Picture:
    """What is left of the story that most tests tell."""
    return await once("told", lambda server: lived_through(told(server, folder / "undisturbed")))


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


def correct(story: Story) -> None:
    """Its author gives the series another title and a blurb."""
    edit = EditSeries(person=story.author, series="salt", title="The Pepper Road", blurb="Spices.")
    story.do(edit_series, edit, now=story.begun)


def take_back(story: Story) -> None:
    """Its author withdraws the chapter that is out (C11)."""
    ((chapter_id,),) = story.ask("SELECT id FROM chapters WHERE title = 'One'")
    story.do(take_down, story.author, chapter_id, now=story.begun)


async def changed(
    server: DiscordServer, folder: Path, change: Callable[[Story], None], factory: pytest.TempPathFactory
) -> Story:
    """What was told stands already, and its author has changed something; nobody has done it on Discord yet."""

    async def stand(first: DiscordServer) -> Story:
        story = told(first, factory.mktemp("standing"))
        await lived_through(story)
        return story

    story = (await once("standing", stand)).copy(server, folder)
    change(story)
    return story


@pytest.mark.parametrize("taken", [False, True], ids=["as it left", "as Discord took it"])
@pytest.mark.parametrize(
    ("change", "method", "before"),
    [
        (correct, "PATCH", 0),
        (correct, "PATCH", 1),
        (correct, "PATCH", 2),
        (take_back, "DELETE", 0),
        (take_back, "DELETE", 2),
    ],
)
async def test_killed_over_a_correction_or_a_removal(
    discord_server: DiscordServer,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    change: Callable[[Story], None],
    method: str,
    before: int,
    taken: bool,
) -> None:
    """Done again it does no harm, and it is done to the end: the home's name and opening, announcements, posts."""

    async def calm(server: DiscordServer) -> Picture:
        return await lived_through(await changed(server, tmp_path / "undisturbed", change, tmp_path_factory))

    measure = await once(change.__name__, calm)
    story = await changed(discord_server, tmp_path / "killed", change, tmp_path_factory)
    path = r"/channels/\d+(/messages/\d+)?"
    story.server.fail(method, path, Fault(done=True), times=before)
    async with alive(story) as victim:
        story.server.fail(method, path, struck(victim.kill, done=taken))
        await victim.died()
    story.later(SOON)

    assert await lived_through(story) == measure
    assert {state for _, state, *_ in measure.deliveries} == {"sent"}


def drafted(server: DiscordServer, folder: Path) -> tuple[Story, int]:
    """A chapter in a preview, whose author is about to press **Submit**."""
    story = Story.begin(server, folder)
    return story, story.draft("One")


async def submitted(story: Story, draft_id: int) -> tuple[Picture, str]:
    """What stands after the press, and what its author was answered."""
    async with alive(story):
        answer = await story.answered(await story.press("submit", draft_id))
        await story.at_rest()
    return story.picture(), answer


@pytest.mark.parametrize(
    "step",
    [
        Strike(function="submit_chapter", committed=False),
        Strike(function="submit_chapter", committed=True),
        ("POST", r"/interactions/.*", False),
        ("POST", r"/interactions/.*", True),
        ("PATCH", r"/webhooks/.*", False),
        ("PATCH", r"/webhooks/.*", True),
    ],
    ids=["before the commit", "after the commit", "over hearing", "heard", "over the answer", "answered"],
)
async def test_killed_over_a_press(
    discord_server: DiscordServer, tmp_path: Path, step: Strike | tuple[str, str, bool]
) -> None:
    """The press is repeated after the restart, gives one chapter, and is answered as if nothing had been."""
    measure = await once("drafted", lambda server: submitted(*drafted(server, tmp_path / "undisturbed")))
    story, draft_id = drafted(discord_server, tmp_path / "killed")
    async with alive(story, step if isinstance(step, Strike) else None) as victim:
        if not isinstance(step, Strike):
            method, path, taken = step
            story.server.fail(method, path, struck(victim.kill, done=taken))
        await story.press("submit", draft_id)
        await victim.died()
    await story.server.changes.until(lambda: not story.server.gateway.connected)
    story.end_leases()

    left, answer = await submitted(story, draft_id)

    assert left == measure[0]
    assert answer.split("\n")[0] == measure[1].split("\n")[0] == "## “One” is handed in"


def crowded(server: DiscordServer, folder: Path) -> Story:
    """Several authors at once."""
    story = told(server, folder)
    for number in range(1, 5):
        author = Person(story.guild, story.author.id + number)
        story.start(author, f"Road {number}")
        story.hand_in("One", "Two", author=author)
    return story


async def test_two_at_work_on_one_file_do_everything_once(discord_server: DiscordServer, tmp_path: Path) -> None:
    """Leases: what one has taken on is left alone by the other; each home has its order all the same."""
    story = crowded(discord_server, tmp_path / "both")
    async with alive(story), alive(story):
        await story.at_rest()
    async with DiscordServer() as calm:
        measure = await lived_through(crowded(calm, tmp_path / "alone"))

    both = story.picture()
    assert len(discord_server.gateway.identified) == 2
    assert {name: sorted(texts) for name, texts in both.stands.items()} == {
        name: sorted(texts) for name, texts in measure.stands.items()
    }
    assert all(both.stands[name] == measure.stands[name] for name in measure.threads)
    assert (sorted(both.threads), both.chapters) == (sorted(measure.threads), measure.chapters)
    assert both.deliveries == measure.deliveries
