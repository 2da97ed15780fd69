"""What a plugin declares of itself by attribute: its partner, its references to the book. A leaf, as `types` is. Since 1.0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner that a plugin links to: which accounts are its own, and where its extranet may lie.

    `companies` are company codes; an account is claimed when its company is one of them, its product (when the
    list is not empty) one of `products`, and its folded number matches `number` (a regular expression).
    """

    code: str  #: the partner's code
    label: str  #: its name, as people say it
    badge: str  #: the letter or two in the icon
    companies: tuple[str, ...]  #: company codes of its accounts
    products: tuple[str, ...] = ()  #: its products; empty: all
    number: str = ".+"  #: what its folded contract numbers look like
    hosts: tuple[str, ...] = ()  #: where its extranet, or its programs, may lie
    statuses: tuple[tuple[str, str], ...] = ()  #: statuses of its own beside the common ones: code, French name


@dataclass(frozen=True, slots=True)
class Ref:
    """A column of a plugin's own table that names a row of the book of record.

    Whatever merges, erases or exports clients' files goes by these declarations; a foreign key to the book that is not
    declared fails `encours plugin check`.
    """

    table: str  #: the plugin's table
    column: str  #: its column, the id beside `cabinet_id`
    to: Literal["contact", "account", "support", "transaction", "document"]  #: what it names
    on_conflict: Literal["keep", "drop"] = "keep"  #: two rows become one key in a merge: both are kept, or the moved one goes
