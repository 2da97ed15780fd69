"""Requests: the one engine behind lists, filters, panels and exports of contacts and accounts. Since 1.0.

`asked(state)` makes a request of a list's filters; `contacts` and `accounts` count it and give its pages, behind the
wall of rights. `Group` and `Rule` are the tree itself.
"""

from __future__ import annotations

from core.queries import accounts
from core.queries import contacts
from core.queries.fields import Field
from core.queries.fields import Registry
from core.queries.fields import registry
from core.queries.filters import asked
from core.queries.pages import Asked
from core.queries.pages import Neighbours
from core.queries.tree import Group
from core.queries.tree import Rule
from core.queries.tree import read
from core.queries.tree import written
from core.queries.words import sentence

__all__ = [
    "Asked", "Field", "Group", "Neighbours", "Registry", "Rule", "accounts", "asked", "contacts", "read", "registry",
    "sentence", "written",
]  # fmt: skip
