"""A connection to a host that somebody typed, for protocols other than HTTP: its address is checked before and after (SSRF)."""

from __future__ import annotations

import socket
import time

from core import config
from core.hooks.errors import PartnerUnavailable
from core.hooks.errors import ProtocolError
from core.http import addresses


def connected(host: str, port: int, *, seconds: float) -> socket.socket:
    """A connected socket, blocking, its caller's to close. Loopback only where the installation allows it (demo, tests).

    Raises `ProtocolError` for an address that is not on the public internet, `PartnerUnavailable` where nobody answers in time.
    """
    limit, loopback = time.monotonic() + seconds, config.current().plp_allow_loopback
    try:
        found = addresses.resolve(host, port, loopback=loopback)
    except addresses.RefusedAddress as error:
        raise ProtocolError(f"Adresse refusée\u202f: {error}.") from error
    except (OSError, UnicodeError) as error:
        raise PartnerUnavailable(f"Le serveur «\u202f{host}\u202f» n'est pas connu du réseau.") from error
    for address, number in found:
        made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            made.settimeout(max(0.1, limit - time.monotonic()))
            made.connect((address, number))
            addresses.check(str(made.getpeername()[0]), loopback=loopback)
        except addresses.RefusedAddress as error:
            made.close()
            raise ProtocolError(f"Adresse refusée\u202f: {error}.") from error
        except OSError:
            made.close()
            continue
        made.settimeout(None)
        return made
    raise PartnerUnavailable(f"Le serveur «\u202f{host}\u202f» ne répond pas sur le port {port}.")
