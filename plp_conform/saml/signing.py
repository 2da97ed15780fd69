"""XML signatures: enveloped, exclusive, rsa-sha256 (PLP-117); and the ones that must be refused."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from plp_conform.saml import keys
from plp_conform.saml import names
from plp_conform.saml.keys import Pair
from plp_conform.saml.names import DS
from plp_conform.saml.xml import Element
from plp_conform.saml.xml import alone
from plp_conform.saml.xml import attributes
from plp_conform.saml.xml import canonical
from plp_conform.saml.xml import child
from plp_conform.saml.xml import each
from plp_conform.saml.xml import parse


@dataclass(frozen=True, slots=True)
class How:
    """A signature that is right, but for what is said otherwise. `key_info`: a certificate (PEM) that stands in it."""

    sha1: bool = False
    sha1_digest: bool = False
    transforms: tuple[str, ...] = (names.ENVELOPED, names.EXCLUSIVE)
    inclusive: bool = False
    uri: str | None = None
    key_info: str | None = None


def signature(root: Element, pair: Pair, how: How | None = None) -> str:
    """The Signature over an element that has none yet."""
    how = how or How()
    content = canonical(root, inclusive=how.transforms[-1] == names.INCLUSIVE)
    digest = (hashlib.sha1 if how.sha1_digest else hashlib.sha256)(content).digest()
    transforms = "".join(f"<ds:Transform{attributes(Algorithm=one)}></ds:Transform>" for one in how.transforms)
    uri = how.uri if how.uri is not None else f"#{root.get('ID')}"
    said = (
        f'<ds:SignedInfo xmlns:ds="{DS}">'
        f"<ds:CanonicalizationMethod{attributes(Algorithm=names.INCLUSIVE if how.inclusive else names.EXCLUSIVE)}>"
        "</ds:CanonicalizationMethod>"
        f"<ds:SignatureMethod{attributes(Algorithm=names.RSA_SHA1 if how.sha1 else names.RSA_SHA256)}></ds:SignatureMethod>"
        f"<ds:Reference{attributes(URI=uri)}><ds:Transforms>{transforms}</ds:Transforms>"
        f"<ds:DigestMethod{attributes(Algorithm=names.SHA1 if how.sha1_digest else names.SHA256)}></ds:DigestMethod>"
        f"<ds:DigestValue>{base64.b64encode(digest).decode()}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    )
    value = base64.b64encode(pair.signature(canonical(parse(said), inclusive=how.inclusive), sha1=how.sha1)).decode()
    info = ""
    if how.key_info is not None:
        body = keys.body_of(how.key_info)
        info = f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
    bare = said.replace(f' xmlns:ds="{DS}"', "", 1)
    return f'<ds:Signature xmlns:ds="{DS}">{bare}<ds:SignatureValue>{value}</ds:SignatureValue>{info}</ds:Signature>'


def signed(markup: str, pair: Pair, how: How | None = None) -> str:
    """The markup of an element with its signature after its Issuer, where the schema of SAML has it."""
    made = signature(parse(markup), pair, how)
    before, mark, after = markup.partition("</saml:Issuer>")
    return f"{before}{mark}{made}{after}"


def faults(element: Element, certificates: Iterable[str]) -> list[str]:
    """What is wrong with the signature of an element by PLP-117; nothing where one of the certificates' keys made it."""
    root = alone(element)
    try:
        found = child(root, DS, "Signature")
        said = child(found, DS, "SignedInfo")
        reference = child(said, DS, "Reference")
        transforms = [one.get("Algorithm") for one in child(reference, DS, "Transforms")]
        algorithms = {
            "CanonicalizationMethod": (child(said, DS, "CanonicalizationMethod").get("Algorithm"), names.EXCLUSIVE),
            "SignatureMethod": (child(said, DS, "SignatureMethod").get("Algorithm"), names.RSA_SHA256),
            "DigestMethod": (child(reference, DS, "DigestMethod").get("Algorithm"), names.SHA256),
            "Reference": (reference.get("URI"), f"#{root.get('ID')}"),
        }
        value = base64.b64decode(child(found, DS, "SignatureValue").text or "")
        digest = base64.b64decode(child(reference, DS, "DigestValue").text or "")
    except ValueError as error:
        return [f"signature illisible\u202f: {error}"]
    wrong = [f"{name}\u202f: {given}" for name, (given, due) in algorithms.items() if given != due]
    if transforms != [names.ENVELOPED, names.EXCLUSIVE]:
        wrong.append(f"Transforms\u202f: {transforms}")
    if len(list(each(root, DS, "Signature"))) != 1:
        wrong.append("plusieurs signatures")
    content = canonical(said)
    if not any(verified(certificate, content, value) for certificate in certificates):
        wrong.append("SignatureValue d'aucun certificat de la fiche")
    found.getparent().remove(found)
    if hashlib.sha256(canonical(root)).digest() != digest:
        wrong.append("DigestValue d'un autre contenu")
    return wrong


def verified(certificate: str, content: bytes, value: bytes, algorithm: str = names.RSA_SHA256) -> bool:
    """Whether the key of a certificate signed these bytes by this algorithm, rsa-sha256 or ecdsa-sha256 (r, then s)."""
    try:
        if algorithm == names.ECDSA_SHA256:
            key = keys.curve(certificate)
            if key is None or len(value) != 64:
                return False
            made = encode_dss_signature(int.from_bytes(value[:32], "big"), int.from_bytes(value[32:], "big"))
            key.verify(made, content, ec.ECDSA(SHA256()))
            return True
        if algorithm != names.RSA_SHA256:
            return False
        keys.public(certificate).verify(value, content, padding.PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True
