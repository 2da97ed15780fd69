"""A family and a structure as boxes and ties, each box the way to a file (DO-02)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core.api import contacts
from core.api import diagrams
from core.api import formats
from core.api.db import today

percent = contacts.relation_types.percent


def family(contact: contacts.ContactCard, found: contacts.kinship.Family) -> diagrams.Diagram | None:
    """Grandparents to grandchildren; None where there is nobody but the contact."""
    if len(found.people) < 2:
        return None
    boxes = []
    for one in found.people:
        looks = [name for name, on in (("self", not one.role), ("dead", one.death_date is not None), ("ended", one.ended)) if on]
        boxes.append(diagrams.Box(one.id, one.name, _told(one), one.row, one.column, _url(one.id), tuple(looks)))
    ties = [diagrams.Tie(above, below) for above, below in found.descents]
    ties += [diagrams.Tie(one, other, "ended" if over else "union") for one, other, over in found.couples]
    count = len(found.people) - 1
    said = ngettext(
        "%(num)s parent ou allié de %(name)s, des grands-parents aux petits-enfants. Trait plein\u202f: union en cours\u202f; "
        "pointillé\u202f: union terminée\u202f; fond gris\u202f: personne décédée.",
        "%(num)s parents et alliés de %(name)s, des grands-parents aux petits-enfants. Trait plein\u202f: union en cours\u202f; "
        "pointillé\u202f: union terminée\u202f; fond gris\u202f: personnes décédées.",
        count, name=contact.name,
    )  # fmt: skip
    left = contacts.kinship.left_out_said(found.left_out)
    out = _("Le dessin ne montre pas tout\u202f: il laisse de côté %(who)s. La liste les montre.", who=left) if left else ""
    return diagrams.drawn("famille", _("Arbre familial"), boxes, ties, said=said, left_out=out)


def structure(contact: contacts.ContactCard, found: contacts.structures.Structure) -> diagrams.Diagram | None:
    """Who holds the contact and what it holds; None where it is alone."""
    if len(found.nodes) < 2:
        return None
    boxes = []
    for one in found.nodes:
        looks = [
            name
            for name, on in (
                ("company", one.kind == "PERSONNE_MORALE"), ("self", one.id == contact.id), ("owner", one.owner or one.declared),
                ("dead", one.death_date is not None),
            )
            if on
        ]  # fmt: skip
        boxes.append(diagrams.Box(one.id, one.name, _part(one, contact), one.layer, one.column, _url(one.id), tuple(looks)))
    layers = {one.id: one.layer for one in found.nodes}
    ties = [
        diagrams.Tie(one.holder, one.company, "holding", one.said, "start" if layers[one.holder] < 0 else "end")
        for one in found.ties
    ]
    said = _(
        "Les parts au %(day)s\u202f: PP, pleine propriété\u202f; NP, nue-propriété\u202f; US, usufruit. Les cadres épais "
        "sont les bénéficiaires effectifs\u202f: plus de 25\u00a0%% du capital ou des droits de vote, directement ou par "
        "d'autres sociétés, ou déclarés.", day=formats.day(today()),
    )  # fmt: skip
    out = ""
    if found.left_out:
        out = ngettext(
            "Le dessin s'arrête là\u202f: %(num)s lien de plus est dans les listes.",
            "Le dessin s'arrête là\u202f: %(num)s liens de plus sont dans les listes.", found.left_out,
        )  # fmt: skip
    return diagrams.drawn("structure", _("Organigramme des sociétés"), boxes, ties, said=said, left_out=out)


def part_said(one: contacts.structures.Node) -> str:
    """«40 %», or both where the capital and the votes differ."""
    if one.capital == one.votes:
        return str(percent(_round(one.capital)))
    parts = {"capital": percent(_round(one.capital)), "votes": percent(_round(one.votes))}
    return str(_("%(capital)s du capital, %(votes)s des votes", **parts))


def _part(one: contacts.structures.Node, contact: contacts.ContactCard) -> tuple[str, ...]:
    told = [one.legal_form] if one.legal_form and not one.name.startswith(one.legal_form) else []
    if one.id != contact.id and (one.capital or one.votes) and abs(one.layer) > 1:
        told.append(_("au total %(part)s", part=percent(_round(max(one.capital, one.votes)))))
    if one.owner or one.declared:
        told.append(_("bénéficiaire effectif") if one.owner else _("bénéficiaire déclaré"))
    if one.death_date is not None:
        told.append(_("décès le %(day)s", day=formats.day(one.death_date)))
    return tuple(told)


def _told(one: contacts.kinship.Kin) -> tuple[str, ...]:
    lines = [one.label] if one.label else []
    if one.ended and one.until and one.death_date is None:
        lines[0] = _("%(label)s, jusqu'en %(year)s", label=one.label, year=one.until.year)
    lines.append(lived(one.birth_date, one.death_date))
    return tuple(line for line in lines if line)


def lived(birth: date | None, death: date | None) -> str:
    """«58 ans», «1941 – 2026, décès»."""
    if death is not None:
        return str(_("%(born)s – %(died)s, décès", born=birth.year if birth else "?", died=death.year))
    if birth is None:
        return ""
    day = today()
    years = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    return str(ngettext("%(num)s an", "%(num)s ans", years))


def _round(share: Decimal) -> Decimal:
    return round(share, 4)


def _url(contact_id: str) -> str:
    return url_for("p_contacts.relations", contact_id=contact_id)
