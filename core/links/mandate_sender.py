"""Puts the newest version of a mandate to the partner (PLP-037, PLP-038): from the outbox, at least once."""

from __future__ import annotations

from typing import Any

from core.db.session import TenantSession
from core.extensions import db
from core.hooks.errors import PartnerRefused
from core.jobs.outbox import sender
from core.jobs.queue import Wait
from core.links import mandate_book as book
from core.links import mandate_views as views
from core.links import places
from core.links.client import PlpClient
from core.links.mandate_activity import is_on
from core.links.mandate_document import OUTBOX
from core.links.models import Mandate
from core.shell.notifications import notify_administrators

_ASLEEP_S = 300.0


@sender(OUTBOX)
def put(cabinet_id: int, item_id: str, payload: dict[str, Any]) -> None:
    """Send the version of now, whichever the item was written for: an older one would be a conflict (PLP-038)."""
    plugin, reference = str(payload["plugin"]), str(payload["reference"])
    with db.session(cabinet_id, write=False) as session:
        content = dict(book.of_reference(session, reference).content)
        asleep = not is_on(session, plugin)
    if asleep:
        raise Wait(_ASLEEP_S, "Le module est désactivé\u202f: rien n'est envoyé au partenaire.")
    try:
        view = PlpClient(cabinet_id, plugin).put_mandate(content)
    except PartnerRefused as refusal:
        with db.session(cabinet_id) as session:
            _refused(session, book.locked(session, plugin, reference), content, refusal)
        raise
    with db.session(cabinet_id) as session:
        mandate = book.locked(session, plugin, reference)
        if views.apply_view(session, plugin, view).status >= 400:
            session.rollback()
            return
        if mandate.alerted.get("put") != content["version"]:  # two changes in a row are handed over as one
            mandate.alerted = {**mandate.alerted, "put": content["version"]}
            book.note(session, mandate, "put", actor=f"partner:{plugin}", text=f"Version {content['version']}")


def _refused(session: TenantSession, mandate: Mandate, content: dict[str, Any], refusal: PartnerRefused) -> None:
    label = book.partner_label(session, mandate.plugin)
    text = f"Version {content.get('version')} : {refusal.text}"
    book.note(session, mandate, "put_refused", actor=f"partner:{mandate.plugin}", text=text)
    notify_administrators(
        session, kind="mandate", key=f"mandate:{mandate.reference}:put:{content.get('version')}",
        title=f"{label}\u202f: le document du mandat est refusé",
        text=f"{text}. Corrigez le mandat\u202f; l'envoi reprend à la prochaine modification.",
        url=places.address(mandate.plugin),
    )  # fmt: skip
