"""Registration of a partner with a cabinet (PLP-001, PLP-002, PLP-004, PLP-012..014)."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.auth.models import OidcClient
from core.cabinets import vault
from core.cabinets.models import AuditPayload
from core.db.errors import NotFound
from core.extensions import db
from core.links import mandates
from core.links import registration
from core.links.models import Endpoint
from core.links.registration_sheets import BadSheet

SHEET: dict[str, Any] = {
    "plp": 1, "kind": "partner", "partner_id": "nomineo", "name": "Nominéo", "base_url": "http://localhost:8010/plp/v1",
    "jwks_uri": "http://localhost:8010/jwks.json", "keys_statement_uri": "http://localhost:8010/plp/keys-statement",
    "jkt": ["A" * 43], "binding": "oidc-code", "initiate_login_uri": "http://localhost:8010/plp/initiate",
    "redirect_uris": ["http://localhost:8010/plp/callback"], "target_link_uri": "http://localhost:8010/acts",
    "launch_origins": [], "account_schemes": ["contract-number"],
    "actions": [{"code": "arbitrage", "label": "Arbitrage", "nature": "arbitrage"}],
    "extra_statuses": [{"code": "signature_awaited", "label": "Signature attendue"}], "feed": True, "mandates": "api",
    "saml": None, "contact": "partenaires@nomineo.example",
}  # fmt: skip
ID = re.compile(r"[A-Za-z0-9_-]{16,64}")


def register(cabinet_id: int, sheet: object = None) -> dict[str, Any]:
    with db.session(cabinet_id) as session:
        return registration.register(session, sheet or SHEET)


def test_a_partner_is_registered_once(app: Flask, people: Any) -> None:
    """PLP-001, 004, 012, 013: the platform's sheet names one client, one hook address, one secret, one mandate."""
    sheet = register(people.cabinet_id)
    assert sheet["iss"] == "http://127.0.0.1:8000/plp/demo"
    assert sheet["jwks_uri"] == "http://127.0.0.1:8000/plp/demo/jwks.json"
    assert all(ID.fullmatch(sheet[name]) for name in ("client_id", "mandate"))
    endpoint = sheet["webhook_url"].removeprefix("http://127.0.0.1:8000/plp/hooks/")
    assert ID.fullmatch(endpoint)
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", sheet["webhook_secret"])
    assert len(sheet["jkt"]) == 1
    assert len(sheet["jkt"][0]) == 43
    assert sheet["cabinet"] == {"name": "Cabinet demo", "siren": "732829320", "orias": "07000123"}
    with db.session(people.cabinet_id) as session:
        client = session.get(OidcClient, sheet["client_id"])
        assert client is not None
        assert (client.kind, client.cabinet_id, client.redirect_uris) == (
            "partner", people.cabinet_id, SHEET["redirect_uris"],
        )  # fmt: skip
        kept = vault.unseal(session, "link:nomineo", "webhook-secret")
        assert kept == base64.b64decode(sheet["webhook_secret"].removeprefix("whsec_"))
        mandate = mandates.current(session, "nomineo")
        assert mandate is not None
        assert (mandate.state, mandate.reference, mandate.content) == ("none", sheet["mandate"], {})


def test_the_secret_is_shown_once_and_is_not_in_the_journal(app: Flask, people: Any) -> None:
    """PLP-013: shown on the first sheet; neither in a second one, nor in any journal line."""
    secret = register(people.cabinet_id)["webhook_secret"]
    assert "webhook_secret" not in register(people.cabinet_id)
    with db.session(people.cabinet_id) as session:
        journal = json.dumps([row.payload for row in session.scalars(select(AuditPayload))])
        assert secret not in journal
        assert "webhook_secret" not in registration.platform_sheet(session, "nomineo")
        assert registration.platform_sheet(session, "nomineo", show_secret=True)["webhook_secret"] == secret


def test_a_new_sheet_is_taken_over_the_former(app: Flask, people: Any) -> None:
    """PLP-012, PLP-087: re-import keeps client, address and mandate, takes the URLs, opens a stopped address again."""
    first = register(people.cabinet_id)
    with db.session(None) as session:
        endpoint = session.get(Endpoint, first["webhook_url"].rsplit("/", 1)[1])
        assert endpoint is not None
        endpoint.enabled = False
    changed = {**SHEET, "redirect_uris": ["http://localhost:8010/plp/retour"], "name": "Nominéo 2"}
    second = register(people.cabinet_id, changed)
    assert {key: first[key] for key in ("client_id", "webhook_url", "mandate", "jkt")} == {
        key: second[key] for key in ("client_id", "webhook_url", "mandate", "jkt")
    }
    with db.session(None) as session:
        client = session.get(OidcClient, first["client_id"])
        endpoint = session.get(Endpoint, first["webhook_url"].rsplit("/", 1)[1])
        assert client is not None
        assert endpoint is not None
        assert client.redirect_uris == changed["redirect_uris"]
        assert endpoint.enabled


def test_two_cabinets_share_nothing(app: Flask, people: Any, strangers: Any) -> None:
    """PLP-012, PLP-013: one client, one address, one secret a (cabinet, partner)."""
    ours, theirs = register(people.cabinet_id), register(strangers.cabinet_id)
    for name in ("iss", "client_id", "mandate", "webhook_url", "webhook_secret", "jkt"):
        assert ours[name] != theirs[name], name


def test_without_registration_there_is_no_sheet(app: Flask, people: Any) -> None:
    """PLP §2: nothing to export before the import."""
    with db.session(people.cabinet_id) as session, pytest.raises(NotFound):
        registration.platform_sheet(session, "nomineo")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"plp": 2}, "PLP/1"),
        ({"kind": "platform"}, "PLP/1"),
        ({"partner_id": "Nomineo"}, "partner_id"),
        ({"partner_id": "a" * 31}, "partner_id"),
        ({"base_url": "http://localhost:8010/plp/v1/"}, "base_url"),
        ({"base_url": "http://localhost:8010/plp/v1?x=1"}, "base_url"),
        ({"base_url": "http://partenaire.example/plp/v1"}, "base_url"),
        ({"base_url": "https://user:secret@p.example/plp/v1"}, "base_url"),
        ({"jwks_uri": "file:///etc/passwd"}, "jwks_uri"),
        ({"keys_statement_uri": "ftp://p.example/k"}, "keys_statement_uri"),
        ({"jkt": []}, "jkt"),
        ({"jkt": ["court"]}, "jkt"),
        ({"binding": "link"}, "binding"),
        ({"redirect_uris": []}, "redirect_uris"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "redirect_uris"),
        ({"redirect_uris": ["https://p.example;script-src/retour"]}, "redirect_uris"),
        ({"launch_origins": ["https://p.example/chemin"]}, "launch_origins"),
        ({"account_schemes": ["iban"]}, "account_schemes"),
        ({"actions": [{"code": "Arbitrage", "label": "A"}]}, "actions"),
        ({"actions": [{"code": "a", "label": "x" * 101}]}, "actions"),
        ({"actions": [{"code": "a", "label": "A"}, {"code": "a", "label": "B"}]}, "actions"),
        ({"extra_statuses": [{"code": "validated", "label": "Validé"}]}, "extra_statuses"),
        ({"extra_statuses": [{"code": "opened", "label": "Ouvert"}]}, "extra_statuses"),
        ({"feed": "oui"}, "feed"),
        ({"mandates": "courrier"}, "mandates"),
    ],
)
def test_a_bad_sheet_is_refused_with_the_member_named(
    app: Flask, people: Any, change: dict[str, Any], named: str
) -> None:
    """PLP-001, 002, 009, 012, 014, 086: each member is checked; nothing is made of a bad sheet."""
    with pytest.raises(BadSheet) as refused, db.session(people.cabinet_id) as session:
        registration.register(session, {**SHEET, **change})
    assert named in refused.value.text
    with db.session(people.cabinet_id) as session:
        assert mandates.current(session, "nomineo") is None


def test_http_needs_the_installation_s_leave(app: Flask, people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLP-002: http on this machine only where `plp_allow_loopback` is on."""
    from dataclasses import replace

    from core import config

    monkeypatch.setattr(config, "_current", [replace(config.current(), plp_allow_loopback=False)])
    with pytest.raises(BadSheet), db.session(people.cabinet_id) as session:
        registration.register(session, SHEET)


def test_unknown_members_are_ignored(app: Flask, people: Any) -> None:
    """PLP-003: a later version's members do no harm."""
    assert register(people.cabinet_id, {**SHEET, "future": {"a": 1}})["client_id"]
