// Long forms (data-draft): what is typed is kept in this tab until it is saved, so that a session that ends, a page that
// fails or a wrong click loses nothing. Nothing is left behind on sign-out, nor for another person of the same browser.
const PREFIX = "encours:saisie:";
const SENT = "encours:envoi";
const SKIPPED = new Set(["csrf_token"]);
const user = document.body.dataset.user;
const tabs = new BroadcastChannel("encours-saisies");

const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));

function forget() {
  for (const key of keys()) sessionStorage.removeItem(key);
  sessionStorage.removeItem(SENT);
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function values(form) {
  const found = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || SKIPPED.has(name) || form.elements[name]?.type === "password") continue;
    (found[name] ??= []).push(value);
  }
  return found;
}

// What a person typed, without the fingerprints and keys that differ from one showing of the form to the next.
const typed = ({ seen, once, ...rest }) => JSON.stringify(rest, Object.keys(rest).sort());

function fill(form, kept) {
  for (const field of form.elements) {
    if (!field.name || SKIPPED.has(field.name) || ["file", "password", "submit"].includes(field.type)) continue;
    const wanted = kept[field.name];
    if (field.type === "checkbox" || field.type === "radio") field.checked = Boolean(wanted?.includes(field.value));
    else if (wanted) field.value = wanted[0];
  }
  form.dispatchEvent(new Event("change"));
}

function attach(form) {
  const key = PREFIX + location.pathname;
  const refused = "refused" in form.dataset;
  const fresh = typed(values(form));
  const mark = form.querySelector("[data-draft-dirty]");
  const note = document.querySelector("[data-draft-note]");
  let dirty = false;
  let leaving = false;

  function changed() {
    const now = values(form);
    dirty = refused || typed(now) !== fresh;
    if (mark) mark.hidden = !dirty;
    if (dirty) sessionStorage.setItem(key, JSON.stringify({ user, values: now }));
    else sessionStorage.removeItem(key);
  }

  const kept = read(key);
  if (!refused && kept && typed(kept.values) !== fresh) {
    fill(form, kept.values);
    if (note) note.hidden = false;
  }
  changed();
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  note?.querySelector("[data-draft-drop]").addEventListener("click", () => {
    sessionStorage.removeItem(key);
    leaving = true;
    location.reload();
  });
  form.querySelector("[data-draft-cancel]")?.addEventListener("click", () => {
    sessionStorage.removeItem(key);
    leaving = true;
  });
  form.addEventListener("submit", (event) => {
    if (leaving) {
      event.preventDefault(); // the second click of a double click
      return;
    }
    leaving = true;
    sessionStorage.setItem(SENT, key);
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) leaving = false;
  });
  addEventListener("beforeunload", (event) => {
    if (dirty && !leaving) event.preventDefault();
  });
  tabs.addEventListener("message", () => {
    leaving = true; // signed out in another tab: this page has no one to save for
  });
}

for (const key of keys()) {
  if (read(key)?.user !== user) sessionStorage.removeItem(key);
}
const sent = sessionStorage.getItem(SENT);
sessionStorage.removeItem(SENT);
if (sent && document.querySelector("[data-saved]")) sessionStorage.removeItem(sent);
for (const form of document.querySelectorAll("form[data-draft]")) attach(form);
document.querySelector("form[data-sign-out]")?.addEventListener("submit", () => {
  forget();
  tabs.postMessage("ended");
});
tabs.addEventListener("message", forget);
