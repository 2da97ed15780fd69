// Loaded early and blocking, so that the page is never first drawn in the other theme.
// The person's choice of look lives in this browser only; menu.js changes it and says so by «encours:look».
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const read = (name) => {
    try {
      return localStorage.getItem(`encours.${name}`);
    } catch {
      return null; // storage refused by the browser: the default look
    }
  };

  const apply = () => {
    const theme = read("theme") ?? "auto";
    root.dataset.bsTheme = theme === "dark" || (theme === "auto" && dark.matches) ? "dark" : "light";
    root.dataset.density = read("density") === "comfortable" ? "comfortable" : "compact";
  };

  root.dataset.js = "";
  apply();
  dark.addEventListener("change", apply);
  addEventListener("storage", apply);
  document.addEventListener("encours:look", apply);
  addEventListener("beforeprint", () => {
    root.dataset.bsTheme = "light"; // paper is white
  });
  addEventListener("afterprint", apply);
})();
