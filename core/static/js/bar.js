// Entries of the module bar that do not fit go to «Plus»; home and the active one never do (MB-01). The style sheet hides
// what does not fit on one line, so that nothing moves while this has not run yet.
const GAP = 2;
const bar = document.querySelector("[data-bar]");

if (bar) {
  const list = bar.querySelector(".e-modules");
  const more = list.querySelector("[data-more]");
  const button = more.querySelector("button");
  const panel = more.querySelector("[popover]");
  const menu = panel.querySelector("ul");
  const items = [...list.children].filter((item) => item !== more);
  const stays = (item) => item.querySelector(".is-home, [aria-current]") !== null;
  let width = -1;

  function put(item, inMenu) {
    item.firstElementChild.classList.toggle("e-item", inMenu);
    if (inMenu) menu.append(item);
    else list.insertBefore(item, more);
  }

  function arrange() {
    if (bar.clientWidth === width || bar.clientWidth === 0) return; // 0: a phone, which has the sheet
    width = bar.clientWidth;
    const held = document.activeElement;
    for (const item of items) put(item, false);
    more.hidden = false;
    const across = (item) => item.getBoundingClientRect().width; // offsetWidth rounds: forty roundings make an entry
    const wide = new Map(items.map((item) => [item, across(item) + GAP]));
    const sum = (some) => some.reduce((total, item) => total + wide.get(item), 0);
    more.hidden = sum(items) - GAP <= width;
    if (!more.hidden) {
      let left = width - across(more) - 1 - sum(items.filter(stays));
      let full = false;
      for (const item of items) {
        if (stays(item)) continue;
        full ||= wide.get(item) > left;
        if (full) put(item, true);
        else left -= wide.get(item);
      }
    }
    if (held !== document.activeElement && items.some((item) => item.contains(held))) {
      (menu.contains(held) ? button : held).focus({ preventScroll: true });
    }
  }

  panel.addEventListener("beforetoggle", () => {
    const { left } = button.getBoundingClientRect();
    panel.style.right = "auto";
    panel.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - 288))}px`;
  });
  new ResizeObserver(arrange).observe(bar);
  document.fonts.ready.then(() => {
    width = -1;
    arrange();
  });
}
