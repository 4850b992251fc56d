"""Settings: what the person who runs the bot decides, from arguments, the environment and one TOML file."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

PREFIX = "COLOPHON_"
FILE_VARIABLE = "COLOPHON_CONFIG"
DEFAULT_FILE = Path("config.toml")

Level = Literal["debug", "info", "warning", "error"]
Form = Literal["text", "json"]

_YES = ("true", "yes", "on", "1", "t", "y")
_NO = ("false", "no", "off", "0", "f", "n")


class ConfigError(Exception):
    """The settings cannot be used; each of `problems` is one sentence with its cure and without any value."""

    def __init__(self, *problems: str) -> None:
        super().__init__(problems[0])
        self.problems = problems


@dataclass(frozen=True)
class Secret:
    """Text that is never shown by accident; whoever needs it must ask."""

    _text: str = field(repr=False)

    def reveal(self) -> str:
        """The text itself."""
        return self._text


def _a_token(value: object) -> Secret:
    """Cut what copying leaves around a token; refuse what can never be one, and never repeat it."""
    match value.reveal() if isinstance(value, Secret) else value:
        case str(text) if re.fullmatch(r"[!-~]*", token := text.strip()):
            return Secret(token)
        case str():
            raise ValueError("one word of plain letters, digits, dots and dashes")
    raise ValueError("text between quotes")


def _a_path(value: object) -> Path:
    match value:
        case str() | Path():
            return Path(value).expanduser()
    raise ValueError("a path between quotes")


def _true_or_false(value: object) -> bool:
    word = str(value).lower()
    if word not in _YES + _NO:
        raise ValueError("true or false")
    return word in _YES


def _one_of(choice: Any) -> Callable[[object], Any]:
    """Take one word of a `Literal`, and `INFO` for `info`."""
    words = get_args(choice)

    def read(value: object) -> Any:
        word = value.lower() if isinstance(value, str) else value
        if word not in words:
            *others, last = map(repr, words)
            raise ValueError(f"{', '.join(others)} or {last}")
        return word

    return read


@dataclass(frozen=True, init=False)
class Settings:
    """What the person who runs the bot decides; arguments overrule the environment, no file is read."""

    token: Secret = field(
        default=Secret(""),
        metadata={
            "read": _a_token,
            "description": "The bot's token, from https://discord.com/developers/applications.",
        },
    )
    database: Path = field(
        default=Path("colophon.sqlite3"),
        metadata={
            "read": _a_path,
            "description": "The database file; it is made when it is not there.",
        },
    )
    log_level: Level = field(
        default="info",
        metadata={
            "read": _one_of(Level),
            "description": "How much is logged: debug, info, warning or error.",
        },
    )
    log_format: Form = field(
        default="text",
        metadata={
            "read": _one_of(Form),
            "description": "How it is logged: text for people, json for machines (one object a line).",
        },
    )
    sync_commands: bool = field(
        default=True,
        metadata={
            "read": _true_or_false,
            "description": "Whether the commands are registered with Discord at every start.",
        },
    )

    def __init__(self, **values: object) -> None:
        given = _environment() | {name: _Given(value, name) for name, value in values.items()}
        for name, value in _read(given, "Settings()").items():
            object.__setattr__(self, name, value)


def load_settings(file: Path | None = None, **arguments: object) -> Settings:
    """Arguments, then the environment, then the file, then the defaults; raises `ConfigError`.

    The file is `file`, else the path in `COLOPHON_CONFIG`, else `config.toml` in the working directory;
    only the last may be absent. An argument that is None was not given.
    """
    named = file or (Path(os.environ[FILE_VARIABLE]) if os.environ.get(FILE_VARIABLE) else None)
    path = named or DEFAULT_FILE
    values = {} if named is None and not path.exists() else read_file(path)
    given = {name.lower(): _Given(value, f"{name} in {path}") for name, value in values.items()}
    given |= _environment()
    for name, argument in arguments.items():
        if argument is not None:
            given[name] = _Given(argument, f"--{name.replace('_', '-')}")
    return Settings(**_read(given, path))


def read_file(path: Path) -> dict[str, Any]:
    """Read the settings of a TOML file as they stand there, not yet validated; raises `ConfigError`."""
    import tomllib  # noqa: PLC0415 - a start without a file does without

    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"There is no settings file {path}; copy config.example.toml there.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not a text file in UTF-8; save it in that encoding.") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}); mend its name or its rights.") from None
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).removesuffix(")").partition(" (at ")
        where = where.replace("end of document", "its end")
        raise ConfigError(
            f"{path} has a mistake at {where}: {what[0].lower()}{what[1:]}; config.example.toml shows the form."
        ) from None


class _Given(NamedTuple):
    """A value as it was given, and how the place where it stands is called."""

    value: object
    place: str


def _environment() -> dict[str, _Given]:
    """The settings among the environment's variables; an empty one was not given."""
    variables = {name.upper(): value for name, value in os.environ.items() if value}
    names = {one.name: f"{PREFIX}{one.name.upper()}" for one in fields(Settings)}
    return {name: _Given(variables[variable], variable) for name, variable in names.items() if variable in variables}


def _read(given: Mapping[str, _Given], source: object) -> dict[str, Any]:
    """Every setting's value; `ConfigError` says what is wrong, where and what to do, but never a value."""
    settings = {one.name: one for one in fields(Settings)}
    values = {name: one.default for name, one in settings.items()}
    problems = []
    for name in (name for name in settings if name in given):
        try:
            values[name] = settings[name].metadata["read"](given[name].value)
        except ValueError as error:
            problems.append(f"{given[name].place} cannot be used; it should be {error}.")
    problems += [_unknown(name, list(settings), source) for name in given if name not in settings]
    if problems:
        raise ConfigError(*problems)
    return values


def _unknown(name: str, known: list[str], source: object) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

    near = get_close_matches(name, known, n=1)
    cure = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}."
    return f"{source} has an unknown setting {name}; {cure}"
