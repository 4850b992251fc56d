"""R6: direct messages, for who asked for them: gathered, one after the other, stopped for good at a closed inbox."""

from pathlib import Path

import discord

from demo import mischief
from tests.faces.stage import DAY, HOUR, Stage, buttons_of, stage, text_of
from tests.faces.test_readers import another_reader, feed, members, one_out

MINUTE = 60


def inbox(scene: Stage) -> list[discord.Message]:
    """What the bot has written to the reader."""
    return scene.reader.user.dm_channel.history()


async def two_series(scene: Stage) -> None:
    """Followed by message: one whose second chapter waits, and one that begins in a fortnight."""
    await one_out(scene)
    await scene.reader.slash(scene.lobby, "follow", series="salt", how="message")
    await scene.submit("The Salt Road", "Two")


async def test_several_that_come_at_a_time_are_one_message_with_label_and_link(tmp_path: Path) -> None:
    """A few minutes later, to who asked for it alone, and without a ping."""
    async with stage(tmp_path) as scene:
        await two_series(scene)
        lia = another_reader(scene)
        await lia.slash(scene.lobby, "follow", series="salt")
        await scene.reader.slash(scene.lobby, "follow", author=scene.author, how="message")
        await scene.submit("The Salt Road", "Three", wanted="in 14 days")
        await scene.start_series("Lanterns")
        await scene.submit("Lanterns", "One")
        await scene.pass_time(3 * DAY + MINUTE)
        assert inbox(scene) == []
        await scene.restart()
        await scene.pass_time(5 * MINUTE)
        (told,) = inbox(scene)
        assert "A new chapter of what you follow" in told.content
        heading = [one for one in scene.thread("The Salt Road").history() if one.content.startswith("## ")][-1]
        for fact in ("The Salt Road: Two", "Written without AI", str(heading.id), "`/follow`"):
            assert fact in told.content
        await scene.pass_time(12 * DAY)
        (_, both) = inbox(scene)
        assert "2 new chapters" in both.content
        assert "Lanterns: One" in both.content
        assert "The Salt Road: Three" in both.content
        assert lia.user.dm_channel.history() == []
        bodies = [one.json for one in scene.env.http_requests if one.json and "of what you follow" in str(one.json)]
        assert bodies
        assert all(body["allowed_mentions"]["parse"] == [] for body in bodies)


async def test_a_closed_inbox_stops_it_for_good_and_the_feed_says_so(tmp_path: Path) -> None:
    """No second attempt; nobody else hears of it; one press begins anew."""
    async with stage(tmp_path) as scene:
        await two_series(scene)
        await scene.submit("The Salt Road", "Three")
        path = f"/channels/{scene.reader.user.dm_channel.id}/messages"
        scene.env.inject_error("POST", path, status=403, code=mischief.INBOX_CLOSED, times=1)
        await scene.pass_time(7 * DAY)
        attempts = [one for one in scene.env.http_requests if (one.method, one.path) == ("POST", path)]
        assert len(attempts) == 1
        assert scene.moderation.history() == []
        assert "I have stopped writing to you" in await feed(scene)
        await scene.restart()
        shown = await scene.reader.slash(scene.lobby, "feed")
        again = await scene.press(shown, "Write to me again", by=scene.reader)
        assert "from the next chapter on" in text_of(again)
        assert "stopped writing" not in await feed(scene)
        await scene.submit("The Salt Road", "Four")
        await scene.pass_time(3 * DAY)
        assert ["Four" in message.content for message in inbox(scene)] == [True]


async def test_the_button_under_a_message_ends_it_after_any_restart(tmp_path: Path) -> None:
    """In the inbox, where there is no server; what is followed stays in the feed."""
    async with stage(tmp_path) as scene:
        await two_series(scene)
        await scene.submit("The Salt Road", "Three")
        await scene.pass_time(3 * DAY + HOUR)
        (told,) = inbox(scene)
        assert buttons_of(told) == ["Stop direct messages"]
        await scene.restart()
        answer = await scene.reader.user.click(told, label="Stop direct messages")
        assert "no more" in text_of(answer)
        await scene.pass_time(4 * DAY)
        assert len(inbox(scene)) == 1
        assert "you follow it" in await feed(scene)


async def test_from_the_thread_to_messages_and_a_lost_answer_is_no_second_message(tmp_path: Path) -> None:
    """*Write to me instead* takes the reader out of the thread it had put them into."""
    async with stage(tmp_path) as scene:
        announced = await one_out(scene)
        answer = await scene.reader.click(announced, label="Follow")
        changed = await scene.press(answer, "Write to me instead", by=scene.reader)
        assert "I write to you when a chapter has come" in text_of(changed)
        assert members(scene) == set()
        await scene.submit("The Salt Road", "Two")
        await scene.pass_time(3 * DAY + MINUTE)
        undo = mischief.lose_answers(scene.bot)
        await scene.pass_time(5 * MINUTE)
        undo()
        await scene.restart(offline=5 * HOUR)
        await scene.pass_time(HOUR)
        assert len(inbox(scene)) == 1


async def test_less_and_a_withdrawal_are_heeded_before_anything_is_written(tmp_path: Path) -> None:
    """What the reader does not want, and what is gone again, is in no message."""
    async with stage(tmp_path) as scene:
        await two_series(scene)
        await scene.pass_time(3 * DAY + MINUTE)
        await scene.author.slash(scene.lobby, "chapter withdraw", chapter="Two")
        await scene.pass_time(HOUR)
        assert inbox(scene) == []
        await scene.reader.slash(scene.lobby, "less label", label="none")
        await scene.submit("The Salt Road", "Three")
        await scene.pass_time(4 * DAY)
        assert inbox(scene) == []
