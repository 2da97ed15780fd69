"""`/contact-fields`, `/contact-categories`, `/contact-labels`: what a cabinet defines for its contacts (CT-03)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.contacts import categories
from core.contacts import custom
from core.contacts import labels
from core.contacts import shelves
from core.resources import contact_list_schemas as shapes
from core.rest.operations import Call
from core.rest.operations import Reply
from core.rest.operations import Resource
from core.rest.operations import Slice

DEFINED = Resource(
    "defined", _l("Classement des contacts"), _l("Champs, catégories et étiquettes que le cabinet définit pour ses contacts.")
)
READ, WRITE = "contacts:read", "administration:write"


@DEFINED.get("/contact-fields", _l("Lister les champs du cabinet"), shapes.FieldOut, paged=True, scope=READ)
def fields_listed(call: Call) -> Slice[Any]:
    """All of them, archived ones too."""
    return call.among(custom.every(call.session, archived=True, counted=True), lambda one: one.id)


@DEFINED.post(
    "/contact-fields", _l("Créer un champ"), shapes.FieldOut, takes=shapes.FieldNew, scope=WRITE, status=201,
    about=_l("Son code, fait de son nom, ne change plus\u202f: c'est sa clé dans custom."),
)  # fmt: skip
def field_create(call: Call) -> Reply:
    """As «Ajouter un champ»."""
    made = custom.add(call.session, call.adviser, call.taken, field_id=call.once)
    return Reply(field_show(call, made), f"/contact-fields/{made}")


@DEFINED.post("/contact-fields/order", _l("Réordonner les champs"), shapes.Ordered, takes=shapes.Order, scope=WRITE)
def fields_order(call: Call) -> dict[str, Any]:
    """As «Ordonner»."""
    shelves.order(call.session, call.adviser, shelves.FIELDS, call.taken["ids"])
    return {"ids": call.taken["ids"]}


@DEFINED.get("/contact-fields/{field_id}", _l("Lire un champ"), shapes.FieldOut, scope=READ)
def field_show(call: Call, field_id: str) -> Any:
    """One of them."""
    return custom.get(call.session, field_id)


@DEFINED.patch(
    "/contact-fields/{field_id}", _l("Modifier un champ"), shapes.FieldOut, takes=shapes.FieldPatch, scope=WRITE,
    same="defined_field_show",
)  # fmt: skip
def field_change(call: Call, field_id: str) -> Any:
    """What was sent, and nothing else; archived puts it away or takes it back."""
    sent = dict(call.taken)
    _archive(call, shelves.FIELDS, field_id, sent.pop("archived", None))
    if sent:
        custom.change(call.session, call.adviser, field_id, sent)
    return field_show(call, field_id)


@DEFINED.delete("/contact-fields/{field_id}", _l("Supprimer un champ"), scope=WRITE, same="defined_field_show")
def field_remove(call: Call, field_id: str) -> None:
    """One that says nothing of anybody; the others are archived."""
    shelves.remove(call.session, call.adviser, shelves.FIELDS, field_id, used=custom.get(call.session, field_id).used)


@DEFINED.get("/contact-categories", _l("Lister les catégories"), shapes.CategoryOut, paged=True, scope=READ)
def categories_listed(call: Call) -> Slice[Any]:
    """All of them, archived ones too."""
    return call.among(categories.tree(call.session, archived=True, counted=True), lambda one: one.id)


@DEFINED.post(
    "/contact-categories", _l("Créer une catégorie"), shapes.CategoryOut, takes=shapes.CategoryNew, scope=WRITE, status=201
)
def category_create(call: Call) -> Reply:
    """As «Ajouter une catégorie»."""
    made = categories.add(call.session, call.adviser, call.taken, category_id=call.once)
    return Reply(category_show(call, made), f"/contact-categories/{made}")


@DEFINED.post("/contact-categories/order", _l("Réordonner les catégories"), shapes.Ordered, takes=shapes.Order, scope=WRITE)
def categories_order(call: Call) -> dict[str, Any]:
    """As «Ordonner»."""
    shelves.order(call.session, call.adviser, shelves.CATEGORIES, call.taken["ids"])
    return {"ids": call.taken["ids"]}


@DEFINED.get("/contact-categories/{category_id}", _l("Lire une catégorie"), shapes.CategoryOut, scope=READ)
def category_show(call: Call, category_id: str) -> Any:
    """One of them."""
    return categories.get(call.session, category_id)


@DEFINED.patch(
    "/contact-categories/{category_id}", _l("Modifier une catégorie"), shapes.CategoryOut, takes=shapes.CategoryPatch,
    scope=WRITE, same="defined_category_show",
)  # fmt: skip
def category_change(call: Call, category_id: str) -> Any:
    """What was sent, and nothing else; archived puts it away or takes it back."""
    sent = dict(call.taken)
    _archive(call, shelves.CATEGORIES, category_id, sent.pop("archived", None))
    if sent:
        categories.change(call.session, call.adviser, category_id, sent)
    return category_show(call, category_id)


@DEFINED.delete(
    "/contact-categories/{category_id}", _l("Supprimer une catégorie"), scope=WRITE, same="defined_category_show"
)
def category_remove(call: Call, category_id: str) -> None:
    """One that nobody is in and that has no sub-category; the others are archived."""
    one = categories.get(call.session, category_id)
    used = one.used + sum(other.parent_id == one.id for other in categories.tree(call.session, archived=True))
    shelves.remove(call.session, call.adviser, shelves.CATEGORIES, category_id, used=used)


@DEFINED.post(
    "/contact-categories/{category_id}/merge", _l("Fusionner une catégorie"), shapes.Merged, takes=shapes.Merge, scope=WRITE,
    about=_l("Ses contacts et ses sous-catégories passent à l'autre, puis elle est archivée."),
)  # fmt: skip
def category_merge(call: Call, category_id: str) -> dict[str, int]:
    """As «Fusionner»."""
    return {"changed": len(categories.merge(call.session, call.adviser, category_id, call.taken["into"]))}


@DEFINED.get("/contact-labels", _l("Lister les étiquettes"), shapes.LabelOut, paged=True, scope=READ)
def labels_listed(call: Call) -> Slice[Any]:
    """All of them, archived ones too."""
    return call.among(labels.every(call.session, archived=True, counted=True), lambda one: one.id)


@DEFINED.post("/contact-labels", _l("Créer une étiquette"), shapes.LabelOut, takes=shapes.LabelNew, scope=WRITE, status=201)
def label_create(call: Call) -> Reply:
    """As «Ajouter une étiquette»."""
    made = labels.add(call.session, call.adviser, call.taken, label_id=call.once)
    return Reply(label_show(call, made), f"/contact-labels/{made}")


@DEFINED.post("/contact-labels/order", _l("Réordonner les étiquettes"), shapes.Ordered, takes=shapes.Order, scope=WRITE)
def labels_order(call: Call) -> dict[str, Any]:
    """As «Ordonner»."""
    shelves.order(call.session, call.adviser, shelves.LABELS, call.taken["ids"])
    return {"ids": call.taken["ids"]}


@DEFINED.get("/contact-labels/{label_id}", _l("Lire une étiquette"), shapes.LabelOut, scope=READ)
def label_show(call: Call, label_id: str) -> Any:
    """One of them."""
    return labels.get(call.session, label_id)


@DEFINED.patch(
    "/contact-labels/{label_id}", _l("Modifier une étiquette"), shapes.LabelOut, takes=shapes.LabelPatch, scope=WRITE,
    same="defined_label_show",
)  # fmt: skip
def label_change(call: Call, label_id: str) -> Any:
    """What was sent, and nothing else; archived puts it away or takes it back."""
    sent = dict(call.taken)
    _archive(call, shelves.LABELS, label_id, sent.pop("archived", None))
    if sent:
        labels.change(call.session, call.adviser, label_id, sent)
    return label_show(call, label_id)


@DEFINED.delete("/contact-labels/{label_id}", _l("Supprimer une étiquette"), scope=WRITE, same="defined_label_show")
def label_remove(call: Call, label_id: str) -> None:
    """One that nobody bears; the others are archived."""
    shelves.remove(call.session, call.adviser, shelves.LABELS, label_id, used=labels.get(call.session, label_id).used)


@DEFINED.post(
    "/contact-labels/{label_id}/merge", _l("Fusionner une étiquette"), shapes.Merged, takes=shapes.Merge, scope=WRITE,
    about=_l("Ses contacts portent l'autre, puis elle est archivée."),
)  # fmt: skip
def label_merge(call: Call, label_id: str) -> dict[str, int]:
    """As «Fusionner»."""
    return {"changed": len(labels.merge(call.session, call.adviser, label_id, call.taken["into"]))}


def _archive(call: Call, shelf: shelves.Shelf, item_id: str, wanted: bool | None) -> None:
    if wanted is not None:
        (shelves.archive if wanted else shelves.restore)(call.session, call.adviser, shelf, item_id)
