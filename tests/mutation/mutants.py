"""The mutants of a rule: its file with one small fault in it."""

import ast
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, permutations

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

from tests.mutation.faults import NotIn, Operator, OtherEnd, WithoutArgument, WithoutStep

_NUMBER = re.compile(r"(?:(?<=[(\[])|(?<=\w=)) (?=-?\d)")
"""The blank that cosmic-ray puts before a number."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault in one file, told in a way that outlives the lines around it."""

    module: str
    """The file, from the project's root."""
    within: str
    """The function or class it is in, such as `Verdict.delayed`; empty for the file itself."""
    was: str
    becomes: str
    """The line as it stands and as it is with the fault, without margins."""
    code: str
    """The whole file with the fault."""


def mutants_of(module: str, source: str) -> Iterator[Mutant]:
    """Every mutant of a file, each another program; what decorates a class or a function is left alone."""
    seen = {source}
    for operator in _operators():
        for occurrence in count():
            code = mutate_code(source, operator, occurrence)
            if code is None:
                break
            if code in seen:
                continue
            seen.add(code)
            number, was, becomes = _difference(source, code)
            if not was.startswith("@") and _is_python(code):
                yield Mutant(module, _within(source, number), was, becomes, code)


def _operators() -> Iterator[Operator]:
    """Cosmic-ray's, but for those that no test could tell apart here or that nothing here could survive.

    `is` against `==` is one and the same for our enumerations and `None`; arithmetic on times knows plus and minus,
    and every other sign would fail by itself.
    """
    names = [
        *(f"ReplaceComparisonOperator_{one}_{other}" for one, other in permutations(_COMPARISONS, 2)),
        *("ReplaceComparisonOperator_Is_IsNot", "ReplaceComparisonOperator_IsNot_Is"),
        *(f"ReplaceBinaryOperator_{one}_{other}" for one, other in _ARITHMETIC),
        *("ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_Delete_USub"),
        *("AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
        *("NumberReplacer", "ZeroIterationForLoop", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak"),
    ]
    yield from (get_operator(f"core/{name}")() for name in names)
    yield from (OtherEnd(), NotIn(), WithoutArgument(), WithoutStep())


_COMPARISONS = ("Eq", "NotEq", "Lt", "LtE", "Gt", "GtE")
_ARITHMETIC = (("Add", "Sub"), ("Sub", "Add"), ("Mul", "FloorDiv"), ("FloorDiv", "Mul"), ("Div", "Mul"), ("Mod", "Mul"))


def _is_python(code: str) -> bool:
    """Cosmic-ray takes the star of a signature for arithmetic."""
    try:
        compile(code, "a mutant", "exec")
    except SyntaxError:
        return False
    return True


def _difference(source: str, code: str) -> tuple[int, str, str]:
    """The number (from 1) of the first line that changed, and the changed lines before and after."""
    old, new = source.splitlines(), code.splitlines()
    changes = [
        change for change in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes() if change[0] != "equal"
    ]
    _, begin, _, start, _ = changes[0]
    _, _, end, _, stop = changes[-1]
    was, becomes = (" ".join(line.strip() for line in lines) for lines in (old[begin:end], new[start:stop]))
    return begin + 1, was, _NUMBER.sub("", becomes)


def _within(source: str, line: int) -> str:
    names = [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or line)
    ]
    return ".".join(names)
