"""CO-01: a document is asked to be signed, signed on screen and by a link, sealed so that a byte's change shows, proven."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Iterator
from datetime import date
from datetime import timedelta
from email.header import decode_header
from email.header import make_header
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from core import pdf
from core.cabinets import audit_proof
from core.cabinets.models import AuditEntry
from core.cli.worker import run_due
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db import clock
from core.db.errors import DomainError
from core.documents import filing
from core.documents import services as documents
from core.documents.models import Document
from core.extensions import db
from core.shell.models import Notification
from core.signing import clock as signing_clock
from core.signing.models import SignatureRequest
from core.signing.models import SignatureSigner
from tests import databases
from tests import mailbox
from tests import usual
from tests.conftest import People
from tests.conftest import make_config
from tests.conftest import person
from tests.conftest import sign_in
from tests.mailbox import Box

PAGES = "<body><h1>Lettre de mission</h1><p>Entre le cabinet et Hélène Lefèvre, née D'Été</p></body>"
DRAWN = "10,20 30,40 60,20;80,30 90,30"
NAME = "Hélène Lefèvre"


@pytest.fixture(scope="module")
def letter() -> bytes:
    return pdf.render(PAGES)


@pytest.fixture(scope="module")
def server() -> Iterator[Box]:
    with mailbox.opened() as found:
        yield found


@pytest.fixture
def box(server: Box) -> Box:
    server.mails.clear()
    return server


@pytest.fixture
def app(tmp_path: Path, box: Box) -> Iterator[Flask]:
    """An installation that sends mail."""
    told = {"smtp_host": "127.0.0.1", "smtp_port": box.port, "smtp_security": "none", "mail_from": "encours@cabinet.example"}
    config = make_config(tmp_path, **told)
    databases.ready(config.database_url)
    application = usual.lent(config)
    yield application
    application.extensions["encours_hub"].close()
    db.close()


def filed(people: People, data: bytes) -> tuple[str, str]:
    """A client of the adviser with a document in the file: their ids."""
    with db.session(people.cabinet_id) as session:
        made = NewContact(
            "PERSONNE_PHYSIQUE", "CLIENT", birth_name="Lefèvre", first_names="Hélène", birth_date=date(1968, 3, 14),
            email="helene@ex.fr",
        )  # fmt: skip
        contact_id = contacts.create(session, "cli", made)
        contacts.follow(session, "cli", contact_id, people.adviser)
        kept = documents.store(
            session, owner_kind="contact", owner_id=contact_id, category="LETTRE_MISSION", title="Lettre de mission",
            filename="lettre.pdf", data=data, media_type="application/pdf", created_by=people.adviser,
        )  # fmt: skip
        return contact_id, kept.id


def token(page: str) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)  # type: ignore[union-attr]


def send(client: FlaskClient, path: str, form: dict[str, str], at: str | None = None) -> Any:
    """Post a form as the page at `at` has it."""
    page = client.get(at or path).get_data(as_text=True)
    return client.post(path, data={**form, "csrf_token": token(page)})


def asked(client: FlaskClient, document_id: str, *, way: str = "LIEN", cabinet: str = "NON") -> str:
    """Ask the client, and the adviser after her where `cabinet` says how; the request's address."""
    until = (clock.today() + timedelta(days=20)).isoformat()
    form = {"way_0": way, "email_0": "helene@ex.fr", "way_1": cabinet, "until": until, "message": "Bonne lecture"}
    answer = send(client, f"/documents/{document_id}/signature", form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def journal(people: People) -> list[str]:
    with db.session(people.cabinet_id, write=False) as session:
        wanted = select(AuditEntry.action).where(AuditEntry.action.startswith("signature.")).order_by(AuditEntry.seq)
        audit_proof.verify(session)
        return list(session.scalars(wanted))


def stored(people: People, model: Any) -> list[Any]:
    with db.session(people.cabinet_id, write=False) as session:
        return list(session.scalars(select(model).order_by(model.id)))


def checked(data: bytes, folder: Path) -> str:
    """What poppler says of a PDF's signatures."""
    path = folder / "signe.pdf"
    path.write_bytes(data)
    return subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout


def test_by_a_link_then_on_screen_sealed_and_proven(
    app: Flask, people: People, adviser: FlaskClient, box: Box, letter: bytes, tmp_path: Path
) -> None:
    """CO-01: the client signs by her link, the adviser on screen; the PDF is sealed; pdfsig says so, and when a byte changed."""
    contact_id, document_id = filed(people, letter)
    at = asked(adviser, document_id, cabinet="PLACE")
    assert not box.mails
    run_due()
    (mail,) = box.mails
    assert mail["To"] == "helene@ex.fr"
    said = mailbox.content(mail)
    assert "Bonne lecture" in said
    client = app.test_client()
    entered = client.get(mailbox.path_of(mail))
    assert entered.status_code == 302
    assert "jeton" not in entered.location  # the address is kept nowhere
    page = client.get(entered.location).get_data(as_text=True)
    for part in ("Lettre de mission", NAME, "électronique simple", "/signature/pages/1.png"):
        assert part in page
    assert client.get("/signature/pages/1.png").mimetype == "image/png"
    assert client.get("/signature/fichier").data == letter
    assert "Consulté" in adviser.get(at).get_data(as_text=True)
    wrong = {"typed_name": "Jean Dupont", "agreed": "1", "strokes": DRAWN}
    for form, said in (
        (wrong, "Écrivez votre nom comme il est demandé"),
        ({"typed_name": NAME, "strokes": DRAWN}, "Cochez la case"),
        ({"typed_name": NAME, "agreed": "1", "strokes": "<svg/onload=alert(1)>"}, "tracé"),
    ):
        refused = send(client, "/signature/signer", form, "/signature/lire")
        assert refused.status_code == 422
        assert said in refused.get_data(as_text=True)
    form = {"typed_name": "LEFEVRE  hélène", "agreed": "1", "strokes": DRAWN}
    done = send(client, "/signature/signer", form, "/signature/lire")
    assert "Votre signature est enregistrée" in done.get_data(as_text=True)
    assert client.get("/signature/lire").status_code == 410  # the link has served
    assert app.test_client().get(mailbox.path_of(mail), follow_redirects=True).status_code == 410
    assert "Signé en partie" in adviser.get(at).get_data(as_text=True)
    name = stored(people, SignatureSigner)[1].name
    assert send(adviser, f"{at}/ici", {"typed_name": name, "agreed": "1"}).status_code == 303
    run_due()
    run_due()  # a second run finds it done
    (row,) = stored(people, SignatureRequest)
    assert row.state == "SIGNE"
    with db.session(people.cabinet_id, write=False) as session:
        signed, proof = (session.get_one(Document, (people.cabinet_id, one)) for one in (row.signed_id, row.proof_id))
        assert (signed.owner_kind, signed.owner_id) == ("contact", contact_id)
        data, evidence = documents.read(session, signed), documents.read(session, proof)
    verdict = checked(data, tmp_path)
    assert "Signature is Valid" in verdict
    assert "Total document signed" in verdict
    assert "ETSI.CAdES.detached" in verdict
    broken = data.replace(b"/MediaBox", b"/MediaBux", 1)
    assert broken != data
    assert "Digest Mismatch" in checked(broken, tmp_path)
    reader = PdfReader(io.BytesIO(data))
    assert len(reader.pages) == 2
    assert "née D'Été" in reader.pages[0].extract_text()
    last = reader.pages[1].extract_text()
    for part in ("LEFEVRE hélène", row.sha256, "Lien personnel envoyé à helene@ex.fr", name):
        assert part in " ".join(last.split()), part
    (inside,) = PdfReader(io.BytesIO(evidence)).attachments["preuve.json"]
    facts = json.loads(inside)
    assert [one["way"] for one in facts["signers"]] == ["LIEN", "PLACE"]
    assert facts["document_sha256"] == row.sha256
    assert facts["signers"][0]["drawn"] == DRAWN
    assert [one.title for one in stored(people, Notification)] == ["Un document est signé"]
    assert journal(people) == [
        "signature.asked", "signature.opened", "signature.signed", "signature.signed", "signature.seal_made", "signature.sealed",
    ]  # fmt: skip


def test_refused_cancelled_expired(app: Flask, people: People, adviser: FlaskClient, box: Box, letter: bytes) -> None:
    """CO-01: a refusal ends it and tells who asked, with the reason; a cancelled or expired request's link opens nothing."""
    _contact, document_id = filed(people, letter)
    at = asked(adviser, document_id)
    run_due()
    client = app.test_client()
    client.get(mailbox.path_of(box.mails[-1]))
    assert send(client, "/signature/refuser", {"why": ""}, "/signature/lire").status_code == 422
    send(client, "/signature/refuser", {"why": "Les honoraires ne sont pas les bons"}, "/signature/lire")
    page = adviser.get(at).get_data(as_text=True)
    assert "Refusé" in page
    assert "Les honoraires ne sont pas les bons" in page
    assert [one.title for one in stored(people, Notification)] == [f"{NAME} a refusé de signer"]
    at = asked(adviser, document_id)  # a closed request lets another begin
    with db.session(people.cabinet_id) as session, pytest.raises(DomainError, match="à la signature"):
        filing.remove(session, person(session, people.adviser), document_id)
    twice = adviser.get(f"/documents/{document_id}/signature")
    assert twice.status_code == 422
    assert "déjà à la signature" in twice.get_data(as_text=True)
    run_due()
    send(adviser, f"{at}/annuler", {"why": ""}, at)
    assert app.test_client().get(mailbox.path_of(box.mails[-1]), follow_redirects=True).status_code == 410
    at = asked(adviser, document_id)
    run_due()
    with clock.shifted(timedelta(days=21)):
        assert app.test_client().get(mailbox.path_of(box.mails[-1]), follow_redirects=True).status_code == 410
        signing_clock.run(people.cabinet_id)
    assert "Expiré" in adviser.get(at).get_data(as_text=True)
    assert stored(people, SignatureRequest)[-1].state == "EXPIRE"
    with db.session(people.cabinet_id) as session:  # nobody is to sign it any more
        filing.remove(session, person(session, people.adviser), document_id)


def test_reminders_and_a_new_link(app: Flask, people: People, adviser: FlaskClient, box: Box, letter: bytes) -> None:
    """CO-01: after five days a reminder leaves with a link of its own, three at most; the former link opens nothing."""
    _contact, document_id = filed(people, letter)
    at = asked(adviser, document_id)
    run_due()
    first = mailbox.path_of(box.mails[-1])
    for day in range(1, 20):
        with clock.shifted(timedelta(days=day)):
            signing_clock.run(people.cabinet_id)
            run_due()
    assert len(box.mails) == 4
    assert "Rappel" in str(make_header(decode_header(box.mails[-1]["Subject"])))
    assert app.test_client().get(first, follow_redirects=True).status_code == 410
    assert app.test_client().get(mailbox.path_of(box.mails[-1]), follow_redirects=True).status_code == 200
    assert send(adviser, f"{at}/rappel", {}, at).status_code == 303
    run_due()
    assert len(box.mails) == 5


def test_a_mail_that_is_refused_is_said(app: Flask, people: People, adviser: FlaskClient, box: Box, letter: bytes) -> None:
    """CO-01: the mail server refuses the address: the request's page says so, instead of «sent» alone."""
    _contact, document_id = filed(people, letter)
    at = asked(adviser, document_id)
    box.answer = "550 no such user"
    try:
        run_due()
    finally:
        box.answer = "250 OK"
    assert not box.mails
    assert "n'est pas parti" in unescape(adviser.get(at).get_data(as_text=True))
    assert send(adviser, f"{at}/rappel", {}, at).status_code == 303
    run_due()
    assert len(box.mails) == 1
    assert "n'est pas parti" not in unescape(adviser.get(at).get_data(as_text=True))


def test_only_who_may(
    app: Flask, people: People, strangers: People, adviser: FlaskClient, box: Box, letter: bytes
) -> None:
    """CO-01, rights: another adviser, another cabinet, find no request; who may only read asks nobody."""
    _contact, document_id = filed(people, letter)
    at = asked(adviser, document_id)
    for email in ("autre@demo.example", f"administrateur@{strangers.slug}.example"):
        client = app.test_client()
        sign_in(client, email)
        for path in (at, f"{at}/ici", f"/documents/{document_id}/signature"):
            assert client.get(path).status_code == 404, (email, path)
    for wrong in ("", "x", "999.abc", f"{people.cabinet_id}.abc", "²2.a"):
        assert app.test_client().get(f"/signature?jeton={wrong}", follow_redirects=True).status_code == 410


def test_signed_on_paper(app: Flask, people: People, adviser: FlaskClient, box: Box, letter: bytes) -> None:
    """CO-01: the scan of what was signed by hand joins the file and ends the request; without a file or a day it is said."""
    contact_id, document_id = filed(people, letter)
    at = asked(adviser, document_id)
    run_due()
    page = adviser.get(f"{at}/papier").get_data(as_text=True)
    wrong = adviser.post(f"{at}/papier", data={"csrf_token": token(page), "on": "2100-01-01"})
    assert wrong.status_code == 422
    assert "Joignez le document signé" in wrong.get_data(as_text=True)
    scan = (io.BytesIO(b"%PDF-1.7 page signee"), "scan.pdf")
    sent = {"csrf_token": token(page), "on": clock.today().isoformat(), "file": scan}
    assert adviser.post(f"{at}/papier", data=sent).status_code == 303
    (row,) = stored(people, SignatureRequest)
    assert (row.state, row.proof_id) == ("SIGNE", None)
    assert [one.way for one in stored(people, SignatureSigner)] == ["PAPIER"]
    with db.session(people.cabinet_id, write=False) as session:
        assert session.get_one(Document, (people.cabinet_id, row.signed_id)).owner_id == contact_id
    assert app.test_client().get(mailbox.path_of(box.mails[-1]), follow_redirects=True).status_code == 410
    assert adviser.get(f"{at}/papier").status_code == 404


def test_what_cannot_be_signed(app: Flask, people: People, adviser: FlaskClient, box: Box, letter: bytes) -> None:
    """CO-01, bad input: nobody chosen, a day that is past, no address, a protected PDF: said, nothing is written."""
    _contact, document_id = filed(people, letter)
    path, later = f"/documents/{document_id}/signature", (clock.today() + timedelta(days=20)).isoformat()
    for form, said in (
        ({"way_0": "NON", "way_1": "NON", "until": later}, "de 1 à 8 signataires"),
        ({"way_0": "LIEN", "email_0": "pas une adresse", "way_1": "NON", "until": later}, "adresse"),
        ({"way_0": "LIEN", "email_0": "", "way_1": "NON", "until": "2020-01-01"}, "date à venir"),
        ({"way_0": "AILLEURS", "way_1": "NON", "until": later}, "valeur de la liste"),
    ):
        answer = send(adviser, path, form)
        assert answer.status_code == 422
        assert said in answer.get_data(as_text=True), said
    with db.session(people.cabinet_id) as session:
        kept = documents.store(
            session, owner_kind="contact", owner_id=_contact, category="X", title="Cassé", filename="x.pdf",
            data=b"%PDF-1.7 rien", media_type="application/pdf", created_by=None,
        ).id  # fmt: skip
    answer = send(adviser, f"/documents/{kept}/signature", {"way_0": "PLACE", "way_1": "NON", "until": later})
    assert "protégé ou illisible" in answer.get_data(as_text=True)
    assert stored(people, SignatureRequest) == []


def test_the_list_follows_what_is_under_way(app: Flask, people: People, adviser: FlaskClient, letter: bytes) -> None:
    """CO-01: requests by what they came to, those that end first first; another adviser sees none of them."""
    assert "Aucune demande" in adviser.get("/signatures").get_data(as_text=True)
    _contact, document_id = filed(people, letter)
    at = asked(adviser, document_id, way="PLACE")
    page = adviser.get("/signatures").get_data(as_text=True)
    for part in ("Lettre de mission", NAME, "Lefèvre Hélène", "(à son tour)", at):
        assert part in page, part
    send(adviser, f"{at}/annuler", {"why": "Doublon"}, at=at)
    assert at not in adviser.get("/signatures?etat=en-cours").get_data(as_text=True)
    assert at in adviser.get("/signatures?etat=sans-suite").get_data(as_text=True)
    other = app.test_client()
    sign_in(other, "autre@demo.example")
    assert at not in other.get("/signatures?etat=sans-suite").get_data(as_text=True)
