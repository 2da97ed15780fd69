"""The forms of documents: files and where they go, what is said of one, its next version (AU-03)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from typing import ClassVar

from flask_babel import lazy_gettext as _l

from core.api import documents
from core.api import files
from core.api.forms import Form
from core.api.forms import fields

EDIT = documents.filing.EDIT
TYPES = ("application/pdf", "image/png", "image/jpeg", *documents.office.TYPES, "text/plain")
CALLED = "PDF, PNG, JPEG, Word, Excel, PowerPoint, OpenDocument ou texte"
#: Files of one form, and bytes of them all: they are in memory while they are filed.
RULE = files.rule("ged.documents", permission=EDIT, types=TYPES, max_files=100, max_total=250 * 1024 * 1024, called=CALLED)
ONE = files.rule("ged.version", permission=EDIT, types=TYPES, called=CALLED)
#: Of a document of the cabinet's own: who runs it files it.
INTERNAL = files.rule("ged.internal", permission=documents.filing.MANAGE, types=TYPES, called=CALLED)
_UNTIL = _l("Vide si le document n'a pas de fin. Exemple\u202f: 05/03/2031")
_TAGS = _l("Séparées par des virgules, par exemple\u202f: succession, 2026.")


def tops() -> Mapping[str, Any]:
    """The first level: under which a cabinet has its own."""
    return {code: one.label for code, one in documents.categories.CATEGORIES.items() if not one.parent}


def internal_categories(tree: documents.categories.Tree) -> dict[str, str]:
    """Where documents of the cabinet's own are filed."""
    wanted = ("INTERNE", "REGLEMENTAIRE", "DIVERS")
    found = tree.options()
    return {code: name for code, name in found.items() if code in wanted or getattr(tree.get(code), "parent", "") in wanted}


class NewForm(Form):
    """Files, and what is said of them all. Made without `owner` where there is one alone."""

    groups: ClassVar[Mapping[str, Any]] = {"files": _l("Fichiers"), "what": _l("Classement")}

    file = fields.file(_l("Fichiers"), rule=RULE, group="files", wide=True)
    category = fields.choice(_l("Catégorie"), {}, late=True, missing=_l("Choisissez une catégorie."), group="what")
    owner = fields.choice(_l("Concerne"), {}, late=True, group="what")
    title = fields.line(
        _l("Titre"), 200, group="what", wide=True, help=_l("Vide, ou pour plusieurs fichiers\u202f: le nom de chaque fichier.")
    )
    expires_on = fields.day(_l("Valable jusqu'au"), group="what", help=_UNTIL)
    tags = fields.line(_l("Étiquettes"), 280, group="what", help=_TAGS)
    note = fields.line(_l("Remarques"), 1000, lines=True, group="what", wide=True)


class EditForm(Form):
    """What is said of one document."""

    groups: ClassVar[Mapping[str, Any]] = {"what": _l("Classement"), "keep": _l("Conservation")}

    title = fields.line(_l("Titre"), 200, missing=_l("Saisissez un titre."), group="what", wide=True)
    category = fields.choice(_l("Catégorie"), {}, late=True, missing=_l("Choisissez une catégorie."), group="what")
    expires_on = fields.day(_l("Valable jusqu'au"), group="what", help=_UNTIL)
    tags = fields.line(_l("Étiquettes"), 280, group="what", help=_TAGS)
    note = fields.line(_l("Remarques"), 1000, lines=True, group="what", wide=True)
    hold = fields.line(
        _l("À conserver, motif"), 200, group="keep", wide=True,
        help=_l("Contrôle, litige, demande d'un juge\u202f: tant qu'un motif est saisi, personne ne peut supprimer le document."),
    )  # fmt: skip


class VersionForm(Form):
    """The file that takes the place of the one in force."""

    file = fields.file(_l("Nouvelle version"), rule=ONE, wide=True)
    expires_on = fields.day(_l("Valable jusqu'au"), help=_UNTIL)


class InternalForm(Form):
    """A document that everybody of the cabinet reads."""

    file = fields.file(_l("Fichier"), rule=INTERNAL, wide=True)
    title = fields.line(_l("Titre"), 200, wide=True, help=_l("Vide\u202f: le nom du fichier."))
    category = fields.choice(_l("Catégorie"), {}, late=True, missing=_l("Choisissez une catégorie."))
    tags = fields.line(_l("Étiquettes"), 280, help=_TAGS)
    ask = fields.flag(_l("Demander à chacun de confirmer sa lecture"), wide=True)
    due_on = fields.day(_l("À lire avant le"), when=("ask", ("1",)), help=_l("Vide s'il n'y a pas de date limite."))
    note = fields.line(_l("Remarques"), 1000, lines=True, wide=True)


class CategoryForm(Form):
    """A category of the cabinet's own."""

    label = fields.line(_l("Nom"), 80, missing=_l("Donnez un nom."))
    parent = fields.choice(_l("Sous"), tops, missing=_l("Choisissez une catégorie."))


def read(values: Mapping[str, Any]) -> documents.filing.Facts:
    """What a form's values say."""
    return documents.filing.Facts(
        values.get("title") or "", values["category"], values.get("expires_on"), values.get("tags") or "",
        values.get("note") or "", values.get("hold") or "",
    )  # fmt: skip


def shown(row: documents.Document) -> dict[str, Any]:
    """A document's values as the form has them."""
    return {
        "title": row.title, "category": row.category, "expires_on": row.expires_on, "tags": ", ".join(row.labels),
        "note": row.note, "hold": row.hold,
    }  # fmt: skip
