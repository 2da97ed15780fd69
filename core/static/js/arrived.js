// A page that ends a launch says that it is there to the tab it came from, as the hand-over page does (PLP-054).
const { form } = document.querySelector("[data-form]").dataset;
new BroadcastChannel("plp-launch").postMessage({ launch_id: null, form });
