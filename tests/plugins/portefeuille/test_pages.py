"""The four places of BL-02, what they show and to whom."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from core.accounts import services as accounts
from core.accounts.schemas import NewPosition
from core.contacts import services as contacts
from core.contacts.models import Contact
from core.db.clock import now
from core.db.clock import today
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.supports import services as supports
from core.transactions import services as transactions
from core.transactions.models import Transaction
from core.transactions.services import Change
from tests.conftest import People
from tests.conftest import sign_in
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.portefeuille.conftest import Essai
from tests.plugins.portefeuille.conftest import Portfolio
from tests.plugins.portefeuille.conftest import add_account

NAME = "Actions Essai SA, compte HIM0012345"


def text(client: FlaskClient, path: str, status: int = 200, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == status, answer.get_data(as_text=True)[-2000:]
    return answer.get_data(as_text=True)


def places(portfolio: Portfolio) -> list[str]:
    base = "/p/portefeuille"
    return [
        f"{base}/contacts/{portfolio.jeanne}", f"{base}/contacts/{portfolio.household}", f"{base}/comptes",
        f"{base}/comptes?contact={portfolio.jeanne}", f"{base}/comptes/{portfolio.himalia}",
        f"{base}/comptes/{portfolio.himalia}/supports", f"{base}/comptes/{portfolio.himalia}/mouvements",
        f"{base}/comptes/{portfolio.himalia}/transactions",
    ]  # fmt: skip


def test_the_icon_is_in_all_places_once_an_eligible_account(adviser: FlaskClient, portfolio: Portfolio) -> None:
    """BL-02, BL-06: one icon on the partner's account, none on the others, one hook call a page."""
    for path in places(portfolio):
        Essai.asked.clear()
        page = text(adviser, path)
        assert page.count(f'aria-label="{NAME}"') == 1, path
        assert "compte 0004587" not in page
        assert len(Essai.asked) == 1, path


def test_without_the_right_there_is_neither_icon_nor_button(
    app: Flask, people: People, portfolio: Portfolio
) -> None:
    """domain.md §3.6, line 28: absent, not greyed; the plugin is not even asked."""
    with db.session(people.cabinet_id) as session:
        for contact in (portfolio.jeanne, portfolio.household):
            contacts.follow(session, "cli", contact, people.assistant, "ASSISTANT")
    client = app.test_client()
    sign_in(client, "assistant@demo.example")
    Essai.asked.clear()
    for path in places(portfolio):
        page = text(client, path)
        assert NAME not in page
        assert "/types" not in page
    assert Essai.asked == []


def test_another_advisers_accounts_do_not_exist(
    app: Flask, people: People, strangers: People, portfolio: Portfolio
) -> None:
    """domain.md §3.6, lines 17 and 18: 404 in every place, for a colleague and for another cabinet."""
    with db.session(people.cabinet_id) as session:
        found = transactions.create(
            session, account_id=portfolio.himalia, plugin="essai", origin="PARTENAIRE", act="arbitrage",
            act_label="Arbitrage", nature="arbitrage", initiated_by=people.adviser,
        )  # fmt: skip
    extra = [f"/p/portefeuille/transactions/{found.id}/{part}" for part in ("statut", "historique")]
    extra.append(f"/p/portefeuille/comptes/{portfolio.himalia}/operations")
    for email in ("autre@demo.example", "administrateur@second.example"):
        client = app.test_client()
        sign_in(client, email)
        for path in [*places(portfolio), *extra]:
            if path != "/p/portefeuille/comptes":
                text(client, path, 404)
        assert "HIM0012345" not in text(client, "/p/portefeuille/comptes")


def test_the_portfolio_is_grouped_with_totals(adviser: FlaskClient, portfolio: Portfolio) -> None:
    """BL-02 (1): by company, then envelope; subtotals and total; stale figures are marked."""
    page = text(adviser, f"/p/portefeuille/contacts/{portfolio.jeanne}").replace("\u202f", " ").replace("\xa0", " ")
    page = page[page.index("groupés par compagnie") :]
    assert page.index("Generali Patrimoine") < page.index("Assurance-vie") < page.index("Banque de Loire")
    assert "Total, 2 comptes" in page
    assert "85 210,55 €" in page
    assert "+4 010,00 €" in page
    assert re.search(r"\d+ j</span>", page)


def test_the_head_of_a_file_says_the_same_worth_on_every_page(
    adviser: FlaskClient, hub: Hub, portfolio: Portfolio
) -> None:
    """PF-01, CT-01, ux.md §2.3: a person's, a household's; with its day; nothing is said where nothing is valued."""
    for contact_id in (portfolio.jeanne, portfolio.household):
        shown = set()
        paths = [f"/p/portefeuille/contacts/{contact_id}", f"/p/portefeuille/comptes?contact={contact_id}"]
        if "contacts" in hub.registry.plugins:  # its folder may be removed (PL-01)
            paths += [f"/p/contacts/{contact_id}", f"/p/contacts/{contact_id}/historique"]
        for path in paths:
            shown.update(re.findall(r"<dt>(Encours[^<]*)</dt><dd>([^<]+)</dd>", text(adviser, path)) or [("rien", path)])
        assert len(shown) == 1, shown
        ((label, _value),) = shown
        assert re.fullmatch(r"Encours au \d\d/\d\d/\d{4}", label)


def shares(page: str) -> list[str]:
    """The parts that the donut's table names, the largest first."""
    return re.findall(r'<th scope="row"><span class="e-key[^>]*>.</span>([^<]+)</th>', page)


def test_the_portfolio_is_drawn(adviser: FlaskClient, people: People, portfolio: Portfolio) -> None:
    """PF-01, WS-01: shares that add up to the total shown above, the value month by month; odd words are the usual ones."""
    url = f"/p/portefeuille/contacts/{portfolio.jeanne}"
    page = text(adviser, f"{url}?par=compagnie").replace("\u202f", " ").replace("\xa0", " ")
    assert shares(page) == ["Generali Patrimoine", "Banque de Loire"]
    assert "85 211 €" in page
    assert "Évolution" not in page
    assert shares(text(adviser, url)) == ["Assurance-vie", "PEA"]  # no position is known
    assert shares(text(adviser, f"{url}?par=support")) == ["Non détaillé"]
    with db.session(people.cabinet_id) as session:
        for month in (6, 7, 8):
            accounts.put_valuation(session, "cli", portfolio.himalia, date(2026, month, 28), Decimal(70000 + month), "essai")
    page = text(adviser, f"{url}?periode=tout").replace("\u202f", " ").replace("\xa0", " ")
    assert "Évolution" in page
    assert "71 006,00 €" in page  # with the other account's last known value
    assert text(adviser, f"{url}?par=%00&periode=%F0%9F%91%8D").count('aria-current="true"') == 2


def test_the_list_filters_sorts_and_pages(adviser: FlaskClient, people: People, hub: Hub, portfolio: Portfolio) -> None:
    """BL-02 (2): the whole state is in the address; fifty a page; an impossible filter says so."""
    base = "/p/portefeuille/comptes"
    for query, seen, unseen in (
        ("?enveloppe=PEA", "0004587", "HIM0012345"), ("?partenaire=essai", "HIM0012345", "0004587"),
        ("?q=him-001", "HIM0012345", "0004587"), (f"?compagnie={portfolio.company}", "HIM0012345", "0004587"),
        ("?etat=ouverts&q=durand", "HIM0012345", "Aucun compte"),
    ):  # fmt: skip
        page = text(adviser, base + query)
        assert seen in page
        assert unseen not in page, query
    assert "Aucun compte ne correspond" in text(adviser, f"{base}?q=rien")
    assert "Aucun compte ne correspond" in text(adviser, f"{base}?partenaire=inconnu")
    assert 'aria-sort="descending"' in text(adviser, f"{base}?tri=valeur&sens=desc")
    with db.session(people.cabinet_id) as session:
        for number in range(60):
            add_account(session, portfolio.company, f"Z{number:04d}", portfolio.jeanne)
    page = text(adviser, base)
    assert page.count('class="e-pcell"') == 50
    assert "1 à 50 sur 62" in page
    assert text(adviser, f"{base}?page=2").count('class="e-pcell"') == 12
    assert text(adviser, f"{base}?page=99&tri=n%27importe").count('class="e-pcell"') == 12


def test_a_list_costs_the_same_for_one_account_and_for_fifty(
    adviser: FlaskClient, people: People, portfolio: Portfolio
) -> None:
    """BL-06, performance.md «lists»: no query a row, no call a row."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        counts = []
        for more in (0, 48):
            with db.session(people.cabinet_id) as session:
                for number in range(more):
                    add_account(session, portfolio.company, f"Z{number:04d}", portfolio.jeanne)
            for path in ("/p/portefeuille/comptes", f"/p/portefeuille/contacts/{portfolio.jeanne}"):
                text(adviser, path)
                seen.clear()
                text(adviser, path)
                counts.append(len(seen))
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert counts[:2] == counts[2:]


@pytest.fixture
def followed(people: People, portfolio: Portfolio) -> str:
    """A transaction begun through the partner, now «En attente»."""
    with db.session(people.cabinet_id) as session:
        ref = transactions.create(
            session, account_id=portfolio.himalia, plugin="essai", origin="PARTENAIRE", act="arbitrage",
            act_label="Arbitrage", nature="arbitrage", initiated_by=people.adviser, amount=Decimal("12000"),
        )  # fmt: skip
        transactions.create(
            session, account_id=portfolio.himalia, plugin=None, origin="SAISIE", act="versement_complementaire",
            act_label="Versement libre", nature="versement", initiated_by=people.adviser,
        )  # fmt: skip
        row = session.get(Transaction, (people.cabinet_id, ref.id))
        assert row is not None
        transactions.set_status(session, row, Change("pending", "En attente", "hook", now(), seq=1))
        return ref.id


def test_the_tab_transactions(adviser: FlaskClient, portfolio: Portfolio, followed: str) -> None:
    """BL-09, BL-13: «Ajouter», the contributed column, «sans suivi» with its explanation, history on demand."""
    path = f"/p/portefeuille/comptes/{portfolio.himalia}/transactions"
    page = text(adviser, path)
    assert f'src="/liens/comptes/{portfolio.himalia}/types"' in page
    assert "Ajouter" in page
    heads = [re.sub(r"<[^>]*>", "", head) for head in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page)]
    assert heads[:6] == ["Date", "Type", "Montant", "Origine", "Réf. partenaire", "Statut"]
    assert "En attente" in page
    assert "Essai SA" in page
    assert "sans suivi" in page
    assert "dont 1 suivie" in page
    assert "Historique du statut" not in page
    opened = text(adviser, f"{path}?detail={followed}")
    assert opened.count("Historique du statut") == 1
    assert "Préparée" in opened
    assert "partenaire, par notification" in opened
    assert 'aria-expanded="true"' in opened


def test_fragments_for_live_updates(adviser: FlaskClient, portfolio: Portfolio, followed: str) -> None:
    """BL-13: each live part fetches itself, and comes back as the same part."""
    page = text(adviser, f"/p/portefeuille/comptes/{portfolio.himalia}/transactions?detail={followed}")
    sources = re.findall(r'data-live-src="([^"]+)"', page)
    assert len(sources) == 4
    for source in sources:
        fragment = text(adviser, source.replace("&amp;", "&"), **{"X-Fragment": "1"})
        assert "<html" not in fragment
        assert source in fragment
    listed = text(adviser, "/p/portefeuille/comptes")
    assert "1 en attente" in listed
    assert "1 en attente" in text(adviser, f"/p/portefeuille/comptes/{portfolio.himalia}/operations")


def test_a_partner_that_is_off_leaves_the_last_known_status(
    app: Flask, adviser: FlaskClient, administrator: FlaskClient, people: People, hub: Hub, portfolio: Portfolio, followed: str
) -> None:
    """PL-04, BL-03; domain.md §3.6, line 19: no act; the status is frozen; a notice says since when, whom to ask, what then."""
    address = f"/p/portefeuille/comptes/{portfolio.himalia}"
    assert "est désactivé depuis" not in text(adviser, address)
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "essai", on=False, actor="cli")
    for tab in ("", "/transactions"):
        page = text(adviser, f"{address}{tab}")
        assert "Le lien avec Essai SA est désactivé depuis le " in page
        assert "La transaction en cours reste lisible, avec son dernier statut connu" in page
        assert "adressez-vous à Administrateur Demo." in page
        assert "/administration/modules/essai" not in page
        assert NAME not in page
        assert "/types" not in page
    assert "Dernier statut connu" in page
    assert "En attente" in page
    assert "suivie" not in page.split("1 à ")[1], "nothing is followed now"
    page = text(administrator, f"{address}/transactions")
    assert 'href="/administration/modules/essai">Réactiver le lien' in page
    assert "adressez-vous" not in page
    assert "est désactivé" not in text(adviser, f"/p/portefeuille/comptes/{portfolio.pea}"), "nothing is under way there"
    program = Program(app, token_of(people.cabinet_id, people.adviser))
    (told,) = [one for one in program.get(f"/accounts/{portfolio.himalia}/transactions")["items"] if one["notice"]]
    assert told["notice"].startswith("Le lien avec Essai SA est désactivé depuis le ")
    assert told["notice"].endswith("Pour le réactiver, adressez-vous à Administrateur Demo.")
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "essai", on=True, actor="cli")
    assert "est désactivé depuis" not in text(adviser, f"{address}/transactions")
    assert program.get(f"/transactions/{told['id']}")["notice"] is None


def test_a_partner_that_is_gone_is_said_in_other_words(
    adviser: FlaskClient, hub: Hub, portfolio: Portfolio, followed: str
) -> None:
    """PL-04, PL-05: uninstalled or broken is not the cabinet's doing, and not its administrator's to undo."""
    hub.registry.unregister("essai")
    page = unescape(text(adviser, f"/p/portefeuille/comptes/{portfolio.himalia}/transactions"))
    assert "Le lien avec Essai n'est pas disponible" in page
    assert "demander à l'exploitant" in page


def test_a_failing_plugin_does_not_take_the_list_away(
    adviser: FlaskClient, monkeypatch: pytest.MonkeyPatch, portfolio: Portfolio
) -> None:
    """PL-05, domain.md §3.6 line 20: the list stays, and says who is missing."""

    def crash(*_args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Essai, "asked", type("Crash", (), {"append": crash})())
    page = text(adviser, "/p/portefeuille/comptes")
    assert "HIM0012345" in page
    assert "est indisponible" in page


def test_the_other_tabs_when_empty_and_full(adviser: FlaskClient, people: People, portfolio: Portfolio) -> None:
    """BL-02 (3): Supports and Mouvements say why they are empty, and show what there is; SRI is never 0."""
    base = f"/p/portefeuille/comptes/{portfolio.himalia}"
    assert "Aucun support connu" in text(adviser, f"{base}/supports")
    assert "Aucun mouvement" in text(adviser, f"{base}/mouvements")
    assert "Aucune transaction" in text(adviser, f"{base}/transactions")
    with db.session(people.cabinet_id) as session:
        euro = supports.support_for(session, code="EURO", label="Fonds euro", type="FONDS_EURO")
        day = date(2026, 11, 19)
        accounts.put_positions(session, "cli", portfolio.himalia, day, [NewPosition(euro, Decimal(100))], "flux")
        accounts.add_movement(
            session, "cli", portfolio.himalia, on=day, kind="FRAIS", label="Frais de gestion", amount=Decimal("-1.5"),
            source="flux",
        )  # fmt: skip
    supports_tab = text(adviser, f"{base}/supports")
    assert "non applicable" in supports_tab
    assert "100,00\u202f%" in supports_tab
    assert "\u22121,50" in text(adviser, f"{base}/mouvements")


def test_the_head_of_a_file_says_the_age(adviser: FlaskClient, people: People, portfolio: Portfolio) -> None:
    """ux.md §2.3: the same head on every page of the file, whatever plugin makes it."""
    born = today().replace(year=today().year - 58, day=1)
    with db.session(people.cabinet_id) as session:
        session.get_one(Contact, (people.cabinet_id, portfolio.jeanne)).birth_date = born
    for path in (f"contacts/{portfolio.jeanne}", f"comptes?contact={portfolio.jeanne}"):
        assert "58 ans" in text(adviser, f"/p/portefeuille/{path}"), path
