"""What each role may do. The matrix per cabinet comes with Administration; these are its defaults."""

from __future__ import annotations

ROLES: dict[str, str] = {
    "ADMINISTRATEUR": "Administrateur",
    "CONSEILLER": "Conseiller",
    "ASSISTANT": "Assistant",
}

#: Permission → French label.
LABELS: dict[str, str] = {
    "contacts.view": "Voir les contacts suivis",
    "contacts.view_all": "Voir tous les contacts du cabinet",
    "contacts.edit": "Modifier les contacts",
    "accounts.view": "Voir les comptes",
    "transactions.view": "Voir les transactions",
    "transactions.initiate": "Initier une transaction",
    "partners.manage": "Gérer les partenaires et les mandats",
    "administration": "Administrer le cabinet",
}

_READ = frozenset({"contacts.view", "accounts.view", "transactions.view"})
PERMISSIONS: dict[str, frozenset[str]] = {
    "ADMINISTRATEUR": frozenset(LABELS),
    "CONSEILLER": _READ | {"contacts.edit", "transactions.initiate"},
    "ASSISTANT": _READ | {"contacts.edit"},
}


def of_role(role: str) -> frozenset[str]:
    """The permissions of a role; none for an unknown one."""
    return PERMISSIONS.get(role, frozenset())
