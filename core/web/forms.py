"""The form engine: one marshmallow schema gives the fields of a page, what was typed in them, and the faults (ADR 003, 007).

A view makes a schema, shows `view(schema, values)`, and on a POST asks `check(schema, typed(schema, request.form))`.
Where `errors` is not empty it shows the same form again with 422: nothing typed is lost (ux.md §2.11).
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import ClassVar

from flask_babel import LazyString
from flask_babel import gettext as _
from marshmallow import Schema
from marshmallow import ValidationError
from marshmallow import fields
from marshmallow import pre_load
from marshmallow import validates_schema
from werkzeug.datastructures import MultiDict

from core.db.errors import DomainError
from core.web.fields import Parsed
from core.web.fields import Secret

FieldView = dict[str, Any]


class Form(Schema):
    """What a form's schema subclasses.

    Its messages are said in the language of the request; blanks around are dropped; an empty field is one that is
    missing; one whose `when` (field, values) does not hold is not asked for and not read.
    """

    #: Group key → title, in the order of the page; a field's metadata names its group.
    groups: ClassVar[Mapping[str, Any]] = {}
    #: An empty field is an empty value, and a fault where the field cannot be empty (settings, which have defaults).
    keeps_blanks: ClassVar[bool] = False
    #: A sentence above the fields.
    about: ClassVar[Any] = ""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Schemas are made a request: the fields bound are this one's own."""
        field_obj.error_messages = {key: str(text) for key, text in field_obj.error_messages.items()}

    @pre_load
    def _prepare(self, data: Mapping[str, Any], **_more: Any) -> dict[str, Any]:
        stripped = {key: self._stripped(key, value) for key, value in data.items()}
        filled = {key: value for key, value in stripped.items() if value != "" or self.keeps_blanks}
        for name in [name for name in self.fields if not self.asks(name, filled)]:
            filled.pop(name, None)
            self.fields[name].required = False  # the bound copy of this request
        return filled

    def _stripped(self, name: str, value: Any) -> Any:
        return value.strip() if isinstance(value, str) and not isinstance(self.fields.get(name), Secret) else value

    def asks(self, name: str, typed: Mapping[str, Any]) -> bool:
        """Whether a field is asked for, by what was typed in the one that it hangs on."""
        when = self.fields[name].metadata.get("when")
        return bool(when is None or typed.get(when[0]) in when[1])


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one title."""

    key: str
    title: Any
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class FormView:
    """A form to draw. `errors` is the summary's list: name, label, error."""

    fields: tuple[FieldView, ...]
    errors: tuple[dict[str, Any], ...]
    groups: tuple[Group, ...] = ()
    stamp: str = ""
    #: Set where somebody else changed the same thing meanwhile: `core.web.stale.Clash`.
    clash: Any = None

    def field(self, name: str) -> FieldView:
        """One field, for a page that places its fields itself."""
        return next(one for one in self.fields if one["name"] == name)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a form held: `values` where `errors` is empty; `errors` by field, the first fault of each."""

    values: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)


def typed(schema: Schema, sent: MultiDict[str, str]) -> dict[str, Any]:
    """What was typed, as text: a list where the schema has one. An unknown name is left out."""
    every = sent.to_dict(flat=False)
    return {
        name: every[name] if isinstance(one, fields.List) else every[name][0]
        for name, one in schema.fields.items()
        if name in every
    }


def check(schema: Schema, given: Mapping[str, Any]) -> Checked:
    """Check what was typed."""
    try:
        return Checked(dict(schema.load(dict(given), unknown="exclude")))
    except ValidationError as error:
        found = {name: _first(words) for name, words in error.messages_dict.items()}
        order = [name for name, _one in _ordered(schema)]
        return Checked({}, dict(sorted(found.items(), key=lambda one: order.index(one[0]) if one[0] in order else -1)))


def asked(schema: Schema, sent: MultiDict[str, str], usual: Mapping[str, Any]) -> tuple[dict[str, Any], FormView]:
    """A form that is asked in the address: its values, the usual ones where nothing is asked or what is makes no sense.

    The form then says what is wrong, and keeps what was typed.
    """
    given = {**shown(schema, usual), **typed(schema, sent)}
    checked = check(schema, given)
    told = {name: value for name, value in checked.values.items() if value is not None}
    return {**usual, **told}, view(schema, given, checked.errors)


def refused(error: DomainError) -> dict[str, str]:
    """A service's refusal, beside the field that it is about; in the summary alone where it names none."""
    return {error.field or "": error.text}


def view(
    schema: Schema, values: Mapping[str, Any], errors: Mapping[str, str] | None = None, *,
    options: Mapping[str, Mapping[str, Any]] | None = None, apart: Mapping[str, Any] | None = None,
    stamp: str = "", clash: Any = None,
) -> FormView:  # fmt: skip
    """The form with values (typed, or the record's own) and what is wrong, in the page's order; an error on no field («»)
    is in the summary alone.

    `options`: those that only the view knows, by field. `apart`: labels of fields that the page draws itself.
    """
    wrong = errors or {}
    drawn = [_drawn(name, one, values.get(name), wrong.get(name), (options or {}).get(name)) for name, one in _ordered(schema)]
    drawn = [one for one in drawn if one["label"]]
    labels = {**{one["name"]: one["label"] for one in drawn}, **(apart or {})}
    order = ["", *(one["name"] for one in drawn)]
    summary = tuple(
        {"name": name if name in labels else "", "label": labels.get(name, ""), "error": text}
        for name, text in sorted(wrong.items(), key=lambda one: order.index(one[0]) if one[0] in order else len(order))
    )
    return FormView(tuple(drawn), summary, _grouped(schema, drawn), stamp, clash)


def shown(schema: Schema, values: Mapping[str, Any]) -> dict[str, Any]:
    """A record's values as the form's fields show them, before anything is typed."""
    return {name: _shown(one, values.get(name)) for name, one in schema.fields.items()}


def _drawn(name: str, one: fields.Field[Any], value: Any, error: str | None, given: Mapping[str, Any] | None) -> FieldView:
    meta = {key: _plain(said) for key, said in one.metadata.items()}
    options = given if given is not None else meta.pop("options", None)
    choices = options() if callable(options) else options
    kind = meta.pop("kind", "text")
    required = bool(meta.pop("required", one.required))
    if choices is not None:
        choices = [(code, _plain(said)) for code, said in choices.items()]
        if kind == "select" and not (required and value):
            choices = [("", _("Choisissez…") if required else "—"), *choices]
    when = meta.pop("when", None)
    return {
        **meta, "name": name, "label": meta.get("label"), "type": "text" if kind == "day" else kind, "required": required,
        "options": choices, "value": _shown(one, value), "error": error,
        "when": {"name": when[0], "values": " ".join(when[1])} if when else None,
    }  # fmt: skip


def _plain(said: Any) -> Any:
    """A text that is translated late passes for HTML in a template: as a text it is escaped like any other."""
    return str(said) if isinstance(said, LazyString) else said


def _shown(one: fields.Field[Any], value: Any) -> Any:
    if isinstance(one, Secret):
        return None
    if value is None or isinstance(value, bool | list | tuple):
        return value
    if isinstance(one, Parsed):
        known = isinstance(value, str) and not _is_stored(one, value)
        return value if known else one.shown(value)
    return value if isinstance(value, str) else str(value)


def _is_stored(one: Parsed, value: str) -> bool:
    """Whether a text is in the form in which the field keeps it, and not as somebody types it."""
    try:
        return bool(type(one).parse(value) == value)
    except ValueError:
        return False


def _grouped(schema: Schema, drawn: Sequence[FieldView]) -> tuple[Group, ...]:
    titles: Mapping[str, Any] = getattr(schema, "groups", {})
    return tuple(
        Group(key, title, tuple(one for one in drawn if one.get("group") == key))
        for key, title in titles.items()
        if any(one.get("group") == key for one in drawn)
    )


def _ordered(schema: Schema) -> list[tuple[str, fields.Field[Any]]]:
    """The fields as the page has them: group by group, then as they are written."""
    rank = {key: place for place, key in enumerate(getattr(schema, "groups", {}))}
    return sorted(schema.fields.items(), key=lambda one: rank.get(one[1].metadata.get("group", ""), -1))


def _first(found: Any) -> str:
    while not isinstance(found, str):
        found = next(iter(found.values())) if isinstance(found, dict) else found[0]
    return found


__all__ = ["Checked", "FieldView", "Form", "FormView", "Group", "check", "refused", "shown", "typed", "validates_schema", "view"]
