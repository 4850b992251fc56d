"""C7 to C11 as an author lives them: earlier slots, another order, another text, other words, taking down."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from whenever import Instant

from storage import communities
from storage.transaction import Transaction
from tests.faces.stage import DAY, HOUR, Stage, buttons_of, stage, stamp, text_of

MINUTE = 60
SERIES = "The Salt Road"


def every(tx: Transaction, guild_id: int, chapter_days: int) -> None:
    """A new version of the policy, as `/policy edit` makes one."""
    community = communities.find(tx, guild_id)
    assert community is not None
    policy = replace(community.policy, version=community.policy.version + 1, chapter_days=chapter_days)
    now = Instant.from_utc(2026, 1, 1)
    communities.save_policy(tx, guild_id, policy, by=1, now=now)
    communities.save(tx, replace(community, policy=policy), by=1, now=now)


async def a_queue(scene: Stage, *titles: str) -> Instant:
    """A series whose chapters are all handed in now; when that was."""
    await scene.start_series(SERIES)
    began = scene.now
    for title in titles:
        await scene.submit(SERIES, title)
    return began


async def queue(scene: Stage) -> str:
    """What `/chapter queue` shows."""
    return text_of(await scene.author.slash(scene.lobby, "chapter queue"))


def short(moment: Instant) -> str:
    """A moment as the queue shows it."""
    return f"<t:{moment.timestamp()}:f>"


def headings(scene: Stage, series: str = SERIES) -> list[str]:
    """The chapters that stand in a home thread, in order."""
    lines = [message.content.splitlines()[0] for message in scene.thread(series).history()]
    return [line.removeprefix("## ") for line in lines if line.startswith("## ")]


class TestClosingTheGap:
    """C9, C10: offered, shown, taken."""

    async def test_a_withdrawn_chapter_leaves_a_gap_that_two_presses_close(self, tmp_path: Path) -> None:
        """The first shows from and to, the second does it; the chapters then come as shown."""
        async with stage(tmp_path) as scene:
            began = await a_queue(scene, "One", "Two", "Three", "Four")
            done = await scene.author.slash(scene.lobby, "chapter withdraw", chapter="Two")
            assert buttons_of(done) == ["See my queue", "Close the gap"]
            assert "only if you want it to" in text_of(done)

            shown = await scene.press(done, "Close the gap")
            assert shown.ephemeral
            assert buttons_of(shown) == ["Close the gap"]
            for before, after in ((6, 3), (9, 6)):
                moves = f"{short(began.add(hours=24 * before))} → **{short(began.add(hours=24 * after))}**"
                assert moves in text_of(shown)
            assert "Nothing is changed yet" in text_of(shown)
            assert short(began.add(hours=24 * 9)) in await queue(scene)

            closed = await scene.press(shown, "Close the gap")
            assert "2 chapters" in text_of(closed)
            assert "rule C9" in text_of(closed)
            assert buttons_of(closed) == ["See my queue"]
            await scene.pass_time(3 * DAY)
            assert headings(scene) == ["One", "Three"]
            await scene.pass_time(3 * DAY)
            assert headings(scene) == ["One", "Three", "Four"]

    async def test_it_works_after_a_restart_between_each_press(self, tmp_path: Path) -> None:
        """Nothing is in memory alone."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One", "Two", "Three")
            done = await scene.author.slash(scene.lobby, "chapter withdraw", chapter="Two")
            await scene.restart()
            shown = await scene.press(done, "Close the gap")
            await scene.restart(offline=HOUR)
            closed = await scene.press(shown, "Close the gap")
            assert "1 chapter of “The Salt Road” comes earlier" in text_of(closed)
            await scene.pass_time(3 * DAY)
            assert headings(scene) == ["One", "Three"]

    async def test_a_plan_that_changed_before_the_press_is_shown_again(self, tmp_path: Path) -> None:
        """Never silently another one."""
        async with stage(tmp_path) as scene:
            began = await a_queue(scene, "One", "Two", "Three", "Four")
            done = await scene.author.slash(scene.lobby, "chapter withdraw", chapter="Two")
            shown = await scene.press(done, "Close the gap")
            await scene.author.slash(scene.lobby, "chapter withdraw", chapter="Three")
            again = await scene.press(shown, "Close the gap")
            assert "Something has changed" in text_of(again)
            assert "“Three”" not in text_of(again)
            assert short(began.add(hours=24 * 9)) in await queue(scene)
            closed = await scene.press(again, "Close the gap")
            assert "comes earlier" in text_of(closed)
            assert short(began.add(hours=24 * 3)) in await queue(scene)

    async def test_a_second_press_finds_nothing_to_do(self, tmp_path: Path) -> None:
        """Said, not failed."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One", "Two", "Three")
            done = await scene.author.slash(scene.lobby, "chapter withdraw", chapter="Two")
            shown = await scene.press(done, "Close the gap")
            assert "comes earlier" in text_of(await scene.press(shown, "Close the gap"))
            later = await scene.press(done, "Close the gap")
            assert "Nothing of it could come earlier now" in text_of(later)
            assert buttons_of(later) == ["See my queue"]

    async def test_a_gap_that_has_begun_is_closed_at_once_and_nothing_is_called_late(self, tmp_path: Path) -> None:
        """A slot that was free since yesterday."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One", "Two", "Three", "Four")
            await scene.author.slash(scene.lobby, "chapter withdraw", chapter="Two")
            await scene.pass_time(4 * DAY)
            asked = await scene.author.slash(scene.lobby, "chapter queue")
            assert buttons_of(asked) == ["Close the gap"]
            shown = await scene.press(asked, "Close the gap")
            assert "**at once**" in text_of(shown)
            assert "counted from your press" in text_of(shown)
            await scene.pass_time(MINUTE)
            pressed = scene.now
            closed = await scene.press(shown, "Close the gap")
            assert "Something has changed" not in text_of(closed)
            assert headings(scene) == ["One", "Three"]
            assert "Late" not in "\n".join(message.content for message in scene.thread(SERIES).history())
            assert short(pressed.add(hours=72)) in await queue(scene)

    async def test_a_stranger_can_press_none_of_it(self, tmp_path: Path) -> None:
        """Under the notice that everybody sees; the answer is for the stranger alone."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One", "Two", "Three")
            await scene.author.slash(scene.lobby, "chapter withdraw", chapter="Two")
            await scene.submit(SERIES, "Four")
            notice = scene.notices.history()[-1]
            assert "Close the gap" in buttons_of(notice)
            refused = await scene.reader.click(notice, label="Close the gap")
            assert "Only its author" in text_of(refused)
            assert refused.ephemeral
            shown = await scene.author.click(notice, label="Close the gap")
            assert shown.ephemeral
            assert "“Four”" in text_of(shown)

    async def test_why_names_the_gap_as_what_would_bring_it_out_sooner(self, tmp_path: Path) -> None:
        """The smallest change is no exception, then, but one press."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One", "Two", "Three")
            before = await scene.author.slash(scene.lobby, "why", chapter="Three")
            assert "Only a moderator's exception" in text_of(before)
            await scene.author.slash(scene.lobby, "chapter withdraw", chapter="Two")
            after = await scene.author.slash(scene.lobby, "why", chapter="Three")
            assert "Only a moderator's exception" not in text_of(after)
            assert buttons_of(after) == ["Close the gap"]

    async def test_two_series_with_gaps_are_told_apart(self, tmp_path: Path) -> None:
        """Each button says whose it is."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One", "Two", "Three")
            await scene.start_series("Lanterns")
            for title in ("L1", "L2", "L3"):
                await scene.submit("Lanterns", title)
            for title in ("Two", "L2"):
                await scene.author.slash(scene.lobby, "chapter withdraw", chapter=title)
            asked = await scene.author.slash(scene.lobby, "chapter queue")
            assert sorted(buttons_of(asked)) == ["Close the gap: Lanterns", "Close the gap: The Salt Road"]
            shown = await scene.press(asked, "Close the gap: Lanterns")
            assert "“L3”" in text_of(shown)


class TestReleasingEarlier:
    """C9: a looser policy offers, the author takes."""

    async def test_the_queue_offers_what_a_looser_policy_allows(self, tmp_path: Path) -> None:
        """And nothing moves before the second press, also after a restart."""
        async with stage(tmp_path) as scene:
            began = await a_queue(scene, "One", "Two", "Three")
            await scene.bot.database.write(every, scene.guild.id, chapter_days=1)
            asked = await scene.author.slash(scene.lobby, "chapter queue")
            assert buttons_of(asked) == ["Release earlier"]
            shown = await scene.press(asked, "Release earlier")
            assert buttons_of(shown) == ["Release earlier"]
            for before, after in ((3, 1), (6, 2)):
                moves = f"{short(began.add(hours=24 * before))} → **{short(began.add(hours=24 * after))}**"
                assert moves in text_of(shown)
            await scene.restart()
            done = await scene.press(shown, "Release earlier")
            assert "2 chapters of “The Salt Road” come earlier" in text_of(done)
            assert buttons_of(done) == ["See my queue"]
            why = await scene.author.slash(scene.lobby, "why", chapter="Three")
            assert stamp(began.add(hours=48)) in text_of(why)
            await scene.pass_time(2 * DAY)
            assert headings(scene) == ["One", "Two", "Three"]

    async def test_a_stricter_policy_offers_and_takes_nothing(self, tmp_path: Path) -> None:
        """Promises stand."""
        async with stage(tmp_path) as scene:
            began = await a_queue(scene, "One", "Two")
            await scene.bot.database.write(every, scene.guild.id, chapter_days=9)
            asked = await scene.author.slash(scene.lobby, "chapter queue")
            assert buttons_of(asked) == []
            assert short(began.add(hours=72)) in text_of(asked)


class TestMoving:
    """C7 to C9: the times stay, the titles move over them."""

    async def test_the_last_chapter_is_brought_to_the_front(self, tmp_path: Path) -> None:
        """The answer shows before and after; the releases come in the new order."""
        async with stage(tmp_path) as scene:
            began = await a_queue(scene, "One", "Two", "Three", "Four")
            done = await scene.author.slash(scene.lobby, "chapter move", chapter="Four", position=1)
            assert done.ephemeral
            for title, before, after in (("Four", 9, 3), ("Two", 3, 6), ("Three", 6, 9)):
                first, then = began.add(hours=24 * before), began.add(hours=24 * after)
                assert f"“{title}”: {short(first)} → **{short(then)}**" in text_of(done)
            await scene.restart()
            await scene.pass_time(9 * DAY)
            assert headings(scene) == ["One", "Four", "Two", "Three"]

    async def test_a_wish_is_kept_and_its_cost_is_said(self, tmp_path: Path) -> None:
        """C8: how much later which chapter comes."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One", "Two")
            await scene.submit(SERIES, "Three", wanted="in 10 days")
            done = await scene.author.slash(scene.lobby, "chapter move", chapter="Three", position=1)
            assert "rule C8" in text_of(done)
            assert "1. “Three”: stays" in text_of(done)
            assert re.search(r"“Three” (6|7) days( 23 hours)? later", text_of(done))
            assert "“Two” 3 days later" in text_of(done)

    async def test_a_place_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        """With the places there are; and a chapter that stays where it is, said."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One", "Two", "Three")
            refused = await scene.author.slash(scene.lobby, "chapter move", chapter="Two", position=7)
            assert "places 1 to 2" in text_of(refused)
            same = await scene.author.slash(scene.lobby, "chapter move", chapter="Two", position=1)
            assert "nothing was changed" in text_of(same)
            unknown = await scene.author.slash(scene.lobby, "chapter move", chapter="One", position=1)
            assert "None of your chapters" in text_of(unknown)

    async def test_only_own_waiting_chapters_are_suggested(self, tmp_path: Path) -> None:
        """Autocomplete of the joined commands."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One", "Two")
            choices = await scene.author.autocomplete(scene.lobby, "chapter move", "chapter", "")
            assert [choice["name"] for choice in choices] == ["Two · The Salt Road"]
            assert await scene.reader.autocomplete(scene.lobby, "chapter replace", "chapter", "") == []


class TestReplacing:
    """New text, same place, same promise, labels looked at again."""

    async def test_the_new_text_comes_out_at_the_old_time(self, tmp_path: Path) -> None:
        """Not a word of the old one."""
        async with stage(tmp_path) as scene:
            began = await a_queue(scene, "One", "Two")
            new = ("two.md", b"An entirely new text.\n")
            done = await scene.author.slash(scene.lobby, "chapter replace", chapter="Two", file=new)
            assert "has its new text" in text_of(done)
            assert "4 words" in text_of(done)
            assert stamp(began.add(hours=72)) in text_of(done)
            await scene.pass_time(3 * DAY)
            assert scene.thread(SERIES).history()[-1].content == "An entirely new text."

    async def test_its_label_is_looked_at_again_with_its_cure(self, tmp_path: Path) -> None:
        """L3, L8: the new text lost the sentence; one press puts it back."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One")
            said = "I used AI to find the names."
            await scene.submit(SERIES, "Two", ai="assisted", disclosure=said, text=f"{said}\n\nStory.\n")
            new = ("two.md", b"A text without the sentence.\n")
            done = await scene.author.slash(scene.lobby, "chapter replace", chapter="Two", file=new)
            assert "rule L3" in text_of(done)
            assert "Add the label for me" in buttons_of(done)
            mended = await scene.press(done, "Add the label for me")
            assert "in the network channel" in text_of(mended)

    async def test_a_file_nobody_can_read_leaves_everything_as_it_was(self, tmp_path: Path) -> None:
        """And says so."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One", "Two")
            for name, data in (("two.exe", b"MZ"), ("two.md", b""), ("two.md", b"a" * (9 * 1024 * 1024))):
                refused = await scene.author.slash(scene.lobby, "chapter replace", chapter="Two", file=(name, data))
                assert "keeps the text it has" in text_of(refused)
            await scene.pass_time(3 * DAY)
            assert "It was the baker." in scene.thread(SERIES).history()[-1].content


class TestTakingDown:
    """C11: `/chapter withdraw` of what is out."""

    async def test_it_disappears_everywhere_and_stays_counted_once_others_have_it(self, tmp_path: Path) -> None:
        """Published: other servers have a copy, and the answer is honest about it."""
        async with stage(tmp_path) as scene:
            began = await a_queue(scene, "One")
            assert len(scene.network.history()) == 1
            done = await scene.author.slash(scene.lobby, "chapter withdraw", chapter="One")
            assert "rule C11" in text_of(done)
            assert "not mine to delete" in text_of(done)
            assert scene.network.history() == []
            assert headings(scene) == []
            assert len(scene.thread(SERIES).history()) == 1, "the home and its opening stay"
            notice = await scene.submit(SERIES, "Two")
            assert stamp(began.add(hours=72)) in text_of(notice)

    async def test_within_half_an_hour_a_chapter_that_stayed_home_gives_its_slot_back(self, tmp_path: Path) -> None:
        """Nobody else has it; what waits behind it can come earlier."""
        async with stage(tmp_path) as scene:
            await scene.start_series(SERIES)
            await scene.submit(SERIES, "One", ai="generated")
            await scene.submit(SERIES, "Two", ai="generated")
            await scene.pass_time(20 * MINUTE)
            done = await scene.author.slash(scene.lobby, "chapter withdraw", chapter="One")
            assert "its slot is free again" in text_of(done)
            assert headings(scene) == []
            shown = await scene.press(done, "Close the gap")
            assert "**at once**" in text_of(shown)
            await scene.press(shown, "Close the gap")
            assert headings(scene) == ["Two"]

    async def test_later_it_stays_counted(self, tmp_path: Path) -> None:
        """Though nobody else has it."""
        async with stage(tmp_path) as scene:
            await scene.start_series(SERIES)
            began = scene.now
            await scene.submit(SERIES, "One", ai="generated")
            await scene.pass_time(31 * MINUTE)
            done = await scene.author.slash(scene.lobby, "chapter withdraw", chapter="One")
            assert "more than 30 minutes" in text_of(done)
            await scene.start_series("Lanterns")
            assert stamp(began.add(hours=14 * 24)) in text_of(await scene.submit("Lanterns", "L1"))

    async def test_a_button_on_an_old_notice_takes_nothing_down(self, tmp_path: Path) -> None:
        """Only the command does, by the full title."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One", "Two")
            (notice,) = scene.notices.history()
            await scene.pass_time(3 * DAY)
            pressed = await scene.author.click(notice, label="Withdraw")
            assert "`/chapter withdraw`" in text_of(pressed)
            by_piece = await scene.author.slash(scene.lobby, "chapter withdraw", chapter="Tw")
            assert "“The Salt Road · Two”" in text_of(by_piece)
            assert headings(scene) == ["One", "Two"]

    async def test_what_somebody_has_deleted_already_is_no_trouble(self, tmp_path: Path) -> None:
        """Discord says it is not there: done."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One")
            (announcement,) = scene.network.history()
            scene.env.backend.delete_message(scene.network.id, announcement.id)
            await scene.author.slash(scene.lobby, "chapter withdraw", chapter="One")
            assert headings(scene) == []
            assert scene.moderation.history() == []

    async def test_a_removal_that_failed_for_an_hour_is_done_after_it(self, tmp_path: Path) -> None:
        """Through a restart."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One")
            scene.env.inject_error("DELETE", "/channels/*/messages/*", status=500, code=0, times=3)
            await scene.author.slash(scene.lobby, "chapter withdraw", chapter="One")
            await scene.restart(offline=HOUR)
            await scene.pass_time(HOUR)
            assert scene.network.history() == []
            assert headings(scene) == []


class TestSeries:
    """`/series edit` and `/series finish`."""

    async def test_an_edit_corrects_the_home_and_what_was_announced(self, tmp_path: Path) -> None:
        """Its name, its opening, its announcement; no chapter's text."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One")
            done = await scene.author.slash(
                scene.lobby, "series edit", series=SERIES, title="The Salt Sea", rating="teen"
            )
            assert "“The Salt Sea” is edited" in text_of(done)
            assert "Its announcement is corrected" in text_of(done)
            home = scene.thread("The Salt Sea").history()
            assert home[0].content.startswith("# The Salt Sea")
            assert "Rating: teen" in home[0].content
            (announcement,) = scene.network.history()
            assert "The Salt Sea: One" in announcement.content
            assert "rating: teen" in announcement.content
            assert f"/{scene.thread('The Salt Sea').id}/{home[1].id}" in announcement.content
            assert [message.content for message in home[1:]][1].startswith("The bell rang twice.")

    @pytest.mark.parametrize("code", [30046, 20028])
    async def test_an_edit_that_discord_postpones_comes_later_and_holds_up_no_announcement(
        self, tmp_path: Path, code: int
    ) -> None:
        """R4: old announcements are edited seldom."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One", "Two")
            scene.env.inject_error(
                "PATCH", f"/channels/{scene.network.id}/messages/*", status=400, code=code, message="later", times=6
            )
            await scene.author.slash(scene.lobby, "series edit", series=SERIES, tags="sea")
            assert "sea" not in scene.network.history()[0].content
            await scene.pass_time(DAY)
            assert "sea" in scene.network.history()[0].content
            await scene.pass_time(2 * DAY)
            assert len(scene.network.history()) == 2
            assert scene.moderation.history() == []

    async def test_an_announcement_that_was_deleted_needs_no_correction(self, tmp_path: Path) -> None:
        """And nobody is troubled with it."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One")
            (announcement,) = scene.network.history()
            scene.env.backend.delete_message(scene.network.id, announcement.id)
            await scene.author.slash(scene.lobby, "series edit", series=SERIES, tags="sea")
            assert scene.moderation.history() == []
            assert "Tags: sea" in scene.thread(SERIES).history()[0].content

    async def test_an_edit_of_nothing_and_of_somebody_elses_series_is_refused(self, tmp_path: Path) -> None:
        """With what to do instead."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One")
            nothing = await scene.author.slash(scene.lobby, "series edit", series=SERIES)
            assert "at least one of" in text_of(nothing)
            theirs = await scene.reader.slash(scene.lobby, "series edit", series=SERIES, title="Mine")
            assert "/series start" in text_of(theirs)
            assert [thread.name for thread in scene.home.threads] == [SERIES]

    async def test_a_finished_series_says_so_where_its_last_chapter_is_announced(self, tmp_path: Path) -> None:
        """R5; what waits still comes, and nothing else changes."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, "One", "Two")
            done = await scene.author.slash(scene.lobby, "series finish", series=SERIES)
            assert "is complete" in text_of(done)
            assert "1 chapter of it still waits and goes out as promised" in text_of(done)
            assert "Nothing else changes" in text_of(done)
            again = await scene.author.slash(scene.lobby, "series finish", series=SERIES)
            assert "complete already" in text_of(again)
            await scene.pass_time(3 * DAY)
            assert "This series is complete." in scene.network.history()[-1].content
            assert "complete" in text_of(await scene.author.slash(scene.lobby, "series list"))


async def test_a_correction_the_bot_may_not_make_is_reported(tmp_path: Path) -> None:
    """R3: the network channel was closed to it; the home is corrected all the same."""
    async with stage(tmp_path) as scene:
        await a_queue(scene, "One")
        role = next(role for role in scene.guild._guild.roles.values() if role.managed)
        scene.env.backend.set_overwrite(scene.network.id, Overwrite(role.id, OverwriteType.ROLE, deny=1 << 10))
        await scene.author.slash(scene.lobby, "series edit", series=SERIES, tags="sea")
        (report,) = scene.moderation.history()
        assert "could not correct" in text_of(report)
        assert "Tags: sea" in scene.thread(SERIES).history()[0].content
