"""The main job: a chapter handed in too soon waits, says so, comes out on time, and travels only if it may."""

from pathlib import Path

from tests.faces.stage import DAY, buttons_of, stage, stamp, text_of


async def test_chapters_two_three_and_four_get_every_third_day(tmp_path: Path) -> None:
    """C2, C6, C7, N1: a series started today, its next chapters handed in at once: D+3, D+6, D+9."""
    async with stage(tmp_path) as scene:
        await scene.start_series("The Salt Road")
        started = scene.now
        first = await scene.submit("The Salt Road", "One")
        assert "Out at once" in text_of(first)

        for days, title in ((3, "Two"), (6, "Three"), (9, "Four")):
            notice = await scene.submit("The Salt Road", title)
            assert stamp(started.add(hours=24 * days)) in text_of(notice)
            assert "rule C2" in text_of(notice)
            assert buttons_of(notice) == ["Ask for an exception", "Withdraw", "See my queue"]

        await scene.pass_time(9 * DAY)
        shown = [message.content.splitlines()[0] for message in scene.thread("The Salt Road").history()]
        assert [line for line in shown if line.startswith("## ")] == ["## One", "## Two", "## Three", "## Four"]


async def test_a_second_series_starts_a_fortnight_later_whatever_its_label(tmp_path: Path) -> None:
    """C1, C3, C12, L4: D+14, and the same with `ai=generated`, which stays in its home."""
    async with stage(tmp_path) as scene:
        started = scene.now
        await scene.start_series("First")
        await scene.submit("First", "One")
        await scene.start_series("Second")
        notice = await scene.submit("Second", "Beginning", ai="generated")
        assert stamp(started.add(hours=24 * 14)) in text_of(notice)
        assert "rule C1" in text_of(notice)
        assert "home thread only" in text_of(notice)

        await scene.pass_time(14 * DAY)
        assert "Beginning" in "\n".join(m.content for m in scene.thread("Second").history())
        announced = [message.content for message in scene.network.history()]
        assert len(announced) == 1
        assert "First: One" in announced[0]


async def test_generated_chapters_get_the_same_times_and_stay_home(tmp_path: Path) -> None:
    """C12, L4, L13: times and reach know nothing of each other."""
    async with stage(tmp_path) as scene:
        started = scene.now
        await scene.start_series("Machines")
        await scene.submit("Machines", "One", ai="generated")
        for days, title in ((3, "Two"), (6, "Three"), (9, "Four")):
            notice = await scene.submit("Machines", title, ai="generated")
            assert stamp(started.add(hours=24 * days)) in text_of(notice)
        await scene.pass_time(9 * DAY)
        headings = [m.content for m in scene.thread("Machines").history() if m.content.startswith("## ")]
        assert len(headings) == 4
        assert scene.network.history() == []


ASSISTED = "I used AI to find the names."
LATE_LABEL = f"The bell rang twice.\n\nNobody came.\n\n{ASSISTED}\n\nIt was the baker.\n"


async def test_a_sentence_in_the_third_paragraph_is_moved_up_in_one_press(tmp_path: Path) -> None:
    """L3, L8, N2, N4: personal as handed in; after one press on Move it up, network."""
    async with stage(tmp_path) as scene:
        await scene.start_series("Names")
        shown = await scene.preview("Names", "One", text=LATE_LABEL, ai="assisted", disclosure=ASSISTED)
        assert "paragraph 3" in text_of(shown)
        assert "rule L3" in text_of(shown)
        assert buttons_of(shown) == ["Submit", "Move it up", "Cancel"]

        moved = await scene.press(shown, "Move it up")
        assert "in the network channel" in text_of(moved)
        assert buttons_of(moved) == ["Submit", "Cancel"]

        await scene.press(moved, "Submit")
        posts = [message.content for message in scene.thread("Names").history()]
        assert posts[-1].startswith(ASSISTED)
        assert posts[-1].count(ASSISTED) == 1
        assert ASSISTED in scene.network.history()[0].content


async def test_add_the_label_for_me_puts_the_sentence_first(tmp_path: Path) -> None:
    """L7, L8: the community's standard sentence where the author gives none."""
    async with stage(tmp_path) as scene:
        await scene.start_series("Names")
        shown = await scene.preview("Names", "One", ai="assisted")
        assert buttons_of(shown) == ["Submit", "Add the label for me", "Cancel"]
        mended = await scene.press(shown, "Add the label for me")
        assert "in the network channel" in text_of(mended)
        await scene.press(mended, "Submit")
        assert "with the help of AI" in scene.thread("Names").history()[-1].content
        assert len(scene.network.history()) == 1
