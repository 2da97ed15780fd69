"""Conformité > Profil investisseur: the current profile with its reasons, those of the household beside it, the past ones."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask import render_template
from flask import url_for
from flask.typing import ResponseReturnValue

from core.api.db import NotFound
from core.api.db import today
from core.api.web import address
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import own_context
from core.api.web import permission
from plugins.conformite import frames
from plugins.conformite import profiles
from plugins.conformite import questionnaire
from plugins.conformite import scoring
from plugins.conformite import situation

SECTION = "profil"


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/contacts/<contact_id>/profil", "profile", profile)
    made.add_url_rule("/contacts/<contact_id>/profil/passe/<past_id>", "profile_past", past)


def notice() -> int:
    """How many days before its end a profile is said to expire."""
    return int(own_context(frames.PLUGIN).settings["notice"])


def papers_url(contact_id: str) -> str | None:
    """The page of a contact's documents, for whoever may see documents."""
    return url_for("p_conformite.papers", contact_id=contact_id) if adviser().can("documents.view") else None


def words() -> dict[str, Any]:
    """The vocabulary of templates."""
    return {
        "levels": scoring.LEVELS, "knowledge": scoring.KNOWLEDGE, "losses": scoring.LOSSES, "horizons": scoring.HORIZONS,
        "objectives": scoring.OBJECTIVES, "esg": scoring.ESG, "states": profiles.STATES,
    }  # fmt: skip


@permission("contacts.view")
def profile(contact_id: str) -> ResponseReturnValue:
    """The current profile, each point with its reason; what is under way; the others of the household; what was before."""
    frame = frames.of(contact_id, SECTION)
    names = frames.beside(frame["contact"])
    known = profiles.current(db_session(), adviser(), list(names))
    every = [] if frame["household"] else profiles.of_contact(db_session(), adviser(), contact_id)
    begun = profiles.draft(db_session(), contact_id)
    standing = situation.of(db_session(), adviser(), contact_id, today(), frames.demanded())
    return render_template(
        "conformite/profile.html", **frame, found=every[0] if every else None, past=every[1:], begun=begun, on=today(),
        standing=standing, papers_url=papers_url(contact_id),
        edit_url=address("p_contacts.edit", contact_id=contact_id), situations=situation.SITUATIONS,
        beside=[(key, name, known.get(key)) for key, name in names.items()], notice=notice(), words=words(),
        asked=questionnaire.load(every[0].version if every else questionnaire.CURRENT),
    )  # fmt: skip


@permission("contacts.view")
def past(contact_id: str, past_id: str) -> ResponseReturnValue:
    """One profile of the file, as it was established, with the answers."""
    frame = frames.of(contact_id, SECTION)
    found = profiles.get(db_session(), adviser(), past_id)
    if found.contact_id != contact_id:
        raise NotFound(profiles.ABSENT)
    return render_template(
        "conformite/past.html", **frame, found=found, on=today(), notice=notice(), words=words(),
        asked=questionnaire.load(found.version),
    )  # fmt: skip
