// A signature drawn with a finger or a mouse: points in a box of 600 by 180, kept in a field of the form as text.
const MOST = 20000;

for (const pad of document.querySelectorAll("[data-sign-pad]")) {
  const form = pad.closest("form");
  const field = form.querySelector("[data-sign-strokes]");
  let strokes = field.value ? field.value.split(";") : [];
  let line = null;

  const draw = (points) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    made.setAttribute("points", points);
    pad.append(made);
    return made;
  };
  const at = (event) => {
    const box = pad.getBoundingClientRect();
    const within = (value, most) => Math.min(Math.max(Math.round(value), 0), most);
    return `${within(((event.clientX - box.left) * 600) / box.width, 600)},${within(((event.clientY - box.top) * 180) / box.height, 180)}`;
  };
  strokes.forEach(draw);

  pad.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    const point = at(event);
    strokes.push(`${point} ${point}`); // a dot is a line of no length
    line = draw(strokes.at(-1));
  });
  pad.addEventListener("pointermove", (event) => {
    if (!line || strokes.join(";").length > MOST - 16) return;
    const last = strokes.length - 1;
    const point = at(event);
    if (strokes[last].endsWith(point)) return;
    strokes[last] += ` ${point}`;
    line.setAttribute("points", strokes[last]);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    pad.addEventListener(end, () => {
      line = null;
      field.value = strokes.join(";");
    });
  }
  form.querySelector("[data-sign-clear]").addEventListener("click", () => {
    strokes = [];
    field.value = "";
    pad.replaceChildren();
  });
}
