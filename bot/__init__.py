"""Settings, clock, logging, client and command line, and the one place where everything is put together."""
