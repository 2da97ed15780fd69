"""The rules of the audit, as a list: each judges the same facts, and is named on the page where it finds nothing (PF-07)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api.db import TenantSession
from core.api.types import AccountRef
from core.api.types import Finding
from plugins.portefeuille.audit import cash
from plugins.portefeuille.audit import concentration
from plugins.portefeuille.audit import contracts
from plugins.portefeuille.audit import data
from plugins.portefeuille.audit import risk
from plugins.portefeuille.audit import thresholds
from plugins.portefeuille.audit.facts import Facts
from plugins.portefeuille.audit.facts import gather
from plugins.portefeuille.audit.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what people call it, and the function that judges."""

    label: Any
    judge: Callable[[Facts, Thresholds], list[Finding]]


RULES: tuple[Rule, ...] = (
    Rule(_l("concentration sur un support"), concentration.one_support),
    Rule(_l("part des fonds en euros"), concentration.euro_funds),
    Rule(_l("garanties des assureurs et des banques"), concentration.guarantees),
    Rule(_l("supports détenus plusieurs fois"), concentration.duplicates),
    Rule(_l("frais de gestion des contrats"), risk.fees),
    Rule(_l("niveau de risque (SRI)"), risk.level),
    Rule(_l("liquidités"), cash.dormant),
    Rule(_l("liquidités non investies d'un compte"), cash.uninvested),
    Rule(_l("plafonds de versement"), cash.ceilings),
    Rule(_l("clauses bénéficiaires"), contracts.clause),
    Rule(_l("bénéficiaires acceptants"), contracts.accepted),
    Rule(_l("nantissements"), contracts.pledged),
    Rule(_l("blocages"), contracts.blocked),
    Rule(_l("échéances"), contracts.matured),
    Rule(_l("comptes sans mouvement"), contracts.idle),
    Rule(_l("prix des supports"), data.prices),
    Rule(_l("écarts entre lignes et valeur"), data.gaps),
    Rule(_l("ancienneté des valeurs"), data.stale),
    Rule(_l("comptes hors total"), concentration.whole),
)


def findings(session: TenantSession, settings: Mapping[str, Any], refs: Sequence[AccountRef], on: date) -> list[Finding]:
    """What every rule finds in these accounts that day; the facts are read once."""
    if not refs:
        return []
    return judged(gather(session, refs, on), thresholds.of(settings))


def judged(facts: Facts, asked: Thresholds) -> list[Finding]:
    """What every rule finds in these facts, in the order of the rules."""
    return [found for rule in RULES for found in rule.judge(facts, asked)]
