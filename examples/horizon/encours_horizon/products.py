"""Which accounts are Horizon Vie's: by company and the form of their number."""

from __future__ import annotations

from core.api.partner import Partner

#: Code of the company in the book of record.
COMPANY = "horizon-vie"
#: Numbers once folded (capitals, no blanks): three letters of the product, seven digits.
NUMBER = r"[A-Z]{3}\d{7}"

PARTNER = Partner(
    code="horizon", label="Horizon Vie", badge="H", companies=(COMPANY,), products=(), number=NUMBER,
    hosts=("extranet.horizon-vie.example",),
)  # fmt: skip
