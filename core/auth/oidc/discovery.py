"""Where the provider is and what it takes: what clients read instead of building addresses (PLP-015)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core import config
from core.auth.oidc.clients import AUTH_METHOD


def authorization_endpoint() -> str:
    """The authorization endpoint's address, from configuration, never from the Host header."""
    return f"{config.current().base_url}/plp/authorize"


def token_endpoint() -> str:
    """The token endpoint's address, likewise."""
    return f"{config.current().base_url}/plp/token"


def document(issuer: str, scopes: Iterable[str]) -> dict[str, Any]:
    """The discovery document of one issuer; the endpoints are shared by all."""
    return {
        "issuer": issuer,
        "authorization_endpoint": authorization_endpoint(),
        "token_endpoint": token_endpoint(),
        "jwks_uri": f"{issuer}/jwks.json",
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": [AUTH_METHOD],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": list(scopes),
        "prompt_values_supported": ["none"],
        "authorization_response_iss_parameter_supported": True,
    }
