"""Our own code, of both sides, agrees on the golden vectors that none of it made (docs/protocol/vectors)."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy import update

from core.auth.models import OidcClient
from core.cabinets import services as cabinets
from core.cabinets import vault
from core.config import Config
from core.db.clock import now
from core.db.clock import shifted
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.links import client
from core.links import keys
from core.links import registration
from core.links.models import Endpoint
from core.links.models import Mandate
from core.links.models import PartnerKeys
from core.links.models import Registration
from core.links.models import SigningKey
from plugins.nomineo.simulator import gate
from plugins.nomineo.simulator import keys as simulator_keys
from plugins.nomineo.simulator import registrations
from plugins.nomineo.simulator import signing
from plugins.nomineo.simulator.db import Store
from plugins.nomineo.simulator.problems import Problem
from plugins.nomineo.simulator.settings import Settings
from plugins.nomineo.simulator.world import Clock
from plugins.nomineo.simulator.world import World
from tests.conftest import make_config
from tests.interop import golden

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def at(one: dict[str, Any]) -> AbstractContextManager[None]:
    """Our clock at the moment of a case."""
    return shifted(datetime.fromtimestamp(one["at"], UTC) - now())


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return make_config(tmp_path, base_url="https://c.example")


@pytest.fixture
def dupont(app: Flask, hub: Hub) -> int:
    """The cabinet of the vectors, with their keys, ids and secret in place of those it would have made."""
    sheet = golden.read("platform-sheet")
    private = golden.read("signed-request")["private_jwk"]
    [public] = golden.read("signed-request")["jwks"]["keys"]
    with db.session(None) as session:
        made = cabinets.add_cabinet(session, slug="dupont", name="Cabinet Dupont", siren="732829320", orias="07000123").id
        enabling.enable_defaults(session, hub.registry, actor="cli")
    with db.session(made) as session:
        session.add(SigningKey(kid=public["kid"], public=public))
        kept = {name: value for name, value in private.items() if name != "kid"}
        vault.seal(session, f"link-key:{public['kid']}", "private", json.dumps(kept).encode())
        session.flush()
        registration.register(session, golden.read("partner-sheet"), broker_code="C12345")
        vault.seal(session, "link:nomineo", "webhook-secret", golden.read("webhook")["secret"].encode())
        known = session.scalars(select(Registration)).one()
        session.execute(update(OidcClient).where(OidcClient.client_id == known.client_id).values(client_id=sheet["client_id"]))
        session.execute(
            update(Endpoint).where(Endpoint.id == known.endpoint_id).values(id=sheet["webhook_url"].rsplit("/", 1)[1])
        )
        known.client_id, known.endpoint_id = sheet["client_id"], sheet["webhook_url"].rsplit("/", 1)[1]
        session.scalars(select(Mandate)).one().reference = sheet["mandate"]
    return made


@pytest.mark.parametrize("number", [0, 1])
def test_we_sign_the_same_request(dupont: int, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """PLP-022, PLP-023: from the same facts our client makes the same header and claims, byte for byte."""
    one = golden.read("signed-request")["accepted"][number]
    claims = one["claims"]
    monkeypatch.setattr(client, "epoch", lambda: one["at"])
    monkeypatch.setattr(client.secrets, "token_urlsafe", lambda _bytes: claims["jti"])
    ours = client.PlpClient(dupont, "nomineo")
    made = ours._assertion(one["method"], ours.base_url + one["path"], one["body"].encode(), claims["sub"], claims["mandate"])
    assert made.rsplit(".", 1)[0] == one["token"].rsplit(".", 1)[0]


def test_we_sign_the_same_id_token(dupont: int) -> None:
    """PLP-075: header and claims, byte for byte."""
    one = golden.read("id-token")["accepted"][0]
    with db.session(dupont, write=False) as session:
        made = keys.sign(session, one["claims"], typ="JWT")
    assert made.rsplit(".", 1)[0] == one["token"].rsplit(".", 1)[0]


def test_our_sheet_is_the_vectors(dupont: int) -> None:
    """PLP §2: what `encours partner register` prints, but for who is there."""
    with db.session(dupont) as session:
        ours = registration.platform_sheet(session, "nomineo")
    theirs = golden.read("platform-sheet")
    same = theirs.keys() - {"webhook_secret", "advisers", "contact"}
    assert {name: ours[name] for name in same} == {name: theirs[name] for name in same}
    assert ours.keys() | {"webhook_secret"} == theirs.keys()


def test_our_hook_address_agrees(app: Flask, dupont: int) -> None:
    """PLP-090, PLP-091, PLP-093: well signed and of no transaction of ours: kept aside, the same again a duplicate; else 401."""
    address = golden.read("platform-sheet")["webhook_url"].removeprefix("https://c.example")

    def status(one: dict[str, Any]) -> int:
        with at(one):
            answer = app.test_client().post(address, data=one["body"], headers=one["headers"], content_type="application/json")
        return answer.status_code

    assert golden.verdicts("webhook", lambda one: {202: True, 200: True, 401: False}[status(one)]) == golden.expected("webhook")


def test_our_token_endpoint_agrees(app: Flask, dupont: int) -> None:
    """PLP-073, PLP-074: a client that proved itself is told of its code (`invalid_grant`), another is not its client."""
    vectors = golden.read("client-assertion")
    form = {
        "grant_type": "authorization_code", "code": "no-such-code-was-ever-made", "code_verifier": "v" * 43,
        "redirect_uri": golden.read("partner-sheet")["redirect_uris"][0], "client_id": vectors["client_id"],
        "client_assertion_type": ASSERTION_TYPE,
    }  # fmt: skip

    def error(one: dict[str, Any]) -> str:
        with at(one):
            answer = app.test_client().post("/plp/token", data={**form, "client_assertion": one["token"]})
        return str(answer.get_json()["error"])

    with at(vectors["accepted"][0]), db.session(dupont) as session:
        session.add(PartnerKeys(plugin="nomineo", jwks=vectors["jwks"], fetched_at=now(), tried_at=now()))
    taken = {"invalid_grant": True, "invalid_client": False}
    assert golden.verdicts("client-assertion", lambda one: taken[error(one)]) == golden.expected("client-assertion")


class Still(Clock):
    """The extranet's clock at the moment of a case."""

    at = 0.0

    def now(self) -> float:
        return self.at


@pytest.fixture
def extranet(tmp_path: Path) -> World:
    """A simulated extranet that knows the vectors' platform and its keys."""
    store = Store(tmp_path / "extranet.sqlite")
    store.create()
    clock = Still(store)
    sheet, vectors = golden.read("platform-sheet"), golden.read("signed-request")
    clock.at = float(vectors["accepted"][0]["at"])
    with store.write() as connection:
        registrations.register(connection, sheet, clock.at)
        public = simulator_keys.read_jwks(json.dumps(vectors["jwks"]).encode())
        connection.execute("UPDATE registrations SET jwks = ?", (json.dumps(public),))
    return World(Settings(url="https://p.example", db=tmp_path / "extranet.sqlite"), store, clock)


def authenticate(extranet: World, one: dict[str, Any]) -> None:
    """The gate, at the moment of a case. Raises `Problem`."""
    assert isinstance(extranet.clock, Still)
    at = extranet.clock.at = float(one["at"])
    with extranet.store.write() as connection:  # the keys are fresh: nothing is fetched
        connection.execute("UPDATE registrations SET jwks_good_at = ?, jwks_tried_at = ?", (at, at))
    request = gate.Request(
        method=one["method"], path=one["path"], version="1", media_type="application/json", charset="", encoding="",
        authorization=f"Bearer {one['token']}", body=one["body"].encode(),
    )  # fmt: skip
    gate.authenticate(extranet, request)


def test_the_simulators_gate_agrees(extranet: World) -> None:
    """PLP-029 to PLP-033: the extranet's checks on a signed request."""

    def taken(one: dict[str, Any]) -> bool:
        with extranet.store.write() as connection:  # each case alone: none is refused for a jti that another used up
            connection.execute("DELETE FROM used_jtis")
        try:
            authenticate(extranet, one)
        except Problem as problem:
            statuses.add(problem.status)
            return False
        return True

    statuses: set[int] = set()
    assert golden.verdicts("signed-request", taken) == golden.expected("signed-request")
    assert statuses == {401}


def test_the_simulators_gate_takes_a_request_once(extranet: World) -> None:
    """PLP-036: the same `jti` again is refused."""
    one = golden.read("signed-request")["accepted"][0]
    authenticate(extranet, one)
    with pytest.raises(Problem):
        authenticate(extranet, one)


def test_the_simulator_signs_the_same_hook() -> None:
    """PLP-087: the same signature from the same secret, id, time and bytes."""
    vectors = golden.read("webhook")
    one = vectors["accepted"][0]
    made = signing.signature([vectors["secret"]], one["headers"]["webhook-id"], one["at"], one["body"].encode())
    assert made == one["headers"]["webhook-signature"]
