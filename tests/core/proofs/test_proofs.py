"""NX-05: a client's proof file says all that is kept of him, is readable offline, and shows the change of a single byte."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from core import pdf
from core.cabinets import audit
from core.cabinets import audit_proof
from core.cli.proof import verify_proof
from core.cli.worker import run_due
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.documents import filing
from core.documents import services as documents
from core.extensions import db
from core.proofs import checking
from core.signing import acting
from core.signing import asking
from core.signing.models import SignatureSigner
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import person
from tests.conftest import sign_in

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def letter() -> bytes:
    return pdf.render("<body><h1>Lettre de mission</h1><p>Née D'Été</p></body>")


@pytest.fixture
def signed(people: People, letter: bytes) -> str:
    """A client with a signed letter, a passport in two versions and a deleted note."""
    with db.session(people.cabinet_id) as session:
        by = person(session, people.adviser)
        made = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Lefèvre", first_names="Hélène")
        contact_id = contacts.create(session, "cli", made)
        contacts.follow(session, "cli", contact_id, people.adviser)

        def store(category: str, title: str, name: str, data: bytes, media: str) -> documents.Document:
            return documents.store(
                session, owner_kind="contact", owner_id=contact_id, category=category, title=title, filename=name, data=data,
                media_type=media, created_by=people.adviser,
            )  # fmt: skip

        paper = store("LETTRE_MISSION", "Lettre de mission", "lettre.pdf", letter, "application/pdf")
        store("AUTRE", "Note / à garder", "note.txt", b"du texte", "text/plain")
        gone = store("AUTRE", "Note supprimée", "perdue.txt", b"rien", "text/plain")
        filing.remove(session, by, gone.id)
        row = asking.ask(session, by, paper.id, [asking.Wanted("contact", contact_id)])
        (one,) = session.query(SignatureSigner).filter_by(request_id=row.id)
        acting.sign(session, one, acting.Hand("Hélène Lefèvre", True, witness=people.adviser))
    run_due()
    return contact_id


@pytest.fixture
def adviser(app: Flask, people: People) -> FlaskClient:
    client = app.test_client()
    sign_in(client, "conseiller@demo.example")
    return client


def made(client: FlaskClient, contact_id: str) -> bytes:
    """The archive, as a person downloads it."""
    path = f"/contacts/{contact_id}/preuve"
    answer = client.post(path, data={"csrf_token": csrf(client, path)})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "application/zip"
    return answer.get_data()


def unpacked(data: bytes) -> Files:
    with zipfile.ZipFile(BytesIO(data)) as box:
        return {name: box.read(name) for name in box.namelist()}


def packed(files: Files, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as box:
        for name, data in files.items():
            box.writestr(name, data)
    return path


def test_all_is_there_and_holds_offline(people: People, signed: str, adviser: FlaskClient, tmp_path: Path) -> None:
    """NX-05, CO-01: documents, signed one, evidence, journal; `verify-proof` and openssl agree that nothing changed."""
    page = adviser.get(f"/contacts/{signed}/preuve").get_data(as_text=True)
    assert "4 fichiers" in page
    data = made(adviser, signed)
    files = unpacked(data)
    said = json.loads(files["manifest.json"])
    titles = [one["title"] for one in said["documents"]]
    assert "Note supprimée" not in titles
    assert len(titles) == 4
    assert all(one["sha256"] == documents.digest(files[one["path"]]) for one in said["documents"])
    (request,) = json.loads(files["signatures.json"])["requests"]
    assert request["state"] == "SIGNE"
    assert files[request["signed"]].startswith(b"%PDF")
    assert request["evidence"] in files
    actions = {one["action"] for one in json.loads(files["journal.json"])["entries"]}
    assert {"contact.added", "signature.asked", "signature.signed"} <= actions
    index = files["index.html"].decode()
    for part in ("Lefèvre", "documents/0001%20Lettre", "Dossier créé", said["certificate_sha256"]):
        assert part in index, part
    assert "<script" not in index
    path = tmp_path / "preuve.zip"
    path.write_bytes(data)
    told = CliRunner().invoke(verify_proof, [str(path)])
    assert told.exit_code == 0, told.output
    assert "Dossier intact" in told.output
    assert "1 documents cachetés" in told.output
    for name in ("manifest.json", "manifest.sig", "certificat.pem"):
        (tmp_path / name).write_bytes(files[name])
    asked = ["openssl", "x509", "-in", "certificat.pem", "-pubkey", "-noout"]
    key = subprocess.run(asked, cwd=tmp_path, capture_output=True, check=True)
    (tmp_path / "cle.pem").write_bytes(key.stdout)
    command = ["openssl", "dgst", "-sha256", "-verify", "cle.pem", "-signature", "manifest.sig", "manifest.json"]
    assert b"Verified OK" in subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    with db.session(people.cabinet_id, write=False) as session:
        assert audit_proof.verify(session).fault is None


def _changed(name: str, before: bytes, after: bytes) -> Callable[[Files], object]:
    def change(files: Files) -> None:
        assert before in files[name]
        files[name] = files[name].replace(before, after, 1)

    return change


def _resealed(change: Callable[[dict[str, object]], object]) -> Callable[[Files], object]:
    """Somebody changes the journal and writes its new hash in the manifest: the links still tell, and so does the seal."""

    def made(files: Files) -> None:
        said = json.loads(files["journal.json"])
        change(said)
        files["journal.json"] = json.dumps(said).encode()
        manifest = json.loads(files["manifest.json"])
        for one in manifest["files"]:
            if one["path"] == "journal.json":
                one["sha256"], one["size"] = documents.digest(files["journal.json"]), len(files["journal.json"])
        files["manifest.json"] = json.dumps(manifest).encode()

    return made


CHANGES: dict[str, tuple[Callable[[Files], object], str]] = {
    "a note": (_changed("documents/0002 Note - à garder.txt", b"texte", b"tixte"), "0002 Note - à garder.txt\u202f: modifié"),
    "the manifest": (_changed("manifest.json", b'"version": 1', b'"version": 2'),
                     "manifest.json\u202f: modifié depuis sa signature"),
    "one taken out": (lambda files: files.pop("documents/0002 Note - à garder.txt"), "absent"),
    "one put in": (lambda files: files.update({"documents/9999 faux.pdf": b"%PDF-"}), "ajouté après coup"),
    "the journal": (_changed("journal.json", b"Lef\xc3\xa8vre", b"Lefevre"), "journal.json\u202f: modifié"),
    "an actor": (_resealed(lambda said: said["entries"][0].update(actor="cli2")), "entrée n° "),
    "a content": (_resealed(lambda said: said["entries"][0].update(payload={})), "contenu de l'entrée n° "),
    "the order": (_resealed(lambda said: said["entries"].reverse()), "déplacée"),
    "the signed letter": (_changed("documents/0003 Lettre de mission (signé).pdf", b"/MediaBox", b"/MediaBux"),
                          "ne couvre plus son contenu"),
}  # fmt: skip


def test_whatever_changes_is_found(signed: str, adviser: FlaskClient, tmp_path: Path) -> None:
    """NX-05: of each change that somebody may make, the check tells, and by its code too."""
    data = made(adviser, signed)
    for name, (change, expected) in CHANGES.items():
        files = unpacked(data)
        change(files)
        found = checking.verify(packed(files, tmp_path / f"{name}.zip"))
        assert any(expected in one for one in found.faults), (name, found.faults)
        assert CliRunner().invoke(verify_proof, [str(tmp_path / f"{name}.zip")]).exit_code == 1
    for name, content in {"texte.zip": b"pas une archive", "vide.zip": b""}.items():
        (tmp_path / name).write_bytes(content)
        assert CliRunner().invoke(verify_proof, [str(tmp_path / name)]).exit_code == 2
    odd = b'{"format": "encours-proof-1", "files": [1], "contact": {"name": "A"}}'
    for manifest in (b'{"format": "autre"}', odd, b"[]", b"{"):
        other = packed({"manifest.json": manifest}, tmp_path / "autre.zip")
        told = CliRunner().invoke(verify_proof, [str(other)])
        assert (told.exit_code, type(told.exception)) == (2, SystemExit), manifest


def test_a_lost_file_and_a_purged_line_are_said(people: People, signed: str, adviser: FlaskClient, tmp_path: Path) -> None:
    """NX-05, NX-02: what is not there any more is named, never passed over."""
    with db.session(people.cabinet_id) as session:
        note = next(one for one in documents.of_owner(session, "system", "contact", signed) if one.media_type == "text/plain")
        documents.content_store().path(note.sha256).unlink()
        audit.purge(session, "cli", range(1, 80), reason="durée de conservation")
    path = tmp_path / "preuve.zip"
    path.write_bytes(made(adviser, signed))
    found = checking.verify(path)
    assert [one for one in found.faults if "Note" in one and "absent ou endommagé" in one]
    assert len(found.faults) == 1
    assert found.purged


def test_only_who_may_see_it_all(app: Flask, people: People, strangers: People, signed: str) -> None:
    """NX-05: another adviser and another cabinet find nothing; who sees no documents is told so."""
    for email, status in {
        "autre@demo.example": 404, "administrateur@second.example": 404, "assistant@demo.example": 404,
    }.items():  # fmt: skip
        client = app.test_client()
        sign_in(client, email)
        assert client.get(f"/contacts/{signed}/preuve").status_code == status
        assert client.post(f"/contacts/{signed}/preuve", data={"csrf_token": csrf(client, "/mon-compte")}).status_code == status
