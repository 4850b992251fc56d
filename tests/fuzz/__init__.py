"""Damaged and hostile files by the thousand: `python -m tests.fuzz [reader] --minutes N`, see `__main__`."""
