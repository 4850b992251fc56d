"""The settings: where they come from, in which order, and what is said about a mistake in them."""

import tomllib
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path
from traceback import format_exception
from typing import Any

import pytest

from bot.config import ConfigError, Secret, Settings, load_settings, read_file

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
A_TOKEN = "MTIz.example.a-token-for-no-real-bot"  # noqa: S105 - it opens nothing


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder and without any setting in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", *(setting.name for setting in fields(Settings))):
        monkeypatch.delenv(f"COLOPHON_{name.upper()}", raising=False)


def problems(text: str | bytes, **arguments: Any) -> tuple[str, ...]:
    """What is said about a `config.toml` with this text."""
    Path("config.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as caught:
        load_settings(**arguments)
    return caught.value.problems


def test_the_example_names_every_setting_with_its_default_and_its_explanation() -> None:
    example = tomllib.loads(EXAMPLE.read_text("utf-8"))
    text = EXAMPLE.read_text("utf-8")

    assert list(example) == [setting.name for setting in fields(Settings)]
    assert Settings(**example) == Settings()
    for setting in fields(Settings):
        assert f"# {setting.metadata['description']}\n" in text, setting.name


def test_arguments_win_over_the_environment_over_the_file_over_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("config.toml").write_text(
        'database = "file.sqlite3"\nlog_level = "warning"\nlog_format = "json"\n', encoding="utf-8"
    )
    monkeypatch.setenv("COLOPHON_DATABASE", "environment.sqlite3")
    monkeypatch.setenv("COLOPHON_LOG_LEVEL", "error")

    settings = load_settings(database=Path("argument.sqlite3"), log_level=None)

    assert settings.database == Path("argument.sqlite3")
    assert settings.log_level == "error"
    assert settings.log_format == "json"
    assert settings.sync_commands is True


def test_settings_made_by_code_read_no_file() -> None:
    Path("config.toml").write_text('database = "developer.sqlite3"\n', encoding="utf-8")

    assert Settings(token=A_TOKEN).database == Path("colophon.sqlite3")


def test_settings_made_by_code_take_what_was_not_given_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLOPHON_DATABASE", "environment.sqlite3")
    monkeypatch.setenv("COLOPHON_TOKEN", "another")

    settings = Settings(token=A_TOKEN)

    assert settings.database == Path("environment.sqlite3")
    assert settings.token == Secret(A_TOKEN)
    assert Settings(token=Secret(A_TOKEN)) == settings


def test_settings_do_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(log_level="error")

    with pytest.raises(FrozenInstanceError):
        settings.log_level = "debug"  # type: ignore[misc]
    monkeypatch.setenv("COLOPHON_LOG_LEVEL", "debug")
    assert settings.log_level == "error"
    assert replace(settings, log_format="json").log_level == "error"


def test_settings_made_by_code_have_no_others() -> None:
    with pytest.raises(ConfigError, match=r"^Settings\(\) has an unknown setting tokn; did you mean token\?$"):
        Settings(tokn=A_TOKEN)


def test_the_file_may_be_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "by-variable.toml").write_text('log_level = "debug"', encoding="utf-8")
    (tmp_path / "by-argument.toml").write_text('log_level = "error"', encoding="utf-8")
    monkeypatch.setenv("COLOPHON_CONFIG", str(tmp_path / "by-variable.toml"))

    assert load_settings().log_level == "debug"
    assert load_settings(tmp_path / "by-argument.toml").log_level == "error"


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a compose file passes one on that nobody has set."""
    monkeypatch.setenv("COLOPHON_LOG_LEVEL", "")

    assert load_settings().log_level == "info"


def test_a_variable_may_be_written_in_small_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("colophon_log_level", "error")

    assert load_settings().log_level == "error"


def test_a_name_in_the_file_may_be_written_in_capitals() -> None:
    Path("config.toml").write_text('LOG_LEVEL = "error"', encoding="utf-8")

    assert load_settings().log_level == "error"


@pytest.mark.parametrize(
    ("word", "meant"), [("true", True), ("Yes", True), ("ON", True), ("1", True), ("false", False), ("0", False)]
)
def test_yes_and_no_have_several_words(monkeypatch: pytest.MonkeyPatch, word: str, meant: bool) -> None:
    monkeypatch.setenv("COLOPHON_SYNC_COMMANDS", word)

    assert load_settings().sync_commands is meant


def test_capitals_are_small_letters() -> None:
    assert load_settings(log_level="INFO", log_format="JSON") == Settings(log_level="info", log_format="json")


def test_a_path_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert load_settings(database="~/a.sqlite3").database == tmp_path / "a.sqlite3"


def test_what_copying_leaves_around_a_token_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLOPHON_TOKEN", f" {A_TOKEN}\n")

    assert load_settings().token.reveal() == A_TOKEN


def test_notepads_byte_order_mark_is_no_mistake() -> None:
    Path("config.toml").write_bytes(b'\xef\xbb\xbflog_level = "debug"\r\n')

    assert load_settings().log_level == "debug"


def test_a_file_that_was_asked_for_must_be_there() -> None:
    with pytest.raises(ConfigError, match=r"^There is no settings file other\.toml; copy config\.example\.toml there"):
        load_settings(Path("other.toml"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('tokn = "a"', "config.toml has an unknown setting tokn; did you mean token?"),
        (
            '[bot]\ntoken = "a"',
            "config.toml has an unknown setting bot; known are token, database, log_level, log_format, sync_commands.",
        ),
        (
            'log_level = "info"\ntoken = abc',
            "config.toml has a mistake at line 2, column 9: invalid value; config.example.toml shows the form.",
        ),
        (
            "sync_commands = 4",
            "sync_commands in config.toml cannot be used; it should be true or false.",
        ),
        ("token = 4", "token in config.toml cannot be used; it should be text between quotes."),
        ("database = 4", "database in config.toml cannot be used; it should be a path between quotes."),
        (
            'log_level = "loud"',
            "log_level in config.toml cannot be used; it should be 'debug', 'info', 'warning' or 'error'.",
        ),
        (b"\xff\xfet\x00", "config.toml is not a text file in UTF-8; save it in that encoding."),
    ],
)
def test_a_mistake_is_told_in_one_sentence(text: str | bytes, told: str) -> None:
    assert problems(text) == (told,)


def test_every_mistake_is_found_at_once() -> None:
    assert len(problems('log_level = "loud"\nlog_format = "song"\nnothing = 1')) == 3


def test_a_mistake_says_where_the_value_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLOPHON_LOG_FORMAT", "song")

    told = problems("", log_level="loud")

    assert told == (
        "--log-level cannot be used; it should be 'debug', 'info', 'warning' or 'error'.",
        "COLOPHON_LOG_FORMAT cannot be used; it should be 'text' or 'json'.",
    )


def test_a_folder_is_no_settings_file() -> None:
    Path("config.toml").mkdir()

    with pytest.raises(ConfigError, match=r"^config\.toml cannot be read \(Is a directory\)"):
        read_file(Path("config.toml"))


def test_no_secret_is_ever_repeated() -> None:
    """Neither in what is printed of settings, nor in what is said about a wrong token."""
    told = problems(f'token = "{A_TOKEN} {A_TOKEN}"')

    assert told == (
        "token in config.toml cannot be used; it should be one word of plain letters, digits, dots and dashes.",
    )
    settings = Settings(token=A_TOKEN)
    for shown in (settings, settings.token):
        assert A_TOKEN not in f"{shown} {shown!r}"
    with pytest.raises(ConfigError) as caught:
        Settings(token=f"{A_TOKEN} {A_TOKEN}")
    assert A_TOKEN not in "".join(format_exception(caught.value))
