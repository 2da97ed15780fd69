"""`/p/conformite/projects`: projects, their projection and their adequacy, for programs (CO-04)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api import supports
from core.api.db import DomainError
from core.api.db import today
from core.api.finance import due_on
from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.web import also_reads
from plugins.conformite import profiles
from plugins.conformite.projects import gathering
from plugins.conformite.projects import kinds
from plugins.conformite.projects import projection
from plugins.conformite.projects import reading
from plugins.conformite.projects import schemas as shapes
from plugins.conformite.projects import writing
from plugins.conformite.projects.gathering import Judged
from plugins.conformite.projects.shapes import Project
from plugins.conformite.projects.shapes import Share
from plugins.conformite.projects.shapes import Terms

READ, WRITE = "contacts:read", "contacts:write"
PROJECTS = Resource(
    "conformite_projects", _l("Projets d'investissement"),
    _l("Montant, horizon, effort, allocation\u202f; projection et adéquation calculées."), plugin="conformite",
)  # fmt: skip
HUNDRED = Decimal(100)
_BASE = "/p/conformite/projects"
_ONE = f"{_BASE}/{{project_id}}"
_COSTS = ("entry_cost", "yearly_cost")


@PROJECTS.get(_BASE, _l("Lister les projets"), shapes.ProjectOut, asks=shapes.ProjectQuery, paged=True, scope=READ)
def listed(call: Call) -> Slice[Any]:
    """Those of contacts that the owner sees; or those of a file."""
    if who := call.asked.get("contact"):
        card = contacts.get_contact(call.session, call.adviser, who)
        home = card.line.kind == profiles.HOUSEHOLD
        ids = [one.id for one in card.members if one.kind == profiles.PERSON] if home else [who]
        return _slice(call, call.among(reading.of_contacts(call.session, call.adviser, ids).own, lambda one: one.id))
    after = call.after[0] if call.after else None
    return _slice(call, call.page(reading.following(call.session, call.adviser, after, size=call.more), lambda one: (one.id,)))


@PROJECTS.post(
    _BASE, _l("Créer un projet"), shapes.ProjectOut, takes=shapes.ProjectNew, status=201, scope=WRITE,
    about=_l("Au dossier d'une personne ou d'une société\u202f: un foyer a les projets de ses membres."),
)  # fmt: skip
def create(call: Call) -> Reply:
    """As «Nouveau projet»."""
    sent = dict(call.taken)
    contact_id = sent.pop("contact_id")
    writing.owner(call.session, call.adviser, contact_id)
    base = Terms(
        sent["title"], sent["kind"], sent["goal"], sent["amount"], sent["origin"], sent["starts_on"],
        sent.get("ends_on") or sent["starts_on"],
    )  # fmt: skip
    made = writing.create(call.session, call.adviser, contact_id, _terms(call, base, sent), project_id=call.once or None)
    return Reply(show(call, made), f"{_BASE}/{made}")


@PROJECTS.get(_ONE, _l("Lire un projet"), shapes.ProjectOut, scope=READ)
def show(call: Call, project_id: str) -> dict[str, Any]:
    """One, whose reading is noted in its contact's file, which the address does not name."""
    return _shown(_judged(call, project_id))


@PROJECTS.patch(
    _ONE, _l("Modifier un projet"), shapes.ProjectOut, takes=shapes.ProjectPatch, scope=WRITE, same="conformite_projects_show"
)
def change(call: Call, project_id: str) -> dict[str, Any]:
    """What was sent, and nothing else."""
    found = writing.editable(call.session, call.adviser, project_id)
    writing.change(call.session, call.adviser, project_id, _terms(call, found.terms, call.taken))
    return show(call, project_id)


@PROJECTS.post(f"{_ONE}/archive", _l("Archiver un projet"), shapes.ProjectOut, scope=WRITE)
def archive(call: Call, project_id: str) -> dict[str, Any]:
    """Put it away."""
    writing.archive(call.session, call.adviser, project_id)
    return show(call, project_id)


@PROJECTS.post(f"{_ONE}/restore", _l("Sortir un projet des archives"), shapes.ProjectOut, scope=WRITE)
def restore(call: Call, project_id: str) -> dict[str, Any]:
    """Take it back."""
    writing.restore(call.session, call.adviser, project_id)
    return show(call, project_id)


@PROJECTS.get(f"{_ONE}/adequacy", _l("Lire l'adéquation d'un projet"), shapes.AdequacyOut, scope=READ)
def adequate(call: Call, project_id: str) -> dict[str, Any]:
    """Each rule with its reason and its source."""
    found = _judged(call, project_id)
    return {"on": today(), "verdict": found.verdict, "reports": found.reports}


@PROJECTS.get(
    f"{_ONE}/projection", _l("Lire la projection d'un projet"), shapes.ProjectionOut, scope=READ,
    about=_l("Simulation\u202f: trois centiles d'une loi lognormale, sans tirage, nets de frais, avant impôts."),
)  # fmt: skip
def projected(call: Call, project_id: str) -> dict[str, Any]:
    """The three scenarios, year by year, and what each was supposed of."""
    found = _judged(call, project_id)
    made, supposed = found.projection, found.scales.supposed
    told = {"supposed": supposed.version, "supposed_on": supposed.dated, "silent": found.silent}
    if made is None:
        return {**told, "mean": None, "volatility": None, "scenarios": ()}
    days = [due_on(found.project.terms.starts_on, mark) for mark in made.marks]
    return {**told, "mean": made.market.mean, "volatility": made.market.volatility, "scenarios": [
        {
            "code": one.code, "percentile": projection.PERCENTILES[one.code], "rate": one.rate, "worth": one.worth,
            "effort": one.effort, "points": [
                {"on": on, "value": value, "paid": paid} for on, value, paid in zip(days, one.values, made.paid, strict=True)
            ],
        }
        for one in made.scenarios
    ]}  # fmt: skip


def _judged(call: Call, project_id: str) -> Judged:
    found = reading.get(call.session, call.adviser, project_id)
    also_reads("contact", found.contact_id)
    return gathering.judged(call.session, call.adviser, found, today())


def _terms(call: Call, base: Terms, sent: Mapping[str, Any]) -> Terms:
    told = {name: value for name, value in sent.items() if name not in ("lines", *_COSTS)}
    costs = {name: sent[name] / HUNDRED for name in _COSTS if name in sent}
    shares = _shares(call, sent["lines"]) if "lines" in sent else base.shares
    made = replace(base, **{**told, **costs}, shares=shares)
    lacking = made.allocation in (kinds.BY_CLASS, kinds.BY_SUPPORT) and not made.shares
    if made.kind == kinds.PLACED and lacking:
        raise DomainError("Donnez les lignes de cette allocation\u202f: les poids font 100.", field="lines")
    return made


def _shares(call: Call, sent: Sequence[Mapping[str, Any]]) -> tuple[Share, ...]:
    """The lines of a body, each a class or a support by its ISIN, code or label."""
    found = []
    for n, one in enumerate(sent, 1):
        code, text = one.get("asset_class"), one.get("support")
        if bool(code) == bool(text):
            raise DomainError(f"La ligne {n} désigne une classe d'actifs ou un support, l'un des deux.", field="lines")
        support_id = supports.naming.support(call.session, text, call.adviser.user_id) if text else None
        if text and support_id is None:
            raise DomainError(f"Aucun support ne porte le code «\u202f{text[:40]}\u202f» de la ligne {n}.", field="lines")
        found.append(Share(one["weight"] / HUNDRED, code, support_id))
    return tuple(found)


def _slice(call: Call, found: Slice[Project]) -> Slice[Any]:
    judged = gathering.every(call.session, call.adviser, found.items, today())
    return Slice(tuple(_shown(judged[one.id]) for one in found.items), found.last)


def _shown(judged: Judged) -> dict[str, Any]:
    found, terms = judged.project, judged.project.terms
    names = ("title", "kind", "goal", "amount", "origin", "origin_note", "starts_on", "ends_on", "initial", "monthly",
             "allocation", "account_id", "co_contact_id", "provider", "remarks")  # fmt: skip
    seen = {"account_id": terms.account_id if found.account else None, "co_contact_id": _other(found)}
    return {
        **{name: getattr(terms, name) for name in names}, **seen,
        "id": found.id, "contact_id": found.contact_id, "months": found.months, "status": found.status(today()),
        "verdict": judged.verdict, "archived_at": found.archived_at, "author": found.said_by, "updated_at": found.updated_at,
        "entry_cost": terms.entry_cost * HUNDRED, "yearly_cost": terms.yearly_cost * HUNDRED,
        "lines": [
            {
                "label": one.label, "asset_class": one.asset_class, "support_id": one.support_id,
                "weight": (one.weight * HUNDRED).quantize(Decimal("0.01")),
            }
            for one in found.lines
        ],
    }  # fmt: skip


def _other(found: Project) -> str | None:
    return found.terms.co_contact_id if found.co_investor else None
