"""A failing history for people: what happened, in order, and which law broke with which numbers."""

from tests.simulation.days import DAY, spoken, wall
from tests.simulation.history import Act
from tests.simulation.setting import COMMUNITIES
from tests.simulation.trial import Failure
from tests.simulation.world import Line

_SHOWN = 80
"""Lines of a story; the beginning of a longer one is left out."""


def tell(failure: Failure) -> str:
    """The seed, the law, the history."""
    setting = failure.setting
    zones = ", ".join(f"{number} {setting.zone(number)}" for number in range(COMMUNITIES))
    head = [
        f"Seed {setting.seed} breaks a law with {len(failure.acts)} acts.",
        f"    python -m tests.simulation --seed {setting.seed} --authors {setting.authors} --days {setting.days}",
        f"It begins on {spoken(setting.start)}; communities begin in the zones {zones}.",
        "",
    ]
    lines = [_line(line, setting.start) for line in failure.story] or [_act(act) for act in failure.acts]
    left_out = len(lines) - _SHOWN
    story = [f"    ... {left_out} lines ...", *lines[-_SHOWN:]] if left_out > 0 else lines
    day, hour = divmod(failure.at - setting.start, DAY)
    end = ["", f"day {day}, {_clock(hour)}: BROKEN, law {failure.law}", f"    {failure.numbers}"]
    return "\n".join([*head, *story, *end])


def _line(line: Line, start: int) -> str:
    day, hour = divmod(line.at - start, DAY)
    return f"day {day:>3} {_clock(hour)}  {line.who:<14} {line.what}"


def _act(act: Act) -> str:
    return f"{spoken(act.at)}  {act.name} by {act.who}"


def _clock(hour: int) -> str:
    return wall(hour, "UTC").time().isoformat(timespec="milliseconds")
