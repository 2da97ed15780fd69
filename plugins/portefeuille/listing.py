"""The flat list of accounts: its columns, its filters, how they are asked of the book of record (BL-02, place 2)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from core.api import accounts
from core.api import contacts
from core.api import lists
from core.api import queries
from core.api.types import AccountRef
from core.api.web import adviser
from core.api.web import db_session
from plugins.portefeuille import frames
from plugins.portefeuille import services


def _gain(ref: AccountRef) -> Any:
    return services.Line(ref, None, 0, None).gain


#: Choices of «Archives».
ONLY, ALSO = "seules", "avec"
COLUMNS = (
    lists.ListColumn("titre", _l("Compte"), lambda ref: ref.title, sortable=True, fixed=True),
    lists.ListColumn("numero", _l("Numéro"), lambda ref: ref.number, only_export=True),
    lists.ListColumn("enveloppe", _l("Enveloppe"), lambda ref: ref.envelope_label, only_export=True),
    lists.ListColumn("titulaire", _l("Titulaire"), lambda ref: ", ".join(holder.name for holder in ref.holders)),
    lists.ListColumn("compagnie", _l("Compagnie"), lambda ref: ref.company, sortable=True),
    lists.ListColumn("valeur", _l("Valorisation"), lambda ref: ref.value, sortable=True, numeric=True),
    lists.ListColumn("gain", _l("+/− value"), _gain, numeric=True),
    lists.ListColumn("devise", _l("Devise"), lambda ref: ref.currency, only_export=True),
    lists.ListColumn("date", _l("Données au"), lambda ref: ref.data_as_of, sortable=True),
)
SPEC = lists.ListSpec(
    "comptes", _l("Comptes"), "p_portefeuille.accounts_list", "accounts.view", COLUMNS,
    (
        lists.ListFilter("contact", _l("Contact"), "context", field="compte.holder"),
        lists.ListFilter("q", _l("Recherche"), "search", hint=_l("Intitulé, numéro ou titulaire"), field="compte.search"),
        lists.ListFilter("compagnie", _l("Compagnie"), every=_l("Compagnie\u202f: toutes"), field="compte.company"),
        lists.ListFilter("enveloppe", _l("Enveloppe"), every=_l("Enveloppe\u202f: toutes"), field="compte.envelope"),
        lists.ListFilter("etat", _l("État"), every=_l("État\u202f: tous"), field="compte.state"),
        lists.ListFilter("archives", _l("Archives"), every=_l("Archives\u202f: non"), field="compte.archived", more=True),
        lists.ListFilter("partenaire", _l("Lien partenaire"), every=_l("Partenaire\u202f: tous"), field="compte.partner"),
    ), "titre",
)  # fmt: skip


def read(args: MultiDict[str, str]) -> lists.ListState:
    """The list's state. Raises `NotFound` where it is about a contact whom the adviser may not see."""
    session, who = db_session(), adviser()
    if contact_id := args.get("contact", "").strip():
        contacts.get_contact(session, who, contact_id[:100])
    options: Mapping[str, lists.Options] = {
        "compagnie": [(one.key, one.label) for one in accounts.companies(session, who)],
        "enveloppe": [(one.key, one.label) for one in accounts.envelopes(session, who)],
        "etat": [("ouverts", _l("Non clos")), ("clos", _l("Clos")), *accounts.STATES.items()],
        "archives": [(ONLY, _l("Archives seules")), (ALSO, _l("Avec les archives"))],
        "partenaire": list(frames.partners().items()),
    }
    return lists.state(SPEC, args, options=options)


def wanted(state: lists.ListState) -> queries.Asked:
    """What the engine of requests is asked for: what is put away is shown to whoever asks for it."""
    asked = queries.asked(state, but=("archives",))
    said = state.typed.get("archives", "")
    if said == ALSO:
        return asked
    rule = queries.Rule("compte.archived", "yes" if said == ONLY else "no")
    return replace(asked, where=queries.Group((*asked.where.rules, rule)))


def page(session: Any, state: lists.ListState, number: int, size: int) -> contacts.Page[AccountRef]:
    """One page of it."""
    return queries.accounts.page(session, adviser(), wanted(state), number=number, size=size)


def _count(session: Any, state: lists.ListState, _only: Sequence[str]) -> int:
    return queries.accounts.count(session, adviser(), wanted(state))


def _lines(session: Any, state: lists.ListState, _only: Sequence[str]) -> Iterable[AccountRef]:
    return queries.accounts.every(session, adviser(), wanted(state))


PAGES = lists.ListPages(SPEC, read, _count, _lines)
