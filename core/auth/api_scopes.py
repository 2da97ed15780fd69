"""What a personal access token may be given: the platform's own rights, in pairs that read and write (PL-09).

A token holds no right of its own: its scopes narrow the rights that its owner has at the moment of each call, so that
lists, pages and files keep asking the one place that they ask for a person (`core.cabinets.rights`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from core.cabinets.permissions import whatever_width
from core.hooks.types import Adviser


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope. `right`: what its owner must hold; None where everyone signed in may. `needs`: the scope that it goes with."""

    code: str
    label: Any
    right: str | None = None
    needs: str | None = None


_ALL = (
    Scope("contacts:read", _l("Lire les contacts"), "contacts.view"),
    Scope("contacts:write", _l("Modifier les contacts"), "contacts.edit", "contacts:read"),
    Scope("contacts:merge", _l("Fusionner des contacts"), "contacts.merge", "contacts:write"),
    Scope("accounts:read", _l("Lire les comptes et les supports"), "accounts.view", "contacts:read"),
    Scope("accounts:write", _l("Modifier les comptes"), "accounts.edit", "accounts:read"),
    Scope("transactions:read", _l("Lire les transactions"), "transactions.view", "accounts:read"),
    Scope(
        "transactions:write", _l("Demander ce qui peut être initié, saisir et transmettre des actes"), "transactions.initiate",
        "accounts:read",
    ),
    Scope("documents:read", _l("Lire les documents des clients"), "documents.view", "contacts:read"),
    Scope("documents:write", _l("Déposer des documents des clients"), "documents.edit", "documents:read"),
    Scope("notifications:read", _l("Lire ses notifications")),
    Scope("notifications:write", _l("Marquer et écarter ses notifications"), None, "notifications:read"),
    Scope("profile:write", _l("Modifier sa propre fiche")),
    Scope("partners:read", _l("Lire les modules, les partenaires et les mandats"), "partners.manage"),
    Scope("partners:write", _l("Activer et régler les modules"), "partners.manage", "partners:read"),
    Scope("vigilance:validate", _l("Valider les vigilances, importer les listes de pays"), "vigilance.validate", "contacts:read"),
    Scope("suspicions:read", _l("Lire les notes de soupçon"), "vigilance.suspicion", "contacts:read"),
    Scope("suspicions:write", _l("Écrire des notes de soupçon"), "vigilance.suspicion", "suspicions:read"),
    Scope("administration:read", _l("Lire les utilisateurs, les profils, les agences et le journal"), "administration"),
    Scope("administration:write", _l("Administrer le cabinet"), "administration", "administration:read"),
)  # fmt: skip
SCOPES: dict[str, Scope] = {one.code: one for one in _ALL}


def with_needs(codes: Iterable[str]) -> tuple[str, ...]:
    """Known scopes made whole: each with those that it goes with, in the order of the page."""
    found: set[str] = set()
    for code in codes:
        one: Scope | None = SCOPES.get(code)
        while one is not None:
            found.add(one.code)
            one = SCOPES.get(one.needs) if one.needs else None
    return tuple(code for code in SCOPES if code in found)


def open_to(adviser: Adviser) -> dict[str, Scope]:
    """The scopes that a person may give a token today."""
    return {code: one for code, one in SCOPES.items() if one.right is None or adviser.can(one.right)}


def narrowed(adviser: Adviser, codes: Iterable[str]) -> Adviser:
    """The owner as his token lets him act: no more than he may himself at this moment, no more than its scopes."""
    given = set(codes)
    bases = {one.right for code, one in SCOPES.items() if code in given and one.right}
    return replace(adviser, permissions=adviser.permissions & whatever_width(bases))
