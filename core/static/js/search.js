// <e-search>: the search box of the bar. Each group answers by itself; only the last question's answers are shown.
import { text } from "./texts.js";

const PAUSE_MS = 120;
const SAY_MS = 200;

class Search extends HTMLElement {
  #input = this.querySelector("input");
  #list = this.querySelector("[role=listbox]");
  #places = [...this.querySelectorAll("[data-place]")];
  #home = this.querySelector("[data-actions]");
  #timer = null;
  #request = null;
  #at = -1;

  connectedCallback() {
    this.#input.addEventListener("input", () => this.#typed());
    this.#input.addEventListener("focus", () => this.#open());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("focusout", (event) => {
      if (!this.contains(event.relatedTarget)) this.#close();
    });
    this.#list.addEventListener("pointerdown", (event) => {
      if (!event.target.closest("a")) event.preventDefault();
    });
    addEventListener("keydown", (event) => this.#shortcut(event));
  }

  #shortcut(event) {
    const palette = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    const slash = event.key === "/" && document.body.dataset.singleKeys !== "off" && !event.ctrlKey && !event.metaKey && !event.altKey;
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (!palette && (!slash || typing)) return;
    if (!this.#input.checkVisibility()) {
      // a narrow window has no box in its bar: the page of the search stands for it
      if (palette) event.preventDefault(), location.assign(this.#input.form.action);
      return;
    }
    event.preventDefault();
    this.#input.focus();
    this.#input.select();
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#open();
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  #ask() {
    const asked = this.#input.value.trim();
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.#actions(asked);
    for (const place of this.#places) this.#group(place, asked, request);
  }

  async #group(place, asked, request) {
    if (!asked || asked.startsWith(">")) return place.replaceChildren();
    const late = setTimeout(() => this.#wait(place), SAY_MS);
    try {
      const url = `${place.dataset.place}?q=${encodeURIComponent(asked)}`;
      const answer = await fetch(url, { headers: { "X-Fragment": "1", Accept: "text/html" }, signal: request.signal, redirect: "manual" });
      if (this.#request !== request) return;
      if (!answer.ok) throw new Error(String(answer.status));
      const holder = document.createElement("template");
      holder.innerHTML = await answer.text();
      if (this.#request !== request) return;
      const empty = holder.content.querySelector("[data-group-state=none]") && !holder.content.querySelector(".e-search-say");
      place.replaceChildren(...(empty ? [] : [holder.content]));
    } catch {
      if (this.#request === request) this.#say(place, "t-search-failed");
    } finally {
      clearTimeout(late);
      if (this.#request === request) this.#settled();
    }
  }

  #wait(place) {
    this.#say(place, "t-search-wait");
  }

  #say(place, id) {
    const line = document.createElement("p");
    line.className = "e-search-say";
    line.textContent = text(id, { group: place.dataset.label });
    place.replaceChildren(line);
  }

  /** Actions are shown with an empty question, or those whose words begin as typed. */
  #actions(asked) {
    if (!this.#home) return;
    const words = asked.replace(/^>/, "").trim().toLowerCase();
    let shown = 0;
    for (const item of this.#home.querySelectorAll("[role=option]")) {
      const fits = !words || item.textContent.toLowerCase().includes(words);
      item.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    this.#home.hidden = shown === 0;
  }

  #settled() {
    this.#mark(-1);
    const count = this.#options().length;
    this.querySelector("[role=status]").textContent = this.#input.value.trim() ? text("t-search-count", { n: count }) : "";
    const none = this.querySelector("[data-none]");
    none.hidden = count > 0 || !this.#input.value.trim() || this.#places.some((place) => place.childElementCount);
  }

  #options() {
    return [...this.#list.querySelectorAll("[role=option]")].filter((option) => option.checkVisibility());
  }

  #mark(at) {
    const options = this.#options();
    for (const option of this.#list.querySelectorAll("[aria-selected=true]")) option.removeAttribute("aria-selected");
    this.#at = options.length ? Math.max(-1, Math.min(at, options.length - 1)) : -1;
    const chosen = options[this.#at];
    if (!chosen) return this.#input.removeAttribute("aria-activedescendant");
    chosen.setAttribute("aria-selected", "true");
    this.#input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const options = this.#options();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.#open();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const count = options.length;
      this.#mark(count ? (this.#at + step + count + (this.#at < 0 && step < 0 ? 1 : 0)) % count : -1);
    } else if (event.key === "Enter" && this.#list.checkVisibility() && options[this.#at]) {
      event.preventDefault();
      options[this.#at].click();
    } else if (event.key === "Escape" && this.#input.getAttribute("aria-expanded") === "true") {
      event.preventDefault();
      this.#close();
    }
  }

  #open() {
    if (this.#input.getAttribute("aria-expanded") === "true") return;
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    this.#ask();
  }

  #close() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#request = null;
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#mark(-1);
  }
}

customElements.define("e-search", Search);
