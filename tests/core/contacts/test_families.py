"""Situations proposed with a union, households, the drawn family and the drawn structure (DO-02)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.contacts import channels
from core.contacts import households
from core.contacts import kinship
from core.contacts import relations
from core.contacts import services as contacts
from core.contacts import situations
from core.contacts import structures
from core.contacts.models import Contact
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from tests.core.accounts.book import Book
from tests.core.contacts.test_relations import company
from tests.core.contacts.test_relations import person


def row(session: TenantSession, one: str) -> Contact:
    return session.scalars(select(Contact).where(Contact.id == one)).one()


def test_a_union_proposes_and_never_overwrites(book: Book) -> None:
    """DO-02: both files' situation and régime, before and after; written for whom one agreed, and for nobody else."""
    with book.db.session(1) as session:
        anne = person(session, book, "Anne", situation="CELIBATAIRE")
        luc = person(session, book, "Luc", situation="MARIE", matrimonial_regime="SEPARATION_DE_BIENS")
        found = situations.on_union(session, book.marc, "CONJOINT", (anne, luc), None)
        assert [(one.contact_id, dict(one.changes)) for one in found] == [
            (anne, {"situation": "MARIE", "matrimonial_regime": "SEPARATION_DE_BIENS"})
        ]
        assert [(step.before, step.after) for step in found[0].steps] == [
            ("Célibataire", "Marié(e)"), ("—", "Séparation de biens"),
        ]  # fmt: skip
        other = situations.on_union(session, book.marc, "CONJOINT", (anne, luc), "COMMUNAUTE_UNIVERSELLE")
        assert {one.contact_id for one in other} == {anne, luc}
        situations.accept(session, book.marc, other, [luc])
        assert (row(session, anne).situation, row(session, luc).matrimonial_regime) == ("CELIBATAIRE", "COMMUNAUTE_UNIVERSELLE")
        with pytest.raises(DomainError):
            situations.on_union(session, book.marc, "PARTENAIRE_PACS", (anne, luc), "SEPARATION_DE_BIENS")
        relations.add(session, "cli", book.jeanne, "CONJOINT", book.paul)
        mine = situations.on_union(session, book.boss, "CONJOINT", (book.jeanne, book.paul), None)
        assert all(one.may for one in mine)


def test_the_end_of_a_union_proposes_what_follows(book: Book) -> None:
    """DO-02: a divorce, a dissolution, a death: the survivor is a widow; a death that no file knows is asked for."""
    with book.db.session(1) as session:
        anne, luc = (person(session, book, name, situation="MARIE") for name in ("Anne", "Luc"))
        relations.add(session, book.marc, anne, "CONJOINT", luc, since=date(2001, 1, 1))
        for how, after in (("DIVORCE", "DIVORCE"), ("AUTRE", None)):
            found = situations.on_end(session, book.marc, "CONJOINT", (anne, luc), how, today())
            assert {one.changes["situation"] for one in found} == ({after} if after else set())
        with pytest.raises(DomainError) as error:
            situations.on_end(session, book.marc, "CONJOINT", (anne, luc), "DECES", today())
        assert error.value.field == "how"
        contacts.update(session, book.marc, luc, {"vital": "DECEDE", "death_date": date(2020, 1, 2)})
        found = situations.on_end(session, book.marc, "CONJOINT", (anne, luc), "DECES", date(2020, 1, 2))
        assert [(one.contact_id, one.changes["situation"]) for one in found] == [(anne, "VEUF")]


def test_a_household_of_a_couple(book: Book) -> None:
    """DO-02: one click: both, their minor children, their address; who lives together unmarried declares alone."""
    with book.db.session(1) as session:
        anne, luc = (person(session, book, name) for name in ("Anne", "Luc"))
        child = person(session, book, "Lou", birth_date=date(today().year - 6, 1, 2), protection="MINEUR")
        grown = person(session, book, "Max", birth_date=date(today().year - 25, 1, 2))
        with pytest.raises(DomainError):
            households.make(session, book.marc, anne, luc)
        relations.add(session, book.marc, anne, "CONCUBIN", luc)
        for one in (child, grown):
            relations.add(session, book.marc, anne, "ENFANT", one)
        home_of = {"usage": "DOMICILE", "street": "3 rue du Port", "postal_code": "44000", "city": "Nantes"}
        channels.add(session, book.marc, luc, "address", home_of)
        made = households.make(session, book.marc, anne, luc)
        home = households.of(session, book.marc, made)
        assert (home.name, home.address) == ("Essai Anne et Luc", "3 rue du Port, 44000 Nantes")
        assert {one.id: (one.tax_attached, one.shares) for one in home.members} == {
            anne: (False, None), luc: (False, True), child: (True, None),
        }  # fmt: skip
        households.attach(session, book.marc, made, luc, attached=True)
        assert {one.id for one in households.of(session, book.marc, made).members if one.tax_attached} == {luc, child}
        with pytest.raises(Conflict):
            households.make(session, book.marc, luc, anne)
        with pytest.raises(NotFound):
            households.attach(session, book.marc, made, grown, attached=True)


def test_the_family_that_is_drawn(book: Book) -> None:
    """DO-02: grandparents to grandchildren, found through parents and children; what is left out is counted."""
    with book.db.session(1) as session:
        names = ("Moi", "Père", "Mère", "Mamie", "Sœur", "Mari", "Ex", "Fils", "Petite")
        me, father, mother, granny, sister, husband, former, son, small = (person(session, book, name) for name in names)
        ties = (
            (me, "PARENT", father), (me, "PARENT", mother), (mother, "PARENT", granny), (father, "ENFANT", sister),
            (me, "CONJOINT", husband), (me, "EX_CONJOINT", former), (me, "ENFANT", son), (husband, "ENFANT", son),
            (son, "ENFANT", small),
        )  # fmt: skip
        for one, role, other in ties:
            relations.add(session, book.marc, one, role, other)
        family = kinship.of(session, book.marc, me)
        assert {one.id: (one.role, one.row) for one in family.people} == {
            me: ("", 0), father: ("PARENT", -1), mother: ("PARENT", -1), granny: ("GRAND_PARENT", -2), sister: ("FRERE_SOEUR", 0),
            husband: ("CONJOINT", 0), former: ("EX_CONJOINT", 0), son: ("ENFANT", 1), small: ("PETIT_ENFANT", 2),
        }  # fmt: skip
        assert (husband, son) in family.descents
        assert {one.id for one in family.people if one.ended} == {former}
        places = [(one.row, one.column) for one in family.people]
        assert all(abs(one[1] - other[1]) >= 1 for n, one in enumerate(places) for other in places[:n] if one[0] == other[0])
        assert family.left_out == {}
        for n in range(15):
            relations.add(session, book.marc, me, "ENFANT", person(session, book, f"Enfant {n}"))
        assert kinship.of(session, book.marc, me).left_out == {"ENFANT": 4}
        assert kinship.left_out_said({"ENFANT": 4, "PARTNER": 1}) == "4 enfants, 1 union"
        relations.add(session, "cli", me, "FRERE_SOEUR", book.paul)
        assert book.paul not in {one.id for one in kinship.of(session, book.marc, me).people}


def test_the_structure_and_its_beneficial_owners(book: Book) -> None:
    """DO-02: shares multiply down a chain and add up over chains; more than 25 % of the capital or of the votes is an owner."""
    with book.db.session(1) as session:
        firm, holding, lower = (company(session, book, name) for name in ("Exploitation", "Holding", "Filiale"))
        anne, luc, eve, max_ = (person(session, book, name) for name in ("Anne", "Luc", "Ève", "Max"))
        parts = (
            (holding, firm, "0.6", "PLEINE_PROPRIETE"), (anne, holding, "0.5", "PLEINE_PROPRIETE"),
            (anne, firm, "0.1", "PLEINE_PROPRIETE"), (luc, holding, "0.4", "PLEINE_PROPRIETE"),
            (eve, firm, "0.3", "USUFRUIT"), (max_, firm, "0.3", "NUE_PROPRIETE"),
            (firm, lower, "0.5", "PLEINE_PROPRIETE"),
        )  # fmt: skip
        for one, of, share, right in parts:
            relations.add(session, book.marc, one, "SOCIETE_DETENUE", of, share=Decimal(share), right=right)
        relations.add(session, book.marc, firm, "BENEFICIAIRE_EFFECTIF", luc)
        found = structures.of(session, book.marc, firm, today())
        assert {one.id: (one.layer, one.capital, one.votes) for one in found.nodes} == {
            firm: (0, 1, 1), holding: (-1, Decimal("0.6"), Decimal("0.6")), anne: (-2, Decimal("0.4"), Decimal("0.4")),
            luc: (-2, Decimal("0.24"), Decimal("0.24")), eve: (-1, 0, Decimal("0.3")), max_: (-1, Decimal("0.3"), 0),
            lower: (1, Decimal("0.5"), Decimal("0.5")),
        }  # fmt: skip
        assert {one.id: (one.owner, one.declared) for one in found.owners} == {
            anne: (True, False), eve: (True, False), max_: (True, False), luc: (False, True),
        }  # fmt: skip
        below = structures.of(session, book.marc, anne, today())
        assert {one.id: (one.layer, one.capital) for one in below.nodes} == {
            anne: (0, 1), holding: (1, Decimal("0.5")), firm: (2, Decimal("0.4")), lower: (3, Decimal("0.2")),
        }  # fmt: skip
        assert [tie.said for tie in found.ties if tie.holder == eve] == ["30\u00a0% US"]
