"""Logging: one line for people or one JSON object for machines, times in UTC, no secret in either."""

import json
import logging
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

SHORTEST_SECRET = 8
"""A shorter one is a placeholder; hiding it would only garble the lines."""

_LIBRARY_LOGGERS = {"discord.client", "discord.gateway", "discord.shard"}
_OWN_FIELDS = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "color_message"}


class Formatter(logging.Formatter):
    """What both forms share: the time, the fields given as `extra`, and what must not be seen."""

    def __init__(self, *, secrets: Iterable[str] = (), brief: bool = True) -> None:
        super().__init__()
        self._secrets = tuple(secrets)
        self._brief = brief

    def format(self, record: logging.LogRecord) -> str:
        """Write one record, without any secret."""
        return without_secrets(self.line(record), self._secrets)

    def line(self, record: logging.LogRecord) -> str:
        """For people: time, level, logger, sentence, facts; a traceback below where it tells something."""
        facts = "".join(f" {name}={value}" for name, value in extras(record).items())
        text = f"{moment(record)} {record.levelname:<7} {record.name}: {self._message(record)}{facts}"
        trace = self._trace(record)
        return f"{text}\n{trace}" if trace else text

    def _message(self, record: logging.LogRecord) -> str:
        """The sentence; when the weather is bad, with its reason instead of a traceback."""
        message = record.getMessage()
        error = record.exc_info[1] if record.exc_info else None
        return f"{message} ({reason(error)})" if error and not self._trace(record) else message

    def _trace(self, record: logging.LogRecord) -> str:
        """A traceback is for mistakes; the library's lost connections have none unless debugging."""
        if not record.exc_info or not record.exc_info[1]:
            return ""
        if self._brief and record.name in _LIBRARY_LOGGERS and is_weather(record.exc_info[1]):
            return ""
        return self.formatException(record.exc_info)


class JSONFormatter(Formatter):
    """For machines: one object a line."""

    def line(self, record: logging.LogRecord) -> str:
        """Put the same facts under names; ours come first and are never overwritten."""
        entry: dict[str, Any] = {
            "time": moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._message(record),
        }
        entry = extras(record) | entry
        if trace := self._trace(record):
            entry["traceback"] = trace
        return json.dumps(entry, ensure_ascii=False, default=str)


class OurHandler(logging.StreamHandler[TextIO]):
    """The one handler; its type tells it from a test's or a library's."""


def configure(
    level: str = "info",
    form: Literal["text", "json"] = "text",
    *,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send every logger's lines to stderr, once; calling it again replaces the handler.

    discord.py stays at `info` even when debugging: its debug lines hold people's texts and the tokens
    of interactions. What it says at each start about voice, which we have no use for, is left out.
    """
    handler = OurHandler(stream or sys.stderr)
    kind = JSONFormatter if form == "json" else Formatter
    handler.addFilter(lambda record: not str(record.msg).endswith("voice will NOT be supported"))
    handler.setFormatter(kind(secrets=secrets, brief=level != "debug"))
    root = logging.getLogger()
    for earlier in [one for one in root.handlers if isinstance(one, OurHandler)]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(level.upper())
    logging.getLogger("discord").setLevel(max(root.level, logging.INFO))


def moment(record: logging.LogRecord) -> str:
    """When it was logged: ISO 8601, UTC, milliseconds."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def extras(record: logging.LogRecord) -> dict[str, Any]:
    """The facts given as `extra=`."""
    return {name: value for name, value in vars(record).items() if name not in _OWN_FIELDS}


def reason(error: BaseException) -> str:
    """An error in one line: its words, or its name when it has none."""
    words = " ".join(str(error).split())
    return words or ("no answer in time" if isinstance(error, TimeoutError) else type(error).__name__)


def is_weather(error: BaseException) -> bool:
    """Whether it is the network's or Discord's doing (both libraries' names, so that neither is imported here)."""
    return isinstance(error, (ConnectionError, TimeoutError)) or any(
        f"{kind.__module__}.{kind.__name__}" in _WEATHER for kind in type(error).__mro__
    )


_WEATHER = {
    "aiohttp.client_exceptions.ClientError",
    "discord.errors.ConnectionClosed",
    "discord.errors.DiscordServerError",
    "discord.errors.GatewayNotFound",
}


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """Put `[secret]` wherever one of the secrets stands."""
    for secret in secrets:
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, "[secret]")
    return text
