"""Accounts that a person types: rules by envelope, corrections, archives, removal, values; each reversible (PF-01)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func
from sqlalchemy import select

from core.accounts import bulk_update
from core.accounts import by_hand
from core.accounts import checks
from core.accounts import history
from core.accounts import lists
from core.accounts import overrides
from core.accounts import services
from core.accounts import values_by_hand
from core.accounts.models import Account
from core.accounts.models import Movement
from core.accounts.models import Valuation
from core.accounts.schemas import NewAccount
from core.accounts.schemas import NewPosition
from core.accounts.schemas import Role
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.supports import services as supports
from tests.core.accounts.book import Book

D = Decimal


def new(book: Book, envelope: str, number: str = "N1", holder: str = "", **more: Any) -> NewAccount:
    role = "SOUSCRIPTEUR" if envelope in ("ASSURANCE_VIE", "CAPITALISATION", "PERP", "ARTICLE_83") else "TITULAIRE"
    return NewAccount(envelope, number, envelope.title(), book.company, [Role(holder or book.jeanne, role)], **more)


def born(session: TenantSession, name: str, on: date | None) -> str:
    data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=name, first_names="Ana", birth_date=on)
    return contacts.create(session, "cli", data)


def test_one_plan_a_person(book: Book) -> None:
    """PF-01: a second PEA is refused at its field, with the first's name; a PEA jeune too; a PEA-PME and an ended one are not."""
    with book.db.session(1) as session:
        first = by_hand.add(session, "cli", new(book, "PEA", "P1"))
        for envelope in ("PEA", "PEA_JEUNE"):
            trial = session.begin_nested()
            with pytest.raises(DomainError, match=r"Un PEA .*P1") as refused:
                by_hand.add(session, "cli", new(book, envelope, "P2"))
            assert refused.value.field == "envelope"
            trial.rollback()
        by_hand.add(session, "cli", new(book, "PEA_PME", "P3"))
        by_hand.add(session, "cli", new(book, "PEA", "P4", holder=book.paul))
        by_hand.set_state(session, "cli", first, "TRANSFERE", today())
        by_hand.add(session, "cli", new(book, "PEA", "P2"))
        with pytest.raises(DomainError, match=r"Un PEA .*P2"):  # the first may not come back beside the second
            by_hand.set_state(session, "cli", first, "OUVERT")


AGES = (
    ("PEA", date(2010, 1, 2), date(2027, 12, 31), False), ("PEA", date(2000, 5, 1), date(2018, 5, 1), True),
    ("PEA", date(2000, 5, 2), date(2018, 5, 1), False), ("PEA_JEUNE", date(2000, 5, 1), date(2025, 5, 1), True),
    ("PEA_JEUNE", date(2000, 5, 1), date(2026, 5, 1), False), ("LIVRET_A", date(2026, 1, 1), date(2026, 2, 1), True),
    ("LDDS", date(2010, 1, 1), date(2026, 2, 1), False), ("LIVRET_JEUNE", date(2010, 1, 1), date(2026, 2, 1), True),
)  # fmt: skip


def test_ages_on_the_day_of_the_opening(book: Book) -> None:
    """PF-01, domain.md §2.2: majors alone, the young from 18 to 25; of whom no birth is known nothing is said."""
    with book.db.session(1) as session:
        for envelope, birth, opened, right in AGES:
            who = born(session, f"Né {birth} {envelope}", birth)
            data = new(book, envelope, "A", who, opened_on=opened, state="EN_SOUSCRIPTION")
            found = [one for one in checks.findings(session, data) if one.field == "opened_on"]
            assert (found == []) is right, (envelope, birth, opened)
        unknown = new(book, "PEA", "A", born(session, "Sans date", None), opened_on=date(2020, 1, 1))
        assert checks.findings(session, unknown) == ()


def test_closed_to_new_ones(book: Book) -> None:
    """PF-01: PERP from 1 October 2020 on is refused; an article 83 is confirmed, for a contract that was there before."""
    with book.db.session(1) as session:
        by_hand.add(session, "cli", new(book, "PERP", "R1", opened_on=date(2020, 9, 30)))
        with pytest.raises(DomainError, match="01/10/2020") as refused:
            by_hand.add(session, "cli", new(book, "PERP", "R2", opened_on=date(2020, 10, 1)))
        assert refused.value.field == "opened_on"
        late = new(book, "ARTICLE_83", "R3", opened_on=date(2021, 1, 4))
        trial = session.begin_nested()
        with pytest.raises(checks.Unconfirmed) as asked:
            by_hand.add(session, "cli", late)
        trial.rollback()
        assert [one.code for one in asked.value.findings] == ["closed_to_new"]
        by_hand.add(session, "cli", late, seen={"closed_to_new"})


def test_ceilings_are_of_payments(book: Book) -> None:
    """PF-01, CMF L221-30 and L221-32-1: 150 000 on a PEA, 225 000 on both together; a warning with its source, that passes."""
    with book.db.session(1) as session:
        by_hand.add(session, "cli", new(book, "PEA", "P1", net_payments=D(150_000)))
        small = new(book, "PEA_PME", "P2", net_payments=D(75_000))
        by_hand.add(session, "cli", small)
        big = replace(small, net_payments=D("75000.01"))
        account = session.scalars(select(Account.id).where(Account.number == "P2")).one()
        (found,) = checks.findings(session, big, account_id=account)
        assert (found.code, found.blocks, found.field) == ("ceiling_225000", False, "net_payments")
        assert "L221-32-1" in found.text
        with pytest.raises(checks.Unconfirmed):
            by_hand.change(session, "cli", account, {"net_payments": D("75000.01")})
        by_hand.change(session, "cli", account, {"net_payments": D("75000.01")}, seen={"ceiling_225000"})
        by_hand.change(session, "cli", account, {"title": "PEA-PME 2"})  # what was confirmed is not asked again


def test_a_couples_contract_by_its_regime(book: Book) -> None:
    """PF-01, domain.md §2.1: settled on the second death under a universal community, or a préciput; never when separate."""
    with book.db.session(1) as session:
        roles = [Role(book.jeanne, "SOUSCRIPTEUR"), Role(book.paul, "CO_SOUSCRIPTEUR")]
        data = replace(new(book, "ASSURANCE_VIE", "C1", settlement="SECOND"), roles=roles)

        def told(regime: str) -> tuple[str, bool]:
            for one in (book.jeanne, book.paul):
                contacts.update(session, "cli", one, {"situation": "MARIE", "matrimonial_regime": regime})
            (found,) = checks.findings(session, data)
            return found.code, found.blocks

        assert told("SEPARATION_DE_BIENS") == ("", True)
        assert told("COMMUNAUTE_UNIVERSELLE") == ("second_death", False)
        assert told("COMMUNAUTE_REDUITE_AUX_ACQUETS") == ("second_death", False)
        assert checks.findings(session, replace(data, settlement="PREMIER")) == ()
        (alone,) = checks.findings(session, replace(data, roles=roles[:1]))
        assert alone.blocks


DATES: tuple[tuple[dict[str, Any], str], ...] = (
    ({"opened_on": date(2999, 1, 1)}, "opened_on"),
    ({"opened_on": date(2020, 2, 1), "effect_on": date(2020, 1, 31)}, "effect_on"),
    ({"opened_on": date(2020, 2, 1), "matures_on": date(2020, 2, 1)}, "matures_on"),
    ({"state": "CLOTURE"}, "closed_on"), ({"state": "CLOTURE", "closed_on": date(2999, 1, 1)}, "closed_on"),
    ({"value": D(1), "value_on": date(2999, 1, 1)}, "value_on"),
    ({"closed_on": date(2020, 1, 1)}, "closed_on"), ({"currency": "eur"}, "currency"),
)  # fmt: skip


def test_what_is_refused_has_its_field(book: Book) -> None:
    """PF-01, «Bad input»: dates that cannot be, each beside its field."""
    for more, field in DATES:
        with book.db.session(1) as session:
            with pytest.raises(DomainError) as refused:
                by_hand.add(session, "cli", new(book, "COMPTE_TITRES", "X1", **more))
            assert refused.value.field == field, more
            session.rollback()


def test_twice_the_form_is_one(book: Book) -> None:
    """PF-01: the form's key finds what it made; a number that is there already says so."""
    key = "01" + "d" * 24
    with book.db.session(1) as session:
        for _turn in range(2):
            assert by_hand.add(session, book.marc, new(book, "COMPTE_TITRES", "T1"), account_id=key) == key
        with pytest.raises(Conflict) as known:
            by_hand.add(session, book.marc, new(book, "COMPTE_TITRES", "t 1"))
        assert (known.value.code, known.value.field) == (services.KNOWN, "number")
        found = services.known_at(session, book.marc, book.company, "T-1")
        assert found is not None
        assert found.id == key


def fed(session: TenantSession, book: Book) -> str:
    data = new(book, "COMPTE_TITRES", "F1", origin="IMPORT_FICHIER", opened_on=date(2020, 1, 1))
    return services.create(session, "cli", data)


def test_a_correction_outlives_the_next_file(book: Book) -> None:
    """PF-01: a fed field is changed by a correction alone, which stays; the file's word is noted beside, and comes back."""
    with book.db.session(1) as session:
        account = fed(session, book)
        with pytest.raises(DomainError, match="Date de souscription") as locked:
            by_hand.change(session, book.marc, account, {"opened_on": date(2019, 1, 1)})
        assert locked.value.field == "opened_on"
        overrides.correct(session, book.marc, account, "opened_on", date(2019, 1, 1))
        change = bulk_update.Change({"opened_on": date(2021, 1, 1), "title": "Autre nom"})
        before, after = bulk_update.apply(session, "cli", account, change, source="fichier")
        row = session.scalars(select(Account).where(Account.id == account)).one()
        assert (row.opened_on, row.title) == (date(2019, 1, 1), "Autre nom")
        (one,) = overrides.of_account(session, account).values()
        assert (one.fed, one.by) == (date(2021, 1, 1), book.marc.name)
        assert (before["fed"], after["fed"]) == ({"opened_on": "2020-01-01"}, {"opened_on": "2021-01-01"})
        overrides.release(session, book.marc, account, "opened_on")
        assert row.opened_on == date(2021, 1, 1)
        assert not overrides.of_account(session, account)
        with pytest.raises(NotFound):
            overrides.release(session, book.marc, account, "opened_on")
        said = [(change.action, line.before, line.after) for change in history.of_account(session, book.marc, account)
                for line in change.lines if line.name == "opened_on" and change.action.startswith(("Champ", "Corr"))]  # fmt: skip
        assert said == [
            ("Correction retirée", "01/01/2019", "01/01/2021"), ("Champ corrigé", "01/01/2020", "01/01/2019"),
        ]  # fmt: skip


def test_put_away_and_taken_back(book: Book) -> None:
    """PF-01: an archived account is in no list, total nor search; what it was comes back, unless a rule forbids it now."""
    with book.db.session(1) as session:
        plan = by_hand.add(session, "cli", new(book, "PEA", "P1", value=D(100), value_on=today()))
        shown = lambda: {one.id for one in lists.refs(session, book.marc, contact_id=book.jeanne)}  # noqa: E731
        assert plan in shown()
        assert by_hand.archive(session, book.marc, plan)
        assert not by_hand.archive(session, book.marc, plan)
        assert plan not in shown()
        assert lists.get_ref(session, book.marc, plan).archived
        other = by_hand.add(session, "cli", new(book, "PEA", "P2"))
        trial = session.begin_nested()
        with pytest.raises(DomainError, match="Un PEA"):
            by_hand.restore(session, book.marc, plan)
        trial.rollback()
        assert by_hand.remove(session, book.marc, other).archived is False
        assert by_hand.restore(session, book.marc, plan)
        assert plan in shown()
        with pytest.raises((Forbidden, NotFound)):
            by_hand.archive(session, book.claire, plan)


def test_removed_and_put_back_whole(book: Book) -> None:
    """PF-01, domain.md §2.2: a typed one goes, and comes back with people, values, movements; a fed one is put away."""
    with book.db.session(1) as session:
        account = by_hand.add(session, "cli", new(book, "COMPTE_TITRES", "D1", opened_on=date(2020, 1, 1)))
        values_by_hand.put_value(session, "cli", account, date(2024, 1, 1), D("123.45"), D(100))
        moved = values_by_hand.TypedMovement(date(2024, 1, 2), "VERSEMENT", "Chèque", D("50.00"))
        values_by_hand.add_movement(session, "cli", account, moved)
        support = supports.support_for(session, code="LIQ", label="Liquidités", type="LIQUIDITE")
        values_by_hand.put_lines(session, "cli", account, date(2024, 1, 3), [NewPosition(support, D("173.45"))])
        gone = by_hand.remove(session, book.marc, account)
        assert not gone.archived
        for model in (Account, Valuation, Movement):
            key = model.id if model is Account else model.account_id
            assert session.scalar(select(func.count()).select_from(model).where(key == account)) == 0
        by_hand.put_back(session, book.marc, gone.kept)
        card = lists.card(session, book.marc, account)
        assert (card.ref.value, card.ref.value_on, card.ref.opened_on) == (D("173.45"), date(2024, 1, 3), date(2020, 1, 1))
        assert [one.contact_id for one in card.roles] == [book.jeanne]
        assert services.valuations(session, account).total == 2
        assert services.positions(session, account).total == D("173.45")
        assert by_hand.remove(session, "cli", fed(session, book)).archived


def test_values_by_hand(book: Book) -> None:
    """PF-01: a value of a day is the account's own while it is the newest; taken back, the one before is; lines sum up."""
    with book.db.session(1) as session:
        account = by_hand.add(session, "cli", new(book, "COMPTE_TITRES", "V1", opened_on=date(2020, 1, 1)))
        row = session.scalars(select(Account).where(Account.id == account)).one()
        values_by_hand.put_value(session, book.marc, account, date(2024, 1, 1), D(100))
        values_by_hand.put_value(session, book.marc, account, date(2024, 6, 1), D(120), D(90))
        assert (row.value, row.value_on, row.net_payments) == (D(120), date(2024, 6, 1), D(90))
        assert values_by_hand.remove_value(session, book.marc, account, date(2024, 6, 1)) == (D(120), D(90))
        assert (row.value, row.value_on) == (D(100), date(2024, 1, 1))
        support = supports.support_for(session, isin="FR0000120271", label="TotalEnergies", type="ACTION")
        worth = values_by_hand.worth(D("10.5"), D("3.33"))
        assert worth == D("34.97")  # 34.965
        values_by_hand.put_lines(
            session, book.marc, account, date(2025, 1, 1), [NewPosition(support, D("35.00"), D(10), D("3.50"))]
        )
        assert (row.value, row.value_on) == (D("35.00"), date(2025, 1, 1))
        for on, value, field in ((date(2019, 1, 1), D(1), "on"), (date(2999, 1, 1), D(1), "on"),
                                 (date(2024, 1, 1), D(-1), "value")):  # fmt: skip
            with pytest.raises(DomainError) as refused:
                values_by_hand.put_value(session, book.marc, account, on, value)
            assert refused.value.field == field
        flow = services.create(session, "cli", new(book, "COMPTE_TITRES", "V2", origin="AGREGE"))
        with pytest.raises(Conflict, match="partenaire"):
            values_by_hand.put_value(session, book.marc, flow, date(2024, 1, 1), D(1))
        services.put_valuation(session, "cli", account, date(2023, 1, 1), D(80), "flux")
        with pytest.raises(NotFound):  # what a feed said is not taken back by hand
            values_by_hand.remove_value(session, book.marc, account, date(2023, 1, 1))


def test_a_movement_is_taken_back(book: Book) -> None:
    """PF-01: twice the form is one; gone, and back under its key; of a feed it stays."""
    key = "01" + "m" * 24
    with book.db.session(1) as session:
        account = by_hand.add(session, "cli", new(book, "COMPTE_TITRES", "M1"))
        given = values_by_hand.TypedMovement(date(2024, 1, 2), "RACHAT", "Retrait", D("-50.00"))
        for _turn in range(2):
            assert values_by_hand.add_movement(session, book.marc, account, given, movement_id=key) == key
        assert values_by_hand.remove_movement(session, book.marc, account, key) == given
        other = services.add_movement(
            session, "cli", account, on=date(2024, 1, 1), kind="VERSEMENT", label="Flux", amount=D(1), source="flux"
        )
        with pytest.raises(NotFound):
            values_by_hand.remove_movement(session, book.marc, account, other)
        for bad in (replace(given, kind="X"), replace(given, amount=D(0)), replace(given, on=date(2999, 1, 1))):
            with pytest.raises(DomainError):
                values_by_hand.add_movement(session, book.marc, account, bad)


def test_who_stands_on_it(book: Book) -> None:
    """PF-01: beneficiaries with rank, share, clause, acceptance; somebody who may not be named; a rule that they break."""
    with book.db.session(1) as session:
        account = by_hand.add(session, "cli", new(book, "ASSURANCE_VIE", "B1"))
        roles = [
            Role(book.jeanne, "SOUSCRIPTEUR"), Role(book.jeanne, "ASSURE"),
            Role(book.paul, "BENEFICIAIRE", 1, D(1), "Mon conjoint, à défaut mes enfants", date(2024, 3, 1)),
        ]  # fmt: skip
        before = by_hand.set_people(session, "cli", account, roles)
        assert [one.role for one in before] == ["SOUSCRIPTEUR"]
        assert lists.get_ref(session, book.marc, account).accepted_beneficiary
        by_hand.set_people(session, book.marc, account, roles)  # Paul, whom Marc does not see, stands there already
        plan = by_hand.add(session, "cli", new(book, "PEA", "B2"))
        by_hand.add(session, "cli", new(book, "PEA", "B3", holder=book.paul))
        with pytest.raises(DomainError, match="Un PEA"):
            by_hand.set_people(session, "cli", plan, [Role(book.paul, "TITULAIRE")])
