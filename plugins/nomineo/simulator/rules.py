"""What is open on a contract, from the book alone (PLP-044 to PLP-047, PLP-051). Pure."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from . import wording
from .acts import ACTS
from .acts import CONSULTATION
from .acts import Act
from .book import CAPITALISATION
from .book import HIMALIA
from .book import Contract

_OUTFLOWS = (
    "rachat_partiel", "rachat_total", "rachats_programmes_mise_en_place", "rachats_programmes_modification",
)  # fmt: skip
_PLEDGE = (*_OUTFLOWS, "avance", "clause_beneficiaire")
_GUARDED = (*_OUTFLOWS, "avance", "clause_beneficiaire")
_ACCEPTED = (*_OUTFLOWS, "avance")
_ADVANCE = ("avance", "rachat_total")
#: Cents; a contract's own limits come over these.
_MINIMA = {
    "arbitrage": 50_000,
    "versement_complementaire": 100_000,
    "versements_programmes_mise_en_place": 5_000,
    "versements_programmes_modification": 5_000,
    "rachat_partiel": 50_000,
    "rachats_programmes_mise_en_place": 10_000,
    "rachats_programmes_modification": 10_000,
    "avance": 150_000,
}
_MAJORITY = 18


@dataclass(frozen=True, slots=True)
class Pending:
    """A transaction that the company is working on."""

    nature: str
    partner_ref: str
    entered_on: date


@dataclass(frozen=True, slots=True)
class Reason:
    """PLP-046: why an act is not open."""

    code: str
    text: str
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Cents, None where there is none."""

    minimum: int | None
    maximum: int | None


@dataclass(frozen=True, slots=True)
class Decision:
    """One act on one contract: open, or closed with its reason."""

    act: Act
    reason: Reason | None
    limits: Limits

    @property
    def allowed(self) -> bool:
        """Whether it can be entered."""
        return self.reason is None


def evaluate(
    contract: Contract, pending: Sequence[Pending], today: date, scopes: Collection[str] | None = None
) -> list[Decision]:
    """The whole list, in the company's order. `scopes`: the mandate's (PLP-040), None for its own pages.

    Consultation of a closed contract is left to PLP-044's rule: it is open to all that see the contract, and is no
    act that one could still do on it.
    """
    ended = contract.closed_on is not None or contract.deceased
    return [
        decide(act, contract, pending, today, scopes)
        for act in ACTS
        if not (act.code == "option_securisation" and contract.product != HIMALIA)
        and not (act.code == CONSULTATION and ended)
    ]


def decide(
    act: Act, contract: Contract, pending: Sequence[Pending], today: date, scopes: Collection[str] | None = None
) -> Decision:
    """One act."""
    limits = limits_of(act, contract)
    if scopes is not None and f"launch:{act.code}" not in scopes:
        return Decision(act, Reason("act_not_mandated", "Cet acte n'est pas prévu par le mandat du cabinet."), limits)
    if act.code == CONSULTATION:
        return Decision(act, None, limits)
    reason = (
        _ended(contract)
        or _ineligible(act, contract, today)
        or _blocked(act, contract)
        or _plan(act, contract)
        or _same_kind(act, pending)
        or _amounts(limits)
    )
    return Decision(act, reason, limits)


def limits_of(act: Act, contract: Contract) -> Limits:
    """Smallest and largest amount of an act on this contract."""
    own = contract.limits.get(act.code, {})
    minimum = own.get("min", _MINIMA.get(act.code))
    maximum = own.get("max")
    most: int | None = None
    if act.code == "rachat_partiel":
        most = contract.value - contract.minimum
    elif act.code == "avance":
        most = contract.advance_ceiling
    elif act.code == "arbitrage":
        most = contract.value
    if most is not None:
        maximum = most if maximum is None else min(maximum, most)
    return Limits(minimum, maximum)


def _ended(contract: Contract) -> Reason | None:
    if contract.closed_on is not None:
        return Reason("contract_closed", f"Le contrat est clos depuis le {wording.day(contract.closed_on)}.")
    if contract.deceased:
        return Reason("deceased", "Le décès du souscripteur a été déclaré\u202f: le contrat est en cours de règlement.")
    return None


def _ineligible(act: Act, contract: Contract, today: date) -> Reason | None:
    if act.code == "clause_beneficiaire" and contract.product == CAPITALISATION:
        return Reason("product_not_eligible", "Un contrat de capitalisation n'a pas de clause bénéficiaire.")
    if act.code == "option_securisation" and contract.product != HIMALIA:
        return Reason("product_not_eligible", "L'option de sécurisation n'existe que sur Himalia.")
    if act.code == "avance" and contract.legal_person:
        return Reason("holder_type_not_eligible", "L'avance n'est pas ouverte aux personnes morales.")
    if act.code in _GUARDED and (contract.guarded or _is_minor(contract, today)):
        who = "majeur protégé" if contract.guarded else "mineur"
        text = f"Souscripteur {who}\u202f: l'opération demande l'accord de son représentant légal ou du juge."
        return Reason("minor_or_protected_person", text)
    return None


def _is_minor(contract: Contract, today: date) -> bool:
    born = contract.birth_date
    if born is None:
        return False
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < _MAJORITY


def _blocked(act: Act, contract: Contract) -> Reason | None:
    if contract.pledged_to is not None and act.code in _PLEDGE:
        text = f"Contrat nanti au profit de {contract.pledged_to}\u202f: l'accord du créancier est nécessaire."
        return Reason("contract_pledged", text)
    if contract.accepted and act.code in _ACCEPTED:
        return Reason(
            "accepted_beneficiary", "Un bénéficiaire a accepté le contrat\u202f: son accord écrit est nécessaire."
        )
    if contract.advance and act.code in _ADVANCE:
        text = f"Une avance de {wording.money(contract.advance)} est en cours\u202f: elle doit d'abord être remboursée."
        return Reason("advance_running", text)
    if contract.secured and act.code == "option_securisation":
        return Reason("other", "L'option de sécurisation est déjà en place sur ce contrat.")
    return None


def _plan(act: Act, contract: Contract) -> Reason | None:
    kind, _, step = act.code.partition("s_programmes_")
    if not step:
        return None
    plan = contract.plans.get(kind)
    running = plan is not None and plan.running
    name = "versements" if kind == "versement" else "rachats"
    if step == "mise_en_place" and running:
        return Reason("other", f"Des {name} programmés sont déjà en place\u202f: demandez leur modification.")
    if step != "mise_en_place" and not running:
        return Reason("other", f"Aucun plan de {name} programmés n'est en place\u202f: commencez par la mise en place.")
    return None


def _same_kind(act: Act, pending: Sequence[Pending]) -> Reason | None:
    """PLP-051: only what the company itself is working on counts."""
    for other in pending:
        if other.nature == act.nature:
            when = wording.day(other.entered_on)
            text = f"{act.doing} est en cours de traitement\u202f: référence {other.partner_ref}, saisie le {when}."
            return Reason("pending_same_kind", text, other.partner_ref)
    return None


def _amounts(limits: Limits) -> Reason | None:
    if limits.maximum is not None and limits.maximum < (limits.minimum or 1):
        return Reason("amount_limits", "L'épargne disponible est inférieure au minimum de l'opération.")
    return None
