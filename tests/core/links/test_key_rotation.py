"""Keys change on both sides, and nobody notices: statements, notice, seven days, withdrawal (PLP-016 to PLP-020)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from sqlalchemy import select

from core.cabinets.models import AuditEntry
from core.db import clock
from core.db.errors import Conflict
from core.db.errors import NotFound
from core.extensions import db
from core.hooks import enabling
from core.jobs.models import Job
from core.jobs.models import OutboxItem
from core.links import key_rotation
from core.links import keys
from core.links import partner_trust
from core.links.client import PlpClient
from core.links.models import KeyStatement
from core.links.models import Mandate
from core.links.models import SigningKey
from plugins.nomineo.simulator import own_keys
from plugins.nomineo.simulator import trust
from plugins.nomineo.simulator.registrations import find
from tests.faults.test_machine import opened
from tests.pair import NUMBERS
from tests.pair import PLUGIN
from tests.pair import Pair

pytestmark = pytest.mark.xdist_group("links")
DAY = timedelta(days=1, seconds=2)
ISS = "http://127.0.0.1:8000/plp/demo"


@pytest.fixture(scope="module")
def _both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = Pair(tmp_path_factory.mktemp("rotation"))
    yield made
    made.close()


@pytest.fixture
def pair(_both: Pair) -> Iterator[Pair]:
    yield from _both.lent()


def begin(pair: Pair) -> tuple[str, str]:
    """The old key's thumbprint, and the next one's."""
    with db.session(pair.cabinet_id) as session:
        old = keys.signing_key(session)[0]
        key_rotation.begin(session, actor="cli")
        return old, next(one.kid for one in key_rotation.listed(session) if one.state == "next")


def states(pair: Pair) -> list[str]:
    with db.session(pair.cabinet_id, write=False) as session:
        return [one.state for one in key_rotation.listed(session)]


def used(pair: Pair) -> str:
    with db.session(pair.cabinet_id, write=False) as session:
        return keys.signing_key(session)[0]


def shown(pair: Pair) -> list[str]:
    document = pair.exchange("GET", f"{ISS}/jwks.json", {}, None).get_json()
    return [key["kid"] for key in document["keys"]]


def stated(pair: Pair) -> list[Any]:
    answer = pair.exchange("GET", f"{ISS}/keys-statement?mandate={pair.mandate}", {}, None)
    return list(answer.get_json()["statements"])


def believed(pair: Pair) -> frozenset[str]:
    """What the extranet trusts of ours."""
    with pair.world.store.read() as connection:
        registration = find(connection, ISS, pair.world.clock.now())
        assert registration is not None
        return trust.trusted(connection, registration, pair.mandate)


def calls(pair: Pair) -> bool:
    """Whether a signed request is taken by the extranet."""
    return PlpClient(pair.cabinet_id, PLUGIN).get_mandate(pair.mandate) is not None


def by_another_hand(token: str, kid: str) -> dict[str, Any]:
    """The claims of a statement, checked by a library that did not make it."""
    read = JWS()
    read.deserialize(token)
    header = read.jose_header
    assert {**header, "jwk": None} == {"alg": "ES256", "typ": "plp-keys+jwt", "kid": kid, "jwk": None}
    key = JWK(**header["jwk"])
    assert key.thumbprint() == kid
    assert not key.has_private
    read.verify(key)
    return dict(json.loads(read.payload))


def test_a_rotation_from_end_to_end(pair: Pair) -> None:
    """PLP-018 to PLP-020: stated by the old key, used a day later, shown seven days more, then gone from both lists."""
    old, new = begin(pair)
    (token,) = stated(pair)
    said = by_another_hand(token, old)
    assert (said["iss"], said["mandate"], said["jkt"]) == (ISS, pair.mandate, [old, new])
    assert set(shown(pair)) == {old, new}
    assert used(pair) == old
    with pytest.raises(Conflict, match="déjà en cours"):
        begin(pair)
    pair.work()
    assert believed(pair) == {old, new}
    assert calls(pair)
    pair.move(DAY)
    assert used(pair) == new
    assert calls(pair)
    assert states(pair) == ["used", "old"]
    pair.move(timedelta(days=7))
    assert shown(pair) == [new]
    key_rotation.tick(pair.cabinet_id)
    key_rotation.tick(pair.cabinet_id)
    assert by_another_hand(stated(pair)[-1], new)["jkt"] == [new]
    assert len(stated(pair)) == 2
    pair.work()
    assert believed(pair) == {new}
    assert calls(pair)
    assert states(pair) == ["used", "gone"]


def test_the_statement_is_read_before_a_new_key_is_refused(pair: Pair) -> None:
    """PLP-019: the mandate's new version never arrived; the first request of the new key makes the partner look."""
    _old, new = begin(pair)
    with db.session(None) as session:
        for job in session.scalars(select(Job)):
            session.delete(job)
    pair.move(DAY)
    assert new not in believed(pair)
    assert calls(pair)
    assert new in believed(pair)


def test_a_key_that_may_be_stolen_goes_at_once(pair: Pair) -> None:
    """PLP-020: the next one signs at once, the partner believes the old one no more; the only key cannot be taken away."""
    with db.session(pair.cabinet_id) as session, pytest.raises(Conflict, match="la seule clé"):
        key_rotation.withdraw(session, used(pair), actor="cli")
    old, new = begin(pair)
    with db.session(pair.cabinet_id) as session:
        key_rotation.withdraw(session, old, actor="cli")
    assert (used(pair), shown(pair)) == (new, [new])
    pair.move(timedelta(seconds=61))  # PLP-016: a partner looks for a key it does not know once a minute
    pair.work()
    assert believed(pair) == {new}
    assert calls(pair)
    assert states(pair) == ["used", "withdrawn"]
    with db.session(pair.cabinet_id) as session, pytest.raises(NotFound):
        key_rotation.withdraw(session, old, actor="cli")


def test_the_next_key_may_be_withdrawn_before_it_served(pair: Pair) -> None:
    """PLP-020: the old one goes on as if nothing had been."""
    old, new = begin(pair)
    with db.session(pair.cabinet_id) as session:
        key_rotation.withdraw(session, new, actor="cli")
    pair.work()
    pair.move(DAY)
    assert (used(pair), shown(pair), believed(pair)) == (old, [old], {old})
    assert calls(pair)


def test_every_ninety_days_by_itself(pair: Pair) -> None:
    """PLP-020: routine; told in the journal as the system's; a second look changes nothing; a link that is off waits."""
    old = used(pair)
    pair.move(timedelta(days=89))
    key_rotation.tick(pair.cabinet_id)
    assert states(pair) == ["used"]
    pair.move(timedelta(days=1, minutes=5))
    with db.session(pair.cabinet_id) as session:
        enabling.switch(session, pair.hub.registry, PLUGIN, on=False, actor="cli")
    for _ in range(2):
        key_rotation.tick(pair.cabinet_id)
    assert states(pair) == ["next", "used"]
    pair.work()
    assert believed(pair) == {old}
    with db.session(pair.cabinet_id) as session:
        enabling.switch(session, pair.hub.registry, PLUGIN, on=True, actor="cli")
        assert [item.state for item in session.scalars(select(OutboxItem)) if item.state == "waiting"] != []
        made = session.scalars(select(AuditEntry).where(AuditEntry.action == "link.keys_rotated")).one()
        assert made.actor == "system"
    pair.move(timedelta(minutes=6))
    pair.work()
    assert len(believed(pair)) == 2


@pytest.mark.parametrize("delivered", [True, False])
def test_the_partner_s_keys_change(pair: Pair, delivered: bool) -> None:
    """PLP-019: by `keys.rotated`, or read at its address when its new key first shows up; launches go on all the while."""
    assert opened(pair, NUMBERS[0]) is not None
    (old,) = pair.sim("POST", "/keys/finish")["jkt"]
    found = pair.sim("POST", "/keys/rotate")["jkt"]
    if delivered:
        pair.sender.flush()
        assert trusted(pair) == set(found)
    assert opened(pair, NUMBERS[1]) is not None
    pair.move(timedelta(days=1, seconds=2))
    pair.marc.sign_in()
    assert opened(pair, NUMBERS[2]) is not None
    assert trusted(pair) == set(found)
    pair.move(timedelta(days=7))
    assert pair.sim("POST", "/keys/finish")["jkt"] == [one for one in found if one != old]
    pair.sender.flush()
    assert old not in trusted(pair)
    pair.marc.sign_in()
    assert opened(pair, NUMBERS[3]) is not None


def trusted(pair: Pair) -> set[str]:
    """What we trust of the partner's."""
    with db.session(pair.cabinet_id) as session:
        registration = session.scalars(select(partner_trust.Registration)).one()
        return set(partner_trust.trusted(registration, partner_trust.kept(session, PLUGIN)))


def lie(pair: Pair, how: str) -> str:
    """A statement as the partner would sign it, but for one thing."""
    with pair.world.store.read() as connection:
        signer = own_keys.current(connection, pair.world.clock.now())
    key = JWK(**signer.as_dict(private=True))
    other = JWK.generate(kty="EC", crv="P-256")
    at = clock.epoch()
    claims: dict[str, Any] = {"iss": PLUGIN, "iat": at, "mandate": pair.mandate, "jkt": [other.thumbprint()]}
    header = {"alg": "ES256", "typ": "plp-keys+jwt", "kid": key.thumbprint(), "jwk": key.export_public(as_dict=True)}
    header["jwk"] = {name: header["jwk"][name] for name in ("kty", "crv", "x", "y")}
    if how == "another signer":
        key, header["kid"], header["jwk"] = other, other.thumbprint(), other.export_public(as_dict=True)
    if how == "another key under its name":
        key, header["jwk"] = other, other.export_public(as_dict=True)
    if how == "another key than shown":
        key = other
    if how == "a private member":
        header["jwk"] = {**header["jwk"], "d": "AAAA"}
    wrong: dict[str, dict[str, Any]] = {
        "another type": {"typ": "JWT"}, "one more member": {"use": "sig"}, "no key": {"jwk": None},
    }  # fmt: skip
    header |= wrong.get(how, {})
    claims |= {
        "another issuer": {"iss": "orada"}, "another mandate": {"mandate": "mdt_0123456789abcdef"},
        "the future": {"iat": at + 90}, "a time as text": {"iat": str(at)}, "NUL in the mandate": {"mandate": "mdt_\0"},
        "no keys": {"jkt": []}, "twice the same": {"jkt": [other.thumbprint()] * 2}, "no thumbprint": {"jkt": ["x"]},
        "eleven keys": {"jkt": [f"{n:043}" for n in range(11)]},
    }.get(how, {})  # fmt: skip
    made = JWS(json.dumps(claims))
    made.allowed_algs = ["ES256"]
    made.add_signature(key, None, json.dumps(header))
    token = str(made.serialize(compact=True))
    return token[:-6] + "AAAAAA" if how == "a broken signature" else token


HOW = (
    "another signer", "another key under its name", "another key than shown", "a private member", "another type", "no key",
    "one more member",
    "another issuer", "another mandate", "the future", "no keys", "twice the same", "no thumbprint", "a time as text",
    "NUL in the mandate", "eleven keys", "a broken signature",
)  # fmt: skip


def test_what_is_no_statement_changes_nothing(pair: Pair) -> None:
    """PLP-018: one thing wrong at a time; the same without it is taken, and only once."""
    before = trusted(pair)
    for how in HOW:
        with db.session(pair.cabinet_id) as session:
            assert partner_trust.take(session, PLUGIN, [lie(pair, how)]) == "refused", how
        assert trusted(pair) == before, how
    for nonsense in (None, 3, "", "a.b", "a.b.c", "é" * 100, "x" * 10_000, f"{'e30'}.e30.AAAA"):
        with db.session(pair.cabinet_id) as session:
            assert partner_trust.take(session, PLUGIN, [nonsense]) == "refused"
    right = lie(pair, "")
    with db.session(pair.cabinet_id) as session:
        assert partner_trust.take(session, PLUGIN, [lie(pair, "no keys"), right]) == "taken"
    assert trusted(pair) != before
    assert trusted(pair).isdisjoint(before)
    with db.session(pair.cabinet_id) as session:
        assert partner_trust.take(session, PLUGIN, [right]) == "refused"  # its signer is trusted no more
        partner_trust.forget(session, PLUGIN)
        assert partner_trust.take(session, PLUGIN, [right]) == "stale"  # a new sheet does not bring old statements back
    assert trusted(pair) == before


def test_a_mandate_without_a_paper_has_no_statement(pair: Pair) -> None:
    """PLP-019: since the paper: what was stated before it says nothing of it."""
    begin(pair)
    with db.session(pair.cabinet_id) as session:
        session.scalars(select(Mandate)).one().state = "none"
    with db.session(pair.cabinet_id) as session:
        key_rotation._tell(session, signer=keys.signing_key(session)[0])
        assert len(session.scalars(select(KeyStatement)).all()) == 1
        assert len(session.scalars(select(SigningKey)).all()) == 2
