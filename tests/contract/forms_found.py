"""The forms of the product as a browser finds them: pages read with a parser, schemas caught where views name them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from typing import Any

import pytest
from lxml import html
from marshmallow import Schema
from marshmallow import fields as plain

from core.api import forms
from core.web import fields
from core.web import forms as engine

#: Inputs that carry no typing: they are sent as they came.
#: Modules whose forms are tried by tests of their own.
APART = frozenset({"core.auth.schemas", "core.shell.list_pages"})
SILENT = frozenset({"hidden", "submit", "button", "image", "reset"})


@dataclass
class Box:
    """One field of a form: what its page says of it, and the value it has."""

    name: str
    kind: str
    value: str = ""
    required: bool = False
    invalid: bool = False
    described: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class FoundForm:
    """A form of a page, posted where its page says."""

    method: str
    action: str
    boxes: dict[str, Box] = field(default_factory=dict)

    @property
    def asked(self) -> dict[str, Box]:
        """What a person fills."""
        return {name: box for name, box in self.boxes.items() if box.kind not in SILENT}

    def values(self) -> dict[str, Any]:
        """What a browser would send now."""
        return {name: box.value for name, box in self.boxes.items() if box.kind != "file" and (box.value or box.kind != "check")}


class Page:
    """The forms of a page, its title, the words beside each field and the links of its error summary."""

    def __init__(self, text: str, address: str) -> None:
        tree = html.document_fromstring(text)
        self.forms = [_form(one, address) for one in tree.iter("form")]
        #: Of each field's parts, by their ids, which all begin with «f-».
        self.texts: dict[str, str] = {one.get("id"): one.text_content() for one in tree.xpath("//*[starts-with(@id, 'f-')]")}
        self.linked: set[str] = {href.removeprefix("#f-") for href in tree.xpath("//a/@href") if href.startswith("#f-")}
        self.title: str = tree.findtext("head/title", "")
        self.summary = bool(tree.xpath("//*[@data-error-summary]"))

    def form_for(self, like: FoundForm) -> FoundForm | None:
        """The same form on another answer."""
        return next((one for one in self.forms if set(one.asked) == set(like.asked)), None)


def _form(found: Any, address: str) -> FoundForm:
    form = FoundForm(found.get("method", "get"), found.get("action") or address)
    for one in found.iter("input", "select", "textarea"):
        name = one.get("name", "")
        if not name:
            continue
        kind = one.get("type", "text") if one.tag == "input" else str(one.tag)
        kind = "check" if kind == "checkbox" else kind
        box = form.boxes.setdefault(name, Box(name, kind))
        box.required |= one.get("required") is not None
        box.invalid |= one.get("aria-invalid") == "true"
        box.described = one.get("aria-describedby", box.described)
        if kind in ("radio", "check"):
            box.options.append(one.get("value", "on"))
            box.value = one.get("value", "on") if one.get("checked") is not None else box.value
        elif kind == "select":
            box.options += [option.get("value", "") for option in one.iter("option")]
            chosen = [option.get("value", "") for option in one.iter("option") if option.get("selected") is not None]
            box.value = (chosen or box.options or [""])[-1 if chosen else 0]
        else:
            box.value = (one.text or "") if kind == "textarea" else one.get("value", "")
    return form


class Seen:
    """The schemas that views drew and checked."""

    def __init__(self) -> None:
        self.schemas: list[Schema] = []

    @contextmanager
    def watching(self) -> Iterator[Seen]:
        """While it lasts every form shown or checked is noted, by whichever door of the form engine."""
        with pytest.MonkeyPatch.context() as patch:
            for name in ("view", "check"):
                noting = self._noting(getattr(engine, name))
                patch.setattr(forms, name, noting)
                patch.setattr(engine, name, noting)
            yield self

    def _noting(self, done: Any) -> Any:
        def noted(schema: Schema, *args: Any, **more: Any) -> Any:
            if type(schema).__module__ not in APART:
                self.schemas.append(schema)
            return done(schema, *args, **more)

        return noted

    def of(self, found: FoundForm) -> Schema | None:
        """The schema whose fields a form has."""
        for one in reversed(self.schemas):
            if set(found.asked) <= set(one.fields) and set(found.asked):
                return one
        return None


def kinds(cls: type[Schema] = forms.Form) -> Iterator[type[Schema]]:
    """Every form of the product: the leaves of the engine's class, our own modules only."""
    for sub in cls.__subclasses__():
        if sub.__subclasses__():
            yield from kinds(sub)
        elif sub.__module__.startswith(("core.", "plugins.")):
            yield sub


#: Field class → values that it refuses.
WRONG: Mapping[type[plain.Field[Any]], tuple[str, ...]] = {
    fields.Day: ("31/02/2026", "29/02/2025", "2025-13-01", "01/01/1026", "14/03/68"),
    fields.Hour: ("25:00", "12:60", "midi", "24h", "12:5"),
    fields.Amount: ("1.234,56", "mille", "12,345", "NaN", "12 $"),
    fields.Percent: ("120", "-1", "la moitié", "12,345", "1e1"),
    fields.Email: ("pas une adresse", "jeanne@exemple", "@exemple.fr", "a@b@c.fr", "jeanne durand@exemple.fr"),
    fields.Phone: ("téléphone", "12", "06 12 34", "+33 6 12 34 56 78 99 00 11", "0612=34"),
    fields.Isin: ("FR0010135104", "FR001013510", "12A010135103", "FR00101351OX", "FR_010135103"),
    fields.Iban: ("FR76 3000 6000 0112 3456 7890 188", "FR76", "ZZ12 3456", "=1+1", "bonjour"),
    fields.Bic: ("AGRI", "12345678", "AGRIFRPPXXXX", "bic", "AGRIFR=P"),
    fields.Siren: ("732829321", "12345", "abc", "73282932", "=9"),
    plain.Integer: ("", "trois", "0", "1e9", "-5"),
}
#: Field class → what it takes, however it is written.
RIGHT: Mapping[type[plain.Field[Any]], str] = {
    fields.Day: " 1.3.1998 ", fields.Amount: "1 234,56", fields.Email: "prenom.nom+x@exemple.fr", fields.Phone: "06.12.34.56.78",
    fields.Hour: "9h05", fields.Percent: "12,5 %", fields.Isin: "fr 0010135103", fields.Bic: "agrifrpp",
    fields.Iban: "fr76 3000 6000 0112 3456 7890 189", fields.Siren: "732 829 320", plain.Integer: "7",
}  # fmt: skip
#: In any field that a person types in: refused, whatever it is for.
CONTROLS = ("a\x00b", "a\x1b[31mb", "a\u202eb", "a\x07")
LONG = "é" * 10_000
#: Texts like any other: kept as they are, never obeyed.
HARMLESS = (
    "<script>alert(1)</script>", '=HYPERLINK("http://x.example";"ici")',
    "Zoé 👩‍👩‍👧 O'Brien & \"fils\"", "@SUM(1+9)*cmd|' /C calc'!A0",
)  # fmt: skip
