"""Writes all files, or with `--check` says which ones differ from what would be written."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from scripts.plp_vectors import bodies
from scripts.plp_vectors import facts
from scripts.plp_vectors import saml
from scripts.plp_vectors import schemas
from scripts.plp_vectors import tokens

KIT = Path(__file__).parent.parent.parent / "plp_conform"


def files() -> dict[Path, str]:
    """Path → content."""
    vectors: dict[str, dict[str, Any]] = {
        "signed-request": tokens.signed_request(), "id-token": tokens.id_token(), "client-assertion": tokens.client_assertion(),
        "statement": tokens.statement(), "webhook": tokens.webhook(), "jwks": bodies.jwks(), "events": bodies.events(),
        "capabilities": bodies.capabilities(), "problems": bodies.problem_bodies(), "sheets": bodies.sheets(),
        "platform-sheet": facts.platform_sheet(), "partner-sheet": facts.partner_sheet(),
        "saml-metadata": saml.metadata(), "saml-request": saml.requests(), "saml-response": saml.responses(),
    }  # fmt: skip
    made = {KIT / "vectors" / f"{name}.json": value for name, value in vectors.items()}
    made |= {KIT / "schemas" / f"{name}.schema.json": value for name, value in schemas.schemas().items()}
    return {path: json.dumps(value, ensure_ascii=False, indent=1) + "\n" for path, value in made.items()}


def main(arguments: list[str]) -> int:
    """1 where `--check` finds a difference."""
    differing = [path for path, text in files().items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in arguments:
        for path in differing:
            sys.stderr.write(f"{path.name} is not what scripts.plp_vectors writes\n")
        return 1 if differing else 0
    for path in differing:
        path.write_text(files()[path], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
