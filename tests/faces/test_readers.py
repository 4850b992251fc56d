"""R6: readers follow, see less, look into their feed and ask why; each alone, through restarts, for months."""

from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from demo import mischief
from tests.faces.stage import DAY, HOUR, Stage, buttons_of, custom_id_of, stage, text_of
from tests.images import a_png

BUTTONS = ["Follow", "Show less like this", "Why am I seeing this?"]


async def one_out(scene: Stage, series: str = "The Salt Road", **options: object) -> discord.Message:
    """A series whose first chapter is announced; the announcement."""
    await scene.start_series(series, tags="Sea, slow")
    await scene.submit(series, "One", **options)
    return scene.network.history()[-1]


def members(scene: Stage, series: str = "The Salt Road") -> set[int]:
    """Who is in a home thread, without the bot."""
    thread = scene.env.backend.get_channel(scene.thread(series).id)
    return set(thread.thread_members) - {scene.env.backend.bot_user.id}


def another_reader(scene: Stage) -> MemberActor:
    """Lia."""
    return scene.guild.add_member(scene.env.create_user("lia"))


async def feed(scene: Stage, reader: MemberActor | None = None) -> str:
    """What somebody's `/feed` says."""
    return text_of(await (reader or scene.reader).slash(scene.lobby, "feed"))


class TestFollow:
    """In Discord's own way, with a fallback that the answer names."""

    @pytest.mark.parametrize("restart", [False, True])
    async def test_one_press_puts_the_reader_into_the_home_thread(self, tmp_path: Path, restart: bool) -> None:
        """Also under an old announcement, after a restart; pressed twice it says the same."""
        async with stage(tmp_path) as scene:
            announced = await one_out(scene)
            assert buttons_of(announced) == BUTTONS
            if restart:
                await scene.pass_time(40 * DAY)
                await scene.restart()
            answer = await scene.reader.click(announced, label="Follow")
            assert answer.ephemeral
            assert "You follow “The Salt Road”" in text_of(answer)
            assert "You are in its home thread" in text_of(answer)
            assert members(scene) == {scene.reader.id}
            assert "already" in text_of(await scene.reader.click(announced, label="Follow"))

    async def test_unfollow_takes_out_whom_the_bot_has_added_and_nobody_else(self, tmp_path: Path) -> None:
        """Whoever went to the thread alone stays there."""
        async with stage(tmp_path) as scene:
            announced = await one_out(scene)
            lia = another_reader(scene)
            scene.env.backend.get_channel(scene.thread("The Salt Road").id).thread_members[lia.id] = "2026-01-01"
            for reader in (scene.reader, lia):
                await reader.click(announced, label="Follow")
            assert members(scene) == {scene.reader.id, lia.id}
            first = await scene.reader.slash(scene.lobby, "unfollow", series="salt")
            assert "no more" in text_of(first)
            second = await lia.slash(scene.lobby, "unfollow", series="salt")
            assert "I leave you there" in text_of(second)
            assert members(scene) == {lia.id}
            assert "You follow nothing called" in text_of(await lia.slash(scene.lobby, "unfollow", series="salt"))

    @pytest.mark.parametrize(
        ("code", "said"),
        [(50083, "archived just now"), (30033, "1,000 members"), (160005, "locked")],
    )
    async def test_where_discord_lets_nobody_in_the_answer_names_the_fallback(
        self, tmp_path: Path, code: int, said: str
    ) -> None:
        """Followed all the same: the feed shows it; the moderators are not bothered."""
        async with stage(tmp_path) as scene:
            announced = await one_out(scene)
            scene.env.inject_error("PUT", "/channels/*/thread-members/*", status=403, code=code, times=1)
            answer = await scene.reader.click(announced, label="Follow")
            assert said in text_of(answer)
            assert "`/feed`" in text_of(answer)
            assert members(scene) == set()
            assert scene.moderation.history() == []
            assert "you follow it" in await feed(scene)

    async def test_whom_a_full_home_keeps_out_is_told_in_the_feed_and_let_in_with_a_later_chapter(
        self, tmp_path: Path
    ) -> None:
        """Nobody hears it at the press who follows an author; **Write to me instead** is there, through a restart."""
        async with stage(tmp_path) as scene:
            await one_out(scene)
            await scene.reader.slash(scene.lobby, "follow", author=scene.author)
            scene.env.inject_error("PUT", "/channels/*/thread-members/*", status=400, code=30033, times=1)
            await scene.submit("The Salt Road", "Two")
            await scene.pass_time(3 * DAY)
            await scene.restart()
            shown = await scene.reader.slash(scene.lobby, "feed")
            assert "the home thread of “The Salt Road” has 1,000 members" in text_of(shown)
            assert "Write to me instead" in buttons_of(shown)
            assert "does not let me add you" not in await feed(scene, another_reader(scene))
            assert scene.moderation.history() == []
            await scene.submit("The Salt Road", "Three")
            await scene.pass_time(3 * DAY)
            assert members(scene) == {scene.reader.id}
            assert "does not let me add you" not in await feed(scene)

    async def test_an_archived_home_is_not_woken_and_its_next_chapter_lets_the_follower_in(
        self, tmp_path: Path
    ) -> None:
        """Posts whose thread is archived: the buttons work, and what could not be done is done later."""
        async with stage(tmp_path) as scene:
            announced = await one_out(scene)
            home = scene.env.backend.get_channel(scene.thread("The Salt Road").id).thread_metadata
            assert home is not None
            home.archived = True
            scene.env.inject_error("PUT", "/channels/*/thread-members/*", status=400, code=50083, times=1)
            await scene.restart()
            answer = await scene.reader.click(announced, label="Follow")
            assert "archived just now" in text_of(answer)
            assert home.archived
            assert members(scene) == set()
            home.archived = False
            await scene.submit("The Salt Road", "Two")
            await scene.pass_time(3 * DAY)
            assert members(scene) == {scene.reader.id}

    async def test_following_an_author_brings_each_series_with_its_next_chapter(self, tmp_path: Path) -> None:
        """No flood of threads at the press; a new series comes by itself."""
        async with stage(tmp_path) as scene:
            announced = await one_out(scene)
            answer = await scene.reader.click(announced, label="Follow")
            both = await scene.press(answer, "Follow the author too", by=scene.reader)
            assert f"all by {scene.author.mention}" in text_of(both)
            await scene.start_series("Lanterns")
            await scene.submit("Lanterns", "One")
            assert members(scene, "Lanterns") == set()
            await scene.pass_time(14 * DAY)
            assert members(scene, "Lanterns") == {scene.reader.id}
            ended = await scene.reader.slash(scene.lobby, "unfollow", author=scene.author)
            assert "no more" in text_of(ended)
            assert members(scene, "Lanterns") == set()
            assert members(scene) == {scene.reader.id}

    async def test_by_command_listed_and_only_in_the_feed(self, tmp_path: Path) -> None:
        """`how` chooses; what one follows is one's own list."""
        async with stage(tmp_path) as scene:
            await one_out(scene)
            await scene.start_series("Not yet out")
            follow = scene.reader.slash
            quiet = await follow(scene.lobby, "follow", series="salt", how="feed")
            assert "nothing else tells you" in text_of(quiet)
            assert members(scene) == set()
            assert "Nothing called" in text_of(await follow(scene.lobby, "follow", series="Not yet out"))
            assert "one `series`" in text_of(
                await follow(scene.lobby, "follow", series="salt", author=scene.author, how="feed")
            )
            assert "has come out" in text_of(await follow(scene.lobby, "follow", author=scene.reader))
            listed = text_of(await follow(scene.lobby, "follow"))
            assert "The Salt Road" in listed
            assert "in `/feed` alone" in listed
            assert "You follow nothing" in text_of(await another_reader(scene).slash(scene.lobby, "follow"))
            suggested = await scene.reader.autocomplete(scene.lobby, "follow", "series", "")
            assert [choice["name"] for choice in suggested] == ["The Salt Road"]


class TestLess:
    """Of what, exactly what changes, what cannot, and undone on the spot."""

    async def test_seeing_less_says_what_it_does_and_is_undone_on_the_spot(self, tmp_path: Path) -> None:
        """After restarts in between; for this reader alone."""
        async with stage(tmp_path) as scene:
            announced = await one_out(scene)
            await scene.restart()
            asking = await scene.reader.click(announced, label="Show less like this")
            assert asking.ephemeral
            assert "**Mute**" in text_of(asking)
            assert asking.response is not None
            await scene.restart()
            done = await scene.reader.select(asking.response, values=["tag:sea"])
            assert "Less of the tag “sea”" in text_of(done)
            assert "stay out of your `/feed`" in text_of(done)
            assert "stays visible there" in text_of(done)
            assert "The Salt Road" not in await feed(scene)
            assert "1 release in between left out" in await feed(scene)
            assert "The Salt Road" in await feed(scene, another_reader(scene))
            assert announced.content == scene.network.history()[-1].content
            await scene.restart()
            undone = await scene.press(done, "Undo", by=scene.reader)
            assert "Undone" in text_of(undone)
            assert "The Salt Road" in await feed(scene)

    @pytest.mark.parametrize("chosen", ["series", "author", "tag", "label"])
    async def test_each_choice_is_listed_and_can_be_undone_by_name(self, tmp_path: Path, chosen: str) -> None:
        """`/less list`, `/less undo`."""
        async with stage(tmp_path) as scene:
            asking = await scene.reader.click(await one_out(scene), label="Show less like this")
            assert asking.response is not None
            value = next(value for value in _choices(asking) if value.startswith(f"{chosen}:"))
            await scene.reader.select(asking.response, values=[value])
            assert "The Salt Road" not in await feed(scene)
            listed = text_of(await scene.reader.slash(scene.lobby, "less list"))
            assert listed.count("\n- ") + listed.startswith("- ") == 1
            (suggested,) = await scene.reader.autocomplete(scene.lobby, "less undo", "what", "")
            undone = await scene.reader.slash(scene.lobby, "less undo", what=suggested["value"])
            assert "Undone" in text_of(undone)
            assert "The Salt Road" in await feed(scene)
            assert "You see everything" in text_of(await scene.reader.slash(scene.lobby, "less list"))

    async def test_one_kind_of_label_can_be_kept_out_for_good(self, tmp_path: Path) -> None:
        """`/less label`; what is followed stays followed and is said so."""
        async with stage(tmp_path) as scene:
            disclosure = "AI helped with this text."
            text = f"{disclosure}\n\nThe bell rang twice.\n"
            await one_out(scene, ai="assisted", disclosure=disclosure, text=text)
            done = await scene.reader.slash(scene.lobby, "less label", label="assisted")
            assert "Written with the help of AI" in text_of(done)
            assert "The Salt Road" not in await feed(scene)
            await scene.reader.slash(scene.lobby, "less undo")
            assert disclosure in await feed(scene)

    async def test_l5_undeclared_images_can_be_kept_out_of_the_feed_by_their_follower(self, tmp_path: Path) -> None:
        """Only that label: the next chapter without images is shown."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            await scene.submit("The Salt Road", "One", image1=("1.png", a_png()))
            await scene.reader.slash(scene.lobby, "follow", series="salt", how="feed")
            assert "1 image without a label" in await feed(scene)
            done = await scene.reader.slash(scene.lobby, "less label", label="undeclared_images")
            assert "chapters labelled “With images without a label” stay out" in text_of(done)
            assert "Road: One" not in await feed(scene)
            await scene.submit("The Salt Road", "Two")
            await scene.pass_time(3 * DAY)
            assert "Road: Two" in await feed(scene)
            assert "Road: One" not in await feed(scene)

    async def test_two_presses_at_once_are_one_wish(self, tmp_path: Path) -> None:
        """Each of two readers gets an answer of their own."""
        async with stage(tmp_path) as scene:
            announced = await one_out(scene)
            lia = another_reader(scene)
            verb = custom_id_of(announced, "Follow")
            await mischief.click_together(scene.env, scene.network, announced.id, [scene.reader, lia], verb)
            assert members(scene) == {scene.reader.id, lia.id}


class TestFeed:
    """What came out since the last look, older by page, after one's own filters."""

    async def test_a_month_of_one_reader_does_not_touch_anothers(self, tmp_path: Path) -> None:
        """Looks, follows and filters of two readers, with restarts in between."""
        async with stage(tmp_path) as scene:
            lia = another_reader(scene)
            announced = await one_out(scene)
            for number in range(2, 10):
                await scene.submit("The Salt Road", f"Chapter {number}")
            assert "New since" not in await feed(scene)
            await scene.reader.click(announced, label="Follow")
            asking = await lia.click(announced, label="Show less like this")
            assert asking.response is not None
            await lia.select(asking.response, values=[f"author:{scene.author.id}"])
            for _ in range(4):
                await scene.pass_time(6 * DAY)
                await scene.restart()
                shown = await feed(scene)
                new, before = shown.split("### Before")
                assert new.count("The Salt Road") == 2
                assert "you follow it" in before
                assert "The Salt Road" not in await feed(scene, lia)
            assert members(scene) == {scene.reader.id}

    async def test_older_by_page_and_only_what_is_followed(self, tmp_path: Path) -> None:
        """Each release once, newest first; buttons after a restart."""
        async with stage(tmp_path) as scene:
            await one_out(scene)
            for number in range(2, 12):
                await scene.submit("The Salt Road", f"Chapter {number}")
            await scene.pass_time(31 * DAY)
            first = await scene.reader.slash(scene.lobby, "feed")
            assert buttons_of(first) == ["Older", "Only what I follow"]
            assert text_of(first).count("The Salt Road") == 8
            await scene.restart()
            second = await scene.press(first, "Older", by=scene.reader)
            assert text_of(second).count("The Salt Road") == 3
            assert "Road: One**" in text_of(second)
            assert buttons_of(second) == ["Newest", "Only what I follow"]
            mine = await scene.press(second, "Only what I follow", by=scene.reader)
            assert "Nothing of what you follow" in text_of(mine)

    async def test_what_stays_at_home_is_shown_to_its_followers_alone(self, tmp_path: Path) -> None:
        """Reach holds in the feed too."""
        async with stage(tmp_path) as scene:
            lia = another_reader(scene)
            await scene.start_series("Machine Dreams")
            await scene.submit("Machine Dreams", "One", ai="generated")
            await scene.reader.slash(scene.lobby, "follow", series="Machine Dreams")
            assert "in its home only" in await feed(scene)
            assert "Machine Dreams" not in await feed(scene, lia)

    async def test_a_withdrawn_chapter_is_in_no_feed_and_its_buttons_answer_kindly(self, tmp_path: Path) -> None:
        """Whoever still sees the announcement gets an answer."""
        async with stage(tmp_path) as scene:
            announced = await one_out(scene)
            scene.env.inject_error("DELETE", "/channels/*/messages/*", status=403, code=50013, times=9)
            await scene.author.slash(scene.lobby, "chapter withdraw", chapter="One")
            assert "Nothing has come out" in await feed(scene)
            why = await scene.reader.click(announced, label="Why am I seeing this?")
            assert "has been withdrawn" in text_of(why)
            for label in ("Follow", "Show less like this"):
                assert (await scene.reader.click(announced, label=label)).ephemeral


class TestWhy:
    """How it was labelled, by whom, under which version, why here, what one can do."""

    async def test_the_answer_names_label_author_version_and_the_way_out(self, tmp_path: Path) -> None:
        """And nothing about any other reader."""
        async with stage(tmp_path) as scene:
            announced = await one_out(scene)
            lia = another_reader(scene)
            await lia.click(announced, label="Follow")
            await scene.restart()
            await scene.pass_time(HOUR)
            why = await scene.reader.click(announced, label="Why am I seeing this?")
            assert why.ephemeral
            for fact in ("Written without AI", scene.author.mention, "version 1", "rule L2", "mute", "for everybody"):
                assert fact in text_of(why)
            assert "You follow it" not in text_of(why)
            assert lia.mention not in text_of(why)
            assert "You follow it" in text_of(await lia.click(announced, label="Why am I seeing this?"))
            assert buttons_of(why) == [*BUTTONS[:2], "The label may be wrong"]

    async def test_by_right_click_on_ours_and_on_somebody_elses(self, tmp_path: Path) -> None:
        """*Why is this here?*."""
        async with stage(tmp_path) as scene:
            announced = await one_out(scene)
            menu = scene.reader.context_menu
            assert "for everybody" in text_of(await menu(scene.network, "Why is this here?", announced))
            heading = scene.thread("The Salt Road").history()[1]
            at_home = await menu(scene.thread("The Salt Road"), "Why is this here?", heading)
            assert "this is the home of its series" in text_of(at_home)
            other = await scene.author.send(scene.lobby, "hello")
            assert "no chapter or announcement of mine" in text_of(await menu(scene.lobby, "Why is this here?", other))


def _choices(asking: InteractionResult) -> list[str]:
    """The values of the menu under an answer."""
    assert asking.response is not None
    pending: list[Any] = list(asking.response.components)
    while pending:
        one = pending.pop()
        part: Any = one.to_dict() if isinstance(one, discord.Component) else one
        if part.get("options"):
            return [option["value"] for option in part["options"]]
        pending += part.get("components", [])
    return []
