"""What the pages of an activation know of their partner; the page's own, found by its blueprint."""

from __future__ import annotations

from dataclasses import dataclass

from core.activation.printed import PrintedMandate
from core.hooks.declared import MandateWords
from core.hooks.declared import Partner

MANAGE = "partners.manage"


@dataclass(frozen=True, slots=True)
class Partnership:
    """A plugin's name, its partner, the form that its mandate is printed on."""

    name: str
    partner: Partner
    form: PrintedMandate
    #: Whether the cabinet has something to set.
    has_settings: bool

    @property
    def label(self) -> str:
        """The partner's name."""
        return self.partner.label

    @property
    def words(self) -> MandateWords:
        """What things are called at this partner."""
        return self.partner.words

    def endpoint(self, page: str) -> str:
        """A page of its activation, for `url_for`."""
        return f"p_{self.name}.{page}"
