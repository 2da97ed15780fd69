"""How good a plugin was found to be: what its author recorded with it. Read from its package once; nothing is tried here."""

from __future__ import annotations

import json
import logging
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.hooks.specs import Plugin

#: Written by `encours plugin check NAME --record`, beside quality.toml.
FILE = "quality.json"
LEVELS = ("bronze", "argent", "or")
_log = logging.getLogger("encours.plugins")


@dataclass(frozen=True, slots=True)
class Quality:
    """`level`: bronze, argent, or; None: not even bronze, or never tried. `lacks`: what the next one wants, as phrases.

    `tried`: the version that was tried, empty where none was; `stale`: it is not the one installed.
    """

    level: str | None = None
    lacks: tuple[str, ...] = ()
    tried: str = ""
    stale: bool = False
    maintainer: str = ""
    support: str = ""


def of(plugin: Plugin) -> Quality:
    """A plugin's quality, as its package says it."""
    file = getattr(sys.modules.get(type(plugin).__module__), "__file__", None)
    return _read(Path(file).parent, plugin.name, plugin.version) if file is not None else Quality()


@cache
def _read(folder: Path, name: str, version: str) -> Quality:
    said, identity = _kept(folder / FILE, name), _identity(folder / "quality.toml", name)
    level, tried = said.get("level"), str(said.get("version") or "")
    lacks = said.get("lacks")
    return Quality(
        level=level if isinstance(level, str) and level in LEVELS else None, tried=tried, stale=bool(tried) and tried != version,
        lacks=tuple(map(str, lacks)) if isinstance(lacks, list) else (),
        maintainer=str(identity.get("maintainer") or ""), support=str(identity.get("support") or ""),
    )  # fmt: skip


def _kept(path: Path, name: str) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        _log.warning("%s of %s cannot be read", FILE, name)
        return {}
    return said if isinstance(said, dict) else {}


def _identity(path: Path, name: str) -> dict[str, Any]:
    try:
        said = tomllib.loads(path.read_text("utf-8")).get("identity", {})
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        _log.warning("quality.toml of %s cannot be read", name)
        return {}
    return said if isinstance(said, dict) else {}
