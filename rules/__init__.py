"""The numbered rules of the house, as pure functions over frozen values: no clock, no I/O, no Discord, no SQL."""
