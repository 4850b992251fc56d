"""Tests of the `rules` side of the house."""
