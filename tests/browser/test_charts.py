"""Charts in a browser: drawn under the policy, in the page's theme, for its width; fetched by pages that have one (ux.md §1)."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.stage import Stage

BUNDLE = Path("core/static/vendor/vega.js")


def to_support(page: Page, stage: Stage, asked: str = "FR0011253624") -> None:
    """From the quick search to a support's page, its chart drawn."""
    page.goto(f"{stage.web}/p/contacts/")
    page.get_by_role("combobox", name="Rechercher un contact, un compte, un support").fill(asked)
    page.get_by_role("option", name=re.compile("R-co Valor C")).click()
    expect(page.locator("e-chart[data-drawn]")).to_have_count(1)


def colour_of(page: Page) -> str:
    """The curve's colour as the person sees it."""
    found: str = page.locator("e-chart g.mark-line path").first.evaluate("one => getComputedStyle(one).stroke")
    return found


def test_an_isin_leads_to_the_support_and_its_chart(stage: Stage, enter: Enter) -> None:
    """RE-03, OU-02: two clicks; the curve is an image with a sentence, its figures a table beside; the period an address."""
    page = enter()
    to_support(page, stage)
    image = page.get_by_role("img", name=re.compile("R-co Valor C EUR : .* au plus haut"))
    expect(image).to_be_visible()
    expect(page.get_by_role("region", name="Cours, chiffres").get_by_role("rowheader").first).to_be_visible()
    page.get_by_role("link", name="5 ans").click()
    expect(page).to_have_url(re.compile(r"periode=5a"))
    expect(page.locator("e-chart[data-drawn]")).to_have_count(1)
    assert page.get_by_role("region", name="Cours, chiffres").get_by_role("row").count() > 50


def test_a_wrong_isin_is_told_in_the_search_box(stage: Stage, enter: Enter) -> None:
    """RE-03: which character is wrong, as it is typed."""
    page = enter()
    page.goto(f"{stage.web}/p/contacts/")
    page.get_by_role("combobox", name="Rechercher un contact, un compte, un support").fill("FR0011253625")
    expect(page.get_by_text("La clé de ce code ISIN (12e caractère) devrait être 4, pas 5")).to_be_visible()


def test_a_chart_follows_the_theme_without_being_drawn_again(stage: Stage, enter: Enter) -> None:
    """ux.md §1: its colours are the tokens: light, dark, and light again on paper."""
    page = enter()
    to_support(page, stage)
    light = colour_of(page)
    page.locator("e-chart svg").last.evaluate("one => { one.dataset.mine = '1'; }")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html[data-bs-theme=dark]")).to_have_count(1)
    assert colour_of(page) != light
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert colour_of(page) == light
    expect(page.locator("e-chart svg[data-mine]")).to_have_count(1)


def test_the_pointer_says_a_figure(stage: Stage, enter: Enter) -> None:
    """ux.md §3.2, rule 10: what hovering says is in the table."""
    page = enter()
    to_support(page, stage)
    box = page.locator("e-chart").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tip = page.locator(".e-chart-tip")
    expect(tip).to_be_visible()
    said = re.fullmatch(r"(\d\d/\d\d/\d{4}) · Cours : (.+)", tip.inner_text())
    assert said, tip.inner_text()
    row = page.get_by_role("region", name="Cours, chiffres").get_by_role("row", name=said.group(1))
    expect(row).to_contain_text(said.group(2))
    page.mouse.move(2, 2)
    expect(tip).to_be_hidden()


def test_a_phone_gets_a_narrow_drawing(stage: Stage, enter: Enter) -> None:
    """mock-ups README: drawn anew for the width, type not scaled down; nothing sticks out."""
    page = enter()
    to_support(page, stage)
    wide = page.locator("e-chart svg").last.bounding_box()
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_timeout(500)
    narrow = page.locator("e-chart svg").last.bounding_box()
    assert wide
    assert narrow
    assert narrow["width"] < 360 < wide["width"]
    assert narrow["height"] < wide["height"]
    size = page.locator("e-chart svg text").first.evaluate("one => getComputedStyle(one).fontSize")
    assert size == "12px"


def test_the_library_is_small_and_fetched_only_where_it_is_used(stage: Stage, enter: Enter) -> None:
    """ux.md §4.1: charts at most 320 KB gzip, lazy: a page without a chart asks for none of it; the page keeps its place."""
    assert len(gzip.compress(BUNDLE.read_bytes(), 9)) <= 320 * 1024
    page = enter()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{stage.web}/p/contacts/")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "vega" in url or "chart-draw" in url] == []
    page.add_init_script(
        "window.__cls = 0; new PerformanceObserver((list) => { for (const one of list.getEntries()) window.__cls += one.value; })"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    page.goto(f"{stage.web}/styleguide")
    expect(page.locator("e-chart[data-drawn]")).to_have_count(6)
    assert [url for url in asked if "vega" in url]
    assert page.evaluate("window.__cls") <= 0.02
