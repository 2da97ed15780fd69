"""One way for every table: its columns, its filters, its order and page are declared, and all of its state is an address.

A view declares a `ListSpec` once, reads a `ListState` from the request with `read`, and shows it with `macros/list.html`.
Nothing that an address holds raises: what is unknown is the usual, what cannot be read is said beside its field.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from urllib.parse import quote
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core.db.paging import Page
from core.db.paging import Pager
from core.db.paging import pager
from core.web import explained
from core.web import formats
from core.web import inputs

SIZES = (50, 100, 200)
#: What every list reads of its address besides its own filters.
PARAMETERS = ("tri", "sens", "page", "taille", "colonnes", "vue")
#: A view that shows everything, where a person's usual one shows less.
NO_VIEW = "aucune"
_LONGEST = 100
_MARK = "LINE"
#: Signs that stand in an address as they are, as `url_for` leaves them.
_PLAIN = "!$'()*,/:;?@"
_FARTHEST = 10**6

Options = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column. `value` gives what an export writes of a line: text, number, date or None.

    `numeric`: figures, on the right. `fixed`: always shown. `default`: shown until somebody chooses otherwise.
    `only_export`: in files, never in the table: what the table says otherwise.
    """

    key: str
    label: Any
    value: Callable[[Any], Any]
    sortable: bool = False
    numeric: bool = False
    permission: str | None = None
    default: bool = True
    fixed: bool = False
    only_export: bool = False


@dataclass(frozen=True, slots=True)
class ListFilter:
    """A filter. `kind`: choice (`every` says «all»), search, amount (at least so much), since or until (a day).

    Or context: what the whole list is about (one person's accounts), no filter to show or to take away.
    `field`: the path of the request's field that it asks (`core.queries`); `operator`: another than its kind's usual one.
    """

    key: str
    label: Any
    kind: str = "choice"
    every: Any = ""
    hint: Any = ""
    permission: str | None = None
    field: str = ""
    operator: str = ""


@dataclass(frozen=True, slots=True)
class ListSpec:
    """A list. `key` names it for good: what people keep of it (columns, views) is under this name."""

    key: str
    title: Any
    endpoint: str
    permission: str
    columns: tuple[ListColumn, ...]
    filters: tuple[ListFilter, ...] = ()
    sort: str = ""
    descending: bool = False

    @property
    def sorts(self) -> frozenset[str]:
        """Keys by which it can be sorted."""
        return frozenset(column.key for column in self.columns if column.sortable)


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter that is on, in words, and the address without it."""

    label: str
    value: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class ListState:
    """What is shown of a list. `typed`: filters as they stand in the address; `values`: those that could be read.

    `columns`: those shown; `offered`: those to choose among; `exported`: those of a file; `labels`: their words by key,
    translated once for all lines; `counts`: by filter, how many lines each of its choices has, where the view knows.
    """

    spec: ListSpec
    typed: Mapping[str, str]
    values: Mapping[str, Any]
    problems: Mapping[str, str]
    filters: tuple[ListFilter, ...]
    columns: tuple[ListColumn, ...]
    offered: tuple[ListColumn, ...]
    exported: tuple[ListColumn, ...]
    labels: Mapping[str, str]
    sort: str
    descending: bool
    number: int
    size: int
    view: str = ""
    chosen: bool = False
    options: Mapping[str, Options] = field(default_factory=dict)
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict, compare=False, repr=False)  #: its own address, once it was asked for

    @property
    def filtered(self) -> bool:
        """Whether a filter is on, be it one that could not be read."""
        return any(self.typed[one.key] for one in self.filters if one.kind != "context")

    @property
    def fields(self) -> frozenset[str]:
        """The keys of the filters that the form of filters asks for."""
        return frozenset(one.key for one in self.filters if one.kind != "context")

    @property
    def shown(self) -> frozenset[str]:
        """The keys of the columns shown."""
        return frozenset(column.key for column in self.columns)

    def query(self, **changes: Any) -> dict[str, str]:
        """The address's parameters, those that are usual left out; a change to None takes one away."""
        found: dict[str, Any] = {key: value for key, value in self.typed.items() if value}
        if (self.sort, self.descending) != (self.spec.sort, self.spec.descending):
            found |= {"tri": self.sort, "sens": "desc" if self.descending else "asc"}
        if self.size != SIZES[0]:
            found["taille"] = self.size
        if self.chosen:
            found["colonnes"] = ",".join(column.key for column in self.columns)
        if self.view:
            found["vue"] = self.view
        if self.number > 1:
            found["page"] = self.number
        found |= changes
        return {key: str(value) for key, value in found.items() if value is not None}

    def url(self, **changes: Any) -> str:
        """The list's address with these changes; a change of filter, order or size goes back to its first page."""
        if "page" not in changes:
            changes["page"] = None
        if not self.made:
            self.made["base"] = url_for(self.spec.endpoint, **dict[str, Any](self.where))
        base, query = self.made["base"], urlencode(self.query(**changes), safe=_PLAIN)
        return f"{base}{'&' if '?' in base else '?'}{query}" if query else base

    def here(self) -> str:
        """The address of what is shown now."""
        return self.url(page=self.number if self.number > 1 else None)

    def carried(self) -> str:
        """All of it as one text, for forms that come back to it and for the pages of its lines."""
        return urlencode(self.query())

    def line_urls(self, endpoint: str, name: str) -> Callable[[str, int], str]:
        """The addresses of its lines' pages, by id and place, that lead back here: the pattern is made once for all.

        `name`: the argument of the page's URL that is the line's id.
        """
        values: dict[str, Any] = {name: _MARK, "liste": self.carried() or None}
        made = url_for(endpoint, **values)
        before, after = made.split(_MARK, 1)  # the path comes first: what somebody typed in a filter is behind it
        end = after + ("&" if "?" in after else "?")
        return lambda key, place: f"{before}{quote(key, safe='')}{end}rang={place}"

    def page_url(self, number: int) -> str:
        """The address of a page."""
        return self.url(page=number if number > 1 else None)

    def sorted_by(self, key: str) -> str:
        """The address of the list sorted by a column; by the same again, the other way round."""
        return self.url(tri=key, sens="desc" if key == self.sort and not self.descending else "asc")

    def pager(self, page: Page[Any]) -> Pager:
        """The links of the pages."""
        return pager(page, self.page_url)

    @property
    def clear_url(self) -> str:
        """The address without any filter."""
        gone: dict[str, None] = {one.key: None for one in self.filters if one.kind != "context"}
        return self.url(**gone, vue=NO_VIEW if self.view else None)

    @property
    def facets(self) -> tuple[Facet, ...]:
        """The filters that are on, in words."""
        return tuple(
            Facet(str(one.label), self._said(one), self.url(**{one.key: None}))
            for one in self.filters
            if self.typed.get(one.key) and one.kind != "context" and one.key not in self.problems
        )

    def _said(self, one: ListFilter) -> str:
        typed, value = self.typed[one.key], self.values.get(one.key)
        if one.kind == "choice":
            return str(dict(self.options.get(one.key, ())).get(typed, typed))
        if one.kind == "amount":
            return f"\u2265\u00a0{formats.money(value)}"
        if one.kind in ("since", "until"):
            return formats.day(value)
        return typed


def read(
    spec: ListSpec, args: MultiDict[str, str], *, can: Callable[[str], bool], options: Mapping[str, Options] | None = None,
    kept: str | None = None, where: Mapping[str, str] | None = None,
) -> ListState:  # fmt: skip
    """The state that an address asks for, as far as the person's rights go.

    `options`: the choices of filters, by key; `kept`: the columns that the person chose last, comma-separated;
    `where`: the arguments of the list's own URL.
    """
    filters = tuple(one for one in spec.filters if one.permission is None or can(one.permission))
    typed, values, problems = dict[str, str](), dict[str, Any](), dict[str, str]()
    for one in filters:
        typed[one.key] = _line(args.get(one.key, ""))
        try:
            values[one.key] = _value(one, typed[one.key])
        except ValueError as error:
            values[one.key] = None
            problems[one.key] = explained.said(error) or str(_("Vérifiez ce filtre\u202f: il n'a pas été compris."))
    allowed = tuple(column for column in spec.columns if column.permission is None or can(column.permission))
    offered = tuple(column for column in allowed if not column.only_export)
    asked = args.get("colonnes", "")
    asked_for = chosen(offered, asked.split(",")) if asked else ()
    columns = asked_for or chosen(offered, (kept or "").split(",")) or usual(offered)
    sort = args.get("tri", "")
    known = sort in {column.key for column in offered if column.sortable}
    size = _number(args.get("taille", ""))
    return ListState(
        spec=spec, typed=typed, values=values, problems=problems, filters=filters,
        columns=columns, offered=offered, exported=(*columns, *(one for one in allowed if one.only_export)),
        labels={column.key: str(column.label) for column in offered},
        sort=sort if known else spec.sort, descending=args.get("sens") == "desc" if known else spec.descending,
        number=max(1, _number(args.get("page", ""))), size=size if size in SIZES else SIZES[0],
        view=_line(args.get("vue", ""))[:26], chosen=bool(asked_for), options=options or {}, where=where or {},
    )  # fmt: skip


def chosen(offered: Iterable[ListColumn], keys: Iterable[str]) -> tuple[ListColumn, ...]:
    """The columns of these keys, in the list's own order, with those that are always shown; none for no known key."""
    wanted = {key.strip() for key in keys}
    found = tuple(column for column in offered if column.fixed or column.key in wanted)
    return found if any(column.key in wanted for column in found) else ()


def usual(offered: Iterable[ListColumn]) -> tuple[ListColumn, ...]:
    """The columns shown until somebody chooses otherwise."""
    return tuple(column for column in offered if column.fixed or column.default)


def _line(value: str) -> str:
    return "".join(sign for sign in value if sign.isprintable())[:_LONGEST].strip()


def _number(value: str) -> int:
    return min(int(value), _FARTHEST) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _value(one: ListFilter, typed: str) -> Any:
    if not typed:
        return None
    if one.kind == "amount":
        return inputs.amount(typed)
    if one.kind in ("since", "until"):
        return inputs.day(typed)
    return typed
