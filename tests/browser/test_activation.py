"""The activation's pages as people see them: phones, dark, and the button that leads on (BL-04, BL-05, ux.md §3.3)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.stage import Stage

PAGES = (
    "activation", "conseillers", "activation/remplir", "activation/transmettre", "activation/reception",
)  # fmt: skip
#: The contrast of an element's text with its own background (WCAG 2.2, 1.4.3).
CONTRAST = """(element) => {
  const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const light = (colour) => {
    paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3).map((value) => value / 255)
      .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const style = getComputedStyle(element);
  const [high, low] = [light(style.color), light(style.backgroundColor)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}"""


def wide(page: Page) -> int:
    """How many pixels stand out of the window on the right."""
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


@pytest.mark.parametrize("email", ["administrateur@demo.example", "administrateur@second.example"])
def test_no_page_of_the_activation_scrolls_sideways_on_a_phone(stage: Stage, enter: Enter, email: str) -> None:
    """ux.md §3.3: at 390 and 360 px, active and not yet asked for; tables are cards, their heads gone."""
    page = enter(email, width=390, height=844)
    for width in (390, 360):
        page.set_viewport_size({"width": width, "height": 800})
        for path in PAGES:
            page.goto(f"{stage.web}/p/nomineo/{path}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert wide(page) <= 0, (width, path)
            for table in page.locator("main table").all():
                expect(table.locator("thead")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_button_that_leads_on_can_be_read(stage: Stage, enter: Enter, scheme: str) -> None:
    """ux.md §3.2: the one primary button of the note, link or button, has its own colours."""
    page = enter("administrateur@second.example", scheme=scheme)
    page.goto(f"{stage.web}/p/nomineo/activation")
    for shape in ("button", "a"):
        button = page.get_by_role("button", name="Générer le mandat")
        if shape == "a":
            button.evaluate("(node) => node.outerHTML = '<a class=\"btn btn-primary\" href=\"#\">Générer le mandat</a>'")
            button = page.get_by_role("link", name="Générer le mandat")
        assert button.evaluate(CONTRAST) >= 4.5, shape


def test_the_icon_of_a_cabinet_without_a_mandate_leads_to_the_activation(stage: Stage, enter: Enter) -> None:
    """BL-03, BL-05b: the greyed icon opens, says what is missing and who can do it, and its link leads to the page."""
    page = enter("administrateur@second.example")
    page.goto(f"{stage.web}/p/portefeuille/comptes")
    page.get_by_role("button", name=re.compile("Actions Nominéo, compte")).first.click()
    menu = page.locator("[data-acts]")
    expect(menu.get_by_text("Nominéo n'est pas activé pour votre cabinet.")).to_be_visible()
    expect(menu.get_by_text("Demandez à un administrateur du cabinet")).to_be_visible()
    page.get_by_role("link", name="Voir l'activation").click()
    expect(page.get_by_role("heading", name="Activation de Nominéo", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Générer le mandat")).to_be_visible()


def test_a_fault_moves_the_focus_to_the_summary_and_its_link_to_the_field(stage: Stage, enter: Enter) -> None:
    """ux.md §2.11: 422, focus on the summary, each line leads to its field, what was typed stands there."""
    page = enter("administrateur@second.example", expected=("422",))
    page.goto(f"{stage.web}/p/nomineo/activation/remplir")
    page.get_by_label("Qualité").fill("Gérante")
    page.get_by_role("button", name="Enregistrer le mandat rempli").click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Qualité")).to_have_value("Gérante")
    summary.get_by_role("link", name=re.compile("Représentant légal")).click()
    expect(page.get_by_label("Représentant légal")).to_be_focused()
    expect(page).to_have_title(re.compile("^Erreur"))
