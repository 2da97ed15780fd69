// What paper says below each page (css/print.css): the page's address, and the day it was printed. Parts that fold are
// opened for the time of printing.
const root = document.documentElement;

function foot() {
  const day = new Date().toLocaleDateString("fr-FR", { dateStyle: "long" });
  const address = new URL(location.href);
  address.searchParams.delete("next"); // where one came from is nobody's business on paper
  const words = `${address.host}${address.pathname}${address.search} · imprimé le ${day}`;
  root.style.setProperty("--print-foot", JSON.stringify(words));
}

let folds = [];
addEventListener("beforeprint", () => {
  foot();
  // parts of one name close one another: the name is put aside too
  folds = [...document.querySelectorAll("details:is(.e-fold, .e-printed)")].map((part) => ({ part, name: part.name, open: part.open }));
  for (const { part } of folds) {
    part.name = "";
    part.open = true;
  }
});
addEventListener("afterprint", () => {
  for (const { part, open } of folds) part.open = open;
  for (const { part, name } of folds) part.name = name;
  folds = [];
});
foot();
