"""The shell in a browser: bell, user menu, shortcuts, module bar, and a form that outlives its session."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import Route
from playwright.sync_api import expect

from core.db.clock import now
from core.db.model import new_id
from tests.browser import axe
from tests.browser.conftest import Enter
from tests.stage import PASSWORD
from tests.stage import Stage

WHO = "conseiller@demo.example"
CONTACTS = "/p/contacts/"
#: Forty more entries, one with a name of forty letters, written into the page where the server would.
NAMES = ["M" * 40 if place == 3 else f"Module {place}" for place in range(40)]
CROWD = "".join(f'<li><a href="/x" class="e-m-plugin"><span class="e-clip">{name}</span></a></li>' for name in NAMES)
#: Whether each entry of the bar lies inside it, on its one line.
SEEN = """() => { const bar = document.querySelector('[data-bar]').getBoundingClientRect();
  return [...document.querySelectorAll('.e-modules > li:not([hidden])')].map((one) => { const box = one.getBoundingClientRect();
    return box.top < bar.bottom && box.left >= bar.left - 1 && box.right <= bar.right + 1; }); }"""
FORGET = "DELETE FROM notification WHERE user_id = (SELECT id FROM user_login WHERE email = ?)"
TELL = """INSERT INTO notification (cabinet_id, id, user_id, kind, key, title, text, url, created_at)
  SELECT cabinet_id, ?, id, 'warning', ?, ?, 'Pour essai.', '/aide', ? FROM user_login WHERE email = ?"""


@pytest.fixture
def told(stage: Stage) -> Iterator[None]:
    """Three notifications that are not read, no other."""
    stage.write(FORGET, WHO)
    for place in range(3):
        at = now().strftime("%Y-%m-%d %H:%M:%S.%f")
        stage.write(TELL, new_id(), f"essai:{place}", f"Fait {place}", at, WHO)
    yield
    stage.write(FORGET, WHO)


def test_the_bell_in_place(stage: Stage, enter: Enter, told: None) -> None:
    """AL-01: the list opens without leaving the page; marking counts anew in words, here and in another tab; Esc gives back."""
    page = enter()
    page.goto(stage.web + CONTACTS)
    other = page.context.new_page()
    other.goto(stage.web + CONTACTS)
    bell = page.get_by_role("link", name="Notifications, 3 non lues")
    bell.press("Enter")
    shown = page.get_by_role("dialog", name="Dernières notifications")
    expect(shown.get_by_text("3 non lues")).to_be_visible()
    expect(bell).to_have_attribute("aria-expanded", "true")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert axe.violations(page) == []
    shown.get_by_role("button", name="Marquer comme lue : Fait 2").press("Enter")
    expect(shown.get_by_text("2 non lues")).to_be_visible()
    expect(shown).to_be_focused()
    expect(page.get_by_text("Marqué comme lu.")).to_be_attached()
    for tab in (page, other):
        expect(tab.get_by_role("link", name="Notifications, 2 non lues")).to_be_attached(timeout=10000)
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    expect(page.get_by_role("link", name="Notifications, 2 non lues")).to_be_focused()
    page.keyboard.press("Enter")
    shown.get_by_role("link", name="Fait 1").click()
    page.wait_for_url("**/aide")
    expect(page.get_by_role("link", name="Notifications, 1 non lue")).to_be_visible(timeout=10000)
    page.get_by_role("link", name="Notifications, 1 non lue").click()
    shown.get_by_role("button", name="Tout marquer comme lu").click()
    expect(shown.get_by_text("aucune non lue")).to_be_visible()
    shown.get_by_role("link", name="Toutes les notifications").click()
    expect(page.get_by_role("heading", level=1, name="Notifications")).to_be_visible()


def test_the_bell_when_nothing_answers(stage: Stage, enter: Enter, told: None) -> None:
    """AL-01, ux.md §3.3: a skeleton, then plain words and «Réessayer»."""
    page = enter(expected=("ERR_FAILED",))
    page.goto(stage.web + CONTACTS)
    held: list[Route] = []
    page.route("**/notifications/dernieres", lambda route: held.append(route))
    page.get_by_role("link", name="Notifications, 3 non lues").click()
    shown = page.get_by_role("dialog", name="Dernières notifications")
    expect(shown.locator(".e-skel").first).to_be_visible()
    expect(shown).to_have_attribute("aria-busy", "true")
    while not held:
        page.wait_for_timeout(20)
    held.pop().abort()
    expect(shown.get_by_role("heading", name="Notifications indisponibles")).to_be_visible()
    assert axe.violations(page) == []
    page.unroute("**/notifications/dernieres")
    shown.get_by_role("button", name="Réessayer").click()
    expect(shown.get_by_text("3 non lues")).to_be_visible()


def test_menus_open_by_hover_click_and_keys(stage: Stage, enter: Enter) -> None:
    """US-01, QM-01: the mouse opens by resting on it, Enter and arrows by keyboard; leaving closes what hover opened."""
    page = enter()
    page.goto(stage.web + CONTACTS)
    person = page.get_by_role("button", name=re.compile("menu de"))
    menu = page.get_by_role("group", name=re.compile("Menu de"))
    person.hover()
    expect(menu).to_be_visible()
    page.mouse.move(300, 500)
    expect(menu).to_be_hidden()
    person.press("Enter")
    expect(menu.get_by_role("link", name="Ma fiche")).to_be_visible()
    assert axe.violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("link", name="Ma fiche")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("link", name="Services")).to_be_focused()
    page.keyboard.press("Escape")
    expect(person).to_be_focused()
    quick = page.get_by_role("button", name="Menu rapide")
    quick.hover()
    expect(page.get_by_role("group", name="Menu rapide")).to_be_visible()


def test_single_keys_and_their_switch(stage: Stage, enter: Enter) -> None:
    """US-01, WCAG 2.1.4: «?» shows the keys, not while one types; turned off, «?» and «/» do nothing on the next page either."""
    page = enter()
    page.goto(stage.web + CONTACTS)
    box = page.get_by_role("dialog", name="Raccourcis clavier")
    page.get_by_role("searchbox", name="Nom, prénom ou code").press("?")
    expect(box).to_be_hidden()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    expect(box).to_be_visible()
    page.emulate_media(reduced_motion="reduce")
    assert axe.violations(page) == []
    switch = box.get_by_role("switch")
    try:
        with page.expect_response("**/mon-compte/raccourcis") as answer:
            switch.uncheck()
        assert answer.value.status == 204
        expect(page.get_by_text("Raccourcis à une touche désactivés.")).to_be_attached()
        page.keyboard.press("Escape")
        page.goto(f"{stage.web}/aide")
        page.keyboard.press("?")
        page.keyboard.press("/")
        expect(box).to_be_hidden()
        assert page.evaluate("document.activeElement === document.body")
        page.keyboard.press("Control+k")
        expect(page.get_by_role("combobox")).to_be_focused()
    finally:
        stage.write("UPDATE user_login SET single_keys = ? WHERE email = ?", True, WHO)


def crowd(page: Page, address: str) -> None:
    def answer(route: Route) -> None:
        made = route.fetch()
        route.fulfill(response=made, body=made.text().replace("<li data-more", CROWD + "<li data-more"))

    page.route(address, answer)
    page.goto(address)
    page.unroute(address)


def test_forty_modules_fit(stage: Stage, enter: Enter) -> None:
    """MB-01: what does not fit is under «Plus», in order; home and the active one never are; nothing is out of sight."""
    page = enter()
    for width in (1366, 1024, 768, 900):
        page.set_viewport_size({"width": width, "height": 768})
        if width == 1366:
            crowd(page, f"{stage.web}/p/outils/")
        more = page.get_by_role("button", name="Plus de modules")
        expect(more).to_be_visible()
        page.wait_for_function("document.fonts.status === 'loaded'")
        page.wait_for_function(f"({SEEN})().every(Boolean)", timeout=5000)
        bar = page.get_by_role("navigation", name="Modules").first
        expect(bar.locator(".e-modules > li > a[aria-current=page]")).to_have_text("Outils")
        expect(bar.get_by_role("link", name="Accueil")).to_be_visible()
        more.click()
        hidden = page.locator("#menu-plus a").all_inner_texts()
        shown = bar.locator(".e-modules > li > a:not(.is-home)").all_inner_texts()
        everything = ["Contacts", "Portefeuille", "Conformité", "Outils", *NAMES]
        assert sorted(hidden + shown) == sorted(everything)
        assert hidden == [name for name in everything if name in hidden]
        assert axe.overflow(page) == []
        page.keyboard.press("End")
        page.keyboard.press("Escape")
        expect(more).to_be_focused()
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(stage.web + CONTACTS)
    expect(page.get_by_role("button", name="Plus de modules")).to_be_hidden()


def test_notifications_are_dismissed_at_once_and_brought_back(stage: Stage, enter: Enter, told: None) -> None:
    """AL-01, ux.md §3.2 rule 3: all of the page by one box, the bar counts, «Écarter», and the toast takes it back; axe clean."""
    page = enter()
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{stage.web}/notifications")
    bar = page.get_by_role("region", name="Actions sur la sélection")
    expect(bar).to_be_hidden()
    page.get_by_role("checkbox", name="Tout sélectionner sur cette page").check()
    expect(bar.get_by_text("3 sélectionnées")).to_be_visible()
    assert axe.violations(page) == []
    bar.get_by_role("button", name="Écarter").click()
    expect(page.get_by_text("Aucune notification", exact=True)).to_be_visible()
    page.locator("[data-toast]").get_by_role("button", name="Annuler").click()
    expect(page.get_by_text("3 notifications sont de nouveau affichées.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Choisir : Fait 1")).to_be_visible()


def test_the_shell_without_scripts(stage: Stage, browser: Browser, told: None) -> None:
    """Issue 3, ux.md §3.3: the bell is a link, marking and the switch are forms, modules are in the sheet, help is read."""
    context = browser.new_context(locale="fr-FR", java_script_enabled=False, viewport={"width": 1024, "height": 768})
    page = context.new_page()
    page.goto(f"{stage.web}/connexion")
    page.get_by_label("Adresse e-mail").fill(WHO)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("link", name="Notifications, 3 non lues").click()
    page.get_by_role("checkbox", name="Choisir : Fait 1").check()
    page.get_by_role("button", name="Marquer comme lues").click()
    expect(page.get_by_text("1 notification marquée comme lue.")).to_be_visible()
    page.get_by_role("link", name="Non lues", exact=True).click()
    expect(page.get_by_text("Fait 1")).to_have_count(0)
    page.get_by_role("button", name="Modules").click()
    page.get_by_role("navigation", name="Modules").get_by_role("link", name="Outils").last.click()
    expect(page).to_have_url(re.compile("/p/outils/"))
    page.get_by_role("button", name=re.compile("menu de")).click()
    page.get_by_role("link", name="Raccourcis clavier").click()
    page.get_by_role("switch").uncheck()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("sont désactivés")).to_be_visible()
    stage.write("UPDATE user_login SET single_keys = ? WHERE email = ?", True, WHO)
    context.close()


@pytest.mark.parametrize("where", ["ici", "autre onglet"])
def test_a_form_outlives_its_session(stage: Stage, enter: Enter, where: str) -> None:
    """RGAA 13.1, issue 3: the session ends while one types; signed in again, here or in another tab, it is saved as typed."""
    page = enter(expected=("401",))
    page.on("dialog", lambda dialog: dialog.accept())
    page.clock.install()
    page.goto(f"{stage.web}/p/contacts/nouveau")
    name = f"Survivante {where}"
    page.get_by_label("Nom de naissance").fill(name)
    page.get_by_label("Prénoms").fill("Zoé")
    stage.write("DELETE FROM session WHERE user_id = (SELECT id FROM user_login WHERE email = ?)", WHO)
    page.clock.fast_forward("00:02:00")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    box = page.get_by_role("alertdialog")
    link = box.get_by_role("link", name="Se reconnecter ici" if where == "ici" else re.compile("Dans un autre onglet"))
    if where == "ici":
        link.click()
        again = page
    else:
        with page.context.expect_page() as opened:
            link.click()
        again = opened.value
    again.get_by_label("Adresse e-mail").fill(WHO)
    again.get_by_label("Mot de passe").fill(PASSWORD)
    again.get_by_role("button", name="Se connecter").click()
    again.wait_for_url(lambda url: "/connexion" not in url)
    if again is not page:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(box).to_be_hidden()
    expect(page.get_by_label("Nom de naissance")).to_have_value(name)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Le contact est créé.")).to_be_visible()
    assert stage.rows("SELECT count(*) FROM contact WHERE birth_name = ?", name) == [(1,)]
