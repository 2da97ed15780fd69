// A panel opened by a button within the page (columns, export, views): beside its button, whole and inside the window.
import { place } from "./place.js";

for (const button of document.querySelectorAll("[data-drop]")) {
  const panel = document.getElementById(button.getAttribute("popovertarget"));
  panel.classList.add("is-sheet");
  panel.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    place(panel, button, panel.offsetHeight);
    panel.querySelector("input:not([type='hidden'], :disabled), .e-item, button")?.focus({ preventScroll: true });
  });
  addEventListener("resize", () => {
    if (panel.matches(":popover-open")) place(panel, button, panel.offsetHeight);
  });
}
