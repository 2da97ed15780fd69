"""The fields of forms: marshmallow fields that read French and say in French what they do not understand.

Each is made by a function whose first argument is the label; what the page needs besides (kind, help, options,
autocomplete, inputmode) stands in the field's metadata, which `core.web.forms` reads. A field is mandatory where
`missing` says what to type when it is empty.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from datetime import date
from datetime import time
from decimal import Decimal
from functools import partial
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError
from marshmallow import fields
from marshmallow import validate

from core.db.clock import today
from core.web import explained
from core.web import formats
from core.web import inputs

Options = Mapping[str, Any] | Callable[[], Mapping[str, Any]]

TOO_LONG = _l("{max} caractères au plus.")
_CHOICE = _l("Choisissez une valeur de la liste.")


class Text(fields.Field[str]):
    """A text: NUL and control signs are refused, HTML and emoji are plain text."""

    default_error_messages = {
        "invalid": _l("Saisissez un texte."),
        "control": _l("Ce texte contient un caractère invisible qui n'est pas accepté\u202f: effacez-le, puis recommencez."),
    }  # fmt: skip

    def __init__(self, *, lines: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self.lines = lines

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        try:
            return inputs.plain(value, lines=self.lines)
        except ValueError as error:
            raise self.make_error("control") from error


class Secret(fields.Field[str]):
    """A password: taken to the letter, blanks too, and never shown again."""


class Parsed(Text):
    """A text that is read into something: `parse` raises `ValueError` for what it does not understand.

    What is wrong with it is said by `explained`; the message «invalid» is for a `ValueError` that says nothing more.
    """

    parse: Callable[[str], Any]

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        written = super()._deserialize(value, attr, data, **kwargs)
        try:
            return type(self).parse(written)
        except ValueError as error:
            text = explained.said(error)
            raise (ValidationError(text) if text else self.make_error("invalid")) from error

    def shown(self, value: Any) -> str:
        """A value as its field shows it."""
        return str(value)


class Day(Parsed):
    """A date, as a person writes it (18/11/2026) or as a browser's field sends it (2026-11-18)."""

    parse = staticmethod(inputs.day)
    default_error_messages = {"required": _l("Saisissez une date.")}

    def shown(self, value: date) -> str:
        return value.isoformat() if self.metadata.get("kind") == "date" else formats.day(value)


class Amount(Parsed):
    """An amount in euros."""

    parse = staticmethod(inputs.amount)

    def shown(self, value: Decimal) -> str:
        return formats.number(value)


class Percent(Parsed):
    """A percentage from 0 to 100, kept as it is written: 12,5 → 12.5."""

    parse = staticmethod(inputs.percent)

    def shown(self, value: Decimal) -> str:
        return formats.number(value, 2).rstrip("0").rstrip(",")


class Hour(Parsed):
    """A time of day, to the minute."""

    parse = staticmethod(inputs.hour)

    def shown(self, value: time) -> str:
        return f"{value:%H:%M}"


class Email(Parsed):
    """An e-mail address."""

    parse = staticmethod(inputs.email)
    default_error_messages = {"long": _l("254 caractères au plus.")}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if isinstance(value, str) and len(value) > 254:
            raise self.make_error("long")
        return super()._deserialize(value, attr, data, **kwargs)


class Phone(Parsed):
    """A telephone number, kept in its international form."""

    parse = staticmethod(inputs.phone)

    def shown(self, value: str) -> str:
        return formats.phone(value)


class Iban(Parsed):
    """An IBAN, shown in groups of four."""

    parse = staticmethod(inputs.iban)

    def shown(self, value: str) -> str:
        return formats.iban(value)


class Isin(Parsed):
    """An ISIN."""

    parse = staticmethod(inputs.isin)


class Bic(Parsed):
    """A BIC."""

    parse = staticmethod(inputs.bic)


class Siren(Parsed):
    """A SIREN."""

    parse = staticmethod(inputs.siren)

    def shown(self, value: str) -> str:
        return formats.siren(value)


class Siret(Parsed):
    """A SIRET."""

    parse = staticmethod(inputs.siret)


def line(label: Any, most: int = 100, *, missing: Any = None, lines: bool = False, **meta: Any) -> Text:
    """A line of text, or several where `lines`."""
    kind = {"kind": "textarea"} if lines else {}
    return Text(lines=lines, validate=validate.Length(max=most, error=TOO_LONG), **_asked(label, missing, kind, meta))


def password(label: Any, *, missing: Any = None, **meta: Any) -> Secret:
    """A password."""
    return Secret(**_asked(label, missing, {"kind": "password"}, meta))


def matching(label: Any, pattern: str, wrong: Any, *, missing: Any = None, **meta: Any) -> Text:
    """A line of text of a certain form; `wrong` says which."""
    return Text(validate=validate.Regexp(pattern, error=wrong), **_asked(label, missing, {}, meta))


def choice(label: Any, options: Options, *, missing: Any = None, wrong: Any = _CHOICE, **meta: Any) -> Text:
    """One of several codes: a list, or radio buttons with `kind="radio"`. `options`: code → label, or what gives them.

    With `late`, only the view knows the options and checks the code.
    """

    def known(value: str) -> None:
        if value not in (options() if callable(options) else options):
            raise ValidationError(str(wrong))

    rule = None if meta.get("late") else known
    return Text(validate=rule, **_asked(label, missing, {"kind": "select", "options": options}, meta))


def day(label: Any, *, missing: Any = None, past: bool = False, least: date | None = None, **meta: Any) -> Day:
    """A date typed in French, or picked with `kind="date"`; `past`: today at the latest; `least`: no day before that one."""
    usual = {"placeholder": _l("JJ/MM/AAAA"), "inputmode": "numeric"} if meta.get("kind") != "date" else {}
    rules = [*([not_to_come] if past else ()), *([partial(_not_before, least)] if least else ())]
    return Day(validate=rules or None, **_asked(label, missing, usual, meta))


def email(label: Any, *, missing: Any = None, **meta: Any) -> Email:
    """An e-mail address."""
    usual = {"kind": "email", "inputmode": "email"}
    return Email(**_asked(label, missing, usual, meta))


def phone(label: Any, *, missing: Any = None, **meta: Any) -> Phone:
    """A telephone number."""
    return Phone(**_asked(label, missing, {"kind": "tel"}, meta))


def amount(label: Any, *, missing: Any = None, **meta: Any) -> Amount:
    """An amount in euros."""
    return Amount(**_asked(label, missing, {"inputmode": "decimal", "suffix": "€"}, meta))


def percent(label: Any, *, missing: Any = None, **meta: Any) -> Percent:
    """A percentage, 0 to 100."""
    return Percent(**_asked(label, missing, {"inputmode": "decimal", "suffix": "%"}, meta))


def hour(label: Any, *, missing: Any = None, **meta: Any) -> Hour:
    """A time of day, typed in French, or picked with `kind="time"`."""
    usual = {"placeholder": _l("HH:MM"), "inputmode": "numeric"} if meta.get("kind") != "time" else {}
    return Hour(**_asked(label, missing, usual, meta))


def isin(label: Any, *, missing: Any = None, **meta: Any) -> Isin:
    """An ISIN."""
    return Isin(**_asked(label, missing, {}, meta))


def iban(label: Any, *, missing: Any = None, **meta: Any) -> Iban:
    """An IBAN."""
    return Iban(**_asked(label, missing, {}, meta))


def bic(label: Any, *, missing: Any = None, **meta: Any) -> Bic:
    """A BIC."""
    return Bic(**_asked(label, missing, {}, meta))


def siren(label: Any, *, missing: Any = None, **meta: Any) -> Siren:
    """A SIREN."""
    return Siren(**_asked(label, missing, {"inputmode": "numeric"}, meta))


def siret(label: Any, *, missing: Any = None, **meta: Any) -> Siret:
    """A SIRET."""
    return Siret(**_asked(label, missing, {"inputmode": "numeric"}, meta))


def whole(label: Any, least: int, most: int, *, wrong: Any, invalid: Any, **meta: Any) -> fields.Integer:
    """A whole number within bounds; `empty` is what stands for one that was never given."""
    asked = _asked(label, None, {"kind": "number", "inputmode": "numeric", "required": True}, meta)
    words = {"invalid": invalid, "required": invalid}
    return fields.Integer(validate=validate.Range(least, most, error=wrong), error_messages=words, **asked)


def flag(label: Any, **meta: Any) -> fields.Boolean:
    """A box to tick; not sent is not ticked."""
    return fields.Boolean(load_default=False, metadata={"label": label, "kind": "checkbox", **meta})


def several(label: Any, options: Options = {}, *, missing: Any, **meta: Any) -> fields.List[str]:  # noqa: B006 - read only
    """Several boxes under one name; at least one ticked. Where options depend on the page, `view` gets them."""
    rule = validate.Length(min=1, error=missing)
    asked = _asked(label, missing, {"kind": "checks", "options": options}, meta)
    return fields.List(Text(), validate=rule, **asked)


def file(label: Any, **meta: Any) -> fields.Field[Any]:
    """A file. Its bytes are the view's affair: it stands in the schema for its label only, and is never read.

    `rule`: what is accepted (`core.api.files.rule`); the field is then a zone that sends files ahead of the form, and its
    value, for a form that is shown again, the files that wait (`Received.waiting`).
    """
    return fields.Raw(dump_only=True, metadata={"label": label, "kind": "file", "required": True, **meta})


def _asked(label: Any, missing: Any, usual: Mapping[str, Any], meta: dict[str, Any]) -> dict[str, Any]:
    empty = meta.pop("empty", None)
    asked: dict[str, Any] = {"metadata": {"label": label, **usual, **meta}}
    if missing is None:
        return {**asked, "load_default": empty}
    asked["metadata"]["required"] = True
    return {**asked, "required": True, "error_messages": {"required": missing}}


def not_to_come(on: date) -> None:
    """Papers are signed, people are born before one says so."""
    if on > today():
        raise ValidationError(gettext("Cette date est dans le futur\u202f: vérifiez-la."))


def _not_before(least: date, on: date) -> None:
    if on < least:
        text = gettext("Cette date est trop ancienne\u202f: la première acceptée est le %(day)s.", day=formats.day(least))
        raise ValidationError(text)
