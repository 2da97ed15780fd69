// Toasts: messages that offer to take back what has just been done. The server writes them among the page's messages;
// here they float for ten seconds of attention: the time stands still under the pointer, while a key holds them, and
// while the page is hidden. The region stands early in the page, so that one Tab from its beginning reaches «Annuler».
import { fragment, parse } from "./texts.js";

const LIFE_MS = 10000;
const list = document.querySelector("[data-toasts]");

class Toast {
  #left = LIFE_MS;
  #since = null;
  #timer = null;
  #holders = new Set();

  constructor(node) {
    this.node = node;
    node.append(fragment("t-toast-close"));
    const time = document.createElement("span");
    time.className = "e-toast-time";
    node.append(time);
    node.querySelector("[data-toast-close]").addEventListener("click", () => this.close());
    node.addEventListener("pointerenter", () => this.#hold("pointer"));
    node.addEventListener("pointerleave", () => this.#release("pointer"));
    node.addEventListener("focusin", () => this.#hold("focus"));
    node.addEventListener("focusout", () => this.#release("focus"));
    node.addEventListener("submit", () => this.#hold("sent"));
    node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#hold("hidden") : this.#release("hidden")));
    list.append(node);
    if (document.hidden) this.#holders.add("hidden");
    this.#run();
  }

  #run() {
    this.node.classList.toggle("is-held", this.#holders.size > 0);
    if (this.#holders.size) return;
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.close(), this.#left);
  }

  #hold(who) {
    if (!this.#holders.size && this.#since !== null) {
      clearTimeout(this.#timer);
      this.#left -= performance.now() - this.#since;
    }
    this.#holders.add(who);
    this.node.classList.add("is-held");
  }

  #release(who) {
    if (this.#holders.delete(who) && !this.#holders.size) this.#run();
  }

  close() {
    clearTimeout(this.#timer);
    if (this.node.contains(document.activeElement)) document.getElementById("contenu").focus();
    this.node.remove();
  }
}

/** Shows a toast made of the server's HTML (macro `undo_note`). */
export function toast(html) {
  const node = parse(html).querySelector("[data-toast]");
  if (node) new Toast(node);
}

// after the page is read, so that the region says what comes into it
if (list) {
  requestAnimationFrame(() => {
    for (const node of document.querySelectorAll(".e-messages [data-toast]")) new Toast(node);
  });
}
