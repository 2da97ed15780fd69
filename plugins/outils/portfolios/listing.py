"""The lists of accounts around models: those that follow one, with their drift, and those that could (OU-01)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from core.api import accounts
from core.api import contacts
from core.api import lists
from core.api import queries
from core.api import transactions
from core.api.types import AccountRef
from core.api.web import adviser
from core.api.web import db_session
from plugins.outils.portfolios import book
from plugins.outils.portfolios import followers
from plugins.outils.portfolios.followers import Followed

STATES: Mapping[str, Any] = {
    "outside": _l("Hors de ses bandes"), "inside": _l("Dans ses bandes"), "unknown": _l("Non comparable"),
}  # fmt: skip


#: Envelopes that are spread over supports.
ENVELOPES = tuple(sorted(transactions.typed_acts.SPREAD | transactions.typed_acts.SECURITIES))


def _holders(ref: AccountRef) -> str:
    return ", ".join(holder.name for holder in ref.holders)


def points(row: Followed) -> Decimal | None:
    """The worst gap, in points and signed, to two decimals."""
    worst = row.drift.worst
    return None if worst is None or worst.gap is None else round(worst.gap * 100, 2)


def _worst(row: Followed) -> str | None:
    return row.drift.worst.label if row.drift.worst and not row.drift.why else None


FOLLOWED = lists.ListSpec(
    "modeles.suivi", _l("Comptes qui suivent un modèle"), "p_outils.model_followers", "accounts.view",
    (
        lists.ListColumn("compte", _l("Compte"), lambda row: row.account.title, sortable=True, fixed=True),
        lists.ListColumn("numero", _l("Numéro"), lambda row: row.account.number, only_export=True),
        lists.ListColumn("titulaire", _l("Titulaire"), lambda row: _holders(row.account)),
        lists.ListColumn("compagnie", _l("Compagnie"), lambda row: row.account.company, default=False),
        lists.ListColumn("modele", _l("Modèle"), lambda row: row.model.name, sortable=True),
        lists.ListColumn("valeur", _l("Valeur des lignes"), lambda row: row.drift.total, sortable=True, numeric=True),
        lists.ListColumn("ecart", _l("Plus grand écart, en points"), points, sortable=True, numeric=True),
        lists.ListColumn("ligne", _l("Sur le support"), _worst),
        lists.ListColumn("etat", _l("État"), lambda row: str(STATES[row.drift.state]), sortable=True),
        lists.ListColumn("pourquoi", _l("Ce qui empêche de comparer"), lambda row: row.drift.why, only_export=True),
        lists.ListColumn("date", _l("Lignes au"), lambda row: row.drift.on),
    ),
    (
        lists.ListFilter("q", _l("Recherche"), "search", hint=_l("Intitulé, numéro ou titulaire")),
        lists.ListFilter("suit", _l("Modèle"), every=_l("Modèle\u202f: tous")),
        lists.ListFilter("etat", _l("État"), every=_l("État\u202f: tous")),
    ), "ecart", descending=True,
)  # fmt: skip
CHOICE = lists.ListSpec(
    "modeles.comptes", _l("Comptes à rattacher à un modèle"), "p_outils.model_accounts", "accounts.view",
    (
        lists.ListColumn("titre", _l("Compte"), lambda ref: ref.title, sortable=True, fixed=True),
        lists.ListColumn("numero", _l("Numéro"), lambda ref: ref.number, only_export=True),
        lists.ListColumn("titulaire", _l("Titulaire"), _holders),
        lists.ListColumn("compagnie", _l("Compagnie"), lambda ref: ref.company, sortable=True),
        lists.ListColumn("enveloppe", _l("Enveloppe"), lambda ref: ref.envelope_label, default=False),
        lists.ListColumn("valeur", _l("Valorisation"), lambda ref: ref.value, sortable=True, numeric=True),
    ),
    (
        lists.ListFilter("q", _l("Recherche"), "search", hint=_l("Intitulé, numéro ou titulaire"), field="compte.search"),
        lists.ListFilter("compagnie", _l("Compagnie"), every=_l("Compagnie\u202f: toutes"), field="compte.company"),
        lists.ListFilter("enveloppe", _l("Enveloppe"), every=_l("Enveloppe\u202f: toutes"), field="compte.envelope"),
        lists.ListFilter("encours", _l("Valorisation"), "amount", hint=_l("Valeur, au moins"), field="compte.value"),
    ), "titre",
)  # fmt: skip


def read_followed(args: MultiDict[str, str]) -> lists.ListState:
    """The state of the list of those that follow."""
    options: Mapping[str, lists.Options] = {
        "suit": [(one.id, one.name) for one in book.listed(db_session())], "etat": list(STATES.items()),
    }  # fmt: skip
    return lists.state(FOLLOWED, args, options=options)


def followed(session: Any, state: lists.ListState) -> list[Followed]:
    """All of them, filtered and in order; a drift is reckoned, so that it is not the database that orders them."""
    asked = state.values
    rows = followers.listed(session, adviser(), model_id=asked["suit"] or "")
    if asked["etat"]:
        rows = [row for row in rows if row.drift.state == asked["etat"]]
    if asked["q"]:
        found = queries.Asked(
            queries.Group((queries.Rule("compte.search", "find", (asked["q"],)),)), only=tuple(row.account.id for row in rows)
        )
        kept = {ref.id for ref in queries.accounts.every(session, adviser(), found)}
        rows = [row for row in rows if row.account.id in kept]
    known = [row for row in rows if _key(row, state.sort) is not None]
    unknown = [row for row in rows if _key(row, state.sort) is None]
    known.sort(key=lambda row: row.account.id)
    known.sort(key=lambda row: _key(row, state.sort), reverse=state.descending)
    return [*known, *unknown]


def _key(row: Followed, sort: str) -> Any:
    if sort == "ecart":
        found = points(row)
        return None if found is None else abs(found)
    if sort == "valeur":
        return row.drift.total
    if sort == "etat":
        return row.drift.state
    return (row.model.name if sort == "modele" else row.account.title).casefold()


def page(rows: Sequence[Any], state: lists.ListState) -> contacts.Page[Any]:
    """One page of what is at hand."""
    number = max(1, min(state.number, -(-len(rows) // state.size) or 1))
    start = (number - 1) * state.size
    return contacts.Page(tuple(rows[start : start + state.size]), len(rows), number, state.size)


def _ticked(rows: Sequence[Followed], only: Sequence[str]) -> list[Followed]:
    return [row for row in rows if row.account.id in only] if only else list(rows)


FOLLOWED_PAGES = lists.ListPages(
    FOLLOWED, read_followed, lambda session, state, only: len(_ticked(followed(session, state), only)),
    lambda session, state, only: _ticked(followed(session, state), only),
)  # fmt: skip


def read_choice(args: MultiDict[str, str], model_id: str) -> lists.ListState:
    """The state of the list of those that could follow a model. Raises `NotFound` for the model."""
    book.get(db_session(), model_id)
    session, who = db_session(), adviser()
    options: Mapping[str, lists.Options] = {
        "compagnie": [(one.key, one.label) for one in accounts.companies(session, who)],
        "enveloppe": [(one.key, one.label) for one in accounts.envelopes(session, who) if one.key in ENVELOPES],
    }
    return lists.state(CHOICE, args, options=options, where={"model_id": model_id})


def choice(state: lists.ListState, only: Sequence[str] = ()) -> queries.Asked:
    """Open accounts whose envelope holds supports, not put away, as filtered."""
    asked = queries.asked(state)
    rules = (
        queries.Rule("compte.archived", "no"), queries.Rule("compte.state", "=", ("ouverts",)),
        queries.Rule("compte.envelope", "in", ENVELOPES),
    )  # fmt: skip
    return replace(asked, where=queries.Group((*asked.where.rules, *rules)), only=tuple(only) or None)


def _choice_lines(session: Any, state: lists.ListState, only: Sequence[str]) -> Iterable[AccountRef]:
    return queries.accounts.every(session, adviser(), choice(state, only))


CHOICE_PAGES = lists.ListPages(
    CHOICE, read_choice, lambda session, state, only: queries.accounts.count(session, adviser(), choice(state, only)),
    _choice_lines,
)  # fmt: skip
