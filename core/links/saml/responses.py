"""The Response: one signed assertion about one launch, or a word of refusal (PLP-117 to PLP-120)."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml.algorithms import CanonicalizationMethod
from signxml.algorithms import DigestAlgorithm
from signxml.algorithms import SignatureMethod
from signxml.signer import XMLSigner

from core.links.saml import xml
from core.links.saml.encryption import encrypted_assertion
from core.links.saml.xml import DS
from core.links.saml.xml import SAML
from core.links.saml.xml import SAMLP
from core.links.saml.xml import named

#: PLP-118: the assertion's life, and how far before it a slow clock may be.
LIFETIME = timedelta(seconds=60)
EARLY = timedelta(seconds=30)
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
URI = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
ATTRIBUTE = "urn:plp:attr:"
#: Signs that XML cannot carry, not even escaped: a name that holds one must not stop its bearer.
_UNSAID = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: PLP-118: our acr → SAML's class.
CLASSES = {
    "urn:plp:acr:password": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
    "urn:plp:acr:mfa": "https://refeds.org/profile/mfa",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """To whom and from whom: the partner's names are its sheet's."""

    issuer: str
    entity_id: str
    acs_url: str
    request_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What the assertion says. `plp`: the launch (PLP-076); `session`: ours, under a name that is this partner's only."""

    subject: str
    signed_in: datetime
    acr: str
    session: str
    plp: Mapping[str, Any]
    orias: str | None


def granted(
    to: Answer, said: Said, *, key: rsa.RSAPrivateKey, certificate: str, encrypt_to: str | None
) -> bytes:
    """The Response that opens the launch; encrypted where the partner registered a certificate for it."""
    assertion = _signed(_assertion(to, said), key, certificate)
    response = _response(to, (xml.SUCCESS,))
    response.append(encrypted_assertion(assertion, encrypt_to) if encrypt_to is not None else assertion)
    return xml.written(response)


def refused(to: Answer, word: str) -> bytes:
    """Status Responder and one word: `NoPassive` or `RequestDenied`. Nothing of it is worth a signature."""
    return xml.written(_response(to, (xml.RESPONDER, word)))


def _response(to: Answer, status: tuple[str, ...]) -> etree._Element:
    made = etree.Element(
        named(SAMLP, "Response"), {
            "ID": _id(), "Version": "2.0", "IssueInstant": _instant(to.at), "Destination": to.acs_url,
            "InResponseTo": to.request_id,
        }, nsmap={"samlp": SAMLP, "saml": SAML},
    )  # fmt: skip
    etree.SubElement(made, named(SAML, "Issuer")).text = to.issuer
    inside = etree.SubElement(made, named(SAMLP, "Status"))
    for code in status:
        inside = etree.SubElement(inside, named(SAMLP, "StatusCode"), Value=code)
    return made


def _assertion(to: Answer, said: Said) -> etree._Element:
    until = _instant(to.at + LIFETIME)
    made = etree.Element(
        named(SAML, "Assertion"), {"ID": _id(), "Version": "2.0", "IssueInstant": _instant(to.at)}, nsmap={"saml": SAML}
    )
    etree.SubElement(made, named(SAML, "Issuer")).text = to.issuer
    etree.SubElement(made, named(DS, "Signature"), Id="placeholder", nsmap={"ds": DS})  # signxml fills it, where SAML wants it

    subject = etree.SubElement(made, named(SAML, "Subject"))
    etree.SubElement(
        subject, named(SAML, "NameID"),
        {"Format": xml.PERSISTENT, "NameQualifier": to.issuer, "SPNameQualifier": to.entity_id},
    ).text = said.subject  # fmt: skip
    confirmation = etree.SubElement(subject, named(SAML, "SubjectConfirmation"), Method=BEARER)
    etree.SubElement(
        confirmation, named(SAML, "SubjectConfirmationData"),
        {"Recipient": to.acs_url, "NotOnOrAfter": until, "InResponseTo": to.request_id},
    )  # fmt: skip

    conditions = etree.SubElement(
        made, named(SAML, "Conditions"), {"NotBefore": _instant(to.at - EARLY), "NotOnOrAfter": until}
    )
    restriction = etree.SubElement(conditions, named(SAML, "AudienceRestriction"))
    etree.SubElement(restriction, named(SAML, "Audience")).text = to.entity_id
    etree.SubElement(conditions, named(SAML, "OneTimeUse"))

    sign_in = etree.SubElement(
        made, named(SAML, "AuthnStatement"), {"AuthnInstant": _instant(said.signed_in), "SessionIndex": said.session}
    )
    context = etree.SubElement(sign_in, named(SAML, "AuthnContext"))
    etree.SubElement(context, named(SAML, "AuthnContextClassRef")).text = CLASSES[said.acr]

    statement = etree.SubElement(made, named(SAML, "AttributeStatement"))
    for name, value in _attributes(said).items():
        one = etree.SubElement(statement, named(SAML, "Attribute"), {"Name": ATTRIBUTE + name, "NameFormat": URI})
        etree.SubElement(one, named(SAML, "AttributeValue")).text = value
    return made


def _attributes(said: Said) -> dict[str, str]:
    """PLP-119: one text each, absent where there is nothing to say."""
    plp = said.plp
    prefill = plp["prefill"]
    values = {
        **{name: plp[name] for name in ("launch_id", "interaction_id", "transaction_ref", "mandate", "action")},
        "account_scheme": plp["account"]["scheme"], "account_ref": plp["account"]["ref"],
        "actor_display": plp["actor"]["display"], "broker_code": plp["actor"]["broker_code"], "orias": said.orias,
        **{name: plp[name] for name in ("decision_id", "return_url", "locale")},
        "prefill": json.dumps(prefill, ensure_ascii=False, separators=(",", ":")) if prefill is not None else None,
    }  # fmt: skip
    return {name: _UNSAID.sub("", str(value)) for name, value in values.items() if value is not None}


def _signed(assertion: etree._Element, key: rsa.RSAPrivateKey, certificate: str) -> etree._Element:
    """PLP-117: enveloped, exclusive canonical form, RSA and SHA-256, the reference is the assertion's ID."""
    signer = XMLSigner(
        signature_algorithm=SignatureMethod.RSA_SHA256, digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )  # fmt: skip
    return signer.sign(assertion, key=key, cert=certificate, reference_uri=f"#{assertion.get('ID')}", id_attribute="ID")


def _id() -> str:
    return f"_{secrets.token_hex(20)}"


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
