"""Take the pictures of the README and of the guide anew, from the demonstration.

Run it as `make docs-images`, or `python -m scripts.screenshot [NAME…]` for some of them.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page
from playwright.sync_api import sync_playwright

from tests.stage import PASSWORD
from tests.stage import Person
from tests.stage import Stage

DOCS = Path(__file__).parent.parent / "docs"
GUIDE = DOCS / "guide" / "images"
README = DOCS / "images" / "portefeuille.png"
ACCOUNT = "HIM0012345"
WIDTH, HEIGHT = 1366, 900
#: Colours of a picture: text stays sharp, and a page of it weighs some fifty kilobytes.
COLOURS = 96
Gesture = Callable[[Page, str], None]


def _sign_in_page(page: Page, web: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{web}/connexion")


def _list(page: Page, web: str) -> None:
    page.goto(f"{web}/p/contacts/")
    page.get_by_role("button", name="Menu rapide").click()


def _search(page: Page, web: str) -> None:
    page.goto(f"{web}/p/contacts/")
    page.keyboard.press("/")
    page.keyboard.type("durnad", delay=20)
    page.get_by_role("option", name=re.compile("Durand")).first.wait_for()


def _file(page: Page, web: str) -> None:
    page.goto(f"{web}/p/contacts/?q=durand+jeanne")
    page.get_by_role("link", name="Durand Jeanne", exact=True).click()


def _browse(page: Page, web: str) -> None:
    _file(page, web)
    page.get_by_role("button", name="Tout parcourir").click()


def _new(page: Page, web: str) -> None:
    page.goto(f"{web}/p/contacts/nouveau")
    page.get_by_label("Prénoms").fill("Claire")
    page.get_by_label("Date de naissance").fill("31/02/1980")
    page.get_by_role("button", name="Enregistrer").click()
    page.locator("[data-error-summary]").wait_for()


def _history(page: Page, web: str) -> None:
    _file(page, web)
    for profession in ("Architecte", "Architecte associée"):
        page.get_by_role("link", name="Modifier", exact=True).first.click()
        page.get_by_role("textbox", name="Profession").fill(profession)
        page.get_by_role("button", name="Enregistrer").click()
        page.get_by_text("Les modifications sont enregistrées").wait_for()
    page.get_by_role("link", name="Tout l'historique").click()


def _portfolio(page: Page, web: str) -> None:
    page.goto(f"{web}/p/portefeuille/comptes?q={ACCOUNT}")
    page.get_by_role("rowheader").get_by_role("link").click()
    page.get_by_role("navigation", name="Fil d'Ariane").get_by_role("link", name="Durand Jeanne").click()


def _acts(page: Page, web: str) -> None:
    _portfolio(page, web)
    # the list then opens beside its icon, where neither above nor below has room for it
    page.evaluate("scrollTo(0, 84)")
    page.get_by_role("button", name=f"Actions Nominéo, compte {ACCOUNT}").click()
    page.get_by_role("button", name="Arbitrage").wait_for()


def _account(page: Page, web: str) -> None:
    page.goto(f"{web}/p/portefeuille/comptes?q={ACCOUNT}")
    page.get_by_role("rowheader").get_by_role("link").click()
    page.locator("e-chart svg:not(.e-chart-hold)").first.wait_for()


def _transactions(page: Page, web: str) -> None:
    page.goto(f"{web}/p/portefeuille/comptes?q={ACCOUNT}")
    page.get_by_role("rowheader").get_by_role("link").click()
    page.get_by_role("navigation", name="Pages du compte").get_by_role("link", name="Transactions").click()
    page.locator("tbody").get_by_text("En attente").first.wait_for()


def _support(page: Page, web: str) -> None:
    page.goto(f"{web}/p/outils/?q=FR0010135103")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    page.locator("e-chart svg:not(.e-chart-hold)").first.wait_for()


def _own(page: Page, web: str) -> None:
    page.goto(f"{web}/mon-compte")


#: Name → how to come to the picture, in an order in which none spoils the next.
PICTURES: dict[str, Gesture] = {
    "contacts": _list, "recherche": _search, "dossier": _file, "tout-parcourir": _browse, "nouveau-contact": _new,
    "historique": _history, "portefeuille": _portfolio, "actes": _acts, "compte": _account, "transactions": _transactions,
    "support": _support, "mon-compte": _own, "connexion": _sign_in_page,
}  # fmt: skip


#: Once an act is under way at the partner: it closes acts of the other pictures.
LAST = frozenset({"transactions", "connexion"})


def _begin(stage: Stage) -> None:
    marc = Person(stage)
    token = marc.tokens(marc.acts(marc.account(ACCOUNT)).text)["Versement complémentaire"]
    marc.validate(marc.enter(marc.launch(token).text))


def take(page: Page, web: str, names: set[str]) -> dict[str, Image.Image]:
    """The pictures of these names, by somebody who is signed in."""
    found = {}
    for name, gesture in PICTURES.items():
        if name in names:
            gesture(page, web)
            page.wait_for_timeout(300)  # fonts and menus at rest
            found[name] = Image.open(BytesIO(page.screenshot())).convert("RGB")  # without the empty alpha channel
    return found


def keep(shot: Image.Image, where: Path) -> None:
    """A small picture: few colours, no dithering, which would weigh more and blur letters."""
    where.parent.mkdir(parents=True, exist_ok=True)
    shot.quantize(COLOURS, dither=Image.Dither.NONE).save(where, optimize=True)


def main(names: set[str]) -> None:
    """One demonstration, one browser, every picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        stage = Stage(Path(folder))
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        try:
            stage.start()
            context = browser.new_context(
                viewport={"width": WIDTH, "height": HEIGHT}, locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce"
            )
            page = context.new_page()
            page.goto(f"{stage.web}/connexion")
            page.get_by_label("Adresse e-mail").fill("conseiller@demo.example")
            page.get_by_label("Mot de passe").fill(PASSWORD)
            page.get_by_role("button", name="Se connecter").click()
            page.wait_for_url(lambda url: "/connexion" not in url)
            shots = take(page, stage.web, names - LAST)
            _begin(stage)
            shots |= take(page, stage.web, names & LAST)
        finally:
            browser.close()
            stage.stop()
    for name, shot in shots.items():
        keep(shot, GUIDE / f"{name}.png")
    if "actes" in shots:
        keep(shots["actes"], README)


if __name__ == "__main__":
    main(set(sys.argv[1:]) or set(PICTURES))
