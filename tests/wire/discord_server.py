"""A loopback Discord over real sockets: REST, gateway, and every kind of bad weather on the way.

It keeps what it is told (messages, threads, commands), answers as Discord does where our bot depends on it (nonces,
`Via`, close codes), and records each request. `fail` makes the next matching requests go wrong.
"""

import asyncio
import itertools
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from whenever import Instant, TimeDelta

from bot.clock import Clock
from tests.wire import payloads
from tests.wire.faults import Fault, hang_up
from tests.wire.gateway import Changes, Gateway
from tests.wire.openapi import OpenAPI
from tests.wire.payloads import JSON
from tests.wire.rest import RESTError, routes

TOKEN = "MTIz.loopback.a-token-for-no-real-bot"  # noqa: S105 - it opens nothing
BASE = "/api/v10"
BOT_ID, APPLICATION_ID, OWNER_ID = 101, 102, 103
_DISCORD_EPOCH_MS = 1_420_070_400_000

Answer = Callable[["DiscordServer", web.Request, Any], Awaitable[Any]]


@dataclass(frozen=True)
class Request:
    """One request as it arrived, and the status it was answered with; 0 for none."""

    method: str
    path: str
    body: Any
    status: int
    files: dict[str, bytes] = field(default_factory=dict)
    """By name, what came beside the body."""


@dataclass
class World:
    """What Discord remembers; everything is in Discord's own form, under ids as numbers."""

    guilds: dict[int, JSON] = field(default_factory=dict)
    channels: dict[int, JSON] = field(default_factory=dict)
    messages: dict[int, dict[int, JSON]] = field(default_factory=dict)
    nonces: dict[str, tuple[float, int, int]] = field(default_factory=dict)
    """Nonce: when (monotonic), channel, message."""
    commands: list[JSON] = field(default_factory=list)
    callbacks: dict[int, JSON] = field(default_factory=dict)
    """What interactions were answered with, by their ids."""
    edits: dict[str, list[JSON]] = field(default_factory=dict)
    """What was sent through interactions' tokens after the first answer."""


class DiscordServer:
    """`async with DiscordServer() as discord:` listens on a free port of this machine."""

    nonce_seconds = 300.0

    def __init__(self, *, openapi: OpenAPI | None = None) -> None:
        self.user = payloads.user(BOT_ID, "colophon", bot=True)
        self.application = payloads.application(APPLICATION_ID, payloads.user(OWNER_ID, "keeper"))
        self.tokens = {TOKEN}
        self.world = World()
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        """What Discord's OpenAPI says against the bodies we sent; stays empty without `openapi`."""
        self.changes = Changes()
        self.gateway = Gateway(
            self.changes, accepts=self.tokens.__contains__, ready=self._ready, guilds=self._guild_creates
        )
        self.port = 0
        self.ahead = TimeDelta()
        """How much later it is on Discord than on this machine."""
        self.openapi = openapi
        self._faults: deque[tuple[str, re.Pattern[str], Fault]] = deque()
        self._counter = itertools.count(1)
        self._clock = Clock()
        self._runner: web.AppRunner | None = None

    @property
    def places(self) -> dict[str, Any]:
        """Where it listens, for `tests.wire.launcher`."""
        here = f"127.0.0.1:{self.port}"
        return {"rest": f"http://{here}{BASE}", "gateway": f"ws://{here}/gateway"}

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=32 << 20)
        app.router.add_get("/gateway", self.gateway.serve)
        for method, path, answer in routes():
            app.router.add_route(method, BASE + path, self._handler(answer))
        app.router.add_route("*", "/{anything:.*}", self._handler(_unknown))
        app.on_response_prepare.append(self._date)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            self.gateway.drop()
            await self._runner.cleanup()

    def fail(self, method: str, path: str, fault: Fault, *, times: int = 1) -> None:
        r"""Let the next `times` requests whose path (without `/api/v10`) matches a pattern meet a fault.

        `fail("POST", r"/channels/\d+/messages", lost_answer())`
        """
        self._faults.extend([(method, re.compile(path), fault)] * times)

    def asked(self, method: str, path: str) -> list[Request]:
        """The requests so far whose path matches."""
        return [one for one in self.requests if one.method == method and re.fullmatch(path, one.path)]

    def new_id(self) -> int:
        """A snowflake of this moment."""
        milliseconds = self.moment().timestamp(unit="millisecond") - _DISCORD_EPOCH_MS
        return milliseconds << 22 | (next(self._counter) & 0x3FFFFF)

    def moment(self) -> Instant:
        """This moment on Discord's clock."""
        return self._clock.now() + self.ahead

    async def _date(self, _request: web.Request, response: web.StreamResponse) -> None:
        """Each answer says what time it is on Discord."""
        response.headers["Date"] = self.moment().format_rfc2822()

    def now(self) -> str:
        """This moment, as Discord writes it."""
        return self.moment().format_iso()

    def add_guild(self, name: str = "Tales") -> int:
        """A guild in which the bot is a member and @everyone may do everything; its id."""
        guild_id = self.new_id()
        self.world.guilds[guild_id] = payloads.guild(guild_id, name, OWNER_ID)
        return guild_id

    def add_channel(self, guild_id: int, kind: int, name: str) -> int:
        """A channel in a guild; its id."""
        channel_id = self.new_id()
        self.world.channels[channel_id] = payloads.channel(channel_id, guild_id, kind, name)
        return channel_id

    def channels_of(self, guild_id: int, *, threads: bool) -> list[JSON]:
        """A guild's threads, or its other channels."""
        return [
            one
            for one in self.world.channels.values()
            if one["guild_id"] == str(guild_id) and (one["type"] == payloads.PUBLIC_THREAD) is threads
        ]

    def _ready(self) -> JSON:
        return {
            "v": 10,
            "user": self.user,
            "guilds": [{"id": str(guild_id), "unavailable": True} for guild_id in self.world.guilds],
            "session_id": f"session-{next(self._counter)}",
            "resume_gateway_url": self.places["gateway"],
            "application": {"id": str(APPLICATION_ID), "flags": self.application["flags"]},
        }

    def _guild_creates(self) -> list[JSON]:
        return [
            guild
            | {
                "joined_at": "2026-01-01T00:00:00+00:00",
                "large": False,
                "member_count": 1,
                "members": [payloads.member(self.user)],
                "channels": self.channels_of(guild_id, threads=False),
                "threads": self.channels_of(guild_id, threads=True),
                "voice_states": [],
                "presences": [],
                "stage_instances": [],
                "guild_scheduled_events": [],
                "soundboard_sounds": [],
            }
            for guild_id, guild in self.world.guilds.items()
        ]

    def _handler(self, answer: Answer) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            path = request.path.removeprefix(BASE)
            body, files = await _body(request), await _files(request)
            fault = self._next_fault(request.method, path)
            if self.openapi is not None:
                self.complaints += self.openapi.problems(request.method, path, body)
            status, told = await self._answered(answer, request, body) if fault.done else (0, None)
            if fault.status:
                status, told = fault.status, fault.body
            if fault.strike is not None:
                fault.strike()
            if fault.seconds:
                await asyncio.sleep(fault.seconds)  # noqa: TID251 - a slow line is slow in real time
            self.requests.append(Request(request.method, path, body, 0 if fault.hang_up else status, files))
            self.changes.note()
            if fault.hang_up:
                hang_up(request, reset=fault.reset)
            return _json(status or 500, told, fault.headers)

        return handle

    async def _answered(self, answer: Answer, request: web.Request, body: Any) -> tuple[int, Any]:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        carries_its_own = request.path.startswith((f"{BASE}/interactions/", f"{BASE}/webhooks/"))
        if not carries_its_own and (scheme != "Bot" or token not in self.tokens):
            return 401, {"message": "401: Unauthorized", "code": 0}
        try:
            told = await answer(self, request, body)
        except RESTError as error:
            return error.status, {"message": error.message, "code": error.code}
        return (204 if told is None else 200), told

    def _next_fault(self, method: str, path: str) -> Fault:
        for index, (wanted, pattern, fault) in enumerate(self._faults):
            if wanted == method and pattern.fullmatch(path):
                del self._faults[index]
                return fault
        return Fault(done=True)


async def _unknown(server: DiscordServer, request: web.Request, body: Any) -> Any:
    del server, body
    raise RESTError(404, 0, f"404: the loopback Discord has no {request.method} {request.path}")


async def _body(request: web.Request) -> Any:
    """The JSON of a request, which stands beside the files in a form with files."""
    if request.content_type == "application/json":
        return await request.json()
    if request.content_type == "multipart/form-data":
        return json.loads(str((await request.post())["payload_json"]))
    return None


async def _files(request: web.Request) -> dict[str, bytes]:
    """The files of a form."""
    parts = (await request.post()).values() if request.content_type == "multipart/form-data" else ()
    return {part.filename: part.file.read() for part in parts if isinstance(part, web.FileField)}


def _json(status: int, told: Any, headers: dict[str, str]) -> web.Response:
    """Discord's Content-Type is exactly this; discord.py leaves any other as text."""
    if told is None:
        return web.Response(status=status, headers=headers)
    headers = {**headers, "Content-Type": "application/json"}
    return web.Response(status=status, body=json.dumps(told).encode(), headers=headers)
