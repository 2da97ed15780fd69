"""A whole file by keys alone: a couple, two children, a mortgage (issue 5, «how it is tried»)."""

from __future__ import annotations

from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.test_contact_forms import sign_in_by_keys
from tests.browser.test_contact_forms import tab_to
from tests.stage import Stage

CHOSEN = "() => document.activeElement.selectedOptions[0].textContent.trim()"


def follow(page: Page, label: str) -> None:
    """Come to a link or a button by Tab, and press it."""
    tab_to(page, label, most=90)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, **typed: str) -> None:
    """Come to fields one after the other and type; what a field holds is replaced. A label's blanks are underscores here."""
    for label, text in typed.items():
        tab_to(page, label.replace("_", " "))
        page.keyboard.press("Control+A")
        page.keyboard.type(text)


def choose(page: Page, label: str, option: str) -> None:
    """Go down a list with the arrows until it stands at the option."""
    tab_to(page, label)
    for _ in range(20):
        if page.evaluate(CHOSEN).startswith(option):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{label} has no {option}")


def test_a_couple_with_two_children_and_a_mortgage(stage: Stage, enter: Enter) -> None:
    """DO-01, DO-02, AU-01: from the sign-in to the loan, never a click; what the union changes is asked and confirmed."""
    page = enter(expected=("409",))
    page.get_by_role("button", name="menu de Marc Diallo").focus()
    page.keyboard.press("Enter")
    follow(page, "Se déconnecter")
    sign_in_by_keys(page, "conseiller@demo.example")
    page.wait_for_url(lambda url: "/p/contacts" in url)
    follow(page, "Ajouter un contact")
    write(page, Prénoms="Camille", Nom_de_naissance="Touche", Date_de_naissance="14/03/1985")
    choose(page, "Situation familiale", "Marié")
    follow(page, "Enregistrer")
    follow(page, "Conjoint")
    follow(page, "Ajouter un conjoint")
    write(page, Prénoms="Dominique", Nom_de_naissance="Clavier", Date_de_naissance="2/5/1984")
    choose(page, "Union", "Époux")
    write(page, Depuis_le="6/6/2010")
    choose(page, "Régime matrimonial", "Communauté réduite")
    follow(page, "Enregistrer")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.get_by_text("Rien n’est encore enregistré.")).to_be_visible()
    follow(page, "Enregistrer")
    for first, born in (("Alix", "1/2/2012"), ("Sacha", "3/4/2015")):
        follow(page, "Relations")
        follow(page, "Ajouter un enfant")
        write(page, Prénoms=first, Date_de_naissance=born)
        follow(page, "Enregistrer")
    for name in ("Touche Dominique", "Touche Alix", "Touche Sacha"):
        expect(page.get_by_role("link", name=name).first).to_be_visible()
    follow(page, "Autres")
    follow(page, "Prêts, nantissements")
    follow(page, "Ajouter un prêt")
    choose(page, "Type de prêt", "Prêt amortissable")
    write(
        page, Bien_ou_projet="Maison", Prêteur="Banque", Capital_emprunté="250 000", Taux_nominal="3,45", Durée="240",
        Première_échéance="05/01/2026",
    )  # fmt: skip
    follow(page, "Enregistrer")
    expect(page.get_by_role("heading", name="Échéancier")).to_be_visible()
    expect(page.get_by_text("240 échéances").first).to_be_visible()
