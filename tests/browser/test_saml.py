"""The second partner in a real browser: from a contract here to its act page by SAML, no second sign-in, and back (BL-14)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser import horizon
from tests.browser.conftest import Enter
from tests.browser.test_main_job import fill_arbitrage
from tests.stage import Person
from tests.stage import Stage


@pytest.fixture(scope="module")
def extranet(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[horizon.Extranet]:
    """Joined by the protocol, its mandate active by the code on the paper."""
    made = horizon.Extranet(stage, tmp_path_factory.mktemp("horizon-extranet"))
    try:
        made.join()
        yield made
    finally:
        made.stop()


def to_acts(page: Page, stage: Stage) -> None:
    """The contract's list of acts, open."""
    page.goto(f"{stage.web}/p/portefeuille/comptes?q={horizon.NUMBER}")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    page.get_by_role("navigation", name="Pages du compte").get_by_role("link", name="Transactions").click()
    page.get_by_role("button", name=f"Actions Horizon Vie, compte {horizon.NUMBER}").click()
    expect(page.get_by_role("button", name="Arbitrage").first).to_be_visible(timeout=8000)


def test_one_click_to_the_act_by_saml_and_its_status_back(stage: Stage, enter: Enter, extranet: horizon.Extranet) -> None:
    """BL-14, PLP-115 to PLP-120: icon, act, new tab, no password, the contract only in the encrypted assertion; then «Validé»."""
    page = enter(horizon.ADVISER)
    to_acts(page, stage)
    posts: list[str] = []
    page.context.on("request", lambda one: posts.append(one.post_data or "") if one.url.endswith("/saml/acs") else None)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Arbitrage").first.click()
    there = opened.value
    expect(there.get_by_role("heading", name="Extranet Horizon Vie (simulé)")).to_be_visible(timeout=10000)
    expect(there.get_by_text("Marc Diallo")).to_be_visible()
    expect(there.get_by_text("HIM 001 234-5").first).to_be_visible()
    assert there.url.startswith(extranet.url)
    assert horizon.NUMBER not in there.url
    assert len(posts) == 1
    assert posts[0].startswith("SAMLResponse=")
    fill_arbitrage(there)
    there.get_by_role("link", name="Revenir").click()
    expect(there.get_by_text("En attente").first).to_be_visible(timeout=15000)
    desk = page.context.new_page()
    desk.goto(f"{extranet.url}/back-office")
    desk.get_by_role("button", name="Accepter").first.click()
    expect(page.get_by_text("Validé").first).to_be_visible(timeout=15000)


def test_without_script_and_a_second_time(stage: Stage, extranet: horizon.Extranet) -> None:
    """PLP-117, PLP-071: the button of our answer does without script; what was posted once opens nothing more."""
    person = Person(stage, horizon.ADVISER)
    menu = person.acts(person.account(horizon.NUMBER), "horizon").text
    handed = person.launch(person.tokens(menu)["Avance"]).text
    answer = person.enter(handed)
    assert answer.url.startswith(f"{stage.web}/plp/horizon/saml/sso?SAMLRequest=")
    assert f"form-action 'self' {extranet.url}" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Continuer vers Horizon Vie" in answer.text
    [form] = re.findall(r'<form method="post".*?</form>', answer.text, re.S)
    assert person.submit(answer.url, form).url.startswith(f"{extranet.url}/acts/")
    assert "recommencez" in person.submit(answer.url, form).text
    refused = person.submit(answer.url, re.findall(r'<form method="post".*?</form>', person.enter(handed).text, re.S)[0])
    assert "recommencez" in refused.text


def test_one_cabinet_has_it_and_the_others_have_not(stage: Stage, extranet: horizon.Extranet) -> None:
    """PL-04: its acts are nowhere for another cabinet, and a partner's address of one cabinet says nothing of another's."""
    stranger = Person(stage, "administrateur@second.example")
    [(account,)] = stage.rows("SELECT account_id FROM account_link WHERE plugin = 'horizon'")
    assert stranger.get(f"/liens/horizon/comptes/{account}/actes").status_code == 404
    assert stranger.get("/plp/horizon/saml/metadata").status_code == 200
    assert stranger.get("/plp/second/saml/metadata").status_code == 404
