"""The target file: who is checked, who is played, and how what PLP leaves to people is done (TOML or JSON)."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from plp_conform import calling
from plp_conform.driving import Drive
from plp_conform.model import Side


class BadTarget(ValueError):
    """The file cannot be used; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class Target:
    """`sheet`: the checked side's own (PLP §2). The mappings are the file's tables, by their names."""

    side: Side
    sheet: Mapping[str, Any]
    played: Mapping[str, Any] = field(default_factory=dict)
    book: Mapping[str, Any] = field(default_factory=dict)
    pages: Mapping[str, Any] = field(default_factory=dict)
    drive: Drive = field(default_factory=Drive)
    name: str = ""


_TABLES = ("played", "book", "pages", "drive")


def read(path: Path) -> Target:
    """Raises `BadTarget`."""
    try:
        text = path.read_text("utf-8")
        given: Any = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise BadTarget(f"{path.name}\u202f: illisible ({error})") from error
    if not isinstance(given, dict) or given.get("kind") not in (Side.PARTNER, Side.PLATFORM):
        raise BadTarget(f"{path.name}\u202f: kind doit valoir «\u202fpartner\u202f» ou «\u202fplatform\u202f»")
    unknown = set(given) - {"kind", "sheet", "name", *_TABLES}
    if unknown:
        raise BadTarget(f"{path.name}\u202f: membres inconnus\u202f: {', '.join(sorted(unknown))}")
    for table in _TABLES:
        if not isinstance(given.get(table, {}), dict):
            raise BadTarget(f"{path.name}\u202f: {table} doit être une table")
    side = Side(given["kind"])
    sheet = _sheet(given.get("sheet"), path.parent)
    if sheet.get("kind") != side:
        raise BadTarget(f"{path.name}\u202f: la fiche n'est pas celle d'une partie «\u202f{side}\u202f»")
    return Target(
        side, sheet, given.get("played", {}), given.get("book", {}), given.get("pages", {}), _drive(given.get("drive", {})),
        str(given.get("name") or sheet.get("name") or (sheet.get("cabinet") or {}).get("name") or ""),
    )  # fmt: skip


def _sheet(given: object, folder: Path) -> dict[str, Any]:
    """Inline, a file beside the target's, or an address."""
    if isinstance(given, dict):
        return given
    if not isinstance(given, str):
        raise BadTarget("sheet\u202f: la fiche de la partie vérifiée, son fichier ou son adresse")
    try:
        if given.startswith(("http://", "https://")):
            found = calling.call("GET", given).json()
        else:
            found = json.loads((folder / given).read_text("utf-8"))
    except (OSError, ValueError, calling.Away) as error:
        raise BadTarget(f"sheet {given}\u202f: illisible ({error})") from error
    if not isinstance(found, dict):
        raise BadTarget(f"sheet {given}\u202f: un objet JSON est attendu")
    return found


def _drive(given: Mapping[str, Any]) -> Drive:
    unknown = set(given) - {"sim", "token", "commands", "without"}
    if unknown:
        raise BadTarget(f"drive\u202f: membres inconnus\u202f: {', '.join(sorted(unknown))}")
    return Drive(given.get("sim"), given.get("token"), given.get("commands", {}), given.get("without", ()))
