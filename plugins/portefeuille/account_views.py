"""The page of an account and its tabs (BL-02, places 3 and 4; BL-09, BL-13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import Plugin
from core.api import accounts
from core.api import forms
from core.api import journeys
from core.api import links
from core.api import lists
from core.api import transactions
from core.api.types import AccountRef
from core.api.types import Badge
from core.api.types import Column
from core.api.types import TransactionRef
from core.api.web import address
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import hub
from core.api.web import permission
from plugins.portefeuille import frames
from plugins.portefeuille import histories
from plugins.portefeuille import match_views
from plugins.portefeuille import pictures
from plugins.portefeuille import services
from plugins.portefeuille import tracking
from plugins.portefeuille.plans import reading as plans

SOURCES: dict[str, str] = {
    "launch": "Encours, au lancement",
    "token": "Encours, à l'ouverture chez le partenaire",
    "hook": "partenaire, par notification",
    "feed": "partenaire, par relevé",
    "clock": "Encours, sans réponse du partenaire",
    "journey": "Encours, saisie de l'acte",
    "typed": "saisie ici",
    "submission": "partenaire, à la transmission",
    "report": "partenaire, par relevé",
}
VALUATIONS = 12
#: What the curve shows: five years of months.
CURVE = 60


@dataclass(frozen=True, slots=True)
class Head:
    """What every tab of an account shows above itself."""

    card: accounts.AccountCard
    account: AccountRef
    badge: Badge | None
    line: services.Line
    tabs: tuple[tuple[str, str, bool], ...]
    failures: tuple[str, ...]
    #: What plugins say of it: how it looks, its title, its text, where it leads.
    notes: tuple[tuple[str, str, str, str | None], ...] = ()
    #: Partner links that are off while something is under way with them here.
    standstills: tuple[links.Standstill, ...] = ()
    #: Whether this person may turn them on again.
    may_revive: bool = False
    #: Whether this person may change the account, and note its figures by hand.
    may_edit: bool = False
    may_note: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A transaction and its contributed cells, in the columns' order. `followed`: an enabled partner link tells its status."""

    transaction: TransactionRef
    origin: str
    final: bool
    followed: bool
    #: Where the person goes on typing it.
    resume: str | None = None
    #: Its own page, where it was typed here.
    page: str | None = None
    #: How many of the account's movements are its, and how many are proposed to be.
    movements: int = 0
    proposed: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table of transactions. `status`: what is contributed on where they stand; `columns`: what else is."""

    rows: tuple[Row, ...]
    status: Column
    columns: tuple[Column, ...]
    failures: tuple[str, ...]
    #: Movements that are proposed for any of the acts of these accounts.
    waiting: int = 0


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/comptes/<account_id>", "account", summary)
    made.add_url_rule("/comptes/<account_id>/supports", "account_supports", supports)
    made.add_url_rule("/comptes/<account_id>/mouvements", "account_movements", movements)
    made.add_url_rule("/comptes/<account_id>/transactions", "account_transactions", transactions_tab)
    lists.register(made, histories.MOVEMENT_PAGES, "/comptes/<account_id>/mouvements")
    lists.register(made, histories.TRANSACTION_PAGES, "/comptes/<account_id>/transactions")
    made.add_url_rule("/transactions/<transaction_id>/statut", "transaction_status", status)
    made.add_url_rule("/transactions/<transaction_id>/historique", "transaction_history", history)


@permission("accounts.view")
def summary(account_id: str) -> ResponseReturnValue:
    """Tab Synthèse."""
    head = head_of(account_id, "account")
    known = accounts.valuations(db_session(), account_id, size=CURVE).items
    return render_template(
        "portefeuille/account_summary.html", head=head, crumbs=crumbs_of(head), valuations=known[:VALUATIONS],
        chart=pictures.worth(head.account, known), states=accounts.STATES, modes=accounts.MANAGEMENT_MODES,
        origins=accounts.ORIGINS, corrected=accounts.overrides.of_account(db_session(), account_id),
        said=lambda one: accounts.history.named(db_session(), one.field, one.fed), fees=accounts.FEES,
        tax_options=accounts.TAX_OPTIONS, settlements=accounts.SETTLEMENTS, typed=accounts.values_by_hand.SOURCE,
        limits=_limits(head), rule=accounts.envelope_rules.rule(head.account.envelope),
    )  # fmt: skip


@permission("accounts.view")
def supports(account_id: str) -> ResponseReturnValue:
    """Tab Supports: the positions of the last day known."""
    head = head_of(account_id, "account_supports")
    held = accounts.positions(db_session(), account_id)
    return render_template(
        "portefeuille/account_supports.html", head=head, held=held, crumbs=crumbs_of(head), chart=pictures.made_of(held),
        support_urls={
            line.support_id: address("p_outils.support", support_id=line.support_id) for line in held.lines
        },
    )  # fmt: skip


@permission("accounts.view")
def movements(account_id: str) -> ResponseReturnValue:
    """Tab Mouvements: by period and nature, to export (PF-05)."""
    usual = lists.opening(histories.MOVEMENTS, account_id=account_id)
    if usual is not None:
        return redirect(usual)
    head = head_of(account_id, "account_movements")
    state = histories.read_movements(request.args, account_id)
    page = accounts.movements(
        db_session(), account_id, histories.wanted_movements(state), number=state.number, size=state.size
    )
    matching, seen = transactions.matching, current_context().can("transactions.view")
    acts = matching.acts_of(db_session(), adviser(), [line.id for line in page.items]) if seen else {}
    proposed = matching.proposals(db_session(), adviser(), account_id) if seen else ()
    return render_template(
        "portefeuille/account_movements.html", head=head, page=page, state=state, kinds=accounts.MOVEMENT_KINDS,
        crumbs=crumbs_of(head), views=lists.views(state), once=forms.token(), typed=accounts.values_by_hand.SOURCE,
        acts=acts, page_of=match_views.page_of, proposed={one.movement.id for one in proposed}, seen=seen,
    )  # fmt: skip


@permission("transactions.view")
def transactions_tab(account_id: str) -> ResponseReturnValue:
    """Tab Transactions: «Ajouter», and the list whose statuses move by themselves. `detail` opens one line."""
    fragment, opened = "X-Fragment" in request.headers, request.args.get("detail", "")
    usual = None if fragment else lists.opening(histories.TRANSACTIONS, account_id=account_id)
    if usual is not None:
        return redirect(usual)
    account = frames.account(account_id)
    state = histories.read_transactions(request.args, account_id)
    page = transactions.lists.page(
        db_session(), adviser(), account_id, histories.wanted_transactions(state), number=state.number, size=state.size
    )
    table = _table(page.items)
    known = opened in {row.transaction.id for row in table.rows}
    shown = {
        "account": account, "table": table, "state": state, "page": page, "opened": opened if known else "", "sources": SOURCES,
        "lines": transactions.history(db_session(), adviser(), opened) if known else (),
        "moves": transactions.matching.movements_of(db_session(), opened) if known else (),
    }  # fmt: skip
    if fragment:
        return render_template("portefeuille/transactions_card.html", **shown)
    ctx, head = current_context(), head_of(account_id, "account_transactions")
    return render_template(
        "portefeuille/account_transactions.html", **shown, head=head, crumbs=crumbs_of(head), views=lists.views(state),
        once=forms.token(),
        partner=frames.partner_name(account.plugin), due=plans.waiting_of(db_session(), adviser(), account_id),
        may_add=ctx.can("transactions.initiate") and (account.plugin in ctx.enabled or _typed_here(head)),
    )  # fmt: skip


@permission("transactions.view")
def status(transaction_id: str) -> ResponseReturnValue:
    """One line of the table, refreshed live; `colonnes`, `cellules` (those contributed) and `detail` as on its page."""
    found = transactions.get(db_session(), adviser(), transaction_id)
    account = frames.account(found.account_id)
    wanted = [key for key in request.args.get("cellules", "").split(",") if key]
    table = _table([found])
    by_key = {column.key: column for column in table.columns}
    columns = tuple(by_key.get(key, Column(key, key)) for key in wanted[:20])
    return render_template(
        "portefeuille/transaction_line.html", account=account, table=Table(table.rows, table.status, columns, ()),
        state=histories.read_transactions(request.args, account.id),
        opened=transaction_id if request.args.get("detail") == transaction_id else "",
    )  # fmt: skip


@permission("transactions.view")
def history(transaction_id: str) -> ResponseReturnValue:
    """The opened line's history, refreshed live."""
    found = transactions.get(db_session(), adviser(), transaction_id)
    account = frames.account(found.account_id)
    return render_template(
        "portefeuille/transaction_history.html", account=account, transaction=found, sources=SOURCES,
        lines=transactions.history(db_session(), adviser(), transaction_id),
        moves=transactions.matching.movements_of(db_session(), transaction_id), span=request.args.get("largeur", 7, type=int),
    )  # fmt: skip


def head_of(account_id: str, tab: str) -> Head:
    """The frame of a tab."""
    card = accounts.card(db_session(), adviser(), account_id)
    marked = frames.marked([card.ref])
    line = marked.lines[0]
    named = [
        (_("Synthèse"), "account"), (_("Supports"), "account_supports"), (_("Mouvements"), "account_movements"),
    ]  # fmt: skip
    standing: tuple[links.Standstill, ...] = ()
    if current_context().can("transactions.view"):
        named.append((_("Transactions"), "account_transactions"))
        standing = tuple(links.standstills(db_session(), adviser(), account_id))
    named.append((_("Performance"), "account_performance"))
    tabs = tuple(
        (label, url_for(f"p_portefeuille.{endpoint}", account_id=account_id), endpoint == tab)
        for label, endpoint in named
    )
    if (papers := _papers(card)) is not None:
        tabs = (*tabs, (_("Documents"), papers, False))
    notes, missing = frames.notes(line.account)
    failures = (*marked.failures, *missing)
    may_edit = accounts.by_hand.may_edit(db_session(), adviser(), account_id)
    return Head(
        card, line.account, line.badge, line, tabs, failures, notes, standing, current_context().can("partners.manage"),
        may_edit, may_edit and card.origin != "AGREGE" and card.archived_at is None,
    )  # fmt: skip


def _papers(card: accounts.AccountCard) -> str | None:
    """The account's documents in its holder's file; None where no module has them, or they are not open to this person."""
    holder = next((one for one in card.roles if one.visible and one.role in accounts.HOLDING_ROLES), None)
    if holder is None or not current_context().can("documents.view"):
        return None
    return address("p_ged.documents", contact_id=holder.contact_id, compte=card.ref.id)


def _limits(head: Head) -> tuple[accounts.envelope_rules.Ceiling, ...]:
    """What the law lets be paid into an account like this one."""
    return accounts.envelope_rules.rule(head.account.envelope).ceilings


def crumbs_of(head: Head) -> list[tuple[str, str | None]]:
    """From the holder's portfolio, where that may be seen."""
    holder = next((role for role in head.card.roles if role.visible), None)
    crumbs: list[tuple[str, str | None]] = [(_("Comptes"), url_for("p_portefeuille.accounts_list"))]
    if holder is not None:
        where = url_for("p_portefeuille.portfolio", contact_id=holder.contact_id)
        crumbs = [(_("Portefeuille de %(name)s", name=holder.name), where)]
    return [*crumbs, (head.account.label, None)]


def _typed_here(head: Head) -> bool:
    """Whether acts are typed on this account: no partner link serves it, no feed fills it."""
    return head.may_note and head.account.plugin is None and bool(transactions.typed.offered(db_session(), head.account.id))


def _page_of(row: TransactionRef) -> str | None:
    if not transactions.typed.is_typed(row):
        return None
    return url_for("p_portefeuille.typed_act", typed_id=row.id)


def _table(found: Sequence[TransactionRef]) -> Table:
    contributed = hub().collect(Plugin.transaction_columns, current_context(), found)
    begun = journeys.resumable(db_session(), adviser(), found) if current_context().can("transactions.initiate") else {}
    counts = transactions.matching.counts(db_session(), [row.id for row in found])
    proposed = [
        one for account_id in {row.account_id for row in found}
        for one in transactions.matching.proposals(db_session(), adviser(), account_id)
    ]  # fmt: skip
    waiting = Counter(one.act.id for one in proposed)
    rows = tuple(
        Row(
            row, histories.origin(row), row.status in ("validated", "rejected", "cancelled"),
            row.status is not None and row.plugin in current_context().enabled, begun.get(row.id), _page_of(row),
            counts.get(row.id, 0), waiting[row.id],
        )
        for row in found
    )  # fmt: skip
    failures = tuple(failure.text for failure in contributed.failures)
    columns = tracking.merged(contributed.values())
    status = next((column for column in columns if column.key == tracking.KEY), Column(tracking.KEY, "Statut"))
    others = tuple(column for column in columns if column.key != tracking.KEY)
    return Table(rows, status, others, failures, len({one.movement.id for one in proposed}))
