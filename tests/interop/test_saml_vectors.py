"""The kit's vectors of Annex A (PLP-114 to PLP-121): the good ones by programs that others wrote, all by the simulated SP."""

from __future__ import annotations

import base64
import subprocess
import zlib
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from lxml import etree
from saml2 import md
from saml2 import samlp

from plugins.nomineo.simulator import saml_response
from plugins.nomineo.simulator.saml_keys import Pair
from plugins.nomineo.simulator.saml_response import Due
from plugins.nomineo.simulator.saml_xml import SamlRefused
from tests.interop import golden

_SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
_XENC = "http://www.w3.org/2001/04/xmlenc#"
KEYS, RESPONSES, REQUESTS = (golden.read(f"saml-{name}") for name in ("keys", "response", "request"))


def test_there_are_enough() -> None:
    """Each negative one says the line that it breaks, and each line of Annex A is broken by one."""
    metadata = golden.read("saml-metadata")
    refused = [*metadata["refused"], *REQUESTS["refused"], *RESPONSES["refused"]]
    assert len(refused) >= 60
    assert set(Counter(one["breaks"] for one in refused)) == {f"PLP-{number}" for number in range(114, 122)}
    for vectors in (metadata, REQUESTS, RESPONSES):
        words = [one.get("what") or one["why"] for one in (*vectors["accepted"], *vectors["refused"])]
        assert len(set(words)) == len(words)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """The platform's, as a file."""
    path = tmp_path / "platform.pem"
    path.write_text(KEYS["platform"]["certificate"], "utf-8")
    return path


def _xmlsec1(xml: str, certificate: Path, folder: Path) -> bool:
    document = folder / "response.xml"
    document.write_text(xml, "utf-8")
    words = ("xmlsec1", "--verify", "--pubkey-cert-pem", str(certificate), "--id-attr:ID", f"{_SAML}:Assertion", str(document))
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def _opened(xml: str) -> str:
    """By XMLSec with the partner's key (the xmlsec1 of Debian 12 does not know this RSA-OAEP yet)."""
    root, keys = etree.fromstring(xml), xmlsec.KeysManager()
    private = KEYS["encryption"]["private"].encode()
    keys.add_key(xmlsec.Key.from_memory(private, xmlsec.constants.KeyDataFormatPem))
    [sealed] = root.findall(f"{{{_SAML}}}EncryptedAssertion")
    [data] = sealed.findall(f"{{{_XENC}}}EncryptedData")
    root.replace(sealed, xmlsec.EncryptionContext(keys).decrypt(data))
    return etree.tostring(root).decode()


def test_xmlsec_takes_the_good_responses(certificate: Path, tmp_path: Path) -> None:
    """PLP-117, PLP-120: signed, and encrypted after that; what was changed it refuses, so that its yes means something."""
    for one in RESPONSES["accepted"]:
        assert _xmlsec1(_opened(one["xml"]) if one["encrypted"] else one["xml"], certificate, tmp_path), one["what"]
    named = {one["why"]: one["xml"] for one in RESPONSES["refused"]}
    for why in ("unsigned", "signed by a stranger", "changed after the signature", "the signature of one assertion on another"):
        assert not _xmlsec1(named[why], certificate, tmp_path), why


def test_openssl_verifies_the_good_requests(tmp_path: Path) -> None:
    """PLP-115: over the query as it stands; pysaml2 reads what it says."""
    public = x509.load_pem_x509_certificate(KEYS["partner"]["certificate"].encode()).public_key()
    key, signature = tmp_path / "partner.pem", tmp_path / "signature"
    key.write_bytes(public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))

    def verified(query: str) -> bool:
        content, _, value = query.partition("&Signature=")
        signature.write_bytes(base64.b64decode(parse_qs(f"s={value}")["s"][0]))
        words = ("openssl", "dgst", "-sha256", "-verify", str(key), "-signature", str(signature))
        return subprocess.run(words, input=content.encode(), capture_output=True, check=False).returncode == 0

    for one in REQUESTS["accepted"]:
        assert verified(one["query"]), one["what"]
        xml = zlib.decompress(base64.b64decode(parse_qs(one["query"])["SAMLRequest"][0]), -15).decode()
        assert xml == one["xml"]
        said = samlp.authn_request_from_string(xml)
        assert (said.id, said.is_passive, said.destination) == (REQUESTS["request_id"], "true", REQUESTS["platform"]["sso_url"])
        assert (said.issuer.text, said.verify()) == (REQUESTS["partner"]["entity_id"], True)
    named = {one["why"]: one["query"] for one in REQUESTS["refused"]}
    assert not verified(named["signed by a stranger"])
    assert not verified(named["RelayState changed after the signature"])


def test_pysaml2_reads_the_metadata() -> None:
    """PLP-114."""
    vectors = golden.read("saml-metadata")
    [right] = vectors["accepted"]
    said = md.entity_descriptor_from_string(right["xml"])
    [described] = said.idpsso_descriptor
    [service] = described.single_sign_on_service
    assert (said.entity_id, service.location) == (vectors["platform"]["entity_id"], vectors["platform"]["sso_url"])


def test_the_simulated_sp_judges_them_all() -> None:
    """What it takes and refuses is what the file says, with and without an encryption certificate."""
    key = serialization.load_pem_private_key(KEYS["encryption"]["private"].encode(), None)
    pair = Pair(key, KEYS["encryption"]["certificate"])  # type: ignore[arg-type]
    partner, platform = RESPONSES["partner"], RESPONSES["platform"]

    def taken(one: dict[str, Any]) -> bool:
        due = Due(
            platform["entity_id"], tuple(platform["certs"]), partner["entity_id"], partner["acs_url"],
            RESPONSES["request_id"], RESPONSES["login_hint"], pair if one["encrypted"] else None,
        )  # fmt: skip
        try:
            root, _ = saml_response.in_response_to(one["xml"].encode())
            return saml_response.error_of(root) is None and bool(saml_response.read(root, due, RESPONSES["at"]))
        except SamlRefused:
            return False

    wrong = [one["what"] for one in RESPONSES["accepted"] if not taken(one)]
    wrong += [one["why"] for one in RESPONSES["refused"] if taken(one)]
    assert wrong == []
    for one in RESPONSES["errors"]:
        root, _ = saml_response.in_response_to(one["xml"].encode())
        assert saml_response.error_of(root) == one["status"]
