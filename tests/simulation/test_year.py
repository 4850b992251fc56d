"""Ten simulated years: the laws hold at every step; what breaks prints its seed and the shortest history found."""

from collections.abc import Sequence

import pytest

from tests.simulation.__main__ import main
from tests.simulation.history import Act, draw
from tests.simulation.setting import Setting
from tests.simulation.shrinking import shortest
from tests.simulation.telling import tell
from tests.simulation.trial import Failure, Liver, a_world, compare, live

AUTHORS = 32
"""As many as ten years take less than a minute with; by command there are more."""
_SHRINK_SECONDS = 25.0


@pytest.mark.parametrize("seed", range(1, 11))
def test_the_laws_hold_for_a_year(seed: int) -> None:
    """All five, after every act."""
    _judge(live, Setting(seed, authors=AUTHORS))


@pytest.mark.parametrize("seed", range(11, 13))
def test_law_3_the_same_year_with_other_labels_has_the_same_times(seed: int) -> None:
    """C12, L13: judged against itself, not against the model."""
    _judge(compare, Setting(seed, authors=20))


def test_one_seed_gives_one_history() -> None:
    """Otherwise a printed seed would be worth nothing."""
    setting = Setting(1, authors=5)
    assert draw(setting) == draw(setting) != draw(Setting(2, authors=5))


def test_leaving_an_act_out_changes_nobody_elses_promises() -> None:
    """What shrinking lives by."""
    setting = Setting(3, authors=8, days=120)
    acts = draw(setting)
    left_out = next(act for act in acts if act.name == "hands_in")
    whole, shorter = (_promises(setting, some) for some in (acts, [act for act in acts if act is not left_out]))
    others = {key: slot for (author, key), slot in whole.items() if author != left_out.who}
    assert others
    assert others == {key: slot for (author, key), slot in shorter.items() if author != left_out.who}
    assert whole != shorter


def _promises(setting: Setting, acts: Sequence[Act]) -> dict[tuple[int, str], int]:
    with a_world(setting) as world:
        world.live(acts)
        return {(one.series.author, one.key): one.slot for one in world.model.chapters.values()}


def test_by_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m tests.simulation`."""
    assert main(["--seeds", "2", "--authors", "4", "--days", "40", "--jobs", "1"]) == 0
    assert "2 of 2 years" in capsys.readouterr().out


def _judge(lives: Liver, setting: Setting) -> None:
    acts: Sequence[Act] = draw(setting)
    failure: Failure | None = lives(setting, acts)
    if failure is not None:
        pytest.fail(tell(shortest(failure, seconds=_SHRINK_SECONDS, lives=lives)), pytrace=False)
