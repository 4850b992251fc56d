"""SimCord's Preview as a guest on our own page: same port, same origin, inside our frame.

By itself a Preview opens a second port and refuses to be framed.
Here its handlers answer on the demo's own server, which alone may frame them; the Preview's own secret, its
checks of host and origin and its strict content policy stay as they are.
"""

from pathlib import Path
from typing import ClassVar

import simcord.preview
from aiohttp import web
from simcord.preview import Preview, _server
from simcord.preview._server import PreviewServer

INDEX = Path(simcord.preview.__file__).with_name("static") / "index.html"
SKIN = '<link rel="stylesheet" href="/demo/skin.css"></head>'
HEADERS = PreviewServer._SECURITY_HEADERS  # noqa: SLF001 - what the Preview answers with on its own port
ACTION = "_action"
ROUTES = (
    ("POST", "/api/pages", "_pages"),
    ("DELETE", "/api/pages/{context_id}", "_delete_page"),
    ("GET", "/api/state", "_state"),
    ("GET", "/api/commands", "_commands"),
    ("GET", "/api/action-result", "_action_result"),
    ("GET", "/api/assets/{asset_id}", "_asset"),
    ("POST", "/api/action", ACTION),
    *(("GET", path, "_static") for path in PreviewServer._STATIC_FILES if path != "/"),  # noqa: SLF001
)
"""What the Preview's page asks for, and which of its server's handlers answers."""


class MountedServer(PreviewServer):
    """A Preview's server without a socket of its own."""

    _SECURITY_HEADERS: ClassVar[dict[str, str]] = {
        **HEADERS,
        "X-Frame-Options": "SAMEORIGIN",
        "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(
            "frame-ancestors 'none'", "frame-ancestors 'self'"
        ),
    }

    async def start(self) -> None:
        """Take the port of the server we are a guest of."""
        vars(_server)["web"] = web
        self.port = self._requested_port

    async def close(self) -> None:
        """Answer nobody any more."""
        self.port = None

    def frame(self) -> web.Response:
        """The Preview's page, dressed for ours: without its toolbar and its list of messages."""
        text = INDEX.read_text("utf-8").replace("</head>", SKIN)
        return web.Response(text=text, content_type="text/html", headers=self._SECURITY_HEADERS)

    async def answer(self, name: str, request: web.Request) -> web.StreamResponse:
        """One request of the Preview's page, by the name of its handler."""
        response: web.StreamResponse = await getattr(self, name)(request)
        return response


def mount(preview: Preview, port: int) -> MountedServer:
    """Give this Preview, not yet entered, a server that listens on nothing."""
    server = MountedServer(preview, port)
    preview._server = server  # noqa: SLF001 - the seam we mount it by
    return server
