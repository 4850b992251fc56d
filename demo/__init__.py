"""The whole bot on a simulated Discord in the browser, with a clock to turn; nothing imports it."""
