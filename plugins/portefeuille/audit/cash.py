"""Money that sleeps: on bank accounts and savings books, uninvested in a contract; ceilings that are reached (PF-07)."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _

from core.api.accounts import envelope_rules
from core.api.formats import day
from core.api.formats import money
from core.api.formats import number
from core.api.types import Finding
from plugins.portefeuille.audit.facts import ZERO
from plugins.portefeuille.audit.facts import Facts
from plugins.portefeuille.audit.facts import Known
from plugins.portefeuille.audit.facts import of_account
from plugins.portefeuille.audit.facts import of_line
from plugins.portefeuille.audit.facts import share
from plugins.portefeuille.audit.thresholds import Thresholds
from plugins.portefeuille.audit.thresholds import ratio
from plugins.portefeuille.audit.thresholds import setting

_CASH = frozenset({"LIVRET_A", "LDDS", "LEP", "LIVRET_JEUNE", "LIVRET_BANCAIRE", "CEL", "COMPTE_COURANT", "COMPTE_JOINT"})
#: Envelopes whose payments have a ceiling but whose value may pass it by gains alone.
_PLANS = frozenset({"PEA", "PEA_JEUNE", "PEA_PME"})


def dormant(facts: Facts, asked: Thresholds) -> list[Finding]:
    """Cash in all: bank accounts, savings books, cash lines of contracts."""
    banks = [one for one in facts.accounts if one.ref.envelope in _CASH and one.euros > 0]
    apart = {one.ref.id for one in banks}
    lines = [line for line in facts.lines if line.type == "LIQUIDITE" and line.value > 0 and line.account_id not in apart]
    held = sum((one.euros for one in banks), ZERO) + sum((line.value for line in lines), ZERO)
    if held <= asked.cash:
        return []
    said = _(
        "%(held)s dorment sur des comptes, des livrets et des lignes de liquidités, soit %(part)s\u00a0%% du portefeuille.",
        held=money(held), part=number(share(held, facts.total) * 100, 1),
    )  # fmt: skip
    shown = (*(of_account(one) for one in banks), *(of_line(line) for line in lines))
    return [
        Finding(
            "liquidites", "ATTENTION", _("Plus de %(limit)s de liquidités", limit=money(Decimal(asked.cash))), said, setting(),
            _("Gardez ce qui sert de précaution\u202f; proposez un emploi du reste selon l'horizon du client."), shown,
            act=_("Versement complémentaire"),
        )
    ]  # fmt: skip


def uninvested(facts: Facts, asked: Thresholds) -> list[Finding]:
    """Cash lines that make too much of a contract."""
    shown = []
    for one in facts.accounts:
        if one.ref.envelope in _CASH:
            continue
        lines = [line for line in facts.lines_of(one.ref.id) if line.type == "LIQUIDITE"]
        part = share(sum((line.value for line in lines), ZERO), one.euros)
        if part > ratio(asked.uninvested):
            words = _("%(part)s\u00a0%% du compte", part=number(part * 100, 1))
            shown += [of_line(line, words) for line in lines]
    if not shown:
        return []
    said = _("Une part de ces comptes n'est pas investie.")
    title = _("Liquidités au-dessus de %(limit)s\u00a0%% d'un compte", limit=asked.uninvested)
    remedy = _("Demandez si un investissement est en attente\u202f; sinon, proposez un arbitrage.")
    return [Finding("non_investi", "ATTENTION", title, said, setting(), remedy, tuple(shown), act=_("Arbitrage"))]


def ceilings(facts: Facts, asked: Thresholds) -> list[Finding]:
    """Payments that reached what the law allows. A plan is judged by its net payments alone, a savings book by its value."""
    found = []
    for one in facts.accounts:
        held = [ceiling for ceiling in envelope_rules.rule(one.ref.envelope).ceilings if not ceiling.together]
        if not held or one.ref.currency != "EUR":
            continue
        figure, what = _paid(one)
        for ceiling in held:
            if figure is not None and figure >= ceiling.amount:
                said = _(
                    "%(account)s\u202f: %(figure)s (%(what)s), pour un plafond de %(most)s.",
                    account=one.ref.label, figure=money(figure), what=what, most=money(ceiling.amount),
                )  # fmt: skip
                origin = _("%(source)s, en vigueur depuis le %(day)s.", source=ceiling.source, day=day(ceiling.since))
                remedy = _("Plus aucun versement n'est possible\u202f: arrêtez ceux qui sont programmés.")
                title = _("Plafond atteint\u202f: %(envelope)s", envelope=one.ref.envelope_label)
                lines = (of_account(one, what, figure),)
                found.append(Finding("plafond", "INFO", title, said, origin, remedy, lines, one.ref.id))
    return found


def _paid(one: Known) -> tuple[Decimal | None, str]:
    """What is set beside the ceiling, and what it is."""
    if one.ref.net_payments is not None:
        return one.ref.net_payments, _("versements nets des retraits")
    return (None, "") if one.ref.envelope in _PLANS else (one.value, _("valeur, intérêts compris"))
