"""The pages of a launch under their strict policy, at each width, in light and dark; the main job without scripts."""

from __future__ import annotations

import re

from playwright.sync_api import Browser
from playwright.sync_api import expect

from tests.browser import judge
from tests.browser.conftest import Enter
from tests.browser.gestures import EXTRANET
from tests.browser.gestures import begin
from tests.browser.gestures import on_contract
from tests.browser.gestures import open_list
from tests.browser.gestures import spelled
from tests.browser.gestures import to_account
from tests.browser.test_main_job import fill_arbitrage
from tests.stage import PASSWORD
from tests.stage import Person
from tests.stage import Stage


def test_the_history_of_a_transaction(stage: Stage, enter: Enter) -> None:
    """BL-13: the detail of a transaction open in its list."""
    page = enter()
    page.emulate_media(reduced_motion="reduce")
    marc = Person(stage)
    assert marc.launch(marc.tokens(marc.acts(marc.account("HIM0012345")).text)["Avance"]).status_code == 200
    to_account(page, stage, "HIM0012345", "Transactions")
    page.get_by_role("link", name=re.compile("Détail de la transaction")).first.click()
    expect(page.get_by_text("Encours, au lancement").first).to_be_visible()
    assert judge.whole(page, "transaction history") == []


def test_the_pages_of_a_launch(stage: Stage, enter: Enter) -> None:
    """BL-08, PLP-060: the list open, its notice, the hand-over page, the page that resumes, the page one comes back to."""
    number = "HIM0100015"
    page = enter(expected=("net::ERR_FAILED",))
    page.emulate_media(reduced_motion="reduce")
    to_account(page, stage, number)
    page.context.route(re.compile(r"/plp/launches$"), lambda route: route.abort())
    page.context.route(f"{stage.extranet}/**", lambda route: route.fulfill(status=204))
    shown = open_list(page, number)
    wrong = judge.whole(page, "list of acts")
    shown.get_by_role("button", name="Arbitrage").click()
    link = page.get_by_role("link", name="Ouvrir dans cet onglet")
    expect(link).to_be_visible(timeout=6000)
    wrong += judge.whole(page, "notice")
    page.context.unroute(re.compile(r"/plp/launches$"))
    link.click()
    expect(page.get_by_role("heading", name=re.compile("n'est pas encore partie"))).to_be_visible()
    wrong += judge.whole(page, "resumed launch")
    page.get_by_role("button", name="Ouvrir Nominéo").click()
    expect(page.get_by_role("button", name="Continuer vers Nominéo")).to_be_visible()
    wrong += judge.whole(page, "hand-over")
    marc = Person(stage)
    marc.validate(begin(marc, number, "Versement complémentaire"))
    launch = stage.rows("SELECT launch_id FROM link_launch WHERE account_id = ? ORDER BY created_at DESC", marc.account(number))
    page.goto(f"{stage.web}/plp/return?launch={launch[0][0]}")
    expect(page.get_by_role("heading", name="Vous êtes de retour")).to_be_visible()
    wrong += judge.whole(page, "return")
    assert wrong == []


def test_the_main_job_without_scripts(stage: Stage, browser: Browser) -> None:
    """PLP-054, ux.md §1: no script at all: the icon is a link, the list a page, the hand-over page has a button."""
    number = "HIM0100014"
    context = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{stage.web}/connexion")
    page.get_by_label("Adresse e-mail").fill("conseiller@demo.example")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    to_account(page, stage, number, "Transactions")
    here = page.url
    page.get_by_role("link", name=f"Actions Nominéo, compte {number}").click()
    expect(page.get_by_role("heading", level=1, name=re.compile("Nominéo · Himalia"))).to_be_visible()
    expect(page.get_by_role("button", name="Versements programmés : suspension")).to_have_count(1)
    with context.expect_page() as opened:
        page.get_by_role("button", name="Arbitrage").click()
    page.get_by_role("link", name="Revenir à la page précédente").click()
    expect(page).to_have_url(here)
    extranet = opened.value
    extranet.get_by_role("button", name="Continuer vers Nominéo").click()
    expect(extranet.get_by_role("heading", name=EXTRANET)).to_be_visible()
    on_contract(extranet, stage, spelled(number))
    fill_arbitrage(extranet)
    expect(extranet.get_by_text("accusé de réception").first).to_be_visible()
    page.goto(here)
    page.get_by_role("link", name="Ajouter").click()
    expect(page.get_by_role("group", name="Chez Nominéo")).to_be_visible()
    for _ in range(20):
        page.goto(here)
        if page.get_by_text("En attente").count():
            break
        page.wait_for_timeout(300)
    expect(page.get_by_role("row").nth(1).get_by_text("En attente")).to_be_visible()
    context.close()
