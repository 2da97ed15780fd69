"""Accounts as lists and pages read them (BL-02, BL-06, domain.md §3.6)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from core.accounts import services as accounts
from core.accounts.numbers import number_key
from core.contacts import services as contacts
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.queries import accounts as requests
from core.queries.pages import Asked
from tests.core.accounts.book import Book
from tests.core.accounts.book import Counter
from tests.core.accounts.book import account


@pytest.mark.parametrize("number", ["HIM 001 234-5", "him0012345", "HIM.001.234.5", "HIM\u202f001\u2011234–5"])
def test_a_number_is_known_under_every_spelling(number: str) -> None:
    """domain.md §3.6, line 21: blanks, dots, hyphens and case do not tell accounts apart; zeros do."""
    assert number_key(number) == "HIM0012345"
    assert number_key("0012") != number_key("12")
    with pytest.raises(DomainError):
        number_key(" - . ")


def test_an_account_is_seen_by_those_who_follow_a_holder(book: Book) -> None:
    """BL-02, domain.md §3.6 lines 17 and 18: another adviser, another cabinet: there is no such account."""
    with book.db.session(1) as session:
        assert accounts.get_ref(session, book.marc, book.himalia).label == "Himalia HIM 001 234-5"
        assert accounts.get_ref(session, book.boss, book.himalia).company_code == "generali-patrimoine"
        with pytest.raises(NotFound):
            accounts.get_ref(session, book.claire, book.himalia)
        contacts.follow(session, "cli", book.jeanne, book.claire.user_id, "SECONDAIRE")
        assert accounts.get_ref(session, book.claire, book.himalia).id == book.himalia
        blind = replace(book.marc, permissions=book.marc.permissions - {"accounts.view"})
        with pytest.raises(NotFound):
            accounts.card(session, blind, book.himalia)
    with book.db.session(2) as session, pytest.raises(NotFound):
        accounts.get_ref(session, book.stranger, book.himalia)


def test_a_beneficiary_does_not_open_the_account(book: Book) -> None:
    """BL-02: only holding roles make an account visible, or part of a portfolio."""
    with book.db.session(1) as session:
        roles = [accounts.Role(book.jeanne, "SOUSCRIPTEUR"), accounts.Role(book.paul, "BENEFICIAIRE")]
        accounts.set_roles(session, "cli", book.himalia, roles)
        assert accounts.refs(session, book.claire) == []
        assert accounts.refs(session, book.boss, contact_id=book.paul) == []


def test_a_list_costs_as_many_queries_for_fifty_accounts_as_for_one(book: Book, statements: Counter) -> None:
    """BL-06: 50 accounts cost no query more than one; holders included."""
    with book.db.session(1) as session:
        statements.clear()
        assert len(accounts.refs(session, book.marc)) == 1
        alone = len(statements)
        for number in range(49):
            account(session, book.company, f"X{number:04d}", book.jeanne)
        statements.clear()
        found = accounts.refs(session, book.marc)
        assert (len(found), len(statements)) == (50, alone)
        assert {ref.holders[0].name for ref in found} == {"Durand Jeanne"}
        statements.clear()
        page = requests.page(session, book.marc, Asked(), size=50)
        assert (len(page.items), page.total, len(statements)) == (50, 50, 4)


def test_a_household_reads_its_members_accounts_that_one_may_see(book: Book) -> None:
    """BL-02 (1): the portfolio of a household is its members', within the adviser's rights, each account once."""
    with book.db.session(1) as session:
        joint = account(session, book.company, "JOINT", book.jeanne, book.paul)
        alone = account(session, book.company, "PAUL", book.paul)
        everything = {ref.id for ref in accounts.refs(session, book.boss, contact_id=book.household)}
        assert everything == {book.himalia, joint, alone}
        seen = [ref.id for ref in accounts.refs(session, book.marc, contact_id=book.household)]
        assert sorted(seen) == sorted([book.himalia, joint])


def test_the_choices_of_filters_are_those_in_use(book: Book) -> None:
    """BL-02 (2): a filter offers what would find something, within the adviser's rights."""
    with book.db.session(1) as session:
        assert [choice.label for choice in accounts.companies(session, book.marc)] == ["Generali Patrimoine"]
        assert [choice.key for choice in accounts.envelopes(session, book.marc)] == ["ASSURANCE_VIE"]
        assert accounts.companies(session, book.claire) == () == accounts.envelopes(session, book.claire)


def test_the_card_says_who_may_be_opened(book: Book) -> None:
    """BL-02 (3): roles of contacts that the adviser does not follow are named, not linked."""
    with book.db.session(1) as session:
        roles = [
            accounts.Role(book.jeanne, "SOUSCRIPTEUR"), accounts.Role(book.jeanne, "ASSURE"),
            accounts.Role(book.paul, "BENEFICIAIRE", share=Decimal(1)),
        ]  # fmt: skip
        accounts.set_roles(session, "cli", book.himalia, roles)
        found = accounts.card(session, book.marc, book.himalia)
        assert [(line.role_label, line.visible) for line in found.roles] == [
            ("Souscripteur", True), ("Assuré", True), ("Bénéficiaire", False),
        ]  # fmt: skip
        assert (found.depositary, found.distributor) == ("Generali Patrimoine", None)
