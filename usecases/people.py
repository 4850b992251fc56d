"""Who asks, what they mean by a title, and whether it is theirs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from storage import chapters, communities
from storage.chapters import Chapter
from storage.communities import Community
from storage.imports import Import
from storage.series import Series
from storage.transaction import Transaction
from usecases.refusals import AmbiguousTitleError, DraftGoneError, NotSetUpError, NotYoursError

T = TypeVar("T")
_NOTHING = frozenset({"", "-", "\N{EN DASH}", "\N{EM DASH}"})
"""What people type for "nothing"; telephones make the last two of a dash."""
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a community, by Discord's ids."""

    community_id: int
    id: int


def community_of(tx: Transaction, person: Person) -> Community:
    """The community a person acts in.

    Raises:
        NotSetUpError: nobody has set it up yet.
    """
    community = communities.find(tx, person.community_id)
    if community is None:
        raise NotSetUpError
    return community


def check_own(person: Person, work: Chapter | Series | Import) -> None:
    """Whether a chapter, a series or an import is somebody's own.

    Raises:
        NotYoursError: it is somebody else's.
    """
    if (work.community_id, work.author_id) != (person.community_id, person.id):
        raise NotYoursError


def known_chapter(tx: Transaction, chapter_id: int) -> Chapter:
    """One chapter that is known to exist."""
    chapter = chapters.find(tx, chapter_id)
    if chapter is None:
        raise DraftGoneError
    return chapter


def own_by_id(tx: Transaction, person: Person, chapter_id: int) -> Chapter:
    """A chapter, for its author alone.

    Raises:
        DraftGoneError, NotYoursError: there is no such chapter of this person.
    """
    chapter = known_chapter(tx, chapter_id)
    check_own(person, chapter)
    return chapter


def pick(text: str, choices: Sequence[T], *, key: Callable[[T], int], names: Callable[[T], Sequence[str]]) -> T | None:
    """The one of `choices` that a person means: by id, by a name in full, by the only name that holds the text.

    Args:
        text: what was picked from the suggestions (an id) or typed.
        choices: what it may mean.
        key: a choice's id.
        names: what a choice may be called, its fullest name last.

    Raises:
        AmbiguousTitleError: the text fits several equally well.
    """
    wanted = text.strip().casefold()
    for choice in choices:
        if str(key(choice)) == wanted:
            return choice
    for fits in (str.__eq__, str.startswith, str.__contains__):
        matches = [c for c in choices if any(fits(name.casefold(), wanted) for name in names(c))]
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise AmbiguousTitleError(text, tuple(names(match)[-1] for match in matches[:_SHOWN]))
    return None


def pick_chapter(text: str, choices: Sequence[Chapter]) -> Chapter | None:
    """The one of these chapters that a person means, by id or title.

    Raises:
        AmbiguousTitleError: the text fits several equally well.
    """
    return pick(text, choices, key=lambda one: one.id, names=names_of)


def matching(typed: str, choices: Iterable[Chapter]) -> list[Chapter]:
    """The chapters whose title, with that of their series, holds what was typed so far."""
    return [one for one in choices if typed.strip().casefold() in names_of(one)[-1].casefold()]


def names_of(chapter: Chapter) -> tuple[str, str]:
    """What a chapter may be called: by its title, or with that of its series."""
    return (chapter.title, f"{chapter.series_title} · {chapter.title}")


def emptied(text: str) -> str | None:
    """What an option says that may also empty a field: a lone dash stands for nothing."""
    return None if text.strip() in _NOTHING else text
