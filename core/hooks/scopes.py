"""Who may set what of a plugin's settings: the installation, the cabinet, a person (architecture.md §4, three scopes)."""

from __future__ import annotations

from functools import cache
from typing import Literal

from marshmallow import Schema

from core.hooks.secret_field import SecretField
from core.hooks.specs import Plugin

Scope = Literal["installation", "cabinet", "user"]
#: From the widest to the narrowest: each goes before those above it.
ORDER: tuple[Scope, ...] = ("installation", "cabinet", "user")
#: Who sets a field that says nothing of it.
USUAL: tuple[Scope, ...] = ("installation", "cabinet")


def settable(plugin: Plugin, scope: Scope) -> tuple[str, ...]:
    """The names that a scope may set, as they are written."""
    schema = plugin.settings_schema
    return tuple(name for name, scopes in _declared(schema).items() if scope in scopes) if schema is not None else ()


def secret(plugin: Plugin) -> frozenset[str]:
    """The names of secrets."""
    return _secrets(plugin.settings_schema) if plugin.settings_schema is not None else frozenset()


@cache
def _declared(schema: type[Schema]) -> dict[str, frozenset[str]]:
    return {name: frozenset(one.metadata.get("scopes", USUAL)) for name, one in schema._declared_fields.items()}


@cache
def _secrets(schema: type[Schema]) -> frozenset[str]:
    return frozenset(name for name, one in schema._declared_fields.items() if isinstance(one, SecretField))
