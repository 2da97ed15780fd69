"""The frequent jobs of ux.md §4.2, each within its number of clicks, counted by the page itself; and by keys alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.gestures import begin
from tests.browser.gestures import decide
from tests.browser.gestures import icon
from tests.browser.gestures import on_contract
from tests.browser.gestures import spelled
from tests.browser.test_contact_forms import sign_in_by_keys
from tests.browser.test_contact_forms import tab_to
from tests.browser.test_search import BOX
from tests.stage import Person
from tests.stage import Stage
from tests.stage import until

#: Contracts of Marc Diallo's that no other browser test acts on.
ICON, ADD, STATUS, KEYS = "HIM0100007", "HIM0100008", "HIM0100010", "HIM0100012"
ISIN = "FR0010135103"
FILE = re.compile("/p/contacts/[0-9a-z]{26}$")
#: A press of the mouse, wherever the page is by then; keys press buttons too, without a pointer.
COUNT = """addEventListener('click', (event) => { if (event.detail > 0) window.counted(event.detail); }, true);"""


@dataclass
class Counter:
    """The clicks of one person in all of his tabs: a double-click is two."""

    clicks: int = 0

    def watch(self, page: Page) -> Counter:
        page.context.expose_function("counted", self._one)
        page.context.add_init_script(COUNT)
        return self

    def _one(self, _detail: int) -> None:
        self.clicks += 1


def at_home(stage: Stage, enter: Enter) -> tuple[Page, Counter]:
    """Signed in, at Accueil, nothing clicked yet."""
    page = enter()
    counter = Counter().watch(page)
    page.goto(f"{stage.web}/")
    page.mouse.move(5, 700)
    assert counter.clicks == 0
    return page, counter


def search(page: Page, text: str, option: str) -> None:
    """Two clicks: the box, the result."""
    page.get_by_role("combobox", name=BOX).click()
    page.keyboard.type(text)
    page.get_by_role("option", name=re.compile(option)).first.click()


def within(counter: Counter, goal: int) -> None:
    assert counter.clicks == goal, f"{counter.clicks} clicks"


def test_open_a_client_s_file_in_two(stage: Stage, enter: Enter) -> None:
    """ux.md §4.2, row 1."""
    page, counter = at_home(stage, enter)
    search(page, "durand jeanne", "Durand Jeanne")
    page.wait_for_url(FILE)
    expect(page.get_by_role("heading", name="Durand Jeanne", level=1)).to_be_visible()
    within(counter, 2)


def test_start_an_arbitrage_by_the_icon_in_four(stage: Stage, enter: Enter) -> None:
    """ux.md §4.2, row 2: the search twice, the icon, the act."""
    page, counter = at_home(stage, enter)
    search(page, ICON, f"Himalia {ICON}")
    icon(page, ICON).click()
    with page.context.expect_page() as opened:
        page.get_by_role("dialog").get_by_role("button", name="Arbitrage").click()
    within(counter, 4)
    on_contract(opened.value, stage, spelled(ICON))


def test_start_an_arbitrage_by_ajouter_in_five(stage: Stage, enter: Enter) -> None:
    """ux.md §4.2, row 3: the search twice, the tab, «Ajouter», the act."""
    page, counter = at_home(stage, enter)
    search(page, ADD, f"Himalia {ADD}")
    page.get_by_role("navigation", name="Pages du compte").get_by_role("link", name="Transactions").click()
    page.get_by_role("button", name="Ajouter").click()
    with page.context.expect_page() as opened:
        page.get_by_role("group", name="Chez Nominéo").get_by_role("button", name="Arbitrage").click()
    within(counter, 5)
    on_contract(opened.value, stage, spelled(ADD))


def test_the_status_of_a_transaction_in_one(stage: Stage, enter: Enter) -> None:
    """ux.md §4.2, row 4: the bell tells it; its line opens the account's transactions."""
    marc = Person(stage)
    marc.validate(begin(marc, STATUS, "Versement complémentaire"))
    account = marc.account(STATUS)
    decide(stage, account, "validated")
    told = "SELECT count(*) FROM notification WHERE url LIKE ? AND title LIKE '%Validé%'"
    until(lambda: stage.rows(told, f"%{account}%")[0][0], seconds=30)
    page, counter = at_home(stage, enter)
    page.get_by_role("link", name=re.compile("^Notifications, ")).click()
    line = page.get_by_role("link", name="Versement complémentaire : Validé").first
    expect(line).to_be_visible()
    within(counter, 1)
    line.click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Validé")
    within(counter, 2)


def test_add_a_contact_in_two_by_hovering_three_without(stage: Stage, enter: Enter) -> None:
    """ux.md §4.2, row 5, QM-01."""
    for hovering, goal in ((True, 2), (False, 3)):
        page, counter = at_home(stage, enter)
        button = page.get_by_role("button", name="Menu rapide")
        button.hover() if hovering else button.click()
        page.get_by_role("group", name="Menu rapide").get_by_role("link", name="Ajouter un contact").click()
        expect(page.get_by_role("heading", name="Nouveau contact", level=1)).to_be_visible()
        page.get_by_label("Prénoms").focus()
        page.keyboard.type("Clics")
        page.get_by_label("Nom de naissance").focus()
        page.keyboard.type(f"Compteur {goal}")
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_role("heading", name=f"Compteur {goal} Clics")).to_be_visible()
        within(counter, goal)


def test_find_a_fund_by_its_isin_in_two(stage: Stage, enter: Enter) -> None:
    """ux.md §4.2, row 9."""
    page, counter = at_home(stage, enter)
    search(page, ISIN, ISIN)
    page.wait_for_url(re.compile("/p/outils/supports/[0-9a-z]{26}"))
    within(counter, 2)


def test_from_the_sign_in_to_a_launched_act_by_keys_alone(stage: Stage, enter: Enter) -> None:
    """Issue 3, ux.md §4.2 «goal keyboard»: rows 1, 2 and 9 without one click, from the sign-in on."""
    page = enter()
    counter = Counter().watch(page)
    page.context.clear_cookies()
    page.goto(f"{stage.web}/connexion")
    sign_in_by_keys(page, "conseiller@demo.example")
    page.wait_for_url(lambda url: "/connexion" not in url)
    for text, option, address in (
        ("durand jeanne", "Durand Jeanne", FILE), (ISIN, ISIN, re.compile("/p/outils/supports/")),
        (KEYS, f"Himalia {KEYS}", re.compile("/p/portefeuille/comptes/[0-9a-z]{26}")),
    ):  # fmt: skip
        page.keyboard.press("/")
        page.keyboard.type(text)
        expect(page.get_by_role("option", name=re.compile(option)).first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(address)
    tab_to(page, f"Actions Nominéo, compte {KEYS}", most=80)
    page.keyboard.press("Enter")
    items = page.get_by_role("dialog").locator("[data-item]")
    expect(items.first).to_be_focused(timeout=8000)
    for _ in range(20):
        if "Arbitrage" in page.evaluate("document.activeElement.textContent"):
            break
        page.keyboard.press("ArrowDown")
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    on_contract(opened.value, stage, spelled(KEYS))
    within(counter, 0)
