"""Where the lasting copy of what an author is told is posted (N3)."""

from dataclasses import dataclass

from storage import posts
from storage.communities import Community
from storage.series import Series
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, and the delivery that opens it, if it is a home that may not be open yet."""

    target_id: int | None
    after_id: int | None


def place_for(tx: Transaction, community: Community | None, story: Series | None) -> Place:
    """N3: the community's notices channel, or else the home of a series, once it is open.

    Without either there is no place; the hands cannot carry it out, and the moderators are told (R3).
    """
    if community is not None and community.notices_id is not None:
        return Place(community.notices_id, None)
    if story is None:
        return Place(None, None)
    return Place(story.thread_id, posts.thread_of_series(tx, story.id))
