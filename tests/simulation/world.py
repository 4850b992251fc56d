"""The world: one clock, the bot's processes on one real database, and a Discord."""

import heapq
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from whenever import Instant

from rules.labels import Declaration
from rules.pages import SMALLEST, Page, pages
from rules.policy import Policy
from storage import chapters
from storage.transaction import Transaction
from tests.simulation import audit, plans
from tests.simulation.books import Book
from tests.simulation.channels import ChannelLaws
from tests.simulation.days import DAY, HOUR, MINUTE, spoken
from tests.simulation.erasure import Kept, erase, nobody_is_named, start_is_kept
from tests.simulation.fake_discord import FakeDiscord
from tests.simulation.hands import Hands
from tests.simulation.history import Act
from tests.simulation.lawbook import BrokenLawError, Law
from tests.simulation.laws import Laws
from tests.simulation.model import Challenge, Chapter, Community, Hold, Model, Series
from tests.simulation.plans import Move
from tests.simulation.process import DownError, Process
from tests.simulation.registry import ACTS, Doer, Event, NotYetError, Role
from tests.simulation.setting import COMMUNITIES, FIRST_AUTHOR, MODERATOR, Setting
from tests.simulation.weather import Weather
from usecases import amendments, deliveries, drafts, holds
from usecases.communities import SetUp, set_up
from usecases.people import Person
from usecases.typed_policies import text_of

_PAGE = SMALLEST + 40
"""Short pages, so that a short text has several."""
_HELD = "SELECT id FROM deliveries WHERE community_id = :community AND state = 'held' ORDER BY id"
_AFTER = (0, MINUTE, 3 * HOUR, DAY, 2 * DAY, 3 * DAY)
"""How long an act waits after what it has waited for."""
_YEARS = 8 * 366 * DAY
"""Nobody's queue is longer than this; what still goes on then never ends."""


@dataclass(frozen=True, slots=True)
class Line:
    """What happened, for people."""

    at: int
    who: str
    what: str


class World:
    """Everything there is, at one moment."""

    def __init__(self, setting: Setting, folder: Path, *, telling: bool = False, blind: bool = False) -> None:
        self.setting = setting
        self.blind = blind
        """Whether slots are taken as they come: for comparing two worlds with each other instead of with the model."""
        self.path = folder / "colophon.sqlite3"
        self.now = setting.start
        self.story: list[Line] = []
        self.model = Model()
        self.discord = FakeDiscord()
        self.weather = Weather(setting.seed)
        self.laws = Laws(self.model)
        self.channel_laws = ChannelLaws(self.model)
        self.hands = Hands(self)
        self.gone: set[int] = set()
        """Authors who have left."""
        self._lives: Counter[int] = Counter()
        """How often each author had their data deleted: what they, or others about them, had planned is void then."""
        self._for: int | None = None
        """The author whose act this is, or follows from one of theirs."""
        self._put_off: defaultdict[Event, list[Act]] = defaultdict(list)
        self._telling = telling
        self._happenings = 0
        self._rounds = 0
        """The bot's own among them, but for those by which two processes look after each other."""
        self._coming: list[tuple[int, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self._pages: dict[tuple[str, str, tuple[int, ...]], tuple[Page, ...]] = {}
        self._prepared: dict[tuple[str, Declaration, Policy], drafts.Prepared] = {}
        self.processes = [Process(self, "the bot"), Process(self, "its second process", comes_back=False)]
        self.processes[0].start()
        for number in range(COMMUNITIES):
            self._found(number)

    def live(self, acts: Iterable[Act]) -> None:
        """Let a history happen, then let time pass without trouble until nothing is left to do.

        Raises:
            BrokenLawError: a law does not hold.
        """
        for act in acts:
            self.at(act.at, partial(self._do, act))
        self._until(self.setting.end)
        self.tell("fate", "no more trouble from here on")
        self.weather.clear_up()
        self._rest()
        self._until(self.setting.end + _YEARS)
        if self._coming:
            raise BrokenLawError(Law.NOT_LOST, f"after {spoken(self.now)} the bot is still not done")
        audit.audit(self)

    def close(self) -> None:
        """Leave nothing open."""
        for process in self.processes:
            process.die(back_after=None)

    def at(self, moment: int, do: Callable[[], None]) -> None:
        """Let something happen later, after whatever was planned for the same moment before it."""
        heapq.heappush(self._coming, (max(moment, self.now), next(self._count), do))

    def later(self, moment: int, who: str, do: Callable[[], str]) -> None:
        """Let somebody do something later, if somebody then answers; like an act it leaves every promise standing."""
        self.at(moment, partial(self._follows, self._for, self._lives[self._for or 0], who, do))

    def erased(self, community: Community, author: int, kept: Kept) -> None:
        """An author has had everything deleted; what is left is as it must be."""
        person, bot = Person(community.id, FIRST_AUTHOR + author), self.bot()
        erase(self.model, community, author, now=self.now)
        self.model.to_go |= kept.to_go
        self._lives[author] += 1
        community.requests -= sum(name == "request" for name, _ in kept.matters)
        for matter in kept.matters:
            community.answers.pop(matter, None)
        for delivery in kept.deliveries:
            self.channel_laws.times_held.pop(delivery, None)
        for message in self.discord.messages.values():
            theirs = message.delivery in kept.deliveries - kept.may_stay and not message.removed
            if theirs and message.id not in kept.to_go:
                raise BrokenLawError(Law.ERASED, f"a {message.kind} stands, and nobody knows of it any more", author)
        bot.read(nobody_is_named, person)
        bot.read(start_is_kept, person, community.kept_starts(author))

    def happened(self, what: str, number: int) -> None:
        """What some acts have waited for; each follows after a while of its own."""
        for act in self._put_off.pop(Event(what, number), ()):
            after = Random(f"{act.seed} after").choice(_AFTER)
            self.at(self.now + after, partial(self._do, act))

    def judge(self, law: Law, told: str, *, right: bool, author: int | None = None) -> str:
        """Whether something is as the rules give it; what was told.

        Raises:
            BrokenLawError: it is not.
        """
        if not right and not self.blind:
            raise BrokenLawError(law, told, author)
        return told

    def tell(self, who: str, what: str) -> None:
        """Remember for people what happened."""
        if self._telling:
            self.story.append(Line(self.now, who, what))

    def instant(self) -> Instant:
        """The present moment as `bot/clock.py` gives it: in whole milliseconds."""
        return Instant.from_timestamp(self.now, unit="millisecond")

    @staticmethod
    def stamp(moment: Instant) -> int:
        """A moment of the code under test."""
        return moment.timestamp(unit="millisecond")

    def bot(self) -> Process:
        """A process that answers people.

        Raises:
            DownError: there is none.
        """
        alive = [process for process in self.processes if process.up_since is not None]
        if not alive:
            raise DownError
        return alive[self.now % len(alive)]

    def up_since(self) -> int:
        """Since when at least one process has been at work."""
        return min((one.up_since for one in self.processes if one.up_since is not None), default=self.now)

    def company(self) -> bool:
        """Whether several processes are at work; each of them then remembers it."""
        several = sum(process.up_since is not None for process in self.processes) > 1
        for process in self.processes if several else ():
            process.had_company = True
        return several

    def looked_up(self, *, alone: bool) -> None:
        """A process has begun a round; it happened, too."""
        self._happenings -= 1
        self._rounds += alone
        self.laws.not_restless(self._rounds, self._happenings)

    def community(self, community_id: int) -> Community:
        """One by its id."""
        return self.model.communities[community_id - 1]

    def pages(self, markdown: str, title: str, images: tuple[int, ...]) -> tuple[Page, ...]:
        """A manuscript's pages; the same text with as many images has the same ones."""
        known = self._pages.get((markdown, title, images))
        if known is None:
            known = pages(markdown, title=title, images=images, limit=_PAGE)
            self._pages[markdown, title, images] = known
        return known

    def prepared(self, markdown: str, declaration: Declaration, policy: Policy) -> drafts.Prepared:
        """A manuscript as the rules see it; the same text is seen the same way."""
        known = self._prepared.get((markdown, declaration, policy))
        if known is None:
            known = self._prepared[markdown, declaration, policy] = drafts.prepare(markdown, declaration, policy)
        return known

    def new_policy(self, community: Community, changed: Mapping[str, Any]) -> None:
        """C9: an owner types what changes into `/policy edit` and confirms it; what it would offer is shown before."""
        owner, now, bot = Person(community.id, MODERATOR), self.instant(), self.bot()
        texts = {name: text_of(replace(Policy(), **changed), name) for name in changed}
        view = bot.write(amendments.open_amendment, owner, None, now=now)
        view = bot.write(amendments.type_in, owner, view.amendment.id, texts, now=now)
        waits = bot.read(amendments.what_waits, owner)
        before, after = view.base.policy, view.after
        outlook = bot.read(amendments.look_at, before, after, waits, amendments.Outlook(), now=now)
        slots = self._soonest(community)
        done = bot.write(amendments.confirm_amendment, owner, view.amendment.id, now=now)
        if not isinstance(done, amendments.Amended):
            self.judge(Law.EARLIER, "nothing is changed", right=not view.changes)
            return
        self.new_book(community, done.policy)
        sooner = {key: slot for key, slot in self._soonest(community).items() if slot < slots[key]}
        told = f"offered to {sorted(outlook.offered)}: {outlook.earlier} chapters; could be {len(sooner)}"
        authors = frozenset(FIRST_AUTHOR + author for author, _ in sooner)
        self.judge(Law.EARLIER, told, right=(outlook.earlier, outlook.offered) == (len(sooner), authors))

    def _soonest(self, community: Community) -> dict[tuple[int, int], int]:
        """C9: the earliest slot of each waiting chapter of a community that no hold keeps back, by author and id."""
        slots = {
            (series.author, chapter.id): chapter.slot for series in community.series for chapter in series.unheld()
        }
        for series in community.series:
            plan = plans.earliest(series, None, now=self.now)
            slots.update({(series.author, chapter.id): slot for chapter, slot, _ in plan})
        return slots

    def new_book(self, community: Community, policy: Policy) -> None:
        """C9: what waits may be offered an earlier slot."""
        community.book = Book.of(policy)
        for author in sorted({series.author for series in community.series}):
            if any(plans.earliest(one, None, now=self.now) for one in community.of_author(author)):
                self.happened("offered", author)

    def follow(self, moves: Sequence[Move], *works: Series) -> None:
        """What an act on some work sets off: open exceptions move what they find (E2), all stands where it should."""
        self.check([*moves, *self._grants(*works)])
        if self.blind:
            self.bot().read(self._as_it_is)

    def check(self, moves: Sequence[Move]) -> None:
        """What has moved stands where the rules say."""
        if moves and not self.blind:
            self.bot().read(self.laws.replanned, moves)

    def changed(self, series: Series, change: str, *, moved: bool = False) -> None:
        """H4: the author of an entered series hears of a change by which not all fits, or something has moved."""
        challenge = plans.entered(series, self.now)
        if challenge is None:
            return
        left = any(chapter.slot >= challenge.deadline for chapter in series.waiting())
        challenge.told[series.id, change] += moved or left

    def offered(self, offer: object, community: Community, author: int) -> None:
        """C10: what could come earlier now is offered."""
        could = any(plans.earliest(one, None, now=self.now) for one in community.of_author(author))
        if could:
            self.happened("offered", author)
        right = (offer is not None) is could
        self.judge(Law.EARLIER, f"offered: {offer}; something could come earlier: {could}", right=right, author=author)

    def resume(self, hold: Hold, *, by: int = MODERATOR) -> None:
        """C9: a moderator lets something go on."""
        bot, community, whole = self.bot(), hold.series.community, hold.chapter is None
        person = Person(community.id, by)
        bot.write(holds.resume_work, person, str(hold.id), "It is settled.", whole_series=whole, now=self.instant())
        self.follow(self._hold_ended(hold, at=self.now))
        bot.wake()

    def keep_timetable(self) -> None:
        """C9, H2: what time alone has brought, in its order; a bot that was down counts all of it from then (C5)."""
        moves: list[Move] = []
        ended = {hold.until for hold in self.model.holds_ending(self.now) if hold.until is not None}
        opened = {one.window_due for one in self.model.windows_opening(self.now) if one.window_due is not None}
        for at in sorted(ended | opened):
            for hold in self.model.holds_ending(at):
                moves += self._hold_ended(hold, at=at)
            for challenge in self.model.windows_opening(at):
                moves += self._window_opened(challenge, at=at)
        self.follow(moves)

    def mend(self, community: Community) -> int:
        """R3: moderators have mended what held deliveries; how many go on."""
        person = Person(community.id, MODERATOR)
        bot = self.bot()
        count = 0
        while held := bot.read(lambda tx: tx.one(_HELD, community=community.id)):
            count += bot.write(deliveries.resume, person, held["id"], now=self.instant())
        bot.wake()
        return count

    def withdraw(self, chapter: Chapter) -> tuple[bool, list[Move]]:
        """C9, C10: a chapter that waits is taken back; whether it was paused, and what goes on with that."""
        hold = next((one for one in chapter.series.holds if one.chapter is chapter), None)
        behind = [] if hold is None else hold.kept_back()[1:]
        self.model.withdraw(chapter)
        if hold is None:
            return False, []
        at = min(self.now, hold.until or self.now)
        moves = plans.hold_ended(self.model, hold, at=at, now=self.now, behind=behind)
        return True, [*moves, *self._grants(chapter.series, at=at)]

    def _hold_ended(self, hold: Hold, *, at: int) -> list[Move]:
        """C9, N5: something goes on, counted from a moment."""
        hold.series.community.answers["hold", hold.id] += 1
        return [*plans.hold_ended(self.model, hold, at=at, now=self.now), *self._grants(hold.series, at=at)]

    def _window_opened(self, challenge: Challenge, *, at: int) -> list[Move]:
        """H2, H4: what waits of each entry is spread over the time left from a moment on."""
        challenge.window_due = None
        moves: list[Move] = []
        for series in challenge.entries:
            spread = plans.late_challenge_slots(self.model, series, at=at)
            challenge.told[series.id, "window_opened"] += bool(spread)
            moves += [*spread, *self._grants(series, at=at)]
        return moves

    def _grants(self, *works: Series, at: int | None = None) -> list[Move]:
        """E2: what the open exceptions of some works' authors move, now or from a moment that has passed."""
        authors, since = {(work.community, work.author): None for work in works}, at or self.now
        return [move for whose in authors for move in plans.grants(self.model, *whose, now=since)]

    def _as_it_is(self, tx: Transaction) -> None:
        """Take the promises as they come."""
        for chapter in self.model.waiting.values():
            found = chapters.find(tx, chapter.id)
            if found is not None and found.slot is not None and self.stamp(found.slot) != chapter.slot:
                self.model.replan(chapter, self.stamp(found.slot), chapter.reason)

    def _found(self, number: int) -> None:
        """A community is set up."""
        rng = self.setting.chance("community", number)
        first = (number + 1) * 100
        notices = first + 4 if number != COMMUNITIES - 1 else None
        request = SetUp(
            person=Person(number + 1, MODERATOR),
            home_id=first + 1,
            network_id=first + 2,
            moderators_id=first + 3,
            notices_id=notices,
            zone=self.setting.zone(number),
        )
        made = self.processes[0].write(set_up, request, now=self.instant())
        book = Book.of(made.policy)
        community = Community(number, made.id, made.network_id, notices, rng.random() < 0.8, book)
        self.model.communities.append(community)

    def _until(self, end: int) -> None:
        while self._coming and self._coming[0][0] <= end:
            self.now, _, do = heapq.heappop(self._coming)
            self._happenings += 1
            do()
        if self._coming:
            self.now = end

    def _do(self, act: Act) -> None:
        kind = ACTS[act.name]
        doer = Doer(self, act.who, Random(act.seed), Random(f"{act.seed} {self.setting.labels}"), act.key)
        who = f"{kind.role} {act.who}" if kind.role is not Role.FATE else "fate"
        if kind.role is Role.AUTHOR and act.who in self.gone:
            return
        self._for = act.who if kind.role is Role.AUTHOR else None
        try:
            self._happens(who, lambda: f"{act.name}: {kind.function(doer)}")
        except NotYetError as not_yet:
            self._put_off[not_yet.event].append(act)
        finally:
            self._for = None

    def _follows(self, author: int | None, life: int, who: str, do: Callable[[], str]) -> None:
        """What an act leads to later, unless all of that author's is deleted meanwhile."""
        if author is not None and life != self._lives[author]:
            return
        self._for = author
        try:
            self._happens(who, do)
        finally:
            self._for = None

    def _happens(self, who: str, do: Callable[[], str]) -> None:
        what = "nobody answers: the bot is down"
        try:
            what = do()
            self.bot().read(self.laws.promises_stand)
        except DownError:
            pass
        except BrokenLawError:
            self.tell(who, "does something, and a law breaks")
            raise
        self.tell(who, what)

    def _rest(self, days: int = 3) -> None:
        """Somebody sees to it that the bot runs and that nothing stays held; then it is left to itself."""
        self.processes[0].start()
        self.processes[0].remove_trap()
        self.processes[1].die(back_after=None)
        for hold in list(self.model.holds):
            self.resume(hold)
        for community in self.model.communities:
            if community.notices is None:  # else who has no home either would never hear of anything
                community.notices = community.network + 2
                request = SetUp(person=Person(community.id, MODERATOR), notices_id=community.notices)
                self.processes[0].write(set_up, request, now=self.instant())
            self.mend(community)
        if days:
            self.at(self.now + DAY, partial(self._rest, days - 1))
