"""`/setup` and what people meet before it."""

from pathlib import Path

import discord
import pytest
from simcord.backend.errors import SetupError
from simcord.backend.models import Overwrite
from simcord.builders import ChannelHandle
from simcord.enums import OverwriteType

from tests.faces.stage import Stage, stage, text_of
from usecases.communities import find_community
from usecases.people import Person


async def community(scene: Stage) -> object:
    """What is stored of the community."""
    return await scene.bot.database.read(find_community, Person(scene.guild.id, scene.moderator.id))


def deny(scene: Stage, channel: ChannelHandle, flag: int) -> None:
    """Take a permission from the bot in one channel."""
    role = next(role for role in scene.guild._guild.roles.values() if role.managed)
    overwrite = Overwrite(role.id, OverwriteType.ROLE, deny=flag)
    scene.env.backend.set_overwrite(channel.id, overwrite)


async def test_setup_stores_the_settings_and_says_them(tmp_path: Path) -> None:
    """With a zone, and seen by the moderator alone."""
    async with stage(tmp_path, set_up=False) as scene:
        answer = await scene.set_up(zone="Europe/Berlin")
        assert answer.ephemeral
        assert "Colophon is set up" in text_of(answer)
        assert "Europe/Berlin" in text_of(answer)
        assert scene.home.mention in text_of(answer)


async def test_setup_without_options_guides(tmp_path: Path) -> None:
    """Before and after."""
    async with stage(tmp_path, set_up=False) as scene:
        guided = await scene.moderator.slash(scene.moderation, "setup")
        assert "`home`" in text_of(guided)
        await scene.set_up()
        again = await scene.moderator.slash(scene.moderation, "setup")
        assert scene.network.mention in text_of(again)


async def test_setup_names_the_missing_permission_and_stores_nothing(tmp_path: Path) -> None:
    """In Discord's own words for it, with the channel."""
    async with stage(tmp_path, set_up=False) as scene:
        deny(scene, scene.network, discord.Permissions.send_messages.flag)
        refused = await scene.set_up()
        assert "Send Messages" in text_of(refused)
        assert scene.network.mention in text_of(refused)
        assert await community(scene) is None


async def test_a_first_setup_that_lacks_a_channel_names_it(tmp_path: Path) -> None:
    """No half-set-up community."""
    async with stage(tmp_path, set_up=False) as scene:
        refused = await scene.moderator.slash(scene.moderation, "setup", home=scene.home)
        assert "`network` and `moderators`" in text_of(refused)
        assert await community(scene) is None


async def test_an_unknown_zone_is_refused_with_examples(tmp_path: Path) -> None:
    """And stores nothing."""
    async with stage(tmp_path, set_up=False) as scene:
        refused = await scene.set_up(zone="Middle Earth")
        assert "Europe/Berlin" in text_of(refused)
        assert await community(scene) is None


async def test_only_who_manages_the_server_sees_setup(tmp_path: Path) -> None:
    """*Manage Server*, checked by Discord and by us."""
    async with stage(tmp_path, set_up=False) as scene:
        assert "setup" in " ".join(scene.moderator.available_commands(scene.lobby))
        assert "setup" not in " ".join(scene.author.available_commands(scene.lobby))
        with pytest.raises(SetupError):
            await scene.author.slash(scene.lobby, "setup", home=scene.home)


async def test_before_setup_every_command_says_who_can_mend_that(tmp_path: Path) -> None:
    """A sentence, not a failure."""
    async with stage(tmp_path, set_up=False) as scene:
        for command, options in (
            ("series start", {"title": "A"}),
            ("series list", {}),
            ("chapter queue", {}),
        ):
            answer = await scene.author.slash(scene.lobby, command, **options)
            assert "`/setup`" in text_of(answer), command


async def test_commands_fit_what_discord_takes_and_are_named_as_promised(tmp_path: Path) -> None:
    """Names, descriptions, options: the public face."""
    async with stage(tmp_path, set_up=False) as scene:
        commands = scene.bot.tree.get_commands(type=discord.AppCommandType.chat_input)
        payloads = [command.to_dict(scene.bot.tree) for command in commands]
        faces: dict[str, list[str]] = {}

        def walk(payload: dict[str, object], path: str) -> None:
            name, description = str(payload["name"]), str(payload["description"])
            assert 1 <= len(name) <= 32
            assert name == name.lower()
            assert 1 <= len(description) <= 100, description
            options: list[dict[str, object]] = payload.get("options", [])  # type: ignore[assignment]
            if any(option["type"] in {1, 2} for option in options):
                for option in options:
                    walk(option, f"{path}{name} ")
                return
            faces[f"{path}{name}"] = [str(option["name"]) for option in options]
            for option in options:
                assert 1 <= len(str(option["description"])) <= 100

        for payload in payloads:
            walk(payload, "")
        assert faces == {
            "setup": ["home", "network", "moderators", "notices", "zone"],
            "doctor": [],
            "series start": ["title", "blurb", "tags", "rating"],
            "series list": [],
            "series edit": ["series", "title", "blurb", "tags", "rating"],
            "series finish": ["series"],
            "series import": ["series", "file", "ai", "disclosure"],
            "chapter submit": [
                *("series", "title", "ai", "file", "disclosure"),
                *("image1", "image2", "image3", "image4", "wanted"),
            ],
            "chapter queue": ["series"],
            "chapter withdraw": ["chapter"],
            "chapter move": ["chapter", "position"],
            "chapter replace": ["chapter", "file"],
            "chapter label": ["chapter", "ai", "disclosure"],
            "chapter ask": ["chapter", "reason"],
            "my-data export": [],
            "my-data delete": [],
            "challenge open": ["name", "deadline", "zone", "window", "opens", "about"],
            "challenge move": ["challenge", "deadline"],
            "challenge close": ["challenge"],
            "challenge list": [],
            "series enter": ["series", "challenge"],
            "exception grant": ["author", "lane", "reason", "series", "uses", "days"],
            "exception list": ["author"],
            "exception revoke": ["exception", "reason"],
            "review queue": [],
            "review ask": ["chapter", "question"],
            "review label": ["chapter", "ai", "reason", "note"],
            "appeal": ["chapter", "reason"],
            "rules": [],
            "policy show": [],
            "policy edit": ["version"],
            "policy diff": ["before", "after"],
            "policy try": ["version"],
            "review hold": ["reason", "chapter", "series", "until"],
            "review resume": ["reason", "chapter", "series"],
            "review audit": ["author", "chapter"],
            "why": ["chapter"],
            "follow": ["series", "author", "how"],
            "unfollow": ["series", "author"],
            "feed": [],
            "less list": [],
            "less undo": ["what"],
            "less label": ["label"],
        }
