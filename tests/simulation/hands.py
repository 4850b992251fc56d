"""The hands of `cogs/deliveries.py`, on the fake Discord: one claimed delivery, one fate, one outcome."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from whenever import TimeDelta

from rules.deliveries import CLOSED_INBOX, Approach, Event, Kind, Outcome, State, nonce
from rules.labels import Reach
from storage.deliveries import find
from storage.memberships import Membership
from tests.simulation.days import MINUTE, SECOND
from tests.simulation.fake_discord import MOST_MEMBERS, Message, Published
from tests.simulation.lawbook import BrokenLawError, Law, author_of
from tests.simulation.model import image_says
from tests.simulation.process import DownError, Process, Trap
from tests.simulation.weather import Fate, Turn
from usecases import deliveries
from usecases.deliveries import Errand

if TYPE_CHECKING:
    from tests.simulation.world import World

_LEASE = MINUTE
_CLOCK_SKEW = 10 * SECOND
_WITHOUT_NONCE = frozenset({Kind.THREAD})


class Hands:
    """Carries out what was claimed, and says what came of it when the answer is there."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._standing: dict[int, Message] = {}
        self._does = {
            Kind.PUBLISH: self._publish,
            Kind.REMOVE: self._remove,
            Kind.EDIT: self._edit,
            Kind.JOIN: self._let_in,
            Kind.LEAVE: self._let_out,
        }
        """What is no new message."""
        self.publishing: set[int] = set()
        """Chapters that other servers may have a copy of (C11)."""
        self.changes: Counter[tuple[int | None, int | None, str | None]] = Counter()
        """H4: of which challenge's changes the author of which series has heard."""

    def carry(self, process: Process, errand: Errand) -> None:
        """Send a claimed delivery on its way."""
        world, delivery = self._world, errand.delivery
        chapter = world.model.chapters.get(delivery.chapter_id or 0)
        title = errand.series.title if errand.series else ""
        what: tuple[object, ...] = (delivery.kind.value, chapter and chapter.key, title, delivery.body)
        what = (*what, delivery.attempts, *([delivery.reader_id] if delivery.reader_id else []))
        fate = world.weather.fate(*what, now=world.now)
        if delivery.kind is Kind.PUBLISH and chapter is not None:
            self.publishing.add(chapter.id)
        if delivery.target_id is not None:
            world.channel_laws.sends(delivery.target_id, delivery, until=world.now + _LEASE, now=world.now)
        if delivery.kind is Kind.DIRECT:
            world.channel_laws.writes(errand, now=world.now)
        world.at(world.now + fate.sent_after, partial(self._send, process, process.life, errand, fate))

    def _send(self, process: Process, life: int, errand: Errand, fate: Fate) -> None:
        if process.life != life:
            return  # it died before it got here
        outcome = self._out_of_reach(errand) or self._stands_already(process, errand) or self._turned_away(errand, fate)
        if outcome is not None:
            self._answer(process, life, errand, fate, outcome)
            return
        wait = fate.stands_after - fate.sent_after
        self._world.at(self._world.now + wait, partial(self._take, process, life, errand, fate))
        process.trips(Trap.SENT)

    def _out_of_reach(self, errand: Errand) -> Outcome | None:
        if errand.delivery.target_id is None and errand.delivery.kind is not Kind.DIRECT:
            self._homeless(errand)
            return Outcome(Event.REFUSE, problem="it has no channel")
        if self._world.now < self._world.weather.unreachable_until:
            return Outcome(Event.POSTPONE, problem="Discord cannot be reached")
        return None

    def _homeless(self, errand: Errand) -> None:
        """N3, R3: nothing is held for want of a channel while there is one, or a home is about to be opened."""
        community = self._world.community(errand.community.id)
        if errand.delivery.kind is Kind.REMOVE:
            return
        if community.notices is not None or errand.series is not None:
            raise BrokenLawError(Law.HELD, f"the {errand.delivery.kind} has no channel")

    def _stands_already(self, process: Process, errand: Errand) -> Outcome | None:
        """R2: the lost attempt's message, if it stands on Discord after all; in doubt a person is asked."""
        world, delivery = self._world, errand.delivery
        if errand.approach is not Approach.LOOK_FIRST:
            return None
        channel = _place(errand)
        if world.now < world.weather.unreadable_until.get(channel, 0):
            return Outcome(Event.DOUBT, problem="I may not read the channel")
        since = (world.now if delivery.lost_at is None else world.stamp(delivery.lost_at)) - _CLOCK_SKEW
        for message in world.discord.find(channel, _says(errand), since=since):
            if not process.read(deliveries.is_adopted, message.id):
                world.tell("Discord", f"has the {delivery.kind} already whose answer was lost")
                return Outcome(Event.DONE, message_id=message.id)
        return None

    def _turned_away(self, errand: Errand, fate: Fate) -> Outcome | None:
        if errand.moot:
            return Outcome(Event.CANCEL, problem="its chapter has personal reach by now")
        if self._world.now < self._world.weather.closed_until.get(_place(errand), 0):
            closed = errand.delivery.kind is Kind.DIRECT
            return Outcome(Event.REFUSE, problem=CLOSED_INBOX if closed else "I lack a permission there")
        if fate.turn is Turn.LATER:
            retry = None if fate.retry_after is None else TimeDelta(milliseconds=fate.retry_after)
            return Outcome(Event.POSTPONE, retry_after=retry, problem="Discord says: later")
        if fate.turn is Turn.VANISHED:
            return Outcome(Event.LOST, problem="no answer")
        return None

    def _take(self, process: Process, life: int, errand: Errand, fate: Fate) -> None:
        """Discord takes it, whether the process that sent it lives or not."""
        outcome = self._does.get(errand.delivery.kind, self._post)(errand)
        if process.life != life or process.trips(Trap.STANDS):
            return
        if fate.turn is Turn.UNANSWERED:
            self._world.tell("Discord", f"takes the {errand.delivery.kind}, and its answer is lost")
            outcome = Outcome(Event.LOST, problem="no answer")
        self._answer(process, life, errand, fate, outcome, since=fate.stands_after)

    def _post(self, errand: Errand) -> Outcome:
        world, delivery = self._world, errand.delivery
        if delivery.series_id in world.model.erased:
            raise BrokenLawError(Law.ERASED, f"a {delivery.kind} comes after all of its series was deleted")
        if delivery.kind is Kind.DIRECT and not errand.news:
            return Outcome(Event.DONE, already=True)
        new = Message(0, _place(errand), world.now, _says(errand), delivery.kind, delivery.chapter_id, delivery.id)
        mark = None if delivery.kind in _WITHOUT_NONCE else nonce(delivery.id)
        message = world.discord.post(new, mark)
        if message is new:
            self._judge(message, errand)
        return Outcome(Event.DONE, message_id=message.id)

    def _judge(self, message: Message, errand: Errand) -> None:
        """What has just come to stand must be allowed to, here, now, and for the first time."""
        world, laws = self._world, self._world.channel_laws
        before = self._standing.setdefault(message.delivery, message)
        chapter = world.model.chapters.get(message.chapter or 0)
        if before is not message:
            raise BrokenLawError(
                Law.ONCE,
                f"the {message.kind} of {chapter.key if chapter else message.says!r} stands as message {before.id} "
                f"and again as {message.id}",
                author_of(chapter),
            )
        if errand.imported is not None and message.kind is Kind.ANNOUNCEMENT:
            laws.tells_of_older(errand.imported)
        else:
            laws.stands(message, reach=errand.chapter.reach if errand.chapter else None)
        if message.kind is Kind.CHALLENGE:
            self.changes[errand.delivery.challenge_id, errand.delivery.series_id, errand.delivery.body] += 1
        if message.kind is Kind.THREAD and errand.series is not None:
            world.model.series[errand.series.id].thread = message.id
        if chapter is not None and message.kind in {Kind.HEADING, Kind.PART, Kind.IMAGE}:
            text = None if message.kind is Kind.HEADING else message.says
            laws.in_place(chapter, text)

    def _let_in(self, errand: Errand) -> Outcome:
        members, reader = self._world.discord.members[_place(errand)], errand.delivery.reader_id or 0
        already = errand.delivery.lost_at is None and reader in members
        if reader not in members and len(members) >= MOST_MEMBERS:
            return Outcome(Event.REFUSE, problem=Membership.FULL)
        members.add(reader)
        return Outcome(Event.DONE, already=already)

    def _let_out(self, errand: Errand) -> Outcome:
        self._world.discord.members[_place(errand)].discard(errand.delivery.reader_id or 0)
        return Outcome(Event.DONE)

    def _edit(self, errand: Errand) -> Outcome:
        """L10, R5: what stands says what holds when it is edited."""
        if errand.subject is None or errand.subject.message_id is None:
            return Outcome(Event.REFUSE, problem="what it corrects is missing")
        message = self._world.discord.messages[errand.subject.message_id]
        message.neutral = message.kind is Kind.ANNOUNCEMENT and _at_home(errand)
        return Outcome(Event.DONE)

    def _publish(self, errand: Errand) -> Outcome:
        world, subject = self._world, errand.subject
        if subject is None or subject.message_id is None:
            return Outcome(Event.REFUSE, problem="the announcement it belongs to is missing")
        message = world.discord.messages[subject.message_id]
        answer = world.discord.publish(message, now=world.now)
        if answer is Published.TOO_MANY:
            raise BrokenLawError(Law.BUDGET, f"an eleventh publish within an hour in channel {message.channel}")
        if answer is Published.DONE:
            world.channel_laws.published(message.channel, errand.delivery.id)
        return Outcome(Event.DONE)

    def _remove(self, errand: Errand) -> Outcome:
        """C11: what is gone already is done."""
        known = errand.delivery if errand.subject is None else errand.subject  # of who is deleted, it alone
        message = self._world.discord.messages.get(known.message_id or 0)
        if message is not None and not message.removed:
            self._world.channel_laws.removed(message, self._world.discord.standing(message.chapter or 0))
            message.removed = True
        return Outcome(Event.DONE)

    def _answer(
        self, process: Process, life: int, errand: Errand, fate: Fate, outcome: Outcome, *, since: int = 0
    ) -> None:
        """The answer is on its way, and written down when the process gets to it."""
        wait = max(fate.settled_after - (since or fate.sent_after), 1)
        self._world.at(self._world.now + wait, partial(self._settle, process, life, errand, outcome))

    def _settle(self, process: Process, life: int, errand: Errand, outcome: Outcome) -> None:
        if process.life != life:
            return
        world, delivery = self._world, errand.delivery
        followed = world.community(errand.community.id).followed
        publish = delivery.kind is Kind.ANNOUNCEMENT and outcome.event is Event.DONE and followed
        try:
            before = process.read(find, delivery.id)
            state = process.write(deliveries.settle, delivery, outcome, publish=publish, now=world.instant())
        except DownError:
            return
        if state is State.HELD and before.state is not State.HELD:
            world.tell("Discord", f"refuses the {delivery.kind}: {outcome.problem}")
            if delivery.kind is not Kind.REPORT:
                world.channel_laws.held(delivery.id, delivery.target_id, delivery.chapter_id, delivery.series_id)
        if delivery.target_id is not None:
            world.channel_laws.sent(delivery.target_id, delivery)
        process.wake()


_MARKS: dict[Kind, Callable[[Errand], str]] = {
    Kind.THREAD: lambda errand: f"thread {errand.series and errand.series.title}",
    Kind.HEADING: lambda errand: f"{errand.chapter and (errand.chapter.title, errand.chapter.words)}",
    Kind.PART: lambda errand: errand.delivery.body or "",
    Kind.IMAGE: lambda errand: image_says(
        errand.delivery.chapter_id or 0, errand.image.label.number if errand.image else 0
    ),
    Kind.ANNOUNCEMENT: lambda errand: (
        f"read it at {errand.imported.first_message_id if errand.imported else errand.heading_id}"
    ),
    Kind.NOTICE: lambda errand: f"queue:{errand.delivery.chapter_id}",
    Kind.REPORT: lambda errand: f"held:{errand.delivery.subject_id}",
}
"""By what a message is known again; what exceptions and challenges post: by its row."""


def _place(errand: Errand) -> int:
    """The channel a delivery goes to; an inbox has its reader's number."""
    return errand.delivery.target_id or errand.delivery.reader_id or 0


def _at_home(errand: Errand) -> bool:
    return errand.chapter is not None and errand.chapter.reach is Reach.PERSONAL


def _says(errand: Errand) -> str:
    mark = _MARKS.get(errand.delivery.kind)
    return f"{errand.delivery.kind} {errand.delivery.id}" if mark is None else mark(errand)
