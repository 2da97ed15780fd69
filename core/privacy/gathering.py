"""A contact's data gathered: core's own, then every module's, with the modules that did not answer (RGPD, art. 15 and 20)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template

from core import pdf
from core.cabinets import audit
from core.cabinets.models import Cabinet
from core.contacts.schemas import ContactCard
from core.contacts.services import get_contact
from core.db.clock import now
from core.db.errors import Conflict
from core.db.session import TenantSession
from core.hooks.hub import Hub
from core.hooks.personal import PersonalData
from core.hooks.specs import Plugin
from core.hooks.types import Adviser
from core.hooks.types import Context
from core.privacy import sections
from core.proofs.contents import require

FORMAT = "encours-personal-data-1"
#: The rights that it asks for, on the contact: who may not edit sees some data masked.
NEEDED = ("contacts.edit", "accounts.view", "transactions.view", "documents.view")


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is kept of a contact. `parts`: (module or «core», its title or «», table); `missing`: what failed, in French."""

    contact: ContactCard
    parts: tuple[tuple[str, str, PersonalData], ...]
    missing: tuple[str, ...]


def of(session: TenantSession, hub: Hub, ctx: Context, by: Adviser, contact_id: str) -> Gathered:
    """Raises `NotFound` for a contact that `by` may not see, `Forbidden` where he may not see all of the file."""
    card = get_contact(session, by, contact_id)
    require(session, by, contact_id, *NEEDED)
    found = hub.collect(Plugin.personal_data, ctx, contact_id=contact_id)
    own = tuple(("core", "", one) for one in sections.of_contact(session, by, contact_id))
    theirs = tuple((one.plugin, one.title, one.item) for one in found.items)
    return Gathered(card, own + theirs, tuple(one.text for one in found.failures))


def facts(found: Gathered, cabinet: Cabinet, at: datetime) -> dict[str, Any]:
    """The same for machines: a list of objects a table."""
    return {
        "format": FORMAT, "made_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "controller": {"name": cabinet.name, "siren": cabinet.siren},
        "contact": {"id": found.contact.id, "name": found.contact.name, "file_code": found.contact.line.file_code},
        "missing": list(found.missing),
        "parts": [
            {
                "module": module, "key": one.key, "title": one.title, "purpose": one.purpose,
                "rows": [dict(zip(one.columns, row, strict=True)) for row in one.rows],
            }
            for module, _title, one in found.parts
        ],
    }  # fmt: skip


def as_json(session: TenantSession, found: Gathered) -> bytes:
    """The facts as a file."""
    said = facts(found, session.get_one(Cabinet, session.require_cabinet()), now())
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def page(session: TenantSession, found: Gathered) -> tuple[str, bytes, datetime]:
    """What `as_pdf` draws: the page in HTML, the facts, the moment."""
    cabinet, at = session.get_one(Cabinet, session.require_cabinet()), now()
    html = render_template("privacy/export.html", found=found, cabinet=cabinet, at=at)
    html = html.replace("<style>", f"<style>{pdf.font_face()}", 1)  # not through the template: it would be escaped
    return html, json.dumps(facts(found, cabinet, at), ensure_ascii=False, indent=1).encode(), at


def as_pdf(html: str, data: bytes, at: datetime) -> bytes:
    """The page as PDF/A-3 with the facts inside. Never inside a write transaction. Raises `Conflict` where it takes too long."""
    inside = pdf.Attached("donnees.json", "application/json", data, "Les mêmes données, pour un programme", "Alternative")
    try:
        return pdf.archive(html, [inside], made=at, seconds=60)
    except pdf.PdfError as error:
        raise Conflict(
            "Ce dossier est trop volumineux pour un PDF\u202f: téléchargez ses données en JSON, elles y sont toutes."
        ) from error


def note(session: TenantSession, by: Adviser, contact_id: str, form: str) -> None:
    """Say in the journal that a copy was made. `form`: pdf or json."""
    audit.record(session, by.user_id, "contact.data_exported", f"contact:{contact_id}", {"format": form})
