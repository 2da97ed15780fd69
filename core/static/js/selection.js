// Lines ticked in a list: the count, all lines of the page at once, none. The bar itself is shown by the style sheet.
const bar = document.getElementById("selection");

if (bar) {
  const boxes = [...document.querySelectorAll("[data-select]")];
  const all = document.querySelector("[data-select-all]");
  const count = bar.querySelector("[data-select-count]");
  const page = bar.querySelector("[data-select-page]");

  function show() {
    const ticked = boxes.filter((box) => box.checked).length;
    count.textContent = ticked === 1 ? count.dataset.one : count.dataset.many.replace("{n}", ticked);
    bar.classList.toggle("is-shown", ticked > 0);
    if (all) {
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    if (page) page.hidden = ticked === boxes.length;
  }

  function tickAll(checked) {
    for (const box of boxes) box.checked = checked;
    show();
  }

  for (const box of boxes) box.addEventListener("change", show);
  all?.addEventListener("change", () => tickAll(all.checked));
  page?.addEventListener("click", () => tickAll(true));
  bar.addEventListener("reset", (event) => {
    event.preventDefault();
    tickAll(false);
    (all ?? boxes[0])?.focus();
  });
  show();
}
