"""A partner of other hands: openid-client and jose under Node take our requests and our launch (PL-05, BL-01, BL-14)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import jwt as pyjwt
import pytest
import requests
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from tests.interop import book
from tests.interop.joining import BROKER
from tests.interop.joining import Joining
from tests.interop.launching import Trip
from tests.interop.launching import query
from tests.stage import texts


@pytest.fixture(scope="module")
def trip(joined: Joining) -> Trip:
    return Trip(joined)


@pytest.fixture(scope="module")
def arrived(trip: Trip) -> dict[str, Any]:
    """What the partner knows after a whole launch."""
    request_url = trip.initiate()
    callback = trip.authorize(request_url)
    return {"request": query(request_url), "callback": query(callback), "url": callback, **trip.finish(callback)}


def test_the_mandate_is_active_by_the_protocol(joined: Joining) -> None:
    """PLP-021, PLP-037, PLP-041, BL-05: sheet, paper, code; `standardwebhooks` signed the two hooks that activated it."""
    assert [answer.status_code for answer in joined.answers] == [204, 204]
    puts = joined.partner.seen("/mandates/")
    assert [(put["method"], json.loads(put["body"])["state"]) for put in puts][:1] == [("PUT", "sent")]
    last = json.loads(puts[-1]["body"])
    assert last["state"] == "active"
    assert (last["broker_code"], last["iss"], last["client_id"]) == (
        BROKER, joined.partner.platform["iss"], joined.partner.platform["client_id"],
    )  # fmt: skip
    assert last["scopes"] == ["capabilities", "status", "launch:arbitrage", "launch:rachat_partiel"]


def test_jose_verifies_each_signed_request(joined: Joining, trip: Trip) -> None:
    """PLP-022 to PLP-033: signature by a key of the paper, typ, aud, htm, htu, bsh, times, jti: none was refused."""
    calls = joined.partner.seen("/")
    assert [call["refused"] for call in calls if "refused" in call] == []
    assert {call["version"] for call in calls} == {"1"}
    asked = joined.partner.seen("/capabilities")[-1]
    assert (asked["header"]["typ"], asked["header"]["kid"]) == ("plp-req+jwt", joined.partner.platform["jkt"][0])
    claims, body = asked["payload"], json.loads(asked["body"])
    assert (claims["htm"], claims["htu"]) == ("POST", joined.partner.sheet["base_url"] + "/capabilities")
    assert claims["sub"] == body["actor"]["adviser"] == trip.hints["login_hint"], "PLP-010, PLP-023"
    assert body["actor"]["broker_code"] == BROKER
    assert body["account"] == {"scheme": "contract-number", "ref": book.NUMBER, "product": "Himalia"}
    for put in joined.partner.seen("/mandates/"):
        assert put["payload"]["sub"] == put["payload"]["mandate"] == joined.partner.platform["mandate"], "PLP-023"


def test_its_list_is_shown(trip: Trip) -> None:
    """BL-10, NX-03: its acts, its order, its words for what is closed."""
    said = texts(trip.menu)
    assert said.index("Arbitrage") < said.index("Rachat partiel") < said.index("Un rachat est en cours.")


def test_the_authorization_request_is_openid_clients_own(joined: Joining, arrived: dict[str, Any], trip: Trip) -> None:
    """PLP-062, PLP-064: what our page handed over, and the request a standard library makes of it."""
    platform = joined.partner.platform
    launch_id = trip.hints["plp_message_hint"]
    assert trip.action == joined.partner.sheet["initiate_login_uri"]
    assert trip.hints == {
        "iss": platform["iss"], "client_id": platform["client_id"], "login_hint": trip.hints["login_hint"],
        "plp_message_hint": launch_id, "target_link_uri": joined.partner.sheet["target_link_uri"],
    }  # fmt: skip
    fixed = {
        "client_id": platform["client_id"], "redirect_uri": joined.partner.sheet["redirect_uris"][0], "prompt": "none",
        "response_type": "code", "scope": "openid plp", "code_challenge_method": "S256",
        "login_hint": trip.hints["login_hint"], "plp_message_hint": launch_id,
    }  # fmt: skip
    assert {name: arrived["request"][name] for name in fixed} == fixed
    assert arrived["request"].keys() - fixed.keys() == {"state", "nonce", "code_challenge"}


def test_code_state_and_issuer_come_back(joined: Joining, arrived: dict[str, Any]) -> None:
    """PLP-056, PLP-066: exactly these three."""
    assert arrived["callback"].keys() == {"code", "state", "iss"}
    assert arrived["callback"]["iss"] == joined.partner.platform["iss"]
    assert arrived["callback"]["state"] == arrived["request"]["state"]


def test_openid_client_verifies_the_id_token(joined: Joining, arrived: dict[str, Any], trip: Trip) -> None:
    """PLP-072 to PLP-075: private_key_jwt is taken; ES256, aud one string, nonce, subject; no personal claim beside."""
    platform, claims = joined.partner.platform, arrived["claims"]
    assert arrived["answer"] == {"token_type": "bearer", "expires_in": 300, "scope": "openid plp"}  # it lowers the type
    assert arrived["header"] == {"alg": "ES256", "kid": platform["jkt"][0], "typ": "JWT"}
    assert claims.keys() == {"iss", "sub", "aud", "nonce", "iat", "exp", "auth_time", "acr", "amr", "sid", "plp"}
    assert (claims["iss"], claims["aud"]) == (platform["iss"], platform["client_id"])
    assert claims["nonce"] == arrived["request"]["nonce"]
    assert claims["sub"] == trip.hints["login_hint"]
    assert (claims["acr"], claims["amr"], claims["exp"] - claims["iat"]) == ("urn:plp:acr:password", ["pwd"], 300)


def test_the_plp_claim_says_the_launch(joined: Joining, arrived: dict[str, Any], trip: Trip) -> None:
    """PLP-076, PLP-077: each member that the partner must check, against what it knows from elsewhere."""
    mandate = json.loads(joined.partner.seen("/mandates/")[-1]["body"])
    plp = arrived["claims"]["plp"]
    assert plp.keys() == {
        "launch_id", "interaction_id", "transaction_ref", "mandate", "action", "account", "actor", "decision_id",
        "prefill", "return_url", "locale",
    }  # fmt: skip
    assert plp["launch_id"] == trip.hints["plp_message_hint"]
    assert plp["mandate"] == mandate["mandate"]
    assert {"sub": arrived["claims"]["sub"], "display": plp["actor"]["display"]} in mandate["advisers"]
    assert plp["actor"] == {"sub": arrived["claims"]["sub"], "display": "Lou Conseil", "broker_code": BROKER}
    assert plp["account"] == {"scheme": "contract-number", "ref": book.NUMBER}
    assert plp["action"] == "arbitrage"
    assert f"launch:{plp['action']}" in mandate["scopes"]
    assert plp["decision_id"].startswith("dec_")
    assert plp["prefill"] is None
    back, issuer = urlsplit(plp["return_url"]), urlsplit(joined.partner.platform["iss"])
    assert (back.scheme, back.netloc) == (issuer.scheme, issuer.netloc)
    assert plp["locale"] == "fr-FR"
    rows = joined.stage.rows('SELECT status, reference FROM "transaction" WHERE reference = ?', plp["transaction_ref"])
    assert rows == [("opened", plp["transaction_ref"])], "PLP-057"


def test_no_contract_number_in_an_address(arrived: dict[str, Any], trip: Trip) -> None:
    """PLP-083, BL-01: nothing of the contract or the person in any URL of the way, only opaque ids."""
    assert len(trip.urls) == 3
    assert [url for url in trip.urls if book.NUMBER in url or BROKER in url or "Lou" in url] == []


def test_pyjwt_and_jwcrypto_verify_the_same_tokens(joined: Joining, arrived: dict[str, Any]) -> None:
    """PLP-016, PLP-022, PLP-075: the JWKS, each `kid` its thumbprint; ID Token and signed request, by two more libraries."""
    platform = joined.partner.platform
    published = requests.get(platform["jwks_uri"], timeout=10)
    assert published.headers["Cache-Control"] == "public, max-age=900"
    [public] = published.json()["keys"]
    key = JWK(**public)
    assert key.thumbprint() == public["kid"] == platform["jkt"][0]
    assert not key.has_private
    request = joined.partner.seen("/capabilities")[-1]
    signed = request["token"].removeprefix("Bearer ")
    claims = pyjwt.decode(
        signed, pyjwt.PyJWK(public), ["ES256"], audience=joined.partner.sheet["base_url"], issuer=platform["iss"],
        leeway=120,
    )  # fmt: skip
    assert claims == request["payload"]
    options = {"audience": platform["client_id"], "issuer": platform["iss"]}
    assert pyjwt.decode(arrived["id_token"], pyjwt.PyJWK(public), ["ES256"], leeway=60, **options) == arrived["claims"]
    for token, expected in ((signed, request["payload"]), (arrived["id_token"], arrived["claims"])):
        jws = JWS()
        jws.allowed_algs = ["ES256"]
        jws.deserialize(token, key)
        assert json.loads(jws.payload) == expected
