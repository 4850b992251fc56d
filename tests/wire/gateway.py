"""The loopback gateway: greets, answers heartbeats, resumes, and ends connections when told to."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Literal

from aiohttp import WSMsgType, web

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
AUTHENTICATION_FAILED = 4004


class Changes:
    """Lets a test wait until what it watches has come true, and not longer."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def note(self) -> None:
        """Something changed."""
        self._changed.set()

    async def until(self, true: Callable[[], Any], *, seconds: float = 10.0) -> None:
        """Wait; TimeoutError when it does not come true in time."""
        async with asyncio.timeout(seconds):
            while not true():
                self._changed.clear()
                await self._changed.wait()


class Gateway:
    """One session at a time; `ready` makes the payload of READY, `guilds` what is told after it."""

    heartbeat_seconds = 41.25
    close_at_identify: int | None = None
    """The close code with which IDENTIFY is answered, 4014 for instance."""
    behaviour: Literal["greets", "hangs up", "says nothing"] = "greets"
    """What a client meets that opens a socket."""

    def __init__(
        self,
        changes: Changes,
        *,
        accepts: Callable[[str], bool],
        ready: Callable[[], dict[str, Any]],
        guilds: Callable[[], list[dict[str, Any]]],
    ) -> None:
        self._changes = changes
        self._accepts = accepts
        self._ready = ready
        self._guilds = guilds
        self._socket: web.WebSocketResponse | None = None
        self._request: web.Request | None = None
        self._sequence = 0
        self._session: str | None = None
        self.identified: list[dict[str, Any]] = []
        self.resumed: list[dict[str, Any]] = []
        self.heartbeats = 0
        self.closed_with: list[int | None] = []
        """The close code each connection ended with, as the client sent it; None for a lost one."""

    @property
    def connected(self) -> bool:
        """Whether a client is there now, past its READY or RESUMED."""
        return self._socket is not None

    async def dispatch(self, event: str, data: Any) -> None:
        """Send one event to the client that is there."""
        if self._socket is None:
            raise RuntimeError("nobody is connected")
        self._sequence += 1
        await self._send(self._socket, DISPATCH, data, t=event, s=self._sequence)

    async def ask_reconnect(self) -> None:
        """Op 7: connect again and resume."""
        if self._socket is not None:
            await self._send(self._socket, RECONNECT, None)

    async def close(self, code: int) -> None:
        """End the connection with a close code of Discord's."""
        if self._socket is not None:
            await self._socket.close(code=code)

    def forget_session(self) -> None:
        """Let the next RESUME fail, as Discord does after a while."""
        self._session = None

    def drop(self) -> None:
        """Lose the connection without a word."""
        if self._request is not None and self._request.transport is not None:
            self._request.transport.abort()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from HELLO to its end."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if self.behaviour == "hangs up":
            await socket.close()
        elif self.behaviour == "greets":
            await self._send(socket, HELLO, {"heartbeat_interval": int(self.heartbeat_seconds * 1000)})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    payload = json.loads(message.data)
                    await self._answer(socket, request, payload["op"], payload.get("d"))
                    self._changes.note()
        finally:
            self.closed_with.append(socket.close_code)
            if self._socket is socket:
                self._socket = self._request = None
            self._changes.note()
        return socket

    async def _answer(self, socket: web.WebSocketResponse, request: web.Request, op: int, data: Any) -> None:
        if op == HEARTBEAT:
            self.heartbeats += 1
            await self._send(socket, ACK, None)
        elif op == IDENTIFY:
            self.identified.append(data)
            if not self._accepts(data["token"]):
                await socket.close(code=AUTHENTICATION_FAILED)
            elif self.close_at_identify:
                await socket.close(code=self.close_at_identify)
            else:
                self._socket, self._request = socket, request
                ready = self._ready()
                self._session = ready["session_id"]
                await self.dispatch("READY", ready)
                for guild in self._guilds():
                    await self.dispatch("GUILD_CREATE", guild)
        elif op == RESUME:
            self.resumed.append(data)
            if data["session_id"] != self._session:
                await self._send(socket, INVALID_SESSION, False)
            else:
                self._socket, self._request = socket, request
                await self.dispatch("RESUMED", {})

    @staticmethod
    async def _send(socket: web.WebSocketResponse, op: int, data: Any, **rest: Any) -> None:
        await socket.send_str(json.dumps({"op": op, "d": data, **rest}))
