"""Independent libraries agree on the golden vectors (docs/protocol/vectors): those who implement PLP/1 start from them."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC
from datetime import datetime
from typing import Any

import jwt as pyjwt
import pytest
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from standardwebhooks import webhooks
from standardwebhooks.webhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from tests.interop import golden
from tests.interop import node


def test_jose_agrees() -> None:
    """PLP-022 to PLP-036, PLP-073, PLP-075: each case as its file says, refused ones included."""
    assert node.run("vectors.mjs", str(golden.FOLDER)) == {name: golden.expected(name) for name in golden.TOKENS}


@pytest.mark.parametrize("name", golden.TOKENS)
def test_pyjwt_and_jwcrypto_agree(name: str) -> None:
    """PLP-016: key and thumbprint; header and claims are what the file says; a stranger's signature is refused."""
    vectors = golden.read(name)
    [public] = vectors["jwks"]["keys"]
    key = JWK(**public)
    assert key.thumbprint() == public["kid"]
    assert JWK(**vectors["private_jwk"]).thumbprint() == public["kid"]
    for one in vectors["accepted"]:
        assert pyjwt.get_unverified_header(one["token"]) == one["header"]
        assert pyjwt.decode(one["token"], pyjwt.PyJWK(public), ["ES256"], options=_SIGNATURE_ONLY) == one["claims"]
        assert _by_jwcrypto(one["token"], key) == one["claims"]
    forged = next(one["token"] for one in vectors["refused"] if "stranger" in one["why"])
    with pytest.raises(pyjwt.InvalidSignatureError):
        pyjwt.decode(forged, pyjwt.PyJWK(public), ["ES256"], options=_SIGNATURE_ONLY)


_SIGNATURE_ONLY = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}


def _by_jwcrypto(token: str, key: JWK) -> Any:
    jws = JWS()
    jws.allowed_algs = ["ES256"]
    jws.deserialize(token, key)
    return json.loads(jws.payload)


def test_the_bodys_hash_is_in_the_request() -> None:
    """PLP-022: `bsh` is the unpadded base64url SHA-256 of the raw body, of the empty string without one."""
    for one in golden.read("signed-request")["accepted"]:
        digest = hashlib.sha256(one["body"].encode()).digest()
        assert one["claims"]["bsh"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")


def test_standardwebhooks_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    """PLP-087, PLP-090: it signs the same, takes what is accepted, refuses the rest, at each case's own moment."""
    vectors = golden.read("webhook")
    library = Webhook(vectors["secret"])
    first = vectors["accepted"][0]
    signed = library.sign(first["headers"]["webhook-id"], datetime.fromtimestamp(first["at"], UTC), first["body"])
    assert signed == first["headers"]["webhook-signature"]

    def taken(one: dict[str, Any]) -> bool:
        _freeze(monkeypatch, one["at"])
        try:
            library.verify(one["body"].encode(), one["headers"])
        except (WebhookVerificationError, ValueError):  # it expects each signature to name its version
            return False
        return True

    assert golden.verdicts("webhook", taken) == golden.expected("webhook")


def _freeze(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    class Frozen(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.fromtimestamp(at, tz)

    monkeypatch.setattr(webhooks, "datetime", Frozen)
