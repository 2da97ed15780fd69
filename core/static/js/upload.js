// Files sent ahead of their form: each one by itself, with its progress, its own refusal, and another try. The form then
// carries their names only, so that a form that is refused still has its files. Without this script the input of the
// zone is a plain file input: the server takes both.
import { parse } from "./texts.js";

const busy = new Set();

class Zone {
  constructor(root) {
    this.root = root;
    this.set = root.dataset;
    this.input = root.querySelector("input[type=file]");
    this.drop = root.querySelector(".e-drop");
    this.files = root.querySelector("[data-files]");
    this.input.addEventListener("change", () => {
      this.#all(this.input.files);
      this.input.value = "";
    });
    for (const name of ["dragenter", "dragover"]) this.drop.addEventListener(name, (event) => this.#over(event));
    for (const name of ["dragleave", "drop"]) this.drop.addEventListener(name, () => this.drop.classList.remove("is-over"));
    this.drop.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#all(event.dataTransfer.files);
    });
    this.files.addEventListener("click", (event) => this.#click(event));
    this.#settle();
  }

  #over(event) {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    this.drop.classList.add("is-over");
  }

  #all(list) {
    for (const file of list) {
      const line = this.#line(file);
      const why = this.#refusal(file);
      if (why) this.#refuse(line, why);
      else this.#send(line, file);
    }
  }

  #line(file) {
    const line = this.root.querySelector("template[data-pending]").content.firstElementChild.cloneNode(true);
    line.querySelector("[data-name]").textContent = file.name;
    for (const named of line.querySelectorAll("[aria-label]")) {
      named.setAttribute("aria-label", named.getAttribute("aria-label").replace("{name}", file.name));
    }
    line.file = file;
    this.files.append(line);
    return line;
  }

  #refusal(file) {
    const standing = this.files.querySelectorAll('[data-file]:not([data-state="refused"])').length;
    if (standing > Number(this.set.maxFiles)) return this.set.tooMany;
    if (file.size > Number(this.set.maxBytes)) return this.set.tooBig;
    // what the system says of the type is a hint only; the server looks at the bytes
    if (file.type && !this.set.accept.split(",").some((one) => one === file.type || (one[0] === "." && file.name.toLowerCase().endsWith(one)))) return this.set.wrongType;
    return null;
  }

  #refuse(line, why, state = "refused") {
    line.dataset.state = state;
    line.querySelector("[data-why]").textContent = why;
    this.#say(`${line.querySelector("[data-name]").textContent}. ${why}`);
  }

  #send(line, file) {
    line.dataset.state = "sending";
    line.querySelector("[data-why]").textContent = "";
    const form = new FormData();
    form.append("rule", this.set.rule);
    form.append("field", this.set.field);
    form.append("file", file);
    const request = new XMLHttpRequest(); // fetch tells nothing of how much has left
    line.request = request;
    request.open("POST", this.set.url);
    request.setRequestHeader("X-CSRFToken", this.set.csrf);
    request.setRequestHeader("X-Fragment", "1");
    request.setRequestHeader("Accept", "application/json;q=0.9, text/html;q=0.1");
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      const done = total ? Math.floor((100 * loaded) / total) : 0;
      line.querySelector("progress").value = done;
      line.querySelector("[data-percent]").textContent = `${done}\u202f%`;
    });
    request.addEventListener("loadend", () => this.#answered(line, request));
    busy.add(line);
    request.send(form);
  }

  #answered(line, request) {
    busy.delete(line);
    if (line.isConnected) {
      if (request.status === 200) this.#kept(line, request.responseText);
      else if (request.status === 401) this.#refuse(line, this.set.ended, "failed");
      else if (request.status >= 400 && request.status < 500 && request.status !== 429) this.#refuse(line, reason(request) ?? this.set.cut);
      else this.#refuse(line, this.set.cut, "failed");
    }
    if (!busy.size) document.dispatchEvent(new Event("encours:sent"));
  }

  #kept(line, html) {
    const kept = parse(html).firstElementChild;
    const hadFocus = line.contains(document.activeElement);
    line.replaceWith(kept);
    if (hadFocus) kept.querySelector("[data-remove]").focus();
    this.#say(this.set.sent.replace("{name}", kept.querySelector(".e-file-name").textContent));
    this.#settle();
  }

  #click(event) {
    const line = event.target.closest("[data-file]");
    if (event.target.closest("[data-retry]")) this.#send(line, line.file);
    const remove = event.target.closest("[data-remove]");
    if (!remove) return;
    line.request?.abort();
    if (remove.dataset.remove) {
      // the file dies by itself within a day, should this not arrive
      fetch(remove.dataset.remove, { method: "POST", headers: { "X-CSRFToken": this.set.csrf, Accept: "application/json" } }).catch(() => {});
    }
    const next = line.nextElementSibling ?? line.previousElementSibling;
    line.remove();
    (next?.querySelector("[data-remove]") ?? this.input).focus();
    this.#say(this.set.gone.replace("{name}", line.querySelector(".e-file-name").textContent));
    this.#settle();
  }

  // the script sees to «obligatoire» by what is kept, since the input itself stays empty
  #settle() {
    this.drop.classList.toggle("has-file", this.files.querySelector("input[type=hidden]") !== null);
  }

  #say(text) {
    this.root.querySelector("[data-said]").textContent = text;
  }
}

function reason(request) {
  try {
    return JSON.parse(request.responseText).detail;
  } catch {
    return null;
  }
}

for (const root of document.querySelectorAll("[data-upload]")) new Zone(root);

// a form that is sent while its files are on their way leaves as soon as they have come
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (![...busy].some((line) => form.contains(line))) return;
  event.preventDefault();
  const said = form.querySelector("[data-upload] [data-said]");
  said.textContent = said.closest("[data-upload]").dataset.waits;
  submitter?.setAttribute("aria-busy", "true");
  document.addEventListener("encours:sent", () => {
    submitter?.removeAttribute("aria-busy");
    form.requestSubmit(submitter);
  }, { once: true });
});

// a file that misses the zone must not take the page's place
if (document.querySelector("[data-upload]")) {
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => {
      if (!event.target.closest?.(".e-drop")) event.preventDefault();
    });
  }
}
