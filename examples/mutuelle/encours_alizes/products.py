"""Which accounts are the mutual's, where its programs are, and the statuses that are its own."""

from __future__ import annotations

from core.api.partner import Partner

#: The company's code in the book of record, and its only contract.
COMPANY, PRODUCT = "mutuelle-des-alizes", "Alizés Épargne"
PARTNER = Partner(
    code="alizes", label="Mutuelle des Alizés", badge="MA", companies=(COMPANY,), number=r"ALZ\d{8}",
    hosts=("api.alizes.example",),
    statuses=(("en_controle", "En contrôle"), ("piece_demandee", "Pièce demandée")),
)  # fmt: skip
