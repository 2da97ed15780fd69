"""The main job in a real browser: from a contract here to the right act there, and its status back."""

from __future__ import annotations

import re

from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.stage import Stage

EASY = "HIM0012345"
PENDING = "HIM0067890"


def open_menu(page: Page, number: str) -> None:
    page.get_by_role("button", name=f"Actions Nominéo, compte {number}").click()
    expect(page.get_by_role("button", name="Arbitrage").first).to_be_visible(timeout=8000)


def to_account(page: Page, stage: Stage, number: str, tab: str = "") -> None:
    page.goto(f"{stage.web}/p/portefeuille/comptes?q={number}")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    if tab:
        page.get_by_role("navigation", name="Pages du compte").get_by_role("link", name=tab).click()


def fill_arbitrage(extranet: Page) -> None:
    """Move 1 000 € from the first support to the second, as an adviser types it."""
    extranet.get_by_label(re.compile("À désinvestir")).first.fill("1000,00")
    extranet.get_by_label(re.compile("Répartition")).nth(1).fill("100")
    for box in extranet.get_by_role("checkbox").all():
        box.check()
    extranet.get_by_role("button", name=re.compile("Continuer|Récapitulatif|Poursuivre")).click()
    extranet.get_by_role("button", name="Valider la transaction").click()


def accept(page: Page, stage: Stage) -> None:
    desk = page.context.new_page()
    desk.goto(f"{stage.extranet}/back-office")
    desk.get_by_role("button", name="Accepter").first.click()
    desk.close()


def test_from_the_portfolio_to_the_act_and_back(stage: Stage, enter: Enter) -> None:
    """BL-01, BL-08, BL-12, BL-13: icon, list, act, new tab with no password, «En attente», «Validé», no reload."""
    page = enter()
    to_account(page, stage, EASY, "Transactions")
    account_page = page.url
    page.evaluate("window.__same = true")
    open_menu(page, EASY)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Arbitrage").first.click()
    extranet = opened.value
    expect(extranet.get_by_role("heading", name="Extranet Nominéo (simulé)")).to_be_visible(timeout=10000)
    expect(extranet.get_by_text("Marc Diallo")).to_be_visible()
    assert extranet.url.startswith(stage.extranet)
    assert EASY not in extranet.url
    expect(extranet.get_by_text("HIM 001 234-5").first).to_be_visible()
    fill_arbitrage(extranet)
    row = page.get_by_role("row").filter(has_text="Arbitrage").first
    expect(row.get_by_text("En attente")).to_be_visible(timeout=15000)
    accept(page, stage)
    expect(row.get_by_text("Validé")).to_be_visible(timeout=15000)
    assert page.evaluate("window.__same") is True, "the page was reloaded"
    assert page.url == account_page


def test_the_two_sites_never_share_cookies(stage: Stage, enter: Enter) -> None:
    """interfaces.md, PLP-113: neither site gets the other's cookies."""
    page = enter()
    to_account(page, stage, EASY)
    open_menu(page, EASY)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Consulter le contrat").click()
    expect(opened.value.get_by_role("heading", name="Extranet Nominéo (simulé)")).to_be_visible(timeout=10000)
    ours = {cookie["name"] for cookie in page.context.cookies(stage.web)}
    theirs = {cookie["name"] for cookie in page.context.cookies(stage.extranet)}
    assert "encours_sid" in ours
    assert "extranet_sid" in theirs
    assert not {"extranet_sid"} & ours
    assert not {"encours_sid"} & theirs
