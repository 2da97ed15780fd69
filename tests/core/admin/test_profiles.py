"""«Profils et droits»: the matrix, the difference of two, the cabinet's own profiles (US-02)."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.admin import rights_table as table
from core.admin.schemas import ProfileForm
from core.cabinets import profiles
from core.cabinets import services
from core.cabinets.permissions import DESCRIBED
from core.cabinets.permissions import PERMISSIONS
from core.cabinets.permissions import SCOPED
from core.cabinets.permissions import width
from core.db.errors import Conflict
from core.extensions import db
from tests.conftest import People
from tests.conftest import sign_in
from tests.core.admin.desk import Desk
from tests.core.admin.desk import beside
from tests.core.admin.desk import journal
from tests.core.admin.desk import words

LIST = "/profils"


@pytest.fixture
def desk(administrator: FlaskClient) -> Desk:
    return Desk(administrator)


def made(people: People, label: str = "Contrôle", *rights: str) -> profiles.Known:
    with db.session(people.cabinet_id) as session:
        return profiles.add(session, "cli", label=label, rights=rights or ("contacts.view_all",))


def own(people: People) -> list[profiles.Known]:
    with db.session(people.cabinet_id, write=False) as session:
        return [one for one in profiles.listed(session) if one.own]


def test_the_form_has_every_right() -> None:
    """US-02: a right that the product gains has its field, and the matrix its row."""
    asked = set(ProfileForm().fields) - {"label"}
    assert asked == {table.field(name) for name in DESCRIBED}
    for role, rights in PERMISSIONS.items():
        known = profiles.Known(role, role, rights, own=False)
        whole = profiles.with_needs(table.rights(table.values(known)))
        assert whole <= rights, role
        assert [width(whole, name) for name in DESCRIBED] == [width(rights, name) for name in DESCRIBED], role


def test_the_matrix_is_filtered_and_compared(desk: Desk, people: People) -> None:
    """US-02: built-in profiles first; a word, a profile, and what two do not have alike."""
    made(people, "Aaa du cabinet")
    said = desk.text(LIST)
    assert said.index("Administrateur") < said.index("Lecture seule") < said.index("Aaa du cabinet")
    assert all(label in said for label in SCOPED.values())
    assert "suppose : Voir les contacts" in said
    found = desk.text(f"{LIST}?q=documents")
    assert "Voir les documents" in found
    assert "Initier une transaction" not in found
    assert "Aucun droit ne correspond" in desk.text(f"{LIST}?q=inexistant")
    compared = desk.text(f"{LIST}?profil=CONSEILLER&avec=ASSISTANT")
    assert "2 différences" in compared
    assert "Fusionner des contacts" in compared
    assert "Initier une transaction" in compared
    assert "Voir les documents" not in compared.split("Profils et qui les a")[0].split("différence")[1]
    assert desk.text(f"{LIST}?profil=X&avec=Y") == desk.text(f"{LIST}?profil=&avec=")
    made(people, "Copie", *PERMISSIONS["ASSISTANT"])
    assert "Aucune différence" in desk.text(f"{LIST}?profil=ASSISTANT&avec=COPIE")


def test_a_profile_is_made_with_what_its_rights_need(desk: Desk, people: People) -> None:
    """US-02: what is added is said; a double click makes one; the journal has it."""
    form = {**desk.form(f"{LIST}/nouveau"), "label": "Contrôle interne", "accounts_edit": "cabinet"}
    for _again in range(2):
        assert desk.client.post("/administration/profils/nouveau", data=form).status_code == 303
    one = own(people)[0]
    assert len(own(people)) == 1
    assert (one.code, one.label) == ("CONTROLE_INTERNE", "Contrôle interne")
    assert "contacts.view_all" in one.rights
    said = desk.text(LIST)
    assert "Ajouté avec ce que vous avez choisi" in said
    assert "Voir les contacts (tous ceux du cabinet), Voir les comptes (tous ceux du cabinet)" in said
    assert journal(people.cabinet_id)[0][:2] == ("profile.defined", "profile:CONTROLE_INTERNE")
    desk.fill(f"{LIST}/nouveau", label="De trop")
    assert "n'est plus là" in desk.undo(LIST)
    assert len(own(people)) == 1


def test_a_profile_is_copied(desk: Desk, people: People) -> None:
    """US-02: the copy begins with the same rights, and another name."""
    form = desk.form(f"{LIST}/nouveau?modele=CONSEILLER", action=f"{LIST}/nouveau")
    assert (form["label"], form["transactions_initiate"], form.get("administration")) == ("", "suivis", None)
    desk.client.post("/administration/profils/nouveau", data={**form, "label": "Conseiller junior"})
    assert own(people)[0].rights == PERMISSIONS["CONSEILLER"]
    with db.session(people.cabinet_id, write=False) as session:
        assert [profiles.code_for(session, one) for one in ("Conseiller junior", "Éà", "2 mots", "???")] == [
            "CONSEILLER_JUNIOR_2", "EA", "PROFIL", "PROFIL",
        ]  # fmt: skip


def test_a_profile_is_changed_and_taken_back(app: Flask, desk: Desk, people: People) -> None:
    """US-02: it counts at the next request of whoever has it."""
    one = made(people, "Contrôle", "contacts.view_all")
    with db.session(people.cabinet_id) as session:
        services.set_profile(session, people.other, one.code, actor="cli")
    client = app.test_client()
    sign_in(client, "autre@demo.example")
    assert client.get("/p/portefeuille/comptes").status_code == 403
    path = f"{LIST}/{one.id}"
    assert "1 personne a ce profil : Autre Demo" in desk.text(path)
    desk.fill(path, label="Contrôle permanent", accounts_view="cabinet")
    assert client.get("/p/portefeuille/comptes").status_code == 200
    assert "est celui d'avant" in desk.undo(path)
    assert client.get("/p/portefeuille/comptes").status_code == 403
    assert own(people)[0].label == "Contrôle"
    assert "Contrôle" in client.get("/mon-compte/fiche").get_data(as_text=True)


def test_a_profile_that_somebody_has_is_not_removed(desk: Desk, people: People) -> None:
    """US-02: refused, naming who; removed once nobody has it, and taken back."""
    one = made(people)
    with db.session(people.cabinet_id) as session:
        for who in (people.other, people.adviser):
            services.set_profile(session, who, one.code, actor="cli")
    path = f"{LIST}/{one.id}"
    assert "Supprimer le profil" not in desk.text(path)
    desk.press(f"{path}/supprimer")
    assert "Autre Demo et Conseiller Demo ont ce profil" in desk.text(path)
    with db.session(people.cabinet_id) as session:
        for who in (people.other, people.adviser):
            services.set_profile(session, who, "LECTEUR", actor="cli")
    desk.press(f"{path}/supprimer")
    assert own(people) == []
    assert journal(people.cabinet_id)[0][:2] == ("profile.removed", "profile:CONTROLE")
    assert "est de nouveau là" in desk.undo(LIST)
    assert (own(people)[0].code, own(people)[0].rights) == (one.code, one.rights)


def test_nobody_takes_the_administration_away_with_a_profile(app: Flask, desk: Desk, people: People) -> None:
    """US-02: not one's own, not the last; said beside the box."""
    one = made(people, "Gérance", "administration")
    with db.session(people.cabinet_id) as session:
        services.set_profile(session, people.other, one.code, actor="cli")
    second = app.test_client()
    sign_in(second, "autre@demo.example")
    answer = Desk(second).fill(f"{LIST}/{one.id}", administration=[])
    assert answer.status_code == 422
    assert "votre propre profil" in beside(answer, "administration")
    with db.session(people.cabinet_id) as session:
        services.set_active(session, people.administrator, active=False, actor="cli")
    with db.session(people.cabinet_id) as session:
        with pytest.raises(Conflict, match="Plus personne"):
            profiles.change(session, "cli", one.id, label="Gérance", rights=["contacts.view"])
        session.rollback()
    assert "administration" in own(people)[0].rights


@pytest.mark.parametrize(
    ("label", "text"), [("", "Saisissez le nom"), ("conseiller", "s'appelle déjà"), ("x" * 61, "60"), ("a\u202eb", "invisible")]
)
def test_a_bad_name_is_refused(desk: Desk, people: People, label: str, text: str) -> None:
    """US-02: also a name that only differs by its capitals."""
    answer = desk.fill(f"{LIST}/nouveau", label=label, contacts_view="agence")
    assert answer.status_code == 422
    assert text in beside(answer, "label")
    assert own(people) == []


def test_two_tabs_on_a_profile(desk: Desk, people: People) -> None:
    """US-02: what the other tab kept is shown, in words."""
    one = made(people)
    form = desk.form(f"{LIST}/{one.id}")
    desk.fill(f"{LIST}/{one.id}", documents_view="agence")
    answer = desk.client.post(f"/administration{LIST}/{one.id}", data={**form, "documents_view": "cabinet"})
    assert answer.status_code == 409
    assert "Ceux de son agence Tous ceux du cabinet à choisir" in words(answer)


def test_another_cabinet_s_profile_is_nowhere(desk: Desk, adviser: FlaskClient, strangers: People) -> None:
    """US-02: 404, and no name of it; 403 for other profiles."""
    theirs = made(strangers, "Profil des autres")
    assert desk.client.get(f"/administration{LIST}/{theirs.id}").status_code == 404
    for act in ("", "/supprimer"):
        assert desk.press(f"{LIST}/{theirs.id}{act}", label="X").status_code == 404
    assert "Profil des autres" not in desk.text(LIST)
    assert adviser.get(f"/administration{LIST}").status_code == 403
    assert own(strangers)[0].label == "Profil des autres"
