"""Our SAML against programs that others wrote: they read what we sign, we read what one asks (BL-14, PLP-114 to 121)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from lxml import etree
from saml2.xml.schema import validate
from sqlalchemy import select

from core.extensions import db
from core.links.models import Registration
from core.links.saml import certificates
from core.links.saml import metadata
from tests.core.auth.oidc_world import BASE
from tests.core.links.saml_scene import ACS
from tests.core.links.saml_scene import ENTITY
from tests.core.links.saml_scene import SamlWorld
from tests.core.links.saml_scene import certificate
from tests.core.links.saml_scene import keys
from tests.interop import saml_readers as readers
from tests.interop.saml_readers import Party
from tests.interop.saml_readers import Read
from tests.interop.saml_readers import Refused

ISSUER = f"{BASE}/plp/demo"
ATTRIBUTE = "urn:plp:attr:"


@dataclass
class Joined:
    """The cabinet, the partner as pysaml2 is configured, and what was answered to a request of pysaml2's."""

    world: SamlWorld
    party: Party
    folder: Path

    def ask(self, **changes: object) -> tuple[str, str, bytes]:
        """Launch, request ID, Response."""
        launch_id = self.world.launch()
        request_id, address = readers.pysaml2_request(readers.pysaml2_client(self.party), self.party, launch_id, **changes)
        return launch_id, request_id, self.world.answer(urlsplit(address).query.encode()).response

    def encrypt(self, wanted: bool) -> None:
        """Whether the partner registered a certificate to encrypt to."""
        self.world.encrypted = wanted
        with db.session(self.world.party.cabinet_id) as session:
            session.scalars(select(Registration)).one().sheet = self.world.sheet()

    def all_read(self, response: bytes, request_id: str) -> list[Read]:
        """By each of the readers that say what they read; xmlsec1 says yes or no."""
        assert readers.by_xmlsec1(response, self.party, self.folder)
        return [
            readers.by_pysaml2(response, self.party, request_id), readers.by_minisaml(response, self.party, request_id),
            readers.by_node_saml(response, self.party, request_id, self.folder),
        ]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Joined]:
    folder = tmp_path_factory.mktemp("saml")
    with pytest.MonkeyPatch.context() as patch:
        world = SamlWorld(folder, patch)
        with db.session(world.party.cabinet_id) as session:
            certs = tuple(row.pem for row in certificates.shown(session))
        own = keys()[0]
        key, cert = folder / "partner.key", folder / "partner.pem"
        kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        key.write_bytes(own.private_bytes(*kinds))
        cert.write_text(certificate(own))
        described = metadata.document(ISSUER, certs, 900).decode()
        yield Joined(world, Party(ISSUER, metadata.sso_url(ISSUER), certs, described, ENTITY, ACS, key, cert), folder)
        world.close()


@pytest.fixture
def joined(made: Joined) -> Joined:
    made.world.enter()
    made.encrypt(False)
    return made


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_request_of_pysaml2_is_answered_and_four_programs_read_it(joined: Joined, encrypted: bool) -> None:
    """PLP-115 to PLP-120: plain, and encrypted as XML Encryption 1.1 has it, opened by XMLSec; each reads the same words."""
    joined.encrypt(encrypted)
    launch_id, request_id, response = joined.ask()
    if encrypted:
        assert b"HIM001" not in response, "contract data pass through the browser"
        assert joined.world.party.handle.encode() not in response
        response = readers.decrypted(response, joined.party)
    for read in joined.all_read(response, request_id):
        assert read.subject == joined.world.party.handle
        assert read.in_response_to == request_id
        assert read.attributes[f"{ATTRIBUTE}launch_id"] == launch_id
        assert read.attributes[f"{ATTRIBUTE}account_ref"] == "HIM001"
        assert len(read.attributes) == 11


def test_another_key_does_not_open_it(joined: Joined, tmp_path: Path) -> None:
    """PLP-120 ‡: only the holder of `encryption_cert`'s key reads the assertion; a bit changed on the way is seen."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    joined.encrypt(True)
    _launch, _request, response = joined.ask()
    stranger = tmp_path / "stranger.key"
    kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    stranger.write_bytes(rsa.generate_private_key(public_exponent=65537, key_size=3072).private_bytes(*kinds))
    with pytest.raises(Refused):
        readers.decrypted(response, replace(joined.party, key=stranger))
    root = etree.fromstring(response)
    value = root.findall(f".//{{{readers.XENC}}}CipherValue")[-1]
    value.text = value.text[:-9] + ("A" if value.text[-9] != "A" else "B") + value.text[-8:]
    with pytest.raises(Refused):
        readers.decrypted(etree.tostring(root), joined.party)


def test_what_was_changed_is_refused_by_all(joined: Joined) -> None:
    """PLP-117, PLP-121: the signature covers every word of the assertion; another audience, request or issuer is seen."""
    _launch, request_id, response = joined.ask()
    changed = response.replace(b">HIM001<", b">HIM002<")
    assert changed != response
    assert not readers.by_xmlsec1(changed, joined.party, joined.folder)
    other = replace(joined.party, entity_id=f"{ENTITY}/autre")
    refusals = [
        lambda: readers.by_pysaml2(changed, joined.party, request_id),
        lambda: readers.by_minisaml(changed, joined.party, request_id),
        lambda: readers.by_node_saml(changed, joined.party, request_id, joined.folder),
        lambda: readers.by_pysaml2(response, other, request_id),
        lambda: readers.by_minisaml(response, other, request_id),
        lambda: readers.by_node_saml(response, other, request_id, joined.folder),
        lambda: readers.by_pysaml2(response, joined.party, "_une_autre_demande"),
        lambda: readers.by_node_saml(response, joined.party, "_une_autre_demande", joined.folder),
    ]
    for refusal in refusals:
        with pytest.raises(Refused):
            refusal()


def test_a_refusal_is_read_as_one(joined: Joined) -> None:
    """PLP-117: RequestDenied is no sign-in to anybody; a request of pysaml2 that is not passive gets it."""
    _launch, request_id, response = joined.ask(is_passive="false")
    for reader in (readers.by_pysaml2, readers.by_minisaml):
        with pytest.raises(Refused):
            reader(response, joined.party, request_id)
    with pytest.raises(Refused, match="RequestDenied"):
        readers.by_node_saml(response, joined.party, request_id, joined.folder)


def test_all_that_we_write_is_as_the_schemas_say(joined: Joined) -> None:
    """PLP-114, PLP-117, PLP-120: metadata, plain and encrypted Response, refusal, by the schemas of OASIS and W3C."""
    validate(joined.party.metadata)
    for encrypted in (False, True):
        joined.encrypt(encrypted)
        validate(joined.ask()[2].decode())
    validate(joined.ask(is_passive="false")[2].decode())
