"""Suravenir: confirmation of a payment into a life-insurance contract, and what the contract holds after it.

In the text of these PDF files the unit value comes before the number of units, whatever the titles say: value × units =
amount holds on every line.
"""

from __future__ import annotations

from plugins.aggregation.formats.statements.language import DAY
from plugins.aggregation.formats.statements.language import ISIN
from plugins.aggregation.formats.statements.language import Block
from plugins.aggregation.formats.statements.language import Document
from plugins.aggregation.formats.statements.language import Line

_FIGURE = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})*,\d+"
_ROW = (
    rf"(?P<label>\S.*?)(?: (?P<isin>{ISIN}))? (?P<price_on>{DAY}) (?P<price>{_FIGURE}) (?P<quantity>{_FIGURE}) "
    rf"(?P<value>{_FIGURE})"
)
_TOTAL = Line(r"^Total (?P<total>[\d \u00a0\u202f]+,\d{2})$", required=True)

PAYMENT = Document(
    "suravenir.versement", "Suravenir",
    (r"^Objet : Confirmation de versement", r"^Suravenir - Siège social"),
    (
        Line(r"^N°\s*: *(?P<number>[\d ]{8,30})$", required=True),
        Line(r"^Contrat : (?P<product>.+)$"),
        Line(r"^Le (?P<dated>\d{1,2}(?:er)? \S+ \d{4})$", required=True),
        Line(rf"Date du versement : (?P<on>{DAY})", required=True),
        Line(r"^Montant brut \(frais inclus\) : (?P<gross>[\d ]+,\d{2}) €", required=True),
        Line(r"^Frais de Versement : (?P<fees>[\d ]+,\d{2}) €"),
        Line(r"^Montant net : (?P<net>[\d ]+,\d{2}) €", required=True),
    ),
    (
        Block("movement", r"Répartition du versement", r"^Page \d", row=_ROW, sum=_TOTAL, constants={"way": "VERSEMENT"}),
        Block("position", r"Répartition des unités de compte après", r"^Page \d", row=_ROW, sum=_TOTAL, required=False),
    ),
    constants={"word": "Assurance-vie", "envelope": "ASSURANCE_VIE", "currency": "EUR"},
)  # fmt: skip

DOCUMENTS = (PAYMENT,)
