"""The kit plays an identity provider: the simulated extranet conforms as a service provider (PLP-114 to PLP-121; PL-09)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from plp_conform import judging
from plp_conform import report
from plp_conform import runner
from plp_conform.against_partner.bench import Bench
from plp_conform.against_partner.flow import browser
from plp_conform.against_partner.saml_launch import saml
from plp_conform.model import SAML_IDP
from plp_conform.model import Verdict
from plp_conform.runner import Run
from plp_conform.saml import keys
from plp_conform.saml import names
from plp_conform.saml import signing
from plp_conform.trial import Trial
from tests.conform.extranet import SAML
from tests.conform.extranet import Extranet

#: What does not depend on the binding was tried by `test_extranet`; here launches, and what comes of one.
CHAPTERS = ("saml.", "launch.", "sheet.shape", "hook.first", "hook.sequence", "feed.own", "convention.codes")


@pytest.fixture(scope="module")
def horizon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Extranet]:
    """A second company, whose binding is saml2-sp."""
    made = Extranet(tmp_path_factory.mktemp("horizon"), settings=SAML)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def run(horizon: Extranet) -> Run:
    """Each launch, each check of Annex A."""
    return runner.run(horizon.target(), CHAPTERS)


@pytest.fixture
def bench(horizon: Extranet) -> Iterator[Bench]:
    """A kit of its own."""
    made = Bench(horizon.target())
    yield made
    made.close()


def test_every_check_passes(run: Run) -> None:
    """What catches a planted bug passes on the true extranet; what is of the other binding is «non concerné», not good."""
    found = {result.check.name: (result.verdict, result.why) for result in run.results}
    wrong = {name: why for name, why in found.items() if why[0] not in (Verdict.CONFORMS, Verdict.NOT_CONCERNED)}
    assert wrong == {}
    other = {name for name, (verdict, _) in found.items() if verdict is Verdict.NOT_CONCERNED}
    assert {"launch.request", "launch.assertion", "saml.idp"} <= other
    assert not {name for name in other if name.startswith("saml.")} - {"saml.idp"}
    assert judging.exit_code(run) == judging.CONFORMS


def test_the_lines(run: Run) -> None:
    """PLP-114 to PLP-121 are shown; the lines of code and tokens are not concerned."""
    found = {line.requirement.id: line.verdict for line in judging.lines(run)}
    assert {found[f"PLP-{number}"] for number in range(114, 122)} == {Verdict.CONFORMS}
    assert {found[f"PLP-{number:03}"] for number in (55, 57, 64, 72, 73, 75)} == {Verdict.NOT_CONCERNED}
    text = report.as_json(run)
    assert json.loads(text)["exit_code"] == judging.CONFORMS
    assert "PRIVATE KEY" not in text
    assert "PHNhbWxwOlJlc3BvbnNl" not in text, "of a message its first letters at most"


def test_a_binding_that_is_not_tried_is_not_green(horizon: Extranet) -> None:
    """PLP-116: a partner of `saml2-idp` is «non vérifié», in each launch."""
    target = horizon.target()
    other = replace(target, sheet=type(target.sheet)({**target.sheet, "binding": SAML_IDP}))
    found = runner.run(other, ["saml.idp", "launch.opens", "saml.opens"])
    verdicts = {result.check.name: result.verdict for result in found.results}
    unverified = {"saml.idp", "launch.opens"}
    assert verdicts == {**dict.fromkeys(unverified, Verdict.UNVERIFIED), "saml.opens": Verdict.NOT_CONCERNED}
    assert judging.exit_code(found) == judging.INCOMPLETE


def test_an_answer_in_another_browser_opens_nothing(bench: Bench) -> None:
    """PLP-063 by a step after the POST, which brings no cookie: a launch cannot be slipped to somebody else (PLP-116's fear)."""
    made = saml(bench).begin(Trial())
    victim = browser()
    answer = made.callback(http=victim)
    assert (answer.status, "a déjà servi ou a expiré" in answer.text) == (400, True)
    assert not [cookie for cookie in victim.cookies if cookie.name == "extranet_sid"]


def test_the_ticket_serves_once(bench: Bench, horizon: Extranet) -> None:
    """The step after the POST is no second door."""
    made = saml(bench).begin(Trial())
    kept = made.http.cookies.copy()
    made.page(Trial(), made.callback())
    [ticket] = [url for url in made.urls if "ticket=" in url]
    made.http.cookies.update(kept)
    again = requests.get(ticket, cookies=dict(kept), timeout=10, allow_redirects=False)
    assert again.status_code == 400
    assert requests.get(f"{horizon.site}/saml/open", timeout=10).status_code == 400


def test_it_looks_like_another_company(horizon: Extranet) -> None:
    """Its own name, letter and colour; the addresses of the other binding are not there."""
    page = requests.get(horizon.site, timeout=10).text
    assert "Extranet Horizon Vie (simulé)" in page
    assert "Nominéo" not in page
    assert 'class="x-second"' in page
    icon = requests.get(f"{horizon.site}/icon.svg", timeout=10)
    assert (icon.headers["Content-Type"].split(";")[0], ">H</text>" in icon.text) == ("image/svg+xml", True)
    assert requests.get(f"{horizon.site}/plp/initiate", timeout=10).status_code == 404
    assert (horizon.sheet["partner_id"], horizon.sheet["contact"]) == ("horizon", "partenaires@horizon.example")


def test_without_an_encryption_certificate_assertions_come_plain(tmp_path_factory: pytest.TempPathFactory) -> None:
    """PLP-120: the sheet says so, and the kit follows it."""
    served = Extranet(tmp_path_factory.mktemp("plain"), settings={**SAML, "saml_plain": True})
    try:
        found = runner.run(served.target(), ["saml.opens", "saml.plain", "saml.wrapped-advice", "saml.second-before"])
    finally:
        served.stop()
    assert {result.check.name: result.why for result in found.results if result.verdict is not Verdict.CONFORMS} == {}


def test_a_request_signed_on_a_curve_is_verified() -> None:
    """PLP-115: ecdsa-sha256, r and s side by side; in ASN.1, or by another key, it is none."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "curve")])
    begins = datetime.now(UTC)
    pem = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, begins, begins + timedelta(days=1)).sign(key, SHA256())
        .public_bytes(serialization.Encoding.PEM).decode()
    )  # fmt: skip
    der = key.sign(b"SAMLRequest=x", ec.ECDSA(SHA256()))
    r, s = decode_dss_signature(der)
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert signing.verified(pem, b"SAMLRequest=x", raw, names.ECDSA_SHA256)
    assert not signing.verified(pem, b"SAMLRequest=y", raw, names.ECDSA_SHA256)
    assert not signing.verified(pem, b"SAMLRequest=x", der, names.ECDSA_SHA256)
    assert not signing.verified(pem, b"SAMLRequest=x", raw, names.RSA_SHA256)
    assert not signing.verified(keys.platforms().certificate, b"SAMLRequest=x", raw, names.ECDSA_SHA256)
