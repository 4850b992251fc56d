"""Who asks, and what they mean by a title."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from storage import communities
from storage.communities import Community
from storage.transaction import Transaction
from usecases.refusals import AmbiguousTitleError, NotSetUpError

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


def emptied(text: str) -> str | None:
    """What an option says that may also empty a field: a lone dash stands for nothing."""
    return None if text.strip() in _NOTHING else text
