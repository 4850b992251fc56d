"""`python -m bench [NAME…]`: one line for each figure, `name: ratio (aim …) ok` or `short`."""

import sys
from collections.abc import Callable, Iterable
from importlib import import_module

from bench.figures import Figure

NAMES = ("submit", "queue", "feed", "trial", "startup")
"""The modules of this package that measure something."""


def main(names: list[str]) -> int:
    """Print the named figures, or all of them; 1 if one is short of its aim, 2 if there is none of that name."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"There is no figure {', '.join(unknown)}; known are {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    short = False
    for name in names or NAMES:
        figures: Callable[[], Iterable[Figure]] = import_module(f"bench.{name}").figures
        for figure in figures():
            print(figure, flush=True)
            short = short or not figure.ok
    return int(short)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
