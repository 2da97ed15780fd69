"""An account's movements and transactions: by period, nature, status; to export (PF-05)."""

from __future__ import annotations

import re
from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.accounts import services as accounts
from core.extensions import db
from core.transactions import services as transactions
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import sign_in
from tests.plugins.portefeuille.conftest import Portfolio


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return unescape(answer.get_data(as_text=True))


def exported(client: FlaskClient, path: str, **form: Any) -> list[str]:
    with client.post(path, data={"csrf_token": csrf(client, "/p/contacts/"), **form}) as answer:
        assert answer.status_code == 200
        return str(answer.get_data().decode("utf-8-sig")).split("\r\n")[:-1]


@pytest.fixture
def base(portfolio: Portfolio, people: People) -> str:
    """Himalia with three movements and three transactions, one of which nobody follows."""
    with db.session(people.cabinet_id) as session:
        for day, kind, label, amount in (
            (date(2026, 1, 5), "VERSEMENT", "=Versement", "1000"), (date(2026, 3, 31), "FRAIS", "Frais", "-12.50"),
            (date(2026, 4, 1), "VERSEMENT", "Autre", "50"),
        ):  # fmt: skip
            accounts.add_movement(
                session, "cli", portfolio.himalia, on=day, kind=kind, label=label, amount=Decimal(amount), source="test"
            )
        for act, plugin, moment in (
            ("arbitrage", "essai", datetime(2026, 3, 31, 22, 30, tzinfo=UTC)),
            ("avance", "essai", datetime(2026, 2, 1, tzinfo=UTC)),
            ("versement_complementaire", None, datetime(2026, 1, 1, 12, tzinfo=UTC)),
        ):  # fmt: skip
            transactions.create(
                session, account_id=portfolio.himalia, plugin=plugin, origin="PARTENAIRE" if plugin else "SAISIE", act=act,
                act_label=act.title(), began=moment, amount=Decimal("-5"),
            )  # fmt: skip
    return f"/p/portefeuille/comptes/{portfolio.himalia}"


def test_movements_by_period_and_nature(adviser: FlaskClient, base: str) -> None:
    """PF-05: both days count; facets say the filters; nothing found is not nothing yet."""
    page = text(adviser, f"{base}/mouvements?du=05/01/2026&au=2026-03-31")
    assert page.index("31/03/2026</th>") < page.index("05/01/2026</th>")
    assert "01/04/2026</th>" not in page
    assert "Retirer le filtre Depuis le" in page
    assert "<td>Frais</td>" not in text(adviser, f"{base}/mouvements?nature=VERSEMENT")
    assert "Aucun mouvement ne correspond" in text(adviser, f"{base}/mouvements?au=01/01/2020")
    page = text(adviser, f"{base}/mouvements?tri=montant&sens=asc")
    assert page.index("<td>Frais</td>") < page.index("<td>Autre</td>")


def test_transactions_by_status_nature_and_day_in_france(adviser: FlaskClient, base: str) -> None:
    """PF-05: 22:30 UTC on 31 March is 1 April here; «sans suivi» are those that no partner follows."""
    assert "<td>Arbitrage</td>" in text(adviser, f"{base}/transactions?du=01/04/2026")
    assert "<td>Arbitrage</td>" not in text(adviser, f"{base}/transactions?au=31/03/2026")
    page = text(adviser, f"{base}/transactions?statut=aucun")
    assert "<td>Versement_Complementaire</td>" in page
    assert "<td>Avance</td>" not in page
    page = text(adviser, f"{base}/transactions?nature=avance&tri=type&sens=asc")
    assert "<td>Arbitrage</td>" not in page
    assert "nature=avance&tri=type&sens=asc#t-" in page, "what opens a line keeps the filters"
    assert "Aucune transaction ne correspond" in text(adviser, f"{base}/transactions?statut=validated")


def test_wrong_parameters(adviser: FlaskClient, base: str) -> None:
    """Issue 3, «Bad input»: never a 500; a day that cannot be read is kept and explained."""
    for tab in ("mouvements", "transactions"):
        page = text(adviser, f"{base}/{tab}?du=31/02/2026")
        assert 'value="31/02/2026"' in page
        assert "Depuis le\u202f: Le 31 février n'existe pas\u202f: février 2026 finit le 28." in page
        for query in ("du=01/01/0001&au=31/12/9999", "page=x&taille=-1&tri=%27", "nature=%00&statut=%F0%9F%8C%B1", "colonnes=x"):
            text(adviser, f"{base}/{tab}?{query}")


def test_columns_of_transactions_are_chosen(adviser: FlaskClient, base: str) -> None:
    """ux.md §2.2: columns in the address, remembered, and the same on the line that comes live; views beside them."""
    page = text(adviser, f"{base}/transactions?colonnes=montant")
    heads = page.split("<thead>")[1].split("</thead>")[0]
    named = ("Date", "Type", "Montant", "Origine", "Réf. partenaire", "Statut")
    assert [name for name in named if name in heads] == ["Date", "Type", "Montant"]
    line = re.search(r'data-live-src="(/p/portefeuille/transactions/[^"]+/statut[^"]*)"', page)
    assert line
    assert "colonnes=date,type,montant" in line.group(1)
    live = text(adviser, line.group(1))
    assert live.count("<td") == page.split("<tbody>")[1].split("</tr>")[0].count("<td")
    token = csrf(adviser, "/p/contacts/")
    form = {"csrf_token": token, "liste": "", "colonne": ["origine"]}
    assert adviser.post(f"{base}/transactions/liste/colonnes", data=form).status_code == 302
    page = text(adviser, f"{base}/transactions")
    assert "Origine</th>" in page
    assert "Statut</th>" not in page
    form = {"csrf_token": token, "once": "", "liste": "statut=aucun", "name": "Sans suivi"}
    kept = adviser.post(f"{base}/transactions/liste/vues", data=form)
    assert kept.status_code == 302
    assert "Sans suivi" in text(adviser, f"{base}/transactions")


def test_histories_are_exported(adviser: FlaskClient, base: str) -> None:
    """PF-05: as filtered, with the currency beside the amount; no formula, negative amounts are numbers."""
    assert exported(adviser, f"{base}/mouvements/liste/export", liste="colonnes=date,libelle,montant&tri=date&sens=asc") == [
        "Date;Libellé;Montant;Devise", "05/01/2026;'=Versement;1000,00;EUR", "31/03/2026;Frais;-12,50;EUR",
        "01/04/2026;Autre;50,00;EUR",
    ]  # fmt: skip
    lines = exported(adviser, f"{base}/transactions/liste/export", liste="nature=arbitrage")
    assert lines == [
        "Date;Type;Montant;Origine;Réf. partenaire;Statut;Mouvements;Devise",
        "01/04/2026 00:30;Arbitrage;-5,00;Essai SA;;Préparée;0;EUR",
    ]  # fmt: skip


def test_nobody_elses_account(app: Flask, people: People, strangers: People, base: str) -> None:
    """domain.md §3.6: another adviser's account and another cabinet's: nowhere, exports and columns too."""
    for email in ("autre@demo.example", "administrateur@second.example"):
        client = app.test_client()
        sign_in(client, email)
        token = csrf(client, "/p/contacts/")
        for tab in ("mouvements", "transactions"):
            text(client, f"{base}/{tab}", 404)
            for act in ("export", "colonnes", "vues"):
                answer = client.post(f"{base}/{tab}/liste/{act}", data={"csrf_token": token, "name": "x"})
                assert answer.status_code == 404, (email, tab, act)
