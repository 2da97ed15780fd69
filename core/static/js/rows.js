// A row's page also opens by a double click anywhere on the row, as people are used to; ↑ and ↓ go from name to name.
const LINK = "th[scope='row'] a.e-cell";
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

for (const table of document.querySelectorAll("[data-rows]")) {
  table.addEventListener("dblclick", (event) => {
    if (event.target.closest("a, button, input, select, label, summary")) return;
    event.target.closest("tr")?.querySelector(LINK)?.click();
  });
  table.addEventListener("keydown", (event) => {
    if (!(event.key in STEPS) || !event.target.matches(LINK)) return;
    const links = [...table.querySelectorAll(LINK)];
    const next = links[links.indexOf(event.target) + STEPS[event.key]];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}
