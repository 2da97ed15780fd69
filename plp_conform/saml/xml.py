"""Reading and canonical form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias
from xml.sax.saxutils import escape
from xml.sax.saxutils import quoteattr

from lxml import etree

from plp_conform.saml.names import tag

Element: TypeAlias = etree._Element


def parse(text: str | bytes) -> Element:
    """No DTD, no entity, no network. Raises `ValueError`."""
    raw = text.encode() if isinstance(text, str) else text
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise ValueError("a document type")
    try:
        return etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise ValueError(f"no XML: {error}") from error


def canonical(element: Element, *, inclusive: bool = False) -> bytes:
    """Exclusive XML canonicalization without comments; the inclusive one where that is what must be refused."""
    made: bytes = etree.tostring(element, method="c14n", exclusive=not inclusive, with_comments=False)
    return made


def alone(element: Element) -> Element:
    """A copy as the root of a document of its own."""
    return etree.fromstring(etree.tostring(element, with_tail=False), etree.XMLParser(resolve_entities=False, no_network=True))


def child(parent: Element, namespace: str, name: str) -> Element:
    """The one child of this name. Raises `ValueError`."""
    found = parent.findall(tag(namespace, name))
    if len(found) != 1:
        raise ValueError(f"{len(found)} {name}")
    return found[0]


def each(root: Element, namespace: str, name: str) -> Iterator[Element]:
    """All of this name, at any depth."""
    yield from root.iter(tag(namespace, name))


def text(element: Element) -> str:
    """What stands in it, nothing else being there. Raises `ValueError`."""
    if len(element):
        raise ValueError(f"markup in {etree.QName(element).localname}")
    return element.text or ""


def attributes(**given: str | None) -> str:
    """` name="value"` of each that is not None."""
    return "".join(f" {name}={quoteattr(value)}" for name, value in given.items() if value is not None)


__all__ = ["Element", "alone", "attributes", "canonical", "child", "each", "escape", "parse", "text"]
