"""`python -m tests.simulation`: many years by command, with what breaks told in full."""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.history import draw
from tests.simulation.setting import AUTHORS, DAYS, Setting
from tests.simulation.shrinking import shortest
from tests.simulation.telling import tell
from tests.simulation.trial import Failure, live

_SHRINK_SECONDS = 120.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Live some years; 0 if every law held in all of them."""
    asked = _parser().parse_args(arguments)
    settings = [Setting(asked.seed + number, authors=asked.authors, days=asked.days) for number in range(asked.seeds)]
    begun, broken = time.monotonic(), 0
    for done, (setting, failure) in enumerate(_lived(settings, asked.jobs), start=1):
        if failure is not None:
            broken += 1
            told = tell(shortest(failure, seconds=asked.shrink))
            sys.stdout.write(f"\r{' ' * 70}\r{told}\n\n")
        pace = done / (time.monotonic() - begun) * 60
        line = f"{done} of {len(settings)} years, {pace:.0f} a minute, {broken} broken (seed {setting.seed})"
        sys.stdout.write(f"\r{line} ")
        sys.stdout.flush()
        if broken >= asked.failures:
            break
    sys.stdout.write("\n")
    return 1 if broken else 0


def _lived(settings: Sequence[Setting], jobs: int) -> Iterator[tuple[Setting, Failure | None]]:
    if jobs == 1 or len(settings) == 1:
        yield from map(_live, settings)
        return
    with ProcessPoolExecutor(min(jobs, len(settings))) as pool:
        yield from pool.map(_live, settings)
        pool.shutdown(cancel_futures=True)


def _live(setting: Setting) -> tuple[Setting, Failure | None]:
    return setting, live(setting, draw(setting))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1, help="how many years")
    parser.add_argument("--seed", type=int, default=1, help="the first of them")
    parser.add_argument("--authors", type=int, default=AUTHORS)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="years at a time")
    parser.add_argument("--shrink", type=float, default=_SHRINK_SECONDS, help="seconds to look for a shorter history")
    parser.add_argument("--failures", type=int, default=3, help="stop after so many")
    return parser


if __name__ == "__main__":
    sys.exit(main())
