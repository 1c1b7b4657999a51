"""Where the address of a service leads."""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}  # those of any other scheme are no web service
HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+", re.ASCII)
OF_BPJS = re.compile(r"(?:[a-z0-9-]+\.)*bpjs-kesehatan\.go\.id", re.ASCII)
# Where clouds tell a machine its own secrets.
METADATA = [
    ip_network(network)
    for network in (
        "169.254.0.0/16",
        "fe80::/10",
        "fd00:ec2::/32",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",
    )
]


def host_and_port(url: str) -> tuple[str, int]:
    """Where a connection to the address leads. Raises `ValueError` for what is no base URL."""
    parts = urlsplit(url)
    port = parts.port or PORTS.get(parts.scheme)
    is_bare = "@" not in parts.netloc and not (parts.query or parts.fragment)
    if not (port and is_bare and HOST.fullmatch(parts.hostname or "")) or re.search(r"\s", url):
        raise ValueError("not the address of a web service")
    return parts.hostname, port


def is_bpjs(url: str) -> bool:
    """Whether it is an address of BPJS itself, which proves by its certificate to be that."""
    host, _port = host_and_port(url)
    return urlsplit(url).scheme == "https" and bool(OF_BPJS.fullmatch(host))


def is_this_machine(url: str) -> bool:
    host, _port = host_and_port(url)
    ip = _ip(host)
    return ip.is_loopback if ip else host == "localhost"


def is_forbidden(host: str) -> bool:
    """Whether nothing of ours is ever to be called there: a cloud's secrets about this machine."""
    ip = _ip(host)
    return ip is not None and any(ip in network for network in METADATA)


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    """The IP address that a host is, written in any way that the system's resolver takes."""
    try:
        ip = ip_address(host)
    except ValueError:
        try:
            ip = ip_address(socket.inet_aton(host))
        except OSError:
            return None
    return getattr(ip, "ipv4_mapped", None) or ip
