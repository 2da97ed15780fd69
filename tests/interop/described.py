"""`docs/protocol/openapi.json`, and what it says of a body."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

DOCUMENT: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent.parent / "docs" / "protocol" / "openapi.json").read_text("utf-8")
)
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
_HERE = "urn:encours:plp"
_REGISTRY = Registry().with_resource(_HERE, DRAFT202012.create_resource(DOCUMENT))


def faults(schema: str, value: Any) -> list[str]:
    """What a value breaks of a schema of the document; nothing where it passes."""
    validator = Draft202012Validator({"$ref": f"{_HERE}#/components/schemas/{schema}"}, registry=_REGISTRY)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of both sides."""
    for path, item in DOCUMENT["paths"].items():
        for method in ("get", "put", "post"):
            if method in item:
                yield method.upper(), path, item[method]


def examples() -> Iterator[tuple[str, str, Any]]:
    """(where, schema's name, value) of each example body."""
    for method, path, operation in operations():
        bodies = {"request": operation.get("requestBody", {}), **operation["responses"]}
        for place, body in bodies.items():
            for media in body.get("content", {}).values():
                for name, example in media.get("examples", {}).items():
                    yield f"{method} {path} {place} {name}", media["schema"]["$ref"].rsplit("/", 1)[1], example["value"]
