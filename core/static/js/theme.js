// Loaded early and blocking, so that the page is never first drawn in the other theme.
// The person's choice of look lives in this browser only; menu.js changes it and says so by «encours:look».
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  root.dataset.usual = root.dataset.density; // the theme's own

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
    const density = read("density");
    root.dataset.density = density === "comfortable" || density === "compact" ? density : root.dataset.usual;
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
