"""Requests, assertions and responses as text; each member may be said otherwise."""

from __future__ import annotations

import base64
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl
from urllib.parse import quote_plus

from plp_conform.saml import names
from plp_conform.saml.keys import Pair
from plp_conform.saml.xml import attributes
from plp_conform.saml.xml import escape

_CAP = 256 * 1024


def new_id() -> str:
    """An xs:ID of 128 random bits."""
    return f"_{secrets.token_hex(16)}"


@dataclass(frozen=True, slots=True)
class Said:
    """An assertion (PLP-118, PLP-119). Moments as SAML writes them; a member that is None is left out."""

    id: str
    issued: str
    issuer: str
    name_id: str
    sp: str
    recipient: str
    in_response_to: str | None
    until: str
    begins: str
    ends: str
    authenticated: str
    session: str
    plp: tuple[tuple[str, str], ...]
    #: The issuer again, where an SP must compare it.
    qualifier: str | None = None
    sp_qualifier: str | None = None
    name_format: str = names.PERSISTENT
    audiences: tuple[str, ...] | None = None
    method: str = names.BEARER
    class_ref: str = names.PASSWORD
    attribute_format: str = names.URI
    one_time: bool = True
    version: str = "2.0"

    def markup(self) -> str:
        """Without signature. `name_id` stands as it is given, so that it may hold markup."""
        who = attributes(
            Format=self.name_format, NameQualifier=self.qualifier or self.issuer, SPNameQualifier=self.sp_qualifier or self.sp
        )
        confirmed = attributes(InResponseTo=self.in_response_to, NotOnOrAfter=self.until, Recipient=self.recipient)
        audiences = self.audiences if self.audiences is not None else (self.sp,)
        listed = "".join(f"<saml:Audience>{escape(one)}</saml:Audience>" for one in audiences)
        told = "".join(
            f"<saml:Attribute{attributes(Name=names.ATTRIBUTE + name, NameFormat=self.attribute_format)}>"
            f"<saml:AttributeValue>{escape(value)}</saml:AttributeValue></saml:Attribute>"
            for name, value in self.plp
        )
        return (
            f'<saml:Assertion xmlns:saml="{names.ASSERTION}"'
            f"{attributes(ID=self.id, IssueInstant=self.issued, Version=self.version)}>"
            f"<saml:Issuer>{escape(self.issuer)}</saml:Issuer>"
            f"<saml:Subject><saml:NameID{who}>{self.name_id}</saml:NameID>"
            f"<saml:SubjectConfirmation{attributes(Method=self.method)}>"
            f"<saml:SubjectConfirmationData{confirmed}></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>"
            f"<saml:Conditions{attributes(NotBefore=self.begins, NotOnOrAfter=self.ends)}>"
            f"<saml:AudienceRestriction>{listed}</saml:AudienceRestriction>"
            f"{'<saml:OneTimeUse></saml:OneTimeUse>' if self.one_time else ''}</saml:Conditions>"
            f"<saml:AuthnStatement{attributes(AuthnInstant=self.authenticated, SessionIndex=self.session)}><saml:AuthnContext>"
            f"<saml:AuthnContextClassRef>{escape(self.class_ref)}</saml:AuthnContextClassRef></saml:AuthnContext>"
            f"</saml:AuthnStatement><saml:AttributeStatement>{told}</saml:AttributeStatement></saml:Assertion>"
        )


def response(
    content: str, *, name: str, issued: str, issuer: str, destination: str | None, in_response_to: str | None,
    status: str = names.SUCCESS, second: str | None = None, before: str = "",
) -> str:  # fmt: skip
    """A Response around what it carries; `second`: the inner status of an error."""
    inner = f"<samlp:StatusCode{attributes(Value=second)}></samlp:StatusCode>" if second else ""
    return (
        f'{before}<samlp:Response xmlns:samlp="{names.PROTOCOL}"'
        f"{attributes(Destination=destination, ID=name, InResponseTo=in_response_to, IssueInstant=issued, Version='2.0')}>"
        f'<saml:Issuer xmlns:saml="{names.ASSERTION}">{escape(issuer)}</saml:Issuer>'
        f"<samlp:Status><samlp:StatusCode{attributes(Value=status)}>{inner}</samlp:StatusCode></samlp:Status>"
        f"{content}</samlp:Response>"
    )


def authn_request(*, issuer: str, before: str = "", policy: str = names.PERSISTENT, **given: str | None) -> str:
    """PLP-115; `given`: the attributes of the root, None leaves one out."""
    said = {"Version": "2.0", "ProtocolBinding": names.POST, "IsPassive": "true", **given}
    return (
        f'{before}<samlp:AuthnRequest xmlns:samlp="{names.PROTOCOL}"{attributes(**said)}>'
        f'<saml:Issuer xmlns:saml="{names.ASSERTION}">{escape(issuer)}</saml:Issuer>'
        f"<samlp:NameIDPolicy{attributes(Format=policy)}></samlp:NameIDPolicy></samlp:AuthnRequest>"
    )


def deflated(markup: str) -> str:
    """As HTTP-Redirect carries a message."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(packed.compress(markup.encode()) + packed.flush()).decode()


def inflated(text: str) -> bytes:
    """Raises `ValueError` on what is no such message, or is larger than any request."""
    reader = zlib.decompressobj(-15)
    try:
        made = reader.decompress(base64.b64decode(text, validate=True), _CAP)
    except zlib.error as error:
        raise ValueError("no deflated message") from error
    if reader.unconsumed_tail:
        raise ValueError("too large")
    return made


def redirect_query(
    markup: str, relay: str | None, pair: Pair | None, *, sha1: bool = False, packed: str | None = None
) -> str:
    """The signed query of HTTP-Redirect; without `pair` it is unsigned."""
    given: dict[str, str | None] = {"SAMLRequest": packed or deflated(markup), "RelayState": relay}
    if pair is not None:
        given["SigAlg"] = names.RSA_SHA1 if sha1 else names.RSA_SHA256
    query = encoded({name: value for name, value in given.items() if value is not None})
    if pair is None:
        return query
    return f"{query}&{encoded({'Signature': base64.b64encode(pair.signature(query.encode(), sha1=sha1)).decode()})}"


def encoded(given: Mapping[str, str]) -> str:
    """As a form's query is written."""
    return "&".join(f"{name}={quote_plus(value)}" for name, value in given.items())


def signed_part(query: str) -> tuple[bytes, dict[str, str]]:
    """What the signature of a query covers, as it stands there, and the parameters. Raises `ValueError` on one twice."""
    parts = [part.partition("=") for part in query.split("&")]
    raw = {name: value for name, _, value in parts}
    if len(raw) != len(parts):
        raise ValueError("a parameter twice")
    content = "&".join(f"{name}={raw[name]}" for name in ("SAMLRequest", "RelayState", "SigAlg") if name in raw)
    return content.encode(), dict(parse_qsl(query, keep_blank_values=True))


def plain(text: str) -> str:
    """A message of HTTP-POST as its field holds it."""
    return base64.b64encode(text.encode()).decode()
