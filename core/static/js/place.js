// Puts a popover beside its button, whole and inside the window. Phones get a bottom sheet from the style sheet.
const GAP = 4;
const MARGIN = 8;
const EXPECTED = 520; // of a full list: the side is chosen for it at once, so that nothing jumps when it arrives
const sheet = matchMedia("(max-width: 767.98px)");

const within = (value, low, high) => Math.max(low, Math.min(value, high));

export function place(panel, button, expected = EXPECTED) {
  const style = panel.style;
  style.top = style.left = style.maxHeight = "";
  if (sheet.matches) return;
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  style.maxHeight = `${height - 2 * MARGIN}px`;
  const box = button.getBoundingClientRect();
  const [w, h] = [panel.offsetWidth, panel.offsetHeight];
  const need = Math.max(h, expected) + GAP + MARGIN;
  let left = within(box.left, MARGIN, width - w - MARGIN);
  let top = box.bottom + GAP;
  if (height - box.bottom < need) {
    if (box.top >= need) {
      top = box.top - GAP - h;
    } else {
      top = within(box.top, MARGIN, Math.max(MARGIN, height - MARGIN - h));
      if (box.right + GAP + w <= width - MARGIN) left = box.right + GAP;
      else if (box.left - GAP - w >= MARGIN) left = box.left - GAP - w;
      else top = within(box.bottom + GAP, MARGIN, Math.max(MARGIN, height - MARGIN - h));
    }
  }
  style.top = `${Math.round(top + scrollY)}px`;
  style.left = `${Math.round(left + scrollX)}px`;
}
