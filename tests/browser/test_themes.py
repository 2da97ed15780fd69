"""Every screen under the second theme; «Apparence» in use: colours judged as they are typed, the nearest taken by a click."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser import judge
from tests.browser.conftest import Enter
from tests.browser.screens import PUBLIC
from tests.browser.screens import SCREENS
from tests.browser.screens import Book
from tests.browser.test_weight import FIRST_KB
from tests.browser.test_weight import Scale
from tests.browser.test_weight import heaviest
from tests.stage import Stage

BOSS = "administrateur@demo.example"
MEANT = ("404 (NOT FOUND)", "401", "422", "410", "503")
HERE = "/administration/apparence"
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 80"><circle cx="40" cy="40" r="34" fill="#7a1f3d"/>'
    b'<path d="M24 52 40 22l16 30z" fill="#fff"/><text x="88" y="38" font-size="30" fill="#2a1a20">Diallo</text>'
    b'<text x="88" y="64" font-size="17" fill="#7a1f3d">PATRIMOINE</text></svg>'
)


@contextmanager
def wearing(page: Page, stage: Stage, theme: str) -> Iterator[None]:
    """The demonstration under a theme, chosen as an administrator does; at the end its own again."""

    def choose(name: str, now: str) -> None:
        page.goto(stage.web + HERE)
        page.get_by_role("button", name=f"Choisir {name}").click()
        expect(page.locator(f"link[href*='/theme/{now}/']").first).to_be_attached()

    choose(theme.title(), theme)
    try:
        yield
    finally:
        choose("Encours", "default")


#: A theme sets tokens and nothing else: the style guide shows them on every component, and a page in six what is made of them.
WORN = [one for place, one in enumerate(SCREENS) if place % 6 == 0 or one.endpoint == "styleguide.index"]


def test_screens_under_the_second_theme(stage: Stage, enter: Enter) -> None:
    """PL-06: axe's rules of contrast, light and dark, and no sideways scroll or overlap at a desk and on a phone;
    the first page stays within its weight, brand and all."""
    page = enter(BOSS, expected=MEANT)
    book, wrong, seen = Book(stage, "demo", "HIM0012345", "Durand Jeanne"), list[str](), set[str]()
    page.emulate_media(reduced_motion="reduce")
    with wearing(page, stage, "ardoise"):
        for screen in WORN:
            path = book.path(screen)
            if path is None or (screen.endpoint in seen and "erreur" not in screen.name):
                continue  # its other states are made of the same parts, and walked in the first theme
            seen.add(screen.endpoint)
            page.goto(stage.web + path)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                wrong += [f"{screen.name}, {scheme}: {text}" for text in axe.contrast(page)]
            wrong += judge.laid(page, f"{screen.name}, 1366 px")
            page.set_viewport_size({"width": 390, "height": 800})
            wrong += [f"{screen.name}, 390 px: sticks out: {text}" for text in axe.overflow(page)]
            page.set_viewport_size({"width": 1366, "height": 800})
            page.emulate_media(color_scheme="light")
        shown = page.context.storage_state()
        known = [one for one in shown["cookies"] if "sid" not in one["name"]]
        assert page.context.browser
        stranger = page.context.browser.new_context(locale="fr-FR", storage_state={**shown, "cookies": known})
        outside = stranger.new_page()
        outside.emulate_media(reduced_motion="reduce")
        for screen in PUBLIC:
            outside.goto(stage.web + screen.path)
            for scheme in ("light", "dark"):
                outside.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                wrong += [f"{screen.name}, {scheme}: {text}" for text in axe.contrast(outside)]
        assert "/theme/ardoise/" in outside.content()
        stranger.close()
    assert not wrong, "\n".join(wrong)


def test_colours_and_logo_are_tried_and_worn(stage: Stage, enter: Enter) -> None:
    """PL-06: typed, judged, the nearest taken by a click; kept, they dress the bar; the first page weighs no more than it may."""
    page = enter(BOSS, expected=MEANT)
    page.goto(stage.web + HERE)
    main = page.get_by_label("Couleur principale", exact=True)
    main.fill("#ffd400")
    take = page.get_by_role("button", name="Prendre #")
    expect(take).to_be_visible()
    near = (take.get_attribute("value") or "").removeprefix("main:")
    take.click()
    expect(main).to_have_value(near)
    expect(main).to_be_focused()
    expect(take).to_have_count(0)
    expect(page.locator("[data-trial]")).to_have_attribute("href", re.compile(f"essai-{near[1:]}-"))
    page.get_by_role("button", name="Enregistrer les couleurs").click()
    expect(page.locator(f"head link[href*='marque-{near[1:]}-none']")).to_be_attached()
    page.locator("#f-logo_light").set_input_files({"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": SVG})
    expect(page.locator("#logo").get_by_text("Reçu", exact=True)).to_be_visible()
    page.get_by_role("button", name="Enregistrer le logo clair").click()
    expect(page.locator(".e-bar .e-logo.is-light")).to_be_visible()
    assert not judge.size(page, "apparence")
    page.evaluate("scrollTo(0, 0)")  # what lies under the bar has no size for axe
    assert not axe.violations(page)
    assert page.context.browser
    cold = page.context.browser.new_context(storage_state=page.context.storage_state(), locale="fr-FR").new_page()
    scale = Scale().watch(cold)
    cold.goto(f"{stage.web}/p/contacts/", wait_until="networkidle")
    assert 100 < scale.total(lazy=False) <= FIRST_KB, heaviest(scale.came())
    cold.context.close()
    page.goto(stage.web + HERE)
    page.get_by_role("button", name="Retirer le logo clair").click()
    expect(page.locator(".e-bar .e-mark")).to_be_visible()
    page.get_by_label("Couleur principale", exact=True).fill("")
    page.get_by_role("button", name="Enregistrer les couleurs").click()
    expect(page.locator("head link[href*='marque-']")).to_have_count(0)
