"""A launch by SAML in a real browser, our two sides together (PLP-114 to PLP-121, BL-01, BL-15).

What no client of a library shows: the platform's page posts to another site, which gets no SameSite=Lax cookie with it, under a
policy that says where a form may lead.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from plp_conform.driving import DriveFailed
from tests.browser.conftest import Enter
from tests.conform.cabinet import Handed
from tests.conform.extranet import SAML
from tests.conform.extranet import Extranet
from tests.interop.book import NUMBER
from tests.interop.joining import BROKER
from tests.interop.joining import Joining
from tests.stage import Person
from tests.stage import Stage
from tests.stage import until


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Extranet]:
    """The simulated extranet by SAML, which has the cabinet's one contract in its book."""
    served = Extranet(tmp_path, settings={**SAML, "partner_id": "nomineo"})
    with sqlite3.connect(tmp_path / "extranet.sqlite") as book:
        book.execute("INSERT INTO brokers VALUES (?, 'Cabinet Interop')", (BROKER,))
        theirs = "UPDATE contracts SET broker_code = ?, ref = ?, ref_key = ? WHERE ref_key = 'HIM0100001'"
        book.execute(theirs, (BROKER, NUMBER, NUMBER))
    book.close()
    yield served
    served.stop()


def _joined(stage: Stage, company: Extranet, folder: Path) -> Joining:
    """Both sheets handed over, the mandate filled and sent, the paper received, its code typed."""
    joining = Joining(stage, Handed(folder, company.sheet), "saml")  # type: ignore[arg-type]
    joining.open_cabinet()
    joining.register()
    drive, platform = company.target().drive, joining.partner.platform
    drive.do("register", sheet=platform)
    joining.boss = Person(stage, joining.administrator)
    joining.enrol()
    code = joining.fill()
    joining.dispatch(code)

    def received() -> bool:
        try:
            drive.do("receive", mandate=platform["mandate"])
        except DriveFailed:  # the worker has not put it yet
            return False
        return True

    until(received)
    drive.do("activate", mandate=platform["mandate"], code=code)
    return joining


def test_the_act_opens_in_a_real_browser(stage: Stage, company: Extranet, enter: Enter, tmp_path: Path) -> None:
    """One click, a new tab, the act on that contract; no contract number in an address; «Abandonner» comes back as «Annulé»."""
    joining = _joined(stage, company, tmp_path)
    adviser = Person(stage, joining.adviser)
    account = adviser.account(NUMBER)
    acts = f"/liens/nomineo/comptes/{account}/actes"
    until(lambda: 'target="_blank"' in adviser.get(acts).text)
    page = enter(joining.adviser)
    page.goto(stage.web + acts)
    seen: list[str] = []
    page.context.on("request", lambda request: seen.append(request.url))
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Arbitrage").first.click()
    tab = opened.value
    tab.wait_for_url(re.compile(re.escape(company.site) + "/acts/"))
    expect(tab.get_by_role("heading", name="Extranet Horizon Vie (simulé)")).to_be_visible()
    expect(tab.get_by_text("Lou Conseil")).to_be_visible()
    expect(tab.get_by_text(NUMBER).first).to_be_visible()
    assert [url for url in seen if "/saml/sso?" in url], "it went by SAML"
    assert [url for url in seen if url == f"{company.site}/saml/acs"]
    assert not [url for url in seen if NUMBER in url], "PLP-083"
    tab.get_by_role("button", name="Abandonner").click()
    until(lambda: "Annulé" in adviser.get(f"/p/portefeuille/comptes/{account}/transactions").text)
