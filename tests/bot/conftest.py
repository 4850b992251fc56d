"""What the tests of the command line share."""

import logging
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from bot.config import Settings
from bot.log import OurHandler


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In an empty folder, without settings; the logging stays as it was."""
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", *(setting.name for setting in fields(Settings))):
        monkeypatch.delenv(f"COLOPHON_{name.upper()}", raising=False)
    root, library = logging.getLogger(), logging.getLogger("discord")
    levels = root.level, library.level
    yield
    root.handlers = [one for one in root.handlers if not isinstance(one, OurHandler)]
    root.setLevel(levels[0])
    library.setLevel(levels[1])
