"""What every reader of SAML here begins with: names, and XML that cannot do anything."""

from __future__ import annotations

from typing import TypeAlias

from lxml import etree

PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
ENCRYPTION = "http://www.w3.org/2001/04/xmlenc#"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
_STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
SUCCESS, NO_PASSIVE, DENIED = (f"{_STATUS}{name}" for name in ("Success", "NoPassive", "RequestDenied"))
_CAP = 256 * 1024

Element: TypeAlias = etree._Element


class SamlRefused(Exception):
    """The message is not taken; the argument is the log's word for why (no personal data)."""


def refuse_unless(right: object, why: str) -> None:
    """Raises `SamlRefused`."""
    if not right:
        raise SamlRefused(why)


def parse(raw: bytes) -> Element:
    """UTF-8 without DTD; no entity, no network, nothing large. Raises `SamlRefused`."""
    refuse_unless(len(raw) <= _CAP, "too large")
    try:
        text = raw.decode("utf-8")
        # Before any parser sees it: a document type is never due, and its entities are the oldest trick.
        refuse_unless("<!DOCTYPE" not in text and "<!ENTITY" not in text, "document type")
        reader = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(raw, reader)
    except (UnicodeDecodeError, etree.XMLSyntaxError, ValueError) as error:
        raise SamlRefused("unreadable") from error
    refuse_unless(root.getroottree().docinfo.internalDTD is None, "document type")
    return root


def tag(namespace: str, name: str) -> str:
    """As lxml names an element."""
    return f"{{{namespace}}}{name}"


def only(parent: Element, namespace: str, name: str) -> Element:
    """The one child of this name. Raises `SamlRefused`."""
    found = parent.findall(tag(namespace, name))
    refuse_unless(len(found) == 1, f"{len(found)} {name}")
    return found[0]


def text_of(element: Element) -> str:
    """The text of an element that holds nothing else: a comment in it would split what readers see."""
    refuse_unless(len(element) == 0, "markup inside a text")
    return element.text or ""


def without_remarks(element: Element) -> None:
    """PLP-121: no comment and no processing instruction, anywhere. Raises `SamlRefused`."""
    found = next(element.iter(etree.Comment, etree.ProcessingInstruction), None)
    refuse_unless(found is None, "comment or processing instruction")
