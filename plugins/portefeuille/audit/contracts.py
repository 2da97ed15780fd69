"""Contracts: beneficiaries and their clause, pledges, blocks, days that have passed, accounts that nothing moves (PF-07)."""

from __future__ import annotations

from flask_babel import gettext as _

from core.api.accounts import envelope_rules
from core.api.formats import day
from core.api.types import Finding
from core.api.types import FindingLine
from core.api.types import Severity
from plugins.portefeuille.audit.facts import Facts
from plugins.portefeuille.audit.facts import Known
from plugins.portefeuille.audit.facts import of_account
from plugins.portefeuille.audit.thresholds import Thresholds
from plugins.portefeuille.audit.thresholds import setting
from plugins.portefeuille.audit.thresholds import years_before


def clause(facts: Facts, asked: Thresholds) -> list[Finding]:
    """No beneficiary is known; or the contract is so old that its clause should be read again. The clause's day is not kept."""
    named = {one.account_id for one in facts.beneficiaries}
    insured = [one for one in facts.accounts if one.ref.envelope in envelope_rules.SETTLED]
    absent = [one for one in insured if one.ref.id not in named]
    edge = years_before(facts.on, asked.clause)
    old = [one for one in insured if one.ref.id in named and one.ref.opened_on is not None and one.ref.opened_on <= edge]
    found = []
    if absent:
        said = _("Aucun bénéficiaire n'est noté ici\u202f: sans clause, le capital entre dans la succession.")
        remedy = _("Demandez la clause à l'assureur et notez-la, ou faites-la rédiger.")
        title, origin = _("Clause bénéficiaire absente"), _("Personnes du contrat\u202f; C. assur. L132-8 et L132-11.")
        lines = tuple(of_account(one) for one in absent)
        act = _("Changement de bénéficiaire")
        found.append(Finding("clause_absente", "ATTENTION", title, said, origin, remedy, lines, act=act))
    if old:
        said = _(
            "Ces contrats ont plus de %(years)s ans. La date de leur clause n'est pas conservée ici\u202f: relisez-la.",
            years=asked.clause,
        )  # fmt: skip
        remedy = _("Vérifiez avec le client que les bénéficiaires sont encore ceux qu'il veut.")
        lines = tuple(of_account(one, _("ouvert le %(day)s", day=day(one.ref.opened_on))) for one in old)
        title = _("Clause bénéficiaire à relire")
        found.append(
            Finding("clause_ancienne", "INFO", title, said, setting(), remedy, lines, act=_("Changement de bénéficiaire"))
        )
    return found


def accepted(facts: Facts, asked: Thresholds) -> list[Finding]:
    """A beneficiary who accepted: nothing is taken out without him."""
    days = {one.account_id: one.accepted_on for one in facts.beneficiaries if one.accepted_on and one.accepted_on <= facts.on}
    lines = tuple(
        of_account(one, _("depuis le %(day)s", day=day(days[one.ref.id])) if one.ref.id in days else "")
        for one in facts.accounts if one.ref.accepted_beneficiary or one.ref.id in days
    )  # fmt: skip
    said = _("Le bénéficiaire a accepté\u202f: rachats, avances et changements de clause demandent son accord.")
    origin = _("C. assur. L132-9\u202f; fiche et personnes du contrat.")
    remedy = _("Recueillez son accord avant tout acte qui le touche.")
    return _one("acceptant", "INFO", _("Bénéficiaire acceptant"), said, origin, remedy, lines)


def pledged(facts: Facts, asked: Thresholds) -> list[Finding]:
    """Pledged accounts."""
    lines = tuple(of_account(one) for one in facts.accounts if one.ref.pledged)
    said = _("Ces comptes sont donnés en garantie\u202f: en sortir de l'argent demande l'accord du créancier.")
    remedy = _("Vérifiez que la garantie court encore\u202f; demandez la mainlevée si le prêt est remboursé.")
    return _one("nanti", "INFO", _("Comptes nantis"), said, _("C. assur. L132-10\u202f; fiche du compte."), remedy, lines)


def blocked(facts: Facts, asked: Thresholds) -> list[Finding]:
    """Accounts that an opposition or a succession blocks."""
    words = {"OPPOSITION": _("opposition"), "SUCCESSION": _("succession")}
    lines = tuple(
        of_account(one, words.get(one.ref.blocked, one.ref.blocked)) for one in facts.accounts if one.ref.blocked
    )
    said, remedy = _("Aucun acte n'est possible sur ces comptes."), _("Suivez la levée du blocage avec l'établissement.")
    return _one("bloque", "ATTENTION", _("Comptes bloqués"), said, _("Fiche du compte."), remedy, lines)


def matured(facts: Facts, asked: Thresholds) -> list[Finding]:
    """Expected end dates that have passed."""
    ended = sorted((one.matures_on, one.ref.id, one) for one in facts.accounts if one.matures_on and one.matures_on < facts.on)
    lines = tuple(of_account(one, _("échéance le %(day)s", day=day(when))) for when, _id, one in ended)
    said = _("L'échéance prévue de ces comptes est passée, et ils sont encore ouverts.")
    remedy = _("Vérifiez s'ils ont été prorogés ou remboursés\u202f; corrigez la fiche, ou proposez un emploi de la somme.")
    return _one("echeance", "ALERTE", _("Échéance passée"), said, _("Date d'échéance de la fiche du compte."), remedy, lines)


def idle(facts: Facts, asked: Thresholds) -> list[Finding]:
    """No movement for years. An account without any is judged by nothing: it is told apart."""
    edge = years_before(facts.on, asked.idle)
    lines = tuple(
        of_account(one, _("dernier mouvement le %(day)s", day=day(one.moved_on)))
        for one in facts.accounts if one.moved_on is not None and one.moved_on <= edge
    )  # fmt: skip
    said = _("Aucun mouvement n'est connu depuis %(years)s ans ou plus.", years=asked.idle)
    remedy = _("Vérifiez que le contrat est suivi\u202f: un compte inactif est un jour transféré à la Caisse des dépôts.")
    law = _("CMF L312-19 et L312-20, C. assur. L132-27-2 (loi Eckert)")
    origin = _("Mouvements des comptes\u202f; %(law)s. %(setting)s", law=law, setting=setting())
    found = _one("sans_mouvement", "ATTENTION", _("Comptes sans mouvement récent"), said, origin, remedy, lines)
    unknown = tuple(of_account(one) for one in facts.accounts if _untold(one, facts))
    said = _("Aucun mouvement n'est enregistré\u202f: leur activité ne peut pas être jugée.")
    remedy = _("Importez leurs mouvements, ou saisissez-les.")
    origin = _("Mouvements des comptes.")
    return found + _one("mouvements_inconnus", "INFO", _("Mouvements non connus"), said, origin, remedy, unknown)


def _untold(one: Known, facts: Facts) -> bool:
    return one.moved_on is None and one.euros > 0


def _one(
    key: str, severity: Severity, title: str, said: str, origin: str, remedy: str, lines: tuple[FindingLine, ...]
) -> list[Finding]:
    """One finding of several accounts; none where there is none."""
    return [Finding(key, severity, title, said, origin, remedy, lines)] if lines else []
