// The choices of look in the user menu. They are kept in this browser; theme.js applies them.
const DEFAULTS = { theme: "auto", density: document.documentElement.dataset.usual };

function stored(name) {
  try {
    return localStorage.getItem(`encours.${name}`);
  } catch {
    return null;
  }
}

function choose(name, value) {
  try {
    localStorage.setItem(`encours.${name}`, value);
  } catch {
    return; // storage refused by the browser: the look stays as it is
  }
  document.dispatchEvent(new Event("encours:look"));
}

for (const group of document.querySelectorAll("[data-look]")) {
  const name = group.dataset.look;
  const chosen = stored(name) ?? DEFAULTS[name];
  for (const radio of group.querySelectorAll("input")) radio.checked = radio.value === chosen;
  group.addEventListener("change", (event) => choose(name, event.target.value));
}
