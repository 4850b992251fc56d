"""The wire: real sockets against a loopback Discord."""
