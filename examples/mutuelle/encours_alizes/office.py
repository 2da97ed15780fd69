"""The mutual's API: what is asked, and what its answers mean in Encours' words."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from core.api import AuthFailed
from core.api import Context
from core.api import MandateMissing
from core.api import PartnerRefused
from core.api import ProtocolError
from core.api import http
from core.api.types import AccountRef
from core.api.types import Attached
from core.api.types import Intent
from core.api.types import Refused
from core.api.types import Submitted

NO_KEY = "La clé d'accès à la mutuelle n'est pas encore réglée."


def submit(
    ctx: Context, account: AccountRef, intent: Intent, values: Mapping[str, Any], documents: Mapping[str, Attached]
) -> Submitted | Refused:
    """Hand the act over. The key of the journey is the mutual's idempotency key."""
    body = {
        "reference": intent.transaction_ref, "kind": intent.act, "contract": account.link_ref or account.number,
        "amount": str(values["amount"]), "iban": values["iban"], "purpose": values["purpose"], "detail": values.get("detail"),
        "adviser": intent.claims["display"], "documents": [_document(one) for one in documents.values()],
    }  # fmt: skip
    answer = _call(
        ctx, "POST", "/v1/operations", "operations", body=body, headers={"Idempotency-Key": intent.launch_id}, deadline=25.0
    )
    found = _read(answer)
    if answer.status in (200, 201):
        return Submitted(str(found["number"]), str(found["status"]), int(found["seq"]))
    if answer.status == 422:
        errors = found.get("errors")
        kept = {str(name): str(text) for name, text in errors.items()} if isinstance(errors, dict) else {}
        return Refused(str(found.get("message") or ""), kept)
    raise PartnerRefused(str(found.get("message") or f"La mutuelle refuse la demande ({answer.status})."))


def events(ctx: Context) -> list[dict[str, Any]]:
    """What happened in the last thirty days, the oldest first."""
    found = _read(_call(ctx, "GET", "/v1/events", "events", deadline=10.0)).get("events")
    if not isinstance(found, list):
        raise ProtocolError("La réponse de la mutuelle n'est pas dans le format convenu.")
    return [one for one in found if isinstance(one, dict)]


def ping(ctx: Context) -> str:
    """The mutual's name, as it says it."""
    return str(_read(_call(ctx, "GET", "/v1/ping", "ping", deadline=4.5)).get("name") or "La mutuelle")


def _call(
    ctx: Context, method: str, path: str, operation: str, *, body: Any = None, headers: Mapping[str, str] | None = None,
    deadline: float,
) -> http.Answer:  # fmt: skip
    key = ctx.settings.get("key")
    if key is None:
        raise MandateMissing(NO_KEY)
    sent = {"Authorization": f"Bearer {key.reveal()}", **(headers or {})}
    answer = http.request(
        ctx, method, str(ctx.settings["address"]).rstrip("/") + path, operation=operation, json=body, headers=sent,
        deadline=deadline,
    )  # fmt: skip
    if answer.status == 401:
        raise AuthFailed("La mutuelle ne reconnaît pas la clé d'accès du cabinet : vérifiez-la dans les réglages du module.")
    return answer


def _read(answer: http.Answer) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError as error:
        raise ProtocolError("La réponse de la mutuelle est illisible.") from error
    if not isinstance(found, dict):
        raise ProtocolError("La réponse de la mutuelle n'est pas dans le format convenu.")
    return found


def _document(one: Attached) -> dict[str, str]:
    content = base64.b64encode(one.read()).decode()
    return {"slot": one.slot, "filename": one.filename, "media_type": one.media_type, "sha256": one.sha256, "content": content}
