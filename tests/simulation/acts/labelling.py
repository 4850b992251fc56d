"""What authors do with their labels: another one for what waits, and a repair of what is out (L8 to L10)."""

from rules.labels import Ai, Cure
from tests.simulation.acts.writing import community_of, person_of
from tests.simulation.lawbook import Law, broken
from tests.simulation.model import Chapter, State, place
from tests.simulation.registry import Doer, Role, act
from usecases.labels import Relabelled
from usecases.proposals import confirm, cure_label, cure_proposal, drop_proposal, give_label
from usecases.review_refusals import RuledError

_AIS = tuple(Ai)
_NEWEST = 6


@act(Role.AUTHOR, a_year=4)
def changes_a_label(doer: Doer) -> str:
    """`/chapter label` for what waits: it is looked at again, its time stays (L9, L13)."""
    community = community_of(doer)
    waiting = sorted((one for book in community.of_author(doer.number) for one in book.waiting()), key=place)
    return relabel(doer, doer.rng.choice(waiting)) if waiting else "nothing waits"


@act(Role.AUTHOR, a_year=6)
def repairs_a_label(doer: Doer) -> str:
    """L10: `/chapter label` for what is out, with or without its cure; now and then it is left as it is after all."""
    mine = [one for book in community_of(doer).of_author(doer.number) for one in book.chapters]
    out = sorted((one for one in mine if one.state is State.RELEASED), key=place)[-_NEWEST:]
    return relabel(doer, doer.rng.choice(out)) if out else "nothing is out"


def relabel(doer: Doer, chapter: Chapter) -> str:
    """Give a chapter another label, as it stands when this is done."""
    ai, cured = doer.labels.choice(_AIS), doer.labels.random() < 0.5
    try:
        if chapter.state is State.WAITING:
            return _while_it_waits(doer, chapter, ai)
        return _when_it_is_out(doer, chapter, ai, cured=cured)
    except RuledError:
        right = chapter.ruled and ai.value != chapter.label.ai
        return doer.world.judge(Law.DECIDED, "a moderator has set its label (L11)", right=right, author=doer.number)


def _while_it_waits(doer: Doer, chapter: Chapter, ai: Ai) -> str:
    world, bot, person = doer.world, doer.world.bot(), person_of(doer, chapter.series.community)
    done = bot.write(give_label, person, str(chapter.id), ai, None, now=world.instant())
    if not isinstance(done, Relabelled):
        broken(Law.REPAIR, chapter, "what waits is relabelled at once")
    chapter.relabel(ai.value, 1)
    world.laws.reach(chapter, done.verdict)
    bot.wake()
    return f"{chapter.key!r} is called {ai}"


def _when_it_is_out(doer: Doer, chapter: Chapter, ai: Ai, *, cured: bool) -> str:
    world, bot, person = doer.world, doer.world.bot(), person_of(doer, chapter.series.community)
    if chapter.state is not State.RELEASED:
        return f"{chapter.key!r} is {chapter.state}"
    shown = bot.write(give_label, person, str(chapter.id), ai, None, now=world.instant())
    if isinstance(shown, Relabelled):
        broken(Law.REPAIR, chapter, "what readers would see counts before it is shown")
    if cured and shown.result.changed:
        shown = bot.write(cure_proposal, person, shown.id, Cure.ADD_LABEL, now=world.instant())
    elif cured:
        shown = bot.write(cure_label, person, chapter.id, Cure.ADD_LABEL, now=world.instant())
    if isinstance(shown, Relabelled) or not shown.result.changed:
        return f"the label of {chapter.key!r} is so already"
    if doer.rng.random() < 0.1:
        bot.write(drop_proposal, person, shown.id)
        return f"the label of {chapter.key!r} stays as it is"
    done = bot.write(confirm, person, shown.id, now=world.instant())
    if not isinstance(done, Relabelled) or done.verdict != shown.result.verdict:
        broken(Law.PREVIEW, chapter, f"shown {shown.result.verdict}, done {done}")
    chapter.repair(ai.value, cured=cured, now=world.now)
    world.laws.reach(chapter, done.verdict)
    bot.wake()
    return f"{chapter.key!r} is called {ai} after its release, cured: {cured}; travels: {chapter.travels}"
