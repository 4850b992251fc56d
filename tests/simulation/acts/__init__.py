"""What people, machines and Discord do; a new act is a function in one of these files, or in a new one named here."""

from tests.simulation.acts import moderating, reading, trouble, writing

__all__ = ["moderating", "reading", "trouble", "writing"]
