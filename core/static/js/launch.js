// After a launch form has been sent to a new tab: did the tab open? The hand-over page says so on the channel
// (PLP-054); where it stays silent the server is asked whether the form arrived, then the person gets a plain link.
import { fragment } from "./texts.js";

const SILENCE_MS = 3500;
const ASK_MS = 450; // with the silence: an answer to the person in less than 4 s
const AGAIN_MS = 2000;
const GIVE_UP_AFTER = 15; // times: half a minute, and the launch still has a minute and a half to live
const DOUBLE_CLICK_MS = 800;
const OPENED_NOTE_MS = 4000;

const launches = new Map();

class Launch {
  #form;
  #token;
  #scope;
  #note = null;
  #timer = null;
  #asked = 0;
  #settled = false;
  #born = performance.now();

  constructor(form) {
    this.#form = form;
    this.#token = form.elements.token.value;
    this.#scope = form.closest("[data-launch-scope]");
    this.#busy(true);
    this.#timer = setTimeout(() => this.#ask(), SILENCE_MS);
  }

  get address() {
    return `${this.#form.action}/${encodeURIComponent(this.#token)}`;
  }

  /** The second half of a double click: it would open a second tab, for a launch that serves once. */
  get justBegun() {
    return performance.now() - this.#born < DOUBLE_CLICK_MS;
  }

  abandon() {
    clearTimeout(this.#timer);
    this.#settled = true;
    this.#note?.remove();
  }

  arrived() {
    this.abandon();
    this.#busy(false);
    this.#say(fragment("t-opened"));
    const note = this.#note;
    setTimeout(() => note.remove(), OPENED_NOTE_MS);
    if (this.#scope?.isConnected) this.#scope.dispatchEvent(new Event("encours:launched", { bubbles: true }));
  }

  async #ask() {
    this.#asked += 1;
    const { received, consumed, expired } = await this.#state(this.#asked === 1 ? ASK_MS : AGAIN_MS);
    if (this.#settled) return;
    if (consumed) this.arrived();
    else if (expired) this.#expired();
    else if (received && this.#asked <= GIVE_UP_AFTER) this.#timer = setTimeout(() => this.#ask(), AGAIN_MS);
    else this.#notOpened();
  }

  /** What the server knows of this form: whether it came, and whether the partner has had its launch. */
  async #state(timeout) {
    try {
      const answer = await fetch(this.address, {
        headers: { Accept: "application/json" },
        redirect: "manual",
        cache: "no-store",
        signal: AbortSignal.timeout(timeout),
      });
      if (answer.status === 401 || answer.type === "opaqueredirect") return { expired: true };
      return answer.ok ? await answer.json() : {};
    } catch {
      return {};
    }
  }

  #expired() {
    this.#busy(false);
    this.#say(fragment("t-launch-expired"));
  }

  #notOpened() {
    this.#busy(false);
    const note = fragment("t-not-opened");
    for (const link of note.querySelectorAll("[data-launch-link]")) link.href = this.address;
    for (const hint of note.querySelectorAll("[data-browser]")) hint.hidden = hint.dataset.browser !== browserFamily();
    note.querySelector("[data-dismiss]").addEventListener("click", () => this.#note.remove());
    this.#say(note);
  }

  #say(content) {
    this.#note?.remove();
    this.#note = content.firstElementChild;
    const inside = this.#scope?.isConnected && this.#scope.checkVisibility();
    const slot = inside ? this.#scope.querySelector("[data-launch-note]") : document.querySelector(".e-toasts");
    slot.append(this.#note);
  }

  #busy(on) {
    const button = this.#form.querySelector('button[type="submit"]');
    if (on) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }
}

function browserFamily() {
  const agent = navigator.userAgent;
  if (/Firefox\//.test(agent)) return "firefox";
  return /Safari\//.test(agent) && !/Chrom(e|ium)\//.test(agent) ? "safari" : "chromium";
}

new BroadcastChannel("plp-launch").addEventListener("message", ({ data }) => launches.get(data?.form)?.arrived());

// a later press is never prevented: it posts the same token again, which the server takes as the same launch
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-launch]")) return;
  const token = form.elements.token.value;
  const before = launches.get(token);
  if (before?.justBegun) {
    event.preventDefault();
    return;
  }
  before?.abandon();
  launches.set(token, new Launch(form));
});
