"""What a partner reads of us: PLP-015, PLP-016, PLP-019, PLP-008, PLP-107."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jwt as pyjwt
import pytest
from jwcrypto.jwk import JWK
from werkzeug.test import TestResponse

from core.db.clock import epoch
from core.extensions import db
from core.links import keys
from core.web.policy import policy_of
from tests.core.auth.oidc_world import BASE
from tests.core.auth.oidc_world import World

ISSUER = f"{BASE}/plp/demo"
INTERACTION = "0b9f6a52-3c9e-4a3b-9a53-1d5f3f1f9b11"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(tmp_path, monkeypatch)
    yield made
    made.close()


def get(world: World, path: str, **options: object) -> TestResponse:
    return world.app.test_client().get(path, base_url="http://evil.example", **options)


def test_discovery(world: World) -> None:
    """PLP-015: the document of the page, built from configuration, whatever Host says."""
    answer = get(world, "/plp/demo/.well-known/openid-configuration")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "public, max-age=900"
    assert answer.get_json() == {
        "issuer": ISSUER, "authorization_endpoint": f"{BASE}/plp/authorize", "token_endpoint": f"{BASE}/plp/token",
        "jwks_uri": f"{ISSUER}/jwks.json", "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"], "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256"], "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "plp"], "prompt_values_supported": ["none"],
        "authorization_response_iss_parameter_supported": True,
    }  # fmt: skip


def test_the_keys_are_public_and_the_cabinets_own(world: World) -> None:
    """PLP-016: P-256, `kid` = thumbprint, sig, ES256, public members only, max-age 900; one set a cabinet."""
    world.make("second")
    assert get(world, "/plp/demo/jwks.json").get_json() == {"keys": []}
    with db.session(world.party.cabinet_id) as session:
        kid, _ = keys.signing_key(session)
    answer = get(world, "/plp/demo/jwks.json")
    assert answer.headers["Cache-Control"] == "public, max-age=900"
    (key,) = answer.get_json()["keys"]
    assert key.keys() == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert (key["kty"], key["crv"], key["use"], key["alg"], key["kid"]) == ("EC", "P-256", "sig", "ES256", kid)
    assert JWK(**key).thumbprint() == kid
    assert get(world, "/plp/second/jwks.json").get_json() == {"keys": []}


def test_a_request_is_signed_so_that_the_partner_can_check_it(world: World) -> None:
    """PLP-022: any claims, any `typ`, ES256, verified by PyJWT against the published keys."""
    with db.session(world.party.cabinet_id, write=False) as session:
        made = keys.sign(session, {"iss": ISSUER, "é": "è", "exp": epoch() + 60}, typ="plp-req+jwt")
    (key,) = get(world, "/plp/demo/jwks.json").get_json()["keys"]
    assert pyjwt.get_unverified_header(made) == {"alg": "ES256", "kid": key["kid"], "typ": "plp-req+jwt"}
    assert pyjwt.decode(made, pyjwt.PyJWK(key), ["ES256"], options={"verify_exp": False})["é"] == "è"


def test_statements(world: World) -> None:
    """PLP-019: a known mandate has an empty list, anything else one 404."""
    second = world.make("second")
    answer = get(world, f"/plp/demo/keys-statement?mandate={world.party.mandate}")
    assert (answer.status_code, answer.get_json()) == (200, {"statements": []})
    bodies = []
    for mandate in ("mdt_" + "0" * 22, second.mandate, ""):
        answer = get(world, f"/plp/demo/keys-statement?mandate={mandate}", headers={"PLP-Interaction-Id": INTERACTION})
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
        bodies.append(answer.get_json())
    assert bodies[0] == bodies[1] == bodies[2]
    assert bodies[0] == {
        "type": "urn:plp:problem:mandate-unknown", "title": "Mandat inconnu", "status": 404, "detail": "Mandat inconnu",
        "instance": "/plp/demo/keys-statement", "interaction_id": INTERACTION, "retryable": False, "reason_code": None,
    }  # fmt: skip


@pytest.mark.parametrize("query", ["", "?mandate=a&mandate=b"])
def test_statements_of_one_mandate(world: World, query: str) -> None:
    """PLP-019: the parameter once."""
    answer = get(world, f"/plp/demo/keys-statement{query}")
    assert (answer.status_code, answer.get_json()["type"]) == (400, "urn:plp:problem:malformed-request")


@pytest.mark.parametrize("path", [".well-known/openid-configuration", "jwks.json", "keys-statement?mandate=x"])
def test_an_unknown_cabinet(world: World, path: str) -> None:
    """PLP-107: a problem, in which nothing of the request is but its path."""
    answer = get(world, f"/plp/nobody/{path}")
    assert (answer.status_code, answer.get_json()["type"]) == (404, "urn:plp:problem:not-found")


@pytest.mark.parametrize("given", [INTERACTION, None, "1", "<script>", "0b9f6a523c9e4a3b9a531d5f3f1f9b11"])
def test_the_interaction_id_comes_back(world: World, given: str | None) -> None:
    """PLP-008: echoed; one that is no UUID is replaced."""
    headers = {"PLP-Interaction-Id": given} if given else {}
    back = get(world, "/plp/demo/jwks.json", headers=headers).headers["PLP-Interaction-Id"]
    assert (back == given) is (given == INTERACTION)
    assert len(back) == 36


def test_each_view_says_who_may_come(world: World) -> None:
    """Architecture §4: all of `/plp` here authenticates itself; authorize is the browser's."""
    kinds = {rule.rule: policy_of(world.app.view_functions[rule.endpoint]) for rule in world.app.url_map.iter_rules()}
    assert {path: found.kind for path, found in kinds.items() if found} == {
        "/plp/<slug>/.well-known/openid-configuration": "machine", "/plp/<slug>/jwks.json": "machine",
        "/plp/<slug>/keys-statement": "machine", "/plp/authorize": "public", "/plp/token": "machine",
    }  # fmt: skip
    assert None not in kinds.values()
