"""`kill -9` while older work is posted, while somebody's data is deleted, and where both meet (R2, C13).

As in `tests/wire/test_kills.py`, what then stands is compared with what an undisturbed run leaves.
"""

from pathlib import Path

import pytest
from whenever import Date, TimeDelta

from rules.imports import PACE
from rules.labels import Ai, Declaration
from tests.wire.discord_server import DiscordServer
from tests.wire.faults import Fault, struck
from tests.wire.mortals import Strike
from tests.wire.stories import LONG, Picture, Story
from tests.wire.test_kills import LATE, SOON, alive, once
from usecases.communities import require_community
from usecases.drafts import prepare
from usecases.import_decisions import confirm_import
from usecases.imports import OlderChapter, OpenImport, ask_import, open_import
from usecases.people import Person
from usecases.series import own_series

_TURNS = 3
"""Of an import of two chapters: each of them, and its announcement as a whole."""
_NEXT_TURN = PACE + TimeDelta(seconds=1)


def let_in(server: DiscordServer, folder: Path) -> Story:
    """Two older chapters that a moderator has confirmed; nothing of it is done on Discord yet."""
    story = Story.begin(server, folder)
    declaration = Declaration(Ai.NONE, None)
    prepared = prepare(LONG, declaration, story.do(require_community, story.author).policy)
    request = OpenImport(
        person=story.author,
        series=story.do(own_series, story.author, "salt"),
        declaration=declaration,
        chapters=tuple(
            OlderChapter(title=title, date=Date(2024, month, 5), prepared=prepared)
            for month, title in enumerate(("Old one", "Old two"), start=1)
        ),
    )
    number = story.do(open_import, request, now=story.begun)
    story.do(ask_import, story.author, number, now=story.begun)
    story.do(confirm_import, Person(story.guild, 1), number, now=story.begun)
    return story


async def turns(story: Story, count: int) -> Picture:
    """What stands after so many turns of an import, each in a life of its own."""
    for _ in range(count):
        await one_life(story)
        story.later(_NEXT_TURN)
    return story.picture()


async def one_life(story: Story) -> None:
    """All that is due is done, and nobody is connected any more."""
    async with alive(story):
        await story.at_rest()
    await story.server.changes.until(lambda: not story.server.gateway.connected)


async def undisturbed(folder: Path) -> Picture:
    """What all turns leave."""
    return await once("let in", lambda server: turns(let_in(server, folder / "undisturbed"), _TURNS))


async def test_an_undisturbed_import_leaves_everything_once(tmp_path: Path) -> None:
    """The measure of all others."""
    left = await undisturbed(tmp_path)

    assert [text.split("\n")[0] for text in left.stands["new-chapters"]] == [
        "published ## The Salt Road: 2 older chapters"
    ]
    headings = [text.split("\n")[0] for text in left.stands["The Salt Road"] if text.startswith("## ")]
    assert headings == ["## Old one", "## Old two"]
    assert len(left.stands["The Salt Road"]) == 1 + 2 * 3, "the opening, and a heading and two parts of each"
    assert {state for _, state, *_ in left.deliveries} == {"sent"}


@pytest.mark.parametrize("taken", [False, True], ids=["as it left", "as Discord took it"])
@pytest.mark.parametrize("back", [SOON, LATE], ids=["back soon", "back late"])
@pytest.mark.parametrize(
    ("turn", "before"),
    [(0, 0), (0, 1), (1, 0), (1, 2), (2, 0)],
    ids=["the first heading", "a part", "the second heading", "the last part", "the announcement"],
)
async def test_killed_over_a_post_of_an_import(
    discord_server: DiscordServer, tmp_path: Path, turn: int, before: int, back: TimeDelta, taken: bool
) -> None:
    """Found again or sent again; the next chapter waits for it, and all of it is announced once."""
    story = let_in(discord_server, tmp_path / "killed")
    await turns(story, turn)
    ids = {channel["name"]: channel_id for channel_id, channel in story.world.channels.items()}
    home = rf"/channels/(?!{ids['notices']}|{ids['moderators']}|{ids['new-chapters']})\d+/messages"
    path = home if turn < _TURNS - 1 else rf"/channels/{ids['new-chapters']}/messages"
    story.server.fail("POST", path, Fault(done=True), times=before)
    async with alive(story) as victim:
        story.server.fail("POST", path, struck(victim.kill, done=taken))
        await victim.died()
    story.later(back)

    assert await turns(story, _TURNS) == await undisturbed(tmp_path)


@pytest.mark.parametrize("committed", [False, True], ids=["before the commit", "after the commit"])
@pytest.mark.parametrize(
    ("turn", "function", "kind"),
    [
        (0, "release_imported", None),
        (1, "release_imported", None),
        (1, "claim_due", "heading"),
        (1, "settle", "part"),
        (2, "keep_timetable", None),
        (2, "settle", "announcement"),
    ],
)
async def test_killed_over_the_file_while_an_import_is_posted(
    discord_server: DiscordServer, tmp_path: Path, turn: int, function: str, kind: str | None, committed: bool
) -> None:
    """Each chapter is out with all its posts planned, or its turn is still to come; the end comes once."""
    story = let_in(discord_server, tmp_path / "killed")
    await turns(story, turn)
    async with alive(story, Strike(function=function, kind=kind, committed=committed)) as victim:
        await victim.died()
    story.later(SOON)

    assert await turns(story, _TURNS) == await undisturbed(tmp_path)


async def deleted(story: Story) -> tuple[Picture, str]:
    """What stands when its author has had everything deleted and taken down, and what they were answered."""
    async with alive(story):
        answer = await story.answered(await story.press("my-data-delete-all", story.author.id))
        await story.at_rest()
    story.later(_NEXT_TURN)
    return await turns(story, _TURNS), answer


async def half_way(server: DiscordServer, folder: Path) -> Story:
    """The first of two older chapters stands; the second one's turn is still to come, within a minute."""
    story = let_in(server, folder)
    await one_life(story)
    return story


async def deleted_undisturbed(folder: Path) -> tuple[Picture, str]:
    """What a deletion leaves of the half of an import."""

    async def calm(server: DiscordServer) -> tuple[Picture, str]:
        return await deleted(await half_way(server, folder / "calm"))

    return await once("deleted", calm)


async def test_a_deletion_half_way_leaves_nothing_and_nothing_comes_after_it(tmp_path: Path) -> None:
    """The measure of those below: the second chapter never comes, what stands goes, and the home loses its name."""
    left, answer = await deleted_undisturbed(tmp_path)

    assert answer.split("\n")[0] == "## Your data in this server is deleted"
    assert {name for name, texts in left.stands.items() if texts} <= {"stories"}
    assert left.threads == ["A series whose author has deleted it"]
    assert left.chapters == []
    assert {(kind, state) for kind, state, *_ in left.deliveries} == {("remove", "sent")}
    assert left.decisions == []


@pytest.mark.parametrize("committed", [False, True], ids=["before the commit", "after the commit"])
async def test_killed_over_a_deletion(discord_server: DiscordServer, tmp_path: Path, committed: bool) -> None:
    """All of it or nothing; pressed again, it is done, or there is nothing left to do."""
    measure, answer = await deleted_undisturbed(tmp_path)
    story = await half_way(discord_server, tmp_path / "killed")
    async with alive(story, Strike(function="erase", committed=committed)) as victim:
        await story.press("my-data-delete-all", story.author.id)
        await victim.died()
    await story.server.changes.until(lambda: not story.server.gateway.connected)
    story.end_leases()

    left, again = await deleted(story)

    assert left == measure
    assert again.startswith("I keep nothing of yours") if committed else again == answer


@pytest.mark.parametrize("taken", [False, True], ids=["as it left", "as Discord took it"])
@pytest.mark.parametrize(
    ("method", "before"), [("DELETE", 0), ("DELETE", 3), ("PATCH", 0)], ids=["the first", "another", "the name"]
)
async def test_killed_over_what_a_deletion_takes_down(
    discord_server: DiscordServer, tmp_path: Path, method: str, before: int, taken: bool
) -> None:
    """Done again it does no harm, and it is done to the end, though nothing else is known of it any more."""
    measure, _ = await deleted_undisturbed(tmp_path)
    story = await half_way(discord_server, tmp_path / "killed")
    path = r"/channels/\d+(/messages/\d+)?"
    story.server.fail(method, path, Fault(done=True), times=before)
    async with alive(story) as victim:
        story.server.fail(method, path, struck(victim.kill, done=taken))
        await story.press("my-data-delete-all", story.author.id)
        await victim.died()
    story.later(SOON)

    assert await turns(story, _TURNS) == measure
