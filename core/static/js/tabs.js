// A file's tabs scroll sideways on a phone: the page's own tab is brought into sight.
for (const tab of document.querySelectorAll(".e-tabs [aria-current]")) {
  const row = tab.closest(".e-tabs");
  row.scrollLeft = tab.parentElement.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}
