"""Hooks by hand: any of the partner's, at any time, as often as wished; and what was never the partner's."""

from __future__ import annotations

import json
import secrets
from typing import Any

from plugins.nomineo.simulator import registrations
from plugins.nomineo.simulator import signing
from plugins.nomineo.simulator.db import Row
from tests.pair import Pair

#: How a hook may be forged.
FORGERIES = ("nobody", "unsigned", "other_body", "other_id", "other_time", "stale", "other_secret", "other_cabinet")


class Postman:
    """Carries the extranet's own hooks of transactions, signed by its own code. `forged`: ids that must never be taken."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.forged: set[str] = set()

    def hooks(self) -> list[Row]:
        """Every hook that tells of a transaction, oldest first."""
        with self.pair.world.store.read() as connection:
            return connection.execute("SELECT * FROM hooks WHERE type LIKE 'transaction.%' ORDER BY id").fetchall()

    def deliver(self, which: int, *, late_s: int = 0) -> int | None:
        """One attempt at a hook, signed now; the answer's status, 0 where the platform died, None where there is none."""
        hook = self._hook(which)
        if hook is None:
            return None
        headers = signing.headers(self._secrets(), hook["webhook_id"], self._now(), hook["body"], hook["interaction_id"])
        return self.post(headers, hook["body"])

    def replay(self, which: int) -> int | None:
        """The bytes and headers of an attempt that was made before."""
        with self.pair.world.store.read() as connection:
            made = connection.execute(
                """SELECT a.headers, h.body FROM attempts a JOIN hooks h ON h.id = a.hook_id
                   WHERE h.type LIKE 'transaction.%' ORDER BY a.id"""
            ).fetchall()
        if not made:
            return None
        chosen = made[which % len(made)]
        return self.post(dict(line.split(": ", 1) for line in chosen["headers"].splitlines()), chosen["body"])

    def forge(self, which: int, how: str) -> int | None:
        """A hook that is not the partner's, or not as the partner sent it. Whatever it says must be refused."""
        hook = self._hook(which)
        if hook is None:
            return None
        body, webhook_id = lie(hook["body"]), f"msg_{secrets.token_urlsafe(16)}"
        self.forged.add(webhook_id)
        keys, at = self._secrets(), self._now()
        if how in ("nobody", "other_secret", "other_cabinet"):
            keys = [f"whsec_{'A' * 43}="]
        if how == "stale":
            at -= 3600
        made = signing.headers(keys, webhook_id, at, body, hook["interaction_id"])
        if how == "unsigned":
            del made["webhook-signature"]
        if how == "other_body":
            body = lie(body, seq=99)
        if how == "other_id":
            made = signing.headers(keys, hook["webhook_id"], at, body, hook["interaction_id"]) | {"webhook-id": webhook_id}
        if how == "other_time":
            made["webhook-timestamp"] = str(at + 1)
        if how == "nobody":
            made["webhook-signature"] = "v1,"
        status = self.post(made, body)
        assert status in (0, 401), (how, status)
        return status

    def post(self, headers: dict[str, str], body: bytes) -> int:
        """To our route; 0 where the platform died."""
        try:
            url = f"{self.pair.web}/plp/hooks/{self.pair.endpoint}"
            return self.pair.exchange("POST", url, headers, body).status_code
        except ConnectionResetError:
            return 0

    def _hook(self, which: int) -> Any:
        known = self.hooks()
        return known[which % len(known)] if known else None

    def _secrets(self) -> list[str]:
        with self.pair.world.store.read() as connection:
            iss = f"{self.pair.web}/plp/demo"
            found = registrations.find(connection, iss, self.pair.world.clock.now())
        assert found is not None
        return list(found.secrets)

    def _now(self) -> int:
        return int(self.pair.world.clock.now())


def lie(body: bytes, **changes: Any) -> bytes:
    """The same hook with another end."""
    document = json.loads(body)
    status = "rejected" if document["data"]["status"] == "validated" else "validated"
    document["data"] |= {"status": status, "seq": document["data"]["seq"] + 1, **changes}
    return json.dumps(document).encode()
