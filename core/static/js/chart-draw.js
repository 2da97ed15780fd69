// Draws one chart as SVG under the strict policy: expressions are interpreted, nothing is evaluated, no style sheet is injected.
import { View, Warn, compile, expressionInterpreter, parse } from "../vendor/vega.js";

const narrow = matchMedia("(max-width: 767.98px)");
const GAP = 12;

/** The sentence under the pointer. It only repeats the table, hence it is hidden from readers. */
function tip(holder) {
  const box = document.createElement("div");
  box.className = "e-chart-tip";
  box.hidden = true;
  return {
    box,
    show(_handler, event, _item, words) {
      box.hidden = !words;
      if (!words) return;
      box.textContent = words;
      const frame = holder.getBoundingClientRect();
      const left = event.clientX - frame.left;
      const over = left + GAP + box.offsetWidth > frame.width;
      box.style.left = `${Math.max(0, over ? left - GAP - box.offsetWidth : left + GAP)}px`;
      box.style.top = `${Math.max(0, event.clientY - frame.top - box.offsetHeight - GAP)}px`;
    },
  };
}

/** Replaces what the holder shows; the view, for the caller to end. Fixed sizes stay, the others take the width. */
export async function draw(holder, { data, wide, narrow: small }, width) {
  const chosen = narrow.matches ? small : wide;
  const fits = chosen.autosize.type === "fit";
  const spec = { ...chosen, data: { values: data }, width: fits ? width : chosen.width };
  const place = document.createElement("div");
  place.setAttribute("aria-hidden", "true"); // the holder has the sentence, the table the figures
  const says = tip(holder);
  const runtime = parse(compile(spec).spec, null, { ast: true });
  const view = new View(runtime, {
    expr: expressionInterpreter, renderer: "svg", logLevel: Warn, hover: true, tooltip: says.show,
  });
  await view.initialize(place).runAsync();
  holder.replaceChildren(place, says.box);
  return view;
}
