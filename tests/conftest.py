"""What holds for all tests: no network but loopback (`.ci/offline` sees to it for their children too)."""

import ipaddress
import sys


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse a connection to, or a question about, anything but this machine."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not _is_here(host):
        raise RuntimeError(f"a test wants the network: {event} {host!r}")


def _is_here(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


sys.addaudithook(_refuse_network)
