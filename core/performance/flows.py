"""Which movements bring money into an account or take it out, and which only move inside it (PF-08; domain.md §2.4).

Only what crosses the account's border is a flow. Fees, social levies and interest stay inside: returns are net of fees and of
the levies that the contract bears. An advance is a loan of the insurer: the contract keeps its value.
"""

from __future__ import annotations

from decimal import Decimal

from core.accounts.envelopes import CASHLESS

#: Money or securities cross the border; the movement's own sign says which way.
EXTERNAL = frozenset({
    "SOUSCRIPTION", "VERSEMENT", "VERSEMENT_LIBRE", "VERSEMENT_COMPLEMENTAIRE", "VERSEMENT_PROGRAMME", "RACHAT",
    "RACHAT_PARTIEL", "RACHAT_TOTAL", "RACHAT_PROGRAMME", "VIREMENT_TITRES", "TRANSFERT", "SORTIE_RENTE", "SORTIE_CAPITAL",
    "DEBLOCAGE_ANTICIPE", "CREDIT", "DEBIT",
})  # fmt: skip
INTERNAL = frozenset({
    "ARBITRAGE", "ARBITRAGE_PROGRAMME", "ACHAT", "VENTE", "SRD", "OST", "DIVIDENDE", "COUPON", "INTERETS", "FRAIS", "PS",
    "AVANCE", "REMBOURSEMENT_AVANCE",
})  # fmt: skip
#: What leaves the account by its nature, however the amount was typed.
OUTGOING = frozenset({"RACHAT", "RACHAT_PARTIEL", "RACHAT_TOTAL", "RACHAT_PROGRAMME", "FRAIS", "PS"})
_DEALT = frozenset({"ACHAT", "VENTE"})
_YIELD = frozenset({"DIVIDENDE", "COUPON", "INTERETS"})


def external(kind: str, amount: Decimal, envelope: str) -> Decimal | None:
    """What a movement brings into the account (positive) or takes out; None where it moves inside, or its kind is not known."""
    if kind in EXTERNAL:
        return amount
    if envelope in CASHLESS and kind in _DEALT:
        return amount
    if envelope in CASHLESS and kind in _YIELD:
        return -amount
    return None


def known(kind: str) -> bool:
    """Whether the kind is one of those above; a partner's own code is told and counts as internal."""
    return kind in EXTERNAL or kind in INTERNAL
