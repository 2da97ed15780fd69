"""Relations: each end sees its inverse; what cannot be is refused; who may not see an end is told nothing (DO-02)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.cabinets import rights
from core.cabinets.models import AuditEntry
from core.contacts import kinship
from core.contacts import relations
from core.contacts import services as contacts
from core.contacts.relation_models import Relation
from core.contacts.relation_types import KINDS
from core.contacts.relation_types import ROLE_LABELS
from core.contacts.relation_types import ROLES
from core.contacts.relation_types import offered
from core.contacts.schemas import NewContact
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from tests.core.accounts.book import Book
from tests.core.accounts.book import Counter

DAY = date(2020, 6, 1)


def person(session: TenantSession, book: Book, first: str, **more: object) -> str:
    data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Essai", first_names=first, **more)  # type: ignore[arg-type]
    return contacts.create(session, book.marc, data)


def company(session: TenantSession, book: Book, name: str) -> str:
    return contacts.create(session, book.marc, NewContact("PERSONNE_MORALE", "CLIENT", company_name=name))


def seen(session: TenantSession, book: Book, one: str) -> list[tuple[str, str]]:
    """Role and id of the other end of each relation."""
    return [(tie.role, tie.other.id) for tie in relations.of_contact(session, book.marc, one, size=500).items]


def test_each_kind_shows_its_inverse(book: Book) -> None:
    """DO-02: said from either side, it is one row, and each file names what the other is to it."""
    assert set(ROLES) == set(ROLE_LABELS)
    with book.db.session(1) as session:
        for role, known in ROLES.items():
            kind = KINDS[known.kind]
            made = [
                person(session, book, f"{role} {end}") if "PERSONNE_PHYSIQUE" in fits else company(session, book, f"{role} {end}")
                for end, fits in (("a", kind.fits[0]), ("b", kind.fits[1]))
            ]
            a, b = made
            mine, other = (b, a) if known.side == "a" else (a, b)
            told = {"share": Decimal("0.3")} if known.kind == "ASSOCIE" else {}
            told |= {"counsel": "NOTAIRE"} if known.kind == "CONSEIL" else {}  # type: ignore[dict-item]
            relations.add(session, book.marc, mine, role, other, **told)
            inverse = kind.b if known.side == "a" else kind.a
            assert (seen(session, book, mine), seen(session, book, other)) == ([(role, other)], [(inverse, mine)]), role
            assert role in offered("PERSONNE_PHYSIQUE") or role in offered("PERSONNE_MORALE")


def test_what_cannot_be_is_refused(book: Book) -> None:
    """DO-02, bad input: oneself, what does not fit, a circle of descent at any depth, twice, two kinships, dates."""
    with book.db.session(1) as session:
        line = [person(session, book, f"Aïeul {n}") for n in range(6)]
        firm = company(session, book, "Tilleuls")
        for elder, younger in pairwise(line):
            relations.add(session, book.marc, younger, "PARENT", elder)
        old = person(session, book, "Vieux", birth_date=date(1950, 1, 1))
        young = person(session, book, "Jeune", birth_date=date(1980, 1, 1))

        def refused(field: str, *args: str, words: str = "", **told: object) -> None:
            with pytest.raises(DomainError) as error:
                relations.add(session, book.marc, *args, **told)  # type: ignore[arg-type]
            assert error.value.field == field, error.value.text
            assert words in error.value.text

        refused("other", line[0], "FRERE_SOEUR", line[0])
        refused("role", line[0], "ENFANT", firm, words="personne physique")
        refused("role", firm, "CONJOINT", line[0])
        refused("role", line[0], "SOCIETE_DETENUE", line[1], words="société", share=Decimal(1))
        refused("role", line[0], "PARENT", line[5], words="son propre ancêtre")
        refused("role", line[0], "GRAND_PARENT", line[4])
        refused("other", line[1], "PARENT", line[0], words="déjà dans le dossier")
        refused("role", line[1], "FRERE_SOEUR", line[0], words="ne vont pas ensemble")
        refused("role", line[1], "CONJOINT", line[0])
        refused("role", old, "PARENT", young, words="est né avant")
        refused("since", old, "CONJOINT", young, since=date(1970, 1, 1), words="naissance")
        refused("since", old, "CONJOINT", young, since=date(2190, 1, 1))
        refused("until", old, "CONJOINT", young, since=DAY, until=DAY)
        refused("share", old, "SOCIETE_DETENUE", firm, words="part")
        refused("share", old, "SOCIETE_DETENUE", firm, share=Decimal("1.01"))
        refused("share", old, "CONJOINT", young, share=Decimal(1))
        refused("counsel", old, "CONSEIL", young)
        refused("function", firm, "DIRIGEANT", old, function="x" * 101)
        refused("note", firm, "DIRIGEANT", old, note="a\x00b")
        assert seen(session, book, old) == []


def test_one_union_at_a_time(book: Book) -> None:
    """DO-02: marriage, PACS and concubinage exclude each other while they last; a death and an end set free."""
    with book.db.session(1) as session:
        anne, luc, eve = (person(session, book, name) for name in ("Anne", "Luc", "Ève"))
        dead = person(session, book, "Feu", vital="DECEDE", death_date=date(2010, 5, 4))
        relations.add(session, book.marc, anne, "CONJOINT", dead, since=date(1990, 1, 1))
        first = relations.add(session, book.marc, anne, "PARTENAIRE_PACS", luc, since=date(2015, 1, 1))
        for kind in ("CONJOINT", "PARTENAIRE_PACS", "CONCUBIN"):
            with pytest.raises(Conflict, match="Essai Luc"):
                relations.add(session, book.marc, anne, kind, eve)
            with pytest.raises(Conflict):
                relations.add(session, book.marc, eve, kind, anne, since=date(2012, 1, 1))
        relations.end(session, book.marc, luc, first, date(2018, 1, 1))
        second = relations.add(session, book.marc, anne, "CONJOINT", eve, since=date(2018, 1, 1))
        with pytest.raises(Conflict):
            relations.change(session, book.marc, anne, second, {"since": date(2017, 12, 31)})
        held = relations.unions(session, [anne, luc, eve, dead], date(2017, 1, 1))
        assert {one: (union.partner_id, union.kind) for one, union in held.items()} == {
            anne: (luc, "PARTENAIRE_PACS"), luc: (anne, "PARTENAIRE_PACS"),
        }  # fmt: skip
        assert set(relations.unions(session, [anne, eve, dead], date(2010, 5, 3))) == {anne, dead}
        assert relations.unions(session, [anne, dead], date(2010, 5, 4)) == {}
        assert relations.unions(session, [eve], date(2018, 1, 1))[eve].since == date(2018, 1, 1)


def test_shares_of_a_company(book: Book) -> None:
    """DO-02: full with bare, and full with usufruct, are at most the whole on any day; companies hold no circle."""
    with book.db.session(1) as session:
        firm, mother, holding = (company(session, book, name) for name in ("Kerbihan", "Mère", "Holding"))
        people = [person(session, book, f"Associé {n}") for n in range(4)]

        def hold(who: str, share: str, right: str = "PLEINE_PROPRIETE", of: str = firm, **told: object) -> str:
            told = {"share": Decimal(share), "right": right, **told}
            return relations.add(session, book.marc, who, "SOCIETE_DETENUE", of, **told)

        first = hold(people[0], "0.6", since=date(2010, 1, 1))
        hold(people[1], "0.4", "NUE_PROPRIETE")
        hold(people[2], "0.4", "USUFRUIT")
        for right in ("PLEINE_PROPRIETE", "NUE_PROPRIETE", "USUFRUIT"):
            with pytest.raises(DomainError, match="100"):
                hold(people[3], "0.0001", right, since=DAY)
        relations.end(session, book.marc, people[0], first, DAY)
        hold(people[3], "0.6", since=DAY)
        with pytest.raises(DomainError, match="100"):
            relations.change(session, book.marc, people[0], first, {"until": date(2020, 6, 2)})
        on = {(one.holder_id, one.right, one.share) for one in relations.holdings(session, [firm], today())}
        assert on == {
            (people[1], "NUE_PROPRIETE", Decimal("0.4")), (people[2], "USUFRUIT", Decimal("0.4")),
            (people[3], "PLEINE_PROPRIETE", Decimal("0.6")),
        }  # fmt: skip
        assert [one.company_id for one in relations.holdings(session, [people[0]], date(2015, 1, 1))] == [firm]
        hold(mother, "0.5", of=holding)
        lower = company(session, book, "Fille")
        hold(holding, "1", of=lower)
        with pytest.raises(DomainError, match="cercle"):
            hold(lower, "0.1", of=mother)


def test_who_may_not_see_an_end_is_told_nothing(book: Book) -> None:
    """DO-02, domain.md §3.6: neither the relation, nor its count, nor a name in a refusal; another cabinet has nothing."""
    with book.db.session(1) as session:
        tie = relations.add(session, "cli", book.jeanne, "CONJOINT", book.paul)
        assert seen(session, book, book.jeanne) == []
        assert relations.counts(session, book.marc, book.jeanne) == {}
        assert relations.counts(session, book.boss, book.jeanne) == {"famille": 1}
        assert not rights.sees(session, book.marc, "relation", tie)
        assert rights.sees(session, book.boss, "relation", tie)
        eve = person(session, book, "Ève")
        with pytest.raises(Conflict) as error:
            relations.add(session, book.marc, book.jeanne, "CONJOINT", eve)
        assert "Paul" not in error.value.text
        for act in (
            lambda: relations.get(session, book.marc, book.jeanne, tie),
            lambda: relations.remove(session, book.marc, book.jeanne, tie),
            lambda: relations.end(session, book.marc, book.jeanne, tie, DAY),
            lambda: relations.add(session, book.marc, book.jeanne, "FRERE_SOEUR", book.paul),
        ):
            with pytest.raises(NotFound):
                act()
        reader = type(book.marc)(book.marc.user_id, 1, "x", "x", "LECTEUR", frozenset({"contacts.view", "contacts.view_all"}))
        assert relations.get(session, reader, book.jeanne, tie).label == "Époux, épouse"
        with pytest.raises(Forbidden):
            relations.remove(session, reader, book.jeanne, tie)
    with book.db.session(2) as session, pytest.raises(NotFound):
        relations.of_contact(session, book.stranger, book.jeanne)


def test_removal_is_undone_and_everything_is_audited(book: Book) -> None:
    """DO-02: what was taken away comes back as it was, once; each write has its link in the journal."""
    with book.db.session(1) as session:
        firm, eve = company(session, book, "Tilleuls"), person(session, book, "Ève")
        told = {"share": Decimal("0.333333"), "right": "NUE_PROPRIETE", "since": DAY, "note": "donation"}
        tie = relations.add(session, book.marc, eve, "SOCIETE_DETENUE", firm, relation_id="k" * 26, **told)  # type: ignore[arg-type]
        assert relations.add(session, book.marc, eve, "SOCIETE_DETENUE", firm, relation_id="k" * 26) == tie
        before = relations.get(session, book.marc, firm, tie)
        relations.change(session, book.marc, eve, tie, {"note": "donation-partage"})
        relations.change(session, book.marc, eve, tie, {"note": "donation"})
        kept = relations.remove(session, book.marc, firm, tie)
        assert seen(session, book, eve) == []
        relations.restore(session, book.marc, firm, kept)
        assert relations.get(session, book.marc, firm, tie) == before
        with pytest.raises(Conflict):
            relations.restore(session, book.marc, firm, kept)
        relations.end(session, book.marc, eve, tie, date(2024, 1, 1))
        said = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"relation:{tie}").order_by(AuditEntry.seq))
        assert list(said) == [
            "relation.added", "relation.changed", "relation.changed", "relation.removed", "relation.restored", "relation.ended",
        ]  # fmt: skip


def test_three_thousand_relations_of_one(book: Book, statements: Counter) -> None:
    """Issue 5, bad input: pages and counts take as many queries as for one relation."""
    with book.db.session(1) as session:
        ids = [person(session, book, f"Apporté {n}") for n in range(3)]
        jeanne = book.jeanne
        session.add_all(
            [Relation(a_id=jeanne, b_id=ids[n % 3], kind="APPORTEUR", function=str(n)) for n in range(3000)]
        )
        session.flush()
        statements.clear()
        page = relations.of_contact(session, book.marc, jeanne, group="conseils", number=999)
        assert (page.total, page.number, len(page.items)) == (3000, 120, 25)
        assert relations.counts(session, book.marc, jeanne) == {"conseils": 3000}
        assert len(statements) <= 4
        session.add_all([Relation(a_id=jeanne, b_id=ids[n % 3], kind="PARENT", note=str(n)) for n in range(600)])
        relations.add(session, book.marc, jeanne, "PARENT", person(session, book, "Mère"))
        statements.clear()
        family = kinship.of(session, book.marc, jeanne)
        assert {one.role for one in family.people} == {"", "PARENT", "ENFANT"}
        assert family.left_out == {"ENFANT": 588}
        assert len(statements) <= 5


_FEW = st.integers(0, 3)
_ROLES = st.sampled_from(["PARENT", "PARENT", "ENFANT", "GRAND_PARENT", "CONJOINT", "SOCIETE_DETENUE", "SOCIETE_DETENUE"])
TOLD = st.lists(st.tuples(_ROLES, _FEW, _FEW, st.sampled_from(["0.2", "0.5", "1"])), min_size=6, max_size=24)


@settings(
    max_examples=30, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(TOLD)
def test_random_relations_leave_no_circle_and_no_inverse_out(book: Book, told: list[tuple[str, int, int, str]]) -> None:
    """DO-02: whatever is tried, descent and holdings have no circle, nobody two spouses, no company more than a whole."""
    with book.db.session(1) as session, session.begin_nested() as kept:
        people = [person(session, book, str(n)) for n in range(4)]
        firms = [company(session, book, str(n)) for n in range(4)]
        for role, one, other, share in told:
            pool = firms if role == "SOCIETE_DETENUE" else people
            more = {"share": Decimal(share)} if role == "SOCIETE_DETENUE" else {}
            try:
                relations.add(session, book.marc, pool[one], role, pool[other], **more)
            except DomainError:
                session.flush()
        rows = session.scalars(select(Relation)).all()
        for kinds in (("PARENT", "GRAND_PARENT"), ("ASSOCIE",)):
            below = {row.b_id: {each.a_id for each in rows if each.b_id == row.b_id and each.kind in kinds} for row in rows}
            for one in (*people, *firms):
                known, near = set[str](), {one}
                while near := {up for each in near for up in below.get(each, ())} - known:
                    known |= near
                assert one not in known
        for firm in firms:
            assert sum(row.share or 0 for row in rows if row.b_id == firm) <= 1
        for one in people:
            assert sum(row.kind == "CONJOINT" and one in (row.a_id, row.b_id) for row in rows) <= 1
        for row in rows:
            kind = KINDS[row.kind]
            assert (kind.b, row.b_id) in seen(session, book, row.a_id)
            assert (kind.a, row.a_id) in seen(session, book, row.b_id)
        kept.rollback()
