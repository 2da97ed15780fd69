"""Our metadata: for programs that want one. Who may sign stands on the sheet and on the paper (PLP-114)."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from core.links.saml import pem
from core.links.saml import xml
from core.links.saml.xml import DS
from core.links.saml.xml import METADATA
from core.links.saml.xml import SAMLP
from core.links.saml.xml import named

MEDIA_TYPE = "application/samlmetadata+xml"


def sso_url(issuer: str) -> str:
    """Where partners send their requests."""
    return f"{issuer}/saml/sso"


def metadata_url(issuer: str) -> str:
    """Where the metadata are."""
    return f"{issuer}/saml/metadata"


def document(issuer: str, certificates: Sequence[str], max_age: int) -> bytes:
    """The entity's description. It is not signed: no partner trusts what it says of keys. `max_age`: seconds to keep it."""
    root = etree.Element(
        named(METADATA, "EntityDescriptor"), {"entityID": issuer, "cacheDuration": f"PT{max_age}S"},
        nsmap={"md": METADATA, "ds": DS},
    )  # fmt: skip
    provider = etree.SubElement(
        root, named(METADATA, "IDPSSODescriptor"),
        {"WantAuthnRequestsSigned": "true", "protocolSupportEnumeration": SAMLP},
    )  # fmt: skip
    for text in certificates:
        described = etree.SubElement(provider, named(METADATA, "KeyDescriptor"), use="signing")
        data = etree.SubElement(etree.SubElement(described, named(DS, "KeyInfo")), named(DS, "X509Data"))
        etree.SubElement(data, named(DS, "X509Certificate")).text = pem.bare(text)
    etree.SubElement(provider, named(METADATA, "NameIDFormat")).text = xml.PERSISTENT
    etree.SubElement(
        provider, named(METADATA, "SingleSignOnService"), {"Binding": xml.REDIRECT, "Location": sso_url(issuer)}
    )
    return xml.written(root)
