"""`colophon backup` and `colophon restore`, with real files: one sentence, one exit code, and nothing half done."""

import asyncio
import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.arguments import app
from bot.config import Settings
from bot.troubles import Exit
from storage.database import Database
from tests.storage.test_backups import a_file, known, names, spoil
from tests.storage.test_database import add, count
from tests.wire.children import ROOT, environment

run = CliRunner().invoke
_KILLED = """
import os, signal, sys
from storage import backups

def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)

step, kept = sys.argv[1], getattr(backups, sys.argv[1])
def struck(*given, **named):
    if sys.argv[2] == "after":
        kept(*given, **named)
    kill()
setattr(backups, step, struck)
from bot.cli import main
sys.argv = ["colophon", *sys.argv[3:]]
main()
"""


@pytest.fixture(autouse=True)
def _database(alone: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder with a database of one community, without settings."""
    del alone
    monkeypatch.setattr("storage.backups._BUSY_SECONDS", 0.1)
    asyncio.run(a_file(Path("colophon.sqlite3"), 1))


def test_a_copy_is_made_and_put_back() -> None:
    """The way there and back; what it replaced is kept and named."""
    made = run(app, ["backup", "copies.sqlite3"])
    assert made.exit_code == 0, made.output
    assert re.fullmatch(
        r"copies\.sqlite3 is a whole copy of colophon\.sqlite3, as of [\d-]+ [\d:]+ UTC \(0\.\d MB\)\.\n", made.output
    )
    asyncio.run(a_file(Path("colophon.sqlite3"), 2))
    back = run(app, ["restore", "copies.sqlite3"])
    assert back.exit_code == 0, back.output
    assert back.output.startswith("colophon.sqlite3 is now the copy of ")
    (kept,) = re.findall(r"is kept as (\S+)\.\n", back.output)
    assert known(Path("colophon.sqlite3")) == {1}
    assert known(Path(kept)) == {1, 2}


async def test_it_works_while_the_bot_runs_and_restoring_does_not() -> None:
    """With a sentence that says what to do, and code 10, which a supervisor may repeat."""
    async with Database(Path("colophon.sqlite3")) as database:
        await database.write(add, 2)
        made = await asyncio.to_thread(run, app, ["backup", "copy"])
        assert made.exit_code == 0, made.output
        refused = await asyncio.to_thread(run, app, ["restore", "copy"])
        assert refused.exit_code == Exit.LOCKED
        assert refused.output == "A bot is using colophon.sqlite3; stop it, then restore again. Nothing was changed.\n"
        assert await database.read(count) == 2
    assert known(Path("copy")) == {1, 2}


def test_an_older_copy_is_overwritten_only_when_told() -> None:
    Path("copy").write_text("precious", encoding="utf-8")

    refused = run(app, ["backup", "copy"])

    assert refused.exit_code == Exit.COPY
    assert refused.output == "copy is there already; choose another name, or add --overwrite.\n"
    assert Path("copy").read_text(encoding="utf-8") == "precious"
    assert run(app, ["backup", "copy", "--overwrite"]).exit_code == 0
    assert known(Path("copy")) == {1}


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["backup", "nowhere/copy"], Exit.COPY, r"There is no folder .*nowhere for the copy; make it, or name .*"),
        (["backup", "."], Exit.COPY, r"\. is a folder; name the file that the copy is to be\."),
        (
            ["backup", "colophon.sqlite3", "--overwrite"],
            Exit.COPY,
            r"colophon\.sqlite3 belongs to the database itself; name another file\.",
        ),
        (["backup", "colophon.sqlite3-wal"], Exit.COPY, r".*-wal belongs to the database itself; name another file\."),
        (
            ["backup", "copy", "--database", "other"],
            Exit.DATABASE,
            r"There is no database other; name the one that the bot runs on with --database\.",
        ),
        (["backup", "copy", "--database", "novel"], Exit.FOREIGN, r"novel is not a Colophon database; .*"),
        (["backup", "copy", "--database", "damaged"], Exit.DATABASE, r"The database damaged cannot be used \(.*\);.*"),
        (["restore", "copy"], Exit.COPY, r"There is no file copy; name a copy that `colophon backup` has made\."),
        (["restore", "novel"], Exit.FOREIGN, r"novel is not a Colophon database; .*"),
        (["restore", "newer"], Exit.NEWER, r"newer was made by a newer Colophon .*"),
        (
            ["restore", "damaged"],
            Exit.DATABASE,
            r"damaged cannot be restored: .+\. Take another copy; nothing was changed\.",
        ),
        (["restore", "colophon.sqlite3"], Exit.COPY, r"colophon\.sqlite3 belongs to the database itself; .*"),
        (["restore", "whole", "--database", "novel"], Exit.FOREIGN, r"novel is not a Colophon database; .*"),
        (["restore", "whole", "--database", "nowhere/x"], Exit.DATABASE, r"There is no folder .*nowhere for the .*"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(arguments: list[str], code: Exit, sentence: str) -> None:
    """And leaves everything as it was."""
    Path("novel").write_text("It was a dark and stormy night. " * 1000, encoding="utf-8")
    asyncio.run(a_file(Path("damaged"), *range(400)))
    spoil(Path("damaged"))
    for name in ("newer", "whole"):
        asyncio.run(a_file(Path(name), 1))
    with closing(sqlite3.connect("newer")) as connection:
        connection.execute("PRAGMA user_version = 999")
    there, before = names(Path()), Path("colophon.sqlite3").read_bytes()

    told = run(app, arguments)

    assert told.exit_code == code, told.output
    assert re.fullmatch(sentence, told.output.strip()), told.output
    assert [name for name in names(Path()) if not name.endswith(("-wal", "-shm"))] == there
    assert Path("colophon.sqlite3").read_bytes() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files to another user")
def test_an_administrator_leaves_the_bot_its_file() -> None:
    """The owner and the rights of the file stay, whoever restores."""
    path = Path("colophon.sqlite3")
    run(app, ["backup", "copy"])
    try:
        os.chown(path, 1234, 1234)
    except OSError:
        pytest.skip("whoever is administrator here has no other user")
    path.chmod(0o640)
    assert run(app, ["restore", "copy"]).exit_code == 0
    found = path.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (1234, 1234, 0o640)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["_require_sound", "_mark", "_flush", "_flush_folder"])
def test_killed_in_the_middle_of_a_backup(step: str, when: str) -> None:
    """The final name is that of a whole copy, the old one or the new one; the bot's file is as it was."""
    assert run(app, ["backup", "copy"]).exit_code == 0
    asyncio.run(a_file(Path("colophon.sqlite3"), 2))

    killed(step, when, "backup", "copy", "--overwrite")

    assert known(Path("copy")) == ({1, 2} if step == "_flush_folder" else {1})
    asyncio.run(a_file(Path("colophon.sqlite3"), 3))
    assert known(Path("colophon.sqlite3")) == {1, 2, 3}
    assert run(app, ["backup", "copy", "--overwrite"]).exit_code == 0
    assert known(Path("copy")) == {1, 2, 3}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["_require_sound", "_mark", "_flush", "_keep_whole", "_flush_folder"])
def test_killed_in_the_middle_of_a_restore(step: str, when: str) -> None:
    """The database is whole, the old one or the copy; doing it again ends it."""
    assert run(app, ["backup", "copy"]).exit_code == 0
    asyncio.run(a_file(Path("colophon.sqlite3"), 2))

    killed(step, when, "restore", "copy")

    left = known(Path("colophon.sqlite3"))
    assert left == ({1} if step == "_flush_folder" else {1, 2})
    asyncio.run(a_file(Path("colophon.sqlite3"), 3))
    assert known(Path("colophon.sqlite3")) == left | {3}
    assert run(app, ["restore", "copy"]).exit_code == 0
    assert known(Path("colophon.sqlite3")) == {1}


def killed(step: str, when: str, *arguments: str) -> None:
    """Run `colophon` in a process of its own, which ends itself with SIGKILL at a step."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-c", _KILLED, step, when, *arguments],
        env=environment({}) | {"PYTHONPATH": str(ROOT)},
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL


def test_the_settings_say_which_database() -> None:
    """From the file or the environment, as for `run`."""
    Path("config.toml").write_text('database = "elsewhere.sqlite3"\n', encoding="utf-8")
    asyncio.run(a_file(Path("elsewhere.sqlite3"), 7))
    assert run(app, ["backup", "copy"]).exit_code == 0
    assert known(Path("copy")) == {7}
    assert Settings().database == Path("colophon.sqlite3")
