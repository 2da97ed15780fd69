"""What this plugin keeps of a contact, for its right of access: profiles answer by answer, projects. Not vigilance (ADR 050)."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping

from core.api.db import TenantSession
from core.api.formats import day
from core.api.formats import money
from core.api.types import Adviser
from core.api.types import PersonalData
from plugins.conformite import profiles
from plugins.conformite import questionnaire
from plugins.conformite.projects import kinds
from plugins.conformite.projects import reading

_WHY = "Obligation de connaître le client avant de le conseiller (code monétaire et financier, L. 541-8-1)."


def of_contact(session: TenantSession, by: Adviser, contact_id: str) -> list[PersonalData]:
    """The profiles, the newest first, the questionnaire under way, the projects. Documents are core's to tell."""
    heads = ("Profil du", "Donnée", "Valeur")
    plans = ("Projet", "Objectif", "Montant", "Début", "Horizon", "Versement initial", "Effort mensuel", "Remarques")
    return [
        PersonalData("profiles", "Profils investisseurs", _WHY, heads, tuple(_rows(session, by, contact_id))),
        PersonalData("projects", "Projets d'investissement", _WHY, plans, tuple(_projects(session, by, contact_id))),
    ]


def _rows(session: TenantSession, by: Adviser, contact_id: str) -> Iterator[tuple[str, ...]]:
    for one in profiles.of_contact(session, by, contact_id):
        on = day(one.established_on)
        yield on, "Profil retenu", one.level_label
        yield on, "Valable jusqu'au", day(one.valid_until)
        yield on, "Recueilli par", one.established_by
        if one.reason:
            yield on, "Raison d'un autre profil que le profil calculé", one.reason
        yield from _answers(on, one.version, one.answers, one.kind == profiles.COMPANY)
    begun = profiles.draft(session, contact_id)
    if begun is not None:
        yield from _answers("en cours", begun.version, begun.answers, company=False)


def _answers(on: str, version: str, answers: Mapping[str, object], company: bool) -> Iterator[tuple[str, ...]]:
    for question in questionnaire.load(version).questions:
        given = answers.get(question.key)
        if given not in (None, ""):
            said = f"{question.short}, {question.text}" if question.group else question.said(company)
            yield on, said, question.choices(company).get(str(given), str(given))


def _projects(session: TenantSession, by: Adviser, contact_id: str) -> Iterator[tuple[str, ...]]:
    found = reading.of_contacts(session, by, [contact_id])
    for one in (*found.own, *found.joined):
        terms = one.terms
        yield (
            terms.title, kinds.GOALS[terms.goal], money(terms.amount), day(terms.starts_on), day(terms.ends_on),
            money(terms.initial), money(terms.monthly), terms.remarks,
        )  # fmt: skip
