"""«Modules et partenaires» as an administrator uses it: the real extranet is asked, a module goes and comes back (PL-04)."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import axe
from tests.browser import judge
from tests.browser.conftest import Enter
from tests.stage import Stage


def test_the_connection_is_tried_at_the_partners(stage: Stage, enter: Enter) -> None:
    """PL-04: from the user menu, by keyboard, to the partner's own answer."""
    page = enter("administrateur@demo.example")
    page.get_by_role("button", name="menu de").press("Enter")
    page.get_by_role("link", name="Administration").press("Enter")
    page.get_by_role("link", name="Modules et partenaires").press("Enter")
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


def test_an_agency_and_a_profile_by_keyboard(stage: Stage, enter: Enter) -> None:
    """US-02: made, looked at (axe, widths), removed by a dialog that says what follows, taken back by the toast, removed."""
    page = enter("administrateur@demo.example")
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{stage.web}/administration/agences/nouvelle")
    page.get_by_label("Nom de l'agence").fill("Agence du navigateur")
    page.get_by_label("Marc Diallo").press("Space")
    page.get_by_role("button", name="Ajouter").press("Enter")
    page.get_by_role("link", name="Agence du navigateur").press("Enter")
    wrong = judge.whole(page, "agence")
    for _again in range(2):
        page.get_by_role("button", name="Supprimer", exact=True).press("Enter")
        expect(page.get_by_role("dialog")).to_contain_text("Personne ne quitte le cabinet")
        wrong += axe.violations(page)
        page.get_by_role("dialog").get_by_role("button", name="Supprimer l'agence").press("Enter")
        expect(page.get_by_text("Aucune agence")).to_be_visible()
        if not _again:
            page.get_by_role("button", name="Annuler").press("Enter")
            page.get_by_role("link", name="Agence du navigateur").press("Enter")
    page.goto(f"{stage.web}/administration/profils/nouveau")
    page.get_by_label("Nom du profil").fill("Profil du navigateur")
    page.get_by_role("group", name="Modifier les comptes").get_by_label("Tous ceux du cabinet").press("Space")
    page.get_by_role("button", name="Créer le profil").press("Enter")
    expect(page.get_by_text("Ajouté avec ce que vous avez choisi")).to_contain_text("Voir les contacts")
    page.get_by_role("rowheader", name="Profil du navigateur").get_by_role("link").press("Enter")
    wrong += judge.whole(page, "profil")
    page.get_by_role("button", name="Supprimer", exact=True).press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Supprimer le profil").press("Enter")
    expect(page.get_by_role("rowheader", name="Profil du navigateur")).to_have_count(0)
    assert not wrong, "\n".join(wrong)


def test_a_person_comes_and_goes(stage: Stage, enter: Enter) -> None:
    """US-02: the list, somebody new without mail, his access closed and opened again, what the journal says of it."""
    page = enter("administrateur@demo.example")
    page.goto(f"{stage.web}/administration/utilisateurs")
    page.get_by_role("link", name="Ajouter une personne").press("Enter")
    page.get_by_label("Prénom et nom").fill("Nadia Bruno")
    page.get_by_label("Adresse e-mail").fill("nadia@demo.example")
    page.get_by_label("Profil", exact=False).select_option(label="Lecture seule")
    page.get_by_role("button", name="Ajouter", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nadia Bruno")
    expect(page.get_by_text("Aucune invitation n'est partie")).to_be_visible()
    page.get_by_role("button", name="Désactiver l'accès").press("Enter")
    page.get_by_role("button", name="Annuler").press("Enter")
    expect(page.get_by_role("button", name="Désactiver l'accès")).to_be_visible()
    page.get_by_role("button", name="Désactiver l'accès").press("Enter")
    page.get_by_role("link", name="Ce qui a changé").press("Enter")
    expect(page.get_by_role("cell", name="Accès désactivé")).to_have_count(2)
    expect(page.get_by_role("cell", name="Accès rouvert")).to_have_count(1)
    page.get_by_role("link", name="Vérifier la chaîne").press("Enter")
    expect(page.get_by_text("La chaîne est intacte")).to_be_visible()
