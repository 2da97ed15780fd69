"""The kit's requests of Annex A as the platform reads them (PLP-115; PL-09)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from typing import Any

import pytest

from core.auth.oidc.kinds import Denied
from core.db import clock
from core.links.saml import redirect
from core.links.saml import requests
from core.links.saml.redirect import Unusable
from tests.interop import golden

VECTORS = golden.read("saml-request")


@pytest.fixture
def then() -> Iterator[None]:
    """The moment of the vectors."""
    with clock.shifted(datetime.fromtimestamp(VECTORS["at"], UTC) - clock.now()):
        yield


def _taken(query: str) -> bool:
    """By the steps of `sso_url`, but for the launch itself."""
    partner = VECTORS["partner"]
    try:
        signed = redirect.read(query.encode())
        if requests.issuer_of(signed.root) != partner["entity_id"]:
            return False
        redirect.verify(signed, partner["signing_certs"])
        known = requests.addressed(signed.root, sso_url=VECTORS["platform"]["sso_url"], acs_url=partner["acs_url"])
        found = requests.check(signed.root, known, signed.relay_state, partner)
    except (Unusable, Denied):
        return False
    return (found.id, found.launch_id) == (VECTORS["request_id"], VECTORS["relay_state"])


def test_the_platform_judges_them_all(then: None) -> None:
    """What it takes and refuses is what the file says."""
    cases: list[dict[str, Any]] = [*VECTORS["accepted"], *VECTORS["refused"]]
    found = {one.get("what") or one["why"]: _taken(one["query"]) for one in cases}
    assert found == {one.get("what") or one["why"]: "what" in one for one in cases}
