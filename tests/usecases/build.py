"""A community, an author and a chapter by default; a test changes the one detail it is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whenever import Instant

from rules.labels import Ai, Declaration
from storage.database import _open_writer
from storage.series import Series
from storage.transaction import Transaction
from tests.images import a_png
from tests.rules.build import NEW_YEAR
from usecases.chapters import Receipt, submit_chapter
from usecases.communities import SetUp, require_community, set_up
from usecases.drafts import OpenDraft, open_draft, prepare
from usecases.images import NewImage, take_in
from usecases.people import Person
from usecases.series import StartSeries, start_series

GUILD, HOME, NETWORK, MODERATORS, NOTICES = 10, 11, 12, 13, 14
INES, RUI = Person(GUILD, 100), Person(GUILD, 200)
STORY = "The bell rang twice.\n\nNobody came.\n\nIt was the baker.\n"

_requests = iter(range(1, 1_000_000))


@contextmanager
def a_database(folder: Path) -> Iterator[Transaction]:
    """A fresh database file, as one long transaction."""
    connection = _open_writer(folder / "colophon.sqlite3")
    connection.execute("BEGIN")
    try:
        yield Transaction(connection)
    finally:
        connection.close()


def a_community(tx: Transaction, **changes: Any) -> None:
    """A community that is set up, with a notices channel."""
    given: dict[str, Any] = {
        "person": Person(GUILD, 1),
        "home_id": HOME,
        "network_id": NETWORK,
        "moderators_id": MODERATORS,
        "notices_id": NOTICES,
    }
    set_up(tx, SetUp(**(given | changes)), now=NEW_YEAR)


def a_series(tx: Transaction, title: str = "The Salt Road", *, person: Person = INES) -> Series:
    """A series of Ines."""
    return start_series(tx, StartSeries(person=person, request_id=next(_requests), title=title), now=NEW_YEAR)


def an_image(word: str = "", *, embedded: bool = False, alt: str = "") -> NewImage:
    """A small image; another word makes it another one."""
    return take_in(a_png(word), f"{word}.png", embedded=embedded, alt=alt)


def a_draft(
    tx: Transaction,
    series: Series,
    *,
    now: Instant = NEW_YEAR,
    person: Person = INES,
    ai: Ai = Ai.NONE,
    disclosure: str | None = None,
    text: str = STORY,
    wanted: Instant | None = None,
    title: str = "One",
    images: tuple[NewImage, ...] = (),
) -> int:
    """A draft without AI."""
    declaration = Declaration(ai, disclosure)
    prepared = prepare(text, declaration, require_community(tx, person).policy)
    request = OpenDraft(
        person=person,
        series=series,
        title=title,
        declaration=declaration,
        wanted=wanted,
        prepared=prepared,
        images=images,
    )
    return open_draft(tx, request, now=now)


def handed_in(tx: Transaction, series: Series, *, now: Instant = NEW_YEAR, **changes: Any) -> Receipt:
    """A chapter, handed in."""
    person = changes.get("person", INES)
    return submit_chapter(tx, person, a_draft(tx, series, now=now, **changes), now=now)
