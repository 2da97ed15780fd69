"""What an AuthnRequest must say (PLP-115)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any

from lxml import etree

from core.auth.oidc.kinds import Denied
from core.db.clock import now
from core.links.saml import xml
from core.links.saml.redirect import Unusable
from core.links.saml.xml import SAML
from core.links.saml.xml import SAMLP
from core.links.saml.xml import named

#: PLP-115: how far `IssueInstant` may be from now.
TOLERANCE = timedelta(seconds=300)
#: SAML asks 128 random bits of an ID; an XML name of up to 128 signs.
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{15,127}")
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?Z")
#: PLP-004, and fewer octets than SAML's 80.
_LAUNCH = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True)
class AuthnRequest:
    """A request that was believed, and is as it should be. `subject`: whom it is about, where it says so."""

    id: str
    launch_id: str
    subject: str | None


def issuer_of(root: etree._Element) -> str:
    """Who says to have sent it. Raises `Unusable` for another message than a request of SAML 2.0."""
    if root.tag != named(SAMLP, "AuthnRequest") or root.get("Version") != "2.0":
        raise Unusable("no AuthnRequest of SAML 2.0")
    found = root.findall(named(SAML, "Issuer"))
    if len(found) != 1 or len(found[0]) or not found[0].text:
        raise Unusable("no issuer")
    return str(found[0].text).strip()


def addressed(root: etree._Element, *, sso_url: str, acs_url: str) -> str:
    """Its ID, where it is for us and asks for the address of the sheet. Raises `Unusable`: there is nobody else to answer to."""
    known = str(root.get("ID", ""))
    if not _ID.fullmatch(known):
        raise Unusable("no ID")
    if root.get("Destination") != sso_url:
        raise Unusable("another Destination")
    if root.get("AssertionConsumerServiceURL") != acs_url or root.get("AssertionConsumerServiceIndex") is not None:
        raise Unusable("another address of the partner than its sheet's")
    return known


def check(root: etree._Element, known: str, relay_state: str | None, saml: dict[str, Any]) -> AuthnRequest:
    """The rest: when, how, for which launch. Raises `Denied`."""
    _check_instant(root.get("IssueInstant", ""))
    if root.get("ProtocolBinding") != xml.POST:
        raise Denied("another ProtocolBinding than HTTP-POST")
    if root.get("IsPassive") not in ("true", "1") or root.get("ForceAuthn") not in (None, "false", "0"):
        raise Denied("not passive, or a new sign-in is asked for")
    policies = root.findall(named(SAMLP, "NameIDPolicy"))
    if len(policies) != 1 or policies[0].get("Format") != xml.PERSISTENT:
        raise Denied("another NameIDPolicy than persistent")
    if policies[0].get("SPNameQualifier") not in (None, saml["entity_id"]):
        raise Denied("the name of another partner")
    if relay_state is None or not _LAUNCH.fullmatch(relay_state):
        raise Denied("RelayState is no launch")
    return AuthnRequest(known, relay_state, _subject(root))


def _check_instant(text: str) -> None:
    found = _INSTANT.fullmatch(text)
    try:
        at = datetime.fromisoformat(f"{found[1]}+00:00") if found else None
    except ValueError:
        at = None
    if at is None or abs(now() - at) > TOLERANCE:
        raise Denied("IssueInstant is not now")


def _subject(root: etree._Element) -> str | None:
    found = root.find(named(SAML, "Subject"))
    if found is None:
        return None
    name = found.find(named(SAML, "NameID"))
    if name is None or len(name) or not name.text:
        raise Denied("a subject that we cannot read")
    return str(name.text)
