"""How pages feel in a browser (ux.md §4.1): largest paint, longest response to a gesture, what moves; medians of five."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import sync_playwright

from benchmarks.measure import Row
from benchmarks.measure import ms
from tests.stage import PASSWORD
from tests.stage import Stage

TIMES = 5
#: Kept from the page's first moment: paints (ms), shifts without a gesture before them, durations of gestures (ms, 8 and up).
OBSERVE = """window.__lcp = 0; window.__cls = 0; window.__events = [];
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.__lcp = one.startTime; })
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) window.__cls += one.value; })
  .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver((list) => { for (const one of list.getEntries())
  if (one.interactionId) window.__events.push(one.duration); })
  .observe({type: 'event', durationThreshold: 16, buffered: true});"""
LIST = "/p/contacts/?taille=100"
#: A list of one account: its page is measured.
ONE = "/p/portefeuille/comptes?q=HIM0012345"
Gesture = Callable[[Page], None]


def _menu(page: Page) -> None:
    page.get_by_role("button", name="Menu rapide").click()
    page.keyboard.press("Escape")


def _key(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("dur", delay=60)
    page.keyboard.press("Escape")


def _icon(page: Page) -> None:
    page.locator("e-partner-menu button").first.click()
    page.keyboard.press("Escape")


#: What → address, goal of the largest paint in seconds, gestures.
PAGES: tuple[tuple[str, str, float, tuple[Gesture, ...]], ...] = (
    ("contacts, 100 rows", LIST, 1.5, (_menu, _key)),
    ("accounts with icons", "/p/portefeuille/comptes?q=HIM01", 1.5, (_menu, _icon)),
    ("account with its chart", ONE, 1.5, (_menu, _key)),
)


def run() -> list[Row]:
    """A stage and a browser of its own; each page in a context without a cache, signed in."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        stage = Stage(Path(folder))
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        try:
            stage.start()
            kept = _signed_in(browser, stage)
            rows = []
            for what, path, goal, gestures in PAGES:
                address = _address(browser, stage, kept, path) if path == ONE else stage.web + path
                found = [_once(browser, kept, address, gestures) for _ in range(TIMES)]
                paint, longest, moved = (statistics.median(one) for one in zip(*found, strict=True))
                rows += [
                    Row(f"{what}: largest paint (LCP)", f"{paint / 1000:.2f} s", f"≤ {goal} s", paint <= goal * 1000),
                    Row(f"{what}: longest gesture (INP, proxy)", ms(longest / 1000), "≤ 100 ms", longest <= 100),
                    Row(f"{what}: what moves (CLS)", f"{moved:.3f}", "≤ 0.02", moved <= 0.02),
                ]
            return rows
        finally:
            browser.close()
            stage.stop()


def _signed_in(browser: Browser, stage: Stage) -> str:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{stage.web}/connexion")
    page.get_by_label("Adresse e-mail").fill("conseiller@demo.example")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda url: "/connexion" not in url)
    kept = str(stage.folder / "signed-in.json")
    context.storage_state(path=kept)
    context.close()
    return kept


def _address(browser: Browser, stage: Stage, kept: str, path: str) -> str:
    """The page of the one account that a list finds."""
    context = browser.new_context(storage_state=kept)
    page = context.new_page()
    page.goto(stage.web + path)
    page.get_by_role("rowheader").get_by_role("link").first.click()
    page.wait_for_load_state()
    found = page.url
    context.close()
    return found


def _once(browser: Browser, kept: str, address: str, gestures: tuple[Gesture, ...]) -> tuple[float, float, float]:
    """(LCP ms, longest gesture ms, CLS) of one visit with an empty cache."""
    context = browser.new_context(storage_state=kept, locale="fr-FR", viewport={"width": 1366, "height": 768})
    context.add_init_script(OBSERVE)
    page = context.new_page()
    page.goto(address, wait_until="load")
    page.wait_for_timeout(800)  # late paints and shifts: a chart, a font
    for gesture in gestures:
        gesture(page)
    page.wait_for_timeout(300)
    found = page.evaluate("[window.__lcp, Math.max(0, ...window.__events), window.__cls]")
    context.close()
    return found[0], found[1], found[2]
