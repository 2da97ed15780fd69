"""The forms of documents: what the adviser types for one, a scan that was signed, a version of a template (CO-01)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import files
from core.api.forms import Form
from core.api.forms import fields
from plugins.conformite.papers import making
from plugins.conformite.papers import templates
from plugins.conformite.papers.kinds import KINDS
from plugins.conformite.papers.kinds import Ask
from plugins.conformite.papers.kinds import Kind

SCAN = files.rule("conformite.signed", permission=making.EDIT)


def _field(ask: Ask) -> Any:
    if ask.options:
        return fields.choice(ask.label, ask.options, missing=ask.missing, kind="radio", wide=True)
    return fields.line(ask.label, making.LONGEST, missing=ask.missing, lines=True, wide=True, help=ask.help, rows=5)


def _form(kind: Kind) -> type[Form]:
    made: dict[str, Any] = {ask.key: _field(ask) for ask in kind.asks}
    name = f"{''.join(word.title() for word in kind.code.split('_'))}Form"
    return type(name, (Form,), {"__doc__": f"What is typed for «{kind.label}».", "__module__": __name__, **made})


#: Kind → its form.
PAPERS: Mapping[str, type[Form]] = {one.code: _form(one) for one in KINDS.values()}


class FiledForm(Form):
    """A document that was signed by hand."""

    on = fields.day(
        _l("Signé le"), missing=_l("Saisissez la date de signature."), past=True, least=making.OLDEST,
        help=_l("La date écrite sur le document\u202f: sa validité court à partir d'elle."),
    )  # fmt: skip
    file = fields.file(_l("Document signé"), rule=SCAN, wide=True)


class TemplateForm(Form):
    """A new version of a template."""

    title = fields.line(_l("Titre du document"), 120, missing=_l("Donnez un titre au document."), wide=True)
    text = fields.line(
        _l("Texte"), templates.LONGEST, missing=_l("Écrivez le texte du document."), lines=True, wide=True, rows=28,
        help=_l("«\u202f##\u202f» ouvre une section, «\u202f-\u202f» un élément de liste, «\u202f|\u202f» une ligne de "
                "tableau\u202f; les champs s'écrivent entre accolades."),
    )  # fmt: skip
    why = fields.line(_l("Ce qui change"), 300, wide=True, help=_l("Une phrase, gardée avec la version."))
