// Menus of the bar. They are native popovers; added here: the expanded state, arrow keys, opening on hover
// (mouse only).
const HOVER_MS = 150;
const LEAVE_MS = 300;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

function withArrows(panel) {
  panel.addEventListener("keydown", (event) => {
    if (event.target.matches("input")) return;
    const items = [...panel.querySelectorAll(".e-item")];
    const at = items.indexOf(document.activeElement);
    let next = null;
    if (event.key in STEPS) next = (at + STEPS[event.key] + items.length) % items.length;
    if (event.key === "Home") next = 0;
    if (event.key === "End") next = items.length - 1;
    if (next === null) return;
    event.preventDefault();
    items[next].focus();
  });
}

function withHover(button, panel) {
  let timer = null;
  let byHover = false;
  const later = (action, delay) => (event) => {
    if (event.pointerType !== "mouse") return;
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  };
  const open = later(() => {
    // opening one closes what stands open: a pointer that only passes by must not take away what was opened on purpose
    if (document.querySelector(":popover-open:not([data-by-hover]), dialog[open]")) return;
    if (panel.matches(":popover-open")) return;
    panel.dataset.byHover = "";
    panel.showPopover({ source: button });
    byHover = true;
  }, HOVER_MS);
  const close = later(() => {
    if (byHover && panel.matches(":popover-open") && !panel.contains(document.activeElement)) panel.hidePopover();
  }, LEAVE_MS);
  const stay = later(() => {}, 0);
  const keep = () => {
    byHover = false;
    delete panel.dataset.byHover;
  };
  button.addEventListener("pointerenter", open);
  button.addEventListener("pointerleave", close);
  panel.addEventListener("pointerenter", stay);
  panel.addEventListener("pointerleave", close);
  // the click that follows the hover means «open», not «close what has just opened»
  button.addEventListener("click", (event) => {
    clearTimeout(timer);
    if (byHover && panel.matches(":popover-open")) event.preventDefault();
    keep();
  });
  panel.addEventListener("toggle", (event) => {
    if (event.newState === "closed") keep();
  });
}

for (const button of document.querySelectorAll("[data-menu]")) {
  const panel = document.getElementById(button.getAttribute("popovertarget"));
  button.setAttribute("aria-expanded", "false");
  panel.addEventListener("toggle", (event) => button.setAttribute("aria-expanded", String(event.newState === "open")));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    panel.showPopover({ source: button });
    panel.querySelector(".e-item, input")?.focus();
  });
  withArrows(panel);
  if ("hover" in button.dataset) withHover(button, panel);
}
