"""The whole bot on a simulated Discord in the browser, with a clock to turn; nothing imports it but the CLI.

Importing this package loads neither SimCord nor aiohttp, which are an extra; calling it does.
"""

import importlib.util
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo.show import BotMaker, Demo

DEFAULT_PORT = 8780
ANNOUNCE = partial(print, flush=True)
NEEDED = ("simcord", "aiohttp", "markdown_it", "linkify_it", "regex", "PIL")


class DemoError(Exception):
    """The demo cannot start; what it carries says why."""


class DemoUnavailableError(DemoError):
    """The `demo` extra is not installed."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(f"missing modules: {', '.join(missing)}")
        self.missing = missing


class PortBusyError(DemoError):
    """Something else listens on the demo's port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken")
        self.port = port


def run(
    *,
    port: int = DEFAULT_PORT,
    open_browser: bool = True,
    on_ready: Callable[[str], object] = ANNOUNCE,
) -> None:
    """Open the demo and keep it open until Ctrl-C or SIGTERM.

    Args:
        port: where the page is served, on this machine alone; 0 takes any that is free.
        open_browser: show the page in the visitor's browser.
        on_ready: told the page's address once it answers.

    Raises:
        DemoUnavailableError: the `demo` extra is not installed.
        PortBusyError: the port is taken.
    """
    _require_extra()
    from demo.show import run_until_signalled  # noqa: PLC0415 - the extra is loaded when it is asked for

    run_until_signalled(port=port, open_browser=open_browser, on_ready=on_ready)


def open_demo(*, port: int = DEFAULT_PORT, create_bot: "BotMaker | None" = None) -> AbstractAsyncContextManager["Demo"]:
    """The demo as a context manager; leaving it closes the bot and removes its database.

    Raises:
        DemoUnavailableError: the `demo` extra is not installed.
        PortBusyError: on entering, the port is taken.
    """
    _require_extra()
    from demo.show import open_demo as opened  # noqa: PLC0415 - the extra is loaded when it is asked for

    return opened(port=port, create_bot=create_bot)


def _require_extra() -> None:
    missing = tuple(name for name in NEEDED if importlib.util.find_spec(name) is None)
    if missing:
        raise DemoUnavailableError(missing)
