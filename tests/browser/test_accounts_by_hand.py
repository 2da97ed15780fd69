"""Adding an account in a browser: a second PEA is refused at its field, mended, saved, archived and taken back (PF-01, QM-01)."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import Enter
from tests.stage import Stage


def test_a_second_plan_is_refused_then_mended(stage: Stage, enter: Enter) -> None:
    """PF-01, QM-01: from the quick menu; fields follow the envelope; nothing typed is lost; «Annuler» takes the archive back."""
    cabinet = stage.rows("SELECT id FROM cabinet WHERE slug = ?", "demo")[0][0]
    held = (
        "SELECT c.display_name, c.file_code FROM account AS a JOIN account_role AS r ON r.account_id = a.id "
        "JOIN contact AS c ON c.id = r.contact_id JOIN contact_adviser AS f ON f.contact_id = c.id "
        "JOIN user_login AS u ON u.id = f.user_id WHERE a.cabinet_id = ? AND a.envelope = 'PEA' AND a.state = 'OUVERT' "
        "AND u.email = 'conseiller@demo.example' ORDER BY a.id"
    )
    name, code = stage.rows(held, cabinet)[0]
    page = enter(expected=("422",))
    page.goto(page.url.split("/p/")[0] + "/p/portefeuille/comptes")
    page.get_by_role("button", name="Menu rapide").click()
    page.get_by_role("group", name="Menu rapide").get_by_role("link", name="Ajouter un compte").click()
    expect(page.get_by_role("heading", name="Nouveau compte", level=1)).to_be_visible()
    page.get_by_label("Enveloppe").select_option("ASSURANCE_VIE")
    expect(page.get_by_label("Assuré")).to_be_visible()
    page.get_by_label("Enveloppe").select_option("PEA")
    expect(page.get_by_label("Assuré")).to_be_hidden()
    expect(page.get_by_label("Second titulaire")).to_be_hidden()
    page.get_by_label("Intitulé").fill("Titres d'essai")
    page.get_by_label("Numéro").fill("ESSAI-NAVIGATEUR-1")
    page.get_by_label("Compagnie (obligatoire)", exact=True).select_option("AUTRE")
    page.get_by_label("Nom de la compagnie").fill("Banque du Navigateur")
    page.get_by_label("Titulaire (obligatoire)").fill(code)
    page.get_by_role("button", name="Enregistrer").click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(f"un PEA est déjà détenu par {name}")
    assert axe.violations(page) == []
    expect(page.get_by_label("Nom de la compagnie")).to_have_value("Banque du Navigateur")
    page.get_by_label("Enveloppe").select_option("COMPTE_TITRES")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Titres d'essai ESSAI-NAVIGATEUR-1")).to_be_visible()
    page.get_by_role("button", name="Éditer").click()
    page.get_by_role("group", name="Éditer le compte").get_by_role("button", name="Archiver").click()
    expect(page.get_by_text("archivé le").first).to_be_visible()
    page.get_by_role("button", name="Annuler").first.click()
    expect(page.get_by_text("archivé le")).to_have_count(0)
