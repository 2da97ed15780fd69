"""The reference page's content, read from the OpenAPI document and nothing else: what programs are told, people see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from core.rest.body import FORM

Node = Mapping[str, Any]
_SAMPLES = {"date": "2026-11-25", "date-time": "2026-11-25T09:30:00Z", "email": "jeanne.durand@exemple.fr"}


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter or a member. `link`: the object that it is made of."""

    name: str
    kind: str
    needed: bool
    about: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, when it is answered, and what with."""

    status: str
    about: str
    kind: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An operation as the page shows it. `parts`: how its body is sent, where it is no JSON."""

    id: str
    method: str
    path: str
    title: str
    about: str
    scope: str
    parameters: tuple[Row, ...]
    body: str
    answers: tuple[Answer, ...]
    refusals: tuple[Answer, ...]
    curl: str
    parts: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A resource and its operations."""

    name: str
    title: str
    about: str
    operations: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """An object that is sent or answered."""

    name: str
    rows: tuple[Row, ...]


def sections(document: Node, about: Mapping[str, str]) -> list[Section]:
    """All operations, resource by resource. `about`: what each resource is."""
    found: dict[str, list[Shown]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            found[told["tags"][0]].append(_operation(document, path, method, told))
    titles = {tag["name"]: tag["description"] for tag in document["tags"]}
    order = {"GET": 0, "POST": 1, "PATCH": 2, "DELETE": 3}
    return [
        Section(
            name, titles[name], about.get(name, ""), tuple(sorted(some, key=lambda one: (one.path, order.get(one.method, 9))))
        )
        for name, some in found.items()
    ]


def things(document: Node, section: Section) -> list[Thing]:
    """The objects that a resource's operations take and answer, and those that these are made of, by name."""
    schemas: Mapping[str, Node] = document["components"]["schemas"]
    waiting = [name for one in section.operations for name in (one.body, *(answer.link for answer in one.answers)) if name]
    found: dict[str, Thing] = {}
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = Thing(name, tuple(_members(schemas[name])))
            waiting += [row.link for row in found[name].rows if row.link]
    return [found[name] for name in sorted(found)]


def _operation(document: Node, path: str, method: str, told: Node) -> Shown:
    answers = [(status, _resolved(document, one)) for status, one in told["responses"].items()]
    good = tuple(_answer(status, one) for status, one in answers if status < "400")
    refusals = tuple(Answer(status, str(one["description"])) for status, one in answers if status >= "400")
    content: Mapping[str, Node] = told.get("requestBody", {}).get("content", {})
    media = next(iter(content), "")
    body = content[media]["schema"] if media else {}
    return Shown(
        told["operationId"], method.upper(), path, told["summary"], told["description"].split("Droit du jeton")[0].strip(),
        told.get("x-scope", ""), tuple(_parameters(told)), _link(body), good, refusals,
        _curl(document, path, method.upper(), told, body), _("en parties (%(media)s)", media=media) if media == FORM else "",
    )  # fmt: skip


def _parameters(told: Node) -> Iterator[Row]:
    places = {"path": _("adresse"), "query": _("paramètre"), "header": _("en-tête")}
    for one in told.get("parameters", ()):
        kind, about = (
            f"{_kind(one['schema'])} · {places[one['in']]}",
            one.get("description") or one["schema"].get("description", ""),
        )
        yield Row(one["name"], kind, bool(one.get("required")), about)


def _members(schema: Node) -> Iterator[Row]:
    # an answer has all its members: saying so of each would be noise
    needed = set(schema.get("required", ())) if schema.get("additionalProperties") is False else set()
    for name, one in schema.get("properties", {}).items():
        yield Row(name, _kind(one), name in needed, one.get("description", ""), _link(one))


def _answer(status: str, one: Node) -> Answer:
    content: Mapping[str, Node] = one.get("content", {})
    media = next(iter(content), "")
    schema = content[media].get("schema", {}) if media else {}
    if media and media != "application/json":
        return Answer(status, one["description"], ", ".join(content))
    page = "next_cursor" in schema.get("properties", {})
    inside = schema["properties"]["items"] if page else schema
    kind = _("une page de") if page else ""
    return Answer(status, one["description"], kind, _link(inside))


def _kind(schema: Node) -> str:
    """A type in French words."""
    if "contentMediaType" in schema:
        return str(_("fichier"))
    if "$ref" in schema or "allOf" in schema:
        return str(_("objet"))
    if "anyOf" in schema or "oneOf" in schema:
        return f"{_('objet')} {_('ou nul')}"
    found = schema.get("type", "")
    kinds = [found] if isinstance(found, str) else list(found)
    names = {
        "string": _("texte"), "integer": _("nombre entier"), "number": _("nombre"), "boolean": _("vrai ou faux"),
        "object": _("objet"),
    }  # fmt: skip
    formats = {"date": _("date"), "date-time": _("moment UTC"), "email": _("e-mail")}
    said: list[str] = [
        formats.get(schema.get("format", ""), names.get(kind, kind)) for kind in kinds if kind not in ("null", "array")
    ]
    if "array" in kinds:
        inside = schema.get("items", {})
        said = [str(_("liste de")) if _link(inside) else f"{_('liste de')} {_kind(inside)}"]
    if "string" in kinds and str(schema.get("pattern", "")).startswith("^-?"):
        said = [str(_("nombre décimal"))]
    return " ".join([*said, *([str(_("ou nul"))] if "null" in kinds else [])])


def _link(schema: Node) -> str:
    """The object that a schema names, through lists."""
    if "items" in schema:
        return _link(schema["items"])
    for one in [schema, *schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())]:
        if "$ref" in one:
            return str(one["$ref"]).rsplit("/", 1)[-1]
    return ""


def _resolved(document: Node, one: Node) -> Node:
    if "$ref" not in one:
        return one
    found: Node = document["components"]["responses"][str(one["$ref"]).rsplit("/", 1)[-1]]
    return found


def _curl(document: Node, path: str, method: str, told: Node, body: Node) -> str:
    """A call that can be pasted, once the token is in a variable."""
    server = document["servers"][0]["url"]
    needed = [one for one in told["parameters"] if one["in"] == "query" and one.get("required")]
    asked = "&".join(f"{one['name']}=durand" for one in needed)
    address = f"{server}{path}{'?' + asked if asked else ''}"
    lines = [f"curl{'' if method == 'GET' else f' -X {method}'} '{address}'", '  -H "Authorization: Bearer $JETON"']
    if any(one["name"] == "Idempotency-Key" for one in told["parameters"]):
        lines.append('  -H "Idempotency-Key: $(uuidgen)"')
    if method == "PATCH":
        lines.append("  -H 'If-Match: \"…\"'")
    if body and FORM in told["requestBody"]["content"]:
        lines += [f"  -F '{name}={text}'" for name, text in _parts(document, body)]
    elif body:
        sample = json.dumps(_sample(document, body), ensure_ascii=False)
        lines += ["  -H 'Content-Type: application/json'", f"  -d '{sample}'"]
    if any("Content-Disposition" in one.get("headers", {}) for one in told["responses"].values()):
        lines.append("  -OJ")
    return " \\\n".join(lines)


def _parts(document: Node, body: Node) -> list[tuple[str, Any]]:
    """The sample's members as curl sends them: a file by its path."""
    known: Node = document["components"]["schemas"][_link(body)]["properties"]
    sample = _sample(document, body)
    return [(name, "@fichier" if "contentMediaType" in known[name] else text) for name, text in sample.items()]


def _sample(document: Node, schema: Node) -> dict[str, Any]:
    """What must be there; where nothing must, the first member."""
    known: Node = document["components"]["schemas"][_link(schema)]
    names = known.get("required") or list(known.get("properties", {}))[:1]
    return {name: _value(name, known["properties"][name]) for name in names}


def _value(name: str, schema: Node) -> Any:
    kind = schema.get("type", "string")
    kind = kind if isinstance(kind, str) else kind[0]
    if schema.get("enum"):
        return schema["enum"][0]
    if kind == "array":
        return [_value(name, schema.get("items", {}))]
    if kind == "boolean":
        return True
    if kind == "object":
        return {}
    return _SAMPLES.get(schema.get("format", ""), _SAMPLES["email"] if "email" in name else "…")
