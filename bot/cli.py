"""What `colophon` does; what only one command needs is imported when that command runs, so that `run` starts fast."""

import gc
import os
import signal
import sys
import traceback as tracebacks
from importlib import import_module
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from bot.config import Settings


def main() -> None:
    """What `colophon` on the command line calls.

    The usual start takes no options, so it needs no parser; typer's would be a seventh of it.
    """
    if sys.argv[1:] == ["run"]:
        run()
    else:
        from bot.arguments import app  # noqa: PLC0415 - see above

        app()


def show_version() -> None:
    """`colophon --version`."""
    from importlib.metadata import version  # noqa: PLC0415 - nothing else needs it

    print(f"colophon {version('colophon')}")


def run(config: Path | None = None, *, traceback: bool = False, **arguments: Any) -> None:
    """`colophon run`; `arguments` are settings, None for one that was not given."""
    gc.disable()  # until everything is imported, which is for good; `bot.run` takes it up again
    _leave_quietly_while_starting()
    with _OneSentence(traceback) as sentence:
        settings = sentence.settings(config, **arguments)
        from bot.run import run as serve  # noqa: PLC0415 - wrong settings are told without Discord's library

        serve(settings)


def check(config: Path | None = None, *, traceback: bool = False, **arguments: Any) -> None:
    """`colophon check`; `arguments` are settings, None for one that was not given."""
    with _OneSentence(traceback) as sentence:
        from bot.config import ConfigError  # noqa: PLC0415 - as above
        from bot.troubles import Exit  # noqa: PLC0415 - as above

        try:
            settings = sentence.settings(config, **arguments, log_level="error")
        except ConfigError as error:
            for problem in error.problems:
                print(f"{'wrong':<8} settings: {problem}")
            raise SystemExit(Exit.SETTINGS) from error
        print(f"{'ok':<8} settings: they can be read.")
        raise SystemExit(_look(settings))


def _look(settings: "Settings") -> int:
    import asyncio  # noqa: PLC0415 - as above

    from bot.check import Point, check, exit_code  # noqa: PLC0415 - as above

    async def look() -> list[Point]:
        points = []
        async for point in check(settings):
            print(point, flush=True)
            points.append(point)
        return points

    return exit_code(asyncio.run(look()))


def backup(file: Path, config: Path | None = None, *, overwrite: bool, traceback: bool, **arguments: Any) -> None:
    """`colophon backup`; `arguments` are settings, None for one that was not given."""
    with _OneSentence(traceback) as sentence:
        settings = sentence.settings(config, **arguments)
        from bot.backups import back_up  # noqa: PLC0415 - as above

        print(back_up(settings.database, file, overwrite=overwrite))


def restore(file: Path, config: Path | None = None, *, traceback: bool, **arguments: Any) -> None:
    """`colophon restore`; `arguments` are settings, None for one that was not given."""
    with _OneSentence(traceback) as sentence:
        settings = sentence.settings(config, **arguments)
        from bot.backups import restore  # noqa: PLC0415 - as above

        print(restore(settings.database, file))


def audit(database: Path, *, traceback: bool) -> None:
    """`colophon audit`: whether every recorded decision would be made so again (the fifth law)."""
    with _OneSentence(traceback):
        from bot.troubles import Exit  # noqa: PLC0415 - as above
        from storage.database import read_only  # noqa: PLC0415 - as above
        from usecases.audits import audit_database  # noqa: PLC0415 - as above

        found = read_only(database, audit_database)
        for kind, number in sorted(found.counts.items()):
            print(f"{number:>8} {kind}")
        print(f"{found.evaluated:>8} evaluated again, {len(found.different)} of them differently")
        for decision in found.different:
            print(f"decision {decision.id} ({decision.kind}) on chapter {decision.chapter_id} differs")
        raise SystemExit(Exit.DIFFERENT if found.different else Exit.OK)


def demo(*, port: int | None, browser: bool, traceback: bool) -> None:
    """`colophon demo`; without a port it takes its own."""
    with _OneSentence(traceback):
        from bot.troubles import Exit, TroubleError  # noqa: PLC0415 - as above

        show = import_module("demo")  # by name: nothing imports the demo, one command starts it
        chosen = {} if port is None else {"port": port}
        try:
            show.run(**chosen, open_browser=browser)
        except show.DemoUnavailableError as error:
            needs = ", ".join(error.missing)
            raise TroubleError(
                f"The demo needs {needs}; install it with `pip install 'colophon[demo]'`.", Exit.DEMO
            ) from error
        except show.PortBusyError as error:
            raise TroubleError(
                f"Port {error.port} is taken by another program; choose another with --port, or 0 for any.", Exit.DEMO
            ) from error


class _OneSentence:
    """What goes wrong inside is told in one sentence on stderr, and ends the program with its exit code."""

    def __init__(self, traceback: bool) -> None:
        self._traceback = traceback
        self._secrets: tuple[str, ...] = ()

    def settings(self, file: Path | None, **arguments: Any) -> "Settings":
        """Load the settings and log as they say; from here on their secrets are hidden."""
        from bot import log  # noqa: PLC0415 - `--help` does without
        from bot.config import load_settings  # noqa: PLC0415 - as above

        settings = load_settings(file, **arguments)
        self._secrets = (settings.token.reveal(),)
        self._traceback |= settings.log_level == "debug"
        log.configure(settings.log_level, settings.log_format, secrets=self._secrets)
        return settings

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, Exception):
            return
        from bot.log import without_secrets  # noqa: PLC0415 - as above
        from bot.troubles import explain  # noqa: PLC0415 - as above

        trouble = explain(error)
        if self._traceback:
            told = "".join(tracebacks.format_exception(error))
            print(without_secrets(told, self._secrets), file=sys.stderr, end="")
        print(without_secrets(trouble.sentence, self._secrets), file=sys.stderr)
        raise SystemExit(trouble.exit) from None


def _leave_quietly_while_starting() -> None:
    """Until the event loop hears the signals, nothing is in hand that could be left unfinished."""

    def leave(number: int, frame: FrameType | None) -> None:
        del number, frame
        os._exit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
