"""Challenges as moderators and authors live them (H1 to H7)."""

from pathlib import Path

from simcord.results import InteractionResult
from whenever import Instant

from tests.faces.stage import DAY, HOUR, Stage, buttons_of, stage, stamp, text_of
from tests.faces.test_releasing import sent_by_the_bot

MINUTE = 60


def short(moment: Instant) -> str:
    """A moment as a short Discord timestamp."""
    return f"<t:{moment.timestamp()}:f>"


async def open_one(scene: Stage, name: str = "Winter", **options: object) -> InteractionResult:
    """A moderator opens a challenge that ends in five days."""
    given = {"deadline": "in 5 days"} | options
    shown = await scene.moderator.slash(scene.moderation, "challenge open", name=name, **given)
    return await scene.press(shown, "Open the challenge", by=scene.moderator)


async def a_queue(scene: Stage, waiting: int, title: str = "The Salt Road") -> None:
    """A series whose first chapter is out, and so many that wait."""
    await scene.start_series(title)
    for number in range(waiting + 1):
        await scene.submit(title, f"Part {number}")


async def enter(scene: Stage, series: str = "The Salt Road", challenge: str = "Winter") -> InteractionResult:
    """The author enters a series."""
    return await scene.author.slash(scene.lobby, "series enter", series=series, challenge=challenge)


def headings(scene: Stage, series: str = "The Salt Road") -> list[tuple[str, Instant]]:
    """What is out, and when it came."""
    return [
        (message.content.splitlines()[0].removeprefix("## "), Instant(message.created_at))
        for message in scene.thread(series).history()
        if message.content.startswith("## ")
    ]


class TestOpening:
    """H1: echoed in full before it counts."""

    async def test_the_deadline_is_echoed_in_full_and_counts_only_after_the_press(self, tmp_path: Path) -> None:
        """Anywhere on earth, without a time: the last second of that day there; also after a restart."""
        async with stage(tmp_path) as scene:
            deadline = Instant.from_utc(2026, 2, 1, 11, 59, 59)
            shown = await scene.moderator.slash(
                scene.moderation,
                "challenge open",
                name="Winter",
                deadline="2026-01-31",
                zone="AoE",
                window=5,
                about="Write **snow**.",
            )
            assert shown.ephemeral
            text = text_of(shown)
            for said in (
                stamp(deadline),
                f"<t:{deadline.timestamp()}:R>",
                "Saturday, 31 January 2026, 23:59:59, anywhere on earth",
                "end of that day",
                "last 5 days",
                stamp(deadline.subtract(hours=5 * 24)),
                "rule H1",
            ):
                assert said in text
            assert buttons_of(shown) == ["Open the challenge", "Cancel"]
            assert "No challenge is open" in text_of(await scene.reader.slash(scene.lobby, "challenge list"))

            await scene.restart()
            opened = await scene.press(shown, "Open the challenge", by=scene.moderator)
            assert "“Winter” is open" in text_of(opened)
            assert buttons_of(opened) == []
            listed = await scene.reader.slash(scene.lobby, "challenge list")
            assert listed.ephemeral
            assert stamp(deadline) in text_of(listed)
            assert "Write \\*\\*snow\\*\\*." in text_of(listed)

    async def test_cancel_opens_nothing(self, tmp_path: Path) -> None:
        """And says so."""
        async with stage(tmp_path) as scene:
            shown = await scene.moderator.slash(scene.moderation, "challenge open", name="Winter", deadline="in 5 days")
            done = await scene.press(shown, "Cancel", by=scene.moderator)
            assert "cancelled" in text_of(done)
            assert "No challenge is open" in text_of(await scene.author.slash(scene.lobby, "challenge list"))

    async def test_a_past_deadline_an_unknown_zone_and_riddles_are_refused(self, tmp_path: Path) -> None:
        """Each with a sentence, and nothing is kept."""
        async with stage(tmp_path) as scene:
            for options, says in (
                ({"deadline": "2025-12-24"}, "has passed already"),
                ({"deadline": "2026-01-31", "zone": "Middle Earth"}, "no time zone"),
                ({"deadline": "when pigs fly"}, "cannot read"),
                ({"deadline": "2026-01-31", "opens": "2026-02-01"}, "let it open before"),
            ):
                refused = await scene.moderator.slash(scene.moderation, "challenge open", name="Winter", **options)
                assert says in text_of(refused)
                assert buttons_of(refused) == []

    async def test_only_moderators_open_move_and_close(self, tmp_path: Path) -> None:
        """Checked on our side."""
        async with stage(tmp_path) as scene:
            await open_one(scene)
            for command, options in (
                ("challenge open", {"name": "Mine", "deadline": "in 5 days"}),
                ("challenge move", {"challenge": "Winter", "deadline": "in 9 days"}),
                ("challenge close", {"challenge": "Winter"}),
            ):
                refused = await scene.author.slash(scene.lobby, command, **options)
                assert "Only moderators" in text_of(refused)
                assert refused.ephemeral
            assert text_of(await scene.author.slash(scene.lobby, "challenge list")).count("deadline") == 1


class TestEntering:
    """H1 to H4."""

    async def test_what_waits_comes_spread_over_the_time_left_to_the_second(self, tmp_path: Path) -> None:
        """Each date is told at once, and kept, through a restart."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, 4)
            began = scene.now
            await open_one(scene)
            await scene.pass_time(2 * HOUR)
            now = scene.now
            entered = await enter(scene)
            assert entered.ephemeral
            step = (5 * DAY - 2 * HOUR - 30 * MINUTE) / 4
            promised = [now.add(seconds=number * step) for number in range(4)]
            for moment in promised:
                assert short(moment) in text_of(entered)
            assert "All 4 waiting chapters come out before the deadline" in text_of(entered)
            assert "rule H6" in text_of(entered)

            await scene.pass_time(DAY)
            await scene.restart()
            await scene.pass_time(4 * DAY)
            came = headings(scene)[1:]
            assert [title for title, _ in came] == [f"Part {number}" for number in range(1, 5)]
            for (_, at), moment in zip(came, promised, strict=True):
                assert abs((at - moment).total("seconds")) <= 1
            assert came[-1][1] < began.add(hours=5 * 24)

    async def test_h4_it_says_how_many_fit(self, tmp_path: Path) -> None:
        """Five hours, and seven that wait."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, 7)
            await open_one(scene, deadline="in 5 hours")
            entered = await enter(scene)
            assert "**5 of 7 waiting chapters fit** before the deadline" in text_of(entered)
            assert "rule H4" in text_of(entered)
            assert text_of(entered).count("(after the deadline)") == 2
            queue = text_of(await scene.author.slash(scene.lobby, "chapter queue"))
            assert "In “Winter”: **5 of 7 fit** (rule H4) before its deadline" in queue
            assert queue.count("(after the deadline)") == 2

    async def test_h1_too_early_too_late_or_in_another_one_is_refused_with_a_sentence(self, tmp_path: Path) -> None:
        """And what was typed is taken like what was picked."""
        async with stage(tmp_path) as scene:
            await scene.start_series("The Salt Road")
            await open_one(scene)
            await open_one(scene, "Spring", deadline="2026-03-01", opens="2026-02-01")
            assert "rule H1" in text_of(await enter(scene, challenge="spring"))
            choices = await scene.author.autocomplete(scene.lobby, "series enter", "challenge", "")
            assert [choice["name"] for choice in choices] == ["Winter"]
            assert "is entered" in text_of(await enter(scene, challenge=str(choices[0]["value"])))
            await open_one(scene, "Other")
            assert "one open challenge at a time" in text_of(await enter(scene, challenge="Other"))
            assert "I know" in text_of(await enter(scene, challenge="Summer"))
            await scene.pass_time(6 * DAY)
            assert "has passed" in text_of(await enter(scene, challenge="Winter"))

    async def test_h5_a_start_is_told_what_holds_it_and_offered_a_ready_made_request(self, tmp_path: Path) -> None:
        """C1 stays; the form has its reason already."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, 0)
            await scene.start_series("Lanterns")
            await open_one(scene)
            await enter(scene, "Lanterns")
            notice = await scene.submit("Lanterns", "Beginning")
            assert "rule H5" in text_of(notice)
            assert "Ask for an exception" in buttons_of(notice)
            form = await scene.press(notice, "Ask for an exception")
            assert form.modal is not None
            assert "starts my entry for “Winter”" in str(form.modal)
            again = await enter(scene, "Lanterns")
            assert "Ask for an exception" in buttons_of(again)


class TestHandingIn:
    """A chapter for an entered series."""

    async def test_the_preview_says_its_slot_and_what_it_does_to_those_ahead(self, tmp_path: Path) -> None:
        """N4: and the receipt, the notice and /why say the same."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, 3)
            await open_one(scene)
            await scene.pass_time(2 * HOUR)
            await enter(scene)
            shown = await scene.preview("The Salt Road", "New")
            assert "chapters waiting ahead of it come sooner" in text_of(shown)
            assert "rules H2, H3" in text_of(shown)
            receipt = await scene.press(shown, "Submit")
            line = next(line for line in text_of(shown).splitlines() if line.startswith("**Out"))
            for told in (
                receipt,
                await scene.author.slash(scene.lobby, "why", chapter="New"),
                scene.notices.history()[-1],
            ):
                assert line.split(" (")[0] in text_of(told)
                assert "“Winter”" in text_of(told)


class TestChanges:
    """H4, H7: authors hear of every change, and nobody comes later."""

    async def test_moving_the_deadline_is_previewed_then_told_to_each_author(self, tmp_path: Path) -> None:
        """With every date, pinging its author alone; once, also after a restart."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, 4)
            await open_one(scene)
            await scene.pass_time(2 * HOUR)
            await enter(scene)
            now = scene.now
            shown = await scene.moderator.slash(
                scene.moderation, "challenge move", challenge="Winter", deadline="in 2 days"
            )
            assert stamp(now.add(hours=48)) in text_of(shown)
            assert "1 entered series" in text_of(shown)
            assert "3 chapters come sooner" in text_of(shown)
            assert buttons_of(shown) == ["Move the deadline", "Cancel"]
            before = len(scene.notices.history())
            await scene.restart()
            done = await scene.press(shown, "Move the deadline", by=scene.moderator)
            assert "3 waiting chapters come sooner" in text_of(done)
            (notice,) = scene.notices.history()[before:]
            assert scene.moderator.mention in text_of(notice)
            assert scene.author.mention in text_of(notice)
            assert "rules H7, C9" in text_of(notice)
            assert sent_by_the_bot(scene)[-1]["allowed_mentions"] == {"parse": [], "users": [scene.author.id]}
            await scene.pass_time(2 * DAY)
            assert len(headings(scene)) == 5

    async def test_h2_when_the_window_opens_what_waits_is_spread_anew_and_told_once(self, tmp_path: Path) -> None:
        """C9: earlier, never later; counted from then also by a bot that was away (C5)."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, 3)
            began = scene.now
            await open_one(scene, deadline="in 10 days")
            await enter(scene)
            await scene.author.slash(scene.lobby, "chapter withdraw", chapter="Part 1")
            await scene.pass_time(2 * DAY)
            before = len(scene.notices.history())
            await scene.restart(offline=1.5 * DAY)
            (notice,) = scene.notices.history()[before:]
            assert "The window of “Winter” is open" in text_of(notice)
            assert "The one waiting chapter comes out before the deadline" in text_of(notice)
            assert scene.author.mention in text_of(notice)
            await scene.restart()
            await scene.pass_time(3 * DAY + HOUR)
            assert len(scene.notices.history()) == before + 1
            came = [(at - began).total("hours") / 24 for _, at in headings(scene)[1:]]
            assert [round(days, 1) for days in came] == [3.5, 6.0]

    async def test_h2_a_hold_that_ends_in_an_entered_series_gives_it_its_turn_again(self, tmp_path: Path) -> None:
        """By itself at its return date; the author sees every date, and all come before the deadline."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, 4)
            await open_one(scene)
            await enter(scene)
            options = {"series": "salt", "reason": "A question of rights", "until": "in 4 days"}
            await scene.moderator.slash(scene.moderation, "review hold", **options)
            await scene.pass_time(3 * DAY)
            await scene.restart(offline=DAY + 12 * HOUR)
            answer = text_of(scene.notices.history()[-1])
            assert "goes on" in answer
            assert "All 3 waiting chapters come out before the deadline" in answer
            await scene.pass_time(12 * HOUR)
            assert [title for title, _ in headings(scene)] == [f"Part {number}" for number in range(5)]

    async def test_keeping_the_deadline_changes_nothing(self, tmp_path: Path) -> None:
        """Cancel."""
        async with stage(tmp_path) as scene:
            await open_one(scene)
            shown = await scene.moderator.slash(
                scene.moderation, "challenge move", challenge="Winter", deadline="in 2 days"
            )
            assert "Nothing has changed" in text_of(await scene.press(shown, "Cancel", by=scene.moderator))

    async def test_closing_keeps_every_promise_and_tells_authors(self, tmp_path: Path) -> None:
        """C9, N5; a second time there is nothing to close."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, 2)
            await open_one(scene)
            await enter(scene)
            before = len(scene.notices.history())
            done = await scene.moderator.slash(scene.moderation, "challenge close", challenge="winter")
            assert "is closed" in text_of(done)
            (notice,) = scene.notices.history()[before:]
            assert "has ended it before its deadline" in text_of(notice)
            assert "rule C9" in text_of(notice)
            again = await scene.moderator.slash(scene.moderation, "challenge close", challenge="Winter")
            assert "was closed" in text_of(again)
            listed = text_of(await scene.reader.slash(scene.lobby, "challenge list"))
            assert "No challenge is open" in listed
            assert "**Winter** · closed by a moderator" in listed
            assert f"1 series entered, 2 chapters handed in: {scene.author.mention}" in listed
            await scene.pass_time(5 * DAY)
            assert len(headings(scene)) == 3

    async def test_withdrawing_says_what_fits_now(self, tmp_path: Path) -> None:
        """H4: in the answer, and in a lasting copy where not all fit."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, 7)
            await open_one(scene, deadline="in 5 hours")
            await enter(scene)
            done = await scene.author.slash(scene.lobby, "chapter withdraw", chapter="Part 4")
            assert "**4 of 6 waiting chapters fit**" in text_of(done)
            assert "**4 of 6 waiting chapters fit**" in text_of(scene.notices.history()[-1])

    async def test_c5_a_bot_that_was_away_in_the_window_says_what_that_costs_nobody(self, tmp_path: Path) -> None:
        """H2: the times are those that the window would have given; what has come by then goes out hour by hour."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, 6)
            deadline = scene.now.add(hours=20 * 24)
            await open_one(scene, deadline="in 20 days")
            await enter(scene)
            await scene.restart(offline=21 * DAY)
            told = text_of(scene.notices.history()[-1])
            for said in (
                "I was away in the window of “Winter”",
                "(rules C5, H2)",
                f"{short(deadline.subtract(hours=7 * 24))} Part 5",
                "Nothing more is needed from you",
            ):
                assert said in told
            await scene.pass_time(7 * HOUR)
            assert [title for title, _ in headings(scene)] == [f"Part {number}" for number in range(7)]

    async def test_h6_a_bot_that_was_away_over_the_deadline_disqualifies_nobody(self, tmp_path: Path) -> None:
        """What was handed in counts, and comes out late, marked so."""
        async with stage(tmp_path) as scene:
            await a_queue(scene, 2)
            await open_one(scene)
            await scene.pass_time(2 * HOUR)
            await enter(scene)
            listed = await scene.reader.slash(scene.lobby, "challenge list")
            assert "1 series entered, 2 chapters handed in" in text_of(listed)
            await scene.restart(offline=6 * DAY)
            assert [title for title, _ in headings(scene)] == ["Part 0", "Part 1", "Part 2"]
