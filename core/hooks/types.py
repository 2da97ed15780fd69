"""What passes between core and plugins: frozen, typed, with no row, request or application inside.

This module imports nothing of core but the error words: every floor may import it. The word beside each field goes
into docs/hooks.md. Since 1.0.
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

    user_id: str  #: the person's id
    cabinet_id: int  #: the cabinet they belong to
    name: str  #: first and last name
    email: str  #: what they sign in with
    role: str  #: ADMINISTRATEUR, CONSEILLER or ASSISTANT
    permissions: frozenset[str]  #: what they may do

    def can(self, permission: str) -> bool:
        """Whether this person holds the permission."""
        return permission in self.permissions


@dataclass(frozen=True, slots=True)
class PartnerState:
    """What a partner plugin may show without asking anyone: read once a request.

    `kind`: active, pending (mandate under way), inactive (no mandate), down (breaker open).
    """

    kind: Literal["active", "pending", "inactive", "down"]  #: how the link stands
    note: str | None = None  #: a French word on it, for the icon's note
    due: date | None = None  #: when the next step is due
    since: datetime | None = None  #: since when it stands so


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, for which cabinet, with which settings. The first argument of every hook.

    `plugin`, `settings`, `partner` are those of the plugin called; the hub fills them in.
    `deadline` is on the monotonic clock; None: no limit set.
    """

    cabinet_id: int  #: the cabinet
    cabinet_slug: str  #: its name in addresses
    principal: Adviser | None  #: who asks; None in jobs and events
    enabled: tuple[str, ...]  #: the cabinet's enabled plugins, in its order
    locale: str = "fr"  #: the language of what people read
    plugin: str = ""  #: the plugin called
    settings: Mapping[str, Any] = field(default_factory=dict)  #: its settings for the cabinet, typed and with defaults
    partner: PartnerState | None = None  #: where its partner link stands; None without one
    deadline: float | None = None  #: when the call is given up
    sid_hash: str = ""  #: the session's name, hashed
    paused: frozenset[str] = frozenset()  #: «plugin:hook» now paused for repeated failures
    failing: frozenset[str] = frozenset()  #: «plugin:hook» with a failure to forget at the next success
    #: its logger: ids and codes only, no client's data
    logger: logging.Logger = field(default_factory=lambda: logging.getLogger("encours"))
    configured: Mapping[str, Any] = field(default_factory=dict)  #: stored settings by plugin (the hub's)
    partners: Callable[[], Mapping[str, PartnerState]] = dict  #: where each partner link stands (the hub's)
    prepared: dict[str, Context] = field(default_factory=dict, compare=False, repr=False)  #: what the hub made already, by plugin

    def can(self, permission: str) -> bool:
        """Whether the principal holds the permission; False for nobody."""
        return self.principal is not None and self.principal.can(permission)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds an account, with what bears on what may be done."""

    id: str  #: the contact's id
    name: str  #: as shown
    kind: str  #: PERSONNE_PHYSIQUE, PERSONNE_MORALE or FOYER
    role: str = "SOUSCRIPTEUR"  #: in which quality: SOUSCRIPTEUR, CO_SOUSCRIPTEUR, TITULAIRE…
    protection: str = "AUCUNE"  #: legal protection: AUCUNE, TUTELLE, CURATELLE…
    vital: str = "VIVANT"  #: VIVANT or DECEDE


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An account as plugins see it. `plugin` and `link_ref` name the partner link that serves it, if any."""

    id: str  #: the account's id
    cabinet_id: int  #: its cabinet
    number: str  #: the contract's number, as the company writes it
    title: str  #: the product's commercial name
    envelope: str  #: the envelope's code: ASSURANCE_VIE, PER…
    envelope_label: str  #: its French name
    state: str  #: OUVERT, CLOTURE, DENOUE_DECES…
    company: str  #: the company's name
    company_code: str  #: its code, as in `Partner.companies`
    product: str | None  #: the product's name, where known
    currency: str  #: ISO 4217
    value: Decimal | None  #: last known value
    value_on: date | None  #: the day of that value
    holders: tuple[Holder, ...] = ()  #: who holds it
    plugin: str | None = None  #: the partner link that serves it
    link_ref: str | None = None  #: how that partner names it, where it is not the number
    pledged: bool = False  #: it is pledged to a creditor
    accepted_beneficiary: bool = False  #: a beneficiary has accepted: their consent is needed
    advance_running: bool = False  #: an advance is being paid back
    blocked: str | None = None  #: why the cabinet or the company blocks it: OPPOSITION, SUCCESSION…
    opened_on: date | None = None  #: when it was opened
    data_as_of: date | None = None  #: the day of the company's last data
    freshness: str = "JAMAIS"  #: how old these are: A_JOUR, ANCIEN, EN_ERREUR or JAMAIS
    net_payments: Decimal | None = None  #: paid in less taken out
    archived: bool = False  #: the cabinet put it away: in no list nor total, nothing is done on it

    @property
    def label(self) -> str:
        """How a person calls it: «Himalia HIM0012345»."""
        return f"{self.title} {self.number}"


@dataclass(frozen=True, slots=True)
class TransactionRef:
    """A transaction as plugins see it. `status` is None for what nobody follows: neither a partner link nor a person here."""

    id: str  #: the transaction's id
    reference: str  #: how people and the partner call it
    account_id: str  #: its account
    plugin: str | None  #: the partner link that it was initiated through
    origin: str  #: PARTENAIRE (through a link), SAISIE (typed) or IMPORT
    act: str  #: the act's code
    act_label: str  #: its French name
    nature: str  #: the act's nature: rachat, versement, arbitrage…
    status: str | None  #: initiated, opened, pending, validated, rejected, cancelled, abandoned, unknown, executed_here
    status_label: str | None  #: its French name
    status_at: datetime | None  #: since when
    reason_text: str | None  #: why it was refused, in the partner's words
    partner_ref: str | None  #: the partner's own number
    amount: Decimal | None  #: where one is known
    currency: str  #: ISO 4217
    created_at: datetime  #: when it was begun or typed


@dataclass(frozen=True, slots=True)
class AccountAction:
    """An entry of the icon's menu. A greyed one always has a reason (NX-03)."""

    key: str  #: the act's code
    label: str  #: what the menu says
    icon: str = "file-text"  #: a name of the icon set
    enabled: bool = True  #: it may be launched now
    reason: str | None = None  #: why it is greyed
    remedy: str | None = None  #: who can do what about it
    remedy_url: str | None = None  #: where
    reason_code: str | None = None  #: the reason's code (interfaces.md), for programs
    nature: str = "other"  #: the act's nature, for guards and «same nature in progress»
    decision_id: str | None = None  #: the partner's own name for this answer, for traces
    accepts_prefill: bool = False  #: the partner takes values typed here
    acr: str | None = None  #: the sign-in strength that the partner asks for
    retry: bool = False  #: the reason may pass: «Réessayer» makes sense
    mode: Literal["launch", "form"] = "launch"  #: done at the partner, or typed here step by step


@dataclass(frozen=True, slots=True)
class TransactionType:
    """An entry of Transactions > Ajouter. `mode`: launch (at the partner) or form (typed here)."""

    key: str  #: the act's code
    label: str  #: what the list says
    nature: str  #: the act's nature
    icon: str = "file-text"  #: a name of the icon set
    enabled: bool = True  #: it may be added now
    reason: str | None = None  #: why it is greyed
    remedy: str | None = None  #: who can do what about it
    remedy_url: str | None = None  #: where
    reason_code: str | None = None  #: the reason's code
    mode: Literal["launch", "form"] = "launch"  #: launched at the partner, or typed in a form
    form_url: str | None = None  #: that form's address, for a page of the plugin's own; None: a journey (`start_transaction`)
    decision_id: str | None = None  #: the partner's own name for this answer
    accepts_prefill: bool = False  #: the partner takes values typed here
    acr: str | None = None  #: the sign-in strength that the partner asks for
    retry: bool = False  #: the reason may pass


@dataclass(frozen=True, slots=True)
class Guard:
    """A local rule's word on an act: block greys it; warn lets it pass with a typed, audited reason."""

    level: Literal["block", "warn"]  #: greyed, or passed with a typed reason
    code: str  #: the reason's code
    text: str  #: what the person reads
    remedy: str | None = None  #: who can do what about it
    remedy_url: str | None = None  #: where


@dataclass(frozen=True, slots=True)
class Badge:
    """The partner's icon on a row. `state` as in `PartnerState.kind`."""

    plugin: str  #: the partner link
    text: str  #: the letter or two in the icon
    label: str  #: the partner's name, for the accessible name
    state: str  #: as in `PartnerState.kind`
    note: str | None = None  #: a word on it, in the icon's note


@dataclass(frozen=True, slots=True)
class AccountNote:
    """What a plugin has to say of an account, above each of its pages: a pledge that no longer covers its loan."""

    key: str  #: the note's name
    text: str  #: what the person reads
    kind: Literal["info", "warning", "danger"] = "info"  #: how it looks
    title: str = ""  #: a heading above the text
    endpoint: str = ""  #: where «Voir» leads, an endpoint of the plugin; empty: nowhere
    values: Mapping[str, str] = field(default_factory=dict)  #: the endpoint's arguments


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a contributed column. `kind` picks the badge's look; None: quiet text.

    `explain` is what a click on a quiet cell says.
    """

    text: str  #: what is shown
    kind: str | None = None  #: the badge's look: neutral, info, success, warning or danger
    detail: str | None = None  #: a second line
    explain: str | None = None  #: what a click on a quiet cell says


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a plugin adds to a table of transactions, with the cells it knows, by transaction id."""

    key: str  #: the column's name
    label: str  #: its heading
    cells: Mapping[str, Cell] = field(default_factory=dict)  #: by transaction id


@dataclass(frozen=True, slots=True)
class Intent:
    """An act that an adviser picked, ready to be handed over or typed here. `claims` are the launch's (PLP-076)."""

    launch_id: str  #: the launch's or journey's name, as the partner gets it: the idempotency key
    transaction_ref: str | None  #: the transaction it will become; None for a mere consultation
    act: str  #: the act's code
    claims: Mapping[str, Any]  #: what the token will say


@dataclass(frozen=True, slots=True)
class Launch:
    """How the browser goes to the partner: a GET form to `action`, and the origins that it crosses (PLP-060)."""

    action: str  #: where the form goes
    params: tuple[tuple[str, str], ...]  #: its fields, in order
    origins: tuple[str, ...]  #: all origins that the browser crosses


@dataclass(frozen=True, slots=True)
class Module:
    """An entry of the module bar. `endpoint` is a Flask endpoint of the plugin's blueprint."""

    key: str  #: the entry's name
    label: str  #: what the bar says
    endpoint: str  #: where it leads, an endpoint of the plugin
    icon: str | None = None  #: a name of the icon set
    weight: int = 100  #: smaller comes first
    permission: str | None = None  #: who sees it; None: everyone


@dataclass(frozen=True, slots=True)
class ContactSection:
    """A page of a contact's file. `rubric`: dossier, patrimoine, conformite, portefeuille, autres."""

    key: str  #: the entry's name
    label: str  #: what the tab says
    rubric: str  #: under which of the five rubrics
    endpoint: str  #: where it leads; it gets `contact_id`
    weight: int = 100  #: smaller comes first
    permission: str | None = None  #: who sees it; None: everyone


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One line of the quick search: `endpoint` with `values` is where it leads; `detail` tells it from its likes."""

    key: str  #: the hit's name, its id
    title: str  #: what is found
    endpoint: str  #: where it leads
    values: Mapping[str, str] = field(default_factory=dict)  #: the endpoint's arguments
    detail: str = ""  #: what tells it from its likes
    note: str = ""  #: a short word at the end of the line


@dataclass(frozen=True, slots=True)
class SearchHits:
    """What a provider found, best first. `near`: the words taken instead of those typed; `say`: a word to the person.

    `more`: there are others, listed by `all_endpoint` with `all_values`.
    """

    hits: tuple[SearchHit, ...] = ()  #: best first
    more: bool = False  #: there are others
    near: tuple[str, ...] = ()  #: words taken instead of those typed
    say: str = ""  #: a word to the person
    all_endpoint: str | None = None  #: the page that lists all
    all_values: Mapping[str, str] = field(default_factory=dict)  #: its arguments


@dataclass(frozen=True, slots=True)
class SearchProvider:
    """A group of the quick search. `search(ctx, text, limit)` runs in the guarded lane, by a request of its own."""

    key: str  #: the group's name
    label: str  #: its heading
    search: Callable[[Context, str, int], SearchHits]  #: (context, text, at most) → what was found
    icon: str = "search"  #: a name of the icon set
    weight: int = 100  #: smaller comes first
    permission: str | None = None  #: who is answered; None: everyone


@dataclass(frozen=True, slots=True)
class QuickAction:
    """An entry of the quick menu «+» and of the palette."""

    key: str  #: the entry's name
    label: str  #: what the menu says
    endpoint: str  #: where it leads
    icon: str = "plus"  #: a name of the icon set
    weight: int = 100  #: smaller comes first
    permission: str | None = None  #: who sees it; None: everyone
    values: Mapping[str, str] = field(default_factory=dict)  #: the endpoint's arguments


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """A page of settings of the plugin's own, in the tree of Services. What its settings schema lets a person set needs none.

    `scope`: for whom what is set there holds, the person or the cabinet. Words and about are what its search reads.
    """

    key: str  #: the entry's name
    label: str  #: what the tree says
    endpoint: str  #: where it leads
    #: under which title
    group: Literal["compte", "personnalisation", "accueil", "modules", "messagerie", "partenaires"] = "modules"
    about: str = ""  #: what one sets there, in a sentence
    keywords: tuple[str, ...] = ()  #: other words by which it is looked for
    scope: Literal["cabinet", "user"] = "user"  #: for whom it holds
    weight: int = 100  #: smaller comes first
    permission: str | None = None  #: who sees it; None: everyone
    values: Mapping[str, str] = field(default_factory=dict)  #: the endpoint's arguments


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a partner's activation. `state`: done, current, todo, failed."""

    key: str  #: the step's name
    label: str  #: what it is called
    state: Literal["done", "current", "todo", "failed"]  #: how far it is
    on: date | None = None  #: the day it was done
    text: str | None = None  #: a word on it
    endpoint: str | None = None  #: the page that does it


@dataclass(frozen=True, slots=True)
class Probe:
    """What a try of the connection found. `text` says it in a sentence, and what to do where it is not well."""

    ok: bool  #: whether the partner answered as it should
    text: str  #: a French sentence
