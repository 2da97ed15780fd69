"""What «Apparence» asks for and says: its forms, how colours are judged in words, the sample statement (PL-06, US-02)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from markupsafe import escape

from core.admin.frame import PEOPLE
from core.documents import uploads
from core.themes import Theme
from core.themes.brand import Check
from core.themes.brand import checks
from core.themes.brand import known
from core.themes.brand import offered
from core.web import fields
from core.web.fields import Parsed
from core.web.formats import NBSP
from core.web.formats import number
from core.web.forms import Form
from core.web.forms import FormView
from core.web.forms import view

RULE = uploads.rule(
    "admin.logo", types=("image/png", "image/svg+xml", "image/jpeg"), max_bytes=2 * 1024 * 1024, permission=PEOPLE
)
ROLES = ("main", "accent")
#: Where a colour is seen → what is said of it.
PLACES: dict[str, Any] = {
    "button": _l("Texte blanc sur un bouton"), "link": _l("Liens et titres sur le fond des pages"),
    "edge": _l("Filets et repères sur le fond des pages"),
}  # fmt: skip


def _colour(text: str) -> str:
    found = known(text)
    if found is None:
        raise ValueError
    return found


class Colour(Parsed):
    """A colour as `#rrggbb`, however it is written."""

    parse = staticmethod(_colour)
    default_error_messages = {"invalid": _l("Écrivez la couleur en six chiffres ou lettres de a à f, par exemple #10566a.")}


class ColoursForm(Form):
    """«Couleurs du cabinet»."""

    main = Colour(load_default=None, metadata={
        "label": _l("Couleur principale"), "kind": "colour", "autocomplete": "off",
        "help": _l("Boutons, liens, onglet ouvert. Vide\u202f: celle du thème."),
    })  # fmt: skip
    accent = Colour(load_default=None, metadata={
        "label": _l("Couleur d'accent"), "kind": "colour", "autocomplete": "off",
        "help": _l("Repères et filets, jamais du texte. Vide\u202f: celle du thème."),
    })  # fmt: skip


class LogoForm(Form):
    """«Logo»."""

    logo_light = fields.file(_l("Logo sur fond clair"), rule=RULE, required=False, help=_l("Fond transparent de préférence."))
    logo_dark = fields.file(
        _l("Logo sur fond sombre"), rule=RULE, required=False, help=_l("Sans lui, le logo clair est posé sur un cartouche.")
    )


def logo_fields(typed: Mapping[str, Any]) -> FormView:
    """The form; `typed`: «waiting» and «errors» by field, for a file that was refused."""
    return view(LogoForm(), typed.get("waiting", {}), typed.get("errors", {}))


class StatementForm(Form):
    """«États et documents imprimés»."""

    layout = fields.choice(
        _l("Disposition"), {"": _l("Celle du thème"), "left": _l("Logo à gauche"), "centre": _l("Logo au centre")}, kind="radio",
        wide=True, empty="",
    )
    foot = fields.line(
        _l("Pied de page"), 300, lines=True, wide=True, empty="",
        help=_l("Adresse, téléphone, site. Vide\u202f: le nom et les coordonnées du cabinet."),
    )  # fmt: skip
    legal = fields.line(
        _l("Mentions légales"), 900, lines=True, wide=True, empty="",
        help=_l("Statut de CIF, association professionnelle, assurance, médiateur, réclamations."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """A colour as it is judged. `asked`: what is in the field; `near`: what to take instead, where it does not pass."""

    role: str
    asked: str
    colour: str | None
    checks: tuple[Check, ...]
    near: str | None

    @property
    def ok(self) -> bool:
        return all(one.ok for one in self.checks)


def verdict(theme: Theme, role: str, text: str) -> Verdict:
    """Judge what is typed for a role; an empty field is the theme's own colour, which passes."""
    colour = known(text) if text.strip() else None
    if colour is None:
        return Verdict(role, text, None, (), None)
    near = offered(theme, role, colour)
    return Verdict(role, text, colour, checks(theme, role, colour), near if near != colour else None)


def refused(theme: Theme, values: Mapping[str, str | None]) -> dict[str, str]:
    """The colours that cannot be read, and what to take instead, by field."""
    found = {role: verdict(theme, role, values.get(role) or "") for role in ROLES}
    return {
        role: _(
            "Contraste insuffisant (%(place)s)\u202f: %(found)s pour 1, %(asked)s demandés. La plus proche qui convient "
            "est %(near)s.",
            place=str(PLACES[worst.key]).lower(), found=contrast(worst.found), asked=contrast(worst.asked), near=one.near or "—",
        )
        for role, one in found.items()
        if (worst := next((check for check in one.checks if not check.ok), None)) is not None
    }  # fmt: skip


def contrast(value: float) -> str:
    """«4,5»: cut off, never rounded up to what is asked."""
    return number(Decimal(int(value * 10)) / 10, 1).removesuffix(",0")


def sample() -> tuple[str, str, Markup]:
    """Title, day and body of the statement that is shown as an example."""
    lines = (
        ("Fonds en euros", "79 863,46", "28"), ("OPCVM actions Europe", "133 462,78", "47"), ("ETF monde", "40 267,42", "14"),
        ("Autres supports", "32 271,24", "11"),
    )  # fmt: skip

    def money(text: str) -> str:
        return text.replace(" ", "\u202f") + NBSP + "€"

    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th><td class="num">{}</td><td class="num">{}</td></tr>').format(
            escape(label), money(value), f"{share}{NBSP}%"
        )
        for label, value, share in lines
    )
    body = Markup(
        '<dl class="figure"><div><dt>{}</dt><dd>{}</dd></div><div><dt>{}</dt><dd>{}</dd></div></dl><h2>{}</h2><table>'
        '<thead><tr><th scope="col">{}</th><th scope="col" class="num">{}</th><th scope="col" class="num">{}</th></tr></thead>'
        '<tbody>{}</tbody>'
        '<tfoot><tr><th scope="row">{}</th><td class="num">{}</td><td class="num">{}</td></tr></tfoot></table>'
    ).format(
        _("Encours au 20/11/2026"), money("285 864,90"), _("Depuis le 01/01/2026"), f"+{money('32 231,25')}",
        _("Répartition par support"), _("Support"), _("Valorisation"), _("Part"), rows, _("Total"),
        money("285 864,90"), f"100{NBSP}%",
    )  # fmt: skip
    return str(_("Relevé de situation")), str(_("Mme Jeanne Exemple, au 20/11/2026")), body
