"""The search box in a browser: as you type, by keyboard, the last answer only (RE-01 to RE-03, QM-01)."""

from __future__ import annotations

import re

from playwright.sync_api import Error
from playwright.sync_api import Page
from playwright.sync_api import Route
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import Enter
from tests.stage import Stage

BOX = "Rechercher un contact, un compte, un support"


def typed(page: Page, text: str) -> None:
    box = page.get_by_role("combobox", name=BOX)
    box.fill("")
    box.press_sequentially(text, delay=15)


def test_from_the_key_to_the_file_without_the_mouse(stage: Stage, enter: Enter) -> None:
    """RE-01, ux.md §4.2 line 1: «/», a name without its accents, down, enter: the file."""
    page = enter()
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name=BOX)).to_be_focused()
    typed(page, "durand jea")
    expect(page.get_by_role("option", name=re.compile("Durand Jeanne")).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/p/contacts/[0-9a-z]{26}$"))
    expect(page.get_by_role("heading", name=re.compile("Durand Jeanne"))).to_be_visible()


def test_a_number_leads_to_the_account(stage: Stage, enter: Enter) -> None:
    """RE-02: separators and leading zeros do not count; Ctrl-K opens the same box."""
    page = enter()
    page.keyboard.press("Control+k")
    typed(page, "00 1234-5")
    page.get_by_role("option", name=re.compile("Himalia HIM0012345")).click()
    page.wait_for_url(re.compile("/p/portefeuille/comptes/[0-9a-z]{26}$"))


def test_a_typing_error_is_forgiven_and_said(stage: Stage, enter: Enter) -> None:
    """RE-01: «durnad» finds Durand, and says so."""
    page = enter()
    typed(page, "durnad")
    expect(page.get_by_text("Proche : durand.")).to_be_visible()
    expect(page.get_by_role("option", name=re.compile("Durand")).first).to_be_visible()


def test_letters_typed_fast_show_the_last_answer_only(stage: Stage, enter: Enter) -> None:
    """RE-01: an older question's answer that comes late is not shown."""
    page = enter()
    held: list[Route] = []

    def late(route: Route) -> None:
        if "q=d&" in route.request.url or route.request.url.endswith("q=d"):
            held.append(route)
        else:
            route.continue_()

    page.route("**/recherche/contacts/**", late)
    box = page.get_by_role("combobox", name=BOX)
    box.press_sequentially("d")
    page.wait_for_timeout(250)
    box.press_sequentially("urand philippe", delay=20)
    expect(page.get_by_role("option", name=re.compile("Durand Philippe")).first).to_be_visible()
    for route in held:
        route.abort()
    page.wait_for_timeout(300)
    assert page.get_by_role("option", name=re.compile("Durand Jeanne D-")).count() == 0


def test_a_dead_group_does_not_hold_the_others(stage: Stage, enter: Enter) -> None:
    """RE-03, PL-05: one group fails, the other's results are there."""
    page = enter(expected=("Failed to load resource",))
    page.route("**/recherche/portefeuille/**", lambda route: route.abort())
    typed(page, "durand")
    expect(page.get_by_role("option", name=re.compile("Durand Jeanne")).first).to_be_visible()
    expect(page.get_by_text("Comptes : indisponible pour le moment.")).to_be_visible()


def test_the_quick_menu_and_the_palette_hold_the_same(stage: Stage, enter: Enter) -> None:
    """QM-01: by click and keyboard; typed words choose among the actions; Esc closes and gives the focus back."""
    page = enter()
    page.get_by_role("button", name="Menu rapide").click()
    expect(page.get_by_role("link", name="Rechercher un contact")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("option", name="Rechercher un compte")).to_be_visible()
    typed(page, "> compte")
    expect(page.get_by_role("option", name="Rechercher un contact")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/p/portefeuille/comptes"))


def test_the_open_list_is_sound(stage: Stage, enter: Enter) -> None:
    """ux.md §4.1: axe finds nothing, with the list open, in light and dark; on a phone the page of results."""
    for scheme in ("light", "dark"):
        page = enter(scheme=scheme)
        typed(page, "durand")
        expect(page.get_by_role("option", name=re.compile("Durand Jeanne")).first).to_be_visible()
        assert axe.violations(page) == []
    phone = enter(width=390, height=844)
    phone.get_by_role("link", name="Rechercher").click()
    phone.get_by_role("searchbox", name=BOX).fill("durand")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("link", name="Durand Jeanne", exact=True)).to_be_visible()
    assert axe.violations(phone) == []


def test_ten_letters_and_answers_that_come_in_the_wrong_order(stage: Stage, enter: Enter) -> None:
    """Issue 3, RE-01: every answer is held and given back last first: what stands at the end is the last question's."""
    page = enter()
    held: list[Route] = []
    page.route("**/recherche/contacts/**", lambda route: held.append(route))
    page.get_by_role("combobox", name=BOX).press_sequentially("martin", delay=120)
    page.get_by_role("combobox", name=BOX).fill("")
    page.get_by_role("combobox", name=BOX).press_sequentially("durand jea", delay=120)
    page.wait_for_timeout(500)
    page.unroute("**/recherche/contacts/**")
    assert len(held) > 1, "each pause asks"
    for route in reversed(held):
        try:
            route.continue_()
        except Error:
            continue  # given up by the page meanwhile, as it should
    shown = page.get_by_role("listbox").get_by_role("option", name=re.compile("Durand Jeanne"))
    expect(shown.first).to_be_visible()
    page.wait_for_timeout(300)
    assert page.get_by_role("listbox").get_by_role("option", name=re.compile("Martin")).count() == 0


def test_each_spelling_of_issue_3_in_the_box(stage: Stage, enter: Enter) -> None:
    """RE-01 to RE-03: without accents, by a piece of the telephone; a wrong ISIN says which character, and what it should be."""
    page = enter()
    name, phone = stage.rows(
        "SELECT c.display_name, c.phone FROM contact c JOIN contact_adviser a ON a.contact_id = c.id JOIN user_login u"
        " ON u.id = a.user_id WHERE u.email = 'conseiller@demo.example' AND c.phone LIKE '+336%' AND c.display_name LIKE '%é%'"
    )[0]
    for text in (name.replace("é", "e").lower(), f"0{phone[3]} {phone[4:6]} {phone[6:8]} {phone[8:10]}"):
        typed(page, text)
        expect(page.get_by_role("option", name=re.compile(re.escape(name))).first).to_be_visible()
    typed(page, "FR0010135104")
    expect(page.get_by_text("La clé de ce code ISIN (12e caractère) devrait être 3, pas 4").first).to_be_visible()
