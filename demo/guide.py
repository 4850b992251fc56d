"""The guided list beside the server: five things to do, each ticked when it has really happened.

Nothing is assumed from a press in our own page; everything is read from what crossed SimCord's gateway.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from demo.world import DAY, World

HAND_IN, SUBMIT, TURN, READ, HEAR = "hand-in", "submit", "turn", "read", "hear"
STEPS = (HAND_IN, SUBMIT, TURN, READ, HEAR)
LONG_ENOUGH = 2.5 * DAY

COMMAND, COMPONENT = 2, 3


@dataclass(slots=True)
class Guide:
    """Which of the steps are done; what was done stays done."""

    world: World
    done: set[str] = field(default_factory=set)
    _cursor: int = 0
    _submitted_at: float | None = None
    _new_chapters: set[int] = field(default_factory=set)
    _announced: bool = False

    def begin(self) -> None:
        """Count from here: what happened before the curtain rose is not the visitor's doing."""
        self._cursor = len(self.world.env.backend.transcript)

    def observe(self) -> None:
        """Read what has happened since last time."""
        transcript = self.world.env.backend.transcript
        for kind, name, payload in transcript[self._cursor :]:
            if (kind, name) == ("GATEWAY", "INTERACTION_CREATE"):
                self._interaction(payload)
            elif (kind, name) == ("GATEWAY", "MESSAGE_CREATE") and self._submitted_at is not None:
                self._message(payload)
        self._cursor = len(transcript)
        now = self.world.env.backend.clock.elapsed
        if self._submitted_at is not None and now - self._submitted_at >= LONG_ENOUGH:
            self.done.add(TURN)

    def saw(self, channel_id: int) -> None:
        """Somebody is looking at this channel."""
        if channel_id in self._new_chapters:
            self.done.add(READ)
        if self._announced and channel_id == self.world.announcements.id:
            self.done.add(HEAR)

    def _interaction(self, payload: Mapping[str, Any]) -> None:
        data = payload["data"]
        if payload["type"] == COMMAND and data["name"] == "chapter":
            if any(option["name"] == "submit" for option in data.get("options", ())):
                self.done.add(HAND_IN)
        elif payload["type"] == COMPONENT and _label(payload) == "Submit":
            self.done |= {HAND_IN, SUBMIT}
            self._submitted_at = self._submitted_at or self.world.env.backend.clock.elapsed

    def _message(self, payload: Mapping[str, Any]) -> None:
        channel = self.world.env.backend.channels.get(int(payload["channel_id"]))
        if channel is None:
            return
        if channel.parent_id == self.world.stories.id:
            self._new_chapters.add(channel.id)
        elif channel.id == self.world.announcements.id:
            self._announced = True


def _label(payload: Mapping[str, Any]) -> str | None:
    """The words on the button that was pressed."""
    wanted = payload["data"].get("custom_id")
    found = (part for part in _parts(payload["message"]["components"]) if part.get("custom_id") == wanted)
    return next((part.get("label") for part in found), None)


def _parts(components: Any) -> Iterator[Mapping[str, Any]]:
    """Every component, however deep."""
    for component in components:
        yield component
        yield from _parts(component.get("components", ()))
        if accessory := component.get("accessory"):
            yield accessory
