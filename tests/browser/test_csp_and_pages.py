"""Every page under its strict policy, readable by all, on a phone as on a desk, in light and dark; and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser import axe
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

WIDTHS = (320, 390, 1366)
#: Pages that no link of the bar leads to in the state of the demonstration, or a state of one that has another look.
STATES = (
    "/p/portefeuille/comptes?q=personne-de-ce-nom", "/p/contacts/?q=personne-de-ce-nom", "/p/portefeuille/comptes?etat=clos",
    "/p/portefeuille/comptes?q=XAE0022091", "/p/contacts/?nature=FOYER", "/introuvable",
    "/styleguide/listes?categorie=Client&minimum=abc", "/p/contacts/liste/vues?liste=type%3DCLIENT", "/p/contacts/?encours=abc",
    "/p/outils/?q=FR0010135104", "/p/outils/?type=OPCVM&sri=4&tri=sri", "/styleguide", "/styleguide?erreurs=1&filtre=non",
)  # fmt: skip
PAGES = {
    "conseiller@demo.example": 11, "administrateur@demo.example": 14, "assistant@demo.example": 9,
    "administrateur@second.example": 8,
}  # fmt: skip


def pattern(address: str) -> str:
    """An address without its ids, filters and place on the page: one kind of page."""
    return re.sub(r"/[0-9a-z]{26}", "/*", re.sub(r"[?#].*", "", address))


def judge(page: Page, where: str, *, whole: bool) -> list[str]:
    """What is wrong with the page as it stands: policy, width, accessibility rules in light, dark and on a phone."""
    page.evaluate("scrollTo(0, 0)")  # what lies under the bar has no size for axe
    wrong = [f"{where}: refused by the policy: {text}" for text in page.evaluate("window.__v || []")]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wrong += [f"{where}: {width} px: sticks out: {text}" for text in axe.overflow(page)]
        if width == 390 and whole:
            wrong += [f"{where}: 390 px: {text}" for text in axe.violations(page)]
    wrong += [f"{where}: {text}" for text in axe.violations(page)]
    if whole:
        page.emulate_media(color_scheme="dark")
        wrong += [f"{where}: dark: {text}" for text in axe.violations(page)]
        page.emulate_media(color_scheme="light")
    return wrong


def links(page: Page, stage: Stage) -> list[str]:
    """The pages of ours that this one leads to."""
    found: list[str] = page.eval_on_selector_all("a[href]", "all => all.map((link) => link.href)")
    return [link for link in found if link.startswith(stage.web) and not re.search(r"/documents?/|/static/|\.pdf$", link)]


@pytest.mark.parametrize(("email", "least"), PAGES.items())
def test_every_page_that_a_person_reaches(stage: Stage, enter: Enter, email: str, least: int) -> None:
    """Issue 2 «final CSP», ux.md §3.2: walked from the bar: no violation, no console error, no sideways scroll, axe clean."""
    page = enter(email, expected=("404 (NOT FOUND)",))
    page.emulate_media(reduced_motion="reduce")
    todo, seen, wrong = [f"{stage.web}/"], set[str](), list[str]()
    while todo:
        address = todo.pop(0)
        if pattern(address) in seen:
            continue
        seen.add(pattern(address))
        page.goto(address)
        todo += links(page, stage)
        if pattern(page.url) in seen and pattern(page.url) != pattern(address):
            continue
        seen.add(pattern(page.url))
        wrong += judge(page, pattern(page.url), whole=email.startswith("administrateur"))
    assert len(seen) >= least, seen
    assert wrong == []


def test_other_states_of_the_pages(stage: Stage, enter: Enter) -> None:
    """ux.md §3.3: nothing found, closed accounts, badges, households, an error page; a sign-in that failed."""
    page = enter(expected=("404 (NOT FOUND)", "401", "422"))
    page.emulate_media(reduced_motion="reduce")
    wrong: list[str] = []
    for address in STATES:
        page.goto(stage.web + address)
        wrong += judge(page, address, whole=True)
    marc = Person(stage)
    assert marc.launch(marc.tokens(marc.acts(marc.account("HIM0012345")).text)["Avance"]).status_code == 200
    to_account(page, stage, "HIM0012345", "Transactions")
    page.get_by_role("link", name=re.compile("Détail de la transaction")).first.click()
    expect(page.get_by_text("Encours, au lancement").first).to_be_visible()
    wrong += judge(page, "transaction history", whole=True)
    page.context.clear_cookies()
    page.goto(f"{stage.web}/connexion")
    page.get_by_label("Adresse e-mail").fill("conseiller@demo.example")
    page.get_by_label("Mot de passe").fill("pas le bon")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", name=re.compile("erreur"))).to_be_visible()
    wrong += judge(page, "sign-in refused", whole=True)
    assert wrong == []


def test_the_pages_of_a_launch(stage: Stage, enter: Enter) -> None:
    """BL-08, PLP-060: the list open, its notice, the hand-over page, the page that resumes, the page one comes back to."""
    number = "HIM0100015"
    page = enter(expected=("net::ERR_FAILED",))
    page.emulate_media(reduced_motion="reduce")
    to_account(page, stage, number)
    page.context.route(re.compile(r"/plp/launches$"), lambda route: route.abort())
    page.context.route(f"{stage.extranet}/**", lambda route: route.fulfill(status=204))
    shown = open_list(page, number)
    wrong = judge(page, "list of acts", whole=True)
    shown.get_by_role("button", name="Arbitrage").click()
    link = page.get_by_role("link", name="Ouvrir dans cet onglet")
    expect(link).to_be_visible(timeout=6000)
    wrong += judge(page, "notice", whole=True)
    page.context.unroute(re.compile(r"/plp/launches$"))
    link.click()
    expect(page.get_by_role("heading", name=re.compile("n'est pas encore partie"))).to_be_visible()
    wrong += judge(page, "resumed launch", whole=True)
    page.get_by_role("button", name="Ouvrir Nominéo").click()
    expect(page.get_by_role("button", name="Continuer vers Nominéo")).to_be_visible()
    wrong += judge(page, "hand-over", whole=True)
    marc = Person(stage)
    marc.validate(begin(marc, number, "Versement complémentaire"))
    launch = stage.rows("SELECT launch_id FROM link_launch WHERE account_id = ? ORDER BY created_at DESC", marc.account(number))
    page.goto(f"{stage.web}/plp/return?launch={launch[0][0]}")
    expect(page.get_by_role("heading", name="Vous êtes de retour")).to_be_visible()
    wrong += judge(page, "return", whole=True)
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
