"""Where documents are filed and shown: a client's file, a support, product or company, the cabinet's own.

One set of views and templates serves them all: a place says whose documents are there, where its pages are, and what
frames them. It is found by the arguments of the address.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import Plugin
from core.api import contacts
from core.api import documents
from core.api import supports
from core.api.db import NotFound
from core.api.db import today
from core.api.types import AccountRef
from core.api.web import address
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import hub
from core.api.web import reached
from plugins.ged import internal
from plugins.ged import owners

SECTION = "documents"
#: A shelf of an address → the kind of owner; and how all of its kind are called.
SHELVES = {"compagnies": "company", "produits": "product", "supports": "support"}
CALLED = {
    "company": _l("Compagnies, dépositaires et distributeurs"), "product": _l("Produits"), "support": _l("Supports"),
}  # fmt: skip
#: Where documents lie in addresses, the prefix of their endpoints, where one of them is.
ROUTES = tuple(
    (base, prefix, f"{base}/<{one}>") for base, prefix, one in (
        ("/contacts/<contact_id>/documents", "", "paper_id"),
        ("/references/<shelf>/<owner_id>/documents", "shelf_", "shelved_id"),
    )
)  # fmt: skip
ABSENT = "Ce document n'est pas dans ce dossier, ou n'est pas ouvert à votre profil."
Trail = tuple[str, str | None]


class Place:
    """Documents of one owner, or of one file. `prefix` and `at`: its pages' endpoints, their arguments."""

    prefix = ""
    #: The argument of an address that names one of its documents.
    argument = "paper_id"
    #: The page of what it is about, where that is another.
    own_page: str | None = None
    #: What tells it from its likes, beside its name.
    detail = ""

    def __init__(self, kind: str, ref: str, name: str, at: Mapping[str, str]) -> None:
        self.kind, self.ref, self.name, self.at = kind, ref, name, at

    def endpoint(self, what: str = "documents") -> str:
        """The endpoint of one of its pages."""
        return f"p_ged.{self.prefix}{what}"

    def url(self, what: str = "documents", **values: Any) -> str:
        """The address of one of its pages."""
        return url_for(self.endpoint(what), **{**self.at, **values})

    def page(self, paper_id: str, what: str = "document") -> str:
        """The address of one of its documents, or of what is done with it."""
        return self.url(what, **{self.argument: paper_id})

    @cached_property
    def whose(self) -> Mapping[str, tuple[str, ...]]:
        """Owners of what is shown here: kind → ids."""
        return {self.kind: (self.ref,)}

    @property
    def held(self) -> tuple[AccountRef, ...]:
        """Accounts whose documents are here too."""
        return ()

    def frame(self, *trail: Trail) -> dict[str, Any]:
        """What the templates need around a page. `trail`: its place below the list."""
        return {"place": self, "crumbs": [*self.crumbs(), *trail], "failures": []}

    def crumbs(self) -> list[Trail]:
        """The way to its list; to itself, where the page is the list."""
        raise NotImplementedError

    def paper(self, paper_id: str) -> documents.Document:
        """A document of this place. Raises `NotFound`, also for one of somebody else's."""
        row = documents.get(db_session(), adviser(), paper_id)
        if row.owner_id not in self.whose.get(row.owner_kind, ()):
            raise NotFound(ABSENT)
        return row

    def may_file(self) -> bool:
        """Whether the person may add documents."""
        return documents.filing.may(db_session(), adviser(), self.kind, self.ref)


class ContactFile(Place):
    """A person's or a household's file, with accounts (and members)."""

    def __init__(self, contact_id: str) -> None:
        self.contact = contacts.get_contact(db_session(), adviser(), contact_id)
        super().__init__("contact", contact_id, self.contact.name, {"contact_id": contact_id})

    @cached_property
    def _of_file(self) -> tuple[dict[str, tuple[str, ...]], tuple[AccountRef, ...]]:
        return owners.of_file(db_session(), adviser(), self.ref)

    @cached_property
    def whose(self) -> Mapping[str, tuple[str, ...]]:
        """The person or the household, its members, and their accounts."""
        return self._of_file[0]

    @property
    def held(self) -> tuple[AccountRef, ...]:
        """Their accounts."""
        return self._of_file[1]

    def frame(self, *trail: Trail) -> dict[str, Any]:
        """With the head of the contact's file (`macros/contact.html`)."""
        ctx = current_context()
        sections = reached(hub().collect(Plugin.contact_sections, ctx), Plugin.contact_sections, contact_id=self.ref)
        return {
            **super().frame(*trail), "contact": self.contact, "age": self.contact.age(today()),
            "frame": contacts.file_frame(sections.values(), active=SECTION, url=sections.url, can=ctx.can),
            "failures": [failure.text for failure in sections.failures],
        }  # fmt: skip

    def crumbs(self) -> list[Trail]:
        """By the contacts."""
        return [(_("Contacts"), address("p_contacts.index")), (self.name, address("p_contacts.contact", contact_id=self.ref))]


class Shelf(Place):
    """A support, a product, a company."""

    prefix, argument = "shelf_", "shelved_id"

    def __init__(self, shelf: str, owner_id: str) -> None:
        found = supports.directory.get(db_session(), adviser(), SHELVES.get(shelf, ""), owner_id)
        self.detail = " · ".join(filter(None, (supports.directory.KINDS[found.kind], found.detail)))
        super().__init__(found.kind, found.id, found.name, {"shelf": shelf, "owner_id": owner_id})
        self.own_page = address("p_outils.support", support_id=owner_id) if found.kind == "support" else None

    def crumbs(self) -> list[Trail]:
        """By the list of its kind, and by the support's own page where there is one."""
        return [(str(CALLED[self.kind]), url_for("p_ged.shelves", type=self.kind)), (self.name, self.own_page)]


class Cabinet(Place):
    """The cabinet's own documents."""

    prefix, argument = "internal_", "internal_id"

    def __init__(self) -> None:
        super().__init__(internal.KIND, str(adviser().cabinet_id), _("Documents internes"), {})

    def endpoint(self, what: str = "documents") -> str:
        """Its list and its documents have names of their own: a reading is asked of no other."""
        return {"documents": "p_ged.internal", "document": "p_ged.internal_paper"}[what]

    def crumbs(self) -> list[Trail]:
        """By their list."""
        return [(self.name, self.url())]


def of(*, contact_id: str = "", shelf: str = "", owner_id: str = "") -> Place:
    """The place of an address. Raises `NotFound`."""
    return ContactFile(contact_id) if contact_id else Shelf(shelf, owner_id)


def of_paper(*, paper_id: str = "", shelved_id: str = "", **at: str) -> tuple[Place, str]:
    """The place of a document's address, and the document's id. Raises `NotFound`."""
    return of(**at), paper_id or shelved_id


def page_of(row: documents.Document) -> str | None:
    """The page of a document, where its owner alone says it; None for one of an account, or of an act."""
    if row.owner_kind == "contact":
        return url_for("p_ged.document", contact_id=row.owner_id, paper_id=row.id)
    shelf = next((slug for slug, kind in SHELVES.items() if kind == row.owner_kind), None)
    return url_for("p_ged.shelf_document", shelf=shelf, owner_id=row.owner_id, shelved_id=row.id) if shelf else None
