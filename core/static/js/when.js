// Fields that hang on another's value (data-when): those that are not asked for are hidden. The server does not read
// them either; what was typed in them stays, should one change one's mind.
function arrange(form) {
  for (const part of form.querySelectorAll("[data-when]")) {
    const control = form.elements[part.dataset.when];
    if (!control) continue;
    part.hidden = !part.dataset.whenValues.split(" ").includes(control.value);
  }
  for (const panel of form.querySelectorAll(".card")) {
    const fields = panel.querySelectorAll(".e-fields > *");
    if (fields.length) panel.hidden = [...fields].every((field) => field.hidden);
  }
}

for (const form of document.querySelectorAll("form:has([data-when])")) {
  arrange(form);
  form.addEventListener("change", () => arrange(form));
}
