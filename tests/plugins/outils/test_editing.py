"""A support made, corrected and priced on its pages; the same for programs (OU-09)."""

from __future__ import annotations

import re
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
from core.db.clock import today
from core.extensions import db
from core.supports import facts
from core.supports import services as supports
from tests.conftest import People
from tests.conftest import sign_in
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.outils.reading import shown

NEW = "/p/outils/supports/nouveau"
ISIN = "FR0010135103"
TYPED = {"isin": "FR 0010135103", "label": "Patrimoine A", "type": "OPCVM", "currency": "EUR", "ongoing_costs": "1,25",
         "sri": "4", "source": "DIC", "as_of": "12/03/2026"}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_token(app: Flask) -> None:
    """What stops a form without its token is tried elsewhere."""
    app.config["WTF_CSRF_ENABLED"] = False


def made(client: FlaskClient, **more: str) -> str:
    answer = client.post(NEW, data={**TYPED, **more})
    assert answer.status_code == 303, unescape(answer.get_data(as_text=True))
    return answer.location


def test_a_search_that_finds_nothing_leads_to_the_form(adviser: FlaskClient, people: People) -> None:
    """OU-09: from the list by label or ISIN, from the quick search by ISIN; the form begins with what was typed."""
    page = shown(adviser, "/p/outils/?q=Fonds Introuvable")
    assert "Créer « Fonds Introuvable »" in page
    assert 'value="Fonds Introuvable"' in shown(adviser, f"{NEW}?q=Fonds Introuvable")
    assert f"{NEW}?q={ISIN}" in shown(adviser, f"/recherche/outils/supports?q={ISIN}")
    assert f'value="{ISIN}"' in shown(adviser, f"{NEW}?q={ISIN}")
    assert "Créer le support" not in shown(adviser, "/recherche/outils/supports?q=FR0010135104")


def test_a_support_is_made_and_each_value_has_its_source(adviser: FlaskClient, people: People) -> None:
    """OU-09: the page shows value, source, day; the same ISIN again leads to it, and what was typed stays."""
    where = made(adviser)
    page = shown(adviser, where)
    for part in ("Patrimoine A", "1,25 %", "DIC", "12/03/2026", "Caractéristiques et leurs sources", "Aucun cours connu"):
        assert part in page, part
    again = adviser.post(NEW, data={**TYPED, "label": "Autre nom"})
    said = unescape(again.get_data(as_text=True))
    assert again.status_code == 422
    assert f'href="{where}"' in said
    assert 'value="Autre nom"' in said
    assert adviser.get(f"{NEW}?q={ISIN}").location == where
    key = re.findall(r'name="once" value="(\w+)"', shown(adviser, NEW))[0]
    other = {"isin": "FR0000120271", "once": key}
    assert made(adviser, **other) == made(adviser, **other)  # a double click makes one


def test_bad_input_is_told_at_its_field_and_nothing_is_lost(adviser: FlaskClient, people: People) -> None:
    """OU-09: a wrong key, no identifier, a cost beyond 100 %, NUL, a day to come: 422, the rest stays in the form."""
    for more, said in (
        ({"isin": "FR0010135104"}, "clé"), ({"isin": "", "code": ""}, "code interne"),
        ({"ongoing_costs": "1e400"}, "pourcentage"),
        ({"ongoing_costs": "250"}, "100"), ({"category": "a\x00b"}, "invisible"), ({"label": "x" * 10_000}, "caractères au plus"),
        ({"as_of": "01/01/2999"}, ""), ({"as_of": "01/01/0001"}, ""), ({"type": "LOTERIE"}, "liste"),
        ({"currency": "euro"}, "trois"),
    ):  # fmt: skip
        answer = adviser.post(NEW, data={**TYPED, **more})
        page = unescape(answer.get_data(as_text=True))
        assert answer.status_code == 422, more
        assert said in page, more
        assert 'value="DIC"' in page
    with db.session(people.cabinet_id) as session:
        assert supports.facets(session, supports.SupportFilter()).types == ()


def test_a_correction_is_stamped_and_comes_off(adviser: FlaskClient, people: People) -> None:
    """OU-09: «Modifier», two tabs at once, «Retirer», «Annuler»."""
    where = made(adviser)
    form = shown(adviser, f"{where}/modifier")
    seen = unescape(re.findall(r'name="seen" value="([^"]*)"', adviser.get(f"{where}/modifier").get_data(as_text=True))[0])
    assert 'value="1,25"' in form
    base = {name: value for name, value in TYPED.items() if name not in ("isin", "source", "as_of")}
    changed = {**base, "sri": "5", "zone": "EUROPE", "seen": seen}
    assert adviser.post(f"{where}/modifier", data=changed).status_code == 303
    assert "5 sur 7" in shown(adviser, where)
    late = adviser.post(f"{where}/modifier", data={**base, "sri": "6", "seen": seen})
    assert late.status_code == 409
    assert "5 sur 7" in shown(adviser, where)
    gone = adviser.post(f"{where}/valeurs/zone/retirer", follow_redirects=True)
    page = unescape(gone.get_data(as_text=True))
    assert "La valeur saisie est retirée" in page
    token = re.findall(r'name="undo" value="([^"]+)"', page)[0]
    adviser.post("/annuler", data={"undo": token})
    with db.session(people.cabinet_id) as session:
        assert facts.of(session, where.rsplit("/", 1)[1])["zone"].told.value == "EUROPE"
    assert adviser.post(f"{where}/valeurs/label/retirer").status_code == 422
    assert adviser.post(f"{where}/valeurs/rien/retirer").status_code == 404


def test_a_price_is_typed_and_taken_back(adviser: FlaskClient, people: People) -> None:
    """OU-09: the price shows with its source; zero, a day to come, a text are refused; «Annuler» puts it back."""
    where = made(adviser)
    for wrong in ({"on": "02/11/2026", "value": "0"}, {"on": "01/01/2999", "value": "1"}, {"on": "02/11/2026", "value": "1e400"},
                  {"on": "", "value": ""}):  # fmt: skip
        assert adviser.post(f"{where}/cours/saisir", data=wrong).status_code == 422
    right = {"on": "02/11/2026", "value": "12,5", "source": "Site"}
    assert adviser.post(f"{where}/cours/saisir", data=right).status_code == 303
    page = shown(adviser, where)
    assert "Cours saisis par le cabinet" in page
    assert "12,50 €" in page
    assert "Saisie (Site)" in page
    gone = adviser.post(f"{where}/cours/2026-11-02/retirer", follow_redirects=True)
    token = re.findall(r'name="undo" value="([^"]+)"', unescape(gone.get_data(as_text=True)))[0]
    assert "12,50 €" not in shown(adviser, where)
    adviser.post("/annuler", data={"undo": token})
    assert "Saisie (Site)" in shown(adviser, where)
    assert adviser.post(f"{where}/cours/jamais/retirer").status_code == 404


def test_the_comparison_shows_costs_with_their_source(adviser: FlaskClient, people: People) -> None:
    """OU-06, OU-09: fees where they are known, «non connu» where nobody said."""
    one, two = made(adviser), made(adviser, isin="FR0000120271", ongoing_costs="")
    page = shown(adviser, f"/p/outils/comparer?s={one.rsplit('/', 1)[1]}&s={two.rsplit('/', 1)[1]}")
    row = next(line.split("</tr>")[0] for line in page.split("<tr>") if "Frais courants" in line)
    assert "1,25 %" in row
    assert "DIC" in row
    assert "non connu" in row


def test_facets_of_class_zone_category_manager_and_costs(adviser: FlaskClient, people: People) -> None:
    """OU-02: each filters, is in the address, and says how many; what nobody told is a choice too."""
    made(adviser, asset_class="ACTIONS", zone="EUROPE", category="Actions Europe", manager="Maison")
    made(adviser, isin="FR0000120271", label="Sans rien", ongoing_costs="")
    rows = '<a class="e-cell"'
    for query, count in (
        ("classe=ACTIONS", 1), ("classe=na", 1), ("zone=EUROPE", 1), ("categorie=Actions Europe", 1), ("gestion=Maison", 1),
        ("gestion=na", 1), ("frais=2", 1), ("frais=na", 1), ("frais=0", 0), ("zone=MONDE", 0), ("frais=x", 0),
    ):  # fmt: skip
        assert shown(adviser, f"/p/outils/?{query}").count(rows) == count, query
    page = shown(adviser, "/p/outils/?colonnes=frais,classe,zone,categorie,gestion,srri&tri=frais&sens=desc")
    assert page.index("Patrimoine A") < page.index("Sans rien")  # what is not known comes last


def test_the_distributor_of_the_contracts_that_hold_it(adviser: FlaskClient, people: People) -> None:
    """OU-02: a distributor is a choice once an account within reach names it, and leaves what its contracts hold."""
    where = made(adviser)
    made(adviser, isin="FR0000120271", label="Ailleurs")
    assert "Distributeur" not in shown(adviser, "/p/outils/")
    with db.session(people.cabinet_id) as session:
        data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names="Jeanne")
        who = contacts.create(session, "cli", data)
        contacts.follow(session, "cli", who, people.adviser)
        insurer = supports.company_for(session, "assureur", name="Assureur d'essai")
        seller = supports.company_for(session, "grossiste", name="Grossiste d'essai")
        new = NewAccount("ASSURANCE_VIE", "1", "Contrat", insurer, [Role(who, "SOUSCRIPTEUR")], distributor_id=seller)
        held = accounts.create(session, "cli", new)
        lines = [NewPosition(where.rsplit("/", 1)[1], Decimal(1000))]
        accounts.put_positions(session, "cli", held, today(), lines, "essai")
    page = shown(adviser, f"/p/outils/?distributeur={seller}")
    assert "Grossiste d'essai" in page
    assert page.count('<a class="e-cell"') == 1


def test_programs_do_the_same(app: Flask, people: People) -> None:
    """OU-09, PL-09: make, correct, read with sources, price, take back; errors name the field."""
    program = Program(app, token_of(people.cabinet_id, people.adviser))
    body = {"isin": ISIN, "label": "Patrimoine A", "type": "OPCVM", "currency": "EUR", "ongoing_costs": "0.0125", "sri": 4}
    answer = program.call("POST", "/supports", {**body, "source": "DIC", "as_of": "2026-03-12"})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert answer.get_json()["ongoing_costs"] == "0.01250000"
    path = f"/supports/{answer.get_json()['id']}"
    assert program.call("POST", "/supports", body).status_code == 409
    assert program.call("PATCH", path, {"sri": 5, "zone": "EUROPE", "manager": None}).get_json()["sri"] == 5
    told = {one["key"]: one for one in program.call("GET", f"{path}/facts").get_json()["items"]}
    assert told["ongoing_costs"]["told"]["source"] == "DIC"
    assert program.call("DELETE", f"{path}/facts/zone").status_code == 204
    assert program.call("DELETE", f"{path}/facts/label").status_code == 422
    price = program.call("POST", f"{path}/prices", {"on": "2026-11-02", "value": "12.5"})
    assert (price.status_code, price.get_json()["source"]) == (201, "Saisie")
    assert program.call("DELETE", f"{path}/prices/2026-11-02").status_code == 204
    assert program.call("DELETE", f"{path}/prices/2026-11-02").status_code == 404
    assert program.call("POST", f"{path}/prices", {"on": "2026-11-02", "value": "0"}).status_code == 422
    assert len(program.call("GET", "/supports?costs=2&zone=na").get_json()["items"]) == 1


def test_who_may_only_look_is_offered_nothing(app: Flask, people: People, strangers: People, adviser: FlaskClient) -> None:
    """OU-09: another cabinet's support is nowhere, for its form as for its price."""
    where = made(adviser)
    stranger = app.test_client()
    sign_in(stranger, "administrateur@second.example")
    for path in ("/modifier", "/cours/saisir"):
        shown(stranger, f"{where}{path}", 404)
    assert stranger.post(f"{where}/valeurs/sri/retirer").status_code == 404
