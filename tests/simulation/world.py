"""The world: one clock, the bot's processes on one real database, and a Discord."""

import heapq
import itertools
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random

from whenever import Instant

from rules.labels import Declaration
from rules.pages import SMALLEST, pages
from rules.policy import Policy
from storage import communities
from storage.transaction import Transaction
from tests.simulation import audit
from tests.simulation.channels import ChannelLaws
from tests.simulation.days import DAY, spoken
from tests.simulation.fake_discord import FakeDiscord
from tests.simulation.hands import Hands
from tests.simulation.history import Act
from tests.simulation.laws import BrokenLawError, Law, Laws
from tests.simulation.model import Book, Community, Model
from tests.simulation.process import DownError, Process
from tests.simulation.registry import ACTS, Doer, Role
from tests.simulation.setting import COMMUNITIES, MODERATOR, Setting
from tests.simulation.weather import Weather
from usecases import deliveries, drafts
from usecases.communities import SetUp, set_up
from usecases.people import Person

_PAGE = SMALLEST + 40
"""Short pages, so that a short text has several."""
_HELD = "SELECT id FROM deliveries WHERE community_id = :community AND state = 'held' ORDER BY id"
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
        self._telling = telling
        self._coming: list[tuple[int, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self._pages: dict[tuple[str, str], tuple[str, ...]] = {}
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

    def tell(self, who: str, what: str) -> None:
        """Remember for people what happened."""
        if self._telling:
            self.story.append(Line(self.now, who, what))

    def instant(self) -> Instant:
        """The present moment, as the code under test takes it: finer than what it stores."""
        return Instant.from_timestamp(self.now * 1_000_000 + self.now * 7_919 % 1_000_000, unit="nanosecond")

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

    def community(self, community_id: int) -> Community:
        """One by its id."""
        return self.model.communities[community_id - 1]

    def pages(self, markdown: str, title: str) -> tuple[str, ...]:
        """A manuscript's pages; the same text has the same ones."""
        known = self._pages.get((markdown, title))
        if known is None:
            known = self._pages[markdown, title] = pages(markdown, title=title, limit=_PAGE)
        return known

    def prepared(self, markdown: str, declaration: Declaration, policy: Policy) -> drafts.Prepared:
        """A manuscript as the rules see it; the same text is seen the same way."""
        known = self._prepared.get((markdown, declaration, policy))
        if known is None:
            known = self._prepared[markdown, declaration, policy] = drafts.prepare(markdown, declaration, policy)
        return known

    def new_policy(self, community: Community, policy: Policy) -> None:
        """A community's policy has a new version, as long as no use case makes one."""
        person, now = Person(community.id, MODERATOR), self.instant()

        def keep(tx: Transaction) -> None:
            before = communities.find(tx, community.id)
            if before is None:
                raise LookupError(community.id)
            communities.save_policy(tx, community.id, policy, by=person.id, now=now)
            communities.save(tx, replace(before, policy=policy), by=person.id, now=now)

        self.bot().write(keep)
        community.book = Book.of(policy)

    def mend(self, community: Community) -> int:
        """R3: moderators have mended what held deliveries; how many go on."""
        person = Person(community.id, MODERATOR)
        bot = self.bot()
        count = 0
        while held := bot.read(lambda tx: tx.one(_HELD, community=community.id)):
            count += bot.write(deliveries.resume, person, held["id"], now=self.instant())
        bot.wake()
        return count

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
            do()
        if self._coming:
            self.now = end

    def _do(self, act: Act) -> None:
        kind = ACTS[act.name]
        doer = Doer(self, act.who, Random(act.seed), Random(f"{act.seed} {self.setting.labels}"), act.key)
        who = f"{kind.role} {act.who}" if kind.role is not Role.FATE else "fate"
        if kind.role is Role.AUTHOR and act.who in self.gone:
            return
        with suppress(DownError):
            what = "nobody answers: the bot is down"
            try:
                what = kind.function(doer)
            finally:
                self.tell(who, f"{act.name}: {what}")
            self.bot().read(self.laws.promises_stand)

    def _rest(self, days: int = 3) -> None:
        """Somebody sees to it that the bot runs and that nothing stays held; then it is left to itself."""
        self.processes[0].start()
        self.processes[1].die(back_after=None)
        for community in self.model.communities:
            self.mend(community)
        if days:
            self.at(self.now + DAY, partial(self._rest, days - 1))
