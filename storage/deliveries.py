"""Deliveries: what the bot will do, is doing and has done to Discord on its own account."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from whenever import Instant

from rules.deliveries import DECIDED_BY_TRYING, LEASE, Event, Kind, State, step
from storage.transaction import Row, Transaction, maybe_moment, milliseconds, moment, next_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One row of the outbox."""

    id: int
    community_id: int
    kind: Kind
    state: State
    target_id: int | None
    """Discord's channel; a part that waits for its home thread has none yet."""
    series_id: int | None
    chapter_id: int | None
    subject_id: int | None
    """The delivery that is published or reported."""
    request_id: int | None = None
    """The request it is about (E6)."""
    exception_id: int | None = None
    """The exception it is about (N5)."""
    challenge_id: int | None = None
    """The challenge it is about (H4); with `CHALLENGE` its `body` is what has changed."""
    hold_id: int | None = None
    """The hold it is about (N5)."""
    reader_id: int | None = None
    """The one reader whom it concerns."""
    question_id: int | None = None
    """The question it is about (L11)."""
    ruling_id: int | None = None
    """The set label it is about (L11)."""
    appeal_id: int | None = None
    """The appeal it is about (L12)."""
    image_id: int | None = None
    """The image that is posted (L5)."""
    import_id: int | None = None
    """The import it is about, or that it announces as a whole (C13)."""
    body: str | None
    attempts: int
    """How often it was claimed, this time included."""
    claimed_at: Instant | None
    lost_at: Instant | None
    """The oldest attempt whose answer never came."""
    message_id: int | None
    problem: str | None


COLUMNS = """
    d.id, d.community_id, d.kind, d.state, d.target_id, d.series_id, d.chapter_id, d.subject_id,
    d.request_id, d.exception_id, d.hold_id, d.question_id, d.ruling_id, d.appeal_id, d.challenge_id, d.reader_id,
    d.image_id, d.import_id, d.body, d.attempts, d.claimed_at, d.lost_at, d.message_id, d.problem
"""
"""What `from_row` reads, of `deliveries d`."""

_DELIVERY = f"SELECT {COLUMNS} FROM deliveries d WHERE d.id = :delivery"  # noqa: S608

# Due, its predecessor sent, and nothing earlier ready for the same channel: one sender a channel, in order.
# Publishes, corrections and removals have an order each of their own, so have members who come and go, so that what
# Discord slows down holds up no announcement (R4), and a correction that was put off holds up no other. What is taken
# down need not wait for what will never stand.
_READY = """
    ({0}.after_id IS NULL OR EXISTS (
        SELECT 1 FROM deliveries a WHERE a.id = {0}.after_id
           AND (a.state = 'sent' OR ({0}.kind = 'remove' AND a.state IN ('held', 'cancelled')))))
"""
_QUEUE = """
    CASE WHEN {0}.kind IN ('publish', 'edit', 'remove') THEN {0}.kind
         WHEN {0}.kind IN ('join', 'leave') THEN 'member' ELSE 'post' END
"""

# The plus keeps SQLite on the index of what is open; by the order of ids it would walk through all that was ever sent.
_CLAIMABLE = f"""
    SELECT {COLUMNS} FROM deliveries d
     WHERE d.state IN ('planned', 'sending') AND d.kind <> 'direct' AND d.due_at <= :now AND {_READY.format("d")}
       AND NOT EXISTS (
             SELECT 1 FROM deliveries e
              WHERE e.target_id = d.target_id AND e.id <> d.id AND e.state IN ('planned', 'sending')
                AND {_QUEUE.format("e")} = {_QUEUE.format("d")}
                AND (e.id < d.id AND {_READY.format("e")} AND (e.kind <> 'edit' OR e.due_at <= :now)
                     OR e.state = 'sending' AND e.due_at > :now))
     ORDER BY +d.id LIMIT :limit
"""  # noqa: S608

_NEXT_DUE = """
    SELECT MIN(due_at) AS due_at FROM deliveries
     WHERE state IN ('planned', 'sending') AND kind <> 'direct' AND due_at > :now
"""

_CLAIM = """
    UPDATE deliveries
       SET lost_at = CASE WHEN state = 'sending' THEN COALESCE(lost_at, claimed_at) ELSE lost_at END,
           state = :state, due_at = :lease, attempts = attempts + 1, claimed_at = :now
     WHERE id = :delivery
"""

_SETTLE = """
    UPDATE deliveries
       SET state = :state, due_at = :due, message_id = COALESCE(:message, message_id), problem = :problem,
           lost_at = CASE WHEN :lost THEN COALESCE(lost_at, claimed_at) ELSE lost_at END,
           sent_at = CASE WHEN :state = 'sent' THEN :now END,
           body = CASE WHEN :state = 'sent' THEN NULL ELSE body END
     WHERE id = :delivery
"""

_GIVE_TARGET = "UPDATE deliveries SET target_id = :thread WHERE series_id = :series AND target_id IS NULL"

_CANCEL = "UPDATE deliveries SET state = :state WHERE id = :delivery"

_CANCEL_ABOUT = """
    UPDATE deliveries SET state = 'cancelled'
     WHERE subject_id = :subject AND kind IN ('edit', 'publish') AND state = 'planned'
"""


_DOUBT = "UPDATE deliveries SET lost_at = :since WHERE id = :delivery AND lost_at IS NULL"

_RESUME = """
    UPDATE deliveries
       SET state = :state, target_id = :target, due_at = :due, problem = NULL,
           lost_at = CASE WHEN :decided THEN NULL ELSE lost_at END
     WHERE id = :delivery AND state = 'held'
"""


_HELD_IN = f"""
    SELECT {COLUMNS} FROM deliveries d
     WHERE d.community_id = :community AND d.state = 'held' AND d.target_id IS :target ORDER BY d.id
"""  # noqa: S608

_HELD = f"""
    SELECT {COLUMNS} FROM deliveries d WHERE d.community_id = :community AND d.state = 'held' ORDER BY d.id
"""  # noqa: S608


_POSTPONE = "UPDATE deliveries SET due_at = :due WHERE id = :delivery"

_KNOWN_MESSAGE = "SELECT 1 FROM deliveries WHERE message_id = :message"

_OF_MESSAGE = f"SELECT {COLUMNS} FROM deliveries d WHERE d.message_id = :message ORDER BY d.id LIMIT 1"  # noqa: S608

_PLAN_FOR_READERS = """
    INSERT INTO deliveries (id, community_id, kind, state, target_id, series_id, reader_id, due_at, place)
    SELECT :first + key, :community, :kind, :state, :target, :series, value, :due, :place + key
      FROM json_each(:readers)
"""


def find(tx: Transaction, delivery_id: int) -> Delivery:
    """One delivery that is known to exist."""
    delivery = find_maybe(tx, delivery_id)
    if delivery is None:
        raise LookupError(f"delivery {delivery_id}")
    return delivery


def find_maybe(tx: Transaction, delivery_id: int) -> Delivery | None:
    """One delivery, if it exists."""
    row = tx.one(_DELIVERY, delivery=delivery_id)
    return None if row is None else from_row(row)


def plan(
    tx: Transaction,
    kind: Kind,
    *,
    community_id: int,
    target_id: int | None,
    series_id: int | None = None,
    chapter_id: int | None = None,
    after_id: int | None = None,
    subject_id: int | None = None,
    request_id: int | None = None,
    exception_id: int | None = None,
    challenge_id: int | None = None,
    hold_id: int | None = None,
    reader_id: int | None = None,
    question_id: int | None = None,
    ruling_id: int | None = None,
    appeal_id: int | None = None,
    image_id: int | None = None,
    import_id: int | None = None,
    message_id: int | None = None,
    body: str | None = None,
    now: Instant,
) -> int:
    """Write down what is to be done, due at once; its id, larger than that of all planned before it."""
    delivery_id = next_ids(tx, "deliveries", now)
    tx.insert(
        "deliveries",
        {
            "id": delivery_id,
            "community_id": community_id,
            "kind": kind,
            "state": State.PLANNED,
            "target_id": target_id,
            "series_id": series_id,
            "chapter_id": chapter_id,
            "after_id": after_id,
            "subject_id": subject_id,
            "request_id": request_id,
            "exception_id": exception_id,
            "challenge_id": challenge_id,
            "hold_id": hold_id,
            "reader_id": reader_id,
            "question_id": question_id,
            "ruling_id": ruling_id,
            "appeal_id": appeal_id,
            "image_id": image_id,
            "import_id": import_id,
            "message_id": message_id,
            "body": body,
            "due_at": milliseconds(now),
        },
    )
    return delivery_id


def plan_for_readers(
    tx: Transaction,
    kind: Kind,
    readers: Sequence[int],
    *,
    community_id: int,
    target_id: int | None,
    series_id: int | None,
    due: Instant,
    place: int | None = None,
    now: Instant,
) -> None:
    """Write down one thing to be done for each of many readers, in one statement.

    With direct messages `place` is where the first of them stands in their line; the others follow one by one.
    """
    tx.run(
        _PLAN_FOR_READERS,
        first=next_ids(tx, "deliveries", now, len(readers)),
        community=community_id,
        kind=kind,
        state=State.PLANNED,
        target=target_id,
        series=series_id,
        due=milliseconds(due),
        place=place,
        readers=json.dumps(list(readers)),
    )


def claimable(tx: Transaction, *, now: Instant, limit: int) -> list[Delivery]:
    """What may be carried out now, oldest first: at most one a channel; direct messages have a line of their own."""
    return [from_row(row) for row in tx.all(_CLAIMABLE, now=milliseconds(now), limit=limit)]


def claim(tx: Transaction, delivery: Delivery, *, now: Instant) -> Delivery:
    """Take a delivery on for the length of a lease; the row as it stands then."""
    values = {"state": step(delivery.state, Event.CLAIM), "lease": milliseconds(now + LEASE)}
    tx.run(_CLAIM, delivery=delivery.id, now=milliseconds(now), **values)
    return find(tx, delivery.id)


def settle(
    tx: Transaction,
    delivery: Delivery,
    event: Event,
    *,
    due: Instant,
    message_id: int | None,
    problem: str | None,
    now: Instant,
) -> State:
    """Write down what came of an attempt; the state that follows."""
    state = step(delivery.state, event)
    tx.run(
        _SETTLE,
        delivery=delivery.id,
        state=state,
        due=milliseconds(due),
        message=message_id,
        problem=problem,
        lost=event is Event.LOST,
        now=milliseconds(now),
    )
    return state


def next_due(tx: Transaction, *, now: Instant) -> Instant | None:
    """The next moment at which something is due that is not due yet; direct messages are asked for elsewhere."""
    row = tx.one(_NEXT_DUE, now=milliseconds(now))
    return None if row is None else maybe_moment(row["due_at"])


def give_target(tx: Transaction, series_id: int, thread_id: int) -> None:
    """The home thread is open: what waited for it now knows where it goes."""
    tx.run(_GIVE_TARGET, series=series_id, thread=thread_id)


def postpone(tx: Transaction, delivery_id: int, *, due: Instant) -> None:
    """Let a planned delivery wait."""
    tx.run(_POSTPONE, delivery=delivery_id, due=milliseconds(due))


def cancel(tx: Transaction, delivery: Delivery) -> None:
    """Nobody wants it any more, nor what was planned about it."""
    tx.run(_CANCEL, delivery=delivery.id, state=step(delivery.state, Event.CANCEL))
    cancel_about(tx, delivery.id)


def cancel_about(tx: Transaction, subject_id: int) -> int:
    """Take back what was planned about a post that will never stand; how many."""
    return tx.run(_CANCEL_ABOUT, subject=subject_id)


def held_in(tx: Transaction, community_id: int, target_id: int | None) -> list[Delivery]:
    """All that is held in one channel, oldest first."""
    return [from_row(row) for row in tx.all(_HELD_IN, community=community_id, target=target_id)]


def held(tx: Transaction, community_id: int) -> list[Delivery]:
    """All that is held in a community, oldest first."""
    return [from_row(row) for row in tx.all(_HELD, community=community_id)]


def knows_message(tx: Transaction, message_id: int) -> bool:
    """Whether a message is some delivery's already, so that no other adopts it."""
    return tx.one(_KNOWN_MESSAGE, message=message_id) is not None


def of_message(tx: Transaction, message_id: int) -> Delivery | None:
    """The delivery whose message on Discord this is, if one of ours has made it."""
    row = tx.one(_OF_MESSAGE, message=message_id)
    return None if row is None else from_row(row)


def doubt(tx: Transaction, delivery_id: int, *, since: Instant) -> None:
    """It may have been attempted from a moment on, and nobody here knows."""
    tx.run(_DOUBT, delivery=delivery_id, since=milliseconds(since))


def resume(tx: Transaction, delivery: Delivery, *, target_id: int | None, due: Instant) -> None:
    """A held delivery is tried again, perhaps in another channel; where a person had to decide, they have."""
    state = step(delivery.state, Event.RESUME)
    decided = delivery.problem in DECIDED_BY_TRYING
    tx.run(_RESUME, delivery=delivery.id, state=state, target=target_id, due=milliseconds(due), decided=decided)


def from_row(row: Row) -> Delivery:
    """The delivery of a row with all of `COLUMNS`."""
    claimed: int | None = row["claimed_at"]
    return Delivery(
        id=row["id"],
        community_id=row["community_id"],
        kind=Kind(row["kind"]),
        state=State(row["state"]),
        target_id=row["target_id"],
        series_id=row["series_id"],
        chapter_id=row["chapter_id"],
        subject_id=row["subject_id"],
        request_id=row["request_id"],
        exception_id=row["exception_id"],
        challenge_id=row["challenge_id"],
        hold_id=row["hold_id"],
        reader_id=row["reader_id"],
        question_id=row["question_id"],
        ruling_id=row["ruling_id"],
        appeal_id=row["appeal_id"],
        image_id=row["image_id"],
        import_id=row["import_id"],
        body=row["body"],
        attempts=row["attempts"],
        claimed_at=None if claimed is None else moment(claimed),
        lost_at=maybe_moment(row["lost_at"]),
        message_id=row["message_id"],
        problem=row["problem"],
    )
