"""A plugin's way out to its own partner's programs: https to the hosts that it declares, and nowhere else.

Deadlines, caps, address checks and breaker are those of every partner call (`core.http`). For partners without PLP.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from core import config
from core.hooks import telling
from core.hooks.errors import PartnerUnavailable
from core.hooks.errors import ProtocolError
from core.hooks.types import Context
from core.http.partner import Answer
from core.http.partner import PartnerHttp

#: Seconds that are left for the plugin after the partner's answer.
MARGIN = 0.4


def request(
    ctx: Context, method: str, url: str, *, operation: str, json: Any = None, data: bytes | None = None,
    headers: Mapping[str, str] | None = None, deadline: float = 5.0, cap: int = 262144,
) -> Answer:  # fmt: skip
    """One call to the partner of the plugin at hand. `operation` names what the breaker counts together.

    json or data: the body. deadline: seconds in all, never beyond the hook's own. cap: bytes of an answer.
    Raises `PartnerUnavailable` (no answer in time, 5xx, 429, breaker open) and `ProtocolError` (a host that the plugin does
    not declare, not https, a redirect, too large); other 4xx come back as an answer.
    """
    plugin = telling.hub().registry.plugins[ctx.plugin]
    hosts = plugin.partner.hosts if plugin.partner is not None else ()
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise ProtocolError("L'adresse du partenaire n'est pas lisible : vérifiez les réglages du module.") from error
    here = config.current().plp_allow_loopback
    if parts.hostname not in hosts and not (here and parts.hostname in ("localhost", "127.0.0.1")):
        raise ProtocolError(f"Le module n'a pas déclaré l'hôte «{parts.hostname}» : rien ne lui est envoyé.")
    left = deadline if ctx.deadline is None else min(deadline, ctx.deadline - time.monotonic() - MARGIN)
    if left <= 0:
        raise PartnerUnavailable("Le partenaire n'a pas répondu dans les délais.")
    client = PartnerHttp(ctx.plugin, ctx.cabinet_id, allow_loopback=here, ports=frozenset({port}))
    return client.request(
        method, url, operation=operation, json=json, data=data, deadline=left, connect=min(2.0, left), read=left, cap=cap,
        headers={**({"Content-Type": "application/json"} if json is not None else {}), **(headers or {})},
        interactive=ctx.principal is not None,
    )  # fmt: skip
