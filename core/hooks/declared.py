"""What a plugin declares of itself by attribute: its partner, its references to the book. A leaf, as `types` is. Since 1.0."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

#: What «de» is elided before; an h too, where it does not begin an abbreviation (HSBC).
_ELIDED = re.compile(r"[aeiouyâàéèêîôœAEIOÂÀÉÈÊÎÔŒ]|U[^A-Z]|[Hh][^\WA-Z]")


def of_name(name: str) -> str:
    """«de Nominéo», «d'Horizon Vie»."""
    return f"d'{name}" if _ELIDED.match(name) else f"de {name}"


@dataclass(frozen=True, slots=True)
class MandateWords:
    """What the pages, the printed form and the messages of a partner's mandate call things; all of it has a default.

    `contact`, who gets the filled mandate, and `broker_code` are masculine nouns: articles are made of them.
    """

    contact: str = "interlocuteur"  #: «inspecteur», «gestionnaire»
    company: str = ""  #: who activates the mandate; empty: the partner's label
    place: str = ""  #: what is opened, with its article; empty: «l'extranet » and the partner's label
    broker_code: str = "code courtier"  #: the cabinet's code at the partner
    user_code: str = "code utilisateur"  #: an adviser's own code there

    @property
    def the_contact(self) -> str:
        """«l'inspecteur», «le gestionnaire»."""
        return self._with("l'", "le ")

    @property
    def to_contact(self) -> str:
        """«à l'inspecteur», «au gestionnaire»."""
        return self._with("à l'", "au ")

    @property
    def of_contact(self) -> str:
        """«de l'inspecteur», «du gestionnaire»."""
        return self._with("de l'", "du ")

    def _with(self, elided: str, whole: str) -> str:
        return (elided if self.contact[:1].lower() in "aeiouyâàéèêîôœh" else whole) + self.contact


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
    words: MandateWords = MandateWords()  #: what its mandate's pages and form call things

    @property
    def of_label(self) -> str:
        """«de Nominéo», «d'Horizon Vie»."""
        return of_name(self.label)

    @property
    def company(self) -> str:
        """Who activates the mandate, as people say it."""
        return self.words.company or self.label

    @property
    def place(self) -> str:
        """What a mandate opens, with its article."""
        return self.words.place or f"l'extranet {self.label}"


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
    #: (column, value): of which rows this holds, where one column names things of several kinds
    when: tuple[tuple[str, str], ...] = ()
    #: columns by which two rows of one contact say the same thing: of two that do, a merge drops the moved one
    alike: tuple[str, ...] = ()
    secret: bool = False  #: its rows follow a merge without a word: no journal, no page, no count tells that there are some
