"""Schemas of the API: the forms' own marshmallow fields where a person's words are read, strict JSON elsewhere.

What is read is an `Asked` (parameters of the address) or a `Taken` (a JSON body): an unknown member is refused, and all
is said in the forms' French words. What is answered is a `Given`, made of an object or a mapping: amounts are decimal
strings, dates ISO 8601, what is not known is null. The document (`core.rest.openapi`) is made of these very schemas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema
from marshmallow import ValidationError
from marshmallow import fields
from marshmallow import missing
from marshmallow import validate

from core.db.errors import DomainError
from core.documents import uploads
from core.web.fields import TOO_LONG
from core.web.fields import Text
from core.web.fields import not_to_come
from core.web.inputs import YEARS

Field = fields.Field[Any]
#: What marshmallow says in English, by kind of field.
_WORDS: dict[type[Field], dict[str, Any]] = {
    fields.Field: {"required": _l("Ce champ est obligatoire."), "null": _l("Ce champ ne peut pas être nul.")},
    fields.String: {"invalid": _l("Un texte est attendu.")},
    fields.Integer: {"invalid": _l("Un nombre entier est attendu."), "too_large": _l("Ce nombre est trop grand.")},
    fields.Float: {"invalid": _l("Un nombre est attendu."), "special": _l("Un nombre est attendu.")},
    fields.Boolean: {"invalid": _l("Vrai ou faux est attendu\u202f: true ou false.")},
    fields.List: {"invalid": _l("Une liste est attendue.")},
    fields.Nested: {"type": _l("Un objet est attendu.")},
}
CHOOSE = _l("Choisissez une valeur de la liste.")


class _Strict(Schema):
    """Says what is wrong in French, whatever the field is."""

    error_messages = {
        "type": _l("Un objet JSON est attendu."), "unknown": _l("Ce champ n'existe pas ici."),
    }  # fmt: skip

    def on_bind_field(self, field_name: str, field_obj: Field) -> None:
        ours = {key: words for key, words in field_obj.error_messages.items() if not isinstance(words, str)}
        usual = {key: words for kind, said in _WORDS.items() if isinstance(field_obj, kind) for key, words in said.items()}
        field_obj.error_messages = {key: str(words) for key, words in {**field_obj.error_messages, **usual, **ours}.items()}


class Asked(_Strict):
    """Parameters of the address."""


class Taken(_Strict):
    """A JSON body, or a form of parts where it has a file. In a PATCH, what is not sent is not touched."""


class Given(Schema):
    """An answer."""


class Day(fields.Date):
    """A date of this trade: 2026-11-25."""

    default_error_messages = {
        "invalid": _l("Écrivez la date sous la forme AAAA-MM-JJ, par exemple 2026-11-25."),
    }  # fmt: skip

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            raise self.make_error("invalid", input=value, obj_type="date")
        found: date = super()._deserialize(value, attr, data, **kwargs)
        if not YEARS[0] <= found.year <= YEARS[1]:
            raise self.make_error("invalid", input=value, obj_type="date")
        return found


class Exact(fields.Field[Decimal]):
    """An exact decimal as text: 1500.00."""

    default_error_messages = {
        "invalid": _l("Écrivez le nombre comme un texte, avec un point\u202f: «\u202f1500.00\u202f»."),
    }  # fmt: skip

    def _serialize(self, value: Decimal | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else format(value, "f")

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Decimal:
        if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,13}(\.\d{1,2})?", value, re.ASCII):
            raise self.make_error("invalid")
        return Decimal(value)


@dataclass(frozen=True, slots=True)
class Part:
    """A file as it came in a form of parts; of one that is too long, only as much as shows that it is."""

    filename: str
    data: bytes


class File(fields.Field[uploads.Sent]):
    """A file that is sent: what it may be is the upload rule's to say, by its bytes, as on the pages."""

    default_error_messages = {"invalid": _l("Un fichier est attendu, avec son nom.")}

    def __init__(self, rule: uploads.Rule, **more: Any) -> None:
        super().__init__(**more)
        self.rule = rule

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> uploads.Sent:
        if not isinstance(value, Part):
            raise self.make_error("invalid")
        try:
            return uploads.look(self.rule, value.filename, value.data)
        except DomainError as error:
            raise ValidationError(error.text) from error


class Moment(fields.Field[datetime]):
    """An event's moment: RFC 3339, UTC."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.strftime("%Y-%m-%dT%H:%M:%SZ")


class Flag(fields.Boolean):
    """true or false in a body."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Switch(fields.Boolean):
    """true or false in an address."""

    truthy = {"true"}
    falsy = {"false"}


class Code(Text):
    """One of several codes, to the letter."""


def string(label: Any = "", *, source: str | None = None, null: bool = False, codes: Iterable[str] = ()) -> Field:
    """A text that is answered; `codes`: the only values that it has, with their labels where it is a mapping."""
    listed = [*codes, *([None] if null else [])]
    rule = validate.OneOf(listed) if codes else None
    return fields.String(attribute=source, allow_none=null, validate=rule, metadata={"label": label, "codes": codes})


def money(label: Any = "", *, source: str | None = None) -> Field:
    """An exact figure that is answered; null where it is not known."""
    return Exact(attribute=source, allow_none=True, metadata={"label": label})


def day(label: Any = "", *, source: str | None = None, null: bool = True, key: str | None = None) -> Field:
    """A date that is answered; `key`: its name there, where that is no name in Python (`from`)."""
    return fields.Date(attribute=source, allow_none=null, data_key=key, metadata={"label": label})


def moment(label: Any = "", *, source: str | None = None, null: bool = True) -> Field:
    """A moment that is answered."""
    return Moment(attribute=source, allow_none=null, metadata={"label": label})


def whole(label: Any = "", *, source: str | None = None, null: bool = False) -> Field:
    """A whole number that is answered."""
    return fields.Integer(attribute=source, allow_none=null, metadata={"label": label})


def degrees(label: Any = "", *, source: str | None = None, null: bool = True) -> Field:
    """A latitude, a longitude or a distance that is answered, as a number."""
    # of what is not there at all: null, as for what is empty
    return fields.Float(attribute=source, allow_none=null, dump_default=None if null else missing, metadata={"label": label})


def ratio(label: Any = "", *, source: str | None = None) -> Field:
    """A ratio that is answered, as a number (0.05: 5 %); null where it is not known."""
    return fields.Float(attribute=source, allow_none=True, metadata={"label": label})


def flag(label: Any = "", *, source: str | None = None) -> Field:
    """true or false, answered."""
    return fields.Boolean(attribute=source, metadata={"label": label})


def one(schema: type[Given], label: Any = "", *, source: str | None = None, null: bool = False) -> Field:
    """An object in an answer."""
    return fields.Nested(schema, attribute=source, allow_none=null, metadata={"label": label})


def many(schema: type[Given], label: Any = "", *, source: str | None = None) -> Field:
    """A list of objects in an answer."""
    return fields.List(fields.Nested(schema), attribute=source, metadata={"label": label})


def texts(label: Any = "", *, source: str | None = None) -> Field:
    """A list of texts in an answer."""
    return fields.List(fields.String(), attribute=source, metadata={"label": label})


def ask_text(label: Any, most: int = 100, *, missing: Any = None, null: bool = False, lines: bool = False) -> Field:
    """A text that is read; `missing`: what is said where it must be there and is not."""
    within = validate.Length(max=most, error=TOO_LONG)
    return Text(lines=lines, allow_none=null, validate=within, **_asked(label, missing))


def ask_code(label: Any, codes: Iterable[str], *, missing: Any = None, null: bool = False) -> Field:
    """One of several codes."""
    rule = validate.OneOf([*codes, *([None] if null else [])], error=CHOOSE)
    return Code(allow_none=null, validate=rule, **_asked(label, missing, codes=codes))


def ask_day(
    label: Any, *, missing: Any = None, null: bool = False, past: bool = False, key: str | None = None
) -> Field:
    """A date; `past`: today at the latest; `key`: its name there, where that is no name in Python (`from`)."""
    return Day(allow_none=null, validate=not_to_come if past else None, data_key=key, **_asked(label, missing))


def ask_money(label: Any, *, missing: Any = None, null: bool = False) -> Field:
    """An amount."""
    return Exact(allow_none=null, **_asked(label, missing))


def ask_number(label: Any, least: float, most: float, *, missing: Any = None) -> Field:
    """A number within bounds: degrees, kilometres."""
    within = validate.Range(least, most, error=_l("Un nombre de {min} à {max} est attendu."))
    return fields.Float(allow_nan=False, validate=within, **_asked(label, missing))


def ask_flag(label: Any, *, missing: Any = None) -> Field:
    """true or false, in a body."""
    return Flag(**_asked(label, missing))


def ask_switch(label: Any) -> Field:
    """true or false, in an address."""
    return Switch(metadata={"label": label})


def ask_texts(label: Any, *, most: int = 200, missing: Any = None, codes: Iterable[str] = ()) -> Field:
    """A list of ids or codes."""
    within = validate.Length(max=most, error=_l("{max} éléments au plus."))
    inside = ask_code("", codes) if codes else ask_text("", 100)
    return fields.List(inside, validate=within, **_asked(label, missing))


def ask_file(label: Any, rule: uploads.Rule, *, missing: Any = None) -> Field:
    """A file that the rule accepts. A body that has one comes as multipart/form-data, its other members as texts."""
    return File(rule, **_asked(label, missing))


def files_of(taken: type[Taken] | None) -> dict[str, uploads.Rule]:
    """The files that a body may have, by name; none for a body that is JSON."""
    found = taken().fields if taken is not None else {}
    return {name: one.rule for name, one in found.items() if isinstance(one, File)}


def _asked(label: Any, missing: Any, **meta: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {"metadata": {"label": label, **meta}}
    return asked if missing is None else {**asked, "required": True, "error_messages": {"required": missing}}


def faults(said: Any, at: str = "") -> list[tuple[str, str]]:
    """Marshmallow's messages as (field, text), a field of a field as `holders.0.name`."""
    if isinstance(said, Mapping):
        return [one for key, more in said.items() for one in faults(more, _path(at, str(key)))]
    if isinstance(said, list | tuple):
        return [one for more in said for one in faults(more, at)]
    return [(at, str(said))]


def _path(at: str, key: str) -> str:
    if key == "_schema":
        return at
    return f"{at}.{key}" if at else key
