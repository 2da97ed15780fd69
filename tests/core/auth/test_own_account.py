"""«Mon compte»: sessions, password, what one is told; how a session ends (issue 3 item 4, US-01; ASVS 5.0 §6.2, §7)."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from core.cabinets import passwords
from core.cli.worker import run_due
from tests.conftest import PASSWORD
from tests.conftest import People
from tests.core.auth.own import EMAIL
from tests.core.auth.own import FIREFOX
from tests.core.auth.own import browser
from tests.core.auth.own import enter
from tests.core.auth.own import is_in
from tests.core.auth.own import journal
from tests.core.auth.own import later
from tests.core.auth.own import post
from tests.core.auth.own import session_rows
from tests.core.auth.own import text
from tests.core.auth.own import told

NEW = "quatre girafes lisent Balzac"


def test_sessions_listed_and_closed_one_by_one(app: Flask, adviser: FlaskClient, people: People) -> None:
    """US-01: device, address, begun, seen; this one is marked and has no button; the closed one is out at once."""
    other = browser(app, FIREFOX)
    other.environ_base["REMOTE_ADDR"] = "192.0.2.44"
    enter(other)
    page = text(adviser.get("/mon-compte"))
    assert "Firefox sur Windows" in page
    assert "192.0.2.44" in page
    assert page.count("cette session") == 1
    keys = re.findall(r'name="session" value="([0-9a-f]{64})"', page)
    assert len(keys) == 1
    assert post(adviser, "/mon-compte/sessions/fermer", at="/mon-compte", session=keys[0]).status_code == 302
    assert not is_in(other)
    assert is_in(adviser)
    assert "avait déjà pris fin" in text(
        adviser.get(post(adviser, "/mon-compte/sessions/fermer", at="/mon-compte", session=keys[0]).headers["Location"])
    )
    assert "session.closed" in journal(people)


def test_nobody_closes_another_s_session(app: Flask, adviser: FlaskClient, people: People, strangers: People) -> None:
    """US-01: by its name neither, in the same cabinet or not."""
    colleague, stranger = app.test_client(), app.test_client()
    enter(colleague, "autre@demo.example")
    enter(stranger, "conseiller@second.example")
    for key in [row.sid_hash for user in (people.other, strangers.adviser) for row in session_rows(user)]:
        post(adviser, "/mon-compte/sessions/fermer", at="/mon-compte", session=key)
    assert is_in(colleague)
    assert is_in(stranger)


def test_all_others_then_all(app: Flask, adviser: FlaskClient, people: People) -> None:
    """US-01: «Fermer les autres» keeps this one, «Se déconnecter partout» keeps none; a colleague's goes on."""
    others, colleague = [app.test_client(), app.test_client()], app.test_client()
    for client in others:
        enter(client)
    enter(colleague, "autre@demo.example")
    post(adviser, "/mon-compte/sessions/fermer-les-autres", at="/mon-compte")
    assert [is_in(client) for client in (*others, adviser)] == [False, False, True]
    enter(others[0])
    assert post(adviser, "/mon-compte/sessions/fermer-toutes", at="/mon-compte").headers["Location"] == "/connexion"
    assert [is_in(client) for client in (others[0], adviser, colleague)] == [False, False, True]


def test_a_new_password(app: Flask, adviser: FlaskClient, people: People) -> None:
    """US-01: asks for the current one; the other sessions end, this one goes on under a new name and is told of it."""
    other, before = app.test_client(), adviser.get_cookie("encours_sid").value  # type: ignore[union-attr]
    enter(other)
    wrong = post(adviser, "/mon-compte/mot-de-passe", password="faux", new_password=NEW, new_again=NEW)
    assert wrong.status_code == 422
    assert "pas votre mot de passe actuel" in text(wrong)
    assert post(adviser, "/mon-compte/mot-de-passe", password=PASSWORD, new_password=NEW, new_again=NEW).status_code == 302
    assert is_in(adviser)
    assert adviser.get_cookie("encours_sid").value != before  # type: ignore[union-attr]
    assert not is_in(other)
    assert enter(app.test_client()).status_code == 422
    assert enter(app.test_client(), password=NEW).status_code == 302
    run_due()
    assert "Votre mot de passe a été changé" in told(people, people.adviser)
    assert "user.password_changed" in journal(people)


def test_the_current_password_is_not_guessed_there(adviser: FlaskClient) -> None:
    """US-01: a session left open is no place to try passwords either."""
    form = {"new_password": NEW, "new_again": NEW}
    for _ in range(5):
        assert post(adviser, "/mon-compte/mot-de-passe", password="faux", **form).status_code == 422
    answer = post(adviser, "/mon-compte/mot-de-passe", password=PASSWORD, **form)
    assert answer.status_code == 429
    assert "patientez" in text(answer)


#: Short, common (in French too), about oneself, endless: what is refused and why.
REFUSED = {
    "": "12 caractères", "court mais!": "12 caractères", "passwordpassword": "trop courant", "azertyuiop12": "trop courant",
    "motdepasse2026": "trop courant", "111111111111": "trop courant", "conseiller@demo.example": "trop courant",
    "0123456789012": "trop courant", "é" * 200: "128 caractères", "x\x00x": "12 caractères",
}  # fmt: skip
ALLOWED = (
    NEW, "xkwqzvjpnrtb", "日本語のパスワード長い文字列です", "     un   peu d'espace    ", "T" + "rqk7" * 30,
)  # fmt: skip


def test_passwords_that_are_refused(adviser: FlaskClient) -> None:
    """ASVS 6.2.1, 6.2.4, 6.2.11: said beside the field, nothing of it shown again, and the password is unchanged."""
    for typed, why in REFUSED.items():
        answer = post(adviser, "/mon-compte/mot-de-passe", password=PASSWORD, new_password=typed, new_again=typed)
        assert answer.status_code == 422, typed
        assert why in text(answer), typed
        assert 'id="f-new_password-e"' in text(answer)
        assert len(typed) < 12 or typed == EMAIL or typed not in text(answer)


def test_no_rule_of_composition() -> None:
    """ASVS 6.2.5, 6.2.9: letters alone, spaces, any script, 64 characters and more."""
    assert {typed: passwords.weakness(typed) for typed in ALLOWED} == dict.fromkeys(ALLOWED)


def test_both_must_agree(adviser: FlaskClient) -> None:
    """US-01: a slip of the finger is found out."""
    answer = post(adviser, "/mon-compte/mot-de-passe", password=PASSWORD, new_password=NEW, new_again=NEW + "!")
    assert answer.status_code == 422
    assert "diffèrent" in text(answer)


def test_a_new_device_is_told(app: Flask, people: People) -> None:
    """US-01: not the first ever, not one that is known by its cookie, not its like; one of another kind or place is."""
    first = browser(app)
    enter(first)
    enter(browser(app))  # the same kind at the same address
    first.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    first.delete_cookie("encours_sid")
    enter(first)  # known, elsewhere
    run_due()
    assert told(people, people.adviser) == []
    enter(browser(app, FIREFOX))
    run_due()
    assert told(people, people.adviser) == ["Connexion depuis un nouvel appareil"]
    assert told(people, people.other) == []


def test_the_idle_end(adviser: FlaskClient) -> None:
    """interfaces.md: four hours without a request."""
    with later(hours=3.9):
        assert is_in(adviser)
    with later(hours=7.8):
        assert is_in(adviser)
    with later(hours=11.9):
        assert not is_in(adviser)


def test_the_absolute_end(adviser: FlaskClient) -> None:
    """interfaces.md: twelve hours, whatever one does; a new password does not put it off."""
    for hours in (3, 6, 9):
        with later(hours=hours):
            assert is_in(adviser)
    with later(hours=9):
        form = {"password": PASSWORD, "new_password": NEW, "new_again": NEW}
        assert post(adviser, "/mon-compte/mot-de-passe", **form).status_code == 302
    with later(hours=11.9):
        assert is_in(adviser)
    with later(hours=12.1):
        assert not is_in(adviser)


def test_what_a_page_asks_by_itself_keeps_nothing_open(adviser: FlaskClient, people: People) -> None:
    """ASVS 7.3.1: an open page that polls is nobody's presence; «Rester connecté» is."""
    for hours in (1, 2, 3, 3.9):
        with later(hours=hours):
            assert adviser.get("/live", headers={"Accept": "application/json"}).status_code == 200
            left = adviser.get("/mon-compte/session", headers={"Accept": "application/json"}).get_json()
            assert abs(left["idle"] - (4 - hours) * 3600) < 60
    with later(hours=3.95):
        page = text(adviser.get("/mon-compte/session", headers={"Accept": "application/json"}))
        assert "idle" in page
    with later(hours=4.1):
        gone = adviser.get("/mon-compte/session", headers={"Accept": "application/json"})
        assert gone.status_code == 401


def test_staying(adviser: FlaskClient) -> None:
    """US-01: the idle time begins anew, the absolute end does not move; the page knows both."""
    page = text(adviser.get("/mon-compte"))
    csrf = re.search(r'data-csrf="([^"]+)"', page).group(1)  # type: ignore[union-attr]
    assert 'data-idle="14' in page
    with later(hours=3.9):
        left = adviser.post("/mon-compte/session", headers={"X-CSRFToken": csrf, "Accept": "application/json"}).get_json()
        assert left["idle"] == 4 * 3600
        assert abs(left["absolute"] - 8.1 * 3600) < 60
    with later(hours=7.8):
        assert is_in(adviser)
    assert adviser.post("/mon-compte/session").status_code == 400


def test_signing_out_ends_it_in_the_table(app: Flask, adviser: FlaskClient, people: People) -> None:
    """ASVS 7.4.1: the cookie that was is worth nothing."""
    value = adviser.get_cookie("encours_sid").value  # type: ignore[union-attr]
    post(adviser, "/deconnexion", at="/mon-compte")
    thief = app.test_client()
    thief.set_cookie("encours_sid", value)
    assert not is_in(thief)
    assert session_rows(people.adviser) == []
    assert enter(thief, EMAIL).status_code == 302
