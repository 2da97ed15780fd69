"""The frozen types of hooks' arguments and results. Since 1.0."""

from __future__ import annotations

from core.hooks.budget import BudgetItem
from core.hooks.budget import BudgetSide
from core.hooks.declared import Partner
from core.hooks.declared import Ref
from core.hooks.findings import SEVERITIES
from core.hooks.findings import Finding
from core.hooks.findings import FindingLine
from core.hooks.findings import Severity
from core.hooks.happenings import ContactMerged
from core.hooks.happenings import ContactUnmerged
from core.hooks.happenings import Event
from core.hooks.happenings import MandateChanged
from core.hooks.happenings import PluginEnabled
from core.hooks.happenings import TransactionStatusChanged
from core.hooks.journeys import Attached
from core.hooks.journeys import DocumentSlot
from core.hooks.journeys import FormStep
from core.hooks.journeys import Ready
from core.hooks.journeys import Refused
from core.hooks.journeys import Submitted
from core.hooks.messages import EmailAddress
from core.hooks.messages import Message
from core.hooks.messages import MessageChannel
from core.hooks.messages import MessageContact
from core.hooks.messages import MessageFile
from core.hooks.messages import MessageReceipt
from core.hooks.offers import ModelOffer
from core.hooks.offers import OfferedAccount
from core.hooks.personal import PersonalData
from core.hooks.queries import QueryField
from core.hooks.secret import Secret
from core.hooks.types import AccountAction
from core.hooks.types import AccountNote
from core.hooks.types import AccountRef
from core.hooks.types import Adviser
from core.hooks.types import Badge
from core.hooks.types import Cell
from core.hooks.types import Column
from core.hooks.types import ContactSection
from core.hooks.types import Context
from core.hooks.types import Guard
from core.hooks.types import Holder
from core.hooks.types import Intent
from core.hooks.types import Launch
from core.hooks.types import Module
from core.hooks.types import PartnerState
from core.hooks.types import Probe
from core.hooks.types import QuickAction
from core.hooks.types import SearchHit
from core.hooks.types import SearchHits
from core.hooks.types import SearchProvider
from core.hooks.types import SettingsPage
from core.hooks.types import Step
from core.hooks.types import TransactionRef
from core.hooks.types import TransactionType
from core.hooks.wealth import Category
from core.hooks.wealth import Nature
from core.hooks.wealth import Ownership
from core.hooks.wealth import Right
from core.hooks.wealth import WealthItem

__all__ = [
    "SEVERITIES",
    "AccountAction",
    "AccountNote",
    "AccountRef",
    "Adviser",
    "Attached",
    "Badge",
    "BudgetItem",
    "BudgetSide",
    "Category",
    "Cell",
    "Column",
    "ContactMerged",
    "ContactSection",
    "ContactUnmerged",
    "Context",
    "DocumentSlot",
    "EmailAddress",
    "Event",
    "Finding",
    "FindingLine",
    "FormStep",
    "Guard",
    "Holder",
    "Intent",
    "Launch",
    "MandateChanged",
    "Message",
    "MessageChannel",
    "MessageContact",
    "MessageFile",
    "MessageReceipt",
    "ModelOffer",
    "Module",
    "Nature",
    "OfferedAccount",
    "Ownership",
    "Partner",
    "PartnerState",
    "PersonalData",
    "PluginEnabled",
    "Probe",
    "QueryField",
    "QuickAction",
    "Ready",
    "Ref",
    "Refused",
    "Right",
    "SearchHit",
    "SearchHits",
    "SearchProvider",
    "Secret",
    "SettingsPage",
    "Severity",
    "Step",
    "Submitted",
    "TransactionRef",
    "TransactionStatusChanged",
    "TransactionType",
    "WealthItem",
]  # fmt: skip
