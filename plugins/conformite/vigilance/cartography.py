"""The map of vigilance: levels by the age of the last review; each number is that of the list that it opens (CO-05, NX-01)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import timedelta

from sqlalchemy import case
from sqlalchemy import func
from sqlalchemy import select

from core.api import book
from core.api import queries
from core.api import rights
from core.api.db import TenantSession
from core.api.finance import due_on
from core.api.formats import day
from core.api.types import Adviser
from plugins.conformite import situation
from plugins.conformite.vigilance import assessments
from plugins.conformite.vigilance import current
from plugins.conformite.vigilance import ruleset

LEVEL, ASSESSED, REVIEW = "conformite.vigilance", "conformite.vigilance_du", "conformite.vigilance_revue"
VALIDATION = "conformite.vigilance_validation"
#: Age of the last assessment → its bounds in months, the first one included.
AGES: Mapping[str, tuple[int, int | None]] = {
    "MOINS_6": (0, 6), "DE_6_A_12": (6, 12), "DE_12_A_24": (12, 24), "DE_24_A_36": (24, 36), "PLUS_36": (36, None),
}  # fmt: skip
AGE_LABELS: dict[str, str] = {
    "MOINS_6": "Moins de 6 mois", "DE_6_A_12": "6 à 12 mois", "DE_12_A_24": "1 à 2 ans", "DE_24_A_36": "2 à 3 ans",
    "PLUS_36": "3 ans et plus",
}  # fmt: skip
#: What is looked at beside the cells.
REINFORCED, TO_VALIDATE, LATE, NEVER = "RENFORCEE", "A_VALIDER", "EN_RETARD", "JAMAIS"
VIEWS: dict[str, str] = {
    REINFORCED: "Vigilance renforcée", TO_VALIDATE: "À valider", LATE: "Revue en retard", NEVER: "Jamais évalués",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Map:
    """How many of an adviser's clients. `cells`: (level, age) → number; `views`: code of VIEWS → number."""

    cells: Mapping[tuple[str, str], int]
    views: Mapping[str, int]
    total: int

    def of_level(self, level: str) -> int:
        """All of a level, whatever the age."""
        return sum(count for (one, _age), count in self.cells.items() if one == level)


def counted(session: TenantSession, adviser: Adviser, on: date) -> Map:
    """The map of a day, over the clients that the adviser sees: one query."""
    contact = book.Contact
    seen = (
        select(
            current.level().label("level"), current.column("assessed_on").label("assessed"),
            current.column("review_on").label("review"), current.waiting().label("waiting"),
        )
        .where(rights.on(contact.id, adviser, "contact", each=True), situation.followed())
        .subquery()
    )  # fmt: skip
    bounds = [(seen.c.assessed > due_on(on, -most), age) for age, (_least, most) in AGES.items() if most is not None]
    age = case((seen.c.assessed.is_(None), None), *bounds, else_="PLUS_36")
    late = func.sum(case((seen.c.review < on, 1), else_=0))
    waits = func.sum(case((seen.c.waiting, 1), else_=0))
    rows = session.execute(
        select(seen.c.level, age.label("age"), func.count(), late, waits).group_by(seen.c.level, age)
    ).all()
    cells = {(level, age): 0 for level in ruleset.LEVELS for age in AGES}
    cells.update({(row[0], row[1]): row[2] for row in rows if row[1] is not None})
    views = {
        REINFORCED: sum(cells[REINFORCED, one] for one in AGES), TO_VALIDATE: sum(int(row[4] or 0) for row in rows),
        LATE: sum(int(row[3] or 0) for row in rows), NEVER: sum(row[2] for row in rows if row[1] is None),
    }  # fmt: skip
    return Map(cells, views, sum(row[2] for row in rows))


def of_cell(level: str, age: str, on: date, fields: queries.Registry) -> queries.Asked:
    """The request of a cell."""
    least, most = AGES[age]
    rules = [queries.Rule(LEVEL, "=", (level,)), queries.Rule(ASSESSED, "<=", (day(due_on(on, -least)),))]
    if most is not None:
        rules.append(queries.Rule(ASSESSED, ">=", (day(due_on(on, -most) + timedelta(days=1)),)))
    return _asked(rules, fields)


def of_view(code: str, on: date, fields: queries.Registry) -> queries.Asked:
    """The request of a code of VIEWS."""
    rule = {
        REINFORCED: queries.Rule(LEVEL, "=", (REINFORCED,)), NEVER: queries.Rule(LEVEL, "=", (current.NEVER,)),
        TO_VALIDATE: queries.Rule(VALIDATION, "=", (assessments.TO_VALIDATE,)),
        LATE: queries.Rule(REVIEW, "<=", (day(on - timedelta(days=1)),)),
    }[code]  # fmt: skip
    return _asked([rule], fields)


def _asked(rules: list[queries.Rule], fields: queries.Registry) -> queries.Asked:
    followed = queries.Rule(situation.PATH, "in", tuple(situation.SITUATIONS))
    return queries.Asked(queries.Group((*rules, followed)), fields=fields)
