"""The printed mandate, the check of a deposited one (BL-04): no protocol here.

The form is in French whatever the reader's language: it is for a French company.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from jinja2 import Environment
from jinja2 import FileSystemLoader
from jinja2 import StrictUndefined
from jinja2 import select_autoescape

from core import pdf
from core.db.clock import today
from core.db.errors import DomainError
from core.documents import services as documents
from core.hooks.declared import Partner
from core.links.mandates import Paper
from core.links.mandates import printed

TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "activation"
#: Rows of advisers on the form: more than that are named in a line beneath.
ROWS = 6
MOST_ROWS = 12


class PrintedMandate:
    """The form of a partner's mandate. A plugin that has its own gives its folder, title and foot.

    `folder` holds `mandat_pdf.html`, which may extend `activation/mandat.html`; the look, `mandat.css`, is core's where the
    folder has none. The template gets `paper`, `partner`, `blank`, `code`, `values`, `siren`, `prepared_on`, `chosen`,
    `advisers`, `others`, `logo`, `title`; its fields have the names of core's, by which a deposited form is checked.
    """

    def __init__(
        self, partner: Partner, *, folder: Path | None = None, title: str = "Mandat de transmission d'actes par Encours",
        foot: str = "",
    ) -> None:  # fmt: skip
        self.partner = partner
        self.title = title
        self.foot = foot or f"{title} · {partner.label}"
        self.folders = tuple(one for one in (folder, TEMPLATES, TEMPLATES.parent) if one is not None)
        code = partner.words.broker_code
        #: Fields of the form without which the company sends it back, and how each is called.
        self.needed: dict[str, Any] = {
            "cabinet": _l("Dénomination"), "siren": _l("SIREN"), "orias": _l("N° ORIAS"),
            "code_courtier": code[:1].upper() + code[1:], "representant": _l("Représentant légal"),
            "qualite": _l("Qualité"), "lieu": _l("Fait à"), "date": _l("Le"),
        }  # fmt: skip

    def make(self, paper: Paper, *, code: str, values: Mapping[str, Any] | None = None, logo: str = "") -> bytes:
        """The form, pre-filled with what is known, its fields still to be typed in (about a second, no database).

        `logo`: the cabinet's, as `core.api.pdf.logo` gives it."""
        return pdf.render(self.page(paper, code=code, values=values or {}, logo=logo), forms=True)

    def make_blank(self, paper: Paper) -> bytes:
        """The same with nothing of the cabinet in it, nor code nor keys: one for all who ask for it the same day."""
        return _rendered(self.page(paper, code=None, values={}))

    def page(self, paper: Paper, *, code: str | None, values: Mapping[str, Any], logo: str = "") -> str:
        """The form's HTML. `values` are those typed on screen; `code` None: the blank form."""
        blank = code is None
        people = [] if blank else list(paper.advisers)
        shown = people[:MOST_ROWS]
        rows = max(ROWS, len(shown)) if blank or len(shown) < ROWS else len(shown)
        given = {} if blank else {**paper.form, "broker_code": paper.broker_code, **values}
        signed = given.get("signed_on")
        fields = {
            name: given.get(name) or "" for name in ("broker_code", "phone", "representative", "quality", "email", "place")
        }  # fmt: skip
        environment = _environment(self.folders)
        body = environment.get_template("mandat_pdf.html").render(
            paper=_Blank(paper) if blank else paper, partner=self.partner, title=self.title, blank=blank, logo=logo,
            code=printed(code) if code else "", siren="" if blank else grouped(paper.siren), prepared_on=f"{today():%d/%m/%Y}",
            values={**fields, "signed_on": f"{signed:%d/%m/%Y}" if isinstance(signed, date) else ""},
            chosen=frozenset() if blank else frozenset(given.get("acts") or paper.chosen),
            advisers=[*shown, *[("", "")] * (rows - len(shown))], others=[name for name, _ in people[MOST_ROWS:]],
        )  # fmt: skip
        css = pdf.font_face() + environment.get_template("mandat.css").render(foot=_quoted(self.foot))
        head = f'<meta charset="utf-8"><title>{self.title}</title><style>{css}</style>'
        return f'<!doctype html><html lang="fr"><head>{head}</head>{body}</html>'

    def broker_code_of(self, deposited: bytes, *, paper: Paper, typed: str) -> str:
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
        if not set(self.needed) <= set(inside.fields):
            return typed
        if empty := [str(label) for name, label in self.needed.items() if not inside.fields[name].strip()]:
            raise DomainError(gettext("Le formulaire déposé n'est pas complet\u202f: %(missing)s.", missing=", ".join(empty)))
        if re.sub(r"\D", "", inside.fields["siren"]) != re.sub(r"\D", "", paper.siren or ""):
            raise DomainError(gettext("Le SIREN du formulaire n'est pas celui de votre cabinet."))
        written = inside.fields["code_courtier"].strip()
        if written != typed:
            raise DomainError(
                gettext(
                    "Le %(code)s saisi (%(typed)s) n'est pas celui du formulaire (%(written)s).",
                    code=self.partner.words.broker_code, typed=typed, written=written,
                )
            )  # fmt: skip
        return typed


def grouped(siren: str | None) -> str:
    """A SIREN as it is written: 732 829 320."""
    digits = re.sub(r"\D", "", siren or "")
    return " ".join(digits[start : start + 3] for start in range(0, len(digits), 3))


@lru_cache(maxsize=8)
def _rendered(html: str) -> bytes:
    return pdf.render(html, forms=True)


def _quoted(text: str) -> str:
    """A text as CSS writes it."""
    return '"' + re.sub(r'["\\\r\n<>]', " ", text) + '"'


class _Blank:
    """A paper with only what the company itself knows: the acts, the delay."""

    def __init__(self, paper: Paper) -> None:
        self.acts, self.delay = paper.acts, paper.delay
        self.cabinet = self.orias = self.address = self.reference = ""
        self.thumbprints: tuple[str, ...] = ()
        self.saml = None


@cache
def _environment(folders: tuple[Path, ...]) -> Environment:
    return Environment(
        loader=FileSystemLoader(folders), autoescape=select_autoescape(["html"]), undefined=StrictUndefined
    )
