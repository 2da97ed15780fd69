"""Which keys of a platform are believed: its paper's (before it, its sheet's), then what statements say (PLP-017 to 019)."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from urllib.parse import quote

from joserfc.jwk import ECKey

from . import calls
from . import keys
from . import mandates
from . import statements
from . import wire
from .db import Connection
from .registrations import Registration
from .world import World

log = logging.getLogger(__name__)
_ASK_AGAIN_S = 60
_MAX_BYTES = 65_536
_MOST = 200


def trusted(connection: Connection, registration: Registration, mandate: object) -> frozenset[str]:
    """The thumbprints that a mandate's requests may be signed with.

    A version of the document with fewer thumbprints takes the others away at once (PLP-020); a statement that is not older
    than the document has the last word.
    """
    known = mandates.find(connection, mandate, registration.iss)
    base = known.paper_jkt if known is not None and known.paper_jkt is not None else registration.jkt
    found, last = _chain(connection, registration.iss, frozenset(base))
    if known is None or known.paper_jkt is None or (last is not None and last >= int(known.put_at)):
        return found
    return found & frozenset(known.document["jkt"])


def take(connection: Connection, registration: Registration, mandate: object, tokens: Sequence[object], now: float) -> None:
    """Keeps the statements that a trusted key signed, oldest first; the others change nothing."""
    for token in tokens[:_MOST]:
        try:
            said = statements.read(token, now)
        except ValueError as error:
            log.warning("a statement of %s was refused: %s", registration.iss, error)
            continue
        known = mandates.find(connection, mandate, registration.iss)
        base = known.paper_jkt if known is not None and known.paper_jkt is not None else registration.jkt
        believed, last = _chain(connection, registration.iss, frozenset(base))
        if said.iss != registration.iss or said.kid not in believed or (last is not None and said.iat <= last):
            continue
        connection.execute(
            "INSERT INTO platform_statements (iss, iat, kid, jkt) VALUES (?, ?, ?, ?)",
            (said.iss, said.iat, said.kid, json.dumps(said.jkt)),
        )


def key(world: World, registration: Registration, mandate: object, kid: str) -> ECKey | None:
    """The platform's key of that `kid`, if it is believed; its statements are read before one of its JWKS is refused.

    Raises `keys.KeysUnreachable`.
    """
    found = keys.platform_key(world, registration.iss, registration.jwks_uri, kid)
    if found is None:
        return None
    with world.store.read() as connection:
        believed = kid in trusted(connection, registration, mandate)
    if not believed and isinstance(mandate, str) and wire.is_id(mandate):
        _ask(world, registration, mandate)
        with world.store.read() as connection:
            believed = kid in trusted(connection, registration, mandate)
    return found if believed else None


def _ask(world: World, registration: Registration, mandate: str) -> None:
    now = world.clock.now()
    with world.store.write() as connection:
        asked = connection.execute("SELECT at FROM statements_asked WHERE iss = ?", (registration.iss,)).fetchone()
        if asked is not None and 0 <= now - asked["at"] < _ASK_AGAIN_S:
            return
        connection.execute(
            "INSERT INTO statements_asked (iss, at) VALUES (?, ?) ON CONFLICT (iss) DO UPDATE SET at = excluded.at",
            (registration.iss, now),
        )
    url = f"{registration.iss}/keys-statement?mandate={quote(mandate)}"
    try:
        answer = calls.call("GET", url, seconds=3.0, cap=_MAX_BYTES, headers={"Accept": "application/json"})
        document = wire.parse_json(answer.body) if answer.status == 200 else None
    except (calls.CallFailed, ValueError) as error:
        log.warning("statements of %s unreachable or unreadable: %s", registration.iss, error)
        return
    said = document.get("statements") if isinstance(document, dict) else None
    if isinstance(said, list):
        with world.store.write() as connection:
            take(connection, registration, mandate, said, now)


def _chain(connection: Connection, iss: str, base: frozenset[str]) -> tuple[frozenset[str], int | None]:
    """The base, then each statement that a key trusted before it signed; and the last one's `iat`."""
    found, last = base, None
    for row in connection.execute("SELECT iat, kid, jkt FROM platform_statements WHERE iss = ? ORDER BY iat", (iss,)):
        if row["kid"] in found:
            found, last = frozenset(json.loads(row["jkt"])), int(row["iat"])
    return found, last
