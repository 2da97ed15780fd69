"""How figures, dates and numbers are written in French, for what plugins say outside of templates. Since 1.0."""

from __future__ import annotations

from core.web.formats import day
from core.web.formats import grouped
from core.web.formats import money
from core.web.formats import number
from core.web.formats import percent
from core.web.formats import phone
from core.web.formats import sign
from core.web.formats import signed_money
from core.web.formats import siren

__all__ = ["day", "grouped", "money", "number", "percent", "phone", "sign", "signed_money", "siren"]
