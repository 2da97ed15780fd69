"""Which addresses a partner may have: never ours, never a private one (SSRF; security-reliability.md §2.2)."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address
from ipaddress import IPv6Address
from ipaddress import ip_address
from ipaddress import ip_network

#: Global by `ipaddress`, yet ways into private networks: NAT64 and 6to4.
_TUNNELS = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("2002::/16"), ip_network("2001::/32"))


class RefusedAddress(Exception):
    """The host leads to an address that a partner may not have."""


def resolve(host: str, port: int, *, loopback: bool) -> list[tuple[str, int]]:
    """The addresses of a host, each checked. `loopback`: this very host and port may be this machine (PLP-002).

    Raises `RefusedAddress`, or OSError where the name is unknown.
    """
    found = []
    for family, _, _, _, sockaddr in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if family in (socket.AF_INET, socket.AF_INET6):
            check(str(sockaddr[0]), loopback=loopback)
            found.append((str(sockaddr[0]), port))
    return found


def check(address: str, *, loopback: bool) -> None:
    """Raise `RefusedAddress` for an address that is not on the public internet (or the loopback that is allowed)."""
    ip = ip_address(address.split("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if ip.is_loopback and loopback:
        return
    if not _public(ip):
        raise RefusedAddress(f"l'adresse {address} n'est pas celle d'un partenaire")


def _public(ip: IPv4Address | IPv6Address) -> bool:
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in _TUNNELS if net.version == ip.version)
