"""What a plugin that keeps model portfolios says of those that suit a level of risk, account by account. A leaf.

Since 1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field


@dataclass(frozen=True, slots=True)
class OfferedAccount:
    """What a model could do for one account. Nothing is written by it: what is proposed is done by a person, on that page."""

    account_id: str  #: the account
    text: str  #: what there is to say: how far it is from the model, or why the model cannot be applied to it
    possible: bool = True  #: whether orders may be proposed at all
    act: str = ""  #: what the page does, as people say it: «Proposer un arbitrage»
    endpoint: str = ""  #: the page to go to
    values: Mapping[str, str] = field(default_factory=dict)  #: what that page's address takes


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """A model portfolio that suits the level."""

    key: str  #: the model's name in the plugin
    label: str  #: what people call it: «Équilibré 60/40»
    detail: str = ""  #: what tells it from its likes: its profile, its version
    endpoint: str = ""  #: the model's page
    values: Mapping[str, str] = field(default_factory=dict)  #: what that page's address takes
    accounts: tuple[OfferedAccount, ...] = ()  #: the accounts that were asked about, those where it can do something first
