// «?» shows the keyboard shortcuts. Single keys can be turned off (WCAG 2.1.4): the choice is the person's, kept by the server.
import { text } from "./texts.js";

const dialog = document.getElementById("raccourcis");
const body = document.body;

function open() {
  if (document.querySelector("dialog[open]")) return;
  document.querySelector(":popover-open")?.hidePopover();
  dialog.showModal();
}

async function keep(form) {
  const box = form.querySelector("[role=switch]");
  const wanted = box.checked;
  const said = document.getElementById("annonces");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Fragment": "1" }, redirect: "manual" });
    if (!answer.ok) throw new Error(String(answer.status));
    for (const other of document.querySelectorAll("[data-single-keys-form] [role=switch]")) other.checked = wanted;
    if (wanted) delete body.dataset.singleKeys;
    else body.dataset.singleKeys = "off";
    said.textContent = text(wanted ? "t-keys-on" : "t-keys-off");
  } catch {
    box.checked = !wanted;
    said.textContent = text("t-keys-failed");
  }
}

if (dialog) {
  addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || body.dataset.singleKeys === "off") return;
    if (event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    event.preventDefault();
    open();
  });
  for (const link of document.querySelectorAll("[data-shortcuts]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open();
    });
  }
  for (const form of document.querySelectorAll("[data-single-keys-form]")) form.addEventListener("change", () => keep(form));
}

// on a phone the box of the bar is out of sight: the skip link leads to the page of the search
document.querySelector("[data-skip-search]")?.addEventListener("click", (event) => {
  const box = document.getElementById("recherche");
  event.preventDefault();
  if (box?.checkVisibility()) box.focus();
  else document.querySelector(".e-search-page")?.focus();
});
