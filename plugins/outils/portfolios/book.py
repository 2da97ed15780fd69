"""Model portfolios: made, changed by a new version, put away; each version stays readable (OU-01)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func
from sqlalchemy import select

from core.api import audit
from core.api import book
from core.api import supports
from core.api.db import Conflict
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import now
from core.api.formats import number
from core.api.types import Adviser
from plugins.outils.portfolios import shapes
from plugins.outils.portfolios import tables
from plugins.outils.portfolios.shapes import Portfolio
from plugins.outils.portfolios.shapes import Terms
from plugins.outils.portfolios.shapes import Version
from plugins.outils.portfolios.tables import ModelFollower
from plugins.outils.portfolios.tables import ModelPortfolio
from plugins.outils.portfolios.tables import ModelVersion

EDIT = supports.by_hand.EDIT
ABSENT = "Ce modèle n'existe pas, ou n'existe plus."
#: What nobody holds: it is a measure.
NO_SUPPORT = ("INDICE",)
_STEP = Decimal("0.0001")


def listed(session: TenantSession, *, archived: bool | None = None) -> list[Portfolio]:
    """The cabinet's models by name, each with the version that holds; those put away alone, or the others, if asked."""
    wanted = select(ModelPortfolio).order_by(func.lower(ModelPortfolio.name), ModelPortfolio.id)
    if archived is not None:
        away = ModelPortfolio.archived_at
        wanted = wanted.where(away.is_not(None) if archived else away.is_(None))
    rows = session.scalars(wanted).all()
    held = _held(session)
    lines, many = _lines(session, [one.id for one in held.values()]), _followers(session)
    return [
        Portfolio(row.id, row.name, _version(held[row.id], lines), row.archived_at, many.get(row.id, 0))
        for row in rows if row.id in held
    ]  # fmt: skip


def get(session: TenantSession, model_id: str) -> Portfolio:
    """One of them. Raises `NotFound`."""
    row = _row(session, model_id)
    every = versions(session, model_id)
    if not every:
        raise NotFound(ABSENT)
    return Portfolio(row.id, row.name, every[0], row.archived_at, _followers(session).get(row.id, 0))


def versions(session: TenantSession, model_id: str) -> list[Version]:
    """All versions of a model, the newest first. Raises `NotFound`."""
    _row(session, model_id)
    rows = session.scalars(
        select(ModelVersion).where(ModelVersion.model_id == model_id).order_by(ModelVersion.number.desc())
    ).all()
    lines = _lines(session, [row.id for row in rows])
    return [_version(row, lines) for row in rows]


def save(
    session: TenantSession, by: Adviser | str, terms: Terms, *, model_id: str | None = None, new_id: str | None = None
) -> str:
    """Make a model or change one; its id. Other lines, profile or remarks make a new version: the old ones stay.

    `new_id`: the form's key. Raises `Conflict` for a name that is taken, `DomainError` with the field (`support_2` is of the
    second line), `NotFound`, `Forbidden`.
    """
    actor, name = supports.by_hand.writer(by)
    if new_id and session.scalar(select(ModelPortfolio.id).where(ModelPortfolio.id == new_id)):
        return new_id
    _check(session, terms)
    same = select(ModelPortfolio.id).where(ModelPortfolio.name == terms.name)
    if model_id is not None:
        same = same.where(ModelPortfolio.id != model_id)
    if session.scalar(same):
        raise Conflict(_("Un autre modèle porte déjà ce nom\u202f: choisissez-en un autre."), field="name")
    if model_id is None:
        row = ModelPortfolio(name=terms.name)
        if new_id:
            row.id = new_id
        session.add(row)
        session.flush()
        _add_version(session, row, terms, name)
        audit.record(session, actor, "outils.model_added", f"outils-model:{row.id}", _told(row, terms))
        return row.id
    row = _row(session, model_id)
    mine = select(ModelPortfolio).where(ModelPortfolio.id == model_id).with_for_update()
    session.scalar(mine.execution_options(populate_existing=True))
    held = get(session, model_id)
    before = Terms(
        held.name, held.version.profile, held.version.remarks,
        tuple(shapes.Target(one.support_id, one.weight, one.band) for one in held.version.lines),
    )  # fmt: skip
    if before == terms:
        return model_id
    row.name = terms.name
    if (before.profile, before.remarks, before.lines) != (terms.profile, terms.remarks, terms.lines):
        _add_version(session, row, terms, name)
    session.flush()
    audit.record(session, actor, "outils.model_changed", f"outils-model:{row.id}", _told(row, terms))
    return row.id


def archive(session: TenantSession, by: Adviser | str, model_id: str) -> bool:
    """Put a model away: it is offered no more, those who follow it still do; whether it was not yet. Raises as `save`."""
    return _put(session, by, model_id, away=True)


def restore(session: TenantSession, by: Adviser | str, model_id: str) -> bool:
    """Take it back."""
    return _put(session, by, model_id, away=False)


def _put(session: TenantSession, by: Adviser | str, model_id: str, *, away: bool) -> bool:
    actor, _name = supports.by_hand.writer(by)
    row = _row(session, model_id)
    if (row.archived_at is not None) == away:
        return False
    row.archived_at = now() if away else None
    session.flush()
    subject, payload = f"outils-model:{model_id}", {"name": row.name}
    audit.record(session, actor, "outils.model_archived" if away else "outils.model_restored", subject, payload)
    return True


def _check(session: TenantSession, terms: Terms) -> None:
    """Raises `DomainError` with the field."""
    if not terms.name:
        raise DomainError(_("Donnez un nom à ce modèle."), field="name")
    if terms.profile not in tables.PROFILES:
        raise DomainError(_("Choisissez un profil de la liste."), field="profile")
    if not terms.lines:
        raise DomainError(_("Saisissez au moins une ligne\u202f: un support et son poids."), field="support_1")
    if len(terms.lines) > shapes.MOST:
        raise DomainError(_("Un modèle a %(most)s lignes au plus\u202f: retirez-en.", most=shapes.MOST), field="support_1")
    wanted = {line.support_id for line in terms.lines}
    known = dict(session.execute(select(book.Support.id, book.Support.type).where(book.Support.id.in_(wanted))).all())
    met = set[str]()
    for n, line in enumerate(terms.lines, 1):
        if line.support_id not in known:
            raise DomainError(_("Ce support n'existe pas dans votre cabinet\u202f: vérifiez-le."), field=f"support_{n}")
        if known[line.support_id] in NO_SUPPORT:
            said = _("Un indice ne se détient pas\u202f: choisissez un support qui le suit.")
            raise DomainError(said, field=f"support_{n}")
        if line.support_id in met:
            raise DomainError(_("Ce support est déjà dans le modèle\u202f: réunissez les deux lignes."), field=f"support_{n}")
        met.add(line.support_id)
        if not 0 < line.weight <= 1 or line.weight != line.weight.quantize(_STEP):
            raise DomainError(_("Un poids va de 0,01 à 100\u00a0%, à deux décimales."), field=f"weight_{n}")
        if not 0 <= line.band <= 1 or line.band != line.band.quantize(_STEP):
            raise DomainError(_("Une bande va de 0 à 100 points, à deux décimales."), field=f"band_{n}")
    total = sum((line.weight for line in terms.lines), shapes.ZERO)
    if total != shapes.ONE:
        gap = shapes.ONE - total
        raise DomainError(
            _("Le total des poids fait %(total)s\u00a0%%\u202f: il manque %(gap)s point(s) pour faire 100\u00a0%%.",
              total=number(total * 100), gap=number(gap * 100)) if gap > 0 else
            _("Le total des poids fait %(total)s\u00a0%%\u202f: retirez %(gap)s point(s) pour faire 100\u00a0%%.",
              total=number(total * 100), gap=number(-gap * 100)), field="weight_1",
        )  # fmt: skip


def _add_version(session: TenantSession, row: ModelPortfolio, terms: Terms, name: str) -> None:
    last = session.scalar(select(func.max(ModelVersion.number)).where(ModelVersion.model_id == row.id)) or 0
    made = ModelVersion(model_id=row.id, number=last + 1, profile=terms.profile, remarks=terms.remarks, said_by=name)
    session.add(made)
    session.flush()
    session.add_all(
        tables.ModelLine(version_id=made.id, support_id=one.support_id, rank=rank, weight=one.weight, band=one.band)
        for rank, one in enumerate(terms.lines, 1)
    )
    session.flush()


def _told(row: ModelPortfolio, terms: Terms) -> dict[str, Any]:
    return {"name": row.name, "profile": terms.profile, "count": len(terms.lines)}


def _version(row: ModelVersion, lines: dict[str, tuple[shapes.ModelLine, ...]]) -> Version:
    return Version(row.id, row.number, row.profile, row.remarks, row.said_by, row.created_at, lines.get(row.id, ()))


def _lines(session: TenantSession, ids: Collection[str]) -> dict[str, tuple[shapes.ModelLine, ...]]:
    """Version → its lines, in their order. One query."""
    line, support = tables.ModelLine, book.Support
    rows = session.execute(
        select(
            line.version_id, support.id, support.label, support.isin, support.code, support.type, support.sri,
            support.ongoing_costs, line.weight, line.band,
        )
        .join(support, (support.id == line.support_id) & (support.cabinet_id == line.cabinet_id))
        .where(line.version_id.in_(ids)).order_by(line.rank)
    )  # fmt: skip
    found = defaultdict[str, list[shapes.ModelLine]](list)
    for version_id, *rest in rows:
        found[version_id].append(shapes.ModelLine(*rest))
    return {key: tuple(some) for key, some in found.items()}


def _held(session: TenantSession) -> dict[str, ModelVersion]:
    """Model → its newest version. One query."""
    last = (
        select(ModelVersion.model_id.label("model"), func.max(ModelVersion.number).label("number"))
        .group_by(ModelVersion.model_id).subquery()
    )  # fmt: skip
    rows = session.scalars(
        select(ModelVersion).join(last, (last.c.model == ModelVersion.model_id) & (last.c.number == ModelVersion.number))
    )
    return {row.model_id: row for row in rows}


def _followers(session: TenantSession) -> dict[str, int]:
    counted = select(ModelFollower.model_id, func.count(ModelFollower.id)).group_by(ModelFollower.model_id)
    return dict(session.execute(counted).all())


def _row(session: TenantSession, model_id: str) -> ModelPortfolio:
    row = session.scalar(select(ModelPortfolio).where(ModelPortfolio.id == model_id))
    if row is None:
        raise NotFound(ABSENT)
    return row
