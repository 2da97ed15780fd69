"""What programs send and get of filed documents."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api import documents
from core.api.rest import Asked
from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.ged.forms import ONE

#: The worker has not read it yet.
WAITING = "waiting"
_CATEGORY = _l("Catégorie\u202f: un code de /p/ged/categories")
OWNERS = {
    "contact": _l("Contact"), "account": _l("Compte"), "support": _l("Support"), "product": _l("Produit"),
    "company": _l("Compagnie, dépositaire ou distributeur"),
}  # fmt: skip


class PaperOut(Given):
    """A document that people filed, without its content."""

    id = schemas.string()
    owner_kind = schemas.string(_l("Ce dont il s'agit\u202f: contact, account…"))
    owner_id = schemas.string()
    category = schemas.string(_l("Code de la catégorie"))
    title = schemas.string(_l("Titre"))
    filename = schemas.string(_l("Fichier"))
    media_type = schemas.string()
    size = schemas.whole(_l("Octets"))
    sha256 = schemas.string()
    version = schemas.whole(_l("Version"), source="number")
    current = schemas.flag(_l("En vigueur"))
    expires_on = schemas.day(_l("Valable jusqu'au"))
    tags = schemas.texts(_l("Étiquettes"), source="labels")
    note = schemas.string(_l("Remarques"))
    hold = schemas.string(_l("À conserver, motif"))
    created_at = schemas.moment(null=False)
    deleted_at = schemas.moment()


class FoundOut(PaperOut):
    """A document of a list or a search."""

    text = schemas.string(_l("Ce qu'est devenu son texte"), codes=(WAITING, *documents.TEXT_STATES))
    excerpt = schemas.string(_l("Les mots cherchés, dans leur phrase"))


class VersionsOut(Given):
    """All versions of a document."""

    items = schemas.many(PaperOut, _l("La plus récente d'abord"))


class PaperQuery(Asked):
    """Which documents."""

    contact = schemas.ask_text(_l("Id d'un contact\u202f: son dossier, comptes compris"))
    owner = schemas.ask_text(_l("Id d'un contact, compte, support, produit ou d'une compagnie\u202f: ses seuls documents"))
    q = schemas.ask_text(_l("Mots du titre, des étiquettes, des remarques ou du texte"), 200)
    category = schemas.ask_text(_l("Catégorie, avec celles qu'elle contient\u202f: un code de /p/ged/categories"), 60)
    state = schemas.ask_code(_l("État"), documents.finding.STATES)
    tag = schemas.ask_text(_l("Étiquette"), 40)


class ShelfQuery(Asked):
    """Which supports, products or companies."""

    kind = schemas.ask_code(_l("Type\u202f; vide\u202f: company"), documents.SHELVES)
    q = schemas.ask_text(_l("Partie du nom, de l'ISIN ou du code"), 100)


class ShelfOut(Given):
    """A support, a product or a company, and how many documents it has."""

    kind = schemas.string(_l("Type"), codes=documents.SHELVES)
    id = schemas.string()
    name = schemas.string(_l("Nom"))
    detail = schemas.string(_l("ISIN ou code d'un support, compagnie d'un produit"))
    documents = schemas.whole(_l("Documents en vigueur"))


class PaperPatch(Taken):
    """What changes of what is said of a document."""

    title = schemas.ask_text(_l("Titre"), 200)
    category = schemas.ask_text(_CATEGORY, 60)
    expires_on = schemas.ask_day(_l("Valable jusqu'au"), null=True)
    tags = schemas.ask_text(_l("Étiquettes, entre virgules"), 280)
    note = schemas.ask_text(_l("Remarques"), 1000, lines=True)
    hold = schemas.ask_text(_l("À conserver, motif\u202f; vide pour lever la conservation"), 200)


class PaperNew(Taken):
    """A new document, as a form of parts."""

    file = schemas.ask_file(_l("Le fichier"), ONE, missing=_l("Joignez le fichier."))
    owner_kind = schemas.ask_code(_l("Ce dont il s'agit"), OWNERS, missing=_l("Dites ce dont il s'agit, par exemple contact."))
    owner = schemas.ask_text(_l("L'id de ce dont il s'agit"), missing=_l("Donnez l'id de ce dont il s'agit."))
    category = schemas.ask_text(_CATEGORY, 60, missing=_l("Choisissez une catégorie."))
    title = schemas.ask_text(_l("Titre\u202f; vide\u202f: le nom du fichier"), 200)
    expires_on = schemas.ask_day(_l("Valable jusqu'au"))
    tags = schemas.ask_text(_l("Étiquettes, entre virgules"), 280)
    note = schemas.ask_text(_l("Remarques"), 1000, lines=True)


class VersionNew(Taken):
    """The file that takes the place of the one in force, as a form of parts."""

    file = schemas.ask_file(_l("Le fichier"), ONE, missing=_l("Joignez le fichier."))
    expires_on = schemas.ask_day(_l("Valable jusqu'au"))
