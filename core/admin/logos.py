"""A logo that somebody sends, drawn anew: a small PNG of our own making, of which nothing runs (PL-06)."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core import pdf
from core.db.errors import DomainError
from core.documents.uploads import Sent
from core.pdf import Logo
from core.themes.folder import svg_fault

#: A document type without rules of its own, which drawing programs write: nothing is read of it.
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*>", re.I)
_WHY: dict[str, Any] = {
    "empty": _l("Rien n'est dessiné dans cette image\u202f: choisissez-en une autre."),
    "small": _l("Cette image est trop petite\u202f: 12 pixels de côté au moins, 96 de haut pour être nette."),
    "long": _l("Cette image est trop allongée pour être lue dans la barre\u202f: dix fois plus large que haute au plus."),
}


def drawn(sent: Sent) -> Logo:
    """The logo, for paper and for the screen (slow work: hold no lock). Raises `DomainError` for what cannot be drawn."""
    data = _DOCTYPE.sub(b"", sent.data, count=1)
    if sent.media_type == "image/svg+xml" and (why := svg_fault(data.decode("utf-8", "replace"))):
        text = _("Cette image n'est pas acceptée\u202f: %(why)s. Exportez-la en PNG, ou en SVG simple.", why=why)
        raise DomainError(text, code="file-type", field="file")
    try:
        return pdf.logo(data)
    except ValueError as refused:
        raise DomainError(str(_WHY[str(refused)]), code="file-picture", field="file") from refused
    except pdf.PdfError as failed:
        text = (
            _("Cette image demande trop de calcul\u202f: réduisez-la, puis choisissez-la à nouveau.") if failed.late
            else _("Cette image ne peut pas être lue\u202f: enregistrez-la à nouveau en PNG, puis choisissez-la.")
        )  # fmt: skip
        raise DomainError(text, code="file-picture", field="file") from failed
