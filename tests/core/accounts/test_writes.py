"""What may be written of an account: roles, holdings, figures; everything journalled (domain.md §2.2, §2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import NewPosition
from core.accounts.schemas import Role
from core.accounts.schemas import check_roles
from core.cabinets import audit_proof
from core.cabinets.models import AuditEntry
from core.contacts import services as contacts
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.supports import services as supports
from tests.core.accounts.book import Book
from tests.core.accounts.book import person

KINDS = {"a": "PERSONNE_PHYSIQUE", "b": "PERSONNE_PHYSIQUE", "m": "PERSONNE_MORALE", "f": "FOYER"}


def roles(*pairs: str) -> list[Role]:
    return [Role(*pair.split(":")) for pair in pairs]


@pytest.mark.parametrize(
    ("envelope", "given"),
    [
        ("ASSURANCE_VIE", roles("a:ASSURE")),
        ("ASSURANCE_VIE", roles("a:CO_SOUSCRIPTEUR")),
        ("ASSURANCE_VIE", roles("a:SOUSCRIPTEUR", "b:SOUSCRIPTEUR")),
        ("ASSURANCE_VIE", roles("a:SOUSCRIPTEUR", "a:SOUSCRIPTEUR")),
        ("ASSURANCE_VIE", roles("f:SOUSCRIPTEUR")),
        ("ASSURANCE_VIE", roles("inconnu:SOUSCRIPTEUR")),
        ("ASSURANCE_VIE", roles("a:SOUSCRIPTEUR", "m:ASSURE")),
        ("CAPITALISATION", roles("m:SOUSCRIPTEUR", "a:BENEFICIAIRE")),
        ("COMPTE_TITRES", roles("a:NU_PROPRIETAIRE")),
        ("PEA", roles("a:TITULAIRE", "b:CO_TITULAIRE")),
        ("PER_INDIVIDUEL", roles("m:SOUSCRIPTEUR")),
        ("ASSURANCE_VIE", roles("a:ROI")),
        (
            "ASSURANCE_VIE",
            [*roles("a:SOUSCRIPTEUR"), *(Role(who, "BENEFICIAIRE", 1, Decimal("0.6")) for who in "ab")],
        ),
        ("ASSURANCE_VIE", [Role("a", "SOUSCRIPTEUR", clause="Mon conjoint")]),
    ],
)
def test_roles_that_cannot_stand_together_are_refused(envelope: str, given: Sequence[Role]) -> None:
    """domain.md §2.1, §2.2: the rules of roles."""
    with pytest.raises(DomainError):
        check_roles(envelope, given, KINDS)


@pytest.mark.parametrize(
    ("envelope", "given"),
    [
        ("ASSURANCE_VIE", roles("a:SOUSCRIPTEUR", "b:CO_SOUSCRIPTEUR", "a:ASSURE", "b:BENEFICIAIRE")),
        ("CAPITALISATION", roles("m:SOUSCRIPTEUR")),
        ("COMPTE_TITRES", roles("a:NU_PROPRIETAIRE", "b:USUFRUITIER")),
        ("PEA", roles("a:TITULAIRE", "b:MANDATAIRE")),
    ],
)
def test_roles_that_may_stand_together_are_accepted(envelope: str, given: Sequence[Role]) -> None:
    """domain.md §2.1, §2.2: the rules of roles do not refuse what is usual."""
    check_roles(envelope, given, KINDS)


def actions(session: TenantSession) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq.desc())))


def test_one_number_a_depositary(book: Book) -> None:
    """domain.md §2.2: the number is unique at its depositary, whatever its spelling."""
    with book.db.session(1) as session:
        again = NewAccount("ASSURANCE_VIE", "him0012345", "Himalia", book.company, roles(f"{book.jeanne}:SOUSCRIPTEUR"))
        with pytest.raises(Conflict):
            accounts.create(session, "cli", again)
        other = supports.company_for(session, "spirica", name="Spirica")
        elsewhere = NewAccount("PEA", "him0012345", "PEA", other, roles(f"{book.jeanne}:TITULAIRE"))
        assert accounts.create(session, book.marc, elsewhere)
        with pytest.raises(Conflict):
            accounts.update(
                session, "cli", next(ref.id for ref in accounts.refs(session, book.marc) if ref.envelope == "PEA"),
                {"depositary_id": book.company},
            )  # fmt: skip


def test_a_change_is_journalled_and_told(book: Book) -> None:
    """BL-06: each write leaves a link of the chain; listeners hear in the same transaction."""
    heard: list[str] = []

    def listener(_session: TenantSession, ids: Sequence[str]) -> None:
        heard.extend(ids)

    accounts.on_change(listener)
    with book.db.session(1) as session:
        accounts.update(session, book.marc, book.himalia, {"title": "Himalia 2", "pledged": True})
        assert heard == [book.himalia]
        assert accounts.get_ref(session, book.marc, book.himalia).pledged
        assert actions(session)[0] == "account.changed"
        before = len(actions(session))
        accounts.update(session, book.marc, book.himalia, {"title": "Himalia 2"})
        assert (len(actions(session)), heard) == (before, [book.himalia])
        assert audit_proof.verify(session).fault is None


def test_only_those_who_may_write_do(book: Book) -> None:
    """domain.md §3.6, line 17: neither another adviser nor one without the right changes an account."""
    with book.db.session(1) as session:
        with pytest.raises(NotFound):
            accounts.update(session, book.claire, book.himalia, {"title": "Pris"})
        with pytest.raises(NotFound):
            accounts.set_roles(session, book.marc, book.himalia, roles(f"{book.paul}:SOUSCRIPTEUR"))
        reader = type(book.marc)(*[*_values(book), frozenset({"contacts.view", "accounts.view"})])
        with pytest.raises(Forbidden):
            accounts.update(session, reader, book.himalia, {"title": "Pris"})


def _values(book: Book) -> list[object]:
    marc = book.marc
    return [marc.user_id, marc.cabinet_id, marc.name, marc.email, marc.role]


@pytest.mark.parametrize(
    "changes",
    [
        {"envelope": "CAGNOTTE"}, {"state": "PERDU"}, {"currency": "euro"}, {"value": Decimal(1)}, {"title": " "},
        {"closed_on": date(2026, 1, 1)}, {"roles": ()}, {"number": "--"},
    ],
)  # fmt: skip
def test_values_that_mean_nothing_are_refused(book: Book, changes: dict[str, object]) -> None:
    """domain.md §2.2: codes, currency, a value without its day, a closing date on an open account."""
    with book.db.session(1) as session, pytest.raises(DomainError):
        accounts.update(session, "cli", book.himalia, changes)


def test_a_creditor_pledges_and_an_acceptance_accepts(book: Book) -> None:
    """domain.md §2.2, §2.8: the flags that guards read follow the roles."""
    with book.db.session(1) as session:
        bank = contacts.create(session, "cli", contacts.NewContact("PERSONNE_MORALE", company_name="Banque de Loire"))
        given = [
            *roles(f"{book.jeanne}:SOUSCRIPTEUR", f"{bank}:CREANCIER_NANTI"),
            Role(book.paul, "BENEFICIAIRE", accepted_on=date(2020, 1, 1)),
        ]
        accounts.set_roles(session, "cli", book.himalia, given)
        ref = accounts.get_ref(session, book.marc, book.himalia)
        assert (ref.pledged, ref.accepted_beneficiary) == (True, True)


def test_positions_sum_to_the_account_and_weigh_one(book: Book) -> None:
    """domain.md §2.3: value = quantity × price, weights sum to 100 %, the day's sum is the account's value."""
    with book.db.session(1) as session:
        euro = supports.support_for(session, code="EURO", label="Fonds euro", type="FONDS_EURO")
        fund = supports.support_for(session, isin="FR0010148981", label="Carmignac", type="OPCVM")
        day = date(2026, 11, 19)
        lines = [
            NewPosition(euro, Decimal("1000.00")),
            NewPosition(fund, Decimal("500.00"), Decimal("5"), Decimal("100"), day, cost=Decimal("400")),
        ]
        accounts.put_positions(session, "cli", book.himalia, day, lines, "essai")
        held = accounts.positions(session, book.himalia)
        assert (held.on, held.total, sum(line.weight or 0 for line in held.lines)) == (day, Decimal("1500"), 1)
        assert [(line.label, line.gain, line.gain_ratio) for line in held.lines] == [
            ("Fonds euro", None, None), ("Carmignac", Decimal("100"), Decimal("0.25")),
        ]  # fmt: skip
        ref = accounts.get_ref(session, book.marc, book.himalia)
        assert (ref.value, ref.value_on, ref.freshness) == (Decimal("1500"), day, "A_JOUR")
        assert accounts.positions(session, book.himalia, date(2026, 1, 1)).lines == ()
        wrong = [NewPosition(fund, Decimal("501.00"), Decimal("5"), Decimal("100"))]
        with pytest.raises(DomainError):
            accounts.put_positions(session, "cli", book.himalia, day, wrong, "essai")


def test_an_old_valuation_does_not_take_the_place_of_a_newer_one(book: Book) -> None:
    """domain.md §2.3: the account shows its newest day; both stay in its history."""
    with book.db.session(1) as session:
        accounts.put_valuation(session, "cli", book.himalia, date(2026, 11, 19), Decimal(200), "flux", Decimal(150))
        accounts.put_valuation(session, "cli", book.himalia, date(2026, 10, 19), Decimal(100), "flux")
        ref = accounts.get_ref(session, book.marc, book.himalia)
        assert (ref.value, ref.net_payments) == (Decimal(200), Decimal(150))
        page = accounts.valuations(session, book.himalia, size=1)
        assert (page.total, page.pages, page.items[0].value) == (2, 2, Decimal(200))


def test_movements_come_in_pages_newest_first(book: Book) -> None:
    """BL-02 (3), tab Mouvements."""
    with book.db.session(1) as session:
        for number in range(3):
            accounts.add_movement(
                session, "cli", book.himalia, on=date(2026, 11, number + 1), kind="VERSEMENT_LIBRE",
                label=f"Versement {number}", amount=Decimal(10), source="flux",
            )  # fmt: skip
        page = accounts.movements(session, book.himalia, size=2)
        assert ([line.label for line in page.items], page.pages) == (["Versement 2", "Versement 1"], 2)
        assert person(session, "cli", "Autre")
