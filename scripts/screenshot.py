"""Take the README's picture anew: Durand Jeanne's portfolio with the acts open at Nominéo.

Run it as `python -m scripts.screenshot` after `make install-test`.
"""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.stage import PASSWORD
from tests.stage import Stage

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "portefeuille.png"
ACCOUNT = "HIM0012345"


def main() -> None:
    """One demonstration, one browser, one picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        stage = Stage(Path(folder))
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        try:
            stage.start()
            page = browser.new_page(viewport={"width": 1366, "height": 900}, locale="fr-FR", reduced_motion="reduce")
            page.goto(f"{stage.web}/connexion")
            page.get_by_label("Adresse e-mail").fill("conseiller@demo.example")
            page.get_by_label("Mot de passe").fill(PASSWORD)
            page.get_by_role("button", name="Se connecter").click()
            page.goto(f"{stage.web}/p/portefeuille/comptes?q={ACCOUNT}")
            page.get_by_role("rowheader").get_by_role("link").click()
            page.get_by_role("navigation", name="Fil d'Ariane").get_by_role("link", name="Durand Jeanne").click()
            # the list then opens beside its icon, and leaves the client's name in sight
            page.evaluate("scrollTo(0, 40)")
            page.get_by_role("button", name=f"Actions Nominéo, compte {ACCOUNT}").click()
            page.get_by_role("button", name="Arbitrage").wait_for()
            shot = Image.open(BytesIO(page.screenshot())).convert("RGB")  # without the empty alpha channel
        finally:
            browser.close()
            stage.stop()
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    shot.save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
