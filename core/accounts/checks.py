"""Whether an account that a person types stands by the rules of its envelope: what is refused, what asks for his word (PF-01).

Files and feeds say what is there; what is odd in it is the audit's to say. A person who types is told before it is written.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlalchemy import select

from core.accounts import envelope_rules
from core.accounts.envelopes import ENDED_STATES
from core.accounts.envelopes import ENVELOPES
from core.accounts.envelopes import HOLDING_ROLES
from core.accounts.models import Account
from core.accounts.models import AccountRole
from core.accounts.schemas import INSURED
from core.accounts.schemas import NewAccount
from core.contacts.models import Contact
from core.db.clock import today
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.supports.models import Company
from core.web import formats

_PAIR = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong or odd. `code`: by which a person says that he has seen it; `blocks`: he cannot."""

    code: str
    text: str
    field: str
    blocks: bool = True


class Unconfirmed(DomainError):
    """What is typed is unusual: it waits for the person's word. `findings` are what he is asked to confirm."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        text = " ".join(one.text for one in findings)
        codes = ", ".join(one.code for one in findings)
        super().__init__(f"À confirmer (acknowledged\u202f: {codes})\u202f: {text}", code="to-confirm", field=findings[0].field)
        self.findings = tuple(findings)


def check(session: TenantSession, data: NewAccount, *, account_id: str | None = None, seen: Collection[str] = ()) -> None:
    """Raises `DomainError` with the field for what the rules refuse, `Unconfirmed` for what `seen` does not name yet."""
    found = findings(session, data, account_id=account_id)
    for one in found:
        if one.blocks:
            raise DomainError(one.text, field=one.field)
    asked = [one for one in found if one.code not in seen]
    if asked:
        raise Unconfirmed(asked)


def findings(session: TenantSession, data: NewAccount, *, account_id: str | None = None) -> tuple[Finding, ...]:
    """All that is refused or unusual of an account, in the order of the form."""
    ids = {role.contact_id for role in data.roles}
    people = {one.id: one for one in session.scalars(select(Contact).where(Contact.id.in_(ids)))}
    held = [people[role.contact_id] for role in data.roles if role.role in HOLDING_ROLES and role.contact_id in people]
    found = list(_dates(data))
    if data.state not in ENDED_STATES:
        found += [*_closed(data), *_one_each(session, data, held, account_id), *_ages(data, held)]
    found += [*_legal(data, held), *_couple(data, held), *_ceilings(session, data, held, account_id)]
    return tuple(found)


def _dates(data: NewAccount) -> Iterator[Finding]:
    day = formats.day
    if data.opened_on and data.opened_on > today() and data.state != "EN_SOUSCRIPTION":
        yield Finding(
            "", f"La souscription est au {day(data.opened_on)}, dans le futur\u202f: corrigez-la, ou choisissez l'état "
            "«\u202fEn souscription\u202f».", "opened_on",
        )  # fmt: skip
    if data.opened_on and data.effect_on and data.effect_on < data.opened_on:
        yield Finding("", "La date d'effet précède la souscription\u202f: vérifiez les deux dates.", "effect_on")
    begun = data.effect_on or data.opened_on
    if begun and data.matures_on and data.matures_on <= begun:
        yield Finding("", "L'échéance précède le début du contrat\u202f: vérifiez les deux dates.", "matures_on")
    if data.state in ENDED_STATES and data.closed_on is None:
        yield Finding("", "Saisissez la date de la fin du compte\u202f: les bilans antérieurs le gardent.", "closed_on")
    if data.closed_on and data.closed_on > today():
        yield Finding("", "Un compte est clos une fois la clôture faite\u202f: cette date est dans le futur.", "closed_on")
    if data.value_on and data.value_on > today():
        yield Finding("", "Une valorisation est connue le jour venu\u202f: cette date est dans le futur.", "value_on")


def _closed(data: NewAccount) -> Iterator[Finding]:
    rule = envelope_rules.rule(data.envelope)
    if rule.closed is None or (data.opened_on or today()) < rule.closed:
        return
    if data.opened_on is None and data.state != "EN_SOUSCRIPTION":
        return  # of an old contract the day may not be known
    label = ENVELOPES[data.envelope]
    text = f"Plus aucune souscription depuis le {formats.day(rule.closed)}\u202f: {label} ({rule.source})."
    todo = "Choisissez un PER, ou vérifiez la date."
    if rule.lenient:
        todo = "Confirmez qu'il s'agit d'une adhésion à un contrat antérieur."
    yield Finding("closed_to_new", f"{text} {todo}", "opened_on", blocks=not rule.lenient)


def _one_each(
    session: TenantSession, data: NewAccount, held: Sequence[Contact], account_id: str | None
) -> Iterator[Finding]:  # fmt: skip
    alone = envelope_rules.rule(data.envelope).alone
    if not alone or not held:
        return
    wanted = (
        select(AccountRole.contact_id, Account.envelope, Account.title, Account.number, Company.name.label("company"))
        .join(Account, Account.id == AccountRole.account_id).join(Company, Company.id == Account.company_id)
        .where(
            AccountRole.contact_id.in_([one.id for one in held]), AccountRole.role.in_(HOLDING_ROLES),
            Account.envelope.in_(alone), Account.state.not_in(ENDED_STATES), Account.archived_at.is_(None),
        )
    )  # fmt: skip
    row = session.execute(wanted.where(Account.id != account_id) if account_id else wanted).first()
    if row is not None:
        name = next(one.display_name for one in held if one.id == row.contact_id)
        label = ENVELOPES[row.envelope]
        yield Finding(
            "", f"Un {label} est déjà détenu par {name} ({row.title} {row.number}, {row.company}) et la loi n'en permet "
            "qu'un par personne. Clôturez-le ou notez son transfert d'abord, ou modifiez-le.", "envelope",
        )  # fmt: skip


def _ages(data: NewAccount, held: Sequence[Contact]) -> Iterator[Finding]:
    rule = envelope_rules.rule(data.envelope)
    label, on = ENVELOPES[data.envelope], data.opened_on or today()
    for one in held:
        age = _age(one.birth_date, on)
        if age is None:
            continue
        if (rule.least is not None and age < rule.least) or (rule.most is not None and age > rule.most):
            asked = f"de {rule.least} à {rule.most} ans" if rule.most is not None else f"à partir de {rule.least} ans"
            yield Finding(
                "", f"Un {label} s'ouvre {asked} ({rule.source}). {one.display_name} avait {age} ans le "
                f"{formats.day(on)}\u202f: vérifiez la date, l'enveloppe ou la date de naissance.", "opened_on",
            )  # fmt: skip


def _age(birth: date | None, on: date) -> int | None:
    if birth is None:
        return None
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _legal(data: NewAccount, held: Sequence[Contact]) -> Iterator[Finding]:
    firm = next((one for one in held if one.kind == "PERSONNE_MORALE"), None)
    if firm is not None and data.envelope in INSURED and data.envelope != "PREVOYANCE":
        yield Finding(
            "insured_by_company", f"Une personne morale, {firm.display_name}, détient plutôt un contrat de "
            "capitalisation. Confirmez si la compagnie a accepté cette souscription.", "envelope", blocks=False,
        )  # fmt: skip


def _couple(data: NewAccount, held: Sequence[Contact]) -> Iterator[Finding]:
    """domain.md §2.1: co-subscription settled on the second death, by the regime of the two."""
    if data.settlement and data.envelope not in envelope_rules.SETTLED:
        yield Finding("", "Le dénouement ne concerne que l'assurance-vie\u202f: laissez ce champ vide.", "settlement")
    if data.settlement != "SECOND":
        return
    if len(held) != _PAIR:
        yield Finding("", "Un dénouement au second décès demande deux souscripteurs\u202f: ajoutez le second.", "settlement")
        return
    regimes: set[Any] = {one.matrimonial_regime for one in held}
    names = " et ".join(one.display_name for one in held)
    if any(one.situation not in (None, "MARIE") for one in held) or "SEPARATION_DE_BIENS" in regimes:
        yield Finding(
            "", f"Dénouement au second décès\u202f: réservé aux époux en communauté universelle avec attribution intégrale, ou "
            f"avec un préciput qui vise le contrat. Les dossiers de {names} disent autre chose\u202f: choisissez le premier "
            "décès, ou mettez leur régime à jour.", "settlement",
        )  # fmt: skip
        return
    clause = "la clause d'attribution intégrale" if regimes == {"COMMUNAUTE_UNIVERSELLE"} else "le préciput qui vise ce contrat"
    yield Finding(
        "second_death", f"Dénouement au second décès\u202f: vérifiez {clause} dans le contrat de mariage de {names}, "
        "puis confirmez.", "settlement", blocks=False,
    )  # fmt: skip


def _ceilings(
    session: TenantSession, data: NewAccount, held: Sequence[Contact], account_id: str | None
) -> Iterator[Finding]:  # fmt: skip
    if data.net_payments is None or not held:
        return
    for one in envelope_rules.rule(data.envelope).ceilings:
        total, beside = data.net_payments, ""
        if one.together:
            others = _paid(session, [who.id for who in held], one.together, account_id)
            total += others
            beside = f", avec {formats.money(others)} ailleurs" if others else ""
        if total > one.amount:
            yield Finding(
                f"ceiling_{one.amount.normalize():f}", f"Versements de {formats.money(data.net_payments)}{beside}\u202f: le "
                f"plafond est de {formats.money(one.amount)} depuis le {formats.day(one.since)} ({one.source}). Vérifiez, "
                "puis confirmez.", "net_payments", blocks=False,
            )  # fmt: skip


def _paid(session: TenantSession, people: Sequence[str], envelopes: Sequence[str], account_id: str | None) -> Decimal:
    held = select(AccountRole.account_id).where(AccountRole.contact_id.in_(people), AccountRole.role.in_(HOLDING_ROLES))
    wanted = select(func.sum(Account.net_payments)).where(
        Account.id.in_(held), Account.envelope.in_(envelopes), Account.state.not_in(ENDED_STATES), Account.archived_at.is_(None)
    )
    return session.scalar(wanted.where(Account.id != account_id) if account_id else wanted) or Decimal(0)
