"""`/policy …` as an owner lives it: seeing, typing, trying, confirming; and everybody else."""

import json
from pathlib import Path

import discord
import pytest
from simcord.backend.errors import SetupError

from tests.faces.owners import a_queue, fields_of, fill, owner, policy
from tests.faces.stage import DAY, buttons_of, stage, text_of


class TestShowing:
    """`/policy show` and `/policy diff`."""

    async def test_what_holds_is_told_in_words_with_its_version_its_date_and_its_maker(self, tmp_path: Path) -> None:
        """To who manages the server alone."""
        async with stage(tmp_path) as scene:
            shown = await owner(scene, "show")
            text = text_of(shown)
            assert shown.ephemeral
            assert "version 1" in text
            assert f"<t:{scene.now.timestamp()}:f>" in text
            assert scene.moderator.mention in text
            assert "Days between chapters of a series (rule C2): **3 days**" in text
            assert "Time zone (rule C4): **UTC**" in text
            assert "“This chapter was written with the help of AI.”" in text
            assert "What each version changed" not in text
            assert buttons_of(shown) == ["Change it"]

    async def test_older_versions_are_told_by_what_they_changed(self, tmp_path: Path) -> None:
        """Newest first; /rules shows the new numbers at once, and nobody's name."""
        async with stage(tmp_path) as scene:
            card = await fill(scene, await owner(scene, "edit"), "Times", chapter_days="2")
            await scene.press(card, "Confirm", by=scene.moderator)
            await scene.pass_time(DAY)
            await scene.set_up(zone="Europe/Berlin")
            text = text_of(await owner(scene, "show"))
            assert "version 3" in text
            assert text.index("- Version 3") < text.index("- Version 2") < text.index("- Version 1")
            assert "(rule C4): UTC → **Europe/Berlin**" in text
            assert "(rule C2): 3 days → **2 days**" in text
            rules = text_of(await scene.reader.slash(scene.lobby, "rules"))
            assert "every 2nd day" in rules
            assert "Europe/Berlin" in rules
            assert scene.moderator.mention not in rules

    async def test_the_last_two_versions_are_compared_or_any_two(self, tmp_path: Path) -> None:
        """In words; before there are two, it says so."""
        async with stage(tmp_path) as scene:
            assert "nothing to compare" in text_of(await owner(scene, "diff"))
            for days in ("2", "5"):
                card = await fill(scene, await owner(scene, "edit"), "Times", chapter_days=days)
                await scene.press(card, "Confirm", by=scene.moderator)
            last = text_of(await owner(scene, "diff"))
            assert "version 2 → version 3" in last
            assert "(rule C2): 2 days → **5 days**" in last
            assert "3 days → **5 days**" in text_of(await owner(scene, "diff", before=1, after=3))
            assert "no version 9" in text_of(await owner(scene, "diff", before=9))
            offered = await scene.moderator.autocomplete(scene.moderation, "policy diff", "before", "")
            assert [choice["value"] for choice in offered] == [3, 2, 1]


class TestChanging:
    """`/policy edit`."""

    async def test_a_change_is_typed_seen_and_confirmed(self, tmp_path: Path) -> None:
        """What differs, what it would do, then that it holds; and the log has it (N5)."""
        async with stage(tmp_path) as scene:
            await a_queue(scene)
            card = await owner(scene, "edit")
            assert card.ephemeral
            assert buttons_of(card) == ["Times", "Labels", "Challenges and answers"]
            card = await fill(scene, card, "Times", chapter_days="1", measure="midnight")
            text = text_of(card)
            assert "(rule C2): 3 days → **1 day**" in text
            assert "**the last day opens at midnight**" in text
            assert "Nothing that is promised moves: 3 chapters of 1 author wait and keep their times" in text
            assert "3 chapters of 1 author could come earlier" in text
            assert (await policy(scene)).version == 1
            done = await scene.press(card, "Confirm", by=scene.moderator)
            assert "Version 2 of the policy holds now" in text_of(done)
            assert (await policy(scene)).chapter_days == 1
            log = text_of(await scene.moderator.slash(scene.moderation, "review audit"))
            assert "the policy changed by" in log
            assert "3 days → **1 day**" in log

    async def test_authors_find_what_could_come_earlier_in_their_queue_and_take_it_by_two_presses(
        self, tmp_path: Path
    ) -> None:
        """C9: nothing moves before that."""
        async with stage(tmp_path) as scene:
            await a_queue(scene)
            before = text_of(await scene.author.slash(scene.lobby, "chapter queue"))
            card = await fill(scene, await owner(scene, "edit"), "Times", chapter_days="1")
            await scene.press(card, "Confirm", by=scene.moderator)
            queue = await scene.author.slash(scene.lobby, "chapter queue")
            promised = f"<t:{scene.now.add(hours=72).timestamp()}:f>"
            assert promised in before
            assert promised in text_of(queue)
            plan = await scene.press(queue, "Release earlier")
            done = await scene.press(plan, "Release earlier")
            assert "3 chapters" in text_of(done)
            assert f"<t:{scene.now.add(hours=24).timestamp()}:f>" in text_of(done)

    async def test_what_is_typed_wrong_is_told_at_its_field_and_nothing_typed_is_lost(self, tmp_path: Path) -> None:
        """Also when the card was closed and the bot restarted; then it is mended."""
        async with stage(tmp_path) as scene:
            card = await fill(
                scene,
                await owner(scene, "edit"),
                "Times",
                chapter_days="sometimes",
                zone="Middle Earth",
                series_days="7",
            )
            text = text_of(card)
            assert "Days between chapters of a series (rule C2): you typed “sometimes”" in text
            assert "one whole number, 1 to 365" in text
            assert "you typed “Middle Earth”" in text
            assert "Confirm" not in buttons_of(card)
            await scene.restart()
            again = await owner(scene, "edit")
            assert "you typed “sometimes”" in text_of(again)
            form = await scene.press(again, "Times", by=scene.moderator)
            assert "Not yet: This wants one whole number, 1 to 365." in json.dumps(str(form.modal))
            values = fields_of(form)
            assert (values["chapter_days"], values["zone"], values["series_days"]) == ("sometimes", "Middle Earth", "7")
            right = await scene.moderator.submit_modal(form, values | {"chapter_days": "2", "zone": "europe/berlin"})
            await scene.press(right, "Confirm", by=scene.moderator)
            now = await policy(scene)
            assert (now.chapter_days, now.series_days, now.zone) == (2, 7, "Europe/Berlin")

    @pytest.mark.parametrize(
        ("part", "name", "typed", "says"),
        [
            ("Labels", "standard_disclosure", "Made with love.", "It must name AI"),
            ("Labels", "disclosure_paragraphs", "0", "The rules can bear 1 to 20"),
            ("Labels", "repair_days", "9999", "The rules can bear 1 to 365"),
            ("Labels", "ai_words", "!!", "needs a letter or a digit"),
            ("Challenges and answers", "question_hours", "three days", "one whole number, 1 to 720"),
            ("Challenges and answers", "appeal_days", "61", "The rules can bear 1 to 60"),
            ("Challenges and answers", "challenge_days", "61", "The rules can bear 1 to 60"),
            ("Times", "waiting_limit", "501", "The rules can bear 1 to 500"),
        ],
    )
    async def test_every_limit_is_said_at_its_field(
        self, tmp_path: Path, part: str, name: str, typed: str, says: str
    ) -> None:
        """In the words of what would be right."""
        async with stage(tmp_path) as scene:
            card = await fill(scene, await owner(scene, "edit"), part, **{name: typed})  # type: ignore[arg-type]
            assert says in text_of(card)
            assert "Confirm" not in buttons_of(card)

    async def test_all_three_forms_make_one_change(self, tmp_path: Path) -> None:
        """Labels, and challenges and answers too."""
        async with stage(tmp_path) as scene:
            card = await fill(
                scene, await owner(scene, "edit"), "Labels", generated_travels="if_disclosed", ai_words="Quillbot"
            )
            card = await fill(scene, card, "Challenges and answers", challenge_lifts_start="yes", question_hours="48")
            text = text_of(card)
            assert "stays at home → **travels if its disclosure stands where it counts**" in text
            assert "“Quillbot”** added" in text
            assert "(rule H5): no → **yes**" in text
            await scene.press(card, "Confirm", by=scene.moderator)
            now = await policy(scene)
            assert (now.generated_travels, now.challenge_lifts_start, now.question_hours) == ("if_disclosed", True, 48)
            assert now.ai_words[-1] == "Quillbot"

    async def test_a_form_sent_as_it_was_opened_changes_nothing(self, tmp_path: Path) -> None:
        """And can be tried again or left."""
        async with stage(tmp_path) as scene:
            card = await owner(scene, "edit")
            for part in ("Times", "Labels", "Challenges and answers"):
                card = await fill(scene, card, part)
                assert "Nothing differs from what holds" in text_of(card)
                assert buttons_of(card) == ["Times", "Labels", "Challenges and answers"]

    async def test_of_two_owners_at_once_the_second_sees_that_it_has_changed(self, tmp_path: Path) -> None:
        """What they typed is kept, and a second press confirms it against what holds now."""
        async with stage(tmp_path) as scene:
            managers = scene.guild.create_role("Keepers", permissions=discord.Permissions(manage_guild=True))
            other = scene.guild.add_member(scene.env.create_user("ada"), roles=[managers])
            one = await fill(scene, await owner(scene, "edit"), "Times", chapter_days="2")
            two = await other.slash(scene.lobby, "policy edit")
            two = await fill(scene, two, "Times", by=other, series_days="20")
            await scene.press(one, "Confirm", by=scene.moderator)
            told = await scene.press(two, "Confirm", by=other)
            assert "The policy has changed since you saw it" in text_of(told)
            assert scene.moderator.mention in text_of(told)
            assert "14 days → **20 days**" in text_of(told)
            assert (await policy(scene)).version == 2
            await scene.press(told, "Confirm", by=other)
            now = await policy(scene)
            assert (now.version, now.chapter_days, now.series_days) == (3, 2, 20)

    async def test_cancel_forgets_and_a_press_on_what_is_over_says_so(self, tmp_path: Path) -> None:
        """Under an older card, also after a restart."""
        async with stage(tmp_path) as scene:
            card = await fill(scene, await owner(scene, "edit"), "Times", chapter_days="2")
            await scene.restart()
            gone = await scene.press(card, "Cancel", by=scene.moderator)
            assert "stays as it is" in text_of(gone)
            fresh = await owner(scene, "edit")
            assert "Nothing differs" in text_of(fresh)
            card = await fill(scene, fresh, "Times", chapter_days="2")
            again = await owner(scene, "edit")
            await scene.press(card, "Confirm", by=scene.moderator)
            late = await scene.press(again, "Confirm", by=scene.moderator)
            assert "confirmed or cancelled already" in text_of(late)
            assert (await policy(scene)).version == 2

    async def test_going_back_begins_with_an_earlier_version(self, tmp_path: Path) -> None:
        """It is a change like any other."""
        async with stage(tmp_path) as scene:
            card = await fill(scene, await owner(scene, "edit"), "Times", chapter_days="2")
            await scene.press(card, "Confirm", by=scene.moderator)
            back = await owner(scene, "edit", version=1)
            assert "(rule C2): 2 days → **3 days**" in text_of(back)
            await scene.press(back, "Confirm", by=scene.moderator)
            now = await policy(scene)
            assert (now.version, now.chapter_days) == (3, 3)


class TestWhoMay:
    """Who manages the server: at the command, at the button, in the form."""

    async def test_others_do_not_see_the_commands_and_cannot_run_them(self, tmp_path: Path) -> None:
        """As for `/setup`."""
        async with stage(tmp_path) as scene:
            assert "policy" in " ".join(scene.moderator.available_commands(scene.lobby))
            assert "policy" not in " ".join(scene.author.available_commands(scene.lobby))
            for command in ("show", "edit", "diff", "try"):
                with pytest.raises(SetupError):
                    await scene.author.slash(scene.lobby, f"policy {command}")

    async def test_a_server_that_shows_the_commands_to_all_gives_nobody_the_right(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Discord's settings can show any command to anybody; each is checked here again."""
        async with stage(tmp_path) as scene:
            (group,) = [one for (name, _), one in scene.env.backend.commands[None].items() if name == "policy"]
            monkeypatch.setitem(group, "default_member_permissions", None)
            for command in ("show", "edit", "diff", "try"):
                refused = await scene.author.slash(scene.lobby, f"policy {command}")
                assert "Only who manages this server" in text_of(refused)

    async def test_who_has_lost_the_right_meanwhile_can_press_and_send_nothing(self, tmp_path: Path) -> None:
        """A card stays on the screen longer than a role may."""
        async with stage(tmp_path) as scene:
            keepers = scene.guild.create_role("Keepers", permissions=discord.Permissions(manage_guild=True))
            ada = scene.guild.add_member(scene.env.create_user("ada"), roles=[keepers])
            card = await ada.slash(scene.lobby, "policy edit")
            card = await fill(scene, card, "Times", by=ada, chapter_days="2")
            form = await scene.press(card, "Times", by=ada)
            assert form.modal is not None
            scene.env.backend.edit_role(scene.guild.id, keepers.id, {"permissions": 0})
            for label in ("Confirm", "Try it", "Times", "Cancel"):
                assert "Only who manages this server" in text_of(await scene.press(card, label, by=ada)), label
            refused = await ada.submit_modal(form, fields_of(form) | {"chapter_days": "1"})
            assert "Only who manages this server" in text_of(refused)
            assert (await policy(scene)).version == 1

    async def test_before_setup_each_says_who_can_mend_that(self, tmp_path: Path) -> None:
        """A sentence, not a failure."""
        async with stage(tmp_path, set_up=False) as scene:
            for command in ("show", "edit", "diff", "try"):
                assert "`/setup`" in text_of(await owner(scene, command)), command
