"""The forms of the product as a browser finds them: pages read with a parser, schemas caught where views name them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from html.parser import HTMLParser
from typing import Any

import pytest
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


class Page(HTMLParser):
    """The forms of a page, its ids, its title and the words of its error summary."""

    def __init__(self, text: str, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[FoundForm] = []
        self.ids: set[str] = set()
        self.texts: dict[str, str] = {}
        self.linked: set[str] = set()
        self.title = ""
        self._address = address
        self._open: list[tuple[str, str]] = []
        self._area: Box | None = None
        self._list: Box | None = None
        self.summary = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids.add(given.get("id", ""))
        self.summary |= "data-error-summary" in given
        if tag not in ("input", "br", "img", "meta", "link", "hr", "source"):
            self._open.append((tag, given.get("id", "")))
        if tag == "a" and given.get("href", "").startswith("#f-"):
            self.linked.add(given["href"].removeprefix("#f-"))
        if tag == "form":
            self.forms.append(FoundForm(given.get("method", "get"), given.get("action") or self._address))
        elif self.forms and any(one == "form" for one, _id in self._open):
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        if tag == "option" and self._list is not None:
            self._list.options.append(given.get("value", ""))
            if "selected" in given or len(self._list.options) == 1:
                self._list.value = given.get("value", "")
        if tag not in ("input", "select", "textarea") or not name:
            return
        kind = {"select": "select", "textarea": "textarea"}.get(tag, given.get("type", "text"))
        kind = "check" if kind == "checkbox" else kind
        box = form.boxes.setdefault(name, Box(name, kind))
        box.required |= "required" in given
        box.invalid |= given.get("aria-invalid") == "true"
        box.described = given.get("aria-describedby", box.described)
        if kind in ("radio", "check"):
            box.options.append(given.get("value", "on"))
            box.value = given.get("value", "on") if "checked" in given else box.value
        else:
            box.value = given.get("value", "")
        self._area = box if tag == "textarea" else self._area
        self._list = box if tag == "select" else self._list

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            last, _id = self._open.pop()
            if last == tag:
                break
        self._area = None if tag == "textarea" else self._area
        self._list = None if tag == "select" else self._list

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data.removeprefix("\n") if not self._area.value else data
        for tag, key in self._open:
            if key:
                self.texts[key] = self.texts.get(key, "") + data
            if tag == "title" and not any(one == "svg" for one, _id in self._open):
                self.title += data

    def form_for(self, like: FoundForm) -> FoundForm | None:
        """The same form on another answer."""
        return next((one for one in self.forms if set(one.asked) == set(like.asked)), None)


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
