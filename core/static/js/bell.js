// The bell opens the latest notifications in place; a second click, or another way to open a link, goes to the page.
// Marking as read goes through the same forms as the page's, sent from here.
import { fragment, parse, text } from "./texts.js";

const bell = document.querySelector("[data-bell]");
const panel = document.getElementById("cloche");
const said = document.getElementById("annonces");
let asking = null;

const isOpen = () => panel.matches(":popover-open");

/** What the server answers, in the panel's place; focus that was inside stays inside. */
async function show(url, options = {}) {
  asking?.abort();
  asking = new AbortController();
  const mine = asking;
  const inside = panel.contains(document.activeElement);
  panel.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, {
      ...options, headers: { "X-Fragment": "1", Accept: "text/html" }, signal: mine.signal, redirect: "manual", cache: "no-store",
    });
    if (mine !== asking) return false;
    if (!answer.ok) {
      panel.replaceChildren(fragment(answer.status === 401 ? "t-bell-ended" : "t-bell-failed"));
      return false;
    }
    panel.replaceChildren(parse(await answer.text()));
    if (inside) panel.focus();
    return true;
  } catch {
    if (mine === asking) panel.replaceChildren(fragment("t-bell-failed"));
    return false;
  } finally {
    if (mine === asking) panel.removeAttribute("aria-busy");
  }
}

function open() {
  panel.replaceChildren(fragment("t-bell-wait"));
  panel.showPopover({ source: bell });
  panel.focus();
  show(bell.dataset.bell);
}

if (bell) {
  let wasOpen = false;
  bell.setAttribute("aria-haspopup", "dialog");
  bell.setAttribute("aria-expanded", "false");
  // the press that comes before the click has already closed what stands open
  bell.addEventListener("pointerdown", () => {
    wasOpen = isOpen();
  });
  bell.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    if (isOpen()) panel.hidePopover();
    else if (!wasOpen) open();
    wasOpen = false;
  });
  panel.addEventListener("toggle", (event) => {
    bell.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState !== "open") asking?.abort();
  });
  panel.addEventListener("click", (event) => {
    if (event.target.closest("[data-refresh]")) show(bell.dataset.bell);
  });
  panel.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const done = await show(form.action, { method: "POST", body: new FormData(form) });
    if (done) said.textContent = text("t-bell-marked");
  });
  // what comes in while the list is open is shown in it
  document.addEventListener("encours:notification", () => {
    if (isOpen() && !panel.hasAttribute("aria-busy")) show(bell.dataset.bell);
  });
  // to open what a notification is about is to have read it
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-notice]");
    if (!link) return;
    const body = new URLSearchParams({ csrf_token: bell.dataset.csrf, notification: link.dataset.notice });
    fetch(bell.dataset.bellMark, { method: "POST", body, keepalive: true, headers: { "X-Fragment": "1" } }).catch(() => {});
  });
}
