"""«Journal d'audit»: the list, one line, the check of the chain (US-02)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path

from flask import redirect
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from core import config
from core.admin import journal as services
from core.admin import journal_content as content
from core.admin import journal_words as words
from core.admin.frame import PEOPLE
from core.admin.frame import adviser
from core.admin.frame import blueprint
from core.admin.frame import shown
from core.admin.journal import Asked
from core.admin.journal import Line
from core.cabinets import anchors
from core.cabinets import profiles
from core.db.clock import now
from core.db.paging import Page
from core.db.session import TenantSession
from core.search.words import fold
from core.shell import list_pages
from core.shell.addresses import address
from core.shell.gate import hub
from core.web import lists
from core.web import once
from core.web.lists import ListState
from core.web.policy import policy
from core.web.request import db_session

SPEC = lists.ListSpec(
    "journal", _l("Journal d'audit"), "administration.journal", PEOPLE,
    (
        lists.ListColumn("date", _l("Date"), lambda line: line.at, sortable=True, fixed=True),
        lists.ListColumn("auteur", _l("Auteur"), lambda line: line.actor),
        lists.ListColumn("action", _l("Action"), lambda line: line.action),
        lists.ListColumn("objet", _l("Objet"), lambda line: f"{line.kind} {line.name}".strip()),
        lists.ListColumn("numero", _l("N°"), lambda line: line.seq, numeric=True),
        lists.ListColumn("reference", _l("Référence"), lambda line: line.subject, only_export=True),
    ),
    (
        lists.ListFilter("du", _l("Depuis le"), "since", hint=_l("Du JJ/MM/AAAA")),
        lists.ListFilter("au", _l("Jusqu'au"), "until", hint=_l("Au JJ/MM/AAAA")),
        lists.ListFilter("auteur", _l("Auteur"), every=_l("Auteur\u202f: tous")),
        lists.ListFilter("action", _l("Action"), every=_l("Action\u202f: toutes")),
        lists.ListFilter("objet", _l("Objet"), every=_l("Objet\u202f: tous")),
        lists.ListFilter("q", _l("Référence ou nom"), "search", hint=_l("Code, numéro, personne")),
    ),
    "date", descending=True,
)  # fmt: skip


def read(args: MultiDict[str, str]) -> ListState:
    """The list's state, from its address's parameters."""
    everybody = sorted(services.people(db_session()).items(), key=lambda one: fold(one[1]))
    partners = [(f"partner:{name}", f"Partenaire {one.title}") for name, one in hub().registry.plugins.items() if one.partner]
    acts = [
        line for key, (title, found) in words.FAMILIES.items()
        for line in [(f"famille:{key}", f"{title} (toutes)"), *((code, f"{title} · {said}") for code, said in found.items())]
    ]  # fmt: skip
    return list_pages.state(
        SPEC, args,
        options={"auteur": [*everybody, *words.ACTORS.items(), *partners], "action": acts, "objet": list(words.KINDS.items())},
    )  # fmt: skip


def asked(state: ListState, only: Sequence[str] = ()) -> Asked:
    """What the journal is asked for."""
    found = state.values
    return Asked(
        found["du"], found["au"], found["auteur"], found["action"], found["objet"], found["q"] or "", not state.descending,
        tuple(only),
    )  # fmt: skip


def _count(session: TenantSession, state: ListState, only: Sequence[str]) -> int:
    return services.count(session, adviser(), asked(state, only))


def _lines(session: TenantSession, state: ListState, only: Sequence[str]) -> Iterable[Line]:
    return services.every(session, adviser(), asked(state, only), _titles())


list_pages.register(blueprint, list_pages.ListPages(SPEC, read, _count, _lines), "/journal")


@blueprint.get("/journal")
@policy("permission", PEOPLE)
def journal() -> ResponseReturnValue:
    """The list; all of its state is in the address."""
    if usual := list_pages.opening(SPEC):
        return redirect(usual)
    state = read(request.args)
    total = services.count(db_session(), adviser(), asked(state))
    number = max(1, min(state.number, -(-total // state.size) or 1))
    start = (number - 1) * state.size
    lines = services.page(db_session(), adviser(), asked(state), _titles(), start=start, size=state.size)
    page = Page(tuple(lines), total, number, state.size)
    return shown("journal.html", "journal", state=state, page=page, views=list_pages.views(state), once=once.token())


@blueprint.get("/journal/verification")
@policy("permission", PEOPLE)
def journal_check() -> ResponseReturnValue:
    """Walk the chain from its beginning and hold it against its anchors, as `encours verify-audit` does."""
    folder, session = Path(config.current().var_dir), db_session()
    found = anchors.verify(session, folder)
    known = anchors.read(anchors.file_of(folder, session.require_cabinet())).anchors
    return shown(
        "journal_check.html", "journal", ((_("Vérification de la chaîne"), None),), found=found, at=now(),
        anchor=known[-1] if known else None,
    )  # fmt: skip


@blueprint.get("/journal/<entry_id>")
@policy("permission", PEOPLE)
def journal_entry(entry_id: str) -> ResponseReturnValue:
    """One line: what changed, and its place in the chain."""
    session = db_session()
    found = services.entry(session, adviser(), entry_id, _titles())
    names = services.people(session) | profiles.labels(session)
    rows = content.rows(found.code, found.payload, names) if found.payload is not None else []
    return shown(
        "journal_entry.html", "journal", ((_("Entrée n° %(n)s", n=found.line.seq), None),), entry=found, rows=rows,
        changed=any(row.before is not None for row in rows), url=_url(found.line) if found.line.name else None,
        back=request.args.get("liste", "")[:2000],
    )  # fmt: skip


def _titles() -> dict[str, str]:
    return {name: one.title for name, one in hub().registry.plugins.items()}


def _url(line: Line) -> str | None:
    """Where the subject is looked at."""
    kind, _colon, ref = line.subject.partition(":")
    if kind == "user":
        return url_for("administration.person", user_id=ref)
    if kind == "agency":
        return url_for("administration.agency", agency_id=ref)
    if kind == "contact":
        return address("p_contacts.contact", contact_id=ref)
    return address("p_portefeuille.account", account_id=ref) if kind == "account" else None
