"""Conformité > Projets and its API: made, shown with projection and adequacy, changed, put away (CO-04)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.accounts import services as accounts
from core.api import queries
from core.cabinets.models import AuditEntry
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.extensions import db
from core.finance.terms import due_on
from core.hooks import context
from core.hooks.hub import Hub
from core.hooks.types import Adviser
from core.supports import by_hand
from core.supports import services as supports
from plugins.conformite import profile_writes
from plugins.conformite.demo import BALANCED
from plugins.conformite.demo import SOME
from plugins.conformite.demo import answers
from plugins.conformite.projects import gathering
from plugins.conformite.projects import kinds
from plugins.conformite.projects import models
from plugins.conformite.projects import reading
from plugins.conformite.projects import writing
from plugins.conformite.projects.shapes import Share
from plugins.conformite.projects.shapes import Terms
from tests.conftest import person
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.conformite.conftest import Home
from tests.plugins.conformite.conftest import plain

Work = tuple[TenantSession, Adviser]
D = Decimal
TYPED = {
    "title": "Études de Zoé", "kind": "INVESTISSEMENT", "goal": "ETUDES", "amount": "40 000", "origin": "EPARGNE",
    "starts_on": "01/02/2026", "ends_on": "01/02/2036", "initial": "5 000", "monthly": "200", "entry_cost": "1",
    "yearly_cost": "0,6", "allocation": "CLASSES", "class_FONDS_EURO": "40", "class_ACTIONS": "60",
}  # fmt: skip


def terms(**more: object) -> Terms:
    """A project of ten years."""
    start = today()
    usual: dict[str, object] = {
        "title": "Retraite", "kind": kinds.PLACED, "goal": "RETRAITE", "amount": D(100000), "origin": "EPARGNE",
        "starts_on": start, "ends_on": due_on(start, 120), "initial": D(10000), "monthly": D(300),
        "allocation": kinds.BY_PROFILE,
    }  # fmt: skip
    return Terms(**{**usual, **more})  # type: ignore[arg-type]


class Desk:
    """A person in a contact's projects."""

    def __init__(self, client: FlaskClient, contact: str) -> None:
        self.client = client
        self.base = f"/p/conformite/contacts/{contact}/projets"

    def get(self, path: str = "") -> str:
        answer = self.client.get(self.base + path)
        assert answer.status_code == 200, (path, answer.status_code)
        return plain(answer)

    def post(self, path: str, values: dict[str, str], form: str | None = None) -> TestResponse:
        page = self.client.get(self.base + (path if form is None else form)).get_data(as_text=True)
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        return self.client.post(self.base + path, data={**{name: unescape(text) for name, text in hidden.items()}, **values})


@pytest.fixture
def desk(adviser: FlaskClient, home: Home) -> Desk:
    return Desk(adviser, home.jeanne)


def test_from_the_form_to_the_projection_and_back(desk: Desk, home: Home) -> None:
    """CO-04: a project is typed, shown with its scenarios, its effort and each rule's reason, changed, put away, taken back."""
    assert "Aucun projet" in desk.get()
    sent = desk.post("/nouveau", TYPED)
    assert sent.status_code == 303, plain(sent)
    path = "/" + sent.location.rsplit("/", 1)[-1]
    page = desk.get(path)
    for said in ("Études de Zoé", "40 000,00 €", "Pessimiste", "Optimiste", "Effort nécessaire par mois",
                 "D'où viennent ces chiffres", "10e, 50e et 90e centiles", "Aucun profil n'est établi",
                 "Règlement délégué (UE) 2017/565", "120 × 200,00 €"):  # fmt: skip
        assert said in page, said
    assert "Inadapté" in desk.get()
    with db.session(home.cabinet_id) as session:
        profile_writes.establish(session, person(session, home.adviser), home.jeanne, answers(BALANCED, SOME), months=12)
    page = desk.get(path)
    assert "Profil « Équilibré »" in page
    assert "L'allocation est trop risquée" in page
    assert desk.post(f"{path}/modifier", {**TYPED, "class_FONDS_EURO": "70", "class_ACTIONS": "30"}).status_code == 303
    assert "L'allocation ne dépasse pas le risque du profil" in desk.get(path)
    gone = desk.post(f"{path}/archiver", {}, form=path)
    assert gone.status_code == 303
    page = desk.client.get(desk.base).get_data(as_text=True)
    assert "Archivé" in page
    token, csrf = re.search(r'name="undo" value="([^"]+)"', page), re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    assert csrf
    desk.client.post("/annuler", data={"csrf_token": csrf.group(1), "undo": token.group(1), "next": desk.base})
    assert "Sortir des archives" not in desk.get(path)
    desk.post(f"{path}/archiver", {}, form=path)
    assert "Modifier" not in re.findall(r">(Modifier)<", desk.client.get(desk.base + path).get_data(as_text=True))
    desk.post(f"{path}/desarchiver", {}, form=path)
    assert "Archiver" in desk.get(path)
    assert desk.client.get(desk.base.replace(home.jeanne, home.paul) + path).status_code == 404
    with db.session(home.cabinet_id, write=False) as session:
        written = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"contact:{home.jeanne}"))
        kept = [one for one in written if one.startswith("conformite.project")]
    assert kept == [
        f"conformite.project_{what}" for what in ("added", "changed", "archived", "restored", "archived", "restored")
    ]  # fmt: skip


def test_bad_input_is_said_and_nothing_is_lost(desk: Desk, home: Home) -> None:
    """CO-04, «Bad input»: 422 beside the field, what was typed stays, nothing is half-written."""
    empty = desk.post("/nouveau", {"kind": "INVESTISSEMENT"})
    assert (empty.status_code, "Donnez un titre" in plain(empty)) == (422, True)
    for wrong, field, said in (
        ({"ends_on": "01/02/2025"}, "ends_on", "précède le début"), ({"class_ACTIONS": "50"}, "class_LIQUIDITES", "il manque 10"),
        ({"initial": "", "monthly": ""}, "initial", "les deux"), ({"amount": "0"}, "amount", "supérieur à 0"),
        ({"yearly_cost": "12"}, "yearly_cost", "0 à 10"), ({"account_id": "0" * 26}, "account_id", "valeur de la liste"),
        ({"co_contact_id": home.stranger}, "co_contact_id", "valeur de la liste"),
        ({"kind": "RACHAT_TOTAL"}, "account_id", "contrat à racheter"),
        ({"allocation": "SUPPORTS", "support_2": "XX0000000000", "weight_2": "100"}, "support_2", "Aucun support"),
        ({"allocation": "SUPPORTS", "weight_3": "100"}, "support_3", "Dites de quel support"),
        ({"allocation": "SUPPORTS"}, "support_1", "au moins un support"),
    ):  # fmt: skip
        page = desk.post("/nouveau", {**TYPED, **wrong})
        html = page.get_data(as_text=True)
        assert (page.status_code, f'href="#f-{field}"' in html, said in plain(page)) == (422, True, True), wrong
        assert "Études de Zoé" in html
    with db.session(home.cabinet_id, write=False) as session:
        assert reading.of_contacts(session, person(session, home.adviser), [home.jeanne]).own == ()


def test_two_tabs(desk: Desk) -> None:
    """CO-04: what another tab changed meanwhile is shown beside one's own."""
    path = "/" + desk.post("/nouveau", TYPED).location.rsplit("/", 1)[-1]
    page = desk.client.get(f"{desk.base}{path}/modifier").get_data(as_text=True)
    hidden = {name: unescape(text) for name, text in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)}
    assert desk.post(f"{path}/modifier", {**TYPED, "monthly": "250"}).status_code == 303
    clash = desk.client.post(f"{desk.base}{path}/modifier", data={**hidden, **TYPED, "monthly": "300"})
    assert (clash.status_code, "Valeurs en conflit" in clash.get_data(as_text=True)) == (409, True)


def test_supports_co_investors_and_households(desk: Desk, adviser: FlaskClient, work: Work, home: Home) -> None:
    """CO-04: an allocation by supports names them; each investor's profile counts; a household shows its members' projects."""
    session, by = work
    fund = supports.support_for(session, isin="FR0010315770", label="Monde actions", type="OPCVM")
    profile_writes.establish(session, by, home.jeanne, answers(BALANCED, SOME), months=12)
    made = writing.create(session, by, home.jeanne, terms(
        allocation=kinds.BY_SUPPORT, shares=(Share(D(1), None, fund),), co_contact_id=home.paul, account_id=home.account,
    ))  # fmt: skip
    found = gathering.judged(session, by, reading.get(session, by, made), today())
    assert [(one.contact_id, one.rules[0].verdict) for one in found.reports] == [(home.jeanne, "OK"), (home.paul, "BLOQUER")]
    assert found.projection is None
    assert found.silent == ("?",)
    session.commit()
    page = desk.get(f"/{made}")
    for said in ("Monde actions", "FR0010315770", "classe non renseignée", "La projection n'est pas faite", "Xaélidia XAE1"):
        assert said in page, said
    assert "Retraite" in Desk(adviser, home.household).get()
    assert "Co-investisseur de" in Desk(adviser, home.paul).get()
    assert "Monde actions" not in desk.get(f"/{made}/modifier")
    assert "FR0010315770" in desk.client.get(f"{desk.base}/{made}/modifier").get_data(as_text=True)


def test_a_total_surrender_has_its_report(desk: Desk, work: Work, home: Home) -> None:
    """CO-04, domain.md §2.5: no target allocation, and yet a report that says what stands against it."""
    session, by = work
    row = session.get_one(accounts.Account, (home.cabinet_id, home.account))
    row.opened_on, row.pledged = today() - timedelta(days=900), True
    profile_writes.establish(session, by, home.jeanne, answers(BALANCED, SOME), months=12)
    made = writing.create(session, by, home.jeanne, terms(kind=kinds.SURRENDER, account_id=home.account))
    found = gathering.judged(session, by, reading.get(session, by, made), today())
    said = {one.key: one.verdict for one in found.reports[0].rules}
    assert (said["contrat"], said["pertes"], said["horizon"], said["risque"]) == ("BLOQUER", "INCONNU", "AVERTIR", "OK")
    assert (found.projection, found.project.terms.monthly, found.project.status(today())) == (None, 0, kinds.RUNNING)
    session.commit()
    page = desk.get(f"/{made}")
    for said_there in ("sans allocation cible", "Le contrat est nanti", "moins de 8 ans", "Contrat à racheter"):
        assert said_there in page, said_there


def test_who_may_do_what(work: Work, home: Home) -> None:
    """CO-04: another's client is not there, a household has none of its own, one that is put away is not changed."""
    session, by = work
    other = person(session, home.other)
    with pytest.raises(NotFound):
        writing.create(session, by, home.stranger, terms())
    with pytest.raises(Forbidden, match="membre du foyer"):
        writing.create(session, by, home.household, terms())
    made = writing.create(session, by, home.jeanne, terms(), project_id="0" * 26)
    assert writing.create(session, by, home.jeanne, terms(), project_id="0" * 26) == made
    with pytest.raises(NotFound):
        reading.get(session, other, made)
    assert reading.following(session, other, None, size=9) == []
    assert writing.archive(session, by, made)
    assert not writing.archive(session, by, made)
    with pytest.raises(Conflict, match="archivé"):
        writing.change(session, by, made, terms(title="Autre"))
    for field, more in (
        ("title", {"title": " "}), ("goal", {"goal": "RIEN"}), ("amount", {"amount": D("1.001")}),
        ("remarks", {"remarks": "x" * 1001}), ("starts_on", {"starts_on": date(1980, 1, 1)}),
        ("ends_on", {"ends_on": date(today().year + 70, 1, 1)}),
        ("co_contact_id", {"co_contact_id": home.jeanne}), ("co_contact_id", {"co_contact_id": home.stranger}),
        ("co_contact_id", {"co_contact_id": home.household}), ("account_id", {"account_id": "0" * 26}),
        ("kind", {"kind": "RIEN"}), ("origin", {"origin": "RIEN"}), ("amount", {"amount": D("2e9")}),
        ("class_LIQUIDITES", {"allocation": kinds.BY_CLASS, "shares": (Share(D("0.5"), "OR"), Share(D("0.5"), "ACTIONS"))}),
    ):  # fmt: skip
        with pytest.raises(DomainError) as error:
            writing.create(session, by, home.jeanne, terms(**more))
        assert error.value.field == field, more


def test_facts_of_supports_reach_the_rules(work: Work, home: Home) -> None:
    """CO-04, OU-09: what is known of a support, whoever said it, is what the rules go by: SRI, class, holding period, market."""
    session, by = work
    profile_writes.establish(session, by, home.jeanne, answers(BALANCED, SOME), months=12)
    fund = supports.support_for(session, isin="FR0010315770", label="Monde actions", type="OPCVM")
    told = {"sri": "6", "asset_class": "OBLIGATIONS", "holding_period": "12 ans", "sfdr": "ART6", "retail": "N"}
    by_hand.change(session, by, fund, told, by_hand.Cause("essai"))
    made = writing.create(session, by, home.jeanne, terms(allocation=kinds.BY_SUPPORT, shares=(Share(D(1), None, fund),)))
    found = gathering.judged(session, by, reading.get(session, by, made), today())
    said = {one.key: one for one in found.reports[0].rules}
    assert {key: one.verdict for key, one in said.items()} == {
        "profil": "OK", "risque": "AVERTIR", "connaissance": "OK", "pertes": "OK", "horizon": "BLOQUER",
        "durabilite": "BLOQUER", "marche_cible": "BLOQUER",
    }  # fmt: skip
    assert found.plan.weights == {"OBLIGATIONS": 1}
    assert "12 ans, selon le producteur" in said["horizon"].lines[0]


def test_what_one_does_not_see_stays(desk: Desk, work: Work, home: Home) -> None:
    """CO-04: who does not see the co-investor is not told who it is, changes the rest, and takes nothing away by it."""
    session, by = work
    made = writing.create(session, by, home.jeanne, terms(allocation=kinds.BY_NOTHING))
    session.get_one(models.Project, (home.cabinet_id, made)).co_contact_id = home.stranger
    session.flush()
    found = reading.get(session, by, made)
    assert (found.co_investor, found.terms.co_contact_id) == ("", home.stranger)
    writing.change(session, by, made, replace(found.terms, monthly=D(10)))
    assert reading.get(session, by, made).terms.co_contact_id == home.stranger
    session.commit()
    page = desk.get(f"/{made}")
    assert "non ouvert à votre profil" in page
    assert "Leroy" not in page
    assert "Leroy" not in desk.get(f"/{made}/modifier")


def test_what_is_reached_and_where_it_stands(work: Work, home: Home) -> None:
    """CO-04: the central scenario reaches the amount or not; before its start a project is to come, after its horizon past."""
    session, by = work
    profile_writes.establish(session, by, home.jeanne, answers(BALANCED, SOME), months=12)
    on = today()
    for more, reached, status in (
        ({"amount": D(20000)}, True, kinds.RUNNING), ({"amount": D(200000)}, False, kinds.RUNNING),
        ({"starts_on": on + timedelta(days=1)}, False, kinds.COMING),
        ({"starts_on": on - timedelta(days=90), "ends_on": on - timedelta(days=1)}, False, kinds.PAST),
        ({"allocation": kinds.BY_NOTHING}, None, kinds.RUNNING),
    ):  # fmt: skip
        made = writing.create(session, by, home.jeanne, terms(**more))
        found = gathering.judged(session, by, reading.get(session, by, made), on)
        assert (found.reached, found.project.status(on)) == (reached, status), more


def test_requests_find_projects(hub: Hub, work: Work, home: Home) -> None:
    """RQ-01, CO-04: who has projects under way, until when; those put away or past do not count; a co-investor has one too."""
    session, by = work
    first = writing.create(session, by, home.jeanne, terms(co_contact_id=home.paul))
    old = terms(starts_on=today() - timedelta(days=800), ends_on=today() - timedelta(days=1))
    writing.create(session, by, home.jeanne, old)
    fields = queries.registry(hub, context.make(session, hub.registry, principal=by), by)

    def found(path: str, operator: str, *values: str) -> set[str]:
        asked = queries.Asked(queries.Group((queries.Rule(path, operator, values),)), fields=fields)
        return {one.id for one in queries.contacts.page(session, by, asked).items}

    assert found("conformite.projets", ">=", "1") == {home.jeanne, home.paul}
    assert found("conformite.projets", ">=", "2") == set()
    assert found("conformite.projet_horizon", "<=", due_on(today(), 120).strftime("%d/%m/%Y")) == {home.jeanne, home.paul}
    writing.archive(session, by, first)
    assert found("conformite.projets", ">=", "1") == set()


def test_programs_do_as_much(app: Flask, home: Home) -> None:
    """PL-09, CO-04: projects made, listed, changed, projected, judged, put away; what is wrong names its field."""
    program = Program(app, token_of(home.cabinet_id, home.adviser))
    sent = {
        "contact_id": home.jeanne, "title": "Études", "kind": "INVESTISSEMENT", "goal": "ETUDES", "amount": "40000.00",
        "origin": "EPARGNE", "starts_on": "2026-02-01", "ends_on": "2036-02-01", "initial": "5000.00", "monthly": "200.00",
        "entry_cost": "1.00", "yearly_cost": "0.60", "allocation": "CLASSES",
        "lines": [{"asset_class": "FONDS_EURO", "weight": "40.00"}, {"asset_class": "ACTIONS", "weight": "60.00"}],
    }  # fmt: skip
    base = "/p/conformite/projects"
    made = program.call("POST", base, sent)
    assert made.status_code == 201, made.get_data(as_text=True)
    one = f"{base}/{made.json['id']}"
    assert made.location.endswith(one)
    assert (made.json["months"], made.json["status"], made.json["verdict"]) == (120, "EN_COURS", "BLOQUER")
    weights = [(line["asset_class"], line["weight"]) for line in made.json["lines"]]
    assert weights == [("FONDS_EURO", "40.00"), ("ACTIONS", "60.00")]
    drawn = program.call("GET", f"{one}/projection").json
    assert [row["code"] for row in drawn["scenarios"]] == ["PESSIMISTE", "CENTRAL", "OPTIMISTE"]
    assert (len(drawn["scenarios"][0]["points"]), drawn["scenarios"][0]["points"][-1]["paid"]) == (11, "29000.00")
    rules = program.call("GET", f"{one}/adequacy").json["reports"][0]["rules"]
    assert (rules[0]["key"], rules[0]["verdict"], len(rules)) == ("profil", "BLOQUER", 7)
    changed = program.call("PATCH", one, {"monthly": "250.00", "co_contact_id": home.paul})
    assert (changed.json["monthly"], changed.json["co_contact_id"], changed.json["title"]) == ("250.00", home.paul, "Études")
    for who in (home.jeanne, home.household):
        assert [row["id"] for row in program.call("GET", f"{base}?contact={who}").json["items"]] == [made.json["id"]]
    assert program.call("POST", f"{one}/archive").json["status"] == "ARCHIVE"
    assert program.call("PATCH", one, {"title": "X"}).status_code == 409
    assert program.call("POST", f"{one}/restore").json["status"] == "EN_COURS"
    for field, wrong in (
        ("lines", {"lines": [{"weight": "100.00"}]}), ("lines", {"lines": [{"support": "XX1", "weight": "100.00"}]}),
        ("ends_on", {"ends_on": "2025-01-01"}), ("lines", {"allocation": "SUPPORTS", "lines": []}),
    ):  # fmt: skip
        answer = program.call("POST", base, {**sent, **wrong})
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field), wrong
    assert program.call("POST", base, {**sent, "contact_id": home.stranger}).status_code == 404
    stranger = Program(app, token_of(home.cabinet_id, home.other))
    assert stranger.call("GET", one).status_code == 404
