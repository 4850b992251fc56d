"""What machines, networks and Discord do: restarts, crashes, outages, lost answers, two processes at once."""

from storage.copies import mark
from storage.database import _open_writer
from storage.transaction import Transaction
from tests.simulation.days import DAY, HOUR, MINUTE, SECOND, span
from tests.simulation.process import Trap
from tests.simulation.registry import Doer, Role, act


@act(Role.FATE, a_year=30)
def restarts_the_bot(doer: Doer) -> str:
    """An update: a few seconds, whatever is in hand."""
    away = doer.rng.choice((5 * SECOND, 20 * SECOND, 2 * MINUTE))
    doer.world.processes[0].die(back_after=away)
    return span(away)


@act(Role.FATE, a_year=12)
def takes_the_bot_down(doer: Doer) -> str:
    """Hours, or days."""
    away = doer.rng.choice((HOUR, 7 * HOUR, DAY, 4 * DAY, 11 * DAY))
    for process in doer.world.processes:
        process.die(back_after=away if process is doer.world.processes[0] else None)
    return span(away)


@act(Role.FATE, a_year=3)
def moves_the_bot(doer: Doer) -> str:
    """To another machine, on a copy of its database; what was on its way to Discord then arrives all the same."""
    away = doer.rng.choice((20 * SECOND, 10 * MINUTE, 3 * HOUR, 2 * DAY))
    for process in doer.world.processes:
        process.die(back_after=away if process is doer.world.processes[0] else None)
    connection = _open_writer(doer.world.path)
    mark(Transaction(connection), doer.world.instant())
    connection.close()
    return span(away)


@act(Role.FATE, a_year=80)
def lays_a_trap(doer: Doer) -> str:
    """The bot dies when it next comes to a certain place, and comes back."""
    process, trap = doer.rng.choice(doer.world.processes), doer.rng.choice(tuple(Trap))
    away = doer.rng.choice((5 * SECOND, 30 * SECOND, 70 * SECOND, 3 * MINUTE, 10 * MINUTE, 9 * HOUR))
    process.set_trap(trap, back_after=away)
    return f"{process.name} shall die when {trap.name.lower()}, for {span(away)}"


@act(Role.FATE, a_year=30)
def starts_a_second_process(doer: Doer) -> str:
    """On the same database, for a while; it stops without a word."""
    second = doer.world.processes[1]
    lasts = doer.rng.choice((MINUTE, 20 * MINUTE, 5 * HOUR, DAY))
    second.start()
    doer.world.at(doer.world.now + lasts, lambda: second.die(back_after=None))
    return f"for {span(lasts)}"


@act(Role.FATE, a_year=12)
def slows_discord_down(doer: Doer) -> str:
    """Answers take up to the longest attempt."""
    lasts = doer.rng.choice((HOUR, 12 * HOUR, 3 * DAY))
    doer.world.weather.slow_until = doer.world.now + lasts
    return f"for {span(lasts)}"


@act(Role.FATE, a_year=20)
def loses_answers(doer: Doer) -> str:
    """Many requests vanish, or their answers do."""
    lasts = doer.rng.choice((HOUR, 12 * HOUR, 3 * DAY))
    doer.world.weather.lossy_until = doer.world.now + lasts
    return f"for {span(lasts)}"


@act(Role.FATE, a_year=6)
def takes_discord_down(doer: Doer) -> str:
    """Nothing gets through at all."""
    lasts = doer.rng.choice((5 * MINUTE, HOUR, 8 * HOUR))
    doer.world.weather.unreachable_until = doer.world.now + lasts
    return f"for {span(lasts)}"
