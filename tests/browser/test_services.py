"""«Services» and «Espace abonnement» as an adviser uses them, by keyboard (US-02)."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.stage import Stage


def test_a_setting_is_found_changed_and_given_up(stage: Stage, enter: Enter) -> None:
    """US-02: the palette leads to Services, its search finds by another word, one's own value is said and given up."""
    page = enter("assistant@demo.example")
    page.goto(f"{stage.web}/p/contacts/")
    page.keyboard.press("Control+k")
    page.keyboard.type("services")
    expect(page.get_by_role("option", name="Ajouter un contact")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Services")
    box = page.get_by_role("searchbox", name="Rechercher un réglage")
    box.fill("repartition")
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 réglage trouvé")
    page.get_by_role("main").get_by_role("link", name="Portefeuille").last.press("Enter")
    page.get_by_role("radio", name="Compagnie").check()
    page.get_by_role("button", name="Enregistrer").press("Enter")
    expect(page.get_by_text("Vos réglages de « Portefeuille » sont enregistrés.")).to_be_visible()
    expect(page.get_by_role("radio", name="Compagnie")).to_be_checked()
    page.get_by_role("button", name="Revenir à la valeur du cabinet pour Répartition").press("Enter")
    expect(page.get_by_text("Ce réglage suit de nouveau le cabinet.")).to_be_visible()
    expect(page.get_by_role("radio", name="Support")).to_be_checked()
    page.get_by_role("button", name="menu de").press("Enter")
    page.get_by_role("link", name="Espace abonnement").press("Enter")
    expect(page.get_by_role("heading", name="Ce que votre cabinet a")).to_be_visible()
    expect(page.get_by_role("row", name="Nominéo")).to_contain_text("habilitées")
