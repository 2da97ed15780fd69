"""`POST /plp/token`: PLP-072, PLP-074 to PLP-078, PLP-043."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt as pyjwt
import pytest
from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWT
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from core.auth.models import OidcCode
from core.auth.sessions import COOKIE
from core.auth.sessions import hashed
from core.cabinets.models import AuditEntry
from core.cabinets.models import User
from core.db.clock import shifted
from core.extensions import db
from core.links import sso
from core.links.models import Launch
from core.links.models import Mandate
from core.shell.models import Notification
from core.transactions.models import Transaction
from tests.core.auth.oidc_world import BASE
from tests.core.auth.oidc_world import REDIRECT
from tests.core.auth.oidc_world import World


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(tmp_path, monkeypatch)
    yield made
    made.close()


def must_be_refused(answer: TestResponse, error: str, status: int = 400) -> None:
    """RFC 6749 §5.2: JSON, `no-store`, one word, never problem details (PLP-074)."""
    assert (answer.status_code, answer.get_json()) == (status, {"error": error}), answer.get_data(as_text=True)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "WWW-Authenticate" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def used(world: World) -> int:
    """How many codes are used up."""
    with db.session(None, write=False) as session:
        return len(session.scalars(select(OidcCode).where(OidcCode.used_at.is_not(None))).all())


def test_the_token(world: World) -> None:
    """PLP-072, PLP-075, PLP-076: every member, as the design page shows it, verified by PyJWT."""
    launch = world.launch(decision_id="dec_0123456789abcdef")
    answer = world.token(world.form(world.code(launch)))
    claims = world.claims(answer)
    body = answer.get_json()
    assert body.keys() == {"token_type", "expires_in", "access_token", "scope", "id_token"}
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 300, "openid plp")
    assert len(body["access_token"]) >= 43
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    header = pyjwt.get_unverified_header(body["id_token"])
    assert header.keys() == {"alg", "kid", "typ"}
    assert (header["alg"], header["typ"]) == ("ES256", "JWT")
    row = world.row(launch)
    assert claims["exp"] - claims["iat"] == 300
    assert claims["iat"] - claims["auth_time"] in range(299, 305)
    assert claims["sid"] not in (world.party.sid, hashed(world.party.sid))
    plp = claims.pop("plp")
    for name in ("iat", "exp", "auth_time", "sid"):
        claims.pop(name)
    assert claims == {
        "iss": f"{BASE}/plp/demo", "sub": world.party.handle, "aud": world.party.client_id, "nonce": "n" * 20,
        "acr": "urn:plp:acr:password", "amr": ["pwd"],
    }  # fmt: skip
    assert plp == {
        "launch_id": launch, "interaction_id": row.claims["interaction_id"],
        "transaction_ref": row.claims["transaction_ref"], "mandate": world.party.mandate, "action": "arbitrage",
        "account": {"scheme": "contract-number", "ref": "HIM001"},
        "actor": {"sub": world.party.handle, "display": "Camille Dupont", "broker_code": "C1"},
        "decision_id": "dec_0123456789abcdef", "prefill": None,
        "return_url": f"{BASE}/plp/return?launch={launch}", "locale": "fr-FR",
    }  # fmt: skip


def test_a_second_library_agrees(world: World) -> None:
    """PLP-075: jwcrypto verifies the same token against the published keys, and refuses it after a changed bit."""
    token = world.token(world.form(world.code(world.launch()))).get_json()["id_token"]
    published = world.app.test_client().get("/plp/demo/jwks.json", base_url=BASE).get_json()["keys"][0]
    read = JWT(jwt=token, key=JWK(**published), algs=["ES256"], expected_type="JWS")
    assert json.loads(read.claims)["aud"] == world.party.client_id
    head, body, signature = token.split(".")
    changed = f"{head}.{body[:-3]}{'A' if body[-3] != 'A' else 'B'}{body[-2:]}.{signature}"
    with pytest.raises(Exception, match="Verification failed"):
        JWT(jwt=changed, key=JWK(**published), algs=["ES256"], expected_type="JWS")


def test_the_transaction_is_opened(world: World) -> None:
    """PLP-057: at the token, not before; in the journal."""
    launch = world.launch()
    code = world.code(launch)
    assert world.status(launch) == "initiated"
    world.claims(world.token(world.form(code)))
    assert world.status(launch) == "opened"
    assert world.row(launch).opened_at is not None
    with db.session(world.party.cabinet_id, write=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "link.opened")).one()
    assert (entry.actor, entry.subject) == ("partner:nomineo", f"launch:{launch}")


def test_a_consultation_has_no_transaction(world: World) -> None:
    """PLP-076: `transaction_ref` is null."""
    claims = world.claims(world.token(world.form(world.code(world.launch(act="consultation")))))
    assert claims["plp"]["transaction_ref"] is None
    assert claims["plp"]["action"] == "consultation"


def test_a_transaction_the_partner_already_spoke_of_is_left(world: World) -> None:
    """PLP-086: `pending` is the partner's word; the token does not take it back."""
    launch = world.launch()
    code = world.code(launch)
    with db.session(world.party.cabinet_id) as session:
        session.execute(update(Transaction).values(status="pending"))
    world.claims(world.token(world.form(code)))
    assert world.status(launch) == "pending"


def test_prefill_and_second_factor(world: World) -> None:
    """PLP-078, PLP-080: the prefill goes as it was stored; a second factor among the methods is the stronger acr."""
    prefill = {
        "instructions": [{"side": "in", "isin": None, "support_ref": "EURO-1", "mode": "all", "value": None}],
        "amount": None, "origin": None,
    }  # fmt: skip
    world.party.sid = world.sign_in(world.party.cabinet_id, world.party.user_id, ["pwd", "otp"])
    claims = world.claims(world.token(world.form(world.code(world.launch(prefill=prefill)))))
    assert claims["plp"]["prefill"] == prefill
    assert (claims["acr"], claims["amr"]) == ("urn:plp:acr:mfa", ["pwd", "otp"])


def test_the_session_name_is_pairwise(world: World) -> None:
    """PLP-075: one session, one `sid` at one partner; another session, another."""
    first = world.claims(world.token(world.form(world.code(world.launch()))))["sid"]
    again = world.claims(world.token(world.form(world.code(world.launch()))))["sid"]
    world.party.sid = world.sign_in(world.party.cabinet_id, world.party.user_id)
    other = world.claims(world.token(world.form(world.code(world.launch()))))["sid"]
    assert first == again != other


@pytest.mark.parametrize("name", ["grant_type", "code", "redirect_uri", "code_verifier", "client_id"])
@pytest.mark.parametrize("fault", ["missing", "empty", "repeated", "in the query"])
def test_each_member_once(world: World, name: str, fault: str) -> None:
    """PLP-072, PLP-074: invalid_request; nothing is used up; the query is never read."""
    form: dict[str, Any] = world.form(world.code(world.launch()))
    value = form[name]
    if fault == "repeated":
        form[name] = [value, value]
    elif fault == "empty":
        form[name] = ""
    else:
        del form[name]
    must_be_refused(world.token(form, query_string={name: value} if fault == "in the query" else None), "invalid_request")
    assert used(world) == 0


@pytest.mark.parametrize(
    ("changes", "error", "status"),
    [
        ({"grant_type": "refresh_token"}, "unsupported_grant_type", 400),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type", 400),
        ({"client_secret": "x"}, "invalid_request", 400),
        ({"code": "x" * 22}, "invalid_grant", 400),
        ({"redirect_uri": REDIRECT + "/"}, "invalid_grant", 400),
        ({"code_verifier": "w" * 43}, "invalid_grant", 400),
        ({"code_verifier": "v" * 42}, "invalid_request", 400),
        ({"code_verifier": "v" * 129}, "invalid_request", 400),
        ({"code_verifier": "é" * 43}, "invalid_request", 400),
        ({"client_assertion": None}, "invalid_client", 401),
        ({"client_assertion_type": None}, "invalid_client", 401),
        ({"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"}, "invalid_client", 401),
    ],
)
def test_a_wrong_member_uses_nothing_up(world: World, changes: dict[str, str | None], error: str, status: int) -> None:
    """PLP-074: each error; afterwards the code still serves (a wrong verifier consumes nothing)."""
    code = world.code(world.launch())
    form = {name: value for name, value in {**world.form(code), **changes}.items() if value is not None}
    must_be_refused(world.token(form), error, status)
    assert used(world) == 0
    world.claims(world.token(world.form(code)))


def test_other_ways_in(world: World) -> None:
    """PLP-072: a form and nothing else; no Basic; no cookie; a big body is a bad request."""
    form = world.form(world.code(world.launch()))
    must_be_refused(world.token(json.dumps(form), content_type="application/json"), "invalid_request")
    must_be_refused(world.token(form, content_type="multipart/form-data"), "invalid_request")
    must_be_refused(world.token(form, headers={"Authorization": "Basic eDp5"}), "invalid_request")
    must_be_refused(world.token(form, query_string={"resource": "x"}), "invalid_request")
    must_be_refused(world.token({**form, "padding": "x" * 20_000}), "invalid_request")
    assert world.app.test_client().get("/plp/token", base_url=BASE).status_code == 405
    client = world.app.test_client()
    client.set_cookie(COOKIE, "planted", domain="127.0.0.1")
    answer = client.post("/plp/token", data=form, base_url=BASE)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_a_code_lives_sixty_seconds(world: World) -> None:
    """PLP-072: expired → invalid_grant."""
    code = world.code(world.launch())
    with shifted(timedelta(seconds=61)):
        must_be_refused(world.token(world.form(code)), "invalid_grant")
    with shifted(timedelta(seconds=50)):
        world.claims(world.token(world.form(code)))


def test_another_clients_code(world: World) -> None:
    """PLP-012: a code of one client is never valid with another, whatever the rest."""
    second = world.make("second")
    launch = world.launch()
    code = world.code(launch)
    must_be_refused(world.token(world.form(code, second)), "invalid_grant")
    assert not world.row(launch).flagged
    must_be_refused(world.token(world.form(code, second, client_assertion=world.assertion(world.party))), "invalid_client", 401)
    world.claims(world.token(world.form(code)))


def alerts(world: World) -> list[Notification]:
    with db.session(world.party.cabinet_id, write=False) as session:
        return list(session.scalars(select(Notification).where(Notification.kind == "security")))


def test_a_second_use_raises_the_alert_once(world: World) -> None:
    """PLP-074: invalid_grant, the launch flagged, the administrators told; the third use tells nothing new."""
    launch = world.launch()
    code = world.code(launch)
    world.claims(world.token(world.form(code)))
    assert not alerts(world)
    for _ in range(2):
        must_be_refused(world.token(world.form(code)), "invalid_grant")
        assert world.row(launch).flagged
    told = alerts(world)
    assert len(told) == 1
    assert launch in told[0].text
    assert "HIM001" not in told[0].text
    with db.session(world.party.cabinet_id, write=False) as session:
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "link.code_replayed")).all()) == 1
    assert world.status(launch) == "opened"


@pytest.mark.parametrize("changes", [{"code_verifier": "w" * 43}, {"redirect_uri": REDIRECT + "/"}])
def test_a_used_code_is_recognised_before_the_rest(world: World, changes: dict[str, str]) -> None:
    """PLP-074: who has read a code need not know the verifier to be noticed; nor be in time."""
    launch = world.launch()
    code = world.code(launch)
    world.claims(world.token(world.form(code)))
    with shifted(timedelta(hours=1)):
        must_be_refused(world.token(world.form(code, **changes)), "invalid_grant")
    assert world.row(launch).flagged


def test_a_stranger_without_a_key_raises_no_alert(world: World) -> None:
    """PLP-074: the client proves itself first."""
    launch = world.launch()
    code = world.code(launch)
    world.claims(world.token(world.form(code)))
    must_be_refused(world.token(world.form(code, client_assertion="a.b.c")), "invalid_client", 401)
    assert not world.row(launch).flagged


@pytest.mark.parametrize("what", ["revoked", "suspended", "flagged", "person"])
def test_what_ended_meanwhile_kills_the_code(world: World, what: str) -> None:
    """PLP-043: between authorize and token; nothing is used up, nothing opened."""
    launch = world.launch()
    code = world.code(launch)
    with db.session(world.party.cabinet_id) as session:
        if what == "person":
            session.execute(update(User).where(User.id == world.party.user_id).values(active=False))
        elif what == "flagged":
            session.execute(update(Launch).values(flagged=True))
        else:
            session.scalars(select(Mandate)).one().state = what
    must_be_refused(world.token(world.form(code)), "invalid_grant")
    assert used(world) == 0
    assert world.status(launch) == "initiated"


def test_a_signature_that_fails_uses_nothing_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLP-072: code, transaction and token are one database transaction."""
    launch = world.launch()
    code = world.code(launch)
    with monkeypatch.context() as broken:
        broken.setattr(sso.keys, "sign", lambda *_a, **_k: 1 / 0)
        must_be_refused(world.token(world.form(code)), "server_error", 500)
    assert used(world) == 0
    assert world.status(launch) == "initiated"
    world.claims(world.token(world.form(code)))


def test_database_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLP-070's counterpart: 503 and Retry-After, so that the partner comes again; nothing is used up."""
    code = world.code(world.launch())
    with monkeypatch.context() as broken:
        away = OperationalError("UPDATE", {}, Exception("database is locked"))
        broken.setattr("core.auth.oidc.codes.use", lambda *_a: (_ for _ in ()).throw(away))
        answer = world.token(world.form(code))
    must_be_refused(answer, "temporarily_unavailable", 503)
    assert answer.headers["Retry-After"] == "5"
    world.claims(world.token(world.form(code)))


def test_two_threads_one_code(world: World) -> None:
    """PLP-074: one token; the loser is the second use, and raises the alert."""
    for turn in range(1, 4):
        launch = world.launch()
        forms = [world.form(code) for code in [world.code(launch)] for _ in range(2)]
        barrier, found = threading.Barrier(2), []

        def go(form: dict[str, str], barrier: threading.Barrier = barrier, found: list[int] = found) -> None:
            barrier.wait()
            found.append(world.token(form).status_code)

        threads = [threading.Thread(target=go, args=(form,)) for form in forms]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(found) == [200, 400]
        assert used(world) == turn
        assert world.row(launch).flagged
        assert len(alerts(world)) == turn
