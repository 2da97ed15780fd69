"""The OpenAPI 3.1 document, made by apispec of the operations and of the very schemas that check and answer."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema
from marshmallow import class_registry

from core.auth.api_scopes import SCOPES
from core.rest import body
from core.rest import serve
from core.rest.operations import Operation
from core.rest.operations import Resource
from core.rest.replies import HEADER
from core.rest.schemas import Day
from core.rest.schemas import Exact
from core.rest.schemas import File
from core.rest.schemas import Given
from core.rest.schemas import Moment
from core.rest.schemas import Taken
from core.rest.schemas import files_of
from core.version import VERSION
from core.web import fields as forms

_DECIMAL = r"^-?[0-9]+(\.[0-9]+)?$"
_TYPED = r"^-?[0-9]{1,13}(\.[0-9]{1,2})?$"
_DAYS = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_MOMENTS = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
#: Status → when it is answered.
_REFUSALS: dict[int, str] = {
    400: "Paramètre, curseur, clé d'idempotence ou JSON refusés.", 401: "Jeton absent, inconnu, expiré ou révoqué.",
    403: "Droit absent du jeton, ou du profil de son titulaire.", 404: "Introuvable, ou hors de portée de ce jeton.",
    406: "Format de réponse non disponible.", 409: "La situation ne le permet pas, ou la demande est en cours.",
    412: "Modifié depuis la lecture (If-Match).", 413: "Corps trop volumineux.",
    415: "Corps d'un autre format que celui qui est dit.",
    422: "Des champs ne sont pas acceptés.", 429: "Trop d'appels\u202f: attendre Retry-After.",
    503: "Service momentanément indisponible.",
}  # fmt: skip
#: A file is saved under its name, never shown by a browser; whoever has it already is told so (304).
_FILE_HEADERS: dict[str, Any] = {
    "Content-Disposition": {"schema": {"type": "string"}, "description": "attachment, et le nom du fichier."},
    "ETag": {"schema": {"type": "string"}, "description": "À renvoyer dans If-None-Match\u202f: 304 si rien n'a changé."},
}
_PROBLEM: dict[str, Any] = {
    "type": "object", "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:encours:problem:[a-z-]+$", "description": "Le nom de l'erreur, stable."},
        "title": {"type": "string"}, "status": {"type": "integer"},
        "detail": {"type": "string", "description": "Ce qui s'est passé et ce qu'il faut faire."},
        "instance": {"type": "string", "description": "La référence à donner à l'administrateur."},
        "errors": {
            "type": "array", "items": {
                "type": "object", "required": ["field", "text"],
                "properties": {"field": {"type": "string"}, "text": {"type": "string"}},
            },
        },
    },
}  # fmt: skip


@lru_cache(maxsize=4)
def document(resources: tuple[Resource, ...], server: str) -> dict[str, Any]:
    """The whole document."""
    names = _Names()
    marshmallow = MarshmallowPlugin(schema_name_resolver=names)
    spec = APISpec(
        title="Encours", version="1", openapi_version="3.1.0", plugins=[marshmallow],
        info={
            "description": "API des cabinets. Montants en décimaux écrits comme des textes, dates ISO 8601, null pour l'inconnu.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}, "x-encours-version": VERSION,
        },
        servers=[{"url": server}], security=[{"jeton": []}],
        tags=[{"name": one.name, "description": str(one.title)} for one in resources],
    )  # fmt: skip
    assert marshmallow.converter is not None
    _teach(marshmallow.converter)
    spec.components.security_scheme("jeton", {
        "type": "http", "scheme": "bearer",
        "description": "Un jeton d'accès, créé dans «\u202fMon compte\u202f > Jetons d'accès\u202f».",
    })  # fmt: skip
    spec.components.schema("Problem", _PROBLEM)
    for status, words in _REFUSALS.items():
        spec.components.response(f"Refus{status}", _refusal(status, words))
    for resource in resources:
        for operation in resource.operations:
            spec.path(serve.ROOT + operation.path, operations={operation.method.lower(): _told(operation)})
    found: dict[str, Any] = spec.to_dict()
    for name, schema in found["components"]["schemas"].items():
        if name != "Problem" and issubclass(names.classes[name], Given):  # an answer has all its members, and may get others
            schema["required"] = sorted(schema.get("properties", {}))
            schema.pop("additionalProperties", None)
    return found


def every(resources: Iterable[Resource]) -> list[Operation]:
    """All operations."""
    return [one for resource in resources for one in resource.operations]


def _told(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name, "summary": str(operation.title), "tags": [operation.resource],
        "parameters": _parameters(operation), "responses": _responses(operation),
    }  # fmt: skip
    about = [str(operation.about)] if operation.about else []
    if operation.scope is not None:
        about.append(f"Droit du jeton\u202f: `{operation.scope}` ({SCOPES[operation.scope].label}).")
        told["x-scope"] = operation.scope
    told["description"] = " ".join(about)
    if operation.takes is not None:
        told["requestBody"] = {"required": True, "content": _body(operation.takes)}
    return told


def _body(takes: type[Taken]) -> dict[str, Any]:
    """JSON; or a form of parts where there is a file, with the types that each file may have."""
    if not (files := files_of(takes)):
        return {"application/json": {"schema": takes}}
    encoding = {name: {"contentType": ", ".join(rule.types)} for name, rule in files.items()}
    return {body.FORM: {"schema": takes, "encoding": encoding}}


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"in": "path", "name": name, "required": True, "schema": {"type": "string", "maxLength": 100}}
        for name in operation.arguments
    ]
    if operation.asks is not None:
        found.append({"in": "query", "schema": operation.asks})
    if operation.paged:
        limit = {"type": "integer", "minimum": 1, "maximum": serve.MOST, "default": serve.USUAL}
        found.append({"in": "query", "name": "limit", "description": "Lignes par page.", "schema": limit})
        words = "Le next_cursor de la page précédente."
        found.append({"in": "query", "name": "cursor", "description": words, "schema": {"type": "string"}})
    if operation.method == "POST":
        words = "Une valeur nouvelle par demande. La même demande renvoyée reçoit la même réponse pendant 24 h."
        key = {"type": "string", "pattern": "^[!-~]{1,255}$"}
        found.append({"in": "header", "name": HEADER, "required": True, "description": words, "schema": key})
    if operation.same is not None:
        words = "L'ETag de ce qui a été lu\u202f: rien de ce qu'un autre a changé depuis n'est écrasé."
        found.append({"in": "header", "name": "If-Match", "description": words, "schema": {"type": "string"}})
    return found


def _responses(operation: Operation) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "C'est fait." if operation.method != "GET" else "La réponse."}
    if operation.media:
        good["content"] = {kind: {"schema": {"contentMediaType": kind}} for kind in body.kinds(operation.media)}
        good["headers"] = _FILE_HEADERS
    elif operation.gives is not None:
        shown: Any = operation.gives
        if operation.paged:
            shown = {
                "type": "object", "required": ["items", "next_cursor"],
                "properties": {
                    "items": {"type": "array", "items": operation.gives},
                    "next_cursor": {"type": ["string", "null"], "description": "Nul à la dernière page."},
                },
            }  # fmt: skip
        good["content"] = {"application/json": {"schema": shown}}
    refusals = {400, 401, 403, 404, 406, 429, 503}
    if operation.method != "GET":
        refusals |= {409, 422}
    if operation.takes is not None:
        refusals |= {413, 415}
    if operation.same is not None:
        refusals.add(412)
    if operation.method == "POST":
        refusals |= {413, 422}
    found: dict[str, Any] = {str(operation.status): good}
    return found | {str(status): f"Refus{status}" for status in sorted(refusals)}


def _refusal(status: int, words: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": words,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == 429:
        told["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Secondes à attendre."}}
    return told


def _teach(converter: Any) -> None:
    """What our fields are called in JSON Schema."""
    for kind in (forms.Text, forms.Parsed, forms.Email, forms.Phone, forms.Siren, forms.Iban, forms.Bic, forms.Isin):
        converter.map_to_openapi_type(kind, "string", None)
    for own in (Exact, File):
        converter.map_to_openapi_type(own, "string", None)
    converter.map_to_openapi_type(Moment, "string", "date-time")
    converter.map_to_openapi_type(Day, "string", "date")
    converter.add_attribute_function(_described)


def _described(self: Any, field: Any, ret: Mapping[str, Any], **_more: Any) -> dict[str, Any]:
    """A field's label, and its codes in words, as its description; the forms of figures and moments."""
    meta = field.metadata
    label, codes = str(meta.get("label") or ""), meta.get("codes") or ()
    said = [f"{code} ({words})" for code, words in codes.items() if str(words) != code] if isinstance(codes, Mapping) else []
    if 0 < len(said) <= 20:
        label = f"{label}\u202f: {', '.join(said)}." if label else f"{', '.join(said)}."
    found: dict[str, Any] = {"description": label} if label else {}
    if isinstance(field, Exact):
        found["pattern"] = _DECIMAL if isinstance(field.parent, Given) else _TYPED
    if isinstance(field, Moment):
        found["pattern"] = _MOMENTS
    if isinstance(field, Day):
        found["pattern"] = _DAYS
    if isinstance(field, File):
        found["contentMediaType"] = "application/octet-stream"
        found["description"] = f"{label}\u202f: {field.rule.limits}"
    return found


class _Names:
    """What each schema is called in the document; two of one name are told apart by their modules."""

    def __init__(self) -> None:
        self.classes: dict[str, type[Schema]] = {}

    def __call__(self, schema: Any) -> str:
        found = class_registry.get_class(schema) if isinstance(schema, str) else schema
        made: type[Schema] = found if isinstance(found, type) else type(found)
        name = made.__name__.removesuffix("Out")
        if self.classes.get(name, made) is not made:
            name = f"{made.__module__.replace('.', '_')}_{name}"
        self.classes[name] = made
        return name
