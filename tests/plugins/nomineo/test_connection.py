"""«Tester la connexion» (PL-04): one call that only reads, and its answer in words."""

from __future__ import annotations

from html import unescape

from flask.testing import FlaskClient

from core.db.clock import now
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.transactions import services as transactions
from core.transactions.models import Transaction
from core.transactions.services import Change
from tests.plugins.nomineo.link import PLUGIN
from tests.plugins.nomineo.link import Link
from tests.plugins.nomineo.test_pages import csrf

PAGE = "/administration/modules/nomineo"


def press(client: FlaskClient) -> str:
    answer = client.post(f"{PAGE}/connexion", data={"csrf_token": csrf(client, PAGE)}, follow_redirects=True)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def test_a_partner_that_does_not_answer_is_said(link: Link, administrator: FlaskClient) -> None:
    """PL-04, PL-05: the partner's silence is a sentence on the page; asked once per press, and nothing is changed."""
    link.bring("active")
    link.bell.calls.clear()
    page = press(administrator)
    assert "ne répond pas" in page
    assert link.bell.calls
    assert {call.split("/plp/v1")[0] for call in link.bell.calls} == {"GET "}
    assert link.mandate().state == "active"


def test_off_or_not_registered_calls_nobody(unregistered: Link, hub: Hub, administrator: FlaskClient) -> None:
    """BL-03: a module that is off has no button, and its address calls nobody; one without a sheet says so."""
    assert "n'est pas encore enregistré" in press(administrator)
    with db.session(unregistered.people.cabinet_id) as session:
        enabling.switch(session, hub.registry, PLUGIN, on=False, actor="cli")
    assert "Tester la connexion" not in administrator.get(PAGE).get_data(as_text=True)
    assert "n'est pas activé" in press(administrator)
    assert unregistered.bell.calls == []


def test_turning_a_link_off_says_what_it_stops(link: Link, administrator: FlaskClient) -> None:
    """PL-04, BL-03: the transactions that the partner is processing are counted; they keep their last status, unfollowed."""
    link.bring("active")
    with db.session(link.people.cabinet_id) as session:
        ref = transactions.create(
            session, account_id=link.account, plugin=PLUGIN, origin="PARTENAIRE", act="arbitrage", act_label="Arbitrage",
            nature="arbitrage", initiated_by=link.people.adviser,
        )  # fmt: skip
        row = session.get(Transaction, (link.people.cabinet_id, ref.id))
        assert row is not None
        transactions.set_status(session, row, Change("pending", "En attente", "hook", now(), seq=1))
    sent = {"csrf_token": csrf(administrator, PAGE), "actif": "0", "retour": "module"}
    page = unescape(administrator.post(f"{PAGE}/etat", data=sent, follow_redirects=True).get_data(as_text=True))
    assert "Le suivi de 1 transaction s'arrête jusqu'à la réactivation" in page
    assert "non suivies\u202f: le lien est désactivé" in page
