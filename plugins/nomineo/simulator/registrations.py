"""Sheets (PLP §2): the platforms that this company knows, and its own."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from . import calls
from . import own_keys
from . import saml_keys
from . import wire
from .acts import ACTS
from .acts import STATUS_LABELS
from .db import Connection
from .settings import OIDC
from .settings import SAML
from .settings import Settings

_OLD_SECRET_S = 7 * 86_400
_WIRE_STATUSES = ("pending", "validated", "rejected", "cancelled")


class BadSheet(ValueError):
    """A platform's sheet that cannot be registered; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class PlatformSaml:
    """Annex A: the platform as an identity provider. `certs`: PEM, the only ones that are believed (PLP-114)."""

    sso_url: str
    certs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Registration:
    """One cabinet of one platform."""

    iss: str
    client_id: str
    jwks_uri: str
    jkt: tuple[str, ...]
    webhook_url: str
    secrets: tuple[str, ...]
    stopped: bool
    cabinet: str
    mandate: str
    saml: PlatformSaml | None = None


def own_sheet(connection: Connection, settings: Settings, now: float) -> dict[str, Any]:
    """What this company hands to a platform."""
    url, oidc = settings.url, settings.binding == OIDC
    return {
        "plp": 1, "kind": "partner", "partner_id": settings.partner_id, "name": settings.partner_name,
        "base_url": settings.base_url,
        "jwks_uri": f"{url}/jwks.json", "keys_statement_uri": f"{url}/plp/keys-statement",
        "jkt": own_keys.thumbprints(connection, now), "binding": settings.binding,
        "initiate_login_uri": f"{url}/plp/initiate" if oidc else None,
        "redirect_uris": [settings.callback_url] if oidc else None,
        "target_link_uri": settings.target, "launch_origins": [], "account_schemes": ["contract-number"],
        "actions": [{"code": act.code, "label": act.label, "nature": act.nature} for act in ACTS],
        "extra_statuses": [
            {"code": code, "label": label} for code, label in STATUS_LABELS.items() if code not in _WIRE_STATUSES
        ],
        "feed": True, "mandates": "api", "saml": None if oidc else _own_saml(connection, settings),
        "contact": f"partenaires@{settings.partner_id.replace('_', '-')}.example",
    }  # fmt: skip


def _own_saml(connection: Connection, settings: Settings) -> dict[str, Any]:
    """Annex A: this company as a service provider."""
    keys = saml_keys.own(connection)
    return {
        "entity_id": settings.entity_id, "acs_url": settings.acs_url, "launch_url": settings.saml_launch_url,
        "signing_certs": [keys.signing.certificate],
        "encryption_cert": None if settings.saml_plain else keys.encryption.certificate,
    }  # fmt: skip


def check_sheet(sheet: Any, binding: str = OIDC) -> dict[str, Any]:
    """Raises `BadSheet`."""
    if not isinstance(sheet, dict) or sheet.get("plp") != 1 or sheet.get("kind") != "platform":
        raise BadSheet("ce n'est pas la fiche d'une plateforme (plp 1)")
    iss = sheet.get("iss")
    parts = urlsplit(str(iss)) if calls.acceptable_url(iss) else None
    if parts is None or parts.query or parts.path.endswith("/"):
        raise BadSheet("iss n'est pas une adresse admise")
    for name in ("client_id", "mandate"):
        if not wire.is_id(sheet.get(name)):
            raise BadSheet(f"{name} manque ou est mal formé")
    for name in ("jwks_uri", "webhook_url"):
        if not calls.acceptable_url(sheet.get(name)):
            raise BadSheet(f"{name} n'est pas une adresse admise")
    jkt = sheet.get("jkt")
    if not isinstance(jkt, list) or not jkt or not all(_is_thumbprint(item) for item in jkt):
        raise BadSheet("jkt doit lister les empreintes des clés")
    if secret_bytes(sheet.get("webhook_secret")) is None:
        raise BadSheet("webhook_secret doit être whsec_ suivi de 32 octets en base64")
    if binding == SAML:
        _check_saml(sheet.get("saml"), str(iss))
    return sheet


def _check_saml(given: object, iss: str) -> None:
    """PLP-114."""
    if not isinstance(given, dict) or given.get("entity_id") != iss or not calls.acceptable_url(given.get("sso_url")):
        raise BadSheet("saml doit donner entity_id = iss et sso_url")
    certs = given.get("certs")
    if not isinstance(certs, list) or not 1 <= len(certs) <= 2 or not all(map(saml_keys.acceptable, certs)):
        raise BadSheet("saml.certs doit lister un ou deux certificats RSA de 3072 bits au moins")


def _is_thumbprint(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]{43}", value) is not None


def secret_bytes(secret: object) -> bytes | None:
    """PLP-013; None where it is no such secret."""
    if not isinstance(secret, str) or not secret.startswith("whsec_"):
        return None
    try:
        raw = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        return None
    return raw if len(raw) == 32 else None


def register(connection: Connection, sheet: Any, now: float, binding: str = OIDC) -> str:
    """Imports a platform's sheet, anew or over the last one; returns its iss. Raises `BadSheet`.

    A new secret leaves the old one signing beside it for 7 days (PLP-013); a stopped endpoint starts again
    (PLP-087).
    """
    checked = check_sheet(sheet, binding)
    iss = str(checked["iss"])
    old = connection.execute("SELECT sheet FROM registrations WHERE iss = ?", (iss,)).fetchone()
    text = wire.dump(checked)
    if old is None:
        connection.execute(
            "INSERT INTO registrations (iss, client_id, sheet) VALUES (?, ?, ?)", (iss, checked["client_id"], text)
        )
        return iss
    connection.execute(
        "UPDATE registrations SET client_id = ?, sheet = ?, stopped = 0, jwks_tried_at = NULL WHERE iss = ?",
        (checked["client_id"], text, iss),
    )
    secret = json.loads(old["sheet"])["webhook_secret"]
    if secret != checked["webhook_secret"]:
        connection.execute(
            "UPDATE registrations SET old_secret = ?, old_secret_until = ? WHERE iss = ?",
            (secret, now + _OLD_SECRET_S, iss),
        )
    return iss


def find(connection: Connection, iss: object, now: float) -> Registration | None:
    """By issuer."""
    if not isinstance(iss, str):
        return None
    row = connection.execute("SELECT * FROM registrations WHERE iss = ?", (iss,)).fetchone()
    if row is None:
        return None
    sheet = json.loads(row["sheet"])
    secrets = [sheet["webhook_secret"]]
    if row["old_secret"] is not None and row["old_secret_until"] > now:
        secrets.append(row["old_secret"])
    return Registration(
        iss=row["iss"], client_id=row["client_id"], jwks_uri=sheet["jwks_uri"], jkt=tuple(sheet["jkt"]),
        webhook_url=sheet["webhook_url"], secrets=tuple(secrets), stopped=bool(row["stopped"]),
        cabinet=str((sheet.get("cabinet") or {}).get("name") or ""), mandate=sheet["mandate"],
        saml=_saml(sheet.get("saml")),
    )  # fmt: skip


def _saml(given: object) -> PlatformSaml | None:
    """As it was registered; a sheet of another binding may have none, or none that is whole."""
    if not isinstance(given, dict) or not isinstance(given.get("certs"), list) or "sso_url" not in given:
        return None
    return PlatformSaml(str(given["sso_url"]), tuple(map(str, given["certs"])))
