"""The demonstration's relations are such as the product itself would take, and fill its pages (DO-02)."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select

from core.contacts import kinship
from core.contacts import relation_rules
from core.contacts import relations
from core.contacts import structures
from core.contacts.models import Contact
from core.contacts.relation_models import Relation
from core.db.clock import today
from core.db.session import Database
from core.hooks.types import Adviser
from tests.core.demo.test_demo_load import cabinet_id


@pytest.mark.parametrize("slug", ["demo", "second"])
def test_the_rules_would_take_each(loaded: Database, slug: str) -> None:
    """DO-02: no rule refuses what was written without asking them."""
    with loaded.session(cabinet_id(loaded, slug), write=False) as session:
        people = {one.id: one for one in session.scalars(select(Contact))}
        rows = session.scalars(select(Relation)).all()
        for row in rows:
            told = {name: getattr(row, name) for name in relations.FIELDS}
            relation_rules.check(
                session, "cli", relation_rules.Draft(people[row.a_id], people[row.b_id], row.kind, **told, id=row.id)
            )
        unions = relations.unions(session, list(people), today())
        situations = {"CONJOINT": "MARIE", "PARTENAIRE_PACS": "PACSE", "CONCUBIN": "CONCUBIN"}
        assert all(people[one].situation == situations[union.kind] for one, union in unions.items())
        kinds = Counter(row.kind for row in rows)
        wanted = {"CONJOINT"} if slug == "second" else {
            "CONJOINT", "PARTENAIRE_PACS", "CONCUBIN", "EX_CONJOINT", "PARENT", "TUTEUR", "ASSOCIE", "DIRIGEANT",
            "BENEFICIAIRE_EFFECTIF", "APPORTEUR", "CONSEIL",
        }  # fmt: skip
        assert wanted <= set(kinds), kinds


def test_four_generations_and_a_holding(loaded: Database) -> None:
    """DO-02: a family to draw, a chain of companies with its owner."""
    with loaded.session(cabinet_id(loaded, "demo"), write=False) as session:
        names = {one.display_name: one.id for one in session.scalars(select(Contact))}
        sees = frozenset({"contacts.view", "contacts.view_all"})
        boss = Adviser("x", session.require_cabinet(), "x", "x", "ADMINISTRATEUR", sees)
        family = kinship.of(session, boss, names["Durand Jeanne"])
        assert {one.role for one in family.people} >= {"", "CONJOINT", "PARENT", "FRERE_SOEUR", "ENFANT", "PETIT_ENFANT"}
        structure = structures.of(session, boss, names["SCI Quai de Versailles"], today())
        assert [one.name for one in structure.owners] == ["Faure Henri", "Chauvet Denis"]
