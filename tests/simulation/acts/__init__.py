"""What people, machines and Discord do; a new act is a function in one of these files, or in a new one named here.

An act takes its `Doer`, does something through the use cases, tells the model what must follow from it by the rules,
lets `laws` compare, and returns what came of it in words. It draws all its chance from its doer.
"""

from tests.simulation.acts import (
    challenges,
    exceptions,
    following,
    holds,
    importing,
    labelling,
    leaving,
    moderating,
    promises,
    reading,
    reviews,
    trouble,
    waiting,
    writing,
)

__all__ = [
    "challenges",
    "exceptions",
    "following",
    "holds",
    "importing",
    "labelling",
    "leaving",
    "moderating",
    "promises",
    "reading",
    "reviews",
    "trouble",
    "waiting",
    "writing",
]
