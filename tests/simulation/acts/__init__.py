"""What people, machines and Discord do; a new act is a function in one of these files, or in a new one named here.

An act takes its `Doer`, does something through the use cases, tells the model what must follow from it by the rules,
lets `laws` compare, and returns what came of it in words. It draws all its chance from its doer.

Next to come, each in a file of its own: exceptions (E1 to E7), challenges (H1 to H7), and in `waiting` what authors do
with their promises: close a gap, move a chapter, withdraw one that is out (C9 to C11); in `moderating`: holds (C9).
"""

from tests.simulation.acts import moderating, reading, trouble, waiting, writing

__all__ = ["moderating", "reading", "trouble", "waiting", "writing"]
