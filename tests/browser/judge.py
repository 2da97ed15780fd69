"""What is wrong with a page as it stands: its policy, its widths, what lies on what, what is cut, its size, axe's rules."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser import axe

WIDTHS = (1366, 768, 390, 320)
#: ux.md §4.1.
NODES = 3000

#: Pieces of text that lie on one another, and those that their box cuts off without an ellipsis. Text that scrolls out of
#: its region, hides on purpose or floats above the page (bar, foot, menus) is left out.
LAID = """() => {
  const said = (one) => one.textContent.trim().slice(0, 40);
  const shown = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && !one.closest('.visually-hidden, .e-skip, svg, dialog, [popover], option, noscript');
  const floats = (one) => { for (let e = one; e && e !== document.body; e = e.parentElement) {
    if (['fixed', 'sticky', 'absolute'].includes(getComputedStyle(e).position)) return true; } return false; };
  const pieces = [], cut = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, one = text.parentElement;
    if (!text.data.trim() || !one || !shown(one)) continue;
    const range = document.createRange(); range.selectNodeContents(text);
    let clip = {left: -1e9, right: 1e9, top: -1e9, bottom: 1e9}, scrolls = false, dots = false;
    for (let e = one; e && e !== document.documentElement; e = e.parentElement) {
      const style = getComputedStyle(e);
      dots ||= style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
      if (/auto|scroll/.test(style.overflowX + style.overflowY)) scrolls = true;
      const box = e.getBoundingClientRect();
      clip = {left: Math.max(clip.left, box.left), right: Math.min(clip.right, box.right),
        top: Math.max(clip.top, box.top), bottom: Math.min(clip.bottom, box.bottom)};
    }
    if (clip.right - clip.left < 3 || clip.bottom - clip.top < 3) continue; // for screen readers alone
    for (const rect of range.getClientRects()) {
      if (rect.width < 2 || rect.height < 2) continue;
      const seen = {left: Math.max(rect.left, clip.left), right: Math.min(rect.right, clip.right),
        top: Math.max(rect.top, clip.top), bottom: Math.min(rect.bottom, clip.bottom)};
      const less = rect.right - seen.right > 2 || rect.bottom - seen.bottom > 4 || seen.top - rect.top > 4;
      if (less && !scrolls && !dots) cut.push(said(one));
      if (seen.right - seen.left > 2 && seen.bottom - seen.top > 2 && !floats(one)) pieces.push({...seen, one});
    }
  }
  pieces.sort((a, b) => a.top - b.top);
  const over = [];
  for (let i = 0; i < pieces.length && over.length < 5; i += 1) for (let j = i + 1; j < pieces.length; j += 1) {
    const a = pieces[i], b = pieces[j];
    if (b.top > a.bottom - 3) break;
    if (a.one === b.one || Math.min(a.right, b.right) - Math.max(a.left, b.left) < 3) continue;
    if (Math.min(a.bottom, b.bottom) - b.top < 5 || a.one.contains(b.one) || b.one.contains(a.one)) continue;
    over.push(`«${said(a.one)}» on «${said(b.one)}»`);
  }
  return {over, cut: [...new Set(cut)].slice(0, 5)};
}"""


def laid(page: Page, where: str) -> list[str]:
    """Sideways scroll, overlaps and cut texts of the page at its present width."""
    wrong = [f"{where}: sticks out: {text}" for text in axe.overflow(page)]
    found = page.evaluate(LAID)
    wrong += [f"{where}: lies on: {text}" for text in found["over"]]
    return wrong + [f"{where}: cut: {text}" for text in found["cut"]]


def widths(page: Page, where: str, chosen: tuple[int, ...] = WIDTHS) -> list[str]:
    """The page at each of these widths, without a reload; it is left at the widest."""
    wrong: list[str] = []
    page.evaluate("scrollTo(0, 0)")  # what lies under the bar has no size for axe
    for width in chosen:
        page.set_viewport_size({"width": width, "height": 800})
        wrong += laid(page, f"{where}, {width} px")
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    return wrong


def size(page: Page, where: str) -> list[str]:
    """The policy's refusals and the number of nodes."""
    wrong = [f"{where}: refused by the policy: {text}" for text in page.evaluate("window.__v || []")]
    nodes = page.evaluate("document.querySelectorAll('*').length")
    return wrong + ([f"{where}: {nodes} nodes"] if nodes > NODES else [])


def whole(page: Page, where: str, *, deep: bool = True) -> list[str]:
    """Everything: widths, size, axe in light; where the layout is a phone's, what a layout can break.

    `deep`: besides, all of axe on a phone, and in dark what a colour can break. Colours and the frame are the same on all
    pages, and the style guide shows every component: a page in three is enough.
    """
    wrong = [*size(page, where), *widths(page, where)]
    wrong += [f"{where}: {text}" for text in axe.violations(page)]
    if deep:
        page.emulate_media(color_scheme="dark")
        wrong += [f"{where}, dark: {text}" for text in axe.contrast(page)]
        page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 800})
    wrong += [f"{where}, 390 px: {text}" for text in (axe.violations(page) if deep else axe.layout(page))]
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    return wrong
