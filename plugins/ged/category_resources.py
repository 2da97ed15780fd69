"""`/p/ged/categories`: where documents are filed, and the cabinet's own sub-categories, for programs (OU-03)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import documents
from core.api.rest import Call
from core.api.rest import Given
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.rest import Taken
from core.api.rest import schemas

READ, RUN = "documents:read", "administration:write"
CATEGORIES = Resource(
    "ged_categories", _l("Catégories de documents"), _l("Celles d'Encours, et celles du cabinet."), plugin="ged"
)
_BASE = "/p/ged/categories"
_OWN = f"{_BASE}/{{own_category_id}}"
_TOPS = {code: one.label for code, one in documents.categories.CATEGORIES.items() if not one.parent}


class CategoryOut(Given):
    """A category: what documents give as `category`."""

    code = schemas.string(_l("Code d'une catégorie d'Encours, id de l'une de celles du cabinet"))
    label = schemas.string(_l("Nom"))
    parent = schemas.string(_l("Catégorie qui la contient\u202f; vide au premier niveau"))
    own = schemas.flag(_l("Du cabinet"))
    rank = schemas.whole(_l("Rang dans la liste, à partir de 1"))
    archived = schemas.flag(_l("Archivée\u202f: plus rien ne s'y classe"))


class CategoryNew(Taken):
    """A new one of the cabinet's own."""

    label = schemas.ask_text(_l("Nom"), 80, missing=_l("Donnez un nom."))
    parent = schemas.ask_code(_l("Catégorie qui la contient"), _TOPS, missing=_l("Dites sous quelle catégorie."))


class CategoryPatch(Taken):
    """What changes of one."""

    label = schemas.ask_text(_l("Nom"), 80)
    parent = schemas.ask_code(_l("Catégorie qui la contient"), _TOPS)


class CategoryOrder(Taken):
    """An order."""

    codes = schemas.ask_texts(_l("Ids de catégories du cabinet, dans l'ordre voulu"), missing=_l("Donnez l'ordre voulu."))


@CATEGORIES.get(_BASE, _l("Lister les catégories de documents"), CategoryOut, paged=True, scope=READ)
def listed(call: Call) -> Slice[Any]:
    """Each of the first level followed by the house's under it, then by the cabinet's own."""
    tree = documents.categories.tree(call.session)
    return call.among([_shown(tree, code) for code in tree.options(closed=True)], lambda one: f"{one['rank']:06d}")


@CATEGORIES.post(_BASE, _l("Créer une catégorie du cabinet"), CategoryOut, takes=CategoryNew, status=201, scope=RUN)
def create(call: Call) -> Reply:
    """As «Nouvelle catégorie»."""
    sent = call.taken
    made = documents.own_categories.add(call.session, call.adviser, sent["parent"], sent["label"], key=call.once or None)
    return Reply(show(call, made), f"{_BASE}/{made}")


@CATEGORIES.get(_OWN, _l("Lire une catégorie du cabinet"), CategoryOut, scope=READ)
def show(call: Call, own_category_id: str) -> dict[str, Any]:
    """One of the cabinet's own."""
    documents.own_categories.get(call.session, own_category_id)
    return _shown(documents.categories.tree(call.session), own_category_id)


@CATEGORIES.patch(
    _OWN, _l("Modifier une catégorie du cabinet"), CategoryOut, takes=CategoryPatch, scope=RUN, same="ged_categories_show"
)
def change(call: Call, own_category_id: str) -> dict[str, Any]:
    """Its name, what it is under."""
    sent, own = call.taken, documents.own_categories
    known = own.get(call.session, own_category_id)
    parent, label = sent.get("parent", known.parent), sent.get("label", known.label)
    own.change(call.session, call.adviser, own_category_id, parent, label)
    return show(call, own_category_id)


@CATEGORIES.post(f"{_BASE}/order", _l("Ordonner les catégories du cabinet"), takes=CategoryOrder, scope=RUN)
def order(call: Call) -> None:
    """Those that are named take one another's places."""
    documents.own_categories.order(call.session, call.adviser, call.taken["codes"])


@CATEGORIES.post(f"{_OWN}/archive", _l("Archiver une catégorie du cabinet"), CategoryOut, scope=RUN)
def archive(call: Call, own_category_id: str) -> dict[str, Any]:
    """Nothing is filed there any more."""
    documents.own_categories.archive(call.session, call.adviser, own_category_id)
    return show(call, own_category_id)


@CATEGORIES.post(f"{_OWN}/restore", _l("Sortir une catégorie des archives"), CategoryOut, scope=RUN)
def restore(call: Call, own_category_id: str) -> dict[str, Any]:
    """As it was."""
    documents.own_categories.archive(call.session, call.adviser, own_category_id, away=False)
    return show(call, own_category_id)


def _shown(tree: documents.categories.Tree, code: str) -> dict[str, Any]:
    one = tree.get(code)
    assert one is not None, "the tree gave its code"
    return {
        "code": code, "label": one.label, "parent": one.parent, "own": code not in documents.categories.CATEGORIES,
        "rank": list(tree.options(closed=True)).index(code) + 1, "archived": code in tree.closed,
    }  # fmt: skip
