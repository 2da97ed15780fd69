"""Pages of supports: the list, whose whole state is in its address, a support, its chart as an image."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask import Response
from flask import abort
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import accounts
from core.api import contacts
from core.api import pdf
from core.api import supports
from core.api.db import today
from core.api.web import address
from core.api.web import adviser
from core.api.web import blueprint
from core.api.web import db_session
from core.api.web import permission
from plugins.outils import pictures

FILTERS = ("q", "type", "sri", "sfdr", "devise")
SIZE = 50
HOLDERS = 20


def pages() -> Blueprint:
    """A new blueprint: one for each application."""
    made = blueprint("outils", __name__)
    made.add_url_rule("/", "index", index)
    made.add_url_rule("/supports/<support_id>", "support", support)
    made.add_url_rule("/supports/<support_id>/cours.svg", "prices_image", prices_image)
    return made


@permission("accounts.view")
def index() -> ResponseReturnValue:
    """The cabinet's supports: search, filters, order and page are in the address (ux.md §3.2, rule 2)."""
    asked = {name: request.args.get(name, "").replace("\0", "").strip()[:100] for name in FILTERS}
    sort = request.args.get("tri", "")
    sort = sort if sort in supports.SORTS else "libelle"
    descending = request.args.get("sens") == "desc"
    wanted = supports.SupportFilter(asked["q"], asked["type"], asked["sri"], asked["sfdr"], asked["devise"])
    number = max(1, request.args.get("page", 1, type=int))
    page = supports.listed(
        db_session(), wanted, on=today(), sort=sort, descending=descending, number=number, size=SIZE
    )
    facets = supports.facets(db_session(), wanted)
    kept: dict[str, Any] = {name: value for name, value in asked.items() if value}
    order: dict[str, Any] = {"tri": sort, "sens": "desc" if descending else None}
    order = {} if (sort, descending) == ("libelle", False) else order

    def with_filter(name: str, value: str | None) -> str:
        return url_for("p_outils.index", **{**kept, **order, name: value})

    def sorted_by(key: str) -> str:
        turned = "desc" if key == sort and not descending else None
        return url_for("p_outils.index", **kept, tri=key, sens=turned)

    return render_template(
        "outils/index.html", page=page, facets=facets, asked=asked, filtered=any(asked.values()), sort=sort,
        descending=descending, order=order, sorted_by=sorted_by, chips=_chips(asked, with_filter),
        pager=contacts.pager(page, lambda number: with_filter("page", str(number) if number > 1 else None)),
        fault=supports.isin_fault(asked["q"]), types=supports.TYPE_LABELS, sfdrs=supports.SFDR_LABELS,
        sris=supports.SRI_LABELS, by_type=pictures.by_type(facets, with_filter),
        by_risk=pictures.by_risk(facets, with_filter), crumbs=[],
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
        sris=supports.SRI_LABELS, late=(today() - card.line.price.on).days if card.line.price else 0,
        crumbs=[(_("Supports"), url_for("p_outils.index")), (card.line.label, None)],
    )  # fmt: skip


@permission("accounts.view")
def prices_image(support_id: str) -> ResponseReturnValue:
    """The chart of the page as SVG, drawn by the server: for pages without scripts, and to put in a document."""
    card = supports.card(db_session(), support_id, on=today())
    chart = pictures.prices(card, _prices(support_id, _period()))
    if chart is None:
        abort(404)
    try:
        drawn = pdf.chart(chart.paper)
    except pdf.PdfError:
        abort(503)
    return Response(drawn, mimetype="image/svg+xml")


def _period() -> str:
    asked = request.args.get("periode", "")
    return asked if asked in pictures.PERIODS else pictures.USUAL


def _prices(support_id: str, period: str) -> tuple[supports.Price, ...]:
    return supports.prices(db_session(), support_id, since=pictures.since(period, today()), until=today())


def _chips(asked: dict[str, str], url: Any) -> list[tuple[str, str, str]]:
    """The filters that are on, each with the address without it."""
    words = {
        "q": (_("Recherche"), asked["q"]), "type": (_("Type"), supports.TYPE_LABELS.get(asked["type"], asked["type"])),
        "sri": (_("SRI"), supports.SRI_LABELS.get(asked["sri"], asked["sri"])),
        "sfdr": (_("SFDR"), supports.SFDR_LABELS.get(asked["sfdr"], asked["sfdr"])),
        "devise": (_("Devise"), asked["devise"]),
    }  # fmt: skip
    return [(label, value, url(name, None)) for name, (label, value) in words.items() if asked[name]]
