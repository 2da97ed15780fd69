"""What an asset, a value, a rent or a debt must be to be written; what is wrong is said beside its field."""

from __future__ import annotations

from collections.abc import Container
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from core.api import wealth
from core.api.db import DomainError
from core.api.db import today
from plugins.patrimoine import asset_kinds
from plugins.patrimoine.asset_terms import ENJOYED
from plugins.patrimoine.asset_terms import Asset
from plugins.patrimoine.asset_terms import DebtTerms
from plugins.patrimoine.asset_terms import Facts
from plugins.patrimoine.asset_terms import Owner
from plugins.patrimoine.asset_terms import Rent
from plugins.patrimoine.asset_terms import Valuation

#: More than anybody owns or owes: one digit too many was typed.
MOST = Decimal(10) ** 12
OLDEST, FARTHEST = 1900, 2199
#: Square metres: a large forest.
LARGEST = Decimal(10) ** 9
YEARS = 30


def checked(facts: Facts, owners: Sequence[Owner]) -> Facts:
    """The facts, made whole: what its kind has no use for is dropped. Raises `DomainError` with the field."""
    if facts.kind not in asset_kinds.KINDS:
        raise DomainError("Choisissez la nature de l'actif.", field="kind")
    given = _given(facts, owners)
    words(given.label, 120, "Donnez un nom à cet actif.", "label")
    words(given.address, 200, None, "address")
    words(given.remarks, 1000, None, "remarks")
    if given.surface is not None and not 0 < given.surface <= LARGEST:
        raise DomainError("La surface est un nombre positif de mètres carrés.", field="surface")
    past(given.acquired_on, "acquired_on")
    amount(given.price, "price")
    amount(given.costs, "costs")
    if given.ifi is not None and not 0 <= given.ifi <= 1:
        raise DomainError("La part imposable à l'IFI va de 0 à 100\u00a0%.", field="ifi")
    _code(given.mode, asset_kinds.MODES, "mode")
    _code(given.nature, asset_kinds.NATURES, "nature")
    _scheme(given)
    if wrong := wealth.problem([one.ownership for one in owners]):
        raise DomainError(wrong, field="owners")
    until = given.usufruct_until
    if until is not None and not OLDEST <= until.year <= FARTHEST:
        raise DomainError("L'année de la fin de l'usufruit va de 1900 à 2199.", field="usufruct_until")
    if until is not None and given.acquired_on is not None and until <= given.acquired_on:
        raise DomainError("L'usufruit prend fin avant l'acquisition\u202f: vérifiez les deux dates.", field="usufruct_until")
    return given


def _given(facts: Facts, owners: Sequence[Owner]) -> Facts:
    kept = facts
    if not asset_kinds.KINDS[facts.kind].immovable:
        kept = replace(kept, address="", surface=None, scheme="")
    if facts.kind not in asset_kinds.OF_COMPANY:
        kept = replace(kept, company_id=None)
    if not kept.scheme:
        kept = replace(kept, scheme_since=None, scheme_years=None)
    if not any(one.right in ENJOYED for one in owners):
        kept = replace(kept, usufruct_until=None)
    return kept


def _scheme(facts: Facts) -> None:
    _code(facts.scheme, asset_kinds.SCHEMES, "scheme")
    if facts.scheme_since is not None and not OLDEST <= facts.scheme_since.year <= FARTHEST:
        raise DomainError("L'année du début de l'engagement va de 1900 à 2199.", field="scheme_since")
    if facts.scheme_years is not None and not 1 <= facts.scheme_years <= YEARS:
        raise DomainError(f"L'engagement va de 1 à {YEARS} ans.", field="scheme_years")


def value(found: Asset, given: Valuation) -> None:
    """A value of a day that has none yet."""
    _code(given.basis, asset_kinds.BASES, "basis", empty=False)
    past(given.on, "on")
    amount(given.value, "value")
    if any(one.on == given.on for one in found.values):
        raise DomainError("Une valeur est déjà notée ce jour-là\u202f: retirez-la d'abord.", field="on")


def rent(found: Asset, given: Rent) -> None:
    """A letting of property."""
    if not found.kind.immovable:
        raise DomainError("Seul un bien immobilier a des loyers.", field="monthly")
    words(given.tenant, 120, None, "tenant")
    amount(given.monthly, "monthly")
    if given.monthly == 0:
        raise DomainError("Saisissez le loyer mensuel\u202f; un bien vacant n'a pas de loyer à noter.", field="monthly")
    amount(given.charges, "charges")
    amount(given.property_tax, "property_tax")
    if not 0 <= given.vacancy < 1:
        raise DomainError("La vacance va de 0 à moins de 100\u00a0%.", field="vacancy")
    for name in ("since", "until"):
        on = getattr(given, name)
        if on is not None and not OLDEST <= on.year <= FARTHEST:
            raise DomainError("L'année va de 1900 à 2199.", field=name)
    if given.until is not None and given.until < given.since:
        raise DomainError("La location se termine avant d'avoir commencé\u202f: vérifiez les deux dates.", field="until")


def disposal(found: Asset, on: date, why: str) -> None:
    """The end of an ownership."""
    _code(why, asset_kinds.DISPOSALS, "why", empty=False)
    past(on, "on")
    if found.facts.acquired_on is not None and on < found.facts.acquired_on:
        raise DomainError("Cette date précède l'acquisition\u202f: vérifiez-la.", field="on")


def debt(terms: DebtTerms, owners: Sequence[Owner]) -> None:
    """A debt or a surety."""
    _code(terms.kind, asset_kinds.DEBT_KINDS, "kind", empty=False)
    words(terms.label, 120, "Dites de quoi il s'agit.", "label")
    words(terms.creditor, 120, "Saisissez le nom du créancier.", "creditor")
    words(terms.remarks, 1000, None, "remarks")
    amount(terms.amount, "amount")
    if terms.amount == 0:
        raise DomainError("Le montant est positif\u202f; une dette éteinte se solde.", field="amount")
    past(terms.amount_on, "amount_on")
    past(terms.since, "since")
    if terms.due_on is not None and not OLDEST <= terms.due_on.year <= FARTHEST:
        raise DomainError("L'année de l'échéance va de 1900 à 2199.", field="due_on")
    if terms.since and terms.due_on and terms.due_on < terms.since:
        raise DomainError("L'échéance précède le début de la dette\u202f: vérifiez les deux dates.", field="due_on")
    if any(one.right != "PLEINE_PROPRIETE" for one in owners):
        raise DomainError("Une dette n'est pas démembrée\u202f: chacun en doit une part.", field="owners")
    if wrong := wealth.problem([one.ownership for one in owners]):
        said = {"Indiquez au moins un propriétaire.": "Indiquez au moins une personne qui doit."}
        total = sum((one.share for one in owners), Decimal(0))
        if owners and total != 1 and all(0 < one.share <= 1 for one in owners):
            percent = f"{(total * 100).normalize():f}".replace(".", ",")
            raise DomainError(f"Les parts font ensemble {percent}\u00a0%\u202f: il faut 100\u00a0%.", field="owners")
        raise DomainError(said.get(wrong, wrong), field="owners")


def past(on: date | None, field: str) -> None:
    """A day that was: not before 1900, not in the future."""
    if on is not None and on.year < OLDEST:
        raise DomainError("L'année ne précède pas 1900\u202f: vérifiez la date.", field=field)
    if on is not None and on > today():
        raise DomainError("Cette date est dans le futur\u202f: vérifiez-la.", field=field)


def amount(given: Decimal | None, field: str) -> None:
    """An amount that is known: not negative, not out of this world."""
    if given is not None and given < 0:
        raise DomainError("Un montant négatif n'a pas de sens ici.", field=field)
    if given is not None and given > MOST:
        raise DomainError("Ce montant dépasse mille milliards d'euros\u202f: vérifiez-le.", field=field)


def words(given: str, most: int, missing: str | None, field: str) -> None:
    """Words of a length; `missing`: what is said where they must be there."""
    if missing is not None and not given:
        raise DomainError(missing, field=field)
    if len(given) > most:
        raise DomainError(f"{most} caractères au plus.", field=field)


def _code(given: str, known: Container[str], field: str, *, empty: bool = True) -> None:
    if not (given == "" and empty) and given not in known:
        raise DomainError("Choisissez une valeur de la liste.", field=field)
