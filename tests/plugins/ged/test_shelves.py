"""Documents of supports, products and companies: filed once, read by the whole cabinet (OU-03, OU-07)."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.accounts import services as accounts
from core.accounts.schemas import NewPosition
from core.cabinets.models import AuditEntry
from core.db.clock import today
from core.db.errors import Forbidden
from core.documents import filing
from core.documents import finding
from core.documents import reading
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.supports import services as supports
from plugins.ged import demo
from tests.conftest import People
from tests.conftest import person
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.ged.conftest import Home
from tests.plugins.ged.conftest import paper
from tests.plugins.ged.test_pages import plain
from tests.plugins.ged.test_pages import sent


@pytest.fixture
def support(hub: Hub, home: Home) -> str:
    """A support that Jeanne's account holds, with Outils on."""
    with db.session(home.cabinet_id) as session:
        for name in ("outils", "portefeuille"):
            enabling.switch(session, hub.registry, name, on=True, actor="cli")
        made = supports.support_for(session, isin="FR0010315770", label="Fonds des tests", type="OPCVM")
        line = NewPosition(support_id=made, value=Decimal(1000), quantity=None, price=None)
        accounts.put_positions(session, "cli", home.account, today(), [line], "essai")
    return made


def post(client: FlaskClient, path: str, values: dict[str, object], page: str | None = None) -> TestResponse:
    text = client.get(page or path).get_data(as_text=True)
    hidden = {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)}
    return client.post(path, data={**hidden, **values}, content_type="multipart/form-data")


def test_from_the_support_s_page_to_the_account_s(home: Home, support: str, adviser: FlaskClient) -> None:
    """OU-03, OU-07: added from the support's page, shown there, replaced, deleted, brought back; read with the account."""
    own, base = f"/p/outils/supports/{support}", f"/p/ged/references/supports/{support}/documents"
    page = adviser.get(own).get_data(as_text=True)
    assert f'href="{base}/ajouter"' in page
    assert "Aucun document" in plain(adviser.get(own))
    refused = post(adviser, f"{base}/ajouter", {"category": "", "file": sent("DIC", name="dic.pdf")})
    assert refused.status_code == 422
    assert "dic.pdf" in plain(refused), "the file that came is kept for the corrected form"
    unknown = plain(post(adviser, f"{base}/ajouter", {"category": "RIEN", "file": (io.BytesIO(b""), "")}))
    assert "Choisissez une valeur de la liste." in unknown, "said at once, with the file that is missing"
    assert "Choisissez au moins un fichier." in unknown
    over = (today() - timedelta(days=3)).strftime("%d/%m/%Y")
    done = post(adviser, f"{base}/ajouter", {"category": "DIC", "expires_on": over, "file": sent("DIC", name="dic.pdf")})
    assert (done.status_code, done.headers["Location"]) == (303, base), plain(done)
    shown = plain(adviser.get(own))
    assert "Documents 1" in shown
    assert "Produits et supports › Document d'informations clés" in shown
    assert "périmé" in shown
    home_page = adviser.get(base).get_data(as_text=True)
    paper_id = re.findall(rf"{base}/([0-9a-z]{{26}})\"", home_page)[0]
    assert "Fonds des tests" in plain(adviser.get(f"{base}/{paper_id}"))
    made = post(adviser, f"{base}/{paper_id}/version", {"file": sent("DIC 2", name="dic2.pdf"), "expires_on": ""})
    new = made.headers["Location"].rsplit("/", 1)[1]
    assert "Version 2 en vigueur" in plain(adviser.get(f"{base}/{new}"))
    edited = {"title": "DIC 2027", "category": "DIC", "tags": "", "note": "", "hold": "", "expires_on": ""}
    assert post(adviser, f"{base}/{new}/modifier", edited).status_code == 303
    of_account = plain(adviser.get(f"/p/ged/contacts/{home.jeanne}/documents?compte={home.account}"))
    assert "Documents des supports détenus 1" in of_account
    assert "DIC 2027" in of_account
    assert "Documents des supports détenus" not in plain(adviser.get(f"/p/ged/contacts/{home.jeanne}/documents"))
    assert post(adviser, f"{base}/{new}/supprimer", {}, page=f"{base}/{new}").status_code == 303
    assert "Aucun document" in plain(adviser.get(base))
    assert post(adviser, f"{base}/{new}/retablir", {}, page=f"{base}?etat=deleted").status_code == 303
    archive = adviser.get(f"{base}/archive").data
    assert zipfile.ZipFile(io.BytesIO(archive)).namelist() == ["Fonds des tests/DIC 2027.pdf"]
    with db.session(home.cabinet_id, write=False) as session:
        said = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"support:{support}")).all()
    assert {"document.added", "document.version_added", "document.changed", "document.removed", "document.restored"} <= set(said)


def test_the_list_of_companies_products_and_supports(home: Home, support: str, adviser: FlaskClient) -> None:
    """OU-03: distributors too; those with documents first; a part of the name or the ISIN finds one; others' are not there."""
    with db.session(home.cabinet_id) as session:
        by = person(session, home.adviser)
        company = supports.company_for(session, "generali-patrimoine")
        supports.company_for(session, "aaa", name="AAA Vie")
        product = supports.product_for(session, company, "Himalia", envelope="ASSURANCE_VIE")
        for kind, ref in (("company", company), ("product", product)):
            filing.add(session, by, (kind, ref), filing.Facts("Convention", "CONVENTION"), [paper("Convention")])
    text = plain(adviser.get("/p/ged/references"))
    assert re.search(r"Generali Patrimoine 1 AAA Vie —", text), text
    assert "Himalia Generali Patrimoine 1" in plain(adviser.get("/p/ged/references?type=product"))
    assert "Fonds des tests" in plain(adviser.get("/p/ged/references?type=support&q=fr00103"))
    assert "Aucun résultat" in plain(adviser.get("/p/ged/references?type=support&q=%25"))
    assert "Convention" in plain(adviser.get(f"/p/ged/references/compagnies/{company}/documents"))
    for path in (f"compagnies/{product}", f"contacts/{home.jeanne}", f"supports/{'0' * 26}"):
        assert adviser.get(f"/p/ged/references/{path}/documents").status_code == 404, path


def test_who_may_read_and_who_may_file(home: Home, support: str, people: People) -> None:
    """OU-07: all who see accounts and documents read them, whoever follows no client too; one files who may correct a support."""
    with db.session(home.cabinet_id) as session:
        by = person(session, home.adviser)
        filing.add(session, by, ("support", support), filing.Facts("DIC", "DIC"), [paper("Rendements passés")])
    reading.read_waiting(home.cabinet_id)
    asked = finding.Wanted("rendement passe")
    with db.session(home.cabinet_id, write=False) as session:
        other = person(session, people.other)
        assert finding.page(session, other, asked).total == 1, "found by its text, by whoever sees supports"
        for lacking in ("documents.view", "accounts.view"):
            less = replace(other, permissions=other.permissions - {one for one in other.permissions if one.startswith(lacking)})
            assert finding.page(session, less, asked).total == 0, lacking
        for lacking in ("documents.edit", "accounts.edit"):
            less = replace(other, permissions=other.permissions - {one for one in other.permissions if one.startswith(lacking)})
            with pytest.raises(Forbidden, match="administrateur"):
                filing.add(session, less, ("support", support), filing.Facts("DIC", "DIC"), [paper("x")])


def test_the_same_for_programs(app: Flask, home: Home, support: str) -> None:
    """OU-07: filed, listed by what they are about, and the list of what has documents."""
    program = Program(app, token_of(home.cabinet_id, home.adviser))
    body = {"file": (demo.page(("Prospectus",)), "p.pdf"), "owner_kind": "support", "owner": support, "category": "PROSPECTUS"}
    made = program.post("/p/ged/documents", body, 201)
    for path in (f"/p/ged/documents?owner={support}", f"/documents?owner_kind=support&owner={support}"):
        assert [one["id"] for one in program.get(path)["items"]] == [made["id"]], path
    assert program.call("POST", "/p/ged/documents", {**body, "owner": "0" * 26}).status_code == 404
    assert program.call("POST", "/p/ged/documents", {**body, "owner_kind": "product"}).status_code == 404
    found = program.get("/p/ged/references?kind=support")["items"]
    assert (found[0]["id"], found[0]["documents"], found[0]["detail"]) == (support, 1, "FR0010315770")
    first = program.get("/p/ged/references?kind=support&limit=1")
    assert len(first["items"]) == 1
    program.get("/p/ged/references?kind=contact", 400)
