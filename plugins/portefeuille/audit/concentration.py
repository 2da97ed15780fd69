"""Too much on one support, at one company, on euro funds; the same support in several places (PF-07)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from flask_babel import gettext as _

from core.api.formats import money
from core.api.formats import number
from core.api.types import Finding
from core.api.types import FindingLine
from plugins.portefeuille.audit.facts import AMOUNTS
from plugins.portefeuille.audit.facts import ZERO
from plugins.portefeuille.audit.facts import Facts
from plugins.portefeuille.audit.facts import Known
from plugins.portefeuille.audit.facts import Line
from plugins.portefeuille.audit.facts import by_support
from plugins.portefeuille.audit.facts import of_account
from plugins.portefeuille.audit.facts import of_line
from plugins.portefeuille.audit.facts import share
from plugins.portefeuille.audit.thresholds import Thresholds
from plugins.portefeuille.audit.thresholds import ratio
from plugins.portefeuille.audit.thresholds import setting

#: What the guarantee funds pay at most, a person and a company: insurers' (FGAP, C. assur. L423-1 and R423-7; ACPR, «Fonds de
#: garantie compétents en cas de défaillance d'entreprises d'assurance»), banks' (FGDR, CMF L312-4-1, arrêté of 27 October 2015).
FGAP = Decimal(70_000)
FGDR = Decimal(100_000)
#: Contracts that an insurer alone issues; a PER may be a bank's: it is not added up here.
_INSURERS = frozenset({"ASSURANCE_VIE", "CAPITALISATION", "PERP", "MADELIN", "ARTICLE_83"})
#: Deposits under the FGDR. Livret A, LDDS and LEP have the State's guarantee beside: they are not added up here.
_DEPOSITS = frozenset({"LIVRET_JEUNE", "LIVRET_BANCAIRE", "CEL", "PEL", "CAT", "COMPTE_COURANT", "COMPTE_JOINT"})


def one_support(facts: Facts, asked: Thresholds) -> list[Finding]:
    """A support beyond the cabinet's share of the whole; euro funds and cash have rules of their own."""
    limit, found = ratio(asked.support), list[Finding]()
    for lines in by_support(line for line in facts.lines if line.type not in AMOUNTS).values():
        held = sum((line.value for line in lines), ZERO)
        part = share(held, facts.total)
        if part > limit:
            said = _(
                "%(support)s pèse %(part)s\u00a0%% du portefeuille, soit %(held)s sur %(total)s.",
                support=lines[0].label, part=number(part * 100, 1), held=money(held), total=money(facts.total),
            )  # fmt: skip
            found.append(
                Finding(
                    "concentration_support", "ATTENTION",
                    _("Un support dépasse %(limit)s\u00a0%% du portefeuille", limit=asked.support), said, setting(),
                    _("Vérifiez que ce poids est voulu\u202f; sinon, proposez de répartir."),
                    tuple(of_line(line) for line in lines), act=_("Arbitrage"),
                )
            )  # fmt: skip
    return found


def euro_funds(facts: Facts, asked: Thresholds) -> list[Finding]:
    """The share of euro funds in the whole."""
    lines = [line for line in facts.lines if line.type == "FONDS_EURO"]
    held = sum((line.value for line in lines), ZERO)
    part = share(held, facts.total)
    if part <= ratio(asked.euro):
        return []
    said = _(
        "Les fonds en euros font %(part)s\u00a0%% du portefeuille, soit %(held)s sur %(total)s.",
        part=number(part * 100, 1), held=money(held), total=money(facts.total),
    )  # fmt: skip
    return [
        Finding(
            "fonds_euro", "INFO", _("Les fonds en euros dépassent %(limit)s\u00a0%%", limit=asked.euro), said, setting(),
            _("Rapprochez ce choix de l'horizon et des objectifs du client."), tuple(of_line(line) for line in lines),
            act=_("Arbitrage"),
        )
    ]  # fmt: skip


def guarantees(facts: Facts, asked: Thresholds) -> list[Finding]:
    """Beyond what a guarantee fund would pay a person if a company failed; a joint account counts in equal parts."""
    return [
        *_beyond(
            facts, "garantie_assureur", _INSURERS, FGAP, _("Plus de 70\u202f000\u00a0€ chez un assureur"),
            _("Fonds de garantie des assurances de personnes (FGAP)\u202f: 70\u202f000\u00a0€ par personne et par assureur, tous "
              "contrats réunis (C. assur. L423-1 et R423-7\u202f; ACPR). Un contrat à plusieurs compte par parts égales."),
        ),
        *_beyond(
            facts, "garantie_banque", _DEPOSITS, FGDR, _("Plus de 100\u202f000\u00a0€ de dépôts dans une banque"),
            _("Fonds de garantie des dépôts (FGDR)\u202f: 100\u202f000\u00a0€ par déposant et par établissement (CMF L312-4-1, "
              "arrêté du 27 octobre 2015), hors Livret A, LDDS et LEP que l'État garantit. Un compte à plusieurs compte par "
              "parts égales."),
        ),
    ]  # fmt: skip


def _beyond(facts: Facts, key: str, envelopes: frozenset[str], most: Decimal, title: str, source: str) -> list[Finding]:
    held: dict[tuple[str, str, str], list[tuple[Known, Decimal]]] = defaultdict(list)
    for one in facts.accounts:
        if one.ref.envelope in envelopes and one.euros > 0:
            for holder in one.ref.holders:
                part = one.euros / len(one.ref.holders)
                held[one.ref.company, holder.id, holder.name].append((one, part))
    found = []
    for (company, _who, name), some in held.items():
        total = sum((part for _one, part in some), ZERO)
        if total > most:
            said = _(
                "%(who)s\u202f: %(total)s chez %(company)s, dont %(over)s au-delà de la garantie.",
                who=name, total=money(total), company=company, over=money(total - most),
            )  # fmt: skip
            remedy = _("Dites-le au client\u202f; au besoin, répartissez les prochains versements entre établissements.")
            lines = tuple(of_account(one, _("part de %(who)s", who=name), part) for one, part in some)
            found.append(Finding(key, "INFO", title, said, source, remedy, lines))
    return found


def duplicates(facts: Facts, asked: Thresholds) -> list[Finding]:
    """The same support on several accounts, or twice in one."""
    held = by_support(line for line in facts.lines if line.type not in AMOUNTS and line.value)
    twice = [lines for lines in held.values() if len(lines) > 1]
    if not twice:
        return []
    total = sum((line.value for lines in twice for line in lines), ZERO)
    names = ", ".join(lines[0].label for lines in twice)
    said = _("Détenus plusieurs fois, pour %(total)s\u202f: %(names)s.", total=money(total), names=names)
    remedy = _("Vérifiez que la répétition est voulue\u202f: elle diversifie moins qu'il n'y paraît.")
    origin = _("Lignes des comptes\u202f: même support, donc même ISIN ou même code.")
    shown = tuple(of_line(line, _told_twice(line)) for lines in twice for line in lines)
    return [Finding("doublon", "INFO", _("Supports détenus plusieurs fois"), said, origin, remedy, shown)]


def _told_twice(line: Line) -> str:
    return ", ".join(word for word in (line.isin, line.pocket) if word)


def whole(facts: Facts, asked: Thresholds) -> list[Finding]:
    """Accounts that no share or sum counts: another currency, or no value known."""
    lines = [
        FindingLine(one.ref.label, None, "EUR", why, account_id=one.ref.id)
        for one in facts.accounts
        if (why := _uncounted(one))
    ]
    if not lines:
        return []
    said = _("Ces comptes n'entrent dans aucune part ni aucun total de l'audit.")
    origin = _("Comptes de la fiche, à la date de l'audit.")
    return [
        Finding(
            "hors_total", "INFO", _("Comptes qui ne peuvent pas être jugés"), said, origin,
            _("Complétez leur valeur\u202f; un compte tenu dans une autre devise se juge à part."), tuple(lines),
        )
    ]  # fmt: skip


def _uncounted(one: Known) -> str:
    if one.ref.currency != "EUR":
        return str(_("tenu en %(currency)s", currency=one.ref.currency))
    return "" if one.value is not None else str(_("aucune valeur connue"))
