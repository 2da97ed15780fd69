"""Optimisations: asked with the prices of that moment, reckoned by the worker, kept; a person makes a version of them (PF-09)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core.api import Context
from core.api import audit
from core.api import book as record_of
from core.api import jobs
from core.api import live
from core.api import rights
from core.api import supports
from core.api.db import Conflict
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import session
from core.api.db import today
from core.api.types import Adviser
from plugins.outils import pictures
from plugins.outils.optimising import measures
from plugins.outils.optimising import record
from plugins.outils.optimising import rules
from plugins.outils.optimising import solver
from plugins.outils.optimising.shapes import Aside
from plugins.outils.optimising.shapes import Named
from plugins.outils.optimising.shapes import Optimisation
from plugins.outils.optimising.shapes import Wish
from plugins.outils.optimising.tables import OptimisationRow as Row
from plugins.outils.portfolios import book as models
from plugins.outils.portfolios.tables import ModelPortfolio
from plugins.outils.portfolios.tables import ModelVersion

#: The kind of thing that open pages are told of; whoever sees models sees them.
KIND, JOB = "optimisation", "optimise"
rights.register(KIND, "accounts.view")
#: Optimisations that a list shows.
SHOWN = 50


def ask(
    ctx: Context, session_: TenantSession, by: Adviser, model_id: str, wish: Wish, *, new_id: str | None = None
) -> str:
    """Ask for one; its id, that of the one that is there where the form comes twice. The worker does it.

    Raises `DomainError` with the field (`support_2` is of the second line), `Conflict` without the extra, `NotFound`,
    `Forbidden`.
    """
    actor, name = supports.by_hand.writer(by)
    if new_id and session_.scalar(select(Row.id).where(Row.id == new_id)):
        return new_id
    if not solver.available():
        raise Conflict(_("L'optimisation n'est pas installée sur ce serveur\u202f: demandez-la à son administrateur."))
    model = models.get(session_, model_id)
    rules.check(wish)
    weights = {line.support_id: line.weight for line in model.version.lines}
    share = rules.share(weights, wish)
    told = _told(session_, [line.support_id for line in wish.lines])
    lines = [
        Named(line.support_id, *told[line.support_id], line.low, line.high, weights.get(line.support_id)) for line in wish.lines
    ]
    until = today()
    since = _since(wish.years, until)
    found = [(one.label, supports.prices(session_, one.support_id, since=since, until=until)) for one in lines]
    chosen = {line.support_id for line in lines}
    aside = [
        Aside(one.support_id, one.label, one.isin or one.code or one.label, one.weight)
        for one in model.version.lines if one.support_id not in chosen
    ]  # fmt: skip
    row = Row(
        version_id=model.version.id, said_by=name, state="waiting",
        asked=record.asked(wish, lines, aside, share, rules.series(found, since, until)),
    )  # fmt: skip
    if new_id:
        row.id = new_id
    session_.add(row)
    session_.flush()
    jobs.enqueue(ctx, JOB, {"id": row.id})
    payload = {"name": model.name, "count": len(lines), "goal": wish.goal, "years": wish.years}
    audit.record(session_, actor, "outils.optimisation_asked", f"outils-optimisation:{row.id}", payload)
    return row.id


def get(session_: TenantSession, optimisation_id: str) -> Optimisation:
    """One of them. Raises `NotFound`."""
    found = _found(session_, Row.id == optimisation_id)
    if not found:
        raise NotFound(_("Cette optimisation n'existe pas, ou n'existe plus."))
    return found[0]


def listed(session_: TenantSession, model_id: str) -> list[Optimisation]:
    """The last ones of a model, the newest first. Raises `NotFound`."""
    models.get(session_, model_id)
    return _found(session_, ModelVersion.model_id == model_id)


def begun(session_: TenantSession, model_id: str, years: int) -> tuple[list[str], list[str]]:
    """The model's lines that have prices over so many years, and the labels of those that have not. Raises `NotFound`."""
    until = today()
    since = _since(years, until)
    priced, bare = list[str](), list[str]()
    for line in models.get(session_, model_id).version.lines:
        short = rules.short(line.label, supports.prices(session_, line.support_id, since=since, until=until), since, until)
        if short:
            bare.append(line.label)
        else:
            priced.append(line.support_id)
    return priced, bare


def compute(ctx: Context, data: Mapping[str, Any]) -> Any:
    """Outside of any transaction: what a record finds, or in words why it finds nothing; None where it is done already."""
    row = session().scalar(select(Row).where(Row.id == data["id"]))
    if row is None or row.state != "waiting" or not row.asked:
        return None
    try:
        return record.made(measures.reckon(record.series(row.asked), record.lines(row.asked), record.wish(row.asked)))
    except solver.Impossible as error:
        return error.text


def keep(ctx: Context, data: Mapping[str, Any]) -> None:
    """Write it, once: a job that comes again finds it done. Open pages are told."""
    made, here = data["fetched"], session()
    row = here.scalar(select(Row).where(Row.id == data["id"]).with_for_update())
    if made is None or row is None or row.state != "waiting":
        return
    if isinstance(made, str):
        row.state, row.why = "refused", made[:500]
    else:
        row.state, row.made = "done", made
    here.flush()
    audit.record(
        here, "system", "outils.optimisation_refused" if row.why else "outils.optimisation_done",
        f"outils-optimisation:{row.id}", {"why": row.why} if row.why else {},
    )  # fmt: skip
    live.changed(part(row.id), about=(KIND, row.id))


def part(optimisation_id: str) -> str:
    """What an open page calls the part that shows how far it is."""
    return f"optimisation:{optimisation_id}"


def _since(years: int, until: date) -> date:
    return pictures.since(f"{years}a", until) or until


def _told(session_: TenantSession, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Support → label, code. Raises `NotFound` for one that the cabinet does not have, `DomainError` for what nobody holds."""
    support = record_of.Support
    rows = session_.scalars(select(support).where(support.id.in_(ids)))
    found = {row.id: row for row in rows}
    if any(one not in found for one in ids):
        raise NotFound(_("L'un des supports n'existe pas, ou n'existe plus."))
    for n, one in enumerate(ids, 1):
        if found[one].type in models.NO_SUPPORT:
            raise DomainError(_("Un indice ne se détient pas\u202f: choisissez un support qui le suit."), field=f"support_{n}")
    return {key: (row.label, row.isin or row.code or row.label) for key, row in found.items()}


def _found(session_: TenantSession, *where: Any) -> list[Optimisation]:
    rows = session_.execute(
        select(Row, ModelPortfolio.id, ModelPortfolio.name, ModelVersion.number)
        .join(ModelVersion, (ModelVersion.id == Row.version_id) & (ModelVersion.cabinet_id == Row.cabinet_id))
        .join(
            ModelPortfolio, (ModelPortfolio.id == ModelVersion.model_id) & (ModelPortfolio.cabinet_id == ModelVersion.cabinet_id)
        )
        .where(*where).order_by(Row.created_at.desc(), Row.id.desc()).limit(SHOWN)
    ).all()  # fmt: skip
    return [_read(*row) for row in rows if row[0].asked]  # a row without its question tells nothing


def _read(row: Row, model_id: str, name: str, number: int) -> Optimisation:
    asked = row.asked
    return Optimisation(
        row.id, model_id, name, number, row.state, row.why, record.wish(asked), record.lines(asked), record.aside(asked),
        Decimal(asked["share"]), record.series(asked), record.result(row.made), row.said_by, row.created_at,
    )  # fmt: skip


OPTIMISE = jobs.Job(JOB, keep, fetch=compute, example={"id": "0" * 26, "fetched": None})
