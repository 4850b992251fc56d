"""All tests run without any network but loopback."""

import socket

import pytest


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")])
def test_a_test_that_wants_the_network_fails(family: socket.AddressFamily, host: str) -> None:
    """The addresses are those of documentation, which nobody has."""
    with socket.socket(family) as connection, pytest.raises(RuntimeError, match="wants the network"):
        connection.connect((host, 9))
    with socket.socket(family, socket.SOCK_DGRAM) as connection, pytest.raises(RuntimeError, match="wants the network"):
        connection.sendto(b"x", (host, 9))


def test_a_test_that_asks_for_a_name_fails() -> None:
    with pytest.raises(RuntimeError, match="wants the network"):
        socket.getaddrinfo("example.org", 443)


def test_loopback_is_no_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        assert socket.getaddrinfo("localhost", 80)
