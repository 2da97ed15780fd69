"""Autres > Documents (GED): the journey of a document on screen, the archive, the search; the same for programs (AU-03)."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.db import current
from core.db.clock import today
from core.documents import reading
from core.extensions import db
from core.hooks import context
from core.queries import contacts as asked_contacts
from core.queries.fields import registry
from core.queries.pages import Asked
from core.queries.tree import Group
from core.queries.tree import Rule
from plugins.ged import demo
from tests.conftest import person
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.ged.conftest import Home
from tests.plugins.ged.conftest import filed
from tests.plugins.ged.conftest import paper


class File:
    """A person in Jeanne's documents."""

    def __init__(self, client: FlaskClient, home: Home) -> None:
        self.client, self.home = client, home
        self.base = f"/p/ged/contacts/{home.jeanne}/documents"

    def get(self, path: str = "", status: int = 200) -> str:
        answer = self.client.get(self.base + path)
        assert answer.status_code == status, (path, answer.status_code)
        return plain(answer)

    def post(self, path: str, values: dict[str, object], page: str | None = None) -> TestResponse:
        text = self.client.get(self.base + (path if page is None else page)).get_data(as_text=True)
        hidden = {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)}
        return self.client.post(self.base + path, data={**hidden, **values}, content_type="multipart/form-data")


def plain(answer: TestResponse) -> str:
    """A page as it is read, narrow blanks as blanks."""
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return re.sub(r"[\s\u00a0\u202f]+", " ", unescape(text))


@pytest.fixture
def file(adviser: FlaskClient, home: Home) -> File:
    return File(adviser, home)


def sent(*lines: str, name: str = "piece.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(demo.page(lines)), name


def test_from_the_upload_to_the_archive(file: File) -> None:
    """AU-03: two files filed at once, one described anew, replaced, held, deleted and brought back, all in one archive."""
    assert "Aucun document" in file.get()
    refused = file.post("/ajouter", {"category": "", "file": sent("a", name="Carte.pdf")})
    assert refused.status_code == 422
    assert "Choisissez une catégorie" in plain(refused)
    assert "Carte.pdf" in plain(refused), "the file that came is kept for the corrected form"
    two = [sent("Nom : DURAND", name="Carte.pdf"), sent("Titulaire Durand", name="RIB.pdf")]
    until = (today() - timedelta(days=2)).strftime("%d/%m/%Y")
    answer = file.post("/ajouter", {"category": "CNI", "owner": file.home.jeanne, "expires_on": until, "file": two})
    assert answer.status_code == 303, plain(answer)
    text = file.get()
    assert "2 documents sont enregistrés." in text
    assert "Identité › Carte nationale d'identité" in text
    assert text.count("périmé le") == 2
    again = file.post("/ajouter", {"category": "CNI", "owner": file.home.account, "file": sent("Contrat", name="CG.pdf")})
    assert again.status_code == 303
    assert "Xaélidia" in file.get()
    of_account = file.get(f"?compte={file.home.account}")
    assert "Documents 1" in of_account
    assert "Compte : Xaélidia" in of_account
    ids = re.findall(r"documents/([0-9a-z]{26})\"", file.client.get(file.base).get_data(as_text=True))
    rib = next(one for one in dict.fromkeys(ids) if "RIB.pdf" in file.get(f"/{one}"))
    said = {"title": "RIB de Jeanne", "category": "RIB", "expires_on": "", "tags": "banque", "note": "", "hold": "Litige"}
    done = file.post(f"/{rib}/modifier", said)
    assert done.status_code == 303, plain(done)
    page = file.get(f"/{rib}")
    for words in ("RIB de Jeanne", "Justificatifs › Relevé d'identité bancaire", "#banque", "Litige", "sans fin connue"):
        assert words in page, words
    assert "Supprimer" not in page
    made = file.post(f"/{rib}/version", {"file": sent("Nouveau RIB", name="RIB2.pdf"), "expires_on": ""})
    new = made.headers["Location"].rsplit("/", 1)[1]
    page = file.get(f"/{new}")
    assert "Version 2 en vigueur" in page
    assert "Une version plus récente est en vigueur." in file.get(f"/{rib}")
    assert file.client.get(f"/documents/{rib}/fichier").status_code == 200
    refused = file.post(f"/{new}/supprimer", {}, page=f"/{new}")
    assert "à conserver (Litige)" in plain(file.client.get(refused.headers["Location"]))
    file.post(f"/{new}/modifier", {**said, "hold": ""})
    file.post(f"/{new}/supprimer", {}, page=f"/{new}")
    assert "« RIB de Jeanne » est supprimé." in file.get()
    assert file.client.get(f"/documents/{rib}/fichier").status_code == 404
    file.post(f"/{new}/retablir", {}, page="?etat=deleted")
    archive = file.client.get(f"{file.base}/archive")
    names = sorted(zipfile.ZipFile(io.BytesIO(archive.data)).namelist())
    assert [name.partition("/")[2] for name in names] == ["Carte.pdf", "RIB de Jeanne.pdf", "CG.pdf"], names
    one = zipfile.ZipFile(io.BytesIO(file.client.get(f"{file.base}/archive?ids={new}").data))
    assert [one.read(name) for name in one.namelist()] == [demo.page(("Nouveau RIB",))]
    file.post(f"/{new}/modifier", {**said, "hold": "", "title": "RIB / ancien"})
    one = zipfile.ZipFile(io.BytesIO(file.client.get(f"{file.base}/archive?ids={new}").data))
    assert one.namelist()[0].endswith("/RIB - ancien.pdf"), one.namelist()


def test_a_household_shows_its_members_documents(file: File) -> None:
    """AU-03: the household's page has its members' documents, each with its owner; a stranger's file is not found."""
    filed(file.home, paper("x"), title="Livret")
    text = plain(file.client.get(f"/p/ged/contacts/{file.home.household}/documents"))
    assert "Livret" in text
    theirs = filed(file.home, paper("y"), who=file.home.other)
    assert file.client.get(f"/p/ged/contacts/{file.home.stranger}/documents").status_code == 404
    file.get(f"/{theirs}", 404)
    for path in ("/modifier", "/version"):
        file.get(f"/{theirs}{path}", 404)


def test_the_search_page_and_the_quick_search(file: File) -> None:
    """AU-03, RE-03: found by what it says, with the words where they stand; the palette leads to its pages."""
    filed(file.home, paper("Rachats partiels programmés"), title="Compte rendu")
    client = file.client
    text = client.get("/p/ged/recherche?q=rachat+partiel").get_data(as_text=True)
    assert "<mark>Rachats</mark> partiels programmés" in text or "Rachats <mark>partiels</mark> programmés" in text
    assert "Aucun document ne correspond" in plain(client.get("/p/ged/recherche?q=donation"))
    assert "Que cherchez-vous ?" in plain(client.get("/p/ged/recherche"))


def test_a_scan_is_said_to_be_one(file: File) -> None:
    """AU-03: pages without text are not found by their text, and the list says why."""
    filed(file.home, paper("1"), title="Numérisée")
    assert "Texte non lu : numérisation" in file.get()
    assert "Numérisée" in file.get("?etat=unread")


def test_requests_ask_for_what_is_out_of_date(file: File) -> None:
    """RQ-01: contacts with a document out of date, and until when their identity is proved."""
    filed(file.home, paper("x"), category="PASSEPORT", expires_on=today() - timedelta(days=1))
    hub = file.client.application.extensions["encours_hub"]
    with db.session(file.home.cabinet_id, write=False) as session, current.bound(session):
        by = person(session, file.home.adviser)
        ctx = context.make(session, hub.registry, principal=by)
        fields = registry(hub, ctx, by)
        for rule, met in (
            (Rule("ged.expired", ">=", ("1",)), 1), (Rule("ged.expired", ">=", ("2",)), 0), (Rule("ged.count", ">=", ("1",)), 1),
            (Rule("ged.identity_until", "<=", (today().isoformat(),)), 1),
            (Rule("ged.identity_until", ">=", (today().isoformat(),)), 0),
        ):  # fmt: skip
            assert asked_contacts.count(session, by, Asked(Group((rule,)), fields=fields)) == met, rule


def test_the_same_for_programs(app: Flask, file: File) -> None:
    """AU-03: filed, found, described, versioned, deleted and brought back by a token, as on screen."""
    program = Program(app, token_of(file.home.cabinet_id, file.home.adviser))
    body = {"file": (demo.page(("Avenant au contrat",)), "avenant.pdf"), "owner_kind": "contact", "owner": file.home.jeanne,
            "category": "AVENANT", "tags": "a,b"}  # fmt: skip
    made = program.post("/p/ged/documents", body, 201)
    assert (made["title"], made["version"], made["tags"]) == ("avenant", 1, ["a", "b"])
    assert program.post("/p/ged/documents", body, 201)["id"] == made["id"], "not doubled"
    reading.read_waiting(file.home.cabinet_id)
    path = f"/p/ged/documents/{made['id']}"
    found = program.get("/p/ged/documents?q=avenants")["items"]
    assert [(one["id"], one["text"], one["excerpt"]) for one in found] == [(made["id"], "read", "Avenant au contrat")]
    assert program.call("PATCH", path, {"title": "Avenant 1"}).get_json()["category"] == "AVENANT"
    new = program.post(f"{path}/versions", {"file": (demo.page(("v2",)), "v2.pdf")}, 201)
    assert [one["version"] for one in program.get(f"{path}/versions")["items"]] == [2, 1]
    assert program.call("PATCH", path, {"title": "x"}).status_code == 409
    assert program.call("DELETE", f"/p/ged/documents/{new['id']}").status_code == 204
    program.get(path, 404)
    assert program.post(f"/p/ged/documents/{new['id']}/restore")["title"] == "Avenant 1"
    stranger = {**body, "owner": file.home.stranger}
    assert program.call("POST", "/p/ged/documents", stranger).status_code == 404
