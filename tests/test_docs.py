"""What README, CONTRIBUTING, CHANGELOG and the decisions name is there."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import discord
import pytest
from discord import app_commands

from bot.app import create_bot
from bot.check import INVITATION
from bot.config import Secret, Settings
from bot.troubles import Exit

ROOT = Path(__file__).parents[1]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
DOCUMENTS += [ROOT / "docs" / "decisions" / "README.md", *DECISIONS]
README = DOCUMENTS[0].read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

LINK = re.compile(r"\]\((?!https?://)([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
NAMED = re.compile(r"`(?P<path>[\w./-]+\.py)::(?P<name>\w+)`")
FOLDERS = {"bench", "bot", "cogs", "demo", "docs", "rules", "storage", "tests", "usecases", ".ci"}
every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def slug(heading: str) -> str:
    """A heading as the end of an address."""
    return re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-")


def table(below: str) -> list[list[str]]:
    """The rows of the first table in the README after these words, without its head."""
    rows: list[list[str]] = []
    for line in README.split(below, 1)[1].splitlines():
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            break
    return rows[2:]


@every_document
def test_every_link_leads_somewhere(document: Path) -> None:
    """Relative ones, with their headings."""
    for target in LINK.findall(document.read_text("utf-8")):
        path, _, anchor = target.partition("#")
        file = document.parent / path if path else document
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
            assert anchor in map(slug, headings), target


@every_document
def test_every_path_is_there(document: Path) -> None:
    """Of a file or a folder of ours, as it stands between backticks."""
    for code in CODE.findall(document.read_text("utf-8")):
        path = code.partition("::")[0]
        if PATH.fullmatch(path) and "/" in path and path.split("/")[0] in FOLDERS:
            assert (ROOT / path).exists(), code


@every_document
def test_every_name_stands_in_its_file(document: Path) -> None:
    """`usecases/chapters.py::submit_chapter` and its like: defined there, not only used."""
    for found in NAMED.finditer(document.read_text("utf-8")):
        source = (ROOT / found["path"]).read_text("utf-8")
        defined = (
            rf"^\s*(?:(?:async )?def {found['name']}\(|class {found['name']}\b|(?:self\.)?{found['name']}\b *[:=])"
        )
        assert re.search(defined, source, re.MULTILINE), found[0]


def test_the_first_screen_has_the_two_commands() -> None:
    """Each complete in itself, and each as the project is made: an extra, a script, the tests' home."""
    first = README.split("\n## ", 1)[0]
    assert re.findall(r"```sh\n(.*?)\n```", first, re.DOTALL) == [
        "pip install uv && uv run --extra demo colophon demo",
        "pip install uv && uv run pytest",
    ]
    assert "docs/demo.png" in first
    assert "demo" in PROJECT["project"]["optional-dependencies"]
    assert "colophon" in PROJECT["project"]["scripts"]
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    assert "Python 3.11 or newer" in first


async def test_the_readme_lists_the_commands_there_are(tmp_path: Path) -> None:
    """All of them and no other."""
    bot = create_bot(Settings(token=Secret("simulated"), database=tmp_path / "colophon.sqlite3", sync_commands=False))
    await bot.setup_hook()
    try:
        commands = [one for one in bot.tree.walk_commands() if not isinstance(one, app_commands.Group)]
        menus = [*bot.tree.get_commands(type=discord.AppCommandType.user)]
        menus += bot.tree.get_commands(type=discord.AppCommandType.message)
    finally:
        await bot.close()
    there = sorted(f"`/{one.qualified_name}`" for one in commands)
    assert sorted(row[0] for row in table("\n## Commands\n")) == there
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [menu.name for menu in menus if f"*{menu.name}*" not in readme] == []


def test_the_readme_lists_what_the_program_does() -> None:
    """As `colophon --help` has it."""
    told = subprocess.run(
        [sys.executable, "-m", "bot", "--help"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    there = re.findall(r"^  ([a-z]+) ", told.split("Commands:", 1)[1], re.MULTILINE)
    assert [row[0] for row in table("\n## Running it for real\n")] == [f"`colophon {name}`" for name in there]


def test_the_readme_lists_every_exit_code() -> None:
    """Ours, and 2 of the command line."""
    listed = [int(row[0]) for row in table("Each ends with a sentence and an exit code")]
    assert listed == sorted([*Exit, 2])


def test_the_invitation_asks_for_what_check_asks_for() -> None:
    """And the smaller number is the same without Manage Threads."""
    numbers = {int(number) for number in re.findall(r"\b\d{12}\b", README)}
    assert numbers == {INVITATION.value, INVITATION.value & ~discord.Permissions(manage_threads=True).value}


def test_the_changelog_knows_this_version() -> None:
    """The one in `pyproject.toml`."""
    assert f"\n## [{PROJECT['project']['version']}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.name)
def test_a_decision_has_its_four_parts_and_stays_short(decision: Path) -> None:
    """Numbered as its file is."""
    lines = decision.read_text("utf-8").splitlines()
    assert lines[0].startswith(f"# {decision.name[:4]}: ")
    headings = [line for line in lines if line.startswith("## ")]
    assert headings == ["## Status", "## Context", "## Decision", "## Consequences"]
    assert 15 <= len(lines) <= 40


def test_decisions_are_numbered_without_a_gap_and_all_are_listed() -> None:
    """From 0001 on."""
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (DECISIONS[0].parent / "README.md").read_text("utf-8"))
    assert listed == [path.name for path in DECISIONS]
