"""What pages weigh (ux.md §4.1): the first one with all that it brings, the later ones; the same files asked once.

In the whole browser: without the windows around it, it forgets what some answers held.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import Response
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.gestures import awake
from tests.browser.screens import SCREENS
from tests.browser.screens import Book
from tests.stage import Stage
from tests.stage import until

FIRST_KB, LATER_KB = 170, 30
#: Already compressed: a font, a picture.
PACKED = (".woff2", ".png", ".jpg")
#: Loaded where it is needed, with a budget of its own (charts).
LAZY = ("vega", "chart")
CHARTS_KB = 320
#: Shows every component in every state: nobody's daily page.
SHOWROOM = "styleguide.index"


@dataclass
class Scale:
    """Kilobytes of the answers that came over the wire, gzip as a server in front sends them."""

    weights: dict[str, float] = field(default_factory=dict)
    wired: set[str] = field(default_factory=set)

    def watch(self, page: Page) -> Scale:
        """What the browser had in its cache is told by its own protocol: the page's events do not."""
        cached: set[str] = set()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))
        wire.on("Network.responseReceived", lambda event: self._came(event, event["requestId"] in cached))
        page.on("response", self._weigh)
        return self

    def _came(self, event: dict[str, Any], cached: bool) -> None:
        """A file preloaded and then used is served twice, once by the wire."""
        if not cached and not event["response"].get("fromDiskCache"):
            self.wired.add(event["response"]["url"].split("?")[0])

    def _weigh(self, answer: Response) -> None:
        if "/live" in answer.url or answer.status != 200:
            return
        if ("/documents/" in answer.url and ".png" in answer.url) or answer.url.endswith("/apparence/etat.png"):
            return  # a page of a document, which comes as it is scrolled to, is no weight of ours
        body = answer.body()
        packed = len(body) if answer.url.split("?")[0].endswith(PACKED) else len(zlib.compress(body, 6))
        self.weights[answer.url.split("?")[0]] = packed / 1024

    def total(self, *, lazy: bool) -> float:
        chosen = (kb for url, kb in self.came().items() if any(word in url for word in LAZY) is lazy)
        return round(sum(chosen), 1)

    def came(self) -> dict[str, float]:
        """Without what the cache gave."""
        return {url: kb for url, kb in self.weights.items() if url in self.wired}

    def take(self) -> dict[str, float]:
        taken, self.weights, self.wired = self.came(), {}, set()
        return taken


def heaviest(weights: dict[str, float]) -> str:
    found = sorted(weights.items(), key=lambda one: -one[1])[:8]
    return ", ".join(f"{url.rsplit('/', 1)[-1] or url}: {kb:.1f}" for url, kb in found)


def test_the_first_page_and_the_later_ones(stage: Stage, enter: Enter, blocker: Browser) -> None:
    """ux.md §4.1: nothing cached: ≤ 170 KB in all; then each page's own HTML ≤ 30 KB, and no shell file is asked again."""
    page = enter("administrateur@demo.example", using=blocker, expected=("404 (NOT FOUND)", "503"))
    cold = blocker.new_context(storage_state=page.context.storage_state(), locale="fr-FR").new_page()
    scale = Scale().watch(cold)
    cold.goto(f"{stage.web}/p/contacts/", wait_until="load")
    until(lambda: any(url.endswith(".woff2") for url in scale.came()), sleep=awake(cold))  # said after the page's own load
    assert scale.total(lazy=False) <= FIRST_KB, (scale.total(lazy=False), heaviest(scale.came()))
    assert len(scale.take()) > 20
    seen = {SHOWROOM, "links.actions"}
    book, wrong, lazy = Book(stage, "demo", "HIM0012345", "Durand Jeanne"), list[str](), 0.0
    for screen in SCREENS:
        path = book.path(screen)
        if path is None or screen.endpoint in seen:
            continue
        seen.add(screen.endpoint)
        cold.goto(stage.web + path, wait_until="load")
        if cold.locator("e-chart").count():
            expect(cold.locator("e-chart svg:not(.e-chart-hold)").first).to_be_attached(timeout=15000)
        awake(cold)(0.05)
        own = scale.total(lazy=False)
        lazy += scale.total(lazy=True)
        if own > LATER_KB:
            wrong.append(f"{screen.name}: {own} KB: {heaviest(scale.came())}")
        scale.take()
    cold.context.close()
    assert not wrong, "\n".join(wrong)
    assert 0 < lazy <= CHARTS_KB, lazy
