"""What happened, as plugins are told after commit: frozen, typed; a leaf like `core.hooks.types`. Since 1.0."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TransactionStatusChanged:
    """After commit: a transaction's status moved."""

    transaction_id: str  #: the transaction's id
    reference: str  #: its reference
    account_id: str  #: its account
    before: str | None  #: the status until now; None: it has just begun
    after: str  #: the new one
    label: str  #: its French name


@dataclass(frozen=True, slots=True)
class MandateChanged:
    """After commit: the cabinet's mandate at a partner moved."""

    plugin: str  #: the partner link
    before: str  #: the mandate's state until now
    after: str  #: the new one


@dataclass(frozen=True, slots=True)
class PluginEnabled:
    """After commit: a plugin was enabled for the cabinet."""

    plugin: str  #: its name


@dataclass(frozen=True, slots=True)
class ContactMerged:
    """After commit: two contacts' files became one; what is declared by `references` follows by itself."""

    contact_id: str  #: the contact that is kept
    merged_id: str  #: the one whose file is no more; its addresses lead to the kept one
    merge_id: str  #: the merge's id, which `ContactUnmerged` names again


@dataclass(frozen=True, slots=True)
class ContactUnmerged:
    """After commit: a merge was taken back; both contacts are there again, each with its own rows."""

    contact_id: str  #: the contact that was kept
    merged_id: str  #: the one that is back
    merge_id: str  #: the merge's id


Event = TransactionStatusChanged | MandateChanged | PluginEnabled | ContactMerged | ContactUnmerged
EVENTS: tuple[type[Event], ...] = (TransactionStatusChanged, MandateChanged, PluginEnabled, ContactMerged, ContactUnmerged)
