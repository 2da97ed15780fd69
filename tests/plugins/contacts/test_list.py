"""The list of contacts as a list: columns, filters, export, views, selection, neighbours (CT-01, ux.md §2.2)."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from core.accounts import services as accounts
from core.cabinets.models import AuditEntry
from core.cabinets.models import AuditPayload
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.extensions import db
from core.supports import services as supports
from core.web import exports
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import sign_in
from tests.core.accounts.book import account

LIST = "/p/contacts/"
LONG = "N" * 100


@pytest.fixture
def keys(people: People) -> dict[str, str]:
    """Four contacts of the adviser, one of them with 150 000 € and one with a formula for a name; one of another's."""
    made = {}
    with db.session(people.cabinet_id) as session:
        for name, stage, city in (
            ("Alain", "CLIENT", "Nantes"), ("=HYPERLINK(1)", "PROSPECT", None), ("Émile 🌱", "CLIENT", "Angers"),
            (LONG, "PROSPECT", "-Rezé"),
        ):  # fmt: skip
            data = NewContact("PERSONNE_PHYSIQUE", stage, birth_name=name, first_names="Zoé", city=city)
            made[name] = contacts.create(session, "cli", data)
            contacts.follow(session, "cli", made[name], people.adviser)
        made["autre"] = contacts.create(session, "cli", NewContact("PERSONNE_PHYSIQUE", birth_name="Secret", first_names="Yan"))
        contacts.follow(session, "cli", made["autre"], people.other)
        company = supports.company_for(session, "generali-patrimoine", name="Generali Patrimoine")
        accounts.put_valuation(
            session, "cli", account(session, company, "HIM 1", made["Alain"]), date(2026, 11, 1), Decimal(150000), "test"
        )
    return made


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return unescape(answer.get_data(as_text=True))


def send(client: FlaskClient, path: str, **form: Any) -> Any:
    return client.post(path, data={"csrf_token": csrf(client, f"{LIST}?vue=aucune"), **form})


def exported(client: FlaskClient, **form: Any) -> list[str]:
    with send(client, f"{LIST}liste/export", **form) as answer:
        assert answer.status_code == 200
        return str(answer.get_data().decode("utf-8-sig")).split("\r\n")[:-1]


def shown(page: str) -> list[str]:
    return re.findall(r'<a class="e-cell" [^>]*>([^<]*)</a>', page)


def test_sorted_from_the_address(adviser: FlaskClient, keys: dict[str, str]) -> None:
    """ux.md §3.2, rules 2 and 14: order and direction are in the address, and told by aria-sort."""
    page = text(adviser, f"{LIST}?tri=encours&sens=desc")
    assert shown(page)[0] == "Alain Zoé"
    assert 'aria-sort="descending"' in page
    assert shown(text(adviser, f"{LIST}?tri=code"))[:2] == ["Alain Zoé", "=HYPERLINK(1) Zoé"]


def test_filters_are_removed_one_by_one(adviser: FlaskClient, keys: dict[str, str]) -> None:
    """ux.md §2.2: facets, each with its own way out, «Tout effacer»; what is held at least."""
    page = text(adviser, f"{LIST}?type=CLIENT&encours=100+000&tri=code")
    assert shown(page) == ["Alain Zoé"]
    assert "Retirer le filtre Encours" in page
    assert f'href="{LIST}?type=CLIENT&tri=code&sens=asc"' in page
    assert re.search(rf'href="{LIST}\?tri=code&sens=asc"[^>]*>.*?Tout effacer', page)
    assert "Aucun contact ne correspond" in text(adviser, f"{LIST}?encours=150000,01")


def test_wrong_parameters_are_said_or_ignored(adviser: FlaskClient, keys: dict[str, str]) -> None:
    """Issue 3, «Bad input»: never a 500; an amount that cannot be read is kept and explained beside its field."""
    page = text(adviser, f"{LIST}?encours=beaucoup")
    assert 'value="beaucoup"' in page
    assert "Écrivez un montant" in page
    assert len(shown(page)) == 4
    for query in (
        "tri=x&sens=x", "page=-1", "page=99999999999999999999", "page=%D9%A3", "taille=7", "colonnes=x,y", "colonnes=,,nom",
        "vue=" + "x" * 3000, "q=%00%F0%9F%8C%B1", "q=" + "x" * 10000, "encours=1e9", "encours=999999999999999", "encours=-5",
        "conseiller=%27", "nature=x&type=y", "liste=%00&rang=x", "tri=encours&sens=asc&page=2",
    ):  # fmt: skip
        assert "<h1" in text(adviser, f"{LIST}?{query}"), query
    for path in ("liste/vues?liste=%00%ff", "liste/vues?liste=page%3Dx%26tri%3D%27", f"{keys['Alain']}?rang=0&liste=%ff"):
        text(adviser, f"{LIST}{path}")


def test_columns_are_chosen_and_remembered(app: Flask, adviser: FlaskClient, keys: dict[str, str]) -> None:
    """ux.md §1 «column chooser»: kept for the person, in the address, without a script; the name always stays."""
    answer = send(adviser, f"{LIST}liste/colonnes", colonne=["nature", "code"], liste="type=CLIENT")
    assert answer.headers["Location"] == f"{LIST}?type=CLIENT&colonnes=nom,nature,code"
    page = text(adviser, LIST)
    assert re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([A-Z][\w-]*)', page) == ["Nom", "Nature", "Code"]
    client = app.test_client()
    sign_in(client, "autre@demo.example")
    assert "Téléphone</th>" in text(client, LIST)
    assert "Téléphone</th>" in text(adviser, f"{LIST}?colonnes=telephone")
    send(adviser, f"{LIST}liste/colonnes", acte="retablir", colonne="code")
    assert "Téléphone</th>" in text(adviser, LIST)


def test_the_number_of_queries_is_constant(adviser: FlaskClient, keys: dict[str, str], people: People) -> None:
    """Issue 3, «Speed»: as many statements for two lines as for fifty, sorted by what is held or not."""
    with db.session(people.cabinet_id) as session:
        for number in range(60):
            data = NewContact("PERSONNE_PHYSIQUE", "ANCIEN_CLIENT", birth_name=f"Nom{number:02d}", first_names="Zoé")
            contacts.follow(session, "cli", contacts.create(session, "cli", data), people.adviser)
    text(adviser, LIST)
    counted: list[str] = []

    def note(*seen: Any) -> None:
        if seen[2].startswith("SELECT") and "set_config" not in seen[2]:
            counted.append(seen[2])

    event.listen(db.engine, "before_cursor_execute", note)
    costs = dict[str, int]()
    for query in ("?type=CLIENT", "", "?page=2", "?encours=1", "?tri=encours", "?tri=encours&type=CLIENT"):
        counted.clear()
        text(adviser, f"{LIST}{query}")
        costs[query] = len(counted)
    event.remove(db.engine, "before_cursor_execute", note)
    # sign-in, plugins, frame, list: each asked for once; by what may be unknown, the list's page is put together of two runs
    assert costs == {key: 12 if "tri" in key else 8 for key in costs}, counted


def test_export_is_the_list_as_filtered(adviser: FlaskClient, keys: dict[str, str], people: People) -> None:
    """ux.md §2.2: all pages, chosen columns, nobody else's contacts, no formula; the journal says who took what."""
    lines = exported(adviser, liste="tri=code&colonnes=nom,ville,code,encours", format="csv")
    assert lines == [
        "Nom;Ville;Code;Encours", "Alain Zoé;Nantes;D-00001;150000,00", "'=HYPERLINK(1) Zoé;;D-00002;",
        "Émile 🌱 Zoé;Angers;D-00003;", f"{LONG} Zoé;'-Rezé;D-00004;",
    ]  # fmt: skip
    assert len(exported(adviser, liste="type=CLIENT", format="csv")) == 3
    with db.session(people.cabinet_id, write=False) as session:
        entry = session.query(AuditEntry).filter(AuditEntry.action == "list.exported").order_by(AuditEntry.seq.desc()).first()
        assert entry
        assert entry.actor == people.adviser
        payload = session.query(AuditPayload).filter(AuditPayload.entry_id == entry.id).one().payload
        assert (payload["rows"], payload["filters"], payload["format"]) == (2, {"type": "CLIENT"}, "csv")


def test_export_as_a_workbook(adviser: FlaskClient, keys: dict[str, str]) -> None:
    """ux.md §2.2: XLSX whose amounts are numbers."""
    with send(adviser, f"{LIST}liste/export", liste="colonnes=nom,encours", format="xlsx") as answer:
        assert answer.headers["Content-Disposition"].endswith(".xlsx")
        with zipfile.ZipFile(io.BytesIO(answer.get_data())) as book:
            cells = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>150000</v>" in cells
    assert "<f>" not in cells


def test_export_of_the_lines_ticked(adviser: FlaskClient, keys: dict[str, str]) -> None:
    """ux.md §2.2, selection: only those; another's contact among them is left out, as if it did not exist."""
    lines = exported(adviser, liste="colonnes=nom", ids=[keys["Alain"], keys["autre"], "x" * 5000, "'"])
    assert lines == ["Nom", "Alain Zoé"]


def test_a_list_too_long_for_a_file_says_so(adviser: FlaskClient, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A stated cap, never a file that is cut without a word."""
    monkeypatch.setattr(exports, "MOST", 3)
    answer = send(adviser, f"{LIST}liste/export", liste="tri=code", format="csv")
    assert answer.headers["Location"] == f"{LIST}?tri=code&sens=asc"
    assert "4 lignes\u202f: un fichier en porte 3 au plus" in text(adviser, answer.headers["Location"])


def test_views_are_saved_shared_and_opened(
    adviser: FlaskClient, administrator: FlaskClient, keys: dict[str, str]
) -> None:
    """ux.md §2.2: a view opens the list as it was; shared, a colleague finds it; a usual one opens the bare list."""
    answer = send(adviser, f"{LIST}liste/vues", name="Mes clients", shared="1", liste="type=CLIENT&tri=code&page=2")
    key = re.search(r"vue=([0-9a-z]{26})", answer.headers["Location"])
    assert key
    page = text(adviser, answer.headers["Location"])
    assert "La vue « Mes clients » est enregistrée." in page
    colleague = text(administrator, LIST)
    assert f"{LIST}?type=CLIENT&tri=code&sens=asc&vue={key.group(1)}" in colleague
    send(administrator, f"{LIST}liste/vues/{key.group(1)}", acte="habituelle")
    assert administrator.get(LIST).headers["Location"].endswith(f"vue={key.group(1)}")
    assert len(shown(text(administrator, f"{LIST}?vue=aucune"))) == 5
    assert send(administrator, f"{LIST}liste/vues/{key.group(1)}", name="Clients", shared="1").status_code == 302
    assert "Clients" in text(adviser, f"{LIST}liste/vues")
    assert "Supprimer la vue « Clients »\u202f?" in text(adviser, f"{LIST}liste/vues")
    assert send(adviser, f"{LIST}liste/vues/{key.group(1)}", acte="supprimer").status_code == 302
    assert administrator.get(LIST).status_code == 200
    assert send(adviser, f"{LIST}liste/vues/{key.group(1)}", acte="supprimer").status_code == 404


def test_a_view_without_a_name_is_asked_for_one(adviser: FlaskClient, keys: dict[str, str]) -> None:
    """WS-02: a message beside the field and in the summary, what was ticked is kept; a changed one likewise."""
    for name, said in (("", "Donnez un nom à la vue"), ("x" * 10_000, "80 caractères au plus"), ("a\0b", "caractère invisible")):
        answer = send(adviser, f"{LIST}liste/vues", name=name, shared="1", liste="type=CLIENT")
        page = unescape(answer.get_data(as_text=True))
        assert answer.status_code == 422
        assert page.lower().count(said.lower()) == 2, said
        assert re.search(r'name="shared" value="1" checked', page)
    made = send(adviser, f"{LIST}liste/vues", name="Une").headers["Location"]
    key = made.rpartition("=")[2]
    answer = send(adviser, f"{LIST}liste/vues/{key}", name="  ")
    assert answer.status_code == 422
    assert f'id="f-vue-{key}-e"' in answer.get_data(as_text=True)


def test_another_adviser_for_those_ticked(adviser: FlaskClient, keys: dict[str, str], people: People) -> None:
    """ux.md §2.2, rule 3: a page names them, then all are changed or none; the list is where it was."""
    path, ids = f"{LIST}conseiller", [keys["Alain"], keys["Émile 🌱"]]
    page = unescape(send(adviser, path, ids=ids, liste="type=CLIENT").get_data(as_text=True))
    assert "Changer le conseiller de 2 contacts" in page
    assert "Émile 🌱 Zoé" in page
    answer = send(adviser, path, ids=ids, confirme="1")
    assert answer.status_code == 422
    assert "Choisissez le conseiller" in answer.get_data(as_text=True)
    answer = send(adviser, path, ids=ids, confirme="1", adviser=people.other, keep="1", liste="type=CLIENT")
    assert answer.headers["Location"] == f"{LIST}?type=CLIENT"
    page = text(adviser, f"{LIST}?type=CLIENT")
    assert "2 contacts sont désormais suivis par Autre Demo." in page
    assert page.count("Autre Demo <span") == 2


def test_what_cannot_be_handed_over(
    app: Flask, adviser: FlaskClient, keys: dict[str, str], people: People, strangers: People
) -> None:
    """domain.md §3.6: another's contact, a stranger as adviser, nothing ticked, no right."""
    path = f"{LIST}conseiller"
    assert send(adviser, path, ids=[keys["Alain"], keys["autre"]]).status_code == 404
    assert send(adviser, path).headers["Location"] == LIST
    for who in (strangers.adviser, "x", "🌱"):
        assert send(adviser, path, ids=[keys["Alain"]], confirme="1", adviser=who).status_code == 422
    client = app.test_client()
    sign_in(client, "administrateur@second.example")
    assert send(client, path, ids=[keys["Alain"]], confirme="1", adviser=strangers.adviser).status_code == 404


def test_from_file_to_file(adviser: FlaskClient, keys: dict[str, str]) -> None:
    """ux.md §2.2: previous and next of the list as it is filtered; back to the line, on its page."""
    page = text(adviser, f"{LIST}?tri=code")
    link = re.search(rf'href="({LIST}{keys["=HYPERLINK(1)"]}\?[^"]*)"', page)
    assert link
    file = text(adviser, link.group(1))
    assert "2 sur 4" in file
    after = re.search(r'href="([^"]*)" rel="next" data-step="next" aria-keyshortcuts="Alt\+ArrowDown"', file)
    assert after
    assert keys["Émile 🌱"] in after.group(1)
    assert "3 sur 4" in text(adviser, after.group(1))
    assert f'{LIST}?tri=code&sens=asc&vue=aucune#c-{keys["=HYPERLINK(1)"]}' in file
    assert "data-step" not in text(adviser, f"{LIST}{keys['Alain']}")
    beside = text(adviser, after.group(1).replace("?", "/coordonnees?"))
    assert f"{LIST}{keys[LONG]}/coordonnees?" in beside
