// Live updates. Of all tabs one holds the stream (Web Locks) and shares what it hears; where the stream is refused
// or fails that tab asks every 5 s instead, and hands its turn on while it is hidden.
import { apply } from "./live-apply.js";

const STREAM = "/live/stream";
const POLL = "/live";
const POLL_MS = 5000;
const ERRORS_BEFORE_POLLING = 3;

const channel = new BroadcastChannel("encours-live");
// what the page shows already, so that nothing is lost between its making and the first answer
const made = document.body.dataset.liveAfter;
let last = made === undefined ? null : Number(made);

function hear(event) {
  if (last !== null && event.id <= last) return;
  last = event.id;
  apply(event);
}

channel.addEventListener("message", ({ data }) => hear(data));

function tell(event) {
  channel.postMessage(event);
  hear(event);
}

const after = (url) => (last === null ? url : `${url}?after=${encodeURIComponent(last)}`);

/** Holds the stream; resolves when it cannot be had. */
function stream() {
  return new Promise((resolve) => {
    const source = new EventSource(after(STREAM));
    let errors = 0;
    source.addEventListener("open", () => {
      errors = 0;
    });
    source.addEventListener("message", ({ data }) => tell(JSON.parse(data)));
    source.addEventListener("error", () => {
      errors += 1;
      if (source.readyState !== EventSource.CLOSED && errors < ERRORS_BEFORE_POLLING) return;
      source.close();
      resolve();
    });
  });
}

async function ask() {
  const answer = await fetch(after(POLL), { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
  if (answer.status === 401 || answer.type === "opaqueredirect") return false;
  if (answer.ok && answer.status !== 204) {
    const { events, last: newest } = await answer.json();
    events.forEach(tell);
    last ??= newest;
  }
  return true;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, POLL_MS));

const shown = () =>
  new Promise((resolve) => {
    if (!document.hidden) return resolve();
    document.addEventListener("visibilitychange", () => resolve(), { once: true });
  });

/** Asks while the tab is seen; false when the session is over. */
async function poll() {
  while (!document.hidden) {
    const going = await ask().catch(() => true);
    if (!going) return false;
    await pause();
  }
  return true;
}

async function lead() {
  // another tab has the stream: what it told before this page listened is asked for, once
  const { held } = await navigator.locks.query();
  if (held.some(({ name }) => name === "encours-live")) await ask().catch(() => true);
  await navigator.locks.request("encours-live", stream);
  for (let going = true; going; ) {
    await shown();
    going = await navigator.locks.request("encours-live", poll);
  }
}

lead();
