"""What goes in and out of the accounts' services: frozen, with no row inside; and the rules of roles."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.accounts.envelopes import HOLDING_ROLES
from core.accounts.envelopes import ROLES
from core.db.errors import DomainError
from core.hooks.types import AccountRef

#: Contracts with an insured person and a beneficiary clause (domain.md §2.2, «Life-insurance-like»).
INSURED = frozenset({
    "ASSURANCE_VIE", "PER_INDIVIDUEL", "PER_COLLECTIF", "PER_OBLIGATOIRE", "PERP", "MADELIN", "ARTICLE_83", "PREFON",
    "PREVOYANCE", "TONTINE",
})  # fmt: skip
#: Held by one natural person alone (domain.md §2.2: PEA, PER, regulated savings).
PERSONAL = frozenset({
    "PEA", "PEA_JEUNE", "PEA_PME", "PER_INDIVIDUEL", "PERP", "LIVRET_A", "LDDS", "LEP", "LIVRET_JEUNE", "CEL", "PEL",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Role:
    """A contact's role on an account, as it is written. `share` is a ratio; beneficiaries have rank and clause."""

    contact_id: str
    role: str
    rank: int = 1
    share: Decimal | None = None
    clause: str | None = None
    accepted_on: date | None = None


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role as it is read. `visible`: whether the reader may open the contact's file."""

    contact_id: str
    name: str
    role: str
    rank: int
    share: Decimal | None
    clause: str | None
    accepted_on: date | None
    visible: bool

    @property
    def role_label(self) -> str:
        """«Souscripteur»."""
        return ROLES.get(self.role, self.role)


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account's page: the reference that plugins see, and what only the page shows."""

    ref: AccountRef
    company_id: str
    depositary: str
    distributor: str | None
    management_mode: str
    origin: str
    effect_on: date | None
    matures_on: date | None
    closed_on: date | None
    delegated: bool
    roles: tuple[RoleLine, ...]
    depositary_id: str = ""
    distributor_id: str | None = None
    product_id: str | None = None
    fees: tuple[tuple[str, Decimal | None], ...] = ()
    tax_option: str = ""
    settlement: str = ""
    introducer_code: str = ""
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PositionLine:
    """What an account holds of a support. `weight` and `gain_ratio` are ratios; None where not known."""

    support_id: str
    label: str
    isin: str | None
    type: str
    sri: int | None
    pocket: str
    quantity: Decimal | None
    price: Decimal | None
    price_on: date | None
    value: Decimal
    cost: Decimal | None
    currency: str
    weight: Decimal | None

    @property
    def gain(self) -> Decimal | None:
        """Value less cost."""
        return None if self.cost is None else self.value - self.cost

    @property
    def gain_ratio(self) -> Decimal | None:
        """Gain on cost."""
        return None if not self.cost or self.gain is None else self.gain / self.cost


@dataclass(frozen=True, slots=True)
class Holdings:
    """All positions of one day."""

    on: date | None
    lines: tuple[PositionLine, ...]
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class MovementLine:
    """An accounting fact of an account. `transaction_id`: the act that it is of, where that was asked for."""

    id: str
    on: date
    kind: str
    label: str
    amount: Decimal
    quantity: Decimal | None
    currency: str
    source: str
    support: str | None
    transaction_id: str | None = None


@dataclass(frozen=True, slots=True)
class ValuationLine:
    """What an account was worth on a day, and who said so."""

    on: date
    value: Decimal
    net_payments: Decimal | None
    source: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a filter offers."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to create. `depositary_id` is the company itself where it is None."""

    envelope: str
    number: str
    title: str
    company_id: str
    roles: Sequence[Role]
    depositary_id: str | None = None
    distributor_id: str | None = None
    product_id: str | None = None
    currency: str = "EUR"
    state: str = "OUVERT"
    management_mode: str = "LIBRE"
    opened_on: date | None = None
    effect_on: date | None = None
    matures_on: date | None = None
    closed_on: date | None = None
    origin: str = "MANUEL"
    value: Decimal | None = None
    value_on: date | None = None
    net_payments: Decimal | None = None
    data_as_of: date | None = None
    freshness: str = "JAMAIS"
    pledged: bool = False
    delegated: bool = False
    accepted_beneficiary: bool = False
    advance_running: bool = False
    blocked: str | None = None
    fee_entry: Decimal | None = None
    fee_euro: Decimal | None = None
    fee_units: Decimal | None = None
    fee_switch: Decimal | None = None
    fee_exit: Decimal | None = None
    tax_option: str = ""
    settlement: str = ""
    introducer_code: str = ""


@dataclass(frozen=True, slots=True)
class NewPosition:
    """A position to store. Euro funds and cash have a value alone."""

    support_id: str
    value: Decimal
    quantity: Decimal | None = None
    price: Decimal | None = None
    price_on: date | None = None
    cost: Decimal | None = None
    currency: str = "EUR"
    pocket: str = ""


def check_roles(envelope: str, roles: Sequence[Role], kinds: Mapping[str, str]) -> None:
    """Whether these roles may stand together; `kinds` maps contact id → kind. Raises `DomainError`.

    domain.md §2.1, §2.2: somebody holds; insured and beneficiaries on insurance alone; personal envelopes have one
    natural holder; bare ownership and usufruct go together; a rank's shares stay within 100 %.
    """
    pairs = [(role.contact_id, role.role) for role in roles]
    if len(set(pairs)) != len(pairs):
        raise DomainError("Une personne tient deux fois le même rôle sur ce compte.")
    for role in roles:
        _check_role(envelope, role, kinds)
    held = [role.role for role in roles]
    holders = {role.contact_id for role in roles if role.role in HOLDING_ROLES}
    if not holders:
        raise DomainError("Un compte a au moins un souscripteur ou un titulaire.")
    for alone, beside in (("SOUSCRIPTEUR", "CO_SOUSCRIPTEUR"), ("TITULAIRE", "CO_TITULAIRE")):
        if held.count(alone) > 1 or (beside in held and alone not in held):
            raise DomainError(f"Un compte a un seul «{ROLES[alone]}» ; les autres sont «{ROLES[beside]}».")
    if ("NU_PROPRIETAIRE" in held) != ("USUFRUITIER" in held):
        raise DomainError("Un démembrement réunit au moins un nu-propriétaire et un usufruitier.")
    if envelope in PERSONAL and len(holders) > 1:
        raise DomainError("Cette enveloppe n'a qu'un titulaire.", field="roles")
    _check_shares(roles)


def _check_role(envelope: str, role: Role, kinds: Mapping[str, str]) -> None:
    kind = kinds.get(role.contact_id)
    if role.role not in ROLES:
        raise DomainError(f"Rôle inconnu : {role.role}.")
    if kind is None or kind == "FOYER":
        raise DomainError("Un rôle est tenu par une personne physique ou morale du cabinet, pas par un foyer.")
    if role.role in ("ASSURE", "BENEFICIAIRE") and envelope not in INSURED:
        raise DomainError(f"Cette enveloppe n'a pas de rôle «{ROLES[role.role]}».")
    if role.role == "ASSURE" and kind != "PERSONNE_PHYSIQUE":
        raise DomainError("L'assuré est une personne physique.")
    if role.role in HOLDING_ROLES and envelope in PERSONAL and kind != "PERSONNE_PHYSIQUE":
        raise DomainError("Cette enveloppe est réservée aux personnes physiques.")
    if role.role != "BENEFICIAIRE" and (role.clause or role.accepted_on):
        raise DomainError("Seul un bénéficiaire a une clause ou une acceptation.")
    if role.rank < 1 or (role.share is not None and not 0 < role.share <= 1):
        raise DomainError("Un rang commence à 1 ; une part va de 0 à 100 %.")


def _check_shares(roles: Sequence[Role]) -> None:
    sums: dict[tuple[str, int], Decimal] = {}
    for role in roles:
        if role.share is not None:
            key = (role.role, role.rank)
            sums[key] = sums.get(key, Decimal(0)) + role.share
    if any(total > 1 for total in sums.values()):
        raise DomainError("Les parts d'un même rang dépassent 100 %.")


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the journal keeps them: JSON, exact decimals as text, nothing that is empty."""
    return {
        name: value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
        for name, value in values.items()
        if value is not None and value != ""
    }
