"""Tests of the `storage` side of the house."""
