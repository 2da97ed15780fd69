"""The forms of feeds: a file to deposit, which account a source's account is."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api import accounts
from core.api import files
from core.api.forms import Form
from core.api.forms import fields

RULE = files.rule(
    "aggregation.feed", permission="accounts.edit", types=("text/csv", "application/xml"), max_bytes=25 * 1024 * 1024,
    called="OFX, camt (XML), CFONB 120 ou relevé en texte", endings=(".ofx", ".qfx", ".cfonb", ".120", ".asc", ".txt", ".xml"),
)  # fmt: skip


class FileForm(Form):
    """A file."""

    file = fields.file(_l("Fichier"), rule=RULE)


class AttachForm(Form):
    """Which of our accounts it is."""

    account = fields.choice(_l("Compte"), {}, kind="radio", late=True, missing=_l("Choisissez le compte, ou créez-le."))


class CreateForm(Form):
    """A new account for it."""

    contact = fields.choice(_l("Titulaire"), {}, late=True, missing=_l("Choisissez le titulaire."))
    envelope = fields.choice(_l("Enveloppe"), accounts.ENVELOPES, missing=_l("Choisissez l'enveloppe."))
