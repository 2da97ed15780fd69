"""What a plugin finds in a portfolio: a fact to see or to put right, with its lines, its source and what to do. A leaf.

Since 1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import Literal

#: To be dealt with at once; to be looked at; good to know, or what could not be judged.
Severity = Literal["ALERTE", "ATTENTION", "INFO"]
SEVERITIES: tuple[Severity, ...] = ("ALERTE", "ATTENTION", "INFO")


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One line that a finding is made of: a support, an account, a sum."""

    label: str  #: «Carmignac Patrimoine»
    value: Decimal | None = None  #: its figure; None where it has none, or where it is not known
    unit: Literal["EUR", "RATIO", "NOMBRE"] = "EUR"  #: what the figure is: euros; a ratio, 0.25 for 25 %; a number
    text: str = ""  #: what there is to say of it: «prix du 03/01/2026»
    account_id: str = ""  #: the account that it stands on
    support_id: str = ""  #: the support that it is


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that an audit says. Nothing is written by it: what is proposed is done by a person."""

    key: str  #: the rule's, in the plugin; several findings may have one
    severity: Severity  #: ALERTE, ATTENTION or INFO
    title: str  #: «Un support dépasse 25 % du portefeuille»
    text: str  #: what was found, with its figures
    source: str  #: where the rule comes from, or the figures: a law's article, the cabinet's setting, a statement
    remedy: str  #: what to do about it
    lines: tuple[FindingLine, ...] = ()  #: what it is made of
    account_id: str = ""  #: the account that it is about, where it is about one
    act: str = ""  #: the act that is proposed, as people say it: «Arbitrage»
    endpoint: str = ""  #: a page to go to
    values: Mapping[str, str] = field(default_factory=dict)  #: what that page's address takes
