"""A few clients whom somebody typed a second time: what «Doublons» finds in the demonstration (CT-02)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from core.demo.directory import Contact
from core.demo.directory import Directory
from core.demo.seed import Ids
from core.demo.seed import folded

#: The first contacts are named in the guide and in tests: they stay one.
FIRST = 60


def plant(directory: Directory, ids: Ids) -> None:
    """One of each way of being typed twice; nothing of the others changes."""
    later = directory.contacts[FIRST:]
    for mistyped in (_maiden, _plain, _company, _turned):
        found = next((twin for one in later if one.stage == "CLIENT" and one.vital == "VIVANT"
                      and one.protection == "AUCUNE" and (twin := mistyped(one)) is not None), None)  # fmt: skip
        if found is not None:
            directory.contacts.append(
                replace(
                    found, id=ids.next(), file_code=f"D-{len(directory.contacts) + 1:05d}", stage="PROSPECT", partner_id=None,
                    children=[], created_at=directory.contacts[-1].created_at,
                )
            )
            later = [one for one in later if one.birth != found.birth or one.siren != found.siren]


def _maiden(one: Contact) -> Contact | None:
    """Under her maiden name, from before she married."""
    if one.kind != "PERSONNE_PHYSIQUE" or one.birth_name in (None, one.family):
        return None
    return replace(one, family=one.birth_name, display_name=f"{one.birth_name} {one.first}", situation="CELIBATAIRE")


def _plain(one: Contact) -> Contact | None:
    """Without accents, as an old file has it."""
    if one.kind != "PERSONNE_PHYSIQUE" or one.display_name.lower() == folded(one.display_name) or one.birth_name != one.family:
        return None
    family, first = folded(one.family or "").title(), folded(one.first or "").title()
    return replace(
        one, family=family, birth_name=family, first=first, display_name=f"{family} {first}", phone=None, situation="CELIBATAIRE"
    )


def _company(one: Contact) -> Contact | None:
    """A company without its legal form."""
    return replace(one, display_name=one.company_name or "") if one.kind == "PERSONNE_MORALE" else None


def _turned(one: Contact) -> Contact | None:
    """Day and month of birth changed round; the same telephone."""
    if one.kind != "PERSONNE_PHYSIQUE" or one.birth is None or one.birth.day > 12 or one.birth.day == one.birth.month:
        return None
    turned = date(one.birth.year, one.birth.day, one.birth.month)
    return replace(one, birth=turned, email=None, situation="CELIBATAIRE")
