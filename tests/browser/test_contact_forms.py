"""Writing contacts in a browser: keys alone, sessions that end, what is left in the tab, «Tout parcourir»."""

from __future__ import annotations

from playwright.sync_api import BrowserContext
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import Enter
from tests.stage import PASSWORD
from tests.stage import Stage

NEW = "/p/contacts/nouveau"
KEPT = "Object.keys(sessionStorage).filter((key) => key.startsWith('encours:saisie:'))"


def tab_to(page: Page, label: str, most: int = 60) -> None:
    """Press Tab until the element of this name has the focus; no mouse, no shortcut of the test's own."""
    for _ in range(most):
        page.keyboard.press("Tab")
        named = page.evaluate(
            "() => { const e = document.activeElement; return e.ariaLabel || e.labels?.[0]?.textContent || e.textContent }"
        )
        if " ".join((named or "").split()).startswith(label):
            return
    raise AssertionError(f"Tab never came to {label}")


def sign_in_by_keys(page: Page, email: str) -> None:
    page.get_by_label("Adresse e-mail").focus()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def test_a_contact_is_saved_by_keys_alone(stage: Stage, enter: Enter) -> None:
    """Issue 3, «keyboard alone from sign-in to a saved contact»: with an error on the way, whose summary has the focus."""
    page = enter(expected=("422",))
    page.get_by_role("button", name="menu de Marc Diallo").focus()
    page.keyboard.press("Enter")
    tab_to(page, "Se déconnecter")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/connexion" in url)
    sign_in_by_keys(page, "conseiller@demo.example")
    page.wait_for_url(lambda url: "/p/contacts" in url)
    tab_to(page, "Ajouter un contact")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nouveau contact", level=1)).to_be_visible()
    tab_to(page, "Prénoms")
    page.keyboard.type("Clavier")
    tab_to(page, "Date de naissance")
    page.keyboard.type("14 mars 68")
    page.keyboard.press("Enter")
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    assert axe.violations(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Nom de naissance")).to_be_focused()
    page.keyboard.type("Seulement")
    tab_to(page, "Date de naissance")
    page.keyboard.press("Control+A")
    page.keyboard.type("14/03/1968")
    tab_to(page, "Enregistrer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Seulement Clavier")).to_be_visible()
    expect(page.get_by_text("14/03/1968").first).to_be_visible()
    assert page.evaluate(KEPT) == []


def cookie(context: BrowserContext) -> None:
    """The session ends behind one's back."""
    context.clear_cookies(name="encours_sid")


def test_a_session_that_ends_in_mid_form_loses_nothing(stage: Stage, enter: Enter) -> None:
    """Issue 3: refused, signed in again, back on the form with what was typed; saved, nothing stays in the tab."""
    page = enter(expected=("401", "409"))
    page.goto(stage.web + NEW)
    page.get_by_text("Personne morale").click()
    page.get_by_label("Dénomination").fill("Filature de l'Erdre")
    page.get_by_label("Type (obligatoire)").select_option(label="Client")
    expect(page.get_by_text("Modifications non enregistrées")).to_be_visible()
    cookie(page.context)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Se reconnecter").click()
    sign_in_by_keys(page, "conseiller@demo.example")
    expect(page.get_by_text("Votre saisie a été retrouvée")).to_be_visible()
    expect(page.get_by_label("Personne morale")).to_be_checked()
    expect(page.get_by_label("Dénomination")).to_have_value("Filature de l'Erdre")
    expect(page.get_by_label("Type (obligatoire)")).to_have_value("CLIENT")
    page.get_by_role("button", name="Enregistrer").dblclick()
    expect(page.get_by_role("heading", name="Filature de l'Erdre")).to_be_visible()
    assert page.evaluate(KEPT) == []
    assert stage.rows("SELECT count(*) FROM contact WHERE company_name = ?", "Filature de l'Erdre") == [(1,)]
    page.goto(stage.web + NEW)
    expect(page.get_by_text("Votre saisie a été retrouvée")).to_be_hidden()


def test_nothing_is_left_behind(stage: Stage, enter: Enter) -> None:
    """Issue 3, «no client data left behind on sign-out»: signing out, cancelling, another person in the same tab."""
    page = enter()
    warned: list[str] = []
    page.on("dialog", lambda dialog: (warned.append(dialog.type), dialog.accept()))
    page.goto(stage.web + NEW)
    page.get_by_label("Prénoms").fill("Secret")
    assert page.evaluate(KEPT) == ["encours:saisie:/p/contacts/nouveau"]
    page.goto(f"{stage.web}/notifications")
    assert warned == ["beforeunload"]
    page.goto(stage.web + NEW)
    expect(page.get_by_label("Prénoms")).to_have_value("Secret")
    page.get_by_role("link", name="Annuler").click()
    page.wait_for_url(lambda url: url.endswith("/p/contacts/"))
    assert (page.evaluate(KEPT), warned) == ([], ["beforeunload"])
    page.goto(stage.web + NEW)
    page.get_by_label("Prénoms").fill("Secret")
    other = page.context.new_page()
    other.goto(f"{stage.web}/notifications")
    other.get_by_role("button", name="menu de Marc Diallo").click()
    other.get_by_role("button", name="Se déconnecter").click()
    other.wait_for_url(lambda url: "/connexion" in url)
    page.wait_for_function(f"{KEPT}.length === 0")


def test_tout_parcourir_filters_and_moves_by_keys(stage: Stage, enter: Enter) -> None:
    """ux.md §2.3: type to filter, arrows between pages and columns, the current page marked, Escape gives the focus back."""
    page = enter()
    page.goto(f"{stage.web}/p/contacts/?q=durand+jeanne")
    page.locator("tbody tr").first.locator("td").nth(2).dblclick()
    expect(page.get_by_role("heading", name="Durand Jeanne")).to_be_visible()
    button = page.get_by_role("button", name="Tout parcourir")
    button.focus()
    page.keyboard.press("Enter")
    menu = page.get_by_role("navigation", name="Tout parcourir")
    expect(menu.get_by_label("Filtrer les pages du dossier")).to_be_focused()
    expect(menu.get_by_role("link", name="Général")).to_have_attribute("aria-current", "page")
    assert axe.violations(page) == []
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("link", name="Général")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(menu.get_by_role("link", name="Bilan")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(menu.get_by_role("link", name="Profil investisseur")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(menu.get_by_role("link", name="Portefeuille")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("link", name="Comptes")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(menu.get_by_label("Filtrer les pages du dossier")).to_be_focused()
    page.keyboard.type("coordonnees")
    expect(menu.get_by_role("link", name="Comptes")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Téléphones")).to_be_visible()
    page.goto(f"{page.url.replace('/coordonnees', '').replace('/p/contacts/', '/p/portefeuille/contacts/')}")
    expect(page.get_by_role("button", name="Tout parcourir")).to_be_visible()
