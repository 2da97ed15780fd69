"""PLP-035: bodies of capability calls and mandates: members and types → 400, values → 422."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import wire
from .gate import Caller
from .problems import Problem

_ACT = re.compile(r"[a-z0-9_.]{1,60}")
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")
_STATES = ("none", "issued", "completed", "sent", "received", "active", "returned", "suspended", "refused", "revoked",
           "expired")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A capability call: `ref` as it was sent."""

    scheme: str
    ref: str
    adviser: str
    broker_code: str


def read_object(body: bytes) -> dict[str, Any]:
    """Raises `Problem` unless it is one JSON object."""
    try:
        value = wire.parse_json(body)
    except ValueError as error:
        raise Problem("malformed-request", "JSON illisible") from error
    if not isinstance(value, dict):
        raise Problem("malformed-request", "un objet est attendu")
    return value


def _member(value: Mapping[str, Any], name: str, kind: type) -> Any:
    found = value.get(name)
    if not isinstance(found, kind) or isinstance(found, bool):
        raise Problem("malformed-request", f"membre {name} absent ou d'un autre type")
    return found


def read_asked(body: bytes) -> Asked:
    """PLP §5."""
    document = read_object(body)
    account = _member(document, "account", dict)
    actor = _member(document, "actor", dict)
    asked = Asked(
        _member(account, "scheme", str), _member(account, "ref", str), _member(actor, "adviser", str),
        _member(actor, "broker_code", str),
    )  # fmt: skip
    if not wire.is_business_ref(asked.ref) or not wire.is_business_ref(asked.broker_code):
        raise Problem("validation", "référence mal formée")
    return asked


def read_mandate(body: bytes, caller: Caller, path_mandate: str, partner_id: str) -> dict[str, Any]:
    """PLP-037: the document; path, JWT and document name one mandate, of this iss and client, for this partner."""
    document = read_object(body)
    for name, kind in (
        ("mandate", str), ("version", int), ("iss", str), ("client_id", str), ("partner_id", str), ("state", str),
        ("cabinet", dict), ("broker_code", str), ("scopes", list), ("advisers", list), ("jwks_uri", str), ("jkt", list),
    ):  # fmt: skip
        _member(document, name, kind)
    if not all(isinstance(scope, str) for scope in document["scopes"]):
        raise Problem("malformed-request", "scopes d'un autre type")
    if not isinstance(document.get("statements") or [], list):
        raise Problem("malformed-request", "statements d'un autre type")
    for adviser in document["advisers"]:
        if not isinstance(adviser, dict) or not isinstance(adviser.get("display"), str):
            raise Problem("malformed-request", "advisers d'un autre type")
    _check_values(document, caller, path_mandate, partner_id)
    return document


def _check_values(document: Mapping[str, Any], caller: Caller, path_mandate: str, partner_id: str) -> None:
    registration = caller.registration
    if not document["mandate"] == path_mandate == caller.mandate:
        raise Problem("validation", "trois noms de mandat différents")
    named = (document["iss"], document["client_id"], document["partner_id"])
    if named != (registration.iss, registration.client_id, partner_id):
        raise Problem("validation", "émetteur, client ou partenaire autres que ceux de la fiche")
    if document["version"] < 1 or document["state"] not in _STATES:
        raise Problem("validation", "version ou état hors du vocabulaire")
    if not wire.is_business_ref(document["broker_code"]):
        raise Problem("validation", "code courtier mal formé")
    if not all(_is_scope(scope) for scope in document["scopes"]):
        raise Problem("validation", "droit hors du vocabulaire")
    subs = [adviser.get("sub") for adviser in document["advisers"]]
    if not all(wire.is_id(sub) for sub in subs) or len(set(subs)) != len(subs):
        raise Problem("validation", "conseiller mal désigné")
    if not document["jkt"] or not all(isinstance(k, str) and _THUMBPRINT.fullmatch(k) for k in document["jkt"]):
        raise Problem("validation", "empreintes mal formées")
    try:
        for name in ("signed_at", "expires_at"):
            if document.get(name) is not None:
                wire.parse_timestamp(document[name])
    except ValueError as error:
        raise Problem("validation", "horodatage mal formé") from error


def _is_scope(scope: str) -> bool:
    """PLP-040: no wildcard."""
    return scope in ("capabilities", "status") or (
        scope.startswith("launch:") and _ACT.fullmatch(scope.removeprefix("launch:")) is not None
    )
