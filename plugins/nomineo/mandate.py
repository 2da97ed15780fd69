"""The printed mandate, the message to the inspector, the check of a deposited form (BL-04): no protocol here.

Form and message are in French whatever the reader's language: they are for a French company.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from jinja2 import Environment
from jinja2 import FileSystemLoader
from jinja2 import StrictUndefined

from core.api import documents
from core.api import pdf
from core.api.db import DomainError
from core.api.db import today
from core.api.mandates import Paper
from core.api.mandates import printed

_TEMPLATES = Path(__file__).parent / "templates" / "nomineo"
#: Rows of advisers on the form: more than that are named in a line beneath.
ROWS = 6
MOST_ROWS = 12
#: Fields of the form without which the company sends it back, and how each is called.
NEEDED: dict[str, Any] = {
    "cabinet": _l("Dénomination"),
    "siren": _l("SIREN"),
    "orias": _l("N° ORIAS"),
    "code_courtier": _l("Code courtier"),
    "representant": _l("Représentant légal"),
    "qualite": _l("Qualité"),
    "lieu": _l("Fait à"),
    "date": _l("Le"),
}


def make(paper: Paper, *, code: str, values: Mapping[str, Any] | None = None, logo: str = "") -> bytes:
    """The form, pre-filled with what is known, its fields still to be typed in (about a second, no database).

    `logo`: the cabinet's, as `core.api.pdf.logo` gives it."""
    return pdf.render(page(paper, code=code, values=values or {}, logo=logo), forms=True)


def make_blank(paper: Paper) -> bytes:
    """The same with nothing of the cabinet in it, nor code nor keys: one for all who ask for it the same day."""
    return _rendered(page(paper, code=None, values={}))


@lru_cache(maxsize=8)
def _rendered(html: str) -> bytes:
    return pdf.render(html, forms=True)


def page(paper: Paper, *, code: str | None, values: Mapping[str, Any], logo: str = "") -> str:
    """The form's HTML. `values` are those typed on screen; `code` None: the blank form."""
    blank = code is None
    people = [] if blank else list(paper.advisers)
    shown = people[:MOST_ROWS]
    rows = max(ROWS, len(shown)) if blank or len(shown) < ROWS else len(shown)
    given = {} if blank else {**paper.form, "broker_code": paper.broker_code, **values}
    signed = given.get("signed_on")
    fields = {name: given.get(name) or "" for name in ("broker_code", "phone", "representative", "quality", "email", "place")}
    body = _environment().get_template("mandat_pdf.html").render(
        paper=_Blank(paper) if blank else paper, blank=blank, logo=logo, code=printed(code) if code else "",
        values={**fields, "signed_on": f"{signed:%d/%m/%Y}" if isinstance(signed, date) else ""},
        siren="" if blank else grouped(paper.siren), prepared_on=f"{today():%d/%m/%Y}",
        chosen=frozenset() if blank else frozenset(given.get("acts") or paper.chosen),
        advisers=[*shown, *[("", "")] * (rows - len(shown))], others=[name for name, _ in people[MOST_ROWS:]],
    )  # fmt: skip
    css = pdf.font_face() + (_TEMPLATES / "mandat.css").read_text("utf-8")
    title = "Mandat d'accès à l'extranet Nominéo"
    head = f'<meta charset="utf-8"><title>{title}</title><style>{css}</style>'
    return f'<!doctype html><html lang="fr"><head>{head}</head>{body}</html>'


def grouped(siren: str | None) -> str:
    """A SIREN as it is written: 732 829 320."""
    digits = re.sub(r"\D", "", siren or "")
    return " ".join(digits[start : start + 3] for start in range(0, len(digits), 3))


def broker_code_of(deposited: bytes, *, paper: Paper, typed: str) -> str:
    """Check a deposited form; the broker code to keep. A scan, which has no fields, is taken as it is.

    Raises `DomainError` with what is missing or does not match.
    """
    if len(deposited) > documents.MAX_BYTES:
        raise DomainError(gettext("Le fichier dépasse 25 Mio\u202f: réduisez-le, puis déposez-le à nouveau."))
    try:
        inside = pdf.inspect(deposited)
    except pdf.PdfError as error:
        raise DomainError(
            gettext("Ce fichier n'est pas un PDF lisible\u202f: enregistrez-le à nouveau depuis votre lecteur.")
        ) from error
    if inside.xfa:
        raise DomainError(
            gettext("Ce PDF est un formulaire XFA, que peu de lecteurs ouvrent\u202f: imprimez-le en PDF, puis déposez-le.")
        )
    if not set(NEEDED) <= set(inside.fields):
        return typed
    if empty := [str(label) for name, label in NEEDED.items() if not inside.fields[name].strip()]:
        raise DomainError(gettext("Le formulaire déposé n'est pas complet\u202f: %(missing)s.", missing=", ".join(empty)))
    if re.sub(r"\D", "", inside.fields["siren"]) != re.sub(r"\D", "", paper.siren or ""):
        raise DomainError(gettext("Le SIREN du formulaire n'est pas celui de votre cabinet."))
    written = inside.fields["code_courtier"].strip()
    if written != typed:
        raise DomainError(
            gettext(
                "Le code courtier saisi (%(typed)s) n'est pas celui du formulaire (%(written)s).",
                typed=typed, written=written,
            )
        )  # fmt: skip
    return typed


def message(
    *, cabinet: str, reference: str, sender_name: str, sender_email: str, inspector_name: str, inspector_email: str,
    filename: str, attachment: bytes, media_type: str,
) -> bytes:  # fmt: skip
    """The prepared e-mail, to be opened in the adviser's own program: `X-Unsent` makes it a draft there."""
    mail = EmailMessage(policy=SMTP)
    mail["To"] = f"{_quoted(inspector_name)} <{inspector_email}>"
    mail["From"] = f"{_quoted(sender_name)} <{sender_email}>"
    mail["Subject"] = f"Mandat d'accès à Nominéo – {cabinet}"
    mail["X-Unsent"] = "1"
    mail.set_content(
        f"Bonjour {inspector_name},\n\n"
        f"Veuillez trouver ci-joint le mandat d'accès à l'extranet Nominéo du cabinet {cabinet} "
        f"(référence {reference}), rempli et signé. L'original vous est adressé par courrier.\n\n"
        "Pourriez-vous le transmettre à la compagnie, et m'indiquer la date de réception de l'original\u202f? "
        "Le délai d'activation court à partir de cette date.\n\n"
        f"Avec mes remerciements,\n{sender_name}\n{cabinet}\n"
    )
    main, _, sub = media_type.partition("/")
    mail.add_attachment(attachment, maintype=main, subtype=sub, filename=filename)
    mail.set_boundary(f"=_{hashlib.sha256(attachment).hexdigest()[:32]}")  # the same message for the same mandate
    return mail.as_bytes()


def _quoted(name: str) -> str:
    return '"' + re.sub(r'["\\\r\n]', " ", name) + '"'


class _Blank:
    """A paper with only what the company itself knows: the acts, the delay."""

    def __init__(self, paper: Paper) -> None:
        self.acts, self.delay = paper.acts, paper.delay
        self.cabinet = self.orias = self.address = self.reference = ""
        self.thumbprints: tuple[str, ...] = ()
        self.saml = None


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
