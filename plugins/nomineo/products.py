"""What Nominéo serves: Generali Patrimoine's contracts, by product and by the form of their number."""

from __future__ import annotations

from core.api.partner import MandateWords
from core.api.partner import Partner

#: Company code of the book (`catalogue_company`).
COMPANY = "generali-patrimoine"
PRODUCTS = ("Himalia", "Himalia Capitalisation", "Xaélidia")
#: Contract numbers once folded: three letters of the product, seven digits.
NUMBER = r"(?:HIM|HCA|XAE)\d{7}"

PARTNER = Partner(
    code="nomineo", label="Nominéo", badge="N", companies=(COMPANY,), products=PRODUCTS, number=NUMBER,
    words=MandateWords(contact="inspecteur", company="Generali Patrimoine"),
)  # fmt: skip
