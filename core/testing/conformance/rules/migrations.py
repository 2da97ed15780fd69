"""Migrations go up, down and up; they make the models' tables and no other; without the plugin core still goes up."""

from __future__ import annotations

import inspect
import shutil
import tempfile
from collections.abc import Callable
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from core.db import migrate
from core.db.model import Base
from core.db.session import Database
from core.testing.conformance.bench import Bench
from core.testing.conformance.findings import Finding
from core.testing.rows import tables
from core.testing.throwaway import migrated
from core.testing.throwaway import yesterday


def check(bench: Bench) -> Iterator[Finding]:
    """On databases of their own, from nothing."""
    name, folder = bench.subject.name, bench.plugin.migrations
    if folder is None:
        for table in tables(name):
            yield Finding("", f"la table {table.name} n'a pas de migration", todo="Donnez au module migrations = …/migrations.")
        return
    place = bench.subject.place(folder)
    with _Ground() as ground:
        up = partial(_up, ground.db, name, folder)
        down = partial(migrate.downgrade, ground.db, name, folder)
        steps: tuple[tuple[str, Callable[[], None]], ...] = (("montée", up), ("descente", down), ("seconde montée", up))
        core = ground.tables()
        for what, step in steps:
            try:
                step()
            except Exception as error:
                where = bench.subject.place_in(error.__traceback__) or place
                yield Finding("", f"la {what} échoue : {type(error).__name__} : {_short(error)}", where)
                return
            left = ground.tables() - core - {f"alembic_version_{name}"}
            if what == "descente" and left:
                yield Finding("", f"la descente laisse {', '.join(sorted(left))}", place)
            for made in sorted(left):
                if what == "montée" and not made.startswith(f"{name}_"):
                    yield Finding("", f"elle crée la table {made}, dont le nom ne commence pas par {name}_", place)
            if what == "montée" and (lost := core - ground.tables()):
                yield Finding("", f"elle supprime {', '.join(sorted(lost))}, qui n'est pas à elle", place)
        yield from _differences(bench, ground, place)
    yield from _removed(bench, folder, place)


def _differences(bench: Bench, ground: _Ground, place: str) -> Iterator[Finding]:
    own = {table.name for table in tables(bench.subject.name)}

    def included(item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        return name in own if kind == "table" else item.table.name in own if hasattr(item, "table") else True

    with ground.db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": included})
        found = compare_metadata(context, Base.metadata)
    for difference in found:
        one = difference[0] if isinstance(difference, list) else difference
        about = (getattr(part, "table", part) for part in one[1:] if hasattr(part, "columns") or hasattr(part, "table"))
        named = getattr(next(about, None), "name", None) or next((str(part) for part in one[1:] if str(part) in own), "")
        if named in own:
            yield Finding("", f"les modèles et les migrations diffèrent sur {named} : {one[0]}", place)


def _removed(bench: Bench, folder: Path, place: str) -> Iterator[Finding]:
    """The plugin's tables on yesterday's core; then the plugin is uninstalled, and core goes up."""
    name = bench.subject.name
    with _Ground(before_last=True) as ground:
        try:
            _up(ground.db, name, folder, core="-1")
            migrate.upgrade(ground.db)
        except Exception as error:
            said = f"{type(error).__name__} : {_short(error)}"
            yield Finding("", f"une fois le module retiré, Encours ne se met plus à jour : {said}", place)
            return
        if behind := migrate.behind(ground.db):
            yield Finding("", f"une fois le module retiré, {', '.join(behind)} n'est pas à jour", place)


def _up(db: Database, name: str, folder: Path, *, core: str = "head") -> None:
    for failed in migrate.upgrade(db, [(name, folder)], core=core):
        raise failed.error


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:160] if str(error) else inspect.getdoc(type(error)) or ""


class _Ground:
    """A database with core's tables, gone at the end."""

    def __init__(self, *, before_last: bool = False) -> None:
        self._before_last = before_last
        self.db = Database()

    def __enter__(self) -> _Ground:
        self._folder = Path(tempfile.mkdtemp(prefix="encours-migrations-"))
        shutil.copyfile(yesterday() if self._before_last else migrated(), self._folder / "essai.sqlite")
        self.db.open(f"sqlite:///{self._folder / 'essai.sqlite'}", check=False)
        return self

    def __exit__(self, *_error: object) -> None:
        self.db.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def tables(self) -> set[str]:
        with self.db.engine.connect() as connection:
            return _names(connection)


def _names(connection: Connection) -> set[str]:
    return {row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")}
