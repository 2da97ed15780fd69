"""The first wall of tenancy: every ORM statement of a session with a cabinet names it; without one, none may.

Adding the cabinet to a statement costs more than running most of them does, so what can be kept is kept: the condition
for each cabinet, and, of the statements that modules build once (`kept`), the whole statement with it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from typing import TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import ARRAY
from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import String
from sqlalchemy import any_
from sqlalchemy import bindparam
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm import Session
from sqlalchemy.orm import with_loader_criteria

from core.db.errors import NoCabinet
from core.db.model import Owned

T = TypeVar("T", bound=Select[*tuple[Any, ...]])
#: Cabinets whose form of a kept statement is remembered.
_MOST = 256
#: Of a statement that hangs on a person's rights, the forms for so many people are remembered: by all that is known of
#: each (`Adviser`), so that a right given or taken makes another.
MANY = 128
#: Where a kept statement is noted as one that needs no cabinet.
_NONE = 0
_kept: WeakKeyDictionary[Any, dict[int, Any]] = WeakKeyDictionary()


def kept(statement: T) -> T:
    """Declare a statement that a module builds once, with parameters (`bindparam`) for what changes between calls."""
    _kept[statement] = {}
    return statement


def arrays(session: Session) -> bool:
    """Whether the database takes a list as one parameter (PostgreSQL): one statement, planned once, whatever its length."""
    return session.get_bind().dialect.name == "postgresql"


def one_of(column: Any, name: str, in_array: bool) -> ColumnElement[bool]:
    """The column's value is in the list that the parameter `name` holds."""
    if in_array:
        return column == any_(bindparam(name, type_=ARRAY(String())))  # type: ignore[no-any-return]
    return column.in_(bindparam(name, expanding=True))  # type: ignore[no-any-return]


def of_cabinet(statement: T, cabinet_id: int) -> T:
    """A kept statement with the cabinet's condition."""
    forms = _kept[statement]
    scoped: T | None = forms.get(cabinet_id)
    if scoped is None:
        if len(forms) >= _MOST:
            forms.clear()
        scoped = forms[cabinet_id] = statement.options(_condition(cabinet_id))
    return scoped


def add(state: ORMExecuteState, cabinet_id: int | None) -> None:
    """Put the cabinet's condition into the statement at hand. Raises `NoCabinet` for a cabinet's table without one."""
    forms = _kept.get(state.statement)
    if cabinet_id is None:
        if forms is None or _NONE not in forms:
            if names := sorted({m.class_.__name__ for m in state.all_mappers if issubclass(m.class_, Owned)}):
                raise NoCabinet(f"{', '.join(names)} sans cabinet")
            if forms is not None:
                forms[_NONE] = True
        return
    if forms is None:
        state.statement = state.statement.options(_condition(cabinet_id))
    else:
        state.statement = of_cabinet(state.statement, cabinet_id)  # type: ignore[type-var]


@lru_cache(maxsize=_MOST)
def _condition(cabinet_id: int) -> Any:
    return with_loader_criteria(Owned, lambda cls: cls.cabinet_id == cabinet_id, include_aliases=True)
