"""The simulated extranet keeps to the protocol too: it takes PyJWT's requests, `standardwebhooks` takes its hooks (BL-15)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from tests.interop.elsewhere import Delivery
from tests.interop.elsewhere import Platform
from tests.stage import Stage


@pytest.fixture(scope="module")
def platform(stage: Stage) -> Iterator[Platform]:
    made = Platform(stage)
    yield made
    made.close()


@pytest.fixture(scope="module")
def put(platform: Platform) -> Any:
    """The answer to the mandate's first version."""
    return platform.call("PUT", f"/mandates/{platform.mandate}", platform.document())


@pytest.fixture(scope="module")
def delivery(stage: Stage, platform: Platform, put: Any) -> Delivery:
    """The hook that the extranet sends once its clerk has the paper."""
    stage.sim("POST", f"/mandates/{platform.mandate}/receive")
    return platform.delivered(1)[0]


def test_a_request_signed_by_pyjwt_is_taken(platform: Platform, put: Any) -> None:
    """PLP-022 to PLP-033, PLP-037: 202 with the view, nothing said yet."""
    assert (put.status_code, put.headers["PLP-Version"]) == (202, "1"), put.text
    assert (put.json()["mandate"], put.json()["state"]) == (platform.mandate, None)


@pytest.mark.parametrize(
    ("spoil", "slug"),
    [({"htm": "POST"}, "invalid-assertion"), ({"bsh": "A" * 43}, "invalid-assertion"), ({"aud": ["x"]}, "invalid-assertion"),
     ({"exp": 1_000_000_000}, "stale-assertion")],
    ids=["htm", "bsh", "aud", "exp"],
)  # fmt: skip
def test_a_spoilt_one_is_not(platform: Platform, put: Any, spoil: dict[str, Any], slug: str) -> None:
    """PLP-032, PLP-033: well signed, but not this request, here, now."""
    answer = platform.call("GET", f"/mandates/{platform.mandate}", **spoil)
    assert (answer.status_code, answer.json()["type"]) == (401, f"urn:plp:problem:{slug}")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_its_hook_is_verified_by_the_library(platform: Platform, delivery: Delivery) -> None:
    """PLP-041, PLP-087, PLP-090: a real delivery; one changed byte, another id or secret is refused by the library."""
    library = Webhook(platform.secret)
    message = library.verify(delivery.body, delivery.headers)
    assert message["type"] == "mandate.received"
    assert (message["data"]["mandate"], message["data"]["seq"], message["data"]["state"]) == (platform.mandate, 1, "received")
    names = {name.lower() for name in delivery.headers}
    assert {"webhook-id", "webhook-timestamp", "webhook-signature", "plp-interaction-id", "content-type"} <= names
    assert len(delivery.body) <= 20_000
    spoilt = {**{name.lower(): value for name, value in delivery.headers.items()}, "webhook-id": "msg_of_another_message"}
    for verifier, body, headers in (
        (library, delivery.body.replace(b"received", b"activate"), delivery.headers),
        (library, delivery.body, spoilt),
        (Webhook("whsec_" + "A" * 43 + "="), delivery.body, delivery.headers),
    ):
        with pytest.raises(WebhookVerificationError):
            verifier.verify(body, headers)


def test_hook_and_view_say_the_same(platform: Platform, delivery: Delivery) -> None:
    """PLP-041: `data` is the view."""
    shown = platform.call("GET", f"/mandates/{platform.mandate}").json()
    assert shown == json.loads(delivery.body)["data"]
