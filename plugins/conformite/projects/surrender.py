"""The rules of a total surrender: no allocation is aimed at, and yet there is a report (CO-04, domain.md §2.5). Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.api.finance import due_on
from core.api.formats import day
from core.api.formats import money
from core.api.formats import number
from core.api.types import AccountRef
from plugins.conformite.profiles import Established
from plugins.conformite.projects import rules as placing
from plugins.conformite.projects import target_market
from plugins.conformite.projects.adequacy import BLOCK
from plugins.conformite.projects.adequacy import OK
from plugins.conformite.projects.adequacy import UNKNOWN
from plugins.conformite.projects.adequacy import WARN
from plugins.conformite.projects.adequacy import Plan
from plugins.conformite.projects.adequacy import Rule
from plugins.conformite.scoring import LOSSES

#: Insured savings whose gains are taxed less from their eighth anniversary on.
_EIGHT_YEARS = frozenset({"ASSURANCE_VIE", "CAPITALISATION"})
_PEA = frozenset({"PEA", "PEA_PME"})
_CODE = "Code des assurances, article"
_LOCKED = "Code monétaire et financier, article L. 224-4\u202f; code du travail, article L. 3332-25"
_NO_TARGET = "Sans allocation cible\u202f: rien n'est réinvesti par ce projet."


def rules(profile: Established | None, plan: Plan) -> tuple[Rule, ...]:
    """All of them."""
    return (
        placing.profile_rule(profile, plan), _contract(plan),
        Rule("risque", "Risque", OK, _NO_TARGET, placing.SUITABILITY),
        Rule("connaissance", "Connaissance des placements", OK, _NO_TARGET, placing.KNOWLEDGE),
        _losses(profile, plan), _horizon(plan),
        Rule("durabilite", "Durabilité", OK, _NO_TARGET, placing.GREEN),
        Rule("marche_cible", "Marché cible des supports", OK, _NO_TARGET, target_market.SOURCE),
    )  # fmt: skip


def _contract(plan: Plan) -> Rule:
    """Whether the contract can be surrendered at all, and with whose consent."""
    label, account = "Contrat", plan.account
    if account is None:
        return Rule("contrat", label, UNKNOWN, "Aucun contrat n'est choisi\u202f: ce qui s'oppose au rachat n'est pas connu.", "")
    stops = (
        (plan.locked, "L'épargne est bloquée, sauf cas prévus par la loi.", _LOCKED),
        (account.blocked is not None, "Le contrat est bloqué par le cabinet ou la compagnie.", "Fiche du compte"),
        (account.pledged, "Le contrat est nanti\u202f: l'accord du créancier est nécessaire.", f"{_CODE} L. 132-10"),
        (account.accepted_beneficiary, "Un bénéficiaire a accepté\u202f: son accord est nécessaire.", f"{_CODE} L. 132-9"),
    )  # fmt: skip
    for stopped, text, source in stops:
        if stopped:
            return Rule("contrat", label, BLOCK, text, source)
    if account.advance_running:
        text = "Une avance est en cours\u202f: l'assureur la déduit du rachat, avec ses intérêts."
        return Rule("contrat", label, WARN, text, f"{_CODE} L. 132-21")
    return Rule("contrat", label, OK, f"Rien de connu ne s'oppose au rachat de {account.label}.", "Fiche du compte")


def _losses(profile: Established | None, plan: Plan) -> Rule:
    key, label, source = "pertes", "Capacité à subir des pertes", placing.SUITABILITY
    account = plan.account
    if profile is None or account is None or account.value is None or account.net_payments is None:
        text = "La valeur du contrat, ses versements ou le profil ne sont pas connus\u202f: la perte ne peut pas être mesurée."
        return Rule(key, label, UNKNOWN, text, source)
    if account.net_payments <= 0 or account.value >= account.net_payments:
        worth = f"{money(account.value)} pour {money(account.net_payments)} versés net"
        text = f"Le contrat vaut {worth}\u202f: aucune perte n'est constatée."
        return Rule(key, label, OK, text, source)
    lost = 1 - account.value / account.net_payments
    text = (
        f"Le rachat rend définitive une perte de {number(lost * 100, 1)}\u00a0% ({money(account.net_payments - account.value)}). "
        f"Perte supportable\u202f: {LOSSES.get(profile.loss, str(profile.loss)).lower()}."
    )
    bearable = Decimal(str(placing.BEARABLE.get(profile.loss, 0.0)))
    return Rule(key, label, WARN if lost <= bearable else BLOCK, text, source)


def _horizon(plan: Plan) -> Rule:
    """The age of the contract, by which its gains are taxed."""
    key, label, account = "horizon", "Horizon et fiscalité", plan.account
    if account is None or account.envelope not in _EIGHT_YEARS | _PEA:
        return Rule(key, label, OK, _NO_TARGET, placing.SUITABILITY)
    years, source = (8, "Code général des impôts, article 125-0 A") if account.envelope in _EIGHT_YEARS else (
        5, "Code général des impôts, article 157, 5° bis")  # fmt: skip
    if account.opened_on is None:
        text = "La date d'ouverture n'est pas connue\u202f: l'ancienneté fiscale du contrat ne peut pas être vérifiée."
        return Rule(key, label, UNKNOWN, text, source)
    return _age(account, account.opened_on, plan.on, years, source)


def _age(account: AccountRef, opened: date, on: date, years: int, source: str) -> Rule:
    ripe = due_on(opened, 12 * years)
    if ripe > on:
        text = f"Le contrat a moins de {years} ans\u202f: ses gains sont moins taxés à partir du {day(ripe)}. Dites-le au client."
        return Rule("horizon", "Horizon et fiscalité", WARN, text, source)
    return Rule("horizon", "Horizon et fiscalité", OK, f"Le contrat a plus de {years} ans, depuis le {day(ripe)}.", source)
