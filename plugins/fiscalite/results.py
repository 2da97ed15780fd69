"""The figures as people read them: the way from income to tax, levies, ceilings, and what is tried beside the present case.

Nothing is reckoned here that the engine answers: its figures are added up and set side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import taxes
from plugins.fiscalite import households
from plugins.fiscalite import kinds
from plugins.fiscalite import retirement
from plugins.fiscalite.services import Declared
from plugins.fiscalite.services import Estimated

ZERO, CENT = Decimal(0), Decimal("0.01")
#: The way from income to tax, as a tax notice goes it: the engine's name, ours, and whether it is taken off.
STEPS: tuple[tuple[str, Any, bool], ...] = (
    ("revenu_categoriel_tspr", _l("Salaires, pensions et retraites, après abattements"), False),
    ("revenu_categoriel_non_salarial", _l("Bénéfices professionnels et location meublée"), False),
    ("revenu_categoriel_foncier", _l("Revenus fonciers"), False),
    ("revenu_categoriel_capital", _l("Capitaux mobiliers imposés au barème"), False),
    ("rbg", _l("Revenu brut global"), False),
    ("csg_patrimoine_deductible_ir", _l("CSG déductible"), True),
    ("charges_deduc", _l("Charges déduites (pensions, PER)"), True),
    ("rni", _l("Revenu net imposable"), False),
    ("ir_ss_qf", _l("Impôt au barème sans les enfants ni les demi-parts"), False),
    ("ir_brut", _l("Impôt au barème avec toutes les parts"), False),
    ("ir_plaf_qf", _l("Impôt après plafonnement du quotient familial"), False),
    ("decote_gain_fiscal", _l("Décote"), True),
    ("ip_net", _l("Impôt après décote"), False),
    ("reductions", _l("Réductions d'impôt"), True),
    ("prelevement_forfaitaire_unique_ir", _l("Prélèvement forfaitaire unique, part de l'impôt"), False),
    ("contribution_exceptionnelle_hauts_revenus", _l("Contribution exceptionnelle sur les hauts revenus"), False),
    ("credits_impot", _l("Crédits d'impôt"), True),
)  # fmt: skip
#: Shown even where they are nothing.
ALWAYS = frozenset({"rbg", "rni", "ir_brut", "ip_net"})
#: What is ticked, and false where nothing was.
FLAGS = tuple(kinds.FLAGS)
SCENARIOS: dict[str, Any] = {
    "present": _l("Situation actuelle"), "child": _l("Un enfant de plus"), "per": _l("Versement sur un PER"),
    "surrender": _l("Rachat d'assurance-vie"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tax:
    """The income tax of a case. `total`: what is due in all, `left`: what is still to be paid (negative: given back)."""

    total: Decimal
    left: Decimal
    paid: Decimal
    parts: Decimal
    marginal: Decimal
    average: Decimal | None
    capped: bool
    gain: Decimal
    steps: tuple[tuple[str, Any, Decimal], ...]


def tax(found: Estimated, facts: Mapping[str, Any]) -> Tax:
    """The income tax out of the engine's figures."""
    values = found.values
    paid = facts.get("prelevement_verse") or ZERO
    left = -values["impot_revenu_restant_a_payer"]
    income = values["rni"]
    average = (values["ip_net"] / income).quantize(Decimal("0.0001"), ROUND_HALF_UP) if income > 0 else None
    steps = tuple(
        (name, label, -values[name] if off else values[name]) for name, label, off in STEPS if values[name] or name in ALWAYS
    )
    return Tax(
        left + paid, left, paid, values["nbptr"], values["ir_taux_marginal"], average,
        values["ir_plaf_qf"] > values["ir_brut"], values["ir_ss_qf"] - values["ir_plaf_qf"], steps,
    )  # fmt: skip


def by_bracket(found: Estimated) -> tuple[Decimal, tuple[Decimal, ...]]:
    """The income of one part, and how much of it lies in each bracket: by the parts that decide the tax."""
    values = found.values
    capped = values["ir_plaf_qf"] > values["ir_brut"]
    parts = values["nb_adult"] if capped else values["nbptr"]
    income = (values["rni"] / parts).quantize(CENT, ROUND_HALF_UP) if parts else ZERO
    assert found.scale is not None, "an estimate that is done has its scale"
    return income, found.scale.parts(income)


@dataclass(frozen=True, slots=True)
class Ifi:
    """The IFI: its base, and what is due. `amount` None: the engine has not answered yet."""

    base: households.Base
    amount: Decimal | None
    gross: Decimal | None = None
    relief: Decimal | None = None


def ifi(base: households.Base | None, found: Estimated | None) -> Ifi | None:
    """The IFI; None where nothing is known to be taxed. Below the threshold nothing is due, and nothing is asked."""
    if base is None:
        return None
    if not base.due:
        return Ifi(base, ZERO)
    if found is None or not found.done:
        return Ifi(base, None)
    values = found.values
    return Ifi(base, values["isf_ifi_avant_plaf"], values["isf_ifi_iai"], values["decote_isf_ifi"])


@dataclass(frozen=True, slots=True)
class LevyLine:
    """Social levies on one kind of income."""

    label: Any
    base: Decimal
    levy: taxes.Levy
    amount: Decimal


def levies(facts: Mapping[str, Any], year: int) -> tuple[LevyLine, ...]:
    """Social levies on what was declared, kind by kind."""
    sums = {
        "dividendes": facts.get("dividendes"), "interets": facts.get("interets"), "plus_values": facts.get("plus_values"),
        "lmnp": _both(facts, "lmnp_reel"), "foncier": _rents(facts),
        "assurance_vie": (facts.get("av_moins_8") or ZERO) + (facts.get("av_plus_8") or ZERO),
    }  # fmt: skip
    lines = []
    for kind, base in sums.items():
        if base and (found := taxes.levy(kind, year)) is not None:
            lines.append(LevyLine(taxes.LEVIES[kind][0], base, found, on(base, found)))
    return tuple(lines)


def on(base: Decimal, levy: taxes.Levy) -> Decimal:
    """The levy on an amount, to the euro."""
    return (base * levy.rate).quantize(Decimal(1), ROUND_HALF_UP)


def _rents(facts: Mapping[str, Any]) -> Decimal:
    micro = (facts.get("foncier_micro") or ZERO) * Decimal("0.7")  # art. 32 CGI: 30 % are taken off
    return (facts.get("foncier_reel") or ZERO) + micro


def _both(facts: Mapping[str, Any], code: str) -> Decimal:
    numbers = (1, 2) if facts.get("situation") in kinds.COUPLE else (1,)
    return sum((facts.get(f"{code}_{number}") or ZERO for number in numbers), ZERO)


@dataclass(frozen=True, slots=True)
class CeilingLine:
    """One adult's ceiling for the PER, and what was paid."""

    number: int
    ceiling: retirement.Ceiling
    paid: Decimal

    @property
    def left(self) -> Decimal | None:
        """What may still be deducted."""
        return None if self.ceiling.total is None else max(ZERO, self.ceiling.total - self.paid)


def ceilings(facts: Mapping[str, Any], year: int) -> tuple[CeilingLine, ...]:
    """Each adult's ceiling."""
    numbers = (1, 2) if facts.get("situation") in kinds.COUPLE else (1,)
    return tuple(CeilingLine(one, retirement.ceiling(facts, one, year), facts.get(f"per_{one}") or ZERO) for one in numbers)


@dataclass(frozen=True, slots=True)
class Column:
    """A case beside the present one. `difference`: of the income tax; `levies`: social levies that it adds."""

    key: str
    label: Any
    found: Estimated | None
    tax: Tax | None
    difference: Decimal | None = None
    levies: Decimal | None = None
    notes: tuple[tuple[Any, Decimal], ...] = ()


def columns(declared: Declared, keys: Mapping[str, str], found: Mapping[str, Estimated]) -> tuple[Column, ...]:
    """The present case, then each that is tried beside it."""
    made: list[Column] = []
    now: Tax | None = None
    for name, key in keys.items():
        if name == households.IFI:
            continue  # its income tax is the present one's
        one = found.get(key)
        own = tax(one, declared.facts) if one is not None and one.done else None
        now = own if name == "present" else now
        difference = own.total - now.total if own is not None and now is not None and name != "present" else None
        levied, notes = _beside(name, declared)
        made.append(Column(name, SCENARIOS[name], one, own, difference, levied, notes))
    return tuple(made)


def _beside(name: str, declared: Declared) -> tuple[Decimal | None, tuple[tuple[Any, Decimal], ...]]:
    if name == "surrender" and (gain := households.gain(declared.what_if)) is not None:
        levy = taxes.levy("assurance_vie", declared.year)
        notes: list[tuple[Any, Decimal]] = [(_l("Rachat"), declared.what_if["surrender"]), (_l("Part de gain"), gain.total)]
        parts = ((_l("dont au barème (primes avant le 27/09/2017)"), gain.old), (_l("dont à 7,5 %, après abattement"), gain.low),
                 (_l("dont à 12,8 %"), gain.high))  # fmt: skip
        notes += [part for part in parts if part[1]]
        return (on(gain.total, levy) if levy is not None else None), tuple(notes)
    if name == "per":
        line = ceilings(declared.facts, declared.year)[0]
        more = declared.what_if["more_per"]
        notes = [(_l("Versement ajouté"), more)]
        if line.left is not None:
            notes.append((_l("dont déductible"), min(more, line.left)))
        return None, tuple(notes)
    return None, ()
