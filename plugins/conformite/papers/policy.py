"""What an act meets without a signed, valid document of a kind: the cabinet's policy, kind by kind (CO-01, domain.md §2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from core.api.db import TenantSession
from plugins.conformite.papers import status
from plugins.conformite.papers.kinds import KINDS
from plugins.conformite.papers.settings import IGNORE
from plugins.conformite.papers.settings import policy_field


@dataclass(frozen=True, slots=True)
class Word:
    """What a rule says of an act. `policy`: BLOQUER or AVERTIR; `remedy_url`: where it is put right."""

    policy: str
    text: str
    remedy: str
    remedy_url: str


def required(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds that the cabinet's policies ask for, in their order."""
    return tuple(kind for kind in KINDS if settings[policy_field(kind)] != IGNORE)


def said(session: TenantSession, settings: Mapping[str, Any], holders: Mapping[str, str], on: date) -> list[Word]:
    """A word for each document that a holder lacks. `holders`: id → name. One query, or none."""
    wanted = required(settings)
    known = status.held(session, holders, wanted, on)
    return [
        Word(settings[policy_field(kind)], lacking(kind, code, name), str(_("Ouvrir l'espace documents")), address(who))
        for who, name in holders.items()
        for kind, code in known.get(who, {}).items() if code != status.VALID
    ]  # fmt: skip


def lacking(kind: str, code: str, who: str) -> str:
    """What is to be said of a document that does not hold. `code`: of `status.HELD`."""
    label = KINDS[kind].label
    if code == status.OVER:
        return str(_("%(paper)s de %(who)s\u202f: expiré.", paper=label, who=who))
    if code == status.UNDER_WAY:
        return str(_("%(paper)s de %(who)s\u202f: pas encore signé.", paper=label, who=who))
    return str(_("%(paper)s de %(who)s\u202f: manque au dossier.", paper=label, who=who))


def address(contact_id: str) -> str:
    """The page of a contact's regulatory documents."""
    return f"/p/conformite/contacts/{contact_id}/documents"
