"""Lists in a browser: panels, selection, files one after the other by keys; and all of it without a script (ux.md §2.2)."""

from __future__ import annotations

import re

from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import Enter
from tests.stage import PASSWORD
from tests.stage import Stage

LIST = "/p/contacts/"
PANELS = {"Colonnes": "colonnes", "Exporter": "exporter", "Vues": "vues", "Enregistrer la vue": "vue-nouvelle"}
FILE = re.compile(r"/p/contacts/[0-9a-z]{26}\?")


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def test_panels_stand_beside_their_buttons(stage: Stage, enter: Enter) -> None:
    """ux.md §2.2, §3.3: «Colonnes», «Exporter», «Vues», «Enregistrer la vue» open whole, on a desk and a phone; axe clean."""
    page = enter()
    page.emulate_media(reduced_motion="reduce")
    wrong: list[str] = []
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{stage.web}{LIST}?type=CLIENT")
        for name, id_ in PANELS.items():
            page.get_by_role("button", name=name, exact=True).click()
            panel = page.locator(f"#{id_}")
            expect(panel).to_be_visible()
            box = panel.bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            # what the panel half covers is no target while it is open
            wrong += [f"{name} {width}: {text}" for text in axe.violations(page) if not text.startswith("target-size")]
            page.keyboard.press("Escape")
            expect(panel).to_be_hidden()
            expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()
    assert wrong == []


def test_lines_are_ticked_and_exported(stage: Stage, enter: Enter) -> None:
    """ux.md §2.2, selection: the bar comes with the first tick, counts, takes the whole page, lets go; then a file."""
    page = enter()
    page.goto(f"{stage.web}{LIST}")
    bar = page.get_by_role("region", name="Actions sur la sélection")
    expect(bar).to_be_hidden()
    boxes = page.locator("[data-select]")
    boxes.nth(0).check()
    expect(bar.get_by_text("1 sélectionné", exact=True)).to_be_visible()
    bar.get_by_role("button", name="Tout sélectionner sur la page").click()
    expect(bar.get_by_text(f"{boxes.count()} sélectionnés")).to_be_visible()
    bar.get_by_role("button", name="Annuler").click()
    expect(bar).to_be_hidden()
    page.get_by_role("checkbox", name="Tout sélectionner sur cette page").check()
    with page.expect_download() as got:
        bar.get_by_role("button", name="Exporter la sélection").click()
    assert got.value.suggested_filename.endswith(".xlsx")


def test_from_file_to_file_by_keys(stage: Stage, enter: Enter) -> None:
    """CT-01, ux.md §2.2: Enter and a double click open the file; Alt+↓ and Alt+↑ go on in the list; back to the line."""
    page = enter()
    page.goto(f"{stage.web}{LIST}?type=CLIENT&tri=code")
    names = page.locator("a.e-cell").all_inner_texts()
    page.locator("tbody tr").nth(1).locator("td").nth(2).dblclick()
    page.wait_for_url(FILE)
    assert names[1] in heading(page)
    for key, name in (("Down", names[2]), ("Up", names[1]), ("Up", names[0])):
        page.wait_for_load_state()  # the heading is there before the scripts that listen to keys
        page.keyboard.press(f"Alt+Arrow{key}")
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.get_by_role("link", name="1 sur").click()
    page.wait_for_url(re.compile(r"tri=code.*#c-"))
    page.locator("a.e-cell").nth(3).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(FILE)
    assert names[3] in heading(page)


def test_lists_without_scripts(stage: Stage, browser: Browser) -> None:
    """ux.md §3.3 «sans JavaScript»: columns are chosen, a view is saved and deleted, advisers are changed by plain forms."""
    context = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{stage.web}/connexion")
    page.get_by_label("Adresse e-mail").fill("administrateur@demo.example")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.goto(f"{stage.web}{LIST}?type=CLIENT")
    page.get_by_role("button", name="Colonnes", exact=True).click()
    page.get_by_role("checkbox", name="E-mail").uncheck()
    page.get_by_role("button", name="Appliquer").click()
    expect(page.get_by_role("columnheader", name="E-mail")).to_have_count(0)
    page.get_by_role("button", name="Enregistrer la vue").click()
    page.get_by_label("Nom de la vue").fill("Sans script")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("La vue « Sans script » est enregistrée.")).to_be_visible()
    page.locator("[data-select]").nth(0).check()
    page.get_by_role("button", name="Changer de conseiller").click()
    expect(page.get_by_role("heading", name="Changer le conseiller de 1 contact")).to_be_visible()
    page.get_by_role("link", name="Annuler").click()
    page.get_by_role("button", name="Sans script").click()
    page.get_by_role("link", name="Gérer les vues").click()
    page.get_by_role("button", name="Supprimer…").click()
    page.get_by_role("button", name="Supprimer la vue").click()
    expect(page.get_by_text("La vue « Sans script » est supprimée.")).to_be_visible()
    page.goto(f"{stage.web}{LIST}")
    page.get_by_role("button", name="Colonnes", exact=True).click()
    page.get_by_role("button", name="Colonnes habituelles").click()
    expect(page.get_by_role("columnheader", name="E-mail")).to_have_count(1)
    context.close()


MIDDLES = "(all) => all.map((one) => one.getBoundingClientRect()).map((box) => box.y + box.height / 2)"
PHONE = ("/p/contacts/?type=CLIENT", "/p/portefeuille/comptes", "/p/outils/?q=FR0010135104", "/styleguide/listes?minimum=abc")


def test_on_a_phone_tools_are_one_row_and_filters_a_panel(stage: Stage, enter: Enter) -> None:
    """ux.md §3.3, 360 px: «Filtres», views and tools stand in one row that scrolls; the panel opens whole, axe clean."""
    page = enter(width=390, height=844)
    wrong: list[str] = []
    for path in PHONE:
        page.goto(stage.web + path)
        row = page.locator(".e-listtools")
        tops = row.locator("button:visible").evaluate_all(MIDDLES)
        assert len(tops) >= 4
        assert max(tops) - min(tops) < 2, (path, tops)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        wrong += [f"{path}: {text}" for text in axe.violations(page)]
        panel = page.locator("#filtres")
        expect(panel).to_be_hidden()
        page.get_by_role("button", name="Filtres").click()
        expect(panel).to_be_visible()
        box = panel.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["y"] + box["height"] <= 844
        # what the panel half covers is no target while it is open
        wrong += [f"{path}, open: {text}" for text in axe.violations(page) if not text.startswith("target-size")]
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(page.get_by_role("button", name="Filtres")).to_be_focused()
    assert wrong == []
    page.goto(stage.web + PHONE[0])
    expect(page.get_by_role("button", name="Filtres (1 appliqué)")).to_be_visible()
    page.get_by_role("button", name="Filtres").click()
    page.get_by_role("button", name="Plus de filtres").click()
    rarer = page.locator("#plus-de-filtres")
    rarer.get_by_label("Nature").select_option(label="Foyer")
    rarer.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_role("button", name="Filtres (2 appliqués)")).to_be_visible()
    page.set_viewport_size({"width": 1366, "height": 768})
    expect(page.get_by_role("button", name=re.compile("^Filtres"))).to_have_count(0)
    expect(page.get_by_role("search", name="Rechercher et filtrer les contacts")).to_be_visible()


def test_filters_on_a_phone_without_scripts(stage: Stage, browser: Browser) -> None:
    """ux.md §3.3 «sans JavaScript»: the panel of filters is the browser's own."""
    context = browser.new_context(locale="fr-FR", java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{stage.web}/connexion")
    page.get_by_label("Adresse e-mail").fill("administrateur@demo.example")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.goto(f"{stage.web}/p/outils/")
    page.get_by_role("button", name="Filtres").click()
    page.locator("#filtres").get_by_label("SFDR").select_option(value="ART9")
    page.locator("#filtres").get_by_role("button", name="Filtrer").click()
    expect(page.get_by_role("link", name="Retirer le filtre SFDR")).to_be_visible()
    context.close()
