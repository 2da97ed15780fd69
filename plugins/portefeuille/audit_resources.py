"""`/p/portefeuille/contacts/{contact_id}/audit`: an audit for programs (PF-07)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api.db import today
from core.api.rest import Call
from core.api.rest import Resource
from plugins.portefeuille import audit_rows as rows
from plugins.portefeuille import audit_schemas as shapes

AUDIT = Resource(
    "portefeuille_audit", _l("Audit d'un portefeuille"),
    _l("Ce que les règles des modules trouvent dans les comptes d'une personne ou d'un foyer."), plugin="portefeuille",
)  # fmt: skip


@AUDIT.get(
    "/p/portefeuille/contacts/{contact_id}/audit", _l("Lire un audit"), shapes.AuditOut, asks=shapes.AuditQuery,
    scope="accounts:read",
    about=_l("À une date passée ou à ce jour. Un module qui n'a pas répondu est nommé dans «\u202fmissing\u202f»."),
)  # fmt: skip
def show(call: Call, contact_id: str) -> dict[str, Any]:
    """Portefeuille > Audit."""
    contacts.get_contact(call.session, call.adviser, contact_id)
    found = rows.audit(contact_id, call.asked.get("on") or today())
    return {
        "contact_id": contact_id, "on": found.on, "accounts": [ref.id for ref in found.accounts],
        "findings": [
            {
                "key": one.finding.key, "said_by": one.plugin, "severity": one.finding.severity, "title": one.finding.title,
                "text": one.finding.text, "source": one.finding.source, "remedy": one.finding.remedy, "act": one.finding.act,
                "account_id": one.finding.account_id, "lines": one.finding.lines,
            }
            for one in found.said
        ],
        "rules": list(found.rules), "missing": list(found.failures),
    }  # fmt: skip
