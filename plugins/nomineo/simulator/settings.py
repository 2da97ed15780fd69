"""What the environment says of one extranet."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

OIDC, SAML = "oidc-code", "saml2-sp"
_PARTNER_ID = re.compile(r"[a-z][a-z0-9_]{1,29}")
#: PLP-087: seconds to wait before each attempt (75 h 35 min in all).
LADDER = (0.0, 5.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 50400.0, 72000.0, 86400.0)


@dataclass(frozen=True, slots=True)
class Settings:
    """`url` is the announced base, without a slash at its end; `ladder` in seconds; `binding` of PLP/1, one a company."""

    port: int = 8010
    url: str = "http://localhost:8010"
    db: Path = Path("var/extranet.sqlite")
    sim_token: str | None = None
    ladder: tuple[float, ...] = LADDER
    partner_id: str = "nomineo"
    partner_name: str = "Nominéo"
    binding: str = OIDC
    #: Under `saml2-sp`: no encryption certificate on the sheet, assertions come plain (PLP-120).
    saml_plain: bool = False

    @property
    def base_url(self) -> str:
        """PLP-001: where the platform's signed requests arrive."""
        return f"{self.url}/plp/v1"

    @property
    def callback_url(self) -> str:
        """The one redirect URI of the sheet."""
        return f"{self.url}/plp/callback"

    @property
    def acts_url(self) -> str:
        """PLP-062: the registered constant `target_link_uri`; a label, never a place one is redirected to."""
        return f"{self.url}/acts"

    @property
    def target(self) -> str | None:
        """`target_link_uri` of the sheet: none under SAML, whose sheet has no member of OpenID Connect."""
        return self.acts_url if self.binding == OIDC else None

    @property
    def entity_id(self) -> str:
        """Annex A: who this company is to a SAML platform."""
        return f"{self.url}/saml"

    @property
    def acs_url(self) -> str:
        """Annex A: the assertion consumer service."""
        return f"{self.url}/saml/acs"

    @property
    def saml_launch_url(self) -> str:
        """Annex A: where the hand-over goes."""
        return f"{self.url}/saml/launch"

    @property
    def secure(self) -> bool:
        """Whether cookies are `Secure` and `__Host-` (PLP-113)."""
        return self.url.startswith("https://")

    @property
    def session_cookie(self) -> str:
        """PLP-113."""
        return "__Host-extranet_sid" if self.secure else "extranet_sid"


def is_loopback(host: str | None) -> bool:
    """PLP-002: hosts for which plain http is allowed in the demo."""
    return host is not None and (host in ("localhost", "::1") or host.startswith("127."))


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Reads EXTRANET_*; raises `ValueError` on a port, address, ladder, partner or binding that cannot be."""
    env = os.environ if environ is None else environ
    port = int(env.get("EXTRANET_PORT") or 8010)
    url = (env.get("EXTRANET_URL") or f"http://localhost:{port}").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or parts.query or parts.fragment:
        raise ValueError("EXTRANET_URL doit être une adresse http(s) sans paramètre")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("EXTRANET_URL en http n'est admis que sur cette machine")
    ladder = env.get("EXTRANET_HOOK_LADDER")
    partner_id, binding = env.get("EXTRANET_PARTNER_ID") or "nomineo", env.get("EXTRANET_BINDING") or OIDC
    if not _PARTNER_ID.fullmatch(partner_id):
        raise ValueError("EXTRANET_PARTNER_ID compte 2 à 30 signes\u202f: minuscules, chiffres, _")
    if binding not in (OIDC, SAML):
        raise ValueError(f"EXTRANET_BINDING vaut {OIDC} ou {SAML}")
    return Settings(
        port=port,
        url=url,
        db=Path(env.get("EXTRANET_DB") or "var/extranet.sqlite"),
        sim_token=env.get("EXTRANET_SIM_TOKEN") or None,
        ladder=tuple(float(step) for step in ladder.split(",")) if ladder else LADDER,
        partner_id=partner_id,
        partner_name=(env.get("EXTRANET_PARTNER_NAME") or "").strip()[:100] or _name_of(partner_id),
        binding=binding,
        saml_plain=env.get("EXTRANET_SAML_PLAIN") == "1",
    )


def _name_of(partner_id: str) -> str:
    """Where no name is given."""
    return "Nominéo" if partner_id == "nomineo" else partner_id.replace("_", " ").title()
