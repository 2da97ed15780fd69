// From one file of a list to the next: Alt+↑ and Alt+↓, but not while somebody types.
const KEYS = { ArrowUp: "prev", ArrowDown: "next" };

addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !(event.key in KEYS)) return;
  if (event.target.closest?.("input, select, textarea, [contenteditable], [popover], dialog")) return;
  const link = document.querySelector(`[data-step="${KEYS[event.key]}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
