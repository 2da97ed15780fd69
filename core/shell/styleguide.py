"""The style guide: every component in every state, made of the macros that pages are made of (mock-ups, «Guide de style»)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.db.paging import Page
from core.db.paging import pager
from core.pdf import Overview
from core.pdf import Sheet
from core.shell import styleguide_list
from core.shell import styleguide_parts
from core.web import charts
from core.web.assets import STATIC
from core.web.assets import tree_hash
from core.web.formats import money
from core.web.formats import number
from core.web.policy import policy

blueprint = Blueprint("styleguide", __name__)
styleguide_parts.register(blueprint)

#: Tokens shown as swatches, by what they are for.
SWATCHES: dict[str, tuple[str, ...]] = {
    "Fonds, traits, texte": ("canvas", "surface", "surface-2", "surface-3", "line", "line-strong", "control", "text",
                             "text-2", "text-3"),
    "Marque et accent": ("brand", "brand-hover", "brand-press", "brand-soft", "brand-soft-2", "accent", "accent-soft",
                         "select", "requis", "focus"),
    "Barre": ("bar", "bar-hover", "bar-text", "bar-strong", "bar-mark"),
    "Statuts": ("success-mark", "success-soft", "warning-mark", "warning-soft", "danger-mark", "danger-soft", "info-mark",
                "info-soft", "neutral-mark", "neutral-soft"),
    "Graphiques, dans cet ordre": tuple(f"chart-{place}" for place in range(1, 9)),
    "Modules": ("module-accueil", "module-pilotage", "module-fil", "module-agenda", "module-contacts", "module-requetes",
                "module-portefeuille", "module-conformite", "module-outils", "module-plugin"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A line of the example table."""

    label: str
    isin: str
    value: Decimal
    gain: Decimal
    ratio: Decimal


@dataclass(frozen=True, slots=True)
class Told:
    """A notification as the macros take it."""

    kind: str
    title: str
    text: str
    url: str | None
    created_at: datetime
    read_at: datetime | None
    id: str = ""


_AT = datetime(2026, 11, 20, 9, 41, tzinfo=UTC)
TOLD = (
    Told("danger", "Rachat partiel\u202f: Refusé", "Xaélidia XAE0999998\u202f: pièce d'identité expirée.",
         "#coquille", _AT, None),
    Told("success", "Arbitrage\u202f: Validé", "Himalia HIM0999998\u202f: le partenaire a validé la transaction.",
         "#coquille", _AT, _AT),
    Told("mandate", "Mandat Nominéo\u202f: actif", "L'historique du mandat donne le détail.", None, _AT, _AT),
)
ROWS = (
    Example("Carmignac Patrimoine A EUR Acc", "FR0010135103", Decimal("22480.45"), Decimal("-416.20"), Decimal("-0.0182")),
    Example("R-co Valor C EUR", "FR0011253624", Decimal("18430"), Decimal("2033.10"), Decimal("0.1240")),
    Example("Fonds euro Generali Vie", "", Decimal("41300.10"), Decimal("2799.03"), Decimal("0.0727")),
)  # fmt: skip

#: The example document: two pages, the second without text, as a scan.
SHEETS = Overview(2, (Sheet(595, 842, "Avis d'imposition 2025\nRevenu fiscal de référence\u202f: 64 210 €"), Sheet(595, 842, "")))


@dataclass(frozen=True, slots=True)
class SheetUrls:
    """Where the example document's parts are: the viewer's `urls`."""

    file: str
    zooms: tuple[tuple[int, str], ...]
    page: Callable[[int, int], str]


def _sheet_urls() -> SheetUrls:
    image = url_for("static_files", version=tree_hash(STATIC), path="img/sample-page.svg")
    zooms = tuple((step, url_for(".index", _anchor="apercu")) for step in (50, 75, 100))
    return SheetUrls("#apercu", zooms, lambda _number, _width: image)


@blueprint.get("/styleguide")
@policy("session")
def index() -> ResponseReturnValue:
    """All components. Order, page, filter and errors are in the address, as on every page."""
    sort = "valeur" if request.args.get("tri") == "valeur" else "libelle"
    descending = request.args.get("sens") == "desc"
    rows = sorted(ROWS, key=lambda row: row.value if sort == "valeur" else row.label, reverse=descending)
    number = max(1, min(13, request.args.get("page", 2, type=int)))
    shown = Page(tuple(range(min(50, 612 - 50 * (number - 1)))), 612, number, 50)

    def sorted_by(key: str) -> str:
        return url_for(".index", tri=key, sens="desc" if key == sort and not descending else None, _anchor="tableau")

    return render_template(
        "styleguide/page.html", swatches=SWATCHES, rows=rows, total=sum((row.value for row in ROWS), Decimal(0)),
        sort=sort, descending=descending, sorted_by=sorted_by, filtered=request.args.get("filtre") != "non",
        errors="erreurs" in request.args, line=_line(), donut=_donut(), bar=_bar(), stack=_stack(),
        curves=_curves(), plane=_plane(),
        pager=pager(shown, lambda page: url_for(".index", page=page, _anchor="pages")),
        family=styleguide_parts.family(), holdings=styleguide_parts.holdings(),
        columns=styleguide_parts.columns(), qualities=styleguide_parts.qualities(), sheets=SHEETS, sheet_urls=_sheet_urls(),
        told=TOLD,
        crumbs=[(_("Contacts"), url_for(".index")), (_("Guide de style"), None)],
    )  # fmt: skip


@blueprint.get("/styleguide/listes", endpoint="list")
@policy("session")
def lists() -> ResponseReturnValue:
    """The component of every list: its state is in this page's own address."""
    state = styleguide_list.state()
    lines = styleguide_list.lines(state)
    here = url_for(".list")
    return render_template(
        "styleguide/list.html", state=state, lines=lines, views=styleguide_list.views(),
        page=Page(tuple(lines), 612 if lines else 0, state.number, state.size),
        steps={"before_url": here, "after_url": here, "back_url": here, "place": 3, "total": 1248},
        crumbs=[(_("Guide de style"), url_for(".index")), (_("Listes"), None)],
    )  # fmt: skip


@blueprint.post("/styleguide/listes/export", endpoint="list_export")
@blueprint.post("/styleguide/listes/colonnes", endpoint="list_columns")
@blueprint.route("/styleguide/listes/vues", methods=["GET", "POST"], endpoint="list_views")
@policy("session")
def nothing() -> ResponseReturnValue:
    """What the example's tools do: they say that nothing was kept."""
    flash(_("Exemple\u202f: rien n'a été exporté ni enregistré."), "info")
    return redirect(url_for(".list"))


@blueprint.post("/styleguide")
@policy("session")
def confirm() -> ResponseReturnValue:
    """The example dialog's act: it says that nothing was done."""
    flash(_("Exemple confirmé\u202f: rien n'a été modifié."), "success")
    return redirect(url_for(".index"))


def _line() -> charts.Chart:
    worth = (371, 375, 380, 377, 384, 388, 386, 392, 396, 399, 405, 408, 412)
    paid = (360, 361, 363, 363, 366, 368, 369, 371, 374, 378, 384, 387, 389)
    points = [
        charts.Point(date(2025 + (10 + place) // 12, (10 + place) % 12 + 1, 20), Decimal(value) * 1000, Decimal(net) * 1000)
        for place, (value, net) in enumerate(zip(worth, paid, strict=True))
    ]
    names = (_("Encours"), _("Versements nets"))
    return charts.line(points, key="courbe", title=_("Évolution"), write=money, names=names, subject=_("Encours"))


def _curves() -> charts.Chart:
    levels = {_("Fonds diversifié"): (100, 102, 101, 104, 106, 105, 109),
              _("Fonds d'actions"): (100, 96, 103, 110, 104, 112, 118),
              _("Indice monétaire"): (100, 100.3, 100.6, 100.9, 101.2, 101.5, 101.8)}  # fmt: skip
    each = [charts.Curve(name, tuple(Decimal(str(one)) for one in values)) for name, values in levels.items()]
    days = [date(2026, month, 20) for month in range(5, 12)]
    return charts.curves(days, each, key="courbes", title=_("Base 100"), write=lambda value: number(value, 1))


def _plane() -> charts.Chart:
    curve = ((4, 2), (Decimal("4.3"), 3), (5, 4), (Decimal("6.4"), 5), (Decimal("8.5"), 6))
    spots = (charts.Spot(_("Répartition trouvée"), Decimal(5), Decimal(4)), charts.Spot(_("Modèle"), Decimal(7), Decimal("4.1")))
    return charts.plane(
        [(Decimal(x), Decimal(y)) for x, y in curve], spots, key="plan", title=_("Frontière efficiente"),
        axes=(_("Volatilité"), _("Rendement")), names=(_("Point"), _("Frontière")), unit="%",
        write=lambda value: f"{number(value, 1)}\u00a0%",
    )  # fmt: skip


def _donut() -> charts.Chart:
    parts = [
        charts.Part(label, Decimal(value))
        for label, value in (
            (_("Fonds en euros"), 148444), (_("Actions"), 111333), (_("Obligations"), 61852), (_("Immobilier"), 49481),
            (_("Monétaire"), 24741), (_("Produits structurés"), 10200), (_("Autres actifs"), 6294),
        )
    ]  # fmt: skip
    return charts.donut(
        parts, key="anneau", title=_("Répartition par classe d'actifs"), write=money, total="412\u202f345\u00a0€",
        note=_("au %(day)s", day="20/11/2026"), head=(_("Classe"), _("Montant"), _("Part")),
    )  # fmt: skip


def _bar() -> charts.Chart:
    counts = (0, 7, 14, 39, 17, 7, 1)
    parts = [charts.Part(_("SRI %(level)s", level=place), Decimal(count)) for place, count in enumerate(counts, 1)]
    return charts.bar(parts, key="barres", title=_("Supports par risque"), write=str, head=(_("Risque"), _("Supports")))


def _stack() -> charts.Chart:
    spent = ((_("Crédits"), 980), (_("Charges engagées"), 1240), (_("Dépenses courantes"), 1130), (_("Épargne programmée"), 450),
             (_("Disponible"), 700))  # fmt: skip
    bars = {
        _("Revenus"): [charts.Part(_("Revenus"), Decimal(4500))],
        _("Emploi"): [charts.Part(label, Decimal(value)) for label, value in spent],
    }
    head = (_("Poste"), _("Barre"), _("Par mois"))
    return charts.stack(bars, key="cumul", title=_("Des revenus à l'épargne"), write=money, head=head)
