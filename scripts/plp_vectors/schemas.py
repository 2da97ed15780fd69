"""JSON schemas of the kit, from the description of both sides' addresses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

DESCRIPTION = Path(__file__).parent.parent.parent / "docs" / "protocol" / "openapi.json"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SHEETS = {"registration.platform": "PlatformSheet", "registration.partner": "PartnerSheet"}


def schemas() -> dict[str, dict[str, Any]]:
    """File's name → schema; each stands alone."""
    described = json.loads(DESCRIPTION.read_text("utf-8"))["components"]["schemas"]
    shapes = json.loads(json.dumps(described).replace("#/components/schemas/", "#/$defs/"))
    made: dict[str, dict[str, Any]] = {
        "plp": {"$schema": _DIALECT, "$id": "urn:plp:schema:plp", "title": "Bodies, claims and sheets of PLP/1", "$defs": shapes}
    }
    for file, name in _SHEETS.items():
        made[file] = {"$schema": _DIALECT, "$id": f"urn:plp:schema:{file}", **shapes[name], "$defs": _needed(shapes, name)}
    return made


def _needed(shapes: dict[str, Any], name: str) -> dict[str, Any]:
    """What a shape refers to, and what that refers to."""
    wanted, found = [name], {}
    while wanted:
        for other in re.findall(r"#/\$defs/(\w+)", json.dumps(shapes[wanted.pop()])):
            if other not in found:
                found[other] = shapes[other]
                wanted.append(other)
    return dict(sorted(found.items()))
