"""Four programs that read a SAML Response and share no code with ours: pysaml2, minisaml, node-saml, xmlsec1; and XMLSec 1.3,
which decrypts as XML Encryption 1.1 says (the xmlsec1 of Debian 12 does not know its RSA-OAEP yet)."""

from __future__ import annotations

import base64
import json
import subprocess
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import xmlsec
from cryptography.x509 import load_pem_x509_certificate
from lxml import etree
from saml2 import BINDING_HTTP_POST
from saml2 import BINDING_HTTP_REDIRECT
from saml2.client import Saml2Client
from saml2.config import SPConfig

from tests.interop import node

with warnings.catch_warnings():  # minisaml reads through a module that its makers have deprecated
    warnings.simplefilter("ignore", DeprecationWarning)
    from minisaml.response import TimeDriftLimits
    from minisaml.response import validate_response

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
XENC = "http://www.w3.org/2001/04/xmlenc#"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


class Refused(Exception):
    """The reader does not take it."""


@dataclass(frozen=True)
class Party:
    """The partner, as its configuration describes it: both sides' names, our certificates, our metadata, its own key."""

    issuer: str
    sso_url: str
    certs: tuple[str, ...]
    metadata: str
    entity_id: str
    acs_url: str
    key: Path
    cert: Path


@dataclass(frozen=True)
class Read:
    """What a reader says to have read."""

    subject: str
    attributes: Mapping[str, Any]
    in_response_to: str


def pysaml2_client(party: Party) -> Saml2Client:
    """pysaml2 as the partner: from our metadata, wanting signed assertions."""
    known = SPConfig().load(
        {
            "entityid": party.entity_id, "key_file": str(party.key), "cert_file": str(party.cert),
            "allow_unknown_attributes": True, "metadata": {"inline": [party.metadata]}, "delete_tmpfiles": True,
            "service": {
                "sp": {
                    "endpoints": {"assertion_consumer_service": [(party.acs_url, BINDING_HTTP_POST)]},
                    "authn_requests_signed": True, "want_response_signed": False, "want_assertions_signed": True,
                    "allow_unsolicited": False, "name_id_format": [PERSISTENT],
                }
            },
        }
    )  # fmt: skip
    return Saml2Client(config=known)


def pysaml2_request(client: Saml2Client, party: Party, relay_state: str, **changes: Any) -> tuple[str, str]:
    """A signed AuthnRequest by pysaml2: its ID, and the address that it sends the browser to."""
    asked = {"nameid_format": PERSISTENT, "is_passive": "true", "binding": BINDING_HTTP_POST, **changes}
    request_id, request = client.create_authn_request(party.sso_url, **asked)
    sent = client.apply_binding(
        BINDING_HTTP_REDIRECT, str(request), party.sso_url, relay_state=relay_state, sign=True, sigalg=RSA_SHA256
    )
    return request_id, dict(sent["headers"])["Location"]


def by_pysaml2(response: bytes, party: Party, request_id: str) -> Read:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = pysaml2_client(party).parse_authn_request_response(
                base64.b64encode(response).decode(), BINDING_HTTP_POST, outstanding={request_id: "/"}
            )
    except Exception as error:  # it raises some thirty kinds, some of them bare
        raise Refused(repr(error)) from error
    return Read(found.name_id.text, {name: values[0] for name, values in found.ava.items()}, found.in_response_to)


def by_minisaml(response: bytes, party: Party, request_id: str) -> Read:
    leeway = TimeDriftLimits(timedelta(seconds=30), timedelta(seconds=30))
    try:
        found = validate_response(
            data=base64.b64encode(response), certificate={load_pem_x509_certificate(one.encode()) for one in party.certs},
            expected_audience=party.entity_id, idp_issuer=party.issuer, allowed_time_drift=leeway,
        )  # fmt: skip
    except Exception as error:
        raise Refused(repr(error)) from error
    return Read(found.name_id, found.attrs, found.in_response_to or "")


def by_node_saml(response: bytes, party: Party, request_id: str, folder: Path) -> Read:
    given = folder / "node-saml.json"
    said = {
        "issuer": party.issuer, "sso_url": party.sso_url, "certs": list(party.certs), "entity_id": party.entity_id,
        "acs_url": party.acs_url, "request_id": request_id, "response": base64.b64encode(response).decode(),
    }  # fmt: skip
    given.write_text(json.dumps(said), "utf-8")
    found = node.run("saml.mjs", str(given))
    if "refused" in found:
        raise Refused(found["refused"])
    return Read(found["nameID"], found["attributes"], found["inResponseTo"])


def by_xmlsec1(response: bytes, party: Party, folder: Path) -> bool:
    """Whether the program `xmlsec1` finds the assertion's signature good by our certificate."""
    document, certificate = folder / "response.xml", folder / "idp.pem"
    document.write_bytes(response)
    certificate.write_text(party.certs[0])
    words = ("xmlsec1", "--verify", "--pubkey-cert-pem", str(certificate), "--id-attr:ID", f"{SAML}:Assertion", str(document))
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def decrypted(response: bytes, party: Party) -> bytes:
    """The Response with its assertion as the partner reads it, opened by XMLSec 1.3 with the partner's key."""
    root = etree.fromstring(response)
    keys = xmlsec.KeysManager()
    keys.add_key(xmlsec.Key.from_file(str(party.key), xmlsec.constants.KeyDataFormatPem))
    [sealed] = root.findall(f"{{{SAML}}}EncryptedAssertion")
    [data] = sealed.findall(f"{{{XENC}}}EncryptedData")
    try:
        assertion = xmlsec.EncryptionContext(keys).decrypt(data)
    except xmlsec.Error as error:
        raise Refused(repr(error)) from error
    root.replace(sealed, assertion)
    opened: bytes = etree.tostring(root)
    return opened
