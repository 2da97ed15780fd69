// Sums under the tables of an act's form, while one types. The server computes them anyway.
const hundredths = (text) => {
  const plain = text.replace(/\s/g, '').replace(',', '.');
  return /^\d{1,12}(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : 0;
};
const shown = new Intl.NumberFormat('fr-FR', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

for (const total of document.querySelectorAll('[data-total]')) {
  const table = total.closest('table');
  table.addEventListener('input', () => {
    let sum = 0;
    for (const field of table.querySelectorAll('input')) sum += hundredths(field.value);
    total.textContent = shown.format(sum / 100);
  });
}

const wrong = document.querySelector('.x-wrong[tabindex]');
if (wrong) wrong.focus();
