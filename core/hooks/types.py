"""What passes between core and plugins: frozen, typed, with no row, request or application inside.

This module imports nothing of core but the error words: every floor may import it. Since 1.0.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any
from typing import Literal


@dataclass(frozen=True, slots=True)
class Adviser:
    """A principal: a person of the cabinet, signed in. `permissions` are names such as `contacts.view`."""

    user_id: str
    cabinet_id: int
    name: str
    email: str
    role: str
    permissions: frozenset[str]

    def can(self, permission: str) -> bool:
        """Whether this person holds the permission."""
        return permission in self.permissions


@dataclass(frozen=True, slots=True)
class PartnerState:
    """What a partner plugin may show without asking anyone: read once a request.

    `kind`: active, pending (mandate under way), inactive (no mandate), down (breaker open).
    """

    kind: Literal["active", "pending", "inactive", "down"]
    note: str | None = None
    due: date | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, for which cabinet, with which settings. The first argument of every hook.

    `plugin`, `settings`, `partner` are those of the plugin called; the hub fills them in.
    `deadline` is on the monotonic clock; None: no limit set.
    """

    cabinet_id: int
    cabinet_slug: str
    principal: Adviser | None
    enabled: tuple[str, ...]
    locale: str = "fr"
    plugin: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    partner: PartnerState | None = None
    deadline: float | None = None
    sid_hash: str = ""
    #: «plugin:hook» now paused for repeated failures; and those with a failure to forget at the next success.
    paused: frozenset[str] = frozenset()
    failing: frozenset[str] = frozenset()
    logger: logging.Logger = field(default_factory=lambda: logging.getLogger("encours"))
    #: Stored settings by plugin, and where each partner link stands: the hub takes each plugin's own.
    configured: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    partners: Callable[[], Mapping[str, PartnerState]] = dict
    prepared: dict[str, Context] = field(default_factory=dict, compare=False, repr=False)

    def can(self, permission: str) -> bool:
        """Whether the principal holds the permission; False for nobody."""
        return self.principal is not None and self.principal.can(permission)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds an account, with what bears on what may be done."""

    id: str
    name: str
    kind: str
    role: str = "SOUSCRIPTEUR"
    protection: str = "AUCUNE"
    vital: str = "VIVANT"


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An account as plugins see it. `plugin` and `link_ref` name the partner link that serves it, if any."""

    id: str
    cabinet_id: int
    number: str
    title: str
    envelope: str
    envelope_label: str
    state: str
    company: str
    company_code: str
    product: str | None
    currency: str
    value: Decimal | None
    value_on: date | None
    holders: tuple[Holder, ...] = ()
    plugin: str | None = None
    link_ref: str | None = None
    pledged: bool = False
    accepted_beneficiary: bool = False
    advance_running: bool = False
    blocked: str | None = None
    opened_on: date | None = None
    data_as_of: date | None = None
    freshness: str = "JAMAIS"
    net_payments: Decimal | None = None

    @property
    def label(self) -> str:
        """How a person calls it: «Himalia HIM0012345»."""
        return f"{self.title} {self.number}"


@dataclass(frozen=True, slots=True)
class TransactionRef:
    """A transaction as plugins see it. `status` is None for what was not initiated through a partner link."""

    id: str
    reference: str
    account_id: str
    plugin: str | None
    origin: str
    act: str
    act_label: str
    nature: str
    status: str | None
    status_label: str | None
    status_at: datetime | None
    reason_text: str | None
    partner_ref: str | None
    amount: Decimal | None
    currency: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AccountAction:
    """An entry of the icon's menu. A greyed one always has a reason (NX-03)."""

    key: str
    label: str
    icon: str = "file-text"
    enabled: bool = True
    reason: str | None = None
    remedy: str | None = None
    remedy_url: str | None = None
    reason_code: str | None = None
    nature: str = "other"
    decision_id: str | None = None
    accepts_prefill: bool = False
    acr: str | None = None
    retry: bool = False


@dataclass(frozen=True, slots=True)
class TransactionType:
    """An entry of Transactions > Ajouter. `mode`: launch (at the partner) or form (typed here)."""

    key: str
    label: str
    nature: str
    icon: str = "file-text"
    enabled: bool = True
    reason: str | None = None
    remedy: str | None = None
    remedy_url: str | None = None
    reason_code: str | None = None
    mode: Literal["launch", "form"] = "launch"
    form_url: str | None = None
    decision_id: str | None = None
    accepts_prefill: bool = False
    acr: str | None = None
    retry: bool = False


@dataclass(frozen=True, slots=True)
class Guard:
    """A local rule's word on an act: block greys it; warn lets it pass with a typed, audited reason."""

    level: Literal["block", "warn"]
    code: str
    text: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Badge:
    """The partner's icon on a row. `state` as in `PartnerState.kind`."""

    plugin: str
    text: str
    label: str
    state: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a contributed column. `kind` picks the badge's look; None: quiet text.

    `explain` is what a click on a quiet cell says.
    """

    text: str
    kind: str | None = None
    detail: str | None = None
    explain: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a plugin adds to a table of transactions, with the cells it knows, by transaction id."""

    key: str
    label: str
    cells: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Intent:
    """An act that an adviser picked, ready to be handed over. `claims` are the launch's (PLP-076)."""

    launch_id: str
    transaction_ref: str | None
    act: str
    claims: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Launch:
    """How the browser goes to the partner: a GET form to `action`, and the origins that it crosses (PLP-060)."""

    action: str
    params: tuple[tuple[str, str], ...]
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Module:
    """An entry of the module bar. `endpoint` is a Flask endpoint of the plugin's blueprint."""

    key: str
    label: str
    endpoint: str
    icon: str | None = None
    weight: int = 100
    permission: str | None = None


@dataclass(frozen=True, slots=True)
class ContactSection:
    """A page of a contact's file. `rubric`: dossier, patrimoine, conformite, portefeuille, autres."""

    key: str
    label: str
    rubric: str
    endpoint: str
    weight: int = 100
    permission: str | None = None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One line of the quick search: `endpoint` with `values` is where it leads; `detail` tells it from its likes."""

    key: str
    title: str
    endpoint: str
    values: Mapping[str, str] = field(default_factory=dict)
    detail: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SearchHits:
    """What a provider found, best first. `near`: the words taken instead of those typed; `say`: a word to the person.

    `more`: there are others, listed by `all_endpoint` with `all_values`.
    """

    hits: tuple[SearchHit, ...] = ()
    more: bool = False
    near: tuple[str, ...] = ()
    say: str = ""
    all_endpoint: str | None = None
    all_values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchProvider:
    """A group of the quick search. `search(ctx, text, limit)` runs in the guarded lane, by a request of its own."""

    key: str
    label: str
    search: Callable[[Context, str, int], SearchHits]
    icon: str = "search"
    weight: int = 100
    permission: str | None = None


@dataclass(frozen=True, slots=True)
class QuickAction:
    """An entry of the quick menu «+» and of the palette."""

    key: str
    label: str
    endpoint: str
    icon: str = "plus"
    weight: int = 100
    permission: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a partner's activation. `state`: done, current, todo, failed."""

    key: str
    label: str
    state: Literal["done", "current", "todo", "failed"]
    on: date | None = None
    text: str | None = None
    endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class TransactionStatusChanged:
    """After commit: a transaction's status moved."""

    transaction_id: str
    reference: str
    account_id: str
    before: str | None
    after: str
    label: str


@dataclass(frozen=True, slots=True)
class MandateChanged:
    """After commit: the cabinet's mandate at a partner moved."""

    plugin: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PluginEnabled:
    """After commit: a plugin was enabled for the cabinet."""

    plugin: str


Event = TransactionStatusChanged | MandateChanged | PluginEnabled
EVENTS: tuple[type[Event], ...] = (TransactionStatusChanged, MandateChanged, PluginEnabled)


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner that a plugin links to: which accounts are its own, and where its extranet may lie.

    `companies` are company codes; an account is claimed when its company is one of them, its product (when the
    list is not empty) one of `products`, and its folded number matches `number` (a regular expression).
    """

    code: str
    label: str
    badge: str
    companies: tuple[str, ...]
    products: tuple[str, ...] = ()
    number: str = ".+"
    hosts: tuple[str, ...] = ()
