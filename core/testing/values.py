"""Values for the fields of forms and of the API: those that a field takes, by its kind, and those that it should refuse.

What no kind tells (a pattern, a code that only a view knows) an author says under `[kit]` of quality.toml, by name; there
and in a job's example `{contact_id}` and the like become ids of the throwaway installation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema
from marshmallow import fields as plain
from marshmallow import validate

from core.rest import schemas
from core.web import fields

Field = plain.Field[Any]
#: A text that holds HTML: where it is shown again, it is shown escaped.
TEXT = "<i>Kitdici</i> mot"
#: Kind of field → what it takes.
RIGHT: Mapping[type[Field], Any] = {
    fields.Day: "02/03/2026", fields.Hour: "09:05", fields.Amount: "12,50", fields.Percent: "12,5",
    fields.Email: "prenom.nom@exemple.fr", fields.Phone: "06 12 34 56 78", fields.Isin: "FR0010135103",
    fields.Iban: "FR76 3000 6000 0112 3456 7890 189", fields.Bic: "AGRIFRPP", fields.Siren: "732829320",
    fields.Secret: "Un-mot-du-kit-1", schemas.Day: "2026-03-02", schemas.Exact: "12.50", schemas.Flag: True,
    schemas.Switch: "true", plain.Boolean: "on",
}  # fmt: skip
#: Kind of field of a form → what it refuses.
WRONG: Mapping[type[Field], tuple[str, ...]] = {
    fields.Day: ("31/02/2026", "hier"), fields.Hour: ("25:00", "midi"), fields.Amount: ("mille", "NaN"),
    fields.Percent: ("120", "-1"), fields.Email: ("pas une adresse", "a@b@c.fr"), fields.Phone: ("téléphone", "12"),
    fields.Isin: ("FR0010135104", "isin"), fields.Iban: ("FR76", "iban"), fields.Bic: ("AGRI", "bic"),
    fields.Siren: ("732829321", "siren"), plain.Integer: ("trois", "1e999"),
}  # fmt: skip
#: What no text field takes.
UNSEEN, LONG = "a\x00b", "é" * 10_000
#: What a JSON member is sent as, whatever it is.
ODD: tuple[Any, ...] = (None, [], {}, -1.5, True, UNSEEN, LONG)

#: What a parameter of an address is sent as, whatever it is.
ASKED = ("", "-1", "%_'\"\\", "é" * 300, UNSEEN)


def right(one: Field, name: str, ids: Mapping[str, str]) -> Any:
    """What a field takes; None where the kit does not know."""
    if name in ids:
        return ids[name]
    codes = list(_codes(one))
    if codes:
        return codes[:1] if isinstance(one, plain.List) else codes[0]
    if isinstance(one, plain.List):
        inside = right(one.inner, name.removesuffix("s"), ids)
        return None if inside is None else [inside]
    if isinstance(one, plain.Nested):
        return body(one.schema, ids)
    if isinstance(one, plain.Integer):
        least = next((rule.min for rule in one.validators if isinstance(rule, validate.Range)), None)
        return 7 if least is None else int(least)
    for kind, value in RIGHT.items():
        if isinstance(one, kind):
            return value
    return _text(one) if isinstance(one, fields.Text | plain.String) else None


def body(schema: Schema, ids: Mapping[str, str]) -> dict[str, Any]:
    """All members of a JSON body that the kit knows a value for."""
    made = {name: right(one, name, ids) for name, one in schema.load_fields.items()}
    return {name: value for name, value in made.items() if value is not None}


def filled(example: Any, ids: Mapping[str, str]) -> Any:
    """An example with its ids."""
    if isinstance(example, str):
        return re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], found[0]), example)
    if isinstance(example, Mapping):
        return {key: filled(value, ids) for key, value in example.items()}
    if isinstance(example, list | tuple):
        return [filled(value, ids) for value in example]
    return example


def wrong(one: Field) -> tuple[str, ...]:
    """Texts that a field of a form should refuse; none where the kit does not know."""
    return next((values for kind, values in WRONG.items() if isinstance(one, kind)), ())


def unlike(one: Field, value: Any) -> str:
    """How a member of an answer is not what its schema says; empty where it is."""
    if value is None:
        return "" if one.allow_none else "est nul, ce qu'il n'annonce pas"
    if isinstance(one, plain.List):
        if not isinstance(value, list):
            return "n'est pas une liste"
        return next((said for item in value if (said := unlike(one.inner, item))), "")
    if isinstance(one, plain.Nested):
        return next(iter(differences(one.schema, value)), "")
    codes = [code for rule in one.validators if isinstance(rule, validate.OneOf) for code in rule.choices]
    if codes and value not in codes:
        return f"vaut {value!r}, qui n'est pas de ses codes"
    return next((said for kind, fits, said in _FORMS if isinstance(one, kind) and not fits(value)), "")


def differences(schema: Schema, value: Any) -> Iterator[str]:
    """How an object of an answer is not what its schema says."""
    if not isinstance(value, dict):
        yield "n'est pas un objet"
        return
    for name, one in schema.dump_fields.items():
        if name not in value:
            yield f"{name} manque"
        elif said := unlike(one, value[name]):
            yield f"{name} {said}"


def _matching(pattern: str) -> Any:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


_FORMS: tuple[tuple[type[Field], Any, str], ...] = (
    (schemas.Exact, _matching(r"-?\d+(\.\d+)?"), "n'est pas un décimal écrit comme un texte"),
    (schemas.Moment, _matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "n'est pas un moment UTC"),
    (plain.Date, _matching(r"\d{4}-\d\d-\d\d"), "n'est pas une date ISO 8601"),
    (plain.Boolean, lambda value: isinstance(value, bool), "n'est pas true ou false"),
    (plain.Integer, lambda value: isinstance(value, int) and not isinstance(value, bool), "n'est pas un nombre entier"),
    (plain.String, lambda value: isinstance(value, str), "n'est pas un texte"),
)  # fmt: skip


def _codes(one: Field) -> Iterator[Any]:
    for rule in one.validators:
        if isinstance(rule, validate.OneOf):
            yield from (code for code in rule.choices if code)
    given = one.metadata.get("options")
    yield from (code for code in ((given() if callable(given) else given) or {}) if code)


def _text(one: Field) -> str | None:
    for rule in one.validators:
        if isinstance(rule, validate.Regexp):
            return next((text for text in ("Kitdici", "12345678", "KIT1") if re.match(str(rule.regex.pattern), text)), None)
        if isinstance(rule, validate.Length) and rule.max is not None and rule.max < len(TEXT):
            return "Kitdici mot"[: rule.max]
    return TEXT
