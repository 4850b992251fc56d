"""The demo's own web server: one page on this machine alone, with SimCord's Preview inside it."""

import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from demo import pictures, state, world
from demo.mount import ACTION, ROUTES, MountedServer
from demo.stage import Stage, StageError

PAGE = Path(__file__).with_name("page")
HOST = "127.0.0.1"
TOKEN_HEADER = "X-Colophon-Token"  # noqa: S105 - the name of a header
SHUTDOWN_SECONDS = 1.0
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Routes, and the two locks on them: the right host name, and this run's token for every act."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.token = secrets.token_urlsafe(32)
        self.page = (PAGE / "index.html").read_text("utf-8").replace("{{token}}", self.token)
        application = web.Application(middlewares=[self._guard])
        application.router.add_get("/", self._page)
        application.router.add_get("/discord", self._frame)
        for name, kind in (
            ("page.css", "text/css"),
            ("page.js", "text/javascript"),
            ("skin.css", "text/css"),
        ):
            application.router.add_get(f"/demo/{name}", _file(PAGE / name, kind))
        application.router.add_get("/demo/face/{key}.png", self._face)
        application.router.add_get("/demo/the-salt-road-2.md", self._sample)
        application.router.add_get("/demo/state", self._state)
        application.router.add_post("/demo/show", self._show)
        application.router.add_post("/demo/turn", self._turn)
        application.router.add_post("/demo/hand-in", self._hand_in)
        for method, path, name in ROUTES:
            application.router.add_route(method, path, self._preview(name))
        self.runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)

    async def close(self) -> None:
        """Hang up on everybody."""
        await self.runner.cleanup()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer our own host name alone (a foreign one may be rebound to us), and act on our token alone."""
        port = self.stage.port
        if request.headers.get("Host") not in {f"{HOST}:{port}", f"localhost:{port}"}:
            raise web.HTTPForbidden
        ours = request.path == "/demo/state" or (request.method == "POST" and request.path.startswith("/demo/"))
        if ours and not secrets.compare_digest(request.headers.get(TOKEN_HEADER, ""), self.token):
            raise web.HTTPUnauthorized
        try:
            return await handler(request)
        except StageError as error:
            return web.json_response({"error": str(error)}, status=409, headers=HEADERS)

    async def _page(self, _: web.Request) -> web.Response:
        return web.Response(text=self.page, content_type="text/html", headers=HEADERS)

    async def _face(self, request: web.Request) -> web.Response:
        key = request.match_info["key"]
        person = self.stage.world.people.get(key)
        if person is None and key != "colophon":
            raise web.HTTPNotFound
        picture = pictures.portrait(person.name[0], person.colour) if person else pictures.printers_mark()
        return web.Response(body=picture, content_type="image/png", headers=HEADERS)

    async def _sample(self, _: web.Request) -> web.Response:
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{world.SECOND_CHAPTER.file}"'}
        return web.Response(body=world.SECOND_CHAPTER.text, content_type="text/markdown", headers=headers)

    async def _state(self, _: web.Request) -> web.Response:
        await self.stage.look_again()
        return self._answer()

    async def _show(self, request: web.Request) -> web.Response:
        wish = await _wish(request)
        shown = self.stage.shown
        person = self.stage.world.people.get(str(wish.get("person")), shown.person if shown else None)
        channel = wish.get("channel", shown.channel.id if shown else 0)
        if person is None or not str(channel).isdecimal():
            raise web.HTTPBadRequest
        await self.stage.show(person, int(channel))
        return self._answer()

    async def _turn(self, request: web.Request) -> web.Response:
        seconds = (await _wish(request)).get("seconds")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool):
            raise web.HTTPBadRequest
        await self.stage.turn(seconds)
        return self._answer()

    async def _hand_in(self, _: web.Request) -> web.Response:
        await self.stage.hand_in()
        return self._answer()

    async def _frame(self, _: web.Request) -> web.Response:
        return self._shown().frame()

    def _preview(self, name: str) -> Handler:
        """What the frame asks of its Preview; acts wait for each other, looks do not."""

        async def answer(request: web.Request) -> web.StreamResponse:
            if request.method == "DELETE" and self._is_past(request):
                return web.Response(status=204, headers=HEADERS)
            if name != ACTION:
                return await self._shown().answer(name, request)
            async with self.stage.acting():
                return await self._shown().answer(name, request)

        return answer

    def _is_past(self, request: web.Request) -> bool:
        """A frame that is being replaced says goodbye to a Preview that is closed already."""
        return request.headers.get("X-Simcord-Capability") != self._shown().preview.capability

    def _shown(self) -> MountedServer:
        if self.stage.shown is None:
            raise web.HTTPGone
        return self.stage.shown.server

    def _answer(self) -> web.Response:
        return web.json_response(state.of(self.stage), headers=HEADERS)


def _file(path: Path, kind: str) -> Handler:
    text = path.read_text("utf-8")

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=text, content_type=kind, headers=HEADERS)

    return answer


async def _wish(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request."""
    try:
        wish = await request.json()
    except ValueError:
        raise web.HTTPBadRequest from None
    if not isinstance(wish, dict):
        raise web.HTTPBadRequest
    return wish
