// Two minutes before the session ends by idleness: a question, and «Rester connecté» (RGAA 13.1). The page keeps what
// was typed. Other tabs may have kept the session open meanwhile: the server is asked first, and asking prolongs nothing.
const ADDRESS = "/mon-compte/session";
const WARNING = 120;
const AGAIN_MS = 15000;
const STALE_MS = 60000;

const dialog = document.getElementById("fin-de-session");
let ends = null; // when the session ends, by this machine's clock
let timer = null;
let looked = Date.now();

const seconds = () => Math.round((ends - Date.now()) / 1000);

function show(state, values = {}) {
  dialog.dataset.state = state;
  for (const part of dialog.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(state);
  for (const [name, value] of Object.entries(values)) {
    for (const place of dialog.querySelectorAll(`[data-${name}]`)) place.textContent = value;
  }
  if (dialog.open) return;
  dialog.showModal();
  dialog.querySelector(".btn-primary:not([hidden])")?.focus();
}

function plan(left) {
  clearTimeout(timer);
  if (left.idle > WARNING) {
    if (dialog.open) dialog.close();
    timer = setTimeout(look, (left.idle - WARNING) * 1000);
    return;
  }
  ends = Date.now() + left.idle * 1000;
  const at = new Date(ends).toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
  // the absolute end cannot be put off: then the page only says so
  if (dialog.dataset.state !== "told") show(left.absolute <= left.idle ? "last" : "ask", { at });
  timer = setTimeout(look, Math.min(AGAIN_MS, Math.max(1, seconds() + 1) * 1000));
}

/** Signed in again in another tab, by the same person: the forms of this page go on with the new session's token. */
function renew({ user, csrf }) {
  if (user !== document.body.dataset.user) return false;
  if (!csrf || csrf === dialog.dataset.csrf) return true;
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = csrf;
  for (const holder of document.querySelectorAll("[data-csrf]")) holder.dataset.csrf = csrf;
  return true;
}

async function asked(method) {
  const headers = { Accept: "application/json" };
  if (method === "POST") headers["X-CSRFToken"] = dialog.dataset.csrf;
  const answer = await fetch(ADDRESS, { method, headers, cache: "no-store" });
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error(`session: ${answer.status}`);
  return answer.json();
}

async function look() {
  clearTimeout(timer);
  looked = Date.now();
  try {
    const left = await asked("GET");
    if (left && left.idle > 0 && renew(left)) plan(left);
    else show("over");
  } catch {
    timer = setTimeout(look, AGAIN_MS); // the network is away: the server decides, not this page
  }
}

async function stay() {
  try {
    const left = await asked("POST");
    if (!left) return show("over");
    dialog.close();
    return plan(left);
  } catch {
    timer = setTimeout(look, 1000);
  }
}

if (dialog) {
  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  dialog.querySelector("[data-told]").addEventListener("click", () => {
    dialog.dataset.state = "told";
    dialog.close();
  });
  dialog.addEventListener("cancel", (event) => {
    if (dialog.dataset.state === "ask") {
      event.preventDefault(); // Escape is an answer too: one is there
      stay();
    } else if (dialog.dataset.state === "last") dialog.dataset.state = "told";
  });
  dialog.addEventListener("close", () => {
    if (dialog.dataset.state !== "told") delete dialog.dataset.state;
  });
  // a machine that slept does not count its timers, and another tab may have ended the session, or begun it anew
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && (dialog.open || ends !== null || Date.now() - looked > STALE_MS)) look();
  });
  plan({ idle: Number(dialog.dataset.idle), absolute: Number(dialog.dataset.absolute) });
}
