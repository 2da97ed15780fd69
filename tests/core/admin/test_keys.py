"""«Sécurité»: the keys with which the cabinet signs what it asks of partners (US-02; PLP-020)."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from core.cli.partner import partner_group
from core.extensions import db
from core.links import key_rotation
from core.links import keys
from tests.conftest import People

PAGE = "/administration/securite"


def page(client: FlaskClient) -> str:
    return client.get(PAGE).get_data(as_text=True)


def press(client: FlaskClient, path: str, **form: str) -> str:
    token = re.search(r'name="csrf_token" value="([^"]+)"', page(client))
    assert token
    answer = client.post(f"{PAGE}{path}", data={"csrf_token": token[1], **form}, follow_redirects=True)
    return answer.get_data(as_text=True)


def made(people: People) -> list[key_rotation.Standing]:
    with db.session(people.cabinet_id, write=False) as session:
        return key_rotation.listed(session)


def test_renew_and_withdraw(administrator: FlaskClient, people: People) -> None:
    """US-02: no key, no card; renewed once at a time; one that may be copied goes at once, the only one never."""
    assert "Clés des liens partenaires" not in page(administrator)
    with db.session(people.cabinet_id) as session:
        first, _ = keys.signing_key(session)
    assert "Retirer" not in page(administrator)
    assert "la seule clé" in press(administrator, "/cles/retirer", cle=first)
    assert "annoncée aux partenaires" in press(administrator, "/cles")
    assert "déjà en cours" in press(administrator, "/cles")
    assert [one.state for one in made(people)] == ["next", "used"]
    shown = page(administrator)
    assert "À venir" in shown
    assert "En service" in shown
    assert shown.count('name="cle"') == 2
    assert "ne la reconnaissent plus" in press(administrator, "/cles/retirer", cle=first)
    assert [one.state for one in made(people)] == ["used", "withdrawn"]
    assert "pas, ou plus, une clé du cabinet" in press(administrator, "/cles/retirer", cle="rien")


def test_only_who_manages_partners(adviser: FlaskClient) -> None:
    """US-02: an adviser neither sees nor changes keys."""
    assert adviser.get(PAGE).status_code == 403
    assert adviser.post(f"{PAGE}/cles").status_code in (400, 403)


def test_the_command(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Operators: the same by `encours partner keys`, with the same refusals."""
    with db.session(people.cabinet_id) as session:
        keys.signing_key(session)

    monkeypatch.setattr("core.cli.partner.create_app", lambda: None)  # the test's own is there

    def run(*words: str) -> str:
        done = CliRunner().invoke(partner_group, ["keys", "--cabinet", people.slug, *words])
        return done.output + str(done.exception or "")

    assert "en service" in run()
    assert "à venir" in run("--renew")
    assert "déjà en cours" in run("--renew")
    used = next(one.kid for one in made(people) if one.state == "used")
    assert "retirée" in run("--withdraw", used)
