// What an update changes on this page: the parts that show the transaction are fetched anew and put in place.
import { parse, text } from "./texts.js";

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

// address → whether it must be read once more: an update came while an older answer was on its way
const reading = new Map();

/** Puts what the element's own address answers in its place, the newest last; the new element, or null. */
async function refresh(element) {
  const address = element.dataset.liveSrc;
  if (reading.has(address)) {
    reading.set(address, true);
    return null;
  }
  let shown = element;
  do {
    reading.set(address, false);
    shown = (await replace(shown)) ?? shown;
  } while (reading.get(address));
  reading.delete(address);
  return shown === element ? null : shown;
}

async function replace(element) {
  element.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(element.dataset.liveSrc, {
      headers: { "X-Fragment": "1", Accept: "text/html" },
      redirect: "manual",
      cache: "no-store",
    });
    const fresh = answer.ok ? parse(await answer.text()).firstElementChild : null;
    if (!fresh || !element.isConnected) return null;
    const at = [...element.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
    element.replaceWith(fresh);
    if (at >= 0) fresh.querySelectorAll(FOCUSABLE)[at]?.focus({ preventScroll: true });
    fresh.classList.add("is-changed");
    return fresh;
  } catch {
    return null; // the next update, or the next page, shows it
  } finally {
    element.removeAttribute("aria-busy");
  }
}

function announce(element) {
  const said = element?.querySelector("[data-live-say], .e-badge")?.textContent.trim();
  if (said) document.getElementById("annonces").textContent = text("t-live-status", { text: said });
}

async function transaction(data) {
  const seen = document.querySelectorAll(`[data-live-transaction="${CSS.escape(data.transaction_id)}"][data-live-src]`);
  if (seen.length) {
    const [first] = await Promise.all([...seen].map(refresh));
    announce(first);
    return;
  }
  const accounts = document.querySelectorAll(`[data-live-account="${CSS.escape(data.account_id)}"][data-live-src]`);
  await Promise.all([...accounts].map(refresh));
}

function notification({ unread }) {
  const link = document.querySelector("[data-live-unread]");
  const count = link?.querySelector(".e-count");
  if (!count || unread === undefined) return;
  count.textContent = unread;
  count.hidden = unread === 0;
  const { labelNone, labelOne, labelMany } = link.dataset;
  link.setAttribute("aria-label", unread === 0 ? labelNone : unread === 1 ? labelOne : labelMany.replace("{n}", unread));
  document.dispatchEvent(new Event("encours:notification"));
}

async function imported(data) {
  const seen = document.querySelectorAll(`[data-live-import="${CSS.escape(data.import_id)}"][data-live-src]`);
  await Promise.all([...seen].map(refresh));
}

/** A part that a plugin names (core.api.live). */
async function changed({ part }) {
  const [first] = await Promise.all(
    [...document.querySelectorAll(`[data-live-part="${CSS.escape(part)}"][data-live-src]`)].map(refresh),
  );
  announce(first);
}

/** One event of the stream: {id, topic, data}. Topics this page does not know are left alone. */
export function apply({ topic, data }) {
  if (topic === "transaction") transaction(data);
  if (topic === "notification") notification(data);
  if (topic === "import") imported(data);
  if (topic === "part") changed(data);
}
