"""«Modules et partenaires» as an administrator uses it: the real extranet is asked, a module goes and comes back (PL-04)."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.stage import Stage


def test_the_connection_is_tried_at_the_partners(stage: Stage, enter: Enter) -> None:
    """PL-04: from the user menu, by keyboard, to the partner's own answer."""
    page = enter("administrateur@demo.example")
    page.get_by_role("button", name="menu de").press("Enter")
    page.get_by_role("link", name="Administration").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Modules et partenaires")
    page.get_by_role("link", name="Nominéo").press("Enter")
    page.get_by_role("button", name="Tester la connexion").press("Enter")
    expect(page.get_by_text("Nominéo répond, reconnaît la signature du cabinet")).to_be_visible()


def test_a_module_goes_and_comes_back(stage: Stage, enter: Enter) -> None:
    """PL-04: the bar loses «Outils» at once, for everybody of the cabinet; the toast brings it back."""
    page, other = enter("administrateur@demo.example"), enter("assistant@demo.example", expected=("404",))
    page.goto(f"{stage.web}/administration/modules")
    bar = page.get_by_role("navigation", name="Modules", exact=True)
    page.get_by_role("switch", name="Outils").press("Space")
    try:
        expect(page.get_by_role("switch", name="Outils")).not_to_be_checked()
        expect(bar.get_by_role("link", name="Outils")).to_have_count(0)
        answer = other.goto(f"{stage.web}/p/outils/")
        assert answer is not None
        assert answer.status == 404
    finally:
        page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("switch", name="Outils")).to_be_checked()
    expect(bar.get_by_role("link", name="Outils")).to_be_visible()
