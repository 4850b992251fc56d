"""Faults that our rules could have and cosmic-ray does not plant: the wrong end, the wrong set, a step left out."""

from collections.abc import Iterator
from typing import Protocol

import parso
from parso.python.tree import Keyword, Name, PythonNode
from parso.tree import NodeOrLeaf

Place = tuple[tuple[int, int], tuple[int, int]]


class Operator(Protocol):
    """A kind of fault, as cosmic-ray wants it: where it can be planted, and the planting."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Place]:
        """The places in a node, none for most nodes."""

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:
        """The node with the fault at one of those places."""


_OTHER_END = {"min": "max", "max": "min", "any": "all", "all": "any"}


class OtherEnd:
    """The earliest for the latest, some for all."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Place]:
        """Each call of one of the four."""
        if isinstance(node, Name) and node.value in _OTHER_END:
            yield node.start_pos, node.end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:  # noqa: ARG002 - a name is one place
        """Call the other one."""
        assert isinstance(node, Name)
        node.value = _OTHER_END[node.value]
        return node


class NotIn:
    """Outside for inside."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Place]:
        """Each `in` that compares."""
        if isinstance(node, Keyword) and node.value == "in" and node.parent and node.parent.type == "comparison":
            yield node.start_pos, node.end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:  # noqa: ARG002 - a word is one place
        """Say the contrary."""
        assert isinstance(node, Keyword)
        node.value = "not in"
        return node


class WithoutArgument:
    """A default for what was given by name."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Place]:
        """Each named argument among others."""
        for argument in self._named(node):
            yield argument.start_pos, argument.end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:
        """Leave it out, with the comma behind or before it."""
        assert isinstance(node, PythonNode)
        argument = self._named(node)[index]
        place = node.children.index(argument)
        begin = place if argument is not node.children[-1] else place - 1
        del node.children[begin : begin + 2]
        return node

    @staticmethod
    def _named(node: NodeOrLeaf) -> list[PythonNode]:
        if not isinstance(node, PythonNode) or node.type != "arglist":
            return []
        return [child for child in node.children if child.type == "argument" and isinstance(child.children[0], Name)]


class WithoutStep:
    """A step of a function left out."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[Place]:
        """Each assignment and each call for its effect, inside of functions."""
        if node.type == "simple_stmt" and isinstance(node, PythonNode):
            step = node.children[0]
            if step.type in {"expr_stmt", "atom_expr"} and step.search_ancestor("funcdef"):
                yield step.start_pos, step.end_pos

    def mutate(self, node: NodeOrLeaf, index: int) -> NodeOrLeaf:  # noqa: ARG002 - a line is one place
        """Do nothing there."""
        assert isinstance(node, PythonNode)
        node.children[0] = parso.parse(f"{node.get_first_leaf().prefix}pass")
        return node
