"""The list of supports: what is held, columns, views, files (OU-02, WS-01)."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import NewPosition
from core.accounts.schemas import Role
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.extensions import db
from core.supports import services as supports
from tests.conftest import People
from tests.conftest import sign_in
from tests.contract.two_cabinets import token_of

LIST = "/p/outils/"
#: Whose client holds which, at which company, on which day, for how much.
HELD = (
    ("Jeanne", "adviser", "assureur", "FR-A", date(2026, 10, 1), "500"),
    ("Jeanne", "adviser", "assureur", "FR-B", date(2026, 11, 2), "1000"),
    ("Paul", "other", "banque", "FR-C", date(2026, 11, 2), "700"),
)  # fmt: skip


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True))


def labels(client: FlaskClient, query: str = "") -> list[str]:
    return re.findall(r'<a class="e-cell"[^>]*>([^<]+)</a>', text(client, LIST + query))


@pytest.fixture
def shelf(people: People) -> People:
    """Four supports: one sold since, one held by one's own client, one by another's, one by nobody."""
    with db.session(people.cabinet_id) as session:
        made = {
            code: supports.support_for(session, code=code, label=f"Fonds {code[-1]}", type="OPCVM")
            for code in ("FR-A", "FR-B", "FR-C", "FR-D")
        }
        known: dict[str, str] = {}
        for first, whose, company, code, on, value in HELD:
            if first not in known:
                data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names=first)
                who = contacts.create(session, "cli", data)
                contacts.follow(session, "cli", who, getattr(people, whose))
                at = supports.company_for(session, company, name=company.title())
                known[first] = accounts.create(session, "cli", NewAccount(
                    "ASSURANCE_VIE", f"N{first}", f"Contrat {first}", at, [Role(who, "SOUSCRIPTEUR")]
                ))  # fmt: skip
            accounts.put_positions(session, "cli", known[first], on, [NewPosition(made[code], Decimal(value))], "essai")
    return people


def test_what_is_held_is_what_one_may_see_of_the_last_day(app: Flask, adviser: FlaskClient, shelf: People) -> None:
    """OU-02, domain.md §3.6: held or not, at which company: of the accounts within reach, on their last day known."""
    assert labels(adviser) == ["Fonds A", "Fonds B", "Fonds C", "Fonds D"]
    assert labels(adviser, "?detention=oui") == ["Fonds B"]
    assert labels(adviser, "?detention=non") == ["Fonds A", "Fonds C", "Fonds D"]
    page = text(adviser, LIST)
    company = re.search(r'<option value="([0-9a-z]{26})">Assureur</option>', page)
    assert company
    assert "Banque" not in page
    assert labels(adviser, f"?compagnie={company.group(1)}") == ["Fonds B"]
    assert labels(adviser, "?compagnie=inconnue") == labels(adviser, f"?compagnie={company.group(1)}&detention=non") == []
    other = app.test_client()
    sign_in(other, "autre@demo.example")
    assert labels(other, "?detention=oui") == ["Fonds C"]


def test_columns_are_chosen_and_show_what_is_held(adviser: FlaskClient, shelf: People) -> None:
    """ux.md §2.2: columns in the address and remembered; «Encours détenu» counts the accounts that one may see."""
    token = token_of(adviser)
    page = text(adviser, f"{LIST}?colonnes=encours,comptes")
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)', page.split("</thead>")[0])
    assert heads == ["Support", "Comptes", "Encours détenu"]
    lines = {one[0]: one[1] for one in re.findall(r'class="e-cell"[^>]*>([^<]+)</a>(.*?)</tr>', page, re.S)}
    assert "1\u202f000,00\u00a0€" in lines["Fonds B"]
    assert "€" not in lines["Fonds A"] + lines["Fonds C"] + lines["Fonds D"]
    form = {"csrf_token": token, "liste": "", "colonne": ["type", "gestion"]}
    assert adviser.post(f"{LIST}liste/colonnes", data=form).status_code == 302
    assert 'scope="col">Société de gestion' in text(adviser, LIST)


def test_views_and_files(adviser: FlaskClient, shelf: People) -> None:
    """ux.md §2.2: a view keeps filters and order; CSV and XLSX hold all that the filters leave, figures as figures."""
    token = token_of(adviser)
    form = {"csrf_token": token, "once": "", "liste": "detention=oui&tri=type", "name": "Détenus", "shared": ""}
    kept = adviser.post(f"{LIST}liste/vues", data=form)
    assert kept.status_code == 302
    assert labels(adviser, kept.location.partition("/p/outils/")[2]) == ["Fonds B"]
    assert "Détenus" in text(adviser, LIST)
    carried = {"csrf_token": token, "liste": "detention=non&tri=libelle&sens=desc&colonnes=comptes"}
    with adviser.post(f"{LIST}liste/export", data={**carried, "format": "csv"}) as answer:
        lines = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))
    assert [(line["Support"], line["Code interne"], line["Comptes"]) for line in lines] == [
        ("Fonds D", "FR-D", "0"), ("Fonds C", "FR-C", "0"), ("Fonds A", "FR-A", "0"),
    ]  # fmt: skip
    form = {**carried, "liste": "q=fonds b&colonnes=encours", "format": "xlsx"}
    with adviser.post(f"{LIST}liste/export", data=form) as answer, zipfile.ZipFile(io.BytesIO(answer.get_data())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 2
    assert "<v>1000</v>" in sheet


def test_nothing_found_is_not_nothing_yet(adviser: FlaskClient, shelf: People) -> None:
    """ux.md §3.3, «vide»; a wrong ISIN is told beside the field which character is wrong, and the field is marked."""
    assert "Aucun support ne correspond" in text(adviser, f"{LIST}?detention=oui&type=ETF")
    page = text(adviser, f"{LIST}?q=FR0010135104")
    assert 'aria-invalid="true" aria-describedby="filtre-q-e"' in page
    assert re.search(r'id="filtre-q-e">.*La clé de ce code ISIN \(12e caractère\) devrait être 3, pas 4', page)


def test_choices_say_how_many_the_other_filters_leave(adviser: FlaskClient, shelf: People) -> None:
    """ux.md §2.8, facets: «OPCVM (1)»; a choice that is on stays, be it of none."""
    page = text(adviser, f"{LIST}?detention=oui&sri=7")
    assert '<option value="7" selected>7 sur 7 (0)</option>' in page
    assert '<option value="OPCVM">OPCVM (1)</option>' in text(adviser, f"{LIST}?detention=oui")
    assert "Retirer le filtre SRI" in page
