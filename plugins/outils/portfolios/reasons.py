"""Why an account is left out of a run, whatever its lines: its state, its envelope, its product, local rules (PF-09)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from core.api import Context
from core.api import accounts
from core.api import book
from core.api import links
from core.api import supports
from core.api import transactions
from core.api.db import DomainError
from core.api.db import TenantSession
from core.api.types import AccountAction
from core.api.types import AccountRef
from core.api.web import hub
from plugins.outils.portfolios.drift import Drift
from plugins.outils.portfolios.shapes import ModelLine

ACT = transactions.typed_acts.ACTS["arbitrage"]
#: What local rules say of an arbitrage of an account; nothing where it may be proposed.
Guard = Callable[[AccountRef], str]
#: Ways of management in which somebody else decides.
_DELEGATED = ("SOUS_MANDAT", "PILOTEE", "PROFILEE", "HORIZON")


@dataclass(frozen=True, slots=True)
class Facts:
    """What bears on an arbitrage of an account beside its reference. `fee`: of an arbitrage, a ratio; None: not known."""

    fee: Decimal | None
    mode: str
    delegated: bool
    #: The range of its product, where the cabinet made one: the supports that it may hold; None: no range.
    eligible: frozenset[str] | None


def facts(session: TenantSession, refs: Sequence[AccountRef]) -> dict[str, Facts]:
    """Account → its facts. One query, and two for the ranges of products."""
    ranges = _ranges(session, {(ref.company_code, ref.product or "") for ref in refs})
    product = {ref.id: (ref.company_code, ref.product or "") for ref in refs}
    row = book.Account
    rows = session.execute(
        select(row.id, row.fee_switch, row.management_mode, row.delegated).where(row.id.in_(list(product)))
    )
    return {key: Facts(fee, mode, delegated, ranges.get(product[key])) for key, fee, mode, delegated in rows}


def why_not(ref: AccountRef, facts: Facts, model: Sequence[ModelLine]) -> str:
    """The first reason; nothing where orders may be proposed."""
    if ref.archived:
        return str(_("Ce compte est archivé."))
    if ref.state in accounts.ENDED_STATES:
        return str(_("Ce contrat n'est plus ouvert\u202f: %(state)s.", state=accounts.STATES[ref.state].lower()))
    if ACT not in transactions.typed_acts.offered(ref.envelope):
        return str(_("L'enveloppe %(name)s n'a pas d'arbitrage.", name=ref.envelope_label))
    if facts.delegated or facts.mode in _DELEGATED:
        return str(_("Gestion déléguée\u202f: %(mode)s.", mode=accounts.MANAGEMENT_MODES.get(facts.mode, facts.mode).lower()))
    refused = [line.label for line in model if not transactions.typed_acts.eligible(ref.envelope, line.type)]
    if refused:
        return str(_("Non éligible à l'enveloppe %(name)s\u202f: %(what)s.", name=ref.envelope_label, what=", ".join(refused)))
    if facts.eligible is not None:
        out = [line.label for line in model if line.support_id not in facts.eligible]
        if out:
            return str(_("Hors de la gamme du produit %(name)s\u202f: %(what)s.", name=ref.product, what=", ".join(out)))
    return ""


def euro(found: Drift, facts: Facts) -> str:
    """A fund in euros is its insurer's: one that the contract does not hold is bought only where its product's range has it."""
    named = facts.eligible or frozenset()
    wanted = [line for line in found.lines if line.type == "FONDS_EURO" and line.target is not None and not line.value]
    lacking = ", ".join(line.label for line in wanted if line.support_id not in named)
    if not lacking:
        return ""
    return str(_(
        "Fonds en euros que ce contrat ne tient pas\u202f: %(what)s. Rien ne dit qu'il y est éligible\u202f: "
        "ajoutez-le à la gamme du produit, ou choisissez un autre modèle.", what=lacking,
    ))  # fmt: skip


def pledged(ref: AccountRef) -> str:
    """A pledged account is never in a batch, even where no rule speaks: its creditor is asked case by case."""
    if not ref.pledged:
        return ""
    return str(_("Ce contrat est nanti\u202f: préparez cet arbitrage depuis le compte, avec l'accord du créancier."))


def guard(ctx: Context, session: TenantSession) -> Guard:
    """`guarded`, for a batch."""
    return lambda ref: guarded(ctx, session, ref)


def guarded(ctx: Context, session: TenantSession, ref: AccountRef) -> str:
    """What local rules say of an arbitrage: a pledge that asks for the creditor's word, a block, one under way (BL-10, BL-11)."""
    try:
        links.check_act(hub(), ctx, session, ref, AccountAction(ACT.code, ACT.label, nature=ACT.nature), "")
    except DomainError as error:
        return error.text
    return ""


def _ranges(session: TenantSession, products: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], frozenset[str]]:
    """Product → the supports of the ranges that the cabinet made of it (OU-04); those without a range, or an empty one, apart."""
    wanted, found = set(products), dict[tuple[str, str], set[str]]()
    for one in supports.ranges.listed(session, archived=False):
        key = (one.terms.company, one.terms.product)
        if one.terms.company and one.terms.product and one.count and key in wanted:
            found.setdefault(key, set()).update(session.scalars(supports.ranges.of_range(one.id)))
    return {key: frozenset(some) for key, some in found.items()}
