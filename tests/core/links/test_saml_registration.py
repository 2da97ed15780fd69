"""A partner registered by SAML: its sheet member by member, ours with certificates, their renewal (BL-14, PLP-114, PLP-120)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import load_pem_x509_certificate
from flask import Flask
from flask.testing import FlaskClient

from core.auth.models import OidcClient
from core.cli import partner
from core.db.clock import now
from core.db.errors import Conflict
from core.db.errors import NotFound
from core.extensions import db
from core.links import mandates
from core.links import registration
from core.links.models import Certificate
from core.links.registration_sheets import BadSheet
from core.links.saml import certificates
from core.links.saml import pem
from tests.core.links.saml_scene import certificate
from tests.core.links.saml_scene import keys
from tests.core.links.saml_scene import member
from tests.core.links.test_registration import SHEET

OIDC: dict[str, Any] = {"initiate_login_uri": None, "redirect_uris": None, "target_link_uri": None}


def sheet(**saml: Any) -> dict[str, Any]:
    """The sheet by SAML; what is given stands in its member `saml`."""
    return {**SHEET, **OIDC, "binding": "saml2-sp", "saml": {**member(), **saml}}


def register(cabinet_id: int, given: dict[str, Any]) -> dict[str, Any]:
    with db.session(cabinet_id) as session:
        return registration.register(session, given)


def test_both_sheets_name_their_certificates(app: Flask, people: Any) -> None:
    """PLP-114: ours gains `saml`, with one RSA certificate of 3072 bits that may sign; no code can be given to this partner."""
    ours = register(people.cabinet_id, sheet())
    iss = "http://127.0.0.1:8000/plp/demo"
    assert {name: value for name, value in ours["saml"].items() if name != "certs"} == {
        "entity_id": iss, "sso_url": f"{iss}/saml/sso", "metadata": f"{iss}/saml/metadata",
    }  # fmt: skip
    [text] = ours["saml"]["certs"]
    found = load_pem_x509_certificate(text.encode())
    key = found.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.key_size == 3072
    with db.session(people.cabinet_id) as session:
        client = session.get(OidcClient, ours["client_id"])
        assert client is not None
        assert client.redirect_uris == []
        kept = certificates.private(session, pem.fingerprint(found))
        assert kept.public_key() == key
    assert register(people.cabinet_id, sheet())["saml"]["certs"] == [text], "the same one with the next import"


def test_the_other_binding_has_no_certificate(app: Flask, people: Any) -> None:
    """PLP-114: none is made for a partner by OpenID Connect, and the metadata do not exist."""
    assert "saml" not in register(people.cabinet_id, SHEET)
    client = app.test_client()
    assert client.get("/plp/demo/saml/metadata").status_code == 404
    assert client.get("/plp/inconnu/saml/metadata").status_code == 404
    assert client.get("/plp/inconnu/saml/sso").status_code == 404


SHORT = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_CURVE = ec.generate_private_key(ec.SECP384R1())


def wrong() -> dict[str, tuple[dict[str, Any], str]]:
    """Why → what is changed of the sheet, and the member that is named."""
    own, curve = keys()
    good = certificate(own)
    saml = {
        "no entity": ({"entity_id": None}, "saml.entity_id"), "a bare word": ({"entity_id": "horizon"}, "saml.entity_id"),
        "a long one": ({"entity_id": f"https://p.example/{'x' * 500}"}, "saml.entity_id"),
        "http elsewhere": ({"acs_url": "http://p.example/acs"}, "saml.acs_url"),
        "a script": ({"launch_url": "javascript:alert(1)"}, "saml.launch_url"),
        "parameters": ({"launch_url": "https://p.example/saml?x=1"}, "saml.launch_url"),
        "no certificate": ({"signing_certs": []}, "saml.signing_certs"),
        "three": ({"signing_certs": [good, good, good]}, "saml.signing_certs"),
        "no PEM": ({"signing_certs": ["MIIB"]}, "PEM"), "two in one": ({"signing_certs": [good + good]}, "un seul"),
        "a torn one": ({"signing_certs": [good[:80] + good[120:]]}, "lisible"),
        "2048 bits": ({"signing_certs": [certificate(SHORT)]}, "3072 bits"),
        "another curve": ({"signing_certs": [certificate(OTHER_CURVE)]}, "EC P-256"),
        "an expired one": ({"signing_certs": [certificate(own, days=-1)]}, "expiré"),
        "EC to encrypt to": ({"encryption_cert": certificate(curve)}, "saml.encryption_cert"),
        "a number": ({"encryption_cert": 3}, "saml.encryption_cert"),
    }  # fmt: skip
    rest: dict[str, tuple[dict[str, Any], str]] = {
        "no member": ({"saml": None}, "«saml»"), "an address of the other binding": ({"redirect_uris": []}, "redirect_uris"),
        "sent unasked": ({"binding": "saml2-idp"}, "saml2-idp"), "no binding": ({"binding": "saml2"}, "oidc-code» ou «saml2-sp"),
        "the other binding, without its addresses": ({"binding": "oidc-code"}, "initiate_login_uri"),
    }  # fmt: skip
    return {why: ({**sheet(**change)}, named) for why, (change, named) in saml.items()} | {
        why: ({**sheet(), **change}, named) for why, (change, named) in rest.items()
    }


def test_a_bad_sheet_is_refused_with_the_member_named(app: Flask, people: Any) -> None:
    """PLP-114, PLP-120: each wrong value in French; nothing is made of any of them."""
    for why, (given, named) in wrong().items():
        with pytest.raises(BadSheet) as refused:
            register(people.cabinet_id, given)
        assert named in refused.value.text, why
    with db.session(people.cabinet_id) as session:
        assert mandates.current(session, "nomineo") is None
        assert certificates.shown(session) == []


def test_two_partners_have_two_names(app: Flask, people: Any, strangers: Any) -> None:
    """PLP-114: an issuer names one partner of a cabinet; another cabinet may have the same partner."""
    register(people.cabinet_id, sheet())
    with pytest.raises(BadSheet, match="entity_id"):
        register(people.cabinet_id, {**sheet(), "partner_id": "autre"})
    register(strangers.cabinet_id, sheet())


def test_a_certificate_is_shown_a_day_before_it_signs(app: Flask, people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLP-114: two at a time, the next one on the sheet 24 h before its first use; then the old one leaves the sheet."""
    with db.session(people.cabinet_id) as session, pytest.raises(NotFound):
        certificates.renew(session, actor="cli")
    [first] = register(people.cabinet_id, sheet())["saml"]["certs"]
    with db.session(people.cabinet_id) as session:
        at = certificates.renew(session, actor="cli")
        assert timedelta(hours=24) - timedelta(minutes=1) < at - now() <= timedelta(hours=24)
        assert [row.pem == first for row in certificates.shown(session)] == [True, False]
        in_use = certificates.in_use(session)
        assert in_use is not None
        assert in_use.pem == first
        with pytest.raises(Conflict, match="déjà en cours"):
            certificates.renew(session, actor="cli")
    assert len(register(people.cabinet_id, sheet())["saml"]["certs"]) == 2
    later = now() + timedelta(hours=25)
    monkeypatch.setattr(certificates, "now", lambda: later)
    with db.session(people.cabinet_id) as session:
        [row] = certificates.shown(session)
        assert row.pem != first


def test_the_operator_sees_renews_and_withdraws(
    app: Flask, people: Any, administrator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PLP-114: `encours partner keys` names certificates beside keys; the sheet is then to be handed over."""
    register(people.cabinet_id, sheet())
    monkeypatch.setattr(partner, "create_app", lambda: app)
    run = partial(CliRunner().invoke, partner.keys, catch_exceptions=False)
    words = ["--cabinet", people.slug]
    [line] = [line for line in run(words).output.splitlines() if "certificat" in line]
    first = line.split()[0]
    assert "certificat SAML en service" in line
    page = administrator.get("/administration/securite").get_data(as_text=True)
    assert first in page
    assert "certificat SAML" in page
    said = run([*words, "--renew-certificate"]).output
    assert "certificat SAML à venir" in said
    assert "Remettez maintenant la nouvelle fiche" in said
    assert first not in run([*words, "--withdraw", first]).output


def test_a_stolen_certificate_is_taken_away_at_once(app: Flask, people: Any) -> None:
    """PLP-114: the next one signs from now on; the only one stays, since nothing could sign without."""
    register(people.cabinet_id, sheet())
    with db.session(people.cabinet_id) as session:
        [only] = certificates.shown(session)
        with pytest.raises(Conflict, match="seul certificat"):
            certificates.withdraw(session, only.fingerprint, actor="cli")
        certificates.renew(session, actor="cli")
        certificates.withdraw(session, only.fingerprint, actor="cli")
        [left] = certificates.shown(session)
        assert left.fingerprint != only.fingerprint
        assert certificates.in_use(session) is left
        with pytest.raises(NotFound):
            certificates.withdraw(session, only.fingerprint, actor="cli")
        assert session.get(Certificate, (people.cabinet_id, only.id)) is not None
