"""Where clients stand: computed in SQL, the same told thing by thing; each number is its list's (CO-02, NX-01)."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from itertools import product

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from core.api import queries
from core.contacts import services as contacts
from core.contacts.models import Contact
from core.contacts.schemas import NewContact
from core.db.clock import today
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import context
from core.hooks.hub import Hub
from core.hooks.types import Adviser
from plugins.conformite import profile_writes
from plugins.conformite import situation
from plugins.conformite.demo import BALANCED
from plugins.conformite.demo import SOME
from plugins.conformite.demo import answers
from tests.conftest import person
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.plugins.conformite.conftest import Home
from tests.plugins.conformite.conftest import plain

Work = tuple[TenantSession, Adviser]
WHOLE = {"birth_date": date(1968, 3, 2), "birth_city": "Nantes", "nationality": "FR", "id_number": "12AB34567"}


def fields(hub: Hub, session: TenantSession, by: Adviser) -> queries.Registry:
    return queries.registry(hub, context.make(session, hub.registry, principal=by), by)


def establish(session: TenantSession, by: Adviser, contact: str, days: int) -> None:
    on = today() - timedelta(days=days)
    profile_writes.establish(session, by, contact, answers(BALANCED, SOME), months=12, on=on)


def test_the_gravest_stands_whatever_the_file_holds(hub: Hub, work: Work, home: Home) -> None:
    """CO-02, NX-01: over every mix of profile, papers and identity, SQL's word is the gravest of the points that are told, and
    the numbers are those of the lists."""
    session, by = work
    registry, order = fields(hub, session, by), list(situation.SITUATIONS)
    yesterday = today() - timedelta(days=1)
    mixes = product((None, 10, 350, 400), (None, yesterday, today()), (True, False))
    for made, (profile, paper, whole) in enumerate(mixes):
        new = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=f"Essai {made}", first_names="Alix")
        who = contacts.create(session, by, new)
        facts = {**WHOLE, "birth_city": WHOLE["birth_city"] if whole else None}
        session.execute(update(Contact).where(Contact.id == who).values(id_expires_on=paper, **facts))
        if profile is not None:
            establish(session, by, who, profile)
        found = situation.of(session, by, who, today())
        told = [one.situation for one in found.points]
        assert found.situation == (min(told, key=order.index) if told else situation.CONFORM), (profile, paper, whole)
    counts = situation.counts(session, by, today(), 30)
    # 24 mixes: a quarter without profile; of the 18 others 6 expired, and 4 of the 12 left have an expired paper
    own = {"NON_CONFORME": 6 + 3, "EXPIRE": 6 + 4, "A_COMPLETER": 4, "CONFORME": 4, "BIENTOT": 4}
    assert counts == own
    for code, count in counts.items():
        asked = situation.asked(code, today(), 30, registry)
        listed = [one.id for each in queries.contacts.every(session, by, asked) for one in each]
        assert len(listed) == len(set(listed)) == count, code
        if code != situation.SOON:
            assert {one.situation for one in situation.among(session, by, listed, today()).values()} == {code}


def test_who_is_no_client_stands_nowhere(work: Work, home: Home) -> None:
    """CO-02: a household, a prospect, somebody who died or was put away are in no number; another's client is not seen."""
    session, by = work
    prospect = contacts.create(session, by, NewContact("PERSONNE_PHYSIQUE", "PROSPECT", birth_name="Roy", first_names="Alix"))
    session.execute(update(Contact).where(Contact.id == home.paul).values(vital="DECEDE"))
    for who in (home.household, prospect, home.paul):
        found = situation.of(session, by, who, today())
        assert (found.situation, found.points) == (None, ())
    company = situation.of(session, by, home.company, today())
    assert [one.text for one in company.points][1] == "À compléter au dossier\u202f: forme juridique, SIREN."
    assert situation.among(session, by, [home.stranger], today()) == {}


def test_the_page_and_the_file(app: Flask, adviser: FlaskClient, home: Home) -> None:
    """CO-02: the page opens on the gravest situation, a number on its list; the file says what is to be settled."""
    page = plain(adviser.get("/p/conformite/"))
    assert "3 clients suivis" in page
    assert "Sans profil investisseur 3" in page
    own = plain(adviser.get(f"/p/conformite/contacts/{home.jeanne}/profil"))
    assert "Aucun profil investisseur n'est établi." in own
    assert "date de naissance, lieu de naissance, nationalité, pièce d'identité" in own
    with db.session(home.cabinet_id) as session:
        establish(session, person(session, home.adviser), home.jeanne, 400)
    page = plain(adviser.get("/p/conformite/?situation=EXPIRE&page=7"))
    assert "Durand Alix" in page
    assert "Le profil investisseur a expiré le" in page
    assert "Durand Alix" not in plain(adviser.get("/p/conformite/?situation=rien"))
    program = Program(app, token_of(home.cabinet_id, home.adviser))
    numbers = {one["situation"]: one["clients"] for one in program.call("GET", "/p/conformite/situations").json["situations"]}
    assert numbers == {"NON_CONFORME": 2, "EXPIRE": 1, "A_COMPLETER": 0, "CONFORME": 0, "BIENTOT": 0}
    listed = program.call("GET", "/p/conformite/clients?situation=EXPIRE").json["items"]
    assert [one["contact_id"] for one in listed] == [home.jeanne]
    assert len(program.call("GET", "/p/conformite/clients").json["items"]) == 3
    shown = program.call("GET", f"/p/conformite/contacts/{home.jeanne}/situation").json
    assert [one["key"] for one in shown["points"]] == ["profil", "identite"]
    assert program.call("GET", f"/p/conformite/contacts/{home.stranger}/situation").status_code == 404
