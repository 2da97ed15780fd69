"""What the sheet of a partner that uses `saml2-sp` must say (annex A): the member `saml`, and no OIDC member."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from core.db.clock import now
from core.links.saml import pem

#: The binding's name on the sheet.
BINDING = "saml2-sp"
#: Members that belong to the other binding: null here.
OIDC = ("initiate_login_uri", "redirect_uris", "target_link_uri")
#: PLP-114: certificates at a time.
MAX_CERTS = 2
_ENTITY = re.compile(r"[a-z][a-z0-9+.-]*:[!-~]+")


def fault(sheet: dict[str, Any], is_url: Callable[[Any], bool]) -> tuple[str, str] | None:
    """The first member that is wrong, and what is needed there, in French; None where all is well."""
    for name in OIDC:
        if sheet.get(name) is not None:
            return name, f"null, parce que la fiche annonce «{BINDING}»"
    saml = sheet.get("saml")
    if not isinstance(saml, dict):
        return "saml", f"les adresses et certificats de la liaison «{BINDING}»"
    entity = saml.get("entity_id")
    if not isinstance(entity, str) or len(entity) > 500 or not _ENTITY.fullmatch(entity):
        return "saml.entity_id", "une adresse ou un nom (URI) de 500 caractères au plus"
    for name in ("acs_url", "launch_url"):
        if not is_url(saml.get(name)):
            return f"saml.{name}", "une adresse https"
    if "?" in saml["launch_url"]:  # a form that is sent by GET replaces what stands there
        return "saml.launch_url", "une adresse https sans paramètres"
    return _certificates(saml)


def _certificates(saml: dict[str, Any]) -> tuple[str, str] | None:
    certs = saml.get("signing_certs")
    if not isinstance(certs, list) or not 1 <= len(certs) <= MAX_CERTS:
        return "saml.signing_certs", "un ou deux certificats au format PEM"
    try:
        for one in certs:
            pem.read(one, at=now())
    except pem.BadCertificate as error:
        return "saml.signing_certs", str(error)
    if saml.get("encryption_cert") is not None:
        try:
            pem.read(saml["encryption_cert"], at=now(), only_rsa=True)
        except pem.BadCertificate as error:
            return "saml.encryption_cert", str(error)
    return None
