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
from plp_conform.model import OIDC
from plp_conform.model import SAML_SP
from plp_conform.model import Side
from plp_conform.trial import Unverified


class BadTarget(ValueError):
    """The file cannot be used; the message says why, in French."""


class Sheet(dict[str, Any]):
    """A sheet as it was given: what it lacks cannot be tried, and is not taken for a fault of what came."""

    def __missing__(self, name: str) -> Any:
        raise Unverified(f"la fiche n'a pas {name}")


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

    @property
    def binding(self) -> str:
        """Of the partner: the one that is checked, or the one that is played."""
        given = self.sheet.get("binding") if self.side is Side.PARTNER else self.played.get("binding")
        return str(given or OIDC)


_TABLES = ("played", "book", "pages", "drive")


def _load(path: Path) -> Any:
    try:
        text = path.read_text("utf-8")
        return json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise BadTarget(f"{path.name}\u202f: illisible ({error})") from error


def played(path: Path) -> dict[str, Any]:
    """The table `played` alone: the kit's partner has a sheet before the platform has one. Raises `BadTarget`."""
    given = _load(path)
    found = given.get("played") if isinstance(given, dict) else None
    if not isinstance(found, dict) or not found.get("state") or not found.get("port"):
        raise BadTarget(
            f"{path.name}\u202f: played.port et played.state sont nécessaires\u202f: la fiche dit l'adresse et la clé"
        )
    _check_binding(found, Side.PLATFORM)
    return found


def from_url(url: str, side: Side) -> Target:
    """A sheet at an address, or a platform's issuer: only what needs no driving is then tried. Raises `BadTarget`."""
    found = calling.call("GET", url).json()
    if side is Side.PLATFORM and not (isinstance(found, dict) and found.get("kind") == side):
        found = calling.call("GET", f"{url.rstrip('/')}/.well-known/openid-configuration").json()
        if isinstance(found, dict) and "issuer" in found:
            found = {"plp": 1, "kind": side, "iss": found["issuer"], "jwks_uri": found.get("jwks_uri")}
    if not isinstance(found, dict) or found.get("kind") != side:
        raise BadTarget(f"{url}\u202f: ni fiche d'une partie «\u202f{side}\u202f», ni émetteur")
    return Target(side, Sheet(found), {"wait_s": 0}, name=str(found.get("name") or found.get("iss") or url))


def read(path: Path) -> Target:
    """Raises `BadTarget`."""
    given = _load(path)
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
    _check_binding(given.get("played", {}), side)
    return Target(
        side, Sheet(sheet), given.get("played", {}), given.get("book", {}), given.get("pages", {}), _drive(given.get("drive",
        {})),
        str(given.get("name") or sheet.get("name") or (sheet.get("cabinet") or {}).get("name") or ""),
    )  # fmt: skip


def _check_binding(played: Mapping[str, Any], side: Side) -> None:
    """Of the partner that the kit plays."""
    if side is Side.PLATFORM and played.get("binding", OIDC) not in (OIDC, SAML_SP):
        raise BadTarget(f"played.binding vaut {OIDC} ou {SAML_SP}")


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
