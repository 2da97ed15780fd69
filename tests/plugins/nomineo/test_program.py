"""The mandate's papers by the API: the same rules, the same journal as on the pages (BL-04, BL-05, PL-09)."""

from __future__ import annotations

import email
import email.policy
import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from core.cabinets.models import AuditEntry
from core.cabinets.models import AuditPayload
from core.db.clock import today
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from tests.core.rest.desk import Program
from tests.core.rest.desk import slug
from tests.core.rest.desk import token_of
from tests.plugins.nomineo.link import PLUGIN
from tests.plugins.nomineo.link import Link
from tests.plugins.nomineo.papers import fields
from tests.plugins.nomineo.papers import scan

HERE = "/p/nomineo/mandate"
FILL: dict[str, Any] = {
    "representative": "Éléonore d'Aïeul", "quality": "Gérante", "broker_code": "GP-20417", "email": "cabinet@demo.example",
    "phone": "02 40 00 00 00", "place": "Nantes", "signed_on": today().isoformat(), "acts": ["arbitrage"],
}  # fmt: skip
DAY = today().isoformat()


@pytest.fixture
def boss(app: Flask, link: Link) -> Program:
    return Program(app, token_of(link.people.cabinet_id, link.people.administrator, name="Mandats"))


@pytest.fixture
def adviser(app: Flask, link: Link) -> Program:
    return Program(app, token_of(link.people.cabinet_id, link.people.adviser))


def pdf(program: Program, document_id: str) -> bytes:
    answer = program.call("GET", f"/documents/{document_id}/content", Accept="application/pdf")
    assert answer.status_code == 200
    return answer.get_data()


def faults(program: Program, path: str, body: dict[str, Any]) -> dict[str, str]:
    answer = program.call("POST", f"{HERE}/{path}", body)
    assert answer.status_code == 422, answer.get_data(as_text=True)
    return {one["field"]: one["text"] for one in answer.get_json(force=True)["errors"]}


def test_the_mandate_goes_all_its_way_by_programs(link: Link, boss: Program) -> None:
    """BL-04, BL-05: made with a code, filled, sent with its message, received and active on proof; each step names the token."""
    link.enrol("enrolled")
    issued = boss.post(f"{HERE}/issue")
    assert (issued["state"], issued["reference"]) == ("issued", link.mandate().reference)
    assert issued["code_expires_at"]
    text = PdfReader(io.BytesIO(pdf(boss, issued["document_id"]))).pages[0].extract_text()
    assert link.mandate().reference in text
    filled = boss.post(f"{HERE}/fill", FILL)
    assert filled["state"] == "completed"
    assert filled["document_id"] != issued["document_id"]
    written = fields(pdf(boss, filled["document_id"]))
    assert (written["representant"]["/V"], written["code_courtier"]["/V"]) == ("Éléonore d'Aïeul", "GP-20417")
    to = "inspector_name=Claire%20Vasseur&inspector_email=claire@compagnie.example"
    mail = boss.call("GET", f"{HERE}/message?{to}", Accept="message/rfc822")
    assert (mail.mimetype, mail.headers["Content-Disposition"]) == ("message/rfc822", "attachment; filename=mandat-nomineo.eml")
    assert boss.call("GET", f"{HERE}/message?{to}").headers["ETag"] == mail.headers["ETag"], "nothing changed"
    read = email.message_from_bytes(mail.get_data(), policy=email.policy.default)
    assert read["To"] == "Claire Vasseur <claire@compagnie.example>"
    assert [one.get_content() for one in read.iter_attachments()] == [pdf(boss, filled["document_id"])]
    sent = {"inspector_name": "Claire Vasseur", "inspector_email": "claire@compagnie.example", "sent_on": DAY}
    boss.post("/mandates/nomineo/send", sent)
    assert boss.call("GET", f"{HERE}/message").status_code == 200, "to the inspector who is known by now"
    received = boss.call("POST", f"{HERE}/reception", {"on": DAY, "file": (scan(), "accusé.pdf")}, key="r")
    assert (received.get_json()["state"], received.get_json()["received_on"]) == ("received", DAY)
    again = boss.call("POST", f"{HERE}/reception", {"on": DAY, "file": (scan(), "accusé.pdf")}, key="r")
    assert again.get_data() == received.get_data()
    active = boss.post(f"{HERE}/activation", {"on": DAY, "file": (scan(), "activation.pdf")})
    assert active["state"] == "active"
    with db.session(link.people.cabinet_id, write=False) as session:
        rows = session.execute(
            select(AuditEntry.actor, AuditPayload.payload).join(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
            .where(AuditEntry.subject == f"mandate:{link.mandate().reference}")
        ).all()  # fmt: skip
    assert len(rows) >= 5
    assert {(row.actor, row.payload["via"]) for row in rows} == {(link.people.administrator, "jeton «Mandats»")}


def test_a_signed_form_is_deposited(link: Link, boss: Program) -> None:
    """BL-04: kept as it came; what is wrong is said by its member, in the page's words, and nothing is kept of it."""
    link.bring("issued")
    good: dict[str, Any] = {"broker_code": "GP-20417", "signed_on": DAY, "file": (scan(), "mandat signé.pdf")}
    tomorrow = (today() + timedelta(days=1)).isoformat()
    wrong = {"broker_code": "GP 20 417 é", "signed_on": tomorrow, "file": (b"<html>", "mandat.pdf")}
    assert set(faults(boss, "deposit", {**wrong, "broker_code": "x" * 65})) == {"broker_code", "signed_on", "file"}
    assert set(faults(boss, "deposit", {**good, "broker_code": "GP 20 é"})) == {"broker_code"}
    assert set(faults(boss, "deposit", {**good, "file": (b"%PDF-1.4 nothing", "mandat.pdf")})) == {"file"}
    assert link.mandate().state == "issued"
    kept = boss.post(f"{HERE}/deposit", good)
    assert kept["state"] == "completed"
    assert pdf(boss, kept["document_id"]) == scan()


def test_what_is_not_accepted_is_said_by_its_member(link: Link, boss: Program) -> None:
    """BL-04, BL-05: the form's own rules, an act that the company has not, a date before the signature, a state that refuses."""
    said = faults(boss, "fill", {**FILL, "quality": "", "email": "cabinet", "acts": ["arbitrage", "voyage"]})
    assert set(said) == {"quality", "email", "acts"}
    assert "voyage" in said["acts"]
    assert set(faults(boss, "fill", {})) == set(FILL) - {"phone"}
    assert slug(boss.call("GET", f"{HERE}/message")) == "not-found", "there is nothing to send yet"
    early = boss.call("POST", f"{HERE}/activation", {"on": DAY, "file": (scan(), "a.pdf")})
    assert (early.status_code, slug(early)) == (409, "conflict")
    link.bring("completed")
    nobody = boss.call("GET", f"{HERE}/message?inspector_email=x")
    assert (nobody.status_code, slug(nobody)) == (400, "parameters-invalid")
    assert {one["field"] for one in nobody.get_json(force=True)["errors"]} == {"inspector_name", "inspector_email"}
    link.step("send")
    before = faults(boss, "reception", {"on": "2026-01-01", "file": (scan(), "a.pdf")})
    assert before == {"on": "La date de réception précède la signature du mandat\u202f: vérifiez-la."}
    assert set(faults(boss, "reception", {"on": DAY, "file": (b"", "")})) == {"file"}
    assert link.mandate().state == "sent"


def test_rights_and_gates_are_the_pages(hub: Hub, link: Link, adviser: Program, boss: Program) -> None:
    """PL-04, PL-09: an adviser has the blank form and nothing else; all of it is 404 where the module is off."""
    link.bring("completed")
    blank = adviser.call("GET", f"{HERE}/blank", Accept="application/pdf")
    assert (blank.mimetype, blank.headers["Content-Disposition"]) == (
        "application/pdf", "attachment; filename=mandat-nomineo-vierge.pdf",
    )  # fmt: skip
    assert set(fields(blank.get_data())) >= {"siren", "code_courtier"}
    for method, path, body in (
        ("POST", "issue", None), ("POST", "fill", FILL), ("GET", "message", None),
        ("POST", "deposit", {"file": (scan(), "a.pdf")}), ("POST", "reception", {}), ("POST", "activation", {}),
    ):  # fmt: skip
        assert adviser.call(method, f"{HERE}/{path}", body).status_code == 403, path
    with db.session(link.people.cabinet_id) as session:
        enabling.switch(session, hub.registry, PLUGIN, on=False, actor="cli")
    for method, path in (("GET", "blank"), ("POST", "issue")):
        assert slug(boss.call(method, f"{HERE}/{path}", Accept="*/*")) == "not-found"
