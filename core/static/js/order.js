// Lists that are put in order: dragged by their handle (SortableJS, fetched only where there is such a list), or moved
// by buttons and menu. Each change is saved at once and may be taken back; where saving fails the list is as before.
import { toast } from "./toasts.js";

class OrderList {
  #saved;

  constructor(form) {
    this.form = form;
    this.list = form.querySelector(".e-order");
    this.#saved = this.#items();
    form.addEventListener("submit", (event) => this.#submit(event));
    form.addEventListener("keydown", (event) => {
      const menu = event.target.closest(".e-order-menu[open]");
      if (event.key !== "Escape" || !menu) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    document.addEventListener("click", (event) => {
      for (const menu of form.querySelectorAll(".e-order-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    });
    this.#drag();
  }

  async #drag() {
    await import("../vendor/sortable.min.js");
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    globalThis.Sortable.create(this.list, {
      handle: "[data-handle]", animation: still ? 0 : 120, ghostClass: "is-ghost", chosenClass: "is-held",
      onEnd: ({ item, oldIndex, newIndex }) => oldIndex !== newIndex && this.#save(item),
    });
    this.form.dataset.ready = "";
  }

  #items() {
    return [...this.list.children];
  }

  #submit(event) {
    event.preventDefault();
    const [, key, way] = /^(.*):(\w+)$/.exec(event.submitter?.value ?? "") ?? [];
    const items = this.#items();
    const at = items.findIndex((item) => item.dataset.key === key);
    if (at < 0) return;
    const to = { up: at - 1, down: at + 1, first: 0, last: items.length - 1 }[way];
    const item = items[at];
    const menu = event.submitter.closest(".e-order-menu");
    if (menu) menu.open = false;
    if (to >= 0 && to < items.length && to !== at) {
      if (to < at) items[to].before(item);
      else items[to].after(item);
      this.#save(item);
    }
    // the button pressed may be gone at the list's end: its neighbour takes the focus
    const button = menu ? menu.querySelector("summary") : event.submitter;
    const other = item.querySelector(`[value$=":${way === "up" ? "down" : "up"}"]`);
    (button.hidden ? other : button).focus();
  }

  async #save(moved) {
    const items = this.#items();
    this.#ends(items);
    const { position } = this.form.dataset;
    this.#say(position.replace("{name}", moved.dataset.name).replace("{n}", items.indexOf(moved) + 1).replace("{total}", items.length));
    this.list.setAttribute("aria-busy", "true");
    try {
      const body = new FormData(this.form);
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { "X-Fragment": "1", Accept: "text/html" } });
      if (!answer.ok || answer.redirected) throw new Error(`order: ${answer.status}`);
      this.#saved = items;
      toast(await answer.text());
    } catch {
      this.list.append(...this.#saved);
      this.#ends(this.#saved);
      this.#say(this.form.dataset.failed);
    } finally {
      this.list.removeAttribute("aria-busy");
    }
  }

  #ends(items) {
    items.forEach((item, at) => {
      const [first, last] = [at === 0, at === items.length - 1];
      item.querySelector(':scope > [value$=":up"]').hidden = first;
      item.querySelector(':scope > [value$=":down"]').hidden = last;
      for (const way of item.querySelectorAll("[data-end]")) way.hidden = way.dataset.end === "first" ? first : last;
    });
  }

  #say(text) {
    this.form.querySelector("[data-said]").textContent = text;
  }
}

for (const form of document.querySelectorAll("form[data-order]")) new OrderList(form);
