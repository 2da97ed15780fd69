// A document's pages: the page in sight is told, keys and buttons go from page to page, zoom changes in place, all
// pages are there before they are printed. Without this script pages scroll, zoom is a link, and print is the browser's.
const KEYS = { PageDown: 1, PageUp: -1 };

class Viewer {
  #at = 1;

  constructor(root) {
    this.root = root;
    this.pages = root.querySelector(".e-pdf-pages");
    this.sheets = [...root.querySelectorAll("[data-sheet]")];
    this.field = root.querySelector("[data-page-field]");
    this.said = root.querySelector("[data-pdf-said]");
    this.zooms = [...root.querySelectorAll("[data-zoom-to]")];
    for (const sheet of this.sheets) this.#watch(sheet);
    root.addEventListener("click", (event) => this.#click(event));
    this.pages.addEventListener("keydown", (event) => this.#key(event));
    this.field?.addEventListener("change", () => this.go(Number.parseInt(this.field.value, 10) || this.#at));
    this.field?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.go(Number.parseInt(this.field.value, 10) || this.#at);
    });
    const seen = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: "-40% 0px -55% 0px" });
    for (const sheet of this.sheets) seen.observe(sheet);
  }

  go(number) {
    const to = Math.min(this.sheets.length, Math.max(1, number));
    this.sheets[to - 1].scrollIntoView({ block: "start", behavior: "instant" });
    this.#tell(to);
    this.said.textContent = this.said.dataset.text.replace("{n}", to).replace("{total}", this.sheets.length);
  }

  zoom(step) {
    const { root } = this;
    root.dataset.zoom = step;
    for (const link of this.zooms) {
      const on = Number(link.dataset.zoomTo) === step;
      link.classList.toggle("is-on", on);
      if (on) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    for (const image of root.querySelectorAll("[data-sheet] img")) {
      const wanted = step > 100 ? image.dataset.large : image.dataset.small;
      if (image.getAttribute("src") !== wanted) image.src = wanted;
    }
    const address = new URL(location.href);
    address.searchParams.set("zoom", step);
    history.replaceState(null, "", address);
    this.go(this.#at);
  }

  #seen(entries) {
    const shown = entries.filter((entry) => entry.isIntersecting).at(-1);
    if (shown) this.#tell(this.sheets.indexOf(shown.target) + 1);
  }

  #tell(number) {
    this.#at = number;
    if (this.field && document.activeElement !== this.field) this.field.value = number;
  }

  #click(event) {
    const step = event.target.closest("[data-step]");
    if (step) this.go(this.#at + Number(step.dataset.step));
    const zoom = event.target.closest("[data-zoom-to]");
    if (zoom && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.zoom(Number(zoom.dataset.zoomTo));
    }
    if (event.target.closest("[data-print]")) this.#print(event.target.closest("[data-print]"));
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.pages) return;
    const steps = this.zooms.map((link) => Number(link.dataset.zoomTo));
    const at = steps.indexOf(Number(this.root.dataset.zoom));
    if (event.key in KEYS) this.go(this.#at + KEYS[event.key]);
    else if (event.key === "Home") this.go(1);
    else if (event.key === "End") this.go(this.sheets.length);
    else if (event.key === "+") this.zoom(steps[Math.min(steps.length - 1, at + 1)]);
    else if (event.key === "-") this.zoom(steps[Math.max(0, at - 1)]);
    else return;
    event.preventDefault();
  }

  #watch(sheet) {
    const image = sheet.querySelector("img");
    const failed = sheet.querySelector("[data-failed]");
    const tell = (lost) => {
      failed.hidden = !lost;
      image.hidden = lost;
    };
    image.addEventListener("error", () => tell(true));
    image.addEventListener("load", () => tell(false));
    if (image.complete && image.naturalWidth === 0 && image.loading === "eager") tell(true);
    sheet.querySelector("[data-again]").addEventListener("click", () => {
      tell(false);
      const { src } = image;
      image.removeAttribute("src");
      image.src = src;
    });
  }

  async #print(button) {
    button.setAttribute("aria-busy", "true");
    const images = [...this.root.querySelectorAll("[data-sheet] img")];
    for (const image of images) image.loading = "eager";
    await Promise.allSettled(images.map((image) => image.decode()));
    button.removeAttribute("aria-busy");
    print();
  }
}

for (const root of document.querySelectorAll("[data-pdf]")) new Viewer(root);
