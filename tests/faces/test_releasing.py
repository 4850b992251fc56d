"""R1, R2, R3, R5, N3: what readers see, once, through lost answers, crashes and missing permissions."""

from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from demo import mischief
from tests.faces.stage import DAY, HOUR, Stage, stage, text_of

EVERYBODY = "@everyone and @here, <@1456074443980800011>, <@&1>, <#2>, </setup:3>!\n\nSecond paragraph.\n"


def posts(scene: Stage, series: str = "The Salt Road") -> list[str]:
    """What stands in a home thread, oldest first."""
    return [message.content for message in scene.thread(series).history()]


def sent_by_the_bot(scene: Stage) -> list[dict[str, object]]:
    """The bodies of all messages the bot has posted on its own account."""
    return [
        entry.json
        for entry in scene.env.http_requests
        if entry.method == "POST" and entry.path.endswith(("/messages", "/threads")) and isinstance(entry.json, dict)
    ]


async def one_series(scene: Stage, **options: object) -> None:
    """A series whose first chapter is out."""
    await scene.start_series("The Salt Road")
    await scene.submit("The Salt Road", "One", **options)


class TestPosting:
    """Home first, then the network."""

    async def test_r5_an_announcement_says_all_a_reader_needs_with_its_link_in_the_text(self, tmp_path: Path) -> None:
        """Title, chapter, author, label, words, where to read, when the next one comes; published."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road", rating="teen", tags="sea, slow")
            later = await scene.preview("The Salt Road", "One", wanted="in 2 hours")
            await scene.press(later, "Submit")
            await scene.submit("The Salt Road", "Two")
            await scene.pass_time(2 * HOUR)
            (announced,) = scene.network.history()
            heading = scene.thread("The Salt Road").history()[1]
            for fact in (
                "The Salt Road: One",
                scene.author.mention,
                "Written without AI",
                "14 words",
                "rating: teen",
                "sea, slow",
                f"https://discord.com/channels/{scene.guild.id}/{scene.thread('The Salt Road').id}/{heading.id}",
                "Next chapter",
            ):
                assert fact in announced.content
            assert announced.flags.crossposted

    async def test_no_mention_in_a_manuscript_pings_anybody(self, tmp_path: Path) -> None:
        """Whatever it holds: in the text, in titles, in the disclosure."""
        async with stage(tmp_path) as scene:
            await scene.start_series("@everyone", blurb="<@&1> @here")
            await scene.submit(
                "@everyone", "@here", text=EVERYBODY, ai="assisted", disclosure="AI helped @everyone <@1>."
            )
            bodies = sent_by_the_bot(scene)
            assert len(bodies) >= 4
            for body in bodies:
                message = body.get("message", body)
                assert isinstance(message, dict)
                allowed = message["allowed_mentions"]
                assert allowed.get("parse") == []
                assert set(allowed.get("users", [])) <= {scene.author.id, str(scene.author.id)}
            chapter = scene.thread("@everyone").history()[-2].content
            assert "<@1456" not in chapter.replace("\\<", "")

    async def test_a_long_chapter_comes_in_messages_within_discords_limits_and_in_order(self, tmp_path: Path) -> None:
        """Split between paragraphs, nothing lost."""
        paragraphs = [f"Paragraph {number}. " + "words and *words* " * 30 for number in range(40)]
        async with stage(tmp_path) as scene:
            await one_series(scene, text="\n\n".join(paragraphs))
            pages = posts(scene)[2:]
            assert len(pages) > 5
            assert all(0 < len(page) <= 2000 for page in pages)
            numbers = [int(part.split(".")[0]) for page in pages for part in page.split("Paragraph ")[1:]]
            assert numbers == list(range(40))
            assert all(page.count("*") % 2 == 0 for page in pages)

    async def test_n3_the_lasting_copy_of_a_notice_pings_its_author_alone(self, tmp_path: Path) -> None:
        """In the notices channel."""
        async with stage(tmp_path) as scene:
            await one_series(scene)
            await scene.submit("The Salt Road", "Two")
            (notice,) = scene.notices.history()
            assert "rule C2" in text_of(notice)
            assert scene.author.mention in text_of(notice)
            body = sent_by_the_bot(scene)[-1]
            assert body["allowed_mentions"] == {"parse": [], "users": [scene.author.id]}

    async def test_n3_without_a_notices_channel_the_copy_goes_to_the_series_home(self, tmp_path: Path) -> None:
        """Nothing is lost."""
        async with stage(tmp_path, set_up=False) as scene:
            await scene.set_up(notices=False)
            await one_series(scene)
            await scene.submit("The Salt Road", "Two")
            assert "rule C2" in text_of(scene.thread("The Salt Road").history()[-1])


class TestOnce:
    """R2: through a lost answer, a crash, a restart."""

    async def test_a_lost_answer_posts_nothing_twice(self, tmp_path: Path) -> None:
        """The nonce brings the same message."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            undo = mischief.lose_answers(scene.bot)
            await scene.submit("The Salt Road", "One")
            assert len(posts(scene)) == 2
            undo()
            await scene.pass_time(10)
            await scene.pass_time(60)
            assert [post.splitlines()[0] for post in posts(scene)[1:]] == ["## One", "The bell rang twice."]
            assert len(scene.network.history()) == 1

    async def test_an_answer_lost_for_hours_is_looked_for_before_anything_is_sent_again(self, tmp_path: Path) -> None:
        """Discord has forgotten the nonce by then; the message is found and adopted."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            mischief.lose_answers(scene.bot)
            await scene.submit("The Salt Road", "One")
            await scene.restart(offline=5 * HOUR)
            await scene.pass_time(60)
            assert [post.splitlines()[0] for post in posts(scene)[1:]] == ["## One", "The bell rang twice."]
            assert len(scene.network.history()) == 1

    async def test_a_crash_between_a_series_and_its_thread_leaves_one_thread(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The thread was opened, the answer never written down: after the restart it is adopted."""
        async with stage(tmp_path) as scene:
            original = discord.ForumChannel.create_thread

            async def opened_and_lost(self: discord.ForumChannel, **options: Any) -> object:
                await original(self, **options)
                raise TimeoutError

            monkeypatch.setattr(discord.ForumChannel, "create_thread", opened_and_lost)
            answer = await scene.start_series("The Salt Road")
            assert "in a moment" in text_of(answer)
            monkeypatch.undo()
            await scene.restart()
            await scene.pass_time(2 * HOUR)
            assert len(scene.home.threads) == 1
            await scene.submit("The Salt Road", "One")
            assert len(posts(scene)) == 3

    async def test_a_discord_that_is_down_costs_time_and_nothing_else(self, tmp_path: Path) -> None:
        """Five hours of errors; then all of it comes, once, in order, marked late."""
        async with stage(tmp_path) as scene:
            await one_series(scene)
            await scene.submit("The Salt Road", "Two")
            scene.env.inject_error("POST", "/channels/*/messages", status=500, code=0, times=40)
            await scene.pass_time(3 * DAY)
            await scene.pass_time(5 * HOUR)
            headings = [post.splitlines()[0] for post in posts(scene) if post.startswith("## ")]
            assert headings == ["## One", "## Two"]
            assert len(scene.network.history()) == 2

    async def test_c14_after_days_offline_overdue_chapters_come_an_hour_apart_marked_late(self, tmp_path: Path) -> None:
        """And the lane still counts from the planned slots."""
        async with stage(tmp_path) as scene:
            await one_series(scene)
            began = scene.now
            for title in ("Two", "Three", "Four"):
                await scene.submit("The Salt Road", title)
            await scene.restart(offline=8 * DAY)
            late = [post for post in posts(scene) if "Late" in post]
            assert [post.splitlines()[0] for post in late] == ["## Two"]
            await scene.pass_time(HOUR)
            late = [post for post in posts(scene) if "Late" in post]
            assert [post.splitlines()[0] for post in late] == ["## Two", "## Three"]
            five = await scene.submit("The Salt Road", "Five")
            assert f"<t:{began.add(hours=12 * 24).timestamp()}:F>" in text_of(five)


class TestRefused:
    """R3: what fails for good is held and told; everything else goes on."""

    async def test_a_missing_permission_is_reported_to_the_moderators_with_its_cure(self, tmp_path: Path) -> None:
        """The home has the chapter; the network does not; the moderators know."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            role = next(role for role in scene.guild._guild.roles.values() if role.managed)
            flag = discord.Permissions.send_messages.flag
            scene.env.backend.set_overwrite(scene.network.id, Overwrite(role.id, OverwriteType.ROLE, deny=flag))
            await scene.submit("The Salt Road", "One")
            assert scene.network.history() == []
            assert len(posts(scene)) == 3
            (report,) = scene.moderation.history()
            assert "could not announce" in text_of(report)
            assert "“One”" in text_of(report)
            assert "permission" in text_of(report)

            assert "Only moderators" in text_of(await scene.reader.click(report, label="Try again"))
            scene.env.backend.delete_overwrite(scene.network.id, role.id)
            again = await scene.moderator.click(report, label="Try again")
            assert "trying it again" in text_of(again)
            assert len(scene.network.history()) == 1
            assert "already" in text_of(await scene.moderator.click(report, label="Try again"))

    async def test_a_deleted_network_channel_is_reported_and_homes_go_on(self, tmp_path: Path) -> None:
        """With the cure."""
        async with stage(tmp_path) as scene:
            await one_series(scene)
            scene.env.backend.delete_channel(scene.network.id)
            await scene.submit("The Salt Road", "Two")
            await scene.pass_time(3 * DAY)
            assert [post.splitlines()[0] for post in posts(scene) if post.startswith("## ")] == ["## One", "## Two"]
            (report,) = scene.moderation.history()
            assert "/setup" in text_of(report)

            new = scene.guild.create_news_channel("newer-chapters")
            await scene.moderator.slash(scene.moderation, "setup", network=new)
            await scene.moderator.click(report, label="Try again")
            assert ["Two" in message.content for message in new.history()] == [True]
