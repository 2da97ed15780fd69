"""Rights, their widths, and the built-in profiles. A cabinet's own profiles are rows (`core.cabinets.profiles`)."""

from __future__ import annotations

from collections.abc import Iterable

#: Built-in profile → what people call it.
ROLES: dict[str, str] = {
    "ADMINISTRATEUR": "Administrateur",
    "RESPONSABLE_AGENCE": "Responsable d'agence",
    "CONSEILLER": "Conseiller",
    "ASSISTANT": "Assistant",
    "LECTEUR": "Lecture seule",
}

#: Rights on clients' files. Alone: on the clients one follows. With `_agency`: on those that somebody of one's agencies
#: follows; with `_all`: on all of the cabinet's.
SCOPED: dict[str, str] = {
    "contacts.view": "Voir les contacts",
    "contacts.edit": "Modifier les contacts",
    "contacts.merge": "Fusionner des contacts",
    "accounts.view": "Voir les comptes",
    "accounts.edit": "Modifier les comptes",
    "transactions.view": "Voir les transactions",
    "transactions.initiate": "Initier une transaction",
    "documents.view": "Voir les documents des clients",
    "documents.edit": "Déposer et modifier les documents des clients",
}
#: What a right goes with: one edits, or sees the accounts of, no more clients than one sees.
NEEDS: dict[str, tuple[str, ...]] = {
    "contacts.edit": ("contacts.view",),
    "contacts.merge": ("contacts.edit",),
    "accounts.view": ("contacts.view",),
    "accounts.edit": ("accounts.view",),
    "transactions.view": ("accounts.view",),
    "transactions.initiate": ("accounts.view",),
    "documents.view": ("contacts.view",),
    "documents.edit": ("documents.view",),
}
WIDER: dict[str, str] = {"_agency": "ceux de son agence", "_all": "tous ceux du cabinet"}
#: Right → French label.
LABELS: dict[str, str] = {
    **{name: f"{label} : ceux que l'on suit" for name, label in SCOPED.items()},
    **{f"{name}{end}": f"{label} : {words}" for name, label in SCOPED.items() for end, words in WIDER.items()},
    "partners.manage": "Gérer les partenaires et les mandats",
    "vigilance.validate": "Valider les vigilances renforcées",
    "vigilance.suspicion": "Lire et écrire les notes de soupçon",
    "administration": "Administrer le cabinet",
}

_READ = ("contacts.view", "accounts.view", "transactions.view", "documents.view")
_MERGE = "contacts.merge"
_WRITE = ("contacts.edit", "accounts.edit", "documents.edit")


def _rights(*names: str, end: str = "") -> frozenset[str]:
    return frozenset(names) | frozenset(f"{name}{end}" for name in names)


#: Rights that are no client's file's.
_OF_CABINET = ("partners.manage", "vigilance.validate", "vigilance.suspicion", "administration")
PERMISSIONS: dict[str, frozenset[str]] = {
    "ADMINISTRATEUR": frozenset(LABELS),
    "RESPONSABLE_AGENCE": _rights(*_READ, *_WRITE, _MERGE, "transactions.initiate", end="_agency"),
    "CONSEILLER": _rights(*_READ, *_WRITE, _MERGE, "transactions.initiate"),
    "ASSISTANT": _rights(*_READ, *_WRITE),
    "LECTEUR": _rights(*_READ, end="_all"),
}


def of_role(role: str) -> frozenset[str]:
    """The rights of a built-in profile; none for another."""
    return PERMISSIONS.get(role, frozenset())


def with_needs(names: frozenset[str]) -> frozenset[str]:
    """A set of rights made whole: the wider goes with the narrower, a right with those that it needs, as wide."""
    found = set(names)
    for name in names:
        base = name.removesuffix("_all").removesuffix("_agency")
        end = name[len(base) :] if base in SCOPED else ""
        chain = [base] if base in SCOPED else []
        while chain:
            one = chain.pop()
            found |= {one, f"{one}{end}"}
            chain += [need for need in NEEDS.get(one, ()) if need not in chain]
    return frozenset(found)


#: Rights as a profile is described: those on clients' files once each, whatever their width, then those of the cabinet.
DESCRIBED: dict[str, str] = {**SCOPED, **{name: LABELS[name] for name in _OF_CABINET}}
#: How wide a right on clients' files is, as a profile is described → the ending that says it.
ENDS: dict[str, str] = {"suivis": "", "agence": "_agency", "cabinet": "_all"}


def has_width(name: str) -> bool:
    """Whether a right is one on clients' files."""
    return name in SCOPED


def width(rights: frozenset[str], name: str) -> str:
    """How wide a set of rights has one: a code of `ENDS`, «oui» for a right that has no width, or «non»."""
    if name not in SCOPED:
        return "oui" if name in rights else "non"
    return next((code for code in reversed(ENDS) if f"{name}{ENDS[code]}" in rights), "non")


def whatever_width(names: Iterable[str]) -> frozenset[str]:
    """Rights with all their widths: as far as whoever has one of them may go."""
    return frozenset(f"{name}{end}" for name in names for end in (ENDS.values() if name in SCOPED else ("",)))


def supposed(name: str) -> tuple[str, ...]:
    """What a right goes with, in words."""
    return tuple(SCOPED[need] for need in NEEDS.get(name, ()))
