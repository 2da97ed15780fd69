"""What a partner's registration sheet must say (PLP §2): checked member by member, in French."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from core.config import is_loopback
from core.db.errors import DomainError
from core.links.saml import sheet as saml

PARTNER_ID = re.compile(r"[a-z][a-z0-9_]{1,29}")
CODE = re.compile(r"[a-z0-9_.]{1,60}")
HOST = re.compile(r"[a-z0-9._:-]+")
THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")
NATURES = (
    "arbitrage", "versement", "versement_programme", "rachat", "rachat_programme", "avance", "beneficiaire", "other",
)  # fmt: skip
#: Statuses that are the protocol's own or ours: never declared by a partner (PLP-009, PLP-086).
RESERVED = (
    "initiated", "opened", "pending", "validated", "rejected", "cancelled", "abandoned", "unknown",
)  # fmt: skip


class BadSheet(DomainError):
    """The partner's sheet cannot be taken: the text says which member and what it should be."""

    code = "sheet-invalid"


def check(sheet: Any, *, loopback: bool) -> dict[str, Any]:
    """The sheet, where everything in it is as PLP §2 says. `loopback`: http on this machine is taken (PLP-002).

    Raises `BadSheet`. Unknown members stay and are ignored (PLP-003).
    """
    if not isinstance(sheet, dict) or sheet.get("plp") != 1 or sheet.get("kind") != "partner":
        raise BadSheet("Ce fichier n'est pas la fiche d'un partenaire PLP/1 (membres «plp» : 1 et «kind» : «partner»).")
    _need(sheet, "partner_id", lambda v: isinstance(v, str) and PARTNER_ID.fullmatch(v), "un identifiant en minuscules")
    _need(sheet, "name", lambda v: isinstance(v, str) and 0 < len(v) <= 100, "un nom de 100 caractères au plus")
    _need(sheet, "base_url", lambda v: _url(v, loopback) and _is_base(v), "une adresse https sans barre finale")
    _need(sheet, "jwks_uri", lambda v: _url(v, loopback), "une adresse https")
    if sheet.get("keys_statement_uri") is not None:
        _need(sheet, "keys_statement_uri", lambda v: _url(v, loopback), "une adresse https")
    _need(sheet, "jkt", _items(lambda v: isinstance(v, str) and THUMBPRINT.fullmatch(v), least=1), "des empreintes")
    _check_binding(sheet, loopback)
    _need(sheet, "account_schemes", lambda v: isinstance(v, list) and "contract-number" in v, "«contract-number»")
    _need(sheet, "actions", _items(_is_act, least=1), "des actes {code, label, nature}")
    _unique(sheet, "actions")
    if sheet.get("launch_origins") is not None:
        _need(sheet, "launch_origins", _items(lambda v: _url(v, loopback) and _is_origin(v)), "des origines https")
    if sheet.get("extra_statuses") is not None:
        _need(sheet, "extra_statuses", _items(_is_status), "des statuts {code, label} hors du vocabulaire")
        _unique(sheet, "extra_statuses")
    _need(sheet, "feed", lambda v: isinstance(v, bool), "true ou false")
    _need(sheet, "mandates", lambda v: v in ("api", "manual"), "«api» ou «manual»")
    return dict(sheet)


def _check_binding(sheet: dict[str, Any], loopback: bool) -> None:
    """How a person gets there: each binding has its own members, and the other's are null."""
    if sheet.get("binding") == "saml2-idp":
        raise BadSheet(
            "Fiche du partenaire : la liaison «saml2-idp» (réponse envoyée sans demande) n'est pas prise en charge ; "
            "demandez au partenaire «saml2-sp», où son site commence par une demande signée, ou «oidc-code»."
        )
    _need(sheet, "binding", lambda v: v in ("oidc-code", saml.BINDING), "«oidc-code» ou «saml2-sp»")
    if sheet["binding"] == saml.BINDING:
        if (wrong := saml.fault(sheet, lambda v: _url(v, loopback))) is not None:
            _need({}, wrong[0], bool, wrong[1])
        return
    for name in ("initiate_login_uri", "target_link_uri"):
        _need(sheet, name, lambda v: _url(v, loopback), "une adresse https")
    _need(sheet, "redirect_uris", _items(lambda v: _url(v, loopback), least=1), "des adresses https")


def _need(sheet: dict[str, Any], name: str, holds: Callable[[Any], object], wanted: str) -> None:
    if not holds(sheet.get(name)):
        raise BadSheet(f"Fiche du partenaire : «{name}» manque ou n'est pas valable ; il faut {wanted}.")


def _items(holds: Callable[[Any], object], *, least: int = 0) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and least <= len(value) <= 200 and all(holds(item) for item in value)


def _unique(sheet: dict[str, Any], name: str) -> None:
    codes = [item["code"] for item in sheet[name]]
    if len(set(codes)) != len(codes):
        raise BadSheet(f"Fiche du partenaire : un code figure deux fois dans «{name}».")


def _is_act(value: Any) -> bool:
    return _is_labelled(value) and value.get("nature") in (None, *NATURES)


def _is_status(value: Any) -> bool:
    return _is_labelled(value) and value["code"] not in RESERVED


def _is_labelled(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    code, label = value.get("code"), value.get("label")
    if not isinstance(code, str) or not isinstance(label, str):
        return False
    return CODE.fullmatch(code) is not None and 0 < len(label) <= 100


def _url(value: Any, loopback: bool) -> bool:
    """PLP-002: https; http only on this machine, where the installation allows it."""
    if not isinstance(value, str) or len(value) > 500 or not re.fullmatch(r"[!-~]+", value):
        return False
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or parts.password is not None or parts.fragment or port == 0:
        return False
    if not HOST.fullmatch(parts.hostname):  # it will stand in a content policy, where «;» begins something else
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and loopback and is_loopback(parts.hostname))


def _is_base(value: str) -> bool:
    return not value.endswith("/") and "?" not in value


def _is_origin(value: str) -> bool:
    parts = urlsplit(value)
    return not parts.path and not parts.query
