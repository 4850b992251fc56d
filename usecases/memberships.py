"""Readers in home threads: who follows in Discord's own way is added, and removed again if the bot had added them.

What a reader wants stands in `follows`, what holds stands in `memberships`; each step here brings the second to the
first, at once for the reader who pressed something, and for all when a chapter comes and wakes an archived thread.
"""

from whenever import Instant

from rules.deliveries import Event, Kind, Outcome, State
from storage import deliveries, follows, memberships, posts
from storage.chapters import Chapter
from storage.deliveries import Delivery
from storage.memberships import Membership
from storage.series import Series
from storage.transaction import Transaction
from usecases.people import Person

MOST_MEMBERS = 1000
"""How many members Discord lets a thread have."""


def settle_member(tx: Transaction, person: Person, series: Series, *, now: Instant) -> None:
    """Plan what brings a reader into the home of a series, or out of it, as they now want it."""
    standing = memberships.find(tx, series.id, person.id)
    if follows.wants_thread(tx, person.community_id, person.id, series.author_id, series.id):
        if standing not in {Membership.ASKED, Membership.ADDED, Membership.OWN}:
            _plan(tx, Kind.JOIN, Membership.ASKED, person, series, now=now)
    elif standing is Membership.ASKED and memberships.cancel_join(tx, person.community_id, person.id, series.id):
        memberships.drop(tx, series.id, person.id, Membership.ASKED)
    elif standing in {Membership.ASKED, Membership.ADDED}:
        _plan(tx, Kind.LEAVE, Membership.LEAVING, person, series, now=now)


def settle_members(tx: Transaction, chapter: Chapter, *, now: Instant) -> None:
    """A chapter has come to its home, which is awake therefore: let in and out whom that concerns.

    Also whom Discord has kept out before: somebody may have left a full thread, or a moderator may have unlocked it.
    """
    of = (chapter.community_id, chapter.author_id, chapter.series_id)
    for kind, readers, state in (
        (Kind.LEAVE, memberships.unwilling(tx, *of, limit=MOST_MEMBERS), Membership.LEAVING),
        (Kind.JOIN, memberships.wanting(tx, *of, limit=MOST_MEMBERS), Membership.ASKED),
    ):
        if readers:
            memberships.save(tx, chapter.series_id, readers, state)
            deliveries.plan_for_readers(
                tx,
                kind,
                readers,
                community_id=chapter.community_id,
                target_id=chapter.thread_id,
                series_id=chapter.series_id,
                due=now,
                now=now,
            )


def write_down(tx: Transaction, delivery: Delivery, state: State, outcome: Outcome) -> None:
    """What came of adding or removing a reader."""
    series_id, reader_id = delivery.series_id, delivery.reader_id
    if series_id is None or reader_id is None or state not in {State.SENT, State.CANCELLED}:
        return
    done = outcome.event is Event.DONE
    if delivery.kind is Kind.JOIN:
        joined = Membership.OWN if outcome.already else Membership.ADDED
        after = joined if done else _obstacle(outcome)
        memberships.turn(tx, series_id, reader_id, before=[Membership.ASKED], after=after)
        if after is Membership.FULL and delivery.target_id is not None:
            _take_for_full(tx, series_id, delivery.target_id)
    elif done:
        memberships.drop(tx, series_id, reader_id, Membership.LEAVING)
    else:  # still there: the next chapter's coming tries it again
        memberships.turn(tx, series_id, reader_id, before=[Membership.LEAVING], after=Membership.ADDED)


def _take_for_full(tx: Transaction, series_id: int, thread_id: int) -> None:
    """A full thread takes nobody: Discord is asked for the others only when the next chapter comes."""
    waiting = memberships.asked_for(tx, thread_id)
    memberships.ask_for_nobody(tx, thread_id)
    memberships.save(tx, series_id, waiting, Membership.FULL)


def _plan(tx: Transaction, kind: Kind, state: Membership, person: Person, series: Series, *, now: Instant) -> None:
    memberships.save(tx, series.id, [person.id], state)
    deliveries.plan(
        tx,
        kind,
        community_id=person.community_id,
        target_id=series.thread_id,
        series_id=series.id,
        reader_id=person.id,
        after_id=posts.thread_of_series(tx, series.id),
        now=now,
    )


def _obstacle(outcome: Outcome) -> Membership:
    """What kept a reader out; the hands name it in `problem`."""
    known = {Membership.ASLEEP, Membership.FULL}
    return Membership(outcome.problem) if outcome.problem in known else Membership.REFUSED
