"""Authors have everything deleted that is kept of them, and come back: C1 goes on counting, nothing else is known."""

from functools import partial

from tests.simulation.acts.writing import community_of, hand_in, new_series, person_of
from tests.simulation.days import DAY, MINUTE, SECOND, span
from tests.simulation.erasure import what_is_kept_of
from tests.simulation.lawbook import Law
from tests.simulation.model import Community
from tests.simulation.registry import Doer, Event, NotYetError, Role, act
from usecases import personal
from usecases.refusals import StillPostingError

_TRIES = 6
_AFTER = (0, SECOND, 5 * SECOND, 40 * SECOND, 3 * MINUTE, 2 * DAY)
"""A release is being posted, or has just been."""


@act(Role.AUTHOR, a_year=0.5)
def deletes_their_data(doer: Doer) -> str:
    """`/my-data delete`, with their chapters taken down or not; some hand something in at once."""
    community = community_of(doer)
    if doer.world.blind:  # it waits for what is on its way, and how much that is hangs on labels
        return "not where two worlds are compared"
    if not community.of_author(doer.number):
        raise NotYetError(Event("handed in", doer.number))
    press = partial(deletes, doer, community, take_down=doer.rng.random() < 0.6)
    waiting = [chapter for one in community.of_author(doer.number) for chapter in one.waiting()]
    if not waiting or doer.rng.random() < 0.2:
        return press()
    chapter, after = doer.rng.choice(waiting[:3]), doer.rng.choice(_AFTER)
    doer.world.later(chapter.slot + after, f"author {doer.number}", press)
    return f"plans to, {span(after)} after the slot of {chapter.key!r}"


def deletes(doer: Doer, community: Community, *, take_down: bool, tries: int = _TRIES) -> str:
    """All of it, or nothing as long as something is on its way; then they press again."""
    world, bot, person = doer.world, doer.world.bot(), person_of(doer, community)
    own = list(community.of_author(doer.number))
    kept = bot.read(what_is_kept_of, person, own, take_down=take_down)
    try:
        bot.write(personal.erase, person, take_down=take_down, now=world.instant())
    except StillPostingError:
        told = f"to be pressed again: {kept.on_its_way} on their way"
        if tries:
            again = partial(deletes, doer, community, take_down=take_down, tries=tries - 1)
            world.later(world.now + 3 * MINUTE, f"author {doer.number}", again)
        return world.judge(Law.ERASED, told, right=kept.on_its_way > 0, author=doer.number)
    told = f"{kept.on_its_way} were on their way"
    world.judge(Law.ERASED, f"deleted while {told}", right=not kept.on_its_way, author=doer.number)
    world.erased(community, doer.number, kept)
    bot.wake()
    told = f"{len(own)} series are deleted in community {community.number}, {len(kept.to_go)} messages to go"
    if doer.rng.random() < 0.5:
        chosen = new_series(doer, community)
        told += f"; is back with {hand_in(doer, chosen, doer.key)}"
    return told
