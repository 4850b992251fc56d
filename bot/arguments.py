"""What may stand on the command line; what it does is in `bot.cli`."""

from pathlib import Path
from typing import Annotated

import typer

from bot import cli

EXIT_CODES = """\
Exit codes: 0 left as told; 1 unforeseen; 2 wrong arguments; 3 settings; 4 no token; 5 token refused;
6 Discord out of reach (a later try may help); 7 intents; 8 too many communities; 9 refused otherwise;
database: 10 in use, 11 disk full, 12 another program's, 13 a newer Colophon's, 14 unusable;
15 permissions (check); 17 a decision differs (audit); 16 the demo cannot start;
18 the copy is there already, or cannot be written (backup), or is not there (restore);
19 the clock is wrong (check)."""

app = typer.Typer(
    name="colophon",
    help="A publishing assistant for story communities on Discord.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ConfigOption = Annotated[Path | None, typer.Option("--config", help="The settings file, instead of config.toml.")]
DatabaseOption = Annotated[Path | None, typer.Option(help="The database file.")]
TracebackOption = Annotated[bool, typer.Option("--traceback", help="Show where it went wrong, for a report.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        cli.show_version()
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    pass


@app.command(epilog=EXIT_CODES)
def run(
    *,
    config: ConfigOption = None,
    database: DatabaseOption = None,
    log_level: Annotated[str | None, typer.Option(help="debug, info, warning or error.")] = None,
    log_format: Annotated[str | None, typer.Option(help="text or json.")] = None,
    sync_commands: Annotated[bool | None, typer.Option(help="Register the commands with Discord.")] = None,
    traceback: TracebackOption = False,
) -> None:
    """Run the bot, until SIGTERM or Ctrl+C."""
    cli.run(
        config,
        traceback=traceback,
        database=database,
        log_level=log_level,
        log_format=log_format,
        sync_commands=sync_commands,
    )


@app.command(epilog=EXIT_CODES)
def check(config: ConfigOption = None, database: DatabaseOption = None, traceback: TracebackOption = False) -> None:
    """Look at settings, database, token and permissions; changes nothing."""
    cli.check(config, traceback=traceback, database=database)


@app.command(epilog=EXIT_CODES)
def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy is to be.")],
    *,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an older copy of this name.")] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
    traceback: TracebackOption = False,
) -> None:
    """Make a copy of the database, also while the bot runs."""
    cli.backup(file, config, overwrite=overwrite, traceback=traceback, database=database)


@app.command(epilog=EXIT_CODES)
def restore(
    file: Annotated[Path, typer.Argument(help="A copy that `colophon backup` has made.")],
    *,
    config: ConfigOption = None,
    database: DatabaseOption = None,
    traceback: TracebackOption = False,
) -> None:
    """Put a copy in the database's place; what was there is kept. The bot must not run."""
    cli.restore(file, config, traceback=traceback, database=database)


@app.command(epilog=EXIT_CODES)
def audit(
    database: Annotated[Path, typer.Argument(help="The database file; nothing in it is changed.")],
    traceback: TracebackOption = False,
) -> None:
    """Evaluate every recorded decision again, and print the counts."""
    cli.audit(database, traceback=traceback)


@app.command(epilog=EXIT_CODES)
def demo(
    port: Annotated[int | None, typer.Option(help="Where the browser finds it; 0 takes any free port.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    traceback: TracebackOption = False,
) -> None:
    """Try the whole bot in the browser: no token, no network, a clock to turn."""
    cli.demo(port=port, browser=browser, traceback=traceback)
