"""One's own security in a browser: enrolment, sign-in by code and recovery code, reset, sessions, the end of a session."""

from __future__ import annotations

import re
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pyotp
from playwright.sync_api import Browser
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests import databases
from tests.browser import judge
from tests.browser.conftest import Enter
from tests.stage import PASSWORD
from tests.stage import Stage

#: Nobody else's in the other browser tests.
WHO = "assistant@demo.example"
NEW = "quatre girafes lisent Balzac"


def code(secret: str, shift: int = 0) -> str:
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30 * shift))


def sign_in(page: Page, stage: Stage, password: str = PASSWORD) -> None:
    page.goto(f"{stage.web}/connexion")
    page.get_by_label("Adresse e-mail").fill(WHO)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("button", name="Se connecter").click()


def to_account(page: Page) -> None:
    """By the user menu, with the keyboard."""
    page.get_by_role("button", name=re.compile("menu de")).focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("group", name=re.compile("Menu de")).get_by_role("link", name="Mon compte").press("Enter")
    expect(page.get_by_role("heading", level=1, name="Mon compte")).to_be_visible()


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def test_the_second_factor_from_enrolment_to_removal(stage: Stage, enter: Enter, browser: Browser, tmp_path: Path) -> None:
    """US-01: QR code and key, codes downloaded, sign-in by code, back button, sign-in by recovery code, removal."""
    page = enter(WHO, expected=("422",))
    page.emulate_media(reduced_motion="reduce")
    to_account(page)
    wrong = judge.whole(page, "account")
    page.get_by_role("button", name="Activer le second facteur").click()
    picture = page.get_by_role("img", name="Code QR de votre second facteur")
    assert picture.evaluate("one => one.complete && one.naturalWidth > 100")
    page.get_by_text("Saisir la clé à la main").click()
    secret = re.sub(r"\s", "", page.locator("#cle-secrete").inner_text())
    page.get_by_label("Code à six chiffres").fill("000000" if code(secret) != "000000" else "111111")
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_role("button", name="Activer", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("1 erreur"))).to_be_visible()
    wrong += judge.whole(page, "enrolment refused")
    page.get_by_label("Code à six chiffres").fill(code(secret, -1))
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_role("button", name="Activer", exact=True).click()
    expect(page.get_by_role("heading", name="Vos dix codes de secours")).to_be_visible()
    wrong += judge.whole(page, "recovery codes")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Télécharger les codes").click()
    saved.value.save_as(tmp_path / "codes.txt")
    kept = re.findall(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}", (tmp_path / "codes.txt").read_text("utf-8"))
    assert kept == page.locator(".e-codes li").all_inner_texts()

    again = browser.new_context(locale="fr-FR", reduced_motion="reduce").new_page()
    sign_in(again, stage)
    expect(again.get_by_role("heading", name="Code de vérification")).to_be_visible()
    wrong += judge.whole(again, "code")
    again.get_by_label("Code à six chiffres").fill(code(secret))
    again.get_by_role("button", name="Continuer").click()
    again.wait_for_url(lambda url: "/connexion" not in url)
    inside = again.url
    again.go_back()
    again.wait_for_url(inside)  # the code's page leads on: one is in
    again.context.clear_cookies(name="encours_sid")
    sign_in(again, stage)
    again.get_by_role("link", name=re.compile("Téléphone perdu")).click()
    wrong += judge.widths(again, "recovery code")
    again.get_by_label("Code de secours").fill(kept[0].lower())
    again.get_by_role("button", name="Continuer").click()
    again.wait_for_url(lambda url: "/connexion" not in url)
    again.context.close()

    to_account(page)
    expect(card(page, "Second facteur")).to_contain_text("9 codes de secours")
    card(page, "Second facteur").get_by_role("link", name="Retirer").click()
    wrong += judge.whole(page, "removal")
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_label(re.compile("Code de l'application")).fill(kept[1])
    page.get_by_role("button", name="Retirer le second facteur").click()
    expect(page.get_by_text("Le second facteur est retiré.")).to_be_visible()
    assert wrong == []


def test_sessions_and_password(stage: Stage, enter: Enter) -> None:
    """US-01: another session is closed from here; a common password is refused beside its field; all others end."""
    page, other = enter(WHO, expected=("422",)), enter(WHO)
    page.emulate_media(reduced_motion="reduce")
    to_account(page)
    rows = card(page, "Sessions ouvertes").get_by_role("row")
    expect(rows.filter(has_text="cette session")).to_have_count(1)
    rows.filter(has_text="Chrome").filter(has_not_text="cette session").first.get_by_role("button").click()
    expect(page.get_by_text("La session est fermée.")).to_be_visible()
    other.reload()
    expect(other).to_have_url(re.compile("/connexion"))
    page.get_by_role("link", name="Changer le mot de passe").click()
    for label, typed in (("actuel", PASSWORD), ("Nouveau mot de passe (", "motdepasse2026"), ("de nouveau", "motdepasse2026")):
        page.get_by_label(re.compile(re.escape(label))).fill(typed)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("trop courant").first).to_be_visible()
    wrong = judge.whole(page, "password refused")
    for old, new in ((PASSWORD, NEW),):
        for label, typed in (("actuel", old), ("Nouveau mot de passe (", new), ("de nouveau", new)):
            page.get_by_label(re.compile(re.escape(label))).fill(typed)
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_text("Votre mot de passe est changé.")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter partout").click()
    expect(page.get_by_text("Vous êtes déconnecté de tous vos appareils.")).to_be_visible()
    stage.write("UPDATE user_login SET password_hash = (SELECT password_hash FROM user_login WHERE email = ?) WHERE email = ?",
                "conseiller@demo.example", WHO)  # fmt: skip
    assert wrong == []


def test_a_reset_link(stage: Stage, browser: Browser) -> None:
    """US-01: without a mail server the page says whom to ask; the command's link chooses a password; it serves once."""
    page = browser.new_context(locale="fr-FR").new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{stage.web}/connexion")
    page.get_by_role("link", name="Mot de passe oublié").click()
    expect(page.get_by_text("Demandez à l'administrateur de votre cabinet")).to_be_visible()
    wrong = judge.whole(page, "forgotten")
    link = stage.encours("user", "reset", WHO).strip()
    page.goto(link)
    expect(page).to_have_url(f"{stage.web}/mot-de-passe/nouveau")
    wrong += judge.whole(page, "new password")
    page.get_by_label("Nouveau mot de passe (obligatoire)").fill(NEW)
    page.get_by_label("de nouveau").fill(NEW)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Votre mot de passe est changé")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", name="Ce lien n'est plus valable")).to_be_visible()
    wrong += judge.whole(page, "link ended")
    sign_in(page, stage, NEW)
    page.wait_for_url(lambda url: "/connexion" not in url)
    page.context.close()
    stage.write("UPDATE user_login SET password_hash = (SELECT password_hash FROM user_login WHERE email = ?) WHERE email = ?",
                "conseiller@demo.example", WHO)  # fmt: skip
    assert wrong == []


def test_a_cabinet_that_asks_for_a_factor(stage: Stage, browser: Browser) -> None:
    """US-01: at the next sign-in one enrols before going on; too many wrong codes wait, and the page says how long."""
    stage.encours("cabinet", "set-second-factor", "second", "on")
    page = browser.new_context(locale="fr-FR", viewport={"width": 1366, "height": 768}).new_page()
    page.emulate_media(reduced_motion="reduce")
    try:
        page.goto(f"{stage.web}/connexion?next=/notifications")
        page.get_by_label("Adresse e-mail").fill("administrateur@second.example")
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        expect(page.get_by_role("heading", name="Activer le second facteur")).to_be_visible()
        wrong = judge.whole(page, "enrolment at sign-in")
        page.get_by_text("Saisir la clé à la main").click()
        secret = re.sub(r"\s", "", page.locator("#cle-secrete").inner_text())
        for _ in range(6):
            page.get_by_label("Code à six chiffres").fill("12")
            page.get_by_role("button", name="Activer et continuer").click()
        expect(page.locator("#f-code-e").get_by_text("patientez 30 secondes")).to_be_visible()
        wrong += judge.whole(page, "too many codes")
        stage.write("DELETE FROM sign_in_attempts")
        page.get_by_label("Code à six chiffres").fill(code(secret))
        page.get_by_role("button", name="Activer et continuer").click()
        wrong += judge.whole(page, "codes at sign-in")
        page.get_by_role("link", name=re.compile("enregistré mes codes")).click()
        expect(page).to_have_url(f"{stage.web}/notifications")
        assert wrong == []
    finally:
        stage.encours("cabinet", "set-second-factor", "second", "off")
        stage.encours("user", "remove-second-factor", "administrateur@second.example")
        page.context.close()


def test_the_end_of_a_session_is_announced(stage: Stage, enter: Enter) -> None:
    """RGAA 13.1: two minutes before the idle end a question; «Rester connecté» puts it off; then the page says so."""
    page = enter(WHO, expected=("401", "503"))
    page.emulate_media(reduced_motion="reduce")
    page.clock.install()
    page.goto(f"{stage.web}/p/contacts/")
    box = page.get_by_role("alertdialog")
    page.clock.fast_forward("03:57:00")
    expect(box).to_have_count(0)
    # Two hours pass for the server at once; the page asks it when its own time comes.
    seen = databases.written(datetime.now(UTC) - timedelta(hours=4) + timedelta(seconds=100))
    stage.write("UPDATE session SET seen_at = ? WHERE user_id = (SELECT id FROM user_login WHERE email = ?)", seen, WHO)
    page.clock.fast_forward("00:02:00")
    expect(box).to_be_visible()
    expect(box).to_contain_text("Vous serez déconnecté à")
    expect(box.get_by_role("button", name="Rester connecté")).to_be_focused()
    wrong = judge.whole(page, "session ends")
    with page.expect_response("**/mon-compte/session") as answer:
        box.get_by_role("button", name="Rester connecté").click()
    assert answer.value.request.method == "POST"
    expect(box).to_have_count(0)
    stage.write("UPDATE session SET seen_at = ? WHERE user_id = (SELECT id FROM user_login WHERE email = ?)", seen, WHO)
    page.clock.fast_forward("03:58:30")
    expect(box).to_be_visible()
    stage.write("DELETE FROM session WHERE user_id = (SELECT id FROM user_login WHERE email = ?)", WHO)
    page.clock.fast_forward("00:00:20")
    expect(box.get_by_role("link", name="Se reconnecter ici")).to_be_visible()
    wrong += judge.whole(page, "session over")
    box.get_by_role("link", name="Se reconnecter ici").click()
    expect(page).to_have_url(f"{stage.web}/connexion?next=/p/contacts/")
    assert wrong == []
