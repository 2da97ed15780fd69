"""What the API can do, said once: path, method, scope, what is asked, taken and given. Views and document are made of it."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Generic
from typing import Literal
from typing import TypeVar

from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.rest.schemas import Asked
from core.rest.schemas import Given
from core.rest.schemas import Taken

Method = Literal["GET", "POST", "PATCH", "DELETE"]
T = TypeVar("T")
V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """One page: its items, and the keys of the last one where there is another page."""

    items: tuple[T, ...]
    last: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `asked`: the address's parameters, `taken`: the body's members, `sent`: those that were there.

    `adviser` is the token's owner, narrowed to its scopes; `after`: the keys of the last line of the page before.
    """

    adviser: Adviser
    session: TenantSession
    token: str
    asked: Mapping[str, Any] = field(default_factory=dict)
    taken: Mapping[str, Any] = field(default_factory=dict)
    after: tuple[Any, ...] | None = None
    size: int = 50
    #: The key under which a POST creates: the same request that comes twice finds it made.
    once: str = ""

    @property
    def more(self) -> int:
        """How many lines to read: one more than are given tells whether there is another page."""
        return self.size + 1

    def page(self, rows: Sequence[T], key: Callable[[T], tuple[Any, ...]]) -> Slice[T]:
        """A page of the rows that were read (`more` of them at most)."""
        items = tuple(rows[: self.size])
        return Slice(items, key(items[-1]) if len(rows) > self.size else None)

    def among(self, rows: Iterable[T], key: Callable[[T], str]) -> Slice[T]:
        """A page of a list that is short enough to be read whole, in the order of its keys."""
        ordered = sorted(rows, key=key)
        if self.after is not None:
            ordered = [row for row in ordered if key(row) > self.after[0]]
        return self.page(ordered[: self.more], lambda row: (key(row),))


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is more than its object: where it lies, or a file; one made for the asking comes piece by piece."""

    value: Any = None
    location: str | None = None
    data: bytes | Iterator[bytes] | None = None
    media: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `scope`: None for any token. `same`: the GET whose ETag a PATCH or DELETE may name in If-Match.

    `media`: what a file is that is answered, as a `Reply` with `data`; «*/*» for a document. `schemas.ask_file` takes one.
    """

    name: str
    method: Method
    path: str
    resource: str
    view: Callable[..., Any]
    title: Any
    about: Any = ""
    scope: str | None = None
    asks: type[Asked] | None = None
    takes: type[Taken] | None = None
    gives: type[Given] | None = None
    status: int = 200
    paged: bool = False
    media: str = ""
    same: str | None = None
    plugin: str | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names in the path."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))


class Resource:
    """A noun of the API with its operations. `plugin`: whose it is; its paths then answer where that is enabled only.

    `NOTES = Resource("notes", _l("Notes"), plugin="carnet")`, then a function for each operation under `@NOTES.get(…)`.
    """

    def __init__(self, name: str, title: Any, about: Any = "", *, plugin: str | None = None) -> None:
        self.name = name
        self.title = title
        self.about = about
        self.plugin = plugin
        self.operations: list[Operation] = []

    def get(self, path: str, title: Any, gives: type[Given] | None = None, **more: Any) -> Callable[[V], V]:
        """A read; with `paged`, the function answers a `Slice`."""
        return self._add("GET", path, title, gives=gives, **more)

    def post(self, path: str, title: Any, gives: type[Given] | None = None, **more: Any) -> Callable[[V], V]:
        """Creates (status 201, `Reply` with its location) or acts. It asks for an `Idempotency-Key`."""
        return self._add("POST", path, title, gives=gives, **more)

    def patch(self, path: str, title: Any, gives: type[Given] | None = None, **more: Any) -> Callable[[V], V]:
        """Changes what was sent and answers the whole; `same` names the GET that shows it."""
        return self._add("PATCH", path, title, gives=gives, **more)

    def delete(self, path: str, title: Any, **more: Any) -> Callable[[V], V]:
        """Removes; nothing is answered. `same` names the GET that shows what is removed."""
        return self._add("DELETE", path, title, status=204, **more)

    def _add(self, method: Method, path: str, title: Any, **more: Any) -> Callable[[V], V]:
        def mark(view: V) -> V:
            name = f"{self.name}_{view.__name__}"
            self.operations.append(Operation(name, method, path, self.name, view, title, plugin=self.plugin, **more))
            return view

        return mark
