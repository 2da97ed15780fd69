"""The list of supports and a support's page (RE-03, WS-01, OU-02)."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
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
from core.hooks import enabling
from core.hooks.hub import Hub
from core.supports import services as supports
from core.supports.models import CataloguePrice
from core.supports.models import CatalogueSupport
from tests.conftest import People
from tests.conftest import sign_in

ISIN = "FR0010135103"


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True))


@pytest.fixture
def fund(people: People) -> str:
    """A fund of the catalogue with a year of prices, held by Jeanne's account; and a euro fund without any."""
    with db.session(None) as session:
        known = CatalogueSupport(isin=ISIN, label="Carmignac Patrimoine", type="OPCVM", sri=3, sfdr="ART8", manager="Carmignac")
        session.add(known)
        session.flush()
        for month in range(12):
            day = today() - timedelta(days=30 * month + 2)
            session.add(CataloguePrice(support_id=known.id, on=day, price=Decimal(100 + month), source="Flux d'essai"))
    with db.session(people.cabinet_id) as session:
        made = supports.support_for(session, isin=ISIN)
        supports.support_for(session, code="EURO", label="Fonds euro Vie", type="FONDS_EURO")
        company = supports.company_for(session, "assureur", name="Assureur d'essai")
        for first, follower in (("Jeanne", people.adviser), ("Paul", people.other)):
            data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names=first)
            who = contacts.create(session, "cli", data)
            contacts.follow(session, "cli", who, follower)
            held = accounts.create(session, "cli", NewAccount(
                "ASSURANCE_VIE", f"N{first}", f"Contrat {first}", company, [Role(who, "SOUSCRIPTEUR")]
            ))  # fmt: skip
            lines = [NewPosition(made, Decimal("1000"), quantity=Decimal(10), price=Decimal(100))]
            accounts.put_positions(session, "cli", held, date(2026, 11, 2), lines, "essai")
        return made


def test_the_module_opens_on_its_supports(adviser: FlaskClient, fund: str) -> None:
    """WS-01: a table and charts, each with its figures; a support without SRI says so, never «0/7»."""
    page = text(adviser, "/p/outils/")
    for part in ("2 supports", "Carmignac Patrimoine", ISIN, "3/7", "Article 8", "100,00\u00a0€", "Flux d'essai", "non coté",
                 "non applicable", "Supports par type", "Supports par risque (SRI)", "<e-chart"):  # fmt: skip
        assert part in page, part
    assert 'href="/p/outils/?sri=3"' in page
    assert 'aria-current="page"' in page


def test_filters_search_and_order_are_in_the_address(adviser: FlaskClient, fund: str) -> None:
    """OU-02, ux.md §3.2 rule 2: each filter is a chip that can be taken away; nothing found is not nothing yet."""
    rows = '<a class="e-cell"'
    counts = {
        "?type=OPCVM": 1, "?sri=na": 1, "?sfdr=ART8": 1, "?devise=EUR": 2, "?q=carmi": 1, f"?q={ISIN}": 1,
        "?type=OPCVM&sri=na": 0, "?sri=x&tri=y&page=-2": 0, "?tri=sri&sens=desc": 2,
    }  # fmt: skip
    for query, count in counts.items():
        assert text(adviser, f"/p/outils/{query}").count(rows) == count, query
    page = text(adviser, "/p/outils/?type=OPCVM&q=carmi&tri=sri")
    assert 'aria-label="Retirer le filtre Type"' in page
    assert 'href="/p/outils/?q=carmi&tri=sri&sens=asc"' in page
    assert "Aucun support ne correspond" in text(adviser, "/p/outils/?q=rien")


def test_a_cabinet_without_supports_is_told_why(adviser: FlaskClient) -> None:
    """ux.md §3.2: the first-use empty state; no empty chart."""
    page = text(adviser, "/p/outils/")
    assert "Aucun support pour le moment" in page
    assert "<e-chart" not in page


def test_a_wrong_isin_is_told_which_character_is_wrong(adviser: FlaskClient, fund: str) -> None:
    """RE-03: on the list and in the quick search, where the right one leads to the support's page."""
    fault = "La clé de ce code ISIN (12e caractère) devrait être 3, pas 4"
    assert fault in text(adviser, "/p/outils/?q=FR0010135104")
    assert fault in text(adviser, "/recherche/outils/supports?q=FR0010135104")
    for asked in (ISIN, "fr 0010135103", "carmignac"):
        found = text(adviser, f"/recherche/outils/supports?q={asked}")
        assert f'href="/p/outils/supports/{fund}"' in found, asked
        assert "100,00\u00a0€" in found


def test_the_page_of_a_support(adviser: FlaskClient, fund: str, hub: Hub) -> None:
    """OU-02: identity, checked ISIN, price with its day and source, chart with its table, holders that one may see."""
    page = text(adviser, f"/p/outils/supports/{fund}")
    for part in ("Carmignac Patrimoine", "clé vérifiée", "3 sur 7", "Article 8", "Flux d'essai", "Cours, chiffres",
                 "au plus haut 111,00\u00a0€", "Contrat Jeanne", "Durand Jeanne", "10,0000", "100,00 %", "02/11/2026",
                 "Total, 1 compte"):  # fmt: skip
        assert part in page, part
    assert "Contrat Paul" not in page
    installed = "portefeuille" in hub.registry.plugins  # its folder may be removed (PL-01)
    assert ('<a class="e-cell" href="/p/portefeuille/comptes/' in page) is installed


def test_periods_are_in_the_address(adviser: FlaskClient, fund: str) -> None:
    """OU-02: 1 m, 6 m, 1 a, 5 a, all; one price is no curve, and says where there are more."""
    counts = {
        period: text(adviser, f"/p/outils/supports/{fund}?periode={period}").count('<th scope="row">')
        for period in ("6m", "1a", "5a", "tout", "inconnue")
    }
    assert counts["6m"] < counts["1a"] == counts["inconnue"]
    assert counts["5a"] == counts["tout"] == counts["1a"]
    month = text(adviser, f"/p/outils/supports/{fund}?periode=1m")
    assert "Pas assez de cours sur cette période" in month
    assert f'href="/p/outils/supports/{fund}?periode=tout"' in month


def test_a_euro_fund_has_no_price(adviser: FlaskClient, fund: str) -> None:
    """domain.md §2.3: no price, no SRI, no ISIN: said, and no empty chart."""
    listed = text(adviser, "/p/outils/?type=FONDS_EURO")
    path = listed.split('<a class="e-cell" href="')[1].split('"')[0]
    page = text(adviser, path)
    assert "Support non coté" in page
    assert page.count("non applicable") == 3
    assert "Aucun compte ouvert à votre profil ne détient ce support" in page
    text(adviser, f"{path}/cours.svg", 404)


def test_the_chart_is_an_image_without_scripts(adviser: FlaskClient, fund: str) -> None:
    """ux.md §1, «sans JavaScript»: the same chart, drawn by the server, named by the page."""
    page = text(adviser, f"/p/outils/supports/{fund}")
    assert f'<noscript><img src="/p/outils/supports/{fund}/cours.svg?periode=1a"' in page
    answer = adviser.get(f"/p/outils/supports/{fund}/cours.svg?periode=1a")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.get_data(as_text=True).startswith("<svg")


def test_an_accounts_supports_lead_here_only_where_the_module_is_on(
    adviser: FlaskClient, people: People, hub: Hub, fund: str
) -> None:
    """PL-03: plugins do not import each other; off, the label is plain text and these pages are nowhere."""
    if "portefeuille" not in hub.registry.plugins:
        return
    path = text(adviser, "/p/portefeuille/comptes").split('<a class="e-cell" href="')[1].split('"')[0] + "/supports"
    assert f'href="/p/outils/supports/{fund}"' in text(adviser, path)
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "outils", on=False, actor="cli")
    page = text(adviser, path)
    assert "Carmignac Patrimoine" in page
    assert "/p/outils/" not in page
    text(adviser, f"/p/outils/supports/{fund}", 404)


def test_anothers_supports_and_holders_are_nowhere(app: Flask, people: People, strangers: People, fund: str) -> None:
    """domain.md §3.6, lines 17 and 18: another adviser sees the fund with his own client's account; another cabinet nothing."""
    other = app.test_client()
    sign_in(other, "autre@demo.example")
    page = text(other, f"/p/outils/supports/{fund}")
    assert "Contrat Paul" in page
    assert "Jeanne" not in page
    stranger = app.test_client()
    sign_in(stranger, "administrateur@second.example")
    text(stranger, f"/p/outils/supports/{fund}", 404)
    text(stranger, f"/p/outils/supports/{fund}/cours.svg", 404)
    assert "Carmignac" not in text(stranger, "/p/outils/")


@pytest.mark.parametrize("value", ["%00", "x" * 5000, "%F0%9F%91%8D", "%3Cscript%3E", "%27+OR+1%3D1", "9" * 30])
def test_odd_values_break_nothing(adviser: FlaskClient, fund: str, value: str) -> None:
    """Bad input: in each parameter of both pages."""
    for name in ("q", "type", "sri", "sfdr", "devise", "tri", "sens", "page"):
        assert "<script>" not in adviser.get(f"/p/outils/?{name}={value}").get_data(as_text=True)
    for name in ("periode", "page"):
        assert adviser.get(f"/p/outils/supports/{fund}?{name}={value}").status_code == 200
