"""Conformité > Projets: the projects of a person, a company or a household; one with its projection and its adequacy (CO-04)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask import render_template
from flask.typing import ResponseReturnValue

from core.api.db import NotFound
from core.api.db import today
from core.api.web import address
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import permission
from plugins.conformite import frames
from plugins.conformite import profiles
from plugins.conformite.projects import adequacy
from plugins.conformite.projects import gathering
from plugins.conformite.projects import kinds
from plugins.conformite.projects import pictures
from plugins.conformite.projects import reading
from plugins.conformite.projects import rules
from plugins.conformite.projects.shapes import Project
from plugins.conformite.projects.targets import CLASSES
from plugins.conformite.scoring import LEVELS

SECTION = "projets"


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/contacts/<contact_id>/projets", "projects", index)
    made.add_url_rule("/contacts/<contact_id>/projets/<project_id>", "project", show)


def words() -> dict[str, Any]:
    """The vocabulary of templates."""
    return {
        "kinds": kinds.KINDS, "goals": kinds.GOALS, "origins": kinds.ORIGINS, "allocations": kinds.ALLOCATIONS,
        "statuses": kinds.STATUSES, "verdicts": adequacy.VERDICTS, "classes": CLASSES, "levels": LEVELS,
        "duration": rules.duration,
    }  # fmt: skip


@permission("contacts.view")
def index(contact_id: str) -> ResponseReturnValue:
    """All of them, with where each stands; in a household, its members'."""
    frame = frames.of(contact_id, SECTION)
    card = frame["contact"]
    ids = [one.id for one in card.members if one.kind == profiles.PERSON] if frame["household"] else [contact_id]
    found = reading.of_contacts(db_session(), adviser(), ids)
    judged = gathering.every(db_session(), adviser(), [*found.own, *found.joined], today())
    return render_template(
        "conformite/projects/index.html", **frame, on=today(), words=words(),
        own=[judged[one.id] for one in found.own], joined=[judged[one.id] for one in found.joined],
        members=[one for one in card.members if one.kind == profiles.PERSON],
    )  # fmt: skip


@permission("contacts.view")
def show(contact_id: str, project_id: str) -> ResponseReturnValue:
    """One: what it is, what may become of it, whether it suits, each rule with its reason."""
    frame = frames.of(contact_id, SECTION)
    found = of_file(contact_id, project_id)
    judged = gathering.judged(db_session(), adviser(), found, today())
    account = found.account
    return render_template(
        "conformite/projects/project.html", **frame, found=found, judged=judged, on=today(), words=words(),
        chart=pictures.projected(found, judged.projection) if judged.projection else None,
        made_of=pictures.made_of(judged.plan.weights),
        account_url=address("p_portefeuille.account", account_id=account.id) if account else None,
        urls={line.support_id: address("p_outils.support", support_id=line.support_id) for line in found.lines if line.support_id}
        if current_context().can("accounts.view") else {},
    )  # fmt: skip


def of_file(contact_id: str, project_id: str) -> Project:
    """A project of this contact's own file. Raises `NotFound`."""
    found = reading.get(db_session(), adviser(), project_id)
    if found.contact_id != contact_id:
        raise NotFound(reading.ABSENT)
    return found
