"""What the page is told at each look: everything it draws, in one plain object."""

from typing import Any

from simcord.backend.models import Channel
from simcord.enums import ChannelType

from demo import guide
from demo.stage import Stage
from demo.world import Person

KINDS = {
    ChannelType.DM: "inbox",
    ChannelType.FORUM: "forum",
    ChannelType.NEWS: "news",
    ChannelType.PUBLIC_THREAD: "thread",
}
ERRORS_SHOWN = 5


def of(stage: Stage) -> dict[str, Any]:
    """The state of the demo, as JSON."""
    shown = stage.shown
    person = shown.person if shown else stage.world.author
    if shown and (channel := stage.world.env.backend.channels.get(shown.channel.id)):
        stage.mark_read(person, channel)
        stage.guide.saw(channel.id)
    return {
        "guild": stage.world.guild.name,
        "now": stage.world.env.now().isoformat(),
        "person": person.key,
        "people": [_person(stage, one) for one in stage.world.people.values()],
        "places": [_place(stage, person, channel) for channel in stage.readable(person)],
        "shown": {"channel": str(shown.channel.id), "url": shown.url} if shown else None,
        "turning": {"done": stage.turning.done, "of": stage.turning.of} if stage.turning else None,
        "guide": {step: step in stage.guide.done for step in guide.STEPS},
        "troubles": [*stage.troubles, *map(_error, stage.world.env.errors[-ERRORS_SHOWN:])],
    }


def _person(stage: Stage, person: Person) -> dict[str, Any]:
    unread = sum(stage.unread(person, channel) for channel in stage.readable(person))
    return {"key": person.key, "name": person.name, "part": person.part, "unread": unread}


def _place(stage: Stage, person: Person, channel: Channel) -> dict[str, Any]:
    return {
        "id": str(channel.id),
        "name": channel.name or stage.world.env.backend.bot_user.name,
        "kind": "closed" if channel.id == stage.world.moderators.id else KINDS.get(ChannelType(channel.type), "text"),
        "parent": str(channel.parent_id) if channel.parent_id else None,
        "unread": stage.unread(person, channel),
    }


def _error(error: BaseException) -> str:
    cause = error.__cause__ or error
    return f"{type(cause).__name__}: {cause}"
