"""The tests, laid out like the floors they watch over."""
