"""What requests can ask of accounts beside what core knows: the gain (RQ-01)."""

from __future__ import annotations

from sqlalchemy import type_coerce

from core.api import book
from core.api.db import Money
from core.api.types import QueryField

FIELDS = (
    QueryField(
        "portefeuille.gain", "comptes", "amount", "Plus ou moins-value",
        type_coerce(book.Account.value - book.Account.net_payments, Money()), "Valorisation", permission="accounts.view",
    ),
)  # fmt: skip
