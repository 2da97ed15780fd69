"""A partner's request by SAML: what is answered, what is refused, and that a launch serves once (BL-14, PLP-115 to PLP-119)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from sqlalchemy import select

from core.auth.sessions import hashed
from core.db.clock import now
from core.extensions import db
from core.links.models import Launch
from core.links.models import Mandate
from core.links.saml.redirect import Unusable
from tests.core.auth.oidc_world import BASE
from tests.core.links.saml_scene import ACS
from tests.core.links.saml_scene import ECDSA_SHA256
from tests.core.links.saml_scene import ENTITY
from tests.core.links.saml_scene import PERSISTENT
from tests.core.links.saml_scene import RSA_SHA1
from tests.core.links.saml_scene import SamlWorld
from tests.core.links.saml_scene import packed
from tests.core.links.saml_scene import request_xml
from tests.core.links.saml_scene import signed

NS = {"samlp": "urn:oasis:names:tc:SAML:2.0:protocol", "saml": "urn:oasis:names:tc:SAML:2.0:assertion"}
STATUS = "urn:oasis:names:tc:SAML:2.0:status:"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SamlWorld]:
    with pytest.MonkeyPatch.context() as patch:
        world = SamlWorld(tmp_path_factory.mktemp("saml"), patch)
        yield world
        world.close()


@pytest.fixture
def world(made: SamlWorld) -> SamlWorld:
    made.enter()
    return made


def word(response: bytes) -> str:
    """The status: `Success`, or the second word."""
    codes = etree.fromstring(response).findall(".//samlp:StatusCode", NS)
    return str(codes[-1].get("Value")).removeprefix(STATUS)


def test_one_click_is_one_assertion(world: SamlWorld) -> None:
    """PLP-115, PLP-118, PLP-119: the launch is consumed, the transaction `opened`; the partner learns this, and no more."""
    launch_id = world.launch()
    asked = request_xml()
    posted = world.answer(signed(packed(asked), launch_id))
    assert (posted.acs_url, posted.relay_state) == (ACS, launch_id)
    assert posted.origins == ("http://localhost:8010", "http://localhost:8012")
    root = etree.fromstring(posted.response)
    known = re.search(r' ID="([^"]+)"', asked)
    assert known
    assert (root.get("Destination"), root.get("InResponseTo"), word(posted.response)) == (ACS, known[1], "Success")
    [assertion] = root.findall("saml:Assertion", NS)
    name = assertion.find("saml:Subject/saml:NameID", NS)
    qualifiers = {"Format": PERSISTENT, "NameQualifier": f"{BASE}/plp/demo", "SPNameQualifier": ENTITY}
    assert (name.text, dict(name.attrib)) == (world.party.handle, qualifiers)
    confirmed = assertion.find(".//saml:SubjectConfirmationData", NS)
    assert (confirmed.get("Recipient"), confirmed.get("InResponseTo")) == (ACS, known[1])
    assert [one.text for one in assertion.findall(".//saml:Audience", NS)] == [ENTITY]
    assert assertion.find("saml:Conditions/saml:OneTimeUse", NS) is not None
    assert assertion.findtext(".//saml:AuthnContextClassRef", None, NS).endswith("PasswordProtectedTransport")
    assert assertion.find("saml:AuthnStatement", NS).get("SessionIndex") != hashed(world.party.sid)
    said = {
        one.get("Name").removeprefix("urn:plp:attr:"): one.findtext("saml:AttributeValue", None, NS)
        for one in assertion.iter("{*}Attribute")
    }
    row = world.row(launch_id)
    assert said == {
        "launch_id": launch_id, "interaction_id": row.claims["interaction_id"], "transaction_ref": row.claims["transaction_ref"],
        "mandate": world.party.mandate, "action": "arbitrage", "account_scheme": "contract-number", "account_ref": "HIM001",
        "actor_display": "Camille Dupont", "broker_code": "C1", "return_url": f"{BASE}/plp/return?launch={launch_id}",
        "locale": "fr-FR",
    }  # fmt: skip
    assert row.consumed_at is not None
    assert row.opened_at is not None
    assert world.status(launch_id) == "opened"


def test_a_name_that_xml_cannot_carry_stops_nobody(world: SamlWorld) -> None:
    """PLP-119: control characters go, what is markup is text; the launch opens."""
    posted = world.answer(signed(packed(request_xml()), world.launch(display="Zoé\x0b <b>&\ufffe")))
    assert word(posted.response) == "Success"
    assert "Zoé &lt;b&gt;&amp;<".encode() in posted.response


def test_ecdsa_and_a_second_factor(world: SamlWorld) -> None:
    """PLP-115, PLP-118: ecdsa-sha256 with a P-256 certificate of the sheet; a sign-in with two factors is said as such."""
    current = world.current(world.party.sid, amr=("pwd", "otp", "mfa"))
    posted = world.answer(signed(packed(request_xml()), world.launch(), algorithm=ECDSA_SHA256), current)
    assert word(posted.response) == "Success"
    assert b"https://refeds.org/profile/mfa" in posted.response


def tampered(query: bytes) -> bytes:
    return query.replace(b"RelayState=lch_", b"RelayState=lch-")


SPOILT = {
    "a tampered query": lambda launch: tampered(signed(packed(request_xml()), launch)),
    "no signature": lambda launch: signed(packed(request_xml()), launch).partition(b"&SigAlg")[0],
    "SHA-1": lambda launch: signed(packed(request_xml()), launch, algorithm=RSA_SHA1),
    "another algorithm": lambda launch: signed(packed(request_xml()), launch).replace(b"rsa-sha256", b"rsa-sha512"),
    "a stranger's key": lambda launch: signed(
        packed(request_xml()), launch, key=rsa.generate_private_key(public_exponent=65537, key_size=2048)
    ),
    "another Destination": lambda launch: signed(packed(request_xml({"Destination": f"{BASE}/plp/autre/saml/sso"})), launch),
    "no Destination": lambda launch: signed(packed(request_xml({"Destination": None})), launch),
    "another address": lambda launch: signed(packed(request_xml({"AssertionConsumerServiceURL": f"{ACS}2"})), launch),
    "an address by its number": lambda launch: signed(packed(request_xml({"AssertionConsumerServiceIndex": "0"})), launch),
    "an unknown issuer": lambda launch: signed(packed(request_xml({"Issuer": "http://localhost:8010/autre"})), launch),
    "a comment in the issuer": lambda launch: signed(packed(request_xml({"Issuer": f"{ENTITY}<!-- -->.autre"})), launch),
    "a DTD": lambda launch: signed(packed(f'<!DOCTYPE r [<!ENTITY e "x">]>{request_xml({"Issuer": ENTITY + "&e;"})}'), launch),
    "an outer entity": lambda launch: signed(packed('<!DOCTYPE r SYSTEM "file:///etc/passwd">' + request_xml()), launch),
    "UTF-16, where a DTD hides": lambda launch: signed(packed(f"<!DOCTYPE r []>{request_xml()}".encode("utf-16")), launch),
    "a DEFLATE bomb": lambda launch: signed(packed(b"<a>" + b" " * 4_000_000 + b"</a>"), launch),
    "no DEFLATE": lambda launch: signed("AAAA", launch),
    "half of it": lambda launch: signed(packed(request_xml())[:-40], launch),
    "no base64": lambda launch: signed("é", launch),
    "no XML": lambda launch: signed(packed("<samlp:AuthnRequest"), launch),
    "another message": lambda launch: signed(packed(request_xml().replace("AuthnRequest", "LogoutRequest")), launch),
    "SAML 1.1": lambda launch: signed(packed(request_xml({"Version": "1.1"})), launch),
    "a short ID": lambda launch: signed(packed(request_xml({"ID": "_1"})), launch),
    "a parameter twice": lambda launch: signed(packed(request_xml()), launch) + b"&RelayState=" + launch.encode(),
    "a parameter more": lambda launch: signed(packed(request_xml()), launch) + b"&x=1",
    "a name in disguise": lambda launch: signed(packed(request_xml()), launch).replace(b"SigAlg=", b"Sig%41lg="),
    "nothing": lambda launch: b"",
    "too much": lambda launch: signed(packed(request_xml()), launch) + b"&" + b"x" * 9_000,
}


@pytest.mark.parametrize("why", SPOILT)
def test_who_is_not_believed_gets_nothing(world: SamlWorld, why: str) -> None:
    """PLP-115, PLP-121 ‡: no Response to anybody, and the launch goes on."""
    launch_id = world.launch()
    with pytest.raises(Unusable):
        world.answer(SPOILT[why](launch_id))
    assert world.row(launch_id).consumed_at is None
    assert word(world.answer(signed(packed(request_xml()), launch_id)).response) == "Success"


OTHER = {
    "a minute of yesterday": {"IssueInstant": f"{now() - timedelta(seconds=301):%Y-%m-%dT%H:%M:%SZ}"},
    "a minute to come": {"IssueInstant": "2999-01-01T00:00:00Z"},
    "no minute": {"IssueInstant": "2026-13-41T00:00:00Z"},
    "another binding": {"ProtocolBinding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"},
    "not passive": {"IsPassive": None},
    "a new sign-in": {"ForceAuthn": "true"},
    "another name": {"Format": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"},
    "no policy": {"Format": None},
}


@pytest.mark.parametrize("why", OTHER)
def test_who_asks_otherwise_is_told_one_word(world: SamlWorld, why: str) -> None:
    """PLP-115, PLP-117: RequestDenied, without an assertion; the launch goes on."""
    launch_id = world.launch()
    posted = world.answer(signed(packed(request_xml(OTHER[why])), launch_id))
    assert word(posted.response) == "RequestDenied"
    assert b"Assertion" not in posted.response.replace(b":assertion", b"")
    assert world.row(launch_id).consumed_at is None


def test_the_launch_and_the_request_serve_once(world: SamlWorld) -> None:
    """PLP-065, PLP-115: a second request for a used launch, and a request that came before, are denied."""
    launch_id, other = world.launch(), world.launch()
    asked = packed(request_xml())
    assert word(world.answer(signed(asked, launch_id)).response) == "Success"
    assert word(world.answer(signed(packed(request_xml()), launch_id)).response) == "RequestDenied"
    assert word(world.answer(signed(asked, other)).response) == "RequestDenied"
    assert world.row(other).consumed_at is None


def test_nobody_signed_in_is_said_as_such(world: SamlWorld) -> None:
    """PLP-067, PLP-117: NoPassive; the same launch opens once its person is there."""
    launch_id = world.launch()
    posted = world.answer(signed(packed(request_xml()), launch_id), nobody=True)
    assert word(posted.response) == "NoPassive"
    assert world.row(launch_id).consumed_at is None


@pytest.mark.parametrize("relay", [None, "", "lch_inconnu_inconnu", "../ailleurs", "x" * 81])
def test_a_relay_state_that_is_no_launch(world: SamlWorld, relay: str | None) -> None:
    """PLP-115: RequestDenied; what is longer than SAML's 80 octets is not given back."""
    posted = world.answer(signed(packed(request_xml()), relay))
    assert word(posted.response) == "RequestDenied"
    assert posted.relay_state == (relay if relay is None or len(relay) <= 80 else None)


def test_another_session_subject_or_cabinet(world: SamlWorld) -> None:
    """PLP-068: what is wrong at /plp/authorize is wrong here, with one word for all."""
    launch_id = world.launch()
    subject = "<saml:Subject><saml:NameID>adv_un_autre_conseiller</saml:NameID></saml:Subject>"
    stranger = world.sign_in(world.party.cabinet_id, world.party.user_id)
    for query, current in (
        (signed(packed(request_xml()), launch_id), world.current(stranger)),
        (signed(packed(request_xml()), launch_id), world.current(world.party.sid, cabinet_id=world.party.cabinet_id + 1)),
        (signed(packed(request_xml(inside=subject)), launch_id), None),
    ):
        assert word(world.answer(query, current).response) == "RequestDenied"
    assert world.row(launch_id).consumed_at is None
    own = f"<saml:Subject><saml:NameID>{world.party.handle}</saml:NameID></saml:Subject>"
    assert word(world.answer(signed(packed(request_xml(inside=own)), launch_id)).response) == "Success"


def test_what_ended_meanwhile_ends_the_launch(world: SamlWorld) -> None:
    """PLP-042, PLP-068: an expired launch; a mandate that is suspended between click and request."""
    launch_id = world.launch()
    with db.session(world.party.cabinet_id) as session:
        session.scalars(select(Launch).where(Launch.launch_id == launch_id)).one().expires_at = now() - timedelta(seconds=1)
    assert word(world.answer(signed(packed(request_xml()), launch_id)).response) == "RequestDenied"
    other = world.launch()
    with db.session(world.party.cabinet_id) as session:
        session.scalars(select(Mandate)).one().state = "suspended"
    try:
        assert word(world.answer(signed(packed(request_xml()), other)).response) == "RequestDenied"
    finally:
        with db.session(world.party.cabinet_id) as session:
            session.scalars(select(Mandate)).one().state = "active"
