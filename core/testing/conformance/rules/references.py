"""Tables are the plugin's own by name, belong to a cabinet, and say which of their columns name the book of record."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table
from sqlalchemy import UniqueConstraint

from core.db.model import Base
from core.testing.conformance.bench import Bench
from core.testing.conformance.findings import Finding
from core.testing.rows import tables

#: What `Ref.to` may name → the book's table.
BOOK = {"contact": "contact", "account": "account", "support": "support", "transaction": "transaction", "document": "document"}


def check(bench: Bench) -> Iterator[Finding]:
    """Every table that the plugin's models declare."""
    name, subject = bench.subject.name, bench.subject
    declared = {(ref.table, ref.column): ref.to for ref in bench.plugin.references}
    own = {table.name for table in tables(name)}
    models = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers if isinstance(mapper.local_table, Table)}
    for named, model in models.items():
        if model.__module__.startswith(f"{subject.module}.") and named not in own:
            yield Finding("", f"la table {named} ne commence pas par {name}_", _place(bench, model))
    found: set[tuple[str, str]] = set()
    for table in tables(name):
        place = _place(bench, models.get(table.name))
        if "cabinet_id" not in table.columns:
            yield Finding("", f"la table {table.name} n'a pas de cabinet", place, todo="Héritez de core.api.db.Model.")
        for constraint in table.foreign_key_constraints:
            for element in constraint.elements:
                target, column = element.column.table.name, element.parent.name
                if column == "cabinet_id" or target in own:
                    continue
                found.add((table.name, column))
                kind = next((key for key, value in BOOK.items() if value == target), None)
                if kind is None:
                    yield Finding("", f"{table.name}.{column} pointe vers {target}, qui n'est pas du livre", place)
                elif declared.get((table.name, column)) != kind:
                    todo = f'Ajoutez references = (Ref("{table.name}", "{column}", to="{kind}"),) au module.'
                    yield Finding("", f"{table.name}.{column} pointe vers {target} sans être déclarée", place, todo=todo)
    for ref in bench.plugin.references:
        if ref.on_conflict == "keep" and not ref.alike and _unique(ref.table, ref.column):
            todo = 'Ajoutez on_conflict="drop"\u202f: la ligne du dossier fusionné part, et revient si la fusion est défaite.'
            yield Finding("", f"{ref.table}.{ref.column} est d'une clé unique\u202f: deux dossiers ne fusionneraient pas",
                          todo=todo)  # fmt: skip
    for table_name, column in sorted(set(declared) - found):
        known = next((table for table in tables(name) if table.name == table_name), None)
        if known is None or column not in known.columns:
            yield Finding("", f"references nomme {table_name}.{column}, qui n'existe pas")


def _unique(name: str, column: str) -> bool:
    """Whether a column is part of a unique key."""
    table = Base.metadata.tables.get(name)
    if table is None:
        return False
    sets = [one.columns for one in table.constraints if isinstance(one, UniqueConstraint)]
    sets += [one.columns for one in table.indexes if one.unique]
    return any(column in {one.name for one in columns} for columns in sets)


def _place(bench: Bench, model: Any) -> str:
    if model is None:
        return ""
    try:
        return bench.subject.place(inspect.getfile(model), inspect.getsourcelines(model)[1])
    except (OSError, TypeError):
        return ""
