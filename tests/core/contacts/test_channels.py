"""Addresses, telephones, e-mails, bank accounts; duplicates; the history (domain.md §2.1, CT-01, DO-01, DO-02)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from core.cabinets.models import AuditPayload
from core.contacts import channels
from core.contacts import duplicates
from core.contacts import history
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from tests.core.accounts.book import Book

PHONE = {"usage": "MOBILE", "number": "06 12 44 08 19"}
PICARD = NewContact("PERSONNE_PHYSIQUE", birth_name="Picard", first_names="Émile", birth_date=date(1968, 3, 14))


def test_the_primary_one_is_the_contacts_own(book: Book) -> None:
    """DO-02: the first is primary; naming another moves the rank; taking it away gives it to the oldest left."""
    with book.db.session(1) as session:

        def state() -> tuple[list[tuple[str | None, bool]], str | None]:
            found = channels.of_contact(session, book.marc, book.jeanne)["phone"]
            own = contacts.get_contact(session, book.marc, book.jeanne).line.phone
            return [(one.values["number"], one.is_primary) for one in found], own

        first = channels.add(session, book.marc, book.jeanne, "phone", PHONE)
        channels.add(session, book.marc, book.jeanne, "phone", {"usage": "BUREAU", "number": "+32 470 12 34 56"})
        assert state() == ([("+33612440819", True), ("+32470123456", False)], "+33612440819")
        second = channels.of_contact(session, book.marc, book.jeanne)["phone"][1].id
        changed = {"usage": "BUREAU", "number": "+32 470 12 34 57", "is_primary": True}
        channels.change(session, book.marc, book.jeanne, "phone", second, changed)
        assert state() == ([("+32470123457", True), ("+33612440819", False)], "+32470123457")
        channels.remove(session, book.marc, book.jeanne, "phone", second)
        assert state() == ([("+33612440819", True)], "+33612440819")
        channels.remove(session, book.marc, book.jeanne, "phone", first)
        assert state() == ([], None)


def test_their_order_and_what_comes_back(book: Book) -> None:
    """ux.md §3.2, rule 3: the first of an order is the primary one; what was taken away comes back in its place, once."""
    with book.db.session(1) as session:
        marc, jeanne = book.marc, book.jeanne
        ids = [channels.add(session, marc, jeanne, "phone", {"usage": "AUTRE", "number": f"06 12 44 08 1{n}"}) for n in range(3)]

        def order() -> list[str]:
            return [one.id for one in channels.of_contact(session, marc, jeanne)["phone"]]

        assert order() == ids
        former = channels.reorder(session, marc, jeanne, "phone", [ids[2], "inconnu", ids[0]])
        assert former == ids
        assert order() == [ids[2], ids[0], ids[1]]
        assert contacts.get_contact(session, marc, jeanne).line.phone == "+33612440812"
        kept = channels.remove(session, marc, jeanne, "phone", ids[2])
        assert contacts.get_contact(session, marc, jeanne).line.phone == "+33612440810"
        channels.restore(session, marc, jeanne, "phone", kept)
        assert order() == [ids[2], ids[0], ids[1]]
        assert contacts.get_contact(session, marc, jeanne).line.phone == "+33612440812"
        with pytest.raises(Conflict):
            channels.restore(session, marc, jeanne, "phone", kept)
        said = [change.action for change in history.of_contact(session, marc, jeanne)]
        assert said[:3] == ["Téléphone : rétabli", "Téléphone : retiré", "Téléphone : réordonné"]


def test_what_the_contact_itself_is_given_becomes_its_primary_one(book: Book) -> None:
    """domain.md §2.1: imports and the API write e-mail, telephone and city; the tables follow."""
    with book.db.session(1) as session:
        key = contacts.create(session, book.marc, replace(PICARD, email="e@picard.fr", phone="0612440819", city="Nantes"))
        contacts.update(session, book.marc, key, {"email": "emile@picard.fr", "phone": None})
        found = channels.of_contact(session, book.marc, key)
        assert [one.values["email"] for one in found["email"]] == ["emile@picard.fr"]
        assert (found["phone"], found["address"][0].values["city"]) == ((), "Nantes")
        assert contacts.get_contact(session, book.marc, key).line.phone is None


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("phone", {"usage": "MOBILE", "number": ""}, "number"), ("phone", {"usage": "MOBILE", "number": "12"}, "number"),
        ("phone", {"usage": "LUNE", "number": "0612440819"}, "usage"), ("email", {"usage": "AUTRE", "email": "x@"}, "email"),
        ("bank", {"usage": "COURANT", "iban": "FR7630006000011234567890188"}, "iban"),
        ("bank", {"usage": "COURANT", "iban": "FR7630006000011234567890189", "bic": "X"}, "bic"),
        ("address", {"usage": "DOMICILE", "city": "\x00"}, "city"), ("address", {"usage": "DOMICILE", "city": ""}, "city"),
        ("address", {"usage": "DOMICILE", "city": "Nantes", "postal_code": "4400"}, "postal_code"),
        ("address", {"usage": "DOMICILE", "city": "Nantes", "country": "ZZ"}, "country"),
        ("address", {"usage": "DOMICILE", "city": "N" * 10_000}, "city"),
    ],
)  # fmt: skip
def test_what_is_refused_names_its_field(book: Book, kind: str, values: dict[str, Any], field: str) -> None:
    """Issue 3, «Bad input»: the service's own rules, whatever form or import asks."""
    with book.db.session(1) as session:
        with pytest.raises(DomainError) as refused:
            channels.add(session, book.marc, book.jeanne, kind, values)
        assert refused.value.field == field
        assert channels.of_contact(session, book.marc, book.jeanne)[kind] == ()


def test_the_same_form_twice_adds_one(book: Book) -> None:
    """Issue 3, «a double click»: contact and channel alike."""
    with book.db.session(1) as session:
        keys = {contacts.create(session, book.marc, PICARD, contact_id="01hk153x00000000000000zzzz") for _ in range(2)}
        assert len(keys) == 1
        key = keys.pop()
        for _ in range(2):
            channels.add(session, book.marc, key, "phone", PHONE, channel_id="01hk153x00000000000000zzzy")
        assert len(channels.of_contact(session, book.marc, key)["phone"]) == 1


def test_walls_hold_for_channels(book: Book) -> None:
    """domain.md §3.6, lines 17 and 28: another adviser, another cabinet, another contact's channel, no right."""
    with book.db.session(1) as session:
        key = channels.add(session, book.marc, book.jeanne, "phone", PHONE)
        for who, contact in ((book.claire, book.jeanne), (book.marc, book.household)):
            with pytest.raises(NotFound):
                channels.change(session, who, contact, "phone", key, PHONE)
            with pytest.raises(NotFound):
                channels.remove(session, who, contact, "phone", key)
        with pytest.raises(NotFound):
            history.of_contact(session, book.claire, book.jeanne)
        reader = replace(book.marc, permissions=frozenset({"contacts.view"}))
        with pytest.raises(Forbidden):
            channels.add(session, reader, book.jeanne, "phone", PHONE)
    with book.db.session(2) as session, pytest.raises(NotFound):
        channels.of_contact(session, book.stranger, book.jeanne)


def test_duplicates_are_those_that_one_may_see(book: Book) -> None:
    """CT-01: same name and birth date, e-mail whatever its case, telephone however typed; of others, not a word."""
    with book.db.session(1) as session:
        key = contacts.create(session, book.marc, replace(PICARD, email="Emile@picard.fr"))
        channels.add(session, book.marc, key, "phone", PHONE)
        other = NewContact("PERSONNE_PHYSIQUE", birth_name="Autre", first_names="Nom")
        for again, why in (
            (replace(PICARD, birth_name="PICARD", first_names="emile"), "même nom et même date de naissance"),
            (replace(other, email="emile@PICARD.fr"), "même adresse e-mail"),
            (replace(other, phone="+33 6 12 44 08 19"), "même téléphone"),
        ):
            assert [(twin.id, twin.why) for twin in duplicates.of(session, book.marc, again)] == [(key, why)]
            assert duplicates.of(session, book.claire, again) == ()
        assert duplicates.of(session, book.marc, replace(PICARD, birth_date=date(1968, 3, 15))) == ()


def test_the_history_says_who_what_when(book: Book) -> None:
    """DO-01: before → after in people's words, newest first, of one field where asked; an IBAN is never whole."""
    with book.db.session(1) as session:
        contacts.update(session, book.marc, book.jeanne, {"situation": "MARIE", "matrimonial_regime": "SEPARATION_DE_BIENS"})
        contacts.update(session, book.boss, book.jeanne, {"situation": "DIVORCE", "matrimonial_regime": None})
        iban = "FR7630006000011234567890189"
        channels.add(session, book.marc, book.jeanne, "bank", {"usage": "COURANT", "iban": iban})
        newest, divorce, *_ = history.of_contact(session, book.marc, book.jeanne)
        assert newest.action == "Compte bancaire : ajouté"
        ends = [(line.label, line.before, line.after) for line in newest.lines if line.name == "iban"]
        assert ends == [("IBAN", "—", "FR76…0189")]
        assert iban not in str([row.payload for row in session.scalars(select(AuditPayload))])
        lines = [(line.label, line.before, line.after) for line in divorce.lines]
        assert (divorce.who, lines) == (
            book.boss.name,
            [("Situation familiale", "Marié(e)", "Divorcé(e)"), ("Régime matrimonial", "Séparation de biens", "—")],
        )  # fmt: skip
        only = history.of_contact(session, book.marc, book.jeanne, field="situation")
        assert [line.after for change in only for line in change.lines] == ["Divorcé(e)", "Marié(e)"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"matrimonial_regime": "SEPARATION_DE_BIENS"}, "matrimonial_regime"), ({"nationality": "ZZ"}, "nationality"),
        ({"lei": "969500T3MBS4SQAMHJ44"}, "lei"), ({"capital": Decimal(5)}, "capital"), ({"origin": "LUNE"}, "origin"),
        ({"id_issued_on": date(2020, 1, 1), "id_expires_on": date(2019, 1, 1)}, "id_expires_on"),
        ({"remarks": "x" * 4001}, "remarks"), ({"birth_name": "a\x00b"}, "birth_name"),
        ({"birth_name": "😀", "usage_name": None, "first_names": "🌷"}, "birth_name"),
    ],
)  # fmt: skip
def test_details_have_rules(book: Book, changes: dict[str, Any], field: str) -> None:
    """domain.md §2.1: each refusal names its field."""
    with book.db.session(1) as session:
        with pytest.raises(DomainError) as refused:
            contacts.update(session, book.marc, book.jeanne, changes)
        assert refused.value.field == field


def test_the_longest_names_fit(book: Book) -> None:
    """Two names of a hundred signs and folded signs that grow: the list's own columns still hold them."""
    with book.db.session(1) as session:
        data = replace(PICARD, birth_name="\ufdfa" * 100, first_names="Œ" * 100)
        card = contacts.get_contact(session, book.marc, contacts.create(session, book.marc, data))
        assert len(card.name) <= 200


def test_verified_dated_and_masked(book: Book) -> None:
    """DO-02: who made sure and when, until it changes; an IBAN whole for those who may change it; the bank where it is known."""
    with book.db.session(1) as session:
        bank = {"usage": "COURANT", "iban": "BE71 0961 2345 6769"}
        made = channels.add(session, book.marc, book.jeanne, "bank", bank)
        channels.verify(session, book.marc, book.jeanne, "bank", made)
        found = channels.get(session, book.marc, book.jeanne, "bank", made)
        assert (found.verified_on, found.verified_by, found.bank) == (today(), "Marc Diallo", "BELFIUS BANQUE")
        reader = replace(book.marc, role="LECTEUR", permissions=frozenset({"contacts.view", "contacts.view_all"}))
        shown = channels.of_contact(session, reader, book.jeanne)["bank"][0]
        assert (shown.values["iban"], shown.bank) == ("BE71•••••••••769", "")
        with pytest.raises(Forbidden):
            channels.verify(session, reader, book.jeanne, "bank", made)
        kept = channels.remove(session, book.marc, book.jeanne, "bank", made)
        channels.restore(session, book.marc, book.jeanne, "bank", kept)
        assert channels.get(session, book.marc, book.jeanne, "bank", made) == found
        channels.change(session, book.marc, book.jeanne, "bank", made, {**bank, "holder": "Mme Durand"})
        assert channels.get(session, book.marc, book.jeanne, "bank", made).verified_on is None
        agreed = {**PHONE, "opt_in": True, "opt_in_source": "TELEPHONE"}
        phone = channels.add(session, book.marc, book.jeanne, "phone", agreed)
        assert channels.get(session, book.marc, book.jeanne, "phone", phone).opt_in_on == today()
        with pytest.raises(DomainError) as error:
            channels.change(session, book.marc, book.jeanne, "phone", phone, {**agreed, "opt_in_on": date(2190, 1, 1)})
        assert error.value.field == "opt_in_on"
        siret = {"usage": "SIEGE", "city": "Nantes", "siret": "73282932000074"}
        with pytest.raises(DomainError) as error:
            channels.add(session, book.marc, book.jeanne, "address", siret)
        assert error.value.field == "siret"
        firm = contacts.create(session, book.marc, NewContact("PERSONNE_MORALE", company_name="Tilleuls", siren="552100554"))
        with pytest.raises(DomainError, match="SIREN"):
            channels.add(session, book.marc, firm, "address", siret)
