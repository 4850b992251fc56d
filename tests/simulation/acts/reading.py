"""What authors look at: the queue, the list of series, the reasons; all of it must agree with the model."""

from tests.simulation import plans
from tests.simulation.acts.waiting import some_waiting, waiting_of
from tests.simulation.acts.writing import community_of, person_of
from tests.simulation.days import spoken
from tests.simulation.lawbook import BrokenLawError, Law
from tests.simulation.model import Series
from tests.simulation.registry import Doer, Role, act
from usecases import chapters, series
from usecases.refusals import NoSeriesError


@act(Role.AUTHOR, a_year=3)
def looks_at_the_queue(doer: Doer) -> str:
    """`/chapter queue` and `/series list`: each promise, and from when each lane is free."""
    world, community = doer.world, community_of(doer)
    own = community.of_author(doer.number)
    person = person_of(doer, community)
    queue = world.bot().read(chapters.waiting_chapters, person, None, now=world.instant())
    listed = world.bot().read(series.list_series, person, now=world.instant())
    for shown, one in zip(queue.series, reversed(own), strict=True):
        promised = [(each.id, world.stamp(each.slot)) for each in shown.waiting if each.slot]
        right = [(each.id, each.slot) for each in waiting_of(doer, community) if each.series is one]
        free, wanted = shown.next_free and world.stamp(shown.next_free), _free(doer, one)
        if promised != right or free != wanted:
            raise BrokenLawError(
                Law.SLOT, f"the queue shows {promised}, free {free}; it is {right}, free {wanted}", doer.number
            )
    if [state.next_free for state in listed.series] != [shown.next_free for shown in queue.series]:
        raise BrokenLawError(Law.SLOT, "list and queue name different times", doer.number)
    return f"{sum(len(shown.waiting) for shown in queue.series)} chapters of {len(own)} series wait"


def _free(doer: Doer, one: Series) -> int | None:
    """From when a lane is free, if it is not yet."""
    slot = plans.expect(one, now=doer.world.now, wanted=None, excepting=False).slot
    return slot if slot > doer.world.now else None


@act(Role.AUTHOR, a_year=2)
def asks_why(doer: Doer) -> str:
    """`/why`: the recorded reason gives the promise that stands (law 5)."""
    world, chapter = doer.world, doer.rng.choice(some_waiting(doer))
    try:
        shown = world.bot().read(chapters.why, person_of(doer, chapter.series.community), str(chapter.id))
    except NoSeriesError:
        return "there is no series"
    world.laws.reach(chapter, shown.verdict)
    slot = world.stamp(shown.verdict.slot.at)
    if slot != chapter.slot:
        raise BrokenLawError(
            Law.RECORD, f"/why says {spoken(slot)}, promised is {spoken(chapter.slot)}", chapter.series.author
        )
    return f"{chapter.key!r}: {shown.verdict.slot.because}"
