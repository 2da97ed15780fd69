"""AC-02: portfolios from files: what each account becomes, its holders, positions, updates, undoing. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func
from sqlalchemy import select

from core.accounts import search as account_search
from core.accounts import services as accounts
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.accounts.models import Position
from core.accounts.models import Valuation
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.app import create_app
from core.cabinets import audit_proof
from core.cabinets.models import AuditEntry
from core.config import Config
from core.contacts import merging
from core.contacts import services as contact_services
from core.contacts.models import Contact
from core.contacts.schemas import NewContact
from core.db.clock import today
from core.extensions import db
from core.imports import work
from core.search.models import SearchWord
from core.supports import services as supports
from core.wealth.models import AccountPart
from tests import databases
from tests.conftest import People
from tests.conftest import add_people
from tests.conftest import make_config
from tests.core.imports import importers as imp
from tests.usual import adopt

HEADS = (
    "N° de contrat;Compagnie;Enveloppe;Intitulé;Nom;Prénom;Date de naissance;Code dossier;Valorisation;Date de valorisation;"
    "Versements nets"
)
HELD = HEADS + ";ISIN;Support;Quantité;Cours;Montant"
ONE = "HIM001;Assureur Un;Assurance-vie;Himalia;Durand;Jeanne;14/03/1968;;1 234,56;30/09/2026;1 000,00"
#: Two real ISINs, by their check digits.
FUND, SHARE = "FR0010315770", "FR0000120271"
_numbers = count()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Config]]:
    """One application for all; each test has a cabinet of its own in it."""
    config = make_config(tmp_path_factory.mktemp("portfolios"))
    databases.ready(config.database_url)
    application = create_app(config)
    yield application, config
    application.extensions["encours_hub"].close()
    db.close()


@pytest.fixture
def world(house: tuple[Flask, Config]) -> People:
    """Jeanne and Philippe, followed by the adviser; Paul, by another; a company; an insurer; two supports."""
    application, config = house
    adopt(application, config)
    people = add_people(application.extensions["encours_hub"], f"agregation-{next(_numbers)}")
    with db.session(people.cabinet_id) as session:
        for first, born, follower in (
            ("Jeanne", date(1968, 3, 14), people.adviser), ("Philippe", date(1966, 7, 2), people.adviser),
            ("Paul", date(1957, 1, 9), people.other),
        ):  # fmt: skip
            data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names=first, birth_date=born)
            contact_services.follow(session, "cli", contact_services.create(session, "cli", data), follower)
        firm = NewContact("PERSONNE_MORALE", "CLIENT", company_name="Les Tilleuls", siren="732829320")
        contact_services.follow(session, "cli", contact_services.create(session, "cli", firm), people.adviser)
        supports.company_for(session, "assureur-un", name="Assureur Un")
        supports.support_for(session, isin=FUND, label="Fonds Monde", type="OPCVM")
        supports.support_for(session, code="EURO-UN", label="Fonds euro Un", type="FONDS_EURO")
    return people


def brought(people: People, text: str, rules: dict[str, Any] | None = None, **more: Any) -> Any:
    return imp.imported(people, text, rules, to="accounts", **more)


def rows(people: People, model: Any) -> list[Any]:
    with db.session(people.cabinet_id, write=False) as session:
        return list(session.scalars(select(model).order_by(model.id)))


def who(people: People, name: str) -> Contact:
    return imp.contacts(people)[name]


def account_of(people: People, number: str = "HIM001") -> Account:
    return next(row for row in rows(people, Account) if row.number == number)


def test_a_line_becomes_an_account_as_the_services_make_it(world: People) -> None:
    """Row, role, valuation, words, totals and journal are those of the book's own services."""
    row = brought(world, f"{HEADS}\n{ONE}\n")
    assert imp.tally(row) == (1, 0, 0, 0), imp.reasons(world, row.id)
    account = account_of(world)
    told = (account.envelope, account.title, account.state, account.origin)
    assert told == ("ASSURANCE_VIE", "Himalia", "OUVERT", "IMPORT_FICHIER")
    assert (account.value, account.value_on, account.net_payments) == (Decimal("1234.56"), date(2026, 9, 30), Decimal(1000))
    jeanne = who(world, "Durand Jeanne")
    assert [(one.contact_id, one.role) for one in rows(world, AccountRole)] == [(jeanne.id, "SOUSCRIPTEUR")]
    assert [(one.value, one.source) for one in rows(world, Valuation)] == [(Decimal("1234.56"), "Import de fichier")]
    assert jeanne.worth == Decimal("1234.56")
    with db.session(world.cabinet_id, write=False) as session:
        words = select(SearchWord.word).where(SearchWord.kind == account_search.KIND, SearchWord.ref == account.id)
        assert {"him001", "himalia"} <= set(session.scalars(words))
        journal = select(AuditEntry.action).where(AuditEntry.subject == f"account:{account.id}").order_by(AuditEntry.seq)
        assert list(session.scalars(journal)) == ["account.added", "account.valued"]
        audit_proof.verify(session)


def test_the_same_file_again_brings_nothing_new(world: People) -> None:
    text = f"{HELD}\n{ONE};{FUND};;10;123,45;1234,50\nHIM001;;;;;;;;;;;;Fonds euro Un;;;0,06\n"
    first = brought(world, text.replace("HIM001;;", "HIM001;Assureur Un;"))
    assert imp.tally(first) == (1, 0, 0, 0), imp.reasons(world, first.id)
    before = {model: len(rows(world, model)) for model in (Account, Position, Valuation, AccountRole)}
    again = brought(world, text.replace("HIM001;;", "HIM001;Assureur Un;"))
    assert imp.tally(again)[:2] == (0, 0)
    assert "rien à y ajouter" in imp.reasons(world, again.id)[2]
    assert before == {model: len(rows(world, model)) for model in before}


def test_several_lines_of_a_contract_are_one_account_wherever_they_stand(world: People) -> None:
    lines = [
        f"A1;Assureur Un;Assurance-vie;Un;Durand;Jeanne;14/03/1968;;300;30/09/2026;;{FUND};;2;100;200",
        f"B2;Assureur Un;Capitalisation;Deux;Durand;Philippe;02/07/1966;;50;30/09/2026;;{FUND};;0,5;100;50",
        "A1;Assureur Un;;;;;;;;;;;Fonds euro Un;;;100",
    ]
    row = brought(world, HELD + "\n" + "\n".join(lines))
    assert imp.tally(row) == (2, 0, 0, 0), imp.reasons(world, row.id)
    assert row.tally["part"] == 1
    one = account_of(world, "A1")
    held = [(line.quantity, line.value) for line in rows(world, Position) if line.account_id == one.id]
    assert held == [(Decimal(2), Decimal(200)), (None, Decimal(100))]
    assert one.value == Decimal(300)
    assert row.position == row.count == 3


def test_a_batch_never_parts_an_account(world: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lines at a time: the account's three lines are one transaction all the same, and stopped it goes on after them."""
    monkeypatch.setattr(work, "BATCH", 2)
    lines = [f"A{n};Assureur Un;Compte-titres;;Durand;Jeanne;14/03/1968;;;30/09/2026;;{isin};;1;{n + 1};" for n in range(3)
             for isin in (FUND, "EURO-UN", "")]  # fmt: skip
    lines = [line.replace(";EURO-UN;;1;", ";;Fonds euro Un;1;").replace(";;;;1;", ";;;;1;") for line in lines]
    text = HELD + "\n" + "\n".join(line for line in lines if FUND in line or "Fonds euro" in line)
    row = brought(world, text)
    assert imp.tally(row) == (3, 0, 0, 0), imp.reasons(world, row.id)
    assert len(rows(world, Position)) == 6
    assert imp.undone(world, row.id).state == "undone"
    assert not rows(world, Account)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("X1;Assureur Un;PEA;;Durand;Jeanne;;;1;30/09/2026;", "Le nom seul ne suffit pas"),
        ("X1;Assureur Un;PEA;;Durand;Jeanne;15/03/1968;;1;30/09/2026;", "homonyme a une autre date"),
        ("X1;Assureur Un;PEA;;Martin;Luc;01/01/1970;;1;30/09/2026;", "importez d'abord les contacts"),
        ("X1;Assureur Un;PEA;;Durand;Paul;09/01/1957;;1;30/09/2026;", "importez d'abord les contacts"),
        ("X1;Assureur Un;PEA;;;;;ZZ999;1;30/09/2026;", "n'est celui d'aucun contact"),
        ("X1;Assureur Un;PEA;;Martin;Luc;;{code};1;30/09/2026;", "pas de «"),
        ("X1;Assureur Un;PEA;;Les Tilleuls;;;;1;30/09/2026;", "réservée aux personnes physiques"),
        ("X1;Assureur Un;PEA;;;;;;1;30/09/2026;", "indiquez qui tient ce compte"),
        ("X1;Assureur;PEA;;Durand;Jeanne;14/03/1968;;1;30/09/2026;", "Voulez-vous dire\u202f: Assureur Un"),
        ("X1;;PEA;;Durand;Jeanne;14/03/1968;;1;30/09/2026;", "indiquez la compagnie"),
        ("X1;Assureur Un;;Inconnu;Durand;Jeanne;14/03/1968;;1;30/09/2026;", "indiquez-la"),
        ("X1;Assureur Un;Coffre;;Durand;Jeanne;14/03/1968;;1;30/09/2026;", "n'est pas une valeur connue"),
        ("X1;Assureur Un;PEA;;Durand;Jeanne;14/03/1968;;1;;", "avec sa date"),
        ("X1;Assureur Un;PEA;;Durand;Jeanne;14/03/1968;;1;{later};", "est à venir"),
        (";Assureur Un;PEA;;Durand;Jeanne;14/03/1968;;1;30/09/2026;", "indiquez le numéro du contrat"),
        ("{long};Assureur Un;PEA;;Durand;Jeanne;14/03/1968;;1;30/09/2026;", "1 à 60 caractères"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_a_fault_of_its_line(world: People, line: str, said: str) -> None:
    later = today() + timedelta(days=3)
    told = line.format(code=who(world, "Durand Jeanne").file_code, later=f"{later:%d/%m/%Y}", long="9" * 61)
    row = brought(world, f"{HEADS}\n{told}\n{ONE}\n")
    assert imp.tally(row) == (1, 0, 0, 1)
    assert said in imp.reasons(world, row.id)[2], imp.reasons(world, row.id)
    assert len(rows(world, Account)) == 1


def test_homonyms_are_told_and_a_file_code_tells_them_apart(world: People) -> None:
    with db.session(world.cabinet_id) as session:
        twin = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names="Jeanne", birth_date=date(1968, 3, 14))
        second = contact_services.create(session, "cli", twin)
        contact_services.follow(session, "cli", second, world.adviser)
        code = session.scalars(select(Contact.file_code).where(Contact.id == second)).one()
    row = brought(world, f"{HEADS}\n{ONE}\n")
    assert imp.tally(row) == (0, 0, 0, 1)
    assert "2 contacts sont" in imp.reasons(world, row.id)[2]
    brought(world, f"{HEADS}\n{ONE.replace('14/03/1968;;', f'14/03/1968;{code};')}\n")
    assert [one.contact_id for one in rows(world, AccountRole)] == [second]


def test_names_alone_and_missing_companies_and_supports_only_where_one_ticks_it(world: People) -> None:
    text = f"{HELD}\nX1;Banque Neuve;PEA;;Durand;Jeanne;;;;30/09/2026;;{SHARE};TotalEnergies;2;50,00;\n"
    row = brought(world, text)
    assert imp.tally(row) == (0, 0, 0, 1)
    for said in ("n'est pas une compagnie connue", "n'est pas au catalogue"):
        assert said in imp.reasons(world, row.id)[2]
    again = brought(world, text, {"ticks": ["names", "companies", "supports", "nothing"]})
    assert imp.tally(again) == (1, 0, 0, 0), imp.reasons(world, again.id)
    with db.session(world.cabinet_id, write=False) as session:
        held = accounts.positions(session, account_of(world, "X1").id)
        assert [(line.label, line.type, line.value) for line in held.lines] == [("TotalEnergies", "AUTRE", Decimal(100))]


@pytest.mark.parametrize(
    ("positions", "said"),
    [
        (f"{FUND};;10;100;1000", "un écart de 234,56"), (f"{FUND};;10;100;900", "quantité × cours font"),
        ("FR0010315771;;1;1;1", "clé de ce code ISIN"), ("FRX;;1;1;1", "12 caractères"), (";;1;1;1", "indiquez le support"),
        (f"{FUND};;10;;", "indiquez la valeur, ou la quantité"), (";Fonds perdu;;;1", "n'est pas un support connu"),
        (f"{FUND};;beaucoup;100;1234,56", "n'est pas un montant"),
    ],
)  # fmt: skip
def test_positions_add_up_to_the_value_or_the_line_says_the_gap(world: People, positions: str, said: str) -> None:
    row = brought(world, f"{HELD}\n{ONE};{positions}\n")
    assert imp.tally(row) == (0, 0, 0, 1)
    assert said in imp.reasons(world, row.id)[2].replace("\xa0", " "), imp.reasons(world, row.id)
    assert not rows(world, Account)


def test_a_printed_price_is_kept_only_where_it_gives_the_value_to_the_cent(world: People) -> None:
    """The file's value stands: of a price that was rounded to the cent, nothing can be made."""
    row = brought(world, f"{HELD}\n{ONE.replace('1 234,56', '15 241,48')};{FUND};;1234,5678;12,35;15241,48\n")
    assert imp.tally(row) == (1, 0, 0, 0), imp.reasons(world, row.id)
    [held] = rows(world, Position)
    assert (held.value, held.quantity, held.price) == (Decimal("15241.48"), Decimal("1234.5678"), None)


def test_one_bad_line_keeps_its_whole_account_out(world: People) -> None:
    text = f"{HELD}\n{ONE};{FUND};;10;100;1000\nHIM001;Assureur Un;;;;;;;;;;;Fonds euro Un;;;pas-un-nombre\n"
    row = brought(world, text)
    assert imp.tally(row) == (0, 0, 0, 2)
    told = imp.reasons(world, row.id)
    assert "n'est pas un montant" in told[3]
    assert "La ligne 3, du même ensemble, est en erreur" in told[2]


def test_all_faults_of_a_line_are_told_at_once(world: People) -> None:
    row = brought(world, f"{HEADS}\nX1;Nulle Part;Coffre;;Martin;Luc;;;1;31/02/2026;\n")
    told = imp.reasons(world, row.id)[2]
    assert "n'est pas une valeur connue" in told
    assert "calendrier" in told
    assert "compagnie connue" in told
    assert "avec sa date" not in told


def test_an_update_adds_a_day_and_leaves_or_replaces_what_differs(world: People) -> None:
    brought(world, f"{HEADS}\n{ONE}\n")
    later = ONE.replace("30/09/2026", "31/10/2026").replace("1 234,56", "1 300,00").replace("Himalia", "Autre nom")
    row = brought(world, f"{HEADS}\n{later}\n")
    assert imp.tally(row) == (0, 1, 0, 0)
    account = account_of(world)
    assert (account.value, account.title) == (Decimal(1300), "Himalia")
    assert "intitulé" in row_why(world, row.id)
    assert len(rows(world, Valuation)) == 2
    row = brought(world, f"{HEADS}\n{later.replace('1 300,00', '1 301,00')}\n", {"fill": "all"})
    assert (account_of(world).value, account_of(world).title) == (Decimal(1301), "Autre nom")
    assert who(world, "Durand Jeanne").worth == Decimal(1301)
    imp.undone(world, row.id)
    assert (account_of(world).value, account_of(world).title) == (Decimal(1300), "Himalia")
    assert who(world, "Durand Jeanne").worth == Decimal(1300)


def row_why(people: People, import_id: str) -> str:
    """What the check said of the first update."""
    row = imp.found(people, import_id)
    return str(next(one["why"] for one in row.tally["expected"]["shown"] if one["action"] == "update"))


def fed(people: People) -> None:
    """The account comes by a partner's feed from now on."""
    with db.session(people.cabinet_id) as session:
        accounts.update(session, "cli", account_of(people).id, {"origin": "AGREGE"})


def test_what_a_partner_transmits_is_not_overwritten_in_silence(world: People) -> None:
    brought(world, f"{HEADS}\n{ONE}\n")
    fed(world)
    later = ONE.replace("30/09/2026", "31/10/2026").replace("1 234,56", "9,00")
    row = brought(world, f"{HEADS}\n{later}\n", {"fill": "all"})
    assert imp.tally(row) == (0, 0, 1, 0)
    assert "gardé comme le partenaire l'a transmis (valorisation du compte" in imp.reasons(world, row.id)[2]
    assert account_of(world).value == Decimal("1234.56")
    row = brought(world, f"{HEADS}\n{later}\n", {"ticks": ["feed"]})
    assert "transmises par un partenaire sont remplacées" in row_why(world, row.id)
    assert account_of(world).value == Decimal(9)


def test_another_holder_than_the_accounts_is_a_fault(world: People) -> None:
    brought(world, f"{HEADS}\n{ONE}\n")
    row = brought(world, f"{HEADS}\n{ONE.replace('Jeanne;14/03/1968', 'Philippe;02/07/1966')}\n")
    assert imp.tally(row) == (0, 0, 0, 1)
    assert "est tenu par" in imp.reasons(world, row.id)[2]
    named = ONE.replace("14/03/1968", "").replace("30/09", "29/09")
    assert imp.tally(brought(world, f"{HEADS}\n{named}\n")) == (0, 1, 0, 0)  # the account tells who it is


def test_an_account_of_anothers_clients_is_not_touched(world: People) -> None:
    with db.session(world.cabinet_id) as session:
        company = supports.company_for(session, "assureur-un")
        paul = session.scalars(select(Contact.id).where(Contact.first_names == "Paul")).one()
        accounts.create(session, "cli", NewAccount("ASSURANCE_VIE", "HIM 001", "Himalia", company, [Role(paul, "SOUSCRIPTEUR")]))
    row = brought(world, f"{HEADS}\n{ONE}\n")
    assert imp.tally(row) == (0, 0, 0, 1)
    assert "hors des contacts que vous suivez" in imp.reasons(world, row.id)[2]


def test_a_number_written_two_ways_is_one_account(world: People) -> None:
    row = brought(world, f"{HEADS}\n{ONE}\n{ONE.replace('HIM001', 'HIM 00-1')}\n")
    assert imp.tally(row) == (1, 0, 1, 0)
    assert "répète la ligne 2" in imp.reasons(world, row.id)[3]


def test_a_couple_and_a_company_hold(world: People) -> None:
    heads = f"{HEADS};Nom du co-titulaire;Prénom du co-titulaire;Date de naissance 2"
    text = (
        f"{heads}\n{ONE};Durand;Philippe;02/07/1966\n"
        "CTO1;Assureur Un;Compte-titres;;LES TILLEULS;;;;500;30/09/2026;;;;\n"
        "PEA1;Assureur Un;PEA;;Durand;Jeanne;14/03/1968;;500;30/09/2026;;Durand;Philippe;02/07/1966\n"
    )
    row = brought(world, text)
    assert imp.tally(row) == (2, 0, 0, 1), imp.reasons(world, row.id)
    assert "n'a qu'un titulaire" in imp.reasons(world, row.id)[4]
    assert sorted(one.role for one in rows(world, AccountRole)) == ["CO_SOUSCRIPTEUR", "SOUSCRIPTEUR", "TITULAIRE"]
    assert who(world, "Durand Philippe").worth == Decimal("617.28")


def test_one_company_and_one_day_for_all_lines(world: People) -> None:
    text = "N° de contrat;Enveloppe;Nom;Prénom;Né le;Encours\nC1;PEA;Durand;Jeanne;14/03/1968;10\n"
    import_id = imp.received(world, text, to="accounts")
    imp.checked(world, import_id, {"company": "Assureur Un", "value_on": "2026-09-30"})
    imp.begun(world, import_id)
    assert imp.tally(imp.carried(world, import_id)) == (1, 0, 0, 0), imp.reasons(world, import_id)
    assert account_of(world, "C1").value_on == date(2026, 9, 30)


def test_undone_it_leaves_what_changed_since(world: People) -> None:
    row = brought(world, f"{HELD}\n{ONE};{FUND};;10;123,456;1234,56\n{ONE.replace('HIM001', 'B2')};{FUND};;10;123,456;1234,56\n")
    assert imp.tally(row) == (2, 0, 0, 0), imp.reasons(world, row.id)
    with db.session(world.cabinet_id) as session:
        since = account_of(world, "B2").id
        accounts.put_valuation(session, "cli", since, date(2026, 10, 1), Decimal(1), "x")
    assert imp.undone(world, row.id).tally["kept"] == 1
    assert [one.number for one in rows(world, Account)] == ["B2"]
    assert who(world, "Durand Jeanne").worth == Decimal(1)


def test_undone_whole_it_leaves_nothing(world: People) -> None:
    before = sums(world)
    row = brought(world, f"{HELD}\n{ONE};{FUND};;10;123,456;1234,56\n")
    assert sums(world) != before
    assert imp.undone(world, row.id).tally["kept"] == 0
    assert sums(world) == before
    assert who(world, "Durand Jeanne").worth is None


def sums(people: People) -> list[int]:
    with db.session(people.cabinet_id, write=False) as session:
        tables = (Account, AccountRole, Position, Valuation, AccountPart, SearchWord)
        return [session.scalar(select(func.count()).select_from(one)) or 0 for one in tables]


def test_a_merge_of_its_holder_since_does_not_mislead_the_undoing(world: People) -> None:
    row = brought(world, f"{HEADS}\n{ONE}\n")
    with db.session(world.cabinet_id) as session:
        data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names="Jeanne", birth_date=date(1968, 3, 14))
        kept = contact_services.create(session, "cli", data)
        merging.merge(session, "cli", kept, session.scalars(select(AccountRole.contact_id)).one())
    assert imp.undone(world, row.id).tally["kept"] == 0
    assert not rows(world, Account)
    assert [one.worth for one in imp.contacts(world).values() if one.first_names == "Jeanne"] == [None]
