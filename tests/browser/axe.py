"""Accessibility rules checked by axe-core, and what a width must hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).parents[1] / "interop" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: What an open menu lies on is no target until it closes: its size is judged with the menu shut, never by what sticks out.
RUN = """async (tags) => {
  const above = [...document.querySelectorAll('.e-pop:popover-open, .e-mega:popover-open, dialog[open]')];
  const covered = (found, node) => found.id === 'target-size' && above.length && !above.some((one) => one.contains(node.element));
  const {violations} = await axe.run(document, {runOnly: tags, resultTypes: ['violations'], elementRef: true});
  return violations.map((found) => [found.id, found.nodes.filter((node) => !covered(found, node))])
    .filter(([, nodes]) => nodes.length)
    .map(([id, nodes]) => id + ': ' + nodes.slice(0, 4).map((node) => node.html.slice(0, 160)).join(' | ')); }"""


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands."""
    return _run(page, TAGS)


def contrast(page: Page) -> list[str]:
    """What axe finds of contrast alone: a third of the time."""
    return _run(page, {"type": "rule", "values": ["color-contrast", "link-in-text-block"]})


def layout(page: Page) -> list[str]:
    """What another width may break of a page that is sound at a desk's."""
    return _run(page, {"type": "rule", "values": ["target-size", "scrollable-region-focusable", "nested-interactive"]})


def _run(page: Page, rules: Any) -> list[str]:
    """Injected by evaluation: our policy refuses a script tag."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SOURCE.read_text("utf-8"))
    found: list[str] = page.evaluate(RUN, rules)
    return found


def overflow(page: Page) -> list[str]:
    """What sticks out of the page to the right, so that it scrolls sideways; empty where nothing does."""
    found: Any = page.evaluate(
        """() => { const root = document.documentElement;
        if (root.scrollWidth <= root.clientWidth) return [];
        return [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1
          && !one.closest('.e-scroll, .e-tabs')).slice(-5).map((one) => one.outerHTML.slice(0, 140)); }"""
    )
    return list(found)
