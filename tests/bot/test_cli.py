"""The command line, without a network."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

import bot.cli
import demo
from bot.arguments import EXIT_CODES, app
from bot.troubles import Exit, TokenMissingError, explain

run = CliRunner().invoke
pytestmark = pytest.mark.usefixtures("alone")


def test_help_names_every_command() -> None:
    told = run(app, ["--help"])

    assert told.exit_code == 0
    assert re.findall(r"^  (\w+) ", told.output, re.MULTILINE)[-6:] == [
        *("run", "check", "backup", "restore", "audit", "demo")
    ]


def test_version() -> None:
    assert re.fullmatch(r"colophon \d+\.\d+\.\d+\n", run(app, ["--version"]).output)


def test_every_exit_code_is_documented_and_distinct() -> None:
    documented = {int(number) for number in re.findall(r"\b\d+\b", EXIT_CODES)}

    assert documented == {*Exit} | {2}
    assert len({*Exit}) == len(Exit.__members__)


def test_check_goes_on_without_a_network_and_says_what_it_could_not_look_at() -> None:
    told = run(app, ["check"])

    assert told.exit_code == Exit.NO_TOKEN
    assert told.output.splitlines() == [
        "ok       settings: they can be read.",
        "ok       database: colophon.sqlite3 is not there yet; the first start makes it.",
        f"wrong    token: {explain(TokenMissingError()).sentence}",
        *(
            f"unknown  {name}: not checked, because it needs Discord and a token it accepts."
            for name in ("clock", "application", "intents", "communities")
        ),
    ]


def test_check_changes_nothing(tmp_path: Path) -> None:
    run(app, ["check"])

    assert list(tmp_path.iterdir()) == []


def test_check_names_every_mistake_in_the_settings() -> None:
    Path("config.toml").write_text("sync_commands = 4\ntokn = 1\n", encoding="utf-8")

    told = run(app, ["check"])

    assert told.exit_code == Exit.SETTINGS
    assert told.output.splitlines() == [
        "wrong    settings: sync_commands in config.toml cannot be used; it should be true or false.",
        "wrong    settings: config.toml has an unknown setting tokn; did you mean token?",
    ]


def test_run_names_the_first_mistake_in_the_settings_and_counts_the_others() -> None:
    Path("config.toml").write_text('log_level = "loud"\ntokn = 1\n', encoding="utf-8")

    told = run(app, ["run"])

    assert told.exit_code == Exit.SETTINGS
    assert told.output == (
        "log_level in config.toml cannot be used; it should be 'debug', 'info', 'warning' or 'error' "
        "(`colophon check` names 1 more).\n"
    )


def test_the_demo_is_shown_where_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, object]] = []
    a_demo = SimpleNamespace(
        run=lambda **options: shown.append(options),
        DemoUnavailableError=demo.DemoUnavailableError,
        PortBusyError=demo.PortBusyError,
    )
    monkeypatch.setattr(bot.cli, "import_module", lambda name: {"demo": a_demo}[name])

    assert run(app, ["demo", "--port", "0", "--no-browser"]).exit_code == 0
    assert run(app, ["demo"]).exit_code == 0
    assert shown == [{"port": 0, "open_browser": False}, {"open_browser": True}]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            demo.DemoUnavailableError(("simcord", "regex")),
            "The demo needs simcord, regex; install it with `pip install 'colophon[demo]'`.\n",
        ),
        (
            demo.PortBusyError(8780),
            "Port 8780 is taken by another program; choose another with --port, or 0 for any.\n",
        ),
    ],
)
def test_a_demo_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(demo, "run", fail)

    told = run(app, ["demo"])

    assert (told.exit_code, told.output) == (Exit.DEMO, sentence)


def test_what_nobody_foresaw_says_so_and_how_to_report_it() -> None:
    trouble = explain(ZeroDivisionError("division by zero"))

    assert trouble.exit is Exit.UNFORESEEN
    assert trouble.sentence == (
        "Something went wrong that Colophon did not foresee (ZeroDivisionError: division by zero); "
        "start it again with --traceback and report what it prints."
    )
