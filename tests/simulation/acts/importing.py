"""Older work comes in, after a moderator has looked at it (C13); the model of all promises knows nothing of it."""

from whenever import Date

from tests.simulation.acts.writing import community_of, person_of
from tests.simulation.registry import Doer, Event, NotYetError, Role, act
from tests.simulation.setting import MODERATOR
from tests.simulation.texts import write_text
from usecases import import_decisions, imports
from usecases.import_refusals import ImportUnderWayError
from usecases.people import Person

_MOST = 5


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
    else:
        bot.write(import_decisions.decline_import, moderator, number, "Not here.", now=world.instant())
    community.answers["import", number] += 1
    bot.wake()
    return f"{len(texts)} of {chosen.title!r}, {'confirmed' if confirms else 'declined'}"
