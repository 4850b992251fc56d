"""The whole bot in a simulated Discord: what people see and press."""
