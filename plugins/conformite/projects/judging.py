"""All rules of one investor: those of an investment, or those of a total surrender (CO-04). Pure."""

from __future__ import annotations

from plugins.conformite.profiles import Established
from plugins.conformite.projects import rules
from plugins.conformite.projects import surrender
from plugins.conformite.projects.adequacy import Plan
from plugins.conformite.projects.adequacy import Report
from plugins.conformite.projects.adequacy import Scales


def judge(contact_id: str, name: str, profile: Established | None, plan: Plan, scales: Scales) -> Report:
    """What each rule says of the plan, for this investor."""
    asked = surrender.rules(profile, plan) if plan.surrender else rules.every(profile, plan, scales)
    return Report(contact_id, name, asked)
