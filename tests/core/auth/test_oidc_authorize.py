"""`GET /plp/authorize`: PLP-064 to PLP-071."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from core.auth.models import OidcClient
from core.auth.models import OidcCode
from core.auth.models import SessionRow
from core.auth.oidc.parameters import UnknownClient
from core.auth.sessions import hashed
from core.cabinets.models import Enabling
from core.cabinets.models import User
from core.db.clock import shifted
from core.extensions import db
from core.links.models import Enrolment
from core.links.models import Launch
from core.links.models import Mandate
from tests.core.auth.oidc_world import BASE
from tests.core.auth.oidc_world import REDIRECT
from tests.core.auth.oidc_world import World
from tests.core.auth.oidc_world import query

ISSUER = f"{BASE}/plp/demo"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(tmp_path, monkeypatch)
    yield made
    made.close()


def test_a_launch_gives_a_code(world: World) -> None:
    """PLP-056, PLP-065, PLP-066: code, state, iss and nothing else; the launch is consumed; the code is kept hashed."""
    launch = world.launch()
    answer = world.authorize(world.params(launch, state="0123456789abcdef"))
    found = query(answer)
    assert found.keys() == {"code", "state", "iss"}
    assert found["iss"] == ISSUER
    assert answer.headers["Cache-Control"] == "no-store"
    assert world.row(launch).consumed_at is not None
    with db.session(None, write=False) as session:
        row = session.scalars(select(OidcCode)).one()
    assert found["code"] not in (row.code_hash, row.sid)
    assert len(found["code"]) >= 22
    assert row.sid != hashed(world.party.sid)
    assert row.used_at is None


@pytest.mark.parametrize("state", ["&=?#%20+/\\\"'<>;:,.~|", "s" * 16, "~" * 256])
def test_the_state_comes_back_byte_for_byte(world: World, state: str) -> None:
    """PLP-065: whatever the state holds."""
    assert query(world.authorize(world.params(world.launch(), state=state)))["state"] == state


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None}, {"client_id": ""}, {"client_id": "cl_unknownunknownunknown"}, {"redirect_uri": None},
        {"redirect_uri": REDIRECT + "/"}, {"redirect_uri": REDIRECT + "?a=1"}, {"redirect_uri": REDIRECT.upper()},
        {"redirect_uri": "https://evil.example/"}, {"redirect_uri": REDIRECT.replace("localhost", "localhost.evil.fr")},
        {"redirect_uri": REDIRECT.replace("localhost", "127.0.0.1")}, {"redirect_uri": REDIRECT + "#x"},
        {"redirect_uri": REDIRECT.replace("callback", "../plp/callback")}, {"redirect_uri": REDIRECT + "%20"},
    ],
)  # fmt: skip
def test_an_unknown_client_or_address_is_never_redirected_to(world: World, changes: dict[str, str | None]) -> None:
    """PLP-065: client_id and exact redirect_uri first, else our own 400 page."""
    launch = world.launch()
    with pytest.raises(UnknownClient) as caught:
        world.authorize(world.params(launch, **changes))
    assert caught.value.status == 400
    assert "n'est pas enregistré" in caught.value.text
    assert world.row(launch).consumed_at is None


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_a_repeated_client_or_address_is_refused_here(world: World, name: str) -> None:
    """PLP-065: which of the two would be exact?"""
    params = world.params(world.launch())
    with pytest.raises(UnknownClient):
        world.authorize([*params, (name, dict(params)[name])])


def test_a_client_without_a_kind_is_unknown(world: World) -> None:
    """PLP-012: a row whose kind nobody registered gets nothing."""
    with db.session(None) as session:
        session.execute(update(OidcClient).values(kind="application"))
    with pytest.raises(UnknownClient):
        world.authorize(world.params(world.launch()))


def test_a_head_request_consumes_nothing(world: World) -> None:
    """PLP-065: only a GET is an authorization request."""
    launch = world.launch()
    answer = world.browser(world.party.sid).head("/plp/authorize", query_string=world.params(launch), base_url=BASE)
    assert answer.status_code == 405
    assert world.row(launch).consumed_at is None


@pytest.mark.parametrize(
    "name",
    ["response_type", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "prompt", "login_hint",
     "plp_message_hint"],
)  # fmt: skip
@pytest.mark.parametrize("fault", ["missing", "empty", "repeated"])
def test_each_parameter_once(world: World, name: str, fault: str) -> None:
    """PLP-064, PLP-069: missing or repeated → invalid_request, with state and iss, without a description."""
    launch = world.launch()
    params = world.params(launch, **({name: None} if fault == "missing" else {name: ""} if fault == "empty" else {}))
    if fault == "repeated":
        params.append((name, dict(params)[name]))
    found = query(world.authorize(params))
    assert found.pop("state", None) == (None if name == "state" else "s" * 20)
    assert found == {"error": "invalid_request", "iss": ISSUER}
    assert world.row(launch).consumed_at is None


@pytest.mark.parametrize(
    "changes",
    [
        {"response_type": "token"}, {"response_type": "code id_token"}, {"response_type": "id_token"},
        {"scope": "openid"}, {"scope": "plp"}, {"scope": "openid plp email"}, {"scope": "openid  plp"},
        {"scope": "openid plp plp"}, {"state": "short"}, {"state": "s" * 257}, {"state": "s" * 16 + " x"},
        {"nonce": "n" * 15}, {"nonce": "n" * 257}, {"nonce": "é" * 20}, {"code_challenge_method": "plain"},
        {"code_challenge_method": "s256"}, {"code_challenge": "c" * 42}, {"code_challenge": "c" * 44},
        {"code_challenge": "c" * 42 + "="}, {"prompt": "login"}, {"prompt": "none login"}, {"prompt": "consent"},
        {"login_hint": "camille@demo.example"}, {"login_hint": "a" * 65}, {"plp_message_hint": "lch"},
        {"request": "eyJhbGciOiJub25lIn0.e30."}, {"request_uri": "https://evil.fr/"}, {"response_mode": "form_post"},
        {"response_mode": "fragment"}, {"claims": "{}"}, {"id_token_hint": "x"}, {"code": "x"},
    ],
)  # fmt: skip
def test_a_wrong_parameter(world: World, changes: dict[str, str]) -> None:
    """PLP-064, PLP-069: another value, or a parameter that is none of PLP-064's → invalid_request."""
    launch = world.launch()
    found = query(world.authorize(world.params(launch, **changes)))
    assert found["error"] == "invalid_request"
    assert found["iss"] == ISSUER
    assert found["state"] == changes.get("state", "s" * 20)
    assert "error_description" not in found
    assert world.row(launch).consumed_at is None


def test_acr_values_and_max_age_are_ignored(world: World) -> None:
    """PLP-064: taken, not looked at."""
    assert "code" in query(world.authorize(world.params(world.launch(), acr_values="urn:plp:acr:mfa", max_age="0")))


@pytest.mark.parametrize("sid", [None, "not-a-session", "x" * 43])
def test_no_session_is_said_at_the_partner(world: World, sid: str | None) -> None:
    """PLP-067: login_required, never our sign-in page; the launch stays."""
    launch = world.launch()
    assert query(world.authorize(world.params(launch), sid)) == {
        "error": "login_required", "state": "s" * 20, "iss": ISSUER,
    }  # fmt: skip
    assert world.row(launch).consumed_at is None


def test_an_ended_session_or_person_is_no_session(world: World) -> None:
    """PLP-067: expired session, deactivated adviser."""
    launch = world.launch()
    with shifted(timedelta(hours=5)):
        assert query(world.authorize(world.params(launch)))["error"] == "login_required"
    with db.session(None) as session:
        session.execute(update(User).where(User.id == world.party.user_id).values(active=False))
    assert query(world.authorize(world.params(launch)))["error"] == "login_required"


def test_parameters_come_before_the_session(world: World) -> None:
    """PLP-065: the order of checks: a bad request without a session is a bad request."""
    assert query(world.authorize(world.params(world.launch(), prompt="login"), None))["error"] == "invalid_request"


def must_be_denied(world: World, params: list[tuple[str, str]], sid: str | None = "") -> None:
    """One word for all launch problems (PLP-068)."""
    found = query(world.authorize(params, sid))
    assert found == {"error": "access_denied", "state": "s" * 20, "iss": ISSUER}


def test_an_unknown_launch(world: World) -> None:
    """PLP-068."""
    must_be_denied(world, world.params("lch_" + "0" * 22))


def test_an_expired_launch(world: World) -> None:
    """PLP-064, PLP-068: the 120 s end at authorize."""
    launch = world.launch()
    with shifted(timedelta(seconds=121)):
        must_be_denied(world, world.params(launch))
    assert world.row(launch).consumed_at is None
    with shifted(timedelta(seconds=110)):
        assert "code" in query(world.authorize(world.params(launch)))


def test_a_used_launch(world: World) -> None:
    """PLP-068, PLP-071: also on reload and back, with the very same request."""
    params = world.params(world.launch())
    assert "code" in query(world.authorize(params))
    must_be_denied(world, params)
    assert world.count(OidcCode) == 1


def test_another_session_of_the_same_person(world: World) -> None:
    """PLP-053, PLP-068: a launch belongs to the session that made it."""
    launch = world.launch()
    must_be_denied(world, world.params(launch), world.sign_in(world.party.cabinet_id, world.party.user_id))
    assert world.row(launch).consumed_at is None


def test_another_person(world: World) -> None:
    """PLP-068: somebody else of the cabinet, even under the first one's hint."""
    launch = world.launch()
    with db.session(None, write=False) as session:
        other = session.scalars(select(User.id).where(User.role == "ADMINISTRATEUR")).one()
    must_be_denied(world, world.params(launch), world.sign_in(world.party.cabinet_id, other))
    assert world.row(launch).consumed_at is None


def test_another_login_hint(world: World) -> None:
    """PLP-065, PLP-068."""
    launch = world.launch()
    must_be_denied(world, world.params(launch, login_hint="adv_" + "0" * 22))
    assert world.row(launch).consumed_at is None


def test_another_cabinets_client(world: World) -> None:
    """PLP-012: the cabinet comes from the client; a session or a launch of another cabinet is worth nothing there."""
    second = world.make("second")
    first = world.launch()
    for params, sid in (
        (world.params(first, client_id=second.client_id), world.party.sid),
        (world.params(first, client_id=second.client_id), second.sid),
        (world.params(first), second.sid),
        (world.params(world.launch(second)), second.sid),
    ):
        found = query(world.authorize(params, sid))
        assert found["error"] == "access_denied"
        assert found["iss"] == f"{BASE}/plp/{'second' if dict(params)['client_id'] == second.client_id else 'demo'}"
    assert world.row(first).consumed_at is None
    assert world.count(OidcCode) == 0


@pytest.mark.parametrize(
    "what",
    ["suspended", "revoked", "expired", "partner", "adviser", "disabled", "flagged", "scope", "not yet", "superseded"],
)
def test_what_ended_meanwhile_ends_the_launch(world: World, what: str) -> None:
    """PLP-042, PLP-043, PLP-068: the mandate is judged again at authorize; nothing is consumed."""
    launch = world.launch()
    end(world, what, launch)
    must_be_denied(world, world.params(launch))
    assert world.row(launch).consumed_at is None


def end(world: World, what: str, launch: str) -> None:
    """Take away something that a launch needs."""
    with db.session(world.party.cabinet_id) as session:
        mandate = session.scalars(select(Mandate)).one()
        if what in ("suspended", "revoked", "expired"):
            mandate.state = what
        elif what == "partner":
            mandate.state = mandate.partner_state = "suspended"
        elif what == "adviser":
            session.scalars(select(Enrolment)).one().state = "suspended"
            mandate.content = {**mandate.content, "advisers": []}
        elif what == "disabled":
            session.scalars(select(Enabling)).one().enabled = False
        elif what == "flagged":
            session.scalars(select(Launch).where(Launch.launch_id == launch)).one().flagged = True
        elif what == "scope":
            mandate.content = {**mandate.content, "scopes": ["capabilities", "launch:avance"]}
        elif what == "not yet":
            mandate.active_from = mandate.created_at + timedelta(days=1)
        else:
            session.scalars(select(Launch).where(Launch.launch_id == launch)).one().mandate = "mdt_" + "0" * 22


def test_database_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLP-070: temporarily_unavailable, with state and iss; the launch serves afterwards."""
    launch = world.launch()
    with monkeypatch.context() as broken:
        away = OperationalError("UPDATE", {}, Exception("database is locked"))
        broken.setattr("core.auth.oidc.codes.save", lambda *_a, **_k: (_ for _ in ()).throw(away))
        found = query(world.authorize(world.params(launch)))
    assert found == {"error": "temporarily_unavailable", "state": "s" * 20, "iss": ISSUER}
    assert world.row(launch).consumed_at is None
    assert "code" in query(world.authorize(world.params(launch)))


def test_two_threads_one_launch(world: World) -> None:
    """PLP-065: consumed by rowcount: two tabs at once make one code."""
    for _ in range(4):
        launch = world.launch()
        barrier, found = threading.Barrier(2), []

        def go(launch: str = launch, barrier: threading.Barrier = barrier, found: list[str] = found) -> None:
            barrier.wait()
            answer = query(world.authorize(world.params(launch)))
            found.append("code" if "code" in answer else answer["error"])

        threads = [threading.Thread(target=go) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(found) == ["access_denied", "code"]
    assert world.count(OidcCode) == 4


def test_the_session_cookie_is_not_renamed_nor_lost(world: World) -> None:
    """PLP-065: the endpoint reads the session and leaves it as it is."""
    answer = world.authorize(world.params(world.launch()))
    assert "Set-Cookie" not in answer.headers
    with db.session(None, write=False) as session:
        assert session.get(SessionRow, hashed(world.party.sid)) is not None


def test_the_page_for_an_unknown_client(app: Flask) -> None:
    """PLP-065: in the whole application: our own French page, 400, not kept by anyone, no redirect."""
    answer = app.test_client().get("/plp/authorize?client_id=x&redirect_uri=https://evil.fr/", base_url=BASE)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    page = answer.get_data(as_text=True)
    assert "enregistré auprès de votre cabinet" in page
    assert "evil.fr" not in page


def test_no_cookie_at_the_token_endpoint(app: Flask) -> None:
    """PLP-072: in the whole application: no form token asked, no session opened, JSON whatever comes."""
    answer = app.test_client().post("/plp/token", data={"grant_type": "x"}, base_url=BASE)
    assert (answer.status_code, answer.get_json()) == (400, {"error": "unsupported_grant_type"})
    assert "Set-Cookie" not in answer.headers
