"""What a plugin adds to requests: fields by which contacts, accounts and its own things are asked for. A leaf. Since 1.0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Literal

Kind = Literal["text", "choice", "amount", "number", "ratio", "date", "flag"]
Subject = Literal["contacts", "comptes", "immeubles", "etablissements"]


@dataclass(frozen=True, slots=True)
class QueryField:
    """A field of a request: what it is called, what may be asked of it, the SQL that it stands for.

    `expression` is built on the entities of `core.api.book` and the plugin's own: an attribute, or, for what lies in
    another table, a scalar subquery correlated with the subject. Core adds the cabinet and the person's rights.
    """

    path: str  #: its name for good: `contact.birth_date`, `patrimoine.budget.income`
    subject: Subject  #: what it tells of
    type: Kind  #: which operators it has, and how a value is typed
    label: str  #: as a person says it
    expression: Any  #: the column or the scalar subquery
    group: str = ""  #: the heading under which it is offered
    options: tuple[tuple[str, str], ...] = ()  #: of a choice: code, French label
    permission: str = ""  #: the right without which it is neither offered nor answered
