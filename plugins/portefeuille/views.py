"""Portfolios and lists of accounts (BL-02, places 1 and 2); whose state is all in the address."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import accounts
from core.api import contacts
from core.api import forms
from core.api import lists
from core.api import rights
from core.api import transactions
from core.api import wealth
from core.api.db import today
from core.api.types import AccountRef
from core.api.web import adviser
from core.api.web import also_reads
from core.api.web import blueprint
from core.api.web import db_session
from core.api.web import own_context
from core.api.web import permission
from plugins.portefeuille import account_acts
from plugins.portefeuille import account_edit_views
from plugins.portefeuille import account_views
from plugins.portefeuille import audit_views
from plugins.portefeuille import frames
from plugins.portefeuille import listing
from plugins.portefeuille import match_views
from plugins.portefeuille import people_views
from plugins.portefeuille import performance_views
from plugins.portefeuille import pictures
from plugins.portefeuille import services
from plugins.portefeuille import situation_views
from plugins.portefeuille import transaction_views
from plugins.portefeuille import value_views
from plugins.portefeuille.plans import due_views
from plugins.portefeuille.plans import views as plan_views
from plugins.portefeuille.settings import PERIODS
from plugins.portefeuille.settings import WAYS
from plugins.portefeuille.statements import batch_views as statement_batch_views
from plugins.portefeuille.statements import send_views as statement_send_views
from plugins.portefeuille.statements import views as statement_views


def pages() -> Blueprint:
    """A new blueprint: one for each application."""
    made = blueprint("portefeuille", __name__)
    made.add_url_rule("/", "home", home)
    made.add_url_rule("/contacts/<contact_id>", "portfolio", portfolio)
    made.add_url_rule("/contacts/<contact_id>/comptes", "contact_accounts", contact_accounts)
    made.add_url_rule("/comptes", "accounts_list", accounts_list)
    made.add_url_rule("/comptes/<account_id>/operations", "operations", operations)
    for views in (
        account_views, account_edit_views, account_acts, audit_views, due_views, match_views, people_views, performance_views,
        plan_views, situation_views, statement_batch_views, statement_send_views, statement_views, transaction_views, value_views,
    ):
        views.register(made)
    lists.register(made, listing.PAGES, "/comptes")
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
    shares = wealth.totals.parts_of(db_session(), contact_id, [ref.id for ref in held])
    found = services.grouped(services.parted(marked.lines, shares))
    frame, failures = frames.file_frame(contact_id, "portefeuille")
    return render_template(
        "portefeuille/portfolio.html", contact=contact, portfolio=found, frame=frame, age=contact.age(today()),
        failures=marked.failures + failures, ended=len(held) - len(marked.lines),
        may_add=_may_add(contact), **_pictures(contact.name, held, shares, found),
        crumbs=[(contact.name, frame.home), (_("Portefeuille"), None)],
    )  # fmt: skip


def _may_add(contact: contacts.ContactCard) -> bool:
    """Whether this person may add an account to a contact's portfolio; a household holds none of its own."""
    may = rights.sees(db_session(), adviser(), "contact", contact.id, "accounts.edit")
    return contact.line.kind != "FOYER" and own_context("portefeuille").can("accounts.edit") and may


def _pictures(
    name: str, held: Sequence[AccountRef], shares: Mapping[str, Decimal], found: services.Portfolio
) -> dict[str, Any]:
    """The two charts above a portfolio; which of them is in the address, else as the person or the cabinet set it."""
    usual = own_context("portefeuille").settings
    period = request.args.get("periode", "")
    period = period if period in pictures.PERIODS else str(usual["period"])
    years = pictures.PERIODS[period]
    since = today().replace(day=1, year=today().year - years) if years else None
    ours = {ref.id: shares[ref.id] for ref in held if ref.currency == services.CURRENCY and ref.id in shares}
    counted = {line.account.id for company in found.companies for group in company.envelopes for line in group.lines}
    supports = wealth.by_support_type(db_session(), {key: part for key, part in ours.items() if key in counted})
    asked = request.args.get("par", "")
    by = asked if asked in WAYS else str(usual["by"])
    if by == "support" and not supports and asked != by:
        by = "enveloppe"
    return {
        "made_of": pictures.shared(services.parts(found, by, supports), str(WAYS[by]), found.on),
        "evolution": pictures.together(name, wealth.evolution(db_session(), ours, since=since, until=today())),
        "by": by, "period": period, "ways": [{"key": key, "label": label} for key, label in WAYS.items()],
        "periods": [{"key": key, "label": label} for key, label in PERIODS.items()],
    }  # fmt: skip


@permission("accounts.view")
def contact_accounts(contact_id: str) -> ResponseReturnValue:
    """A contact's page «Comptes» is the list, narrowed to him; nowhere for a contact that is not seen."""
    contacts.get_contact(db_session(), adviser(), contact_id)
    return redirect(url_for("p_portefeuille.accounts_list", contact=contact_id))


@permission("accounts.view")
def accounts_list() -> ResponseReturnValue:
    """The flat list, of one contact or of all (BL-02, place 2)."""
    usual = lists.opening(listing.SPEC)
    if usual is not None:
        return redirect(usual)
    state = listing.read(request.args)
    contact_id = state.values["contact"]
    contact = contacts.get_contact(db_session(), adviser(), contact_id) if contact_id else None
    if contact is not None:
        also_reads("contact", contact.id)
    page = listing.page(db_session(), state, state.number, state.size)
    marked = frames.marked(page.items)
    frame, failures = frames.file_frame(contact.id, "comptes") if contact else (None, ())
    held = wealth.totals.of_contact(db_session(), adviser(), contact.id) if contact else None
    crumbs = [(contact.name, frame.home), (_("Comptes"), None)] if contact and frame else []
    return render_template(
        "portefeuille/accounts.html", page=page, state=state, lines=marked.lines, failures=marked.failures + failures,
        contact=contact, frame=frame, held=held, age=contact.age(today()) if contact else None, once=forms.token(),
        views=() if contact else lists.views(state), states=accounts.STATES, crumbs=crumbs,
        may_add=_may_add(contact) if contact else own_context("portefeuille").can("accounts.edit"),
    )  # fmt: skip


@permission("transactions.view")
def operations(account_id: str) -> ResponseReturnValue:
    """The fragment «2 en attente» of an account's line, refreshed live."""
    account = frames.account(account_id)
    count = transactions.in_progress(db_session(), adviser(), [account_id]).get(account_id, 0)
    return render_template("portefeuille/operations.html", account=account, count=count)

