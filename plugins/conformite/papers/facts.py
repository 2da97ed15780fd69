"""The facts that a document prints, read of the client's file: words and tables, and what is lacking (CO-01)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.api import Context
from core.api import cabinet
from core.api import contacts
from core.api import formats
from core.api import wealth
from core.api.db import TenantSession
from core.api.types import Adviser
from plugins.conformite import profiles
from plugins.conformite import scoring
from plugins.conformite.papers import kinds
from plugins.conformite.papers import markup
from plugins.conformite.papers import tables
from plugins.conformite.papers import words
from plugins.conformite.papers.settings import FIRM
from plugins.conformite.papers.settings import firm_field
from plugins.conformite.papers.templates import Template
from plugins.conformite.papers.words import Rows
from plugins.conformite.profiles import Established


@dataclass(frozen=True, slots=True)
class Worth:
    """What a contact owns and owes, earns and spends."""

    balance: wealth.Balance
    budget: wealth.Budget


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document of a contact prints. `said`: what was left out, and why, in sentences."""

    values: Mapping[str, str]
    tables: Mapping[str, Rows]
    said: tuple[str, ...] = ()

    def missing(self, template: Template) -> tuple[str, ...]:
        """Labels of the words that the template has and that are not known: they are printed «à compléter»."""
        known = words.of_kind(template.kind)
        return tuple(
            known[key].label for key in markup.used(template.text)
            if not (self.tables.get(key) if key in words.TABLES else self.values.get(key))
        )  # fmt: skip

    def snapshot(self, template: Template) -> bytes:
        """What the template prints of them, as JSON: it goes into the PDF, its hash beside it. The same facts, the same bytes."""
        used = markup.used(template.text)
        told = {
            "kind": template.kind, "template": template.ref, "title": template.title,
            "facts": {key: self.values.get(key, "") for key in used if key not in words.TABLES},
            "tables": {key: self.tables.get(key, ()) for key in used if key in words.TABLES},
        }  # fmt: skip
        return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()


def digest(snapshot: bytes) -> str:
    """The hash by which a snapshot is known."""
    return hashlib.sha256(snapshot).hexdigest()


def gather(
    session: TenantSession, by: Adviser, ctx: Context, card: contacts.ContactCard, kind: str, typed: Mapping[str, str], *,
    profile: Established | None, worth: Worth | None, on: date,
) -> Facts:  # fmt: skip
    """The facts of one kind of document. `ctx`: the plugin's own, with its settings; `profile`: the one in force; `worth`: what
    is owned, owed and earned, for a document that lists it; `on`: the document's day."""
    asks = {ask.key: ask for ask in kinds.KINDS[kind].asks}
    values = {
        "date_document": formats.day(on), "conseiller_nom": by.name, "conseiller_email": by.email,
        **_cabinet(session, ctx), **_client(session, by, card), **(_profile(profile) if profile else {}),
        **{key: _typed(ask, typed.get(key, "")) for key, ask in asks.items()},
    }  # fmt: skip
    listed: dict[str, Rows] = {
        "tableau_identite": tables.identity(card, values), "tableau_signatures": words.TABLES["tableau_signatures"][2],
    }  # fmt: skip
    said: list[str] = []
    if kind == kinds.RECORD:
        listed["tableau_famille"] = tables.family(session, by, card)
        if worth is not None:
            listed |= {**tables.worth(worth.balance), "tableau_budget": tables.budget(worth.budget)}
            said += dict.fromkeys((*worth.balance.missing, *worth.budget.missing))
        if not by.can("accounts.view"):
            said.append("Votre profil ne permet pas de voir les comptes\u202f: ils ne sont pas dans le patrimoine imprimé.")
    if profile is not None and profile.score is not None:
        listed |= tables.profile(profile.score)
    elif profile is not None:
        said.append("Les réponses du profil n'ont pas été gardées\u202f: ses raisons ne sont pas imprimées.")
    return Facts(values, listed, tuple(said))


def _typed(ask: kinds.Ask, text: str) -> str:
    return str(ask.options.get(text, text)) if ask.options else text.strip()


def _cabinet(session: TenantSession, ctx: Context) -> dict[str, str]:
    who = cabinet.identity(session)
    return {
        "cabinet_nom": who.name, "cabinet_adresse": who.address, "cabinet_siren": formats.siren(who.siren),
        "cabinet_orias": who.orias,
        **{f"cabinet_{key}": str(ctx.settings[firm_field(key)]).strip() for key in FIRM},
    }  # fmt: skip


def _client(session: TenantSession, by: Adviser, card: contacts.ContactCard) -> dict[str, str]:
    more, countries = card.details, contacts.choices.countries()
    channels = contacts.channels.of_contact(session, by, card.id)
    known = {
        "client_nom": _name(card), "client_adresse": _address(channels["address"]), "client_email": card.line.email or "",
        "client_telephone": formats.phone(card.line.phone) if card.line.phone else "",
        "client_residence_fiscale": countries.get(more.tax_country or "", ""),
    }  # fmt: skip
    if card.line.kind == profiles.COMPANY:
        return {**known, "client_forme": card.legal_form or "", "client_siren": formats.siren(card.siren or "")}
    born = [formats.day(card.birth_date) if card.birth_date else "", f"à {more.birth_city}" if more.birth_city else ""]
    papers = [
        contacts.choices.ID_KINDS.get(more.id_kind or "", ""), f"n° {more.id_number}" if more.id_number else "",
        f"jusqu'au {formats.day(more.id_expires_on)}" if more.id_expires_on else "",
    ]  # fmt: skip
    nations = [countries.get(one or "", "") for one in (more.nationality, more.other_nationality, *more.more_nationalities)]
    family = [card.situation_said or "", _regime(more)]
    return {
        **known, "client_naissance": " ".join(filter(None, born)), "client_nationalite": ", ".join(filter(None, nations)),
        "client_situation": ", ".join(filter(None, family)), "client_piece": " ".join(filter(None, papers)),
        "client_profession": more.profession or contacts.choices.WORK_STATUSES.get(more.work_status or "", ""),
    }  # fmt: skip


def _profile(found: Established) -> dict[str, str]:
    why = found.reason if found.overridden else "le profil retenu est le profil calculé"
    return {
        "profil_niveau": f"{found.level_label}, {found.level} sur 5", "profil_date": formats.day(found.established_on),
        "profil_validite": formats.day(found.valid_until), "profil_pertes": scoring.LOSSES.get(found.loss, str(found.loss)),
        "profil_connaissance": scoring.KNOWLEDGE[found.knowledge], "profil_horizon": scoring.HORIZONS[found.horizon],
        "profil_objectif": scoring.OBJECTIVES[found.objective], "profil_durabilite": _durability(found), "profil_ecart": why,
    }  # fmt: skip


def _durability(found: Established) -> str:
    told = found.score.preferences if found.score else ()
    return "\u202f; ".join([scoring.ESG[found.esg], *(f"{label}\u202f: {said}" for label, said in told)])


def _name(card: contacts.ContactCard) -> str:
    """«Madame Jeanne Durand», as a letter has it."""
    if card.line.kind == profiles.COMPANY:
        return card.name
    civility = contacts.choices.CIVILITIES.get(card.civility or "", "")
    last = card.usage_name or card.birth_name or ""
    return " ".join(filter(None, (civility, card.first_names, last))) or card.name


def _address(found: Any) -> str:
    if not found:
        return ""
    one = found[0].values
    city = " ".join(filter(None, (one.get("postal_code"), one.get("city"))))
    return ", ".join(filter(None, (one.get("street"), one.get("extra"), city, found[0].country_label)))


def _regime(more: Any) -> str:
    regimes = {**contacts.choices.MATRIMONIAL_REGIMES, **contacts.choices.PACS_REGIMES}
    code = more.matrimonial_regime or more.pacs_regime
    return regimes.get(code or "", "").lower()

