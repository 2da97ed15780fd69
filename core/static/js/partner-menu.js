// <e-partner-menu src partner>: turns its link into a button that opens the list of acts in a popover.
// The list is asked anew at each opening (an act is never shown open from an old answer).
import { place } from "./place.js";
import { fragment, parse, text } from "./texts.js";

const SKELETON_MS = 200;
const SLOW_MS = 2000;
const GIVE_UP_MS = 6000;
const CLOSE_AFTER_LAUNCH_MS = 1600;
const FOCUS_FIRST = [".e-pop-body :is(a, button)", "[data-item]", "[data-close]"];
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

class PartnerMenu extends HTMLElement {
  #button = null;
  #panel = null;
  #request = null;
  #focusWasInside = false;

  connectedCallback() {
    if (this.#panel) return;
    this.#upgrade(this.querySelector("a[data-opener]"));
    addEventListener("resize", this.#reposition);
  }

  disconnectedCallback() {
    removeEventListener("resize", this.#reposition);
    this.#cancel();
  }

  #reposition = () => {
    if (this.#panel.matches(":popover-open")) place(this.#panel, this.#button);
  };

  #upgrade(link) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = link.className;
    for (const name of ["aria-label", "aria-describedby"]) {
      if (link.hasAttribute(name)) button.setAttribute(name, link.getAttribute(name));
    }
    button.setAttribute("aria-haspopup", "dialog");
    button.setAttribute("aria-expanded", "false");
    button.append(...link.childNodes);
    const hadFocus = document.activeElement === link;
    link.replaceWith(button);
    if (hadFocus) button.focus();

    const panel = document.createElement("div");
    panel.className = "e-pop is-sheet e-w360";
    panel.popover = "auto";
    panel.tabIndex = -1;
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", this.#title(button));
    panel.addEventListener("beforetoggle", (event) => this.#beforeToggle(event));
    panel.addEventListener("toggle", (event) => this.#toggled(event.newState === "open"));
    panel.addEventListener("click", (event) => this.#clicked(event));
    panel.addEventListener("keydown", (event) => this.#moved(event));
    panel.addEventListener("focusout", (event) => this.#left(event));
    panel.addEventListener("encours:launched", () => setTimeout(() => this.#close(), CLOSE_AFTER_LAUNCH_MS));
    this.append(panel);
    // the native relation: click, Enter and Space toggle, Esc and a click outside close, one open at a time
    button.popoverTargetElement = panel;
    new ResizeObserver(this.#reposition).observe(panel);
    this.#button = button;
    this.#panel = panel;
  }

  #title(button) {
    return this.getAttribute("partner") ?? button.textContent.trim();
  }

  #values() {
    return { partner: this.getAttribute("partner"), title: this.#title(this.#button) };
  }

  #beforeToggle(event) {
    this.#focusWasInside = event.newState === "closed" && this.#panel.contains(document.activeElement);
  }

  #toggled(open) {
    this.#button.setAttribute("aria-expanded", String(open));
    if (open) {
      this.#load(this.getAttribute("src"));
      this.#panel.focus({ preventScroll: true });
    } else {
      this.#cancel();
      if (this.#focusWasInside) this.#button.focus({ preventScroll: true });
    }
  }

  #close() {
    if (this.#panel.matches(":popover-open")) this.#panel.hidePopover();
  }

  #cancel() {
    const request = this.#request;
    this.#request = null;
    request?.abort();
  }

  async #load(src) {
    this.#cancel();
    const request = new AbortController();
    this.#request = request;
    this.#wait();
    const timers = [
      setTimeout(() => this.#showSkeleton(), SKELETON_MS),
      setTimeout(() => this.#say("[data-slow-text]", "t-wait-slow"), SLOW_MS),
      setTimeout(() => request.abort(), GIVE_UP_MS),
    ];
    try {
      const content = await this.#fetch(src, request.signal);
      if (this.#request === request) this.#show(content, true);
    } catch {
      // a closed popover has given its request up: nothing to say then
      if (this.#request === request) this.#show(fragment("t-failed", this.#values()), true);
    } finally {
      timers.forEach(clearTimeout);
      if (this.#request === request) this.#panel.removeAttribute("aria-busy");
    }
  }

  async #fetch(src, signal) {
    const headers = { "X-Fragment": "1", Accept: "text/html" };
    const answer = await fetch(src, { headers, signal, redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect" || answer.status === 401) return fragment("t-expired", this.#values());
    const content = parse(await answer.text());
    if (content.querySelector("[data-acts]")) return content;
    return fragment("t-refused", { ...this.#values(), code: answer.status });
  }

  #wait() {
    this.#panel.setAttribute("aria-busy", "true");
    this.#show(fragment("t-wait", this.#values()), false);
  }

  #showSkeleton() {
    this.#panel.querySelector(".e-pop-wait")?.classList.remove("is-quiet");
    this.#say("[data-wait-text]", "t-wait-text");
  }

  #say(slot, id) {
    const line = this.#panel.querySelector(slot);
    if (line) line.textContent = text(id, this.#values());
  }

  #show(content, moveFocus) {
    const focused = this.#panel.contains(document.activeElement);
    this.#panel.replaceChildren(content);
    const title = this.#panel.querySelector("[data-acts-title]")?.textContent;
    if (title) this.#panel.setAttribute("aria-label", title);
    if (!focused) return;
    const wanted = moveFocus ? FOCUS_FIRST.map((selector) => this.#panel.querySelector(selector)) : [];
    (wanted.find(Boolean) ?? this.#panel).focus({ preventScroll: true });
  }

  #clicked(event) {
    if (event.target.closest("[data-close]")) return this.#close();
    const refresh = event.target.closest("[data-refresh]");
    if (!refresh || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#load(refresh.getAttribute("href") ?? this.getAttribute("src"));
  }

  #moved(event) {
    if (event.target.matches("textarea, input, select")) return;
    const items = [...this.#panel.querySelectorAll("[data-item]")];
    if (!items.length) return;
    const at = items.indexOf(document.activeElement);
    let next = null;
    if (event.key in STEPS) next = at < 0 ? 0 : (at + STEPS[event.key] + items.length) % items.length;
    if (event.key === "Home") next = 0;
    if (event.key === "End") next = items.length - 1;
    if (next === null) return;
    event.preventDefault();
    items[next].focus();
  }

  #left(event) {
    const to = event.relatedTarget;
    if (to && !this.contains(to)) this.#close();
  }
}

customElements.define("e-partner-menu", PartnerMenu);
