"""What can be asked: the fields of each subject, core's own and the plugins', as far as a person's rights go."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select

from core.db.errors import DomainError
from core.hooks.hub import Hub
from core.hooks.queries import QueryField
from core.hooks.specs import Plugin
from core.hooks.types import Adviser
from core.hooks.types import Context
from core.queries.operators import OPERATORS
from core.queries.operators import Operator

#: A condition that no operator on a column makes: words of an index, a group of states.
Special = Callable[[Adviser, Sequence[str]], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Field:
    """A field that can be asked. Exactly one of `column`, `among`, `special` says how.

    `column(adviser)`: an expression beside the subject; `among`: a select of (subject's id, value), for what a subject may
    have several of; `special`: operator's key → the condition that it makes, with its words.
    """

    path: str
    subject: str
    type: str
    label: Any
    column: Callable[[Adviser], Any] | None = None
    among: Select[*tuple[Any, ...]] | None = None
    special: Mapping[str, tuple[str, Special]] = field(default_factory=dict)
    group: Any = ""
    options: tuple[tuple[str, str], ...] = ()
    permission: str = ""
    plugin: str = ""

    @property
    def operators(self) -> Mapping[str, Operator]:
        """Those of its type; of several values, only what one of them can hold."""
        return {} if self.special else OPERATORS[self.type]

    def words(self, operator: str) -> str:
        """«contient»."""
        return self.special[operator][0] if operator in self.special else self.operators[operator].words


@dataclass(frozen=True, slots=True)
class Registry:
    """The fields that a person may ask, by path. `failures`: modules whose own could not be told."""

    fields: Mapping[str, Field]
    failures: tuple[str, ...] = ()

    def of(self, subject: str) -> tuple[Field, ...]:
        """Those of a subject, in the order in which they are offered."""
        return tuple(one for one in self.fields.values() if one.subject == subject)

    def get(self, path: str, subject: str) -> Field:
        """One of them. Raises `DomainError`: gone with its module, of something else, or beyond the person's rights."""
        found = self.fields.get(path)
        if found is None or found.subject != subject:
            raise DomainError(
                f"Le champ «\u202f{path}\u202f» n'existe pas, ou plus\u202f: son module est peut-être désactivé. "
                "Retirez ce critère, ou demandez à un administrateur."
            )
        return found


_core: dict[str, Field] = {}


def declare(*found: Field) -> None:
    """Make fields of core's own known."""
    _core.update((one.path, one) for one in found)


def known(path: str) -> Field | None:
    """A field of core's own."""
    return _core.get(path)


def core_fields(adviser: Adviser) -> Registry:
    """Core's own fields, for what needs no plugin's: the filters of core's lists."""
    return Registry({path: one for path, one in _core.items() if _may(adviser, one)})


def registry(hub: Hub, ctx: Context, adviser: Adviser) -> Registry:
    """All fields that the person may ask, core's first, then the plugins' in the hub's order."""
    found = dict(core_fields(adviser).fields)
    given = hub.collect(Plugin.query_fields, ctx)
    for one in given.items:
        made = _of_plugin(one.plugin, one.item)
        if made.path not in _core and _may(adviser, made):  # core's own paths are nobody else's
            found.setdefault(made.path, made)
    return Registry(found, tuple(failure.text for failure in given.failures))


def _of_plugin(plugin: str, one: QueryField) -> Field:
    return Field(
        one.path, one.subject, one.type, one.label, column=lambda _adviser: one.expression, group=one.group,
        options=one.options, permission=one.permission, plugin=plugin,
    )  # fmt: skip


def _may(adviser: Adviser, one: Field) -> bool:
    return not one.permission or adviser.can(one.permission)
