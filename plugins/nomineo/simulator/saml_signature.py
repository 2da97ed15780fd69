"""PLP-117, PLP-121: the signature of an assertion, and nothing but what it covers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from datetime import datetime

from lxml import etree
from signxml.algorithms import DigestAlgorithm
from signxml.algorithms import SignatureMethod
from signxml.exceptions import InvalidInput
from signxml.exceptions import InvalidSignature
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration
from signxml.verifier import XMLVerifier

from .saml_xml import ASSERTION
from .saml_xml import SIGNATURE
from .saml_xml import Element
from .saml_xml import SamlRefused
from .saml_xml import only
from .saml_xml import refuse_unless
from .saml_xml import tag
from .saml_xml import without_remarks

_CANONICAL = "http://www.w3.org/2001/10/xml-exc-c14n#"
_TRANSFORMS = [f"{SIGNATURE}enveloped-signature", _CANONICAL]


def signed(assertion: Element, certificates: Sequence[str], now: float) -> Element:
    """The assertion as it was signed by one of these certificates' keys; any KeyInfo in it is passed over.

    `assertion` is the root of a document of its own, so that the reference cannot reach anything beside it.
    Raises `SamlRefused`.
    """
    refuse_unless(assertion.tag == tag(ASSERTION, "Assertion"), "no assertion")
    without_remarks(assertion)
    _check_form(assertion)
    config = SignatureConfiguration(
        location="./", expect_references=1, ignore_ambiguous_key_info=True,
        signature_methods=frozenset({SignatureMethod.RSA_SHA256}), digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
        verification_time=datetime.fromtimestamp(now, UTC),
    )  # fmt: skip
    for certificate in certificates:
        try:
            found = XMLVerifier().verify(assertion, x509_cert=certificate, id_attribute="ID", expect_config=config)
        except (InvalidSignature, InvalidInput, SignXMLException, etree.LxmlError, ValueError):
            continue
        covered = None if isinstance(found, list) else found.signed_xml
        refuse_unless(covered is not None and covered.get("ID") == assertion.get("ID"), "what the signature covers")
        assert covered is not None
        return covered
    raise SamlRefused("signature")


def _check_form(assertion: Element) -> None:
    """One signature, directly in the assertion, with one reference to it and the two transforms."""
    refuse_unless(len(list(assertion.iter(tag(SIGNATURE, "Signature")))) == 1, "number of signatures")
    said = only(only(assertion, SIGNATURE, "Signature"), SIGNATURE, "SignedInfo")
    refuse_unless(only(said, SIGNATURE, "CanonicalizationMethod").get("Algorithm") == _CANONICAL, "canonical form")
    reference = only(said, SIGNATURE, "Reference")
    refuse_unless(bool(assertion.get("ID")) and reference.get("URI") == f"#{assertion.get('ID')}", "reference")
    transforms = only(reference, SIGNATURE, "Transforms").findall(tag(SIGNATURE, "Transform"))
    refuse_unless([one.get("Algorithm") for one in transforms] == _TRANSFORMS, "transforms")
    refuse_unless(not any(len(one) for one in transforms), "what a transform holds")
