// Texts and markup the scripts show: <template> elements written by partials/client_texts.html.

// French grammar: «d'Apivia», «de Nominéo», «du partenaire» where no name is known.
function ofPartner(partner) {
  if (!partner) return "du partenaire";
  return /^[aeiouyàâéèêëîïôöùûü]/i.test(partner) ? `d'${partner}` : `de ${partner}`;
}

function fill(text, values) {
  return text
    .replaceAll("de {partner}", ofPartner(values.partner))
    .replaceAll("{partner}", values.partner || "Le partenaire")
    .replaceAll(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** One sentence, with its {names} filled in. */
export function text(id, values = {}) {
  return fill(document.getElementById(id).content.textContent.trim(), values);
}

/** A copy of a template's markup, with the {names} in its texts filled in. */
export function fragment(id, values = {}) {
  const copy = document.getElementById(id).content.cloneNode(true);
  const walker = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) node.data = fill(node.data, values);
  return copy;
}

/** Server HTML as nodes. Scripts in it never run; the content policy forbids inline ones anyway. */
export function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}
