// «Tout parcourir»: the pages of a file in columns. Type to filter, arrows to move; Escape is the popover's own.
const panel = document.querySelector("[data-browse]");

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

if (panel) {
  const filter = panel.querySelector("input");
  const columns = [...panel.querySelectorAll("[data-browse-column]")];
  const none = panel.querySelector("[data-browse-none]");
  const shown = (column) => [...column.querySelectorAll(".e-item")].filter((item) => !item.parentElement.hidden);

  function narrow() {
    const words = folded(filter.value).split(/\s+/).filter(Boolean);
    for (const column of columns) {
      const rubric = folded(column.querySelector("h3").textContent);
      for (const item of column.querySelectorAll(".e-item")) {
        const name = `${rubric} ${folded(item.textContent)}`;
        item.parentElement.hidden = !words.every((word) => name.includes(word));
      }
      column.hidden = shown(column).length === 0;
    }
    none.hidden = columns.some((column) => !column.hidden);
  }

  function move(event, item) {
    const open = columns.filter((column) => !column.hidden);
    const at = open.findIndex((column) => column.contains(item));
    const items = shown(open[at]);
    const row = items.indexOf(item);
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    let next = null;
    if (event.key === "ArrowDown") next = items[row + 1];
    else if (event.key === "ArrowUp") next = row === 0 ? filter : items[row - 1];
    else if (event.key === "Home") next = items[0];
    else if (event.key === "End") next = items.at(-1);
    else if (side) {
      const beside = shown(open[(at + side + open.length) % open.length]);
      next = beside[Math.min(row, beside.length - 1)];
    } else return;
    event.preventDefault();
    next?.focus();
  }

  filter.addEventListener("input", narrow);
  panel.addEventListener("keydown", (event) => {
    if (event.target.matches(".e-item")) move(event, event.target);
    else if (event.target === filter && ["ArrowDown", "Enter"].includes(event.key)) {
      const first = columns.filter((column) => !column.hidden).flatMap(shown)[0];
      event.preventDefault();
      if (event.key === "Enter" && filter.value.trim()) first?.click();
      else first?.focus();
    }
  });
  const button = document.querySelector(`[popovertarget="${panel.id}"]`);
  const sheet = matchMedia("(max-width: 767.98px)");

  panel.addEventListener("beforetoggle", (event) => {
    if (event.newState === "open") {
      filter.value = ""; // before it opens: «toggle» comes later, and would wipe out what is typed at once
      narrow();
    }
    const { bottom } = button.getBoundingClientRect();
    panel.style.top = sheet.matches ? "" : `${Math.max(Math.round(bottom) + 4, 8)}px`;
    panel.style.maxHeight = sheet.matches ? "" : `calc(100vh - ${Math.max(Math.round(bottom) + 12, 16)}px)`;
  });
  panel.addEventListener("toggle", (event) => {
    button.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "open" && !panel.contains(document.activeElement)) filter.focus();
  });
}
