"""Annex A: metadata, requests, responses. The RSA keys are kept beside (`saml-keys.json`): examples, never to be used."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from plp_conform import wire
from plp_conform.saml import encryption
from plp_conform.saml import forging
from plp_conform.saml import keys
from plp_conform.saml import messages
from plp_conform.saml import names
from plp_conform.saml import signing
from plp_conform.saml.keys import Pair
from plp_conform.saml.messages import Said
from plp_conform.saml.signing import How
from scripts.plp_vectors import facts
from scripts.plp_vectors.facts import AT
from scripts.plp_vectors.facts import ISS
from scripts.plp_vectors.facts import TAIL

Vectors = dict[str, Any]
KEYS = Path(__file__).parent.parent.parent / "plp_conform" / "vectors" / "saml-keys.json"
SITE = "https://p.example"
ENTITY, ACS, SSO = f"{SITE}/saml", f"{SITE}/saml/acs", f"{ISS}/saml/sso"
LAUNCH, REQUEST, ASSERTION = f"lch_{TAIL}", "_6b1f0f0b9c0d4f0e8a2f3c5d7e9a1b2c", "_2c9a1b7e5d3f8a0e4f0d9c0b6b1f0f0b"
_OTHER = "https://elsewhere.example/saml"


@cache
def pair(name: str) -> Pair:
    """One of the four: platform, partner, encryption, stranger."""
    return Pair.from_pem(**json.loads(KEYS.read_text("utf-8"))[name])


def _sheets() -> Vectors:
    return {
        "about": f"PLP-114 to PLP-121. Keys in saml-keys.json are examples: never use them. `at`: {wire.stamp(AT)}.",
        "at": AT,
        "platform": {
            "entity_id": ISS, "sso_url": SSO, "metadata": f"{ISS}/saml/metadata", "certs": [pair("platform").certificate],
        },
        "partner": {
            "entity_id": ENTITY, "acs_url": ACS, "launch_url": f"{SITE}/saml/launch",
            "signing_certs": [pair("partner").certificate], "encryption_cert": pair("encryption").certificate,
        },
    }  # fmt: skip


def metadata() -> Vectors:
    """PLP-114."""

    def described(entity: str = ISS, place: str = SSO, binding: str = names.REDIRECT, certificate: str | None = None) -> str:
        body = keys.body_of(certificate or pair("platform").certificate)
        return (
            f'<md:EntityDescriptor xmlns:md="{names.METADATA}" entityID="{entity}">'
            f'<md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="{names.PROTOCOL}">'
            f'<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{names.DS}"><ds:X509Data><ds:X509Certificate>{body}'
            "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            f"<md:NameIDFormat>{names.PERSISTENT}</md:NameIDFormat>"
            f'<md:SingleSignOnService Binding="{binding}" Location="{place}"/></md:IDPSSODescriptor></md:EntityDescriptor>'
        )

    refused = [
        ("entityID of another", described(entity=f"{facts.SITE}/plp/durand")),
        ("requests by HTTP-POST", described(binding=names.POST)),
        ("requests to another address than the sheet's", described(place=_OTHER)),
        ("a certificate that is on no sheet", described(certificate=pair("stranger").certificate)),
        ("a document type", "<!DOCTYPE x>" + described()), ("cut short", described()[:-9]),
    ]  # fmt: skip
    return {
        **_sheets(), "accepted": [{"what": "one certificate, that of the sheet", "xml": described()}],
        "refused": [{"why": why, "breaks": "PLP-114", "xml": text} for why, text in refused],
    }  # fmt: skip


def _request(**changes: Any) -> str:
    given: dict[str, Any] = {
        "issuer": ENTITY, "ID": REQUEST, "IssueInstant": wire.stamp(AT), "Destination": SSO, "AssertionConsumerServiceURL": ACS,
        **changes,
    }  # fmt: skip
    return messages.authn_request(**given)


def requests() -> Vectors:
    """PLP-115: queries at `sso_url`, as they stand in the address."""
    own = pair("partner")

    def query(markup: str | None = None, relay: str | None = LAUNCH, signer: Pair | None = own, **how: Any) -> str:
        return messages.redirect_query(markup or _request(), relay, signer, **how)

    right = query()
    refused = [
        ("unsigned", query(signer=None)), ("signed by a stranger", query(signer=pair("stranger"))),
        ("rsa-sha1", query(sha1=True)),
        ("RelayState changed after the signature", right.replace(LAUNCH, "lch_another_launch_xx")),
        ("SAMLRequest twice", f"{right}&{messages.encoded({'SAMLRequest': messages.deflated(_request(ID='_another_request'))})}"),
        ("an Issuer on no sheet", query(_request(issuer=_OTHER))),
        ("another AssertionConsumerServiceURL", query(_request(AssertionConsumerServiceURL=f"{_OTHER}/acs"))),
        ("another Destination", query(_request(Destination=_OTHER))),
        ("issued 301 seconds ago", query(_request(IssueInstant=wire.stamp(AT - 301)))),
        ("issued in 301 seconds", query(_request(IssueInstant=wire.stamp(AT + 301)))),
        ("IsPassive false", query(_request(IsPassive="false"))), ("IsPassive absent", query(_request(IsPassive=None))),
        ("ProtocolBinding HTTP-Redirect", query(_request(ProtocolBinding=names.REDIRECT))),
        ("NameIDPolicy transient", query(_request(policy=names.TRANSIENT))), ("no ID", query(_request(ID=None))),
        ("no RelayState", query(relay=None)), ("a document type", query(_request(before="<!DOCTYPE x>"))),
        ("entities that multiply", query(forging.bomb(_request()))), ("no XML", query("AuthnRequest")),
    ]  # fmt: skip
    return {
        **_sheets(), "request_id": REQUEST, "relay_state": LAUNCH,
        "accepted": [
            {"what": "right", "xml": _request(), "query": right},
            {"what": "issued 299 seconds ago", "xml": _request(IssueInstant=wire.stamp(AT - 299)),
             "query": query(_request(IssueInstant=wire.stamp(AT - 299)))},
        ],
        "refused": [{"why": why, "breaks": "PLP-115", "query": text} for why, text in refused],
    }  # fmt: skip


def _said(**changes: Any) -> Said:
    told = (
        ("launch_id", LAUNCH), ("interaction_id", "0b9f2c1e-7a44-4c7e-9f55-3a6f2f1d8e10"), ("transaction_ref", f"txn_{TAIL}"),
        ("mandate", facts.MANDATE), ("action", "arbitrage"), ("account_scheme", "contract-number"), ("account_ref", "HIM0012345"),
        ("actor_display", "Camille Dupont"), ("broker_code", "C12345"), ("orias", "07000123"),
        ("return_url", f"{facts.SITE}/plp/return?launch={LAUNCH}"), ("locale", "fr-FR"),
    )  # fmt: skip
    made = Said(
        id=ASSERTION, issued=wire.stamp(AT), issuer=ISS, name_id=facts.ADVISER, sp=ENTITY, recipient=ACS, in_response_to=REQUEST,
        until=wire.stamp(AT + 60), begins=wire.stamp(AT - 30), ends=wire.stamp(AT + 60), authenticated=wire.stamp(AT - 600),
        session=wire.sha256(b"a session of the example"), plp=told,
    )  # fmt: skip
    return replace(made, **changes)


def _around(content: str, **changes: Any) -> str:
    given: dict[str, Any] = {
        "name": "_0f1e2d3c4b5a69788796a5b4c3d2e1f0", "issued": wire.stamp(AT), "issuer": ISS, "destination": ACS,
        "in_response_to": REQUEST, **changes,
    }  # fmt: skip
    return messages.response(content, **given)


def _masked(label: bytes, length: int) -> bytes:
    """MGF1 with SHA-256 (RFC 8017 §B.2.1)."""
    parts = (hashlib.sha256(label + counter.to_bytes(4, "big")).digest() for counter in range(length // 32 + 1))
    return b"".join(parts)[:length]


def _wrapped(secret: bytes, certificate: str, seed: bytes) -> bytes:
    """RSA-OAEP of RFC 8017 §7.1 with a seed that is given: libraries draw one, and the bytes would differ each time."""
    public = keys.public(certificate).public_numbers()
    size = (public.n.bit_length() + 7) // 8
    block = hashlib.sha256(b"").digest() + b"\0" * (size - len(secret) - 66) + b"\1" + secret
    hidden = bytes(a ^ b for a, b in zip(block, _masked(seed, len(block)), strict=True))
    shown = bytes(a ^ b for a, b in zip(seed, _masked(hidden, 32), strict=True))
    return pow(int.from_bytes(b"\0" + shown + hidden, "big"), public.e, public.n).to_bytes(size, "big")


def _encrypted(signed: str, to: str = "encryption") -> str:
    """The same bytes each time: key, nonce and seed are digests of published phrases."""
    certificate = pair(to).certificate
    secret, seed = (hashlib.sha256(f"PLP/1 golden vectors: {what}".encode()).digest() for what in ("content key", "OAEP seed"))
    return encryption.encrypted(
        signed.encode(), certificate, secret=secret, nonce=hashlib.sha256(b"PLP/1 golden vectors: nonce").digest()[:12],
        wrapped=_wrapped(secret, certificate, seed),
    )  # fmt: skip


def responses() -> Vectors:
    """PLP-117 to PLP-121: as an SP judges them that has no encryption certificate, and as one that has."""
    idp = pair("platform")

    def signed(how: How | None = None, by: Pair = idp, **changes: Any) -> str:
        return signing.signed(_said(**changes).markup(), by, how)

    def forged(make: Callable[[str, str], str]) -> str:
        told = tuple((name, "XAE0022091" if name == "account_ref" else value) for name, value in _said().plp)
        return make(signed(), _said(id="_an_assertion_of_the_attacker", plp=told).markup())

    right, stranger = signed(), pair("stranger")
    sub = facts.ADVISER
    plain: list[tuple[str, str, str]] = [
        ("unsigned", "PLP-117", _around(_said().markup())),
        ("signed by a stranger", "PLP-114", _around(signed(by=stranger))),
        ("signed by a stranger whose certificate is in KeyInfo", "PLP-114",
         _around(signed(How(key_info=stranger.certificate), by=stranger))),
        ("changed after the signature", "PLP-121", _around(right.replace("HIM0012345", "XAE0022091"))),
        ("the signature of one assertion on another", "PLP-121", _around(forged(forging.altered))),
        ("the signed assertion in an Object of another's signature", "PLP-121", _around(forged(forging.in_object))),
        ("the signed assertion in the Advice of another", "PLP-121", _around(forged(forging.in_advice))),
        ("the signed assertion as a child of another", "PLP-121", _around(forged(forging.as_child))),
        ("the signed assertion beside, in Extensions", "PLP-121",
         _around(forged(lambda one, evil: forging.in_extensions(one, evil, str)))),
        ("a second assertion before it", "PLP-121", _around(_said(id="_another_assertion_xx").markup() + right)),
        ("a second assertion after it", "PLP-121", _around(right + _said(id="_another_assertion_xx").markup())),
        ("rsa-sha1", "PLP-121", _around(signed(How(sha1=True)))),
        ("digest sha1", "PLP-121", _around(signed(How(sha1_digest=True)))),
        ("another canonical form among the transforms", "PLP-121",
         _around(signed(How(transforms=(names.ENVELOPED, names.EXCLUSIVE + "WithComments"))))),
        ("a third transform", "PLP-121", _around(signed(How(transforms=(names.ENVELOPED, names.EXCLUSIVE, names.EXCLUSIVE))))),
        ("Reference of the whole document", "PLP-117", _around(signed(How(uri="")))),
        ("a comment in NameID", "PLP-121", _around(signed(name_id=f"{sub[:8]}<!-- -->{sub[8:]}"))),
        ("a document type", "PLP-121", _around(right, before="<!DOCTYPE x>")),
        ("entities that multiply", "PLP-121", forging.bomb(_around(right))),
        ("Audience of another", "PLP-121", _around(signed(audiences=(_OTHER,)))),
        ("no Audience", "PLP-118", _around(signed(audiences=()))),
        ("Recipient of another", "PLP-121", _around(signed(recipient=f"{_OTHER}/acs"))),
        ("Issuer of another", "PLP-121", _around(signed(issuer=f"{facts.SITE}/plp/durand", qualifier=ISS))),
        ("InResponseTo of another request, in the assertion", "PLP-121", _around(signed(in_response_to="_another_request_id_"))),
        ("InResponseTo of another request, in the Response", "PLP-121", _around(right, in_response_to="_another_request_id_")),
        ("unsolicited", "PLP-116", _around(signed(in_response_to=None), in_response_to=None)),
        ("Destination of another", "PLP-117", _around(right, destination=f"{_OTHER}/acs")),
        ("confirmation expired 45 seconds ago", "PLP-118", _around(signed(until=wire.stamp(AT - 45)))),
        ("conditions expired 45 seconds ago", "PLP-118", _around(signed(ends=wire.stamp(AT - 45)))),
        ("valid in 45 seconds", "PLP-118", _around(signed(begins=wire.stamp(AT + 45)))),
        ("NameID transient", "PLP-118", _around(signed(name_format=names.TRANSIENT))),
        ("NameID of another adviser", "PLP-118", _around(signed(name_id="adv_another_adviser_x"))),
        ("attributes of another NameFormat", "PLP-119",
         _around(signed(attribute_format="urn:oasis:names:tc:SAML:2.0:attrname-format:basic"))),
        ("an attribute twice", "PLP-119", _around(signed(plp=(*_said().plp, ("account_ref", "XAE0022091"))))),
        ("an assertion under RequestDenied", "PLP-117", _around(right, status=names.RESPONDER, second=names.DENIED)),
        ("Success without an assertion", "PLP-117", _around("")), ("cut short", "PLP-117", _around(right)[:-20]),
    ]  # fmt: skip
    sealed: list[tuple[str, str, str]] = [
        ("plain, to an SP that registered a certificate", "PLP-120", _around(right)),
        ("encrypted to another certificate", "PLP-120", _around(_encrypted(right, "stranger"))),
        ("said to be AES-CBC", "PLP-120", _around(_encrypted(right).replace(names.AES256_GCM, f"{names.XENC}aes256-cbc"))),
        ("an unsigned assertion under right encryption", "PLP-117", _around(_encrypted(_said().markup()))),
        ("a wrapped signature under right encryption", "PLP-121", _around(_encrypted(forged(forging.in_object)))),
        ("a second, plain assertion beside", "PLP-121", _around(_encrypted(right) + right)),
    ]  # fmt: skip
    error = _around("", status=names.RESPONDER, second=names.NO_PASSIVE)
    return {
        **_sheets(), "request_id": REQUEST, "relay_state": LAUNCH, "login_hint": facts.ADVISER, "assertion": right,
        "accepted": [
            {"what": "plain, to an SP without encryption certificate", "encrypted": False, "xml": _around(right)},
            {"what": "encrypted", "encrypted": True, "xml": _around(_encrypted(right))},
            {"what": "a KeyInfo that nobody reads", "encrypted": False, "xml": _around(signed(How(key_info=idp.certificate)))},
            {"what": "20 seconds late", "encrypted": False,
             "xml": _around(signed(until=wire.stamp(AT - 20), ends=wire.stamp(AT - 20)))},
        ],
        "errors": [{"what": "no session at the platform", "status": names.NO_PASSIVE, "xml": error}],
        "refused": [{"why": why, "breaks": line, "encrypted": False, "xml": text} for why, line, text in plain]
        + [{"why": why, "breaks": line, "encrypted": True, "xml": text} for why, line, text in sealed],
    }  # fmt: skip


