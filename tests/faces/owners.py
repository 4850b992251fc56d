"""Who manages the server, at the forms of `/policy`."""

from typing import Any

import discord
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from tests.faces.stage import Stage
from usecases.communities import require_community
from usecases.people import Person

SERIES = "The Salt Road"


async def owner(scene: Stage, command: str, **options: Any) -> InteractionResult:
    """Who manages the server runs a command of `/policy`."""
    return await scene.moderator.slash(scene.moderation, f"policy {command}", **options)


async def fill(
    scene: Stage, card: InteractionResult, part: str, *, by: MemberActor | None = None, **texts: str
) -> InteractionResult:
    """Open a form, change some of its fields, and send it with all the others as they were."""
    who = by or scene.moderator
    form = await scene.press(card, part, by=who)
    assert form.modal is not None
    return await who.submit_modal(form, fields_of(form) | chosen(texts))


def chosen(texts: dict[str, str]) -> dict[str, Any]:
    """Choices are sent as lists."""
    lists = {"measure", "generated_travels", "challenge_lifts_start"}
    return {name: [text] if name in lists else text for name, text in texts.items()}


def fields_of(form: InteractionResult) -> dict[str, Any]:
    """What stands in a form when it opens."""
    values: dict[str, Any] = {}
    pending: list[Any] = [form.modal]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            if one.get("type") == discord.ComponentType.text_input.value:
                values[one["custom_id"]] = one.get("value") or ""
            elif one.get("type") == discord.ComponentType.string_select.value:
                values[one["custom_id"]] = [option["value"] for option in one["options"] if option.get("default")]
            pending += list(one.values())
        elif isinstance(one, list | tuple):
            pending += list(one)
    return values


def galleries(shown: InteractionResult) -> list[dict[str, Any]]:
    """The pictures that a card shows."""
    found: list[dict[str, Any]] = []
    assert shown.response is not None
    pending: list[Any] = list(shown.response.components)
    while pending:
        one = pending.pop()
        if one.get("type") == discord.ComponentType.media_gallery.value:
            found += one["items"]
        pending += one.get("components", [])
    return found


async def policy(scene: Stage) -> Any:
    """What holds."""
    person = Person(scene.guild.id, scene.moderator.id)
    return (await scene.bot.database.read(require_community, person)).policy


async def a_queue(scene: Stage, number: int = 4) -> None:
    """A series of so many chapters, all handed in now."""
    await scene.start_series(SERIES)
    for chapter in range(number):
        await scene.submit(SERIES, f"Chapter {chapter}")
