"""Acts that a person types on an account that no partner feeds, as data: what each asks and moves (PF-04; domain.md §2.4).

No database, no clock.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.accounts.envelopes import CASHLESS
from core.accounts.schemas import INSURED

#: Sides of a line, as on the wire (partner-link.md, `instructions`).
IN, OUT = "in", "out"
SIDES: dict[str, str] = {OUT: "Désinvestir", IN: "Investir"}
#: How much of a line: `all` is the whole of it on the way out, what is left to place on the way in.
MODES: dict[str, str] = {"amount": "Montant", "units": "Quantité", "percent": "Pourcentage", "all": "Tout"}


@dataclass(frozen=True, slots=True)
class TypedAct:
    """One act. `kind`: of its movements; `sides`: which lines it may have; `asks`: an amount is typed; `held`: needs lines."""

    code: str
    label: str
    nature: str
    icon: str
    kind: str
    sides: tuple[str, ...]
    asks: bool = True
    held: bool = False


_ALL = (
    TypedAct("versement_complementaire", "Versement", "versement", "plus", "VERSEMENT", (IN,)),
    TypedAct("rachat_partiel", "Rachat partiel", "rachat", "cash", "RACHAT", (OUT,)),
    TypedAct("rachat_total", "Rachat total", "rachat", "cash", "RACHAT", (), asks=False),
    TypedAct("arbitrage", "Arbitrage", "arbitrage", "arrows-exchange", "ARBITRAGE", (OUT, IN), asks=False, held=True),
    TypedAct("achat", "Achat", "other", "plus", "ACHAT", (IN,), asks=False, held=True),
    TypedAct("vente", "Vente", "other", "minus", "VENTE", (OUT,), asks=False, held=True),
    TypedAct("dividende", "Dividende", "other", "coins", "DIVIDENDE", (IN,)),
    TypedAct("coupon", "Coupon", "other", "coins", "COUPON", (IN,)),
    TypedAct("frais", "Frais", "other", "coin-euro", "FRAIS", (OUT,)),
)
ACTS: dict[str, TypedAct] = {act.code: act for act in _ALL}

#: Contracts and plans whose money is spread over supports.
SPREAD = (INSURED - {"PREVOYANCE", "TONTINE"}) | {"CAPITALISATION", "PEE", "PEI", "PERCO", "PARTICIPATION"}
#: Securities accounts, with cash beside.
SECURITIES = frozenset({"COMPTE_TITRES", "PEA", "PEA_JEUNE", "PEA_PME"})
#: One sum, no lines.
SAVINGS = frozenset({
    "LIVRET_A", "LDDS", "LEP", "LIVRET_JEUNE", "LIVRET_BANCAIRE", "CEL", "PEL", "CAT", "COMPTE_COURANT", "COMPTE_JOINT",
})  # fmt: skip
_PAID = ("versement_complementaire", "rachat_partiel", "rachat_total")
#: Envelope → what may be typed of it, in the order of the menu; an envelope that is not here has none.
_OFFERED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(SPREAD, ("arbitrage", *_PAID, "dividende", "frais")),
    **dict.fromkeys(SECURITIES, ("achat", "vente", *_PAID, "dividende", "coupon", "frais")),
    **dict.fromkeys(CASHLESS, ("achat", "vente", "dividende", "frais")),
    **dict.fromkeys(SAVINGS, (*_PAID, "frais")),
}
#: What the same act is called where nothing is «racheté».
_PLAIN: dict[str, str] = {"rachat_partiel": "Retrait", "rachat_total": "Retrait total"}
#: Types of support that an envelope cannot hold: no fund in euros without an insurer; a PEA holds no bond and no part of SCPI
#: (Code monétaire et financier, art. L221-31); nobody holds an index.
_NOT_IN: dict[str, frozenset[str]] = {
    **dict.fromkeys(("PEA", "PEA_JEUNE"), frozenset({"FONDS_EURO", "EUROCROISSANCE", "SCPI", "OBLIGATION"})),
    "PEA_PME": frozenset({"FONDS_EURO", "EUROCROISSANCE", "SCPI"}),
    "COMPTE_TITRES": frozenset({"FONDS_EURO", "EUROCROISSANCE"}),
}
_NOWHERE = frozenset({"INDICE"})
#: Types of support that are cash.
CASH = frozenset({"LIQUIDITE"})


def offered(envelope: str) -> tuple[TypedAct, ...]:
    """What may be typed on an account of this envelope."""
    return tuple(ACTS[code] for code in _OFFERED.get(envelope, ()))


def label(act: TypedAct, envelope: str) -> str:
    """What the act is called on this envelope."""
    return act.label if envelope in SPREAD else _PLAIN.get(act.code, act.label)


def eligible(envelope: str, support_type: str) -> bool:
    """Whether the envelope may hold such a support, as far as the law says."""
    return support_type not in _NOWHERE and support_type not in _NOT_IN.get(envelope, frozenset())
