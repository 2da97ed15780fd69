"""Actifs and Biens immobiliers in a contact's file: forms, lists, an asset's page, and programs (PA-01, AU-01)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.contacts import relations
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.clock import today
from core.extensions import db
from plugins.patrimoine import asset_writes
from plugins.patrimoine import assets
from plugins.patrimoine.asset_terms import Owner
from plugins.patrimoine.asset_terms import Valuation
from tests.conftest import person
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.patrimoine.conftest import Home
from tests.plugins.patrimoine.owning import halves
from tests.plugins.patrimoine.owning import house
from tests.plugins.patrimoine.test_loan_pages import LOAN
from tests.plugins.patrimoine.test_loan_pages import File
from tests.plugins.patrimoine.test_loan_pages import plain
from tests.plugins.patrimoine.test_loan_pages import token

FORM = {
    "kind": "LOCATIF_NU", "label": "Appartement rue Crébillon", "address": "12 rue Crébillon, Nantes", "surface": "64,5",
    "right_1": "PLEINE_PROPRIETE", "share_1": "50", "share_2": "50", "right_2": "PLEINE_PROPRIETE", "acquired_on": "06/01/2020",
    "mode": "ACHAT", "price": "200 000,00", "scheme": "PINEL", "scheme_since": "06/01/2020", "scheme_years": "9",
    "value": "230 000", "on": "06/05/2024", "basis": "EXPERTISE",
}  # fmt: skip


@pytest.fixture
def file(adviser: FlaskClient, home: Home) -> Iterator[File]:
    return File(adviser, home)


def form(home: Home, **more: str) -> dict[str, str]:
    return {**FORM, "owner_1": home.jeanne, "owner_2": home.paul, **more}


def added(file: File, **more: str) -> str:
    """An asset's path in Jeanne's file."""
    made = file.post("/actifs/nouveau", form(file.home, **more))
    assert made.status_code == 303, plain(made)
    return made.location.removeprefix(file.base)


def test_an_asset_from_its_form_to_its_list(file: File) -> None:
    """PA-01, NX-02: added for two, its page with parts, values and where they come from; changed; sold, and back."""
    path = added(file)
    text = file.get(path)
    for said in (
        "L'actif est ajouté", "Valeur au 06/05/2024 230 000,00 €", "Expertise, saisi par Conseiller Demo", "64,50 m²",
        "Pleine propriété 50 % 115 000,00 €", "Engagement Pinel jusqu'au 06/01/2029", "+15,00 % depuis le 06/01/2020",
        "Base IFI 100 % Imposable à l'IFI",
    ):  # fmt: skip
        assert said in text, said
    text = file.get("/actifs")
    for said in ("Immobilier de rapport 115 000,00 €", "230 000,00 € au 06/05/2024 déclaré · Expertise", "Total 115 000,00 €"):
        assert said in text, said
    alone = form(file.home, owner_2="", share_2="", share_1="100", label="Studio", ifi="0")
    assert file.post(f"{path}/modifier", alone).status_code == 303
    text = file.get("/actifs")
    assert "Studio Locatif nu · Pinel Durand Alix 230 000,00 €" in text
    assert "Total 230 000,00 €" in text
    assert "0 % saisie pour cet actif" in file.get(path)
    assert file.post(f"{path}/ceder", {"on": "01/06/2024", "why": "VENDU"}).status_code == 303
    assert "Sortis du patrimoine 1 Studio Locatif nu vendu le 01/06/2024" in file.get("/actifs")
    file.client.post(f"{file.base}{path}/ceder", data={"csrf_token": token(file, path)})
    assert "Sortis du patrimoine" not in file.get("/actifs")


def test_a_value_that_is_not_known_is_not_nought(file: File) -> None:
    """PA-01: said as such in the list, on the page, in the total; the household shows it and adds none."""
    path = added(file, kind="ART", value="", on="", price="", mode="")
    text = file.get("/actifs")
    assert "Appartement rue Crébillon Art et collection" in text
    assert "non connu" in text
    assert "sans 1 actif dont la valeur n'est pas connue 0,00 €" in text
    assert "jamais comme zéro" in file.get(path)
    base = f"/p/patrimoine/contacts/{file.home.household}/actifs"
    text = plain(file.client.get(base))
    assert "Part du foyer" in text
    assert "Ajouter un actif" not in text
    assert file.client.get(f"{base}/nouveau").status_code == 403
    assert file.client.get(f"{base}/{path.rpartition('/')[2]}").status_code == 200
    assert file.client.get(f"/p/patrimoine/contacts/{file.home.stranger}/actifs").status_code == 404
    assert file.client.get(f"{file.base}/actifs/{'0' * 26}").status_code == 404


BAD = (
    ("kind", "", "Choisissez la nature"), ("label", "", "Donnez un nom"), ("acquired_on", "31/02/2020", "n'existe pas"),
    ("acquired_on", "01/01/2090", "dans le futur"), ("acquired_on", "01/01/1850", "1900"), ("price", "-5", "négatif"),
    ("price", "9999999999999", "mille milliards"), ("price", "abc", "montant"), ("share_2", "40", "font ensemble 90"),
    ("share_2", "", "quote-part"), ("owner_2", "", "Dites à qui"), ("owner_2", "inconnu", "valeur de la liste"),
    ("right_2", "USUFRUIT", "font ensemble 50"), ("ifi", "120", "0 à 100"), ("scheme_years", "31", "30 ans"),
    ("on", "", "date de cette valeur"), ("on", "01/01/2090", "dans le futur"), ("value", "-1", "négatif"),
    ("surface", "0", "positif"),
)  # fmt: skip


def test_bad_input_is_said_beside_its_field(file: File) -> None:
    """PA-01, «Bad input»: 422, in French, beside the field and in the summary; nothing that was typed is lost or written."""
    shown = file.client.get(f"{file.base}/actifs/nouveau").get_data(as_text=True)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown))
    for field, typed, said in BAD:
        answer = file.client.post(f"{file.base}/actifs/nouveau", data={**hidden, **form(file.home, **{field: typed})})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, (field, typed)
        at = "owners" if "font ensemble" in said else field
        error = re.search(rf'id="f-{at}-e">(.*?)</p>', page, re.S)
        assert error, (field, typed)
        assert said in re.sub(r"[\u00a0\u202f]", " ", unescape(error.group(1))), (field, typed, error.group(1))
        assert f'href="#f-{at}"' in page
        assert 'value="12 rue Crébillon, Nantes"' in page or field == "kind"
    assert "Aucun actif" in file.get("/actifs")


def test_double_click_and_two_tabs(file: File) -> None:
    """PA-01: the same form twice is one asset; what another tab changed meanwhile is shown, not lost."""
    page = file.client.get(f"{file.base}/actifs/nouveau").get_data(as_text=True)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    sent = {**hidden, **form(file.home)}
    places = {file.client.post(f"{file.base}/actifs/nouveau", data=sent).location for _turn in range(2)}
    (path,) = (one.removeprefix(file.base) for one in places)
    edit = file.client.get(f"{file.base}{path}/modifier").get_data(as_text=True)
    stale = {name: unescape(text) for name, text in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', edit)}
    assert file.post(f"{path}/modifier", form(file.home, label="D'un autre onglet")).status_code == 303
    clash = file.client.post(f"{file.base}{path}/modifier", data={**stale, **form(file.home, label="Du premier")})
    assert clash.status_code == 409
    assert "modifiée pendant votre saisie" in plain(clash)
    assert "D'un autre onglet" in file.get(path)


def test_values_and_rents(file: File) -> None:
    """AU-01: noted, taken away, put back by «Annuler»; yields on the page and among the properties; the loan that paid for it."""
    path = added(file)
    assert file.post(f"{path}/valeurs/ajouter", {"value": "240000", "on": "06/05/2025", "basis": "NOTAIRE"}).status_code == 303
    again = file.post(f"{path}/valeurs/ajouter", {"value": "1", "on": "06/05/2025", "basis": "NOTAIRE"})
    assert (again.status_code, "déjà notée" in plain(again)) == (422, True)
    rent = {"tenant": "T3", "monthly": "1 000", "charges": "800", "property_tax": "1 200", "vacancy": "5", "since": "01/02/2021"}
    assert file.post(f"{path}/loyers/ajouter", rent).status_code == 303
    text = file.get(path)
    for said in ("Loyers par an 12 000,00 €", "Rendement brut 5,00 %", "Rendement net 3,92 %", "T3 en cours 1 000,00 €"):
        assert said in text, said
    for kind, shown in (("valeurs", "06/05/2025 240 000,00 €"), ("loyers", "T3 en cours")):
        page = file.client.get(file.base + path).get_data(as_text=True)
        remove = re.search(rf'action="([^"]*/{kind}/[^"]*/retirer)"', page)
        assert remove
        gone = file.client.post(remove.group(1), data={"csrf_token": token(file, path)}, follow_redirects=True)
        assert shown not in plain(gone)
        undo = re.search(r'name="undo" value="([^"]+)"', gone.get_data(as_text=True))
        assert undo
        file.client.post("/annuler", data={"csrf_token": token(file, path), "undo": undo.group(1)})
        assert shown in file.get(path)
    edit = re.search(r'href="([^"]*/loyers/[^"]*/modifier)"', file.client.get(file.base + path).get_data(as_text=True))
    assert edit
    rent_path = edit.group(1).removeprefix(file.base)
    assert file.post(rent_path, {**rent, "until": "01/01/2020"}).status_code == 422
    loan = file.post("/prets/nouveau", {**LOAN, "asset_id": path.rpartition("/")[2]})
    assert loan.status_code == 303
    assert "Bien financé Appartement rue Crébillon" in file.get(loan.location.removeprefix(file.base))
    assert file.post("/prets/nouveau", {**LOAN, "asset_id": "inconnu"}).status_code == 422
    text = file.get("/immobilier")
    for said in ("Biens immobiliers 1", "Rendement net 3,92 %", "engagement jusqu'au 06/01/2029", "Banque de l'Ouest"):
        assert said in text, said
    assert "Financé par Prêt amortissable" in file.get(path)
    assert file.post(rent_path, {**rent, "until": "31/12/2023"}).status_code == 303
    assert "Loyers par an" not in file.get(path)


def test_relations_are_offered_and_lines_lead_home(file: File) -> None:
    """PA-01: household and relations may be named, companies for shares; a line finds its page; a company is looked through."""
    with db.session(file.home.cabinet_id) as session:
        by = person(session, file.home.adviser)
        made = asset_writes.create(session, by, house(), halves(file.home))
        firm = contacts.create(session, by, NewContact("PERSONNE_MORALE", company_name="SCI du Pont"))
        relations.add(session, by, file.home.jeanne, "CONJOINT", file.home.paul, since=today().replace(year=2015, day=1))
        relations.add(session, by, file.home.jeanne, "SOCIETE_DETENUE", firm, share=Decimal("0.4"), right="PLEINE_PROPRIETE")
        of_firm = house(acquired_on=None, mode="", price=None)
        asset_writes.create(session, by, of_firm, [Owner(firm)], first=Valuation(today(), Decimal(500000)))
    page = file.client.get(f"{file.base}/actifs/nouveau").get_data(as_text=True)
    first = re.search(r'id="f-owner_1".*?</select>', page, re.S)
    assert first
    assert re.findall(r'<option value="(\w+)"', first.group(0))[:2] == [file.home.jeanne, file.home.paul]
    assert re.findall(rf'<option value="{firm}">', page)
    text = file.get("/actifs")
    for said in ("Parts de SCI du Pont (40 %) Durand Alix 200 000,00 €", "calculé · Actif net de la société"):
        assert said in text, said
    assert file.client.get(f"{file.base}/lignes/{made}").location.endswith(f"/actifs/{made}")
    assert file.client.get(f"{file.base}/lignes/{'0' * 26}").status_code == 404


def test_programs_do_as_much(app: Flask, home: Home) -> None:
    """PL-09, PA-01, AU-01: an asset made, valued, let, changed, disposed of; parts told; what is refused names its field."""
    program = Program(app, token_of(home.cabinet_id, home.adviser))
    body = {
        "kind": "LMNP", "label": "Studio", "owners": [{"contact_id": home.jeanne, "share": "1"}],
        "first": {"on": "2024-05-06", "value": "100000.00"},
    }  # fmt: skip
    made = program.post("/p/patrimoine/assets", body, 201)
    path = f"/p/patrimoine/assets/{made['id']}"
    assert (made["category"], made["value"], made["ifi"]) == ("IMMOBILIER_RAPPORT", "100000.0000", "1")
    assert [(one["contact_id"], Decimal(one["amount"])) for one in made["parts"]] == [(home.jeanne, Decimal(100000))]
    value = program.post(f"{path}/values", {"on": "2025-05-06", "value": "110000.00", "basis": "NOTAIRE"}, 201)
    assert program.get(f"{path}/values/{value['id']}")["basis"] == "NOTAIRE"
    rent = program.post(f"{path}/rents", {"monthly": "550.00", "since": "2024-06-01"}, 201)
    assert program.get(path)["gross_yield"] == "0.06000000"
    ended = program.call("PATCH", f"{path}/rents/{rent['id']}", {"until": "2024-12-31"})
    assert ended.json["until"] == "2024-12-31"
    for gone in (f"values/{value['id']}", f"rents/{rent['id']}"):
        assert program.call("DELETE", f"{path}/{gone}").status_code == 204
    assert program.call("PATCH", path, {"label": "Studio meublé"}).json["label"] == "Studio meublé"
    assert program.post(f"{path}/dispose", {"on": "2025-06-01", "why": "DONNE"})["disposed_on"] == "2025-06-01"
    assert program.post(f"{path}/restore")["disposed_on"] is None
    owners = [{"contact_id": home.jeanne, "share": "1", "right": "USUFRUIT"}]
    wrong = program.call("PATCH", path, {"owners": owners})
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "owners")
    assert [one["id"] for one in program.get(f"/p/patrimoine/assets?contact={home.jeanne}")["items"]] == [made["id"]]
    with db.session(home.cabinet_id, write=False) as session:
        assert len(assets.of_contact(session, person(session, home.adviser), home.jeanne)) == 1
