"""`python -m tests.mutation`: how many faults in the rules the tests notice, and which they do not."""

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.survivors import known_survivors, outdated, unknown
from tests.mutation.trial import ROOT, survives

TIME_RULES = {
    "cadence": ("cadence", "exceptions", "promises"),
    "civil": ("civil",),
    "exceptions": ("exceptions",),
    "promises": ("promises",),
    "challenges": ("challenges",),
    "holds": ("holds",),
    "verdict": ("verdict", "exceptions", "challenges"),
}
"""The rules of time (C, E, H) and the files of `tests/rules/` that hold them, those first that know most."""
OTHER_RULES = {
    "policy": ("policy",),
    "health": ("health",),
    "deliveries": ("deliveries",),
    "labels": ("labels", "images", "amendments", "trials"),
    "repairs": ("repairs",),
    "images": ("images",),
    "less": ("less",),
    "questions": ("questions",),
    "rulings": ("rulings",),
    "appeals": ("rulings",),
    "doubts": ("doubts",),
    "imports": ("imports",),
    "amendments": ("amendments",),
    "trials": ("trials",),
    "tallies": ("tallies",),
}
ENOUGH = 0.95
"""The share of the mutants that must be killed, where all time rules are tried: in one small file a few weigh much."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Try every mutant; 0 if each that lives is on the list, and enough are killed."""
    asked = _parser().parse_args(arguments)
    total = killed = faults = 0
    with ThreadPoolExecutor(asked.jobs) as threads:
        for rule in asked.rules:
            survivors, mutants = _try_all(rule, threads)
            total, killed = total + len(mutants), killed + len(mutants) - len(survivors)
            _say(f"rules/{rule}.py: {len(mutants) - len(survivors)} of {len(mutants)} killed")
            faults += _tell(f"rules/{rule}.py", survivors)
    too_few = killed < ENOUGH * total and set(TIME_RULES) <= set(asked.rules)
    _say(f"{killed} of {total} killed: {killed / total:.1%}")
    return 1 if faults or too_few else 0


def _try_all(rule: str, threads: ThreadPoolExecutor) -> tuple[list[Mutant], list[Mutant]]:
    """The mutants that all tests of a rule let pass, and all mutants."""
    tests = [f"tests/rules/test_{name}.py" for name in (TIME_RULES | OTHER_RULES)[rule]]
    source = (ROOT / "rules" / f"{rule}.py").read_text("utf-8")
    if not survives(f"rules.{rule}", source, tests):
        raise SystemExit(f"{' '.join(tests)}: these fail without any fault.")
    mutants = list(mutants_of(f"rules/{rule}.py", source))
    lived = threads.map(lambda mutant: survives(f"rules.{rule}", mutant.code, tests), mutants)
    return [mutant for mutant, lives in zip(mutants, lived, strict=True) if lives], mutants


def _tell(module: str, survivors: Sequence[Mutant]) -> int:
    """Say what is wrong between survivors and list, and how much that is."""
    known = known_survivors([module])
    escaped, dead = unknown(survivors, known), outdated(survivors, known)
    for mutant in escaped:
        _say(f"\n  lives, and is not on the list: in {mutant.within}\n  - {mutant.was}\n  + {mutant.becomes}")
    for one in dead:
        _say(f"\n  is on the list, and lives no more: in {one.within}\n  - {one.was}\n  + {one.becomes}")
    return len(escaped) + len(dead)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument(
        "rules",
        nargs="*",
        metavar="rule",
        default=list(TIME_RULES | OTHER_RULES),
        help="such as cadence; all that are known if none is named",
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="mutants at a time")
    return parser


if __name__ == "__main__":
    sys.exit(main())
