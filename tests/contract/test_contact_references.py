"""Every column that names a contact is declared, so that a merge, an erasure, an export forget none (CT-02)."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points

from sqlalchemy import Table

import core.app  # noqa: F401 - every model of core
from core.contacts.references import LEFT
from core.db.model import Base
from core.hooks import references
from core.hooks.registry import GROUP
from core.hooks.registry import OURS

#: A pair of columns that says what a row is about: the kind's name ends so, and the id stands beside it.
PAIRS = (("_kind", "_id"), ("kind", "ref"))


def plugins() -> list[type]:
    """The bundled plugins, their models loaded."""
    found = []
    for entry in entry_points(group=GROUP):
        if entry.dist is not None and entry.dist.name == OURS:
            plugin = entry.load()
            plugin().blueprint()
            found.append(plugin)
    return found


def naming() -> Iterator[tuple[str, str]]:
    """Columns with a foreign key to `contact`, and those of pairs that may name one."""
    for table in Base.metadata.tables.values():
        for constraint in table.foreign_key_constraints:
            for element in constraint.elements:
                if element.column.table.name == "contact" and element.parent.name != "cabinet_id":
                    yield table.name, element.parent.name
        yield from _pairs(table)


def _pairs(table: Table) -> Iterator[tuple[str, str]]:
    for kind, ref in PAIRS:
        for column in table.columns:
            beside = column.name.removesuffix(kind) + ref
            if column.name.endswith(kind) and beside in table.columns and beside != "id":
                yield table.name, beside


def test_every_column_that_names_a_contact_is_declared() -> None:
    """CT-02: of core and of the bundled plugins; a new table that forgets fails here, and is told which line to add."""
    declared = {(ref.table, ref.column) for ref in references.own("contact")}
    for plugin in plugins():
        declared |= {(ref.table, ref.column) for ref in plugin.references if ref.to == "contact"}  # type: ignore[attr-defined]
    found = set(naming())
    assert ("account_role", "contact_id") in found
    assert ("document", "owner_id") in found
    forgotten = found - declared - set(LEFT)
    assert not forgotten, [f'references.declare(Ref("{table}", "{column}", to="contact"))' for table, column in sorted(forgotten)]


def test_what_is_declared_is_there() -> None:
    """CT-02: no declaration names a column that is gone, and what is left as it is says why."""
    columns = {(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns}
    for ref in references.own("contact"):
        named = {(ref.table, one) for one in (ref.column, *ref.alike, *(column for column, _value in ref.when))}
        assert named <= columns, ref
    assert set(LEFT) <= columns
    assert all(LEFT.values())
