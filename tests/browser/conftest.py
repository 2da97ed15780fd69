"""One running demonstration and one Chromium for the browser tests; each page is watched for CSP and console errors."""

from __future__ import annotations

import os
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext
from playwright.sync_api import Page
from playwright.sync_api import Playwright
from playwright.sync_api import sync_playwright

from tests.browser import cabinets
from tests.browser import horizon
from tests.stage import PASSWORD
from tests.stage import Stage

CHROMIUM = "/usr/bin/chromium"
#: The same engine without the windows around it: a page opens three times as quickly. Debian's `chromium-headless-shell`.
SHELL = "/usr/bin/chromium-headless-shell"
WATCH = """window.__v = []; document.addEventListener('securitypolicyviolation',
  (event) => window.__v.push(event.violatedDirective + ' ' + event.blockedURI));"""
Enter = Callable[..., Page]
PAGES = ("test_csp_and_pages.py", "test_live.py", "test_own_security.py", "test_screens.py", "test_weight.py")


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two shares, each on one worker with one stage and one browser: neither is the last to end by minutes."""
    for item in items:
        path = Path(str(item.fspath))
        if "browser" in path.parts:
            share = "pages" if path.name in PAGES else "acts"
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(f"browser-{share}"))


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage of the browser tests' own: they and the fault campaigns act on the same contracts.

    Third parties' plugins are installed there: one that fails, off but in a cabinet of `tests.browser.cabinets`, and the
    second partner, whose accounts only the cabinet of `tests.browser.horizon` has.
    """
    sites = cabinets.failing_plugin(tmp_path_factory.mktemp("site")), horizon.laid(tmp_path_factory.mktemp("horizon"))
    made = Stage(tmp_path_factory.mktemp("browser-stage"), PYTHONPATH=os.pathsep.join(map(str, sites)))
    try:
        yield made.start()
    finally:
        made.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = SHELL if Path(SHELL).exists() else CHROMIUM
    launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def blocker(playwright: Playwright) -> Iterator[Browser]:
    """A whole browser, whose pop-up blocker is on: Playwright turns it off by default."""
    launched = playwright.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox"], ignore_default_args=["--disable-popup-blocking"]
    )
    yield launched
    launched.close()


@pytest.fixture
def enter(stage: Stage, browser: Browser) -> Iterator[Enter]:
    """Sign somebody in, in a context of his own; at the end nothing may have been violated or logged as an error."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def sign_in(
        email: str = "conseiller@demo.example", *, using: Browser | None = None, width: int = 1366, height: int = 768,
        scheme: str = "light", expected: tuple[str, ...] = (),
    ) -> Page:  # fmt: skip
        context = (using or browser).new_context(
            locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
        )  # fmt: skip
        contexts.append(context)
        context.add_init_script(WATCH)

        def heard(text: str) -> None:
            if not any(word in text for word in expected):
                faults.append(text)

        context.on("console", lambda message: heard(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: heard(str(error.error)))
        page = context.new_page()
        page.goto(f"{stage.web}/connexion")
        page.get_by_label("Adresse e-mail").fill(email)
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url(lambda url: "/connexion" not in url)
        return page

    yield sign_in
    for context in contexts:
        for page in context.pages:
            if page.url.startswith(stage.web):
                faults += page.evaluate("window.__v || []")
        context.close()
    assert faults == []
