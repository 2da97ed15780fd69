"""The list of acts where an adviser meets it: four places, by mouse and by keyboard, when the partner is slow or down."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.gestures import icon
from tests.browser.gestures import labels
from tests.browser.gestures import on_contract
from tests.browser.gestures import open_list
from tests.browser.gestures import spelled
from tests.browser.gestures import to_account
from tests.stage import Stage

EASY = "HIM0012345"
PENDING = "HIM0067890"
DIRECT = "HIM0100025"
QUIET = "HIM0100023"


@pytest.fixture(autouse=True)
def calm(stage: Stage) -> Iterator[None]:
    """No fault before nor after."""
    stage.sim("DELETE", "/faults")
    stage.close_breaker()
    yield
    stage.sim("DELETE", "/faults")
    stage.close_breaker()


def launch(page: Page, stage: Stage, number: str) -> None:
    """Pick Arbitrage of the open list; the new tab is on that contract."""
    with page.context.expect_page() as opened:
        page.get_by_role("dialog").get_by_role("button", name="Arbitrage").first.click()
    on_contract(opened.value, stage, spelled(number))
    assert number not in opened.value.url, "PLP-083"
    opened.value.close()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=5000)


def test_the_four_places_lead_to_the_extranet_on_that_contract(stage: Stage, enter: Enter) -> None:
    """BL-01, BL-02, BL-09, BL-10: portfolio, flat list, account header, «Ajouter»: one list, one way there."""
    page = enter()
    bar = page.get_by_role("navigation", name="Modules")
    bar.get_by_role("link", name="Contacts").click()
    page.get_by_role("searchbox").fill("Durand Jeanne")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Durand Jeanne", exact=True).click()
    page.get_by_role("navigation", name="Rubriques du dossier").get_by_role("link", name="Portefeuille").click()
    expect(page.get_by_role("rowheader", name="Generali Patrimoine")).to_be_visible()
    offered = [labels(open_list(page, EASY))]
    launch(page, stage, EASY)

    bar.get_by_role("link", name="Portefeuille").click()
    page.get_by_role("searchbox").fill(EASY)
    page.get_by_role("button", name="Filtrer").click()
    offered.append(labels(open_list(page, EASY)))
    launch(page, stage, EASY)

    page.get_by_role("rowheader").get_by_role("link", name="Himalia").click()
    offered.append(labels(open_list(page, EASY)))
    launch(page, stage, EASY)

    page.get_by_role("navigation", name="Pages du compte").get_by_role("link", name="Transactions").click()
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_role("group", name="Chez Nominéo")).to_be_visible(timeout=8000)
    offered.append(labels(page.get_by_role("group", name="Chez Nominéo")))
    launch(page, stage, EASY)
    assert len(offered[0]) == 13
    assert offered == [offered[0]] * 4


def test_a_list_of_fifty_asks_nobody_before_the_click(stage: Stage, enter: Enter) -> None:
    """BL-06, BL-03: icons only on the partner's accounts; no call to him until one is clicked."""
    stage.sim("POST", "/faults", op="capabilities", kind="500", times=1)
    page = enter()
    page.goto(f"{stage.web}/p/portefeuille/comptes?tri=titre&sens=desc")
    rows = page.get_by_role("row").filter(has=page.get_by_role("rowheader"))
    assert rows.count() == 50
    seen = [(text, text.count("\nN\n") or text.startswith("N\n")) for text in rows.all_inner_texts()]
    for text, shown in seen:
        assert bool(shown) == ("Generali Patrimoine" in text and "Clôturé" not in text), text
    assert 10 < sum(bool(shown) for _, shown in seen) < 50
    assert len(stage.sim("GET", "/faults")) == 1, "the list called the partner"
    page.locator("e-partner-menu button").first.click()
    expect(page.get_by_role("dialog").get_by_text("ne répond pas")).to_be_visible(timeout=8000)
    assert stage.sim("GET", "/faults") == []


def test_by_keyboard_alone(stage: Stage, enter: Enter) -> None:
    """BL-10, NX-03: Tab, Enter, arrows, Esc; a greyed act is reached, says why, and does nothing."""
    page = enter()
    page.goto(f"{stage.web}/p/portefeuille/comptes?q={PENDING}")
    opener = icon(page, PENDING)
    for _ in range(40):
        page.keyboard.press("Tab")
        if opener.evaluate("button => button === document.activeElement"):
            break
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    shown = page.get_by_role("dialog", name=re.compile("Nominéo · Himalia"))
    items = shown.locator("[data-item]")
    expect(items.first).to_be_focused(timeout=8000)
    expect(opener).to_have_attribute("aria-expanded", "true")
    greyed = shown.get_by_role("button", name="Rachat partiel", disabled=True)
    for _ in range(20):
        page.keyboard.press("ArrowDown")
        if greyed.evaluate("button => button === document.activeElement"):
            break
    expect(greyed).to_be_focused()
    expect(greyed).to_have_accessible_description(re.compile(r"rachat est en cours.*TXP-9981.*15/11"))
    before = stage.rows('SELECT count(*) FROM "transaction"')
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    greyed.click(force=True)
    page.wait_for_timeout(300)
    assert len(page.context.pages) == 1
    assert stage.rows('SELECT count(*) FROM "transaction"') == before
    page.keyboard.press("End")
    expect(items.last).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(items.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(items.first).to_be_focused(timeout=8000)
    page.keyboard.press("End")
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    on_contract(opened.value, stage, spelled(PENDING))


def test_every_greyed_act_says_why(stage: Stage, enter: Enter) -> None:
    """NX-03, BL-10: never a bare grey, whoever looks, whatever the contract."""
    page = enter()
    for number in ("XAE0022091", "HCA0045612", "HIM0051001", PENDING):
        page.goto(f"{stage.web}/p/portefeuille/comptes?q={number}")
        greyed = open_list(page, number).get_by_role("button", disabled=True)
        assert greyed.count() >= 2, number
        for act in greyed.all():
            expect(act).to_have_accessible_description(re.compile(r"\S+ \S+"))


def test_checked_at_and_asked_again(stage: Stage, enter: Enter) -> None:
    """BL-08: the hour of the answer, and a button that asks anew: an act made there closes ours."""
    page = enter()
    to_account(page, stage, DIRECT)
    shown = open_list(page, DIRECT)
    expect(shown.get_by_text(re.compile(r"Vérifié à \d\d:\d\d"))).to_be_visible()
    expect(shown.get_by_role("button", name="Arbitrage")).to_be_enabled()
    stage.sim("POST", "/direct", account=DIRECT, action="arbitrage")
    shown.get_by_role("link", name="Vérifier à nouveau").click()
    closed = shown.get_by_role("button", name="Arbitrage", disabled=True)
    expect(closed).to_have_accessible_description(re.compile("arbitrage est en cours.*TXP-"), timeout=8000)


def test_a_slow_partner_is_said_and_esc_gives_up(stage: Stage, enter: Enter) -> None:
    """BL-08: a skeleton, then «répond lentement» after 2 s, then the list; Esc cancels, focus goes back."""
    page = enter()
    to_account(page, stage, QUIET)
    stage.sim("POST", "/faults", op="capabilities", kind="latency", times=2, value=2.6)
    icon(page, QUIET).click()
    shown = page.get_by_role("dialog")
    expect(shown.locator(".e-skel").first).to_be_visible()
    expect(shown.get_by_text("Interrogation de Nominéo…")).to_be_visible()
    expect(shown).to_have_attribute("aria-busy", "true")
    height = shown.bounding_box()
    assert height is not None
    assert height["height"] > 100
    expect(shown.get_by_text("Nominéo répond lentement")).to_be_visible(timeout=3000)
    expect(shown.get_by_role("button", name="Arbitrage")).to_be_visible(timeout=5000)
    shown.get_by_role("link", name="Vérifier à nouveau").click()
    expect(shown.get_by_text("Interrogation de Nominéo…")).to_be_visible()
    with page.expect_event("requestfailed", lambda request: "/actes" in request.url):
        page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(icon(page, QUIET)).to_be_focused()
    assert labels(open_list(page, QUIET))


@pytest.mark.parametrize("kind", ["500", "malformed", "hang"])
def test_a_partner_that_is_down(stage: Stage, enter: Enter, kind: str) -> None:
    """BL-08, PL-05, PLP-044: clear French inside 6 s, «Réessayer», and the extranet without act."""
    page = enter()
    to_account(page, stage, QUIET)
    stage.sim("POST", "/faults", op="capabilities", kind=kind, times=1, value=20)
    icon(page, QUIET).click()
    shown = page.get_by_role("dialog")
    words = "Réponse de Nominéo inutilisable" if kind == "malformed" else "Nominéo ne répond pas"
    expect(shown.get_by_role("heading", name=words)).to_be_visible(timeout=7000)
    consult = shown.get_by_role("button", name="Ouvrir l'extranet sans action")
    with page.context.expect_page() as opened:
        consult.click()
    on_contract(opened.value, stage, spelled(QUIET))
    opened.value.close()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=5000)
    stage.sim("POST", "/faults", op="capabilities", kind="500", times=1)
    icon(page, QUIET).click()
    shown.get_by_role("link", name="Réessayer").click(timeout=8000)
    expect(shown.get_by_role("button", name="Arbitrage")).to_be_visible(timeout=8000)
