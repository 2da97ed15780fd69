"""Whether the data can be trusted: prices, sums, days (PF-07)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from flask_babel import gettext as _

from core.api.formats import day
from core.api.formats import money
from core.api.types import Finding
from plugins.portefeuille.audit.facts import AMOUNTS
from plugins.portefeuille.audit.facts import ZERO
from plugins.portefeuille.audit.facts import Facts
from plugins.portefeuille.audit.facts import of_account
from plugins.portefeuille.audit.facts import of_line
from plugins.portefeuille.audit.thresholds import Thresholds
from plugins.portefeuille.audit.thresholds import setting


def prices(facts: Facts, asked: Thresholds) -> list[Finding]:
    """Lines without a price, or with one that is too old; what has an amount only has none."""
    priced = [line for line in facts.lines if line.type not in AMOUNTS]
    edge = facts.on - timedelta(days=asked.price)
    missing = [line for line in priced if not line.price]
    # a price without a day of its own is of the day of the line
    old = [line for line in priced if line.price and (line.price_on or line.on) < edge]
    found = []
    if missing:
        said = _("Le prix de ces supports n'est pas connu\u202f: leur valeur n'est pas vérifiable.")
        remedy = _("Vérifiez l'ISIN du support, ou demandez son prix à l'établissement.")
        lines = tuple(of_line(line, line.isin or _("sans ISIN")) for line in missing)
        found.append(
            Finding("sans_prix", "ATTENTION", _("Supports sans prix"), said, _("Lignes des comptes."), remedy, lines)
        )
    if old:
        said = _("Ces prix ont plus de %(days)s jours à la date de l'audit.", days=asked.price)
        remedy = _("Actualisez le compte\u202f; pour un support coté rarement (SCPI, non coté), gardez la date en tête.")
        lines = tuple(of_line(line, _("prix du %(day)s", day=day(line.price_on or line.on))) for line in old)
        title = _("Prix de plus de %(days)s jours", days=asked.price)
        found.append(Finding("prix_ancien", "ATTENTION", title, said, setting(), remedy, lines))
    return found


def gaps(facts: Facts, asked: Thresholds) -> list[Finding]:
    """Lines that do not make the account's value of the same day, to a cent a line."""
    shown = []
    for one in facts.accounts:
        lines = facts.lines_of(one.ref.id)
        if not lines or one.value is None or one.ref.currency != "EUR" or lines[0].on != one.value_on:
            continue
        told = sum((line.value for line in lines), ZERO)
        gap = one.value - told
        if abs(gap) > Decimal("0.01") * len(lines):
            words = _(
                "valeur %(value)s, lignes %(told)s, au %(day)s", value=money(one.value), told=money(told), day=day(one.value_on)
            )
            shown.append(of_account(one, words, gap))
    if not shown:
        return []
    said = _("La somme des lignes n'est pas la valeur du compte\u202f: l'écart est dit pour chacun.")
    remedy = _("Demandez un relevé du jour, et corrigez la ligne ou la valeur.")
    origin = _("Lignes et valeur du même jour, au centime par ligne près.")
    return [Finding("ecart", "ALERTE", _("Écart entre les lignes et la valeur"), said, origin, remedy, tuple(shown))]


def stale(facts: Facts, asked: Thresholds) -> list[Finding]:
    """Values that are too old on the day of the audit."""
    edge = facts.on - timedelta(days=asked.stale)
    lines = tuple(
        of_account(one, _("valeur du %(day)s, %(source)s", day=day(one.value_on), source=one.source))
        for one in facts.accounts if one.value_on is not None and one.value_on < edge
    )  # fmt: skip
    if not lines:
        return []
    said = _("La dernière valeur connue de ces comptes a plus de %(days)s jours à la date de l'audit.", days=asked.stale)
    remedy = _("Relancez le flux ou demandez un relevé\u202f: tout l'audit repose sur ces valeurs.")
    title = _("Valeurs de plus de %(days)s jours", days=asked.stale)
    return [Finding("valeur_ancienne", "ATTENTION", title, said, setting(), remedy, lines)]
