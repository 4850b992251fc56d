"""Settings: what the person who runs the bot decides, from arguments, the environment and one TOML file."""

import os
import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "COLOPHON_"
FILE_VARIABLE = "COLOPHON_CONFIG"
DEFAULT_FILE = Path("config.toml")
SHOULD_BE = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "path_type": "a path between quotes",
    "string_type": "text between quotes",
}


class ConfigError(Exception):
    """The settings cannot be used; each of `problems` is one sentence with its cure and without any value."""

    def __init__(self, *problems: str) -> None:
        super().__init__(problems[0])
        self.problems = problems


def _a_token(value: SecretStr) -> SecretStr:
    """Cut what copying leaves around a token; refuse what can never be one, and never repeat it."""
    token = value.get_secret_value().strip()
    if not re.fullmatch(r"[!-~]*", token):
        raise ValueError("one word of plain letters, digits, dots and dashes")
    return SecretStr(token)


def _lower(value: object) -> object:
    """Take `INFO` for `info`."""
    return value.lower() if isinstance(value, str) else value


class Settings(BaseSettings):
    """What the person who runs the bot decides; arguments overrule the environment, no file is read."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    token: Annotated[SecretStr, AfterValidator(_a_token)] = Field(
        SecretStr(""), description="The bot's token, from https://discord.com/developers/applications."
    )
    database: Annotated[Path, AfterValidator(Path.expanduser)] = Field(
        Path("colophon.sqlite3"), description="The database file; it is made when it is not there."
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = Field(
        "info", description="How much is logged: debug, info, warning or error."
    )
    log_format: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = Field(
        "text", description="How it is logged: text for people, json for machines (one object a line)."
    )
    sync_commands: bool = Field(
        default=True, description="Whether the commands are registered with Discord at every start."
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)


def load_settings(file: Path | None = None, **arguments: Any) -> Settings:
    """Arguments, then the environment, then the file, then the defaults; raises `ConfigError`.

    The file is `file`, else the path in `COLOPHON_CONFIG`, else `config.toml` in the working directory;
    only the last may be absent. An argument that is None was not given.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    named = file or (Path(os.environ[FILE_VARIABLE]) if os.environ.get(FILE_VARIABLE) else None)
    path = named or DEFAULT_FILE
    values = {} if named is None and not path.exists() else read_file(path)

    class WithFile(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            del dotenv_settings, file_secret_settings
            return init_settings, env_settings, InitSettingsSource(settings_cls, values)

    try:
        return WithFile(**given)
    except ValidationError as error:
        problems = [_sentence(str(one["loc"][0]), one["type"], one["msg"], given, path) for one in error.errors()]
        raise ConfigError(*problems) from None


def read_file(path: Path) -> dict[str, Any]:
    """Read the settings of a TOML file as they stand there, not yet validated; raises `ConfigError`."""
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


def _sentence(name: str, kind: str, message: str, given: dict[str, Any], path: Path) -> str:
    """Say what is wrong with one setting, where it stands, and what to do; never its value."""
    if kind == "extra_forbidden":
        near = get_close_matches(name, Settings.model_fields, n=1)
        cure = f"did you mean {near[0]}?" if near else f"known are {', '.join(Settings.model_fields)}."
        return f"{path} has an unknown setting {name}; {cure}"
    if name in given:
        where = f"--{name.replace('_', '-')}"
    elif any(variable.upper() == f"{PREFIX}{name}".upper() for variable in os.environ):
        where = f"{PREFIX}{name.upper()}"
    else:
        where = f"{name} in {path}"
    should = SHOULD_BE.get(kind) or message.removeprefix("Value error, ").removeprefix("Input should be ")
    return f"{where} cannot be used; it should be {should}."
