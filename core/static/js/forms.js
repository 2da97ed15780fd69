// A form refused by the server: focus goes to the summary of its errors, whose links lead to the fields.
document.querySelector("[data-error-summary]")?.focus();
