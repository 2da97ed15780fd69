"""What a body must look like: JSON Schema 2020-12, from `schemas/` (made of docs/protocol/openapi.json)."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

_DEFINITIONS = "plp.schema.json"


@cache
def _document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((resources.files("plp_conform") / "schemas" / _DEFINITIONS).read_text("utf-8"))
    return found


@cache
def _validator(name: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # an extra of the distribution: the command says so where it is not there

    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": _document()["$defs"]})


def faults(name: str, value: Any) -> list[str]:
    """What a value breaks of a shape; nothing where it passes. Raises `KeyError` for a shape there is not."""
    if name not in _document()["$defs"]:
        raise KeyError(name)
    return [f"{error.json_path}\u202f: {error.message}"[:300] for error in _validator(name).iter_errors(value)]
