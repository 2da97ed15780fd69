"""What a portfolio costs a year, and how risky it is by the scale of the KID (PF-07)."""

from __future__ import annotations

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
from plugins.portefeuille.audit.facts import of_account
from plugins.portefeuille.audit.facts import of_line
from plugins.portefeuille.audit.facts import share
from plugins.portefeuille.audit.thresholds import Thresholds
from plugins.portefeuille.audit.thresholds import ratio
from plugins.portefeuille.audit.thresholds import setting

#: Envelopes whose contract takes a yearly fee of management.
_CHARGED = frozenset({
    "ASSURANCE_VIE", "CAPITALISATION", "PER_INDIVIDUEL", "PER_COLLECTIF", "PER_OBLIGATOIRE", "PERP", "MADELIN", "ARTICLE_83",
    "PREFON",
})  # fmt: skip


def fees(facts: Facts, asked: Thresholds) -> list[Finding]:
    """Fees of management of contracts, weighted by what is invested on each kind of line; the unknown is told, not guessed."""
    charged = [one for one in facts.accounts if one.ref.envelope in _CHARGED and one.euros > 0]
    known, unknown, cost, base = list[FindingLine](), list[FindingLine](), ZERO, ZERO
    for one in charged:
        taken = _yearly(facts, one)
        if taken is None:
            unknown.append(of_account(one, _("frais de gestion non connus")))
            continue
        cost, base = cost + taken, base + one.euros
        words = _("%(rate)s\u00a0%% par an, soit %(cost)s", rate=number(taken / one.euros * 100), cost=money(taken))
        known.append(of_account(one, words))
    found, rate = list[Finding](), share(cost, base)
    if rate * 10_000 > asked.fees:
        said = _(
            "Les frais de gestion des contrats sont en moyenne de %(rate)s\u00a0%% par an, soit %(cost)s sur %(base)s. Les frais "
            "propres aux supports s'y ajoutent\u202f: ils ne sont pas connus ici.",
            rate=number(rate * 100), cost=money(cost), base=money(base),
        )  # fmt: skip
        title = _("Frais de gestion au-dessus de %(limit)s\u00a0%%", limit=number(Decimal(asked.fees) / 100))
        remedy = _("Comparez avec les contrats du marché, ou négociez\u202f; un transfert Pacte garde l'antériorité fiscale.")
        origin = _("Frais notés sur chaque contrat, pondérés par la valeur. %(setting)s", setting=setting())
        found.append(Finding("frais", "ATTENTION", title, said, origin, remedy, tuple(known)))
    if unknown:
        said = _("Le coût de ces contrats n'est pas connu\u202f: aucune moyenne ne les compte.")
        remedy = _("Saisissez les frais de gestion sur la fiche de chaque contrat.")
        origin = _("Fiche de chaque contrat.")
        found.append(Finding("frais_inconnus", "INFO", _("Frais de gestion non connus"), said, origin, remedy, tuple(unknown)))
    return found


def _yearly(facts: Facts, one: Known) -> Decimal | None:
    """What a contract takes a year, in euros; None where a fee that would bear on it is not known."""
    if one.fee_euro is not None and one.fee_euro == one.fee_units:
        return one.euros * one.fee_euro
    lines = facts.lines_of(one.ref.id)
    told = sum((line.value for line in lines), ZERO)
    if not lines or abs(told - one.euros) > Decimal("0.01") * len(lines):
        return None  # what is on the euro fund and what is not cannot be told apart
    cost = ZERO
    for line in lines:
        rate = one.fee_euro if line.type == "FONDS_EURO" else one.fee_units
        if rate is None:
            return None
        cost += line.value * rate
    return cost


def level(facts: Facts, asked: Thresholds) -> list[Finding]:
    """The SRI weighted by value, over the lines that have one; and what of the risky lines has none."""
    risky = [line for line in facts.lines if line.type not in AMOUNTS and line.value > 0]
    rated = [line for line in risky if line.sri is not None]
    unrated = [line for line in risky if line.sri is None]
    base, out = sum((line.value for line in rated), ZERO), sum((line.value for line in unrated), ZERO)
    found = list[Finding]()
    mean = share(sum((line.value * (line.sri or 0) for line in rated), ZERO), base)
    if mean > asked.risk:
        said = _(
            "Pondéré par la valeur, le SRI des supports qui en ont un est de %(mean)s sur 7, pour %(base)s. Les fonds en "
            "euros et les liquidités n'en ont pas.", mean=number(mean, 1), base=money(base),
        )  # fmt: skip
        lines = [of_line(line, _("SRI %(sri)s", sri=line.sri)) for line in rated if (line.sri or 0) >= asked.risk]
        origin = _("SRI du document d'informations clés de chaque support (règlement PRIIPs). %(setting)s", setting=setting())
        remedy = _("Vérifiez que le client accepte ce niveau de risque, et gardez-en la trace.")
        title = _("Risque moyen au-dessus de %(limit)s sur 7", limit=asked.risk)
        found.append(Finding("risque", "ATTENTION", title, said, origin, remedy, tuple(lines), act=_("Arbitrage")))
    part = share(out, base + out)
    if part > ratio(asked.unrated):
        said = _(
            "%(part)s\u00a0%% de ce qui est investi hors fonds en euros et liquidités n'a pas de SRI connu, soit %(out)s\u202f: "
            "son risque ne peut pas être jugé.", part=number(part * 100, 1), out=money(out),
        )  # fmt: skip
        lines = [of_line(line) for line in unrated]
        remedy = _("Complétez le SRI de ces supports\u202f: il est sur leur document d'informations clés.")
        origin = _("Fiche des supports. %(setting)s", setting=setting())
        found.append(Finding("sans_sri", "ATTENTION", _("Risque non connu"), said, origin, remedy, tuple(lines)))
    return found
