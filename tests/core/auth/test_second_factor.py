"""The second factor: an authenticator's code, recovery codes, the cabinet's rule (issue 3 item 4, US-01)."""

from __future__ import annotations

import re

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.auth import limits
from core.auth import second_factor
from core.auth.models import RecoveryCode
from core.cabinets import services
from core.cabinets.models import Secret
from core.cli.worker import run_due
from core.extensions import db
from core.links.sso import acr
from tests.conftest import PASSWORD
from tests.conftest import People
from tests.core.auth.own import code_of
from tests.core.auth.own import enter
from tests.core.auth.own import is_in
from tests.core.auth.own import journal
from tests.core.auth.own import later
from tests.core.auth.own import post
from tests.core.auth.own import session_rows
from tests.core.auth.own import text
from tests.core.auth.own import told
from tests.core.auth.own import with_factor

#: RFC 6238, Appendix B (SHA-1), last six digits: seconds → code of the secret «12345678901234567890».
VECTORS = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}


@pytest.mark.parametrize(("at", "code"), VECTORS.items())
def test_the_codes_are_those_of_the_rfc(at: int, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """US-01: RFC 6238's own vectors, through our step finder."""
    monkeypatch.setattr(second_factor, "epoch", lambda: at)
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert second_factor._step_of(secret, code, after=-1) == at // 30
    assert second_factor._step_of(secret, code, after=at // 30) is None


def test_the_code_is_asked_after_the_password(app: Flask, people: People) -> None:
    """US-01: between the two nobody is in; the session then says how one signed in, and the ID Token too (PLP-080)."""
    secret, _codes = with_factor(people)
    client = app.test_client()
    answer = enter(client, next="/notifications")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/connexion/code")
    assert not is_in(client)
    assert not session_rows(people.adviser)
    wrong = post(client, "/connexion/code", code="000000" if code_of(secret) != "000000" else "111111")
    assert wrong.status_code == 422
    assert "pas le bon, ou a déjà servi" in text(wrong)
    right = post(client, "/connexion/code", code=f" {code_of(secret)[:3]} {code_of(secret)[3:]}")
    assert (right.status_code, right.headers["Location"]) == (302, "/notifications")
    assert is_in(client)
    assert [row.amr for row in session_rows(people.adviser)] == [["pwd", "otp"]]
    assert acr(["pwd", "otp"]) == "urn:plp:acr:mfa"
    assert acr(["pwd"]) == "urn:plp:acr:password"
    assert "session.code_refused" in journal(people)


def test_the_session_changes_its_name_at_each_step(app: Flask, people: People) -> None:
    """ASVS 7.2.4: a planted cookie is worth nothing after the password, nor after the code."""
    secret, _codes = with_factor(people)
    client = app.test_client()
    client.get("/connexion")
    names = [client.get_cookie("encours_sid").value]  # type: ignore[union-attr]
    enter(client)
    names.append(client.get_cookie("encours_sid").value)  # type: ignore[union-attr]
    post(client, "/connexion/code", code=code_of(secret))
    names.append(client.get_cookie("encours_sid").value)  # type: ignore[union-attr]
    assert len(set(names)) == 3
    for old in names[:2]:
        thief = app.test_client()
        thief.set_cookie("encours_sid", old)
        assert not is_in(thief)
        assert thief.get("/connexion/code").status_code == 302


def test_a_code_serves_once(app: Flask, people: People) -> None:
    """US-01: not twice, not an earlier one after a later one; a step before or after the present is taken, two are not."""
    secret, _codes = with_factor(people)
    with db.session(people.cabinet_id) as session, later(minutes=5):
        assert not second_factor.verify(session, people.adviser, code_of(secret, -2))
        assert not second_factor.verify(session, people.adviser, code_of(secret, 2))
        assert second_factor.verify(session, people.adviser, code_of(secret, -1))
        assert second_factor.verify(session, people.adviser, code_of(secret, 1))
        assert not second_factor.verify(session, people.adviser, code_of(secret, 1))
        assert not second_factor.verify(session, people.adviser, code_of(secret))


def test_what_is_no_code(app: Flask, people: People) -> None:
    """US-01: a clear message beside the field, never an error."""
    with_factor(people)
    client = app.test_client()
    enter(client)
    for typed in ("", "12345", "1234567", "abcdef", "１２３４５６", "\x00" * 6, "9" * 10000, "<b>123"):
        limits.clear(limits.code_key(people.adviser), limits.address_key("127.0.0.1"))
        for path in ("/connexion/code", "/connexion/secours"):
            answer = post(client, path, code=typed)
            assert answer.status_code == 422, typed
            assert 'id="f-code-e"' in text(answer)


def test_five_wrong_codes_then_a_pause(app: Flask, people: People) -> None:
    """US-01: the second step has a limit of its own, of the person's, in whatever browser."""
    secret, codes = with_factor(people)
    client = app.test_client()
    enter(client)
    wrong = "000000" if code_of(secret) != "000000" else "111111"
    for _ in range(5):
        assert post(client, "/connexion/code", code=wrong).status_code == 422
    answer = post(client, "/connexion/code", code=code_of(secret))
    assert answer.status_code == 429
    assert "patientez 30 secondes" in text(answer)
    other = app.test_client()
    enter(other)
    assert post(other, "/connexion/secours", code=codes[0]).status_code == 429
    with later(seconds=31):
        assert post(client, "/connexion/code", code=code_of(secret)).status_code == 302


def test_a_recovery_code_serves_once(app: Flask, people: People) -> None:
    """US-01: in any spelling; the person is told, with how many are left; nothing but hashes is kept."""
    _secret, codes = with_factor(people)
    assert len(codes) == len(set(codes)) == 10
    client = app.test_client()
    enter(client)
    assert post(client, "/connexion/secours", code=codes[3].lower().replace("-", " ")).status_code == 302
    assert is_in(client)
    run_due()
    assert "Un code de secours a servi à vous connecter" in told(people, people.adviser)
    again = app.test_client()
    enter(again)
    assert post(again, "/connexion/secours", code=codes[3]).status_code == 422
    with db.session(people.cabinet_id, write=False) as session:
        kept = list(session.scalars(select(RecoveryCode.code_hash)))
    assert all(one.startswith("$argon2id$") for one in kept)
    assert "second_factor.recovery_used" in journal(people)


def test_steps_that_are_not_one_s_turn(app: Flask, people: People) -> None:
    """US-01: the back button, an address typed by hand, ten minutes later: the sign-in begins again."""
    secret, _codes = with_factor(people)
    for path in ("/connexion/code", "/connexion/secours", "/connexion/second-facteur"):
        assert app.test_client().get(path).headers["Location"] == "/connexion"
    client = app.test_client()
    enter(client)
    assert client.get("/connexion/second-facteur").headers["Location"] == "/connexion"
    enter(client)
    with later(minutes=11):
        assert client.get("/connexion/code").headers["Location"] == "/connexion"
    enter(client)
    post(client, "/connexion/code", code=code_of(secret))
    assert client.get("/connexion/code").headers["Location"] == "/connexion"
    assert is_in(client)
    assert client.get("/connexion").headers["Location"] == "/"


def enrol(client: FlaskClient, **form: str) -> tuple[str, str]:
    """Through «Mon compte», to the recovery codes' page; the secret and that page."""
    post(client, "/mon-compte/second-facteur/commencer", at="/mon-compte")
    page = text(client.get("/mon-compte/second-facteur"))
    secret = re.sub(r"\s", "", re.search(r'id="cle-secrete">([^<]+)', page).group(1))  # type: ignore[union-attr]
    answer = post(client, "/mon-compte/second-facteur", **{"password": PASSWORD, "code": code_of(secret), **form})
    return secret, text(answer)


def test_enrolment_in_one_s_account(app: Flask, adviser: FlaskClient, people: People) -> None:
    """US-01: QR code, key in text, recovery codes once; the session is stronger under a new name; the secret is sealed."""
    before = adviser.get_cookie("encours_sid").value  # type: ignore[union-attr]
    secret, page = enrol(adviser)
    codes = re.findall(r'<li class="e-mono">([A-Z2-9-]{19})</li>', page)
    assert len(codes) == 10
    assert 'download="encours-codes-de-secours.txt"' in page
    assert [row.amr for row in session_rows(people.adviser)] == [["pwd", "otp"]]
    assert adviser.get_cookie("encours_sid").value != before  # type: ignore[union-attr]
    with db.session(people.cabinet_id, write=False) as session:
        sealed = [row.ciphertext for row in session.scalars(select(Secret).where(Secret.owner == f"user:{people.adviser}"))]
    assert len(sealed) == 1
    assert secret.encode() not in sealed[0]
    account = text(adviser.get("/mon-compte"))
    assert secret not in account
    assert codes[0] not in account
    assert "10 codes de secours" in account
    run_due()
    assert "Le second facteur est actif sur votre compte" in told(people, people.adviser)
    assert adviser.get("/mon-compte/second-facteur").headers["Location"] == "/mon-compte"


def test_the_qr_code_says_the_key(people: People) -> None:
    """US-01: what the picture holds is the address that authenticators read."""
    read = pyotp.parse_uri(second_factor.address("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "a@b.example", "Cabinet Démo"))
    assert (read.secret, read.name, read.issuer) == ("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "a@b.example", "Encours Cabinet Démo")
    assert second_factor.qr_code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "a@b.example", "C").startswith("data:image/svg+xml")


def test_enrolment_asks_for_the_password(adviser: FlaskClient, people: People) -> None:
    """ASVS 7.5.1: a session left open does not bind another's telephone."""
    _secret, page = enrol(adviser, password="faux")
    assert "pas votre mot de passe actuel" in page
    with db.session(people.cabinet_id, write=False) as session:
        assert not second_factor.is_on(session, people.adviser)


def test_removal_asks_for_password_and_code(app: Flask, adviser: FlaskClient, people: People) -> None:
    """US-01: neither alone; after it the password is enough again, and no code of it is left."""
    secret, _codes = with_factor(people)
    path = "/mon-compte/second-facteur/retrait"
    assert post(adviser, path, password="faux", code=code_of(secret)).status_code == 422
    assert post(adviser, path, password=PASSWORD, code="").status_code == 422
    assert post(adviser, path, password=PASSWORD, code="ABCD-EFGH-JKLM-NPQR").status_code == 422
    assert post(adviser, path, password=PASSWORD, code=code_of(secret)).status_code == 302
    assert [row.amr for row in session_rows(people.adviser)] == [["pwd"]]
    assert enter(app.test_client()).headers["Location"] == "/"
    with db.session(people.cabinet_id, write=False) as session:
        assert session.scalars(select(RecoveryCode)).all() == []
        assert session.scalars(select(Secret).where(Secret.owner == f"user:{people.adviser}")).all() == []
    run_due()
    assert "Le second facteur a été retiré de votre compte" in told(people, people.adviser)


def test_new_recovery_codes_end_the_former(app: Flask, adviser: FlaskClient, people: People) -> None:
    """US-01: by password and code."""
    secret, codes = with_factor(people)
    page = text(post(adviser, "/mon-compte/second-facteur/codes", password=PASSWORD, code=code_of(secret)))
    fresh = re.findall(r'<li class="e-mono">([A-Z2-9-]{19})</li>', page)
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    client = app.test_client()
    enter(client)
    assert post(client, "/connexion/secours", code=codes[0]).status_code == 422
    assert post(client, "/connexion/secours", code=fresh[0]).status_code == 302


def test_a_cabinet_that_asks_for_it(app: Flask, people: People) -> None:
    """US-01, «second facteur obligatoire»: one enrols before going on; then it cannot be removed; who had none is not in."""
    with db.session(people.cabinet_id) as session:
        assert services.require_second_factor(session, on=True, actor="cli")
        assert not services.require_second_factor(session, on=True, actor="cli")
    client = app.test_client()
    assert enter(client, next="/notifications").headers["Location"] == "/connexion/second-facteur"
    assert not is_in(client)
    page = text(client.get("/connexion/second-facteur"))
    secret = re.sub(r"\s", "", re.search(r'id="cle-secrete">([^<]+)', page).group(1))  # type: ignore[union-attr]
    assert text(client.get("/connexion/second-facteur")).count(secret[:4])  # a reloaded page shows the same key
    assert post(client, "/connexion/second-facteur", code="12").status_code == 422
    shown = post(client, "/connexion/second-facteur", code=code_of(secret))
    assert len(re.findall(r'<li class="e-mono">', text(shown))) == 10
    assert 'href="/notifications"' in text(shown)
    assert is_in(client)
    assert [row.amr for row in session_rows(people.adviser)] == [["pwd", "otp"]]
    assert "exige" in text(client.get("/mon-compte/second-facteur/retrait", follow_redirects=True))
    assert "cabinet.second_factor" in journal(people)


def test_one_person_s_factor_is_nobody_else_s(app: Flask, people: People, strangers: People) -> None:
    """US-01: another's code, of the same cabinet or not, opens nothing."""
    with_factor(people)
    other, _codes = with_factor(people, people.other)
    client = app.test_client()
    enter(client)
    assert post(client, "/connexion/code", code=code_of(other)).status_code == 422
    assert enter(app.test_client(), "conseiller@second.example").headers["Location"] == "/"
