"""`client_assertion`: PLP-073, and PLP-017 as the provider uses it."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import ECKey
from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWT
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.auth.models import ReplayGuard
from core.db.clock import epoch
from core.db.clock import shifted
from core.extensions import db
from core.hooks.errors import PartnerUnavailable
from tests.core.auth.oidc_world import BASE
from tests.core.auth.oidc_world import PartnerKey
from tests.core.auth.oidc_world import World
from tests.core.auth.oidc_world import compact
from tests.core.auth.oidc_world import jwks_answer


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(tmp_path, monkeypatch)
    yield made
    made.close()


@pytest.fixture
def code(world: World) -> str:
    return world.code(world.launch())


def send(world: World, code: str, assertion: str) -> TestResponse:
    return world.token(world.form(code, client_assertion=assertion))


def must_be_refused(world: World, code: str, assertion: str) -> None:
    """invalid_client, and the code still serves."""
    answer = send(world, code, assertion)
    assert (answer.status_code, answer.get_json()) == (401, {"error": "invalid_client"})
    assert send(world, code, world.assertion()).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"aud": f"{BASE}/plp/token"}, {"exp": 90}, {"iat": 29, "exp": 119}, {"iat": -60, "exp": -20}, {"nbf": 29},
        {"typ": None}, {"typ": "client-authentication+jwt"}, {"extra": {"nested": [1]}},
    ],
)  # fmt: skip
def test_accepted(world: World, code: str, changes: dict[str, Any]) -> None:
    """PLP-073: both audiences, 90 s at most, leeway 30 s, the three types. Times are given relative to now."""
    header = {"typ": changes.pop("typ")} if "typ" in changes else None
    at = epoch()
    made = {name: at + value if isinstance(value, int) else value for name, value in changes.items()}
    assert send(world, code, world.assertion(header=header, **made)).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": None}, {"sub": None}, {"iss": "cl_other"}, {"sub": "cl_other"}, {"sub": ["x"]}, {"aud": None},
        {"aud": BASE}, {"aud": f"{BASE}/plp/demo/"}, {"aud": f"{BASE}/plp/second"}, {"aud": [f"{BASE}/plp/demo"]},
        {"aud": [f"{BASE}/plp/demo", "https://evil.example"]}, {"aud": "https://evil.example/plp/token"},
        {"iat": None}, {"exp": None}, {"iat": "now"}, {"iat": True}, {"exp": 1.5e9}, {"exp": float("nan")},
        {"jti": None}, {"jti": "short"}, {"jti": 12345678901234567890}, {"jti": "j" * 65}, {"jti": "j" * 20 + " "},
        {"nbf": "x"},
    ],
)  # fmt: skip
def test_a_wrong_claim(world: World, code: str, changes: dict[str, Any]) -> None:
    """PLP-073: iss = sub = client_id, aud one string, integer times, a jti of PLP-004's shape."""
    must_be_refused(world, code, world.assertion(**changes))


@pytest.mark.parametrize(("issued", "expires"), [(0, 91), (31, 100), (-120, -31), (0, 0), (0, -1), (-200, 10)])
def test_a_wrong_time(world: World, code: str, issued: int, expires: int) -> None:
    """PLP-073: iat to exp ≤ 90 s, not the future, not the past, leeway 30 s."""
    must_be_refused(world, code, world.assertion(iat=epoch() + issued, exp=epoch() + expires))


def test_not_yet(world: World, code: str) -> None:
    """PLP-073: nbf beyond the leeway."""
    must_be_refused(world, code, world.assertion(nbf=epoch() + 45))


@pytest.mark.parametrize(
    "header",
    [
        {"kid": None}, {"kid": 1}, {"kid": ""}, {"kid": "unknown"}, {"alg": "none"}, {"alg": "HS256"}, {"alg": "ES384"},
        {"alg": "RS256"}, {"alg": ["ES256"]}, {"typ": "plp-req+jwt"}, {"typ": "at+jwt"}, {"typ": 1}, {"crit": ["exp"]},
        {"b64": False}, {"jku": "https://evil.example/jwks"}, {"x5u": "https://evil.example/c"}, {"x5c": ["x"]},
    ],
)  # fmt: skip
def test_a_wrong_header(world: World, code: str, header: dict[str, Any]) -> None:
    """PLP-073: kid required, ES256 only, three types; nothing that brings a key or changes what is signed."""
    must_be_refused(world, code, world.assertion(header=header))


def test_a_key_in_the_header(world: World, code: str) -> None:
    """PLP-017: a token's own `jwk` is never believed, not even under the true kid."""
    thief = PartnerKey()
    must_be_refused(world, code, world.assertion(key=thief, header={"jwk": thief.public, "kid": world.key.kid}))


def test_another_key(world: World, code: str) -> None:
    """PLP-017: a key of the JWKS that is not on the sheet, and a stranger's signature under the true kid."""
    unlisted = PartnerKey()
    world.http.answer = staticmethod(lambda: jwks_answer(world.key.public, unlisted.public))
    answer = send(world, code, world.assertion(key=unlisted))
    assert answer.get_json() == {"error": "invalid_client"}
    must_be_refused(world, code, world.assertion(key=PartnerKey(), header={"kid": world.key.kid}))


def test_hmac_with_the_public_key(world: World, code: str) -> None:
    """PLP-073: the classic confusion: HS256 keyed with our partner's public key."""
    head, body, _ = world.assertion(header={"alg": "HS256"}).split(".")
    secret = json.dumps(world.key.public).encode()
    mac = base64.urlsafe_b64encode(hmac.digest(secret, f"{head}.{body}".encode(), "sha256")).rstrip(b"=").decode()
    must_be_refused(world, code, f"{head}.{body}.{mac}")


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "a.b.c.d", "....", "é.é.é", " ", "e30.e30.e30", "W10.W10.W10"])
def test_no_token_at_all(world: World, code: str, text: str) -> None:
    """PLP-073: whatever stands there is refused, never an error 500."""
    answer = send(world, code, text)
    assert answer.status_code == (401 if text else 400)


def test_repeated_members_and_size(world: World, code: str) -> None:
    """PLP-003: a member twice, which two readers would read differently; 8 KiB at most; broken UTF-8."""
    claims = json.dumps({"iss": world.party.client_id, "sub": world.party.client_id, "aud": f"{BASE}/plp/demo"})
    twice = claims[:-1] + f', "aud": "{BASE}/plp/token", "iat": {epoch()}, "exp": {epoch() + 60}, "jti": "{"j" * 20}"}}'
    header = {"alg": "ES256", "kid": world.key.kid}
    must_be_refused(world, code, compact(world.key, header, twice.encode()))
    for body in (b"\xff\xfe{\x00}\x00", b"[]", b"null", b"[" * 4000):
        assert send(world, code, compact(world.key, header, body)).get_json() == {"error": "invalid_client"}
    assert send(world, code, world.assertion(padding="x" * 8192)).get_json() == {"error": "invalid_client"}


def test_a_jti_serves_once(world: World, code: str) -> None:
    """PLP-073: even where the first request failed for another reason; kept until exp + 30 s, then forgotten."""
    assertion = world.assertion(jti="j" * 20)
    assert send(world, "x" * 22, assertion).get_json() == {"error": "invalid_grant"}
    assert send(world, code, assertion).get_json() == {"error": "invalid_client"}
    assert send(world, code, world.assertion(jti="j" * 20)).get_json() == {"error": "invalid_client"}
    with shifted(timedelta(seconds=75)):
        fresh = world.assertion(jti="j" * 20)
        assert send(world, "x" * 22, fresh).get_json() == {"error": "invalid_client"}
    with shifted(timedelta(seconds=95)):
        assert send(world, "x" * 22, world.assertion(jti="k" * 20)).get_json() == {"error": "invalid_grant"}
        with db.session(None, write=False) as session:
            assert [row.jti for row in session.scalars(select(ReplayGuard))] == ["k" * 20]


def test_a_bad_signature_uses_no_jti(world: World, code: str) -> None:
    """PLP-073: or anyone could use up the partner's."""
    must_be_refused(world, code, world.assertion(key=PartnerKey(), header={"kid": world.key.kid}, jti="j" * 20))
    with db.session(None, write=False) as session:
        assert "j" * 20 not in [row.jti for row in session.scalars(select(ReplayGuard))]


def test_two_threads_one_assertion(world: World) -> None:
    """PLP-073: two requests with one `jti` at once: one is authenticated."""
    codes = [world.code(world.launch()) for _ in range(2)]
    assertion = world.assertion()
    barrier, found = threading.Barrier(2), []

    def go(code: str) -> None:
        barrier.wait()
        found.append(send(world, code, assertion).status_code)

    threads = [threading.Thread(target=go, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200, 401]


def test_three_libraries_make_it(world: World) -> None:
    """PLP-073: assertions made by jwcrypto and joserfc are taken like PyJWT's."""
    raw = world.key.private
    for library in ("jwcrypto", "joserfc"):
        claims = {
            "iss": world.party.client_id, "sub": world.party.client_id, "aud": f"{BASE}/plp/demo", "iat": epoch(),
            "exp": epoch() + 60, "jti": secrets.token_urlsafe(16),
        }  # fmt: skip
        header = {"alg": "ES256", "kid": world.key.kid}
        key = JWK.from_pyca(raw)
        if library == "jwcrypto":
            token = JWT(header=header, claims=claims)
            token.make_signed_token(key)
            text = token.serialize()
        else:
            text = joserfc_jwt.encode(header, claims, ECKey.import_key(key.export_private(as_dict=True)))
        assert send(world, world.code(world.launch()), text).status_code == 200, library


def test_keys_away(world: World, code: str) -> None:
    """PLP-016: the partner's keys cannot be had: 503 with Retry-After, nothing used up."""

    def away() -> Any:
        raise PartnerUnavailable("Le partenaire ne répond pas.")

    world.http.answer, kept = staticmethod(away), world.http.answer
    answer = send(world, code, world.assertion())
    assert (answer.status_code, answer.get_json()) == (503, {"error": "temporarily_unavailable"})
    assert answer.headers["Retry-After"] == "5"
    world.http.answer = staticmethod(kept)
    assert send(world, code, world.assertion()).status_code == 200
