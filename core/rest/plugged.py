"""A plugin's part of the API: its own resources, in its own place, so that none takes another's address or name (PL-08)."""

from __future__ import annotations

import re

from core.auth.api_scopes import SCOPES
from core.hooks.specs import Plugin
from core.rest.operations import Resource


def resources(plugin: Plugin) -> tuple[Resource, ...]:
    """What the plugin brings. Raises `ValueError`, with what is wrong, for what is not in its place."""
    found, taken = tuple(plugin.resources()), set[tuple[str, str]]()
    for one in found:
        if not isinstance(one, Resource):
            raise ValueError(f"resources() rend des Resource, non {type(one).__name__}")
        if one.plugin != plugin.name or not re.fullmatch(rf"{plugin.name}(_[a-z0-9]+)*", one.name):
            raise ValueError(f"la ressource «{one.name}» doit commencer par {plugin.name} et dire plugin=\"{plugin.name}\"")
        for operation in one.operations:
            if not operation.path.startswith(f"/p/{plugin.name}/"):
                raise ValueError(f"{operation.method} {operation.path} : l'adresse doit commencer par /p/{plugin.name}/")
            if operation.scope is not None and operation.scope not in SCOPES:
                raise ValueError(f"{operation.method} {operation.path} : le droit «{operation.scope}» n'existe pas")
            if (operation.method, operation.path) in taken:
                raise ValueError(f"{operation.method} {operation.path} est déclaré deux fois")
            taken.add((operation.method, operation.path))
    if len({one.name for one in found}) != len(found):
        raise ValueError("deux ressources portent le même nom")
    return found
