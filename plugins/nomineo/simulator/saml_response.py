"""PLP-117 to PLP-121: what a Response must say before anything is opened on its word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Any

from lxml import etree

from . import saml_decrypt
from . import saml_signature
from . import wire
from .saml_keys import Pair
from .saml_xml import ASSERTION
from .saml_xml import BEARER
from .saml_xml import DENIED
from .saml_xml import NO_PASSIVE
from .saml_xml import PERSISTENT
from .saml_xml import PROTOCOL
from .saml_xml import SUCCESS
from .saml_xml import Element
from .saml_xml import SamlRefused
from .saml_xml import only
from .saml_xml import parse
from .saml_xml import refuse_unless
from .saml_xml import tag
from .saml_xml import text_of

LEEWAY_S = 30
_ATTRIBUTE = "urn:plp:attr:"
_URI = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
_ACR = {
    "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport": "urn:plp:acr:password",
    "https://refeds.org/profile/mfa": "urn:plp:acr:mfa",
}


@dataclass(frozen=True, slots=True)
class Due:
    """What the flow began with, and who this company is."""

    iss: str
    certificates: tuple[str, ...]
    entity_id: str
    acs_url: str
    request_id: str
    login_hint: str
    encryption: Pair | None


@dataclass(frozen=True, slots=True)
class Said:
    """A verified assertion. `claims`: as an ID Token would say it; `until`: how long its ID is remembered (seconds)."""

    assertion_id: str
    until: float
    claims: Mapping[str, Any]


def in_response_to(raw: bytes) -> tuple[Element, str]:
    """The document, and which request it says it answers. Raises `SamlRefused`."""
    root = parse(raw)
    refuse_unless(root.tag == tag(PROTOCOL, "Response") and root.get("Version") == "2.0", "no Response")
    found = root.get("InResponseTo")
    refuse_unless(bool(found), "unsolicited")  # PLP-116: only under saml2-idp
    return root, str(found)


def error_of(root: Element) -> str | None:
    """None for Success, else the second status code's URI, or the first's."""
    code = only(only(root, PROTOCOL, "Status"), PROTOCOL, "StatusCode")
    if code.get("Value") == SUCCESS:
        return None
    inner = code.find(tag(PROTOCOL, "StatusCode"))
    return str((code if inner is None else inner).get("Value"))


def kind_of(error: str) -> str:
    """The text of the page (PLP-071, PLP-117)."""
    return {NO_PASSIVE: "login_required", DENIED: "access_denied"}.get(error, "malformed")


def read(root: Element, due: Due, now: float) -> Said:
    """Raises `SamlRefused`."""
    refuse_unless(root.get("Destination") == due.acs_url, "destination")
    refuse_unless(root.get("InResponseTo") == due.request_id, "request")
    issuer = root.find(tag(ASSERTION, "Issuer"))
    refuse_unless(issuer is None or text_of(issuer) == due.iss, "issuer of the response")
    assertion = saml_signature.signed(_alone(root, due), due.certificates, now)
    return _said(assertion, due, now)


def _alone(root: Element, due: Due) -> Element:
    """The one assertion as a document of its own; encrypted where this company gave a certificate (PLP-120)."""
    plain = list(root.iter(tag(ASSERTION, "Assertion")))
    encrypted = list(root.iter(tag(ASSERTION, "EncryptedAssertion")))
    refuse_unless(len(plain) + len(encrypted) == 1, "number of assertions")
    found = (plain or encrypted)[0]
    refuse_unless(found.getparent() is root, "place of the assertion")
    if due.encryption is None:
        refuse_unless(bool(plain), "encrypted without need")
        return parse(etree.tostring(found, with_tail=False))
    refuse_unless(bool(encrypted), "plain assertion")
    inner = parse(saml_decrypt.decrypted(found, due.encryption.key))
    refuse_unless(len(list(inner.iter(tag(ASSERTION, "Assertion")))) == 1, "number of assertions")
    return inner


def _moment(text: str | None) -> float:
    """xs:dateTime in UTC, with or without a fraction. Raises `SamlRefused`."""
    try:
        read_as = datetime.fromisoformat(str(text).removesuffix("Z"))
    except ValueError as error:
        raise SamlRefused("moment") from error
    refuse_unless(str(text).endswith("Z") and read_as.tzinfo is None, "moment")
    return read_as.replace(tzinfo=UTC).timestamp()


def _said(assertion: Element, due: Due, now: float) -> Said:
    refuse_unless(assertion.get("Version") == "2.0", "version")
    refuse_unless(_moment(assertion.get("IssueInstant")) <= now + LEEWAY_S, "issued later")
    refuse_unless(text_of(only(assertion, ASSERTION, "Issuer")) == due.iss, "issuer")
    sub, until = _subject(only(assertion, ASSERTION, "Subject"), due, now)
    _conditions(only(assertion, ASSERTION, "Conditions"), due, now)
    authn = only(assertion, ASSERTION, "AuthnStatement")
    context = only(only(authn, ASSERTION, "AuthnContext"), ASSERTION, "AuthnContextClassRef")
    acr = _ACR.get(text_of(context))
    at = _moment(authn.get("AuthnInstant"))
    refuse_unless(acr is not None and at <= now + LEEWAY_S, "authentication")
    plp = _plp(_attributes(only(assertion, ASSERTION, "AttributeStatement")), sub)
    return Said(str(assertion.get("ID")), until, {"sub": sub, "acr": acr, "auth_time": int(at), "plp": plp})


def _subject(subject: Element, due: Due, now: float) -> tuple[str, float]:
    """PLP-118."""
    name = only(subject, ASSERTION, "NameID")
    qualified = (name.get("Format"), name.get("NameQualifier"), name.get("SPNameQualifier"))
    refuse_unless(qualified == (PERSISTENT, due.iss, due.entity_id), "name")
    refuse_unless(text_of(name) == due.login_hint, "name")
    confirmation = only(subject, ASSERTION, "SubjectConfirmation")
    refuse_unless(confirmation.get("Method") == BEARER, "confirmation")
    data = only(confirmation, ASSERTION, "SubjectConfirmationData")
    refuse_unless(data.get("Recipient") == due.acs_url, "recipient")
    refuse_unless(data.get("InResponseTo") == due.request_id, "request of the subject")
    until = _moment(data.get("NotOnOrAfter"))
    refuse_unless(until > now - LEEWAY_S, "subject expired")
    return due.login_hint, until


def _conditions(conditions: Element, due: Due, now: float) -> None:
    refuse_unless(_moment(conditions.get("NotBefore")) <= now + LEEWAY_S, "not yet valid")
    refuse_unless(_moment(conditions.get("NotOnOrAfter")) > now - LEEWAY_S, "conditions expired")
    audience = only(only(conditions, ASSERTION, "AudienceRestriction"), ASSERTION, "Audience")
    refuse_unless(text_of(audience) == due.entity_id, "audience")
    only(conditions, ASSERTION, "OneTimeUse")


def _attributes(statement: Element) -> dict[str, str]:
    """PLP-119: each once, one string each."""
    found: dict[str, str] = {}
    for one in statement.findall(tag(ASSERTION, "Attribute")):
        name = str(one.get("Name"))
        if not name.startswith(_ATTRIBUTE):
            continue
        short = name.removeprefix(_ATTRIBUTE)
        refuse_unless(one.get("NameFormat") == _URI and short not in found, "attribute")
        found[short] = text_of(only(one, ASSERTION, "AttributeValue"))
    return found


def _plp(given: Mapping[str, str], sub: str) -> dict[str, Any]:
    """The same members as the claim `plp` of an ID Token; what is absent is null."""
    prefill = given.get("prefill")
    try:
        filled = None if prefill is None else wire.parse_json(prefill.encode())
    except ValueError as error:
        raise SamlRefused("prefill") from error
    names = ("launch_id", "interaction_id", "transaction_ref", "mandate", "action", "decision_id", "return_url", "locale")
    return {
        **{name: given.get(name) for name in names}, "prefill": filled,
        "account": {"scheme": given.get("account_scheme"), "ref": given.get("account_ref")},
        "actor": {"sub": sub, "display": given.get("actor_display"), "broker_code": given.get("broker_code")},
    }  # fmt: skip
