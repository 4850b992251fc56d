"""A community on the loopback Discord and in a database file, and what stands of its stories in either."""

import asyncio
import re
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from whenever import Instant, TimeDelta

from rules.deliveries import NONCE_WINDOW
from rules.labels import Ai, Declaration
from storage.database import _open_writer
from storage.series import Series
from storage.transaction import Transaction
from tests.wire import payloads
from tests.wire.discord_server import DiscordServer, World
from tests.wire.payloads import ANNOUNCEMENT, FORUM, PUBLIC_THREAD, TEXT
from usecases.chapters import submit_chapter
from usecases.communities import SetUp, require_community, set_up
from usecases.drafts import OpenDraft, open_draft, prepare
from usecases.people import Person
from usecases.series import StartSeries, find_series, start_series

P = ParamSpec("P")
T = TypeVar("T")

AUTHOR = 7001
LONG = "\n\n".join(f"{number}. The bell rang twice, and nobody came but the baker. " * 6 for number in range(1, 9))
"""A chapter of more than one message."""
_IDS = re.compile(r"\d{15,}")
_MOMENTS = re.compile(r"<t:\d+:\w>")
_MARKS = re.compile(r"№ [0-9a-f]+")
_OPEN = """
    SELECT (SELECT COUNT(*) FROM deliveries WHERE state IN ('planned', 'sending'))
         + (SELECT COUNT(*) FROM chapters WHERE state = 'waiting' AND slot_at <= ?)
         + (SELECT COUNT(*) FROM imports WHERE next_at <= ?)
"""
_CHAPTERS = """
    SELECT title, state, (slot_at - ?) / 60000 AS minutes, reach, counts FROM chapters ORDER BY minutes, title
"""
_LOST = "SELECT 1 FROM deliveries WHERE kind = ? AND lost_at IS NOT NULL"


@dataclass(frozen=True)
class Picture:
    """What readers, authors and moderators see, and what the database says; ids and moments left out."""

    stands: dict[str, list[str]]
    """The messages of each channel and thread, in order; a published one is marked."""
    threads: list[str]
    chapters: list[tuple[Any, ...]]
    deliveries: list[tuple[Any, ...]]
    decisions: list[tuple[Any, ...]]


class Story:
    """One guild with its channels, its database file in `folder`, and its author."""

    def __init__(self, server: DiscordServer, folder: Path, begun: Instant) -> None:
        self.server = server
        self.folder = folder
        self.begun = begun
        self.guild = next(iter(server.world.guilds), 0)

    @classmethod
    def begin(cls, server: DiscordServer, folder: Path) -> "Story":
        """A community that is set up, with a series whose home is still to be opened."""
        folder.mkdir(exist_ok=True)
        guild = server.add_guild("Tales")
        story = cls(server, folder, server.moment())
        channels = SetUp(
            person=Person(guild, 1),
            home_id=server.add_channel(guild, FORUM, "stories"),
            network_id=server.add_channel(guild, ANNOUNCEMENT, "new-chapters"),
            moderators_id=server.add_channel(guild, TEXT, "moderators"),
            notices_id=server.add_channel(guild, TEXT, "notices"),
        )
        story.do(set_up, channels, now=story.begun)
        story.start(story.author, "The Salt Road")
        return story

    def copy(self, server: DiscordServer, folder: Path) -> "Story":
        """The same moment once more, on another Discord and in another file."""
        folder.mkdir()
        server.world = deepcopy(self.server.world)
        for file in self.folder.glob("colophon.sqlite3*"):
            shutil.copy(file, folder)
        return Story(server, folder, self.begun)

    @property
    def author(self) -> Person:
        """Who writes."""
        return Person(self.guild, AUTHOR)

    @property
    def world(self) -> World:
        """What Discord remembers."""
        return self.server.world

    def do(self, function: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """One use case on the file, as another process would do it."""
        connection = _open_writer(self.folder / "colophon.sqlite3")
        try:
            connection.execute("BEGIN IMMEDIATE")
            result = function(Transaction(connection), *args, **kwargs)
            connection.execute("COMMIT")
        finally:
            connection.close()
        return result

    def start(self, author: Person, title: str) -> None:
        """A series whose home is still to be opened."""
        self.do(start_series, StartSeries(person=author, request_id=author.id, title=title), now=self.begun)

    def hand_in(self, *titles: str, author: Person | None = None) -> None:
        """Chapters that are handed in, all of them now."""
        who = author or self.author
        for title in titles:
            self.do(submit_chapter, who, self.draft(title, author=who), now=self.begun)

    def draft(self, title: str, *, author: Person | None = None) -> int:
        """A preview that its author has not confirmed yet; its id."""
        who = author or self.author
        ((series_id,),) = self.ask("SELECT id FROM series WHERE author_id = ?", who.id)
        return self.do(_draft, who, self.do(find_series, series_id), title, now=self.begun)

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the file says."""
        connection = sqlite3.connect(self.folder / "colophon.sqlite3")
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    async def at_rest(self) -> None:
        """Wait until everything that is due is done."""
        now = self.server.moment().timestamp(unit="millisecond")
        await self._until(lambda: not self.ask(_OPEN, now, now)[0][0])

    async def lost(self, kind: str) -> None:
        """Wait until it is written down that a delivery's answer was lost."""
        await self._until(lambda: self.ask(_LOST, kind) != [])

    async def _until(self, true: Callable[[], bool], *, within: float = 60.0) -> None:
        """What happens in the file happens in another process, and nothing tells when."""
        try:
            async with asyncio.timeout(within):
                while not true():  # noqa: ASYNC110 - see above
                    await asyncio.sleep(0.01)  # noqa: TID251 - see above
        except TimeoutError:
            open_ones = self.ask("SELECT kind, state, attempts, problem FROM deliveries WHERE state <> 'sent'")
            log = (self.folder / "log").read_text()
            raise TimeoutError(f"{open_ones}\n{[(r.method, r.path) for r in self.server.requests]}\n{log}") from None

    def picture(self) -> Picture:
        """What stands now, so that two of them can be compared."""
        stands: dict[str, list[str]] = {}
        for channel_id, messages in sorted(self.world.messages.items()):
            name = self.world.channels[channel_id]["name"]
            stands.setdefault(name, []).extend(_said(messages[one]) for one in sorted(messages))
        begun = self.begun.timestamp(unit="millisecond")
        threads = [one["name"] for one in self.world.channels.values() if one["type"] == PUBLIC_THREAD]
        return Picture(
            stands,
            threads,
            self.ask(_CHAPTERS, begun),
            self.ask(
                "SELECT kind, state, message_id IS NOT NULL, body IS NULL, problem FROM deliveries ORDER BY kind, id"
            ),
            self.ask("SELECT kind, actor_id, json_extract(answer, '$.because') FROM decisions ORDER BY kind, id"),
        )

    def later(self, duration: TimeDelta) -> None:
        """Time goes on; Discord forgets its nonces after a few minutes."""
        self.server.ahead += duration
        if duration > NONCE_WINDOW:
            self.world.nonces.clear()

    def end_leases(self) -> None:
        """What a killed process had taken on is due again, as it is when its lease has ended."""
        self.do(Transaction.run, "UPDATE deliveries SET due_at = 0 WHERE state = 'sending'")

    async def press(self, label: str, number: int) -> str:
        """Its author presses a button under an ephemeral answer; the token under which the bot answers."""
        (lobby,) = [one for one in self.world.channels.values() if one["name"] == "notices"]
        pressed = payloads.press(
            self.server.new_id(), lobby, payloads.user(self.author.id, "ines"), f"{label}:{number}"
        )
        await self.server.changes.until(lambda: self.server.gateway.connected)
        await self.server.gateway.dispatch("INTERACTION_CREATE", pressed)
        return str(pressed["token"])

    async def answered(self, token: str) -> str:
        """What the bot has answered under a token."""
        edits = self.world.edits
        await self.server.changes.until(lambda: token in edits)
        return _said(payloads.message(0, 0, {}, edits[token][-1], ""))


def _draft(tx: Transaction, author: Person, series: Series, title: str, *, now: Instant) -> int:
    declaration = Declaration(Ai.NONE, None)
    prepared = prepare(LONG, declaration, require_community(tx, author).policy)
    request = OpenDraft(
        person=author, series=series, title=title, declaration=declaration, wanted=None, prepared=prepared
    )
    return open_draft(tx, request, now=now)


def _said(message: dict[str, Any]) -> str:
    """Everything that can be read on a message, and whether it was published and edited."""
    texts = [message["content"], *_texts(message["components"])]
    text = "\n".join(text for text in texts if text)
    for pattern, instead in ((_MARKS, "№"), (_MOMENTS, "<then>"), (_IDS, "#")):
        text = pattern.sub(instead, text)
    marks = ["published"] * (message["flags"] & 1) + ["edited"] * bool(message["edited_timestamp"])
    return " ".join([*marks, text])


def _texts(components: Sequence[Any]) -> list[str]:
    found: list[str] = []
    for one in components:
        found += [one["content"]] if isinstance(one.get("content"), str) else []
        found += _texts(one.get("components", []))
    return found
