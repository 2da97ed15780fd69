"""How a portfolio opens: the cabinet's choice, or one's own (BL-02, US-02)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from flask.testing import FlaskClient

from core.api import accounts
from core.extensions import db
from plugins.portefeuille.settings import PortefeuilleSettings
from tests.conftest import People
from tests.conftest import csrf
from tests.plugins.portefeuille.conftest import Portfolio


def send(client: FlaskClient, path: str, **values: str) -> None:
    assert client.post(path, data={"csrf_token": csrf(client, "/mon-compte"), **values}).status_code == 303


def test_a_portfolio_opens_as_one_wants(
    adviser: FlaskClient, administrator: FlaskClient, people: People, portfolio: Portfolio
) -> None:
    """US-02, BL-02: one's own usual charts go before the cabinet's, the address before both; nobody else's change."""
    with db.session(people.cabinet_id) as session:
        for month in (6, 7, 8):
            accounts.put_valuation(session, "cli", portfolio.himalia, date(2026, month, 28), Decimal(70000 + month), "essai")
    path = f"/p/portefeuille/contacts/{portfolio.jeanne}"

    def shown(client: FlaskClient, asked: str = "") -> list[str]:
        page = client.get(path + asked).get_data(as_text=True)
        return re.findall(r'<a class="btn btn-sm is-on"[^>]*>([^<]+)</a>', page)

    assert shown(adviser) == ["Enveloppe", "12 mois"]  # no position is known: not by support
    rest = {name: str(one.load_default) for name, one in PortefeuilleSettings().fields.items() if name.startswith("audit_")}
    send(administrator, "/administration/modules/portefeuille/reglages", by="support", period="tout", **rest)
    assert shown(adviser) == ["Enveloppe", "Tout"]
    send(adviser, "/services/modules/portefeuille", by="compagnie", period="5a")
    assert shown(adviser) == ["Compagnie", "5 ans"]
    assert shown(adviser, "?par=enveloppe&periode=12m") == ["Enveloppe", "12 mois"]
    assert shown(administrator) == ["Enveloppe", "Tout"]
