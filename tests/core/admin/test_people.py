"""«Utilisateurs»: the list, somebody new, a person's page (US-02)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.app import create_app
from core.auth import invitations
from core.auth import second_factor
from core.auth.models import SecondFactor
from core.auth.models import SessionRow
from core.cabinets import agencies
from core.cabinets import services
from core.cabinets.models import User
from core.db.clock import now
from core.extensions import db
from core.jobs.models import Job
from core.jobs.models import OutboxItem
from core.mail import smtp
from core.mail.letters import Letter
from core.mail.letters import message
from tests import databases
from tests.conftest import People
from tests.conftest import make_config
from tests.conftest import sign_in
from tests.core.admin.desk import Desk
from tests.core.admin.desk import beside
from tests.core.admin.desk import journal
from tests.core.admin.desk import words

LIST = "/utilisateurs"


@pytest.fixture
def desk(administrator: FlaskClient) -> Desk:
    return Desk(administrator)


def person(user_id: str) -> User:
    with db.session(None, write=False) as session:
        return session.get_one(User, user_id)


def named(email: str) -> User:
    with db.session(None, write=False) as session:
        return session.scalars(select(User).where(User.email == email)).one()


def give_factor(people: People, user_id: str) -> None:
    with db.session(people.cabinet_id) as session:
        session.add(SecondFactor(user_id=user_id, last_step=0, confirmed_at=now()))


def rows(desk: Desk, query: str) -> list[str]:
    """The names that the list shows, in its order."""
    page = desk.client.get(f"/administration{LIST}{query}").get_data(as_text=True)
    return re.findall(r'<a class="e-cell" href="/administration/utilisateurs/[^"]+">([^<]+)</a>', page)


def test_the_list_is_searched_filtered_and_sorted(desk: Desk, people: People) -> None:
    """US-02: name without accents, profile, agency, second factor, access; each sort; all of it in the address."""
    give_factor(people, people.assistant)
    with db.session(people.cabinet_id) as session:
        nantes = agencies.add(session, "cli", "Nantes")
        agencies.join(session, "cli", "Nantes", people.adviser)
        services.rename(session, people.other, "Élodie Ôtre", actor="cli")
        services.set_active(session, people.other, active=False, actor="cli")
    everybody = ["Administrateur Demo", "Assistant Demo", "Conseiller Demo", "Élodie Ôtre"]
    assert rows(desk, "") == everybody
    assert rows(desk, "?q=elodie") == ["Élodie Ôtre"]
    assert rows(desk, "?q=conseiller@demo") == ["Conseiller Demo"]
    assert rows(desk, "?profil=CONSEILLER") == ["Conseiller Demo", "Élodie Ôtre"]
    assert rows(desk, f"?agence={nantes}") == ["Conseiller Demo"]
    assert rows(desk, "?agence=aucune&etat=actifs") == ["Administrateur Demo", "Assistant Demo"]
    assert rows(desk, "?facteur=avec") == ["Assistant Demo"]
    assert rows(desk, "?etat=desactives") == ["Élodie Ôtre"]
    assert rows(desk, "?tri=nom&sens=desc") == everybody[::-1]
    assert rows(desk, "?tri=activite&sens=desc")[0] == "Administrateur Demo"  # who is signed in
    assert rows(desk, "?tri=facteur&sens=desc")[0] == "Assistant Demo"
    assert "Aucune personne ne correspond" in desk.text(f"{LIST}?q=personne-de-ce-nom")
    assert rows(desk, "?profil=INCONNU&agence=x&tri=absurde&page=99") == []


def test_the_list_is_exported(desk: Desk, people: People) -> None:
    """US-02: as filtered, and the journal says who took it."""
    answer = desk.press(f"{LIST}/liste/export", format="csv", liste="profil=CONSEILLER")
    lines = answer.get_data(as_text=True).splitlines()
    answer.close()
    assert [line.split(";")[0] for line in lines] == ["\ufeffNom", "Autre Demo", "Conseiller Demo"]
    assert journal(people.cabinet_id)[0][:2] == ("list.exported", "list:utilisateurs")


def test_somebody_new_chooses_his_own_password(desk: Desk, people: People) -> None:
    """US-02: no password is typed; without a mail server the page says so, and what to do."""
    with db.session(people.cabinet_id) as session:
        nantes = agencies.add(session, "cli", "Nantes")
    assert "Aucune invitation ne partira" in desk.text(f"{LIST}/nouveau")
    assert 'type="password"' not in desk.client.get(f"/administration{LIST}/nouveau").get_data(as_text=True)
    form = {**desk.form(f"{LIST}/nouveau"), "name": " Léa  Martin ", "email": "Lea.Martin@Demo.example", "role": "ASSISTANT"}
    answer = desk.client.post(f"/administration{LIST}/nouveau", data={**form, "agencies": nantes})
    made = named("lea.martin@demo.example")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/administration{LIST}/{made.id}")
    assert (made.display_name, made.role, made.cabinet_id, made.active) == ("Léa Martin", "ASSISTANT", people.cabinet_id, True)
    said = desk.text(f"{LIST}/{made.id}")
    assert "encours user reset lea.martin@demo.example" in said
    assert "n'envoie pas d'e-mails" in said
    done = [action for action, subject, _content in journal(people.cabinet_id) if subject == f"user:{made.id}"]
    assert done == ["user.added"]
    again = desk.client.post(f"/administration{LIST}/nouveau", data={**form, "agencies": nantes})  # a double click
    assert again.headers["Location"] == f"/administration{LIST}/{made.id}"
    assert len(rows(desk, "?q=martin")) == 1


@pytest.mark.parametrize(
    ("sent", "field", "text"),
    [
        ({"email": "conseiller@second.example"}, "email", "a déjà un compte"), ({"email": "pas une adresse"}, "email", "espace"),
        ({"name": ""}, "name", "Saisissez le prénom et le nom"), ({"role": "ROI"}, "role", "Choisissez dans la liste"),
        ({"role": ""}, "role", "Choisissez le profil"), ({"agencies": "x" * 26}, "agencies", "Choisissez dans la liste"),
    ],
)  # fmt: skip
def test_a_bad_new_person_is_said_beside_the_field(
    desk: Desk, strangers: People, sent: dict[str, str], field: str, text: str
) -> None:
    """US-02, ux.md §2.11: nothing typed is lost, nobody is made."""
    with db.session(1) as session:
        agencies.add(session, "cli", "Nantes")
    answer = desk.fill(f"{LIST}/nouveau", **{"name": "Léa", "email": "lea@demo.example", "role": "ASSISTANT", **sent})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert text in beside(answer, field)
    assert "<title>Erreur" in page
    assert sent.get("email", "lea@demo.example") in page
    assert len(rows(desk, "")) == 4


def test_a_person_s_file_is_changed_and_taken_back(desk: Desk, people: People, adviser: FlaskClient) -> None:
    """US-02: name, profile, agencies; the new profile counts at the person's next request; «Annuler» brings all back."""
    with db.session(people.cabinet_id) as session:
        lyon = agencies.add(session, "cli", "Lyon")
    assert adviser.get(HOME_OF_OTHERS).status_code == 403
    path = f"{LIST}/{people.adviser}"
    assert desk.fill(path, name="Marc Diallo", role="ADMINISTRATEUR", agencies=lyon).status_code == 303
    assert adviser.get(HOME_OF_OTHERS).status_code == 200
    assert journal(people.cabinet_id)[:3] == [
        ("agency.joined", f"agency:{lyon}", {"user": people.adviser}),
        ("user.profile", f"user:{people.adviser}", {"before": "CONSEILLER", "after": "ADMINISTRATEUR"}),
        ("user.renamed", f"user:{people.adviser}", {"before": "Conseiller Demo", "after": "Marc Diallo"}),
    ]
    assert "est celle d'avant" in desk.undo(path)
    assert (person(people.adviser).display_name, person(people.adviser).role) == ("Conseiller Demo", "CONSEILLER")
    with db.session(people.cabinet_id, write=False) as session:
        assert agencies.team(session, lyon).people == ()
    assert adviser.get(HOME_OF_OTHERS).status_code == 403
    desk.fill(path)
    assert "Rien n'a changé" in desk.text(path)


HOME_OF_OTHERS = "/administration/utilisateurs"


def test_two_administrators_at_once(desk: Desk, people: People) -> None:
    """US-02, «two-tab safe»: what the other changed meanwhile is shown beside what was typed, and not lost."""
    path = f"{LIST}/{people.adviser}"
    form = desk.form(path)
    with db.session(people.cabinet_id) as session:
        services.rename(session, people.adviser, "Marc Nouveau", actor="cli")
    answer = desk.client.post(f"/administration{path}", data={**form, "name": "Marc Diallo"})
    assert answer.status_code == 409
    assert "Marc Nouveau Marc Diallo à choisir" in words(answer)
    assert person(people.adviser).display_name == "Marc Nouveau"


def test_the_cabinet_keeps_an_administrator(desk: Desk, people: People) -> None:
    """US-02: the last one can neither be deactivated nor given a lesser profile, nor lock himself out; said beside the field."""
    path = f"{LIST}/{people.administrator}"
    answer = desk.fill(path, role="CONSEILLER")
    assert answer.status_code == 422
    assert "Vous ne pouvez pas retirer vous-même" in beside(answer, "role")
    with db.session(people.cabinet_id) as session:  # with a second one too
        services.set_profile(session, people.other, "ADMINISTRATEUR", actor="cli")
    desk.press(f"{path}/acces", actif="0")
    assert "demandez-le à un autre administrateur" in desk.text(path)
    assert desk.fill(path, role="CONSEILLER").status_code == 422
    with db.session(people.cabinet_id) as session:
        services.set_profile(session, people.other, "CONSEILLER", actor="cli")
    with db.session(people.cabinet_id) as session:  # another way in: the service itself refuses for others too
        with pytest.raises(services.Conflict, match="dernier administrateur"):
            services.set_profile(session, people.administrator, "LECTEUR", actor="cli")
        with pytest.raises(services.Conflict, match="dernier administrateur"):
            services.set_active(session, people.administrator, active=False, actor="cli")
    assert (person(people.administrator).role, person(people.administrator).active) == ("ADMINISTRATEUR", True)


def test_a_closed_access_ends_all_at_once(desk: Desk, people: People, adviser: FlaskClient) -> None:
    """US-02: sessions end with it; a second click is quiet; «Annuler» opens the access again, not the sessions."""
    path = f"{LIST}/{people.adviser}"
    assert adviser.get("/notifications").status_code == 200
    desk.press(f"{path}/acces", actif="0")
    assert adviser.get("/notifications").status_code == 401
    assert "ne peut plus se connecter ; ses sessions" in desk.text(path).replace("\u202f", " ")
    assert not person(people.adviser).active
    desk.press(f"{path}/acces", actif="0")
    assert "était déjà ainsi" in desk.text(path)
    desk.press(f"{path}/acces", actif="1")
    assert "peut de nouveau se connecter" in desk.text(path)
    assert person(people.adviser).active
    assert adviser.get("/notifications").status_code == 401
    assert [one[0] for one in journal(people.cabinet_id) if one[1] == f"user:{people.adviser}"][:2] == [
        "user.activated", "user.deactivated",
    ]  # fmt: skip
    desk.press(f"{path}/acces", actif="0")
    assert "peut de nouveau se connecter" in desk.undo(path)
    assert person(people.adviser).active
    desk.press(f"{path}/acces")  # a form without its field changes nothing
    assert person(people.adviser).active


def test_a_person_s_sessions_are_seen_and_closed(app: Flask, desk: Desk, people: People, adviser: FlaskClient) -> None:
    """US-02: one by one or all; never another person's, nor the one at hand."""
    second = app.test_client()
    sign_in(second, "conseiller@demo.example")
    path = f"{LIST}/{people.adviser}"
    page = desk.client.get(f"/administration{path}").get_data(as_text=True)
    keys = re.findall(r'name="session" value="([0-9a-f]{64})"', page)
    assert len(keys) == 2
    desk.press(f"{LIST}/{people.other}/sessions", session=keys[0])  # whose it is not
    assert [one.get("/notifications").status_code for one in (adviser, second)] == [200, 200]
    desk.press(f"{path}/sessions", session=keys[0])
    assert sorted(one.get("/notifications").status_code for one in (adviser, second)) == [200, 401]
    desk.press(f"{path}/sessions", session="toutes")
    assert sorted(one.get("/notifications").status_code for one in (adviser, second)) == [401, 401]
    desk.press(f"{path}/sessions", session=keys[0])
    assert "avait déjà pris fin" in desk.text(path)
    desk.press(f"{LIST}/{people.administrator}/sessions", session="toutes")
    assert desk.client.get("/notifications").status_code == 200
    closed = [content for action, subject, content in journal(people.cabinet_id) if action == "session.closed"]
    assert closed == [{"count": 1}, {"count": 1}]


def test_a_lost_second_factor_is_reset(desk: Desk, people: People, adviser: FlaskClient) -> None:
    """US-02: audited, the person is told, his sessions end; one's own asks for its code elsewhere."""
    give_factor(people, people.adviser)
    give_factor(people, people.administrator)
    path = f"{LIST}/{people.adviser}"
    assert "Réinitialiser le second facteur" in desk.text(path)
    assert desk.press(f"{path}/second-facteur").status_code == 303
    assert "La personne en est prévenue" in desk.text(path)
    assert adviser.get("/notifications").status_code == 401
    with db.session(people.cabinet_id) as session:
        assert not second_factor.is_on(session, people.adviser)
        told = [row.payload for row in session.scalars(select(Job).where(Job.kind == "auth.tell"))]
        found = [(one["user"], one["by"]) for one in told if one["what"] == "factor_reset"]
        assert found == [(people.adviser, "Administrateur Demo")]
    assert ("second_factor.removed", f"user:{people.adviser}") in [one[:2] for one in journal(people.cabinet_id)]
    desk.press(f"{LIST}/{people.administrator}/second-facteur")
    with db.session(people.cabinet_id) as session:
        assert second_factor.is_on(session, people.administrator)
    desk.press(f"{path}/second-facteur")
    assert "n'avait pas de second facteur" in desk.text(path)


@pytest.mark.parametrize("path", ["", "/nouveau"])
def test_other_profiles_are_refused(adviser: FlaskClient, people: People, path: str) -> None:
    """US-02: 403, and the menu has no such entry."""
    assert adviser.get(f"/administration{LIST}{path}").status_code == 403
    assert "/administration" not in adviser.get("/notifications").get_data(as_text=True)


def test_another_cabinet_s_people_are_nowhere(desk: Desk, strangers: People) -> None:
    """US-02: 404 for each page and act, and nothing is written."""
    before = journal(strangers.cabinet_id)
    path = f"{LIST}/{strangers.adviser}"
    assert desk.client.get(f"/administration{path}").status_code == 404
    for act in ("", "/acces", "/sessions", "/second-facteur", "/invitation"):
        assert desk.press(path + act, name="X", role="LECTEUR", actif="0", session="toutes").status_code == 404, act
    assert person(strangers.adviser).active
    assert journal(strangers.cabinet_id) == before


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """What is handed to the mail server."""
    found: list[Message] = []

    def keep(letter: Letter) -> None:
        found.append(message(letter, "encours@cabinet.example"))

    monkeypatch.setattr(smtp, "send", keep)
    return found


@pytest.fixture
def posting(tmp_path: Path) -> Iterator[Flask]:
    """An installation that sends mail."""
    config = make_config(tmp_path / "mail", smtp_host="127.0.0.1", smtp_security="none", mail_from="encours@cabinet.example")
    (tmp_path / "mail").mkdir()
    databases.ready(config.database_url)
    app = create_app(config)
    yield app
    app.extensions["encours_hub"].close()
    db.close()


def carry_out() -> None:
    """Send what the outbox holds."""
    from core.jobs import outbox

    with db.session(1) as session:
        items = [item.id for item in session.scalars(select(OutboxItem).where(OutboxItem.state == "waiting"))]
    for item in items:
        outbox.carry_out(1, {"item": item})


def test_an_invitation_lets_in_once(posting: Flask, mails: list[Message]) -> None:
    """US-02: the mail's link serves once, for 72 hours; a new invitation ends the former; a closed access ends all."""
    from tests.conftest import add_people

    people = add_people(posting.extensions["encours_hub"], "demo")
    client = posting.test_client()
    sign_in(client, "administrateur@demo.example")
    desk = Desk(client)
    desk.fill(f"{LIST}/nouveau", name="Léa Martin", email="lea@demo.example", role="ASSISTANT")
    lea = named("lea@demo.example")
    assert "En cours d'envoi" in desk.text(f"{LIST}/{lea.id}")
    carry_out()
    assert (mails[0]["To"], mails[0]["Subject"]) == ("lea@demo.example", "Cabinet demo vous ouvre Encours")
    assert "valable jusqu'au" in desk.text(f"{LIST}/{lea.id}")
    desk.press(f"{LIST}/{lea.id}/invitation")
    carry_out()
    first, second = (re.search(r"jeton=\S+", str(mail.get_payload(decode=True))).group(0) for mail in mails)  # type: ignore[union-attr]
    guest = posting.test_client()
    assert guest.get(f"/mot-de-passe/nouveau?{first}", follow_redirects=True).status_code == 410
    page = guest.get(f"/mot-de-passe/nouveau?{second}".split("\\")[0], follow_redirects=True)
    assert page.status_code == 200
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))
    assert found
    chosen = "quatre mots tout à fait sans rapport"
    sent = {"csrf_token": found.group(1), "new_password": chosen, "new_again": chosen}
    assert guest.post("/mot-de-passe/nouveau", data=sent).status_code == 302
    sign_in(guest, "lea@demo.example", chosen)
    assert [one[0] for one in journal(people.cabinet_id) if one[0] == "user.invited"] == ["user.invited"] * 2
    desk.press(f"{LIST}/{lea.id}/invitation")
    desk.press(f"{LIST}/{lea.id}/acces", actif="0")
    carry_out()
    assert len(mails) == 2
    assert "l'accès de cette personne a été désactivé" in desk.text(f"{LIST}/{lea.id}")
    desk.press(f"{LIST}/{lea.id}/invitation")
    assert "rouvrez-le d'abord" in desk.text(f"{LIST}/{lea.id}")
    give_factor(people, people.adviser)
    desk.press(f"{LIST}/{people.adviser}/second-facteur")
    carry_out()
    told = mails[-1].get_payload(decode=True)
    assert isinstance(told, bytes)
    assert mails[-1]["To"] == "conseiller@demo.example"
    assert "Administrateur Demo, administrateur de votre cabinet, a réinitialisé" in told.decode()
    assert "?jeton" not in told.decode()
    assert invitations.LIFETIME.total_seconds() == 72 * 3600
    with db.session(None, write=False) as session:
        assert session.scalars(select(SessionRow).where(SessionRow.user_id == lea.id)).all() == []
