"""The log: one line for people, one object for machines, no secret in either."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from bot.log import OurHandler, configure

A_TOKEN = "MTIz.example.a-token-for-no-real-bot"  # noqa: S105 - it opens nothing
_log = logging.getLogger("bot.example")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Leave the logging of the test run as it was."""
    root, library = logging.getLogger(), logging.getLogger("discord")
    levels = root.level, library.level
    yield
    root.handlers = [one for one in root.handlers if not isinstance(one, OurHandler)]
    root.setLevel(levels[0])
    library.setLevel(levels[1])


def fail(error: Exception, logger: logging.Logger = _log) -> None:
    """Log an error from where it was caught."""
    try:
        raise error
    except type(error):
        logger.exception("it went wrong")


def test_a_line_for_people() -> None:
    out = io.StringIO()
    configure(stream=out)

    _log.info("chapter %s is out", 7, extra={"late_ms": 12})

    moment, _, rest = out.getvalue().partition(" ")
    assert datetime.fromisoformat(moment).utcoffset() is not None
    assert moment.endswith("Z")
    assert rest == "INFO    bot.example: chapter 7 is out late_ms=12\n"


def test_an_object_for_machines() -> None:
    out = io.StringIO()
    configure(form="json", stream=out)

    _log.warning("chapter %s is late", 7, extra={"late_ms": 12, "message_id": 4})

    entry: dict[str, Any] = json.loads(out.getvalue())
    assert entry.pop("time").endswith("Z")
    assert entry == {
        "level": "warning",
        "logger": "bot.example",
        "message": "chapter 7 is late",
        "late_ms": 12,
        "message_id": 4,
    }


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_secret_is_hidden_even_in_a_traceback(form: Any) -> None:
    out = io.StringIO()
    configure(form=form, stream=out, secrets=[A_TOKEN])

    fail(ValueError(f"Bot {A_TOKEN} is not welcome"))

    assert "Bot [secret] is not welcome" in out.getvalue()
    assert A_TOKEN not in out.getvalue()


def test_configuring_twice_does_not_say_everything_twice() -> None:
    out = io.StringIO()
    configure(stream=io.StringIO())
    configure(stream=out)

    logging.getLogger("discord.client").warning("once")

    assert out.getvalue().count("once") == 1


def test_a_lost_connection_has_no_traceback_and_a_mistake_has_one() -> None:
    out = io.StringIO()
    configure(stream=out)

    fail(ConnectionResetError("the line is dead"), logging.getLogger("discord.client"))
    assert out.getvalue().endswith("discord.client: it went wrong (the line is dead)\n")

    fail(KeyError("oops"), logging.getLogger("discord.client"))
    assert "Traceback" in out.getvalue()


def test_debugging_shows_where_a_connection_was_lost() -> None:
    out = io.StringIO()
    configure("debug", stream=out)

    fail(ConnectionResetError("the line is dead"), logging.getLogger("discord.client"))

    assert "Traceback" in out.getvalue()


def test_debugging_keeps_discords_payloads_out() -> None:
    """They hold people's texts and the tokens of interactions."""
    out = io.StringIO()
    configure("debug", stream=out)

    logging.getLogger("discord.http").debug("POST with the whole text")

    assert out.getvalue() == ""
