"""SAML's names, and the one way in which a stranger's XML is read: no DTD, no entity, no network, a size (PLP-121)."""

from __future__ import annotations

from lxml import etree

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
XENC = "http://www.w3.org/2001/04/xmlenc#"
XENC11 = "http://www.w3.org/2009/xmlenc11#"

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
RESPONDER = "urn:oasis:names:tc:SAML:2.0:status:Responder"
NO_PASSIVE = "urn:oasis:names:tc:SAML:2.0:status:NoPassive"
REQUEST_DENIED = "urn:oasis:names:tc:SAML:2.0:status:RequestDenied"

#: Octets of a message that we read; a request has some 1 000.
MAX_BYTES = 16 * 1024
_ENCODINGS = ("UTF-8", "ASCII", "US-ASCII")


class BadXml(Exception):
    """Not a message that we read. The text is for our log."""


def parse(raw: bytes) -> etree._Element:
    """The root of a message. Raises `BadXml` for what is no XML, is too long, or could make two readers differ.

    Comments and processing instructions are refused everywhere: they cut a text in two, of which some readers see one half.
    """
    if len(raw) > MAX_BYTES:
        raise BadXml("too long")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadXml("not UTF-8") from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text or "<!--" in text:
        raise BadXml("a DTD, an entity or a comment")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadXml("not XML") from error
    about = root.getroottree().docinfo
    if about.doctype or about.internalDTD is not None or (about.encoding or "UTF-8").upper() not in _ENCODINGS:
        raise BadXml("a DTD, or another encoding")
    if any(not isinstance(node.tag, str) for node in root.iter()):
        raise BadXml("a comment, an instruction or an entity")
    return root


def named(namespace: str, name: str) -> str:
    """An element's name as lxml writes it."""
    return f"{{{namespace}}}{name}"


def written(root: etree._Element) -> bytes:
    """A message as it goes out."""
    made: bytes = etree.tostring(root, xml_declaration=False, encoding="utf-8")
    return made
