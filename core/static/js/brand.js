// Colours judged while they are typed: the server decides, this asks it and shows what it says («Apparence»).
const form = document.querySelector("form[data-contrast]");

function put(role, colour) {
  form.elements[role].value = colour;
  ask();
}

function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const part of page.querySelectorAll("[data-for]")) {
    const place = form.querySelector(`[data-verdict="${part.dataset.for}"]`);
    place.replaceChildren(...part.childNodes);
    if (part.dataset.colour) form.querySelector(`[data-pick="${part.dataset.for}"]`).value = part.dataset.colour;
  }
  const sheet = page.querySelector("link");
  if (sheet) document.querySelector("[data-trial]").href = sheet.getAttribute("href");
  const said = form.querySelector("[data-said]");
  said.textContent = form.querySelector("[data-take]") ? said.dataset.wrong : said.dataset.ok;
}

let waiting;
let latest = 0;
function ask() {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const turn = ++latest;
    const query = new URLSearchParams({ main: form.elements.main.value, accent: form.elements.accent.value });
    try {
      const answer = await fetch(`${form.dataset.contrast}?${query}`, { headers: { "X-Fragment": "1", Accept: "text/html" } });
      if (answer.ok && turn === latest) show(await answer.text());
    } catch {
      // the form says it on its return
    }
  }, 150);
}

form.addEventListener("input", (event) => {
  const { pick } = event.target.dataset;
  if (pick) form.elements[pick].value = event.target.value;
  ask();
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take]");
  if (!button) return;
  event.preventDefault();
  put(button.dataset.role, button.dataset.take);
  form.elements[button.dataset.role].focus();
});
