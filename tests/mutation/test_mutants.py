"""What is planted, whether it is noticed, and that the list of survivors is about code that is there."""

from textwrap import dedent

from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.survivors import Survivor, known_survivors, outdated, unknown
from tests.mutation.trial import ROOT, survives

SAMPLE = dedent('''
    """Nothing in here is a fault: 1 < 2."""
    LIMIT = 3

    @dataclass(frozen=True)
    class Lane:
        @property
        def late(self) -> bool:
            return self.last is not None

    def slot(lane: Lane, *, now: int) -> int | None:
        at = max(now, lane.last + 2)
        return replace(lane, at=at) if at < LIMIT and lane in all_lanes else None
''')
RULE = (ROOT / "rules" / "exceptions.py").read_text("utf-8")
TESTS = ["tests/rules/test_exceptions.py"]


def test_faults_are_planted_in_functions_properties_and_numbers_and_nowhere_else() -> None:
    """Each told by its place and its line; a docstring, an annotation and a decorator hold none."""
    found = {(mutant.within, mutant.becomes) for mutant in mutants_of("rules/sample.py", SAMPLE)}
    returned = "return replace(lane, at=at) if at < LIMIT and lane in all_lanes else None"
    assert {becomes for within, becomes in found if not within} == {"LIMIT = 4", "LIMIT = 2"}
    assert {becomes for within, becomes in found if within == "Lane.late"} == {"return self.last is None"}
    assert {becomes for within, becomes in found if within == "slot"} == {
        "pass",
        "at = min(now, lane.last + 2)",
        "at = max(now, lane.last - 2)",
        "at = max(now, lane.last + 3)",
        "at = max(now, lane.last + 1)",
        returned.replace("(lane, at=at)", "(lane)"),
        returned.replace("if at", "if not at"),
        returned.replace("and", "or"),
        returned.replace(" in ", " not in "),
        *(returned.replace("<", other) for other in ("<=", ">", ">=", "==", "!=")),
    }
    assert {within for within, _ in found} == {"", "Lane.late", "slot"}


def test_a_fault_that_a_test_notices_does_not_survive() -> None:
    """Each trial is a process of its own, whose tests see the fault and nothing else."""
    condition = "now < grant.ends_at"
    assert condition in RULE
    assert not survives("rules.exceptions", RULE.replace(condition, "True"), TESTS)
    assert survives("rules.exceptions", RULE, TESTS)


def test_every_listed_survivor_is_about_a_line_that_is_there_and_has_a_reason() -> None:
    """Whether it still lives, the command says."""
    modules = {f"rules/{path.name}" for path in (ROOT / "rules").glob("*.py")}
    for one in known_survivors(modules):
        lines = " ".join(line.strip() for line in (ROOT / one.module).read_text("utf-8").splitlines())
        assert one.was in lines
        assert one.reason


def test_a_survivor_is_found_again_by_its_words() -> None:
    """One that is not on the list is a fault of the tests, and one that lives no more a fault of the list."""
    lives = Mutant("rules/a.py", "f", "x > 0", "x >= 0", "…")
    new = Mutant("rules/a.py", "f", "x > 0", "x != 0", "…")
    listed = Survivor(module="rules/a.py", within="f", was="x > 0", becomes="x >= 0", reason="x is never 0")
    gone = Survivor(module="rules/a.py", within="f", was="y", becomes="z", reason="it was there once")
    assert unknown([lives, new], [listed, gone]) == [new]
    assert outdated([lives, new], [listed, gone]) == [gone]
