"""French writing of amounts, dates and reasons, for pages and for the texts of the wire."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from zoneinfo import ZoneInfo

THIN = "\u202f"
_PARIS = ZoneInfo("Europe/Paris")

#: PLP-047: what a clerk picks when he refuses; the text goes out with the code.
REASONS = {
    "kyc_incomplete": "Le dossier de connaissance client est incomplet.",
    "signature_pending": "La signature du souscripteur manque.",
    "amount_limits": "Le montant ne respecte pas les conditions du contrat.",
    "contract_pledged": "Le contrat est nanti\u202f: l'accord du créancier manque.",
    "product_not_eligible": "L'opération n'est pas prévue par le contrat.",
    "holder_type_not_eligible": "Le souscripteur ne peut pas demander cette opération.",
    "market_closed": "Un support n'est pas coté à la date demandée.",
    "pending_same_kind": "Une opération de même nature est en cours de traitement.",
    "contract_closed": "Le contrat est clos.",
    "deceased": "Le décès du souscripteur a été déclaré.",
    "accepted_beneficiary": "L'accord du bénéficiaire acceptant est nécessaire.",
    "advance_running": "Une avance est en cours sur ce contrat.",
    "minor_or_protected_person": "L'accord du représentant légal ou du juge est nécessaire.",
    "mandate_inactive": "Le mandat du cabinet n'est plus actif.",
    "other": "La demande ne peut pas être traitée.",
}


def money(cents: int) -> str:
    """«84 210,55 €»."""
    sign = "\u2212" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{f'{whole:,}'.replace(',', THIN)},{rest:02d}\u00a0€"


def number(cents: int) -> str:
    """«84 210,55», as one types it."""
    return money(cents).removesuffix("\u00a0€").replace(THIN, " ")


def day(value: date) -> str:
    """«04/11/2018»."""
    return value.strftime("%d/%m/%Y")


def moment(at: float) -> str:
    """«22/11/2026 à 10:31», in Paris."""
    return datetime.fromtimestamp(at, UTC).astimezone(_PARIS).strftime("%d/%m/%Y à %H:%M")
