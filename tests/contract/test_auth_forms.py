"""«Bad input» on the forms of the sign-in and of one's own security: those that a page shows only half way in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import Schema
from sqlalchemy import select

from core.auth import resets
from core.auth import schemas
from core.auth.models import RecoveryCode
from core.auth.models import SecondFactor
from core.auth.models import SessionRow
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.extensions import db
from core.mail import smtp
from tests.conftest import PASSWORD
from tests.conftest import People
from tests.conftest import sign_in
from tests.contract import forms_found as found
from tests.contract.forms_found import Page
from tests.contract.test_bad_forms import Trial
from tests.contract.test_bad_forms import forget_tries
from tests.core.auth.own import EMAIL
from tests.core.auth.own import code_of
from tests.core.auth.own import enter
from tests.core.auth.own import post
from tests.core.auth.own import with_factor

#: Each form: the page that shows it, its schema, how to come there.
FORMS: tuple[tuple[str, type[Schema], str], ...] = (
    ("/connexion", schemas.SignIn, "nobody"), ("/mot-de-passe/oublie", schemas.Forgotten, "nobody"),
    ("/mot-de-passe/nouveau", schemas.NewPassword, "link"), ("/connexion/code", schemas.Code, "factor"),
    ("/connexion/secours", schemas.RecoveryCode, "factor"), ("/connexion/second-facteur", schemas.Code, "asked"),
    ("/mon-compte/mot-de-passe", schemas.OwnPassword, "in"), ("/mon-compte/second-facteur", schemas.Enrolment, "begun"),
    ("/mon-compte/second-facteur/retrait", schemas.Proof, "strong"),
    ("/mon-compte/second-facteur/codes", schemas.Proof, "strong"), ("/mon-compte/fiche", schemas.OwnFile, "in"),
    ("/mon-compte/jetons/nouveau", schemas.NewToken, "in"),
)  # fmt: skip
#: What each form is sent that is no more than wrong: the field → the values beside which it must be said.
WRONG = {
    "code": ("000000", "12345", "ABCD-EFGH-JKLM-NPQR", "123 456 789", "<b>", "\U0001f642"),
    "password": ("mauvais", " ", "é" * 5000),
    "new_password": ("azerty", "motdepasse1"), "phone": ("12", "le soir", "+999 1"),
}  # fmt: skip


class AuthTrial(Trial):
    """A form of the sign-in: nobody is kept waiting, and two empty passwords agree."""

    def begin(self) -> None:
        """Nothing: no house stands behind it."""

    def prepare(self) -> None:
        forget_tries()

    def send(self, values: dict[str, str], *, wrong: set[str], fine: frozenset[str] | set[str] = frozenset()) -> None:
        super().send(values, wrong=wrong - {"new_again"}, fine=fine)


def come(app: Flask, people: People, how: str) -> FlaskClient:
    """A browser that is where the form is."""
    client = app.test_client()
    if how == "link":
        client.get(resets.by_hand(EMAIL).removeprefix("http://127.0.0.1:8000"))
    elif how == "factor":
        with_factor(people)
        assert enter(client).location == "/connexion/code"
    elif how == "asked":
        with db.session(people.cabinet_id) as session:
            session.get_one(Cabinet, people.cabinet_id).second_factor_required = True
        assert enter(client).location == "/connexion/second-facteur"
    elif how == "strong":
        secret, _codes = with_factor(people)
        enter(client)
        assert post(client, "/connexion/code", code=code_of(secret)).status_code == 302
    elif how != "nobody":
        sign_in(client, EMAIL)
        if how == "begun":
            post(client, "/mon-compte/second-facteur/commencer", at="/mon-compte")
    return client


def state_of(people: People) -> object:
    """What none of it may change."""
    with db.session(people.cabinet_id, write=False) as session:
        user = session.get_one(User, people.adviser)
        factors = [(row.user_id, row.confirmed_at) for row in session.scalars(select(SecondFactor))]
        codes = sorted(session.scalars(select(RecoveryCode.code_hash)))
    with db.session(None, write=False) as session:
        inside = sorted(session.scalars(select(SessionRow.sid_hash).where(SessionRow.user_id == people.adviser)))
    return user.password_hash, user.phone, factors, codes, inside


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation that sends mail: the form of a forgotten password is shown."""
    monkeypatch.setattr(smtp, "is_configured", lambda: True)
    return


@pytest.mark.parametrize(("path", "kind", "how"), FORMS, ids=[path for path, _kind, _how in FORMS])
def test_each_says_what_is_wrong_beside_its_field(
    app: Flask, people: People, mail: None, path: str, kind: type[Schema], how: str
) -> None:
    """Issue 3, «Bad input»; ux.md §2.11: beside the field (aria-describedby) and in the summary, with a link; nothing changes."""
    client = come(app, people, how)
    answer = client.get(path)
    assert answer.status_code == 200
    app.config["WTF_CSRF_ENABLED"] = False
    before = state_of(people)
    schema = kind()
    form = next(one for one in Page(answer.get_data(as_text=True), path).forms if set(one.asked) == set(schema.fields))
    trial = AuthTrial(None, client, f"- {path}", form, schema)  # type: ignore[arg-type]
    faults = trial.run()
    right = {"password": PASSWORD, "new_password": "quatre girafes lisent Balzac", "new_again": "quatre girafes lisent Balzac"}
    for name, values in WRONG.items():
        for value in values if name in form.asked and path not in ("/connexion", "/mot-de-passe/oublie") else ():
            sent = {**form.values(), **{key: text for key, text in right.items() if key in form.asked}, name: value}
            if name == "new_password":
                sent["new_again"] = value
            trial.send(sent, wrong={name})
    assert faults == trial.faults == [], "\n".join(faults + trial.faults)
    assert state_of(people) == before


def test_a_pause_is_said_beside_the_field_too(app: Flask, people: People) -> None:
    """security-reliability.md, «sign-in»: too many tries: how long to wait, beside the field that is tried and in the summary."""
    with_factor(people)
    client = app.test_client()
    assert enter(client).location == "/connexion/code"
    for _try in range(8):
        answer = post(client, "/connexion/code", code="000000")
    assert answer.status_code == 429
    page = Page(answer.get_data(as_text=True), "/connexion/code")
    assert "Trop de tentatives" in page.texts["f-code-e"]
    assert "code" in page.linked
    assert "f-code-e" in page.forms[0].boxes["code"].described


def test_no_form_of_these_is_left_out() -> None:
    """Issue 3: a form added to `core.auth.schemas` is tried here."""
    known = {kind for kind in found.kinds() if kind.__module__ == "core.auth.schemas"}
    assert known == {kind for _path, kind, _how in FORMS}
