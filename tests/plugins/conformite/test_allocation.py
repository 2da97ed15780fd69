"""Conformité > Allocation: what suits the profile beside what is held; the cabinet's own targets; models that suit (CO-03)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.accounts import services as accounts
from core.accounts.schemas import NewPosition
from core.api import book
from core.contacts import services as contacts
from core.db.clock import today
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.session import TenantSession
from core.extensions import db
from core.hooks.types import Adviser
from core.supports import services as supports
from plugins.conformite import profile_writes
from plugins.conformite.demo import BALANCED
from plugins.conformite.demo import FEW
from plugins.conformite.demo import PRUDENT
from plugins.conformite.demo import SOME
from plugins.conformite.demo import answers
from plugins.conformite.projects import allocations
from plugins.conformite.projects import forms
from plugins.conformite.projects import holding
from plugins.conformite.projects import targets
from plugins.outils.portfolios import book as models
from plugins.outils.portfolios import followers
from plugins.outils.portfolios.shapes import Target
from plugins.outils.portfolios.shapes import Terms
from tests.conftest import People
from tests.conftest import person
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.conformite.conftest import Home
from tests.plugins.conformite.conftest import plain

Work = tuple[TenantSession, Adviser]
D = Decimal


@contextmanager
def at_work(home: Home) -> Iterator[Work]:
    """A session whose writes are kept, and the adviser who writes."""
    with db.session(home.cabinet_id) as session:
        yield session, person(session, home.adviser)


def pledge(home: Home) -> None:
    """The account secures a loan from now on."""
    with at_work(home) as (session, _by):
        session.get_one(book.Account, (home.cabinet_id, home.account)).pledged = True


def hold(session: TenantSession, home: Home) -> None:
    """A fund in euros, a share, and a fund of which nobody told the class."""
    made = []
    for code, label, kind, value in (
        ("EURO", "Fonds en euros", "FONDS_EURO", 60000), ("ACT", "Action", "ACTION", 30000),
        ("FLOU", "Fonds flou", "OPCVM", 10000),
    ):  # fmt: skip
        support = supports.support_for(session, code=code, label=label, type=kind)
        made.append(NewPosition(support_id=support, value=D(value), quantity=None, price=None))
    accounts.put_positions(session, "cli", home.account, today() - timedelta(days=3), made, "essai")
    accounts.put_valuation(session, "cli", home.account, today() - timedelta(days=3), D(100000), "essai")


def test_gaps_of_a_person_and_of_a_household(adviser: FlaskClient, home: Home) -> None:
    """CO-03: gaps in points and euros, what is unknown said, pledged parts said; a household follows its most careful member."""
    base = "/p/conformite/contacts/{}/allocation"
    with at_work(home) as (session, _by):
        hold(session, home)
    assert "Aucun profil investisseur" in plain(adviser.get(base.format(home.jeanne)))
    with at_work(home) as (session, by):
        profile_writes.establish(session, by, home.jeanne, answers(BALANCED, SOME), months=12)
    page = plain(adviser.get(base.format(home.jeanne)))
    # Jeanne holds half: 30 000 of 45 000 known in euros, where 30 % suit
    for said in ("Équilibré", "45 000,00 €", "5 000,00 € ne sont pas comparés", "66,7 % 30,0 % +36,7 points −16 500,00 €",
                 "33,3 % 35,0 % −1,7 points +750,00 €", "Aucun modèle du cabinet", "Désinvestir 16 500,00 €",
                 "Allocations de la maison", "allocation du foyer Durand et Martin"):  # fmt: skip
        assert said in page, said
    with at_work(home) as (session, by):
        profile_writes.establish(session, by, home.paul, answers(PRUDENT, FEW), months=12)
    pledge(home)
    both = plain(adviser.get(base.format(home.household)))
    for said in ("profil le plus prudent", "Martin", "90 000,00 €", "dont 60 000,00 € sur un compte nanti", "Rien à arbitrer"):
        assert said in both, said
    with at_work(home) as (session, by):
        found = holding.of_contact(session, by, contacts.get_contact(session, by, home.household), today())
    assert found.comparison is not None
    assert (found.profile and found.profile.contact_id, found.missing, found.comparison.moves) == (home.paul, (), ())


def test_models_that_suit_lead_to_a_proposal(adviser: FlaskClient, home: Home) -> None:
    """CO-03, PF-09: a model of the profile is offered account by account; one that is pledged is left out, with the reason."""
    with at_work(home) as (session, by):
        hold(session, home)
        profile_writes.establish(session, by, home.jeanne, answers(BALANCED, SOME), months=12)
        ids = [supports.support_for(session, code=code) for code in ("EURO", "ACT")]
        lines = tuple(Target(one, D("0.5"), D("0.05")) for one in ids)
        model = models.save(session, by, Terms("Équilibré 50/50", "EQUILIBRE", "", lines))
        models.save(session, by, Terms("Vif", "OFFENSIF", "", lines))
    base = f"/p/conformite/contacts/{home.jeanne}/allocation"
    page = adviser.get(base)
    for said in ("Équilibré 50/50", "Xaélidia XAE1", "points d'écart", "Suivre ce modèle"):
        assert said in plain(page), said
    assert "Vif" not in plain(page)
    assert f"/p/outils/comptes/{home.account}/modele" in page.get_data(as_text=True)
    with at_work(home) as (session, by):
        followers.follow(session, by, model, [home.account])
    page = adviser.get(base)
    assert "Proposer un arbitrage" in plain(page)
    where = re.search(r'href="(/p/outils/arbitrages/nouveau\?ids=\w+)"', page.get_data(as_text=True))
    assert where
    assert "1 compte" in plain(adviser.get(where.group(1)))
    program = Program(adviser.application, token_of(home.cabinet_id, home.adviser))
    offered = program.call("GET", f"/p/conformite/contacts/{home.jeanne}/allocation").json["models"]
    assert [(one["label"], one["accounts"][0]["possible"]) for one in offered] == [("Équilibré 50/50", True)]
    pledge(home)
    offered = program.call("GET", f"/p/conformite/contacts/{home.jeanne}/allocation").json
    assert [one["accounts"][0]["possible"] for one in offered["models"]] == [False]
    assert offered["moves"] == []
    assert "Rien à arbitrer" in plain(adviser.get(base))


def test_the_cabinet_says_its_own(administrator: FlaskClient, adviser: FlaskClient, home: Home) -> None:
    """CO-03: an administrator makes a new version, all levels to 100 %; the old ones stay readable; nobody else may."""
    url = "/p/conformite/allocations"
    assert "Allocations de la maison" in plain(adviser.get(url))
    assert adviser.get(f"{url}/modifier").status_code == 403
    page = administrator.get(f"{url}/modifier").get_data(as_text=True)
    hidden = {name: unescape(text) for name, text in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)}
    usual = {name: str(value) for name, value in forms.shown_targets(targets.house()).items()}
    wrong = administrator.post(f"{url}/modifier", data={**hidden, **usual, "w_3_ACTIONS": "40"})
    assert (wrong.status_code, "quilibré : le total des poids fait 105,00 %" in plain(wrong)) == (422, True)
    own = {**usual, "w_3_ACTIONS": "25", "w_3_FONDS_EURO": "40", "remarks": "Plus prudent."}
    assert administrator.post(f"{url}/modifier", data={**hidden, **own}).status_code == 303
    page = plain(adviser.get(url))
    for said in ("Version 1 du", "Plus prudent.", "Versions passées 1"):
        assert said in page, said
    late = administrator.post(f"{url}/modifier", data={**hidden, **usual, "w_3_ACTIONS": "30", "w_3_FONDS_EURO": "35"})
    assert late.status_code == 409
    with at_work(home) as (session, by):
        held = allocations.current(session)
        assert (held.number, held.levels[3]["ACTIONS"], held.levels[2]) == (1, D("0.25"), dict(targets.house().levels[2]))
        with pytest.raises(Forbidden):
            allocations.save(session, by, held.levels, "")


def test_programs_do_as_much(app: Flask, people: People, home: Home) -> None:
    """PL-09, CO-03: targets read and set, a contact's allocation with gaps, moves and models."""
    with at_work(home) as (session, by):
        hold(session, home)
        profile_writes.establish(session, by, home.jeanne, answers(BALANCED, SOME), months=12)
    program = Program(app, token_of(home.cabinet_id, home.adviser))
    found = program.call("GET", f"/p/conformite/contacts/{home.jeanne}/allocation").json
    assert (found["level"], found["known"], found["untold"], found["models"]) == (3, "45000.00", "5000.00", [])
    euro = next(one for one in found["lines"] if one["asset_class"] == "FONDS_EURO")
    assert (euro["weight"], euro["target"], euro["gap"], euro["amount"]) == ("66.67", "30.00", "36.67", "-16500.00")
    assert sum(D(one["amount"]) for one in found["moves"]) == 0
    assert program.call("GET", f"/p/conformite/contacts/{home.paul}/allocation").json["level"] is None
    assert program.call("GET", f"/p/conformite/contacts/{home.stranger}/allocation").status_code == 404
    house = program.call("GET", "/p/conformite/allocations").json["items"]
    assert [one["number"] for one in house] == [0]
    sent = [{**one, "level": str(one["level"])} for one in house[0]["weights"]]
    assert program.call("POST", "/p/conformite/allocations", {"weights": sent}).status_code == 403
    with db.session(home.cabinet_id) as session:
        head, wrong = person(session, people.administrator), {**targets.house().levels, 4: {"ACTIONS": D("0.9")}}
        with pytest.raises(DomainError) as error:
            allocations.save(session, head, wrong, "")
    assert error.value.field == "w_4_LIQUIDITES"
    master = Program(app, token_of(home.cabinet_id, people.administrator))
    short = master.call("POST", "/p/conformite/allocations", {"weights": sent[1:]})
    assert (short.status_code, short.json["errors"][0]["field"]) == (422, "weights")
    assert master.call("POST", "/p/conformite/allocations", {"weights": sent}).json["number"] == 0  # nothing changed
    whole = [{"level": str(level), "asset_class": "FONDS_EURO", "weight": "100.00"} for level in range(1, 6)]
    made = master.call("POST", "/p/conformite/allocations", {"weights": whole, "remarks": "Tout."})
    assert (made.status_code, made.json["number"]) == (201, 1), made.get_data(as_text=True)
