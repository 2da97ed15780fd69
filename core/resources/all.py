"""All of core's resources, in the order of the reference."""

from __future__ import annotations

from core.resources import account_edits as _account_edits
from core.resources import appearance as _appearance
from core.resources import comparisons as _comparisons
from core.resources import contact_files as _contact_files
from core.resources import holdings as _holdings
from core.resources import matches as _matches
from core.resources import merging as _merging
from core.resources import performance as _performance
from core.resources import privacy as _privacy
from core.resources import proofs as _proofs
from core.resources import relations as _relations
from core.resources import situations as _situations
from core.resources import support_edits as _support_edits
from core.resources import typed_acts as _typed_acts
from core.resources.accounts import ACCOUNTS
from core.resources.book import DOCUMENTS
from core.resources.book import SUPPORTS
from core.resources.book import TRANSACTIONS
from core.resources.contact_lists import DEFINED
from core.resources.contacts import CONTACTS
from core.resources.imports import IMPORTS
from core.resources.journal import JOURNAL
from core.resources.journeys import JOURNEYS
from core.resources.me import ME
from core.resources.notices import NOTIFICATIONS
from core.resources.notices import SEARCH
from core.resources.partners import MANDATES
from core.resources.partners import PLUGINS
from core.resources.people import AGENCIES
from core.resources.people import CABINET
from core.resources.people import PROFILES
from core.resources.people import USERS
from core.resources.services import KEYS
from core.resources.signatures import SIGNATURES

#: Imported for the operations that they add to the cabinet's, to contacts and to accounts.
REGISTERED = (
    _account_edits, _appearance, _comparisons, _contact_files, _holdings, _matches, _merging, _performance, _privacy, _proofs,
    _relations, _situations, _support_edits, _typed_acts,
)  # fmt: skip
RESOURCES = (
    ME, CONTACTS, DEFINED, IMPORTS, ACCOUNTS, SUPPORTS, TRANSACTIONS, JOURNEYS, DOCUMENTS, SIGNATURES, NOTIFICATIONS, SEARCH,
    PLUGINS, MANDATES, KEYS, CABINET, USERS, PROFILES, AGENCIES, JOURNAL,
)  # fmt: skip
