"""Older work comes in, after a moderator has looked at it (C13); the model of all promises knows nothing of it."""

from functools import partial

from whenever import Date

from tests.simulation.acts.exceptions import OTHER_MODERATOR
from tests.simulation.acts.leaving import deletes
from tests.simulation.acts.writing import community_of, person_of
from tests.simulation.days import DAY, HOUR, MINUTE, SECOND, days_later
from tests.simulation.lawbook import Law
from tests.simulation.model import Community
from tests.simulation.registry import Doer, Event, NotYetError, Role, act
from tests.simulation.setting import MODERATOR
from tests.simulation.texts import write_text
from usecases import appeals, import_decisions, imports
from usecases.import_refusals import AppealTooLateError, ImportUnderWayError, OtherImportError
from usecases.people import Person
from usecases.review_refusals import OwnDecisionError

_MOST = 5
_TO_APPEAL = 7
"""L12: civil days for which a declined import is kept."""


@act(Role.AUTHOR, a_year=1.5)
def brings_older_work_in(doer: Doer) -> str:
    """`/series import` into a series of their own, running or not; mostly it is confirmed."""
    world, community = doer.world, community_of(doer)
    own = community.of_author(doer.number)
    if not own:
        raise NotYetError(Event("handed in", doer.number))
    bot, person, chosen = world.bot(), person_of(doer, community), doer.rng.choice(own)
    try:
        found, policy = bot.read(imports.desk_for_import, person, str(chosen.id))
    except ImportUnderWayError:
        return f"something older of {chosen.title!r} is on its way in already"
    declaration = write_text(doer.rng, doer.labels).declaration
    texts = [write_text(doer.rng, doer.labels).markdown for _ in range(doer.rng.randint(1, _MOST))]
    request = imports.OpenImport(
        person=person,
        series=found,
        declaration=declaration,
        chapters=tuple(
            imports.OlderChapter(
                title=f"{doer.key}-{number}",
                date=Date(2026, 1, 1).add(days=doer.rng.randrange(300)),
                prepared=world.prepared(text, declaration, policy),
            )
            for number, text in enumerate(texts)
        ),
    )
    number = bot.write(imports.open_import, request, now=world.instant())
    bot.write(imports.ask_import, person, number, now=world.instant())
    bot.wake()
    if doer.rng.random() < 0.2:
        bot.write(imports.cancel_import, person, number, now=world.instant())
        return "asked, and thought better of it"
    moderator, confirms = Person(community.id, MODERATOR), doer.rng.random() < 0.8
    if confirms:
        bot.write(import_decisions.confirm_import, moderator, number, now=world.instant())
        if doer.rng.random() < 0.06 and not world.blind:  # in the middle of its posting, they want no more of it
            after, take_down = doer.rng.choice((SECOND, 62 * SECOND, 2 * MINUTE)), doer.rng.random() < 0.6
            do = partial(deletes, doer, community, take_down=take_down)
            world.later(world.now + after, f"author {doer.number}", do)
    else:
        bot.write(import_decisions.decline_import, moderator, number, "Not here.", now=world.instant())
        appeals_after = doer.rng.choice((MINUTE, 6 * DAY, 8 * DAY, None))
        if appeals_after is not None:
            do = partial(_appeal, doer, community, number, world.now)
            world.later(world.now + appeals_after, f"author {doer.number}", do)
    community.answers["import", number] += 1
    bot.wake()
    return f"{len(texts)} of {chosen.title!r}, {'confirmed' if confirms else 'declined'}"


def _appeal(doer: Doer, community: Community, number: int, declined_at: int) -> str:
    """L12: in time and once; while another import of the series is under way, not now."""
    world, person, bot = doer.world, person_of(doer, community), doer.world.bot()
    late = world.now >= days_later(declined_at, _TO_APPEAL, community.book.zone, "civil")
    try:
        view = bot.write(appeals.appeal, person, number, "They are mine.", now=world.instant())
    except OtherImportError:
        return "another import of the series comes first"
    except AppealTooLateError:
        return world.judge(Law.DECIDED, "the time to appeal is over", right=late, author=doer.number)
    world.judge(Law.DECIDED, "appealed too late", right=not late, author=doer.number)
    bot.wake()
    later = doer.rng.choice((HOUR, 3 * DAY, 12 * DAY, None))
    if later is not None:
        world.later(world.now + later, "moderator", partial(_answer, doer, community, view.appeal.id))
    elif doer.rng.random() < 0.5:
        world.later(world.now + DAY, f"author {doer.number}", partial(_take_back, doer, person, number))
    return "appeals about what was declined"


def _answer(doer: Doer, community: Community, appeal: int) -> str:
    """L12: never who has declined it; won, it comes in as any other import, and the audit counts it."""
    world, bot = doer.world, doer.world.bot()
    granted, now = doer.rng.random() < 0.6, world.instant()
    judge, other = Person(community.id, MODERATOR), Person(community.id, OTHER_MODERATOR)
    try:
        bot.write(appeals.answer_appeal, judge, appeal, "No.", granted=granted, now=now)
        world.judge(Law.DECIDED, "who has declined answers the appeal", right=False, author=doer.number)
    except OwnDecisionError:
        pass
    bot.write(appeals.answer_appeal, other, appeal, "I have looked.", granted=granted, now=now)
    community.answers["appeal", appeal] += 1
    bot.wake()
    return "granted" if granted else "kept"


def _take_back(doer: Doer, person: Person, number: int) -> str:
    """The import is cancelled, and the appeal with it."""
    doer.world.bot().write(imports.cancel_import, person, number, now=doer.world.instant())
    doer.world.bot().wake()
    return "takes the appeal back"
