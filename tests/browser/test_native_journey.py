"""An act that is typed here, in a browser, from the icon's menu to «En attente», with what the partner refused corrected (BL-14).

The application is served by this very process, with the example distribution installed; the worker's work is done by the test.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page
from werkzeug.serving import make_server

from core.cli.worker import run_due
from core.testing import Installation
from core.testing import throwaway
from tests.browser import axe
from tests.browser.conftest import WATCH
from tests.contract import alizes
from tests.contract import bancal
from tests.kept import Kept

IBAN, BLACKLISTED = "FR14 2004 1010 0505 0001 3M02 606", "FR76 3000 6000 0112 3456 7890 189"


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Installation, Any]]:
    """Where the application listens, the installation behind it, the mutual's program."""
    with bancal.installed(alizes.lay(tmp_path_factory.mktemp("alizes"))):
        kept = Kept(tmp_path_factory.mktemp("native"))
        book, server = (import_module(f"office_alizes.{name}") for name in ("book", "server"))
    encours = Installation(kept.app, kept.folder, throwaway.staff("ici", "Ici"), throwaway.staff("ailleurs", "Ailleurs"))
    for plugin in (alizes.NAME, "portefeuille"):
        encours.enable(plugin)
    web = make_server("127.0.0.1", 0, kept.app, threaded=True)
    threading.Thread(target=web.serve_forever, args=(0.05,), daemon=True).start()
    try:
        with server.Office(book.Book(), alizes.KEY) as office:
            encours.configure(alizes.NAME, {"address": office.url, "key": alizes.KEY})
            yield f"http://127.0.0.1:{web.server_port}", encours, office
    finally:
        web.shutdown()
        kept.close()


def test_the_whole_journey(served: tuple[str, Installation, Any], browser: Browser, tmp_path: Path) -> None:
    """BL-14: typed, joined, refused beside the fields, corrected, transmitted once; no script blocked, no rule of axe broken."""
    web, encours, office = served
    account = encours.account("ALZ00000001", company=alizes.COMPANY)
    pdf, png = tmp_path / "rib.pdf", tmp_path / "identite.png"
    pdf.write_bytes(b"%PDF-1.4\n%essai\n")
    png.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 60)
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 390, "height": 844})
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(f"{web}/connexion")
    page.get_by_label("Adresse e-mail").fill("administrateur@ici.example")
    page.get_by_label("Mot de passe").fill(throwaway.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda url: "/connexion" not in url)
    page.goto(f"{web}/p/portefeuille/comptes/{account.id}/transactions")
    page.get_by_role("link", name="Ajouter").or_(page.get_by_role("button", name="Ajouter")).first.click()
    page.get_by_role("button", name="Rachat partiel").click()
    page.wait_for_url("**/etapes/montant")
    _well(page)
    page.locator("#f-amount").fill("mille")
    _go_on(page)
    assert page.locator("[data-error-summary]").get_by_text("Montant brut du rachat").is_visible()
    page.locator("#f-amount").fill("1 500,00")
    page.locator("#f-iban").fill(BLACKLISTED)
    _go_on(page)
    page.wait_for_url("**/etapes/pieces")
    page.get_by_label("Financer un projet").check()
    for field, file in (("#f-rib", pdf), ("#f-identite", png)):
        page.locator(field).set_input_files(file)
    page.locator("[data-file].is-success, .e-file.is-success").nth(1).wait_for()
    _well(page)
    _go_on(page)
    page.get_by_role("heading", name="Récapitulatif").wait_for()
    _well(page)
    page.get_by_role("button", name="Confirmer et transmettre").click()
    page.get_by_text("vous pouvez quitter cette page").wait_for()
    assert office.asked == 0
    run_due()
    page.get_by_role("link", name="Corriger").wait_for()  # by itself: the page is told
    page.get_by_role("link", name="Corriger").click()
    page.wait_for_url("**/etapes/montant")
    assert page.locator("#f-iban-e").inner_text() == "Ce compte a été clôturé : demandez au souscripteur un autre IBAN."
    assert page.locator("#f-iban").input_value() == BLACKLISTED
    _well(page)
    page.locator("#f-iban").fill(IBAN)
    _go_on(page)
    page.wait_for_url("**/etapes/pieces")
    assert "un PDF ou un JPEG est attendu" in page.locator("#f-identite-e").inner_text()
    page.get_by_role("button", name="Retirer identite.png").click()
    page.locator("#f-identite").set_input_files(pdf)
    page.locator(".e-file.is-success").nth(1).wait_for()
    _go_on(page)
    page.get_by_role("button", name="Confirmer et transmettre").click()
    page.get_by_text("vous pouvez quitter cette page").wait_for()
    run_due()
    page.get_by_text("Acte transmis").wait_for()
    assert page.get_by_text("En attente", exact=True).is_visible()
    _well(page)
    assert len(office.book.operations) == 1
    context.close()


def _go_on(page: Page) -> None:
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_load_state()


def _well(page: Page) -> None:
    assert axe.violations(page) == []
    assert axe.overflow(page) == []
    assert page.evaluate("window.__v || []") == []
