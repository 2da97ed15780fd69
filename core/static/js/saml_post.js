// The answer to a partner's SAML request: carried on to it, once; coming back to this page sends nothing again.
const form = document.querySelector("[data-saml-post] form");
const [arrival] = performance.getEntriesByType("navigation");
if (arrival?.type !== "back_forward") form.submit();
