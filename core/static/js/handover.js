// The hand-over page (PLP-054): tells the tab it came from that it is there, then goes on to the partner, once.
const SLOW_MS = 8000;

const page = document.querySelector("[data-handover]");
const form = page.querySelector("form");

function tell() {
  const channel = new BroadcastChannel("plp-launch");
  channel.postMessage({ launch_id: page.dataset.launchId, form: page.dataset.form });
}

function go() {
  tell();
  setTimeout(() => {
    page.querySelector("[data-slow] > p").hidden = false;
  }, SLOW_MS);
  form.submit();
}

// back from the partner: an opening serves once, so nothing is sent a second time
function stop() {
  page.querySelector("[data-going]").hidden = true;
  const used = page.querySelector("[data-used]");
  used.hidden = false;
  used.querySelector("h1").focus();
}

const [arrival] = performance.getEntriesByType("navigation");
if (arrival?.type === "back_forward") stop();
else go();
addEventListener("pageshow", (event) => event.persisted && stop());
