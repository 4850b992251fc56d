"""What can go wrong: one sentence that says what it is and what to do, and an exit code for the machine."""

import os
import shutil
from dataclasses import dataclass
from enum import IntEnum

from bot.config import ConfigError
from bot.log import is_weather, reason
from storage.errors import (
    DatabaseForeignError,
    DatabaseFullError,
    DatabaseLockedError,
    DatabaseNewerError,
    DatabaseOlderError,
    StorageError,
)

PORTAL = "https://discord.com/developers/applications"
LONGEST_REASON = 200
LEAST_FREE_BYTES = 64 * 1024


class Exit(IntEnum):
    """The exit codes of `colophon`; 2 is the command line's own, for a mistake in its arguments."""

    OK = 0
    UNFORESEEN = 1
    SETTINGS = 3
    NO_TOKEN = 4
    TOKEN_REFUSED = 5
    UNREACHABLE = 6
    INTENTS = 7
    SHARDING = 8
    REFUSED = 9
    LOCKED = 10
    DISK_FULL = 11
    FOREIGN = 12
    NEWER = 13
    DATABASE = 14
    PERMISSIONS = 15
    DEMO = 16
    DIFFERENT = 17
    COPY = 18
    CLOCK = 19


@dataclass(frozen=True)
class Trouble:
    """What is wrong and its cure, for a person, and the exit code, for a machine."""

    sentence: str
    exit: Exit


TOKEN_REFUSED = Trouble(
    f"Discord does not accept this token; make a new one at {PORTAL} (Bot, Reset Token) "
    "and put it into COLOPHON_TOKEN or config.toml.",
    Exit.TOKEN_REFUSED,
)
INTENTS_REFUSED = Trouble(
    "Discord does not allow this bot the intents it asks for; "
    f"switch them on at {PORTAL} (Bot, Privileged Gateway Intents), then start again.",
    Exit.INTENTS,
)
TOO_MANY_COMMUNITIES = Trouble(
    "This bot is in more communities than Discord lets one connection serve; "
    "take it out of those that no longer use it, then start again.",
    Exit.SHARDING,
)
OUTDATED = Trouble("Discord no longer understands this Colophon; update it, then start again.", Exit.REFUSED)

CLOSE_CODES = {
    4004: TOKEN_REFUSED,
    4010: TOO_MANY_COMMUNITIES,
    4011: TOO_MANY_COMMUNITIES,
    4012: OUTDATED,
    4013: OUTDATED,
    4014: INTENTS_REFUSED,
}
"""The gateway's close codes after which Discord wants no second try."""


class TokenMissingError(Exception):
    """No token was given."""


class DiscordUnreachableError(Exception):
    """Discord could not be reached in as many tries as a start may take; the last reason is its cause."""


class TroubleError(Exception):
    """What whoever raised it could explain best."""

    def __init__(self, sentence: str, code: Exit) -> None:
        super().__init__(sentence)
        self.trouble = Trouble(sentence, code)


def explain(error: BaseException) -> Trouble:
    """Say what went wrong; what nobody foresaw says so."""
    for known in (_ours, _storage, _discord):
        if trouble := known(error):
            return trouble
    return Trouble(
        f"Something went wrong that Colophon did not foresee ({type(error).__name__}: {_short(error)}); "
        "start it again with --traceback and report what it prints.",
        Exit.UNFORESEEN,
    )


def _ours(error: BaseException) -> Trouble | None:
    match error:
        case ConfigError(problems=(first, *others)):
            more = f" (`colophon check` names {len(others)} more)" if others else ""
            return Trouble(f"{first[:-1]}{more}{first[-1]}", Exit.SETTINGS)
        case TokenMissingError():
            return Trouble(
                f"There is no token; copy one from {PORTAL} (Bot, Reset Token) into COLOPHON_TOKEN "
                "or into config.toml.",
                Exit.NO_TOKEN,
            )
        case DiscordUnreachableError():
            return _unreachable(error.__cause__ or error)
        case TroubleError():
            return error.trouble
    return None


def _storage(error: BaseException) -> Trouble | None:  # noqa: PLR0911 - one case a kind
    match error:
        case DatabaseLockedError():
            return Trouble(
                f"The database {error.path} is in use by another program; "
                "stop the other Colophon or the tool that has it open, then start again.",
                Exit.LOCKED,
            )
        case DatabaseFullError():
            return _disk_full(error)
        case DatabaseForeignError():
            return Trouble(
                f"{error.path} is not a Colophon database; name another file as `database`, or move that one away.",
                Exit.FOREIGN,
            )
        case DatabaseNewerError():
            return Trouble(
                f"{error.path} was made by a newer Colophon (schema {error.found}, this one knows {error.known}); "
                "update this one, or restore a backup from before.",
                Exit.NEWER,
            )
        case DatabaseOlderError():
            return Trouble(
                f"{error.path} was made by an older Colophon (schema {error.found}, this one knows {error.known}); "
                "start `colophon run` once, which brings it up to date.",
                Exit.DATABASE,
            )
        case StorageError():
            return _disk_full(error) if _has_no_room(error) else Trouble(_unusable(error), Exit.DATABASE)
    return None


def _disk_full(error: StorageError) -> Trouble:
    return Trouble(f"The disk of the database {error.path} is full; free some space, then start again.", Exit.DISK_FULL)


def _has_no_room(error: StorageError) -> bool:
    """SQLite calls it an I/O error when the disk has no room for its shared memory."""
    folder = error.path.absolute().parent
    return folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free < LEAST_FREE_BYTES


def _unusable(error: StorageError) -> str:
    """A file that cannot be opened: most often its folder is the reason."""
    folder = error.path.absolute().parent
    if not folder.is_dir():
        return f"There is no folder {folder} for the database; make it, or name another file as `database`."
    if error.path.is_dir():
        return f"The database {error.path} is a folder; name a file as `database`."
    if not os.access(folder, os.W_OK) or (error.path.exists() and not os.access(error.path, os.W_OK)):
        return (
            f"The database {error.path} may not be written by this user; "
            "change the rights of the file and its folder, or name another file as `database`."
        )
    return f"The database {error.path} cannot be used ({error.reason}); check its disk, or restore a backup."


def _discord(error: BaseException) -> Trouble | None:  # noqa: PLR0911 - one answer a case
    """Discord's own; the library is imported here because settings and `--help` do without."""
    import discord  # noqa: PLC0415 - see above

    match error:
        case discord.LoginFailure():
            return TOKEN_REFUSED
        case discord.PrivilegedIntentsRequired():
            return INTENTS_REFUSED
        case discord.ConnectionClosed(code=code):
            return CLOSE_CODES.get(code) or Trouble(
                f"Discord ended the connection with code {code}; look at https://discordstatus.com, then start again.",
                Exit.REFUSED,
            )
        case discord.HTTPException(status=429) | discord.RateLimited():
            return Trouble(
                "Discord keeps this machine out for asking too often; wait an hour, then start again.",
                Exit.UNREACHABLE,
            )
        case discord.DiscordServerError():
            return _unreachable(error)
        case discord.HTTPException(status=status, code=code):
            return Trouble(
                f"Discord refused a request (HTTP {status}, code {code}: {_short(error.text)}); "
                "run `colophon check`, which looks at each thing the bot needs.",
                Exit.REFUSED,
            )
    return _unreachable(error) if is_weather(error) else None


def _unreachable(error: BaseException) -> Trouble:
    return Trouble(
        f"Discord cannot be reached ({_short(error)}); "
        "check this machine's network and https://discordstatus.com, then start again.",
        Exit.UNREACHABLE,
    )


def _short(words: object) -> str:
    """One line of at most `LONGEST_REASON` characters."""
    text = reason(words) if isinstance(words, BaseException) else " ".join(str(words).split())
    return text if len(text) <= LONGEST_REASON else f"{text[:LONGEST_REASON]}…"
