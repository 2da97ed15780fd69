"""Pages of supports: the list, whose whole state is in its address, a support, its chart as an image."""

from __future__ import annotations

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
from core.api import documents
from core.api import files
from core.api import forms
from core.api import lists
from core.api import supports
from core.api.db import today
from core.api.web import address
from core.api.web import adviser
from core.api.web import blueprint
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import permission
from plugins.outils import compare_views
from plugins.outils import edit_views
from plugins.outils import fact_rows
from plugins.outils import favourite_views
from plugins.outils import file_views
from plugins.outils import images
from plugins.outils import listing
from plugins.outils import pictures
from plugins.outils import range_views
from plugins.outils.optimising import views as optimising_views
from plugins.outils.portfolios import follow_views
from plugins.outils.portfolios import run_views
from plugins.outils.portfolios import views as model_views

HOLDERS = 20
#: Documents that the page shows; the others are on their own page.
PAPERS = 10


def pages() -> Blueprint:
    """A new blueprint: one for each application."""
    made = blueprint("outils", __name__)
    made.add_url_rule("/", "index", index)
    made.add_url_rule("/supports/<support_id>", "support", support)
    made.add_url_rule("/supports/<support_id>/cours.svg", "prices_image", prices_image)
    edit_views.register(made)
    file_views.register(made)
    range_views.register(made)
    favourite_views.register(made)
    compare_views.register(made)
    model_views.register(made)
    follow_views.register(made)
    run_views.register(made)
    optimising_views.register(made)
    lists.register(made, listing.PAGES, "/")
    return made


@permission("accounts.view")
def index() -> ResponseReturnValue:
    """The cabinet's supports: all that is shown is in the address (ux.md §3.2, rule 2)."""
    usual = lists.opening(listing.SPEC)
    if usual is not None:
        return redirect(usual)
    read = listing.read(request.args)
    facets = supports.facets(db_session(), listing.wanted(read))
    state = listing.counted(read, facets)
    page = listing.page(db_session(), state, state.number, state.size)

    def filtered(name: str, value: str) -> str:
        return state.url(**{name: value})

    return render_template(
        "outils/index.html", page=page, state=state, rows=listing.rows(db_session(), page.items, state),
        views=lists.views(state), once=forms.token(), fault="q" in state.problems, new_url=_new(state), cost=fact_rows.cost,
        by_type=pictures.by_type(facets, filtered), by_risk=pictures.by_risk(facets, filtered), crumbs=[],
    )  # fmt: skip


@permission("accounts.view")
def support(support_id: str) -> ResponseReturnValue:
    """One support: identity, prices, and who holds it among the accounts that the adviser may see."""
    card = supports.card(db_session(), support_id, on=today())
    period = _period()
    found = _prices(support_id, period)
    number = max(1, request.args.get("page", 1, type=int))
    held = accounts.holders(db_session(), adviser(), support_id, number=number, size=HOLDERS)

    def here(number: int) -> str:
        kept: dict[str, Any] = {"periode": None if period == pictures.USUAL else period, "page": number if number > 1 else None}
        return url_for("p_outils.support", _anchor="t-detenteurs", support_id=support_id, **kept)

    return render_template(
        "outils/support.html", card=card, line=card.line, found=found, chart=pictures.prices(card, found),
        period=period, periods=pictures.periods(), held=held, pager=contacts.pager(held.page, here),
        account_urls={
            line.account.id: address("p_portefeuille.account", account_id=line.account.id) for line in held.page.items
        },
        compare_url=url_for("p_outils.compare", s=support_id), can_edit=_may_edit(),
        starred=support_id in supports.favourites.ids(db_session(), adviser()),
        facts=fact_rows.groups(supports.facts.of(db_session(), support_id)),
        typed_prices=supports.by_hand.typed_prices(db_session(), support_id),
        sris=supports.SRI_LABELS, late=(today() - card.line.price.on).days if card.line.price else 0,
        crumbs=[(_("Supports"), url_for("p_outils.index")), (card.line.label, None)], **_papers(support_id),
    )  # fmt: skip


@permission("accounts.view")
def prices_image(support_id: str) -> ResponseReturnValue:
    """The chart of the page as SVG, drawn by the server: for pages without scripts, and to put in a document."""
    card = supports.card(db_session(), support_id, on=today())
    return images.svg(pictures.prices(card, _prices(support_id, _period())))


def _may_edit() -> bool:
    return current_context().can(edit_views.EDIT)


def _papers(support_id: str) -> dict[str, Any]:
    """The support's documents in force, the newest first, and where they are kept; nothing where no module keeps any."""
    at: dict[str, Any] = {"shelf": "supports", "owner_id": support_id}
    kept, may = address("p_ged.shelf_documents", **at), adviser().can("documents.view")
    if kept is None or not may:
        return {"papers": (), "papers_url": None}
    here, session = url_for("p_outils.support", support_id=support_id), db_session()
    adds = documents.filing.may(session, adviser(), "support", support_id)
    found = documents.of_owner(session, adviser(), "support", support_id)
    return {
        "papers": found[:PAPERS], "papers_count": len(found), "papers_url": kept,
        "paper_url": lambda one: files.address(one.id, back=here), "today": today(),
        "paper_add_url": address("p_ged.shelf_document_new", **at) if adds else None,
        "category": documents.categories.tree(session).path,
    }  # fmt: skip


def _new(state: lists.ListState) -> str | None:
    """Where a support is made, begun with what was looked for; None for one who may not."""
    if not _may_edit():
        return None
    return url_for("p_outils.support_new", q=state.typed["q"] or None)


def _period() -> str:
    asked = request.args.get("periode", "")
    return asked if asked in pictures.PERIODS else pictures.USUAL


def _prices(support_id: str, period: str) -> tuple[supports.Price, ...]:
    return supports.prices(db_session(), support_id, since=pictures.since(period, today()), until=today())
