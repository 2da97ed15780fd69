"""Who speaks in the vectors, and when."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from plp_conform import jose

PLATFORM = jose.Key.from_phrase("PLP/1 golden vectors: the platform's key, never to be used")
PARTNER = jose.Key.from_phrase("PLP/1 golden vectors: the partner's key, never to be used")
NEXT = jose.Key.from_phrase("PLP/1 golden vectors: the platform's next key, never to be used")
STRANGER = jose.Key.from_phrase("PLP/1 golden vectors: a stranger's key, never to be used")
AT = 1795339200
ISS, BASE, SITE = "https://c.example/plp/dupont", "https://p.example/plp/v1", "https://c.example"
TAIL = "Zm9yX2V4YW1wbGVz"
CLIENT, MANDATE, ADVISER = f"cl_{TAIL}", f"mdt_{TAIL}", f"adv_{TAIL}"
NOTE = "Keys and secrets here are examples, derived from published phrases: never use them."


def secret(phrase: str) -> str:
    """`whsec_…` of a phrase."""
    return "whsec_" + base64.b64encode(hashlib.sha256(phrase.encode()).digest()).decode()


SECRET = secret("PLP/1 golden vectors: the hooks' secret, never to be used")
OTHER_SECRET = secret("PLP/1 golden vectors: another secret, never to be used")


def sign(header: dict[str, Any] | str, claims: dict[str, Any] | str, key: jose.Key) -> str:
    """The same bytes each time."""
    return jose.sign(header, claims, key, deterministic=True)


def platform_sheet() -> dict[str, Any]:
    """PLP §2."""
    return {
        "plp": 1, "kind": "platform", "iss": ISS, "client_id": CLIENT, "mandate": MANDATE,
        "cabinet": {"name": "Cabinet Dupont", "siren": "732829320", "orias": "07000123"}, "broker_code": "C12345",
        "advisers": [{"sub": ADVISER, "display": "Camille Dupont"}], "jwks_uri": f"{ISS}/jwks.json", "jkt": [PLATFORM.kid],
        "webhook_url": f"{SITE}/plp/hooks/ep_{TAIL}", "webhook_secret": SECRET, "contact": "administrateur@dupont.example",
    }  # fmt: skip


def partner_sheet() -> dict[str, Any]:
    """PLP §2."""
    site = "https://p.example"
    return {
        "plp": 1, "kind": "partner", "partner_id": "nomineo", "name": "Partenaire d'exemple", "base_url": BASE,
        "jwks_uri": f"{site}/plp/jwks.json", "keys_statement_uri": f"{site}/plp/keys-statement", "jkt": [PARTNER.kid],
        "binding": "oidc-code", "initiate_login_uri": f"{site}/plp/initiate", "redirect_uris": [f"{site}/plp/callback"],
        "target_link_uri": f"{site}/acts", "launch_origins": [], "account_schemes": ["contract-number"],
        "actions": [{"code": "arbitrage", "label": "Arbitrage", "nature": "arbitrage"}],
        "extra_statuses": [{"code": "signature_awaited", "label": "Signature attendue"}], "feed": True, "mandates": "api",
        "saml": None, "contact": "partenaires@p.example",
    }  # fmt: skip
