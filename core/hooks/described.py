"""What a plugin says of itself, beside its hooks (`core.hooks.specs`): name, settings, tables, rights, work, pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import ClassVar

import click
from flask import Blueprint
from marshmallow import Schema

from core.hooks.declared import Partner
from core.hooks.declared import Ref
from core.hooks.importing import ImportTarget
from core.hooks.job import Job


class Described:
    """The metadata of a plugin: class attributes that core reads, and what needs a function."""

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    version: ClassVar[str] = "0"
    #: Versions of `core.api.API_VERSION` it works with (PEP 440).
    api: ClassVar[str] = ">=1.0,<2"
    #: Whether a new cabinet has it on from the start.
    default_on: ClassVar[bool] = False
    weight: ClassVar[int] = 100
    settings_schema: ClassVar[type[Schema] | None] = None
    #: Raised when `settings_schema` changes what stored values mean; `migrate_settings` then reads older ones.
    settings_version: ClassVar[int] = 1
    permissions: ClassVar[tuple[str, ...]] = ()
    #: What it sends out of the house, each as people say it: the cabinet reads it before it turns the plugin on.
    sends: ClassVar[tuple[str, ...]] = ()
    partner: ClassVar[Partner | None] = None
    depends: ClassVar[tuple[str, ...]] = ()
    #: Folder of its Alembic migrations, where it owns tables.
    migrations: ClassVar[Path | None] = None
    #: Which columns of its tables name rows of the book of record.
    references: ClassVar[tuple[Ref, ...]] = ()
    #: Its background work: enqueued by `core.api.jobs`, or repeated.
    jobs: ClassVar[tuple[Job, ...]] = ()
    #: What files may be imported as: `core.api.imports`.
    imports: ClassVar[tuple[ImportTarget, ...]] = ()
    #: Its commands: `encours run NAME --cabinet C COMMAND`; each gets its `Context` as click's object.
    commands: ClassVar[tuple[click.Command, ...]] = ()

    def blueprint(self) -> Blueprint | None:
        """Its pages, made by `core.api.web.blueprint`; None where it has none."""
        return None

    def resources(self) -> Sequence[Any]:
        """Its part of `/api/v1`: `core.api.rest.Resource`s, each path below `/p/<name>/`; none where it has none."""
        return ()

    def migrate_settings(self, values: dict[str, Any], version: int) -> dict[str, Any]:
        """Values that an older version stored, as this one's schema means them. Nothing is written until they are saved.

        values: as stored, which may be changed in place. version: the `settings_version` that wrote them.
        """
        return values
