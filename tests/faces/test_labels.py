"""L8 to L10, L14 as an author lives them: what a label would do is seen before it counts, through restarts."""

from pathlib import Path

from tests.faces.stage import DAY, Stage, buttons_of, custom_id_of, stage, text_of

SERIES = "The Salt Road"
SENTENCE = "I used AI to find the names."
DISCLOSED = f"{SENTENCE}\n\nThe bell rang twice.\n\nNobody came.\n"


async def out(scene: Stage, **options: object) -> None:
    """A series whose first chapter is out."""
    await scene.start_series(SERIES)
    await scene.submit(SERIES, "One", **options)


def network(scene: Stage) -> list[str]:
    """What stands in the network channel."""
    return [message.content for message in scene.network.history()]


def heading(scene: Stage, title: str = "One") -> str:
    """The message at which a chapter begins in its home."""
    (found,) = [one.content for one in scene.thread(SERIES).history() if one.content.startswith(f"## {title}\n")]
    return found


class TestAfterTheRelease:
    """L10."""

    async def test_n2_the_lasting_notice_of_a_stricter_label_mends_it_by_one_press(self, tmp_path: Path) -> None:
        """N3: found days later, after a restart."""
        async with stage(tmp_path) as scene:
            await out(scene)
            before = len(scene.notices.history())
            shown = await scene.author.slash(
                scene.lobby, "chapter label", chapter="One", ai="assisted", disclosure=SENTENCE
            )
            await scene.press(shown, "Change it")
            (notice,) = scene.notices.history()[before:]
            assert "(rule L3)" in text_of(notice)
            assert buttons_of(notice) == ["Add the label for me"]
            await scene.pass_time(3 * DAY)
            await scene.restart()
            mended = await scene.author.click(notice, label="Add the label for me")
            await scene.press(mended, "Change it")
            assert f"“{SENTENCE}”" in network(scene)[0]
            assert len(scene.notices.history()) == before + 1

    async def test_l10_a_label_mended_by_one_press_is_announced_once_through_a_restart(self, tmp_path: Path) -> None:
        """Shown first; the sentence then stands in the heading."""
        async with stage(tmp_path) as scene:
            await out(scene, ai="assisted", disclosure=SENTENCE)
            assert network(scene) == []
            await scene.pass_time(13 * DAY)
            why = await scene.author.slash(scene.lobby, "why", chapter="One")
            assert "it is still announced, once (rule L10)" in text_of(why)
            shown = await scene.press(why, "Add the label for me")
            assert "Nothing is changed yet" in text_of(shown)
            assert f"> {SENTENCE} The bell rang twice." in text_of(shown)
            assert "announced in the network channel, once" in text_of(shown)
            assert buttons_of(shown) == ["Change it", "Leave it as it is"]
            assert network(scene) == []

            await scene.restart()
            done = await scene.press(shown, "Change it")
            assert "is being announced" in text_of(done)
            (announced,) = network(scene)
            assert "Labels mended" in announced
            assert f"“{SENTENCE}”" in announced
            assert heading(scene).endswith(f"\n{SENTENCE}")
            assert len(network(scene)) == 1

    async def test_l10_made_stricter_its_announcement_becomes_a_neutral_line_and_comes_back(
        self, tmp_path: Path
    ) -> None:
        """Home keeps it; nothing is posted twice."""
        async with stage(tmp_path) as scene:
            await out(scene)
            shown = await scene.author.slash(scene.lobby, "chapter label", chapter="One", ai="generated")
            assert "neutral line then takes the place" in text_of(shown)
            assert "One" in network(scene)[0]
            await scene.press(shown, "Change it")
            (line,) = network(scene)
            assert "One" not in line
            assert scene.author.mention not in line
            assert "Mostly written by AI" in heading(scene)
            assert buttons_of(scene.network.history()[0]) == [], "nothing leads from it to the chapter"
            told = text_of(scene.notices.history()[-1])
            for fact in (
                "“One” is at home only",
                "It says: Mostly written by AI",
                "(rule L4)",
                "A neutral line takes the place of its announcement",
                "its announcement stands in the network channel again (rule L10)",
                f"For {scene.author.mention}",
            ):
                assert fact in told

            await scene.pass_time(20 * DAY)
            back = await scene.author.slash(scene.lobby, "chapter label", chapter="One", ai="none")
            assert "not announced a second time" in text_of(back)
            await scene.press(back, "Change it")
            (announced,) = network(scene)
            assert "The Salt Road: One" in announced
            assert "mended" not in announced
            assert "Follow" in buttons_of(scene.network.history()[0])
            log = text_of(await scene.moderator.slash(scene.moderation, "review audit"))
            assert log.count("given another label") == 2

    async def test_l10_a_fortnight_and_a_day_later_the_answer_says_that_its_reach_stays(self, tmp_path: Path) -> None:
        """The label is corrected all the same."""
        async with stage(tmp_path) as scene:
            await out(scene, ai="generated", text=DISCLOSED, disclosure=SENTENCE)
            await scene.pass_time(15 * DAY)
            shown = await scene.author.slash(scene.lobby, "chapter label", chapter="One", ai="assisted")
            assert "more than 14 days after the release" in text_of(shown)
            done = await scene.press(shown, "Change it")
            assert "rule L10" in text_of(done)
            assert network(scene) == []
            assert "Written with the help of AI" in heading(scene)

    async def test_a_change_nobody_wants_after_all_changes_nothing(self, tmp_path: Path) -> None:
        """**Leave it as it is**, and a label that is so already."""
        async with stage(tmp_path) as scene:
            await out(scene)
            shown = await scene.author.slash(scene.lobby, "chapter label", chapter="One", ai="generated")
            assert "stays as it is" in text_of(await scene.press(shown, "Leave it as it is"))
            same = await scene.author.slash(scene.lobby, "chapter label", chapter="One", ai="none")
            assert "Nothing was changed" in text_of(same)
            assert "Written without AI" in heading(scene)

    async def test_a_label_with_its_cure_is_one_preview(self, tmp_path: Path) -> None:
        """Another sentence that stands nowhere yet: added in the same go."""
        async with stage(tmp_path) as scene:
            await out(scene)
            shown = await scene.author.slash(
                scene.lobby, "chapter label", chapter="One", ai="assisted", disclosure=SENTENCE
            )
            assert buttons_of(shown) == ["Change it", "Add the label for me", "Leave it as it is"]
            cured = await scene.press(shown, "Add the label for me")
            assert "as far as before" in text_of(cured)
            await scene.press(cured, "Change it")
            assert f"“{SENTENCE}”" in network(scene)[0]

    async def test_what_has_changed_since_it_was_shown_is_shown_again(self, tmp_path: Path) -> None:
        """Nothing happens that nobody has seen."""
        async with stage(tmp_path) as scene:
            await out(scene)
            first = await scene.author.slash(scene.lobby, "chapter label", chapter="One", ai="generated")
            other = await scene.author.slash(scene.lobby, "chapter label", chapter="One", ai="assisted")
            await scene.press(other, "Change it")
            again = await scene.press(first, "Change it")
            assert "Something has changed since I showed you this" in text_of(again)
            assert "Written with the help of AI" in heading(scene)
            await scene.press(again, "Change it")
            assert "Mostly written by AI" in heading(scene)


class TestWhileItWaits:
    """L8, L9, N4."""

    async def test_l8_a_cure_shows_its_result_before_it_counts(self, tmp_path: Path) -> None:
        """On the lasting notice too, pressed after a restart; its own notice is answered to the author alone."""
        async with stage(tmp_path) as scene:
            await out(scene)
            await scene.submit(SERIES, "Two", ai="assisted", disclosure=SENTENCE)
            await scene.restart()
            (notice,) = scene.notices.history()
            shown = await scene.author.click(notice, label="Add the label for me")
            assert shown.ephemeral
            assert f"The text then begins:\n> {SENTENCE} The bell rang twice." in text_of(shown)
            why = text_of(await scene.author.slash(scene.lobby, "why", chapter="Two"))
            assert "home thread only" in why, "nothing counts yet"
            done = await scene.press(shown, "Change it")
            assert "in the network channel" in text_of(done)
            await scene.pass_time(3 * DAY)
            assert len(network(scene)) == 2

    async def test_l9_another_label_counts_at_once_while_nobody_sees_it(self, tmp_path: Path) -> None:
        """And keeps its time (L13); a chapter that becomes restricted gets its lasting notice."""
        async with stage(tmp_path) as scene:
            await out(scene)
            await scene.submit(SERIES, "Two", wanted="in 9 days")
            assert scene.notices.history() == []
            done = await scene.author.slash(scene.lobby, "chapter label", chapter="Two", ai="generated")
            assert "is changed" in text_of(done)
            assert "rule L4" in text_of(done)
            (notice,) = scene.notices.history()
            assert "rule L4" in text_of(notice)

    async def test_n3_a_new_text_that_becomes_restricted_gets_its_lasting_notice(self, tmp_path: Path) -> None:
        """Told once, where it had none."""
        async with stage(tmp_path) as scene:
            await out(scene)
            await scene.submit(SERIES, "Two", ai="assisted", disclosure=SENTENCE, text=DISCLOSED, wanted="in 9 days")
            assert scene.notices.history() == []
            for _ in range(2):
                await scene.author.slash(
                    scene.lobby, "chapter replace", chapter="Two", file=("two.md", b"Nothing of it.\n")
                )
            (notice,) = scene.notices.history()
            assert "rule L3" in text_of(notice)

    async def test_another_authors_press_is_refused(self, tmp_path: Path) -> None:
        """Whoever presses under a message that everybody sees."""
        async with stage(tmp_path) as scene:
            await out(scene)
            await scene.submit(SERIES, "Two", ai="assisted", disclosure=SENTENCE)
            (notice,) = scene.notices.history()
            refused = await scene.reader.click(notice, label="Add the label for me")
            assert "Only its author can do that" in text_of(refused)


class TestAsked:
    """L14."""

    async def test_l14_a_sentence_beside_none_is_asked_about_in_the_preview(self, tmp_path: Path) -> None:
        """Kindly; until answered the stricter holds; the answer is remembered with the draft."""
        async with stage(tmp_path) as scene:
            await scene.start_series(SERIES)
            shown = await scene.preview(SERIES, "One", disclosure="No AI was used for this.")
            assert "I would rather ask than guess" in text_of(shown)
            assert "home thread only" in text_of(shown)
            assert buttons_of(shown) == ["Submit", "No AI in the text", "AI assisted", "Cancel"]
            await scene.restart()
            answered = await scene.press(shown, "No AI in the text")
            assert "in the network channel" in text_of(answered)
            await scene.press(answered, "Submit")
            assert "Written without AI" in network(scene)[0]

    async def test_l14_the_other_answer_makes_it_assisted(self, tmp_path: Path) -> None:
        """And the sentence is then looked for in the text."""
        async with stage(tmp_path) as scene:
            await scene.start_series(SERIES)
            shown = await scene.preview(SERIES, "One", disclosure=SENTENCE, text=DISCLOSED)
            answered = await scene.press(shown, "AI assisted")
            assert "in the network channel" in text_of(answered)
            await scene.press(answered, "Submit")
            assert f"“{SENTENCE}”" in network(scene)[0]

    async def test_l14_unanswered_it_stays_home_and_can_be_answered_after_the_release(self, tmp_path: Path) -> None:
        """Then by the rules of a repair."""
        async with stage(tmp_path) as scene:
            await out(scene, disclosure="Written without any AI.")
            assert network(scene) == []
            (notice,) = scene.notices.history()
            assert custom_id_of(notice, "See my queue")
            why = await scene.author.slash(scene.lobby, "why", chapter="One")
            shown = await scene.press(why, "No AI in the text")
            assert "announced in the network channel, once" in text_of(shown)
            await scene.press(shown, "Change it")
            assert "Written without AI" in network(scene)[0]
