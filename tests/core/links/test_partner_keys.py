"""Which partner key is believed: PLP-016, PLP-017, PLP-020."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwcrypto.jwk import JWK
from sqlalchemy import select

from core.db.clock import shifted
from core.extensions import db
from core.hooks.errors import PartnerUnavailable
from core.hooks.errors import ProtocolError
from core.http.partner import PartnerHttp
from core.links import partner_keys
from core.links.models import Registration
from core.links.partner_keys import Untrusted
from core.links.partner_keys import read_jwks
from core.links.partner_keys import trusted_key
from tests.core.auth.oidc_world import PartnerKey
from tests.core.auth.oidc_world import World
from tests.core.auth.oidc_world import jwks_answer


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(tmp_path, monkeypatch)
    yield made
    made.close()


def trusted(world: World, key: PartnerKey) -> str:
    """The thumbprint of the key that is believed under this kid."""
    return trusted_key(world.party.cabinet_id, "nomineo", key.kid).thumbprint()


def says(world: World, *keys: PartnerKey, **more: Any) -> None:
    """What the partner's `jwks_uri` answers from now on."""
    world.http.answer = staticmethod(lambda: jwks_answer(*(key.public for key in keys), **more))


def away(world: World) -> None:
    def answer() -> SimpleNamespace:
        raise PartnerUnavailable("Le partenaire ne répond pas.")

    world.http.answer = staticmethod(answer)


def on_sheet(world: World, *keys: PartnerKey) -> None:
    with db.session(world.party.cabinet_id) as session:
        row = session.scalars(select(Registration)).one()
        row.sheet = {**row.sheet, "jkt": [key.kid for key in keys]}


def test_one_fetch_for_fifteen_minutes(world: World) -> None:
    """PLP-016: cached 900 s."""
    for _ in range(3):
        assert trusted(world, world.key) == world.key.kid
    with shifted(timedelta(seconds=890)):
        trusted(world, world.key)
    assert world.http.calls == 1
    with shifted(timedelta(seconds=901)):
        trusted(world, world.key)
    assert world.http.calls == 2


def test_both_the_sheet_and_the_jwks(world: World) -> None:
    """PLP-017, PLP-019: one without the other is refused; statements are read before a shown key is, once a minute at most."""
    second = PartnerKey()
    says(world, world.key, second)
    for _ in range(3):
        with pytest.raises(Untrusted):
            trusted(world, second)
    assert (world.http.calls, world.http.asked) == (1, 1)
    with shifted(timedelta(seconds=61)), pytest.raises(Untrusted):
        trusted(world, second)
    assert (world.http.calls, world.http.asked) == (1, 2)
    on_sheet(world, world.key, second)
    says(world, world.key)
    with shifted(timedelta(seconds=961)):
        with pytest.raises(Untrusted):
            trusted(world, second)
        assert trusted(world, world.key) == world.key.kid


def test_an_unknown_kid_refetches_once_a_minute(world: World) -> None:
    """PLP-016: so that a new key is seen soon, and a flood of unknown ones is no flood at the partner."""
    second = PartnerKey()
    on_sheet(world, world.key, second)
    trusted(world, world.key)
    for _ in range(3):
        with pytest.raises(Untrusted):
            trusted(world, second)
    assert world.http.calls == 1
    says(world, world.key, second)
    with shifted(timedelta(seconds=61)):
        assert trusted(world, second) == second.kid
    assert world.http.calls == 2


def test_a_removed_key_ends_within_900_s(world: World) -> None:
    """PLP-020: removal from the JWKS holds; an unreachable JWKS does not keep it alive."""
    trusted(world, world.key)
    with shifted(timedelta(seconds=901)):
        away(world)
        with pytest.raises(PartnerUnavailable):
            trusted(world, world.key)
        says(world)
        with pytest.raises(Untrusted):
            trusted(world, world.key)


def test_the_last_good_document_is_kept_a_day(world: World) -> None:
    """PLP-016: a refused document changes nothing for 24 h, and is asked for again at most once a minute."""
    trusted(world, world.key)
    says(world, world.key, world.key)
    with shifted(timedelta(hours=23)):
        for _ in range(3):
            assert trusted(world, world.key) == world.key.kid
    assert world.http.calls == 2
    with shifted(timedelta(hours=25)), pytest.raises(PartnerUnavailable):
        trusted(world, world.key)
    says(world, world.key)
    with shifted(timedelta(hours=26)):
        assert trusted(world, world.key) == world.key.kid


def test_nothing_good_yet(world: World) -> None:
    """PLP-016: a first document that is refused, or does not come, is no document."""
    away(world)
    with pytest.raises(PartnerUnavailable):
        trusted(world, world.key)
    says(world, world.key, media="text/html")
    with pytest.raises(PartnerUnavailable):
        trusted(world, world.key)
    with shifted(timedelta(seconds=61)):
        world.http.answer = staticmethod(lambda: SimpleNamespace(status=404, headers={}, body=b""))
        with pytest.raises(PartnerUnavailable):
            trusted(world, world.key)


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"keys":[],"keys":[]}', b'{"keys":{}}', b"{}"])
def test_an_unreadable_document(world: World, body: bytes) -> None:
    """PLP-003, PLP-016: not JSON, a repeated member, no list of keys: refused, the last good one stays."""
    trusted(world, world.key)
    says(world, body=body)
    with shifted(timedelta(seconds=901)):
        assert trusted(world, world.key) == world.key.kid


def test_each_cabinet_its_own(world: World) -> None:
    """PLP-012: keys are kept for a cabinet; an unregistered partner has none."""
    second = world.make("second")
    trusted(world, world.key)
    trusted_key(second.cabinet_id, "nomineo", world.key.kid)
    assert world.http.calls == 2
    with pytest.raises(Untrusted):
        trusted_key(second.cabinet_id, "autre", world.key.kid)


def test_over_the_wire(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLP-002, PLP-016: the real client: fetched from the registered port; a redirect is not followed."""
    says = [(200, json.dumps({"keys": [world.key.public]}).encode())]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = says[0]
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if status == 302:
                self.send_header("Location", "http://169.254.169.254/")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_line: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(partner_keys, "PartnerHttp", PartnerHttp)
    with db.session(world.party.cabinet_id) as session:
        row = session.scalars(select(Registration)).one()
        row.sheet = {**row.sheet, "jwks_uri": f"http://127.0.0.1:{server.server_port}/plp/jwks.json"}
    try:
        assert trusted(world, world.key) == world.key.kid
        for age, answer in ((901, (302, b"")), (1802, (200, b"<html>")), (2703, (503, b""))):
            says[0] = answer
            with shifted(timedelta(seconds=age)):
                if answer[0] == 503:
                    with pytest.raises(PartnerUnavailable):
                        trusted(world, world.key)
                else:
                    assert trusted(world, world.key) == world.key.kid
        says[0] = (200, b'{"keys":[]}')
        with shifted(timedelta(seconds=2704)), pytest.raises(Untrusted):
            trusted(world, world.key)
    finally:
        server.shutdown()
        server.server_close()


def made(**changes: Any) -> dict[str, Any]:
    key = {**PartnerKey().public, **changes}
    return {"keys": [{name: value for name, value in key.items() if value is not None}]}


def test_a_good_document() -> None:
    """PLP-016: further public members are ignored (PLP-003)."""
    document = made(x5t="ignored")
    kid = document["keys"][0]["kid"]
    assert read_jwks(document)[kid].keys() == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert read_jwks({"keys": []}) == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"d": "A" * 43}, {"k": "A"}, {"kty": "RSA"}, {"kty": "oct"}, {"crv": "P-384"}, {"crv": "secp256k1"},
        {"use": "enc"}, {"use": None}, {"alg": "ES384"}, {"alg": None}, {"kid": "other"}, {"kid": None}, {"kid": 1},
        {"x": None}, {"x": 1}, {"x": "A" * 42}, {"x": "A" * 44}, {"x": "é" * 43}, {"y": ""},
        {"x": "A" * 43, "y": "A" * 43},
    ],
)  # fmt: skip
def test_a_document_with_one_bad_key_is_refused_whole(changes: dict[str, Any]) -> None:
    """PLP-016: a private member, another type, a kid that is not the thumbprint, a point off the curve."""
    document = made(**changes)
    document["keys"].append(PartnerKey().public)
    with pytest.raises(ProtocolError):
        read_jwks(document)


def test_a_private_document() -> None:
    """PLP-016: what jwcrypto exports with its private part."""
    key = JWK.from_pyca(ec.generate_private_key(ec.SECP256R1()))
    private = {**json.loads(key.export_private()), "kid": key.thumbprint(), "use": "sig", "alg": "ES256"}
    with pytest.raises(ProtocolError):
        read_jwks({"keys": [private]})


def test_a_kid_twice_and_too_many() -> None:
    """PLP-016: the same key twice; eleven keys; ten are taken."""
    key = PartnerKey().public
    with pytest.raises(ProtocolError):
        read_jwks({"keys": [key, dict(key)]})
    many = [PartnerKey().public for _ in range(11)]
    with pytest.raises(ProtocolError):
        read_jwks({"keys": many})
    assert len(read_jwks({"keys": many[:10]})) == 10


@pytest.mark.parametrize("document", [None, [], "keys", {"keys": [None]}, {"keys": [[]]}, {"keys": ["x"]}])
def test_no_document(document: object) -> None:
    """PLP-016."""
    with pytest.raises(ProtocolError):
        read_jwks(document)
