"""The life of a delivery: everything that decides a transition stands in this file (R2, R3).

A delivery is one thing the bot does to Discord on its own account.
Its row is there before the act, so that a crash at any moment leaves something to go on from:

    planned ──claim──▶ sending ──done──▶ sent
       ▲                 │ │ └──refuse, doubt──▶ held ──resume──▶ planned
       └────postpone─────┘ └──lost──▶ sending (its answer never came)

`planned` and `held` can also be cancelled, and `sending` when what it was for is gone.
"""

from dataclasses import dataclass
from enum import StrEnum

from whenever import Instant, TimeDelta


class Kind(StrEnum):
    """What is done to Discord."""

    THREAD = "thread"
    """The home thread of a series is opened."""
    HEADING = "heading"
    """The message at which a chapter begins in its home: title, author, label line."""
    PART = "part"
    """One message of a chapter's text is posted in its home."""
    IMAGE = "image"
    """One image of a chapter is posted in its home (L5)."""
    ANNOUNCEMENT = "announcement"
    """A chapter is announced in a network channel."""
    PUBLISH = "publish"
    """An announcement is published to following servers."""
    EDIT = "edit"
    """A home thread, an announcement or a moderators' card is made to say what now holds."""
    REMOVE = "remove"
    """A post of a withdrawn chapter is taken down (C11)."""
    NOTICE = "notice"
    """The lasting copy of a notice is posted (N3)."""
    REQUEST = "request"
    """The moderators get a card about what waits for them: a request, an answer, an appeal (E6, L11, L12)."""
    QUESTION = "question"
    """An author is asked about a label (L11)."""
    REMINDER = "reminder"
    """An author is reminded of a question, once (L11)."""
    ANSWER = "answer"
    """An author hears what a moderator decided (E6, N5)."""
    CHALLENGE = "challenge"
    """An author hears what has changed for an entered series (H4, N5)."""
    REPORT = "report"
    """The moderators are told of a held delivery (R3)."""
    SET_BACK = "set-back"
    """The moderators are told that the bot runs on an older copy of its database."""
    JOIN = "join"
    """A reader who follows a series is added to its home thread (R6)."""
    LEAVE = "leave"
    """A reader whom the bot has added there is removed again."""
    DIRECT = "direct"
    """A reader who asked for it is told of releases by direct message."""


CARDS = frozenset(
    {
        *(Kind.NOTICE, Kind.REQUEST, Kind.QUESTION, Kind.REMINDER, Kind.ANSWER, Kind.CHALLENGE, Kind.REPORT),
        Kind.SET_BACK,
    }
)
"""What is posted as a card for somebody, and carries a mark."""


class State(StrEnum):
    """Where a delivery stands."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"
    CANCELLED = "cancelled"


class Event(StrEnum):
    """What can happen to a delivery."""

    CLAIM = "claim"
    """A process takes it on, for the length of a lease."""
    DONE = "done"
    """Discord has it, or had it already."""
    POSTPONE = "postpone"
    """Discord did not take it and said so; it is tried again later."""
    LOST = "lost"
    """No answer came: Discord may or may not have taken it."""
    REFUSE = "refuse"
    """Discord will not take it until a person changes something."""
    DOUBT = "doubt"
    """Whether Discord took it cannot be known; a person is asked."""
    CANCEL = "cancel"
    """Nobody wants it any more."""
    RESUME = "resume"


LIFE: dict[tuple[State, Event], State] = {
    (State.PLANNED, Event.CLAIM): State.SENDING,
    (State.PLANNED, Event.CANCEL): State.CANCELLED,
    (State.SENDING, Event.CLAIM): State.SENDING,
    (State.SENDING, Event.DONE): State.SENT,
    (State.SENDING, Event.POSTPONE): State.PLANNED,
    (State.SENDING, Event.LOST): State.SENDING,
    (State.SENDING, Event.REFUSE): State.HELD,
    (State.SENDING, Event.DOUBT): State.HELD,
    (State.SENDING, Event.CANCEL): State.CANCELLED,
    (State.HELD, Event.RESUME): State.PLANNED,
    (State.HELD, Event.CANCEL): State.CANCELLED,
}


class ImpossibleStepError(Exception):
    """An event for which a delivery's state has no transition: a fault of ours, never of Discord's."""


def step(state: State, event: Event) -> State:
    """The state that follows.

    Raises:
        ImpossibleStepError: if nothing follows; the row must not be touched then.
    """
    try:
        return LIFE[state, event]
    except KeyError:
        raise ImpossibleStepError(f"{event} while {state}") from None


LEASE = TimeDelta(minutes=1)
"""How long a claimed delivery belongs to the process that claimed it."""
NONCE_WINDOW = TimeDelta(minutes=2)
"""Our careful reading of Discord's "past few minutes", in which the same nonce brings the same message."""

PUBLISHES_AN_HOUR = 10
"""R4: what Discord lets through per channel, as far as anybody knows; it does not say."""
PUBLISH_WINDOW = TimeDelta(hours=1)

EDITS_AN_HOUR = 2
"""R4: corrections of promises per channel; one less than people report of published posts, so that one that must be
made at once, such as the neutral line of L10, finds room."""
PROMISE_SETTLES = TimeDelta(minutes=10)
"""How long a moved promise waits before announcements say so; what moves meanwhile goes into the same correction."""
UNHURRIED = "unhurried"
"""The body of a correction that keeps to `EDITS_AN_HOUR`."""

_WITHOUT_NONCE = frozenset({Kind.THREAD})
_REPEATABLE = frozenset({Kind.PUBLISH, Kind.EDIT, Kind.REMOVE, Kind.JOIN, Kind.LEAVE})
PRIVATE = frozenset({Kind.JOIN, Kind.LEAVE, Kind.DIRECT})
"""What concerns one reader alone: what is refused is given up and told to that reader, never to the moderators."""

DIRECT_GATHERS = TimeDelta(minutes=5)
"""How long a direct message waits for more to say: several releases at a time are one message."""
DIRECT_GAP = TimeDelta(seconds=3)
"""Between two direct messages of the whole bot; Discord takes many at a time for spam, and gives no number."""
CLOSED_INBOX = "the inbox is closed"
"""The problem of a direct message that can never reach its reader: no other is sent until they ask for it."""

CHANGED_SINCE_COPY = (
    "it is not there, and the chapter's heading no longer says what my older copy says, so the chapter was changed "
    "since; trying again posts it as the copy has it"
)
"""The problem of a post that nothing but a person can decide about, after a copy was put back (R2)."""
TOO_MUCH_SINCE = (
    "it may be there already, and more was written since than I can look through; trying again posts it, "
    "so look for it first"
)
"""The same where the history is too long to find out."""
DECIDED_BY_TRYING = frozenset({CHANGED_SINCE_COPY, TOO_MUCH_SINCE})
"""Problems after which a person who lets it be tried again has decided that it is to be sent."""

_LOST_AGAIN_AFTER = TimeDelta(seconds=10)
_PATIENCE = tuple(TimeDelta(seconds=seconds) for seconds in (10, 30, 120, 600))


class Approach(StrEnum):
    """How a claimed delivery is carried out."""

    SEND = "send"
    """Nothing of it can stand on Discord twice: send it."""
    LOOK_FIRST = "look_first"
    """It may stand there already, and Discord no longer remembers the nonce: look, then adopt or send."""


def approach(kind: Kind, *, attempted_at: Instant | None, now: Instant, forgotten: bool = False) -> Approach:
    """R2: send at once, or look in the history first?

    `attempted_at` is the oldest attempt without an answer; `forgotten`, that an older copy of the database was put
    back since: the attempt may have had another nonce.
    """
    if attempted_at is None or kind in _REPEATABLE:
        return Approach.SEND
    if not forgotten and kind not in _WITHOUT_NONCE and now - attempted_at < NONCE_WINDOW:
        return Approach.SEND
    return Approach.LOOK_FIRST


def direct_turn(*, due: Instant, last: Instant | None) -> Instant:
    """When the first direct message in line may go out; `last` is the latest attempt at any.

    There is one line for the whole bot, and while one that Discord has put off waits, all do: its patience is one for
    all.
    """
    return due if last is None else max(due, last + DIRECT_GAP)


def nonce(delivery_id: int) -> str:
    """The mark by which Discord knows a repeated message again; at most 25 characters."""
    return f"colophon{delivery_id:x}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt, as the hands saw it."""

    event: Event
    message_id: int | None = None
    """With `DONE`: the message or thread that now stands."""
    retry_after: TimeDelta | None = None
    """With `POSTPONE`: what Discord asked for, if it did."""
    stood_since: Instant | None = None
    """With `DONE`: it was found, and stands since this moment; what a forgotten life of the bot has done."""
    already: bool = False
    """With `DONE`: it stood so before, without our doing."""
    problem: str | None = None
    """With `REFUSE`, `DOUBT`, `LOST` and `POSTPONE`: a short fact for the log and the moderators' report."""


def next_attempt(outcome: Outcome, *, attempts: int, now: Instant) -> Instant:
    """When a delivery that was lost or postponed is due again; `attempts` counts the one just made."""
    if outcome.event is Event.LOST:
        return now + _LOST_AGAIN_AFTER
    if outcome.retry_after is not None:
        return now + outcome.retry_after
    return now + _PATIENCE[min(attempts, len(_PATIENCE)) - 1]
