"""A household's balance sheet read from the book: accounts, a plugin's things, the union's regime, what one may see (PA-01)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.accounts import services as accounts
from core.contacts import relations
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.errors import NotFound
from core.hooks.results import Collected
from core.hooks.results import Contribution
from core.hooks.results import Failure
from core.hooks.wealth import Ownership
from core.hooks.wealth import WealthItem
from core.wealth import services as wealth
from tests.core.accounts.book import Book
from tests.core.accounts.book import Counter
from tests.core.accounts.book import account

ON = date(2026, 6, 30)
WED = date(2000, 5, 6)


class Hub:
    """A plugin that knows a house, and another that does not answer."""

    def __init__(self, *items: WealthItem) -> None:
        self.items = items
        self.asked: tuple[str, ...] = ()

    def collect(self, _hook: object, _ctx: object, people: tuple[str, ...], _on: date) -> Collected[WealthItem]:
        self.asked = tuple(people)
        failure = Failure("casse", "Cassé", "crash", "Le module «Cassé» est indisponible.", "x")
        return Collected(tuple(Contribution("essai", "Essai", one) for one in self.items), (failure,))


def sheet(book: Book, session: Any, hub: Hub, who: Any, contact_id: str, on: date = ON) -> wealth.Balance:
    nothing: Any = None
    given: Any = hub
    return wealth.balance(given, nothing, session, who, contact_id, on)


def test_a_couple_s_sheet(book: Book, statements: Counter) -> None:
    """PA-01: accounts and things of two spouses in community, halved; a module that is silent is named; queries are constant."""
    house = WealthItem(
        "maison", "Maison", "IMMOBILIER_USAGE", Decimal(300_000), (Ownership(book.paul),), as_of=date(2026, 1, 1), immovable=True,
        acquired_on=date(2010, 1, 1),
    )  # fmt: skip
    with book.db.session(1) as session:
        for key in (book.jeanne, book.paul):
            contacts.update(session, "cli", key, {"situation": "MARIE", "matrimonial_regime": "COMMUNAUTE_REDUITE_AUX_ACQUETS"})
        relations.add(session, "cli", book.jeanne, "CONJOINT", book.paul, since=WED)
        accounts.put_valuation(session, "cli", book.himalia, date(2026, 3, 1), Decimal("1000.01"), "test")
        accounts.put_valuation(session, "cli", book.himalia, date(2026, 9, 1), Decimal(9000), "test")
        both = sheet(book, session, hub := Hub(house), book.boss, book.household)
        assert set(hub.asked) == {book.jeanne, book.paul}
        assert (both.net(), both.missing) == (Decimal("301000.01"), ("Le module «Cassé» est indisponible.",))
        assert both.net(book.jeanne) + both.net(book.paul) == both.net()
        assert sorted((both.net(book.jeanne), both.net(book.paul))) == [Decimal("150500.00"), Decimal("150500.01")]
        contract = next(line for line in both.lines if line.source == wealth.BOOK)
        assert (contract.item.as_of, contract.common[:15]) == (date(2026, 3, 1), "Présumé commun ")
        alone = sheet(book, session, Hub(house), book.boss, book.jeanne)
        assert alone.net() == both.net(book.jeanne)
        before = sheet(book, session, Hub(), book.boss, book.household, date(2026, 2, 1))
        assert [line.item.key for line in before.unknown] == [book.himalia]
        statements.clear()
        sheet(book, session, Hub(house), book.boss, book.household)
        cost = len(statements)
        for number in range(20):
            accounts.put_valuation(
                session, "cli", account(session, book.company, f"N{number}", book.jeanne), date(2026, 3, 1), Decimal(1), "test"
            )
        statements.clear()
        assert sheet(book, session, Hub(house), book.boss, book.household).net() == Decimal("301020.01")
        assert len(statements) == cost


def test_a_sheet_is_of_what_one_may_see(book: Book) -> None:
    """PA-01, domain.md §3.6 line 17: a spouse's file that is not one's own is not read, and that is said."""
    with book.db.session(1) as session:
        for key in (book.jeanne, book.paul):
            contacts.update(session, "cli", key, {"matrimonial_regime": "COMMUNAUTE_UNIVERSELLE", "situation": "MARIE"})
        relations.add(session, "cli", book.jeanne, "CONJOINT", book.paul, since=WED)
        his = account(session, book.company, "PAUL", book.paul)
        for key, value in ((book.himalia, 100), (his, 900)):
            accounts.put_valuation(session, "cli", key, date(2026, 3, 1), Decimal(value), "test")
        seen = sheet(book, session, hub := Hub(), book.marc, book.jeanne)
        assert (hub.asked, seen.net()) == ((book.jeanne,), Decimal(50))
        assert any("conjoint" in text for text in seen.missing)
        assert sheet(book, session, Hub(), book.boss, book.jeanne).net() == 500
        with pytest.raises(NotFound):
            sheet(book, session, Hub(), book.marc, book.paul)
    with book.db.session(2) as session, pytest.raises(NotFound):
        sheet(book, session, Hub(), book.stranger, book.jeanne)


def test_shares_of_a_company_on_file(book: Book) -> None:
    """PA-01, NX-02: what the company holds comes to its associates by their shares, and nothing twice in a household it is in."""
    with book.db.session(1) as session:
        sci = contacts.create(session, book.marc, NewContact("PERSONNE_MORALE", "CLIENT", company_name="SCI Les Tilleuls"))
        theirs = account(session, book.company, "SCI-1", sci)
        accounts.put_valuation(session, "cli", theirs, date(2026, 3, 1), Decimal(1000), "test")
        relations.add(session, "cli", book.jeanne, "SOCIETE_DETENUE", sci, share=Decimal("0.6"), right="PLEINE_PROPRIETE")
        relations.add(session, "cli", book.paul, "SOCIETE_DETENUE", sci, share=Decimal("0.4"), right="PLEINE_PROPRIETE")
        both = sheet(book, session, Hub(), book.boss, book.household)
        assert (both.net(book.jeanne), both.net(book.paul), both.net()) == (Decimal(600), Decimal(400), Decimal(1000))
        assert (sheet(book, session, Hub(), book.boss, sci).net(), both.through[sci].net()) == (Decimal(1000), Decimal(1000))
        hidden = contacts.create(session, book.boss, NewContact("PERSONNE_MORALE", "CLIENT", company_name="Cachée"))
        relations.add(session, "cli", book.jeanne, "SOCIETE_DETENUE", hidden, share=Decimal("0.5"))
        seen = sheet(book, session, Hub(), book.marc, book.jeanne)
        assert [line.item.label for line in seen.lines if line.item.company_id] == ["Parts de SCI Les Tilleuls (60\u00a0%)"]
        assert any("société" in text for text in seen.missing)
