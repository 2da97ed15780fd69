// Charts: the drawing library (275 KB) is fetched only by a page that has one, after the page itself.
// An <e-chart> says its chart in words (aria-label) and stands beside a table of its figures; what is drawn only repeats them.
class Chart extends HTMLElement {
  #drawn = null;
  #width = 0;
  #seen = null;

  async connectedCallback() {
    const { draw } = await import("./chart-draw.js");
    if (!this.isConnected) return;
    this.#seen = new ResizeObserver(() => this.#redraw(draw));
    this.#seen.observe(this);
  }

  disconnectedCallback() {
    this.#seen?.disconnect();
    this.#drawn?.finalize();
    this.#drawn = null;
    this.#width = 0;
  }

  async #redraw(draw) {
    const width = this.clientWidth;
    if (!width || Math.abs(width - this.#width) < 4) return;
    this.#width = width;
    const before = this.#drawn;
    this.#drawn = await draw(this, JSON.parse(this.dataset.chart), width);
    before?.finalize();
    this.dataset.drawn = "";
  }
}

customElements.define("e-chart", Chart);

// on paper the figures stand beside the chart, not behind a click
addEventListener("beforeprint", () => {
  for (const figures of document.querySelectorAll("details.e-chart-data")) figures.open = true;
});
