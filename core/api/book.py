"""The book of record as entities, for expressions, joins and foreign keys: to be read; writes go by the services. Since 1.0.

The session adds the cabinet to each statement that names one of them; a person's rights are added by whoever lists
(`core.api.rights`, and `core.api.queries` for requests).
"""

from __future__ import annotations

from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.accounts.models import Movement
from core.accounts.models import Position
from core.accounts.models import Valuation
from core.contacts.models import Contact
from core.contacts.models import ContactAdviser
from core.contacts.models import HouseholdMember
from core.supports.models import Company
from core.supports.models import Product
from core.supports.models import Support

__all__ = [
    "Account", "AccountRole", "Company", "Contact", "ContactAdviser", "HouseholdMember", "Movement", "Position", "Product",
    "Support", "Valuation",
]  # fmt: skip
