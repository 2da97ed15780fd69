"""How a statement is called: its title, its period, its file's name."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from flask_babel import gettext as _

from core.api.formats import day
from core.api.formats import number
from plugins.portefeuille.statements.figures import Statement


def title(found: Statement) -> str:
    """«Relevé de situation, Durand Jeanne»."""
    return str(_("Relevé de situation, %(name)s", name=found.contact.name))


def period_said(found: Statement) -> str:
    """«du 01/01/2026 au 26/11/2026»: the days whose movements count."""
    until, first = day(found.wanted.on), found.wanted.first
    if first is None:
        return str(_("depuis l'origine, jusqu'au %(until)s", until=until))
    return str(_("du %(since)s au %(until)s", since=day(first), until=until))


def part_said(part: Decimal) -> str:
    """What counts of an account: «en entier», or «60 %»."""
    if part == 1:
        return str(_("en entier"))
    text = number(part * 100).rstrip("0").rstrip(",")
    return f"{text}\u00a0%"


def stem(found: Statement) -> str:
    """The file's name without its ending: «releve-durand-jeanne-2026-11-26»."""
    plain = unicodedata.normalize("NFKD", found.contact.name).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "contact"
    return f"releve-{name}-{found.wanted.on:%Y-%m-%d}"
