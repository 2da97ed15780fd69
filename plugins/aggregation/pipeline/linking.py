"""Which of our accounts a source's account is: certain by its number at its company, else suggested to a person (AGG-02).

Nothing is attached but by certainty or by a person's word, and each says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy import update

from core.api import accounts
from core.api import contacts
from core.api import links
from core.api import supports
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import now
from core.api.feeds import AccountSeen
from core.api.types import Adviser
from plugins.aggregation.pipeline.models import FeedAccount

#: A source's account is attached by itself from this score on, where no other account reaches it.
CERTAIN = 100
_SAME_NUMBER, _IN_IBAN, _HOLDER, _ENVELOPE, _COMPANY = 70, 60, 30, 20, 30
#: Candidates that are shown.
MOST = 8
ABSENT = "Ce compte de flux n'existe plus, ou n'est pas ouvert à votre profil."
_IBAN_FR = 27


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of our accounts that it may be. `score`: 0 to 100; `why`: what speaks for it, in French."""

    account_id: str
    label: str
    score: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a person is shown before he says which account it is."""

    candidates: tuple[Candidate, ...]
    #: The contacts who may hold it, id and name: an account can be made for one of them.
    people: tuple[tuple[str, str], ...]


def seen(session: TenantSession, named: Sequence[tuple[AccountSeen, str]]) -> list[FeedAccount]:
    """The source's accounts, each with its origin, made or brought up to date as the source names them today."""
    if not named:
        return []
    wanted = select(FeedAccount).where(FeedAccount.key.in_({one.key[:120] for one, _origin in named}))
    there = {(row.origin, row.key): row for row in session.scalars(wanted)}
    for one, origin in named:
        row = there.get((origin, one.key[:120]))
        if row is None:
            row = there[origin, one.key[:120]] = FeedAccount(origin=origin, key=one.key[:120], number=one.number[:60])
            session.add(row)
        told = one.label if one.label != one.word else ""  # a code of the format is no name
        label = told or accounts.ENVELOPES.get(one.envelope or "") or one.word
        row.number, row.label, row.company = one.number[:60], label[:200], one.company[:120]
        row.envelope, row.currency = one.envelope, one.currency
        row.holders = [[who.name, who.first_names, who.birth_date.isoformat() if who.birth_date else ""] for who in one.holders]
    session.flush()
    found = [there[origin, one.key[:120]] for one, origin in named]
    today = update(FeedAccount).where(FeedAccount.id.in_([row.id for row in found])).values(seen_at=now())
    session.execute(today.execution_options(synchronize_session=False))
    return found


def origin_of(one: AccountSeen, format_key: str) -> str:
    """Who names it: a key means the same account within one origin only."""
    return (contacts.fold(one.company) or format_key)[:120]


def settle(session: TenantSession, by: Adviser, row: FeedAccount, partner: str = "") -> None:
    """Attach it where one account of ours is certainly it. `partner`: the module that asked for it, whose links know theirs."""
    if row.state != "A_RATTACHER":
        return
    sure = _linked(session, by, row, partner) if partner else []
    sure = sure or [one.account_id for one in suggested(session, by, row).candidates if one.score >= CERTAIN]
    if len(sure) != 1:
        return
    try:
        with session.begin_nested():
            attach(session, by, row, sure[0], certain=True)
    except DomainError:  # another currency, put away, fed already: a person says what to do
        session.refresh(row)


def suggested(session: TenantSession, by: Adviser, row: FeedAccount) -> Suggested:
    """Accounts that `by` may change, the likeliest first; and the people whom the source names, as far as they are found."""
    company = supports.naming.companies(session).get(contacts.fold(row.company)) if row.company else None
    at = company.id if company else None
    found: dict[str, tuple[int, list[str], str]] = {}
    for key, points, words in _numbers(row):
        for there in accounts.bulk_match.there(session, by, {key}).get(key, ()):
            if there.open:
                score, why, label = points, [words], f"{there.title} {there.number}"
                if at is not None and at in there.companies:
                    score, why = score + _COMPANY, [*why, f"même compagnie ({company.name})" if company else ""]
                _keep(found, there.id, score, why, label)
    people = _people(session, by, row)
    for contact_id, name in people:
        for ref in accounts.refs(session, by, contact_id=contact_id):
            if ref.state in accounts.ENDED_STATES:
                continue
            score, why = _HOLDER, [f"tenu par {name}"]
            if row.envelope and ref.envelope == row.envelope:
                score, why = score + _ENVELOPE, [*why, "même enveloppe"]
            if company is not None and ref.company == company.name:
                score, why = score + _COMPANY // 2, [*why, f"même compagnie ({company.name})"]
            _keep(found, ref.id, score, why, f"{ref.label}, {ref.company}")
    ranked = sorted(found.items(), key=lambda item: (-item[1][0], item[1][2], item[0]))[:MOST]
    return Suggested(tuple(Candidate(key, label, min(score, CERTAIN), tuple(filter(None, why)))
                           for key, (score, why, label) in ranked), people)  # fmt: skip


def attach(
    session: TenantSession, by: Adviser, row: FeedAccount, account_id: str, *, certain: bool = False
) -> None:  # fmt: skip
    """Say which account it is: from now on its feed fills it. Raises `NotFound`, `Forbidden`, `DomainError` with the field."""
    if row.currency and row.currency != accounts.get_ref(session, by, account_id).currency:
        raise DomainError(f"Choisissez un compte en {row.currency}\u202f: celui-ci est dans une autre devise.", field="account")
    other = session.scalar(
        select(FeedAccount).where(
            FeedAccount.account_id == account_id, FeedAccount.id != row.id, FeedAccount.origin == row.origin
        ).limit(1)
    )  # fmt: skip
    if other is not None:
        text = f"Un autre compte de la source ({other.number}) remplit déjà celui-ci\u202f: choisissez-en un autre."
        raise DomainError(text, field="account")
    before = accounts.feeding.filled_by(session, by, account_id, "AGREGE")
    row.state, row.account_id, row.filled_before = "RATTACHE", account_id, before
    row.decided_by = "certain" if certain else by.user_id
    row.decided_at = now()
    session.flush()


def create(session: TenantSession, by: Adviser, row: FeedAccount, contact_id: str, envelope: str) -> str:
    """Make the account that the source names, for a contact, and attach it; its id. Raises `DomainError`, `Forbidden`."""
    if not row.company:
        text = "La source ne dit pas la compagnie\u202f: ajoutez d'abord le compte, puis rattachez-le."
        raise DomainError(text, field="contact")
    known = supports.naming.companies(session).get(contacts.fold(row.company))
    code = known.code if known else contacts.fold(row.company).replace(" ", "-")[:40] or "compagnie"
    company = supports.company_for(session, code, name=known.name if known else row.company, actor=by.user_id)
    role = "SOUSCRIPTEUR" if envelope in accounts.INSURED | {"CAPITALISATION"} else "TITULAIRE"
    made = accounts.create(
        session, by, accounts.NewAccount(
            envelope, row.number, row.label or accounts.ENVELOPES[envelope], company, (accounts.Role(contact_id, role),),
            currency=row.currency or "EUR", origin="AGREGE",
        ),
    )  # fmt: skip
    attach(session, by, row, made)
    row.filled_before = "MANUEL"
    return made


def detach(session: TenantSession, by: Adviser, row: FeedAccount, state: str = "A_RATTACHER") -> None:
    """Take it away from its account, which keeps what it was told; or want nothing of it («IGNORE»)."""
    if row.account_id is not None and not _fed_by_another(session, row):
        accounts.feeding.filled_by(session, by, row.account_id, row.filled_before or "MANUEL")
    row.account_id, row.state, row.filled_before = None, state, ""
    row.decided_by, row.decided_at = by.user_id, now()
    session.flush()


def get(session: TenantSession, feed_account_id: str) -> FeedAccount:
    """One. Raises `NotFound`."""
    row = session.scalar(select(FeedAccount).where(FeedAccount.id == feed_account_id))
    if row is None:
        raise NotFound(ABSENT)
    return row


def _linked(session: TenantSession, by: Adviser, row: FeedAccount, partner: str) -> list[str]:
    """Our accounts that go by this partner's link under that number, those that `by` may change."""
    try:
        key = accounts.number_key(row.number)
    except DomainError:
        return []
    known = links.known_as(session, partner, key)
    return [one.id for one in accounts.bulk_match.there(session, by, {key}).get(key, ()) if one.open and one.id in known]


def _fed_by_another(session: TenantSession, row: FeedAccount) -> bool:
    same = FeedAccount.account_id == row.account_id, FeedAccount.id != row.id
    return session.scalar(select(FeedAccount.id).where(*same).limit(1)) is not None


def _keep(found: dict[str, tuple[int, list[str], str]], key: str, score: int, why: list[str], label: str) -> None:
    there = found.get(key)
    if there is None:
        found[key] = (score, why, label)
    else:
        reasons = [*there[1], *(one for one in why if one not in there[1])]
        found[key] = (max(score, there[0]) + min(score, there[0]) // 2, reasons, there[2])


def _numbers(row: FeedAccount) -> list[tuple[str, int, str]]:
    """Folded numbers under which we may have it, the source's own first; a French IBAN holds the account's number."""
    made = list[tuple[str, int, str]]()
    for text, points, words in (
        (row.number, _SAME_NUMBER, f"même numéro ({row.number})"),
        *([(row.number.replace(" ", "")[14:25], _IN_IBAN, "numéro contenu dans l'IBAN")] if _iban(row.number) else []),
    ):  # fmt: skip
        try:
            key = accounts.number_key(text) if text else ""
        except DomainError:
            continue
        if key:
            made.append((key, points, words))
    return made


def _iban(number: str) -> bool:
    plain = number.replace(" ", "")
    return len(plain) == _IBAN_FR and plain[:2].upper() == "FR"


def _people(session: TenantSession, by: Adviser, row: FeedAccount) -> tuple[tuple[str, str], ...]:
    wanted = [
        contacts.bulk_find.Sought(name=name, first_names=first, birth_date=date.fromisoformat(born) if born else None)
        for name, first, born in row.holders if name
    ]  # fmt: skip
    found: list[Any] = contacts.bulk_find.find(session, by, wanted, "accounts.edit", by_name=True) if wanted else []
    return tuple((one.id, one.name) for one in found if one.id is not None and one.kind != "FOYER")
