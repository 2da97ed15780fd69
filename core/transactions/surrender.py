"""The part of gain in a surrender, and what is known of its levies and tax: an estimation, each rule with its source (PF-04).

Pure; ratios and amounts are exact, in the contract's currency. What cannot be known from the file has no figure, and says why
(domain.md §2.9).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal

from core.taxes import levies
from core.web import formats

_CENT = Decimal("0.01")
#: Whose gain is taken pro rata of what is surrendered.
CONTRACTS = frozenset({"ASSURANCE_VIE", "CAPITALISATION"})
PLANS = frozenset({"PEA", "PEA_JEUNE", "PEA_PME"})
PENSIONS = frozenset({"PER_INDIVIDUEL", "PER_COLLECTIF", "PER_OBLIGATOIRE"})
#: Premiums paid since that day are under the flat levy (loi 2017-1837, art. 28).
FLAT_SINCE = date(2017, 9, 27)
#: A plan that was opened since that day has one rate of levies: that of the day on which money leaves it.
ONE_RATE_SINCE = date(2018, 1, 1)
_EIGHT, _FIVE = 8, 5
_FLAT, _REDUCED = Decimal("0.128"), Decimal("0.075")
_GAIN_SOURCE = "CGI, art. 125-0 A\u202f; BOI-RPPM-RCM-20-10-20-50"
_TAX_SOURCE = "CGI, art. 125-0 A et 200 A"
_PLAN_SOURCE = "CGI, art. 150-0 A, 157, 5° bis et 200 A\u202f; BOI-RPPM-RCM-40-50-40"
_LEVY_SOURCE = "Code de la sécurité sociale, art. L136-7 et L136-8"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known. `payments`: all that was paid, none of it paid back; None where that is not known, `why` says so.

    `first_paid`: the day of the first payment; `begun`: from which the age counts.
    """

    envelope: str
    on: date
    surrendered: Decimal
    value: Decimal | None
    payments: Decimal | None
    why: str = ""
    first_paid: date | None = None
    begun: date | None = None
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Due:
    """A levy or a tax. `amount`: None where it is not known; `most`: the amount is the most that it can be."""

    label: str
    text: str
    source: str
    rate: Decimal | None = None
    amount: Decimal | None = None
    most: bool = False


@dataclass(frozen=True, slots=True)
class Explained:
    """The surrender, explained. `gain` and `capital`: None where they are not known, `text` says why, or how they are made."""

    gain: Decimal | None
    capital: Decimal | None
    text: str
    source: str
    dues: tuple[Due, ...] = ()


def explained(facts: Facts) -> Explained | None:
    """The explanation; None for an envelope of which nothing is said."""
    if facts.envelope in PENSIONS:
        text = "La part imposable d'un PER dépend du compartiment et de la déduction des versements, que la fiche ne dit pas."
        return Explained(None, None, text, "CGI, art. 158, 5-b quinquies")
    if facts.envelope not in CONTRACTS | PLANS:
        return None
    source = _GAIN_SOURCE if facts.envelope in CONTRACTS else _PLAN_SOURCE
    if facts.payments is None or not facts.value or facts.value < facts.surrendered:
        why = facts.why if facts.payments is None else "La valeur du contrat avant l'acte n'est pas connue."
        return Explained(None, None, why, source)
    if facts.envelope in PLANS:
        return _plan(facts, facts.value, facts.payments)
    gain = _pro_rata(facts.surrendered, facts.value, facts.payments)
    return Explained(gain, facts.surrendered - gain, _formula(facts), source, _contract_dues(facts, gain))


def _pro_rata(surrendered: Decimal, value: Decimal, payments: Decimal) -> Decimal:
    """Surrendered − payments × surrendered / value; nothing where the contract has lost."""
    return max(Decimal(0), surrendered - payments * surrendered / value).quantize(_CENT, ROUND_HALF_UP)


def _formula(facts: Facts) -> str:
    said = {name: formats.money(getattr(facts, name), facts.currency) for name in ("surrendered", "payments", "value")}
    return (
        f"Part de gain = rachat − versements × rachat ÷ valeur\u202f: {said['surrendered']} − {said['payments']} × "
        f"{said['surrendered']} ÷ {said['value']}."
    )


def _contract_dues(facts: Facts, gain: Decimal) -> tuple[Due, ...]:
    label, found = "Prélèvements sociaux", levies.levy("assurance_vie", facts.on.year)
    if found is None:
        text = "Les taux d'avant 2018 ne sont pas tenus ici\u202f: aucun montant."
        return (Due(label, text, _LEVY_SOURCE), _contract_tax(facts, gain))
    said = formats.number(found.rate * 100, 1)
    text = f"{said}\u202f% de la part de gain au plus\u202f: le fonds en euros les a déjà supportés chaque année."
    levy = Due(label, text, _LEVY_SOURCE, found.rate, _of(gain, found.rate), most=True)
    return (levy, _contract_tax(facts, gain))


def _contract_tax(facts: Facts, gain: Decimal) -> Due:
    label = "Impôt sur le revenu"
    if not gain:
        return Due(label, "Aucun gain, aucun impôt.", _TAX_SOURCE, None, Decimal(0))
    if facts.begun is None or facts.first_paid is None:
        return Due(label, "L'âge du contrat ou la date des versements n'est pas connu\u202f: aucun montant.", _TAX_SOURCE)
    if facts.first_paid < FLAT_SINCE:
        text = "Des versements datent d'avant le 27 septembre 2017\u202f: leur part de gain suit l'ancien régime, aucun montant."
        return Due(label, text, _TAX_SOURCE)
    if _years(facts.begun, facts.on) < _EIGHT:
        text = "12,8\u202f% de la part de gain avant huit ans, ou le barème sur option globale."
        return Due(label, text, _TAX_SOURCE, _FLAT, _of(gain, _FLAT))
    text = (
        "Après huit ans\u202f: abattement annuel de 4\u202f600\u202f€, 9\u202f200\u202f€ pour un couple, tous contrats réunis, "
        "puis 7,5\u202f% jusqu'à 150\u202f000\u202f€ de versements et 12,8\u202f% au-delà. Le montant dépend des autres contrats "
        "du foyer."
    )
    return Due(label, text, _TAX_SOURCE, _REDUCED)


def _plan(facts: Facts, value: Decimal, payments: Decimal) -> Explained:
    young = facts.begun is not None and _years(facts.begun, facts.on) < _FIVE
    if young:
        gain = max(Decimal(0), value - payments)
        text = "Avant cinq ans le retrait clôt le plan\u202f: son gain entier est imposé, valeur moins versements."
        said = "12,8\u202f% du gain du plan, ou le barème sur option."
        tax = Due("Impôt sur le revenu", said, _PLAN_SOURCE, _FLAT, _of(gain, _FLAT))
        return Explained(gain, None, text, _PLAN_SOURCE, (_plan_levy(facts, gain), tax))
    gain = _pro_rata(facts.surrendered, value, payments)
    if facts.begun is None:
        tax = Due("Impôt sur le revenu", "La date d'ouverture n'est pas connue\u202f: aucun montant.", _PLAN_SOURCE)
    else:
        tax = Due("Impôt sur le revenu", "Exonéré après cinq ans.", _PLAN_SOURCE, None, Decimal(0))
    return Explained(gain, facts.surrendered - gain, _formula(facts), _PLAN_SOURCE, (_plan_levy(facts, gain), tax))


def _plan_levy(facts: Facts, gain: Decimal) -> Due:
    label = "Prélèvements sociaux"
    found = levies.levy("pea", facts.on.year)
    if facts.begun is None or facts.begun < ONE_RATE_SINCE or found is None:
        text = "Plan ouvert avant 2018, ou à une date inconnue\u202f: les gains anciens suivent d'autres taux, aucun montant."
        return Due(label, text, _LEVY_SOURCE)
    said = formats.number(found.rate * 100, 1)
    return Due(label, f"{said}\u202f% du gain, taux du jour du retrait.", _LEVY_SOURCE, found.rate, _of(gain, found.rate))


def _of(gain: Decimal, rate: Decimal) -> Decimal:
    return (gain * rate).quantize(_CENT, ROUND_HALF_UP)


def _years(begun: date, on: date) -> int:
    return on.year - begun.year - ((on.month, on.day) < (begun.month, begun.day))
