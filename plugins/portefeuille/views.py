"""Portfolios and lists of accounts (BL-02, places 1 and 2); whose state is all in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import accounts
from core.api import contacts
from core.api import links
from core.api import transactions
from core.api.db import today
from core.api.types import AccountRef
from core.api.web import adviser
from core.api.web import also_reads
from core.api.web import blueprint
from core.api.web import db_session
from core.api.web import permission
from plugins.portefeuille import account_views
from plugins.portefeuille import frames
from plugins.portefeuille import pictures
from plugins.portefeuille import services

FILTERS = ("contact", "compagnie", "enveloppe", "etat", "partenaire", "q")
SIZE = 50
#: What a portfolio is divided by; how far back its curve goes.
_WAYS = {"support": _l("Support"), "compagnie": _l("Compagnie"), "enveloppe": _l("Enveloppe")}
_PERIODS = {"12m": _l("12 mois"), "5a": _l("5 ans"), "tout": _l("Tout")}


def pages() -> Blueprint:
    """A new blueprint: one for each application."""
    made = blueprint("portefeuille", __name__)
    made.add_url_rule("/", "home", home)
    made.add_url_rule("/contacts/<contact_id>", "portfolio", portfolio)
    made.add_url_rule("/contacts/<contact_id>/comptes", "contact_accounts", contact_accounts)
    made.add_url_rule("/comptes", "accounts_list", accounts_list)
    made.add_url_rule("/comptes/<account_id>/operations", "operations", operations)
    account_views.register(made)
    return made


@permission("accounts.view")
def home() -> ResponseReturnValue:
    """The module's door is the list of all accounts."""
    return redirect(url_for("p_portefeuille.accounts_list"))


@permission("accounts.view")
def portfolio(contact_id: str) -> ResponseReturnValue:
    """A person's or household's portfolio, by company and envelope, with totals (BL-02, place 1)."""
    contact = contacts.get_contact(db_session(), adviser(), contact_id)
    held = accounts.refs(db_session(), adviser(), contact_id=contact_id)
    marked = frames.marked([ref for ref in held if ref.state not in accounts.ENDED_STATES])
    found = services.grouped(marked.lines)
    frame, failures = frames.file_frame(contact_id, "portefeuille")
    return render_template(
        "portefeuille/portfolio.html", contact=contact, portfolio=found, frame=frame,
        failures=marked.failures + failures, ended=len(held) - len(marked.lines), **_pictures(contact.name, held, found),
        crumbs=[(contact.name, frame.home), (_("Portefeuille"), None)],
    )  # fmt: skip


def _pictures(name: str, held: Sequence[AccountRef], found: services.Portfolio) -> dict[str, Any]:
    """The two charts above a portfolio; which of them is in the address."""
    period = request.args.get("periode", "")
    period = period if period in pictures.PERIODS else "12m"
    years = pictures.PERIODS[period]
    since = today().replace(day=1, year=today().year - years) if years else None
    ids = [ref.id for ref in held if ref.currency == services.CURRENCY]
    counted = {line.account.id for company in found.companies for group in company.envelopes for line in group.lines}
    supports = accounts.by_support_type(db_session(), [one for one in ids if one in counted])
    by = request.args.get("par", "")
    by = by if by in _WAYS else "support" if supports else "enveloppe"
    return {
        "made_of": pictures.shared(services.parts(found, by, supports), str(_WAYS[by]), found.on),
        "evolution": pictures.together(name, accounts.evolution(db_session(), ids, since=since, until=today())),
        "by": by, "period": period, "ways": [{"key": key, "label": label} for key, label in _WAYS.items()],
        "periods": [{"key": key, "label": label} for key, label in _PERIODS.items()],
    }  # fmt: skip


@permission("accounts.view")
def contact_accounts(contact_id: str) -> ResponseReturnValue:
    """A contact's page «Comptes» is the list, narrowed to him; nowhere for a contact that is not seen."""
    contacts.get_contact(db_session(), adviser(), contact_id)
    return redirect(url_for("p_portefeuille.accounts_list", contact=contact_id))


@permission("accounts.view")
def accounts_list() -> ResponseReturnValue:
    """The flat list, of one contact or of all (BL-02, place 2)."""
    asked = {name: request.args.get(name, "").strip()[:100] for name in FILTERS}
    sort = request.args.get("tri", "")
    sort = sort if sort in accounts.SORTS else "titre"
    descending = request.args.get("sens") == "desc"
    contact = contacts.get_contact(db_session(), adviser(), asked["contact"]) if asked["contact"] else None
    if contact is not None:
        also_reads("contact", contact.id)
    page = accounts.listed(
        db_session(), adviser(), _wanted(asked), sort=sort, descending=descending,
        number=max(1, request.args.get("page", 1, type=int)), size=SIZE,
    )  # fmt: skip
    kept: dict[str, Any] = {name: value for name, value in asked.items() if value}
    usual = (sort, descending) == ("titre", False)
    order: dict[str, Any] = {} if usual else {"tri": sort, "sens": "desc" if descending else None}

    def address(number: int) -> str:
        return url_for("p_portefeuille.accounts_list", **kept, **order, page=number if number > 1 else None)

    def sorted_by(key: str) -> str:
        turned = "desc" if key == sort and not descending else None
        return url_for("p_portefeuille.accounts_list", **kept, tri=key, sens=turned)

    marked = frames.marked(page.items)
    frame, failures = frames.file_frame(contact.id, "comptes") if contact else (None, ())
    crumbs = [(contact.name, frame.home), (_("Comptes"), None)] if contact and frame else []
    return render_template(
        "portefeuille/accounts.html", page=page, lines=marked.lines, failures=marked.failures + failures, contact=contact,
        frame=frame, asked=asked, sort=sort, descending=descending, sorted_by=sorted_by,
        pager=contacts.pager(page, address), filtered=any(value for name, value in asked.items() if name != "contact"),
        companies=accounts.companies(db_session(), adviser()), envelopes=accounts.envelopes(db_session(), adviser()),
        states=accounts.STATES, partners=frames.partners(), crumbs=crumbs,
    )  # fmt: skip


@permission("transactions.view")
def operations(account_id: str) -> ResponseReturnValue:
    """The fragment «2 en attente» of an account's line, refreshed live."""
    account = frames.account(account_id)
    count = transactions.in_progress(db_session(), adviser(), [account_id]).get(account_id, 0)
    return render_template("portefeuille/operations.html", account=account, count=count)


def _wanted(asked: dict[str, str]) -> accounts.AccountFilter:
    partner = asked["partenaire"]
    return accounts.AccountFilter(
        contact_id=asked["contact"] or None, company_id=asked["compagnie"] or None,
        envelope=asked["enveloppe"] or None, state=asked["etat"] or None, text=asked["q"],
        among=links.linked(partner) if partner else None,
    )  # fmt: skip
