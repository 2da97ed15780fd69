"""What is unusual of an act that is typed, and asks for a person's word before it is marked executed (PF-04)."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from core.accounts import checks
from core.accounts import services as accounts
from core.accounts.checks import Finding
from core.accounts.models import Account
from core.db.session import TenantSession
from core.transactions.typed_acts import TypedAct
from core.transactions.typed_shapes import Outcome
from core.web import formats

_PLANS = frozenset({"PEA", "PEA_JEUNE", "PEA_PME"})
_YEARS = 5


def check(
    session: TenantSession, account: Account, act: TypedAct, on: date, outcome: Outcome, seen: Collection[str]
) -> None:  # fmt: skip
    """Raises `Unconfirmed` for what `seen` does not name yet."""
    asked = [one for one in findings(session, account, act, on, outcome) if one.code not in seen]
    if asked:
        raise checks.Unconfirmed(asked)


def findings(
    session: TenantSession, account: Account, act: TypedAct, on: date, outcome: Outcome
) -> tuple[Finding, ...]:  # fmt: skip
    """Ceilings of payments, as for an account that is typed; what a surrender may end or need."""
    found: list[Finding] = []
    if act.nature == "versement":
        found += _ceilings(session, account, outcome)
    if act.nature == "rachat":
        found += _surrender(account, on)
    return tuple(found)


def _ceilings(session: TenantSession, account: Account, outcome: Outcome) -> Iterator[Finding]:
    if account.net_payments is None:
        return
    data = accounts.as_new(session, account)
    before = {one.code for one in checks.findings(session, data, account_id=account.id)}
    after = replace(data, net_payments=account.net_payments + outcome.flow)
    for one in checks.findings(session, after, account_id=account.id):
        if one.code.startswith("ceiling_") and one.code not in before:
            yield replace(one, field="amount")


def _surrender(account: Account, on: date) -> Iterator[Finding]:
    if account.accepted_beneficiary:
        yield Finding(
            "accepted_beneficiary", "Un bénéficiaire a accepté la clause\u202f: son accord est requis pour racheter (Code des "
            "assurances, art. L132-9). Confirmez que vous l'avez.", "amount", blocks=False,
        )  # fmt: skip
    begun = account.effect_on or account.opened_on
    if account.envelope in _PLANS and begun and _years(begun, on) < _YEARS:
        yield Finding(
            "plan_under_five", f"Ce plan est ouvert depuis le {formats.day(begun)}\u202f: un retrait avant cinq ans le clôt, "
            "sauf licenciement, invalidité, retraite anticipée ou création d'entreprise (Code monétaire et financier, "
            "art. L221-32). Confirmez que le retrait est voulu.", "amount", blocks=False,
        )  # fmt: skip


def _years(begun: date, on: date) -> int:
    return on.year - begun.year - ((on.month, on.day) < (begun.month, begun.day))
