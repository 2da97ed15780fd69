"""A cabinet of many contacts, and what an adviser's pages ask of it: for the plans of both databases."""

from __future__ import annotations

from sqlalchemy import insert
from sqlalchemy import select

from core.accounts import services as accounts
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.cabinets.models import Agency
from core.cabinets.models import AgencyMember
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.cabinets.permissions import of_role
from core.contacts import services as contacts
from core.contacts.models import Contact
from core.contacts.models import ContactAdviser
from core.db.session import Database
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.queries import accounts as account_requests
from core.queries import contacts as contact_requests
from core.queries.pages import Asked
from core.supports.models import Company
from core.transactions.access import visible_transactions
from core.transactions.models import Transaction

#: People of twenty agencies; their contacts follow one another round.
PEOPLE, AGENCIES = 200, 20
#: Tables that hold a row a client or more: none is gone through for what one adviser may see of it.
LARGE = ("contact", "contact_adviser", "account", "account_role", "transaction")


def fill(db: Database, many: int) -> None:
    """Contacts with an account each."""
    with db.session(None) as session:
        session.add(Cabinet(id=1, slug="plein", name="Plein", data_key=b"k"))
    users, agencies, company = [f"u{n:025d}" for n in range(PEOPLE)], [f"a{n:025d}" for n in range(AGENCIES)], "o" * 26
    with db.session(1) as session:
        def rows(model: type, made: list[dict[str, object]]) -> None:
            session.execute(insert(model), [{"cabinet_id": 1, **row} for row in made])

        rows(User, [{"id": one, "email": one, "display_name": one, "role": "CONSEILLER", "password_hash": "x"} for one in users])
        rows(Agency, [{"id": one, "name": one} for one in agencies])
        rows(AgencyMember, [
            {"id": f"m{n:025d}", "agency_id": agencies[n % AGENCIES], "user_id": one} for n, one in enumerate(users)
        ])  # fmt: skip
        # spread over the table as they come in life: neighbours in it are not one adviser's
        order = [n * 7919 % many for n in range(many)]
        rows(Contact, [
            {
                "id": f"c{n:025d}", "kind": "PERSONNE_PHYSIQUE", "file_code": f"D-{n}", "display_name": f"N{n}",
                "sort_name": f"n{(n * 104729) % many:07d}",
            }
            for n in order
        ])  # fmt: skip
        rows(ContactAdviser, [
            {"id": f"f{n:025d}", "contact_id": f"c{n:025d}", "user_id": users[n % PEOPLE]} for n in order
        ])  # fmt: skip
        rows(Company, [{"id": company, "code": "x", "name": "X"}])
        rows(Account, [
            {
                "id": f"k{n:025d}", "envelope": "PEA", "number": str(n), "number_key": str(n), "title": "PEA",
                "company_id": company, "depositary_id": company,
            }
            for n in order
        ])  # fmt: skip
        rows(AccountRole, [
            {"id": f"r{n:025d}", "account_id": f"k{n:025d}", "contact_id": f"c{n:025d}", "role": "TITULAIRE"} for n in order
        ])  # fmt: skip
        rows(Transaction, [
            {
                "id": f"t{n:025d}", "account_id": f"k{n:025d}", "reference": f"t{n}", "origin": "SAISIE", "act": "arbitrage",
                "act_label": "A", "nature": "arbitrage",
            }
            for n in order
        ])  # fmt: skip


def adviser(profile: str) -> Adviser:
    """One of the many."""
    return Adviser(f"u{0:025d}", 1, "", "", profile, of_role(profile))


def read(session: TenantSession, who: Adviser) -> None:
    """Lists, a search, one file, one account, one transaction."""
    assert contact_requests.page(session, who, Asked(), number=2).items
    contacts.found(session, who, "durand", limit=5)
    assert contacts.get_contact(session, who, f"c{0:025d}")
    assert account_requests.page(session, who, Asked()).items
    accounts.found(session, who, "himalia", limit=5)
    assert accounts.get_ref(session, who, f"k{0:025d}")
    assert session.scalars(select(Transaction.id).where(visible_transactions(who)).limit(5)).all()
