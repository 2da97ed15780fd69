"""What a project is judged and projected by, read from the book: profiles, facts of supports, targets (CO-04)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.api import supports
from core.api import wealth
from core.api.db import TenantSession
from core.api.types import Adviser
from plugins.conformite import profiles
from plugins.conformite.profiles import Established
from plugins.conformite.projects import adequacy
from plugins.conformite.projects import allocations
from plugins.conformite.projects import assumptions
from plugins.conformite.projects import kinds
from plugins.conformite.projects import projection
from plugins.conformite.projects.adequacy import Piece
from plugins.conformite.projects.adequacy import Plan
from plugins.conformite.projects.adequacy import Report
from plugins.conformite.projects.adequacy import Scales
from plugins.conformite.projects.judging import judge
from plugins.conformite.projects.projection import Projection
from plugins.conformite.projects.shapes import Project
from plugins.conformite.projects.targets import CLASSES

#: Facts of supports that rules go by.
FACTS = (
    "sri", "sfdr", "holding_period", "retail", "basic", "informed", "advanced", "no_loss", "limited_loss", "any_loss",
    "preservation", "growth", "income", "tolerance",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """A project with what comes of it. `projection`: None where there is nothing to project; `silent`: classes of which no
    return is supposed."""

    project: Project
    plan: Plan
    scales: Scales
    reports: tuple[Report, ...]
    projection: Projection | None
    silent: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """The gravest of all investors'."""
        return adequacy.worst([one.verdict for one in self.reports])

    @property
    def reached(self) -> bool | None:
        """Whether the central scenario reaches the amount; None where nothing was projected."""
        if self.projection is None:
            return None
        return self.projection.of(projection.MIDDLE).worth >= self.project.terms.amount


def judged(session: TenantSession, adviser: Adviser, project: Project, on: date) -> Judged:
    """One project."""
    return every(session, adviser, [project], on)[project.id]


def every(session: TenantSession, adviser: Adviser, found: Sequence[Project], on: date) -> dict[str, Judged]:
    """Several, by their ids: as many queries as for one."""
    people = {key: name for one in found for key, name in _investors(one).items()}
    known = profiles.current(session, adviser, list(people))
    ids = {line.support_id for one in found for line in one.lines if line.support_id}
    facts = supports.facts.of_many(session, sorted(ids), FACTS) if ids else {}
    told = {key: {code: fact.told.value for code, fact in some.items()} for key, some in facts.items()}
    scales = Scales(allocations.current(session), assumptions.load())
    return {one.id: _judged(one, known, told, scales, on) for one in found}


def _judged(
    project: Project, known: Mapping[str, Established], told: Mapping[str, Mapping[str, str]], scales: Scales, on: date
) -> Judged:  # fmt: skip
    plan = _plan(project, known.get(project.contact_id), told, scales, on)
    reports = tuple(judge(key, name, known.get(key), plan, scales) for key, name in _investors(project).items())
    of = projection.market(plan.weights, scales.supposed) if plan.pieces else None
    projected = projection.project(of, project.terms.amount, project.payments) if of and project.months else None
    return Judged(project, plan, scales, reports, projected, projection.unknown(plan.weights, scales.supposed))


def _investors(project: Project) -> dict[str, str]:
    """Who invests, of those whom the reader sees, id → name."""
    found = {project.contact_id: project.contact}
    if project.co_investor and project.terms.co_contact_id:
        found[project.terms.co_contact_id] = project.co_investor
    return found


def _plan(
    project: Project, profile: Established | None, told: Mapping[str, Mapping[str, str]], scales: Scales, on: date
) -> Plan:
    account = project.account
    if project.surrender:
        locked = account is not None and wealth.liquidity(account.envelope, None, pledged=False) == "BLOQUEE"
        return Plan(on, 0, surrender=True, account=account, locked=locked)
    if project.terms.allocation == kinds.BY_PROFILE:
        weights: Mapping[str, Decimal] = scales.targets.levels.get(profile.level, {}) if profile else {}
        pieces = tuple(Piece(CLASSES[code], weight, code) for code, weight in weights.items())
    else:
        pieces = tuple(
            Piece(one.label, one.weight, one.asset_class, one.type, told.get(one.support_id or "", {})) for one in project.lines
        )
    return Plan(on, project.months, pieces, account=account)
