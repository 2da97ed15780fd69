"""The list of supports: its columns, its filters, how they are asked of the book of record (OU-02)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from core.api import accounts
from core.api import contacts
from core.api import lists
from core.api import supports
from core.api.db import today
from core.api.web import adviser
from core.api.web import db_session

#: Supports read at a time where the whole list is.
BATCH = 500
#: Columns that ask how much of a support is held.
_OF_HOLDING = frozenset({"comptes", "encours"})
_NOBODY = accounts.Holding(0, None)


@dataclass(frozen=True, slots=True)
class Row:
    """A support, what the accounts that the adviser may see hold of it, and where it stands among one's favourites."""

    line: supports.SupportLine
    holding: accounts.Holding = _NOBODY
    rank: int | None = None


#: The choice of what nobody told.
_UNTOLD = ("na", _l("Non renseignée"))


def _price(row: Row) -> Any:
    return row.line.price.value if row.line.price else None


def _price_day(row: Row) -> Any:
    return row.line.price.on if row.line.price else None


def _costs(row: Row) -> Any:
    return row.line.ongoing_costs


COLUMNS = (
    lists.ListColumn("libelle", _l("Support"), lambda row: row.line.label, sortable=True, fixed=True),
    lists.ListColumn("isin", _l("Code ISIN"), lambda row: row.line.isin, only_export=True),
    lists.ListColumn("code", _l("Code interne"), lambda row: row.line.code, only_export=True),
    lists.ListColumn("type", _l("Type"), lambda row: row.line.type_label, sortable=True),
    lists.ListColumn("categorie", _l("Catégorie"), lambda row: row.line.category, default=False),
    lists.ListColumn("classe", _l("Classe d'actifs"), lambda row: row.line.class_label or None, default=False),
    lists.ListColumn("zone", _l("Zone"), lambda row: row.line.zone_label or None, default=False),
    lists.ListColumn("gestion", _l("Société de gestion"), lambda row: row.line.manager, default=False),
    lists.ListColumn("sri", _l("SRI"), lambda row: row.line.sri, sortable=True),
    lists.ListColumn("sfdr", _l("SFDR"), lambda row: row.line.sfdr_label, sortable=True),
    lists.ListColumn("srri", _l("SRRI"), lambda row: row.line.srri, default=False),
    lists.ListColumn("frais", _l("Frais courants"), _costs, sortable=True, numeric=True, default=False),
    lists.ListColumn("devise", _l("Devise"), lambda row: row.line.currency, default=False),
    lists.ListColumn("favori", _l("Favori, mon ordre"), lambda row: row.rank, sortable=True, numeric=True, default=False),
    lists.ListColumn("cours", _l("Dernier cours"), _price, numeric=True),
    lists.ListColumn("cours_du", _l("Cours du"), _price_day, only_export=True),
    lists.ListColumn("comptes", _l("Comptes"), lambda row: row.holding.accounts, numeric=True),
    lists.ListColumn("encours", _l("Encours détenu"), lambda row: row.holding.value, numeric=True, default=False),
)
SPEC = lists.ListSpec(
    "supports", _l("Supports"), "p_outils.index", "accounts.view", COLUMNS,
    (
        lists.ListFilter("q", _l("Recherche"), "search", hint=_l("Libellé ou code ISIN")),
        lists.ListFilter("type", _l("Type"), every=_l("Type\u202f: tous")),
        lists.ListFilter("sri", _l("SRI"), every=_l("SRI\u202f: tous")),
        lists.ListFilter("sfdr", _l("SFDR"), every=_l("SFDR\u202f: tous")),
        lists.ListFilter("compagnie", _l("Compagnie"), every=_l("Compagnie\u202f: toutes")),
        lists.ListFilter("detention", _l("Détention"), every=_l("Détention\u202f: toutes")),
        lists.ListFilter("favoris", _l("Favoris"), every=_l("Favoris et autres")),
        lists.ListFilter("gamme", _l("Gamme"), every=_l("Gamme\u202f: toutes"), more=True),
        lists.ListFilter("devise", _l("Devise"), every=_l("Devise\u202f: toutes"), more=True),
        lists.ListFilter("distributeur", _l("Distributeur"), every=_l("Distributeur\u202f: tous"), more=True),
        lists.ListFilter("classe", _l("Classe d'actifs"), every=_l("Classe\u202f: toutes"), more=True),
        lists.ListFilter("zone", _l("Zone"), every=_l("Zone\u202f: toutes"), more=True),
        lists.ListFilter("categorie", _l("Catégorie"), every=_l("Catégorie\u202f: toutes"), more=True),
        lists.ListFilter("gestion", _l("Société de gestion"), every=_l("Société de gestion\u202f: toutes"), more=True),
        lists.ListFilter("frais", _l("Frais courants"), every=_l("Frais courants\u202f: tous"), more=True),
    ), "libelle",
)  # fmt: skip


def read(args: MultiDict[str, str]) -> lists.ListState:
    """The list's state, from its address's parameters. A wrong ISIN is told which of its characters is wrong (RE-03)."""
    options: Mapping[str, lists.Options] = {
        "type": list(supports.TYPE_LABELS.items()), "sri": list(supports.SRI_LABELS.items()),
        "sfdr": list(supports.SFDR_LABELS.items()),
        "compagnie": [(one.key, one.label) for one in accounts.companies(db_session(), adviser())],
        "distributeur": [(one.key, one.label) for one in accounts.distributors(db_session(), adviser())],
        "classe": [*supports.ASSET_CLASSES.items(), _UNTOLD], "zone": [*supports.ZONES.items(), _UNTOLD],
        "frais": list(supports.COSTS.items()), "favoris": [("oui", _l("Mes favoris"))],
        "gamme": [(one.id, one.terms.name) for one in supports.ranges.listed(db_session(), archived=False)],
        "detention": [("oui", _l("Détenus")), ("non", _l("Non détenus"))],
    }  # fmt: skip
    state = lists.state(SPEC, args, options=options)
    fault = supports.isin_fault(state.values["q"] or "")
    return replace(state, problems={**state.problems, "q": fault}) if fault else state


def counted(state: lists.ListState, facets: supports.Facets) -> lists.ListState:
    """The state with the choices that the other filters leave, and how many supports each has."""
    found = {"type": facets.types, "sri": facets.sris, "sfdr": facets.sfdrs, "devise": facets.currencies,
             "classe": facets.classes, "zone": facets.zones, "categorie": facets.categories, "gestion": facets.managers,
             "frais": facets.costs}  # fmt: skip
    counts = {name: {one.key: one.count for one in each} for name, each in found.items()}
    options = dict(state.options)
    for name, each in counts.items():
        asked = state.typed[name]
        known = options.get(name) or [
            (key, _UNTOLD[1] if key == "na" else key) for key in (*each, *([asked] if asked and asked not in each else ()))
        ]
        options[name] = [(key, label) for key, label in known if key in each or key == asked]
    return replace(state, options=options, counts=counts)


def wanted(state: lists.ListState) -> supports.SupportFilter:
    """What the book of record is asked for. The company: one of whose contracts holds it, as far as the adviser may see."""
    asked = state.values
    held = accounts.held_supports(adviser(), company_id=asked["compagnie"])
    among = held if asked["compagnie"] or asked["detention"] == "oui" else None
    return supports.SupportFilter(
        asked["q"] or "", asked["type"] or "", asked["sri"] or "", asked["sfdr"] or "", asked["devise"] or "",
        asked["classe"] or "", asked["zone"] or "", asked["categorie"] or "", asked["gestion"] or "", asked["frais"] or "",
        among=among, within=_within(asked), user_id=adviser().user_id,
        beside=accounts.held_supports(adviser()) if asked["detention"] == "non" else None,
    )  # fmt: skip


def _within(asked: Mapping[str, Any]) -> tuple[Any, ...]:
    """Those of a range, of a distributor's contracts, one's favourites."""
    found = [supports.ranges.of_range(asked["gamme"])] if asked["gamme"] else []
    if asked["distributeur"]:
        found.append(accounts.held_supports(adviser(), distributor_id=asked["distributeur"]))
    return (*found, *([supports.favourites.of_user(adviser())] if asked["favoris"] else ()))


def page(session: Any, state: lists.ListState, number: int, size: int) -> contacts.Page[supports.SupportLine]:
    """One page of it."""
    return supports.listed(
        session, wanted(state), on=today(), sort=state.sort, descending=state.descending, number=number, size=size
    )


def rows(session: Any, lines: Sequence[supports.SupportLine], state: lists.ListState) -> list[Row]:
    """Lines with what the shown columns need besides: one query more where what is held is shown."""
    held: Mapping[str, accounts.Holding] = {}
    if _OF_HOLDING & state.shown:
        held = accounts.holding(session, adviser(), [line.id for line in lines])
    ranks = _ranks(session) if "favori" in state.shown else {}
    return [Row(line, held.get(line.id, _NOBODY), ranks.get(line.id)) for line in lines]


def _ranks(session: Any) -> dict[str, int]:
    """Where one's favourites stand, from 1."""
    return {one: rank for rank, one in enumerate(supports.favourites.ids(session, adviser()), 1)}


def _count(session: Any, state: lists.ListState, _only: Sequence[str]) -> int:
    return page(session, state, 1, 1).total


def _lines(session: Any, state: lists.ListState, _only: Sequence[str]) -> Iterable[Row]:
    def each() -> Iterator[Row]:
        some = page(session, state, 1, BATCH)
        for number in range(1, some.pages + 1):
            yield from rows(session, (some if number == 1 else page(session, state, number, BATCH)).items, state)

    return each()


PAGES = lists.ListPages(SPEC, read, _count, _lines)
