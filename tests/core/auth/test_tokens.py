"""«Jetons d'accès»: made by password with chosen scopes, shown once, revoked by their owner (PL-09)."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.auth import api_scopes
from core.auth import api_tokens
from core.auth.models import ApiToken
from core.cabinets.models import AuditEntry
from core.cabinets.models import AuditPayload
from core.cabinets.permissions import PERMISSIONS
from core.db.clock import today
from core.db.errors import DomainError
from core.extensions import db
from core.hooks.types import Adviser
from tests.conftest import PASSWORD
from tests.conftest import People
from tests.conftest import person
from tests.conftest import sign_in
from tests.core.auth.own import journal
from tests.core.auth.own import post
from tests.core.auth.own import text

PAGE = "/mon-compte/jetons"
FORM = {"name": "Tableau de bord", "days": "30", "scopes": "contacts:write", "password": PASSWORD}


def test_made_shown_once_used_and_revoked(app: Flask, people: People, adviser: FlaskClient) -> None:
    """PL-09: the text is on one page once; the database has its hash; revoked, it opens nothing."""
    assert "Aucun jeton" in text(adviser.get(PAGE))
    made = text(post(adviser, f"{PAGE}/nouveau", **FORM))
    found = re.search(r'value="(encours_[\w-]{43})"', made)
    assert found
    token = found[1]
    assert "Lire les contacts, Modifier les contacts" in made, "what a scope needs goes with it"
    listed = text(adviser.get(PAGE))
    assert "Tableau de bord" in listed
    assert token not in listed
    assert token[:14] in listed
    with db.session(None, write=False) as session:
        row = session.scalars(select(ApiToken)).one()
        assert token not in (row.token_hash, row.prefix, row.name)
        token_id = row.id
    with db.session(people.cabinet_id, write=False) as session:
        said = session.scalars(select(AuditPayload.payload)).all()
        assert token not in str(said)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"bearer {token}"
    assert client.get("/api/v1/contacts").status_code == 200
    used = re.search(r'data-l="Dernier appel">([^<]+)</td>', adviser.get(PAGE).text)
    assert used, "its last use"
    assert used[1].startswith(f"{today():%d/%m/%Y}")
    for _ in range(2):
        assert post(adviser, f"{PAGE}/{token_id}/revoquer", at=PAGE + "/nouveau").status_code == 303
    assert client.get("/api/v1/contacts").status_code == 401
    assert journal(people).count("token.made") == journal(people).count("token.revoked") == 1
    assert "révoqué" in text(adviser.get(PAGE))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"password": "faux"}, "password"), ({"name": " "}, "name"), ({"name": "x" * 61}, "name"), ({"days": "1000"}, "days"),
        ({"scopes": "administration:write"}, "scopes"), ({"scopes": "nulle:part"}, "scopes"), ({"scopes": ""}, "scopes"),
    ],
)  # fmt: skip
def test_what_may_not_be_made_is_said_beside_its_field(adviser: FlaskClient, changed: dict[str, str], field: str) -> None:
    """PL-09: an adviser's token does not administer; nothing is made, nothing typed is lost."""
    answer = post(adviser, f"{PAGE}/nouveau", **{**FORM, **changed})
    assert answer.status_code == 422
    assert f'id="f-{field}-e"' in text(answer)
    assert "Aucun jeton" in text(adviser.get(PAGE))


def test_passwords_are_not_tried_here(adviser: FlaskClient) -> None:
    """PL-09, US-01: as at the sign-in, five tries, then a pause."""
    statuses = [post(adviser, f"{PAGE}/nouveau", **{**FORM, "password": "faux"}).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_one_s_tokens_are_one_s_own(app: Flask, people: People, adviser: FlaskClient) -> None:
    """PL-09: nobody else sees or revokes them, not the administrator, not another cabinet."""
    post(adviser, f"{PAGE}/nouveau", **FORM)
    with db.session(None, write=False) as session:
        token_id = session.scalars(select(ApiToken.id)).one()
    other = app.test_client()
    sign_in(other, "administrateur@demo.example")
    assert "Tableau de bord" not in text(other.get(PAGE))
    assert post(other, f"{PAGE}/{token_id}/revoquer", at=PAGE + "/nouveau").status_code == 404


def test_a_person_has_so_many_and_names_each_once(people: People) -> None:
    """PL-09: two of one name would not be told apart in the journal."""
    with db.session(people.cabinet_id) as session:
        owner = person(session, people.adviser)
        for number in range(api_tokens.MOST):
            api_tokens.make(session, owner, name=f"n° {number}", scopes=["contacts:read"], days=7)
        with pytest.raises(DomainError, match="déjà 20 jetons"):
            api_tokens.make(session, owner, name="un de trop", scopes=["contacts:read"], days=7)
        first = api_tokens.listed(session, people.adviser)[-1]
        api_tokens.revoke(session, people.adviser, first.id, actor=people.adviser)
        with pytest.raises(DomainError, match="s'appelle déjà"):
            api_tokens.make(session, owner, name="N° 5", scopes=["contacts:read"], days=7)
        api_tokens.make(session, owner, name=first.name, scopes=["contacts:read"], days=7)
    with db.session(people.cabinet_id, write=False) as session:
        assert session.scalars(select(AuditEntry.id).where(AuditEntry.action == "token.made")).all()


@pytest.mark.parametrize("role", list(PERMISSIONS))
def test_scopes_narrow_and_never_widen(role: str) -> None:
    """PL-09: whatever the profile, whatever the scopes: no right that the owner lacks, none beyond the scopes."""
    owner = Adviser("u" * 26, 1, "Essai", "essai@demo.example", role, PERMISSIONS[role])
    for code, scope in api_scopes.SCOPES.items():
        narrowed = api_scopes.narrowed(owner, api_scopes.with_needs([code])).permissions
        assert narrowed <= owner.permissions
        rights = {api_scopes.SCOPES[one].right for one in api_scopes.with_needs([code])} - {None}
        assert {right.removesuffix("_all").removesuffix("_agency") for right in narrowed} <= rights
        if scope.right is not None and owner.can(scope.right):
            assert scope.right in narrowed
    assert api_scopes.narrowed(owner, []).permissions == frozenset()
