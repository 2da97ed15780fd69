"""An audit as its page and its programs read it: what was found, by whom, who did not answer (PF-07)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import Plugin
from core.api import links
from core.api import wealth
from core.api.types import AccountRef
from core.api.types import Finding
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import hub
from plugins.portefeuille.audit.checks import RULES

OWN = "portefeuille"
#: Severity → how it looks, its icon, what one and several are called; the gravest first.
LOOKS: dict[str, tuple[str, str, Any, Any]] = {
    "ALERTE": ("danger", "alert-triangle", _l("Alertes"), _l("Alerte")),
    "ATTENTION": ("warning", "eye", _l("Points d'attention"), _l("Attention")),
    "INFO": ("info", "info-circle", _l("Pour information"), _l("Information")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A finding, and the module that says it: «» for this one."""

    plugin: str
    by: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit. `rules`: those of this module, where it answered; `failures`: who did not, in words."""

    on: date
    accounts: tuple[AccountRef, ...]
    said: tuple[Said, ...]
    rules: tuple[str, ...]
    failures: tuple[str, ...]

    def of(self, severity: str) -> tuple[Said, ...]:
        """What was found of one severity."""
        return tuple(one for one in self.said if one.finding.severity == severity)


def audit(contact_id: str, on: date) -> Audit:
    """Every plugin's findings on the accounts that the adviser may see. The caller has checked the contact."""
    refs = links.attach(db_session(), wealth.open_accounts(db_session(), adviser(), contact_id, on))
    found = hub().collect(Plugin.portfolio_checks, current_context(), refs, on)
    said = tuple(Said(one.plugin, "" if one.plugin == OWN else one.title, one.item) for one in found.items)
    late = {failure.plugin for failure in found.failures}
    rules = () if OWN in late or not refs else tuple(str(rule.label) for rule in RULES)
    return Audit(on, tuple(refs), said, rules, tuple(failure.text for failure in found.failures))


def supports(said: Sequence[Said]) -> set[str]:
    """The supports that findings name."""
    return {line.support_id for one in said for line in one.finding.lines if line.support_id}
