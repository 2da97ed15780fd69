"""Conformité > Profil investisseur: from an empty questionnaire to a profile, its renewal, its reasons; the same for programs."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.api import queries
from core.cabinets.models import AuditEntry
from core.db.clock import today
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import context
from core.hooks.hub import Hub
from core.hooks.types import Adviser
from plugins.conformite import profile_writes
from plugins.conformite import profiles
from plugins.conformite import questionnaire
from plugins.conformite.demo import BALANCED
from plugins.conformite.demo import DYNAMIC
from plugins.conformite.demo import FEW
from plugins.conformite.demo import MANY
from plugins.conformite.demo import PRUDENT
from plugins.conformite.demo import SOME
from plugins.conformite.demo import answers
from tests.conftest import person
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.conformite.conftest import File
from tests.plugins.conformite.conftest import Home
from tests.plugins.conformite.conftest import plain

Work = tuple[TenantSession, Adviser]
SECTIONS = [one.key for one in questionnaire.load().sections]


def of(section: str, given: dict[str, str]) -> dict[str, str]:
    """The answers of one step."""
    return {one.key: given[one.key] for one in questionnaire.load().questions if one.section == section and one.key in given}


def test_from_the_first_question_to_a_profile_and_its_renewal(file: File, home: Home) -> None:
    """CO-02, NX-02: each step is kept; the result shows its reasons and contradictions; another level needs a reason; the past
    profile stays with its answers."""
    assert "Aucun profil établi" in file.get()
    given = answers({**DYNAMIC, "besoin": "OUI"}, MANY)
    for place, section in enumerate(SECTIONS):
        sent = file.post(f"/questionnaire/{section}", of(section, given))
        after = "/etablir" if place == len(SECTIONS) - 1 else f"/questionnaire/{SECTIONS[place + 1]}"
        assert (sent.status_code, sent.location.endswith(after)) == (303, True), plain(sent)
        if place == 0:
            assert "Questionnaire en cours" in file.get()
            assert "1 question sans réponse" in file.get("/etablir")
    page = file.get("/etablir")
    for said in ("Profil calculé : Dynamique", "1 contradiction entre les réponses", "nécessaire dans les douze mois",
                 "20 % au plus 4 sur 6", "fixe le niveau", "Règlement délégué (UE) 2017/565"):  # fmt: skip
        assert said in page, said
    day = today().strftime("%d/%m/%Y")
    silent = file.post("/etablir", {"level": "3", "on": day})
    assert (silent.status_code, "dites en une phrase pourquoi" in plain(silent)) == (422, True)
    assert file.post("/etablir", {"level": "3", "on": day, "reason": "Le client vend sa société."}).status_code == 303
    page = file.get()
    for said in ("Équilibré 3 sur 5", "Profil retenu : Équilibré. Profil calculé : Dynamique.", "Le client vend sa société.",
                 "valable jusqu'au", "par Conseiller Demo, questionnaire version 1"):  # fmt: skip
        assert said in page, said
    assert "celles du dernier profil" in file.get("/questionnaire/tolerance")
    with db.session(home.cabinet_id) as session:
        profile_writes.establish(session, person(session, home.adviser), home.jeanne, answers(PRUDENT, FEW), months=12)
    page = file.client.get(file.base)
    assert "Profils passés 1" in plain(page)
    past = re.search(r"/profil(/passe/\w+)", page.get_data(as_text=True))
    assert past
    assert "Le client vend sa société." in file.get(past.group(1))
    assert file.client.get(file.base.replace(home.jeanne, home.paul) + past.group(1)).status_code == 404


def test_bad_input_is_said_and_nothing_is_lost(file: File, home: Home) -> None:
    """CO-02, «Bad input»: 422 beside each question, what was answered stays; a step that is not there is 404."""
    for section in SECTIONS:
        page = file.post(f"/questionnaire/{section}", {})
        assert (page.status_code, "Choisissez une réponse" in plain(page)) == (422, True), section
    kept = of("tolerance", answers(BALANCED, SOME))
    page = file.post("/questionnaire/tolerance", {**kept, "choix": "Z"}).get_data(as_text=True)
    assert 'href="#f-choix"' in page
    assert re.search(r'name="baisse" value="ATTENDRE" checked', page)
    known = of("connaissance", answers(BALANCED, FEW))
    assert file.post("/questionnaire/connaissance", {**known, "crypto_connu": "OUI"}).status_code == 422
    esg = {"esg": "OUI", "esg_taxonomie": "5", "esg_sfdr": "20", "esg_pai": "SANS", "esg_pai_mode": "SANS", "esg_adaptees": "OUI"}
    assert "Cette réponse est nécessaire" in plain(file.post("/questionnaire/durabilite", esg))
    assert file.client.get(file.base + "/questionnaire/rien").status_code == 404
    with db.session(home.cabinet_id, write=False) as session:
        assert profiles.draft(session, home.jeanne) is None


def test_refused_answers_make_no_profile(file: File, work: Work, home: Home) -> None:
    """CO-02: what the client will not say forbids advice: the page says so, nothing can be established."""
    session, by = work
    profile_writes.save(session, by, home.jeanne, answers(BALANCED, SOME, perte="REFUS"))
    with pytest.raises(DomainError, match="aucun conseil"):
        profile_writes.establish(session, by, home.jeanne, answers(BALANCED, SOME, perte="REFUS"), months=12)
    session.commit()
    assert "Conseil impossible en l'état" in file.get("/etablir")


def test_two_tabs_and_given_up(file: File, home: Home) -> None:
    """CO-02: answers changed meanwhile are shown beside one's own; a questionnaire given up comes back."""
    given = of("situation", answers(BALANCED, SOME))
    page = file.client.get(f"{file.base}/questionnaire/situation").get_data(as_text=True)
    hidden = {name: unescape(text) for name, text in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)}
    assert file.post("/questionnaire/situation", given).status_code == 303
    clash = file.client.post(f"{file.base}/questionnaire/situation", data={**hidden, **given, "perte": "P0"})
    assert (clash.status_code, "Valeurs en conflit" in clash.get_data(as_text=True)) == (409, True)
    page = file.client.get(file.base).get_data(as_text=True)
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert csrf
    gone = file.client.post(f"{file.base}/abandonner", data={"csrf_token": csrf.group(1)}, follow_redirects=True)
    assert "est abandonné" in plain(gone)
    token = re.search(r'name="undo" value="([^"]+)"', gone.get_data(as_text=True))
    assert token
    back = file.client.post("/annuler", data={"csrf_token": csrf.group(1), "undo": token.group(1), "next": file.base})
    assert back.status_code in (302, 303), back.status_code
    with db.session(home.cabinet_id, write=False) as session:
        begun = profiles.draft(session, home.jeanne)
        assert begun is not None
        assert begun.answers == given


def test_couples_and_companies(file: File, adviser: FlaskClient, work: Work, home: Home) -> None:
    """CO-02: each of a couple has his own, side by side; a company's says who answered for it."""
    session, by = work
    profile_writes.establish(session, by, home.jeanne, answers(BALANCED, SOME), months=12)
    with pytest.raises(Forbidden, match="Chaque membre"):
        profile_writes.establish(session, by, home.household, answers(BALANCED, SOME), months=12)
    company = answers(PRUDENT, SOME, representant="Durand Alix, gérante")
    profile_writes.establish(session, by, home.company, company, months=12)
    session.commit()
    both = File(adviser, home.household).get()
    assert "Profils des membres du foyer" in both
    assert "Équilibré" in both
    assert "à établir" in both
    assert "Dans le même foyer" in File(adviser, home.paul).get()
    own = File(adviser, home.company)
    assert "Durand Alix, gérante" in own.get()
    assert "Quel a été le résultat des deux derniers exercices" in own.get("/questionnaire/situation")
    assert "Qui répond pour la société" in own.get("/questionnaire/connaissance")
    assert "Qui répond pour la société" not in file.get("/questionnaire/connaissance")


def test_validity_and_requests(hub: Hub, work: Work, home: Home) -> None:
    """CO-02, RQ-01: valid to the day after so many months, said before; requests find a profile, its level, its last day."""
    session, by = work
    on = today() - timedelta(days=400)
    profile_writes.establish(session, by, home.paul, answers(BALANCED, SOME), months=12, on=on)
    profile_writes.establish(session, by, home.jeanne, answers(DYNAMIC, MANY), months=12, on=today() - timedelta(days=700))
    profile_writes.establish(session, by, home.jeanne, answers(PRUDENT, FEW), months=12)
    old, new = (profiles.current(session, by, [who])[who] for who in (home.paul, home.jeanne))
    assert (old.state(today(), 30), new.state(today(), 30)) == (profiles.EXPIRED, profiles.VALID)
    assert new.state(new.valid_until - timedelta(days=29), 30) == profiles.SOON
    assert new.state(new.valid_until, 0) == profiles.VALID
    fields = queries.registry(hub, context.make(session, hub.registry, principal=by), by)

    def found(path: str, operator: str, *values: str) -> set[str]:
        asked = queries.Asked(queries.Group((queries.Rule(path, operator, values),)), fields=fields)
        return {one.id for one in queries.contacts.page(session, by, asked).items}

    assert found("conformite.profil", "<=", "2") == {home.jeanne}
    assert found("conformite.profil_jusqu_au", "<=", (today() - timedelta(days=1)).strftime("%d/%m/%Y")) == {home.paul}
    assert found("conformite.durabilite", "in", "EXPRIMEES") == {home.paul}


def test_what_may_not_be_written(work: Work, home: Home) -> None:
    """CO-02: bad days, levels and answers are said of their field; another's client is not there; all is in the journal."""
    session, by = work
    given = answers(BALANCED, SOME)
    for field, more in (
        ("on", {"on": today() + timedelta(days=1)}), ("on", {"on": today().replace(year=2001)}), ("level", {"level": 6}),
        ("reason", {"level": 5, "reason": "non"}), ("reason", {"level": 5, "reason": "x" * 1001}),
    ):  # fmt: skip
        with pytest.raises(DomainError) as error:
            profile_writes.establish(session, by, home.jeanne, given, months=12, **more)
        assert error.value.field == field, more
    with pytest.raises(DomainError) as error:
        profile_writes.save(session, by, home.jeanne, {"perte": "BEAUCOUP"})
    assert error.value.field == "perte"
    with pytest.raises(NotFound):
        profile_writes.establish(session, by, home.stranger, given, months=12)
    assert profiles.of_contact(session, by, home.jeanne) == []
    made = profile_writes.establish(session, by, home.jeanne, given, months=12, profile_id="0" * 26)
    assert profile_writes.establish(session, by, home.jeanne, given, months=12, profile_id="0" * 26) == made
    with pytest.raises(DomainError, match="existe déjà") as error:
        profile_writes.establish(session, by, home.jeanne, given, months=12, on=today() - timedelta(days=1))
    assert error.value.field == "on"
    assert profiles.of_contact(session, person(session, home.other), home.jeanne) == []
    written = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"contact:{home.jeanne}"))
    assert list(written).count("conformite.profile_made") == 1


def test_programs_do_as_much(app: Flask, home: Home) -> None:
    """PL-09, CO-02: the questionnaire read, answered, a profile made and listed; what is wrong names the question."""
    program = Program(app, token_of(home.cabinet_id, home.adviser))
    asked = program.call("GET", "/p/conformite/questionnaire").json
    assert {one["key"] for one in asked["questions"]} == {one.key for one in questionnaire.load("1").questions}
    assert program.call("GET", "/p/conformite/questionnaire?version=0").status_code == 404
    given = [{"key": key, "answer": answer} for key, answer in answers(BALANCED, SOME).items()]
    path = f"/p/conformite/contacts/{home.jeanne}/questionnaire"
    kept = program.call("PATCH", path, {"answers": given[:3]}).json
    assert (len(kept["answers"]), "perte" in kept["missing"]) == (3, True)
    lacking = program.call("POST", "/p/conformite/profiles", {"contact_id": home.jeanne, "answers": given[1:]})
    assert (lacking.status_code, lacking.json["errors"][0]["field"]) == (422, "precaution")
    made = program.call("POST", "/p/conformite/profiles", {"contact_id": home.jeanne, "answers": given})
    assert made.status_code == 201, made.get_data(as_text=True)
    assert (made.json["level"], made.json["state"], made.json["esg"]) == (3, "VALIDE", "EXPRIMEES")
    assert [one["key"] for one in made.json["points"] if one["decides"]] == ["tolerance", "pertes"]
    assert program.call("GET", path).json["version"] is None
    for who in (home.jeanne, home.household):
        listed = program.call("GET", f"/p/conformite/profiles?contact={who}").json["items"]
        assert [one["id"] for one in listed] == [made.json["id"]]
    assert program.call("DELETE", path).status_code == 204
    stranger = {"contact_id": home.stranger, "answers": given}
    assert program.call("POST", "/p/conformite/profiles", stranger).status_code == 404
