"""`colophon audit DATABASE`: the whole log, evaluated again, changing nothing."""

from pathlib import Path

import pytest

from bot import cli
from bot.troubles import Exit
from storage.transaction import Transaction
from tests.usecases.build import a_community, a_database
from tests.usecases.test_audits import some_history


def a_history(folder: Path) -> Path:
    """A database with decisions of every kind."""
    with a_database(folder) as tx:
        a_community(tx)
        some_history(tx)
        tx.run("COMMIT")
    return folder / "colophon.sqlite3"


def audit(path: Path) -> int:
    """The exit code of the command."""
    with pytest.raises(SystemExit) as left:
        cli.audit(path, traceback=False)
    assert isinstance(left.value.code, int)
    return left.value.code


def test_it_prints_the_counts_and_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0 when every decision gives its recorded answer."""
    path = a_history(tmp_path)
    before = path.read_bytes()
    assert audit(path) == Exit.OK
    printed = capsys.readouterr().out
    assert "5 submitted" in printed
    assert "0 of them differently" in printed
    assert path.read_bytes() == before


def test_it_names_the_decision_that_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With an exit code of its own."""
    path = a_history(tmp_path)

    def tamper(tx: Transaction) -> None:
        tx.run("UPDATE decisions SET answer = replace(answer, 'network', 'personal') WHERE kind = 'released'")

    with a_database(tmp_path) as tx:
        tamper(tx)
        tx.run("COMMIT")
    assert audit(path) == Exit.DIFFERENT
    assert "(released) on chapter" in capsys.readouterr().out


@pytest.mark.parametrize(("content", "code"), [(b"no database " * 100, Exit.FOREIGN), (None, Exit.DATABASE)])
def test_what_is_no_database_of_ours_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, code: Exit
) -> None:
    """Another file; no file, which is not made."""
    path = tmp_path / "some.sqlite3"
    if content is not None:
        path.write_bytes(content)
    assert audit(path) == code
    assert capsys.readouterr().err.count("\n") == 1
    assert path.exists() == (content is not None)
